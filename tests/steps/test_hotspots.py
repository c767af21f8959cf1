from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import DataWarning, PeriodWarning, SchemaError, SettingsError
from geo.steps import neighborhood
from geo.steps.hotspots import find_hotspots, gi_bins
from tests import toy
from tests.board import BLOCK, CODES, CORNER, board, hot_block, lone, measures_of

RESULTS = ["gi_star", "p_analytic", "p_value", "q_value", "gi_bin"]
ANALYTIC = {"permutations": 0}
"""For laws that hold whatever p is; draws would take most of the time."""


def test_block_of_high_rates_is_a_hotspot_and_the_rest_is_none():
    hotspots = find_hotspots(measures_of(hot_block()), board(), **ANALYTIC).set_index("cvegeo")

    schema.HOTSPOTS.check(hotspots.reset_index())
    # The inner corner of the block has more low areas around it than high ones: 4 of 9 high, so
    # z = (4 - 81 / 64) / (0.3476 * sqrt((64 * 9 - 81) / 63)) = 2.81, and q is near 0.03.
    assert hotspots.index[hotspots["gi_bin"] == 3].tolist() == sorted(BLOCK - {CORNER})
    assert hotspots.index[hotspots["gi_bin"] == 2].tolist() == [CORNER]
    assert (hotspots["gi_bin"] >= 0).all()
    assert (hotspots["q_value"] >= hotspots["p_analytic"]).all()
    assert hotspots["p_value"].equals(hotspots["p_analytic"])


def test_p_is_the_share_of_draws_with_neighbors_as_high():
    hotspots = find_hotspots(measures_of(hot_block()), board()).set_index("cvegeo")

    schema.HOTSPOTS.check(hotspots.reset_index())
    # The outer corner has 3 neighbors, all high; 8 of the 63 other areas are: two-sided
    # 2 * C(8, 3) / C(63, 3) = 112 / 39,711. The middle has 8 of 8, which no draw reaches.
    assert hotspots.loc[CODES[0], "p_value"] == pytest.approx(0.00282, abs=0.0006)
    assert hotspots.loc[CODES[9], "p_value"] == 2 / 100_000
    assert hotspots.loc[CODES[9], "gi_bin"] == 3
    # Around the inner corner 3 of 8 are high: P(3 or more) = 0.068 by the hypergeometric law.
    assert hotspots.loc[CORNER, "p_value"] > 0.05
    assert set(hotspots.index[hotspots["gi_bin"] > 0]) <= BLOCK


def test_block_of_low_rates_is_a_coldspot():
    hotspots = find_hotspots(measures_of(hot_block(high=0, low=100)), board(), **ANALYTIC)
    shuffled = find_hotspots(measures_of(hot_block(high=0, low=100)), board())

    assert set(hotspots["cvegeo"][hotspots["gi_bin"] == -3]) == BLOCK - {CORNER}
    assert shuffled.set_index("cvegeo").loc[CODES[9], "gi_bin"] == -3


def test_lone_extreme_area_is_no_hotspot_though_the_normal_tail_says_so():
    hotspots = find_hotspots(measures_of(lone()), board()).set_index("cvegeo").loc[CODES[27]]

    assert hotspots["p_analytic"] < 0.02
    assert hotspots["p_value"] > 0.1
    assert hotspots["gi_bin"] == 0


def test_high_area_among_strikingly_low_ones_is_neither_hot_nor_cold():
    rates = lone(around=0.0)

    hotspots = find_hotspots(measures_of(rates), board()).set_index("cvegeo").loc[CODES[27]]

    assert hotspots["gi_star"] > 1.9
    assert hotspots["q_value"] < 0.01  # of its neighbors, which are low
    assert hotspots["gi_bin"] == 0


@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_skewed_noise_gives_hotspots_in_no_more_maps_than_the_level_says():
    rng = np.random.default_rng(20240909)
    noise = np.exp(2 * rng.standard_normal((200, 64)))
    maps = pd.concat(
        [
            measures_of(dict(zip(CODES, row, strict=True)), period=str(1800 + number))
            for number, row in enumerate(noise)
        ],
        ignore_index=True,
    )

    def maps_with_finds(permutations):
        hotspots = find_hotspots(maps, board(), permutations=permutations)
        return (hotspots["q_value"] <= 0.05).groupby(hotspots["period"]).any().sum()

    # At most 5 % of 200 maps, and three standard errors of that share.
    assert maps_with_finds(9_999) <= 19
    assert maps_with_finds(0) > 60


def test_e12_bins_follow_q_and_not_p_and_only_where_both_point_to_the_same_side():
    z = np.array([9.0, -9.0, 3.0, 2.0, 1.0, np.nan, 4.0, -4.0, 4.0])
    q = np.array([0.01, 0.011, 0.05, 0.10, 0.101, np.nan, 0.01, 0.01, 0.01])
    side = np.array([1, -1, 1, 1, 1, np.nan, -1, 1, 0])

    assert gi_bins(z, q, side).tolist() == [3, -2, 2, 1, 0, pd.NA, 0, 0, 0]


def test_e11_seed_decides_the_draws_and_nothing_else_does():
    measured = measures_of(hot_block())
    once, again, other = (
        find_hotspots(measured, board(), permutations=9_999, seed=seed) for seed in (1, 1, 2)
    )

    pd.testing.assert_frame_equal(once, again, check_exact=True)
    assert not once["p_value"].equals(other["p_value"])
    assert once["gi_star"].equals(other["gi_star"])


def test_by_is_stricter_by_the_harmonic_number():
    measured = measures_of(hot_block())

    bh, by = (find_hotspots(measured, board(), fdr=fdr, **ANALYTIC) for fdr in ("bh", "by"))

    # 1 + 1/2 + ... + 1/64 = 4.7439; the smallest q is far from 1.
    assert by["q_value"].min() / bh["q_value"].min() == pytest.approx(4.7439, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"permutations": 38}, "38 permutations cannot give", id="few"),
        pytest.param({"permutations": -1}, "-1 permutations cannot give", id="negative"),
        pytest.param({"fdr": "holm"}, "fdr is 'holm'; choose 'bh'", id="another adjustment"),
        pytest.param({"seed": -3}, "the seed is -3", id="negative seed"),
    ],
)
def test_test_that_cannot_be_meant_is_refused_before_any_work(given, message):
    with pytest.raises(SettingsError, match=message):
        find_hotspots(schema.MEASURES.empty(), **given)


def test_e12_permutations_too_few_for_the_number_of_areas_are_told():
    # 64 areas x 2 / 200 = 0.64: thirteen must share the smallest p for a q of 0.05.
    with pytest.warns(DataWarning, match="of 64 areas tested together, 13 must reach it"):
        find_hotspots(measures_of(hot_block()), board(), permutations=199)


def test_e1_area_without_a_rate_is_not_tested_and_nobodys_neighbor():
    rates = hot_block()
    gone = CODES[9]
    with_gap = measures_of({**rates, gone: np.nan})

    hotspots = find_hotspots(with_gap, board()).set_index("cvegeo")

    assert hotspots.loc[gone, RESULTS].isna().all()
    without = find_hotspots(with_gap[with_gap["cvegeo"] != gone], board()).set_index("cvegeo")
    pd.testing.assert_frame_equal(hotspots.drop(gone), without, rtol=1e-12)


def test_e9_area_without_a_neighbor_is_not_tested_and_named():
    rates = {**hot_block(), "23001": 500.0}

    with pytest.warns(DataWarning, match="1 areas have no neighbor with a value.*: 23001"):
        hotspots = find_hotspots(measures_of(rates), board()).set_index("cvegeo")

    assert hotspots.loc["23001", RESULTS].isna().all()
    assert hotspots["q_value"].notna().sum() == 64


@pytest.mark.parametrize("rate", [0.0, 7.1])
def test_e8_equal_rates_are_not_defined_and_not_an_error(rate):
    hotspots = find_hotspots(measures_of(dict.fromkeys(CODES, rate)), board())

    schema.HOTSPOTS.check(hotspots)
    assert hotspots["gi_bin"].isna().all()
    assert hotspots["value"].tolist() == [rate] * 64


def test_e5_incomplete_period_is_left_out():
    both = pd.concat(
        [measures_of(hot_block()), measures_of(hot_block(), period="2025", complete=False)],
        ignore_index=True,
    )

    assert set(find_hotspots(both, board())["period"]) == {"2024"}


def test_e5_without_a_complete_period_there_is_nothing_to_test():
    with pytest.warns(PeriodWarning, match="no period is complete"):
        hotspots = find_hotspots(measures_of(hot_block(), complete=False), board())

    schema.HOTSPOTS.check(hotspots)
    assert len(hotspots) == 0


def test_each_period_and_category_is_tested_by_itself():
    quiet = {code: rate**0.5 for code, rate in hot_block().items()}
    maps = [
        measures_of(rates, period=period, category=category)
        for period, category, rates in [
            ("2023", "Battles", hot_block()),
            ("2024", "Battles", quiet),
            ("2024", "Riots", dict(reversed(hot_block().items()))),
        ]
    ]

    hotspots = find_hotspots(pd.concat(maps, ignore_index=True), board())

    neighborhood._SHUFFLED.clear()  # or what was found together would be given again
    alone = pd.concat([find_hotspots(one, board()) for one in maps], ignore_index=True)
    pd.testing.assert_frame_equal(hotspots, alone, rtol=1e-12)


def test_a_map_that_was_shuffled_is_shuffled_again_only_for_another_question(monkeypatch):
    asked = []
    shuffle = neighborhood.permutation_p
    monkeypatch.setattr(
        neighborhood,
        "permutation_p",
        lambda values, *rest, **more: asked.append(len(values)) or shuffle(values, *rest, **more),
    )
    monkeypatch.setattr(neighborhood, "_SHUFFLED", {})
    old = [measures_of(hot_block(high), period) for high, period in [(90, "2021"), (80, "2022")]]
    new = measures_of(hot_block(70), "2023")

    before = find_hotspots(pd.concat(old, ignore_index=True), board(), permutations=9_999)
    found = find_hotspots(pd.concat([new, *old], ignore_index=True), board(), permutations=9_999)
    find_hotspots(old[0], board(), permutations=9_999, seed=7)
    find_hotspots(old[0], board(), permutations=4_999)

    assert asked == [2, 1, 1, 1]
    pd.testing.assert_frame_equal(found.iloc[len(new) :].reset_index(drop=True), before)


def test_more_maps_than_are_remembered_are_all_answered(monkeypatch):
    monkeypatch.setattr(neighborhood, "_REMEMBERED", 1)
    monkeypatch.setattr(neighborhood, "_SHUFFLED", {})
    maps = [measures_of(hot_block(high), period) for high, period in [(90, "2021"), (80, "2022")]]

    together = find_hotspots(pd.concat(maps, ignore_index=True), board(), permutations=9_999)
    find_hotspots(maps[1], board(), permutations=4_999)

    assert len(neighborhood._SHUFFLED) == 1
    assert together["p_value"].notna().all()


def test_e10_fewer_than_thirty_areas_are_refused():
    measured = measures_of({toy.LEFT: 1, toy.MIDDLE: 5, toy.RIGHT: 9})

    with pytest.raises(SettingsError, match="over 3 areas says nothing; 30 are needed"):
        find_hotspots(measured, toy.neighbors())


def test_e10_map_with_few_values_is_told():
    rates = {
        code: rate if place < 29 else np.nan
        for place, (code, rate) in enumerate(hot_block().items())
    }

    with pytest.warns(DataWarning, match="fewer than 30 areas are tested in 1 of 1 maps"):
        find_hotspots(measures_of(rates), board())


def test_a_map_of_zeros_is_told():
    events = [1] * 12 + [0] * 52

    with pytest.warns(DataWarning, match="more than 80% of the areas have no event in 1 of 1"):
        find_hotspots(measures_of(hot_block(), events=events), board())


@pytest.mark.parametrize(
    ("neighbors", "error", "message"),
    [
        pytest.param([("01", "02"), ("02", "01")], SettingsError, "no two", id="other level"),
        pytest.param([], SettingsError, "no two of the 64 areas", id="none"),
        pytest.param([(CODES[0], CODES[0])], SchemaError, CODES[0], id="its own neighbor"),
        pytest.param([(CODES[0], CODES[1])] * 2, SchemaError, "repeat the key", id="repeated"),
    ],
)
def test_neighbors_that_are_none_are_refused(neighbors, error, message):
    table = pd.DataFrame(neighbors, columns=["focal", "neighbor"], dtype="str")

    with pytest.raises(error, match=message):
        find_hotspots(measures_of(hot_block()), table)


def test_value_that_is_no_column_of_numbers_is_refused():
    measured = measures_of(hot_block())
    for value in ("rate", "cvegeo"):
        with pytest.raises(SettingsError, match=f"'{value}' is no column of numbers.*eb_rate"):
            find_hotspots(measured, board(), value=value)


def test_codes_of_neither_level_need_neighbors():
    with pytest.raises(SettingsError, match="neither states"):
        find_hotspots(measures_of({f"A{number}": 1 for number in range(30)}))


def test_empty_in_empty_out():
    hotspots = find_hotspots(schema.MEASURES.empty())

    schema.HOTSPOTS.check(hotspots)
    assert len(hotspots) == 0


def test_input_is_not_changed_and_index_is_kept():
    measured = measures_of(hot_block()).iloc[::-1]
    before = measured.copy(deep=True)

    hotspots = find_hotspots(measured, board())

    pd.testing.assert_frame_equal(measured, before)
    assert hotspots.index.equals(measured.index)


def test_shipped_neighbors_are_the_default():
    rates = {code: float(number) for number, code in enumerate(sorted(_all_municipalities()))}

    hotspots = find_hotspots(measures_of(rates))

    assert len(hotspots) == 2_465
    assert hotspots["gi_bin"].notna().all()  # no municipality is without a neighbor


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(0, 40) | st.just(np.nan), min_size=64, max_size=64),
    st.randoms(use_true_random=False),
)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_order_of_rows_changes_nothing_and_bins_agree_with_q(values, random):
    measured = measures_of(dict(zip(CODES, values, strict=True)))
    order = list(range(64))
    random.shuffle(order)

    hotspots = find_hotspots(measured, board(), permutations=999)

    shuffled = find_hotspots(measured.iloc[order], board().iloc[::-1], permutations=999)
    shuffled = shuffled.loc[measured.index]
    pd.testing.assert_frame_equal(shuffled, hotspots, check_exact=True)
    tested = hotspots.dropna(subset="gi_star")
    called = tested["gi_bin"] != 0
    assert (tested["q_value"][called] <= 0.10).all()
    assert (np.sign(tested["gi_star"])[called] == np.sign(tested["gi_bin"])[called]).all()


def _all_municipalities():
    from geo.sources.boundaries import area_codes

    return area_codes("municipality")["cvegeo"]


def test_gi_leaves_the_area_itself_out_of_z_and_of_its_bin():
    star = find_hotspots(measures_of(lone(around=0.0)), board()).set_index("cvegeo")
    alone = find_hotspots(measures_of(lone(around=0.0)), board(), statistic="gi")
    schema.HOTSPOTS.check(alone)
    alone = alone.set_index("cvegeo")

    # The same draws test the same neighbors; what differs is the z beside them.
    assert alone["p_value"].equals(star["p_value"])
    assert alone["gi_star"].equals(star["gi_star"])
    extreme = alone.loc[CODES[27]]
    # By itself high, among strikingly low neighbors: cold by these, neither by Gi*.
    assert extreme["gi_star"] > 1.9
    assert extreme["gi"] < -2
    assert (star.loc[CODES[27], "gi_bin"], extreme["gi_bin"]) == (0, -3)


def test_analytic_p_is_of_the_statistic_that_was_asked_for():
    alone = find_hotspots(measures_of(lone()), board(), statistic="gi", **ANALYTIC)

    # 8 neighbors whose mean is that of all others but for a little: z near 0, whatever the area.
    extreme = alone.set_index("cvegeo").loc[CODES[27]]
    assert abs(extreme["gi"]) < 1
    assert extreme["p_analytic"] > 0.3
    assert extreme["gi_star"] > 2


def test_statistic_that_does_not_exist_is_refused():
    with pytest.raises(SettingsError, match="choose 'gi_star' or 'gi'"):
        find_hotspots(measures_of(hot_block()), board(), statistic="g")
