"""How far points lie from a line, and which lie near enough, without measuring each."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from geo import crs
from geo.sources import boundaries
from geo.stats.line_index import LineIndex, longest_arc
from geo.stats.zone import zone_around
from tests import shared

WHOLE = shapely.LineString([(-117, 32.5), (-111, 31.3), (-106.5, 31.8), (-97.1, 26.0)])


@pytest.mark.parametrize("case", shared.cases("border_distance"), ids=lambda case: case["label"])
def test_distance_is_that_of_the_oracle_and_decides_what_is_within(case):
    index = LineIndex.of(shapely.LineString(shared.oracle("border_distance")["line_lonlat"]))
    lon, lat = np.array([case["lon"]]), np.array([case["lat"]])

    meters = index.distance(lon, lat)[0]

    assert meters / 1e3 == pytest.approx(case["geodesic_km"], abs=1e-3)
    assert index.within(lon, lat, meters).all()
    assert not index.within(lon, lat, meters - 0.01).any()


def test_within_is_true_distance_at_the_edge_of_a_zone_and_everywhere_else():
    index = LineIndex.of(WHOLE)
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-120, -94, 4_000), rng.uniform(22, 36, 4_000)
    meters = index.distance(lon, lat)

    for limit in (0.0, 700.0, 5_000.0, 50_000.0, 300_000.0, 2_000_000.0):
        np.testing.assert_array_equal(index.within(lon, lat, limit), meters <= limit)
    for limit in np.sort(meters)[::500]:  # no limit is so awkward as the distance of a point
        np.testing.assert_array_equal(index.within(lon, lat, float(limit)), meters <= limit)


vertices = st.lists(
    st.tuples(st.floats(-170, 170), st.floats(-80, 80)), min_size=2, max_size=3, unique=True
)
point = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(vertices, point, st.floats(0, 3_000_000))
@example([(179.9, 10.0), (170.0, 12.0)], (-179.9, 10.0), 100_000.0)
@example([(0.0, 80.0), (10.0, 80.0)], (180.0, 89.9), 2_000_000.0)
def test_no_point_is_lost_or_won_anywhere_on_the_earth(line, place, limit):
    index = LineIndex.of(shapely.LineString(line))
    lon, lat = np.array([place[0]]), np.array([place[1]])

    meters = index.distance(lon, lat)[0]
    low, high = index.bounds(lon, lat)

    assert low[0] <= meters + 1e-6
    assert meters <= high[0] + 1e-6
    assert index.within(lon, lat, limit)[0] == (meters <= limit)


@given(point, point)
def test_bounds_of_an_arc_hold_for_any_two_places(one, other):
    index = LineIndex.of(shapely.Point(one))
    apart = crs.GEOD.inv(*one, *other)[2]

    low, high = index.bounds(np.array([other[0]]), np.array([other[1]]))

    assert low[0] <= apart + 1e-6
    assert apart <= high[0] + 1e-6 or apart > 19_900_000  # beyond half around the arc wraps


def test_distance_to_the_shipped_border_is_the_radius_in_a_projection_around_the_point():
    """Independent truth: in PROJ's azimuthal equidistant projection radii are geodesics."""
    from pyproj import Transformer

    border = boundaries.line_shape("us")
    at = shapely.get_coordinates(border)
    labels = boundaries.load_labels().iloc[::120]
    lon, lat = labels["lon"].to_numpy(), labels["lat"].to_numpy()
    truth = []
    for x, y in zip(lon, lat, strict=True):
        around = Transformer.from_crs(
            "EPSG:4326", f"+proj=aeqd +lat_0={y} +lon_0={x} +ellps=GRS80", always_xy=True
        )
        line = shapely.linestrings(np.column_stack(around.transform(at[:, 0], at[:, 1])))
        truth.append(shapely.distance(line, shapely.Point(0, 0)))

    found = LineIndex.of(border).distance(lon, lat)

    assert len(found) > 20
    # Between vertices 100 m apart that projection bends lines by millimeters.
    np.testing.assert_allclose(found, truth, rtol=0, atol=0.05)


def test_a_line_across_the_date_line_has_no_grid_and_is_right_all_the_same():
    line = shapely.LineString([(179.0, 0.0), (179.99, 0.0)])
    index = LineIndex.of(line)

    assert zone_around(index.start, 500_000.0, index.half_m, index.bounds) is None
    assert index.within(np.array([-179.9, -170.0]), np.zeros(2), 20_000).tolist() == [True, False]


def test_points_without_coordinates_are_near_nothing():
    index = LineIndex.of(WHOLE)
    lon = np.array([np.nan, -111.0, np.inf])
    lat = np.array([31.0, np.nan, 31.0])

    assert not index.within(lon, lat, 1e7).any()
    assert np.isnan(index.distance(lon, lat)).all()


def test_the_longest_arc_of_a_short_chord_is_the_chord():
    np.testing.assert_allclose(longest_arc(np.array([0.0, 1.0, 100.0])), [0, 1, 100], atol=1e-6)


def test_polygons_count_by_their_rim_and_points_by_themselves():
    shape = shapely.GeometryCollection([shapely.box(0, 0, 2, 2), shapely.Point(5, 0)])
    index = LineIndex.of(shape)

    meters = index.distance(np.array([1.0, 5.0]), np.array([0.0, 1.0]))

    assert meters[0] == pytest.approx(0, abs=1e-3)
    assert meters[1] == pytest.approx(crs.GEOD.inv(5, 0, 5, 1)[2], abs=1e-3)
