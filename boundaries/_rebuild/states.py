"""States at full resolution: the union of their municipalities, as stored."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

Polygons = npt.NDArray[np.object_]


def unions(municipalities: Polygons, state_of: npt.NDArray[np.object_]) -> Polygons:
    """Return one MultiPolygon a state, ascending by code.

    Where two municipalities of a state overlap or miss each other by centimeters (Mexico City and
    a few in Oaxaca), the union keeps the outline of what they cover, slivers included.
    """
    joined = [shapely.union_all(municipalities[state_of == code]) for code in np.unique(state_of)]
    parts, owner = shapely.get_parts(np.array(joined, dtype=object), return_index=True)
    result: Polygons = shapely.multipolygons(parts, indices=owner)
    return result
