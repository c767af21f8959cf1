"""The contracts of what a study adds: its account, doubtful places, and columns beside others."""

from __future__ import annotations

from geo.schema.table import Column, Table

ACCOUNT = Table(
    "account",
    "how many records and events each step kept, and why it left the others out",
    ("step", "outcome", "reason"),
    (
        Column("step", "text", "records, a level of areas, or the panel of one"),
        Column("outcome", "text", "what became of them"),
        Column("reason", "text", "why; empty where none is needed", nullable=True),
        Column("number", "integer", "how many"),
    ),
)

ASSIGNMENT = Table(
    "assignment",
    "how the events got their areas",
    ("level", "outcome", "reason"),
    (
        Column("level", "text", "level of the areas", words=("state", "municipality")),
        Column("outcome", "text", "by what it was decided, or that there is none"),
        Column("reason", "text", "why there is none; empty where there is one", nullable=True),
        Column("events", "integer", "number of events"),
    ),
)

PILEUPS = Table(
    "pileups",
    "coordinates that carry many events: they stand for the name of a place",
    ("longitude", "latitude"),
    (
        Column("longitude", "number", "in degrees"),
        Column("latitude", "number", "in degrees"),
        Column("events", "integer", "number of events there"),
        Column("share", "number", "of all events with coordinates"),
        Column("imprecise", "integer", "of these, known no better than to the municipality"),
    ),
)

CONFLICTS = Table(
    "conflicts",
    "events whose source names another state than the one their point lies in",
    ("event_id",),
    (
        Column("event_id", "text", "identifier given by the source"),
        Column("admin1", "text", "state as the source names it", nullable=True),
        Column("point_cvegeo", "text", "municipality the point lies in", nullable=True),
        Column("cve_ent", "text", "state it counts for", nullable=True),
        Column("cvegeo", "text", "municipality it counts for", nullable=True),
    ),
)

SENSITIVITY_AREAS = Table(
    "sensitivity_areas",
    "municipalities whose verdict is another where the question is asked otherwise",
    ("cvegeo", "variant"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("variant", "text", "how it was asked"),
        Column("verdict", "text", "verdict of the study"),
        Column("variant_verdict", "text", "verdict when asked so"),
    ),
)

LEFT_OUT = Table(
    "left_out",
    "one row a record that is filtered or quarantined",
    ("record",),
    (
        Column("record", "integer", "number of the record, counted through all files"),
        Column("file", "text", "name of the file"),
        Column("line", "integer", "its first line (row, in a workbook)"),
        Column("reason", "text", "why it is left out"),
        Column("column", "text", "column at fault", nullable=True),
        Column("value", "text", "value at fault", nullable=True),
    ),
)

BESIDE = (
    Column("name", "text", "official name of the area", nullable=True),
    Column("state_name", "text", "official name of its state", nullable=True),
    Column("iso_3166_2", "text", "ISO 3166-2 code of the state", nullable=True),
    Column("pcode", "text", "P-code of the area: MX and INEGI's code", nullable=True),
    Column("donor_name", "text", "official name of the donor", nullable=True),
    Column("source", "text", "whose data these are, and of which day"),
    Column("category", "text", "category of events", nullable=True),
    Column("record", "integer", "number of the record of the input"),
    Column("inter1", "text", "type of actor1, as the source has it", nullable=True),
    Column("inter2", "text", "type of actor2, as the source has it", nullable=True),
    Column("longitude", "number", "in degrees, EPSG:4326", nullable=True),
    Column("latitude", "number", "in degrees, EPSG:4326", nullable=True),
    Column("base_exposure", "number", "person-years in the base window", nullable=True),
    Column("comparison_exposure", "number", "person-years in the comparison", nullable=True),
    Column("base_rate", "number", "per 100,000 person-years", nullable=True),
    Column("comparison_rate", "number", "per 100,000 person-years", nullable=True),
    Column("claim", "number", "the ratio that was stated", nullable=True),
    Column("claim_inside", "claim", "the interval of the ratio holds it", nullable=True),
    Column("claim_p", "number", "two-sided p of it, exact", nullable=True),
    Column("claim_inside_quasi", "claim", "the quasi interval holds it", nullable=True),
    Column("claim_quasi_p", "number", "two-sided p of it, quasi-Poisson", nullable=True),
    Column("aligned_events", "integer", "events from the stated date on"),
    Column("aligned_ratio", "number", "their rate / rate of the base", nullable=True),
    Column("aligned_low", "number", "lower limit of it", nullable=True),
    Column("aligned_high", "number", "its upper limit", nullable=True),
    Column("same_days_events", "level", "events of the base on those days", nullable=True),
    Column("same_days_ratio", "number", "rate from that date / theirs", nullable=True),
    Column("same_days_low", "number", "lower limit of it", nullable=True),
    Column("same_days_high", "number", "its upper limit", nullable=True),
)
"""What stands beside the columns of a contract in the tables of a study."""
