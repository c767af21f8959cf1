from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from geo.errors import SettingsError
from geo.stats.pre_trends import relative_pre_trend

FOCUS = np.array([True, False, False])


def test_slope_is_that_of_the_focus_over_the_donors():
    # The focus triples while the donors double each month: half as much again.
    months = np.arange(6)
    found = relative_pre_trend([3.0**months, 4 * 2.0**months, 2.0**months], 1, focus=FOCUS)

    assert found.slope.ratio == pytest.approx(1.5)
    assert found.slope.dispersion == pytest.approx(0)


def test_growth_that_all_share_is_no_pre_trend():
    months = 2.0 ** np.arange(8)
    found = relative_pre_trend([10 * months, 7 * months, 3 * months], 1, focus=FOCUS)

    assert found.slope.ratio == pytest.approx(1)
    assert (found.f, found.p) == (pytest.approx(0), pytest.approx(1))


def test_joint_f_is_the_scatter_of_the_ratio_over_that_of_the_donors():
    counts = np.array(
        [[10, 30, 8, 25, 12, 40], [20, 26, 17, 31, 22, 19], [40, 30, 52, 35, 44, 61]], dtype=float
    )
    found = relative_pre_trend(counts, 1, focus=FOCUS)

    def chi2(table):
        expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
        return np.sum((table - expected) ** 2 / expected)

    donors = chi2(counts[1:]) / 5
    assert found.dispersion == pytest.approx(donors)
    f = chi2(np.stack([counts[0], counts[1:].sum(axis=0)])) / 5 / donors
    assert found.f == pytest.approx(f)
    assert found.p == pytest.approx(stats.f.sf(f, 5, 5))


def test_donors_that_happen_to_be_alike_do_not_make_it_surer():
    counts = [[10, 12, 9, 11, 10, 12], [20] * 6, [30] * 6]

    found = relative_pre_trend(counts, 1, focus=FOCUS)

    assert found.dispersion == pytest.approx(0)
    assert found.p > 0.5


def test_without_a_pre_trend_it_is_claimed_no_more_often_than_its_level_says():
    rng = np.random.default_rng(5)
    focus = np.arange(8) == 0
    found = [relative_pre_trend(rng.poisson(20, (8, 24)), 1, focus=focus) for _ in range(150)]

    for p in ([one.slope.p for one in found], [one.p for one in found]):
        assert np.mean(np.array(p) <= 0.05) <= 0.08


def test_focus_without_events_has_no_slope_and_no_test():
    found = relative_pre_trend([[0] * 6, [3] * 6, [4] * 6], 1, focus=FOCUS)

    assert np.isnan([found.slope.ratio, found.f, found.p]).all()


@pytest.mark.parametrize(
    ("months", "focus"),
    [pytest.param(5, FOCUS, id="5 months"), pytest.param(6, [1, 1, 0], id="one donor")],
)
def test_too_few_months_or_donors_are_refused(months, focus):
    with pytest.raises(SettingsError, match="from 6 and 2 on"):
        relative_pre_trend(np.ones((3, months)), 1, focus=focus)
