"""The contracts of events as points, and of how few areas hold how many of them."""

from __future__ import annotations

from geo.schema.table import Column, Table

CLUSTERED = Table(
    "clustered",
    "one row an event: the cluster it belongs to; a description, not a test",
    ("event_id",),
    (
        Column("event_id", "text", "identifier given by the source"),
        Column("cluster", "level", "number of its cluster; 0: in none", nullable=True),
        Column("is_core", "claim", "enough events are near it", nullable=True),
        Column("left_out", "text", "why it was not looked at", nullable=True),
    ),
)

CLUSTERS = Table(
    "clusters",
    "one row a cluster of events close in space and in time; a description, not a test",
    ("cluster",),
    (
        Column("cluster", "integer", "number, in order of the first day"),
        Column("events", "integer", "number of events"),
        Column("core_events", "integer", "of these, with enough events near"),
        Column("places", "integer", "different coordinates; 1: all in one named place"),
        Column("first_day", "date", "day of the first event"),
        Column("last_day", "date", "day of the last event"),
        Column("days", "integer", "from the first to the last, both included"),
        Column("longitude", "number", "of the mean of the events, in degrees"),
        Column("latitude", "number", "of the mean of the events, in degrees"),
        Column("radius_m", "number", "from the mean to the farthest event"),
        Column("cvegeo", "text", "municipality with most of the events", nullable=True),
        Column("cvegeo_share", "number", "share of the events in it", nullable=True),
        Column("fatalities", "integer", "deaths, where the source states a number"),
        Column("fatalities_unknown", "integer", "events whose number of deaths is not stated"),
    ),
)

NEAR_REPEATS = Table(
    "near_repeats",
    "one row a band of distance and of time: pairs of events in it, and by chance",
    ("up_to_m", "up_to_days"),
    (
        Column("above_m", "number", "farther apart than this; empty: from 0 on", nullable=True),
        Column("up_to_m", "number", "at most so far apart; 0: the same coordinates"),
        Column("after_days", "level", "more days apart; empty: from 0 on", nullable=True),
        Column("up_to_days", "integer", "at most so many days apart"),
        Column("events", "integer", "events that were looked at"),
        Column("observed", "integer", "pairs of events in both bands"),
        Column("expected", "number", "their mean if days had nothing to do with places"),
        Column("ratio", "number", "observed / expected", nullable=True),
        Column("p_value", "number", "one-sided: more than by chance", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over all bands", nullable=True),
        Column("permutations", "integer", "shuffles of the days"),
    ),
)

CONCENTRATION = Table(
    "concentration",
    "one row a period: how few areas hold how many of its events",
    ("period",),
    (
        Column("period", "text", "label of the period"),
        Column("areas", "integer", "areas, those without an event included"),
        Column("areas_with_events", "integer", "areas with an event"),
        Column("events", "integer", "number of events"),
        Column("fewest_areas", "integer", "fewest areas that hold the share asked for"),
        Column("share_of_areas", "number", "of all areas, so many", nullable=True),
        Column("share_held", "number", "of the events, in these areas", nullable=True),
        Column("in_top_20", "number", "share of events in the busiest 20 %", nullable=True),
        Column("in_top_5", "number", "share of events in the busiest 5 %", nullable=True),
        Column("gini", "number", "0: all areas alike, near 1: one has all", nullable=True),
        Column("gini_few", "number", "0 where no area has two events", nullable=True),
        Column("gini_people", "number", "0: events as people", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

LORENZ_BY = ("areas", "people")

LORENZ = Table(
    "lorenz",
    "the Lorenz curves of a period: the share of events in the quietest share of areas or people",
    ("period", "by", "step"),
    (
        Column("period", "text", "label of the period"),
        Column("by", "text", "what lies along the curve", words=LORENZ_BY),
        Column("step", "integer", "0, then one an area, the quietest first"),
        Column("share_of_base", "number", "of the areas, or of the people, up to here"),
        Column("share_of_events", "number", "in these", nullable=True),
    ),
)

PREDICTION_RULES = ("hotspots", "highest value", "most events")

PREDICTION = Table(
    "prediction",
    "one row a pair of successive periods and a rule: did its areas hold the next events",
    ("period", "rule"),
    (
        Column("period", "text", "period in which the areas were chosen"),
        Column("next_period", "text", "period whose events are looked for"),
        Column("rule", "text", "how they were chosen", words=PREDICTION_RULES),
        Column("areas", "integer", "areas to choose from"),
        Column("chosen", "integer", "areas that were chosen, the same number by each rule"),
        Column("events", "integer", "events of the next period"),
        Column("hits", "integer", "of these, in the areas chosen"),
        Column("hit_rate", "number", "hits / events", nullable=True),
        Column("share_of_area", "number", "of the km² of all areas, chosen"),
        Column("pai", "number", "hit rate / share of area; 1: as by chance", nullable=True),
        Column("share_of_people", "number", "of all people, in those chosen", nullable=True),
    ),
)
