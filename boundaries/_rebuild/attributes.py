"""The table of areas: codes, names, sizes and places for labels."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geo import crs
from geo.cvegeo import STATES

Polygons = npt.NDArray[np.object_]

POLE_TOLERANCE_M = 100


def areas_table(layer: gpd.GeoDataFrame, full: Polygons, display: Polygons) -> pa.Table:
    """Return one row a state, then one row a municipality.

    Parameters
    ----------
    layer
        Names and codes of the municipalities.
    full
        The municipalities at full resolution, in degrees.
    display
        The municipalities as they are drawn, in meters.

    Returns
    -------
    Table
        ``cvegeo``, ``level``, ``name``, ``state_name``, ``cve_ent``, ``area_km2`` (on the
        ellipsoid; a state is the sum of its municipalities), ``lon``, ``lat`` (the middle of the
        largest circle that fits into the area as drawn).
    """
    states = sorted(STATES)
    state_of = layer["cve_ent"].to_numpy(dtype=object)
    size = np.array([_area_km2(polygon) for polygon in full])
    outlines = np.array(
        [shapely.coverage_union_all(display[state_of == code]) for code in states], dtype=object
    )
    places = [_middle(polygon) for polygon in (*outlines, *display)]
    lon, lat = np.round(crs.unproject(*np.array(places).T), 5)
    sums = [size[state_of == code].sum() for code in states]
    return pa.table(
        {
            "cvegeo": [*states, *layer["cvegeo"]],
            "level": ["state"] * len(states) + ["municipality"] * len(layer),
            "name": [*STATES.values(), *layer["name"]],
            "state_name": [*STATES.values(), *(STATES[code] for code in state_of)],
            "cve_ent": [*states, *state_of],
            "area_km2": np.round([*sums, *size], 6),
            "lon": lon,
            "lat": lat,
        }
    )


def _area_km2(polygon: shapely.MultiPolygon) -> float:
    square_meters, _ = crs.GEOD.geometry_area_perimeter(shapely.orient_polygons(polygon))
    return abs(square_meters) / 1e6


def _middle(polygon: shapely.MultiPolygon) -> tuple[float, float]:
    parts = shapely.get_parts(polygon)
    largest = parts[np.argmax(shapely.area(parts))]
    radius = shapely.maximum_inscribed_circle(largest, tolerance=POLE_TOLERANCE_M)
    easting, northing = shapely.get_coordinates(radius)[0]
    return float(easting), float(northing)
