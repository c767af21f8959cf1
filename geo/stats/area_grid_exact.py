"""The areas of points that lie on an edge, or so near to one that doubles cannot tell.

From the middle of the cell, whose areas are known, to the point the way goes north or south first
and then east or west, and every edge it crosses leaves or enters its areas. All comparisons are
exact. Ties are broken as if the middle and the point lay a little farther east, and far less
farther north: then no way meets a vertex, and the parity is that of the areas around. A point that
lies on an edge belongs to the areas of the edge besides: areas are closed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.stats.area_grid import AreaGrid, FloatArray, IntArray, PlaceArray, find_cells
from geo.stats.orientation import orientation

_PAIRS = 1_000_000
"""Pairs of a point and an edge that are held in memory at a time."""


def decide(grid: AreaGrid, lon: FloatArray, lat: FloatArray) -> tuple[PlaceArray, PlaceArray]:
    """Return for each point the first area that holds it, -1 for none, and how many do.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees; every point must lie in a border cell.
    """
    first = np.full(len(lon), -1, dtype=np.int32)
    border = find_cells(grid, lon, lat, first)
    cell = border.cell.astype(np.int64)
    frame = grid.shape
    middle = np.column_stack([frame.middle_lon(border.column), frame.middle_lat(border.row)])
    point = np.column_stack([lon, lat])
    covering = np.zeros(len(lon), dtype=np.int32)
    weight = np.cumsum(grid.edge_start[cell + 1] - grid.edge_start[cell] + 1)
    part = weight // _PAIRS
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    for start, stop in zip(starts, np.append(starts, len(lon))[1:], strict=True):
        some = slice(start, stop)
        first[some], covering[some] = _decide(grid, cell[some], middle[some], point[some])
    return first, covering


def expand(start: npt.NDArray[np.signedinteger], of: IntArray) -> tuple[IntArray, IntArray]:
    """Return the rows of several lists that lie one after another.

    Parameters
    ----------
    start
        Where each list begins; one entry more than there are lists.
    of
        The lists wanted.

    Returns
    -------
    tuple of arrays
        For each entry of each list: which of `of` it belongs to, and where it stands.

    Examples
    --------
    >>> which, at = expand(np.array([0, 2, 2, 5]), np.array([2, 0]))
    >>> which.tolist(), at.tolist()
    ([0, 0, 0, 1, 1], [2, 3, 4, 0, 1])
    """
    begin = start[of].astype(np.int64)
    length = start[of + 1].astype(np.int64) - begin
    which = np.repeat(np.arange(len(of)), length)
    within = np.arange(len(which)) - np.repeat(np.cumsum(length) - length, length)
    return which, begin[which] + within


def _decide(
    grid: AreaGrid, cell: IntArray, middle: FloatArray, point: FloatArray
) -> tuple[PlaceArray, PlaceArray]:
    which, at = expand(grid.edge_start, cell)
    edge = grid.cell_edges[at].astype(np.int64)
    ends = grid.edges[edge]
    corner = np.column_stack([middle[:, 0], point[:, 1]])
    crossed, on = _meets(ends[:, :2], ends[:, 2:], middle[which], corner[which], point[which])

    # Owners of the edges crossed or touched, and the areas of the middle, area by area.
    matters = np.flatnonzero(crossed | on)
    back, owner_at = expand(grid.owner_start, edge[matters])
    row = matters[back]
    held_by, area_at = expand(grid.area_start, cell)
    inside = grid.holds_middle[area_at]
    base = int(grid.n_areas[0])
    key = np.concatenate(
        [
            which[row] * base + grid.owners[owner_at],
            held_by[inside] * base + grid.areas[area_at[inside]],
        ]
    )
    turns = np.concatenate([crossed[row], np.ones(int(inside.sum()), dtype=bool)])
    touches = np.concatenate([on[row], np.zeros(int(inside.sum()), dtype=bool)])
    pairs, back = np.unique(key, return_inverse=True)
    odd = np.bincount(back, weights=turns, minlength=len(pairs)) % 2 == 1
    touched = np.bincount(back, weights=touches, minlength=len(pairs)) > 0
    held = pairs[odd | touched]

    first = np.full(len(cell), -1, dtype=np.int32)
    covering = np.bincount(held // base, minlength=len(cell)).astype(np.int32)
    # In falling order the lowest area is written last, and stays.
    first[held[::-1] // base] = held[::-1] % base
    return first, covering


def _meets(
    a: FloatArray, b: FloatArray, middle: FloatArray, corner: FloatArray, point: FloatArray
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return whether edges are crossed by the way to the point, and whether they hold it."""
    upright = (a[:, 0] <= middle[:, 0]) != (b[:, 0] <= middle[:, 0])
    level = (a[:, 1] <= point[:, 1]) != (b[:, 1] <= point[:, 1])
    low, high = np.minimum(a, b), np.maximum(a, b)
    within = ((low <= point) & (point <= high)).all(axis=1)

    left_of_corner = _left(a, b, corner, upright | level)
    to_point = _sign(a, b, point, level | within)
    from_middle = _left(a, b, middle, upright)
    left_of_point = np.where(to_point == 0, _tie(a, b), to_point) > 0
    crossed = (upright & (from_middle != left_of_corner)) ^ (
        level & (left_of_corner != left_of_point)
    )
    return crossed, within & (to_point == 0)


def _sign(
    a: FloatArray, b: FloatArray, at: FloatArray, where: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int8]:
    sign = np.zeros(len(a), dtype=np.int8)
    rows = np.flatnonzero(where)
    sign[rows] = orientation(a[rows], b[rows], at[rows])
    return sign


def _left(
    a: FloatArray, b: FloatArray, at: FloatArray, where: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    sign = _sign(a, b, at, where)
    held: npt.NDArray[np.bool_] = np.where(sign == 0, _tie(a, b), sign) > 0
    return held


def _tie(a: FloatArray, b: FloatArray) -> npt.NDArray[np.int8]:
    """Return the side of a point on the line that moves a little east, and far less north."""
    by_east = np.sign(a[:, 1] - b[:, 1])
    return np.where(by_east != 0, by_east, np.sign(b[:, 0] - a[:, 0])).astype(np.int8)
