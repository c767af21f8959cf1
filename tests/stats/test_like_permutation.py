from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.errors import SettingsError
from geo.stats import like_permutation
from geo.stats.like_permutation import groups_of_like, like_permutation_p
from geo.stats.local import links_between
from geo.stats.permutation import permutation_p
from tests.stats import oracles

SIDE = 12
BOARD = oracles.grid(SIDE)
PEOPLE = np.exp(np.random.default_rng(3).normal(9, 1.5, SIDE * SIDE))
ROW_OF_SIX = links_between([0, 1, 1, 2, 2, 3, 3, 4, 4, 5], [1, 0, 2, 1, 3, 2, 4, 3, 5, 4], 6)


def shuffler(seed=20240909):
    return np.random.default_rng(seed)


def exact_p(values, links, kind):
    """Return the p-values of all draws there are, each as likely as the others."""
    found = np.full(len(values), np.nan)
    for area in range(len(values)):
        neighbors = links[[area]].indices
        ways = [
            combinations(
                [v for place, v in enumerate(values) if place != area and kind[place] == group],
                int(np.sum(kind[neighbors] == group)),
            )
            for group in np.unique(kind)
        ]
        sums = np.array([sum(map(sum, draw)) for draw in product(*ways)])
        observed = sum(values[place] for place in neighbors)
        tail = min((sums >= observed).mean(), (sums <= observed).mean())
        found[area] = min(2 * tail, 1.0)
    return found


@pytest.fixture
def groups_of_three(monkeypatch):
    """Six areas in two groups, and all draws at once."""
    monkeypatch.setattr(like_permutation, "LEAST_IN_GROUP", 3)
    monkeypatch.setattr(like_permutation, "FIRST_DRAWS", 200_000)


@pytest.mark.usefixtures("groups_of_three")
def test_p_values_are_those_of_all_draws_from_the_groups():
    values = np.array([9.0, 8.0, 0.0, 1.0, 1.0, 3.0])
    people = np.array([10, 900, 20, 800, 700, 30])
    kind = np.array([0, 1, 0, 1, 1, 0])

    p = like_permutation_p(values, ROW_OF_SIX, sizes=people, permutations=200_000, rng=shuffler())

    # The first has one neighbor, 8: the highest of the three large ones, 8, 1 and 1: 2 * 1/3.
    assert p.gi_star[0] == pytest.approx(2 / 3, abs=0.01)
    # The second has 9 and 0 of the small ones, 9, 0 and 3: as high as one of three, itself held.
    assert p.gi_star[1] == pytest.approx(1.0, abs=0.01)
    np.testing.assert_allclose(p.gi_star, exact_p(values, ROW_OF_SIX, kind), rtol=0, atol=0.01)


@pytest.mark.usefixtures("groups_of_three")
def test_the_area_itself_never_stands_for_a_neighbor_of_its_group():
    values = np.array([100.0, 2.0, 1.0, 5.0, 6.0, 7.0])
    people = np.array([1, 2, 3, 70, 80, 90])
    kind = np.array([0, 0, 0, 1, 1, 1])

    p = like_permutation_p(values, ROW_OF_SIX, sizes=people, permutations=200_000, rng=shuffler())

    # Its neighbor is 2; others of the group are 2 and 1, so that 2 is the higher of two.
    assert p.gi_star[0] == pytest.approx(1.0, abs=0.01)
    assert p.side[0] == 1
    np.testing.assert_allclose(p.gi_star, exact_p(values, ROW_OF_SIX, kind), rtol=0, atol=0.01)


def test_groups_are_of_like_size_and_of_as_many_areas():
    kind = groups_of_like(np.arange(2465)[::-1])

    assert set(np.bincount(kind)) == {123, 124}
    assert len(np.bincount(kind)) == 20
    assert kind[0] == 19  # the largest
    assert (np.diff(kind) <= 0).all()


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        pytest.param(np.arange(79), 1, id="79"),
        pytest.param(np.arange(80), 2, id="80"),
        pytest.param(np.full(400, 7.0), 1, id="all equal"),
        pytest.param(np.full(400, np.nan), 1, id="nothing known"),
        pytest.param([], 0, id="empty"),
    ],
)
def test_few_or_equal_areas_are_one_group(sizes, groups):
    assert len(np.unique(groups_of_like(sizes))) == groups


def test_unknown_sizes_are_the_smallest_and_equal_ones_fall_by_lot():
    kind = groups_of_like([*[np.nan] * 40, *[5.0] * 80, *[9.0] * 40])

    assert set(kind[:40]) == {0}
    assert set(kind[120:]) == {3}
    # By their order, the first forty would be one group: places that lie together.
    assert set(kind[40:80]) == set(kind[80:120]) == {1, 2}


@pytest.mark.parametrize(
    ("values", "links", "sizes"),
    [
        pytest.param([9.0, 8.0, 0.0, 0.0, 1.0, 3.0], ROW_OF_SIX, np.arange(6), id="few areas"),
        pytest.param(PEOPLE, BOARD, 1.0, id="equal sizes"),
    ],
)
def test_one_group_has_the_draws_of_all_areas(values, links, sizes):
    found = like_permutation_p(values, links, sizes=sizes, permutations=5000, rng=shuffler())

    plain = permutation_p(values, links, permutations=5000, rng=shuffler())
    for one, other in zip(found, plain, strict=True):
        np.testing.assert_array_equal(one, other)


def noise(maps, seed=7):
    """Return values that stray farther where more people live, and people that lie together."""
    rng = shuffler(seed)
    people = np.sort(PEOPLE)
    spread = np.array([0.2, 0.5, 1.0])[groups_of_like(people)]
    return 10 + spread * (rng.exponential(1, (maps, SIDE * SIDE)) - 1), people


def test_p_is_uniform_where_values_of_the_populous_stray_farther_and_plain_p_is_not():
    values, people = noise(300)

    found = like_permutation_p(values, BOARD, sizes=people, rng=shuffler()).gi_star
    plain = permutation_p(values, BOARD, rng=shuffler()).gi_star

    one_each = found[np.arange(300), np.arange(300) * 7 % 144]
    assert stats.kstest(one_each, "uniform").pvalue > 0.01
    assert (found <= 0.05).mean() == pytest.approx(0.05, rel=0.1)
    assert (plain[:, 96:] <= 0.05).mean() > 0.12  # the populous third


def test_rounds_leave_p_valid_at_every_level():
    rng = shuffler(11)
    values = rng.lognormal(0, 1.5, (300, 144))
    people = rng.permutation(PEOPLE)

    p = like_permutation_p(values, BOARD, sizes=people, permutations=99_999, rng=rng).gi_star

    # 43,200 tests; those of one map share neighbors, hence the room.
    for level, room in [(0.3, 0.02), (0.1, 0.1), (0.05, 0.1), (0.01, 0.15), (0.001, 0.5)]:
        assert (p <= level).mean() < level * (1 + room)
        assert (p <= level).mean() > level * (1 - room - 0.05)
    assert p.min() < 2 / 1000  # smaller than the first round has


def test_what_goes_on_to_the_next_round_is_drawn_more_often():
    values = shuffler(4).lognormal(0, 1.5, 144)

    few, many = (
        like_permutation_p(values, BOARD, sizes=PEOPLE, permutations=n, rng=shuffler()).gi_star
        for n in (999, 9_999)
    )

    stayed = few > 0.1
    np.testing.assert_array_equal(few[stayed], many[stayed])
    whole = many[~stayed] * 10_000 / 2
    np.testing.assert_allclose(whole, whole.round(), atol=1e-6)
    np.testing.assert_allclose(many[~stayed], few[~stayed], atol=0.04)
    assert (many[~stayed] != few[~stayed]).any()


@pytest.mark.parametrize("permutations", [199, 4_500])
def test_a_map_gives_the_same_alone_and_among_others(permutations):
    values, people = noise(4)
    values[1, 5] = np.nan
    sizes = np.array([people, people[::-1], people, PEOPLE])
    how = {"permutations": permutations}

    together = like_permutation_p(values, BOARD, sizes=sizes, rng=shuffler(), **how)

    for place, (one, size) in enumerate(zip(values, sizes, strict=True)):
        alone = like_permutation_p(one, BOARD, sizes=size, rng=shuffler(), **how)
        for a, b in zip(together, alone, strict=True):
            np.testing.assert_array_equal(a[place], b)


@given(st.floats(0.1, 1e3), st.floats(-1e3, 1e3), st.floats(0.1, 1e3))
@settings(max_examples=20, deadline=None)
def test_unit_zero_and_sign_of_values_and_unit_of_sizes_change_nothing(scale, shift, unit):
    values = noise(1)[0][0].round(2)
    p = like_permutation_p(values, BOARD, sizes=PEOPLE, permutations=99, rng=shuffler()).gi_star
    for other in (values * scale + shift, -values):
        changed = like_permutation_p(
            other, BOARD, sizes=PEOPLE * unit, permutations=99, rng=shuffler()
        )
        np.testing.assert_array_equal(changed.gi_star, p)


def test_ties_that_rounding_hides_count_on_both_sides():
    tenths = shuffler(5).integers(0, 4, 144)

    rounded = like_permutation_p(tenths * 0.1, BOARD, sizes=PEOPLE, rng=shuffler())

    whole = like_permutation_p(tenths, BOARD, sizes=PEOPLE, rng=shuffler())
    np.testing.assert_array_equal(rounded.gi_star, whole.gi_star)


def test_e1_e8_e9_what_cannot_be_tested_is_missing():
    lone = links_between([0, 1, 1, 2], [1, 0, 2, 1], 144)
    values = np.arange(144.0)
    values[0] = np.nan

    p = like_permutation_p(
        [values, np.full(144, 3.0)], lone, sizes=PEOPLE, permutations=99, rng=shuffler()
    ).gi_star

    assert np.flatnonzero(~np.isnan(p[0])).tolist() == [1, 2]
    assert np.isnan(p[1]).all()


def test_empty_in_empty_out_and_too_few_permutations_are_refused():
    nothing = links_between([], [], 0)
    assert like_permutation_p([], nothing, sizes=[], rng=shuffler()).gi_star.shape == (0,)
    with pytest.raises(SettingsError, match="38 permutations cannot give"):
        like_permutation_p(PEOPLE, BOARD, sizes=PEOPLE, permutations=38, rng=shuffler())


def test_blocks_bound_the_memory_and_change_nothing(monkeypatch):
    values, people = noise(2)
    whole = like_permutation_p(values, BOARD, sizes=people, rng=shuffler()).gi_star

    monkeypatch.setattr(like_permutation, "_CELLS", 10_000)

    part = like_permutation_p(values, BOARD, sizes=people, rng=shuffler()).gi_star
    np.testing.assert_array_equal(part, whole)
