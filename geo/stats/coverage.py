"""Where areas overlap, and where they leave gaps between them.

Borders that two areas share run both ways and cancel. What is left (the outline, and every
border that does not match) cuts the plane into faces, and a point inside each face says how many
areas hold it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.stats.area_edges import distinct_edges
from geo.stats.area_grid import AreaGrid, FloatArray, IntArray
from geo.stats.area_lookup import find_areas

METERS = 111_195.0
"""A degree of latitude on a sphere: enough to compare a width with a tolerance."""


class Faces(NamedTuple):
    """Parts of the plane that no area holds, or more than one.

    Attributes
    ----------
    lon, lat
        A point inside each.
    how_many
        How many areas hold it: 0 for a gap, 2 or more for an overlap.
    area_km2
        How large it is.
    width_m
        Twice its area by its perimeter: about the width of a sliver, half that of a square.
    """

    lon: FloatArray
    lat: FloatArray
    how_many: IntArray
    area_km2: FloatArray
    width_m: FloatArray

    def only(self, which: npt.NDArray[np.bool_]) -> Faces:
        """Return some of the faces."""
        lon, lat, how_many, area_km2, width_m = self
        return Faces(lon[which], lat[which], how_many[which], area_km2[which], width_m[which])


def odd_faces(grid: AreaGrid, shapes: npt.NDArray[np.object_]) -> Faces:
    """Return the overlaps of polygons, and the gaps that they enclose.

    Parameters
    ----------
    grid
        The grid of `shapes`.
    shapes
        Polygons and multipolygons in degrees; missing ones cover nothing.

    Examples
    --------
    Two squares of one degree that overlap by half a degree of longitude:

    >>> from geo.stats.area_grid_build import build_area_grid
    >>> shapes = np.array([shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 1.5, 1)])
    >>> corners = shapely.get_coordinates(shapes)
    >>> grid = build_area_grid(*corners.T, np.array([0, 5, 10]), np.array([0, 1]), 2)
    >>> faces = odd_faces(grid, shapes)
    >>> faces.how_many.tolist(), faces.area_km2.round().tolist()
    ([2], [6182.0])
    """
    lines = _unmatched(shapes)
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    inside = shapely.point_on_surface(faces)
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    how_many = _held(grid, lon, lat)
    for at in np.flatnonzero(how_many > 1):
        how_many[at] = _held(grid, *_around(faces[at], lon[at], lat[at])).min()
    odd = how_many != 1
    lon, lat, faces = lon[odd], lat[odd], faces[odd]
    plane = shapely.transform(faces, _in_meters)
    area = shapely.area(plane)
    around = np.maximum(shapely.length(plane), 1e-9)
    return Faces(lon, lat, how_many[odd], area / 1e6, 2 * area / around)


def _unmatched(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Return the edges that are not shared by two areas, one on each side."""
    # Then the area is on the left of each of its rings.
    parts, area = shapely.get_parts(shapely.orient_polygons(shapes), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    vertices, ring = shapely.get_coordinates(rings, return_index=True)
    start = np.searchsorted(ring, np.arange(len(rings) + 1))
    edges = distinct_edges(vertices[:, 0], vertices[:, 1], start, area[part])
    n_owners = np.diff(edges.owner_start)
    turned = np.add.reduceat(edges.turned.astype(np.int64), edges.owner_start[:-1])
    open_edges = edges.ends[(n_owners != 2) | (turned != 1)]
    lines: npt.NDArray[np.object_] = shapely.linestrings(open_edges.reshape(-1, 2, 2))
    return lines


def _held(grid: AreaGrid, lon: FloatArray, lat: FloatArray) -> IntArray:
    found = find_areas(grid, lon, lat)
    how_many = (found.first >= 0).astype(np.int64)
    how_many[found.several] = found.how_many
    return how_many


def _around(face: shapely.Polygon, lon: float, lat: float) -> tuple[FloatArray, FloatArray]:
    """Return points of a face about one that may lie on a border inside it, and that one."""
    reach = face.area / face.length / 64
    turn = np.arange(1, 8)
    east, north = lon + reach * np.cos(turn), lat + reach * np.sin(turn)
    inside = shapely.contains_xy(face, east, north)
    return np.append(east[inside], lon), np.append(north[inside], lat)


def _in_meters(at: FloatArray) -> FloatArray:
    return np.column_stack([at[:, 0] * np.cos(np.radians(at[:, 1])), at[:, 1]]) * METERS
