from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.mid_p import mid_p_ratio_interval, mid_p_ratio_p
from geo.stats.ratios import exact_ratio_interval, exact_ratio_p
from tests.shared import cases, oracle


def sides(before, time_before, after, time_after):
    return {
        "base_events": before,
        "base_exposure": time_before,
        "comparison_events": after,
        "comparison_exposure": time_after,
    }


@pytest.mark.parametrize("row", cases("rate_ratio_exact"))
def test_mid_p_agrees_with_r(row):
    limits = oracle("rate_ratio_exact")["tolerance"]
    args = sides(
        row["events_before"], row["exposure_before"], row["events_after"], row["exposure_after"]
    )

    low, high = mid_p_ratio_interval(**args, confidence=row["conf"])

    assert low == pytest.approx(float(row["midp_lo"]), rel=limits["midp_rel"])
    assert high == pytest.approx(float(row["midp_hi"]), rel=limits["midp_rel"])
    p = mid_p_ratio_p(**args, null_ratio=row["null_ratio"])
    assert p == pytest.approx(row["p_midp"], abs=limits["p_abs"])


counts = st.integers(0, 400)
times = st.floats(0.01, 100)


@given(counts, times, counts, times)
def test_mid_p_limits_lie_within_the_exact_ones(before, time_before, after, time_after):
    args = sides(before, time_before, after, time_after)
    low, high = mid_p_ratio_interval(**args)
    exact_low, exact_high = exact_ratio_interval(**args)

    if before + after == 0:
        assert np.isnan([low, high]).all()
        assert np.isnan(mid_p_ratio_p(**args))
    else:
        assert exact_low * (1 - 1e-12) <= low < high <= exact_high * (1 + 1e-12)
        assert mid_p_ratio_p(**args) <= exact_ratio_p(**args) * (1 + 1e-9)


@given(counts, times, counts, times, st.floats(0.05, 20))
def test_p_and_interval_agree(before, time_before, after, time_after, null_ratio):
    args = sides(before, time_before, after, time_after)
    low, high = mid_p_ratio_interval(**args)

    p = mid_p_ratio_p(**args, null_ratio=null_ratio)

    if before + after and abs(p - 0.05) > 1e-9:
        assert (p > 0.05) == (low < null_ratio < high)


def test_e1_without_an_exposure_there_is_nothing():
    low, high = mid_p_ratio_interval(**sides([3, 3], [0, 1], [4, 4], [1, 1]))

    assert np.isnan([low[0], high[0]]).all()
    assert low[1] < 1.3 < high[1]


def test_the_tested_ratio_must_be_above_zero():
    with pytest.raises(SettingsError, match="null_ratio is -1"):
        mid_p_ratio_p(**sides(1, 1, 1, 1), null_ratio=-1)


def test_false_alarms_are_as_many_as_stated():
    drawn = np.random.default_rng(20240909).poisson(15, (2, 4000))

    p = mid_p_ratio_p(**sides(drawn[0], 1, drawn[1], 1))

    assert 0.04 < np.mean(p <= 0.05) < 0.06
    assert 0.46 < np.mean(p <= 0.5) < 0.54
