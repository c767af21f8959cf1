"""The edges of areas, the cells they touch, and the stretches of a row that an area holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.stats.area_grid import FloatArray, Frame, IntArray, PlaceArray
from geo.stats.area_grid_exact import expand
from geo.stats.orientation import orientation

NEAR = 1e-6
"""Cells; what lies nearer than this to a border of cells or a middle is looked at twice. Doubles
are a thousand times finer."""


class Edges(NamedTuple):
    """Edges, each once, from west to east, with the areas that it bounds.

    ``turned`` says of each owner whether its ring runs the other way.
    """

    ends: FloatArray
    owner_start: PlaceArray
    owners: PlaceArray
    turned: npt.NDArray[np.bool_]


class Touched(NamedTuple):
    """Border cells in the order of their blocks, and the edges of each."""

    row: IntArray
    column: IntArray
    start: IntArray
    edge: IntArray


class Spans(NamedTuple):
    """Stretches of middles that an area holds: ``[begin, end)`` of a row, by row and area."""

    row: IntArray
    area: IntArray
    begin: IntArray
    end: IntArray


def distinct_edges(
    lon: FloatArray, lat: FloatArray, ring_start: IntArray, ring_area: IntArray
) -> Edges:
    """Return each edge once, with every area it bounds (twice, where an area has it twice)."""
    lon, lat = lon + 0.0, lat + 0.0  # no negative zero: it would be another edge
    follows = np.ones(max(len(lon) - 1, 0), dtype=bool)
    follows[ring_start[1:-1] - 1] = False
    follows &= (lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1])
    at = np.flatnonzero(follows)
    owner = np.repeat(ring_area, np.diff(ring_start))[at].astype(np.int32)
    turn = (lon[at] > lon[at + 1]) | ((lon[at] == lon[at + 1]) & (lat[at] > lat[at + 1]))
    first, second = at + turn, at + ~turn
    ends = np.column_stack([lon[first], lat[first], lon[second], lat[second]])
    # Sorting one hash is several times faster than sorting four numbers. Should two edges have
    # the same hash, a shared one may be kept twice, which costs a little time and nothing else.
    order = np.argsort(_hash(ends), kind="stable")
    ends, owner, turn = ends[order], owner[order], turn[order]
    new = np.ones(len(ends), dtype=bool)
    new[1:] = _differ(ends)
    start = np.append(np.flatnonzero(new), len(owner)).astype(np.int32)
    return Edges(ends[new], start, owner, turn)


def _differ(ends: FloatArray) -> npt.NDArray[np.bool_]:
    """Return which edges differ from the one before."""
    differ: npt.NDArray[np.bool_] = ends[1:, 0] != ends[:-1, 0]
    for k in range(1, 4):
        differ |= ends[1:, k] != ends[:-1, k]
    return differ


def _hash(ends: FloatArray) -> npt.NDArray[np.uint64]:
    mixed = np.zeros(len(ends), dtype=np.uint64)
    for column in ends.view(np.uint64).T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed


def touch_cells(ends: FloatArray, frame: Frame) -> Touched:
    """Return the cells that each edge touches, and perhaps a few that it only comes near."""
    # Edges run from west to east.
    west = frame.column(ends[:, 0]).astype(np.int64)
    east = frame.column(ends[:, 2]).astype(np.int64)
    row, other = (frame.row(ends[:, k]).astype(np.int64) for k in (1, 3))
    south, north = np.minimum(row, other), np.maximum(row, other)

    edge, at_row = stretch(np.arange(len(ends)), south, north)
    begin, end = west[edge].copy(), east[edge].copy()
    slanted = np.flatnonzero((south[edge] != north[edge]) & (begin != end))
    some = edge[slanted]
    ax, ay, bx, by = ends[some].T
    margin = NEAR * frame.side
    low = frame.south + at_row[slanted] * frame.side
    at_low, at_high = (
        ax + np.clip((lat - ay) / (by - ay), 0.0, 1.0) * (bx - ax)
        for lat in (low - margin, low + frame.side + margin)
    )
    first = frame.column(np.minimum(at_low, at_high) - margin)
    last = frame.column(np.maximum(at_low, at_high) + margin)
    begin[slanted] = np.maximum(begin[slanted], np.floor(first).astype(np.int64))
    end[slanted] = np.minimum(end[slanted], np.floor(last).astype(np.int64))
    which, at_column = stretch(np.arange(len(edge)), begin, end)
    edge, at_row = edge[which], at_row[which]

    shift, inner = frame.shift, (1 << frame.shift) - 1
    block = (at_row >> shift) * frame.columns + (at_column >> shift)
    cell = (block << (2 * shift)) + ((at_row & inner) << shift) + (at_column & inner)
    order = np.argsort(cell, kind="stable")
    cell, edge = cell[order], edge[order]
    new = np.flatnonzero(np.diff(cell, prepend=-1))
    return Touched(at_row[order][new], at_column[order][new], np.append(new, len(edge)), edge)


def stretch(key: IntArray, begin: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Return every key once for each number from its begin to its end, both included."""
    length = np.maximum(end - begin + 1, 0)
    which = np.repeat(np.arange(len(key)), length)
    within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    return key[which], begin[which] + within


def find_spans(edges: Edges, frame: Frame) -> Spans:
    """Return the stretches of middles that each area holds, exactly."""
    ends = edges.ends
    low, high = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    first = np.ceil(frame.row(low) - 0.5 - NEAR).astype(np.int64)
    last = np.floor(frame.row(high) - 0.5 + NEAR).astype(np.int64)
    edge, row = stretch(np.arange(len(ends)), first, last)
    lat = frame.middle_lat(row)
    # A vertex at the height of the middles counts as below them: no border is crossed twice.
    crosses = (low[edge] <= lat) & (lat < high[edge])
    edge, row, lat = edge[crosses], row[crosses], lat[crosses]
    found = ends[edge]
    upward = np.where((found[:, 1] <= found[:, 3])[:, None], found, np.roll(found, 2, axis=1))
    ax, ay, bx, by = upward.T
    lon = np.clip(ax + (lat - ay) / (by - ay) * (bx - ax), np.minimum(ax, bx), np.maximum(ax, bx))
    place = frame.column(lon) - 0.5
    turn = np.ceil(place).astype(np.int64)
    near = np.flatnonzero(np.abs(place - np.round(place)) < NEAR)
    nearest = np.round(place[near]).astype(np.int64)
    middle = np.column_stack([frame.middle_lon(nearest), lat[near]])
    side = orientation(upward[near, :2], upward[near, 2:], middle)
    # A middle on the border counts as east of it.
    turn[near] = np.where(side <= 0, nearest, nearest + 1)

    which, owner_at = expand(edges.owner_start, edge)
    key = row[which] * (int(edges.owners.max(initial=0)) + 1) + edges.owners[owner_at]
    order = np.lexsort((turn[which], key))
    which, owner_at = which[order], owner_at[order]
    begin, end = turn[which[::2]], turn[which[1::2]]
    filled = begin < end
    return Spans(
        row[which[::2]][filled],
        edges.owners[owner_at[::2]][filled].astype(np.int64),
        begin[filled],
        end[filled],
    )
