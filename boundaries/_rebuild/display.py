"""The display geometry: cleaned and simplified as one coverage, for drawing and nothing else."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import STORED

SNAP_M = 0.01
GAP_M = 0.5
TOLERANCE_M, FINE_M = 500, 250
SMALLEST_ISLAND_M2 = 2e6

Polygons = npt.NDArray[np.object_]


def simplified(layer: gpd.GeoDataFrame, tolerance_m: float) -> Polygons:
    """Return simplified municipalities in meters whose shared borders stay shared.

    The layer's borders miss each other by millimeters between states; they are snapped first,
    else every such border would be simplified twice, in two ways. Islands below 2 km2 are left
    out unless the municipality has nothing larger.
    """
    cleaned = shapely.coverage_clean(
        layer.geometry.to_numpy(), snapping_distance=SNAP_M, gap_width=GAP_M
    )
    kept = _without_small_islands(cleaned)
    simple = shapely.coverage_simplify(kept, tolerance_m)
    if not shapely.coverage_is_valid(simple) or shapely.is_empty(simple).any():
        raise SystemExit("The display geometry is not a coverage of all municipalities")
    result: Polygons = simple
    return result


def _without_small_islands(areas: Polygons) -> Polygons:
    parts, owner = shapely.get_parts(areas, return_index=True)
    size = shapely.area(parts)
    largest = np.zeros(len(areas))
    np.maximum.at(largest, owner, size)
    # A small part that touches another municipality is no island: dropping it would leave a hole.
    candidates = np.flatnonzero((size < SMALLEST_ISLAND_M2) & (size < largest[owner]))
    tree = shapely.STRtree(parts)
    pair = tree.query(parts[candidates], predicate="dwithin", distance=1.0)
    touching = owner[candidates[pair[0]]] != owner[pair[1]]
    islands = np.delete(candidates, np.unique(pair[0][touching]))
    keep = np.ones(len(parts), dtype=bool)
    keep[islands] = False
    result: Polygons = shapely.multipolygons(parts[keep], indices=owner[keep])
    return result


def in_degrees(polygons: Polygons) -> Polygons:
    """Return the display geometry in degrees."""
    series = gpd.GeoSeries(polygons, crs="EPSG:6372").to_crs(STORED)
    result: Polygons = series.to_numpy()
    return result
