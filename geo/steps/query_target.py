"""What a distance is measured to: a border, the coast, an area, or a shape of the user's."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError as ProjError

from geo import crs
from geo.cvegeo import EVERYDAY_NAMES, STATES, Level
from geo.errors import AreaError, CRSError, SettingsError
from geo.sources import boundaries
from geo.stats.line_index import LineIndex
from geo.stats.locate import AreaIndex
from geo.steps.query_logic import Words

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Place: TypeAlias = "str | int | shapely.Geometry | gpd.GeoSeries | gpd.GeoDataFrame"
"""A name or a code of an area, the name of a shipped line, or shapes with their CRS."""

UNITS: dict[str, float] = {
    "m": 1.0, "meter": 1.0, "meters": 1.0, "metre": 1.0, "metres": 1.0, "metro": 1.0, "metros": 1.0,
    "km": 1e3, "kilometer": 1e3, "kilometers": 1e3, "kilometre": 1e3, "kilometres": 1e3,
    "kilometro": 1e3, "kilometros": 1e3, "kilómetro": 1e3, "kilómetros": 1e3,
    "mi": 1609.344, "mile": 1609.344, "miles": 1609.344, "milla": 1609.344, "millas": 1609.344,
}  # fmt: skip
_DISTANCE = re.compile(r"\s*([+-]?[\d.,]+(?:[eE][+-]?\d+)?)\s*([^\d\s]*)\s*\Z")
FARTHEST_KM = 20_004.0
"""No two places of the Earth are farther apart."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Target:
    """What distances are measured to; made by :func:`target_of`.

    Attributes
    ----------
    words
        Its name.
    line
        Its line, or its rim.
    inside
        Its polygons, within which the distance is 0; None where it has none.
    is_line
        Whether all of it is lines.
    """

    words: Words
    line: LineIndex
    inside: AreaIndex | None
    is_line: bool

    def covers(self, lon: FloatArray, lat: FloatArray) -> BoolArray:
        """Return which points lie inside."""
        if self.inside is None:
            return np.zeros(lon.shape, dtype=bool)
        return np.asarray(self.inside.covering(lon, lat)[0] >= 0)

    def within(self, lon: FloatArray, lat: FloatArray, meters: float) -> BoolArray:
        """Return which points lie inside, or within a geodesic distance."""
        return self.line.within(lon, lat, meters) | self.covers(lon, lat)

    def distance(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the geodesic distance of points in meters, 0 inside."""
        outside = ~self.covers(lon, lat)
        meters = np.zeros(lon.shape)
        meters[outside] = self.line.distance(lon[outside], lat[outside])
        return meters


def meters_of(distance: float | str, name: str = "km") -> float:
    """Return a distance in meters: a number is of kilometers, a text says its unit.

    Raises
    ------
    SettingsError
        It is negative, not a number, beyond the Earth, or in a unit that is not known.

    Examples
    --------
    >>> meters_of(50), meters_of("30 mi"), meters_of("800 m")
    (50000.0, 48280.32, 800.0)
    >>> meters_of("3 leagues")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: km = '3 leagues': the unit 'leagues' is not known; give km, m or mi,
    as in '50 km'
    """
    number: object = distance
    factor = 1e3
    if isinstance(distance, str):
        found = _DISTANCE.match(distance)
        if found is None:
            raise SettingsError(f"{name} = {distance!r} is not a distance; write it as '50 km'")
        if found[2] and found[2].casefold() not in UNITS:
            raise SettingsError(
                f"{name} = {distance!r}: the unit {found[2]!r} is not known; give km, m or mi, as "
                "in '50 km'"
            )
        if "," in found[1]:
            raise SettingsError(
                f"{name} = {distance!r}: a comma may part thousands or decimals; write 1200 or 1.2"
            )
        number, factor = found[1], UNITS.get(found[2].casefold(), 1e3)
    try:
        meters = float(number) * factor  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise SettingsError(f"{name} = {distance!r} is not a number of kilometers") from None
    if isinstance(distance, bool) or not np.isfinite(meters) or meters < 0:
        raise SettingsError(f"{name} = {distance!r}: give a distance of 0 km or more")
    if meters > FARTHEST_KM * 1e3:
        raise SettingsError(
            f"{name} = {distance!r} is farther than any two places are apart; give kilometers"
        )
    return meters


def distance_words(meters: float) -> str:
    """Return a distance in short.

    Examples
    --------
    >>> distance_words(50_000), distance_words(800), distance_words(48280.32)
    ('50 km', '0.8 km', '48.28 km')
    """
    return f"{meters / 1e3:.10g} km"


def target_of(
    place: Place,
    *,
    crs: Any = None,  # noqa: ANN401
    level: Level | None = None,
    name: str | None = None,
) -> Target:
    """Return what a name, a code or a shape stands for.

    Raises
    ------
    AreaError
        A name that is no line's and no area's, or that of several areas.
    CRSError
        A shape of which it is not known where on the Earth it lies.
    SettingsError
        A shape without a point.
    """
    if isinstance(place, str) and (line := boundaries.find_line(place)):
        return _shipped_line(line)
    if isinstance(place, str | int):
        return _area(find_place(place, level))
    shapes = shapes_of(place, crs=crs)
    dimensions = shapely.get_dimensions(shapes)
    polygons = shapes[dimensions == 2]
    is_line = bool((dimensions == 1).all())
    return Target(
        words=_shape_words(shapes, name),
        line=LineIndex.of(shapely.geometrycollections(shapes)),
        inside=AreaIndex.of(polygons) if len(polygons) else None,
        is_line=is_line,
    )


def find_place(place: str | int, level: Level | None = None) -> str:
    """Return the code of an area, and of what is none say which lines there are, too."""
    try:
        return boundaries.find_area(place, level)
    except AreaError as error:
        if isinstance(place, str) and re.search("border|frontera|coast|costa", place.casefold()):
            lines = "'US border', 'Guatemala border', 'Belize border' and 'coast'"
            raise AreaError(f"{error}. Lines that are known are {lines}") from None
        raise


def area_words(code: str) -> Words:
    """Return the name of an area with its state.

    Examples
    --------
    >>> area_words("25006").en, area_words("15").es
    ('Culiacán, Sinaloa', 'Estado de México')
    """
    state = EVERYDAY_NAMES.get(code[:2], STATES[code[:2]])
    if len(code) == 2:
        return Words.same(state)
    return Words.same(f"{_names()[code]}, {state}")


def shapes_of(place: object, *, crs: Any = None) -> npt.NDArray[np.object_]:  # noqa: ANN401
    """Return the simple shapes of a geometry or a table of them, in degrees and in two dimensions.

    Raises
    ------
    CRSError
        It has no coordinate reference system, or coordinates that are not in it.
    SettingsError
        It is no geometry, or has no point.
    """
    if isinstance(place, gpd.GeoDataFrame):
        place = place.geometry
    if isinstance(place, gpd.GeoSeries):
        series = place if place.crs is not None or crs is None else place.set_crs(_crs(crs))
    elif isinstance(place, shapely.Geometry):
        series = gpd.GeoSeries([place], crs=None if crs is None else _crs(crs))
    else:
        raise SettingsError(
            f"a place is a name, a code or a shape, not {type(place).__name__}; give a point as "
            'shapely.Point(lon, lat) with crs="EPSG:4326"'
        )
    if series.crs is None:
        raise CRSError(
            "the shape does not say in which coordinate reference system it is, so its place on "
            'the Earth is not known; pass crs="EPSG:4326" for longitude and latitude, or give a '
            "GeoSeries with .set_crs(...)"
        )
    shapes = shapely.force_2d(series[~series.isna() & ~series.is_empty].to_crs(STORED).to_numpy())
    shapes = shapely.get_parts(shapely.get_parts(shapes))
    shapes = shapes[~shapely.is_empty(shapes)]
    if not len(shapes):
        raise SettingsError("the shape is empty; give one with a point, a line or an area")
    at = shapely.get_coordinates(shapes)
    if not np.isfinite(at).all() or (np.abs(at) > (360, 90)).any():
        raise CRSError(
            f"the shape has coordinates that are no degrees, as {at[0, 0]:g}, {at[0, 1]:g}, though "
            f"its coordinate reference system is {series.crs.name}; give the one that it is in"
        )
    return np.asarray(shapes, dtype=object)


STORED = crs.STORED


def _crs(given: Any) -> CRS:  # noqa: ANN401
    try:
        return CRS.from_user_input(given)
    except ProjError as error:
        raise CRSError(
            f"{given!r} is no coordinate reference system; write it as 'EPSG:4326'"
        ) from error


def _shape_words(shapes: npt.NDArray[np.object_], name: str | None) -> Words:
    if name is not None:
        return Words.same(f"“{name}”")
    dimensions = shapely.get_dimensions(shapes)
    if (dimensions == 1).all():
        km = sum(crs.GEOD.geometry_length(shape) for shape in shapes) / 1e3
        return Words("a given line of {} km", "una línea dada de {} km").filled(f"{km:.4g}")
    if (dimensions == 0).all() and len(shapes) == 1:
        lon, lat = shapely.get_coordinates(shapes)[0]
        return Words("the point {}, {}", "el punto {}, {}").filled(f"{lat:.6g}", f"{lon:.6g}")
    if (dimensions == 2).all() and len(shapes) == 1:
        km2 = abs(crs.GEOD.geometry_area_perimeter(shapes[0])[0]) / 1e6
        return Words("a given area of {} km²", "un área dada de {} km²").filled(f"{km2:.4g}")
    return Words("{} given shapes", "{} formas dadas").filled(len(shapes))


@functools.cache
def _shipped_line(line: str) -> Target:
    names = boundaries.load_lines().set_index("line").loc[line]
    return Target(
        words=Words(names["name_en"], names["name_es"]),
        line=LineIndex.of(boundaries.line_shape(line)),
        inside=None,
        is_line=True,
    )


@functools.lru_cache(maxsize=128)
def _area(code: str) -> Target:
    level: Level = "state" if len(code) == 2 else "municipality"
    areas = boundaries.load_areas(level)
    shape = areas.geometry[areas["cvegeo"] == code].to_numpy()
    return Target(
        words=area_words(code),
        line=LineIndex.of(shape[0]),
        inside=AreaIndex.of(shape),
        is_line=False,
    )


@functools.cache
def _names() -> dict[str, str]:
    areas = boundaries.area_codes("municipality")
    return dict(zip(areas["cvegeo"], areas["name"], strict=True))
