"""The contracts of counts, rates and the change between two windows."""

from __future__ import annotations

from geo.schema.areas import ORIGINS
from geo.schema.table import Column, Table

_PANEL_COLUMNS = (
    Column("cvegeo", "text", "code of the area"),
    Column("period", "text", "label of the period"),
    Column("events", "integer", "number of events"),
    Column("fatalities", "integer", "deaths, where the source states a number"),
    Column("fatalities_unknown", "integer", "events whose number of deaths is not stated"),
    Column("complete", "claim", "the data cover the whole period"),
    Column("years", "number", "length of the period in years, as covered"),
)

PANEL = Table(
    "panel",
    "every area in every period",
    ("cvegeo", "period"),
    _PANEL_COLUMNS,
    made_by="geo.count_events makes one of assigned events (geo.assign_areas)",
)

MEASURES = Table(
    "measures",
    "the panel with its rates",
    ("cvegeo", "period"),
    (
        *_PANEL_COLUMNS,
        Column("population", "number", "people, mean over the period", nullable=True),
        Column("exposure", "number", "person-years", nullable=True),
        Column("origin", "text", "where the population comes from", nullable=True, words=ORIGINS),
        Column("crude_rate", "number", "events per 100,000 person-years", nullable=True),
        Column("rate_low", "number", "lower limit of its interval", nullable=True),
        Column("rate_high", "number", "upper limit of its interval", nullable=True),
        Column("expected", "number", "events at the overall rate", nullable=True),
        Column("ratio", "number", "events / expected", nullable=True),
        Column("eb_rate", "number", "empirical Bayes rate (Marshall)", nullable=True),
        Column("reliable", "claim", "at least 20 events and 10,000 people"),
    ),
    made_by="geo.add_rates makes one of a panel (geo.count_events) and of the people "
    "(geo.load_exposure)",
)

ESTIMATES = ("low", "best", "high")

FATALITY_RATES = Table(
    "fatality_rates",
    "deaths of every area in every period, by each estimate, from events drawn anew",
    ("cvegeo", "period", "estimate"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("estimate", "text", "which number of the source", words=ESTIMATES),
        Column("events", "integer", "number of events"),
        Column("deadly_events", "integer", "events with at least one death"),
        Column("fatalities_unknown", "integer", "events whose deaths are not stated"),
        Column("fatalities", "number", "stated deaths; empty: none stated", nullable=True),
        Column("limit_low", "number", "lower limit of the deaths", nullable=True),
        Column("limit_high", "number", "upper limit; empty without a death", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
        Column("years", "number", "length of the period in years, as covered"),
        Column("population", "number", "people, mean over the period", nullable=True),
        Column("exposure", "number", "person-years", nullable=True),
        Column("fatality_rate", "number", "deaths per 100,000 person-years", nullable=True),
        Column("rate_low", "number", "lower limit of the rate", nullable=True),
        Column("rate_high", "number", "upper limit of the rate", nullable=True),
        Column("reliable", "claim", "at least 10 deadly events and 10,000 people"),
        Column("wide_low", "number", "lower limit of the low estimate", nullable=True),
        Column("wide_high", "number", "upper limit of the high estimate", nullable=True),
    ),
)

CHANGE = Table(
    "change",
    "one row an area: two windows compared",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("base_events", "integer", "events in the base window"),
        Column("comparison_events", "integer", "events in the comparison window"),
        Column("rate_ratio", "number", "comparison rate / base rate", nullable=True),
        Column("ratio_low", "number", "lower limit of its interval", nullable=True),
        Column("ratio_high", "number", "upper limit of its interval", nullable=True),
        Column("p_value", "number", "two-sided, exact conditional, doubled tail", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over the areas", nullable=True),
        Column("rate_difference", "number", "rates per 100,000 person-years", nullable=True),
        Column("difference_low", "number", "lower limit, independent events", nullable=True),
        Column("difference_high", "number", "its upper limit", nullable=True),
        Column("difference_quasi_low", "number", "lower limit, as dispersed", nullable=True),
        Column("difference_quasi_high", "number", "its upper limit", nullable=True),
        Column("quasi_low", "number", "lower limit, quasi-Poisson by month", nullable=True),
        Column("quasi_high", "number", "its upper limit", nullable=True),
        Column("quasi_p", "number", "two-sided, t distribution", nullable=True),
        Column("quasi_q", "number", "quasi_p adjusted over the areas", nullable=True),
        Column("dispersion", "number", "of monthly counts; 1 if independent", nullable=True),
        Column("residual_correlation", "number", "of months one apart", nullable=True),
        Column("correlated", "claim", "above 0.3: the quasi interval is narrow", nullable=True),
        Column("reliable", "claim", "20 events in the two together, 10,000 people"),
        Column("rank", "level", "by lower limit, among the reliable", nullable=True),
    ),
)

EXPLAINED = Table(
    "explained",
    "one row a category: what it adds to the change of an area; the parts add up",
    ("category",),
    (
        Column("category", "text", "exclusive category of events"),
        Column("base_events", "integer", "its events in the base window"),
        Column("comparison_events", "integer", "its events in the comparison window"),
        Column("base_rate", "number", "per 100,000 person-years of the area", nullable=True),
        Column("comparison_rate", "number", "per 100,000 person-years", nullable=True),
        Column("rate_ratio", "number", "of the category itself", nullable=True),
        Column("ratio_low", "number", "lower limit, exact", nullable=True),
        Column("ratio_high", "number", "upper limit, exact", nullable=True),
        Column("contribution", "number", "adds up to ratio of all - 1", nullable=True),
        Column("contribution_low", "number", "lower limit, weeks drawn anew", nullable=True),
        Column("contribution_high", "number", "upper limit", nullable=True),
        Column("fold_contribution", "number", "adds up to the ratio of all", nullable=True),
        Column("share_of_change", "number", "adds up to 1", nullable=True),
        Column("share_of_change_low", "number", "lower limit, weeks drawn anew", nullable=True),
        Column("share_of_change_high", "number", "upper limit", nullable=True),
        Column("base_share", "number", "of the events in the base", nullable=True),
        Column("comparison_share", "number", "of those in the comparison", nullable=True),
        Column("share_difference", "number", "second share - first", nullable=True),
        Column("share_difference_low", "number", "lower limit, weeks drawn anew", nullable=True),
        Column("share_difference_high", "number", "upper limit", nullable=True),
        Column("share_ratio", "number", "second share / first", nullable=True),
        Column("share_ratio_low", "number", "lower limit (Katz)", nullable=True),
        Column("share_ratio_high", "number", "upper limit", nullable=True),
        Column("ratio_of_ratios", "number", "its growth / that of the rest", nullable=True),
        Column("ror_low", "number", "lower limit, exact (Fisher)", nullable=True),
        Column("ror_high", "number", "upper limit", nullable=True),
        Column("fisher_p", "number", "Fisher's exact test, smaller tail doubled", nullable=True),
        Column("ror_quasi_low", "number", "lower limit, quasi-Poisson by month", nullable=True),
        Column("ror_quasi_high", "number", "upper limit", nullable=True),
        Column("ror_quasi_p", "number", "two-sided, t distribution", nullable=True),
        Column("ror_dispersion", "number", "of monthly shares; 1 if independent", nullable=True),
        Column("q_value", "number", "p adjusted over the categories", nullable=True),
        Column("joined", "integer", "how many categories the row stands for"),
    ),
)

DISTANCE_BANDS = Table(
    "distance_bands",
    "one row a band of distance from a border, a coast, an area or a line",
    ("from_km", "to_km"),
    (
        Column("from_km", "number", "inner edge; only the first band holds its own"),
        Column("to_km", "number", "outer edge, held"),
        Column("events", "integer", "events with a place of their own"),
        Column("fatalities", "integer", "deaths, of the events that state a number"),
        Column("fatalities_unknown", "integer", "events that state no number of deaths"),
        Column("land_km2", "number", "land in the band"),
        Column("population", "number", "people, by the share of land of each municipality"),
        Column("population_low", "number", "people of municipalities wholly in the band"),
        Column("population_high", "number", "people of all municipalities that reach into it"),
        Column("exposure", "number", "person-years"),
        Column("crude_rate", "number", "per 100,000 person-years", nullable=True),
        Column("rate_low", "number", "lower limit, exact Poisson", nullable=True),
        Column("rate_high", "number", "upper limit", nullable=True),
    ),
)
