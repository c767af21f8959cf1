from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ExposureError, SettingsError
from geo.stats.rates import (
    byar_interval,
    crude_rate,
    exact_interval,
    expected_events,
    mid_p_interval,
    standardized_ratio,
)
from tests.shared import oracle

INTERVALS = {"exact": exact_interval, "midp": mid_p_interval, "byar": byar_interval}


def test_e2_area_without_people_has_no_rate_and_no_interval():
    low, high = exact_interval([0, 3], [0, 0])

    assert np.isnan(crude_rate([0, 3], [0, 0])).all()
    assert np.isnan([low, high]).all()
    assert np.isnan(expected_events([0, 3], [0, 0])).all()
    assert np.isnan(standardized_ratio([0, 3], [0, 0])).all()


def test_e1_area_with_unknown_population_has_no_rate_and_changes_no_other():
    known = expected_events([5, 3], [100, 300])

    with_unknown = expected_events([7, 5, 3], [np.nan, 100, 300])

    assert np.isnan(with_unknown[0])
    np.testing.assert_array_equal(with_unknown[1:], known)


def test_zero_events_are_a_rate_of_zero_with_an_upper_limit():
    low, high = exact_interval(0, 100_000)

    assert crude_rate(0, 100_000) == 0
    assert low == 0
    assert high == pytest.approx(3.689, abs=5e-4)


@pytest.mark.parametrize("exposure", [-1.0, np.inf, -np.inf])
def test_e2_impossible_population_is_refused(exposure):
    with pytest.raises(ExposureError, match="1 of 2 exposures are negative or infinite"):
        crude_rate([1, 1], [10, exposure])


def test_a_negative_count_is_refused():
    with pytest.raises(SettingsError, match="the first is -2"):
        crude_rate([1, -2], [10, 10])


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, np.nan])
@pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS)
def test_confidence_must_be_a_share(interval, confidence):
    with pytest.raises(SettingsError, match="between 0 and 1"):
        interval(1, 1, confidence=confidence)


@pytest.mark.parametrize("per", [0, -100_000, np.nan, np.inf])
def test_a_rate_is_per_a_positive_number(per):
    with pytest.raises(SettingsError, match="above zero"):
        crude_rate(1, 1, per=per)
    with pytest.raises(SettingsError, match="above zero"):
        exact_interval(1, 1, per=per)


def test_e7_one_event_among_81_people_has_an_interval_that_says_so():
    low, high = exact_interval(1, 81)

    assert crude_rate(1, 81) == pytest.approx(1234.57, abs=0.01)
    assert (low, high) == (pytest.approx(31.26, abs=0.01), pytest.approx(6878.57, abs=0.01))


def test_e15_a_billion_events_are_counted_exactly():
    assert crude_rate(2**40 + 1, 1, per=1) == 2**40 + 1


@pytest.mark.parametrize("interval", INTERVALS.values(), ids=INTERVALS)
def test_empty_in_empty_out(interval):
    low, high = interval([], [])

    assert low.shape == high.shape == crude_rate([], []).shape == (0,)
    assert expected_events([], []).shape == (0,)


counts = st.integers(0, 5_000)


@given(counts, st.floats(1, 1e8), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_mid_p_lies_inside_the_exact_interval_and_both_hold_the_rate(events, exposure, confidence):
    low, high = exact_interval(events, exposure, confidence=confidence)
    mid_low, mid_high = mid_p_interval(events, exposure, confidence=confidence)

    assert low <= mid_low <= crude_rate(events, exposure) < mid_high <= high
    assert (low == 0) == (events == 0)


@given(st.lists(st.tuples(counts, st.integers(0, 10**6)), min_size=1))
def test_expected_events_sum_to_the_events_where_people_are_known(areas):
    events, exposure = np.array(areas, dtype=float).T

    expected = expected_events(events, exposure)

    assert np.isnan(expected).tolist() == (exposure == 0).tolist()
    assert np.nansum(expected) == pytest.approx(events[exposure > 0].sum())


@given(st.lists(st.tuples(counts, st.integers(0, 10**6)), min_size=1, max_size=6))
def test_each_map_is_standardized_by_itself(areas):
    events, exposure = np.array(areas, dtype=float).T
    other = np.ones_like(events)

    stacked = standardized_ratio([events, other], [exposure, other])

    np.testing.assert_array_equal(stacked[0], standardized_ratio(events, exposure))
    np.testing.assert_array_equal(stacked[1], other)


def test_intervals_agree_with_r():
    known = oracle("poisson_rate_ci")
    for row in known["cases"]:
        args = row["events"], row["person_years"]
        assert crude_rate(*args) == pytest.approx(row["rate_per_100k"], rel=1e-12)
        for name, interval in INTERVALS.items():
            low, high = interval(*args, confidence=row["conf"])
            rel = known["tolerance"][f"{name}_rel"]
            # R's Byar has no lower limit without events; ours is 0, like the others.
            assert low == pytest.approx(row[f"{name}_lo"] or 0, rel=rel), (name, row)
            assert high == pytest.approx(row[f"{name}_hi"], rel=rel), (name, row)


def test_exact_limits_are_those_printed_in_tables():
    for row in oracle("poisson_rate_ci")["published_table"]["rows"]:
        low, high = exact_interval(row["count"], 1, per=1)
        assert low == pytest.approx(row["lo"], abs=row["tol"])
        assert high == pytest.approx(row["hi"], abs=row["tol"])
