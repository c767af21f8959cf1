"""Shared arcs in degrees → rings and lines in meters, for pictures on paper.

A picture has a fixed size, so arcs lose what it cannot show; both neighbors lose the same, and
stay neighbors. The plane is INEGI's projection of Mexico: a scale bar holds everywhere in it.
"""

from __future__ import annotations

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


def _simplified(arcs: Arcs, tolerance_m: float) -> list[FloatArray]:
    """Return the arcs in meters. Their ends stay, so that rings close and borders are shared."""
    easting, northing = crs.project(arcs.lon, arcs.lat)
    points = np.column_stack([easting, northing])
    lines = [points[begin:end] for begin, end in _spans(arcs.arc_start)]
    thin = shapely.simplify(
        np.array([shapely.linestrings(line) for line in lines], dtype=object), tolerance_m,
        preserve_topology=False,
    )  # fmt: skip
    made: list[FloatArray] = []
    for line, other in zip(lines, thin, strict=True):
        kept = shapely.get_coordinates(other)
        # An island of one arc must not shrink to a line.
        closed = bool((line[0] == line[-1]).all())
        made.append(line if closed and len(kept) < LEAST_VERTICES else kept)
    return made


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
    vertices, ring = arcs.ring_vertices()
    lon, lat = arcs.lon[vertices], arcs.lat[vertices]
    first = np.searchsorted(ring, np.arange(arcs.n_rings))
    following = np.arange(1, len(ring) + 1)
    following[np.r_[first[1:], len(ring)] - 1] = first
    # Twice the area, from a corner of each ring: small numbers keep their digits.
    east, north = lon - lon[first][ring], lat - lat[first][ring]
    doubled = np.bincount(ring, weights=east * north[following] - east[following] * north)
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
