"""Queen contiguity on the full-resolution layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

TOLERANCE_M = 0.1
"""Borders of neighbors miss each other by millimeters, and no two other areas come this close:
from 5 mm to 5 m the pairs are the same."""


def neighbors(layer: gpd.GeoDataFrame) -> pa.Table:
    """Return all ordered pairs of neighbors, states first: focal, neighbor.

    Two states are neighbors where two of their municipalities are.
    """
    areas = layer.geometry.to_numpy()
    codes = layer["cvegeo"].to_numpy(dtype=object)
    shapely.prepare(areas)
    focal, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=TOLERANCE_M)
    apart = focal != other
    pairs = set(zip(codes[focal[apart]], codes[other[apart]], strict=True))
    pairs |= {(b, a) for a, b in pairs}
    states = {(a[:2], b[:2]) for a, b in pairs if a[:2] != b[:2]}
    ordered = np.array(sorted(states) + sorted(pairs))
    return pa.table({"focal": ordered[:, 0].tolist(), "neighbor": ordered[:, 1].tolist()})
