"""Two squares in the middle of Mexico, with events in them.

24 +-------+-------+
   | 25003 | 10001 |     degrees of latitude; longitude -103 to -102 to -101
23 +-------+-------+
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from geo import schema
from tests import toy

WEST, EAST = "25003", "10001"
MIDDLE = (-102.5, 23.5)
"""Longitude and latitude of the middle of the western square."""


def areas(codes=(WEST, EAST)) -> gpd.GeoDataFrame:
    """Return the ``AREAS`` table of the squares."""
    first = {WEST: -103, EAST: -102}
    return gpd.GeoDataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            "name": pd.Series(codes, dtype="str"),
            "state_name": pd.Series(codes, dtype="str"),
            "level": pd.Series("municipality", index=range(len(codes)), dtype="str"),
            "area_km2": 11_300.0,
        },
        geometry=[
            shapely.MultiPolygon([shapely.box(first[c], 23, first[c] + 1, 24)]) for c in codes
        ],
        crs="EPSG:4326",
    )


def located(*points, **columns) -> gpd.GeoDataFrame:
    """Return an ``ASSIGNED`` table with one event a point, of 1 July 2024 unless said.

    A point west of -102 lies in the western square, else in the eastern one.
    """
    codes = [WEST if lon < -102 else EAST for lon, _ in points]
    rows = [{"code": code, "event_date": "2024-07-01"} for code in codes]
    for name, given in columns.items():
        for row, value in zip(rows, given, strict=True):
            row[name] = value
    frame = toy.located(rows)
    shapes = gpd.GeoSeries([shapely.Point(p) for p in points], index=frame.index, crs="EPSG:4326")
    frame = frame.set_geometry(shapes)
    schema.ASSIGNED.check(frame)
    return frame


def many(n=30, point=MIDDLE, **columns) -> gpd.GeoDataFrame:
    """Return as many events at one point."""
    return located(*[point] * n, **{name: [value] * n for name, value in columns.items()})
