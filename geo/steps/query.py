"""Ask events: conditions are chained, nothing is done until a result is asked for.

A query never changes; each call gives a new one. It says in words what it asks for, and those
words go with whatever is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.periods import Day, Window, day
from geo.steps import query_sets, query_what, query_where
from geo.steps.query_answers import Answers, Distance
from geo.steps.query_index import EventIndex
from geo.steps.query_logic import Condition, Words
from geo.steps.query_target import Place, meters_of, target_of


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
class Query(Answers):
    """Events that meet conditions; made by :func:`query`.

    Every method here returns a new query; what comes out of one, :class:`Answers` says. An event
    whose place, target or number of deaths is known too little to tell whether it meets the
    conditions is not among them; it is counted in :attr:`left_out`, and a warning says so.
    """

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
        """Keep events that one query or the other finds.

        Where the two ask for different days of different areas or events, the result has no rate:
        no area is asked for on all its days.
        """
        self._same_events(other)
        condition = query_sets.either(
            self._conditions, other._conditions, (self._said, other._said)
        )
        return replace(self, _conditions=(condition,))

    def __sub__(self, other: Query) -> Query:
        """Keep events that this query finds and the other does not."""
        self._same_events(other)
        condition = query_sets.without(
            self._conditions, other._conditions, (self._said, other._said)
        )
        return replace(self, _conditions=(condition,))

    def _same_events(self, other: Query) -> None:
        if not isinstance(other, Query):
            raise SettingsError(f"a query joins with a query, not with {type(other).__name__}")
        if other._index is not self._index:
            raise SettingsError(
                "the two queries ask different tables of events; make both from one geo.query(...)"
            )

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
