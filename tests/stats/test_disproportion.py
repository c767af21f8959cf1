from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats.disproportion import (
    disproportion,
    overdispersed_disproportion,
    ratio_of_ratios,
    share_ratio,
)
from geo.stats.fisher import (
    conditional_ratio_of_ratios,
    fisher_interval,
    fisher_p,
    fisher_p_as_r,
    mid_p_fisher,
)
from geo.stats.loglinear import fit_log_linear
from tests.shared import cases, oracle


def counts_of(row):
    return table(
        row["category_before"], row["category_after"], row["rest_before"], row["rest_after"]
    )


def table(category_base, category_comparison, rest_base, rest_comparison):
    return {
        "category_base": category_base,
        "category_comparison": category_comparison,
        "rest_base": rest_base,
        "rest_comparison": rest_comparison,
    }


@pytest.mark.parametrize("row", cases("ratio_of_ratios"))
def test_the_ratio_of_ratios_agrees_with_r(row):
    wald = {"rel": oracle("ratio_of_ratios")["tolerance"]["wald_rel"]}

    rest = disproportion(**counts_of(row))
    assert ratio_of_ratios(**counts_of(row)) == pytest.approx(row["ror_vs_rest"], **wald)
    assert rest.ratio == pytest.approx(row["ror_vs_rest"], **wald)
    assert rest.low == pytest.approx(row["ror_vs_rest_wald_lo"], **wald)
    assert rest.high == pytest.approx(row["ror_vs_rest_wald_hi"], **wald)
    assert rest.p == pytest.approx(row["wald_p"], **wald)

    share = share_ratio(**counts_of(row))
    assert share.ratio == pytest.approx(row["ror_vs_total"], **wald)
    assert share.low == pytest.approx(row["ror_vs_total_lo"], **wald)
    assert share.high == pytest.approx(row["ror_vs_total_hi"], **wald)


@pytest.mark.parametrize("row", cases("ratio_of_ratios"))
def test_the_exact_test_agrees_with_r(row):
    limits = oracle("ratio_of_ratios")["tolerance"]

    low, high = fisher_interval(**counts_of(row))

    assert low == pytest.approx(row["fisher_lo"], rel=limits["fisher_ci_rel"])
    assert high == pytest.approx(row["fisher_hi"], rel=limits["fisher_ci_rel"])
    assert conditional_ratio_of_ratios(**counts_of(row)) == pytest.approx(
        row["fisher_cond_or"], rel=limits["fisher_cond_or_rel"]
    )
    as_r = fisher_p_as_r(**counts_of(row))
    assert as_r == pytest.approx(row["fisher_p"], abs=limits["fisher_p_abs"])
    mid_p = mid_p_fisher(**counts_of(row))
    assert mid_p == pytest.approx(row["midp_p"], abs=limits["midp_p_abs"])


@pytest.mark.parametrize(
    ("counts", "ratio", "low", "high"),
    [
        pytest.param((0, 5, 20, 30), np.inf, 0.543, np.inf, id="E6 a new category"),
        pytest.param((5, 0, 20, 30), 0.0, 0.0, 0.828, id="a category that ended"),
        pytest.param((0, 0, 20, 30), np.nan, 0.0, np.inf, id="a category without events"),
        pytest.param((0, 5, 0, 30), np.nan, 0.0, np.inf, id="E6 nothing at all before"),
    ],
)
def test_e6_zeros_leave_what_can_be_said(counts, ratio, low, high):
    args = table(*counts)

    assert ratio_of_ratios(**args) == pytest.approx(ratio, nan_ok=True)
    assert np.isnan([disproportion(**args).low, share_ratio(**args).high]).all()
    found = fisher_interval(**args)
    assert found[0] == pytest.approx(low, abs=0.005)
    assert found[1] == pytest.approx(high, abs=0.005)


def test_from_28_to_34_percent_is_12_times_the_share_and_13_times_against_the_rest():
    args = table(140, 420, 360, 830)

    assert share_ratio(**args).ratio == pytest.approx(1.2)
    assert ratio_of_ratios(**args) == pytest.approx(1.3012, abs=5e-5)


def test_the_exact_test_refuses_parts_of_events():
    with pytest.raises(SettingsError, match="no whole numbers from 0 up"):
        fisher_p(**table(1, 1.5, 2, 2))


def test_a_missing_count_is_refused():
    with pytest.raises(SettingsError, match="a count is missing"):
        disproportion(**table(1, np.nan, 2, 2))


whole = st.integers(0, 30)


@given(whole, whole, whole, whole)
def test_exact_p_and_interval_agree(a0, a1, b0, b1):
    args = table(a0, a1, b0, b1)

    low, high = fisher_interval(**args)
    p = fisher_p(**args)

    if abs(p - 0.05) > 1e-9:
        assert (p > 0.05) == (low < 1 < high)
    assert mid_p_fisher(**args) <= p


@pytest.mark.parametrize("margins", [(1, 1, 5), (10, 8, 30), (25, 40, 60), (60, 30, 100)])
def test_p_of_a_share_that_did_not_change_is_at_most_a_with_no_more_than_the_chance_a(margins):
    category, comparison, everything = margins
    law = stats.hypergeom(everything, category, comparison)
    a1 = np.arange(max(0, category + comparison - everything), min(category, comparison) + 1)
    a0, b1 = category - a1, comparison - a1

    p = fisher_p(**table(a0, a1, everything - comparison - a0, b1))

    for level in np.unique(p):
        assert law.pmf(a1)[p <= level].sum() <= level * (1 + 1e-9)


@given(whole, whole, whole, whole)
def test_the_printed_p_is_that_of_scipy(a0, a1, b0, b1):
    expected = stats.fisher_exact([[a1, a0], [b1, b0]]).pvalue

    assert fisher_p_as_r(**table(a0, a1, b0, b1)) == pytest.approx(expected, rel=1e-9)


@given(whole, whole, whole, whole)
def test_category_and_rest_that_change_places_turn_the_ratio_round(a0, a1, b0, b1):
    low, high = fisher_interval(**table(a0, a1, b0, b1))
    turned = fisher_interval(**table(b0, b1, a0, a1))

    assert fisher_p(**table(a0, a1, b0, b1)) == pytest.approx(fisher_p(**table(b0, b1, a0, a1)))
    with np.errstate(divide="ignore"):
        assert turned[1] == pytest.approx(np.divide(1, low))
        assert turned[0] == pytest.approx(np.divide(1, high))


CATEGORY = np.array([3.0, 6, 2, 7, 12, 9, 20, 15])
REST = np.array([9.0, 14, 12, 10, 11, 19, 16, 12])
AFTER = np.arange(8) >= 4


def test_it_is_the_interaction_in_a_model_with_an_effect_of_each_month():
    months = np.tile(np.eye(8), (2, 1))
    is_category = np.repeat([1.0, 0.0], 8)
    design = np.column_stack([months, is_category, is_category * np.tile(AFTER, 2)])
    fit = fit_log_linear(design, np.concatenate([CATEGORY, REST]))

    found = overdispersed_disproportion(CATEGORY, REST, after=AFTER, least_dispersion=0)

    assert found.ratio == pytest.approx(np.exp(fit.coefficients[-1]))
    assert found.dispersion == pytest.approx(fit.pearson_dispersion)
    assert found.df == fit.df == 6
    expected = fit.quasi_covariance(least_dispersion=0)[-1, -1] ** 0.5
    assert found.log_se == pytest.approx(expected)


def test_what_makes_a_month_violent_altogether_plays_no_part():
    bursts = np.array([1, 30, 2, 9, 1, 40, 3, 1])

    found = overdispersed_disproportion(CATEGORY * bursts, CATEGORY * bursts * 3, after=AFTER)

    assert found.ratio == pytest.approx(1)
    assert found.dispersion == pytest.approx(0, abs=1e-9)


def test_shares_that_happen_to_be_alike_do_not_make_the_ratio_certain():
    alike = overdispersed_disproportion([4] * 4 + [6] * 4, [8] * 4 + [6] * 4, after=AFTER)

    assert alike.ratio == pytest.approx(2)
    assert alike.dispersion == pytest.approx(0, abs=1e-9)
    assert alike.log_se == pytest.approx(np.sqrt(1 / 16 + 1 / 24 + 1 / 32 + 1 / 24))


def test_months_without_events_say_nothing_of_shares():
    padded = overdispersed_disproportion(
        [*CATEGORY, 0, np.nan], [*REST, 0, 4], after=[*AFTER, True, True]
    )
    found = overdispersed_disproportion(CATEGORY, REST, after=AFTER)

    assert (padded.ratio, padded.low, padded.df) == (found.ratio, found.low, found.df)


def test_p_is_uniform_when_shares_vary_but_do_not_change():
    rng = np.random.default_rng(20240909)
    # Events come in threes of one kind: the dispersion of the shares is 3.
    threes = rng.poisson(rng.gamma(4, 4, (10000, 24)))
    everything, category = 3 * threes, 3 * rng.binomial(threes, 0.3)

    found = overdispersed_disproportion(category, everything - category, after=np.arange(24) >= 12)
    independent = disproportion(
        category_base=category[:, :12].sum(axis=1),
        category_comparison=category[:, 12:].sum(axis=1),
        rest_base=(everything - category)[:, :12].sum(axis=1),
        rest_comparison=(everything - category)[:, 12:].sum(axis=1),
    )

    assert stats.kstest(found.p, "uniform").statistic < 0.02
    assert 0.042 < np.mean(found.p < 0.05) < 0.058
    assert np.mean(independent.p < 0.05) > 0.2


def test_bursts_of_either_kind_raise_few_false_alarms_more_than_stated():
    rng = np.random.default_rng(20240909)
    rest = rng.poisson(rng.gamma(3, 4, (10000, 24)))
    category = rng.poisson(rng.gamma(2, 3, (10000, 24)))

    p = overdispersed_disproportion(category, rest, after=np.arange(24) >= 12).p

    assert 0.06 < np.mean(p < 0.05) < 0.075
