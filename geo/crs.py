"""The coordinate reference systems of `geo`, and the only place that names them.

Points are stored and exchanged in :data:`STORED` and never measured in it. Distances and areas
that are reported are taken on the ellipsoid (:data:`GEOD`); :data:`METRIC` serves where many
points must lie in one plane (neighbors, densities). It is off by -1.1 % to +1.4 % in area and up
to 0.7 % in length.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer

STORED = "EPSG:4326"
"""Longitude and latitude in degrees."""

METRIC = "EPSG:6372"
"""INEGI's Lambert conformal conic projection of Mexico, in meters."""

GEOD = Geod(ellps="GRS80")
"""The ellipsoid of Mexico ITRF2008."""

FloatArray = npt.NDArray[np.float64]


@functools.cache
def _to_metric() -> Transformer:
    return Transformer.from_crs(STORED, METRIC, always_xy=True)


def project(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return easting and northing in meters (:data:`METRIC`) of points in degrees.

    Examples
    --------
    >>> easting, northing = project(-102.0, 12.0)
    >>> float(round(easting)), float(round(northing))
    (2500000.0, 0.0)
    """
    easting, northing = _to_metric().transform(lon, lat)
    return easting, northing


def unproject(easting: FloatArray, northing: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return longitude and latitude in degrees of points in meters (:data:`METRIC`).

    Examples
    --------
    >>> lon, lat = unproject(2_500_000.0, 0.0)
    >>> round(lon, 6), round(lat, 6)
    (-102.0, 12.0)
    """
    lon, lat = _to_metric().transform(easting, northing, direction="INVERSE")
    return lon, lat
