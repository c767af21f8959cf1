"""Ask events: conditions are chained, nothing is done until a result is asked for.

A query never changes; each call gives a new one. It says in words what it asks for, and those
words go with whatever is made of it.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cvegeo import Level
from geo.errors import DataWarning, PrecisionWarning, SettingsError
from geo.periods import Day, PeriodKind, Window, day
from geo.sources.population import Source
from geo.steps import query_bands, query_count, query_what, query_where
from geo.steps.query_index import EventIndex
from geo.steps.query_logic import (
    Condition,
    Days,
    Found,
    Language,
    Words,
    any_of,
    areas_without,
    but_not,
    common_areas,
    common_days,
    days_of_either,
    found_by_all,
    joined,
    whole_areas,
)
from geo.steps.query_target import Place, Target, meters_of, target_of

_ALL = Words("all events", "todos los eventos")
_EVENTS = Words("events {}", "eventos {}")
_COMMA = Words.same(", ")
Distance = float | str


def query(events: gpd.GeoDataFrame, *, data_through: Day | None = None) -> Query:
    """Return a query of events, to which conditions are added.

    Parameters
    ----------
    events
        An ``EVENTS`` or ``ASSIGNED`` table. Later changes of it do not reach the query. Without
        areas they are assigned when a condition first needs them.
    data_through
        Last day that the data cover; that of the latest event unless given.

    Returns
    -------
    Query
        Of all events.

    Raises
    ------
    SchemaError, CRSError
        If the table breaks its contract.

    Examples
    --------
    >>> from geo import schema
    >>> asked = query(schema.EVENTS.empty()).within("Culiacán, Sinaloa").since("2024-09-09")
    >>> print(asked)
    events in Culiacán, Sinaloa, since 2024-09-09
    >>> print(asked.words("es"))
    eventos en Culiacán, Sinaloa, desde 2024-09-09
    """
    through = None if data_through is None else day(data_through)
    return Query(EventIndex.of(events), through=through)


@dataclass(frozen=True, eq=False, repr=False)
class Query:
    """Events that meet conditions; made by :func:`query`.

    Every method below ``count`` returns a new query. An event whose place, target or number of
    deaths is known too little to tell whether it meets the conditions is not among them; it is
    counted in :attr:`left_out`, and a warning says so.
    """

    _index: EventIndex
    _conditions: tuple[Condition, ...] = ()
    _distances: Mapping[str, tuple[Target, bool]] = field(default_factory=dict)
    through: pd.Timestamp | None = None

    # What comes out.

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
        >>> from geo import schema
        >>> query(schema.EVENTS.empty()).of_type("Battles").count()
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
            are no denominator of it. :meth:`bands` has one.
        """
        self._refuse_parts_of_areas()
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
        """
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
            If the query keeps a part of areas already.
        """
        self._refuse_parts_of_areas()
        rows = self._rows
        measured = self._measured(municipal=include_municipal)[rows]
        if left := int((~measured).sum()):
            warnings.warn(
                f"{left:,} of {len(rows):,} events are in no band: {query_where.FAR.en}",
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
        why = _distinct([c.doubt for c in self._conditions if c.doubt is not None])
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

    # Where.

    def within(
        self,
        *places: Place,
        level: Level | None = None,
        crs: Any = None,  # noqa: ANN401
    ) -> Query:
        """Keep events in an area, or in one of several.

        Parameters
        ----------
        *places
            Names in any spelling (``"Culiacán, Sinaloa"``) or codes: events count for the area as
            :func:`geo.steps.assign.assign_areas` decides it. Or one shape: events lie in it with
            a place of their own.
        level
            The level that a name is of, where a state bears it, too.
        crs
            Of a bare shape, as ``"EPSG:4326"``.

        Raises
        ------
        AreaError
            No area has the name (the nearest are listed), or several have (they are listed).
        CRSError
            It is not known where on the Earth the shape lies.
        """
        return self._with(query_where.within(places, level=level, crs=crs))

    def near(
        self,
        target: Place,
        km: Distance,
        *,
        crs: Any = None,  # noqa: ANN401
        name: str | None = None,
        include_municipal: bool = False,
    ) -> Query:
        """Keep events within a geodesic distance of a border, an area or a shape.

        Parameters
        ----------
        target
            ``"US border"``, ``"Guatemala border"``, ``"Belize border"``, ``"coast"`` (in Spanish,
            too), an area (what lies in it is near), or a shape with its CRS.
        km
            Kilometers, or a text with its unit: ``"30 mi"``, ``"800 m"``.
        crs
            Of a bare shape.
        name
            What the words call a shape.
        include_municipal
            Also measure the points that stand for a whole municipality.

        Raises
        ------
        AreaError, CRSError
            As :meth:`within`.
        SettingsError
            The distance cannot be meant.
        """
        meters = meters_of(km)
        goal = target_of(target, crs=crs, name=name)
        return self._with(
            query_where.near(goal, meters, words=query_where.NEAR, municipal=include_municipal)
        )

    def along(
        self,
        line: Place,
        km: Distance,
        *,
        crs: Any = None,  # noqa: ANN401
        name: str | None = None,
        include_municipal: bool = False,
    ) -> Query:
        """Keep events in a corridor: within a geodesic distance of a line on either side.

        Parameters
        ----------
        line
            A highway, a railway or any line with its CRS; ``"coast"`` or a border.
        km, crs, name, include_municipal
            As in :meth:`near`.

        Raises
        ------
        SettingsError
            It is no line, or the distance cannot be meant.
        """
        meters = meters_of(km)
        goal = target_of(line, crs=crs, name=name)
        if not goal.is_line:
            raise SettingsError(
                f"{goal.words.en} is no line; a corridor runs along one. Use near(..., km=...)"
            )
        return self._with(
            query_where.near(goal, meters, words=query_where.ALONG, municipal=include_municipal)
        )

    def nearest(
        self,
        k: int,
        target: Place,
        *,
        crs: Any = None,  # noqa: ANN401
        name: str | None = None,
        include_municipal: bool = False,
    ) -> Query:
        """Keep the `k` events nearest to a border, an area or a shape, of those asked for so far.

        Equally near ones (to a millimeter) are taken in the order of their ids.
        """
        goal = target_of(target, crs=crs, name=name)
        condition = query_where.nearest(
            list(self._conditions), k, goal, municipal=include_municipal, asked=self._said
        )
        return replace(self, _conditions=(condition,))

    def with_distance(
        self,
        target: Place,
        column: str = "border_m",
        *,
        crs: Any = None,  # noqa: ANN401
        include_municipal: bool = False,
    ) -> Query:
        """Add the geodesic distance in meters as a column of the result.

        Missing for events without a place of their own; 0 inside an area.

        Raises
        ------
        SettingsError
            The events have such a column already.
        """
        if column in self._index.events.columns or column in self._distances:
            raise SettingsError(f"the events have a column {column!r} already; choose another name")
        goal = (target_of(target, crs=crs), include_municipal)
        return replace(self, _distances={**self._distances, column: goal})

    def touching(
        self,
        place: str | int,
        *,
        level: Level | None = None,
        neighbors: pd.DataFrame | None = None,
    ) -> Query:
        """Keep events in the areas that touch an area, which itself is not among them."""
        return self.ring(place, 1, level=level, neighbors=neighbors)

    def ring(
        self,
        place: str | int,
        order: int,
        *,
        level: Level | None = None,
        neighbors: pd.DataFrame | None = None,
    ) -> Query:
        """Keep events in the areas that are exactly so many borders away from an area."""
        return self._around(place, (order,), level, neighbors)

    def around(
        self,
        place: str | int,
        order: int = 1,
        *,
        level: Level | None = None,
        neighbors: pd.DataFrame | None = None,
    ) -> Query:
        """Keep events in an area and in those up to so many borders away."""
        orders = tuple(range(order + 1)) if isinstance(order, int) and order > 0 else (order,)
        return self._around(place, orders, level, neighbors)

    def in_busy_areas(self, at_least: int, level: Level = "municipality") -> Query:
        """Keep events in areas with at least so many of the events asked for so far."""
        condition = query_where.in_busy_areas(
            list(self._conditions), at_least, level, asked=self._said
        )
        return replace(self, _conditions=(condition,))

    # When.

    def between(self, first: Day, last: Day) -> Query:
        """Keep events from a day to another, both included."""
        return self._with(query_what.in_days(first, day(last) + pd.Timedelta(days=1)))

    def since(self, first: Day) -> Query:
        """Keep events from a day on."""
        return self._with(query_what.in_days(first))

    def before(self, end: Day) -> Query:
        """Keep events before a day, which itself is not among them."""
        return self._with(query_what.in_days(None, end))

    def in_period(self, period: str | int | Window) -> Query:
        """Keep events of a period: ``2024``, ``"2024-Q1"``, ``"2024-03"``, or two days."""
        window = Window.parse(period)
        return self._with(query_what.in_days(window.start, window.end))

    # What, who, and how well it is known.

    def of_type(self, *types: str) -> Query:
        """Keep events of a type or a sub-type, in any case and spelling of accents.

        Raises
        ------
        SettingsError
            No event has the type; the nearest are named.
        """
        columns = ("event_type", "sub_event_type")
        said = Words("of type {}", "de tipo {}")
        return self._with(query_what.of_words(self._index, types, columns, said, "event type"))

    def of_disorder(self, *types: str) -> Query:
        """Keep events of a disorder type, as ``"Political violence"``."""
        return self._with(query_what.of_disorder(self._index, types))

    def involving(self, *actors: str, part: bool = False) -> Query:
        """Keep events in which one of some actors is a party.

        Parameters
        ----------
        *actors
            Names, in any case and spelling of accents.
        part
            Take every name that holds one of them, as factions of a cartel do.

        Raises
        ------
        SettingsError
            No actor is called so; names that hold it, or are near, are listed.
        """
        return self._with(query_what.involving(self._index, actors, part=part))

    def between_actors(self, one: str, other: str, *, part: bool = False) -> Query:
        """Keep events in which two actors are the two parties, in either order."""
        return self._with(query_what.between_actors(self._index, one, other, part=part))

    def of_actor_class(self, *kinds: str) -> Query:
        """Keep events with a party of a class: ``"group"``, ``"state forces"``, ``"civilians"``."""
        return self._with(query_what.with_kind(kinds))

    def precise_to(self, precision: str) -> Query:
        """Keep events whose place is known at least so well: ``"exact"``, ``"municipality"``."""
        return self._with(query_what.precise_to(precision))

    def dated_to(self, precision: str) -> Query:
        """Keep events whose date is known at least so well: ``"day"``, ``"month"``."""
        return self._with(query_what.dated_to(precision))

    def with_fatalities(self, at_least: float = 1, at_most: float | None = None) -> Query:
        """Keep events with so many deaths; those that do not state how many are left out."""
        return self._with(query_what.with_fatalities(at_least, at_most))

    def targeting_civilians(self) -> Query:
        """Keep events that targeted civilians; those that do not state it are left out."""
        return self._with(query_what.targeting_civilians())

    def tagged(self, *tags: str) -> Query:
        """Keep events with one of some tags, where the events have the column ``tags``."""
        return self._with(query_what.tagged(self._index, tags))

    def mentioning(self, text: str, column: str = "notes") -> Query:
        """Keep events whose notes hold a text, where the events have such a column.

        The text is looked for as it stands, case and accents aside.
        """
        return self._with(query_what.mentioning(self._index, text, column))

    # Sets.

    def __and__(self, other: Query) -> Query:
        """Keep events that both queries find."""
        self._same_events(other)
        return replace(self, _conditions=(*self._conditions, *other._conditions))

    def __or__(self, other: Query) -> Query:
        """Keep events that one query or the other finds."""
        self._same_events(other)
        words = Words("either ({}) or ({})", "ya sea ({}) o ({})")
        days = days_of_either(self.days, other.days)
        return self._combined(other, any_of, words, days)

    def __sub__(self, other: Query) -> Query:
        """Keep events that this query finds and the other does not."""
        self._same_events(other)
        words = Words("({}) but not ({})", "({}) pero no ({})")
        return self._combined(other, but_not, words, self.days)

    def _combined(
        self, other: Query, join: Callable[[Found, Found], Found], words: Words, days: Days
    ) -> Query:
        one, two = self._conditions, other._conditions
        areas = [common_areas(part) for part in (one, two)]
        if join is but_not:
            # Only what takes every event of an area takes the area.
            whole = areas[1] is not None and all(condition.only_areas for condition in two)
            kept = areas_without(areas[0], areas[1]) if whole and areas[1] else areas[0]
        else:
            kept = None if areas[0] is None or areas[1] is None else areas[0] | areas[1]

        def find(index: EventIndex) -> Found:
            return join(found_by_all(one, index), found_by_all(two, index))

        doubts = [condition.doubt for condition in (*one, *two) if condition.doubt is not None]
        condition = Condition(
            words=words.filled(self._said, other._said),
            find=find,
            doubt=_distinct(doubts),
            days=days,
            areas=kept,
            cuts_areas=any(condition.cuts_areas for condition in (*one, *two)),
            by_count=any(condition.by_count for condition in (*one, *two)),
            only_areas=join is any_of and all(c.only_areas for c in (*one, *two)),
        )
        return replace(self, _conditions=(condition,))

    def _same_events(self, other: Query) -> None:
        if not isinstance(other, Query):
            raise SettingsError(f"a query joins with a query, not with {type(other).__name__}")
        if other._index is not self._index:
            raise SettingsError(
                "the two queries ask different tables of events; make both from one geo.query(...)"
            )

    # Within.

    def _with(self, condition: Condition) -> Query:
        return replace(self, _conditions=(*self._conditions, condition))

    def _around(
        self,
        place: str | int,
        orders: tuple[int, ...],
        level: Level | None,
        neighbors: pd.DataFrame | None,
    ) -> Query:
        return self._with(query_where.around(place, orders, level=level, neighbors=neighbors))

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
                f"{self.left_out:,} of {len(self._index.events):,} events may belong and are left "
                f"out: events {self.doubt_words()}",
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


def _distinct(doubts: Sequence[Words]) -> Words | None:
    several = list(dict.fromkeys(doubts))
    return joined(several, Words(" or ", " o ")) if several else None
