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

        Every fault is reported at once, so that a bad table is mended in one go. The table
        ``panel`` may carry a ``category``; it then is part of the key.

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
        extra = ["category"] if "period" in self.key and "category" in frame.columns else []
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
        Column("q_value", "number", "Benjamini-Hochberg over the map", nullable=True),
        Column("gi_bin", "level", "-3 to 3: cold or hot at 99, 95, 90 %", nullable=True),
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
    HOTSPOTS,
    LEDGER,
)
"""Every contract, in the order the data flow."""
