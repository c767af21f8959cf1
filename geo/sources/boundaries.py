"""The shipped boundaries: areas, neighbors, shapes for drawing, surroundings, cities, look-up.

States and municipalities are those of INEGI's Marco Geoestadístico, September 2019. Loading is
done once per process; every caller gets a table of its own and may change it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import STORED
from geo.cvegeo import DIGITS, Level
from geo.errors import BoundariesError, SettingsError
from geo.sources import shipped
from geo.sources.arc_shapes import ArcShapes
from geo.sources.arcs import Arcs
from geo.sources.boundary_lines import find_line, line_shape, load_lines
from geo.sources.gazetteer import find_area

__all__ = [
    "EDITION",
    "area_codes",
    "area_sizes",
    "display_geometry",
    "find_area",
    "find_line",
    "line_shape",
    "load_arcs",
    "load_areas",
    "load_basemap",
    "load_basemap_arcs",
    "load_cities",
    "load_labels",
    "load_lines",
    "load_neighbor_countries",
    "load_neighbors",
]

EDITION = "INEGI, Marco Geoestadístico, septiembre 2019"

Detail = Literal["full", "fine", "display"]

ARC_FILES = {
    "full": "arcs-full.parquet",
    "fine": "arcs-fine.parquet",
    "display": "arcs-display.parquet",
}


def area_codes(level: Level = "municipality") -> pd.DataFrame:
    """Return the areas of a level without their shapes, ascending by code.

    Returns
    -------
    DataFrame
        ``cvegeo``, ``name``, ``state_name``.

    Examples
    --------
    >>> area_codes("state").iloc[24].tolist()
    ['25', 'Sinaloa', 'Sinaloa']
    >>> len(area_codes("municipality"))
    2465
    """
    return _rows(level)[["cvegeo", "name", "state_name"]]


def area_sizes(level: Level = "municipality") -> pd.DataFrame:
    """Return how large each area of a level is, ascending by code.

    Returns
    -------
    DataFrame
        ``cvegeo``, ``area_km2`` (on the ellipsoid).

    Examples
    --------
    >>> area_sizes("state").set_index("cvegeo")["area_km2"]["25"].round()
    np.float64(57370.0)
    """
    return _rows(level)[["cvegeo", "area_km2"]]


def load_labels(level: Level = "municipality") -> pd.DataFrame:
    """Return where the name of each area is written, ascending by code.

    Returns
    -------
    DataFrame
        ``cvegeo``, ``name``, ``state_name``, ``lon``, ``lat``: the middle of the largest circle
        that fits into the largest part of the area. It lies inside the area.
    """
    return _rows(level)[["cvegeo", "name", "state_name", "lon", "lat"]]


def load_areas(level: Level = "municipality") -> gpd.GeoDataFrame:
    """Return the areas of a level at full resolution, ascending by code.

    Use these to decide where a point lies: assigning with them is the same as assigning with
    INEGI's original. A state is the union of its municipalities. A few municipalities touch
    themselves within a centimeter and are formally invalid; point tests are right all the same,
    overlays need :func:`shapely.make_valid` first.

    Returns
    -------
    GeoDataFrame
        An ``AREAS`` table, with ``cve_ent`` as well.
    """
    return _full_areas(_known(level)).copy()


def display_geometry(level: Level = "municipality") -> gpd.GeoDataFrame:
    """Return the areas of a level simplified for drawing, ascending by code.

    Simplified by 500 m as one coverage: neighbors share their borders exactly. Never assign
    points with these; islands below 2 km2 are missing and 1 point in 100 near a border would go
    to the wrong side.

    Returns
    -------
    GeoDataFrame
        An ``AREAS`` table, with ``cve_ent`` as well.
    """
    return _display_areas(_known(level)).copy()


@functools.cache
def load_arcs(detail: Detail = "full") -> Arcs:
    """Return the municipalities as shared arcs, at full resolution or simplified for drawing.

    ``"display"`` is simplified by 500 m and ``"fine"`` by 250 m; both have the same borders between
    the same areas.

    The arrays are read-only and shared by all callers.

    Examples
    --------
    >>> arcs = load_arcs("display")
    >>> len(arcs.codes), arcs.codes[0]
    (2465, '01001')
    """
    if detail not in ARC_FILES:
        raise SettingsError(f"{detail!r} is not a detail; choose full, fine or display")
    arcs = Arcs.read(shipped.path(ARC_FILES[detail]))
    # States follow the municipalities in the full file.
    return arcs.select(0, len(_rows("municipality")))


def late_shapes() -> ArcShapes:
    """Return the municipalities at full resolution, each made when it is first asked for.

    Examples
    --------
    >>> late_shapes()[0].geom_type
    'MultiPolygon'
    """
    return ArcShapes(load_arcs("full"))


@functools.cache
def load_basemap_arcs() -> Arcs:
    """Return the neighboring countries as shared arcs, for drawing under the areas.

    ``codes`` are ISO 3166 numbers. Neighbors by land reach a tenth of a degree under Mexico.
    """
    return Arcs.read(shipped.path("arcs-basemap.parquet"))


def load_basemap() -> gpd.GeoDataFrame:
    """Return what lies around Mexico, for drawing: countries and the names of seas.

    Returns
    -------
    GeoDataFrame
        ``kind`` (``country``, ``sea``), ``code`` (ISO 3166 number, of countries), ``name_en``,
        ``name_es``, ``lon``, ``lat`` (of the label), ``rank`` (1 is written first), ``geometry``
        (EPSG:4326, cut to the surroundings; missing for seas). Draw Mexico on top.
    """
    return _basemap().copy()


def load_neighbor_countries() -> gpd.GeoDataFrame:
    """Return the countries of the world but Mexico, to tell whose a point beyond a border is.

    Fine (1:10 million) around Mexico, coarse elsewhere.

    Returns
    -------
    GeoDataFrame
        ``iso_number``, ``name_en``, ``geometry`` (EPSG:4326).
    """
    return _neighbor_countries().copy()


def load_cities() -> pd.DataFrame:
    """Return state capitals and large cities.

    Returns
    -------
    DataFrame
        ``name``, ``cvegeo`` (municipality), ``capital`` (of a state), ``lon``, ``lat``,
        ``population`` (as GeoNames has it: for ranking, not for rates), ``rank`` (0 the national
        capital, 1 cities above half a million, 2 the others).
    """
    cities = shipped.read_table("cities.csv")
    return cities.assign(
        capital=cities["capital"] == "true",
        lon=cities["lon"].astype("float64"),
        lat=cities["lat"].astype("float64"),
        population=cities["population"].astype("int64"),
        rank=cities["rank"].astype("int64"),
    )


def load_neighbors(level: Level = "municipality") -> pd.DataFrame:
    """Return the neighbors of each area: queen contiguity, in both directions, without self.

    Made on the original full-resolution layer with a tolerance of 10 cm. Two states are neighbors
    where two of their municipalities are. No area is without neighbors. (Rook contiguity, the
    other convention, leaves out areas that share a corner only: 107 of 7,222 pairs of
    municipalities, none of states.)

    Returns
    -------
    DataFrame
        A ``NEIGHBORS`` table, ascending.

    Examples
    --------
    >>> pairs = load_neighbors("municipality")
    >>> pairs.loc[pairs["focal"] == "25006", "neighbor"].tolist()
    ['10034', '25003', '25005', '25008', '25013', '25018']
    """
    pairs = shipped.read_table("neighbors.parquet")
    here = pairs["focal"].str.len() == DIGITS[_known(level)]
    return pairs[here].reset_index(drop=True)


def _known(level: Level) -> Level:
    if level not in DIGITS:
        raise SettingsError(f"{level!r} is not a level; choose {' or '.join(DIGITS)}")
    return level


def _rows(level: Level) -> pd.DataFrame:
    areas = shipped.areas()
    return areas[areas["level"] == _known(level)].reset_index(drop=True)


@functools.cache
def _full_areas(level: Level) -> gpd.GeoDataFrame:
    arcs = Arcs.read(shipped.path(ARC_FILES["full"]))
    n = len(_rows("municipality"))
    chosen = arcs.select(0, n) if level == "municipality" else arcs.select(n, len(arcs.codes))
    return _as_areas(level, chosen.codes, chosen.to_polygons())


@functools.cache
def _display_areas(level: Level) -> gpd.GeoDataFrame:
    arcs = load_arcs("display")
    shapes = arcs.to_polygons()
    if level == "municipality":
        return _as_areas(level, arcs.codes, shapes)
    state = np.array([code[:2] for code in arcs.codes])
    states = np.unique(state)
    joined = [shapely.coverage_union_all(shapes[state == code]) for code in states]
    parts, owner = shapely.get_parts(np.array(joined, dtype=object), return_index=True)
    return _as_areas(level, states.tolist(), shapely.multipolygons(parts, indices=owner))


def _as_areas(
    level: Level, codes: Sequence[str], shapes: npt.NDArray[np.object_]
) -> gpd.GeoDataFrame:
    rows = _rows(level)
    if rows["cvegeo"].tolist() != list(codes):
        raise BoundariesError(
            f"names and shapes of the level {level} are not of the same areas; {shipped.CURE}"
        )
    rows["geometry"] = gpd.GeoSeries(shapes, crs=STORED)
    columns = ["cvegeo", "name", "state_name", "level", "area_km2", "geometry", "cve_ent"]
    return gpd.GeoDataFrame(rows[columns], geometry="geometry", crs=STORED)


@functools.cache
def _basemap() -> gpd.GeoDataFrame:
    arcs = load_basemap_arcs()
    shapes = dict(zip(arcs.codes, arcs.to_polygons(), strict=True))
    rows = shipped.read_table("basemap.parquet")
    geometry = gpd.GeoSeries([shapes.get(code) for code in rows["code"]], crs=STORED)
    return gpd.GeoDataFrame(rows, geometry=geometry)


@functools.cache
def _neighbor_countries() -> gpd.GeoDataFrame:
    rows = shipped.read_table("countries.parquet")
    geometry = gpd.GeoSeries.from_wkb(rows.pop("geometry"), crs=STORED)
    return gpd.GeoDataFrame(rows, geometry=geometry)
