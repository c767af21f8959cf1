"""The quick test of :mod:`geo.stats.area_grid` with numpy alone.

First the cells of all points are looked up; then those in border cells are held against the edges
there, all first edges together, then all second ones, and so on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geo.stats.area_grid import (
    ASK,
    HEADER,
    LOOSE,
    AreaGrid,
    Border,
    FloatArray,
    IntArray,
    PlaceArray,
    find_cells,
)

BATCH = 65_536
"""Points looked up at a time: few enough that what is made of them stays close to the processor."""

BORDER = 32_768
"""Points held against edges at a time, for the same reason."""

FEW = 512
"""For fewer points than so many, what is left of their edges is tested together."""

_GATHERED = 2**20
"""Points after which those in border cells are tested: bounds the memory."""


def look_up(grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray) -> bool:
    """Write into `found` the area of each point, -1 for none, :data:`ASK` where in doubt.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees; what is not finite lies in no area.
    found
        Where the answers go. Places from the number of areas on are kinds of `grid.shared`.

    Returns
    -------
    bool
        Whether any point is in doubt.
    """
    doubtful = False
    for begin in range(0, len(lon), _GATHERED):
        end = min(begin + _GATHERED, len(lon))
        parts = []
        for start in range(begin, end, BATCH):
            here = slice(start, min(start + BATCH, end))
            border = find_cells(grid, lon[here], lat[here], found[here])
            parts.append(border._replace(point=border.point + start))
        border = Border.of(parts)
        for start in range(0, len(border.point), BORDER):
            some = border.rows(slice(start, start + BORDER))
            area = _cross(grid, some, lon.take(some.point), lat.take(some.point))
            found[some.point] = area
            doubtful |= bool((area == ASK).any())
    return doubtful


def _cross(grid: AreaGrid, border: Border, lon: FloatArray, lat: FloatArray) -> PlaceArray:
    """Return the area of points in border cells."""
    record = grid.record_start.take(border.cell).astype(np.intp)
    head = grid.records.take(record + 1)
    in_doubt = (head & 256) != 0
    n_edges = np.where(in_doubt, 0, grid.records.take(record))

    # Those with the most edges first, so that all with a further edge lie at the beginning.
    most = int(n_edges.max())
    order = np.argsort((most - n_edges).astype(np.min_scalar_type(most)), kind="stable")
    record, head, n_edges = record.take(order), head.take(order), n_edges.take(order)
    in_doubt = in_doubt.take(order)
    frame = grid.shape
    east = lon.take(order) - frame.middle_lon(border.column.take(order))
    north = lat.take(order) - frame.middle_lat(border.row.take(order))

    held = (head & 255).astype(np.uint8)
    bits_at = record + HEADER + (head >> 16)
    edge_at = bits_at + ((n_edges + 3) >> 2)
    bits_at <<= 2
    longer = len(record) - np.cumsum(np.bincount(n_edges, minlength=1))
    columns = int(np.count_nonzero(longer >= FEW))
    for number in range(columns):
        some = slice(0, int(longer[number]))
        bits, unsure = _edges(
            grid, east[some], north[some], bits_at[some] + number, edge_at[some] + 4 * number
        )
        held[some] ^= bits
        in_doubt[some] |= unsure
    if columns < most:
        # One row for each edge that is left.
        some = slice(0, int(longer[columns]))
        left = n_edges[some] - columns
        first = np.cumsum(left) - left
        which = np.repeat(np.arange(len(left)), left)
        number = columns + np.arange(len(which)) - first[which]
        bits, unsure = _edges(
            grid, east[which], north[which], bits_at[which] + number, edge_at[which] + 4 * number
        )
        held[some] ^= np.bitwise_xor.reduceat(bits, first)
        in_doubt[some] |= np.logical_or.reduceat(unsure, first)

    several = (held & (held - np.uint8(1))) != 0
    area = grid.records.take(record + HEADER + _LOWEST.take(held))
    area[held == 0] = -1
    area[in_doubt | several] = ASK
    back: PlaceArray = np.empty_like(area)
    back[order] = area
    return back


def _edges(
    grid: AreaGrid, px: FloatArray, py: FloatArray, bits_at: IntArray, edge_at: IntArray
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Hold each point against one edge of its cell.

    Returns
    -------
    tuple of arrays
        The areas that the edge bounds where the way from the middle crosses it, else 0; and
        whether that is in doubt.
    """
    offsets = grid.records.view(np.float32)
    ax, ay, bx, by = (
        offsets.take(edge_at + k if k else edge_at, mode="clip").astype(np.float64)
        for k in range(4)
    )
    # The edge AB is crossed where P lies left of OA, right of OB and beyond AB.
    nearest = np.minimum(
        np.minimum(ax * py - ay * px, px * by - py * bx),
        (by - ay) * (px - ax) - (bx - ax) * (py - ay),
    )
    size = np.abs(ax) + np.abs(ay)
    doubt = LOOSE * (size + np.abs(bx) + np.abs(by)) * (grid.shape.side + size)
    crossed = nearest > doubt
    bits = grid.records.view(np.uint8).take(bits_at, mode="clip")
    bits *= crossed
    return bits, np.abs(nearest) <= doubt


_LOWEST = np.array([max((k & -k).bit_length() - 1, 0) for k in range(256)])
"""The lowest bit that is set."""
