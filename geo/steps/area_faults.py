"""Refuse areas in which a point could not be placed: broken, misplaced or overlapping ones.

What an imprecise drawing leaves behind, slivers narrower than a street, is let pass: there the
lower code, or the nearest area, gets the point.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import CRSError, DataWarning, SchemaError
from geo.stats.area_grid import AreaGrid
from geo.stats.coverage import METERS, Faces, odd_faces

OVERLAP_M = 50.0
"""Mean width of the widest overlap, or gap, that is let pass without a word, in meters. Few events
are placed more precisely."""

_MENDED_M2 = 100.0
"""How much an invalid polygon may change when it is mended."""

_MEXICO = (-118.6, 14.4, -86.5, 32.8)
_LISTED = 5

Shapes = npt.NDArray[np.object_]


def check_shapes(areas: gpd.GeoDataFrame) -> None:
    """Raise unless every area is a polygon in longitude and latitude.

    Raises
    ------
    SchemaError
        There is no area; a shape is missing, empty, no polygon, not finite, crosses itself, or
        reaches over the 180th meridian.
    CRSError
        Coordinates that cannot be degrees, or that are latitude first.

    Examples
    --------
    >>> from geo.sources.boundaries import load_areas
    >>> check_shapes(load_areas("state"))
    """
    shapes = np.asarray(areas.geometry.array)
    codes = areas["cvegeo"].to_numpy(dtype=object)
    if not len(shapes):
        raise SchemaError("Not a valid areas table:\n- it has no row: no point could be placed")
    faults = [
        *_told(codes, shapely.is_missing(shapes) | shapely.is_empty(shapes), "have no shape"),
        *_told(
            codes,
            ~np.isin(shapely.get_type_id(shapes), (-1, 3, 6)),
            "are no polygons; an area is a polygon or a multipolygon",
        ),
    ]
    if not faults:
        bounds = shapely.bounds(shapes)
        finite = np.isfinite(shapely.get_coordinates(shapes)).all(axis=1)
        _, owner = shapely.get_coordinates(shapes, return_index=True)
        endless = np.bincount(owner[~finite], minlength=len(shapes)) > 0
        faults += _told(codes, endless, "have coordinates that are no numbers")
        if not faults:
            _check_degrees(bounds)
            faults += _told(
                codes,
                _widest_part(shapes) > 180,
                "have a part wider than half the earth; cut it where it crosses the 180th meridian",
            )
            faults += _invalid(codes, shapes)
    if faults:
        raise SchemaError("Not a valid areas table:\n- " + "\n- ".join(faults))


def check_coverage(grid: AreaGrid, shapes: Shapes, codes: npt.NDArray[np.object_]) -> None:
    """Raise where areas overlap; warn where they enclose a gap.

    Parameters
    ----------
    grid
        The grid of `shapes`.
    shapes, codes
        Polygons in degrees and their codes, ascending by code.

    Raises
    ------
    SchemaError
        Overlaps wider than :data:`OVERLAP_M`.

    Warns
    -----
    DataWarning
        Gaps wider than :data:`OVERLAP_M`.
    """
    faces = odd_faces(grid, shapes)
    wide = faces.width_m > OVERLAP_M
    overlaps = faces.only(wide & (faces.how_many > 1))
    gaps = faces.only(wide & (faces.how_many == 0))
    if len(overlaps.lon):
        raise SchemaError(
            f"Not a valid areas table:\n- areas overlap in {_count(overlaps, 'place')} by more "
            f"than {OVERLAP_M:.0f} m: {'; '.join(_overlaps(overlaps, shapes, codes))}. A point "
            "there would be in several areas; cut the areas so that each place is in one"
        )
    if len(gaps.lon):
        largest = int(np.argmax(gaps.area_km2))
        warnings.warn(
            f"the areas enclose {_count(gaps, 'gap')} wider than {OVERLAP_M:.0f} m, "
            f"{gaps.area_km2.sum():,.2f} km2 in all, the largest {gaps.area_km2[largest]:,.2f} km2 "
            f"at {gaps.lon[largest]:.4f}, {gaps.lat[largest]:.4f}: a point there goes to the "
            "nearest area within the tolerance, or to none",
            DataWarning,
            stacklevel=2,
        )


def _check_degrees(bounds: npt.NDArray[np.float64]) -> None:
    west, south = bounds[:, 0].min(), bounds[:, 1].min()
    east, north = bounds[:, 2].max(), bounds[:, 3].max()
    reach = (
        f"from {west:g} to {east:g} in the first coordinate, {south:g} to {north:g} in the second"
    )
    first_is_lat = (
        _MEXICO[1] <= west and east <= _MEXICO[3] and _MEXICO[0] <= south and north <= _MEXICO[2]
    )
    if first_is_lat:
        raise CRSError(
            f"the areas reach {reach}: latitude comes first, and `geo` wants longitude first; "
            "exchange them with shapely.transform(shapes, lambda at: at[:, ::-1])"
        )
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise CRSError(
            f"the areas reach {reach}, which cannot be degrees of longitude and latitude; say what "
            "they are with .set_crs(..., allow_override=True) and then call .to_crs('EPSG:4326')"
        )


def _widest_part(shapes: Shapes) -> npt.NDArray[np.float64]:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    bounds = shapely.bounds(parts)
    widest = np.zeros(len(shapes))
    np.maximum.at(widest, owner, bounds[:, 2] - bounds[:, 0])
    return widest


def _invalid(codes: npt.NDArray[np.object_], shapes: Shapes) -> Iterator[str]:
    """Tell of shapes that mending would change; rounding breaks many by a few centimeters."""
    for at in np.flatnonzero(~shapely.is_valid(shapes)):
        shape = shapes[at]
        lat = np.radians(shape.bounds[1::2]).mean()
        moved = abs(shapely.make_valid(shape).area - shape.area) * METERS**2 * np.cos(lat)
        if moved > _MENDED_M2:
            why = shapely.is_valid_reason(shape)
            yield (
                f"{codes[at]} crosses itself ({why}); shapely.make_valid would change its "
                f"area by {moved / 1e6:,.4f} km2, so look at it first"
            )


def _told(
    codes: npt.NDArray[np.object_], faulty: npt.NDArray[np.bool_], fault: str
) -> Iterator[str]:
    if n := int(faulty.sum()):
        listed = ", ".join(map(str, codes[faulty][:_LISTED]))
        yield f"{n} of {len(codes)} {fault}: {listed}{', …' if n > _LISTED else ''}"


def _count(faces: Faces, word: str) -> str:
    n = len(faces.lon)
    return f"{n:,} {word}{'s' if n > 1 else ''}"


def _overlaps(faces: Faces, shapes: Shapes, codes: npt.NDArray[np.object_]) -> Iterator[str]:
    largest = np.argsort(-faces.area_km2, kind="stable")[:_LISTED]
    for at in largest:
        here = shapely.intersects_xy(shapes, faces.lon[at], faces.lat[at])
        yield (
            f"{' and '.join(map(str, codes[here][:_LISTED]))}, {faces.area_km2[at]:,.3f} km2 at "
            f"{faces.lon[at]:.4f}, {faces.lat[at]:.4f}"
        )
