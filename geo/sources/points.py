"""Turn point geometries into two columns of text: longitude and latitude."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geo.crs import STORED
from geo.errors import CRSError
from geo.sources.gather import shown

LONGITUDE, LATITUDE = "longitude", "latitude"

FloatArray = npt.NDArray[np.float64]


def to_degrees(crs: object, name: str) -> Transformer | None:
    """Return what projects points from `crs` to longitude and latitude; None if they are so.

    Raises
    ------
    CRSError
        If the coordinate reference system is unknown.
    """
    if crs is None or not str(crs).strip():
        raise CRSError(
            f"{name} does not say in which coordinate reference system its points are. Set it (in "
            "QGIS: Layer > Set CRS, then save; for a shapefile this writes the .prj file)."
        )
    try:
        known = CRS.from_user_input(crs)
        # Axis order is set aside on purpose: files hold longitude first, whatever the CRS says.
        if known.equals(CRS(STORED), ignore_axis_order=True):
            return None
        return Transformer.from_crs(known, STORED, always_xy=True)
    except ProjError as error:
        raise CRSError(
            f"{name} names a coordinate reference system that is unknown: {shown(crs, 120)}. "
            "Save it again in EPSG:4326."
        ) from error


def points_of(
    geometry: npt.NDArray[np.object_], transformer: Transformer | None
) -> tuple[FloatArray, FloatArray, npt.NDArray[np.object_], int]:
    """Return longitude, latitude, what is wrong with each, and how many lone points were multi.

    Missing and empty geometry gives NaN and nothing wrong. A collection of one point is that
    point. A height is left out.

    Examples
    --------
    >>> shapes = shapely.from_wkt(["POINT (-99 19)", "LINESTRING (0 0, 1 1)", "POINT EMPTY"])
    >>> lon, lat, wrong, _ = points_of(shapes, None)
    >>> lon.tolist(), wrong.tolist()
    ([-99.0, nan, nan], ['', 'not_a_point', ''])
    """
    wrong = np.full(len(geometry), "", dtype=object)
    is_there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    is_point = is_there & (shapely.get_type_id(geometry) == shapely.GeometryType.POINT)
    is_lone = (
        is_there
        & (shapely.get_type_id(geometry) == shapely.GeometryType.MULTIPOINT)
        & (shapely.get_num_geometries(geometry) == 1)
    )
    points = geometry.copy()
    points[is_lone] = shapely.get_geometry(geometry[is_lone], 0)
    wrong[is_there & ~is_point & ~is_lone] = "not_a_point"
    points[~(is_point | is_lone)] = None
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    good = is_point | is_lone
    lon, lat = project(lon, lat, good, transformer)
    wrong[good & ~(np.isfinite(lon) & np.isfinite(lat))] = "not_finite"
    return lon, lat, wrong, int(is_lone.sum())


def project(
    lon: FloatArray,
    lat: FloatArray,
    chosen: npt.NDArray[np.bool_],
    transformer: Transformer | None,
) -> tuple[FloatArray, FloatArray]:
    """Return the chosen points in degrees; infinite where that is impossible."""
    if transformer is None or not chosen.any():
        return lon, lat
    lon, lat = lon.copy(), lat.copy()
    try:
        lon[chosen], lat[chosen] = transformer.transform(lon[chosen], lat[chosen])
    except ProjError:
        lon[chosen] = lat[chosen] = np.inf
    return lon, lat


def coordinate_text(values: FloatArray) -> pa.Array:
    """Return coordinates as text that reads back as the same number; NaN as blank.

    Examples
    --------
    >>> coordinate_text(np.array([-99.0, 19.4326, np.nan])).to_pylist()
    ['-99.0', '19.4326', '']
    """
    return pa.array(["" if v != v else repr(v) for v in values.tolist()], pa.large_string())


def replace_names(header: Sequence[str]) -> tuple[list[str], list[int], list[str]]:
    """Return the header with the coordinates of the geometry last, and what gives way to them.

    Columns that are called longitude or latitude in any case are left out: the geometry is what
    the file is about, and two pairs of coordinates could disagree.

    Examples
    --------
    >>> replace_names(["id", "LATITUDE", "notes"])
    (['id', 'notes', 'longitude', 'latitude'], [0, 2], ['LATITUDE'])
    """
    own = {LONGITUDE, LATITUDE}
    kept = [i for i, column in enumerate(header) if column.strip().casefold() not in own]
    gone = [column for column in header if column.strip().casefold() in own]
    return [*(header[i] for i in kept), LONGITUDE, LATITUDE], kept, gone
