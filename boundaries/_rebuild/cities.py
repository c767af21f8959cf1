"""State capitals and large cities as points."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import shapely

from geo import crs


def cities(geonames: Path, chosen: Path, layer: gpd.GeoDataFrame) -> list[dict[str, object]]:
    """Return the chosen cities: name, cvegeo, capital, lon, lat, population, rank.

    Which ones, and by which name they are written on a map, is a reviewed list; where they lie
    and how large they are comes from GeoNames. The municipality is the one the point falls in.
    """
    places = json.loads(geonames.read_text(encoding="utf-8"))
    codes = layer["cvegeo"].to_list()
    tree = shapely.STRtree(layer.geometry.to_numpy())
    rows: list[dict[str, object]] = []
    with chosen.open(encoding="utf-8", newline="") as file:
        for choice in csv.DictReader(file):
            place = places[choice["geonameid"]]
            lon, lat = place["longitude"], place["latitude"]
            [hit] = tree.query(shapely.Point(*crs.project(lon, lat)), predicate="intersects")
            if choice["capital_of"] not in ("", codes[hit][:2]):
                raise SystemExit(f"{choice['name']} does not lie in state {choice['capital_of']}")
            rows.append(
                {
                    "name": choice["name"],
                    "cvegeo": codes[hit],
                    "capital": "true" if choice["capital_of"] else "false",
                    "lon": lon,
                    "lat": lat,
                    "population": place["population"],
                    "rank": _rank(choice["capital_of"], place["population"]),
                }
            )
    return rows


def _rank(capital_of: str, population: int) -> int:
    """Return 0 for the national capital, 1 for cities above half a million, else 2."""
    if capital_of == "09":
        return 0
    return 1 if population > 500_000 else 2
