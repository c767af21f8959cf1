from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats import near_repeat
from geo.stats.clusters import knox
from geo.stats.near_repeat import near_repeats


def ask(easting, days, **arguments):
    given_ = {"reaches_m": [0, 100], "reaches_days": [7], "permutations": 99}
    rng = np.random.default_rng(20240909)
    northing = np.zeros(len(easting))
    return near_repeats(easting, northing, days, **{**given_, **arguments}, rng=rng)


def test_every_pair_stands_in_one_band_and_both_ends_belong_to_the_nearer():
    # Distances 0, 100, 100 and 101, 101, 1; days apart 7, 0, 7 and 8, 1, 8.
    found = ask([0, 0, 100, 101], [0, 7, 0, 8], reaches_m=[0, 100, 101], reaches_days=[7, 8])

    # 0-0: 7 days; 0-100: 0 and 7; 100-101: 8 days; 0-101: 8 and 1 days.
    assert found.observed.tolist() == [[1, 0], [2, 1], [1, 1]]
    assert found.pairs == 6


def test_expected_is_the_mean_over_all_orders_of_the_days():
    easting, days = [0, 0, 50, 90], [0, 1, 9, 11]
    every = [ask(easting, order, permutations=0).observed for order in itertools.permutations(days)]

    assert ask(easting, days).expected == pytest.approx(np.mean(every, axis=0))


def test_p_is_the_share_of_shuffles_with_as_many_pairs():
    # Two towns, two events each; of the 24 orders 8 keep each pair of days in one town.
    found = ask([0, 0, 90, 90], [0, 1, 400, 401], reaches_m=[0], permutations=9_999)

    assert found.observed.tolist() == [[2]]
    assert found.ratio.item() == pytest.approx(3)
    assert found.p_value.item() == pytest.approx(1 / 3, abs=0.02)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), min_size=2, max_size=25))
def test_bands_together_hold_what_knox_finds_within_the_reach(rows):
    easting, days = np.array(rows, dtype=float).T
    found = ask(easting, days, reaches_m=[0, 10, 25], reaches_days=[3, 9], permutations=0)
    whole = knox(
        easting, np.zeros(len(rows)), days, reach_m=25, reach_days=9, permutations=0,
        rng=np.random.default_rng(1),
    )  # fmt: skip

    assert found.observed.sum() == whole.close_both
    assert found.expected.sum() == pytest.approx(whole.expected)


def test_p_values_are_uniform_where_days_have_nothing_to_do_with_places():
    rng = np.random.default_rng(20240909)
    p = []
    for _ in range(200):
        found = near_repeats(
            rng.random(40) * 100, rng.random(40) * 100, rng.integers(0, 60, 40),
            reaches_m=[20], reaches_days=[7], permutations=99, rng=rng,
        )  # fmt: skip
        p.append(found.p_value.item())

    # Discrete, so a little above: at most 5 % + 3 standard errors, and a tenth near 10 %.
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 200)
    assert 0.4 < np.mean(p) < 0.6


@pytest.mark.parametrize("events", [0, 1])
def test_one_event_makes_no_pair_and_nothing_is_tested(events):
    found = ask([5.0] * events, [1] * events)

    assert found.pairs == 0
    assert found.observed.tolist() == [[0], [0]]
    assert np.isnan(found.p_value).all()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"reaches_m": [10, 10]}, "distance", id="bands do not ascend"),
        pytest.param({"reaches_days": []}, "time", id="no band"),
        pytest.param({"reaches_m": [-1, 5]}, "distance", id="below zero"),
        pytest.param({"permutations": -1}, "permutations", id="fewer than none"),
    ],
)
def test_bands_that_cannot_be_meant_are_refused(arguments, said):
    with pytest.raises(SettingsError, match=said):
        ask([0, 1], [0, 1], **arguments)


def test_too_long_a_test_is_refused_before_it_starts(monkeypatch):
    monkeypatch.setattr(near_repeat, "MAX_COMPARISONS", 98)

    with pytest.raises(SettingsError, match="fewer permutations"):
        ask([0, 1], [0, 1])
    with pytest.raises(SettingsError, match="whole number"):
        ask([0, 1], [0, 1.5])
