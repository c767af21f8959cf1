from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.pooling import pool
from tests.shared import cases, oracle


@pytest.mark.parametrize("case", cases("rubin_pooling"))
def test_pooling_agrees_with_the_rules_by_hand(case):
    limits = oracle("rubin_pooling")["tolerance"]

    found = pool(case["estimates"], case["variances"])

    assert found.estimate == pytest.approx(case["pooled"], **limits)
    assert found.within == pytest.approx(case["within"], **limits)
    assert found.between == pytest.approx(case["between"], **limits)
    assert found.variance == pytest.approx(case["total_variance"], **limits)
    assert found.df == pytest.approx(np.inf if case["df"] is None else case["df"], **limits)
    assert found.missing_share == pytest.approx(case["fraction_missing_approx"], **limits)


def test_limits_are_those_of_the_t_distribution_and_normal_without_differences():
    differing = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    alike = pool([2.1, 2.1, 2.1], [0.04, 0.04, 0.04])

    # t of 6.125 degrees of freedom: 2.435; the variance is 7/3.
    assert differing.high - 2 == pytest.approx(2.435 * np.sqrt(7 / 3), rel=1e-3)
    assert alike.high - 2.1 == pytest.approx(1.96 * 0.2, rel=1e-4)


def test_a_rounding_of_the_mean_is_no_difference_between_fillings_in():
    # The mean of three times 0.1 is 0.10000000000000002.
    assert pool([0.1, 0.1, 0.1], [0.04, 0.04, 0.04]).df == np.inf


@pytest.mark.parametrize("missing", [np.nan, np.inf])
def test_e6_a_ratio_that_one_filling_in_does_not_have_is_not_pooled(missing):
    found = pool([[0.9, missing, 1.0], [0.1, 0.2, 0.3]], [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1]])

    for number in (found.estimate, found.variance, found.df, found.low, found.missing_share):
        assert np.isnan(number[0])
        assert not np.isnan(number[1])


def test_fillings_in_that_are_all_sure_and_alike_leave_no_doubt():
    found = pool([1.5, 1.5], [0.0, 0.0])

    assert (found.low, found.high, found.missing_share) == (1.5, 1.5, 0)


def test_sure_but_differing_ones_have_the_fewest_degrees_of_freedom():
    assert pool([1.0, 2.0, 3.0], [0.0, 0.0, 0.0]).df == 2


@pytest.mark.parametrize(
    ("estimates", "variances", "message"),
    [([1.0], [1.0], "fewer than two"), ([1.0, 2.0], [1.0, -1.0], "1 variances are negative")],
)
def test_what_cannot_be_pooled_is_refused(estimates, variances, message):
    with pytest.raises(SettingsError, match=message):
        pool(estimates, variances)


results = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 4)), min_size=2, max_size=20)


@given(results)
def test_filling_in_never_makes_a_result_surer(pairs):
    estimates, variances = np.array(pairs).T

    found = pool(estimates, variances)

    assert found.variance >= found.within
    assert 0 <= found.missing_share < 1
    assert found.df >= len(pairs) - 1
    assert found.low <= found.estimate <= found.high
