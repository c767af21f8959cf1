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

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
PlaceArray = npt.NDArray[np.int32]
CellArray = npt.NDArray[np.signedinteger]

Engine = Literal["auto", "numpy", "numba"]

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
        return _within(lon, self.west, self.scale, self.n_lon)

    def row(self, lat: FloatArray) -> FloatArray:
        """Return the row of latitudes, with its fraction; outside as :meth:`column`."""
        return _within(lat, self.south, self.scale, self.n_lat)

    def middle_lon(self, column: CellArray) -> FloatArray:
        """Return the longitude of the middle of columns."""
        return np.asarray(self.west + (column + 0.5) * self.side, dtype=np.float64)

    def middle_lat(self, row: CellArray) -> FloatArray:
        """Return the latitude of the middle of rows."""
        return np.asarray(self.south + (row + 0.5) * self.side, dtype=np.float64)


def _within(degrees: FloatArray, begin: float, scale: float, n: int) -> FloatArray:
    place: FloatArray = degrees - begin
    place *= np.float64(scale)
    # Nearly always all lie inside, which two looks find out sooner than two passes mend it.
    if place.size and not (place.min() >= 0.0 and place.max() <= n - 1.0):
        # The larger of 0 and what is no number is 0.
        np.fmin(np.fmax(place, 0.0, out=place), n - 1.0, out=place)
    return place


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


class Border(NamedTuple):
    """Points in border cells.

    Attributes
    ----------
    point
        Their positions among the points asked about, ascending.
    cell
        The number of the border cell of each.
    column, row
        Where that cell lies.
    """

    point: IntArray
    cell: PlaceArray
    column: PlaceArray
    row: PlaceArray

    @classmethod
    def of(cls, parts: Sequence[Border]) -> Border:
        """Return the points of several parts as one."""
        return cls(
            np.concatenate([part.point for part in parts]),
            np.concatenate([part.cell for part in parts]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.row for part in parts]),
        )

    def rows(self, rows: slice) -> Border:
        """Return some of the points."""
        return Border(self.point[rows], self.cell[rows], self.column[rows], self.row[rows])


def find_cells(grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray) -> Border:
    """Write into `found` the area of each point whose cell has one answer, and return the others.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees; what is not finite lies in no area.
    found
        Where the answers go: an area, or -1 outside all. Of points in border cells it says
        nothing.
    """
    frame = grid.shape
    with np.errstate(invalid="ignore", over="ignore"):
        column, row = frame.column(lon).astype(np.int32), frame.row(lat).astype(np.int32)
    block = row >> frame.shift
    block *= frame.columns
    block += column >> frame.shift
    # No place is outside: "clip" only spares the processor looking for such.
    grid.blocks.take(block.astype(np.intp), mode="clip", out=found)

    mixed = np.flatnonzero(found < 0)
    column, row, block = column.take(mixed), row.take(mixed), ~found.take(mixed)
    found -= 1
    last = (1 << frame.shift) - 1
    inner = block.astype(np.intp) << (2 * frame.shift)
    inner += ((row & last) << frame.shift) + (column & last)
    cell = grid.cells.take(inner, mode="clip").astype(np.int32)
    found[mixed] = cell - 1
    at = np.flatnonzero(cell < 0)
    number = grid.first_border.take(block.take(at)) + ~cell.take(at)
    return Border(mixed.take(at), number, column.take(at), row.take(at))
