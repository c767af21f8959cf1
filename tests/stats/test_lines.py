from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import crs
from geo.errors import SettingsError
from geo.stats.lines import geodesic_line_distance, planar_line_distance
from tests import shared


@pytest.mark.parametrize("case", shared.cases("border_distance"))
def test_distance_to_the_border_agrees_with_a_search_along_it(case):
    oracle = shared.oracle("border_distance")
    allowed = oracle["tolerance"]
    border = np.array(oracle["line_lonlat"])
    x, y = crs.project(case["lon"], case["lat"])

    geodesic = geodesic_line_distance(
        case["lon"], case["lat"], shapely.LineString(border), geod=Geod(ellps="WGS84")
    )
    plane = shapely.LineString(np.column_stack(crs.project(*border.T)))
    planar = planar_line_distance(x, y, plane)

    assert geodesic / 1000 == pytest.approx(case["geodesic_km"], abs=allowed["geodesic_km"])
    assert planar / 1000 == pytest.approx(case["planar_6372_km"], abs=allowed["planar_km"])
    assert geodesic == pytest.approx(planar, rel=allowed["geodesic_vs_planar_rel"])


def test_distance_is_zero_on_the_line_and_missing_without_coordinates():
    line = shapely.LineString([(-100, 20), (-100, 25)])

    found = geodesic_line_distance([-100, -100, np.nan, -100], [20, 22.5, 22, np.nan], line)

    assert found[:2] == pytest.approx([0, 0], abs=1e-3)
    assert np.isnan(found[2:]).all()
    assert np.isnan(planar_line_distance([np.nan], [1], line)).all()


def test_nearest_is_the_line_and_not_its_vertex():
    # A parallel is no geodesic, a meridian is: one degree of longitude at 60 N, on GRS80.
    line = shapely.LineString([(0, 59), (0, 61)])

    assert geodesic_line_distance([1.0], [60.0], line) == pytest.approx(55_799, abs=5)
    end = geodesic_line_distance([0.0], [62.0], line)
    assert end == pytest.approx(crs.GEOD.inv(0, 62, 0, 61)[2], abs=0.01)


def test_of_several_lines_the_nearest_counts_and_of_a_polygon_its_border():
    two = shapely.MultiLineString([[(0, 0), (0, 1)], [(10, 0), (10, 1)]])
    square = shapely.box(0, 0, 10, 10)

    assert planar_line_distance([7.0], [0.5], two).tolist() == [3.0]
    assert planar_line_distance([4.0, 12.0], [5.0, 5.0], square).tolist() == [4.0, 2.0]


def test_the_shape_of_the_points_is_kept():
    line = shapely.LineString([(0, 0), (1, 0)])

    assert planar_line_distance(np.zeros((2, 3)), np.ones((2, 3)), line).shape == (2, 3)
    assert geodesic_line_distance(0.5, 0.0, line).shape == ()
    assert geodesic_line_distance([], [], line).shape == (0,)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(shapely.LineString(), id="empty"),
        pytest.param(shapely.GeometryCollection(), id="nothing"),
        pytest.param(shapely.LineString([(0, 0), (np.inf, 1)]), id="not a number"),
    ],
)
def test_a_line_without_parts_is_refused(line):
    with pytest.raises(SettingsError, match="line has"):
        geodesic_line_distance([0], [0], line)
    with pytest.raises(SettingsError, match="line has"):
        planar_line_distance([0], [0], line)


def test_the_distance_to_a_point_is_that_between_two_points():
    apart = crs.GEOD.inv(-107.4, 24.8, -106.4, 23.2)[2]

    found = geodesic_line_distance([-107.4], [24.8], shapely.Point(-106.4, 23.2))

    assert found[0] == pytest.approx(apart, abs=1e-6)


vertices = st.lists(
    st.tuples(st.floats(-117, -87), st.floats(15, 32)), min_size=2, max_size=4, unique=True
)


@given(vertices, st.floats(-117, -87), st.floats(15, 32))
def test_distance_is_the_least_of_those_to_points_walked_along_the_line(line, lon, lat):
    steps = []
    for start, end in pairwise(line):
        steps += [start, *crs.GEOD.npts(*start, *end, 2_000), end]
    walked = np.array(steps)
    there = crs.GEOD.inv(np.full(len(walked), lon), np.full(len(walked), lat), *walked.T)[2]

    found = float(geodesic_line_distance(lon, lat, shapely.LineString(line)))

    assert found <= there.min() + 0.01
    # Half a step of the walk, at most 3,500 km in 2,000 steps, and the squares add up.
    assert found >= np.sqrt(max(there.min() ** 2 - 1_000**2, 0)) - 0.01
