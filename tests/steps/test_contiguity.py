from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import find_neighbors, schema
from geo.errors import CRSError, DataWarning, SchemaError, SettingsError
from geo.sources import boundaries
from tests import shared, toy


@pytest.fixture(scope="module")
def municipalities():
    return boundaries.load_areas("municipality")


def moved(areas, code, east):
    """Return the areas with one of them carried away by degrees."""
    shapes = areas.geometry.to_numpy().copy()
    which = (areas["cvegeo"] == code).to_numpy()
    shapes[which] = shapely.transform(shapes[which], lambda at: at + np.array([east, 0]))
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=areas.crs))


def pairs(areas, **settings):
    return list(find_neighbors(areas, **settings).itertuples(index=False, name=None))


def test_neighbors_of_all_municipalities_are_those_of_the_oracle(municipalities):
    oracle = shared.oracle("contiguity")
    expected = pd.read_csv(
        shared.path("oracles/contiguity_mun_counts_s.csv"), dtype={"cvegeo": "str"}
    ).set_index("cvegeo")

    found = find_neighbors(municipalities)

    schema.NEIGHBORS.check(found)
    assert len(found) == 2 * oracle["municipalities"]["queen_pairs"]
    number = found.groupby("focal").size()
    assert len(number) == 2465
    sure = expected[expected["in_ambiguous_pair"] == 0]
    assert (number[sure.index] == sure["queen_neighbors"]).all()
    for code, neighbors in oracle["examples"].items():
        assert found.loc[found["focal"] == code, "neighbor"].tolist() == neighbors


@pytest.mark.parametrize("level", ["state", "municipality"])
def test_neighbors_are_the_shipped_ones(level):
    found = find_neighbors(boundaries.load_areas(level))

    pd.testing.assert_frame_equal(found, boundaries.load_neighbors(level))


def test_middle_of_the_toy_country_touches_both_others_in_the_order_of_codes():
    expected = sorted(toy.neighbors().itertuples(index=False, name=None))

    assert pairs(toy.areas()) == expected
    assert pairs(toy.areas().iloc[::-1]) == expected


def test_tolerance_is_in_meters_in_every_direction():
    # 1e-5 degrees of longitude are 1.1 m at the equator.
    apart = moved(toy.areas(), toy.RIGHT, 1e-5)

    with pytest.warns(DataWarning, match=toy.RIGHT):
        assert (toy.MIDDLE, toy.RIGHT) not in pairs(apart)
    assert (toy.MIDDLE, toy.RIGHT) in pairs(apart, tolerance_m=1.3)
    with pytest.warns(DataWarning):
        assert (toy.MIDDLE, toy.RIGHT) not in pairs(apart, tolerance_m=0.9)


def test_e9_islands_are_named_and_left_alone():
    apart = moved(toy.areas(), toy.RIGHT, 0.5)

    with pytest.warns(DataWarning, match=f"1 areas touch no other .* {toy.RIGHT}"):
        found = find_neighbors(apart)

    assert sorted(set(found["focal"])) == sorted([toy.LEFT, toy.MIDDLE])


def test_e9_islands_are_joined_to_the_nearest_on_request_and_named():
    apart = moved(toy.areas(), toy.RIGHT, 0.5)

    with pytest.warns(DataWarning, match=rf"{toy.RIGHT} to {toy.MIDDLE} \(\d+\.?\d* km\)"):
        found = pairs(apart, islands="nearest")

    assert found == sorted(toy.neighbors().itertuples(index=False, name=None))


def test_two_islands_that_are_nearest_to_each_other_are_one_link():
    two = moved(toy.areas(), toy.RIGHT, 0.5).iloc[[1, 2]]

    with pytest.warns(DataWarning, match="2 areas touch no other"):
        found = pairs(two, islands="nearest")

    assert found == [(toy.MIDDLE, toy.RIGHT), (toy.RIGHT, toy.MIDDLE)]


def test_a_single_area_is_an_island_whatever_is_asked():
    for islands in ("leave", "nearest"):
        with pytest.warns(DataWarning, match=toy.LEFT):
            assert pairs(toy.areas().iloc[:1], islands=islands) == []


def test_no_areas_have_no_neighbors():
    found = find_neighbors(schema.AREAS.empty())

    pd.testing.assert_frame_equal(found, schema.NEIGHBORS.empty())


def test_shapes_simplified_as_one_coverage_keep_all_neighbors_but_few():
    found = find_neighbors(boundaries.display_geometry("municipality"))

    assert found["focal"].nunique() == 2465
    assert 2 * 7_200 < len(found) <= 2 * 7_222


def test_what_is_no_table_of_areas_of_one_level_is_refused():
    areas = toy.areas()
    with pytest.raises(SchemaError, match="'cvegeo' is missing"):
        find_neighbors(areas.drop(columns="cvegeo"))
    with pytest.raises(CRSError, match="longitude, latitude"):
        find_neighbors(areas.to_crs("EPSG:6372"))
    mixed = areas.assign(level=pd.Series(["state", *["municipality"] * 2], dtype="str"))
    with pytest.raises(SettingsError, match="levels municipality, state"):
        find_neighbors(mixed)
    shapes = [shapely.MultiPolygon(), *areas.geometry.iloc[1:]]
    hollow = areas.set_geometry(gpd.GeoSeries(shapes, crs="EPSG:4326"))
    with pytest.raises(SchemaError, match=f"1 of 3 areas have an empty shape, .* {toy.LEFT}"):
        find_neighbors(hollow)
    with pytest.raises(SettingsError, match="'leave' or 'nearest'"):
        find_neighbors(areas, islands="drop")
    with pytest.raises(SettingsError, match="0 meters or more"):
        find_neighbors(areas, tolerance_m=-1)


def test_areas_given_are_left_as_they_were():
    areas = toy.areas()

    find_neighbors(areas)

    assert not shapely.is_prepared(areas.geometry.to_numpy()).any()
    assert np.array_equal(areas["cvegeo"], toy.areas()["cvegeo"])
