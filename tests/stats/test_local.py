from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats import local
from geo.stats.local import count_neighbors, gi, gi_star, links_between, two_sided_p
from geo.stats.multiple import benjamini_hochberg
from tests import shared

ROW_OF_FIVE = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)
STATISTICS = {"gi_star": gi_star, "gi": gi}


def test_gi_star_of_a_row_of_five_is_that_worked_out_by_hand():
    # Mean 4, standard deviation sqrt(14). First area: sum 17, W = S = 2, so
    # z = (17 - 2 * 4) / (sqrt(14) * sqrt((5 * 2 - 4) / 4)) = 9 / sqrt(21).
    z = gi_star([9, 8, 1, 0, 2], ROW_OF_FIVE)

    assert z[0] == pytest.approx(9 / 21**0.5)
    # Third area: sum 9, W = S = 3, z = (9 - 12) / (sqrt(14) * sqrt((15 - 9) / 4)).
    assert z[2] == pytest.approx(-3 / 21**0.5)


def test_gi_of_a_row_of_five_is_that_worked_out_by_hand():
    # Without the first: mean 11/4, variance 69/4 - (11/4)^2 = 155/16; W = S = 1, so the
    # standard error is sqrt(155/16 * (4 * 1 - 1) / 3).
    assert gi([9, 8, 1, 0, 2], ROW_OF_FIVE)[0] == pytest.approx((8 - 2.75) / (155 / 16) ** 0.5)


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
@pytest.mark.parametrize(
    "values",
    [
        pytest.param([0.1] * 5, id="all equal"),
        pytest.param([0.0] * 5, id="all zero"),
        pytest.param([np.nan] * 5, id="nothing known"),
        pytest.param([1.0, np.nan, np.nan, np.nan, np.nan], id="one area"),
        pytest.param([1.0, 2.0, np.nan, np.nan, np.nan], id="two areas"),
    ],
)
def test_e8_what_is_not_defined_is_missing(statistic, values):
    assert np.isnan(statistic(values, ROW_OF_FIVE)).all()


def test_e8_gi_is_not_defined_where_all_others_are_equal():
    z = gi([0.1, 0.1, 7.0, 0.1, 0.1], ROW_OF_FIVE)

    assert np.isnan(z).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
def test_maps_with_other_gaps_are_the_same_alone_and_in_blocks(statistic, monkeypatch):
    maps = np.random.default_rng(1).integers(0, 4, (40, 5)).astype(np.float64)
    maps[10:30][np.random.default_rng(2).random((20, 5)) < 0.2] = np.nan
    together = statistic(maps, ROW_OF_FIVE)

    monkeypatch.setattr(local, "_CACHE", 15)

    np.testing.assert_array_equal(statistic(maps, ROW_OF_FIVE), together)
    alone = np.array([statistic(each, ROW_OF_FIVE) for each in maps])
    np.testing.assert_array_equal(alone, together)


def test_an_area_linked_to_all_others_is_not_defined():
    star = links_between([0, 0, 0, 1, 2, 3], [1, 2, 3, 0, 0, 0], 4)

    assert np.isnan(gi_star([1, 2, 3, 4], star)).tolist() == [True, False, False, False]


def test_e9_island_is_compared_by_its_own_value_and_has_no_gi():
    links = links_between([0, 1, 1, 2], [1, 0, 2, 1], 4)
    values = [1.0, 2.0, 3.0, 6.0]

    # Mean 3, variance 14 / 4 = 3.5; alone, z is the standardized value.
    assert gi_star(values, links)[3] == pytest.approx(3 / 3.5**0.5)
    assert np.isnan(gi(values, links)).tolist() == [False, False, False, True]
    assert count_neighbors(values, links).tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
def test_e1_missing_value_leaves_with_all_its_links(statistic):
    values = np.array([9.0, 8.0, np.nan, 0.0, 2.0])
    left = links_between([0, 1, 2, 3], [1, 0, 3, 2], 4)

    z = statistic(values, ROW_OF_FIVE)

    assert np.isnan(z[2])
    np.testing.assert_allclose(np.delete(z, 2), statistic([9, 8, 0, 2], left), rtol=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=STATISTICS)
def test_empty_in_empty_out(statistic):
    assert statistic([], links_between([], [], 0)).shape == (0,)


@pytest.mark.parametrize(
    ("focal", "neighbor", "message"),
    [
        pytest.param([0, 1], [1, 3], "positions 0 to 3", id="unknown area"),
        pytest.param([0, -1], [1, 0], "positions -1 to 1", id="negative position"),
        pytest.param([0, 1], [1, 1], "join an area to itself", id="its own neighbor"),
        pytest.param([0, 0], [1, 1], "1 of 2 links are repeated", id="repeated"),
    ],
)
def test_links_that_are_none_are_refused(focal, neighbor, message):
    with pytest.raises(SettingsError, match=message):
        links_between(focal, neighbor, 3)


def test_values_must_fit_the_links():
    with pytest.raises(SettingsError, match="join 5 areas"):
        gi_star([1, 2, 3], ROW_OF_FIVE)
    with pytest.raises(SettingsError, match="infinity"):
        gi_star([1, 2, 3, 4, np.inf], ROW_OF_FIVE)


maps = st.lists(st.integers(0, 9) | st.just(np.nan), min_size=5, max_size=5)


@given(maps, st.floats(0.1, 1e3), st.floats(-1e3, 1e3))
def test_unit_and_zero_of_the_values_change_nothing(values, scale, shift):
    values = np.array(values)
    for statistic in STATISTICS.values():
        z = statistic(values, ROW_OF_FIVE)
        np.testing.assert_allclose(
            statistic(values * scale + shift, ROW_OF_FIVE), z, rtol=1e-6, atol=1e-6
        )


@given(maps)
def test_weights_multiplied_by_a_constant_change_nothing(values):
    for constant in (0.25, 3.0):
        scaled = ROW_OF_FIVE * constant
        np.testing.assert_allclose(
            gi(values, scaled), gi(values, ROW_OF_FIVE), rtol=1e-9, atol=1e-9
        )


@given(st.tuples(maps, maps, maps))
def test_each_map_stands_for_itself(several):
    for statistic in STATISTICS.values():
        stacked = statistic(np.array(several), ROW_OF_FIVE)
        for one, z in zip(several, stacked, strict=True):
            np.testing.assert_allclose(z, statistic(one, ROW_OF_FIVE), rtol=1e-12, atol=1e-12)


@given(maps, st.permutations(range(5)))
def test_order_of_areas_changes_nothing(values, order):
    values, order = np.array(values), np.array(order)
    pairs = np.array(ROW_OF_FIVE.nonzero())
    place = np.argsort(order)
    shuffled = links_between(place[pairs[0]], place[pairs[1]], 5)
    for statistic in STATISTICS.values():
        np.testing.assert_allclose(
            statistic(values[order], shuffled),
            statistic(values, ROW_OF_FIVE)[order],
            rtol=1e-9,
            atol=1e-9,
        )


def test_a_p_value_is_two_sided_and_never_zero():
    assert two_sided_p([1.959964, -1.959964]) == pytest.approx([0.05, 0.05], abs=1e-7)
    assert 0 < two_sided_p(60.0) < 1e-300
    assert np.isnan(two_sided_p(np.nan))


def test_z_p_and_q_agree_with_spdep():
    known = shared.oracle("gistar_local_moran")
    z_abs, p_abs = known["tolerance"]["z_abs"], known["tolerance"]["p_abs"]
    for dataset in known["datasets"]:
        rows = _read(dataset["local_csv"])
        place = {row["id"]: position for position, row in enumerate(rows)}
        edges = _read(dataset["edges_csv"])
        links = links_between(
            [place[edge["focal"]] for edge in edges],
            [place[edge["neighbor"]] for edge in edges],
            len(rows),
        )
        values = _numbers(rows, "value")

        z = gi_star(values, links)
        p = two_sided_p(z)

        np.testing.assert_allclose(z, _numbers(rows, "gistar_z"), rtol=0, atol=z_abs)
        np.testing.assert_allclose(p, _numbers(rows, "gistar_p_two"), rtol=0, atol=p_abs)
        q = benjamini_hochberg(p)
        np.testing.assert_allclose(q, _numbers(rows, "gistar_q_bh"), rtol=0, atol=p_abs)
        np.testing.assert_allclose(
            gi(values, links), _numbers(rows, "gi_z"), rtol=0, atol=z_abs, equal_nan=True
        )
        np.testing.assert_array_equal(count_neighbors(values, links), _numbers(rows, "n_neighbors"))
        alone = np.flatnonzero(count_neighbors(values, links) == 0)
        assert [rows[position]["id"] for position in alone] == dataset["islands"]


def _read(name):
    with shared.path(f"oracles/{name}").open(newline="") as file:
        return list(csv.DictReader(file))


def _numbers(rows, name):
    return np.array([float(row[name]) if row[name] not in ("", "NA") else np.nan for row in rows])
