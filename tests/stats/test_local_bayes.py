from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats.bayes import empirical_bayes_rate
from geo.stats.local import links_between
from geo.stats.local_bayes import local_empirical_bayes_rate, poisson_gamma_rate
from geo.stats.rates import crude_rate
from tests import shared
from tests.stats import oracles

ROW_OF_FOUR = links_between([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 4)
EVERYBODY = links_between(*np.nonzero(1 - np.eye(4)), 4)

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=4, max_size=4)


def test_local_rate_of_a_row_of_four_is_that_worked_out_by_hand():
    # First and second area: mean 0.2, variance 0.01 less 0.2/100, so 0.8 of the distance stays.
    smoothed = local_empirical_bayes_rate([10, 30, 0, 0], [100] * 4, ROW_OF_FOUR, per=1)

    assert smoothed[0] == pytest.approx(0.2 - 0.8 * 0.1)
    # Last: 0 among 0.
    assert smoothed[3] == 0


@given(areas)
def test_local_rate_lies_between_the_crude_rate_and_that_of_the_neighborhood(areas):
    events, people = np.array(areas).T
    around = ROW_OF_FOUR.toarray() + np.eye(4)
    crude, nearby = events / people, (around @ events) / (around @ people)
    for deviations in ("focal", "own"):
        smoothed = local_empirical_bayes_rate(
            events, people, ROW_OF_FOUR, deviations=deviations, per=1
        )
        assert (smoothed >= np.minimum(crude, nearby) - 1e-9).all()
        assert (smoothed <= np.maximum(crude, nearby) + 1e-9).all()


@given(areas)
def test_neighborhood_of_everybody_gives_the_global_rate(areas):
    events, people = np.array(areas).T
    for deviations in ("focal", "own"):
        np.testing.assert_allclose(
            local_empirical_bayes_rate(events, people, EVERYBODY, deviations=deviations),
            empirical_bayes_rate(events, people),
            rtol=1e-6,
            atol=1e-6,
        )


def test_e9_area_without_neighbors_keeps_its_crude_rate():
    links = links_between([0, 1], [1, 0], 3)

    smoothed = local_empirical_bayes_rate([3, 1, 7], [100, 100, 300], links, per=1)

    assert smoothed[2] == pytest.approx(7 / 300, rel=1e-12)


@pytest.mark.parametrize("deviations", ["focal", "own"])
@pytest.mark.parametrize("people", [0.0, np.nan], ids=["E2 nobody", "E1 not known"])
def test_area_without_exposure_has_no_rate_and_is_nobodys_neighbor(deviations, people):
    pair = links_between([0, 1], [1, 0], 2)

    smoothed = local_empirical_bayes_rate(
        [10, 30, 9, 0], [100, 100, people, 50], ROW_OF_FOUR, deviations=deviations
    )

    assert np.isnan(smoothed[2])
    assert smoothed[3] == 0
    np.testing.assert_allclose(
        smoothed[:2],
        local_empirical_bayes_rate([10, 30], [100, 100], pair, deviations=deviations),
        rtol=1e-12,
    )


def test_neighbor_with_nobody_around_it_changes_nothing():
    one_way = links_between([0], [1], 2)

    smoothed = local_empirical_bayes_rate([3, 0], [10, 0], one_way, deviations="own", per=1)

    assert smoothed[0] == pytest.approx(0.3)


def test_e8_areas_without_any_event_have_a_local_rate_of_zero():
    assert local_empirical_bayes_rate([0] * 4, [9] * 4, ROW_OF_FOUR).tolist() == [0] * 4


def test_empty_in_empty_out():
    assert local_empirical_bayes_rate([], [], links_between([], [], 0)).shape == (0,)
    assert poisson_gamma_rate([], []).rate.shape == (0,)


@given(areas, areas)
@settings(max_examples=30)
def test_each_map_is_smoothed_by_itself(first, second):
    maps = np.array([first, second], dtype=float)
    local = local_empirical_bayes_rate(maps[..., 0], maps[..., 1], ROW_OF_FOUR)
    gamma = poisson_gamma_rate(maps[..., 0], maps[..., 1])
    for place, one in enumerate(maps):
        alone = local_empirical_bayes_rate(*one.T, ROW_OF_FOUR)
        np.testing.assert_allclose(local[place], alone, rtol=1e-12)
        np.testing.assert_array_equal(gamma.rate[place], poisson_gamma_rate(*one.T).rate)


def test_settings_that_are_none_are_refused():
    with pytest.raises(SettingsError, match="'focal' or 'own'"):
        local_empirical_bayes_rate([1] * 4, [1] * 4, ROW_OF_FOUR, deviations="global")
    with pytest.raises(SettingsError, match="join 4 areas"):
        local_empirical_bayes_rate([1, 2], [1, 2], ROW_OF_FOUR)
    with pytest.raises(SettingsError, match="confidence"):
        poisson_gamma_rate([1, 2], [1, 2], confidence=95)


@given(areas)
@settings(max_examples=50)
def test_gamma_rate_lies_between_the_crude_and_the_mean_and_in_its_interval(areas):
    events, people = np.array(areas).T
    crude = crude_rate(events, people)

    smoothed = poisson_gamma_rate(events, people)

    mean = 1e5 * smoothed.mean
    assert (smoothed.rate >= np.minimum(crude, mean) * (1 - 1e-9) - 1e-9).all()
    assert (smoothed.rate <= np.maximum(crude, mean) * (1 + 1e-9) + 1e-9).all()
    if np.isfinite(smoothed.shape):
        assert (smoothed.rate_low < smoothed.rate_high).all()


def test_posterior_is_the_gamma_distribution_of_the_fitted_prior():
    events, people = np.array([0, 90, 10]), np.array([10, 1_000, 1_000])

    found = poisson_gamma_rate(events, people, per=1, confidence=0.8)

    posterior = stats.gamma(found.shape + events, scale=1 / (people + found.shape / found.mean))
    np.testing.assert_allclose(found.rate, posterior.mean(), rtol=1e-10)
    np.testing.assert_allclose(found.rate_low, posterior.ppf(0.1), rtol=1e-10)
    np.testing.assert_allclose(found.rate_high, posterior.ppf(0.9), rtol=1e-10)


def test_no_other_prior_fits_better():
    events, people = np.array([0, 90, 10, 4]), np.array([10, 1_000, 1_000, 900])

    found = poisson_gamma_rate(events, people, per=1)

    def log_likelihood(mean, shape):
        return stats.nbinom.logpmf(events, shape, shape / (shape + mean * people)).sum()

    assert found.log_likelihood == pytest.approx(log_likelihood(found.mean, found.shape), rel=1e-10)
    for step in (0.99, 1.01):
        assert log_likelihood(found.mean * step, found.shape) < found.log_likelihood
        assert log_likelihood(found.mean, found.shape * step) < found.log_likelihood


def test_spread_that_chance_explains_leaves_one_rate_for_all():
    found = poisson_gamma_rate([5, 5, 6], [100, 100, 100], per=1)

    assert found.shape == np.inf
    assert found.rate.tolist() == found.rate_low.tolist() == pytest.approx([16 / 300] * 3)


def test_e8_without_any_event_the_rate_is_zero_and_has_no_interval():
    found = poisson_gamma_rate([0, 0, 0], [10, 20, 0])

    np.testing.assert_array_equal(found.rate, [0, 0, np.nan])
    assert np.isnan([found.rate_low, found.rate_high]).all()


@pytest.mark.parametrize("people", [0.0, np.nan], ids=["E2 nobody", "E1 not known"])
def test_area_without_exposure_has_no_gamma_rate_and_changes_no_other(people):
    alone = poisson_gamma_rate([30, 1, 4], [20, 30, 40])

    found = poisson_gamma_rate([7, 30, 1, 4], [people, 20, 30, 40])

    assert np.isnan(found.rate[0])
    np.testing.assert_array_equal(found.rate[1:], alone.rate)


def test_interval_covers_the_rates_it_was_drawn_from_as_often_as_it_says():
    rng = np.random.default_rng(20240909)
    people = rng.lognormal(8, 1, 2000)
    rates = rng.gamma(2.0, 0.002 / 2.0, 2000)

    found = poisson_gamma_rate(rng.poisson(people * rates), people, per=1)

    inside = (found.rate_low <= rates) & (rates <= found.rate_high)
    assert inside.mean() == pytest.approx(0.95, abs=0.015)
    assert found.shape == pytest.approx(2.0, rel=0.15)


def test_local_and_gamma_rates_agree_with_r():
    known = shared.oracle("empirical_bayes")
    for dataset in known["datasets"]:
        table = oracles.rows(dataset["areas_csv"])
        links = oracles.links(table, dataset["edges_csv"])
        events, people = (oracles.numbers(table, name) for name in ("events", "population"))

        for deviations, column in [
            ("focal", "eb_local_geoda"),
            ("own", "eb_local_bailey_gatrell"),
        ]:
            # Missing there is 0/0, a neighborhood without events; ours is its mean, 0.
            expected = np.nan_to_num(oracles.numbers(table, column))
            found = local_empirical_bayes_rate(events, people, links, deviations=deviations, per=1)
            np.testing.assert_allclose(found, expected, rtol=known["tolerance"]["eb_rel"])

        gamma, fit = poisson_gamma_rate(events, people, per=1), dataset["poisson_gamma"]
        expected = oracles.numbers(table, "poisson_gamma_ml")
        np.testing.assert_allclose(gamma.rate, expected, rtol=1e-4)
        assert gamma.mean == pytest.approx(fit["mean_rate"], rel=1e-4)
        assert gamma.shape == pytest.approx(fit["shape_theta"], rel=1e-4)
        assert gamma.log_likelihood == pytest.approx(fit["loglik"], rel=1e-10)
