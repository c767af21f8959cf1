"""Areas by their distance to what a query measures from: surely far, or near in part.

Nothing here is of events: the answers are the same for every table.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import crs
from geo.sources import boundaries
from geo.stats.locate import AreaIndex
from geo.steps.count import CODE_COLUMN
from geo.steps.query_index import FloatArray
from geo.steps.query_target import Target

_STEP_DEGREES = 0.005
_SLACK_M = 300.0
"""A border is looked at every 560 m at most: no place of it is farther from such a point."""

_SLIVER = 0.001
"""Areas that share less than this part of the smaller one do no more than touch."""


@functools.lru_cache(maxsize=16)
def nearer(target: Target) -> FloatArray:
    """Return of each area a distance in meters that no part of it is nearer than."""
    _, lon, lat, reach = circles()
    nearer, _ = target.line.bounds(lon, lat)
    return np.asarray(np.where(target.covers(lon, lat), 0, nearer - reach), dtype=np.float64)


@functools.cache
def circles() -> tuple[pd.Index, FloatArray, FloatArray, FloatArray]:
    """Return of each area its code, and a circle on the ellipsoid that holds it."""
    codes, around = [], []
    for level in CODE_COLUMN:
        areas = boundaries.load_areas(level)  # type: ignore[arg-type]
        west, south, east, north = areas.bounds.to_numpy().T
        lon, lat = (west + east) / 2, (south + north) / 2
        corners = [
            np.asarray(crs.GEOD.inv(lon, lat, x, y)[2])
            for x in (west, east)
            for y in (south, north)
        ]
        codes += areas["cvegeo"].tolist()
        around.append((lon, lat, np.max(corners, axis=0) * 1.001 + 1))
    lon, lat, reach = (np.concatenate(part) for part in zip(*around, strict=True))
    return pd.Index(codes), lon, lat, reach


@functools.lru_cache(maxsize=16)
def areas_near(target: Target, meters: float) -> frozenset[str]:
    """Return the municipalities of which any place may lie within a distance of a target."""
    codes, shapes = _municipalities()
    far = set(circles()[0][nearer(target) > meters])
    left = np.array([at for at, code in enumerate(codes) if code not in far], dtype=np.int64)
    borders = shapely.segmentize(shapely.boundary(shapes[left]), _STEP_DEGREES)
    points, of = shapely.get_coordinates(borders, return_index=True)
    near = np.zeros(len(left), dtype=bool)
    near[np.unique(of[target.within(points[:, 0], points[:, 1], meters + _SLACK_M)])] = True
    # A place in the midst of an area, far from its border.
    inside, _ = AreaIndex.of(shapes[left]).covering(*target.line.start.T)
    near[np.unique(inside[inside >= 0])] = True
    return frozenset(codes[left[near]])


@functools.lru_cache(maxsize=16)
def areas_under(target: Target) -> frozenset[str]:
    """Return the municipalities that share more than a border with the polygons of a target."""
    codes, shapes = _municipalities()
    if target.inside is None:
        return frozenset()
    given = np.asarray(target.inside.areas)
    at, of = shapely.STRtree(shapes).query(given, predicate="intersects")
    shared = shapely.area(shapely.intersection(given[at], shapes[of]))
    least = np.minimum(shapely.area(given[at]), shapely.area(shapes[of]))
    return frozenset(codes[np.unique(of[shared > _SLIVER * least])])


@functools.cache
def _municipalities() -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    areas = boundaries.load_areas("municipality")
    return areas["cvegeo"].to_numpy(dtype=object), np.asarray(areas.geometry.array)
