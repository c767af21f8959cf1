"""The contracts of synthetic areas, rings, event studies, seasons and compositions."""

from __future__ import annotations

from geo.schema.table import Column, Table

SYNTHETIC = Table(
    "synthetic",
    "one row a set of donors: an area against a mixture of them that resembled it before",
    ("cvegeo", "donors"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas are mixed"),
        Column("donor_areas", "integer", "how many these are"),
        Column("mixed_areas", "integer", "how many of them have a weight of at least 0.001"),
        Column("months_base", "integer", "months that the mixture is fitted to"),
        Column("months_comparison", "integer", "months after"),
        Column("base_events", "integer", "events in focus in the base window"),
        Column("comparison_events", "integer", "events in focus in the comparison window"),
        Column("base_rate", "number", "mean rate in focus before, per 100,000 person-years"),
        Column("synthetic_base_rate", "number", "the same of the mixture"),
        Column("comparison_rate", "number", "mean rate in focus after"),
        Column("synthetic_comparison_rate", "number", "the same of the mixture"),
        Column("pre_error", "number", "RMSPE before: how far the mixture lies from the area"),
        Column("pre_error_share", "number", "pre_error / base_rate", nullable=True),
        Column("pre_ratio", "number", "base_rate / synthetic_base_rate; 1 fits", nullable=True),
        Column("fits", "claim", "the mixture resembles the area before"),
        Column("post_error", "number", "RMSPE after"),
        Column("error_ratio", "number", "post_error / pre_error", nullable=True),
        Column("ratio", "number", "mean rate after / that of the mixture", nullable=True),
        Column("rank", "level", "1: no donor has such an error ratio", nullable=True),
        Column("placebos", "integer", "donors that have an error ratio"),
        Column("p_value", "number", "rank / (placebos + 1)", nullable=True),
    ),
)

SYNTHETIC_WEIGHTS = Table(
    "synthetic_weights",
    "one row a donor of a mixture: its weight, and what it would show itself",
    ("cvegeo", "donors", "donor"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas are mixed"),
        Column("donor", "text", "code of the donor"),
        Column("weight", "number", "share of the mixture; all together are 1"),
        Column("error_ratio", "number", "as if it were in focus (placebo)", nullable=True),
    ),
)

MONTH_PHASES = ("before", "after", "neither")

SYNTHETIC_SERIES = Table(
    "synthetic_series",
    "one row a month: the rate of an area and of the mixture",
    ("cvegeo", "donors", "period"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas are mixed"),
        Column("period", "text", "label of the month"),
        Column("phase", "text", "which window it lies in", words=MONTH_PHASES),
        Column("rate", "number", "of the area, per 100,000 person-years", nullable=True),
        Column("synthetic_rate", "number", "of the mixture", nullable=True),
        Column("gap", "number", "rate - synthetic_rate", nullable=True),
    ),
)

ZONES = ("focus", "ring 1", "ring 2", "beyond")

RING = Table(
    "ring",
    "one row a zone around an area: how it changed, and against the areas beyond",
    ("cvegeo", "zone"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("zone", "text", "the area, its neighbors, theirs, and the rest", words=ZONES),
        Column("areas", "integer", "how many areas it has"),
        Column("months_base", "integer", "months of the base window that count"),
        Column("months_comparison", "integer", "months of the comparison window"),
        Column("base_events", "integer", "events in the base window"),
        Column("comparison_events", "integer", "events in the comparison window"),
        Column("base_rate", "number", "per 100,000 person-years", nullable=True),
        Column("comparison_rate", "number", "the same in the comparison window", nullable=True),
        Column("ratio", "number", "comparison_rate / base_rate", nullable=True),
        Column("ratio_low", "number", "lower limit, exact", nullable=True),
        Column("ratio_high", "number", "upper limit, exact", nullable=True),
        Column("quasi_low", "number", "lower limit, quasi-Poisson", nullable=True),
        Column("quasi_high", "number", "upper limit, quasi-Poisson", nullable=True),
        Column("dispersion", "number", "Pearson's, of months; 1 is chance", nullable=True),
        Column("relative_ratio", "number", "ratio / ratio of the areas beyond", nullable=True),
        Column("relative_low", "number", "lower limit, with month effects", nullable=True),
        Column("relative_high", "number", "upper limit, with month effects", nullable=True),
        Column("relative_p", "number", "two-sided, that it is 1", nullable=True),
        Column("expected", "number", "events had it changed as those beyond", nullable=True),
        Column("more", "number", "comparison_events - expected", nullable=True),
        Column("more_low", "number", "lower limit of it", nullable=True),
        Column("more_high", "number", "upper limit of it", nullable=True),
    ),
)

PHASES = ("before", "reference", "transition", "after")

EVENT_STUDY = Table(
    "event_study",
    "one row a month: how an area stands to others, against the last month before a date",
    ("cvegeo", "donors", "period"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas it is compared with"),
        Column("period", "text", "the month, or the first of several"),
        Column("months", "integer", "months taken together"),
        Column("months_from_event", "integer", "0: the month of the event; of several, the first"),
        Column("phase", "text", "before or after the date", words=PHASES),
        Column("events", "integer", "events in focus"),
        Column("donor_events", "integer", "events of the donors"),
        Column("ratio", "number", "(focus / donors) / that of the reference", nullable=True),
        Column("ratio_low", "number", "lower limit of it", nullable=True),
        Column("ratio_high", "number", "upper limit of it", nullable=True),
    ),
)

PRE_TRENDS = Table(
    "pre_trends",
    "one row a set of donors: whether an area and others went alike before a date",
    ("cvegeo", "donors"),
    (
        Column("cvegeo", "text", "code of the area in focus"),
        Column("donors", "text", "which areas it is compared with"),
        Column("donor_areas", "integer", "how many these are"),
        Column("months", "integer", "months that a period has"),
        Column("periods_before", "integer", "periods before, the reference included"),
        Column("periods_after", "integer", "periods after"),
        Column("slope", "number", "growth of focus / donors a period, before", nullable=True),
        Column("slope_low", "number", "lower limit, quasi-Poisson", nullable=True),
        Column("slope_high", "number", "upper limit, quasi-Poisson", nullable=True),
        Column("slope_p", "number", "two-sided, that it is 1", nullable=True),
        Column("joint_f", "number", "F that all ratios before are alike", nullable=True),
        Column("joint_p", "number", "its p", nullable=True),
        Column("dispersion", "number", "of the donors, 1 is chance", nullable=True),
    ),
)

SEASON = Table(
    "season",
    "one row an area and month of the year: how high it is in a typical year",
    ("cvegeo", "month"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("month", "integer", "1 January to 12 December"),
        Column("months", "integer", "how many such months there are"),
        Column("events", "integer", "events in them"),
        Column("ratio", "number", "to the (geometric) mean of the 12 months", nullable=True),
        Column("ratio_low", "number", "lower limit, quasi-Poisson", nullable=True),
        Column("ratio_high", "number", "upper limit, quasi-Poisson", nullable=True),
    ),
)

SEASONALITY = Table(
    "seasonality",
    "one row an area: whether it has a season at all, and how strong",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("first", "text", "first month"),
        Column("last", "text", "last month"),
        Column("months", "integer", "complete months"),
        Column("events", "integer", "events in them"),
        Column("f", "number", "F that the months are alike, beside years", nullable=True),
        Column("df", "integer", "its second degrees of freedom; the first are 11"),
        Column("p_years", "number", "its p", nullable=True),
        Column("p_linear", "number", "the same beside a steady growth", nullable=True),
        Column("p_ranks", "number", "that the order differs by year, Friedman", nullable=True),
        Column("p_value", "number", "the largest of the three", nullable=True),
        Column("dispersion", "number", "Pearson's, 1 is chance", nullable=True),
        Column("explained", "number", "share of the deviance that the season takes", nullable=True),
        Column("explained_by_chance", "number", "what 11 numbers take of noise", nullable=True),
        Column("high_month", "level", "month with the highest ratio", nullable=True),
        Column("low_month", "level", "month with the lowest ratio", nullable=True),
        Column("high_to_low", "number", "ratio of both; chosen, so too far from 1", nullable=True),
    ),
)

COMPOSITION = Table(
    "composition",
    "one row an area: what its rate, and its share of the people, add to a change of the whole",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("base_events", "integer", "events in the base window"),
        Column("comparison_events", "integer", "events in the comparison window"),
        Column("base_exposure", "number", "person-years in the base window"),
        Column("comparison_exposure", "number", "person-years in the comparison window"),
        Column("base_rate", "number", "per 100,000 person-years", nullable=True),
        Column("comparison_rate", "number", "the same in the comparison window", nullable=True),
        Column("base_share", "number", "share of all person-years before", nullable=True),
        Column("comparison_share", "number", "share of all person-years after", nullable=True),
        Column("rate_effect", "number", "added by its rate, per 100,000", nullable=True),
        Column("rate_effect_low", "number", "lower limit, block bootstrap", nullable=True),
        Column("rate_effect_high", "number", "upper limit", nullable=True),
        Column("composition_effect", "number", "added by its share of the people", nullable=True),
        Column("composition_effect_low", "number", "lower limit, block bootstrap", nullable=True),
        Column("composition_effect_high", "number", "upper limit", nullable=True),
        Column("effect", "number", "both; all areas add up to the change", nullable=True),
    ),
)
