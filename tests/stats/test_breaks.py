from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataWarning, SettingsError
from geo.stats.breaks import ClassBreaks, breaks_from, make_breaks

EVENTS = [0] * 12 + [1] * 6 + [2, 2, 3, 3, 4, 6, 9, 14, 31, 118]


def test_counts_get_round_bounds_and_a_class_for_zero():
    breaks = make_breaks(EVENTS, whole=True)

    assert breaks.zero_class
    assert breaks.bounds == (0, 1, 5, 20, 80, 118)
    assert breaks.counts(EVENTS).tolist() == [12, 6, 5, 3, 1, 1]


def test_a_value_on_a_bound_belongs_to_the_class_that_ends_there():
    breaks = ClassBreaks(bounds=(1, 5, 10))

    assert breaks.classify([1, 5, 5.000001, 10]).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("values", "intervals", "counts"),
    [
        pytest.param([7, 7, 7], ((7, 7),), [3], id="E8 all equal"),
        pytest.param([0, 0], ((0, 0),), [2], id="E8 all zero"),
        pytest.param([3.5], ((3.5, 3.5),), [1], id="E8 one area"),
        pytest.param([], (), [], id="no area"),
        pytest.param([np.nan], (), [], id="nothing known"),
        pytest.param([0, 4, 4], ((0, 0), (0, 4)), [1, 2], id="zero and one other value"),
        pytest.param([1, 2, 2, 3], ((1, 2), (2, 3)), [3, 1], id="E13 fewer values than classes"),
        pytest.param([0] + [2] * 98 + [9], ((0, 0), (0, 2), (2, 9)), [1, 98, 1], id="E13 ties"),
    ],
)
def test_e13_every_value_has_a_class_and_no_class_is_empty(values, intervals, counts):
    breaks = make_breaks(values)

    assert breaks.intervals == intervals
    assert breaks.counts(values).tolist() == counts
    assert (breaks.classify(values) == -1).tolist() == np.isnan(values).tolist()


def test_missing_values_have_no_class_and_do_not_count():
    breaks = make_breaks([np.nan, 0, 5, 9])

    assert breaks.classify([np.nan, 0]).tolist() == [-1, 0]
    assert breaks.counts([np.nan, 0, 5, 9]).sum() == 3


def test_one_extreme_value_stretches_the_last_class_and_little_else():
    rates = np.geomspace(0.5, 40, 200)

    plain, extreme = make_breaks(rates), make_breaks([*rates[:-1], 1_235])

    assert plain.bounds == (0.5, 2, 5, 15, 35, 40)
    assert extreme.bounds == (0.5, 2, 5, 15, 40, 1_240)


def test_one_set_of_classes_serves_all_periods():
    periods = np.array([[0, 1, 2, 8], [0, 0, 3, 90]])

    breaks = make_breaks(periods)

    assert breaks == make_breaks(periods[::-1])
    assert breaks.classify(periods).shape == (2, 4)


@pytest.mark.parametrize("value", [-1, 11, np.inf, -np.inf])
def test_a_value_outside_the_classes_is_refused(value):
    with pytest.raises(SettingsError, match="1 of 2 values lie outside the classes"):
        ClassBreaks(bounds=(0, 10)).classify([5, value])


@pytest.mark.parametrize(
    ("bounds", "zero_class"),
    [
        pytest.param((0, 5, 5), False, id="tie"),
        pytest.param((5, 0), False, id="descending"),
        pytest.param((1, 5), True, id="zero class above zero"),
        pytest.param((0, np.inf), False, id="infinite"),
        pytest.param((0, np.nan), False, id="not a number"),
        pytest.param((3,), False, id="one bound"),
        pytest.param((0, 0), True, id="zero twice"),
    ],
)
def test_e13_bounds_that_are_no_classes_are_refused(bounds, zero_class):
    with pytest.raises(SettingsError):
        ClassBreaks(bounds=bounds, zero_class=zero_class)


@pytest.mark.parametrize("values", [[-1, 2], [0, np.inf]])
def test_values_that_the_classes_are_not_for_are_refused(values):
    with pytest.raises(SettingsError, match="from zero upward"):
        make_breaks(values)


def test_there_is_at_least_one_class():
    with pytest.raises(SettingsError, match="at least one"):
        make_breaks([1, 2], classes=0)


@pytest.mark.parametrize(
    ("bounds", "becomes"),
    [
        pytest.param([20, 0, 5], (0, 5, 20), id="unsorted"),
        pytest.param([0, 5, 5, 20], (0, 5, 20), id="repeated"),
        pytest.param([1, 5, 10], (0, 5, 18), id="not covering"),
    ],
)
def test_e13_user_bounds_are_put_right_and_said_so(bounds, becomes):
    with pytest.warns(DataWarning, match="were changed to"):
        breaks = breaks_from(bounds, [0, 3, 18, np.nan])

    assert breaks.bounds == becomes
    assert breaks.counts([0, 3, 18]).tolist() == [1, 1, 1]


def test_user_bounds_that_fit_are_kept_without_a_word():
    assert breaks_from([0, 5, 20], [0, 3, 18]).bounds == (0, 5, 20)


@pytest.mark.parametrize("bounds", [[], [1], [2, 2], [0, np.nan], [0, np.inf]])
def test_e13_user_bounds_that_mean_nothing_are_refused(bounds):
    with pytest.raises(SettingsError, match="at least two different finite numbers"):
        breaks_from(bounds, [1])


def test_classes_survive_json():
    breaks = make_breaks(EVENTS, whole=True)

    assert ClassBreaks.from_dict(json.loads(json.dumps(breaks.to_dict()))) == breaks


numbers = st.floats(0, 1e6) | st.sampled_from([0.0, 1.0, 2.0, 1e-300, 1.7e308, np.nan])


@given(st.lists(numbers), st.integers(1, 9))
def test_e13_every_finite_value_has_exactly_one_class(values, classes):
    breaks = make_breaks(values, classes=classes)
    found = breaks.classify(values)

    assert len(breaks) <= classes + 1
    assert (breaks.counts(values) > 0).all()
    for value, index in zip(values, found, strict=True):
        holds = [
            low < value <= high or value == low == high or (number == 0 and value == low)
            for number, (low, high) in enumerate(breaks.intervals)
        ]
        assert np.flatnonzero(holds).tolist() == ([] if np.isnan(value) else [index])


@given(st.lists(st.integers(0, 10_000)), st.integers(1, 9))
def test_whole_numbers_get_whole_bounds(values, classes):
    breaks = make_breaks(values, classes=classes, whole=True)

    assert all(bound == int(bound) for bound in breaks.bounds)
    if values:
        assert breaks.bounds[-1] == max(values)


@given(st.lists(numbers), st.randoms(use_true_random=False))
def test_order_of_values_changes_nothing(values, random):
    shuffled = values.copy()
    random.shuffle(shuffled)

    assert make_breaks(shuffled) == make_breaks(values)
