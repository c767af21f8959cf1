"""What comes out of a query: events, counts, rates, series, bands, and its words."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cvegeo import Level
from geo.errors import DataWarning, PrecisionWarning, SettingsError, counted
from geo.periods import PeriodKind, Window
from geo.sources.population import Source
from geo.steps import query_bands, query_count, query_where
from geo.steps.query_index import EventIndex
from geo.steps.query_logic import (
    Condition,
    Days,
    Found,
    Language,
    Words,
    common_areas,
    common_days,
    distinct_doubts,
    found_by_all,
    joined,
    whole_areas,
)
from geo.steps.query_reach import cut_areas, every_area, of_both_levels, reach_of
from geo.steps.query_target import Place, Target, target_of
from geo.steps.reach import Reach

_ALL = Words("all events", "todos los eventos")
_EVENTS = Words("events {}", "eventos {}")
_COMMA = Words.same(", ")
Distance = float | str


@dataclass(frozen=True, eq=False, repr=False)
class Answers:
    """Events that meet conditions, and what can be asked of them.

    An event whose place, target or number of deaths is known too little to tell whether it meets
    the conditions is not among them; it is counted in :attr:`left_out`, and a warning says so.
    """

    _index: EventIndex
    _conditions: tuple[Condition, ...] = ()
    _distances: Mapping[str, tuple[Target, bool]] = field(default_factory=dict)
    through: pd.Timestamp | None = None

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the events: an ordinary ``EVENTS`` table, same columns, order and index.

        Columns of areas are there if the events came with them, those of distances if they were
        asked for (:meth:`with_distance`).

        Warns
        -----
        PrecisionWarning
            If events are left out because too little is known of them.
        DataWarning
            If no event meets the conditions.
        """
        rows = self._rows
        table = self._index.events.iloc[rows]
        for name, (target, municipal) in self._distances.items():
            table = table.assign(**{name: self._measure(target, rows, municipal=municipal)})
        if not len(table):
            warnings.warn(f"no event is found: {self}", DataWarning, stacklevel=2)
        return table

    def to_located(self) -> gpd.GeoDataFrame:
        """Return the events with the areas they count for: an ``ASSIGNED`` table."""
        return self._located(self._rows)

    def count(self, by: str | Sequence[str] | None = None) -> Any:  # noqa: ANN401
        """Return how many events there are, or a table of how many of each.

        Parameters
        ----------
        by
            ``"state"``, ``"municipality"``, a kind of period such as ``"month"``, or the name of
            a column; or several. See :func:`geo.steps.query_count.count_by`.

        Examples
        --------
        >>> import geo
        >>> from geo import schema
        >>> geo.query(schema.EVENTS.empty()).of_type("Battles").count()
        0
        """
        rows = self._rows
        return len(rows) if by is None else query_count.count_by(self._located(rows), by)

    def rate(
        self,
        level: Level | None = None,
        *,
        population: Source | None = None,
        nearest_year: bool = False,
    ) -> pd.DataFrame:
        """Return events per 100,000 person-years of each area over the days of the query.

        Areas without an event are there with 0; areas outside the query are not.

        Parameters
        ----------
        level
            States unless the query is about municipalities.
        population, nearest_year
            As in :func:`geo.sources.population.load_exposure`.

        Returns
        -------
        DataFrame
            A ``MEASURES`` table with one row an area and ``name``. ``eb_rate``, ``expected`` and
            ``ratio`` refer to the areas of the query.

        Raises
        ------
        SettingsError
            If the query keeps a part of areas, as a distance does: the people of the whole areas
            are no denominator of it. :meth:`bands` has one. Or if it joins queries of different
            days: no area is asked for on all days.
        """
        self._refuse_parts_of_areas()
        self._refuse_uneven_days("rate")
        areas = common_areas(self._conditions)
        if level is None:
            level = "municipality" if areas and all(len(a) == 5 for a in areas) else "state"
        return query_count.rates_of(
            self._located(self._rows),
            self.window,
            level=level,
            areas=areas,
            population=population,
            nearest_year=nearest_year,
        )

    def series(self, period: PeriodKind = "month") -> pd.DataFrame:
        """Return the events of each period of the days of the query, zeros included.

        See :func:`geo.steps.query_count.series_of`.

        Raises
        ------
        SettingsError
            If the query joins queries of different days: a zero would not mean that nothing
            happened.
        """
        self._refuse_uneven_days("series")
        return query_count.series_of(self._index.events.iloc[self._rows], self.window, period)

    def bands(
        self,
        target: Place,
        km: Sequence[Distance] = (25, 50, 100, 200),
        *,
        crs: Any = None,  # noqa: ANN401
        include_municipal: bool = False,
        population: Source | None = None,
        nearest_year: bool = False,
    ) -> pd.DataFrame:
        """Return events, people and rates by the distance to a border, an area or a shape.

        Only events with a place of their own are measured.

        Parameters
        ----------
        target, crs, include_municipal
            As in :meth:`near`.
        km
            Outer edges of the bands; the first begins at 0.
        population, nearest_year
            As in :func:`geo.sources.population.load_exposure`.

        Returns
        -------
        DataFrame
            A ``DISTANCE_BANDS`` table.

        Raises
        ------
        SettingsError
            If the query keeps a part of areas already, or joins queries of different days.
        """
        self._refuse_parts_of_areas()
        self._refuse_uneven_days("rate")
        rows = self._rows
        measured = self._measured(municipal=include_municipal)[rows]
        if left := int((~measured).sum()):
            warnings.warn(
                f"{left:,} of {counted(len(rows), 'event')} {'is' if left == 1 else 'are'} in no "
                f"band: {query_where.FAR.en}",
                PrecisionWarning,
                stacklevel=2,
            )
        return query_bands.distance_bands(
            self._index.events.iloc[rows],
            measured,
            target_of(target, crs=crs),
            query_bands.edges_of(km),
            self.window,
            areas=common_areas(self._conditions),
            population=population,
            nearest_year=nearest_year,
        )

    @functools.cached_property
    def left_out(self) -> int:
        """How many events may meet the conditions, but are known too little to tell."""
        return int(self._found.doubtful.sum())

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """Which of the events meet the conditions, in the order of the table."""
        return self._found.sure.copy()

    @property
    def doubtful(self) -> npt.NDArray[np.bool_]:
        """Which of the events may meet the conditions, but are known too little to tell."""
        return self._found.doubtful.copy()

    @property
    def source(self) -> gpd.GeoDataFrame:
        """The events that are asked, all of them."""
        return self._index.events

    @property
    def days(self) -> Days:
        """The days that the conditions keep events to."""
        return common_days(self._conditions)

    @property
    def is_partial(self) -> bool:
        """Whether the conditions keep events to a part of the country."""
        return self.whole_areas is not None

    @property
    def whole_areas(self) -> frozenset[str] | None:
        """Codes of the areas, of both levels, that are asked for as a whole; None: all.

        Only of these are all people a denominator of the events. A distance or a shape cuts
        areas: then none is whole.
        """
        return whole_areas(self._conditions)

    @functools.cached_property
    def reach(self) -> Reach:
        """Which areas are asked for in part or not at all, of both levels."""
        found = reach_of(self._conditions, self._index)
        part = cut_areas(self._conditions, found)
        outside = frozenset() if found is None else every_area() - of_both_levels(found) - part
        return Reach(part=part, outside=outside)

    @property
    def window(self) -> Window:
        """The days of the query, as far as the data cover them.

        Raises
        ------
        PeriodError
            The data cover none of them.
        """
        dates = self._index.events["event_date"]
        known = dates.notna().any()
        through = dates.max() if self.through is None else self.through
        covered = (dates.min(), through) if known else None
        return query_count.window_of(self.days, covered)

    def doubt_words(self, language: Language = "en") -> str:
        """Return what is too little known of the events left out; empty if nothing can be."""
        why = distinct_doubts(self._conditions)
        return str(getattr(why, language)) if why else ""

    def words(self, language: Language = "en") -> str:
        """Return what the query asks for, in English (``"en"``) or Spanish (``"es"``)."""
        if language not in ("en", "es"):
            raise SettingsError(f"language is {language!r}; choose 'en' or 'es'")
        said = _ALL if not self._conditions else _EVENTS.filled(self._said)
        return str(getattr(said, language))

    def __str__(self) -> str:
        return self.words("en")

    def __repr__(self) -> str:
        return f"<Query of {len(self._index.events):,} events: {self.words('en')}>"

    def __len__(self) -> int:
        return len(self._rows)

    # Within.

    @property
    def _said(self) -> Words:
        if not self._conditions:
            return Words("of any kind", "de cualquier tipo")
        return joined([condition.words for condition in self._conditions], _COMMA)

    @functools.cached_property
    def _found(self) -> Found:
        return found_by_all(self._conditions, self._index)

    @functools.cached_property
    def _rows(self) -> npt.NDArray[np.int64]:
        if self.left_out:
            warnings.warn(
                f"{self.left_out:,} of {counted(len(self._index.events), 'event')} may belong and "
                f"{'is' if self.left_out == 1 else 'are'} left out: events {self.doubt_words()}",
                PrecisionWarning,
                stacklevel=4,
            )
        return np.flatnonzero(self._found.sure)

    def _located(self, rows: npt.NDArray[np.int64]) -> gpd.GeoDataFrame:
        return self._index.located.iloc[rows]

    def _measured(self, *, municipal: bool) -> npt.NDArray[np.bool_]:
        return self._index.placed_or_municipal if municipal else self._index.placed

    def _measure(
        self, target: Target, rows: npt.NDArray[np.int64], *, municipal: bool
    ) -> npt.NDArray[np.float64]:
        measured = self._measured(municipal=municipal)[rows]
        lon, lat = (part[rows[measured]] for part in self._index.lon_lat)
        meters = np.full(len(rows), np.nan)
        meters[measured] = target.distance(lon, lat)
        return meters

    def _refuse_parts_of_areas(self) -> None:
        if any(condition.cuts_areas for condition in self._conditions):
            raise SettingsError(
                f"these are events of parts of areas ({self}), of which the people of whole areas "
                "are no denominator; query the events without the distance and ask for "
                '.bands("US border", km=[50]), which has the people of the strip'
            )

    def _refuse_uneven_days(self, what: str) -> None:
        if any(condition.uneven for condition in self._conditions):
            raise SettingsError(
                f"these are events of different days of different areas or kinds ({self}), so no "
                f"one span of days is asked for, and a {what} over all of them would be wrong; "
                "ask each of the joined queries by itself"
            )
