from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from geo.errors import SettingsError
from geo.stats.synthetic import synthetic_control, synthetic_placebos

AFTER = np.arange(20) >= 14


def donors_of(rng, number=6):
    common = rng.normal(0, 1, 20).cumsum()
    return 20 + np.array(
        [common * rng.uniform(0.5, 1.5) + rng.normal(0, 1, 20) for _ in range(number)]
    )


def test_an_area_that_is_a_mixture_is_taken_apart_again():
    donors = donors_of(np.random.default_rng(1))
    area = 0.6 * donors[4] + 0.4 * donors[1]
    area[AFTER] *= 1.5

    found = synthetic_control(area, donors, after=AFTER)

    assert found.weights == pytest.approx([0, 0.4, 0, 0, 0.6, 0], abs=1e-8)
    assert found.ratio == pytest.approx(1.5)
    assert found.pre_error == 0
    assert found.error_ratio == np.inf


def test_months_after_play_no_part_in_the_weights():
    donors = donors_of(np.random.default_rng(2))
    area = donors.mean(axis=0) + np.sin(np.arange(20))
    changed = area + np.where(AFTER, 100, 0)

    before = synthetic_control(area, donors, after=AFTER)
    after = synthetic_control(changed, donors, after=AFTER)

    assert after.weights == pytest.approx(before.weights)
    assert after.error_ratio > 10 * before.error_ratio


def test_an_area_above_all_others_shows_that_no_mixture_resembles_it():
    donors = donors_of(np.random.default_rng(3))

    found = synthetic_control(donors.max(axis=0) + 30, donors, after=AFTER)

    assert found.pre_error > 29


rates = st.lists(st.lists(st.floats(0, 100), min_size=6, max_size=6), min_size=3, max_size=5)


@given(rates)
def test_no_other_mixture_fits_better_before(table):
    area, donors = np.array(table[0]), np.array(table[1:])
    after = np.arange(6) >= 4

    found = synthetic_control(area, donors, after=after)

    assert (found.weights >= 0).all()
    assert found.weights.sum() == pytest.approx(1)
    assert found.expected == pytest.approx(found.weights @ donors)

    def error(weights):
        return float(np.sqrt(np.mean((area - weights @ donors)[~after] ** 2)))

    start = np.full(len(donors), 1 / len(donors))
    other = optimize.minimize(
        lambda weights: error(weights) ** 2,
        start,
        method="SLSQP",
        bounds=[(0, 1)] * len(donors),
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
    ).x
    other = np.clip(other, 0, None) / np.clip(other, 0, None).sum()
    assert found.pre_error <= min(error(start), error(other)) + 1e-5


def test_the_area_that_jumped_ranks_first_among_placebos():
    rng = np.random.default_rng(4)
    donors = donors_of(rng, 9)
    area = donors.mean(axis=0) + rng.normal(0, 0.5, 20) + np.where(AFTER, 40, 0)

    found = synthetic_placebos(area, donors, after=AFTER)

    assert (found.rank, found.p) == (1, 0.1)
    assert found.error_ratios.shape == (9,)


def test_donors_that_no_mixture_resembles_can_be_left_out():
    rng = np.random.default_rng(5)
    donors = np.vstack([donors_of(rng, 5), np.linspace(90, 400, 20)])
    area = donors[:5].mean(axis=0) + rng.normal(0, 1, 20)

    found = synthetic_placebos(area, donors, after=AFTER, most_pre_error=5)

    assert np.isnan(found.error_ratios[5])
    assert not np.isnan(found.error_ratios[:5]).all()
    assert found.p == found.rank / (1 + np.sum(~np.isnan(found.error_ratios)))


def test_the_rank_is_uniform_when_all_areas_are_alike():
    rng = np.random.default_rng(20240909)
    ranks = []
    for _ in range(300):
        areas = rng.poisson(30, (5, 20)).astype(float)
        ranks.append(synthetic_placebos(areas[0], areas[1:], after=AFTER).rank)

    # Five ranks; the area in focus is mixed from one donor more than a placebo, so it fits a
    # little better before and ranks first a little oftener.
    assert 0.15 < np.mean(np.array(ranks) == 1) < 0.30
    assert np.bincount(ranks, minlength=6)[1:].min() > 35


@pytest.mark.parametrize(
    ("area", "donors", "after", "message"),
    [
        ([1, 2], [[1, 2]], [False, True], "1 donors"),
        ([1, 2], [[1, 2], [3, 4]], [True, True], "0 months before"),
        ([1, 2], [[1, np.nan], [3, 4]], [False, True], "1 rates are missing"),
        ([1, 2, 3], [[1, 2], [3, 4]], [False, True], "donors x months"),
    ],
)
def test_what_cannot_be_mixed_is_refused(area, donors, after, message):
    with pytest.raises(SettingsError, match=message):
        synthetic_control(area, donors, after=after)


def test_placebos_need_three_donors():
    with pytest.raises(SettingsError, match="at least three"):
        synthetic_placebos([1, 2], [[1, 2], [3, 4]], after=[False, True])


def test_e8_areas_without_events_fit_perfectly_and_say_nothing():
    found = synthetic_control(np.zeros(4), np.zeros((2, 4)), after=[False, False, True, True])

    assert np.isnan([found.error_ratio, found.ratio]).all()
    assert found.pre_error == 0
