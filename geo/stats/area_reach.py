"""Which points may lie within a distance of a border, without measuring any.

Of points outside all areas most are far from each: where no block of cells in reach has a border
in it (:mod:`geo.stats.area_grid`), nothing has to be measured.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from geo.stats.area_grid import AreaGrid, FloatArray
from geo.stats.locate import reach

BoolArray = npt.NDArray[np.bool_]


def may_be_near(grid: AreaGrid, lon: FloatArray, lat: FloatArray, within_m: float) -> BoolArray:
    """Return which points outside all areas may lie within a distance of one.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees, finite.
    within_m
        Geodesic distance in meters.

    Returns
    -------
    bool array
        False only where every area is farther away.

    Examples
    --------
    A square degree, a point 11 km east of it and one 220 km:

    >>> from geo.stats.area_grid_build import build_area_grid
    >>> ring = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    >>> grid = build_area_grid(*ring.T, np.array([0, 5]), np.array([0]), 1)
    >>> may_be_near(grid, np.array([1.1, 3.0]), np.array([0.5, 0.5]), 12_000).tolist()
    [True, False]
    """
    frame = grid.shape
    north, east = _degrees(grid, within_m)
    # What lies outside the grid is no nearer than the block on its edge.
    row = frame.row(lat).astype(np.int32) >> frame.shift
    column = frame.column(lon).astype(np.int32) >> frame.shift
    near = _near_blocks(grid, within_m)[row, column]
    for degrees, begin, n, by in (
        (lon, frame.west, frame.n_lon, east),
        (lat, frame.south, frame.n_lat, north),
    ):
        near &= (degrees >= begin - by) & (degrees <= begin + frame.side * n + by)
    return np.asarray(near)


def _degrees(grid: AreaGrid, within_m: float) -> tuple[float, float]:
    """Return degrees of latitude and of longitude that hold a distance all over the grid."""
    frame = grid.shape
    ends = np.array([frame.south, frame.south + frame.side * frame.n_lat])
    north, _ = reach(ends, within_m)
    # Meridians lie closest together at the latitude that is farthest from the equator.
    _, east = reach(np.array([np.abs(ends).max() + north]), within_m)
    return north, float(east[0])


@functools.lru_cache(maxsize=4)
def _near_blocks(grid: AreaGrid, within_m: float) -> BoolArray:
    """Return of which blocks a point may lie within a distance of a border."""
    frame = grid.shape
    block = frame.side * (1 << frame.shift)
    has_border = (grid.blocks < 0).reshape(frame.rows, frame.columns)
    north, east = _degrees(grid, within_m)
    rows = int(min(north // block + 1, frame.rows))
    columns = int(min(east // block + 1, frame.columns))
    return _widened(_widened(has_border, rows).T, columns).T


def _widened(is_set: BoolArray, by: int) -> BoolArray:
    """Return where any row is set, at most `by` rows before or after."""
    total = np.cumsum(is_set, axis=0, dtype=np.int32)
    before = np.pad(total, ((by + 1, 0), (0, 0)))[: len(total)]
    after = np.pad(total, ((0, by), (0, 0)), mode="edge")[by:]
    return np.asarray(after > before)
