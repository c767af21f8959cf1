"""Queen contiguity on the full-resolution layer."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyarrow as pa

from geo.stats.contiguity import touching_shapes
from geo.steps.contiguity import TOLERANCE_M


def neighbors(layer: gpd.GeoDataFrame) -> pa.Table:
    """Return all ordered pairs of neighbors, states first: focal, neighbor.

    Two states are neighbors where two of their municipalities are.
    """
    codes = layer["cvegeo"].to_numpy(dtype=object)
    focal, other = touching_shapes(layer.geometry.to_numpy(), TOLERANCE_M)
    pairs = set(zip(codes[focal], codes[other], strict=True))
    states = {(a[:2], b[:2]) for a, b in pairs if a[:2] != b[:2]}
    ordered = np.array(sorted(states) + sorted(pairs))
    return pa.table({"focal": ordered[:, 0].tolist(), "neighbor": ordered[:, 1].tolist()})
