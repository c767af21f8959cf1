from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats import permutation
from geo.stats.local import gi, links_between
from geo.stats.permutation import permutation_p
from tests import shared
from tests.stats import oracles

ROW_OF_SIX = links_between([0, 1, 1, 2, 2, 3, 3, 4, 4, 5], [1, 0, 2, 1, 3, 2, 4, 3, 5, 4], 6)


def shuffler(seed=20240909):
    return np.random.default_rng(seed)


def exact_p(values, links):
    """Return the p-values of all draws there are, each as likely as the others."""
    found = np.full(len(values), np.nan)
    for area in range(len(values)):
        neighbors = links[[area]].indices
        others = [value for place, value in enumerate(values) if place != area]
        sums = np.array([sum(draw) for draw in combinations(others, len(neighbors))])
        observed = sum(values[place] for place in neighbors)
        tail = min((sums >= observed).mean(), (sums <= observed).mean())
        found[area] = min(2 * tail, 1.0)
    return found


def test_p_values_are_those_of_all_draws_there_are():
    values = [9.0, 8.0, 0.0, 0.0, 1.0, 3.0]

    p = permutation_p(values, ROW_OF_SIX, permutations=200_000, rng=shuffler())

    # The first has one neighbor, 8, the highest of five others: 2 * 1/5.
    assert p.gi_star[0] == pytest.approx(0.4, abs=0.01)
    np.testing.assert_allclose(p.gi_star, exact_p(values, ROW_OF_SIX), rtol=0, atol=0.006)


def test_area_among_zeros_is_not_cold_where_zeros_are_common():
    values = np.zeros(49)
    values[40:] = 5.0
    among_zeros = 8  # in the second row of the grid, with eight neighbors

    p = permutation_p(values, oracles.grid(7), permutations=9999, rng=shuffler())

    # Draws of eight out of 48 without any of the nine: C(39, 8) / C(48, 8).
    share = np.prod([(39 - i) / (48 - i) for i in range(8)])
    assert p.gi_star[among_zeros] == pytest.approx(2 * share, abs=0.03)
    assert p.gi_star[among_zeros] > 0.3


def test_ties_that_rounding_hides_count_on_both_sides():
    # 0.1 + 0.2 is not 0.3 + 0.0 to a computer; every draw of two sums to one of few values.
    tenths = np.array([1, 3, 2, 0, 0, 3])

    rounded = permutation_p(tenths * 0.1, ROW_OF_SIX, rng=shuffler())

    whole = permutation_p(tenths, ROW_OF_SIX, rng=shuffler())
    np.testing.assert_array_equal(rounded.gi_star, whole.gi_star)


def test_e9_isolates_and_missing_values_are_not_tested():
    links = links_between([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 6)
    values = [[5.0, 4.0, 1.0, 0.0, 7.0, 2.0], [np.nan, 4.0, 1.0, 0.0, 7.0, 2.0]]

    p = permutation_p(values, links, rng=shuffler())

    for found in p:
        assert np.isnan(found).tolist() == [
            [False, False, False, False, True, True],
            [True, False, False, False, True, True],
        ]


@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.1] * 6, id="all equal"),
        pytest.param([np.nan] * 6, id="nothing known"),
        pytest.param([1.0, 2.0, np.nan, np.nan, np.nan, np.nan], id="two areas"),
    ],
)
def test_e8_what_is_not_defined_is_missing(values):
    assert np.isnan(permutation_p(values, ROW_OF_SIX, rng=shuffler())).all()


def test_area_linked_to_all_others_is_not_tested():
    star = links_between([0, 0, 0, 1, 2, 3], [1, 2, 3, 0, 0, 0], 4)

    p = permutation_p([1, 2, 3, 4], star, rng=shuffler())

    assert np.isnan(p.gi_star).tolist() == [True, False, False, False]


def test_own_value_at_the_mean_has_a_moran_of_zero_whatever_is_drawn():
    values = [9.0, 8.0, 4.0, 0.0, 1.0, 2.0]  # mean 4

    p = permutation_p(values, ROW_OF_SIX, rng=shuffler())

    assert p.local_moran[2] == 1
    np.testing.assert_array_equal(np.delete(p.local_moran, 2), np.delete(p.gi_star, 2))


def test_lone_extreme_area_is_no_hotspot_by_permutation():
    values = np.ones(49)
    values[24] = 1000.0
    values += np.arange(49) % 7 / 10

    p = permutation_p(values, oracles.grid(7), rng=shuffler())

    assert p.gi_star[24] > 0.1


def test_empty_in_empty_out():
    p = permutation_p([], links_between([], [], 0), rng=shuffler())

    assert p.gi_star.shape == p.local_moran.shape == (0,)


def test_too_few_permutations_are_refused():
    with pytest.raises(SettingsError, match=r"38 permutations cannot give a p-value below 0\.0513"):
        permutation_p([1, 2, 3, 4, 5, 6], ROW_OF_SIX, permutations=38, rng=shuffler())


def test_neighbors_of_unequal_weight_are_refused():
    weighted = ROW_OF_SIX.copy()
    weighted.data[1] = 2.0

    with pytest.raises(SettingsError, match="neighbors of area 1 do not have the same weight"):
        permutation_p([1, 2, 3, 4, 5, 6], weighted, rng=shuffler())


maps = st.lists(st.integers(0, 9) | st.just(np.nan), min_size=6, max_size=6)


@given(st.tuples(maps, maps, maps))
@settings(max_examples=50)
def test_a_map_gives_the_same_alone_and_among_others(several):
    together = permutation_p(np.array(several), ROW_OF_SIX, permutations=99, rng=shuffler())
    for place, one in enumerate(several):
        alone = permutation_p(one, ROW_OF_SIX, permutations=99, rng=shuffler())
        np.testing.assert_array_equal(together.gi_star[place], alone.gi_star)
        np.testing.assert_array_equal(together.local_moran[place], alone.local_moran)


@given(maps, st.floats(0.1, 1e3), st.floats(-1e3, 1e3))
@settings(max_examples=50)
def test_unit_zero_and_sign_of_the_values_change_nothing(values, scale, shift):
    values = np.array(values)
    p = permutation_p(values, ROW_OF_SIX, permutations=99, rng=shuffler())
    for other in (values * scale + shift, -values):
        changed = permutation_p(other, ROW_OF_SIX, permutations=99, rng=shuffler())
        np.testing.assert_array_equal(changed.gi_star, p.gi_star)
        np.testing.assert_array_equal(changed.local_moran, p.local_moran)


@given(maps)
@settings(max_examples=50)
def test_p_lies_between_the_smallest_there_is_and_one(values):
    p = permutation_p(values, ROW_OF_SIX, permutations=99, rng=shuffler()).gi_star
    assert ((p >= 2 / 100) & (p <= 1) | np.isnan(p)).all()


def test_chunks_bound_the_memory_and_leave_the_law(monkeypatch):
    values = [9.0, 8.0, 0.0, 0.0, 1.0, 3.0]
    monkeypatch.setattr(permutation, "_CHUNK", 1000)

    p = permutation_p(values, ROW_OF_SIX, permutations=50_000, rng=shuffler())

    np.testing.assert_allclose(p.gi_star, exact_p(values, ROW_OF_SIX), rtol=0, atol=0.012)


def test_every_sequence_of_different_areas_is_as_likely():
    drawn = permutation.draw_sequences(4, 3, 48_000, shuffler())

    sequences, number = np.unique(drawn, axis=1, return_counts=True)

    assert {tuple(column) for column in sequences.T} == set(permutations(range(4), 3))
    assert stats.chisquare(number).pvalue > 0.001


def test_p_values_are_uniform_where_there_is_nothing_to_find():
    links, rng = oracles.grid(7), shuffler(7)
    values = rng.lognormal(0.0, 1.5, (400, 49))  # skewed, without ties

    p = permutation_p(values, links, permutations=999, rng=rng).gi_star

    # One area of each map in turn: areas of one map share their neighbors.
    one_each = p[np.arange(400), np.arange(400) % 49]
    assert stats.kstest(one_each, "uniform").pvalue > 0.01
    for level in (0.01, 0.05, 0.2):
        assert (p <= level).mean() == pytest.approx(level, rel=0.1)


def test_sparse_counts_raise_no_more_false_alarms_than_the_level_says():
    links, rng = oracles.grid(7), shuffler(8)
    values = rng.poisson(0.1, (400, 49))

    p = permutation_p(values, links, permutations=999, rng=rng).gi_star

    assert np.nanmean(p <= 0.05) < 0.05


def test_normal_values_have_the_p_of_the_analytic_gi():
    rng = shuffler(9)
    for known in shared.oracle("gistar_local_moran")["datasets"][:1]:
        table = oracles.rows(known["local_csv"])
        links = oracles.links(table, known["edges_csv"])
        values = rng.normal(size=len(table))

        p = permutation_p(values, links, permutations=99_999, rng=rng).gi_star

        analytic = stats.norm.sf(np.abs(gi(values, links))) * 2
        assert np.abs(p - analytic).max() < 0.06


def test_p_of_local_moran_agrees_with_the_conditional_z_of_spdep():
    for known in shared.oracle("gistar_local_moran")["datasets"]:
        table = oracles.rows(known["local_csv"])
        links = oracles.links(table, known["edges_csv"])

        p = permutation_p(
            oracles.numbers(table, "value"), links, permutations=9999, rng=shuffler()
        ).local_moran

        spdep = oracles.numbers(table, "moran_p2_cond")
        np.testing.assert_array_equal(np.isnan(p), np.isnan(spdep))
        tested = ~np.isnan(p)
        assert stats.spearmanr(p[tested], spdep[tested]).statistic > 0.9


def test_side_is_that_of_the_neighbors_among_the_draws_and_not_against_the_mean():
    values = [5.0, 3.0, 1.0, 2.0, 1000.0, 2.0]

    p = permutation_p(values, ROW_OF_SIX, rng=shuffler())

    # The neighbor of the first is 3: far below the mean, and above three of the five others.
    assert gi(values, ROW_OF_SIX)[0] < 0
    assert p.side[0] == 1
    assert permutation_p(np.negative(values), ROW_OF_SIX, rng=shuffler()).side[0] == -1
