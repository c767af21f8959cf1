"""The contracts of events: as read, as assigned, and the ledger of records."""

from __future__ import annotations

from geo.schema.table import Column, Table

TIME_PRECISION = ("day", "week", "month", "year", "unknown")
"""How well a date is known, from best to worst."""

GEO_PRECISION = (
    "exact",
    "near",
    "municipality",
    "state",
    "fuzzy",
    "country",
    "water",
    "unknown",
)
"""How well a place is known: the named place, near it, only its municipality, only its state, a
line or a loose region, only the country, international water or air, not stated."""

ASSIGNED_BY = ("inside", "border", "nearest", "admin1", "none")

UNASSIGNED = (
    "state_only",
    "fuzzy_place",
    "country_only",
    "unknown_precision",
    "offshore",
    "other_country",
    "no_coordinates",
    "conflict",
)
"""Why an event counts for no municipality (and, where `cve_ent` is empty too, for no state)."""

_EVENT_COLUMNS = (
    Column("event_id", "text", "identifier given by the source"),
    Column("event_date", "date", "day of the event as the source has it, without time zone"),
    Column("event_type", "text", "kind of event", nullable=True),
    Column("sub_event_type", "text", "finer kind of event", nullable=True),
    Column("disorder_type", "text", "ACLED's disorder type", nullable=True),
    Column("actor1", "text", "one party", nullable=True),
    Column("actor2", "text", "the other party", nullable=True),
    Column("civilian_targeting", "claim", "civilians were the target", nullable=True),
    Column("fatalities", "number", "deaths reported, best estimate", nullable=True),
    Column("fatalities_low", "number", "deaths, low estimate", nullable=True),
    Column("fatalities_high", "number", "deaths, high estimate", nullable=True),
    Column("time_precision", "text", "how well the date is known", words=TIME_PRECISION),
    Column("geo_precision", "text", "how well the place is known", words=GEO_PRECISION),
    Column("admin1", "text", "state as the source names it", nullable=True),
    Column("admin2", "text", "municipality as the source names it", nullable=True),
    Column("source", "text", "whose data these are"),
    Column("geometry", "geometry", "point, EPSG:4326; may be missing", nullable=True),
)

EVENTS = Table(
    "events",
    "one row an event",
    ("event_id",),
    _EVENT_COLUMNS,
    made_by="geo.read_events makes one of a file, and of a table of yours with "
    "columns={'event_date': ..., 'longitude': ..., 'latitude': ...}",
)

ASSIGNED = Table(
    "assigned",
    "one row an event, with the area it counts for",
    ("event_id",),
    (
        *_EVENT_COLUMNS,
        Column("cve_ent", "text", "state the event counts for", nullable=True),
        Column("cvegeo", "text", "municipality the event counts for", nullable=True),
        Column("assigned_by", "text", "how it got its area", words=ASSIGNED_BY),
        Column("distance_m", "number", "meters to the area it was moved to", nullable=True),
        Column("reason", "text", "why it has no area", nullable=True, words=UNASSIGNED),
        Column("point_cvegeo", "text", "municipality its point falls in", nullable=True),
        Column("conflict", "claim", "the source names another state than the point's"),
    ),
    made_by="geo.assign_areas makes one of a table of events (geo.read_events)",
)

FATES = ("used", "filtered", "quarantined")

LEDGER = Table(
    "ledger",
    "one row a physical record of the input",
    ("record",),
    (
        Column("record", "integer", "number of the record, counted through all files"),
        Column("file", "text", "file the record is in"),
        Column("line", "integer", "its first line (row, in a workbook)"),
        Column("fate", "text", "where it ended", words=FATES),
        Column("reason", "text", "why, where it is not used", nullable=True),
        Column("column", "text", "column that decided", nullable=True),
        Column("value", "text", "value that decided", nullable=True),
    ),
)
