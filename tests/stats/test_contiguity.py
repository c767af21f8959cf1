from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.contiguity import nearest_shapes, touching_shapes


def pairs(shapes, tolerance_m=0.1):
    return list(zip(*(at.tolist() for at in touching_shapes(shapes, tolerance_m)), strict=True))


def square(x, y, size=1.0):
    return shapely.box(x, y, x + size, y + size)


def test_borders_and_corners_make_neighbors_in_both_directions():
    side, corner, far = square(1, 0), square(-1, 1), square(5, 5)

    assert pairs(np.array([square(0, 0), side, corner, far])) == [(0, 1), (0, 2), (1, 0), (2, 0)]


@pytest.mark.parametrize(
    ("gap", "found"),
    [
        pytest.param(-0.02, True, id="overlap"),
        pytest.param(0.0, True, id="common border"),
        pytest.param(0.005, True, id="half a centimeter"),
        pytest.param(0.099, True, id="below the tolerance"),
        pytest.param(0.101, False, id="above the tolerance"),
    ],
)
def test_gap_up_to_the_tolerance_is_a_border(gap, found):
    shapes = np.array([square(2_500_000, 800_000), square(2_500_001 + gap, 800_000)])

    assert bool(pairs(shapes)) == found


def test_an_enclave_is_the_neighbor_of_what_surrounds_it_and_of_nothing_beyond():
    ring = square(0, 0, 10).difference(square(4, 4, 2))

    assert pairs(np.array([square(4, 4, 2), ring, square(10, 0)])) == [
        (0, 1),
        (1, 0),
        (1, 2),
        (2, 1),
    ]


def test_parts_beyond_the_sea_count():
    island = shapely.MultiPolygon([square(50, 50), square(1, 0)])

    assert pairs(np.array([square(0, 0), island])) == [(0, 1), (1, 0)]


def test_empty_shapes_and_no_shapes_touch_nothing():
    assert pairs(np.array([square(0, 0), shapely.Polygon(), shapely.Polygon()])) == []
    assert pairs(np.array([], dtype=object)) == []


@pytest.mark.parametrize("tolerance_m", [-0.1, np.nan, np.inf])
def test_impossible_tolerances_are_refused(tolerance_m):
    with pytest.raises(SettingsError, match="0 meters or more"):
        touching_shapes(np.array([square(0, 0)]), tolerance_m)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=9
    ),
    st.sampled_from([0.0, 1.0, 1.5, 2.0]),
)
def test_neighbors_are_all_pairs_within_the_distance(boxes, tolerance_m):
    shapes = np.array([square(*box) for box in boxes])
    apart = shapely.distance(shapes[:, np.newaxis], shapes) <= tolerance_m
    np.fill_diagonal(apart, val=False)

    found = touching_shapes(shapes, tolerance_m)

    np.testing.assert_array_equal(np.column_stack(found), np.argwhere(apart))


def test_nearest_is_by_border_and_the_first_of_equals():
    wide = square(-30, 0, 20)
    shapes = np.array([square(0, 0), square(12, 0), wide, square(0, 11), square(0, -60)])

    nearest, meters = nearest_shapes(shapes, np.array([0, 4]))

    # From the border of the wide square it is 10 m, from its middle 20 m.
    assert nearest.tolist() == [2, 0]
    assert meters.tolist() == [10.0, 59.0]
