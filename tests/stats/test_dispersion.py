from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import ExposureError, SettingsError
from geo.stats.dispersion import (
    expected_by_side,
    newey_west_ratio,
    overdispersion_test,
    poisson_ratio,
    quasi_poisson_ratio,
    residual_correlation,
    robust_ratio,
)
from geo.stats.interrupted import interrupted_series, pre_trend
from geo.stats.log_ratio import ratio_estimate
from geo.stats.negative_binomial import negative_binomial_ratio
from tests.shared import oracle, path

ALL = [poisson_ratio, quasi_poisson_ratio, robust_ratio, newey_west_ratio]
YEAR_AND_YEAR = np.arange(24) >= 12


def months_of(dataset):
    with path(f"oracles/{dataset['csv']}").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    events = np.array([float(row["events"]) for row in rows])
    person_years = [float(row["population"]) * float(row["days"]) / 365.25 for row in rows]
    return events, np.array(person_years), np.array([row["post"] == "1" for row in rows])


@pytest.mark.parametrize("which", [0, 1])
def test_before_and_after_agree_with_r(which):
    known = oracle("overdispersion_its")
    limits, row = known["tolerance"], known["datasets"][which]
    events, exposure, after = months_of(row)
    ratio, se = {"rel": limits["ratio_rel"]}, {"rel": limits["se_rel"]}

    plain = poisson_ratio(events, exposure, after=after)
    assert plain.ratio == pytest.approx(row["poisson"]["ratio"], **ratio)
    assert plain.log_se == pytest.approx(row["poisson"]["se_log"], **se)
    assert plain.low == pytest.approx(row["poisson"]["lo"], **ratio)
    assert plain.high == pytest.approx(row["poisson"]["hi"], **ratio)

    quasi = quasi_poisson_ratio(events, exposure, after=after)
    assert quasi.dispersion == pytest.approx(row["pearson_phi"], **ratio)
    assert quasi.df == row["df_residual"]
    assert quasi.log_se == pytest.approx(row["quasipoisson"]["se_log"], **se)
    assert quasi.low == pytest.approx(row["quasipoisson"]["lo_t"], **se)
    assert quasi.high == pytest.approx(row["quasipoisson"]["hi_t"], **se)
    assert quasi.p == pytest.approx(row["quasipoisson"]["p_t"], **se)

    # The other convention: normal limits of the same standard error.
    normal = ratio_estimate(quasi.ratio, quasi.log_se, np.inf)
    assert normal.low == pytest.approx(row["quasipoisson"]["lo_z"], **se)
    assert normal.high == pytest.approx(row["quasipoisson"]["hi_z"], **se)
    assert quasi.low < normal.low < normal.high < quasi.high

    robust = robust_ratio(events, exposure, after=after)
    assert robust.log_se == pytest.approx(row["poisson_hc0_se_log"], **se)
    lagged = newey_west_ratio(events, exposure, after=after, lag=3)
    nw = {"rel": limits["nw_rel"]}
    assert lagged.log_se == pytest.approx(row["poisson_newey_west_lag3_se_log"], **nw)

    alpha, t, p = overdispersion_test(events, expected_by_side(events, exposure, after=after))
    expected = row["cameron_trivedi"]
    assert alpha == pytest.approx(expected["alpha_hat"], **se)
    assert t == pytest.approx(expected["t"], **se)
    assert p == pytest.approx(expected["p_one_sided"], **se)


@pytest.mark.parametrize("which", [0, 1])
def test_the_negative_binomial_ratio_agrees_with_r(which):
    known = oracle("overdispersion_its")
    row = known["datasets"][which]
    expected, nb = row["negative_binomial"], {"rel": known["tolerance"]["nb_rel"]}
    events, exposure, after = months_of(row)

    found = negative_binomial_ratio(events, exposure, after=after)

    assert found.estimate.ratio == pytest.approx(expected["ratio"], **nb)
    assert found.estimate.log_se == pytest.approx(expected["se_log"], **nb)
    assert found.estimate.low == pytest.approx(expected["lo"], **nb)
    assert found.estimate.high == pytest.approx(expected["hi"], **nb)
    assert found.alpha == pytest.approx(expected["alpha"], **nb)
    assert found.log_likelihood == pytest.approx(expected["loglik"], **nb)


@pytest.mark.parametrize("which", [0, 1])
def test_the_interrupted_series_agrees_with_r(which):
    known = oracle("overdispersion_its")
    limits, row = known["tolerance"], known["datasets"][which]
    events, exposure, after = months_of(row)
    expected = row["its_quasipoisson"]
    in_r = ["(Intercept)", "t", "post", "tpost"]
    se = {"rel": limits["se_rel"]}

    found = interrupted_series(events, exposure, break_at=int(np.argmax(after)), lag=3)

    assert found.names == ("rate", "trend", "level", "slope")
    for here, name in enumerate(in_r):
        assert np.log(found.ratios.ratio[here]) == pytest.approx(
            expected["coef"][name], rel=limits["ratio_rel"], abs=1e-8
        )
        assert found.ratios.log_se[here] == pytest.approx(expected["se"][name], **se)
        assert found.newey_west_log_se[here] == pytest.approx(
            expected["newey_west_lag3_se"][name], rel=limits["nw_rel"]
        )
    assert found["level"].ratio == pytest.approx(expected["level_ratio"], rel=limits["ratio_rel"])
    assert found["slope"].ratio == pytest.approx(expected["slope_ratio_per_month"], **se)
    assert found["level"].dispersion == pytest.approx(expected["phi"], **se)


@pytest.mark.parametrize("which", [0, 1])
def test_the_trend_before_agrees_with_r(which):
    known = oracle("overdispersion_its")
    row = known["datasets"][which]
    events, exposure, after = months_of(row)
    expected, se = row["pre_trend_quasipoisson"], {"rel": known["tolerance"]["se_rel"]}

    found = pre_trend(events, exposure, break_at=int(np.argmax(after)))

    assert np.log(found.ratio) == pytest.approx(expected["slope_log_per_month"], **se)
    assert found.log_se == pytest.approx(expected["se"], **se)
    assert found.p == pytest.approx(expected["p"], **se)


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(
    ("before", "behind", "ratio"),
    [
        pytest.param(0, 3, np.inf, id="E6 none before"),
        pytest.param(3, 0, 0.0, id="none after"),
        pytest.param(0, 0, np.nan, id="none at all"),
    ],
)
def test_e6_a_side_without_events_has_a_ratio_but_no_limits(method, before, behind, ratio):
    found = method([before] * 12 + [behind] * 12, 1, after=YEAR_AND_YEAR)

    assert found.ratio == pytest.approx(ratio, nan_ok=True)
    assert np.isnan([found.low, found.high, found.p, found.log_se]).all()


def test_e6_the_negative_binomial_ratio_says_the_same_of_zeros():
    def ratio(before, behind):
        found = negative_binomial_ratio([before] * 12 + [behind] * 12, 1, after=YEAR_AND_YEAR)
        assert np.isnan(found.estimate.low)
        return float(found.estimate.ratio)

    assert ratio(0, 3) == np.inf
    assert ratio(3, 0) == 0
    assert np.isnan(ratio(0, 0))


def test_months_that_happen_to_be_alike_do_not_make_the_ratio_certain():
    alike = [4] * 12 + [8] * 12

    found = quasi_poisson_ratio(alike, 1, after=YEAR_AND_YEAR)
    as_estimated = quasi_poisson_ratio(alike, 1, after=YEAR_AND_YEAR, least_dispersion=0)

    assert found.dispersion == 0
    assert found.low < 1.5 < 2.7 < found.high
    assert as_estimated.low == as_estimated.high == 2


def test_a_month_left_out_counts_neither_as_zero_nor_as_a_month():
    events = np.array([3.0, 5, 2, 6, 9, 12, 7, 11])
    after = [0, 0, 0, 0, 1, 1, 1, 1]
    exposure = np.ones(8)
    exposure[2] = np.nan
    without = np.delete(events, 2)

    for method in (poisson_ratio, quasi_poisson_ratio, robust_ratio):
        found = method(events, exposure, after=after)
        expected = method(without, 1, after=np.delete(after, 2))
        for name in ("ratio", "low", "high", "p", "df"):
            assert getattr(found, name) == pytest.approx(getattr(expected, name))


def test_each_series_stands_for_itself():
    table = np.array([[3, 5, 2, 6, 9, 12.0], [0, 0, 0, 1, 2, 3], [8, 1, 9, 2, 9, 1]])
    after = [0, 0, 0, 1, 1, 1]

    for method in ALL:
        together = method(table, 1, after=after)
        for row, events in enumerate(table):
            assert together.p[row] == pytest.approx(
                method(events, 1, after=after).p, nan_ok=True, rel=1e-12
            )


@pytest.mark.parametrize(
    ("after", "message"),
    [([0, 1, 1, 1], "one side has 1 months"), ([0, 1], "must say of each month")],
)
def test_e10_too_few_months_are_refused(after, message):
    with pytest.raises(SettingsError, match=message):
        quasi_poisson_ratio([1, 2, 3, 4], 1, after=after)


def test_e2_negative_exposure_is_refused():
    with pytest.raises(ExposureError):
        quasi_poisson_ratio([1, 2, 3, 4], [1, -1, 1, 1], after=[0, 0, 1, 1])


def test_a_month_that_takes_after_the_last_shows_in_the_correlation():
    slow = [2, 2, 2, 8, 8, 8] * 2
    after = np.arange(12) >= 6

    assert residual_correlation(slow, 1, after=after) > 0.3
    assert newey_west_ratio(slow, 1, after=after).log_se > robust_ratio(slow, 1, after=after).log_se


def test_an_interval_holds_the_claim_exactly_if_its_p_is_above_the_level():
    events = [3, 9, 4, 6, 12, 20, 9, 18]
    after = [0, 0, 0, 0, 1, 1, 1, 1]
    found = quasi_poisson_ratio(events, 1, after=after)

    at_limit = quasi_poisson_ratio(events, 1, after=after, null_ratio=float(found.high))
    inside = quasi_poisson_ratio(events, 1, after=after, null_ratio=2.5)

    assert at_limit.p == pytest.approx(0.05)
    assert found.low < 2.5 < found.high
    assert inside.p > 0.05


series = st.lists(st.tuples(st.integers(0, 60), st.floats(0.5, 2)), min_size=4, max_size=12)


@given(series, series)
def test_all_ways_have_the_ratio_of_the_two_rates_inside_their_limits(before, behind):
    events, exposure = (np.array(part) for part in zip(*before, *behind, strict=True))
    after = np.arange(events.size) >= len(before)
    ratios = [method(events, exposure, after=after) for method in ALL]

    for found in ratios:
        assert found.ratio == pytest.approx(ratios[0].ratio, nan_ok=True)
        if 0 < found.ratio < np.inf:
            assert found.low <= found.ratio * (1 + 1e-9)
            assert found.high >= found.ratio * (1 - 1e-9)


@given(series, series)
def test_windows_that_change_places_turn_the_ratio_round(before, behind):
    events, exposure = (np.array(part) for part in zip(*before, *behind, strict=True))
    after = np.arange(events.size) >= len(before)

    found = quasi_poisson_ratio(events, exposure, after=after)
    turned = quasi_poisson_ratio(events, exposure, after=~after)

    if 0 < found.ratio < np.inf:
        assert turned.ratio == pytest.approx(1 / found.ratio)
        assert turned.low == pytest.approx(1 / found.high)
        assert turned.p == pytest.approx(found.p)


def overdispersed(rng, shape, *, mean, alpha):
    return rng.poisson(rng.gamma(1 / alpha, mean * alpha, shape))


def test_p_is_uniform_when_nothing_changed_although_months_vary():
    events = overdispersed(np.random.default_rng(20240909), (20000, 24), mean=25, alpha=0.15)

    p = quasi_poisson_ratio(events, 1, after=YEAR_AND_YEAR).p
    taken_as_independent = poisson_ratio(events, 1, after=YEAR_AND_YEAR).p

    assert stats.kstest(p, "uniform").statistic < 0.015
    assert 0.045 < np.mean(p < 0.05) < 0.055
    assert np.mean(taken_as_independent < 0.05) > 0.3


def test_false_alarms_of_independent_events_are_no_more_than_stated():
    events = np.random.default_rng(20240909).poisson(25, (20000, 24))

    def share_found(**settings):
        found = quasi_poisson_ratio(events, 1, after=YEAR_AND_YEAR, **settings)
        return np.mean(found.p < 0.05)

    assert 0.025 < share_found() < 0.035
    assert 0.045 < share_found(least_dispersion=0) < 0.055


def test_months_alike_to_their_neighbors_need_the_lagged_errors():
    rng = np.random.default_rng(20240909)
    steps = rng.normal(0, 0.25, (4000, 80))
    level = np.zeros_like(steps)
    for at in range(1, 80):
        level[:, at] = 0.6 * level[:, at - 1] + steps[:, at]
    events = rng.poisson(40 * np.exp(level[:, 20:]))
    after = np.arange(60) >= 30

    lagged = np.mean(newey_west_ratio(events, 1, after=after).p < 0.05)
    plain = np.mean(quasi_poisson_ratio(events, 1, after=after).p < 0.05)

    assert 0.25 < plain < 0.29
    assert 0.15 < lagged < 0.19


def test_the_dispersion_test_keeps_its_level_and_finds_bursts():
    rng = np.random.default_rng(20240909)

    def share_found(events):
        expected = expected_by_side(events, 1, after=YEAR_AND_YEAR)
        return np.mean(overdispersion_test(events, expected)[2] < 0.05)

    # Cautious below its level at 24 months: the means are fitted to the same counts.
    assert share_found(rng.poisson(25, (2000, 24))) < 0.06
    assert share_found(overdispersed(rng, (500, 24), mean=25, alpha=0.3)) > 0.8


def test_counts_no_more_scattered_than_chance_have_no_negative_binomial_part():
    found = negative_binomial_ratio([5] * 12 + [10] * 12, 1, after=YEAR_AND_YEAR)

    assert found.alpha == 0
    assert found.estimate.ratio == pytest.approx(2)
    assert found.estimate.log_se == pytest.approx(np.sqrt(1 / 60 + 1 / 120))


def test_months_between_two_dates_belong_to_neither_side():
    flat = [6.0] * 14
    calm = [*flat, 900, 1, *([12] * 8)]

    omitted = interrupted_series(calm, 1, break_at=14, settled_at=16, transition="omit")
    level = interrupted_series([*flat, 18, 18, *([12] * 8)], 1, break_at=14, settled_at=16)

    assert omitted["level"].ratio == pytest.approx(2)
    assert np.isnan(omitted.expected[14:16]).all()
    assert level.names == ("rate", "trend", "transition", "level", "slope")
    assert level.ratios.ratio == pytest.approx([6, 1, 3, 2, 1])


def test_the_level_is_that_of_the_first_month_after_the_transition():
    after = [12.0 * 1.5**month for month in range(6)]

    found = interrupted_series([6.0] * 14 + [9, 9] + after, 1, break_at=14, settled_at=16)

    assert found.ratios.ratio == pytest.approx([6, 1, 1.5, 2, 1.5])


def test_a_series_that_rose_before_anyway_shows_no_jump():
    rising = [2.0 * 1.1**month for month in range(24)]

    found = interrupted_series(rising, 1, break_at=12)

    assert found["trend"].ratio == pytest.approx(1.1)
    assert found["level"].ratio == pytest.approx(1)
    assert found.without_break == pytest.approx(np.array(rising))
    assert quasi_poisson_ratio(rising, 1, after=YEAR_AND_YEAR).ratio == pytest.approx(1.1**12)


def test_e6_an_interrupted_series_without_events_before_is_not_defined():
    found = interrupted_series([0] * 12 + [3, 4, 5, 6, 3, 4], 1, break_at=12)

    assert np.isnan(found.ratios.ratio).all()


@pytest.mark.parametrize(
    ("length", "settings", "message"),
    [
        (24, {"break_at": 11}, "11 months before the break"),
        (24, {"break_at": 19}, "5 after it"),
        (24, {"break_at": 14, "settled_at": 13}, "start with or after the break"),
    ],
)
def test_e10_a_series_too_short_for_two_slopes_is_refused(length, settings, message):
    with pytest.raises(SettingsError, match=message):
        interrupted_series(np.arange(length), 1, **settings)


def test_the_jump_is_found_by_chance_as_often_as_stated():
    rng = np.random.default_rng(20240909)
    series = overdispersed(rng, (300, 36), mean=30, alpha=0.1)

    p = [float(interrupted_series(events, 1, break_at=20)["level"].p) for events in series]

    assert 0.02 < np.mean(np.array(p) < 0.05) < 0.09
