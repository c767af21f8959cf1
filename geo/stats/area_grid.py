"""Which of many areas covers a point, by a grid whose cells know their areas.

Most points need one look: their cell lies wholly inside one area, or outside all. In a cell that a
border runs through, the way from the middle of the cell, whose areas are known, to the point is
held against the few edges there; every edge crossed leaves or enters its areas. What doubles
cannot decide so (a point within some centimeters of an edge) is decided exactly
(:mod:`geo.stats.area_grid_exact`).

The rule, everywhere in `geo`: a point goes to the first of the areas, in the order given, whose
closed polygon holds it. A polygon holds what an odd number of its rings surrounds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
PlaceArray = npt.NDArray[np.int32]
CellArray = npt.NDArray[np.signedinteger]

Engine = Literal["auto", "numpy", "numba"]

BATCH = 65_536
"""Points looked up at a time: what they need fits into the cache of a processor."""

LOOSE = 8.0 * 2.0**-24
"""Error of the three products of the edge test, relative to the sizes that go into them.

Edges are kept as single-precision offsets from the middle of their cell. With an offset wrong by
2**-24 of its size, no product is wrong by more than 2 * 2**-24 of ``(|A| + |B|) * (side + |A|)``,
the sums of both coordinates of the two ends and the side of the cell; the rest is for safety.
"""

ASK = -2
"""What the quick test answers where it cannot be sure."""

HEADER = 2
"""Words before the areas of a record: the number of edges, and :data:`BITS` of three things."""

BITS = 8
"""Most areas a record can tell apart. The second word holds which of them hold the middle of the
cell (8 bits), whether every point must be decided exactly (1 bit), and, from bit 16 on, how many
areas there are."""


class Frame(NamedTuple):
    """How degrees become cells: rows from the south, columns from the west."""

    west: float
    south: float
    side: float
    shift: int
    columns: int
    rows: int

    @property
    def scale(self) -> float:
        """Cells a degree."""
        return 1.0 / self.side

    @property
    def n_lon(self) -> int:
        """Number of cells from west to east."""
        return self.columns << self.shift

    @property
    def n_lat(self) -> int:
        """Number of cells from south to north."""
        return self.rows << self.shift

    def column(self, lon: FloatArray) -> FloatArray:
        """Return the column of longitudes, with its fraction.

        What lies outside, or is no number, has the first or the last column, which are empty.
        """
        return _within((lon - self.west) * np.float64(self.scale), self.n_lon)

    def row(self, lat: FloatArray) -> FloatArray:
        """Return the row of latitudes, with its fraction; outside as :meth:`column`."""
        return _within((lat - self.south) * np.float64(self.scale), self.n_lat)

    def middle_lon(self, column: CellArray) -> FloatArray:
        """Return the longitude of the middle of columns."""
        return np.asarray(self.west + (column + 0.5) * self.side, dtype=np.float64)

    def middle_lat(self, row: CellArray) -> FloatArray:
        """Return the latitude of the middle of rows."""
        return np.asarray(self.south + (row + 0.5) * self.side, dtype=np.float64)


def _within(place: FloatArray, n: int) -> FloatArray:
    # The larger of 0 and what is no number is 0.
    inside: FloatArray = np.fmin(np.fmax(place, 0.0, out=place), n - 1.0, out=place)
    return inside


@dataclass(frozen=True, slots=True, eq=False)
class AreaGrid:
    """Areas made ready for millions of questions; made by :func:`geo.stats.build_area_grid`.

    Every array is read-only and may be a file mapped into memory.

    Attributes
    ----------
    frame
        The six numbers of :class:`Frame`.
    blocks
        Each block of cells, row after row: one more than the place of the area that covers it
        all, 0 outside, ``~k`` where block `k` has cells of different kinds.
    cells
        The cells of those blocks, block after block: as above, but ``~k`` is border cell `k` of
        the block.
    first_border
        The border cell that is number 0 of each block.
    record_start, records
        What the quick test needs of each border cell, in words of four bytes: see :data:`HEADER`;
        then the areas, one byte a edge for the areas it bounds, and the edges, turned so that the
        middle lies on their left, as offsets from it.
    edge_start, cell_edges
        The edges that touch each border cell.
    edges
        The two ends of each edge in degrees, as given.
    owner_start, owners
        The areas each edge bounds.
    area_start, areas, holds_middle
        The areas of each border cell, ascending, and whether they hold its middle.
    shared
        Kinds of cells that several areas cover whole: the first of them, and how many.
    n_areas
        How many areas there are.
    """

    frame: FloatArray
    blocks: PlaceArray
    cells: npt.NDArray[Any]
    first_border: PlaceArray
    record_start: PlaceArray
    records: PlaceArray
    edge_start: PlaceArray
    cell_edges: PlaceArray
    edges: FloatArray
    owner_start: PlaceArray
    owners: PlaceArray
    area_start: PlaceArray
    areas: PlaceArray
    holds_middle: npt.NDArray[np.bool_]
    shared: PlaceArray
    n_areas: PlaceArray

    @property
    def shape(self) -> Frame:
        """How degrees become cells."""
        west, south, side, shift, columns, rows = self.frame.tolist()
        return Frame(west, south, side, int(shift), int(columns), int(rows))

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))


def look_up(grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray) -> None:
    """Write into `found` the area of each point, -1 for none, :data:`ASK` where in doubt.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees; what is not finite lies in no area.
    found
        Where the answers go. Places from the number of areas on are kinds of `grid.shared`.
    """
    for start in range(0, len(lon), BATCH):
        stop = start + BATCH
        _look_up(grid, lon[start:stop], lat[start:stop], found[start:stop])


def border_cell(
    grid: AreaGrid, lon: FloatArray, lat: FloatArray
) -> tuple[PlaceArray, PlaceArray, PlaceArray]:
    """Return the value of the cell of each point, its column and its row.

    The value is the place of an area, -1 outside, or ``-2 - k`` in border cell `k`.
    """
    frame = grid.shape
    with np.errstate(invalid="ignore", over="ignore"):
        column, row = frame.column(lon).astype(np.int32), frame.row(lat).astype(np.int32)
    value = grid.blocks[(row >> frame.shift) * frame.columns + (column >> frame.shift)] - 1

    mixed = np.flatnonzero(value < -1)
    if len(mixed):
        last = (1 << frame.shift) - 1
        place = ~(value[mixed] + 1)
        inner = ((row[mixed] & last) << frame.shift) + (column[mixed] & last)
        cell = grid.cells[(place.astype(np.int64) << (2 * frame.shift)) + inner].astype(np.int32)
        value[mixed] = np.where(cell >= 0, cell - 1, -2 - (grid.first_border[place] + ~cell))
    return value, column, row


def _look_up(grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray) -> None:
    value, column, row = border_cell(grid, lon, lat)
    at_border = np.flatnonzero(value < -1)
    if len(at_border):
        frame = grid.shape
        value[at_border] = _cross(
            grid,
            -2 - value[at_border],
            lon[at_border] - frame.middle_lon(column[at_border]),
            lat[at_border] - frame.middle_lat(row[at_border]),
        )
    found[:] = value


def _cross(grid: AreaGrid, cell: PlaceArray, east: FloatArray, north: FloatArray) -> PlaceArray:
    """Return the area of points in border cells, given as offsets from the middle."""
    record = grid.record_start[cell]
    n_edges, head = grid.records[record], grid.records[record + 1]
    n_areas = head >> 16
    held, in_doubt = head & 255, (head >> 8) & 1 != 0
    n_edges = np.where(in_doubt, 0, n_edges)

    # One row for each edge of the cell of each point.
    ends = np.cumsum(n_edges, dtype=np.int64)
    rank = np.arange(ends[-1]) - np.repeat(ends - n_edges, n_edges)
    bits_at = (record + HEADER + n_areas).astype(np.int64)
    edge_at = bits_at + ((n_edges + 3) >> 2)
    bits = grid.records.view(np.uint8)[np.repeat(bits_at * 4, n_edges) + rank]
    offsets = grid.records.view(np.float32)
    at = np.repeat(edge_at, n_edges) + 4 * rank
    ax, ay, bx, by = (offsets[at + k].astype(np.float64) for k in range(4))
    px, py = np.repeat(east, n_edges), np.repeat(north, n_edges)

    # The edge AB is crossed where P lies left of OA, right of OB and beyond AB.
    nearest = np.minimum(
        np.minimum(ax * py - ay * px, px * by - py * bx),
        (by - ay) * (px - ax) - (bx - ax) * (py - ay),
    )
    size = np.abs(ax) + np.abs(ay)
    doubt = LOOSE * (size + np.abs(bx) + np.abs(by)) * (grid.shape.side + size)
    bits[~(nearest > doubt)] = 0

    some = np.flatnonzero(n_edges)
    if len(some):
        first = (ends - n_edges)[some]
        held[some] ^= np.bitwise_xor.reduceat(bits, first)
        in_doubt[some] |= np.logical_or.reduceat(np.abs(nearest) <= doubt, first)
    lowest = held & -held
    in_doubt |= held != lowest
    which = np.where(lowest > 0, np.frexp(lowest.astype(np.float64))[1] - 1, 0)
    area = grid.records[record + HEADER + which]
    return np.where(in_doubt, ASK, np.where(held == 0, -1, area)).astype(np.int32)
