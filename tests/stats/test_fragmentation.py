from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.fragmentation import (
    concentration,
    effective_number,
    effective_number_shannon,
    rarefied_concentration,
    rarefied_groups,
    turnover,
)
from tests.shared import cases, oracle


@pytest.mark.parametrize("case", cases("fragmentation"))
def test_fragmentation_agrees_with_r(case):
    limits = oracle("fragmentation")["tolerance"]
    names = sorted({*case["before"], *case["after"]})
    before, after = ([case[side].get(name, 0) for name in names] for side in ("before", "after"))

    for counts, expected in ((before, case["before_stats"]), (after, case["after_stats"])):
        assert concentration(counts) == pytest.approx(expected["hhi"], **limits)
        assert concentration(counts, unbiased=True) == pytest.approx(
            expected["hhi_unbiased"], **limits
        )
        assert effective_number(counts) == pytest.approx(expected["effective_number"], **limits)
        assert effective_number_shannon(counts) == pytest.approx(
            expected["effective_number_shannon"], **limits
        )
        assert rarefied_groups(counts, events=sum(counts)) == expected["groups"]

    found = turnover(before, after)
    assert {names[at] for at in np.flatnonzero(found.is_new)} == set(case["new"])
    assert {names[at] for at in np.flatnonzero(found.is_ended)} == set(case["gone"])
    assert found.share_in_new == pytest.approx(case["share_of_after_in_new"], **limits)


def test_e8_without_events_nothing_is_defined():
    for number in (concentration, effective_number, effective_number_shannon):
        assert np.isnan(number([0, 0]))
    found = turnover([0, 0], [3, 1])
    assert found.share_in_new == 1
    assert np.isnan([found.share_in_ended, found.moved]).all()
    assert np.isnan(rarefied_groups([0, 0], events=1))


def test_a_single_event_has_no_pair():
    assert concentration([1, 0]) == 1
    assert np.isnan(concentration([1, 0], unbiased=True))
    assert rarefied_concentration([1, 0], events=1) == 1


def test_each_map_stands_for_itself():
    counts = [[6, 3, 1], [0, 0, 0], [5, 5, 0]]

    assert effective_number(counts) == pytest.approx([100 / 46, np.nan, 2], nan_ok=True)
    assert rarefied_groups(counts, events=[2, 1, 11]) == pytest.approx(
        [2 - (15 + 3) / 45, np.nan, np.nan], nan_ok=True
    )


def test_more_of_the_same_does_not_look_more_fragmented_once_rarefied():
    small = [5, 3, 2]
    large = [50, 30, 20]

    assert concentration(large) == concentration(small)
    assert rarefied_concentration(large, events=10) > concentration(small)
    assert concentration(small, unbiased=True) < concentration(large, unbiased=True)


@pytest.mark.parametrize("call", [rarefied_groups, rarefied_concentration])
def test_more_events_than_there_are_cannot_be_drawn(call):
    assert np.isnan(call([3, 2], events=6))


def test_parts_of_events_and_missing_counts_are_refused():
    with pytest.raises(SettingsError, match="no whole number"):
        rarefied_groups([1.5, 2], events=1)
    with pytest.raises(SettingsError, match="has 0"):
        concentration([np.nan, 2])


@given(st.lists(st.integers(0, 3), min_size=1, max_size=4).filter(sum), st.data())
def test_rarefied_numbers_are_the_means_over_all_draws(counts, data):
    events = data.draw(st.integers(1, sum(counts)))
    group_of = np.repeat(np.arange(len(counts)), counts)
    draws = [
        np.bincount(group_of[list(chosen)]) for chosen in combinations(range(sum(counts)), events)
    ]

    groups = np.mean([np.count_nonzero(draw) for draw in draws])
    hhi = np.mean([np.sum((draw / events) ** 2) for draw in draws])

    assert rarefied_groups(counts, events=events) == pytest.approx(groups)
    assert rarefied_concentration(counts, events=events) == pytest.approx(hhi)


groups = st.lists(st.integers(0, 200), min_size=1, max_size=10).filter(sum)


@given(groups)
def test_no_more_groups_of_equal_size_than_there_are_groups(counts):
    number = effective_number(counts)

    assert 1 - 1e-9 <= number <= effective_number_shannon(counts) + 1e-9
    assert effective_number_shannon(counts) <= np.count_nonzero(counts) + 1e-9


@given(groups, st.data())
def test_what_is_new_one_way_is_ended_the_other_way(before, data):
    after = data.draw(st.lists(st.integers(0, 200), min_size=len(before), max_size=len(before)))

    found, back = turnover(before, after), turnover(after, before)

    assert (found.is_new == back.is_ended).all()
    assert found.replaced == pytest.approx(back.replaced)
    assert found.moved == pytest.approx(back.moved, nan_ok=True)
    if sum(after):
        assert 0 <= found.moved <= 1 + 1e-9
        assert found.moved >= found.share_in_new - 1e-9
