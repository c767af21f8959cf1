"""Points get the code of the area that holds them, at once for many."""

from __future__ import annotations

import dataclasses
import functools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.errors import SchemaError, SettingsError
from geo.sources import area_grids, boundaries
from geo.stats import area_lookup
from geo.stats.area_lookup import find_areas
from geo.stats.locate import AreaIndex
from geo.steps.assign import place_points
from geo.steps.placing import WORTH_BUILDING, finder_of, locate_points, shipped_finder

CULIACAN = (-107.394, 24.809)
ENGINES = ["numpy"] + ["numba"] * area_lookup._has_numba()


def areas(*shapes, codes=None):
    n = len(shapes)
    codes = codes or [f"{k + 1:05d}" for k in range(n)]
    text = {name: pd.array(codes, dtype="str") for name in ("cvegeo", "name", "state_name")}
    level = pd.array(["municipality"] * n, dtype="str")
    return gpd.GeoDataFrame(
        text | {"level": level, "area_km2": 1.0},
        geometry=gpd.GeoSeries(list(shapes), crs="EPSG:4326"),
    )


@functools.cache
def shipped_areas():
    return boundaries.load_areas("municipality")


@functools.cache
def border_points():
    """Vertices, middles of edges, and points next to both, all over the country."""
    arcs = boundaries.load_arcs("full")
    rng = np.random.default_rng(20240909)
    pick = rng.choice(len(arcs.lon) - 1, 12_000, replace=False)
    pick = np.setdiff1d(pick, arcs.arc_start[1:] - 1)
    a = np.column_stack([arcs.lon[pick], arcs.lat[pick]])
    b = np.column_stack([arcs.lon[pick + 1], arcs.lat[pick + 1]])
    near = [(a + b) / 2 + rng.normal(0, size, a.shape) for size in (1e-15, 1e-12, 1e-8)]
    ways = [np.nextafter(a, a + np.array(way)) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    return np.ascontiguousarray(np.vstack([a, (a + b) / 2, *near, *ways]).T)


@pytest.mark.parametrize("engine", ENGINES)
def test_borders_of_mexico_are_placed_as_the_polygons_say(engine):
    lon, lat = border_points()
    assert len(lon) > 100_000
    first, how_many = AreaIndex.of(np.asarray(shipped_areas().geometry.array)).covering(lon, lat)

    found = find_areas(area_grids.shipped_grid(), lon, lat, engine=engine)

    np.testing.assert_array_equal(found.first, first)
    several = np.flatnonzero(how_many > 1)
    np.testing.assert_array_equal(found.several, several)
    np.testing.assert_array_equal(found.how_many, how_many[several])
    assert len(several) > 10_000


def test_few_points_without_a_grid_get_the_same_codes(monkeypatch):
    lon, lat = (part[::40] for part in border_points())
    by_grid = locate_points(lon, lat)

    monkeypatch.setattr(area_grids, "ready_shipped_grid", lambda: None)
    assert len(lon) < WORTH_BUILDING
    by_polygons = locate_points(lon, lat)

    assert by_polygons.tolist() == by_grid.tolist()


def test_codes_are_a_categorical_of_text_with_missing_ones():
    found = locate_points([CULIACAN[0], -99.0, np.nan], [CULIACAN[1], 31.0, 20.0])

    assert isinstance(found, pd.Categorical)
    assert isinstance(found.categories.dtype, pd.StringDtype)
    assert len(found.categories) == 2465
    assert found[0] == "25006"
    assert found.isna().tolist() == [False, True, True]


def test_state_is_that_of_the_municipality():
    lon, lat = (part[::100] for part in border_points())

    states = pd.Series(locate_points(lon, lat, "state")).astype("str")
    municipalities = pd.Series(locate_points(lon, lat)).astype("str")

    assert states.equals(municipalities.str[:2])
    assert len(locate_points([], [], "state").categories) == 32


def test_tolerance_moves_points_to_the_nearest_area():
    squares = areas(shapely.box(0, 0, 0.1, 0.1), shapely.box(0.1, 0, 0.2, 0.1))
    lon, lat = [-0.01, 0.21, 0.1, 0.5, np.nan], [0.05] * 5

    assert locate_points(lon, lat, areas=squares).isna().tolist() == [True, True, False, True, True]
    moved = locate_points(lon, lat, areas=squares, tolerance_m=2_000)
    assert moved[:3].tolist() == ["00001", "00002", "00001"]
    assert moved[3:].isna().all()


def test_areas_of_the_user_may_come_in_any_order():
    given = areas(shapely.box(1, 0, 2, 1), shapely.box(0, 0, 1, 1), codes=["09002", "09001"])

    assert locate_points([0.5, 1.0, 1.5], [0.5] * 3, areas=given).tolist() == [
        "09001",
        "09001",
        "09002",
    ]


@pytest.mark.parametrize(
    "given",
    [
        [-107.394, None],
        pd.Series(["-107.394", None], index=[7, 3]),
        pd.Series([-107.394, None], dtype="Float64"),
        np.array([-107.394, np.nan], dtype=np.float32),
    ],
    ids=["list", "text", "nullable", "single precision"],
)
def test_coordinates_come_in_any_form(given):
    assert locate_points(given, [24.809, 24.809])[0] == "25006"


def test_no_points_give_no_codes():
    found = locate_points([], [])

    assert len(found) == 0
    assert len(found.categories) == 2465


def test_shipped_areas_given_as_a_table_are_known_again():
    assert finder_of(shipped_areas()).grid(0) is shipped_finder().grid(WORTH_BUILDING)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"level": "county"}, "not a level"),
        ({"lat": [24.0]}, "2 longitudes and 1 latitudes"),
        ({"lon": ["west", "east"]}, "longitudes are no list of numbers"),
        ({"tolerance_m": -1}, "0 meters or more"),
        ({"engine": "fortran"}, "no engine"),
    ],
)
def test_questions_that_cannot_be_meant_are_refused(given, message):
    area_grids.shipped_grid()

    with pytest.raises(SettingsError, match=message):
        locate_points(**({"lon": [-107.0, -99.0], "lat": [24.0, 19.0]} | given))


def test_table_that_is_no_areas_table_is_refused():
    with pytest.raises(SchemaError, match="Not a valid areas table"):
        locate_points([0.0], [0.0], areas=areas(shapely.box(0, 0, 1, 1)).drop(columns="name"))


def test_nearest_by_the_grid_is_that_of_the_polygons():
    finder = shipped_finder()
    rng = np.random.default_rng(20240725)
    lon, lat = rng.uniform(-119, -86, 60_000), rng.uniform(13, 33, 60_000)
    outside = finder.covering(lon, lat).first < 0
    lon, lat = lon[outside], lat[outside]
    polygons = dataclasses.replace(finder, grid=lambda _: None)

    place, meters = finder.nearest(lon, lat, 5_000)

    expected, far = polygons.nearest(lon, lat, 5_000)
    assert 200 < (place >= 0).sum() < len(lon) / 10
    np.testing.assert_array_equal(place, expected)
    np.testing.assert_array_equal(meters, far)


def test_other_countries_by_their_grid_are_those_of_their_polygons():
    rng = np.random.default_rng(20240909)
    lon, lat = rng.uniform(-180, 180, 50_000), rng.uniform(-90, 90, 50_000)
    lon[:20_000], lat[:20_000] = rng.uniform(-120, -80, 20_000), rng.uniform(10, 35, 20_000)
    away = ~((lon > -119) & (lon < -86) & (lat > 14) & (lat < 33))

    placed = place_points(shipped_finder(), lon, lat)

    shapes = np.asarray(boundaries.load_neighbor_countries().geometry.array)
    country, _ = AreaIndex.of(shapes).covering(lon, lat)
    np.testing.assert_array_equal(placed.is_abroad, country[placed.lost] >= 0)
    assert away[placed.lost].sum() == away.sum()
    assert 0.2 < placed.is_abroad.mean() < 0.5
