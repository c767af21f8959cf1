"""Make the grid that knows which cells lie wholly inside an area (:mod:`geo.stats.area_grid`).

Whether the middle of a cell lies in an area is decided exactly: along each row of middles every
border crossed enters or leaves, and a middle next to a crossing is compared without rounding. A
cell that no edge touches is as its middle.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from geo.stats.area_edges import distinct_edges, find_spans, touch_cells
from geo.stats.area_grid import AreaGrid, FloatArray, Frame, IntArray
from geo.stats.area_grid_paint import paint_cells
from geo.stats.area_grid_records import make_records

_CELLS = (10_000, 800_000)
"""Least and most border cells aimed at, in between half the number of edges."""

_GRID = 1e8
"""Most cells of the whole grid."""

_SMALLEST = 1e-6
"""Degrees; a cell is never smaller (11 cm), so that offsets stay far above rounding."""

_SHIFT = 4


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
    touched = touch_cells(edges.ends, frame)
    spans = find_spans(edges, frame)
    block_at, block_of = np.unique(
        (touched.row >> frame.shift) * frame.columns + (touched.column >> frame.shift),
        return_inverse=True,
    )
    painted = paint_cells(frame, spans, touched, block_at, n_areas)
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
        **make_records(edges, frame, touched, painted, n_areas),
    }
    for array in arrays.values():
        array.setflags(write=False)
    return AreaGrid(**arrays)


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
