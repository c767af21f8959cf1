from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.decomposition import (
    contributions,
    fold_contributions,
    kitagawa,
    log_contributions,
    shares_of_change,
)
from tests.shared import cases, oracle


def windows(before, after, *, time_before=1.0, time_after=1.0):
    return {
        "base_events": before,
        "base_exposure": time_before,
        "comparison_events": after,
        "comparison_exposure": time_after,
    }


def numbers(rows, name):
    return [np.nan if row.get(name) is None else row[name] for row in rows]


@pytest.mark.parametrize("case", cases("change_decomposition"))
def test_the_parts_of_a_change_agree_with_those_by_hand(case):
    rows = case["rows"]
    args = windows(
        numbers(rows, "before"),
        numbers(rows, "after"),
        time_before=case["exposure_before"],
        time_after=case["exposure_after"],
    )
    limits = oracle("change_decomposition")["tolerance"] | {"nan_ok": True}

    def agree(found, name):
        assert found == pytest.approx(np.array(numbers(rows, name)), **limits)

    agree(contributions(**args), "contribution_to_relative_change")
    agree(fold_contributions(**args), "fold_contribution")
    agree(shares_of_change(**args), "share_of_change")
    agree(log_contributions(**args), "lmdi_log_contribution")
    assert contributions(**args).sum() == pytest.approx(case["sum_contributions"], **limits)
    assert fold_contributions(**args).sum() == pytest.approx(case["ratio"], **limits)
    if case["lmdi_defined"]:
        assert log_contributions(**args).sum() == pytest.approx(case["log_ratio"], **limits)


def test_the_split_of_kitagawa_agrees_with_that_by_hand():
    [case] = oracle("change_decomposition")["kitagawa"]
    limits = oracle("change_decomposition")["tolerance"]
    rows = case["rows"]

    rates, people = kitagawa(
        base_events=numbers(rows, "events_before"),
        base_exposure=numbers(rows, "population_before"),
        comparison_events=numbers(rows, "events_after"),
        comparison_exposure=numbers(rows, "population_after"),
    )

    assert rates == pytest.approx(np.array(numbers(rows, "rate_effect")), **limits)
    assert people == pytest.approx(np.array(numbers(rows, "composition_effect")), **limits)
    assert rates.sum() == pytest.approx(case["rate_effect_total"], **limits)
    assert people.sum() == pytest.approx(case["composition_effect_total"], **limits)
    assert (rates + people).sum() == pytest.approx(case["difference"], **limits)


def test_e6_without_events_before_there_is_no_relative_change_but_a_share_of_it():
    args = windows([0, 0], [3, 1])

    assert np.isnan(contributions(**args)).all()
    assert np.isnan(fold_contributions(**args)).all()
    assert shares_of_change(**args).tolist() == [0.75, 0.25]


def test_e8_nothing_at_all_has_no_parts():
    args = windows([0, 0], [0, 0])

    for part in (contributions, fold_contributions, shares_of_change, log_contributions):
        assert np.isnan(part(**args)).all()


def test_e1_without_an_exposure_there_are_no_parts():
    assert np.isnan(contributions(**windows([1, 2], [3, 4], time_after=np.nan))).all()


def test_a_category_without_events_in_either_window_adds_nothing():
    assert log_contributions(**windows([1, 0], [2, 0])) == pytest.approx([np.log(2), 0])


def test_an_area_settled_in_between_leaves_the_split_unknown():
    sides = {"base_events": [1, 0], "comparison_events": [2, 1], "comparison_exposure": [10, 10]}

    rates, people = kitagawa(base_exposure=[10, 0], **sides)

    assert np.isnan(rates).all()
    assert np.isnan(people).all()


def test_an_area_nobody_lives_in_changes_no_other():
    rates, people = kitagawa(
        base_events=[1, 0, 4],
        base_exposure=[10, 0, 10],
        comparison_events=[2, 0, 4],
        comparison_exposure=[10, 0, 20],
        per=1,
    )

    assert np.isnan([rates[1], people[1]]).all()
    assert np.nansum(rates + people) == pytest.approx(6 / 30 - 5 / 20)


counts = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12)
times = st.floats(0.05, 50)


@given(counts, times, times)
def test_the_parts_add_up_to_the_change(pairs, time_before, time_after):
    before, after = np.array(pairs).T
    args = windows(before, after, time_before=time_before, time_after=time_after)

    if before.sum() == 0:
        return
    ratio = (after.sum() / time_after) / (before.sum() / time_before)
    assert contributions(**args).sum() == pytest.approx(ratio - 1, rel=1e-9, abs=1e-9)
    assert fold_contributions(**args).sum() == pytest.approx(ratio)
    shares = shares_of_change(**args)
    if not np.isnan(shares).any():
        assert shares.sum() == pytest.approx(1, rel=1e-6, abs=1e-6 * np.abs(shares).max())
    logs = log_contributions(**args)
    if not np.isnan(logs).any():
        assert logs.sum() == pytest.approx(np.log(ratio), abs=1e-9)


@given(counts, times, times, st.randoms(use_true_random=False))
def test_the_order_of_categories_plays_no_part(pairs, time_before, time_after, random):
    order = random.sample(range(len(pairs)), len(pairs))
    before, after = np.array(pairs).T
    times = {"time_before": time_before, "time_after": time_after}

    found = contributions(**windows(before, after, **times))

    turned = contributions(**windows(before[order], after[order], **times))
    assert turned == pytest.approx(found[order], nan_ok=True)


people = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 9999), st.integers(0, 50), st.integers(1, 9999)),
    min_size=1,
    max_size=8,
)


@given(people)
def test_what_rates_and_what_people_did_is_the_whole_difference(areas):
    n0, p0, n1, p1 = np.array(areas).T

    rates, moves = kitagawa(
        base_events=n0, base_exposure=p0, comparison_events=n1, comparison_exposure=p1, per=1
    )

    difference = n1.sum() / p1.sum() - n0.sum() / p0.sum()
    assert (rates + moves).sum() == pytest.approx(difference, abs=1e-9)
    assert (moves.sum() == pytest.approx(0, abs=1e-12)) or (p0 / p0.sum() != p1 / p1.sum()).any()
