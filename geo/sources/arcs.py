"""Boundaries as shared arcs: how the shipped geometry is stored, and how it becomes polygons.

A border between two areas is stored once, as an arc; a ring is a list of arcs, each run forward or
backward. The two neighbors therefore can never disagree about their border, and a map can draw
every border once. The file is a Parquet table of one row whose columns are lists, coordinates as
whole numbers of a small fraction of a degree.

Nothing here knows what an area is called or where the files lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.errors import BoundariesError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

COLUMNS = ("lon", "lat", "arc_start", "ring_arcs", "ring_start", "ring_area", "ring_part", "codes")
"""Columns of the file, in order; those of :class:`Arcs`."""


_BLOCK = 200
"""Areas that are made polygons at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Areas as rings of shared arcs.

    Every array is read-only. Indices count from 0; a ``_start`` array has one entry more than the
    things it delimits, so thing `i` is ``[start[i]:start[i + 1]]``.

    Attributes
    ----------
    lon, lat
        Vertices in degrees, arc after arc; an arc holds both of its ends.
    arc_start
        Where each arc begins among the vertices.
    ring_arcs
        The arcs of each ring, ring after ring: `k` is arc `k` run forward, `~k` (that is
        ``-k - 1``) the same arc run backward.
    ring_start
        Where each ring begins in `ring_arcs`.
    ring_area
        The area each ring belongs to, as a position in `codes`; never decreasing.
    ring_part
        The number of the polygon within its area that each ring belongs to; the first ring of a
        part is its shell, the others are holes.
    codes
        The CVEGEO of the areas, ascending.
    """

    lon: FloatArray
    lat: FloatArray
    arc_start: IntArray
    ring_arcs: IntArray
    ring_start: IntArray
    ring_area: IntArray
    ring_part: IntArray
    codes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file of arcs.

        Raises
        ------
        BoundariesError
            If the file is missing, or is not what `geo` wrote.
        """
        try:
            table = pq.read_table(path, columns=list(COLUMNS))
            scale = float(table.schema.metadata[b"scale"])
            lists = {name: table.column(name).combine_chunks().values for name in COLUMNS}
        except FileNotFoundError as error:
            raise BoundariesError(
                f"{path}: the boundaries are not there; install geo again, or make them with "
                "'python boundaries/rebuild.py'"
            ) from error
        except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
            raise BoundariesError(
                f"{path}: not a file of boundaries that geo can read ({error}); install geo again, "
                "or make it anew with 'python boundaries/rebuild.py'"
            ) from error
        codes = tuple(lists.pop("codes").to_pylist())
        arrays: dict[str, Any] = {
            # Dividing, not multiplying by the inverse, gives the double nearest to the decimal.
            name: _frozen(values / scale if name in ("lon", "lat") else values.astype(np.int64))
            for name, values in ((name, column.to_numpy()) for name, column in lists.items())
        }
        return cls(**arrays, codes=codes)

    @property
    def n_arcs(self) -> int:
        """Number of arcs."""
        return len(self.arc_start) - 1

    @property
    def n_rings(self) -> int:
        """Number of rings."""
        return len(self.ring_start) - 1

    def select(self, first: int, last: int) -> Self:
        """Return the areas ``[first:last]`` of `codes`, without arcs beyond the last they use.

        Examples
        --------
        >>> west = toy_arcs().select(0, 1)
        >>> west.codes, west.n_arcs, west.n_rings
        (('01',), 2, 1)
        """
        rings = slice(*np.searchsorted(self.ring_area, [first, last]))
        begin, end = self.ring_start[rings.start], self.ring_start[rings.stop]
        used = self.ring_arcs[begin:end]
        n_arcs = int(np.where(used >= 0, used, ~used).max(initial=-1)) + 1
        n_vertices = self.arc_start[n_arcs]
        return type(self)(
            lon=self.lon[:n_vertices],
            lat=self.lat[:n_vertices],
            arc_start=self.arc_start[: n_arcs + 1],
            ring_arcs=used,
            ring_start=_frozen(self.ring_start[rings.start : rings.stop + 1] - begin),
            ring_area=_frozen(self.ring_area[rings] - first),
            ring_part=self.ring_part[rings],
            codes=self.codes[first:last],
        )

    def ring_vertices(self) -> tuple[IntArray, IntArray]:
        """Return the vertices of all rings, ring after ring, and the ring that each belongs to.

        Vertices are positions in `lon` and `lat`; the closing vertex of a ring is left out.

        Examples
        --------
        Two squares side by side; arc 0 is the border between them:

        >>> toy = toy_arcs()
        >>> vertices, rings = toy.ring_vertices()
        >>> toy.lon[vertices].astype(int).tolist()
        [1, 1, 0, 0, 1, 1, 2, 2]
        >>> rings.tolist()
        [0, 0, 0, 0, 1, 1, 1, 1]
        """
        forward = self.ring_arcs >= 0
        arcs = np.where(forward, self.ring_arcs, ~self.ring_arcs)
        # The last vertex of an arc is the first of the next one.
        lengths = np.diff(self.arc_start)[arcs] - 1
        first = np.where(forward, self.arc_start[arcs], self.arc_start[arcs + 1] - 1)
        step = np.where(forward, 1, -1)
        ends = np.cumsum(lengths)
        within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - lengths, lengths)
        vertices = np.repeat(first, lengths) + within * np.repeat(step, lengths)
        arc_ring = np.repeat(np.arange(self.n_rings), np.diff(self.ring_start))
        return vertices, np.repeat(arc_ring, lengths)

    def to_polygons(self) -> npt.NDArray[np.object_]:
        """Return one MultiPolygon (EPSG:4326) for each of `codes`.

        The vertices are the stored ones, none added, moved or removed. Rounding makes a few
        polygons formally invalid (a ring that touches itself within a centimeter): point tests
        are not affected, overlays need :func:`shapely.make_valid` first.

        Examples
        --------
        >>> [polygon.area for polygon in toy_arcs().to_polygons()]
        [1.0, 1.0]
        """
        # A few areas at a time: what is made on the way would take twice the memory of the result.
        blocks = range(0, len(self.codes), _BLOCK)
        made = [self.select(begin, begin + _BLOCK)._polygons() for begin in blocks]
        return np.concatenate([*made, np.empty(0, dtype=object)])

    def _polygons(self) -> npt.NDArray[np.object_]:
        vertices, rings = self.ring_vertices()
        coordinates = np.column_stack([self.lon[vertices], self.lat[vertices]])
        shapes = shapely.linearrings(coordinates, indices=rings)
        new_part = np.ones(self.n_rings, dtype=bool)
        new_part[1:] = (np.diff(self.ring_area) != 0) | (np.diff(self.ring_part) != 0)
        polygons = shapely.polygons(shapes, indices=np.cumsum(new_part) - 1)
        areas: npt.NDArray[np.object_] = shapely.multipolygons(
            polygons, indices=self.ring_area[new_part]
        )
        return areas


def _frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.setflags(write=False)
    return array


def toy_arcs() -> Arcs:
    """Return two unit squares side by side, ``"01"`` west of ``"02"``, for examples and tests.

    Examples
    --------
    >>> toy_arcs().codes
    ('01', '02')
    """
    return Arcs(
        lon=_frozen(np.array([1.0, 1, 1, 0, 0, 1, 1, 2, 2, 1])),
        lat=_frozen(np.array([0.0, 1, 1, 1, 0, 0, 0, 0, 1, 1])),
        arc_start=_frozen(np.array([0, 2, 6, 10])),
        ring_arcs=_frozen(np.array([0, 1, -1, 2])),
        ring_start=_frozen(np.array([0, 2, 4])),
        ring_area=_frozen(np.array([0, 1])),
        ring_part=_frozen(np.array([0, 0])),
        codes=("01", "02"),
    )
