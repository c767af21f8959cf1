from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats.complete import complete_maps, row_standardized
from geo.stats.eb_moran import eb_moran, eb_standardized
from geo.stats.local import gi, links_between, two_sided_p
from geo.stats.moran import global_moran, local_moran, quadrants
from tests import shared
from tests.stats import oracles

ROW_OF_FIVE = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)


def test_local_moran_of_a_row_of_five_is_that_worked_out_by_hand():
    # Mean 4, variance 14; deviations 5, 4, -3, -4, -2.
    by_hand = [5 * 4 / 14, 4 * 1 / 14, 0.0, -4 * -2.5 / 14, -2 * -4 / 14]

    moran = local_moran([9, 8, 1, 0, 2], ROW_OF_FIVE)

    assert moran.index == pytest.approx(by_hand)
    # First: -25 / (4 * 14), and (5/14)^2 * 5/3 * (1 - 1/4) * (14 - 25/4).
    assert moran.expectation[0] == pytest.approx(-25 / 56)
    assert moran.variance[0] == pytest.approx(25 / 196 * 5 / 3 * 3 / 4 * 7.75)


def test_divisor_changes_the_index_and_not_its_z():
    values = [9, 8, 1, 0, 2]
    by_n, by_less = (local_moran(values, ROW_OF_FIVE, divisor=d) for d in ("n", "n-1"))

    np.testing.assert_allclose(by_less.index, by_n.index * 4 / 5, rtol=1e-12)
    np.testing.assert_allclose(by_less.variance, by_n.variance * 16 / 25, rtol=1e-12)
    np.testing.assert_array_equal(by_less.z, by_n.z)


def test_mean_of_local_moran_is_the_global_one():
    values = [9, 8, 1, 0, 2]

    local, whole = local_moran(values, ROW_OF_FIVE), global_moran(values, ROW_OF_FIVE)

    assert whole.index == pytest.approx(local.index.mean())
    assert whole.expectation == pytest.approx(-1 / 4)


@pytest.mark.parametrize("randomization", ["conditional", "total"])
@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.1] * 5, id="all equal"),
        pytest.param([np.nan] * 5, id="nothing known"),
        pytest.param([1.0, 2.0, np.nan, np.nan, np.nan], id="two areas"),
    ],
)
def test_e8_what_is_not_defined_is_missing(values, randomization):
    moran = local_moran(values, ROW_OF_FIVE, randomization=randomization)

    assert np.isnan([moran.index, moran.z]).all()
    assert np.isnan(global_moran(values, ROW_OF_FIVE).z)
    assert set(quadrants(values, ROW_OF_FIVE)) == {""}


def test_index_that_no_shuffling_changes_has_no_z():
    for n in range(4, 30):
        star = links_between([0] * (n - 1) + [*range(1, n)], [*range(1, n)] + [0] * (n - 1), n)
        assert np.flatnonzero(np.isnan(local_moran(np.sqrt(np.arange(n)), star).z)).tolist() == [0]
    # The third value is the mean; then all but the third are equal.
    assert np.isnan(local_moran([9, 8, 4, 0, -1], ROW_OF_FIVE).z)[2]
    assert np.isnan(local_moran([1, 1, 7, 1, 1], ROW_OF_FIVE).z)[2]
    everybody = links_between(*np.nonzero(1 - np.eye(5)), 5)
    assert np.isnan(global_moran([9, 8, 1, 0, 2], everybody).z)


def test_e9_isolates_have_no_local_moran_and_no_quadrant():
    links = links_between([0, 1, 1, 2], [1, 0, 2, 1], 4)
    values = [1.0, 2.0, 3.0, 6.0]

    moran = local_moran(values, links)

    assert np.isnan(moran.index).tolist() == [False, False, False, True]
    assert quadrants(values, links).tolist() == ["LL", "LL", "LL", ""]


def test_quadrants_are_those_of_the_area_and_of_its_neighbors():
    # Mean 5: high beside low, low beside high, low among low, and so on.
    assert quadrants([9, 1, 1, 6, 8], ROW_OF_FIVE).tolist() == ["HL", "LL", "LL", "HL", "HH"]
    assert quadrants([9, 8, 3, 9, 1], ROW_OF_FIVE).tolist() == ["HH", "HL", "LH", "HL", "LH"]


def test_an_unknown_convention_is_refused():
    with pytest.raises(SettingsError, match="'conditional' or 'total'"):
        local_moran([9, 8, 1, 0, 2], ROW_OF_FIVE, randomization="all")
    with pytest.raises(SettingsError, match="'n' or 'n-1'"):
        local_moran([9, 8, 1, 0, 2], ROW_OF_FIVE, divisor="n-2")


maps = st.lists(st.integers(0, 9) | st.just(np.nan), min_size=5, max_size=5)


@given(maps)
def test_conditional_z_is_that_of_gi_with_the_sign_of_the_own_deviation(values):
    values = np.array([*values, 3.0, 4.0])
    row = links_between(*np.nonzero(np.eye(7, k=1) + np.eye(7, k=-1)), 7)
    z = local_moran(values, row).z
    here = ~np.isnan(z)

    signed = (gi(values, row) * np.sign(values - np.nanmean(values)))[here]

    np.testing.assert_allclose(z[here], signed, rtol=1e-6, atol=1e-6)


@given(st.tuples(maps, maps, maps), st.floats(0.1, 1e3))
def test_each_map_stands_for_itself_whatever_its_unit(several, scale):
    stacked = local_moran(np.array(several) * scale, ROW_OF_FIVE)
    whole = global_moran(np.array(several) * scale, ROW_OF_FIVE)
    for place, one in enumerate(several):
        np.testing.assert_allclose(
            stacked.z[place], local_moran(one, ROW_OF_FIVE).z, rtol=1e-6, atol=1e-6
        )
        np.testing.assert_allclose(
            whole.z[place], global_moran(one, ROW_OF_FIVE).z, rtol=1e-6, atol=1e-6
        )


@given(maps)
def test_e1_missing_value_leaves_with_all_its_links(values):
    values = np.array(values, dtype=float)
    values[2] = np.nan
    left = links_between([0, 1, 2, 3], [1, 0, 3, 2], 4)

    moran = local_moran(values, ROW_OF_FIVE, randomization="total")

    expected = local_moran(np.delete(values, 2), left, randomization="total")
    np.testing.assert_allclose(np.delete(moran.z, 2), expected.z, rtol=1e-9)
    np.testing.assert_allclose(np.delete(moran.index, 2), expected.index, rtol=1e-9)


def test_a_group_holds_the_maps_that_miss_the_same_areas():
    groups = list(complete_maps([[1, np.nan], [2, 3], [4, np.nan]], links_between([0], [1], 2)))

    found = sorted((g.maps.tolist(), g.areas.tolist(), g.links.nnz) for g in groups)
    assert found == [([0, 2], [0], 0), ([1], [0, 1], 1)]


def test_weights_of_neighbors_add_up_to_one_and_the_links_given_stay():
    links = links_between([0, 1, 1, 2], [1, 0, 2, 1], 4)

    assert row_standardized(links).sum(axis=1).tolist() == [1, 1, 1, 0]
    assert links.data.tolist() == [1, 1, 1, 1]


def test_local_and_global_moran_agree_with_spdep():
    known = shared.oracle("gistar_local_moran")
    tolerance = known["tolerance"]
    for dataset in known["datasets"]:
        table = oracles.rows(dataset["local_csv"])
        links = oracles.links(table, dataset["edges_csv"])
        values = oracles.numbers(table, "value")
        conditional = local_moran(values, links)
        total = local_moran(values, links, randomization="total")
        whole, expected = global_moran(values, links), dataset["global_moran"]

        for found, column in [
            (conditional.index, "moran_Ii"),
            (conditional.expectation, "moran_E_cond"),
            (conditional.variance, "moran_Var_cond"),
            (total.index, "moran_Ii"),
            (total.expectation, "moran_E_total"),
            (total.variance, "moran_Var_total"),
            (local_moran(values, links, divisor="n-1").index, "moran_Ii_nminus1"),
        ]:
            np.testing.assert_allclose(
                found, oracles.numbers(table, column), rtol=tolerance["moran_rel"]
            )
        for found, column in [(conditional.z, "moran_z_cond"), (total.z, "moran_z_total")]:
            np.testing.assert_allclose(
                found, oracles.numbers(table, column), rtol=0, atol=tolerance["z_abs"]
            )
        np.testing.assert_allclose(
            two_sided_p(conditional.z),
            oracles.numbers(table, "moran_p2_cond"),
            rtol=0,
            atol=tolerance["p_abs"],
        )
        named = ["" if row["quadrant"] == "NA" else row["quadrant"] for row in table]
        assert quadrants(values, links).tolist() == named

        assert whole.index == pytest.approx(expected["I"], rel=1e-8)
        assert whole.expectation == pytest.approx(expected["expectation"], rel=1e-8)
        assert whole.variance == pytest.approx(expected["variance_randomisation"], rel=1e-8)
        assert whole.z == pytest.approx(expected["z"], abs=1e-8)
        assert two_sided_p(whole.z) == pytest.approx(expected["p_two"], abs=1e-10)


def test_standardized_rates_are_those_worked_out_by_hand():
    # b = 40/200 = 0.2, spread 0.01, a = 0.01 - 0.2/100; v = 0.008 + 0.002.
    assert eb_standardized([10, 30], [100, 100]) == pytest.approx([-1, 1])


def test_variance_below_zero_is_taken_as_that_of_chance():
    # b = 0.1; the village is 0.05 above it, the cities 0.0015 below and 0.001 above.
    z = eb_standardized([1.5, 98.5, 101], [10, 1000, 1000])

    between = (10 * 0.05**2 + 1000 * 0.0015**2 + 1000 * 0.001**2) / 2010 - 0.1 / 670
    assert between + 0.1 / 1000 < 0 < between + 0.1 / 10
    chance = (0.1 / 1000) ** 0.5
    assert z == pytest.approx([0.05 / (between + 0.01) ** 0.5, -0.0015 / chance, 0.001 / chance])


@pytest.mark.parametrize(
    "events", [pytest.param([0] * 5, id="no events"), pytest.param([3, 8, 7, 1, 4], id="one rate")]
)
def test_e8_rates_without_any_difference_have_no_moran(events):
    # To a computer, 7 / 4.9 is not 8 / 5.6.
    found = eb_moran(events, [2.1, 5.6, 4.9, 0.7, 2.8], ROW_OF_FIVE, permutations=99, rng=_rng())

    assert np.isnan([found.index, found.p_value, found.p_greater]).all()


def test_e2_area_without_people_changes_no_other():
    links = links_between([0, 1, 1, 2, 2, 3, 0, 4], [1, 0, 2, 1, 3, 2, 4, 0], 5)
    four = links_between([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 4)

    found = eb_moran([5, 3, 9, 1, 4], [10, 20, 30, 9, 0], links, permutations=99, rng=_rng())

    alone = eb_moran([5, 3, 9, 1], [10, 20, 30, 9], four, permutations=99, rng=_rng())
    assert (found.index, found.p_value) == (alone.index, alone.p_value)


def test_eb_moran_of_a_map_is_the_same_alone_and_among_others():
    events, people = [[5, 3, 9, 1, 4], [1, 2, 3, 9, 0]], [10, 20, 30, 9, 8]

    both = eb_moran(events, [people, people], ROW_OF_FIVE, permutations=99, rng=_rng())

    for place in (0, 1):
        alone = eb_moran(events[place], people, ROW_OF_FIVE, permutations=99, rng=_rng())
        assert both.index[place] == pytest.approx(alone.index, rel=1e-12)
        assert both.p_value[place] == alone.p_value


def test_p_of_eb_moran_is_uniform_where_there_is_nothing_to_find():
    links, rng = oracles.grid(7), _rng()
    people = rng.lognormal(8, 1.5, 49)
    events = rng.poisson(people * 0.003, (300, 49))

    p = eb_moran(events, np.broadcast_to(people, (300, 49)), links, permutations=499, rng=rng)

    assert stats.kstest(p.p_value, "uniform").pvalue > 0.01
    assert stats.kstest(p.p_greater, "uniform").pvalue > 0.01


def test_eb_moran_agrees_with_spdep():
    known = shared.oracle("eb_moran")
    for dataset in known["datasets"]:
        table = oracles.rows(dataset["areas_csv"])
        links = oracles.links(table, dataset["edges_csv"])
        events, people = (oracles.numbers(table, name) for name in ("events", "population"))

        found = eb_moran(events, people, links, permutations=9999, rng=_rng())

        z = [dataset["z"][row["id"]] for row in table]
        assert eb_standardized(events, people) == pytest.approx(z, rel=0, abs=1e-9)
        assert found.index == pytest.approx(dataset["I"], abs=known["tolerance"]["I_abs"])
        assert found.p_greater == pytest.approx(
            dataset["mc_p_greater_approx"], abs=known["tolerance"]["mc_p_abs"]
        )


def _rng():
    return np.random.default_rng(20240909)
