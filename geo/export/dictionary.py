"""What the columns of a table hold: kind, unit and meaning, from its contract."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo import schema
from geo.schema import Column, Kind, Table

_BY_NAME: dict[str, Table] = {table.name: table for table in schema.TABLES}
_BEGINNINGS: tuple[tuple[str, Table], ...] = (
    ("hotspots_nearest", schema.CHANGED_VERDICTS),
    ("hotspots_", schema.HOTSPOTS),
    ("measures_", schema.MEASURES),
    ("outliers_", schema.OUTLIERS),
    ("change_", schema.CHANGE),
    ("explained_", schema.EXPLAINED),
    ("fatalities_", schema.FATALITY_RATES),
    ("trends", schema.TREND),
)
"""Whose contract a table of a study has that does not bear the contract's name."""

_EVENTS = "events"
_DEATHS = "deaths"
_RATE = "events per 100,000 person-years"
_UNITS: dict[str, str] = {
    "population": "people",
    "years": "years",
    "area_km2": "km2",
    "distance_km": "km",
    "areas_with_events": "areas",
    "share_of_events": "",
    "longitude": "degrees",
    "latitude": "degrees",
    **dict.fromkeys(("exposure", "base_exposure", "comparison_exposure"), "person-years"),
    **dict.fromkeys(("distance_m", "radius_m", "up_to_m", "above_m"), "m"),
    **dict.fromkeys(("days", "up_to_days", "after_days"), "days"),
    **dict.fromkeys(("weeks", "base_weeks"), "weeks"),
    **dict.fromkeys(("fatalities", "fatalities_low", "fatalities_high"), _DEATHS),
    **dict.fromkeys(("limit_low", "limit_high"), _DEATHS),
    **dict.fromkeys(("hits", "observed", "expected", "fatalities_unknown"), _EVENTS),
    **dict.fromkeys(("targeted", "not_targeted", "not_stated"), _EVENTS),
    **dict.fromkeys(("more", "more_low", "more_high", "imprecise"), _EVENTS),
    **dict.fromkeys(
        (
            "crude_rate", "rate_low", "rate_high", "eb_rate", "base_rate", "comparison_rate",
            "rate_before", "rate_after", "segment_rate", "rate", "synthetic_rate", "gap",
            "synthetic_base_rate", "synthetic_comparison_rate", "pre_error", "post_error",
            "rate_difference", "rate_effect", "rate_effect_low", "rate_effect_high",
            "composition_effect", "composition_effect_low", "composition_effect_high", "effect",
        ),
        _RATE,
    ),
}  # fmt: skip
_UNITS_OF_TABLE: dict[tuple[str, str], str] = {
    **{("change", f"difference{end}"): _RATE for end in ("_low", "_high")},
    **{("change", f"difference_quasi{end}"): _RATE for end in ("_low", "_high")},
    **{
        ("fatality_rates", name): "deaths per 100,000 person-years"
        for name in ("fatality_rate", "rate_low", "rate_high", "wide_low", "wide_high")
    },
    **{("near_repeats", name): "pairs of events" for name in ("observed", "expected")},
    **{("trend", f"slope{end}"): f"{_RATE}, per year" for end in ("", "_low", "_high")},
}
_COUNTED = re.compile(r"(?:.+_)?events(?:_before|_after)?\Z|.+_(?:not_)?(?:targeted|stated)\Z")
_NUMBERS = frozenset({"integer", "number", "level"})


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table that is written.

    Attributes
    ----------
    name
        Name of the column.
    kind
        As in a contract (:class:`geo.schema.Column`).
    meaning
        What it holds; empty for a column that is no contract's.
    unit
        Unit of a number; empty where it has none.
    words
        The only words it may hold; empty where it may hold any.
    nullable
        It may be empty.
    """

    name: str
    kind: Kind
    meaning: str = ""
    unit: str = ""
    words: tuple[str, ...] = ()
    nullable: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A table that is written, with what its columns hold.

    Attributes
    ----------
    name
        Name of the table.
    meaning
        What a row is; empty for a table that keeps no contract.
    key
        The columns that identify a row.
    fields
        One for each column of the table, in its order.
    frame
        The table.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    frame: pd.DataFrame


def contract_of(name: str) -> Table | None:
    """Return the contract that a table of a study keeps, from the table's name.

    Examples
    --------
    >>> contract_of("measures_state").name, contract_of("hotspots_nearest").name
    ('measures', 'changed_verdicts')
    >>> contract_of("my own") is None
    True
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((table for start, table in _BEGINNINGS if name.startswith(start)), None)


def describe(name: str, frame: pd.DataFrame) -> Described:
    """Return a table with the meaning of its columns.

    Examples
    --------
    >>> areas = pd.DataFrame({"cvegeo": ["25"], "area_km2": [57370.0], "mine": [1]})
    >>> for field in describe("areas", areas).fields:
    ...     print(field.name, field.kind, field.unit, field.meaning)
    cvegeo text  INEGI's code: 2 digits a state, 5 a municipality
    area_km2 number km2 area on the ellipsoid
    mine level
    """
    table = contract_of(name)
    known = _known(table)
    fields = tuple(_field(table, known.get(column), column, frame) for column in frame.columns)
    key = () if table is None else tuple(table.key_of(frame))
    return Described(
        name=name,
        meaning="" if table is None else table.meaning,
        key=key if set(key) <= set(frame.columns) else (),
        fields=fields,
        frame=frame,
    )


def _known(table: Table | None) -> dict[str, Column]:
    columns: Iterable[Column] = () if table is None else table.columns
    return {column.name: column for column in (*schema.BESIDE, *columns)}


def _field(table: Table | None, column: Column | None, name: str, frame: pd.DataFrame) -> Field:
    if column is None:
        return Field(name=str(name), kind=_kind_of(frame[name]))
    return Field(
        name=column.name,
        kind=column.kind,
        meaning=column.meaning,
        unit=_unit_of(table, column),
        words=column.words,
        # To a file an empty text is a missing one.
        nullable=column.nullable or (column.kind == "text" and bool((frame[name] == "").any())),
    )


def _unit_of(table: Table | None, column: Column) -> str:
    if column.kind not in _NUMBERS:
        return ""
    own = _UNITS_OF_TABLE.get(("" if table is None else table.name, column.name))
    if own is not None:
        return own
    return _UNITS.get(column.name, _EVENTS if _COUNTED.match(column.name) else "")


def _kind_of(values: pd.Series) -> Kind:
    dtype = values.dtype
    if isinstance(dtype, gpd.array.GeometryDtype):
        return "geometry"
    if pd.api.types.is_bool_dtype(dtype):
        return "claim"
    if pd.api.types.is_integer_dtype(dtype):
        return "level"
    if pd.api.types.is_float_dtype(dtype):
        return "number"
    return "date" if pd.api.types.is_datetime64_dtype(dtype) else "text"
