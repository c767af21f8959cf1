"""A line made ready for many questions: how far points lie from it, and which lie near enough.

Distances are geodesic. Bounds decide most points cheaply, and only bounds that cannot be wrong:
along the ellipsoid a point is never nearer than the straight chord, and never farther than the
arc that the chord has on the tightest curve of the ellipsoid.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
import shapely
from pyproj import Geod

from geo import crs
from geo.errors import SettingsError
from geo.stats.zone import Zone, zone_around

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

_PIECE_M = 500.0
_CHUNK = 20_000
_LEAF = 64
"""Middles of pieces in a leaf of the tree: along a line, far from a point, many are as near."""
_SAGITTA_M = 0.01
"""How far a piece and its chord part, at most; 500 m part by 5 mm."""


@dataclass(frozen=True, slots=True, eq=False)
class LineIndex:
    """A line cut into short geodesics; made by :meth:`of`.

    Examples
    --------
    >>> index = LineIndex.of(shapely.LineString([(-100, 0), (-90, 0)]))
    >>> index.within(np.array([-95.0, -95.0]), np.array([0.4, 0.5]), 50_000).tolist()
    [True, False]
    """

    start: FloatArray
    azimuth: FloatArray
    length: FloatArray
    first: FloatArray
    last: FloatArray
    tree: scipy.spatial.cKDTree
    geod: Geod

    @classmethod
    def of(cls, line: shapely.Geometry, geod: Geod = crs.GEOD) -> LineIndex:
        """Return the index of a line, of several, or of points, in degrees.

        Of polygons, the border counts.

        Raises
        ------
        SettingsError
            If there is nothing to measure a distance to.
        """
        start, azimuth, length = _pieces(line, geod)
        lon, lat, _ = geod.fwd(start[:, 0], start[:, 1], azimuth, length)
        mid_lon, mid_lat, _ = geod.fwd(start[:, 0], start[:, 1], azimuth, length / 2)
        return cls(
            start,
            azimuth,
            length,
            in_space(start[:, 0], start[:, 1], geod),
            in_space(np.asarray(lon), np.asarray(lat), geod),
            scipy.spatial.cKDTree(
                in_space(np.asarray(mid_lon), np.asarray(mid_lat), geod), leafsize=_LEAF
            ),
            geod,
        )

    @property
    def half_m(self) -> float:
        """How far the line may run from the middle of its nearest piece, in meters."""
        return float(self.length.max()) / 2

    def distance(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the geodesic distance of points in meters, NaN for one without coordinates."""
        distance = np.full(lon.shape, np.nan)
        known = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
        if not known.any():
            return distance
        # Events share the coordinates of their town: each place is measured once.
        points, back = np.unique(
            np.column_stack([lon[known], lat[known]]), axis=0, return_inverse=True
        )
        meters = np.empty(len(points))
        for begin in range(0, len(points), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            meters[part] = self._measure(points[part])
        distance[known] = meters[back.ravel()]
        return distance

    def bounds(
        self, lon: FloatArray, lat: FloatArray, limit: float = np.inf
    ) -> tuple[FloatArray, FloatArray]:
        """Return distances in meters that a point is not nearer than, and not farther than.

        Of points farther away than `limit`, which need no search, the first may be infinite.
        """
        reach = limit + self.half_m + 1
        chord, _ = self.tree.query(in_space(lon, lat, self.geod), distance_upper_bound=reach)
        return np.maximum(chord - self.half_m, 0), longest_arc(chord, self.geod)

    def within(self, lon: FloatArray, lat: FloatArray, meters: float) -> BoolArray:
        """Return which points lie within a geodesic distance, itself included.

        The answer is that of ``distance(lon, lat) <= meters``, without measuring every point.
        """
        zone = _zone(self, float(meters))
        if zone is None:
            near = np.zeros(lon.shape, dtype=bool)
            unsure = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lat) <= 90)
        else:
            near, unsure = zone.look_up(lon, lat)
        left = np.flatnonzero(unsure)
        low, high = self.bounds(lon[left], lat[left], meters) if len(left) else (np.empty(0),) * 2
        near[left[high <= meters]] = True
        open_ = left[(low <= meters) & (high > meters)]
        near[open_] = self.distance(lon[open_], lat[open_]) <= meters
        return near

    def _measure(self, points: FloatArray) -> FloatArray:
        at = in_space(points[:, 0], points[:, 1], self.geod)
        chord, _ = self.tree.query(at)
        reach = _farthest_chord(chord, self.geod) + self.half_m + 1
        near = self.tree.query_ball_point(at, reach)
        count = np.fromiter((len(pieces) for pieces in near), np.int64, len(near))
        point = np.repeat(np.arange(len(points)), count)
        piece = np.concatenate([np.asarray(pieces, dtype=np.int64) for pieces in near])
        straight = _to_segments(at[point], self.first[piece], self.last[piece])
        nearest = np.full(len(points), np.inf)
        np.minimum.at(nearest, point, straight)
        farthest = _farthest_chord(nearest + _SAGITTA_M, self.geod) + _SAGITTA_M
        keep = straight <= farthest[point]
        point, piece = point[keep], piece[keep]
        best = np.full(len(points), np.inf)
        np.minimum.at(best, point, self._exact(points[point], piece))
        return best

    def _exact(self, points: FloatArray, piece: IntArray) -> FloatArray:
        """Return the geodesic distance of each point to a piece."""
        from_lon, from_lat = self.start[piece].T

        def to(share: FloatArray) -> FloatArray:
            lon, lat, _ = self.geod.fwd(
                from_lon, from_lat, self.azimuth[piece], share * self.length[piece]
            )
            meters = self.geod.inv(points[:, 0], points[:, 1], lon, lat)[2]
            return np.asarray(meters, dtype=np.float64)

        # Along so short a piece the squared distance is a parabola.
        first, middle, last = (to(np.full(len(piece), share)) ** 2 for share in (0.0, 0.5, 1.0))
        curve = 2 * (first - 2 * middle + last)
        slope = 4 * middle - 3 * first - last
        lowest = np.divide(-slope, 2 * curve, out=np.zeros_like(curve), where=curve > 0)
        found = to(np.clip(lowest, 0, 1))
        return np.asarray(np.minimum(found, np.sqrt(np.minimum(first, last))), dtype=np.float64)


@functools.lru_cache(maxsize=64)
def _zone(index: LineIndex, meters: float) -> Zone | None:
    return zone_around(index.start, meters, index.half_m, index.bounds)


def longest_arc(chord: FloatArray, geod: Geod = crs.GEOD) -> FloatArray:
    """Return how far apart along the ellipsoid the ends of a chord can be, in meters.

    Examples
    --------
    >>> longest_arc(np.array([1_000.0, 1_000_000.0])).round(2).tolist()
    [1000.0, 1001041.01]
    """
    tightest = geod.a * (1 - geod.es)
    arc = 2 * tightest * np.arcsin(np.minimum(chord / (2 * tightest), 1)) * (1 + 1e-12)
    return np.asarray(arc, dtype=np.float64)


def _farthest_chord(chord: FloatArray, geod: Geod) -> FloatArray:
    """Return how long a chord can be whose arc is not longer than that of another chord.

    Arcs of the same chord differ with direction: the ellipsoid is curved most along the meridian
    at the equator, least at the poles. A thousandth is added for geodesics that leave the plane.
    """
    flattest = geod.a / np.sqrt(1 - geod.es) * 1.001
    arc = longest_arc(chord, geod)
    reach = 2 * flattest * np.sin(np.minimum(arc / (2 * flattest), np.pi / 2))
    return np.asarray(np.maximum(reach, chord), dtype=np.float64)


def in_space(lon: FloatArray, lat: FloatArray, geod: Geod = crs.GEOD) -> FloatArray:
    """Return points of the ellipsoid as straight coordinates from the Earth's center, in meters.

    Examples
    --------
    >>> in_space(np.array([90.0]), np.array([0.0])).round(3).tolist()
    [[0.0, 6378137.0, 0.0]]
    """
    east, north = np.radians(lon), np.radians(lat)
    radius = geod.a / np.sqrt(1 - geod.es * np.sin(north) ** 2)
    return np.column_stack(
        [
            radius * np.cos(north) * np.cos(east),
            radius * np.cos(north) * np.sin(east),
            radius * (1 - geod.es) * np.sin(north),
        ]
    )


def segments(line: shapely.Geometry) -> FloatArray:
    """Return both ends of each straight part of a line, as an array of (part, end, axis).

    A point is a part without length. Of polygons, the border counts.
    """
    coordinates: list[FloatArray] = [np.empty((0, 2, 2))]
    for part in shapely.get_parts(line, return_index=False) if line is not None else ():
        if shapely.get_dimensions(part) == 2:
            coordinates += [segments(shapely.boundary(part))]
        elif len(at := shapely.get_coordinates(part)):
            pair = [at[:-1], at[1:]] if len(at) > 1 else [at, at]
            coordinates += [np.stack(pair, axis=1)]
    ends: FloatArray = np.concatenate(coordinates)
    if not len(ends):
        raise SettingsError(
            "the line has no part to measure the distance to; give a line with two vertices or more"
        )
    if not np.isfinite(ends).all():
        raise SettingsError("the line has vertices that are not finite numbers")
    return ends


def _to_segments(at: FloatArray, first: FloatArray, last: FloatArray) -> FloatArray:
    """Return the straight distance of each point to a segment, in meters."""
    along, to = last - first, at - first
    length2 = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", to, along) / np.where(length2 > 0, length2, 1)
    apart = to - np.clip(share, 0, 1)[:, None] * along
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", apart, apart)), dtype=np.float64)


def _pieces(line: shapely.Geometry, geod: Geod) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cut a line into short geodesics: where each starts, where it heads, how long it is."""
    ends = segments(line)
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
