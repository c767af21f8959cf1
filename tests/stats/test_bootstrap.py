from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest

from geo.errors import SettingsError
from geo.stats import bootstrap
from geo.stats.bootstrap import decomposition_intervals, fatality_intervals, resample_weeks


def seeded(seed=20240909):
    return np.random.default_rng(seed)


def test_every_draw_is_made_of_whole_blocks_of_neighboring_weeks():
    weekly = np.eye(9)  # each week is a category of its own

    sums = resample_weeks(weekly, rng=seeded(), block=3, replicates=400)

    block = [np.roll([1, 1, 1, 0, 0, 0, 0, 0, 0], start) for start in range(9)]
    possible = {tuple(sum(three)) for three in combinations_with_replacement(block, 3)}
    assert {tuple(draw) for draw in sums} <= possible
    assert sums.mean(axis=0) == pytest.approx(np.ones(9), abs=0.15)


def test_a_window_that_is_no_multiple_of_the_block_keeps_its_length():
    sums = resample_weeks(np.ones((10, 1)), rng=seeded(), block=4, replicates=50)

    assert (sums == 10).all()


def test_weeks_alike_to_their_neighbors_make_sums_vary_more():
    slow = np.repeat([2.0, 20, 3, 18, 1, 25, 4, 15], 6)[:, np.newaxis]

    alone = resample_weeks(slow, rng=seeded(), block=1).std()
    blocks = resample_weeks(slow, rng=seeded(), block=4).std()

    assert blocks > 1.5 * alone


def test_the_scatter_of_the_sum_is_that_of_independent_weeks():
    counts = seeded(1).poisson(10, (52, 1))

    sums = resample_weeks(counts, rng=seeded(), block=1)

    assert sums.std() == pytest.approx(np.sqrt(52 * counts.var()), rel=0.05)


@pytest.mark.parametrize(
    ("weekly", "settings", "message"),
    [
        pytest.param(np.ones((7, 2)), {}, "7 weeks, blocks of 4", id="E10 too short"),
        pytest.param(np.ones(9), {}, "weeks x categories", id="no table"),
        pytest.param([[np.nan]] * 9, {}, "with 0 where there is no event", id="missing"),
        pytest.param(np.ones((9, 1)), {"replicates": 0}, "0 draws", id="no draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused(weekly, settings, message):
    with pytest.raises(SettingsError, match=message):
        resample_weeks(weekly, rng=seeded(), **settings)


def weeks(rng, *means):
    return rng.poisson(means, (52, len(means)))


def intervals(base, comparison, **settings):
    return decomposition_intervals(
        base, comparison, base_exposure=1, comparison_exposure=1, rng=seeded(), **settings
    )


def test_a_clear_driver_has_limits_above_zero_and_what_stayed_holds_zero():
    rng = seeded(1)

    found = intervals(weeks(rng, 4, 4, 0), weeks(rng, 12, 4, 0))

    low, high = found.contribution
    assert 0.7 < low[0] < 1 < high[0] < 1.4
    assert low[1] < 0 < high[1]
    assert (low[2], high[2]) == (0, 0)
    assert found.share_of_change[0][0] > 0.7
    assert found.share_difference[0][0] > 0.15
    assert found.share_base[0][0] < 0.5 < found.share_base[1][0]


def test_a_share_of_a_change_that_may_be_none_has_no_limits():
    rng = seeded(1)

    # Exposures that differ a little: no draw has exactly the same rate twice.
    found = decomposition_intervals(
        weeks(rng, 5, 5),
        weeks(rng, 6, 4),
        base_exposure=1,
        comparison_exposure=1.000123,
        rng=seeded(),
    )

    assert np.isnan(found.share_of_change).all()
    assert not np.isnan(found.contribution).any()


def test_e6_draws_without_a_base_event_leave_the_upper_limit_open():
    sparse = np.zeros((52, 2))
    sparse[10, 0] = 1

    found = intervals(sparse, weeks(seeded(1), 3, 2))

    assert np.isinf(found.contribution[1]).all()
    assert (found.contribution[0] > 0).all()


def test_the_same_seed_gives_the_same_limits():
    rng = seeded(1)
    base, comparison = weeks(rng, 3, 2), weeks(rng, 9, 2)

    first, second = intervals(base, comparison), intervals(base, comparison)

    assert np.array_equal(first.contribution, second.contribution)


def test_other_categories_in_the_comparison_are_refused():
    with pytest.raises(SettingsError, match="2 categories in the base and 3"):
        intervals(np.ones((9, 2)), np.ones((9, 3)))


def test_the_limits_hold_the_true_contribution_about_as_often_as_stated():
    rng, held = seeded(), []
    for _ in range(200):
        found = decomposition_intervals(
            rng.poisson(rng.gamma(2, (2, 1), (52, 2))),
            rng.poisson(rng.gamma(2, (5, 1), (52, 2))),
            base_exposure=1,
            comparison_exposure=1,
            rng=rng,
            replicates=199,
        )
        held.append(found.contribution[0][0] <= 1 <= found.contribution[1][0])

    # From 4 and 2 a week to 10 and 2: the first adds 6 / 6. Percentiles run a little narrow.
    assert 0.88 < np.mean(held) < 0.98


def test_deaths_in_one_event_are_less_sure_than_in_many():
    low, high = fatality_intervals(
        [1] * 60 + [60], [0] * 60 + [1], number_of_groups=2, rng=seeded()
    )

    # A Poisson number of mean 60 lies between 45 and 76 in 95 of 100 cases.
    assert low[0] == pytest.approx(45, abs=2)
    assert high[0] == pytest.approx(76, abs=2)
    assert low[1] == 0
    assert high[1] >= 180


def test_low_best_and_high_are_drawn_together():
    deaths = np.array([[1, 2, 4], [0, 3, 3], [2, 2, 9.0]] * 30)

    low, high = fatality_intervals(deaths, np.zeros(90, int), number_of_groups=1, rng=seeded())
    alone = fatality_intervals(deaths * 7, np.zeros(90, int), number_of_groups=1, rng=seeded())

    assert low.shape == high.shape == (1, 3)
    assert (np.diff(low[0]) > 0).all()
    assert (np.diff(high[0]) > 0).all()
    assert np.array_equal(alone[1], high * 7)


def test_deaths_not_stated_add_none_and_no_deaths_leave_the_upper_limit_open():
    low, high = fatality_intervals(
        [[np.nan, 3], [0, 5], [np.nan, np.nan]], [1, 1, 0], number_of_groups=3, rng=seeded()
    )

    assert (low == 0).all()
    assert np.isnan(high[[0, 2]]).all()
    assert np.isnan(high[1, 0])
    assert high[1, 1] > 8


def test_the_order_of_events_plays_no_part():
    rng = seeded(1)
    deaths, groups = rng.poisson(1.5, 400), rng.integers(0, 12, 400)
    order = rng.permutation(400)

    found = fatality_intervals(deaths, groups, number_of_groups=12, rng=seeded())
    turned = fatality_intervals(deaths[order], groups[order], number_of_groups=12, rng=seeded())

    assert np.array_equal(found, turned)


def test_many_groups_are_drawn_a_part_at_a_time_without_a_gap(monkeypatch):
    monkeypatch.setattr(bootstrap, "_AT_ONCE", 2000)
    rng = seeded(1)
    groups = np.repeat(np.arange(0, 80, 2), 25)
    deaths = rng.integers(1, 9, groups.size)

    low, high = fatality_intervals(
        deaths, groups, number_of_groups=80, rng=seeded(), replicates=499
    )

    sums = np.bincount(groups, deaths, minlength=80)
    assert ((low < sums) & (sums < high))[::2].all()
    assert (low[1::2] == 0).all()
    assert np.isnan(high[1::2]).all()


@pytest.mark.parametrize(
    ("deaths", "groups", "message"),
    [
        ([1, 2], [0], "one group an event"),
        ([1, 2], [0, 2], "outside 0 to 1, the first is 2"),
    ],
)
def test_groups_that_do_not_fit_are_refused(deaths, groups, message):
    with pytest.raises(SettingsError, match=message):
        fatality_intervals(deaths, groups, number_of_groups=2, rng=seeded())


def test_without_events_there_is_nothing_to_draw():
    low, high = fatality_intervals([], [], number_of_groups=2, rng=seeded())

    assert low.tolist() == [0, 0]
    assert np.isnan(high).all()


def test_the_limits_hold_the_true_sum_about_as_often_as_stated():
    rng = seeded()
    true = 60 * 1.5
    events = rng.poisson(60, 300)
    groups = np.repeat(np.arange(300), events)
    deaths = rng.geometric(1 / 1.5, groups.size)

    low, high = fatality_intervals(deaths, groups, number_of_groups=300, rng=rng, replicates=499)

    assert 0.91 < np.mean((low <= true) & (true <= high)) < 0.98
