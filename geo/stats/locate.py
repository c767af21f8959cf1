"""Which of many areas covers a point, exactly, and which lies nearest.

The rule, everywhere in `geo`: a point goes to the first of the areas, in the order given, whose
closed polygon holds it. Areas are ordered by code, so a point on a border goes to the lower
code, and neither the order of the points nor an overlap of the areas can double or lose one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from geo import crs

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

_CHUNK = 500_000
_TIE_M = 1e-3
_DEGREE_M = 110_000.0
_PIECE = 32
"""Segments of a piece of a border."""

_SOUTH, _NORTH, _STRETCHED = 12.0, 35.0, 1.03
"""Between which parallels the plane stretches a length by less than that factor (1.016)."""


class Shapes(Protocol):
    """Polygons by their place, which may be made when they are asked for; an array is such."""

    def __getitem__(self, place: Any, /) -> Any:  # noqa: ANN401
        """Return the polygon at a place, or an array of those at several."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaIndex:
    """Areas made ready for many questions; made by :meth:`of`, or of polygons and their boxes.

    Examples
    --------
    >>> west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    >>> index = AreaIndex.of(np.array([west, east]))
    >>> first, covering = index.covering(np.array([0.5, 1.0, 5.0]), np.array([0.5, 0.5, 0.5]))
    >>> first.tolist(), covering.tolist()
    ([0, 0, -1], [1, 2, 0])
    """

    areas: Shapes
    tree: shapely.STRtree
    borders: dict[int, _Border]

    @classmethod
    def of(cls, geometries: Geometries) -> AreaIndex:
        """Return the index of polygons or multipolygons in degrees, in the order of their codes.

        Missing and empty ones cover nothing.
        """
        return cls(geometries, shapely.STRtree(geometries), {})

    def covering(self, lon: FloatArray, lat: FloatArray) -> tuple[IntArray, IntArray]:
        """Return for each point the first area that covers it, and how many do.

        Parameters
        ----------
        lon, lat
            Degrees. A point with a coordinate that is not finite is covered by nothing.

        Returns
        -------
        tuple of arrays
            Place of the area in the order given, -1 where there is none; and the number of areas
            whose closed polygon holds the point.
        """
        points, back = _distinct(lon, lat)
        first = np.full(len(points), -1, dtype=np.int64)
        covering = np.zeros(len(points), dtype=np.int64)
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        for start in range(0, len(known), _CHUNK):
            part = known[start : start + _CHUNK]
            self._cover(points, part, first, covering)
        return first[back], covering[back]

    def _cover(
        self, points: FloatArray, part: IntArray, first: IntArray, covering: IntArray
    ) -> None:
        pairs = self.tree.query(shapely.points(points[part]))
        # Sorted by area, each prepared polygon stays in the cache: five times faster than by
        # point. "Intersects" alone covers borders: "within" loses a point that lies on one.
        order = np.argsort(pairs[1], kind="stable")
        point, area = part[pairs[0][order]], pairs[1][order]
        shapely.prepare(self.areas[np.unique(area)])
        held = shapely.intersects_xy(self.areas[area], points[point, 0], points[point, 1])
        point, area = point[held], area[held]
        np.add.at(covering, point, 1)
        # In falling order of areas the lowest one is written last, and stays.
        first[point[::-1]] = area[::-1]

    def nearest(
        self, lon: FloatArray, lat: FloatArray, within_m: float
    ) -> tuple[IntArray, FloatArray]:
        """Return for each point outside all areas the nearest within a distance, and the distance.

        Parameters
        ----------
        lon, lat
            Degrees.
        within_m
            Largest geodesic distance in meters, included.

        Returns
        -------
        tuple of arrays
            Place of the area, -1 where none is near enough; geodesic distance in meters to its
            border, NaN there. Equally near areas (to 1 mm): the first.
        """
        points, back = _distinct(lon, lat)
        first = np.full(len(points), -1, dtype=np.int64)
        distance = np.full(len(points), np.nan)
        known = np.flatnonzero(
            np.isfinite(points).all(axis=1) & (np.abs(points) <= 360).all(axis=1)
        )
        x, y = points[known].T
        high, wide = reach(y, within_m)
        place, area = self.tree.query(shapely.box(x - wide, y - high, x + wide, y + high))
        if len(place):
            point = known[place]
            meters = self._distances(points[point], area, within_m)
            near = meters <= within_m
            point, area, meters = point[near], area[near], meters[near]
            order = np.lexsort((area, np.round(meters / _TIE_M), point))[::-1]
            first[point[order]] = area[order]
            distance[point[order]] = meters[order]
        return first[back], distance[back]

    def _distances(self, points: FloatArray, area: IntArray, within_m: float) -> FloatArray:
        """Return the distance of each point to its area; infinite where it is beyond `within_m`."""
        here = shapely.points(np.column_stack(crs.project(points[:, 0], points[:, 1])))
        end = np.full((len(area), 2), np.nan)
        high, _ = reach(points[:, 1], within_m)
        is_true = (points[:, 1] - high > _SOUTH) & (points[:, 1] + high < _NORTH)
        order = np.argsort(area, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(area[order])) + 1):
            border = self._border(int(area[rows[0]]))
            # Elsewhere the plane may stretch a length by any amount.
            limit = _STRETCHED * within_m + 1 if is_true[rows].all() else np.inf
            end[rows] = border.nearest_to(here[rows], limit)
        near = np.flatnonzero(~np.isnan(end[:, 0]))
        lon, lat = crs.unproject(end[near, 0], end[near, 1])
        meters = np.full(len(area), np.inf)
        _, _, meters[near] = crs.GEOD.inv(points[near, 0], points[near, 1], lon, lat)
        return meters

    def _border(self, area: int) -> _Border:
        """Return the border of an area on the plane, made once."""
        if area not in self.borders:
            self.borders[area] = _Border.of(self.areas[area])
        return self.borders[area]


def reach(lat: FloatArray, within_m: float) -> tuple[float, FloatArray]:
    """Return degrees of latitude, and of longitude at each latitude, that hold a distance.

    Examples
    --------
    >>> high, wide = reach(np.array([0.0, 60.0]), 110_000.0)
    >>> high, wide.round(3).tolist()
    (1.0, [1.0, 2.0])
    """
    high = within_m / _DEGREE_M
    return high, high / np.maximum(np.cos(np.radians(np.clip(lat, -89, 89))), 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class _Border:
    """An area on the plane; its border is in short pieces that are found by a tree."""

    plane: shapely.Geometry
    pieces: Geometries
    tree: shapely.STRtree

    @classmethod
    def of(cls, area: shapely.Geometry) -> _Border:
        plane = shapely.transform(area, lambda at: np.column_stack(crs.project(at[:, 0], at[:, 1])))
        shapely.prepare(plane)
        pieces = [
            shapely.linestrings(at[begin : begin + _PIECE + 1])
            for at in map(shapely.get_coordinates, shapely.get_rings(shapely.get_parts(plane)))
            for begin in range(0, len(at) - 1, _PIECE)
        ]
        return cls(plane, np.array(pieces, dtype=object), shapely.STRtree(pieces))

    def nearest_to(self, points: Geometries, limit: float) -> FloatArray:
        """Return the point of the area nearest to each point, NaN beyond a distance."""
        nearest = np.full((len(points), 2), np.nan)
        most = None if np.isinf(limit) else limit
        point, piece = self.tree.query_nearest(points, max_distance=most, all_matches=False)
        lines = shapely.shortest_line(points[point], self.pieces[piece])
        nearest[point] = shapely.get_coordinates(lines)[1::2]
        # A point just outside a long straight border may lie inside it on the plane.
        inside = shapely.intersects(self.plane, points)
        nearest[inside] = shapely.get_coordinates(points[inside])
        return nearest


def _distinct(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the distinct points and where each point is among them.

    Events share the coordinates of their town, so this alone often saves most of the work.
    """
    both = np.empty(len(lon), dtype=np.complex128)
    both.real, both.imag = lon, lat
    points, back = np.unique(both, return_inverse=True)
    return np.column_stack([points.real, points.imag]), back.astype(np.int64)
