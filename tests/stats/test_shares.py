from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.shares import share_difference_interval, share_interval, spread_share_interval


@pytest.mark.parametrize(
    ("counted", "everything", "low", "high"),
    [
        # Published tables of Clopper and Pearson; 0 of n: 1 - 0.025 ** (1 / n).
        pytest.param(0, 10, 0.0, 0.30850, id="none"),
        pytest.param(10, 10, 0.69150, 1.0, id="all"),
        pytest.param(2, 19, 0.01301, 0.33138, id="few"),
        pytest.param(84, 240, 0.28976, 0.41399, id="many"),
    ],
)
def test_exact_interval_is_that_of_clopper_and_pearson(counted, everything, low, high):
    found = share_interval(counted, everything)

    assert [float(limit) for limit in found] == pytest.approx([low, high], abs=5e-6)


def test_share_of_nothing_has_no_interval_and_more_than_all_is_refused():
    assert np.isnan(share_interval(0, 0)).all()
    with pytest.raises(SettingsError, match="1 shares are of more"):
        share_interval([3], [2])


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=6, max_size=12).filter(
        lambda rows: sum(a + b for a, b in rows) > 1
    )
)
def test_interval_by_parts_is_never_the_narrower_one(rows):
    counted, others = np.array(rows, dtype=float).T
    found = spread_share_interval(counted, counted + others)
    low, high = share_interval(counted.sum(), (counted + others).sum())

    if not np.isnan(found.low):
        assert found.low <= low + 1e-9
        assert found.high >= high - 1e-9


def test_fewer_than_six_parts_with_events_give_no_interval_by_parts():
    found = spread_share_interval([1, 1, 1, 1, 1, 0], [2, 2, 2, 2, 2, 0])

    assert np.isnan([found.low, found.high, found.dispersion]).all()


def test_interval_by_parts_holds_the_share_of_waves_as_often_as_it_says():
    rng = np.random.default_rng(20240909)
    shares = rng.beta(3, 5, (2000, 12))
    whole = rng.poisson(25, (2000, 12))
    counted = rng.binomial(whole, shares)

    found = spread_share_interval(counted, whole)
    exact = share_interval(counted.sum(axis=1), whole.sum(axis=1))

    held = np.mean((found.low <= 3 / 8) & (found.high >= 3 / 8))
    assert 0.93 <= held <= 0.99
    # The interval for independent events does not.
    assert np.mean((exact[0] <= 3 / 8) & (exact[1] >= 3 / 8)) < 0.75


def test_difference_interval_is_as_worked_out_by_hand():
    # 35 % (29 to 41.4) and 46.7 % (42.6 to 50.7): 11.7 less hypot(4.1, 6.4), more hypot(4, 6).
    low, high = share_difference_interval(
        base=(0.350, 0.290, 0.414), comparison=(0.467, 0.426, 0.507)
    )

    assert float(low) == pytest.approx(0.117 - np.hypot(0.041, 0.064))
    assert float(high) == pytest.approx(0.117 + np.hypot(0.040, 0.060))


def test_difference_of_shares_stays_between_minus_one_and_one():
    low, high = share_difference_interval(base=(0, 0, 0.9), comparison=(1, 0.1, 1))

    assert (float(low), float(high)) == (pytest.approx(1 - np.hypot(0.9, 0.9)), 1.0)
