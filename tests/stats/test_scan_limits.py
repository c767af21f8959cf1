"""What a scan costs, and how far counts vary beyond chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.stats.scan import ScanSettings
from geo.stats.scan_limits import scan_cost, space_time_dispersion

LINE = np.array([[0.0, 0], [1, 0], [2, 0], [9, 0]])


@pytest.mark.parametrize(
    ("periods", "settings", "cylinders"),
    [
        # Two areas at most around each of four: 8 circles.
        pytest.param(1, ScanSettings(), 8, id="space"),
        # Runs of 1 and 2 of 4 periods: 4 + 3.
        pytest.param(4, ScanSettings(), 56, id="half of the periods"),
        pytest.param(4, ScanSettings(max_periods=1), 32, id="one period"),
        pytest.param(4, ScanSettings(prospective=True), 16, id="runs until the end"),
        pytest.param(4, ScanSettings(max_areas=1), 28, id="single areas"),
        pytest.param(1, ScanSettings(max_share=0.2), 0, id="no area is small enough"),
    ],
)
def test_cylinders_are_circles_times_runs(periods, settings, cylinders):
    assert scan_cost(LINE, np.ones(4), periods, settings).cylinders == cylinders


def test_twice_the_replicates_take_twice_as_long_and_two_threads_half():
    def seconds(**how):
        return scan_cost(LINE, np.ones(4), 4, ScanSettings(**how)).seconds

    alone = seconds(replicates=0)
    once = seconds(replicates=1_000) - alone
    assert seconds(replicates=2_000) - alone == pytest.approx(2 * once)
    assert seconds(replicates=1_000, workers=2) - alone == pytest.approx(once / 2)


def test_independent_events_have_a_dispersion_of_1_however_few():
    rng = np.random.default_rng(5)
    cells = np.outer(rng.dirichlet(np.ones(60)), rng.dirichlet(np.full(12, 5.0))).ravel()
    found = [space_time_dispersion(rng.multinomial(150, cells).reshape(60, 12)) for _ in range(400)]

    assert np.mean(found) == pytest.approx(1, abs=0.02)


def test_events_in_threes_have_a_dispersion_of_3():
    rng = np.random.default_rng(6)
    found = [
        space_time_dispersion(3 * rng.multinomial(300, np.full(240, 1 / 240)).reshape(20, 12))
        for _ in range(200)
    ]

    assert np.mean(found) == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(np.zeros((0, 3)), id="no area"),
        pytest.param([[0, 0], [0, 0]], id="no event"),
        pytest.param([[1, 4], [0, 0]], id="one area with events"),
        pytest.param([[1], [4]], id="one period"),
    ],
)
def test_dispersion_is_missing_where_there_is_nothing_to_compare(cases):
    assert np.isnan(space_time_dispersion(cases))


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=6))
def test_dispersion_does_not_know_the_order_of_areas_and_periods(cases):
    counts = np.array(cases)

    assert space_time_dispersion(counts[::-1, ::-1]) == pytest.approx(
        space_time_dispersion(counts), nan_ok=True
    )
