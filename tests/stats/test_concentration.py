from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.concentration import (
    fewest_places,
    gini,
    lorenz,
    predictive_accuracy,
    share_in_top,
)

TEN = [0, 30, 5, 0, 50, 1, 10, 3, 0, 1]


def test_two_of_ten_places_hold_eighty_of_a_hundred_events():
    found = fewest_places(TEN)

    assert (found.places, found.share_of_places) == (2, 0.2)
    assert (found.events, found.share_of_events) == (80.0, 0.8)
    assert share_in_top(TEN, 0.2) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("share", "places", "events"),
    [
        pytest.param(0.5, 1, 50, id="reached exactly"),
        pytest.param(0.51, 2, 80, id="passed"),
        pytest.param(0.95, 4, 95, id="not exact in binary"),
        pytest.param(1.0, 7, 100, id="all events, not all places"),
    ],
)
def test_the_fewest_places_hold_at_least_the_share(share, places, events):
    found = fewest_places(TEN, share)

    assert (found.places, found.events) == (places, events)


def test_e15_fractional_counts_do_not_cost_a_place():
    # Eight times 0.1 is a hair less than 0.8 in binary.
    assert fewest_places([0.1] * 10, 0.8).places == 8


def test_part_of_a_place_counts_in_part():
    # Half of three places is one place and a half: 6 + 2 / 2 of 8.
    assert share_in_top([2, 6, 0], 0.5) == pytest.approx(7 / 8)
    assert share_in_top([2, 6, 0], 0) == 0
    assert share_in_top([2, 6, 0], 1) == 1


def test_lorenz_runs_from_quiet_to_busy_with_places_or_exposure():
    of_places, of_events = lorenz([3, 0, 1])
    assert of_places == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert of_events == pytest.approx([0, 0, 0.25, 1])

    # Rates 1/10, 1/1 and none: 20 of 31 people without, 30 of 31 with one event of two.
    of_people, of_events = lorenz([1, 1, 0], [10, 1, 20])
    assert of_people == pytest.approx([0, 20 / 31, 30 / 31, 1])
    assert of_events == pytest.approx([0, 0, 0.5, 1])


def test_gini_of_a_few_places_is_that_worked_out_by_hand():
    # 2 * sum(rank * events) / (n * sum) - (n + 1) / n = 2 * (3 + 4 * 3) / 16 - 5 / 4.
    assert gini([0, 3, 1, 0]) == pytest.approx(0.625)
    assert gini([7, 7, 7]) == 0
    assert gini([2, 4], [1, 2]) == pytest.approx(0, abs=1e-12)


def test_few_events_are_not_concentrated_by_arithmetic():
    # Three events over ten places: 0.7 for one each; Bernasco and Steenbeek scale it to 0.
    spread, heaped = [1, 1, 1] + [0] * 7, [3] + [0] * 9

    assert gini(spread) == pytest.approx(0.7)
    assert gini(spread, few_events=True) == pytest.approx(0, abs=1e-12)
    # 0.9 for all in one: (0.9 - 1) * 10 / 3 + 1.
    assert gini(heaped, few_events=True) == pytest.approx(2 / 3)
    assert gini([5, 5], few_events=True) == 0


def test_e8_without_events_nothing_is_concentrated():
    found = fewest_places([0, 0])

    assert (found.places, found.share_of_places, found.events) == (0, 0.0, 0.0)
    assert np.isnan([found.share_of_events, gini([0, 0]), share_in_top([0, 0])]).all()
    assert np.isnan([gini([]), share_in_top([])]).all()
    assert np.isnan(fewest_places([]).share_of_places)


def test_pai_is_how_many_times_denser_flagged_places_are():
    found = predictive_accuracy(np.array([False, True, True, False]), [3, 5, 1, 1], [70, 5, 15, 10])

    assert (found.events, found.hits, found.hit_rate) == (10, 6, 0.6)
    assert (found.share_of_area, found.pai) == (0.2, pytest.approx(3.0))


def test_a_prediction_of_nothing_or_without_events_has_no_index():
    none = predictive_accuracy(np.array([False, False]), [3, 5], [1, 1])
    quiet = predictive_accuracy(np.array([True, False]), [0, 0], [1, 1])

    assert (none.hit_rate, none.share_of_area) == (0.0, 0.0)
    assert np.isnan([none.pai, quiet.pai, quiet.hit_rate]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: fewest_places([1, np.nan]), "1 of 2 counts", id="missing"),
        pytest.param(lambda: gini([1, -1]), "negative", id="negative"),
        pytest.param(lambda: fewest_places([1], 0), r"\(0, 1\]", id="no share"),
        pytest.param(lambda: share_in_top([1], 1.1), r"\[0, 1\]", id="more than all places"),
        pytest.param(lambda: lorenz([1, 2], [1, 0]), "1 places have events", id="no exposure"),
        pytest.param(lambda: lorenz([1, 2], [1]), "do not go together", id="unpaired"),
        pytest.param(lambda: gini([1], [1], few_events=True), "leave the exposure", id="both"),
        pytest.param(
            lambda: predictive_accuracy(np.array([1, 0]), [1, 1], [1, 1]), "true or", id="numbers"
        ),
        pytest.param(
            lambda: predictive_accuracy(np.array([True]), [1], [0]), "area above zero", id="no area"
        ),
    ],
)
def test_what_has_no_concentration_is_refused(call, message):
    with pytest.raises(SettingsError, match=message):
        call()


counts = st.lists(st.integers(0, 40), min_size=1, max_size=30)


@given(counts, st.randoms(use_true_random=False))
def test_gini_lies_between_zero_and_one_and_knows_no_order(events, random):
    assume(sum(events))
    index, shuffled = gini(events), events.copy()
    random.shuffle(shuffled)

    assert 0 <= index < 1
    assert gini(shuffled) == pytest.approx(index, abs=1e-12)
    assert 0 <= gini(events, few_events=True) <= max(index, 1e-12) + 1e-12


@given(counts, st.floats(0.01, 1))
def test_one_place_less_does_not_hold_the_share(events, share):
    assume(sum(events))
    found = fewest_places(events, share)
    busiest = sorted(events, reverse=True)

    assert sum(busiest[: found.places]) >= share * sum(events) - 1e-6
    assert sum(busiest[: found.places - 1]) < share * sum(events) + 1e-6


@given(counts)
def test_lorenz_never_rises_above_the_diagonal(events):
    assume(sum(events))
    of_places, of_events = lorenz(events)

    assert (np.diff(of_events) >= 0).all()
    assert (of_events <= of_places + 1e-12).all()
