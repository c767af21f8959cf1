"""Write down what the quick test needs to know of each border cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.stats.area_edges import Edges, Touched
from geo.stats.area_grid import BITS, HEADER, FloatArray, Frame, IntArray
from geo.stats.area_grid_exact import expand
from geo.stats.area_grid_paint import Painted

_COLLINEAR = 1e-12
"""Of the two products: nearer than so, the middle is taken to lie on the line of an edge."""

_NO_OFFSET = 1e-30
"""Degrees; below this single precision loses digits."""


def make_records(
    edges: Edges, frame: Frame, touched: Touched, painted: Painted, n_areas: int
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
    ends: FloatArray, frame: Frame, touched: Touched, cell: IntArray
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
