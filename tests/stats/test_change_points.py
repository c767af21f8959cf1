from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.change_points import (
    BreakRange,
    break_ranges,
    dispersion_of_steps,
    find_change_points,
)
from tests.shared import cases, oracle


@pytest.mark.parametrize("case", cases("change_points"))
def test_change_points_agree_with_an_exhaustive_search(case):
    limits = oracle("change_points")["tolerance"]

    found = find_change_points(
        case["y"],
        cost="squares" if case["cost"] == "l2" else case["cost"],
        penalty=case["penalty"],
        least_length=case["min_size"],
    )

    assert list(found.breaks) == case["breaks"]
    assert found.rates == pytest.approx(np.array(case["segment_means"]))
    assert found.objective == pytest.approx(case["objective"], rel=limits["objective_rel"])


def test_the_penalty_is_three_logarithms_and_a_segment_three_steps():
    [case] = [case for case in oracle("change_points")["cases"] if case["min_size"] == 3]

    assert find_change_points(case["y"]).objective == pytest.approx(case["objective"])
    assert find_change_points([1, 1, 1, 1, 90, 90]).breaks == (3,)


@pytest.mark.parametrize("series", [[0] * 12, [7] * 12, [0, 0, 5]])
def test_e8_a_series_that_does_not_change_has_no_break(series):
    found = find_change_points(series)

    assert found.breaks == ()
    assert found.rates == pytest.approx([np.mean(series)])


def test_violence_that_starts_from_nothing_is_one_break():
    found = find_change_points([0] * 8 + [6, 5, 7, 6, 6, 6])

    assert found.breaks == (8,)
    assert found.rates.tolist() == [0, 6]


def test_e5_a_month_half_as_long_with_half_the_events_is_no_break():
    months, events = np.ones(24), np.full(24, 40.0)
    months[12:], events[12:] = 0.5, 20

    assert find_change_points(events, months).breaks == ()
    assert find_change_points(events).breaks == (12,)


def test_bursts_are_no_breaks_once_their_dispersion_is_counted_in():
    bursts = np.array([4, 30, 2, 28, 6, 25, 3, 33, 5, 40, 2, 20, 9, 31, 1, 26] * 2)

    dispersion = dispersion_of_steps(bursts)

    assert dispersion > 10
    assert find_change_points(bursts, least_length=1).breaks != ()
    assert find_change_points(bursts, least_length=1, dispersion=dispersion).breaks == ()


def test_a_lasting_change_hardly_raises_the_dispersion():
    rng = np.random.default_rng(20240909)
    independent = np.concatenate([rng.poisson(20, 200), rng.poisson(60, 200)])

    assert 1 <= dispersion_of_steps(independent) < 1.3
    assert dispersion_of_steps([0, 0, 0, 0]) == 1


@pytest.mark.parametrize(
    ("events", "settings", "message"),
    [
        pytest.param([1] * 401, {}, "up to 400", id="E10 too long"),
        pytest.param([1, 2], {}, "at least 3", id="E10 too short"),
        pytest.param([1, 2, np.nan, 4], {}, "first at position 2", id="a gap"),
        pytest.param([1, 2, 3, 4], {"exposure": [1, 0, 1, 1]}, "1 of 4 steps", id="E1"),
        pytest.param([1, 2, 3, 4], {"cost": "squares"}, "a penalty", id="squares need a penalty"),
        pytest.param([1, 2, 3, 4], {"dispersion": 0}, "dispersion is 0", id="no dispersion"),
    ],
)
def test_what_cannot_be_searched_is_refused(events, settings, message):
    with pytest.raises(SettingsError, match=message):
        find_change_points(events, **settings)


def cost(counts, times):
    n, t = counts.sum(), times.sum()
    return 2 * n * (1 - np.log(n / t)) if n else 0.0


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([0.5, 1.0, 2.0])), min_size=4, max_size=9
    ),
    st.integers(1, 3),
    st.floats(0.1, 20),
)
def test_no_other_cut_costs_less(series, least_length, penalty):
    counts, times = np.array(series).T

    found = find_change_points(counts, times, penalty=penalty, least_length=least_length)

    every = []
    for number in range(len(series)):
        for breaks in combinations(range(1, len(series)), number):
            edges = [0, *breaks, len(series)]
            if min(np.diff(edges)) >= least_length:
                parts = [cost(counts[a:b], times[a:b]) for a, b in pairwise(edges)]
                every.append(sum(parts) + penalty * number)
    assert found.objective == pytest.approx(min(every), abs=1e-9)


def test_false_alarms_of_independent_events_are_rare_and_a_doubling_is_found():
    rng = np.random.default_rng(20240909)

    quiet = [find_change_points(rng.poisson(20, 36)).breaks for _ in range(300)]
    doubled = [
        find_change_points(np.concatenate([rng.poisson(20, 20), rng.poisson(40, 16)])).breaks
        for _ in range(100)
    ]

    assert np.mean([bool(breaks) for breaks in quiet]) < 0.05
    assert np.mean([any(19 <= at <= 21 for at in breaks) for breaks in doubled]) > 0.85


def test_a_clear_break_has_a_narrow_range_and_a_faint_one_a_wide_one():
    rng = np.random.default_rng(20240909)
    clear = [5, 6, 4, 5, 6, 5, 4, 5, 40, 41, 39, 42, 40, 41, 39, 40]
    faint = [5, 9, 4, 8, 6, 3, 7, 5, 9, 11, 6, 10, 7, 12, 8, 9]

    assert break_ranges(clear, breaks=(8,), rng=rng) == (BreakRange(8, 8, 1.0),)
    [wide] = break_ranges(faint, breaks=(8,), rng=rng)
    assert wide.low < 8 < wide.high
    assert 0.2 < wide.share_at_break < 0.9


def test_each_of_several_breaks_has_its_range_and_the_seed_repeats_them():
    series = [12, 5, 3, 3, 4, 8, 5, 11, 4, 6, 4, 4, 8, 3, 17, 18, 27, 19, 29, 27, 19, 26, 19, 7, 13]
    series += [12, 9, 9, 9, 8, 12, 15, 11, 11, 9, 7]
    breaks = find_change_points(series).breaks

    ranges = break_ranges(series, breaks=breaks, rng=np.random.default_rng(7))

    assert breaks == (14, 23)
    assert [found.low <= at <= found.high for found, at in zip(ranges, breaks, strict=True)]
    assert ranges[0].high < ranges[1].low
    assert ranges == break_ranges(series, breaks=breaks, rng=np.random.default_rng(7))
    assert break_ranges(series, breaks=(), rng=np.random.default_rng(7)) == ()


def test_the_range_holds_the_true_date_about_as_often_as_stated():
    rng = np.random.default_rng(20240909)
    held = []
    for _ in range(150):
        series = np.concatenate([rng.poisson(20, 20), rng.poisson(32, 16)])
        found = find_change_points(series).breaks
        if len(found) == 1:
            [span] = break_ranges(series, breaks=found, rng=rng, replicates=199)
            held.append(span.low <= 20 <= span.high)

    assert len(held) > 100
    assert np.mean(held) > 0.88


def test_breaks_too_near_to_one_another_are_refused():
    with pytest.raises(SettingsError, match="at least 3 steps apart"):
        break_ranges([1] * 9, breaks=(4, 5), rng=np.random.default_rng(1))
