from __future__ import annotations

import numpy as np
import pytest

from geo.stats.composition import composition_intervals
from geo.stats.decomposition import kitagawa


def drawn(base, comparison, before, after, seed=1, replicates=499):
    return composition_intervals(
        base,
        comparison,
        base_exposure=before,
        comparison_exposure=after,
        rng=np.random.default_rng(seed),
        replicates=replicates,
        per=1,
    )


def test_weeks_that_are_alike_give_the_split_itself():
    # Rates stay 1 and 3 per person; a tenth of the people moves to where it is 3.
    found = drawn([[5, 15]] * 10, [[4, 18]] * 10, [50, 50], [40, 60])

    assert found.rate_total == pytest.approx((0, 0))
    assert found.composition_total == pytest.approx((0.2, 0.2))
    assert found.composition_effect[0] == pytest.approx([-0.1, 0.3])
    assert found.rate_effect[1] == pytest.approx([0, 0])


def test_limits_hold_the_split_and_widen_where_weeks_differ():
    rng = np.random.default_rng(2)
    weeks = [rng.poisson(4, (52, 3)), rng.poisson(9, (52, 3))]
    people = [np.array([90.0, 60, 30]), np.array([80.0, 70, 40])]
    rates, moves = kitagawa(
        base_events=weeks[0].sum(axis=0), base_exposure=people[0],
        comparison_events=weeks[1].sum(axis=0), comparison_exposure=people[1], per=1,
    )  # fmt: skip

    found = drawn(*weeks, *people)

    for pair, effect in ((found.rate_effect, rates), (found.composition_effect, moves)):
        assert (pair[0] < effect).all()
        assert (effect < pair[1]).all()
    assert found.rate_total[0] < rates.sum() < found.rate_total[1]
    assert found.composition_total[0] < moves.sum() < found.composition_total[1]


def test_draws_that_do_not_fit_at_once_are_those_that_do(monkeypatch):
    rng = np.random.default_rng(2)
    given = (rng.poisson(4, (20, 5)), rng.poisson(6, (20, 5)), np.full(5, 9.0), np.full(5, 8.0))
    whole = drawn(*given)
    monkeypatch.setattr("geo.stats.composition._AT_ONCE", 7)

    parts = drawn(*given)

    assert parts.rate_total == whole.rate_total
    np.testing.assert_array_equal(parts.composition_effect, whole.composition_effect)
