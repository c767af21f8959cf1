"""How far points lie from a line: a border, a highway, a coast.

What is reported is geodesic. The distance in the plane stands beside it for strips and buffers
that are drawn there; in Mexico the two differ by less than 1 %.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from numpy.typing import ArrayLike
from pyproj import Geod
from scipy.spatial import cKDTree

from geo import crs
from geo.errors import SettingsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_PIECE_M = 2_000.0
_CHUNK = 20_000
_ECCENTRICITY = 0.0067
"""Of any ellipsoid of the Earth, squared and rounded up: how much its radius changes."""


def geodesic_line_distance(
    lon: ArrayLike, lat: ArrayLike, line: shapely.Geometry, *, geod: Geod = crs.GEOD
) -> FloatArray:
    """Return the geodesic distance of points to a line, in meters.

    The line's parts run along geodesics from vertex to vertex. The distance to the nearest
    point of the whole line is meant, not that to its nearest vertex.

    Parameters
    ----------
    lon, lat
        Degrees.
    line
        A line or several, in degrees. Of polygons, the border counts.
    geod
        The ellipsoid.

    Returns
    -------
    array
        Meters, correct to a centimeter; 0 on the line, NaN for a point without coordinates.

    Raises
    ------
    SettingsError
        If the line has no part.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. *Journal of Geodesy* 87, 43-55.

    Examples
    --------
    One degree of latitude north of the equator, and a point beyond the end of the line:

    >>> equator = shapely.LineString([(-100, 0), (-90, 0)])
    >>> (geodesic_line_distance([-95, -89], [1, 0], equator) / 1000).round(3)
    array([110.574, 111.319])
    """
    x, y = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    distance = np.full(x.shape, np.nan)
    start, azimuth, length = _pieces(line, geod)
    known = np.isfinite(x) & np.isfinite(y) & (np.abs(y) <= 90)
    if not known.any():
        return distance
    # Events share the coordinates of their town: each place is measured once.
    points, back = np.unique(np.column_stack([x[known], y[known]]), axis=0, return_inverse=True)
    middle = geod.fwd(start[:, 0], start[:, 1], azimuth, length / 2)
    tree = cKDTree(_in_space(np.asarray(middle[0]), np.asarray(middle[1]), geod))
    meters = np.empty(len(points))
    for first in range(0, len(points), _CHUNK):
        part = slice(first, first + _CHUNK)
        meters[part] = _measure(points[part], tree, start, azimuth, length, geod)
    distance[known] = meters[back.ravel()]
    return distance


def planar_line_distance(
    easting: ArrayLike, northing: ArrayLike, line: shapely.Geometry
) -> FloatArray:
    """Return the distance of points to a line in the plane, in meters.

    Parameters
    ----------
    easting, northing
        Meters.
    line
        A line or several in the same plane. Of polygons, the border counts.

    Returns
    -------
    array
        Meters; NaN for a point without coordinates.

    Examples
    --------
    >>> planar_line_distance([1, 7], [2, 4], shapely.LineString([(0, 0), (3, 0)]))
    array([2.        , 5.65685425])
    """
    x, y = np.broadcast_arrays(np.asarray(easting, np.float64), np.asarray(northing, np.float64))
    ends = _segments(line)
    distance = np.full(x.shape, np.nan)
    known = np.isfinite(x) & np.isfinite(y)
    if known.any():
        tree = shapely.STRtree(shapely.linestrings(ends))
        (place, _), meters = tree.query_nearest(
            shapely.points(x[known], y[known]), return_distance=True, all_matches=False
        )
        measured = np.empty(len(place))
        measured[place] = meters
        distance[known] = measured
    return distance


def _segments(line: shapely.Geometry) -> FloatArray:
    """Return both ends of each straight part of a line, as an array of (part, end, axis)."""
    if shapely.get_dimensions(line) == 2:
        line = shapely.boundary(line)
    parts = shapely.get_parts(line) if line is not None else np.array([])
    coordinates, part = shapely.get_coordinates(parts, return_index=True)
    together = part[1:] == part[:-1]
    ends = np.stack([coordinates[:-1][together], coordinates[1:][together]], axis=1)
    if not len(ends):
        raise SettingsError(
            "the line has no part to measure the distance to; give a line with two vertices or more"
        )
    if not np.isfinite(ends).all():
        raise SettingsError("the line has vertices that are not finite numbers")
    return ends


def _pieces(line: shapely.Geometry, geod: Geod) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cut a line into short geodesics: where each starts, where it heads, how long it is."""
    ends = _segments(line)
    (lon, lat), (to_lon, to_lat) = ends[:, 0].T, ends[:, 1].T
    azimuth, _, length = (np.asarray(part) for part in geod.inv(lon, lat, to_lon, to_lat))
    count = np.maximum(np.ceil(length / _PIECE_M), 1).astype(np.int64)
    whole = np.repeat(np.arange(len(ends)), count)
    rank = np.arange(len(whole)) - np.repeat(np.cumsum(count) - count, count)
    piece = length / count
    along = np.asarray(geod.fwd(lon[whole], lat[whole], azimuth[whole], rank * piece[whole]))
    # The heading changes along a geodesic; that of the piece is 180 degrees from the way back.
    heading = np.where(rank == 0, azimuth[whole], along[2] + 180)
    return along[:2].T, heading, piece[whole]


def _measure(
    points: FloatArray,
    tree: cKDTree,
    start: FloatArray,
    azimuth: FloatArray,
    length: FloatArray,
    geod: Geod,
) -> FloatArray:
    at = _in_space(points[:, 0], points[:, 1], geod)
    chord, _ = tree.query(at)
    # A chord tells how far a place is but for the change of the Earth's radius with direction,
    # and half a piece may lie between the middle of a piece and its nearest point.
    doubt = _ECCENTRICITY * chord**3 / (12 * geod.a**2)
    reach = np.sqrt(chord**2 + (length.max() / 2) ** 2) + doubt + 1
    near = tree.query_ball_point(at, reach)
    count = np.array([len(pieces) for pieces in near])
    point = np.repeat(np.arange(len(points)), count)
    piece = np.concatenate([np.asarray(pieces, dtype=np.int64) for pieces in near])

    def to(share: FloatArray) -> FloatArray:
        from_lon, from_lat = start[piece].T
        lon, lat, _ = geod.fwd(from_lon, from_lat, azimuth[piece], share * length[piece])
        meters = geod.inv(points[point, 0], points[point, 1], lon, lat)[2]
        return np.asarray(meters, dtype=np.float64)

    # Along so short a piece the squared distance is a parabola.
    first, middle, last = (to(np.full(len(piece), share)) ** 2 for share in (0.0, 0.5, 1.0))
    curve = 2 * (first - 2 * middle + last)
    slope = 4 * middle - 3 * first - last
    lowest = np.divide(-slope, 2 * curve, out=np.zeros_like(curve), where=curve > 0)
    found = to(np.clip(lowest, 0, 1))
    best = np.full(len(points), np.inf)
    np.minimum.at(best, point, np.minimum(found, np.sqrt(np.minimum(first, last))))
    return best


def _in_space(lon: FloatArray, lat: FloatArray, geod: Geod) -> FloatArray:
    """Return points of the ellipsoid as straight coordinates from the Earth's center, in meters."""
    east, north = np.radians(lon), np.radians(lat)
    radius = geod.a / np.sqrt(1 - geod.es * np.sin(north) ** 2)
    return np.column_stack(
        [
            radius * np.cos(north) * np.cos(east),
            radius * np.cos(north) * np.sin(east),
            radius * (1 - geod.es) * np.sin(north),
        ]
    )
