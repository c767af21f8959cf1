from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats.emerging import NO_PATTERN, PATTERNS, emerging_patterns, space_time_links
from geo.stats.local import gi_star, links_between
from tests import shared
from tests.stats import oracles


def label(bins, trend=0, **kwargs):
    """Return the label of one area from 1 hot, -1 cold, 0 neither, and the sign of a trend."""
    column = np.array(bins)[:, np.newaxis]
    p = 0.01 if trend else 0.5
    return str(emerging_patterns(column == 1, column == -1, [trend or 1], [p], **kwargs)[0])


@pytest.mark.parametrize("known", shared.cases("emerging_hot_spots"))
def test_pattern_is_that_of_the_definitions(known):
    ours = known["expected"].lower().replace(" spot", "spot").replace(" detected", "")

    assert label(known["bins"], known["trend"]) == ours


@pytest.mark.parametrize(
    ("bins", "trend", "expected"),
    [
        pytest.param([0] + [1] * 9, 0, "persistent hotspot", id="9 of 10 are 90 %"),
        pytest.param([0] * 2 + [1] * 9, 0, "consecutive hotspot", id="9 of 11 are not"),
        pytest.param([1] * 9 + [0], 1, "historical hotspot", id="not at last, whatever the trend"),
        pytest.param([1] * 9 + [-1], 0, "historical hotspot", id="mostly hot, cold at last"),
        pytest.param([-1] * 9 + [1], 0, "oscillating hotspot", id="mostly cold, hot at last"),
        pytest.param([1] + [0] * 8 + [1], 0, "sporadic hotspot", id="first and last"),
        pytest.param([0] * 8 + [-1, -1], 1, "consecutive coldspot", id="two cold at last"),
        pytest.param([-1, 0] * 4 + [0, -1], 0, "sporadic coldspot", id="on and off cold"),
        pytest.param([-1] * 9 + [0], 0, "historical coldspot", id="no longer cold"),
        pytest.param([1, -1] * 5 + [0], 0, NO_PATTERN, id="neither at last"),
    ],
)
def test_borders_of_the_definitions(bins, trend, expected):
    assert label(bins, trend) == expected


def test_trend_counts_up_to_the_level_and_not_where_it_is_missing():
    hot, cold = np.ones((10, 4), dtype=bool), np.zeros((10, 4), dtype=bool)

    found = emerging_patterns(hot, cold, [2, 2, -2, np.nan], [0.05, 0.051, 0.05, np.nan])

    assert found.tolist() == [
        "intensifying hotspot",
        "persistent hotspot",
        "diminishing hotspot",
        "persistent hotspot",
    ]


def test_e9_periods_without_a_test_do_not_count():
    bins = [0, 0, *[1] * 10]
    tested = np.ones((12, 1), dtype=bool)
    tested[0] = False

    # 10 of 12 are not mostly, 10 of 11 are.
    assert label(bins) == "consecutive hotspot"
    assert label(bins, tested=tested) == "persistent hotspot"
    # A period without a test does not break a run either.
    tested[:] = True
    tested[10] = False
    assert label([0] * 9 + [1, 0, 1], tested=tested) == "consecutive hotspot"


def test_e9_area_without_a_test_at_last_or_with_few_has_no_label():
    tested = np.ones((12, 1), dtype=bool)
    tested[-1] = False
    assert label([0] * 12, tested=tested) == ""
    tested[:3], tested[-1] = False, True
    assert label([0] * 12, tested=tested) == ""


def test_e10_what_cannot_be_labeled_is_refused():
    with pytest.raises(SettingsError, match="9 periods; emerging hotspots need 10"):
        label([0] * 9)
    no, yes = np.zeros((10, 1), dtype=bool), np.ones((10, 1), dtype=bool)
    with pytest.raises(SettingsError, match="10 of 10 area periods are both hot and cold"):
        emerging_patterns(yes, yes, [0], [1])
    with pytest.raises(SettingsError, match="hot or cold and not tested"):
        emerging_patterns(yes, no, [0], [1], tested=no)
    with pytest.raises(SettingsError, match="must be periods by areas"):
        emerging_patterns(yes, no[:5], [0], [1])
    with pytest.raises(SettingsError, match="one number is expected"):
        emerging_patterns(yes, no, [0, 1], [1, 1])
    with pytest.raises(SettingsError, match="level"):
        emerging_patterns(yes, no, [0], [1], level=95)


def test_seventeen_patterns():
    assert len(set(PATTERNS)) == 17


bins = st.lists(st.sampled_from([-1, 0, 1]), min_size=10, max_size=14)


@given(bins, st.sampled_from([-1, 0, 1]))
def test_hot_and_cold_mirror_each_other(bins, trend):
    mostly = max(bins.count(1), bins.count(-1)) >= 0.9 * len(bins)
    if mostly and bins[-1] != 0 and 1 in bins and -1 in bins:
        return  # both a hotspot and a coldspot by the text: the hotspot is taken

    found, mirrored = label(bins, trend), label([-b for b in bins], -trend)

    swap = {"hotspot": "coldspot", "coldspot": "hotspot"}
    assert mirrored.split() == [swap.get(word, word) for word in found.split()]
    assert found in PATTERNS


@given(st.lists(bins.map(lambda given: given[:10]), min_size=1, max_size=4))
def test_each_area_stands_for_itself(areas):
    together = np.transpose(areas)
    none = np.zeros(len(areas))

    found = emerging_patterns(together == 1, together == -1, none, none + 1)

    assert found.tolist() == [label(one) for one in areas]


def test_areas_of_one_period_are_compared_with_those_of_all():
    links = oracles.grid(4)
    values = np.random.default_rng(20240909).normal(size=(3, 16))
    values[2] += 5

    cube = gi_star(values.ravel(), space_time_links(links, 3)).reshape(3, 16)

    # By the formula with the mean and the deviation of all 48; 4 areas in the neighborhood.
    corner = values[2, [0, 1, 4, 5]].sum()
    by_hand = (corner - 4 * values.mean()) / (values.std() * ((48 * 4 - 16) / 47) ** 0.5)
    assert cube[2, 0] == pytest.approx(by_hand)


def test_a_step_back_joins_the_area_and_its_neighbors_of_the_period_before():
    pair = links_between([0, 1], [1, 0], 3)

    cube = space_time_links(pair, 3, steps_back=1).toarray()

    # Area 0 of the last period: its neighbor now, and both of the period before.
    assert np.flatnonzero(cube[6]).tolist() == [3, 4, 7]
    # The isolate is joined to itself before, and the first period has nothing before it.
    assert np.flatnonzero(cube[8]).tolist() == [5]
    assert np.flatnonzero(cube[0]).tolist() == [1]
    assert set(cube.ravel()) == {0, 1}


def test_more_steps_back_than_periods_change_nothing():
    pair = links_between([0, 1], [1, 0], 2)

    assert (
        space_time_links(pair, 2, steps_back=9) != space_time_links(pair, 2, steps_back=1)
    ).nnz == 0
    with pytest.raises(SettingsError, match="0 periods"):
        space_time_links(pair, 0)
