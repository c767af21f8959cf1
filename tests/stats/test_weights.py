from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.local import links_between
from geo.stats.weights import nearest_neighbors, smallest_band, within_distance
from tests import shared


def lists(links, n):
    """Return the neighbors of each point in a list."""
    focal, neighbor = links
    return [neighbor[focal == place].tolist() for place in range(n)]


@pytest.mark.parametrize("case", shared.cases("distance_weights"))
def test_neighbors_by_distance_agree_with_spdep(case):
    x, y, n = case["x"], case["y"], len(case["x"])

    assert lists(nearest_neighbors(x, y, 4), n) == case["knn4"]
    both = nearest_neighbors(x, y, 4, both_ways=True)
    assert lists(both, n) == case["knn4_symmetric_union"]
    band = lists(within_distance(x, y, 90_000), n)
    assert band == case["band_90km"]
    assert [place for place in range(n) if not band[place]] == case["islands_90km"]
    assert smallest_band(x, y) == pytest.approx(case["min_threshold_no_islands"], abs=1e-6)


def test_equally_near_points_are_taken_in_their_order():
    # A cross: all four ends are 0.3 m from the middle, which rounding would not say.
    x, y = [0.1 + 0.2, -0.3, 0, 0, 0], [0, 0, 0.3, -(0.1 + 0.2), 0]

    assert lists(nearest_neighbors(x, y, 2), 5)[4] == [0, 1]


def test_c9_points_on_one_spot_are_neighbors_and_never_their_own():
    focal, neighbor = nearest_neighbors([5, 5, 5, 90], [5, 5, 5, 5], 2)

    assert lists((focal, neighbor), 4) == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert smallest_band([5, 5, 5, 90], [5] * 4) == 85.0


def test_a_link_as_long_as_the_limit_is_one():
    assert lists(within_distance([0, 30, 60.001], [0, 40, 80], 50), 3) == [[1], [0], []]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: nearest_neighbors([0, 1], [0, 1], 2), "between 1 and 1", id="k"),
        pytest.param(lambda: nearest_neighbors([0], [0], 1), "two points or more", id="one point"),
        pytest.param(lambda: nearest_neighbors([], [], 1), "two points or more", id="no point"),
        pytest.param(lambda: nearest_neighbors([0, np.nan], [0, 1], 1), "1 of 2", id="missing"),
        pytest.param(lambda: within_distance([0, 1], [0], 1), "2 eastings and 1", id="unpaired"),
        pytest.param(lambda: within_distance([0, 1], [0, 1], 0), "above zero", id="no distance"),
        pytest.param(lambda: within_distance([0], [0], np.inf), "above zero", id="endless"),
        pytest.param(lambda: smallest_band([0], [0]), "two points or more", id="band of one"),
    ],
)
def test_neighbors_that_cannot_be_had_are_refused(call, message):
    with pytest.raises(SettingsError, match=message):
        call()


def test_e10_too_many_links_are_refused_before_they_are_built():
    # All of 12,000 events in one town: 12,000 x 11,999 links, 2 GB of them.
    with pytest.raises(SettingsError, match=r"would give 143988000 links.*shorter distance"):
        within_distance(np.zeros(12_000), np.zeros(12_000), 10)


def test_no_points_have_no_links_in_a_band():
    assert [part.tolist() for part in within_distance([], [], 5)] == [[], []]


places = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=12)


@given(places, st.integers(1, 2))
def test_nearest_neighbors_are_those_a_full_sort_finds(points, k):
    x, y = np.array(points, dtype=float).T
    meters = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(meters, np.inf)

    expected = np.argsort(meters, axis=1, kind="stable")[:, :k]

    assert lists(nearest_neighbors(x, y, k), len(x)) == expected.tolist()


@given(places)
def test_smallest_band_leaves_no_point_alone_and_a_shorter_one_does(points):
    x, y = np.array(points, dtype=float).T
    band = smallest_band(x, y)

    if band > 0:
        assert all(lists(within_distance(x, y, band), len(x)))
        shorter = lists(within_distance(x, y, band * 0.999), len(x))
        assert not all(shorter)


@given(places)
def test_links_fit_the_local_statistics(points):
    x, y = np.array(points, dtype=float).T
    links = links_between(*nearest_neighbors(x, y, 2, both_ways=True), len(x)).toarray()

    assert (links == links.T).all()
    assert (links.sum(axis=1) >= 2).all()
