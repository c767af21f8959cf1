from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import ExposureError, SettingsError
from geo.stats.log_ratio import ratio_estimate
from geo.stats.ratios import exact_ratio_interval, exact_ratio_p, rate_ratio
from tests.shared import cases, oracle


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


@pytest.mark.parametrize("row", cases("rate_ratio_exact"))
def test_p_is_the_smaller_tail_doubled_and_not_the_sum_of_the_less_likely(row):
    """Both sides of the convention: that of the interval is ours, that of R and scipy is not."""
    args = sides(
        row["events_before"], row["exposure_before"], row["events_after"], row["exposure_after"]
    )
    if row["p_exact_doubled"] is None:
        assert np.isnan(exact_ratio_p(**args, null_ratio=row["null_ratio"]))
        return
    time = row["null_ratio"] * row["exposure_after"]
    printed = stats.binomtest(
        row["events_after"],
        row["events_after"] + row["events_before"],
        time / (time + row["exposure_before"]),
    ).pvalue
    ours = exact_ratio_p(**args, null_ratio=row["null_ratio"])

    assert printed == pytest.approx(row["p_exact_minlike"], abs=1e-10)
    doubled = min(1.0, 2 * min(row["p_greater"], row["p_less"]))
    assert ours == pytest.approx(doubled, abs=oracle("rate_ratio_exact")["tolerance"]["p_abs"])


def test_conventions_of_p_differ_where_the_tails_do():
    args = sides(6, 4.0, 3, 1.0)  # 3 of 9, where a fifth is expected

    ours = exact_ratio_p(**args)

    # The upper tail P(3 or more) = 0.26180, and P(0) = 0.13422 is less likely than P(3) = 0.17616.
    assert ours == pytest.approx(2 * 0.26180, abs=1e-4)
    assert stats.binomtest(3, 9, 0.2).pvalue == pytest.approx(0.26180 + 0.13422, abs=1e-4)


@pytest.mark.parametrize("row", cases("rate_ratio_exact"))
def test_limits_by_the_normal_tail_are_another_convention(row):
    if row["wald_lo"] is None:
        pytest.skip("a count of 0 has no such limits")
    error = (1 / row["events_before"] + 1 / row["events_after"]) ** 0.5

    found = ratio_estimate(row["ratio"], error, np.inf, confidence=row["conf"])

    rel = oracle("rate_ratio_exact")["tolerance"]["wald_rel"]
    assert found.low == pytest.approx(row["wald_lo"], rel=rel)
    assert found.high == pytest.approx(row["wald_hi"], rel=rel)
    low, high = exact_ratio_interval(
        **sides(
            row["events_before"], row["exposure_before"], row["events_after"], row["exposure_after"]
        ),
        confidence=row["conf"],
    )
    assert low < found.low
    assert high > found.high


@pytest.mark.parametrize("share", [0.5, 0.25, 0.9])
@pytest.mark.parametrize("total", [1, 2, 7, 40, 150])
def test_p_of_a_ratio_that_did_not_change_is_at_most_a_with_no_more_than_the_chance_a(total, share):
    after = np.arange(total + 1)
    p = exact_ratio_p(**sides(total - after, 1 - share, after, share))
    chance = stats.binom.pmf(after, total, share)

    for level in np.unique(p):
        assert chance[p <= level].sum() <= level * (1 + 1e-9)
