"""Conditions on where an event was: in an area, near something, in a neighborhood.

Areas are asked as :func:`geo.steps.assign.assign_areas` decides them, so a query counts what a
table counts. Distances are geodesic, and only places of their own are measured: the point of an
event that is known to its municipality or its state stands for all of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.sources import boundaries
from geo.steps.count import code_column
from geo.steps.query_index import BoolArray, EventIndex, FloatArray
from geo.steps.query_logic import (
    Codes,
    Condition,
    Found,
    Words,
    common,
    common_areas,
    common_days,
    found_by_all,
    joined,
)
from geo.steps.query_near import areas_near, areas_under, circles, nearer
from geo.steps.query_reach import reach_of
from geo.steps.query_target import (
    Place,
    Target,
    area_words,
    distance_words,
    find_place,
    target_of,
)
from geo.steps.query_what import OR

_NOT_STATED = ("country_only", "unknown_precision", "fuzzy_place", "no_coordinates")
"""Why an event has no area although it may lie in any."""

FAR = Words(
    "whose place is not known well enough to measure from",
    "cuyo lugar no se conoce lo bastante para medir",
)
_LOOSE = Words(
    "whose area is not known that well",
    "cuya área no se conoce con tanto detalle",
)


def within_areas(codes: frozenset[str], words: Words) -> Condition:
    """Keep events that count for one of some areas of one level."""
    level: Level = "state" if all(len(code) == 2 for code in codes) else "municipality"
    column = code_column(level)
    wanted, states = tuple(sorted(codes)), tuple(sorted({code[:2] for code in codes}))

    def find(index: EventIndex) -> Found:
        sure = index.column(column).are(wanted)
        # Known to a state with such an area, or to none although it may lie in any.
        loose = ~index.column(column).stated & index.column("cve_ent").are(states)
        lost = ~index.column("cve_ent").stated & index.column("reason").are(_NOT_STATED)
        return Found.of(sure, loose | lost)

    return Condition(words=words, find=find, doubt=_LOOSE, areas=codes, only_areas=True)


def within(
    places: tuple[Place, ...],
    *,
    level: Level | None,
    crs: Any,  # noqa: ANN401
) -> Condition:
    """Keep events in one of some areas, or inside shapes."""
    if not places:
        raise SettingsError("no place is given; name one or more")
    if all(isinstance(place, str | int) for place in places):
        codes = [find_place(place, level) for place in places]
        if len({len(code) for code in codes}) > 1:
            raise SettingsError(
                "states and municipalities cannot be asked for at once, as one holds the other; "
                "join two queries with |"
            )
        names = joined([area_words(code) for code in codes], OR)
        return within_areas(frozenset(codes), Words("in {}", "en {}").filled(names))
    if len(places) > 1:
        raise SettingsError("give one shape, or a GeoSeries of several; or names only")
    return _inside(places[0], crs=crs)


def _inside(place: Place, *, crs: Any) -> Condition:  # noqa: ANN401
    target = target_of(place, crs=crs)
    if target.inside is None:
        raise SettingsError("events lie within areas; of a line or a point use near(..., km=...)")

    def find(index: EventIndex) -> Found:
        inside = target.covers(*index.lon_lat)
        return Found.of(inside & index.placed, ~index.placed)

    return Condition(
        words=Words("in {}", "en {}").filled(target.words),
        find=find,
        doubt=FAR,
        cuts_areas=True,
        reach=lambda _: areas_under(target),
    )


def near(target: Target, meters: float, *, words: Words, municipal: bool) -> Condition:
    """Keep events within a distance of a target."""

    def find(index: EventIndex) -> Found:
        measured = index.placed_or_municipal if municipal else index.placed
        lon, lat = index.lon_lat
        keep = target.within(lon, lat, meters) & measured
        return Found.of(keep, _may_be_near(index, target, meters, ~measured))

    said = words.filled(distance_words(meters), target.words)
    if municipal:
        said = joined([said, _MUNICIPAL], Words.same(" "))
    return Condition(
        words=said,
        find=find,
        doubt=FAR,
        cuts_areas=True,
        reach=lambda _: areas_near(target, meters),
    )


NEAR = Words("within {} of {}", "a no más de {} de {}")
ALONG = Words("within {} along {}", "a no más de {} a lo largo de {}")
_MUNICIPAL = Words(
    "(municipal points included)",
    "(incluidos los puntos que representan municipios)",
)


def _may_be_near(
    index: EventIndex, target: Target, meters: float, unmeasured: BoolArray
) -> BoolArray:
    """Return which of the events without a place of their own may lie so near.

    One that is known to an area which lies wholly farther away does not.
    """
    if not unmeasured.any():
        return unmeasured
    left = np.flatnonzero(unmeasured)
    codes, _, _, _ = circles()
    far = nearer(target) > meters
    place = codes.get_indexer(pd.Index(index.known_area[left]))
    doubtful = np.zeros(len(unmeasured), dtype=bool)
    doubtful[left] = ~(far[place] & (place >= 0))
    return doubtful


def nearest(
    before: list[Condition], k: int, target: Target, *, municipal: bool, asked: Words
) -> Condition:
    """Keep the events nearest to a target, of those that meet conditions."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise SettingsError(f"k is {k!r}; give how many of the nearest events, 1 or more")

    def find(index: EventIndex) -> Found:
        found = found_by_all(before, index)
        measured = index.placed_or_municipal if municipal else index.placed
        rows = np.flatnonzero(found.sure & measured)
        lon, lat = index.lon_lat
        rows = _candidates(target, lon, lat, rows, k)
        meters = np.round(target.distance(lon[rows], lat[rows]), 3)
        names = index.events["event_id"].to_numpy()[rows].astype(str)
        keep = np.zeros(len(measured), dtype=bool)
        # Equally near events in the order of their ids, whatever the order of the rows.
        keep[rows[np.lexsort((names, meters))[:k]]] = True
        return Found.of(keep, (found.sure | found.doubtful) & ~measured)

    def reach(index: EventIndex) -> Codes:
        """Beyond the farthest of them nothing is asked for, unless there are no more."""
        rows = np.flatnonzero(find(index).sure)
        if len(rows) < k:
            return reach_of(before, index)
        lon, lat = index.lon_lat
        farthest = float(target.distance(lon[rows], lat[rows]).max())
        return common((areas_near(target, farthest), reach_of(before, index)))

    said = Words(
        "among the {} nearest to {} of those ({})",
        "entre los {} más cercanos a {} de aquellos ({})",
    )
    return Condition(
        words=said.filled(k, target.words, asked),
        find=find,
        doubt=FAR,
        days=common_days(before),
        cuts_areas=True,
        uneven=any(condition.uneven for condition in before),
        reach=reach,
    )


def _candidates(
    target: Target, lon: FloatArray, lat: FloatArray, rows: npt.NDArray[np.int64], k: int
) -> npt.NDArray[np.int64]:
    """Return rows among which the `k` nearest surely are."""
    if len(rows) <= k:
        return rows
    nearer, farther = target.line.bounds(lon[rows], lat[rows])
    inside = target.covers(lon[rows], lat[rows])
    nearer[inside] = farther[inside] = 0
    chosen: npt.NDArray[np.int64] = rows[nearer <= np.partition(farther, k - 1)[k - 1] + 1]
    return chosen


def in_busy_areas(
    before: list[Condition], at_least: int, level: Level, *, asked: Words
) -> Condition:
    """Keep events of areas in which at least so many events meet conditions."""
    if isinstance(at_least, bool) or not isinstance(at_least, int | np.integer) or at_least < 1:
        raise SettingsError(f"at_least is {at_least!r}; give a number of events, 1 or more")
    column = code_column(level)

    def busy(index: EventIndex, found: Found) -> list[int]:
        areas = index.column(column)
        numbers = areas.numbers[found.sure & areas.stated].astype(np.int64)
        counts = np.bincount(numbers, minlength=len(areas.words))
        chosen: list[int] = np.flatnonzero(counts >= at_least).tolist()
        return chosen

    def find(index: EventIndex) -> Found:
        found = found_by_all(before, index)
        areas = index.column(column)
        kept = found.sure & areas.among(busy(index, found))
        return Found.of(kept, (found.sure | found.doubtful) & ~areas.stated)

    def reach(index: EventIndex) -> Codes:
        words = index.column(column).words
        chosen = frozenset(words[at] for at in busy(index, found_by_all(before, index)))
        return common((chosen, reach_of(before, index)))

    kind = _LEVELS[level]
    said = Words("{}, in {} with at least {} of these", "{}, en {} con al menos {} de estos")
    return Condition(
        words=said.filled(asked, kind, at_least),
        find=find,
        doubt=_LOOSE,
        days=common_days(before),
        areas=common_areas(before),
        cuts_areas=any(condition.cuts_areas for condition in before),
        by_count=True,
        uneven=any(condition.uneven for condition in before),
        reach=reach,
    )


_LEVELS: dict[str, Words] = {
    "state": Words("states", "estados"),
    "municipality": Words("municipalities", "municipios"),
}


def around(
    place: str | int,
    orders: tuple[int, ...],
    *,
    level: Level | None,
    neighbors: pd.DataFrame | None,
) -> Condition:
    """Keep events of areas that are so many borders away from an area."""
    code = find_place(place, level)
    rings = area_rings(code, max(orders), neighbors=neighbors)
    codes = frozenset(rings.loc[rings["order"].isin(orders), "cvegeo"])
    if not codes:
        raise SettingsError(
            f"no area is {max(orders)} borders away from {area_words(code).en}; the farthest is "
            f"{int(rings['order'].max())} away"
        )
    name = area_words(code)
    if orders == (1,):
        said = Words("in areas that touch {}", "en áreas que colindan con {}").filled(name)
    elif orders == (0, 1):
        said = Words("in {} and the areas that touch it", "en {} y las áreas que colindan con ella")
        said = said.filled(name)
    elif len(orders) == 1:
        said = Words("in areas {} borders away from {}", "en áreas a {} límites de {}")
        said = said.filled(orders[0], name)
    else:
        said = Words(
            "in {} and areas up to {} borders away", "en {} y áreas a no más de {} límites"
        ).filled(name, max(orders))
    return within_areas(codes, said)


def area_rings(
    place: str | int, order: int = 1, *, neighbors: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the areas around an area, by the number of borders between.

    Parameters
    ----------
    place
        A name or a code.
    order
        The farthest ring; ring 1 touches the area.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the level unless given.

    Returns
    -------
    DataFrame
        ``cvegeo``, ``name``, ``order`` (0 is the area itself), ascending by order and code.

    Raises
    ------
    AreaError
        The name is no area's, or that of several.
    SettingsError
        `order` is not a whole number from 1 up.

    Examples
    --------
    >>> area_rings("Baja California", 2).values.tolist()
    [['02', 'Baja California', 0], ['03', 'Baja California Sur', 1], ['26', 'Sonora', 1],
     ['08', 'Chihuahua', 2], ['25', 'Sinaloa', 2]]
    """
    if isinstance(order, bool) or not isinstance(order, int | np.integer) or order < 1:
        raise SettingsError(f"the order of a ring is 1 or more, not {order!r}")
    code = find_place(place)
    level: Level = "state" if len(code) == 2 else "municipality"
    pairs = boundaries.load_neighbors(level) if neighbors is None else neighbors
    schema.NEIGHBORS.check(pairs)
    of = pairs.groupby("focal")["neighbor"].agg(set).to_dict()
    rank, edge = {code: 0}, {code}
    for step in range(1, order + 1):
        edge = set().union(*(of.get(one, set()) for one in edge)) - rank.keys()
        rank |= dict.fromkeys(edge, step)
    names = boundaries.area_codes(level).set_index("cvegeo")["name"]
    codes = sorted(rank, key=lambda one: (rank[one], one))
    return pd.DataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            "name": pd.Series([names.get(one, one) for one in codes], dtype="str"),
            "order": pd.Series([rank[one] for one in codes], dtype="int64"),
        }
    )
