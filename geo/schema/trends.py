"""The contracts of series, breaks, comparison areas and surges."""

from __future__ import annotations

from geo.schema.table import Column, Table

SERIES = Table(
    "series",
    "the panel of some areas in the order of time, cut where its rate changes",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("events", "integer", "number of events"),
        Column("exposure", "number", "person-years", nullable=True),
        Column("crude_rate", "number", "events per 100,000 person-years", nullable=True),
        Column("rate_low", "number", "lower limit of its interval", nullable=True),
        Column("rate_high", "number", "upper limit of its interval", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
        Column("segment", "level", "1 up to the first break; empty: not searched", nullable=True),
        Column("segment_rate", "number", "rate of the whole segment", nullable=True),
    ),
)

BREAKS = Table(
    "breaks",
    "one row a change of an area's rate, found without being told when",
    ("cvegeo", "number"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("number", "integer", "1 for the first"),
        Column("period", "text", "first period of the new rate"),
        Column("period_low", "text", "first period of the interval of that date"),
        Column("period_high", "text", "last period of it"),
        Column("share_at_break", "number", "share of the draws that find this very period"),
        Column("periods_before", "integer", "length of the segment before"),
        Column("periods_after", "integer", "length of the segment after"),
        Column("events_before", "integer", "events of the segment before"),
        Column("events_after", "integer", "events of the segment after"),
        Column("rate_before", "number", "per 100,000 person-years; a year without population"),
        Column("rate_after", "number", "the same after"),
        Column("rate_ratio", "number", "after / before; of a date chosen for it", nullable=True),
        Column("dispersion", "number", "variation between periods; 1 is chance"),
    ),
)

TREND = Table(
    "trend",
    "one row an area: whether its rate goes one way",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("first", "text", "first complete period"),
        Column("last", "text", "last complete period"),
        Column("periods", "integer", "number of complete periods"),
        Column("events", "integer", "events in them"),
        Column("score", "number", "Mann-Kendall S", nullable=True),
        Column("tau_b", "number", "Kendall's tau-b", nullable=True),
        Column("p_value", "number", "two-sided, normal tail, ties corrected", nullable=True),
        Column("p_exact", "number", "from all orders; few periods without ties", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over the areas", nullable=True),
        Column("slope", "number", "Sen's slope of the rate, per year", nullable=True),
        Column("slope_low", "number", "lower limit of it", nullable=True),
        Column("slope_high", "number", "upper limit of it", nullable=True),
    ),
)

TERMS = ("rate", "trend", "transition", "level", "slope", "pre-trend")

INTERRUPTED = Table(
    "interrupted",
    "one row a term of an interrupted series",
    ("cvegeo", "term"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("term", "text", "what is estimated", words=TERMS),
        Column("ratio", "number", "exp(coefficient); the term 'rate' is no ratio", nullable=True),
        Column("ratio_low", "number", "lower limit, quasi-Poisson", nullable=True),
        Column("ratio_high", "number", "upper limit, quasi-Poisson", nullable=True),
        Column("p_value", "number", "two-sided, that the ratio is 1", nullable=True),
        Column("newey_west_log_se", "number", "error with correlated months", nullable=True),
        Column("dispersion", "number", "Pearson's, 1 is chance", nullable=True),
        Column("periods_before", "integer", "complete periods before"),
        Column("periods_between", "integer", "periods of the transition"),
        Column("periods_after", "integer", "complete periods after"),
    ),
)

ELSEWHERE = Table(
    "elsewhere",
    "one row a set of donors: how an area changed compared with them",
    ("cvegeo", "donors"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas it is compared with"),
        Column("donor_areas", "integer", "how many these are"),
        Column("months_base", "integer", "months of the base window that count"),
        Column("months_comparison", "integer", "months of the comparison window"),
        Column("base_events", "integer", "events in focus in the base window"),
        Column("comparison_events", "integer", "events in focus in the comparison window"),
        Column("donor_base_events", "integer", "events of the donors in the base window"),
        Column("donor_comparison_events", "integer", "of the donors in the comparison window"),
        Column("focus_ratio", "number", "rate after / before in focus", nullable=True),
        Column("donor_ratio", "number", "rate after / before of the donors", nullable=True),
        Column("expected", "number", "events in focus had it changed as the donors", nullable=True),
        Column("ratio", "number", "focus_ratio / donor_ratio", nullable=True),
        Column("two_way_ratio", "number", "from area and month effects", nullable=True),
        Column("ratio_low", "number", "lower limit of it, quasi-Poisson", nullable=True),
        Column("ratio_high", "number", "upper limit of it", nullable=True),
        Column("p_value", "number", "of the same model, that it is 1", nullable=True),
        Column("dispersion", "number", "Pearson's, 1 is chance", nullable=True),
        Column("rank_in_space", "level", "1: no donor changed as much", nullable=True),
        Column("placebos_in_space", "integer", "donors with a ratio"),
        Column("p_in_space", "number", "rank / (placebos + 1)", nullable=True),
        Column("rank_in_time", "level", "1: no earlier date changed as much", nullable=True),
        Column("placebos_in_time", "integer", "earlier dates with a ratio"),
        Column("p_in_time", "number", "rank / (placebos + 1)", nullable=True),
    ),
)

PLACEBOS = Table(
    "placebos",
    "one row an area or an earlier date at which nothing is looked for",
    ("donors", "kind", "placebo"),
    (
        Column("donors", "text", "set of donors"),
        Column("kind", "text", "an area or a date", words=("space", "time")),
        Column("placebo", "text", "code of the area, or first month after the date"),
        Column("ratio", "number", "as in the table elsewhere", nullable=True),
    ),
)

SURGE_RULES = ("week against month", "week against year", "month against year")
CHANGE_LEVELS = ("large increase", "moderate increase", "limited change", "large decrease")

SURGES = Table(
    "surges",
    "one row an area and a rule: the latest weeks against those before",
    ("cvegeo", "rule"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("rule", "text", "what is compared with what", words=SURGE_RULES),
        Column("period", "text", "latest complete week"),
        Column("events", "integer", "events of the latest weeks"),
        Column("weeks", "integer", "how many these are"),
        Column("base_events", "integer", "events of the weeks before"),
        Column("base_weeks", "integer", "how many these are"),
        Column("ratio", "number", "weekly mean / weekly mean before", nullable=True),
        Column("ratio_low", "number", "lower limit, exact", nullable=True),
        Column("ratio_high", "number", "upper limit, exact", nullable=True),
        Column("p_value", "number", "two-sided, exact, that the ratio is 1", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over the areas", nullable=True),
        Column("level", "text", "level of change (week)", nullable=True, words=CHANGE_LEVELS),
        Column("flag", "claim", "at least twice as many, and enough events to say so"),
        Column("guarded", "claim", "too few events for a level or a flag"),
    ),
)
