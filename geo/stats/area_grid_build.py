"""Make the grid that knows which cells lie wholly inside an area (:mod:`geo.stats.area_grid`).

Whether the middle of a cell lies in an area is decided exactly: along each row of middles every
border crossed enters or leaves, and a middle next to a crossing is compared without rounding. A
cell that no edge touches is as its middle.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.stats.area_grid import (
    BITS,
    HEADER,
    AreaGrid,
    FloatArray,
    Frame,
    IntArray,
    PlaceArray,
)
from geo.stats.area_grid_exact import expand
from geo.stats.orientation import orientation

_NEAR = 1e-6
"""Cells; what lies nearer than this to a border of cells or a middle is looked at twice. Doubles
are a thousand times finer."""

_CELLS = (10_000, 800_000)
"""Least and most border cells aimed at, in between half the number of edges."""

_GRID = 1e8
"""Most cells of the whole grid."""

_SMALLEST = 1e-6
"""Degrees; a cell is never smaller (11 cm), so that offsets stay far above rounding."""

_SHIFT = 4
_STRIP = 4_000_000
"""Cells that are painted at a time."""

_COUNT_BITS = 20
_COLLINEAR = 1e-12
_NO_OFFSET = 1e-30


class Edges(NamedTuple):
    """Edges, each once, from west to east, with the areas that it bounds.

    ``turned`` says of each owner whether its ring runs the other way.
    """

    ends: FloatArray
    owner_start: PlaceArray
    owners: PlaceArray
    turned: npt.NDArray[np.bool_]


class _Touched(NamedTuple):
    """Border cells in the order of their blocks, and the edges of each."""

    row: IntArray
    column: IntArray
    start: IntArray
    edge: IntArray


class _Spans(NamedTuple):
    """Stretches of middles that an area holds: ``[begin, end)`` of a row, by row and area."""

    row: IntArray
    area: IntArray
    begin: IntArray
    end: IntArray


def build_area_grid(
    lon: FloatArray,
    lat: FloatArray,
    ring_start: IntArray,
    ring_area: IntArray,
    n_areas: int,
    *,
    side: float | None = None,
) -> AreaGrid:
    """Return the grid of areas given by their rings.

    An area holds what an odd number of its rings surrounds, and its rings. For valid polygons,
    and for those that only cross or touch themselves, that is what every point-in-polygon test
    says.

    Parameters
    ----------
    lon, lat
        Vertices of the rings in degrees, finite, ring after ring; each ring ends where it begins.
    ring_start
        Where each ring begins; one entry more than there are rings.
    ring_area
        The area of each ring, as a number from 0; areas are ordered by their codes.
    n_areas
        Number of areas; those without a ring hold nothing.
    side
        Side of a cell in degrees; chosen by the number and length of the edges unless given.

    Returns
    -------
    AreaGrid

    Examples
    --------
    One square degree:

    >>> ring = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    >>> grid = build_area_grid(*ring.T, np.array([0, 5]), np.array([0]), 1)
    >>> len(grid.edges)
    4
    """
    edges = distinct_edges(lon, lat, ring_start, ring_area)
    frame = _frame(edges.ends, side)
    touched = _touch(edges.ends, frame)
    spans = _spans(edges, frame)
    block_at, block_of = np.unique(
        (touched.row >> frame.shift) * frame.columns + (touched.column >> frame.shift),
        return_inverse=True,
    )
    painted = _paint(frame, spans, touched, block_at, n_areas)
    first_border = np.searchsorted(block_of, np.arange(len(block_at)))
    last = (1 << frame.shift) - 1
    inner = ((touched.row & last) << frame.shift) + (touched.column & last)
    painted.cells[(block_of << (2 * frame.shift)) + inner] = ~(
        np.arange(len(block_of)) - first_border[block_of]
    )
    blocks = painted.blocks
    blocks[block_at] = ~np.arange(len(block_at))
    small = painted.cells.max(initial=0) < 2**15
    arrays: dict[str, npt.NDArray[Any]] = {
        "frame": np.array(frame, dtype=np.float64),
        "blocks": blocks.astype(np.int32),
        "cells": painted.cells.astype(np.int16 if small else np.int32),
        "first_border": first_border.astype(np.int32),
        "edge_start": touched.start.astype(np.int32),
        "cell_edges": touched.edge.astype(np.int32),
        "edges": edges.ends,
        "owner_start": edges.owner_start,
        "owners": edges.owners,
        "shared": painted.shared,
        "n_areas": np.array([n_areas], dtype=np.int32),
        **_records(edges, frame, touched, painted, n_areas),
    }
    for array in arrays.values():
        array.setflags(write=False)
    return AreaGrid(**arrays)


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


def _frame(ends: FloatArray, side: float | None) -> Frame:
    if not len(ends):
        return Frame(0.0, 0.0, 1.0, _SHIFT, 1, 1)
    both = ends.reshape(-1, 2)
    (west, south), (east, north) = both.min(axis=0), both.max(axis=0)
    if side is None:
        # An edge touches one cell, and one more for each border of cells that it crosses.
        length = float(np.abs(ends[:, 2:] - ends[:, :2]).sum())
        wanted = float(np.clip(len(ends) / 2, *_CELLS))
        side = max(length / wanted, ((east - west) * (north - south) / _GRID) ** 0.5)
    side = max(side, _SMALLEST, (east - west) / _GRID, (north - south) / _GRID)
    # A ring of blocks around everything is empty. The grid begins at an odd place, so that round
    # coordinates do not lie on its lines.
    west = west - ((1 << _SHIFT) + 0.0137) * side
    south = south - ((1 << _SHIFT) + 0.0171) * side
    cells = np.floor([(east - west) / side + 0.01, (north - south) / side + 0.01]).astype(int) + 1
    columns, rows = (cells >> _SHIFT) + 2
    return Frame(float(west), float(south), float(side), _SHIFT, int(columns), int(rows))


def _touch(ends: FloatArray, frame: Frame) -> _Touched:
    """Return the cells that each edge touches, and perhaps a few that it only comes near."""
    # Edges run from west to east.
    west = frame.column(ends[:, 0]).astype(np.int64)
    east = frame.column(ends[:, 2]).astype(np.int64)
    row, other = (frame.row(ends[:, k]).astype(np.int64) for k in (1, 3))
    south, north = np.minimum(row, other), np.maximum(row, other)

    edge, at_row = _stretch(np.arange(len(ends)), south, north)
    begin, end = west[edge].copy(), east[edge].copy()
    slanted = np.flatnonzero((south[edge] != north[edge]) & (begin != end))
    some = edge[slanted]
    ax, ay, bx, by = ends[some].T
    margin = _NEAR * frame.side
    low = frame.south + at_row[slanted] * frame.side
    at_low, at_high = (
        ax + np.clip((lat - ay) / (by - ay), 0.0, 1.0) * (bx - ax)
        for lat in (low - margin, low + frame.side + margin)
    )
    first = frame.column(np.minimum(at_low, at_high) - margin)
    last = frame.column(np.maximum(at_low, at_high) + margin)
    begin[slanted] = np.maximum(begin[slanted], np.floor(first).astype(np.int64))
    end[slanted] = np.minimum(end[slanted], np.floor(last).astype(np.int64))
    which, at_column = _stretch(np.arange(len(edge)), begin, end)
    edge, at_row = edge[which], at_row[which]

    shift, inner = frame.shift, (1 << frame.shift) - 1
    block = (at_row >> shift) * frame.columns + (at_column >> shift)
    cell = (block << (2 * shift)) + ((at_row & inner) << shift) + (at_column & inner)
    order = np.argsort(cell, kind="stable")
    cell, edge = cell[order], edge[order]
    new = np.flatnonzero(np.diff(cell, prepend=-1))
    return _Touched(at_row[order][new], at_column[order][new], np.append(new, len(edge)), edge)


def _stretch(key: IntArray, begin: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """Return every key once for each number from its begin to its end, both included."""
    length = np.maximum(end - begin + 1, 0)
    which = np.repeat(np.arange(len(key)), length)
    within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    return key[which], begin[which] + within


def _spans(edges: Edges, frame: Frame) -> _Spans:
    ends = edges.ends
    low, high = np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3])
    first = np.ceil(frame.row(low) - 0.5 - _NEAR).astype(np.int64)
    last = np.floor(frame.row(high) - 0.5 + _NEAR).astype(np.int64)
    edge, row = _stretch(np.arange(len(ends)), first, last)
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
    near = np.flatnonzero(np.abs(place - np.round(place)) < _NEAR)
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
    return _Spans(
        row[which[::2]][filled],
        edges.owners[owner_at[::2]][filled].astype(np.int64),
        begin[filled],
        end[filled],
    )


class _Painted(NamedTuple):
    """What every cell is, and the areas that hold the middles of border cells."""

    blocks: IntArray
    cells: IntArray
    shared: PlaceArray
    border: IntArray
    border_area: IntArray


def _paint(
    frame: Frame, spans: _Spans, touched: _Touched, block_at: IntArray, n_areas: int
) -> _Painted:
    side = 1 << frame.shift
    blocks = np.zeros((frame.rows, frame.columns), dtype=np.int64)
    cells = np.zeros((len(block_at), side, side), dtype=np.int64)
    holders = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    block_row, block_column = np.divmod(block_at, frame.columns)
    by_row = np.argsort(touched.row, kind="stable")
    row_in_order = touched.row[by_row]
    step = max(1, _STRIP // (frame.n_lon * side))
    for begin in range(0, frame.rows, step):
        end = min(begin + step, frame.rows)
        first, last = begin * side, end * side
        here = slice(*np.searchsorted(spans.row, (first, last)))
        strip = _Spans(
            spans.row[here] - first, spans.area[here], spans.begin[here], spans.end[here]
        )
        border = by_row[slice(*np.searchsorted(row_in_order, (first, last)))]
        at = (touched.row[border] - first) * frame.n_lon + touched.column[border]
        value, found = _paint_strip(strip, last - first, frame.n_lon, at)
        holders.append((border[found[0]], found[1]))
        image = value.reshape(end - begin, side, frame.columns, side)
        blocks[begin:end] = image[:, 0, :, 0]
        mixed = np.flatnonzero((begin <= block_row) & (block_row < end))
        cells[mixed] = image[block_row[mixed] - begin, :, block_column[mixed], :]
    shared = _name_shared(blocks, cells, n_areas)
    border, border_area = (np.concatenate(parts) for parts in zip(*holders, strict=True))
    return _Painted(blocks.ravel(), cells.ravel(), shared, border, border_area)


def _paint_strip(
    spans: _Spans, n_rows: int, n_columns: int, border: IntArray
) -> tuple[IntArray, tuple[IntArray, IntArray]]:
    """Return the value of all cells of some rows, and who holds the middles of border cells.

    The value is 0 outside, one more than the area where there is one, and below 0 where several
    areas hold the middle. Holders are pairs: a position in `border`, an area.
    """
    width = n_columns + 1
    begin, end = spans.row * width + spans.begin, spans.row * width + spans.end
    number = np.zeros(n_rows * width, dtype=np.int32)
    np.add.at(number, begin, 1)
    np.add.at(number, end, -1)
    total = np.zeros(n_rows * width, dtype=np.int64)
    np.add.at(total, begin, spans.area + 1)
    np.add.at(total, end, -spans.area - 1)
    number = np.cumsum(number, out=number).reshape(n_rows, width)[:, :-1].ravel()
    value = np.cumsum(total, out=total).reshape(n_rows, width)[:, :-1].ravel()

    single = np.flatnonzero(number[border] == 1)
    positions, areas = [single], [value[border[single]] - 1]
    if len(number) and number.max() > 1:
        which, at = _stretch(np.arange(len(spans.row)), spans.begin, spans.end - 1)
        cell, area = spans.row[which] * n_columns + at, spans.area[which]
        several = number[cell] > 1
        cell, area = cell[several], area[several]
        position = np.full(len(value), -1, dtype=np.int64)
        position[border] = np.arange(len(border))
        at_border = position[cell] >= 0
        positions.append(position[cell[at_border]])
        areas.append(area[at_border])
        order = np.argsort(-area, kind="stable")  # the lowest is written last, and stays
        value[cell[order]] = -1 - (area[order] << _COUNT_BITS) - number[cell[order]]
    return value, (np.concatenate(positions), np.concatenate(areas))


def _name_shared(blocks: IntArray, cells: IntArray, n_areas: int) -> PlaceArray:
    """Return the kinds of cells that several areas hold, and number them in place."""
    codes = np.unique(np.concatenate([blocks[blocks < 0], cells[cells < 0]]))
    for values in (blocks, cells):
        several = values < 0
        values[several] = n_areas + 1 + np.searchsorted(codes, values[several])
    first, how_many = np.divmod(-1 - codes, 1 << _COUNT_BITS)
    return np.column_stack([first, how_many]).astype(np.int32)


def _records(
    edges: Edges, frame: Frame, touched: _Touched, painted: _Painted, n_areas: int
) -> dict[str, npt.NDArray[Any]]:
    """Return the areas of each border cell, and what the quick test needs to know of it."""
    n_cells = len(touched.row)
    n_edges = np.diff(touched.start)
    cell = np.repeat(np.arange(n_cells), n_edges)
    entry, owner_at = expand(edges.owner_start, touched.edge)
    owner_key = cell[entry] * n_areas + edges.owners[owner_at]
    holder_key = painted.border * n_areas + painted.border_area
    keys = _distinct(np.concatenate([owner_key, holder_key]))
    area_cell, areas = np.divmod(keys, max(n_areas, 1))
    area_start = np.searchsorted(area_cell, np.arange(n_cells + 1))
    holds = np.zeros(len(keys), dtype=bool)
    holds[np.searchsorted(keys, holder_key)] = True

    n_known = np.diff(area_start)
    slot = np.arange(len(keys)) - area_start[area_cell]
    bit = np.where(slot < BITS, 1 << np.minimum(slot, BITS), 0)
    bits = np.zeros(len(touched.edge), dtype=np.uint8)
    np.bitwise_xor.at(bits, entry, bit[np.searchsorted(keys, owner_key)].astype(np.uint8))
    held = np.bincount(area_cell[holds], weights=bit[holds], minlength=n_cells).astype(np.int64)

    offsets, in_doubt = _offsets(edges.ends, frame, touched, cell)
    in_doubt |= n_known > BITS

    kept = np.minimum(n_known, BITS)
    bits_at = HEADER + kept
    edges_at = bits_at + (n_edges + 3) // 4
    start = np.concatenate([[0], np.cumsum(edges_at + 4 * n_edges)])
    records = np.zeros(start[-1], dtype=np.int32)
    records[start[:-1]] = n_edges
    records[start[:-1] + 1] = held | in_doubt.astype(np.int64) << 8 | kept << 16
    few = slot < BITS
    records[(start[area_cell] + HEADER + slot)[few]] = areas[few]
    rank = np.arange(len(cell)) - touched.start[cell]
    records.view(np.uint8)[(start[cell] + bits_at[cell]) * 4 + rank] = bits
    at = start[cell] + edges_at[cell] + 4 * rank
    for k in range(4):
        records.view(np.float32)[at + k] = offsets[:, k]
    return {
        "record_start": start.astype(np.int32),
        "records": records,
        "area_start": area_start.astype(np.int32),
        "areas": areas.astype(np.int32),
        "holds_middle": holds,
    }


def _offsets(
    ends: FloatArray, frame: Frame, touched: _Touched, cell: IntArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Return edges as offsets from the middles of their cells, and the cells that cannot use them.

    The middle lies on the left of each edge. Where it lies on the line of an edge, or so near
    that the side is in doubt, the quick test does not hold.
    """
    lon = np.repeat(frame.middle_lon(touched.column), np.diff(touched.start))
    lat = np.repeat(frame.middle_lat(touched.row), np.diff(touched.start))
    found = ends[touched.edge]
    ax, ay, bx, by = (found[:, k] - (lat if k % 2 else lon) for k in range(4))
    left, right = ax * by, ay * bx
    doubtful = np.abs(left - right) <= _COLLINEAR * (np.abs(left) + np.abs(right))
    doubtful |= (np.abs(ax) + np.abs(ay) < _NO_OFFSET) | (np.abs(bx) + np.abs(by) < _NO_OFFSET)
    in_doubt = np.zeros(len(touched.row), dtype=bool)
    in_doubt[cell[doubtful]] = True
    turn = left < right
    turned = np.where(turn, bx, ax), np.where(turn, by, ay), np.where(turn, ax, bx)
    return np.column_stack([*turned, np.where(turn, ay, by)]), in_doubt


def _distinct(keys: IntArray) -> IntArray:
    keys = np.sort(keys)
    new = np.ones(len(keys), dtype=bool)
    new[1:] = keys[1:] != keys[:-1]
    return keys[new]
