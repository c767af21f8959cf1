"""Shared arcs in degrees → rings and lines in meters, for pictures on paper.

A picture has a fixed size, so arcs lose what it cannot show; both neighbors lose the same, and
stay neighbors. The plane is INEGI's projection of Mexico: a scale bar holds everywhere in it.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo import crs
from geo.render.geometry import INNER, OUTER, STATE, border_kinds
from geo.render.mapdata import Level
from geo.sources.arcs import Arcs

FloatArray = npt.NDArray[np.float64]
Rings = tuple[FloatArray, ...]

LEAST_VERTICES = 4
"""A ring with fewer, the closing one included, has no inside."""


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Areas as closed rings, and each border once; vertices are rows of easting and northing.

    Attributes
    ----------
    rings
        Rings of each area, by code. Holes run the other way than what they are cut from.
    inner, state, outer
        Borders inside one state, between two states, and at the edge of the country.
    """

    rings: Mapping[str, Rings]
    inner: Rings
    state: Rings
    outer: Rings


def shapes_of(arcs: Arcs, level: Level, *, tolerance_m: float, states: bool = True) -> Shapes:
    """Return the areas of a level as rings in meters.

    Parameters
    ----------
    arcs
        Municipalities, or countries.
    level
        At ``"state"`` municipalities with the same first two digits become one area.
    tolerance_m
        How far a line may come to lie from where it was.
    states
        The first two digits of the codes are a state; else every code is a country of its own.

    Examples
    --------
    >>> from geo.sources.arcs import toy_arcs
    >>> shapes = shapes_of(toy_arcs(), "municipality", tolerance_m=1)
    >>> list(shapes.rings), len(shapes.rings["01"][0]), len(shapes.state), len(shapes.outer)
    (['01', '02'], 5, 1, 2)
    """
    lines = _simplified(arcs, tolerance_m)
    rings = list(_oriented(arcs))
    kinds = border_kinds(arcs, states=states)
    by_kind = [tuple(lines[at] for at in np.flatnonzero(kinds == kind)) for kind in range(3)]
    whole = level == "state" and states
    return Shapes(
        rings=_state_rings(lines, rings, kinds) if whole else _rings(arcs.codes, lines, rings),
        inner=() if whole else by_kind[INNER],
        state=by_kind[STATE],
        outer=by_kind[OUTER],
    )


_LEAST_LEFT = 0.5
"""A ring that would keep less of its area than this keeps its vertices."""


def thinned(arcs: Arcs, tolerance_m: float) -> Arcs:
    """Return the same areas with fewer vertices; neighbors stay neighbors.

    For drawing only: lines that come close to one another may touch. No area vanishes.

    Examples
    --------
    >>> from geo.sources.arcs import toy_arcs
    >>> arcs = toy_arcs()
    >>> len(arcs.lon), len(thinned(arcs, 1.0).lon), thinned(arcs, 1.0).codes
    (10, 10, ('01', '02'))
    """
    easting, northing = crs.project(arcs.lon, arcs.lat)
    kept = _kept(np.column_stack([easting, northing]), arcs.arc_start, tolerance_m)
    before = _doubled_areas(arcs)
    while True:
        made = _with_vertices(arcs, kept)
        small = _doubled_areas(made) / before < _LEAST_LEFT
        spans = [arcs.ring_arcs[begin:end] for begin, end in _spans(arcs.ring_start)]
        worn = {max(arc, ~arc) for at in np.flatnonzero(small) for arc in spans[at].tolist()}
        whole = {at: np.arange(*arcs.arc_start[[at, at + 1]]) for at in worn}
        if all(len(kept[at]) == len(one) for at, one in whole.items()):
            return made
        for restored, one in whole.items():
            kept[restored] = one


def _with_vertices(arcs: Arcs, kept: list[npt.NDArray[np.int64]]) -> Arcs:
    vertices = np.concatenate([np.empty(0, dtype=np.int64), *kept])
    start = np.r_[0, np.cumsum([len(one) for one in kept], dtype=np.int64)]
    return dataclasses.replace(
        arcs, lon=arcs.lon[vertices], lat=arcs.lat[vertices], arc_start=start
    )


def _doubled_areas(arcs: Arcs) -> FloatArray:
    """Return twice the area of each ring in square degrees; negative if it runs clockwise."""
    vertices, ring = arcs.ring_vertices()
    lon, lat = arcs.lon[vertices], arcs.lat[vertices]
    first = np.searchsorted(ring, np.arange(arcs.n_rings))
    following = np.arange(1, len(ring) + 1)
    following[np.r_[first[1:], len(ring)] - 1] = first
    # From a corner of each ring: small numbers keep their digits.
    east, north = lon - lon[first][ring], lat - lat[first][ring]
    doubled = np.bincount(ring, weights=east * north[following] - east[following] * north)
    return doubled.astype(np.float64)


@functools.lru_cache(maxsize=4)
def _simplified(arcs: Arcs, tolerance_m: float) -> list[FloatArray]:
    """Return the arcs in meters. Their ends stay, so that rings close and borders are shared.

    A picture asks for the same arcs twice, for municipalities and for states.
    """
    easting, northing = crs.project(arcs.lon, arcs.lat)
    points = np.column_stack([easting, northing])
    return [points[kept] for kept in _kept(points, arcs.arc_start, tolerance_m)]


def _kept(
    points: FloatArray, start: npt.NDArray[np.int64], tolerance_m: float
) -> list[npt.NDArray[np.int64]]:
    """Return the vertices of each arc that a simplified one keeps, both ends among them."""
    # The third coordinate is not looked at; it says which vertices are left.
    numbered = np.column_stack([points, np.arange(len(points), dtype=np.float64)])
    arc = np.repeat(np.arange(len(start) - 1), np.diff(start))
    thin = shapely.simplify(
        shapely.linestrings(numbered, indices=arc), tolerance_m, preserve_topology=False
    )
    coordinates, owner = shapely.get_coordinates(thin, include_z=True, return_index=True)
    vertices = coordinates[:, 2].astype(np.int64)
    kept = np.split(vertices, np.flatnonzero(np.diff(owner)) + 1)
    for at, (begin, end) in enumerate(_spans(start)):
        # An island of one arc must not shrink to a line.
        if len(kept[at]) < LEAST_VERTICES and (points[begin] == points[end - 1]).all():
            kept[at] = np.arange(begin, end)
    return kept


def _spans(start: npt.NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    return zip(start[:-1].tolist(), start[1:].tolist(), strict=True)


def _run(lines: list[FloatArray], used: int) -> FloatArray:
    return lines[used] if used >= 0 else lines[~used][::-1]


def _joined(lines: list[FloatArray], used: Iterable[int]) -> FloatArray:
    """Return arcs run one after the other; each begins where the one before ends."""
    first, *others = (_run(lines, arc) for arc in used)
    return np.concatenate([first, *(other[1:] for other in others)])


def _oriented(arcs: Arcs) -> Iterator[tuple[str, list[int]]]:
    """Return the code and the arcs of each ring, shells run one way and holes the other."""
    shell = np.ones(arcs.n_rings, dtype=bool)
    shell[1:] = (np.diff(arcs.ring_area) != 0) | (np.diff(arcs.ring_part) != 0)
    doubled = _doubled_areas(arcs)
    for at, (begin, end) in enumerate(_spans(arcs.ring_start)):
        used = arcs.ring_arcs[begin:end].tolist()
        backward = (doubled[at] < 0) == shell[at]
        code = arcs.codes[arcs.ring_area[at]]
        yield code, [~arc for arc in reversed(used)] if backward else used


def _rings(
    codes: Iterable[str], lines: list[FloatArray], rings: Iterable[tuple[str, list[int]]]
) -> dict[str, Rings]:
    found: dict[str, list[FloatArray]] = {code: [] for code in codes}
    for code, used in rings:
        found[code].append(_joined(lines, used))
    return {code: tuple(mine) for code, mine in found.items()}


def _state_rings(
    lines: list[FloatArray],
    rings: Iterable[tuple[str, list[int]]],
    kinds: npt.NDArray[np.int64],
) -> dict[str, Rings]:
    """Return states: the arcs of their municipalities without those between two of the same."""
    of_state: dict[str, list[int]] = {}
    for code, used in rings:
        kept = [arc for arc in used if kinds[max(arc, ~arc)] != INNER]
        of_state.setdefault(code[:2], []).extend(kept)
    return {code: tuple(_chained(lines, mine)) for code, mine in sorted(of_state.items())}


def _chained(lines: list[FloatArray], used: list[int]) -> list[FloatArray]:
    """Return closed rings of arcs that come in any order.

    Where several rings touch in a point, any way on is right: the inside is the same.
    """

    def end(arc: int, at: int) -> tuple[float, float]:
        east, north = _run(lines, arc)[at]
        return float(east), float(north)

    leaving: dict[tuple[float, float], list[int]] = {}
    for arc in reversed(used):
        leaving.setdefault(end(arc, 0), []).append(arc)
    rings = []
    while leaving:
        start = here = next(iter(leaving))
        ring: list[int] = []
        while not ring or here != start:
            ways = leaving[here]
            ring.append(ways.pop())
            if not ways:
                del leaving[here]
            here = end(ring[-1], -1)
        rings.append(_joined(lines, ring))
    return rings
