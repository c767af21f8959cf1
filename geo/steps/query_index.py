"""Events made ready for many questions: columns as arrays, words as numbers, areas, places.

Everything is made when it is first asked for, and once.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import schema
from geo.cvegeo import fold
from geo.errors import SettingsError
from geo.steps.assign import assign_areas
from geo.steps.coarsen import PLACED

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

_CURE = {
    "notes": "read the file with keep='all'",
    "tags": "ACLED files from 2023 on have it; read the file with keep='all'",
}


@dataclass(frozen=True, eq=False)
class EventIndex:
    """Events that do not change, and what was found out about them; made by :meth:`of`.

    Examples
    --------
    >>> index = EventIndex.of(schema.EVENTS.empty())
    >>> len(index.placed), index.located["cvegeo"].dtype
    (0, <StringDtype(na_value=nan)>)
    """

    events: gpd.GeoDataFrame
    _columns: dict[str, Categories] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, events: gpd.GeoDataFrame) -> EventIndex:
        """Return the index of an ``EVENTS`` table, which later changes of it do not reach.

        Raises
        ------
        SchemaError, CRSError
            If the table breaks its contract.
        """
        schema.EVENTS.check(events)
        return cls(events.copy(deep=False))

    @functools.cached_property
    def located(self) -> gpd.GeoDataFrame:
        """The events with their areas: as they came, or assigned now."""
        if all(column.name in self.events for column in schema.ASSIGNED.columns):
            schema.ASSIGNED.check(self.events)
            return self.events
        return assign_areas(self.events)

    @functools.cached_property
    def days(self) -> npt.NDArray[np.datetime64]:
        """The day of each event."""
        return np.asarray(self.events["event_date"], dtype="datetime64[us]")

    @functools.cached_property
    def lon_lat(self) -> tuple[FloatArray, FloatArray]:
        """Degrees of each event, NaN without a point."""
        shapes = np.asarray(self.events.geometry.array)
        usable = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
        points = shapes.copy()
        points[~usable] = None
        return shapely.get_x(points), shapely.get_y(points)

    @functools.cached_property
    def has_point(self) -> BoolArray:
        """Which events have coordinates."""
        lon, lat = self.lon_lat
        return np.asarray(np.isfinite(lon) & np.isfinite(lat), dtype=bool)

    @functools.cached_property
    def placed(self) -> BoolArray:
        """Which events have a place of their own, not one that stands for an area."""
        return self.has_point & self.column("geo_precision").are(PLACED)

    @functools.cached_property
    def placed_or_municipal(self) -> BoolArray:
        """Which events have a place of their own, or one that stands for a municipality."""
        return self.has_point & self.column("geo_precision").are((*PLACED, "municipality"))

    @functools.cached_property
    def known_area(self) -> npt.NDArray[np.object_]:
        """The municipality, else the state, of events without a place of their own; else None."""
        codes = np.full(len(self.events), None, dtype=object)
        loose = ~self.placed
        is_located = all(name in self.events for name in _OF_AREAS)
        rows = self.located[loose] if is_located else assign_areas(self.events[loose])
        code = rows["cvegeo"].where(rows["cvegeo"].notna(), rows["cve_ent"])
        codes[loose] = code.to_numpy(dtype=object, na_value=None)
        return codes

    def column(self, name: str) -> Categories:
        """Return a column of words as numbers.

        Raises
        ------
        SettingsError
            If the events have no such column.
        """
        if name not in self._columns:
            table = self.located if name in _OF_AREAS else self.events
            if table is self.events:
                self.need(name)
            self._columns[name] = Categories.of(table[name])
        return self._columns[name]

    def need(self, name: str) -> None:
        """Raise :exc:`~geo.errors.SettingsError` if the events have no column of that name."""
        if name not in self.events.columns:
            cure = _CURE.get(name, f"they have {', '.join(map(str, self.events.columns))}")
            raise SettingsError(f"the events have no column {name!r}; {cure}")


_OF_AREAS = {column.name for column in schema.ASSIGNED.columns} - {
    column.name for column in schema.EVENTS.columns
}


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """A column of words: the number of each row's word, -1 for none, and the words."""

    numbers: IntArray
    words: tuple[str, ...]
    _by_fold: dict[str, list[int]]

    @classmethod
    def of(cls, values: pd.Series) -> Categories:
        """Return the numbers and the words of a column, the words in order."""
        numbers, words = pd.factorize(values, sort=True)
        texts = tuple(str(word) for word in words)
        by_fold: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            by_fold.setdefault(fold(text), []).append(number)
        small = np.min_scalar_type(-max(len(texts), 1))
        return cls(numbers.astype(small), texts, by_fold)

    def called(self, text: str) -> list[int]:
        """Return the numbers of the words that are spelled like a text, accents and case aside."""
        return self._by_fold.get(fold(text), [])

    def holding(self, text: str) -> list[int]:
        """Return the numbers of the words that hold a text as whole words."""
        wanted = f" {fold(text)} "
        return [n for key, many in self._by_fold.items() if wanted in f" {key} " for n in many]

    def among(self, numbers: list[int]) -> BoolArray:
        """Return which rows have one of these words."""
        if len(numbers) == 1:
            return np.asarray(self.numbers == numbers[0])
        # One look-up a row; the last place answers for rows without a word, which are -1.
        wanted = np.zeros(len(self.words) + 1, dtype=bool)
        wanted[numbers] = True
        return wanted[self.numbers]

    def are(self, words: tuple[str, ...]) -> BoolArray:
        """Return which rows have one of these words, as they are written."""
        return self.among([n for n, word in enumerate(self.words) if word in words])

    @property
    def stated(self) -> BoolArray:
        """Which rows have a word."""
        return np.asarray(self.numbers >= 0)
