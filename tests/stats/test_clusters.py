from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.clusters import cluster_events, knox, poisson_tail
from tests import shared

NEAR = {"reach_m": 10, "reach_days": 2, "min_events": 3}


def partition(label):
    """Return the clusters as sets of events, whatever they are called."""
    label = np.asarray(label)
    return {frozenset(np.flatnonzero(label == name)) for name in np.unique(label[label > 0])}


@pytest.mark.parametrize("case", shared.cases("st_dbscan"))
def test_clusters_agree_with_dbscan_in_r(case):
    found = cluster_events(
        case["x"],
        case["y"],
        case["t"],
        reach_m=case["eps_s"],
        reach_days=case["eps_t"],
        min_events=case["min_pts"],
    )

    assert found.is_core.tolist() == case["is_core"]
    assert partition(found.label) == partition(case["cluster"])
    assert found.count == case["n_clusters"]
    assert (found.label == 0).sum() == case["n_noise"]


def test_events_must_be_near_in_space_and_in_time():
    # One town in May and in July, and another town in May.
    x = [0, 5, 9, 0, 5, 9, 500, 505, 509]
    days = [1, 2, 3, 61, 62, 63, 1, 2, 3]

    found = cluster_events(x, [0] * 9, days, **NEAR)

    # Numbered by first core event: May here, May there (same day, farther east), July.
    assert found.label.tolist() == [1, 1, 1, 3, 3, 3, 2, 2, 2]


def test_limits_are_included_and_the_event_counts_itself():
    corner = cluster_events([0, 6, 0], [0, 8, 0], [1, 3, 1], **NEAR)
    beyond = cluster_events([0, 6, 0], [0, 8.001, 0], [1, 3, 1], **NEAR)

    assert corner.label.tolist() == [1, 1, 1]
    assert beyond.label.tolist() == [0, 0, 0]


def test_border_event_goes_to_the_nearest_cluster_and_then_to_the_earlier():
    # Four events from 18 m eastward, four from 0 m westward a day before, and one between.
    def label(where):
        x = [27, 27, 27, 18, where, 0, -9, -9, -9]
        days = [2, 2, 2, 2, 1.5, 1, 1, 1, 1]
        found = cluster_events(x, [0] * 9, days, **(NEAR | {"min_events": 4}))
        assert found.is_core.tolist() == [True] * 4 + [False] + [True] * 4
        return found.label.tolist()

    assert label(9.5) == [2, 2, 2, 2, 2, 1, 1, 1, 1]
    assert label(9.0) == [2, 2, 2, 2, 1, 1, 1, 1, 1]


def test_c9_events_on_one_coordinate_are_counted_each():
    found = cluster_events([7] * 5, [7] * 5, [1, 1, 1, 9, 9], **NEAR)

    assert found.label.tolist() == [1, 1, 1, 0, 0]
    assert found.count == 1


def test_no_events_have_no_clusters():
    found = cluster_events([], [], [], **NEAR)

    assert (found.count, found.label.shape, found.is_core.shape) == (0, (0,), (0,))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"reach_m": 0}, "not 0 m", id="no reach"),
        pytest.param({"reach_days": np.inf}, "not inf days", id="endless"),
        pytest.param({"min_events": 0}, "1 or more", id="nobody"),
    ],
)
def test_settings_that_mean_nothing_are_refused(change, message):
    with pytest.raises(SettingsError, match=message):
        cluster_events([1], [1], [1], **(NEAR | change))


def test_events_without_a_day_or_a_place_are_refused():
    with pytest.raises(SettingsError, match="1 of 2 events have no day"):
        cluster_events([1, 2], [1, 2], [1, np.nan], **NEAR)
    with pytest.raises(SettingsError, match="1 of 2 points"):
        knox([1, np.inf], [1, 2], [1, 2], reach_m=1, reach_days=1, rng=np.random.default_rng(1))
    with pytest.raises(SettingsError, match="2 points and 1 days"):
        cluster_events([1, 2], [1, 2], [1], **NEAR)


def test_e10_too_many_pairs_are_refused_before_they_are_built():
    # 11,000 events of one neighborhood and week, each on a spot of its own: 60 million pairs.
    x = np.arange(11_000.0)

    with pytest.raises(SettingsError, match=r"lie 60494500 pairs.*shorter reach"):
        cluster_events(x, x * 0, x * 0, reach_m=2e4, reach_days=7, min_events=5)


events = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=25
)


@given(events, st.integers(1, 5), st.randoms(use_true_random=False))
def test_order_of_events_changes_nothing(points, least, random):
    order = list(range(len(points)))
    random.shuffle(order)
    x, y, days = np.array(points, dtype=float).T
    settings = {"reach_m": 1.5, "reach_days": 1, "min_events": least}

    found = cluster_events(x, y, days, **settings)
    shuffled = cluster_events(x[order], y[order], days[order], **settings)

    assert shuffled.label.tolist() == found.label[order].tolist()


@given(events, st.integers(1, 5))
def test_clusters_are_what_the_definition_says(points, least):
    x, y, days = np.array(points, dtype=float).T
    near = (np.hypot(x[:, None] - x, y[:, None] - y) <= 1.5) & (np.abs(days[:, None] - days) <= 1)

    found = cluster_events(x, y, days, reach_m=1.5, reach_days=1, min_events=least)

    core = near.sum(axis=1) >= least
    assert found.is_core.tolist() == core.tolist()
    assert ((found.label > 0) == (near & core).any(axis=1)).all()
    both = near & core & core[:, None]
    assert (found.label[:, None] == found.label)[both].all()


@pytest.mark.parametrize("case", shared.cases("knox"))
def test_knox_agrees_with_surveillance(case):
    tolerance = shared.oracle("knox")["tolerance"]

    found = knox(
        case["x"],
        case["y"],
        case["t"],
        reach_m=case["eps_s"],
        reach_days=case["eps_t"],
        permutations=2_000,
        rng=np.random.default_rng(1964),
    )

    for name in ("pairs", "close_space", "close_time", "close_both"):
        assert getattr(found, name) == case[name]
    assert found.expected == pytest.approx(case["expected"], rel=tolerance["expected_rel"])
    assert found.ratio == pytest.approx(case["ratio"], rel=tolerance["expected_rel"])
    # The oracle's formula, and its published case, count the pairs found among "as many"; the
    # two numbers that surveillance gave are the chance of more pairs than were found.
    more = poisson_tail(found.close_both + 1, found.expected)
    assert more == pytest.approx(case["p_poisson"], abs=tolerance["p_poisson_abs"])
    assert found.p_poisson == poisson_tail(found.close_both, found.expected) > more
    assert found.p_value == pytest.approx(case["perm_p_ge"], abs=tolerance["perm_p_abs"])


def test_poisson_tail_of_knox_1964_is_the_published_one():
    published = shared.oracle("knox")["published"]
    expected = published["close_space"] * published["close_time"] / published["pairs"]

    assert expected == pytest.approx(published["expected"], rel=1e-12)
    tail = poisson_tail(published["close_both"], expected)
    assert tail == pytest.approx(published["p_poisson"], abs=1e-9)


def test_fewer_close_pairs_than_expected_are_no_clustering():
    # Three pairs on a spot each, half a year between the two of every pair.
    found = knox(
        [0, 0, 900, 900, 1800, 1800],
        [0] * 6,
        [1, 181, 2, 182, 3, 183],
        reach_m=1,
        reach_days=7,
        permutations=99,
        rng=np.random.default_rng(5),
    )

    assert (found.close_space, found.close_time, found.close_both) == (3, 6, 0)
    assert (found.p_value, found.p_poisson, found.ratio) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("n", [0, 1])
def test_e8_without_a_pair_knox_is_not_defined(n):
    found = knox([1] * n, [1] * n, [1] * n, reach_m=1, reach_days=1, rng=np.random.default_rng(1))

    assert (found.pairs, found.close_both) == (0, 0)
    assert np.isnan([found.p_value, found.p_poisson, found.ratio]).all()


def test_e8_without_close_pairs_nothing_is_expected_and_nothing_found():
    found = knox(
        [0, 5], [0, 0], [1, 1], reach_m=1, reach_days=1, permutations=9,
        rng=np.random.default_rng(1),
    )  # fmt: skip

    assert (found.close_space, found.expected, found.p_value) == (0, 0.0, 1.0)
    assert np.isnan(found.ratio)


def test_knox_tells_how_far_it_is_and_keeps_the_days_as_they_were():
    told, days = [], np.array([1.0, 9.0, 2.0])

    knox(
        [0, 1, 2], [0, 0, 0], days, reach_m=5, reach_days=1, permutations=200,
        rng=np.random.default_rng(1), progress=lambda *said: told.append(said),
    )  # fmt: skip

    assert told == [("knox", 100, 200), ("knox", 200, 200)]
    assert days.tolist() == [1.0, 9.0, 2.0]


def test_p_values_of_knox_are_uniform_where_places_and_days_have_nothing_to_do_with_each_other():
    rng = np.random.default_rng(20240909)
    p = []
    for _ in range(200):
        x, y = rng.uniform(0, 100, (2, 60))
        days = rng.integers(0, 200, 60)
        found = knox(x, y, days, reach_m=20, reach_days=20, permutations=99, rng=rng)
        p.append(found.p_value)

    # Of 200 uniform ones, 20 +- 4.2 lie at or below 0.1; ties make the test a little cautious.
    assert 6 <= sum(value <= 0.1 for value in p) <= 30
    assert 70 <= sum(value <= 0.5 for value in p) <= 120
    assert 0.45 <= np.mean(p) <= 0.6
