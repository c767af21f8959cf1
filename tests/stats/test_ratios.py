from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import ExposureError, SettingsError
from geo.stats.ratios import exact_ratio_interval, exact_ratio_p, rate_ratio
from tests.shared import oracle


def sides(before, time_before, after, time_after):
    return {
        "base_events": before,
        "base_exposure": time_before,
        "comparison_events": after,
        "comparison_exposure": time_after,
    }


@pytest.mark.parametrize(
    ("before", "after", "ratio", "low", "high"),
    [
        pytest.param(0, 5, np.inf, 0.916, np.inf, id="E6 none before: lower limit only"),
        pytest.param(5, 0, 0.0, 0.0, 1.091, id="none after: upper limit only"),
        pytest.param(0, 0, np.nan, np.nan, np.nan, id="none at all: nothing"),
        pytest.param(10, 25, 2.5, 1.160, 5.833, id="both"),
    ],
)
def test_e6_zero_counts_leave_what_can_be_said(before, after, ratio, low, high):
    args = sides(before, 1, after, 1)

    assert rate_ratio(**args) == pytest.approx(ratio, nan_ok=True)
    assert exact_ratio_interval(**args) == (
        pytest.approx(low, abs=5e-4, nan_ok=True),
        pytest.approx(high, abs=5e-4, nan_ok=True),
    )
    assert np.isnan(exact_ratio_p(**args)) == np.isnan(ratio)


@pytest.mark.parametrize("exposure", [(0, 1), (1, 0), (np.nan, 1), (1, np.nan)])
def test_e1_without_an_exposure_there_is_no_ratio(exposure):
    args = sides(3, exposure[0], 4, exposure[1])

    assert np.isnan(rate_ratio(**args))
    assert np.isnan(exact_ratio_interval(**args)).all()
    assert np.isnan(exact_ratio_p(**args))


def test_e2_negative_exposure_is_refused():
    with pytest.raises(ExposureError):
        rate_ratio(**sides(1, -1, 1, 1))


def test_the_tested_ratio_must_be_above_zero():
    with pytest.raises(SettingsError, match="null_ratio is 0"):
        exact_ratio_p(**sides(1, 1, 1, 1), null_ratio=0)


def test_a_p_value_is_never_zero():
    assert 0 < exact_ratio_p(**sides(0, 1, 100_000, 1)) < 1e-300


counts = st.integers(0, 500)
times = st.floats(0.01, 100)


@given(counts, times, counts, times, st.floats(0.05, 20))
def test_p_and_interval_agree(before, time_before, after, time_after, null_ratio):
    args = sides(before, time_before, after, time_after)
    low, high = exact_ratio_interval(**args)

    p = exact_ratio_p(**args, null_ratio=null_ratio)

    if before + after == 0:
        assert np.isnan([low, high, p]).all()
    elif abs(p - 0.05) > 1e-9:
        assert (p > 0.05) == (low < null_ratio < high)


@given(counts, times, counts, times)
def test_the_ratio_turned_round_has_the_limits_turned_round(before, time_before, after, time_after):
    low, high = exact_ratio_interval(**sides(before, time_before, after, time_after))
    turned = exact_ratio_interval(**sides(after, time_after, before, time_before))

    if before and after:
        assert (1 / turned[1], 1 / turned[0]) == (pytest.approx(low), pytest.approx(high))
        assert low <= rate_ratio(**sides(before, time_before, after, time_after)) <= high


def test_ratios_agree_with_r():
    known = oracle("rate_ratio_exact")
    limits = known["tolerance"]
    for row in known["cases"]:
        args = sides(
            row["events_before"],
            row["exposure_before"],
            row["events_after"],
            row["exposure_after"],
        )
        low, high = exact_ratio_interval(**args, confidence=row["conf"])
        assert rate_ratio(**args) == pytest.approx(float(row["ratio"]), rel=limits["ratio_rel"])
        assert low == pytest.approx(float(row["exact_lo"]), rel=limits["exact_rel"])
        assert high == pytest.approx(float(row["exact_hi"]), rel=limits["exact_rel"])
        p = exact_ratio_p(**args, null_ratio=row["null_ratio"])
        assert p == pytest.approx(row["p_exact_doubled"], abs=limits["p_abs"])
