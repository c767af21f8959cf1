"""What a contract is: columns, their kinds, and the check of a table against them."""

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
    """The contract of one kind of table; ``made_by`` says what makes one."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    made_by: str = ""

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
        >>> from geo.schema import PANEL
        >>> PANEL.empty()["events"].dtype
        dtype('int64')
        """
        frame = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in self.dtypes.items()})
        if not any(c.kind == "geometry" for c in self.columns):
            return frame
        return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([], crs=STORED))

    def check(self, frame: pd.DataFrame) -> None:
        """Raise :exc:`~geo.errors.SchemaError` unless `frame` honors the contract.

        Every fault is reported at once, so that a bad table is mended in one go; of another kind
        of table only what makes the one that is meant. A table by
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
        >>> from geo.schema import NEIGHBORS
        >>> NEIGHBORS.check(pd.DataFrame({"focal": ["25001"], "neighbor": [25002]}))
        Traceback (most recent call last):
        ...
        geo.errors.SchemaError: Not a valid neighbors table:
        - 'neighbor' must hold text, not int64
        """
        lacking = [c.name for c in self.columns if c.name not in frame.columns]
        if self.made_by and 2 * len(lacking) > len(self.columns):
            raise SchemaError(
                f"This is no {self.name} table: it has {len(self.columns) - len(lacking)} of its "
                f"{len(self.columns)} columns and lacks {', '.join(lacking)}. {self.made_by}"
            )
        if faults := list(self._faults(frame)):
            cure = f"\n{self.made_by}" if lacking and self.made_by else ""
            raise SchemaError(f"Not a valid {self.name} table:\n- " + "\n- ".join(faults) + cure)
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
        if key and set(key) <= set(frame.columns) and (n := _repeats(frame, key)):
            yield f"{n} rows repeat the key {', '.join(key)}"

    def key_of(self, frame: pd.DataFrame) -> list[str]:
        """Return the columns that identify a row of `frame`."""
        by_category = "period" in self.key or self.name == "change"
        extra = ["category"] if by_category and "category" in frame.columns else []
        return [*self.key, *extra]


def _repeats(frame: pd.DataFrame, key: list[str]) -> int:
    if len(key) == 1 and frame[key[0]].is_unique:  # asked for in a fraction of time and memory
        return 0
    return int(frame.duplicated(key).sum())


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
