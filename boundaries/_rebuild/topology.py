"""Polygons to shared arcs: cut every border where its owners change and store it once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geo.sources.arcs import COLUMNS

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rings:
    """The rings of many areas on an integer grid, without their closing vertex.

    `start` delimits the rings among the vertices; `area` and `part` say what each ring belongs to.
    """

    lon: IntArray
    lat: IntArray
    start: IntArray
    area: IntArray
    part: IntArray

    @property
    def ring(self) -> IntArray:
        """The ring of each vertex."""
        return np.repeat(np.arange(len(self.area)), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Cut:
    """Rings cut into arcs, as :class:`geo.sources.arcs.Arcs` but on the integer grid."""

    lon: IntArray
    lat: IntArray
    arc_start: IntArray
    ring_arcs: IntArray
    ring_start: IntArray
    ring_area: IntArray
    ring_part: IntArray


def rings_of(areas: npt.NDArray[np.object_], scale: float) -> Rings:
    """Return the rings of polygons in degrees, rounded to ``1 / scale`` degree.

    A vertex that rounding moves onto the one before it is dropped: it is no vertex any more. A
    hole too small for the grid is dropped as well.
    """
    parts, part_area = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, vertex_ring = shapely.get_coordinates(rings, return_index=True)
    lon, lat = np.rint(coordinates.T * scale).astype(np.int64)
    # The closing vertex repeats the first; dropping each repeat of its predecessor in the
    # circle drops it, and every vertex that has become a repeat.
    first = np.flatnonzero(np.r_[True, vertex_ring[1:] != vertex_ring[:-1]])
    before = np.arange(len(lon)) - 1
    before[first] = np.r_[first[1:], len(lon)] - 1
    repeat = (lon == lon[before]) & (lat == lat[before])
    # The first vertex equals the closing one: it is the closing one that goes.
    repeat[first] = False
    last = np.r_[first[1:], len(lon)] - 1
    repeat[last] = True
    keep = ~repeat
    # A vertex before the closing one that rounds onto the first is a repeat as well.
    keep = _drop_tails(lon, lat, vertex_ring, first, keep)
    counts = np.bincount(vertex_ring[keep], minlength=len(rings))
    is_hole = np.r_[False, ring_part[1:] == ring_part[:-1]]
    vanished = counts < 3
    if (vanished & ~is_hole).any():
        raise ValueError(f"{(vanished & ~is_hole).sum()} parts vanish on a grid of 1/{scale:g} deg")
    keep &= ~vanished[vertex_ring]
    area = part_area[ring_part]
    # Numbers of parts count from 0 in each area.
    first_part = np.searchsorted(part_area, np.arange(len(areas)))
    return Rings(
        lon=lon[keep],
        lat=lat[keep],
        start=np.r_[0, np.cumsum(counts[~vanished])],
        area=area[~vanished],
        part=(ring_part - first_part[area])[~vanished],
    )


def _drop_tails(
    lon: IntArray,
    lat: IntArray,
    ring: IntArray,
    first: IntArray,
    keep: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Drop the last kept vertex of a ring as long as it equals the first."""
    keep = keep.copy()
    while True:
        kept = np.flatnonzero(keep)
        tail = kept[np.r_[ring[kept][1:] != ring[kept][:-1], True]]
        head = first[ring[tail]]
        same = (lon[tail] == lon[head]) & (lat[tail] == lat[head]) & (tail != head)
        if not same.any():
            return keep
        keep[tail[same]] = False


def cut(rings: Rings) -> Cut:
    """Cut rings into arcs, each stored once.

    An arc ends where the borders fork (the two vertices beside a vertex are not the same in all
    rings that pass it, which is also where a second owner comes or goes) and where a ring starts,
    so that a ring decodes to the very list of vertices it was made from.
    """
    n = len(rings.lon)
    point = _point_numbers(rings)
    start, end = rings.start[:-1], rings.start[1:]
    before, after = np.arange(n) - 1, np.arange(n) + 1
    before[start], after[end - 1] = end - 1, start

    is_end = np.zeros(point.max() + 1, dtype=bool)
    is_end[point[start]] = True
    is_end[_forks(point, point[before], point[after])] = True

    # Each arc of a ring runs from one end to the next; the last one closes the ring.
    arc_first = np.flatnonzero(is_end[point])
    ring = rings.ring
    last_of_ring = np.r_[ring[arc_first][1:] != ring[arc_first][:-1], True]
    arc_last = np.where(last_of_ring, end[ring[arc_first]], np.r_[arc_first[1:], n])

    # Between forks there is only one way: the first step tells an arc, in either direction.
    wrapped = np.where(arc_last == end[ring[arc_first]], start[ring[arc_first]], arc_last % n)
    forward = point[arc_first] * np.int64(n + 1) + point[after[arc_first]]
    backward = point[wrapped] * np.int64(n + 1) + point[arc_last - 1]
    same = np.minimum(forward, backward)
    _, seen_first, number = np.unique(same, return_index=True, return_inverse=True)
    order = np.argsort(seen_first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    number = rank[number]
    stored = seen_first[order]
    is_forward = forward == forward[stored][number]

    length = arc_last[stored] - arc_first[stored] + 1
    arc_start = np.r_[0, np.cumsum(length)]
    vertex = np.arange(arc_start[-1]) - np.repeat(arc_start[:-1], length)
    vertex += np.repeat(arc_first[stored], length)
    closing = arc_start[1:] - 1
    vertex[closing] = wrapped[stored]
    per_ring = np.bincount(ring[arc_first], minlength=len(rings.area))
    return Cut(
        lon=rings.lon[vertex],
        lat=rings.lat[vertex],
        arc_start=arc_start,
        ring_arcs=np.where(is_forward, number, ~number),
        ring_start=np.r_[0, np.cumsum(per_ring)],
        ring_area=rings.area,
        ring_part=rings.part,
    )


def start_at_forks(rings: Rings) -> Rings:
    """Turn each ring so that it starts at a fork, if it has one; fewer and longer arcs follow."""
    point = _point_numbers(rings)
    start, end = rings.start[:-1], rings.start[1:]
    before, after = np.arange(len(point)) - 1, np.arange(len(point)) + 1
    before[start], after[end - 1] = end - 1, start
    fork = np.zeros(point.max() + 1, dtype=bool)
    fork[_forks(point, point[before], point[after])] = True
    forks = np.flatnonzero(fork[point])
    shift = np.zeros(len(start), dtype=np.int64)
    rings_with, first_fork = np.unique(rings.ring[forks], return_index=True)
    shift[rings_with] = forks[first_fork] - start[rings_with]
    ring = rings.ring
    within = np.arange(len(point)) - start[ring]
    source = start[ring] + (within + shift[ring]) % (end - start)[ring]
    return replace(rings, lon=rings.lon[source], lat=rings.lat[source])


def _point_numbers(rings: Rings) -> IntArray:
    """Return a number for each vertex, the same for vertices in the same place."""
    key = (rings.lon - rings.lon.min()) * (np.ptp(rings.lat) + 1) + (rings.lat - rings.lat.min())
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def _forks(point: IntArray, before: IntArray, after: IntArray) -> IntArray:
    """Return the points whose two neighbors along the rings are not always the same two."""
    low, high = np.minimum(before, after), np.maximum(before, after)
    order = np.argsort(point, kind="stable")
    point, low, high = point[order], low[order], high[order]
    differs = (point[1:] == point[:-1]) & ((low[1:] != low[:-1]) | (high[1:] != high[:-1]))
    return np.unique(point[1:][differs])


def to_table(arcs: Cut, codes: list[str], scale: float, credit: str) -> pa.Table:
    """Return the one-row table that :meth:`geo.sources.arcs.Arcs.read` reads."""
    values = {
        "lon": arcs.lon,
        "lat": arcs.lat,
        "arc_start": arcs.arc_start,
        "ring_arcs": arcs.ring_arcs,
        "ring_start": arcs.ring_start,
        "ring_area": arcs.ring_area,
        "ring_part": arcs.ring_part,
    }
    columns = {name: pa.array([array.astype(np.int32)]) for name, array in values.items()}
    columns["codes"] = pa.array([codes])
    table = pa.table({name: columns[name] for name in COLUMNS})
    return table.replace_schema_metadata({"scale": f"{scale:.0f}", "credit": credit})
