from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.bayes import empirical_bayes_rate, prior_moments
from geo.stats.rates import crude_rate
from tests import shared
from tests.stats import oracles

areas = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10_000)), min_size=1)


@given(areas)
def test_smoothed_rate_lies_between_crude_and_overall(areas):
    events, exposure = np.array(areas).T
    crude, overall = crude_rate(events, exposure), 1e5 * events.sum() / exposure.sum()

    smoothed = empirical_bayes_rate(events, exposure)

    assert (smoothed >= np.minimum(crude, overall) - 1e-6).all()
    assert (smoothed <= np.maximum(crude, overall) + 1e-6).all()


@pytest.mark.parametrize("people", [0.0, np.nan], ids=["E2 nobody", "E1 not known"])
@pytest.mark.parametrize("events", [0, 7])
def test_area_without_exposure_has_no_rate_and_changes_no_other(events, people):
    alone = empirical_bayes_rate([3, 1], [20, 30])

    smoothed = empirical_bayes_rate([events, 3, 1], [people, 20, 30])

    assert np.isnan(smoothed[0])
    np.testing.assert_array_equal(smoothed[1:], alone)


def test_e8_areas_without_any_event_have_a_rate_of_zero():
    assert empirical_bayes_rate([0, 0, 0], [10, 20, 0]).tolist()[:2] == [0, 0]


def test_e8_one_area_alone_keeps_its_rate():
    assert empirical_bayes_rate([4], [1000], per=1000).tolist() == [4]


def test_e8_a_map_without_people_has_no_mean_and_no_rate():
    mean, variance = prior_moments([1, 2], [0, 0])

    assert np.isnan([mean, variance]).all()
    assert np.isnan(empirical_bayes_rate([1, 2], [0, 0])).all()


def test_empty_in_empty_out():
    assert empirical_bayes_rate([], []).shape == (0,)


def test_e7_tiny_municipality_does_not_top_the_ranking():
    events, people = [1, 600, 150, 20], [81, 900_000, 1_000_000, 800_000]

    assert crude_rate(events, people).argmax() == 0
    assert empirical_bayes_rate(events, people).argmax() == 1


@given(areas, areas)
def test_each_map_is_smoothed_by_itself(first, second):
    size = min(len(first), len(second))
    maps = np.array([first[:size], second[:size]], dtype=float)

    stacked = empirical_bayes_rate(maps[..., 0], maps[..., 1])

    for one, smoothed in zip(maps, stacked, strict=True):
        np.testing.assert_allclose(smoothed, empirical_bayes_rate(*one.T), rtol=1e-12)


@given(areas, st.randoms(use_true_random=False))
def test_order_of_areas_changes_nothing(areas, random):
    order = list(range(len(areas)))
    random.shuffle(order)
    events, exposure = np.array(areas).T

    shuffled = empirical_bayes_rate(events[order], exposure[order])

    np.testing.assert_allclose(shuffled, empirical_bayes_rate(events, exposure)[order], rtol=1e-9)


def test_negative_variance_is_set_to_zero():
    known = shared.oracle("eb_truncation")
    for row in known["cases"]:
        smoothed = empirical_bayes_rate(row["events"], row["population"], per=1)
        np.testing.assert_allclose(smoothed, row["expected"], rtol=1e-12, atol=1e-15)
        assert prior_moments(row["events"], row["population"])[1] == pytest.approx(
            row["prior_variance"], rel=1e-12
        )


def test_rates_and_moments_agree_with_spdep():
    for known in shared.oracle("empirical_bayes")["datasets"]:
        with shared.path(f"oracles/{known['areas_csv']}").open(newline="") as file:
            rows = list(csv.DictReader(file))
        events, people, expected = (
            np.array([float(row[name]) for row in rows])
            for name in ("events", "population", "eb_global_poisson")
        )

        mean, variance = prior_moments(events, people)

        assert mean == pytest.approx(known["global_poisson"]["mean_rate"], rel=1e-9)
        assert variance == pytest.approx(known["global_poisson"]["prior_variance"], rel=1e-9)
        np.testing.assert_allclose(empirical_bayes_rate(events, people, per=1), expected, rtol=1e-9)


def test_chance_is_that_of_poisson_counts_and_not_the_binomial_one():
    """Both sides of a convention of spdep: ours is its default."""
    for known in shared.oracle("empirical_bayes")["datasets"]:
        table = oracles.rows(known["areas_csv"])
        events, people, ours, other = (
            oracles.numbers(table, name)
            for name in ("events", "population", "eb_global_poisson", "eb_global_binomial")
        )
        mean = known["global_binomial"]["mean_rate"]
        assert mean == pytest.approx(known["global_poisson"]["mean_rate"], rel=1e-12)

        smoothed = empirical_bayes_rate(events, people, per=1)

        np.testing.assert_allclose(smoothed, ours, rtol=1e-9)
        # The other lies farther from the mean, by little.
        assert (np.abs(other - mean) >= np.abs(smoothed - mean) * (1 - 1e-9)).all()
        assert (np.abs(other / smoothed - 1) < 0.01).all()
        assert not np.allclose(other, smoothed, rtol=1e-9, atol=0)
