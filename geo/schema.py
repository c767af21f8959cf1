"""The contracts of the tables that go from step to step.

A table is an ordinary (Geo)DataFrame. Its contract names the columns that it must have, what
they hold and which of them identify a row; columns beyond the contract are allowed and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from geo.crs import STORED
from geo.errors import CRSError, SchemaError

Kind = Literal["text", "date", "integer", "number", "claim", "level", "geometry"]

_DTYPE: dict[str, str] = {
    "text": "str",
    "date": "datetime64[us]",
    "integer": "int64",
    "number": "float64",
    "claim": "boolean",
    "level": "Int64",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract.

    ``kind`` is one of ``text`` (``str``), ``date`` (``datetime64``, no time zone), ``integer``
    (never missing), ``number`` (``float64``, missing is NaN), ``claim`` (true, false or not
    stated), ``level`` (a whole number or missing) and ``geometry``.
    """

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The contract of one kind of table."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def dtypes(self) -> dict[str, str]:
        """Pandas dtype of each column but the geometry, for ``frame.astype``.

        Readers cast with it, so that even a table without rows has the right types.
        """
        return {c.name: _DTYPE[c.kind] for c in self.columns if c.kind != "geometry"}

    def empty(self) -> pd.DataFrame:
        """Return the table without rows, with the right types.

        Examples
        --------
        >>> PANEL.empty()["events"].dtype
        dtype('int64')
        """
        frame = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in self.dtypes.items()})
        if not any(c.kind == "geometry" for c in self.columns):
            return frame
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=STORED))

    def check(self, frame: pd.DataFrame) -> None:
        """Raise :exc:`~geo.errors.SchemaError` unless `frame` honors the contract.

        Every fault is reported at once, so that a bad table is mended in one go. A table by
        period, and ``change``, may carry a ``category``; it then is part of the key.

        Raises
        ------
        SchemaError
            A column is missing, of another kind or empty where it must not be, holds a word
            that is not in its list, or the key occurs twice.
        CRSError
            The geometry is not in longitude and latitude (:data:`geo.crs.STORED`).

        Examples
        --------
        >>> import pandas as pd
        >>> NEIGHBORS.check(pd.DataFrame({"focal": ["25001"], "neighbor": [25002]}))
        Traceback (most recent call last):
        ...
        geo.errors.SchemaError: Not a valid neighbors table:
        - 'neighbor' must hold text, not int64
        """
        if faults := list(self._faults(frame)):
            raise SchemaError(f"Not a valid {self.name} table:\n- " + "\n- ".join(faults))
        if any(c.kind == "geometry" for c in self.columns) and frame.crs != STORED:
            raise CRSError(
                f"The geometry of a {self.name} table must be in {STORED} (longitude, latitude), "
                f"not in {frame.crs}; call .to_crs({STORED!r}), or .set_crs(...) first if it has "
                "none"
            )

    def _faults(self, frame: pd.DataFrame) -> Iterator[str]:
        for column in self.columns:
            if column.name not in frame.columns:
                yield f"'{column.name}' is missing ({column.meaning})"
            elif fault := _kind_fault(column, frame[column.name]):
                yield fault
            else:
                yield from _content_faults(column, frame[column.name])
        key = self.key_of(frame)
        if key and set(key) <= set(frame.columns) and (n := int(frame.duplicated(key).sum())):
            yield f"{n} rows repeat the key {', '.join(key)}"

    def key_of(self, frame: pd.DataFrame) -> list[str]:
        """Return the columns that identify a row of `frame`."""
        by_category = "period" in self.key or self.name == "change"
        extra = ["category"] if by_category and "category" in frame.columns else []
        return [*self.key, *extra]


def _kind_fault(column: Column, values: pd.Series) -> str | None:
    dtype = values.dtype
    found = {
        "text": isinstance(dtype, pd.StringDtype),
        "date": pd.api.types.is_datetime64_dtype(dtype),
        "integer": pd.api.types.is_integer_dtype(dtype) and not values.hasnans,
        "number": pd.api.types.is_float_dtype(dtype),
        "claim": pd.api.types.is_bool_dtype(dtype),
        "level": pd.api.types.is_integer_dtype(dtype),
        "geometry": isinstance(dtype, gpd.array.GeometryDtype),
    }[column.kind]
    if isinstance(dtype, pd.CategoricalDtype):
        found = column.kind == "text" and isinstance(dtype.categories.dtype, pd.StringDtype)
    return None if found else f"'{column.name}' must hold {column.kind}, not {dtype}"


def _content_faults(column: Column, values: pd.Series) -> Iterator[str]:
    missing = int(values.isna().sum())
    if missing and not column.nullable:
        yield f"'{column.name}' is empty in {missing} of {len(values)} rows"
    if column.words:
        strange = sorted(set(values.dropna().unique()) - set(column.words))
        if strange:
            yield (
                f"'{column.name}' holds {', '.join(map(repr, strange[:5]))}; "
                f"it may hold {', '.join(column.words)}"
            )


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

EVENTS = Table("events", "one row an event", ("event_id",), _EVENT_COLUMNS)

AREAS = Table(
    "areas",
    "one row a state or a municipality",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "INEGI's code: 2 digits a state, 5 a municipality"),
        Column("name", "text", "official name"),
        Column("state_name", "text", "official name of the state"),
        Column("level", "text", "kind of area", words=("state", "municipality")),
        Column("area_km2", "number", "area on the ellipsoid"),
        Column("geometry", "geometry", "multipolygon, EPSG:4326"),
    ),
)

NEIGHBORS = Table(
    "neighbors",
    "one row an ordered pair of neighboring areas",
    ("focal", "neighbor"),
    (
        Column("focal", "text", "code of the area"),
        Column("neighbor", "text", "code of one of its neighbors"),
    ),
)

ORIGINS = ("census", "estimated", "projected", "apportioned", "given", "nearest year")

POPULATION = Table(
    "population",
    "one row an area and a calendar year",
    ("cvegeo", "year"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("year", "integer", "calendar year"),
        Column("population", "number", "people in the middle of the year"),
        Column("origin", "text", "where the figure comes from", words=ORIGINS),
    ),
)

EXPOSURE = Table(
    "exposure",
    "one row an area and a period",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("population", "number", "people, mean over the period", nullable=True),
        Column("exposure", "number", "person-years", nullable=True),
        Column("years", "number", "length of the period in years, as covered"),
        Column("origin", "text", "where the population comes from", nullable=True, words=ORIGINS),
    ),
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
)

_PANEL_COLUMNS = (
    Column("cvegeo", "text", "code of the area"),
    Column("period", "text", "label of the period"),
    Column("events", "integer", "number of events"),
    Column("fatalities", "integer", "deaths, where the source states a number"),
    Column("fatalities_unknown", "integer", "events whose number of deaths is not stated"),
    Column("complete", "claim", "the data cover the whole period"),
    Column("years", "number", "length of the period in years, as covered"),
)

PANEL = Table("panel", "every area in every period", ("cvegeo", "period"), _PANEL_COLUMNS)

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
        Column("quasi_low", "number", "lower limit, quasi-Poisson by month", nullable=True),
        Column("quasi_high", "number", "its upper limit", nullable=True),
        Column("quasi_p", "number", "two-sided, t distribution", nullable=True),
        Column("quasi_q", "number", "quasi_p adjusted over the areas", nullable=True),
        Column("dispersion", "number", "of monthly counts; 1 if independent", nullable=True),
        Column("reliable", "claim", "at least 20 events in both and 10,000 people"),
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

HOTSPOTS = Table(
    "hotspots",
    "one row an area and a period: its local statistic",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("value", "number", "what was tested", nullable=True),
        Column("gi_star", "number", "Gi* as a z-score", nullable=True),
        Column("p_analytic", "number", "two-sided, from the normal tail", nullable=True),
        Column("p_value", "number", "two-sided, by conditional permutations", nullable=True),
        Column("q_value", "number", "p_value adjusted over the map", nullable=True),
        Column("gi_bin", "level", "-3 to 3: cold or hot at 99, 95, 90 %", nullable=True),
    ),
)

QUADRANTS = ("HH", "LL", "HL", "LH")
"""Whether an area, and then its neighbors, lie above (H) or below (L) the mean of the map."""

OUTLIERS = Table(
    "outliers",
    "one row an area and a period: how unlike its neighbors it is",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("value", "number", "what was tested", nullable=True),
        Column("neighbor_mean", "number", "mean value of the neighbors", nullable=True),
        Column("local_moran", "number", "local Moran's I", nullable=True),
        Column("p_value", "number", "two-sided, by conditional permutations", nullable=True),
        Column("q_value", "number", "p_value adjusted over the map", nullable=True),
        Column("quadrant", "text", "area, neighbors: high, low", nullable=True, words=QUADRANTS),
        Column("is_outlier", "claim", "HL or LH, with a q up to 0.05", nullable=True),
    ),
)

CLUSTERING = Table(
    "clustering",
    "one row a map: whether neighbors have alike rates at all",
    ("period",),
    (
        Column("period", "text", "label of the period"),
        Column("areas", "integer", "areas with people"),
        Column("events", "integer", "their events"),
        Column("moran", "number", "Moran's I of EB-standardized rates", nullable=True),
        Column("p_greater", "number", "one-sided p of clustering", nullable=True),
        Column("p_value", "number", "two-sided p, by permutations", nullable=True),
        Column("permutations", "integer", "number of permutations"),
    ),
)

VERDICTS = ("hotspot", "coldspot", "neither", "not tested")

CHANGED_VERDICTS = Table(
    "changed_verdicts",
    "one row an area and a period that is called otherwise with other neighbors",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("verdict", "text", "with the neighbors of the study", words=VERDICTS),
        Column("nearest_verdict", "text", "with the nearest areas", words=VERDICTS),
        Column("q_value", "number", "with the neighbors of the study", nullable=True),
        Column("nearest_q_value", "number", "with the nearest areas", nullable=True),
    ),
)

EMERGING = Table(
    "emerging",
    "one row an area: how its hot and cold periods follow one another",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("pattern", "text", "one of 17 labels", nullable=True),
        Column("periods", "integer", "periods in which it was tested"),
        Column("hot_periods", "integer", "of these, hot"),
        Column("cold_periods", "integer", "of these, cold"),
        Column("last_gi_star", "number", "Gi* of the last period", nullable=True),
        Column("last_q_value", "number", "its q, over all areas and periods", nullable=True),
        Column("trend_z", "number", "Mann-Kendall z of Gi*", nullable=True),
        Column("trend_p", "number", "two-sided p of it", nullable=True),
    ),
)

ACTOR_NAMES = Table(
    "actor_names",
    "one row a name in the data, the group it means and what became of it",
    (),
    (
        Column("name", "text", "group that is meant"),
        Column("alias", "text", "how the data write it; empty: only a successor", nullable=True),
        Column("from", "date", "first day it is meant; empty: from the beginning", nullable=True),
        Column("to", "date", "last day it is meant; empty: to the end", nullable=True),
        Column("successor", "text", "group that it goes on as", nullable=True),
    ),
)

DYAD_STATUS = ("first period", "new", "continued", "ended")

DYADS = Table(
    "dyads",
    "who fights whom: one row a pair of parties in an area and a period",
    ("cvegeo", "period", "dyad"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("dyad", "text", "both parties, sorted"),
        Column("actor_a", "text", "one party"),
        Column("actor_b", "text", "the other party, or 'not stated'"),
        Column("kinds", "text", "kinds of both parties, sorted"),
        Column("events", "integer", "number of events; 0 where the pair has ended"),
        Column("fatalities", "integer", "deaths, where the source states a number"),
        Column("fatalities_unknown", "integer", "events whose number of deaths is not stated"),
        Column("status", "text", "against the period before", words=DYAD_STATUS),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

FRAGMENTATION = Table(
    "fragmentation",
    "over how many armed groups the events of an area and a period are spread",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("events", "integer", "number of events"),
        Column("group_events", "integer", "events with an armed group, known or not"),
        Column("appearances", "integer", "times an identified group takes part in an event"),
        Column("unidentified", "integer", "times an unidentified group takes part"),
        Column("unidentified_share", "number", "of all appearances of groups", nullable=True),
        Column("share_low", "number", "lower limit of that share", nullable=True),
        Column("share_high", "number", "upper limit of that share", nullable=True),
        Column("groups", "integer", "identified groups that take part"),
        Column("hhi", "number", "sum of squared shares of appearances", nullable=True),
        Column("hhi_unbiased", "number", "the same without its bias by n", nullable=True),
        Column("effective_number", "number", "1 / hhi", nullable=True),
        Column("effective_shannon", "number", "exp(entropy), small groups more", nullable=True),
        Column("rarefied_to", "level", "appearances that are drawn to compare", nullable=True),
        Column("groups_rarefied", "number", "groups expected among these", nullable=True),
        Column("hhi_rarefied", "number", "hhi expected among these", nullable=True),
        Column("dyads", "integer", "pairs of named parties with at least one armed group"),
        Column("new_dyads", "level", "pairs without an event the period before", nullable=True),
        Column("ended_dyads", "level", "pairs with events only the period before", nullable=True),
        Column("share_in_new", "number", "share of these events in new pairs", nullable=True),
        Column("share_replaced", "number", "new and ended among pairs of both", nullable=True),
        Column("share_moved", "number", "half the sum of differences of shares", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

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

TABLES = (
    EVENTS,
    AREAS,
    NEIGHBORS,
    POPULATION,
    EXPOSURE,
    ASSIGNED,
    PANEL,
    MEASURES,
    CHANGE,
    EXPLAINED,
    HOTSPOTS,
    OUTLIERS,
    CLUSTERING,
    CHANGED_VERDICTS,
    EMERGING,
    ACTOR_NAMES,
    DYADS,
    FRAGMENTATION,
    SERIES,
    BREAKS,
    TREND,
    INTERRUPTED,
    ELSEWHERE,
    PLACEBOS,
    SURGES,
    LEDGER,
)
"""Every contract, in the order the data flow."""
