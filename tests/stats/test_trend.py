from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats.trend import mann_kendall, theil_sen
from tests import shared


def test_score_of_a_series_is_that_counted_by_hand():
    found = mann_kendall([1, 3, 3, 2])

    # Rising: 1-3, 1-3, 1-2; falling: 3-2, 3-2; tied: 3-3. Variance (4*3*13 - 2*1*9) / 18.
    assert found.score == 1
    assert found.variance == pytest.approx(23 / 3)
    assert found.tau_a == pytest.approx(1 / 6)
    assert found.tau_b == pytest.approx(1 / 30**0.5)
    assert found.z == 0  # the correction for continuity takes the one away
    assert np.isnan(found.p_exact)


def test_exact_p_is_the_share_of_all_orders():
    series = [2, 1, 4, 3, 5]
    scores = np.array([mann_kendall(order).score for order in permutations(series)])

    found = mann_kendall(series)

    assert found.p_exact == pytest.approx((np.abs(scores) >= found.score).mean())


def test_gap_leaves_its_place():
    found = theil_sen([0.0, np.nan, 4.0, 6.0])

    assert found.slope == 2
    test = mann_kendall([0.0, np.nan, 4.0, 6.0])
    assert (test.score, test.variance) == (3, pytest.approx(3 * 2 * 11 / 18))


@pytest.mark.parametrize(
    "series",
    [
        pytest.param([], id="empty"),
        pytest.param([3.0], id="one value"),
        pytest.param([np.nan, 3.0, np.nan], id="one known"),
        pytest.param([np.nan, np.nan], id="none known"),
    ],
)
def test_e8_series_of_fewer_than_two_values_has_no_trend(series):
    found, slope = mann_kendall(series), theil_sen(series)

    assert np.isnan([found.score, found.z, found.p_value, found.tau_a, found.p_exact]).all()
    assert np.isnan([slope.slope, slope.slope_low, slope.slope_high]).all()


def test_e8_constant_series_has_no_trend_and_a_p_of_one():
    found, slope = mann_kendall([5, 5, 5, 5]), theil_sen([5, 5, 5, 5])

    assert (found.z, found.p_value, found.tau_a) == (0, 1, 0)
    assert (slope.slope, slope.slope_low, slope.slope_high) == (0, 0, 0)


def test_two_values_set_no_limit_to_the_slope():
    found = theil_sen([1, 4])

    assert (found.slope, found.slope_low, found.slope_high) == (3, -np.inf, np.inf)


def test_what_is_no_series_is_refused():
    with pytest.raises(SettingsError, match="7 is one number"):
        mann_kendall(7)
    with pytest.raises(SettingsError, match="infinity"):
        theil_sen([1, np.inf])


series = st.lists(st.integers(0, 9) | st.just(np.nan), min_size=12, max_size=12)


@given(st.tuples(series, series, series))
def test_each_area_stands_for_itself(several):
    together = mann_kendall(np.transpose(several))
    slopes = theil_sen(np.transpose(several))
    for place, one in enumerate(several):
        alone, slope = mann_kendall(one), theil_sen(one)
        np.testing.assert_array_equal(together.z[place], alone.z)
        np.testing.assert_array_equal(together.p_exact[place], alone.p_exact)
        np.testing.assert_array_equal(slopes.slope[place], slope.slope)
        np.testing.assert_array_equal(slopes.slope_low[place], slope.slope_low)


@given(series)
def test_series_turned_around_has_the_opposite_trend(one):
    found, turned = mann_kendall(one), mann_kendall(one[::-1])
    slope, back = theil_sen(one), theil_sen(one[::-1])

    np.testing.assert_array_equal(turned.score, -found.score)
    np.testing.assert_array_equal(turned.p_value, found.p_value)
    np.testing.assert_allclose(back.slope, -slope.slope, rtol=1e-12)
    np.testing.assert_array_equal(back.slope_low, -slope.slope_high)


@given(series)
def test_slope_lies_in_its_interval(one):
    found = theil_sen(one)
    assert np.isnan(found.slope) or found.slope_low <= found.slope <= found.slope_high


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=30))
def test_tau_and_slope_are_those_of_scipy(one):
    time = np.arange(len(one))
    found = mann_kendall(one)

    tau = stats.kendalltau(time, one).statistic
    np.testing.assert_allclose(found.tau_b, tau, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        theil_sen(one).slope, stats.theilslopes(one, time).slope, rtol=1e-9, atol=1e-12
    )


def test_p_is_uniform_where_there_is_no_trend():
    values = np.random.default_rng(20240909).lognormal(size=(40, 2000))

    found = mann_kendall(values)

    assert stats.kstest(found.p_value, "uniform").pvalue > 0.01
    slope = theil_sen(values[:, :500])
    covered = (slope.slope_low <= 0) & (slope.slope_high >= 0)
    assert covered.mean() == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize("known", shared.cases("mann_kendall"))
def test_trend_agrees_with_r(known):
    found = mann_kendall(known["y"])

    assert found.score == known["S"]
    assert found.variance == pytest.approx(known["var_S"], rel=1e-12)
    assert found.z == pytest.approx(known["z"], rel=0, abs=1e-10)
    assert found.p_value == pytest.approx(known["p_two"], rel=0, abs=1e-10)
    assert found.tau_a == pytest.approx(known["tau_a"], abs=1e-10)
    tau_b = np.nan if known["tau_b"] is None else known["tau_b"]
    assert found.tau_b == pytest.approx(tau_b, abs=1e-10, nan_ok=True)
    assert theil_sen(known["y"]).slope == pytest.approx(known["sen_slope"], rel=0, abs=1e-10)
    if known["p_exact"] is not None:
        assert found.p_exact == pytest.approx(known["p_exact"], abs=1e-10)
