from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.did import did_ratio, event_study, two_way_did
from geo.stats.placebos import placebos_in_space, placebos_in_time
from tests.shared import oracle, path


def panel_of(dataset):
    with path(f"oracles/{dataset['csv']}").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    states = list(dict.fromkeys(row["state"] for row in rows))
    months = sorted({int(row["month"]) for row in rows})
    events, people = np.zeros((2, len(states), len(months)))
    focus, after = np.zeros(len(states), dtype=bool), np.zeros(len(months), dtype=bool)
    for row in rows:
        cell = states.index(row["state"]), months.index(int(row["month"]))
        events[cell], people[cell] = float(row["events"]), float(row["population"])
        focus[cell[0]] |= row["treated"] == "1"
        after[cell[1]] |= row["post"] == "1"
    return events, people, {"focus": focus, "after": after}


def test_the_ratio_agrees_with_r():
    known = oracle("did")
    [row] = known["datasets"]
    events, people, sides = panel_of(row)
    ratio, se = {"rel": known["tolerance"]["ratio_rel"]}, {"rel": known["tolerance"]["se_rel"]}

    pooled = did_ratio(events, people, **sides)
    assert pooled.ratio == pytest.approx(row["did_ratio_pooled"], **ratio)
    assert pooled.ratio == pytest.approx(row["poisson_interaction"], **ratio)
    assert pooled.log_se == pytest.approx(row["poisson_interaction_se_log"], **se)

    both = two_way_did(events, people, **sides)
    assert both.estimate.ratio == pytest.approx(row["twfe_did_ratio"], **ratio)
    assert both.estimate.dispersion == pytest.approx(row["twfe_quasi_phi"], **se)
    assert both.estimate.log_se == pytest.approx(row["twfe_quasi_se_log"], **se)
    assert both.clustered_log_se == pytest.approx(row["twfe_cluster_state_se_log_hc0"], **se)


def test_no_other_state_changed_as_much_as_the_one_in_focus():
    [row] = oracle("did")["datasets"]
    events, people, sides = panel_of(row)

    found = placebos_in_space(events, people, **sides)

    assert found.ratio == pytest.approx(row["did_ratio_pooled"])
    assert (found.rank, found.p) == (1, 1 / 6)
    assert np.isnan(found.ratios[sides["focus"]]).all()
    assert np.nanmax(found.ratios) < 1.6


COUNTS = np.array([[4, 6, 20, 20], [10, 10, 15, 15], [8, 12, 9, 11.0]])
SIDES = {"focus": [True, False, False], "after": [False, False, True, True]}


def test_a_donor_that_is_not_chosen_plays_no_part():
    alone = did_ratio(COUNTS[:2], 1, focus=SIDES["focus"][:2], after=SIDES["after"])

    chosen = did_ratio(COUNTS, 1, **SIDES, donors=[False, True, False])

    assert alone.ratio == pytest.approx(4 / 1.5)
    assert (chosen.ratio, chosen.low) == (alone.ratio, alone.low)
    assert did_ratio(COUNTS, 1, **SIDES).ratio == pytest.approx(4 / 1.25)


@pytest.mark.parametrize(
    ("focus", "donors", "ratio"),
    [
        pytest.param([0, 0, 3, 3], [5, 5, 5, 5], np.inf, id="E6 none before in focus"),
        pytest.param([3, 3, 0, 0], [5, 5, 5, 5], 0.0, id="none after in focus"),
        pytest.param([3, 3, 3, 3], [0, 0, 5, 5], 0.0, id="none before among donors"),
        pytest.param([3, 3, 3, 3], [5, 5, 0, 0], np.inf, id="none after among donors"),
        pytest.param([0, 0, 3, 3], [0, 0, 5, 5], np.nan, id="none before at all"),
        pytest.param([0, 0, 0, 0], [5, 5, 5, 5], np.nan, id="E8 none in focus"),
    ],
)
def test_e6_zeros_leave_what_can_be_said(focus, donors, ratio):
    sides = {"focus": [True, False], "after": SIDES["after"]}

    pooled = did_ratio([focus, donors], 1, **sides)
    both = two_way_did([focus, donors], 1, **sides)

    assert pooled.ratio == pytest.approx(ratio, nan_ok=True)
    assert np.isnan([pooled.low, pooled.high, both.estimate.ratio, both.estimate.low]).all()


def test_areas_and_months_without_events_change_nothing():
    wide = np.vstack([np.column_stack([COUNTS, np.zeros(3)]), np.zeros(5)])
    sides = {"focus": [True, False, False, False], "after": [False, False, True, True, True]}

    found = two_way_did(wide, 1, **sides)
    expected = two_way_did(COUNTS, 1, **SIDES)

    assert found.estimate.ratio == pytest.approx(expected.estimate.ratio)
    assert found.estimate.df == expected.estimate.df
    assert found.estimate.log_se == pytest.approx(expected.estimate.log_se)


def test_a_cell_left_out_is_not_a_zero():
    exposure = np.ones((3, 4))
    exposure[1, 0] = np.nan

    assert did_ratio(COUNTS, exposure, **SIDES).ratio == pytest.approx(
        (20 / 5) / ((50 / 4) / (30 / 3))
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"donors": [True, True, False]}, "1 areas are in focus and donors at once"),
        ({"donors": [False] * 3}, "0 donors"),
        ({"focus": [False] * 3}, "0 areas in focus"),
        ({"focus": [True]}, "one truth value an area"),
        ({"after": [True] * 4}, "some must on either side"),
        ({"after": [True]}, "of each month"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    with pytest.raises(SettingsError, match=message):
        did_ratio(COUNTS, 1, **(SIDES | change))


def test_placebos_need_two_donors_and_months_enough():
    with pytest.raises(SettingsError, match="two donors"):
        placebos_in_space(COUNTS[:2], 1, focus=[True, False], after=SIDES["after"])
    with pytest.raises(SettingsError, match="has 2 months"):
        placebos_in_time(COUNTS, 1, **SIDES)


def test_a_donor_without_events_is_no_placebo_and_one_that_begins_is():
    counts = np.array([[5, 5, 9, 9], [6, 6, 6, 6], [0, 0, 0, 0], [0, 0, 2, 2], [7, 7, 8, 8.0]])

    found = placebos_in_space(counts, 1, focus=[1, 0, 0, 0, 0], after=SIDES["after"])

    assert np.isnan(found.ratios[2])
    assert found.ratios[3] == np.inf
    assert (found.rank, found.p) == (2, 0.5)


def test_a_placebo_is_compared_with_the_other_donors_alone():
    counts = np.array([[1, 1, 90, 90], [5, 5, 10, 10], [4, 4, 12, 12], [3, 3, 3, 3.0]])

    found = placebos_in_space(counts, 1, focus=[1, 0, 0, 0], after=SIDES["after"])

    # Growth of 2, 3 and 1; of the other two together 15/7, 13/8 and 22/9.
    expected = [np.nan, 2 * 7 / 15, 3 * 8 / 13, 9 / 22]
    assert found.ratios == pytest.approx(expected, nan_ok=True)


def test_a_fall_to_a_fifth_is_as_far_as_a_rise_to_five():
    counts = np.array([[2, 2, 10, 10], [10, 10, 2, 2], [5, 5, 5, 5], [6, 6, 6, 6.0]])

    found = placebos_in_space(
        counts, 1, focus=[1, 0, 0, 0], after=SIDES["after"], donors=[0, 0, 1, 1]
    )
    fallen = placebos_in_space(
        counts, 1, focus=[0, 1, 0, 0], after=SIDES["after"], donors=[0, 0, 1, 1]
    )

    assert (found.ratio, fallen.ratio) == (5, pytest.approx(1 / 5))
    assert found.rank == fallen.rank == 1


def test_an_earlier_date_with_the_same_jump_shares_the_rank():
    counts = np.array([[2, 2, 2, 2, 8, 8, 8, 8, 20, 20], [5] * 10], dtype=float)

    found = placebos_in_time(
        counts, 1, focus=[True, False], after=np.arange(10) >= 8, least_months=4
    )

    assert found.ratio == 4
    assert found.ratios[4] == 4
    assert (found.rank, found.p) == (2, 1.0)


def test_the_rank_is_uniform_when_all_areas_are_alike():
    rng = np.random.default_rng(20240909)
    sides = {"focus": np.arange(10) == 3, "after": np.arange(12) >= 6}
    ranks = [
        placebos_in_space(rng.poisson(rng.gamma(5, 4, (10, 12))), 1, **sides).rank
        for _ in range(500)
    ]

    # Ten ranks, 50 of each expected; 21.7 is exceeded in one of a hundred cases.
    tally = np.bincount(ranks, minlength=11)[1:]
    assert np.sum((tally - 50) ** 2 / 50) < 21.7


def test_months_before_the_event_stand_at_one_and_the_scatter_of_donors_widens_limits():
    counts = [[10, 20, 10, 30], [10, 20, 10, 10], [12, 24, 12, 12]]
    restless = [[10, 20, 10, 30], [2, 38, 3, 19], [20, 6, 19, 3]]
    sides = {"focus": [True, False, False], "reference": [False, False, True, False]}

    found = event_study(counts, 1, **sides)
    unsure = event_study(restless, 1, **sides)

    assert found.ratio == pytest.approx([1, 1, np.nan, 3], nan_ok=True)
    assert found.log_se[3] == pytest.approx(np.sqrt(1 / 30 + 1 / 10 + 2 / 22))
    assert unsure.dispersion[3] > 10
    assert unsure.log_se[3] == pytest.approx(found.log_se[3] * np.sqrt(unsure.dispersion[3]))


def test_an_event_study_needs_two_donors():
    with pytest.raises(SettingsError, match="two donors"):
        event_study(COUNTS[:2], 1, focus=[True, False], reference=[True, False, False, False])


def test_areas_that_do_not_vary_leave_no_clustered_error_but_a_quasi_poisson_one():
    found = two_way_did([[1, 1, 1, 1], [1, 1, 1, 2], [1, 1, 1, 1]], 1, **SIDES)

    assert found.clustered_log_se >= 0
    assert found.estimate.log_se > 1


cells = st.lists(st.lists(st.integers(1, 60), min_size=4, max_size=4), min_size=3, max_size=5)


@given(cells, st.lists(st.floats(0.5, 9), min_size=5, max_size=5))
def test_with_lasting_exposure_the_model_has_the_ratio_of_the_sums(counts, people):
    exposure = np.array(people[: len(counts)])[:, np.newaxis]
    focus = np.arange(len(counts)) == 1
    sides = {"focus": focus, "after": SIDES["after"]}

    pooled = did_ratio(counts, 1, **sides)

    assert two_way_did(counts, exposure, **sides).estimate.ratio == pytest.approx(pooled.ratio)


@given(cells)
def test_the_order_of_donors_plays_no_part(counts):
    order = [0, *reversed(range(1, len(counts)))]
    focus = np.arange(len(counts)) == 0

    found = placebos_in_space(counts, 1, focus=focus, after=SIDES["after"])
    turned = placebos_in_space(np.array(counts)[order], 1, focus=focus, after=SIDES["after"])

    assert turned.p == found.p
    assert turned.ratios == pytest.approx(found.ratios[order], nan_ok=True)
