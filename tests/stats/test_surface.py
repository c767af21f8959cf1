from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats import grid as grid_module
from geo.stats.bandwidth import adaptive_bandwidths
from geo.stats.density import Rectangle, density_at
from geo.stats.grid import Grid
from geo.stats.surface import Mask, density_surface, log_ratio_surface, values_at

GRID = Grid(west=10_000, north=90_000, cell_m=1_000, rows=80, columns=100)
CELLS = np.meshgrid(*GRID.centers())
WEST = np.broadcast_to(np.arange(100) < 60, (80, 100))


def towns(seed=20240909, n=400):
    """Return events of which half lie on the points of a few towns."""
    rng = np.random.default_rng(seed)
    where = rng.uniform((20_000, 20_000), (100_000, 80_000), (12, 2))
    points = where[rng.integers(0, 12, n)]
    points[: n // 2] += rng.normal(0, 4_000, (n // 2, 2))
    return points.T


def exact(x, y, **settings):
    return density_at(x, y, *(axis.ravel() for axis in CELLS), **settings).reshape(GRID.shape)


@pytest.mark.parametrize(
    ("settings", "within"),
    [
        pytest.param({"bandwidth_m": 10_000}, 2e-3, id="gaussian"),
        pytest.param({"bandwidth_m": 28_000, "kernel": "quartic"}, 2e-3, id="quartic"),
        pytest.param({"bandwidth_m": 25_000, "kernel": "epanechnikov"}, 1e-2, id="epanechnikov"),
        pytest.param({"bandwidth_m": 10_000, "weights": np.arange(400.0) % 3}, 2e-3, id="weighted"),
    ],
)
def test_surface_is_the_exact_sum_at_every_cell(settings, within):
    x, y = towns()

    surface = density_surface(x, y, GRID, **settings)

    expected = exact(x, y, **settings)
    busy = expected > expected.max() / 20
    assert np.percentile(np.abs(surface[busy] / expected[busy] - 1), 99) < within


def test_adaptive_surface_is_the_exact_sum_within_half_a_percent():
    x, y = towns()
    widths = adaptive_bandwidths(x, y, pilot_m=9_000)
    assert np.ptp(widths) > 5_000

    surface = density_surface(x, y, GRID, bandwidth_m=widths)

    expected = exact(x, y, bandwidth_m=widths)
    busy = expected > expected.max() / 20
    np.testing.assert_allclose(surface[busy], expected[busy], rtol=5e-3)


@pytest.mark.parametrize("edge", ["uniform", "jones-diggle"])
def test_edge_corrections_by_mask_and_by_formula_agree(edge):
    x, y = towns()
    everything = Mask(GRID, np.ones(GRID.shape, dtype=bool))
    frame = Rectangle(10_000, 110_000, 10_000, 90_000)

    surface = density_surface(x, y, GRID, bandwidth_m=8_000, area=everything, edge=edge)

    expected = exact(x, y, bandwidth_m=8_000, area=frame, edge=edge)
    busy = expected > expected.max() / 50
    np.testing.assert_allclose(surface[busy], expected[busy], rtol=3e-3)


@pytest.mark.parametrize(
    ("kernel", "within"),
    [
        pytest.param("gaussian", 1e-9, id="gaussian"),
        # A kernel with a rim leaves ripples below zero beyond it, which are cut off.
        pytest.param("quartic", 1e-5, id="quartic"),
    ],
)
def test_jones_diggle_adds_up_to_the_number_of_events_whatever_the_coast(kernel, within):
    x, y = towns()
    x, y = x[x < 69_000], y[x < 69_000]
    land = Mask(GRID, WEST & (CELLS[1] + CELLS[0] < 160_000))
    x, y = x[x + y < 159_000], y[x + y < 159_000]
    widths = adaptive_bandwidths(x, y, pilot_m=12_000)

    for bandwidth in (12_000, widths):
        surface = density_surface(
            x, y, GRID, bandwidth_m=bandwidth, kernel=kernel, area=land, edge="jones-diggle"
        )
        assert np.nansum(surface) == pytest.approx(len(x), rel=within)
        assert (np.isnan(surface) == ~land.inside).all()


def test_uniform_correction_keeps_an_even_spread_even_up_to_the_coast():
    # An event in every cell on land: one a km², on the coast as inland.
    land = Mask(GRID, WEST)
    x, y = (axis[WEST] for axis in CELLS)

    plain = density_surface(x, y, GRID, bandwidth_m=5_000, area=land)
    even = density_surface(x, y, GRID, bandwidth_m=5_000, area=land, edge="uniform")

    assert even[WEST] == pytest.approx(1, rel=1e-9)
    assert plain[40, 59] == pytest.approx(0.54, abs=0.01)
    assert np.isnan(even[~WEST]).all()
    assert np.isnan(plain[~WEST]).all()


def test_events_beyond_the_grid_count_as_far_as_their_kernel_reaches():
    north = density_surface([60_000], [94_000], GRID, bandwidth_m=5_000)
    away = density_surface([60_000], [900_000], GRID, bandwidth_m=5_000)

    exactly = density_at([60_000], [94_000], [60_500], [89_500], bandwidth_m=5_000)
    assert north[0, 50] == pytest.approx(exactly[0], rel=2e-3)
    assert (away == 0).all()


def test_no_events_make_an_empty_surface():
    assert (density_surface([], [], GRID, bandwidth_m=5_000) == 0).all()
    blank = density_surface([], [], GRID, bandwidth_m=5_000, area=Mask(GRID, WEST), edge="uniform")
    assert (blank[WEST] == 0).all()


def test_far_from_all_events_there_is_nothing_and_not_the_noise_of_the_transform():
    surface = density_surface([12_000], [88_000], GRID, bandwidth_m=5_000)

    assert (surface >= 0).all()
    assert (surface[-1, -1], surface[-1, 0]) == (0, 0)


def test_a_surface_lies_north_up():
    surface = density_surface([10_500], [89_500], GRID, bandwidth_m=4_000)

    assert np.unravel_index(surface.argmax(), surface.shape) == (0, 0)


def test_relative_risk_is_zero_where_events_follow_people_and_log_two_where_twice_as_many():
    # Two far towns with as many people each; two events of three in the west.
    people = [30_000, 90_000], [50_000, 50_000]
    events = [30_000, 30_000, 90_000], [50_000, 50_000, 50_000]

    risk = log_ratio_surface(
        events, people, GRID, bandwidth_m=5_000, other_weights=[500, 500], area=Mask(GRID, WEST)
    )
    none = log_ratio_surface(people, people, GRID, bandwidth_m=5_000)

    at_west = values_at(risk, GRID, [30_000], [50_000])
    assert at_west == pytest.approx(np.log((2 / 3) / (1 / 2)), rel=1e-6)
    assert np.isnan(risk[~WEST]).all()
    assert np.nanmax(np.abs(none)) < 1e-9
    assert np.isnan(none[0, 0])


def test_a_ratio_needs_both_sides():
    with pytest.raises(SettingsError, match="both sides"):
        log_ratio_surface(([], []), ([1], [1]), GRID, bandwidth_m=5_000)
    with pytest.raises(SettingsError, match="both sides"):
        log_ratio_surface(([1], [1]), ([1], [1]), GRID, bandwidth_m=5_000, other_weights=[0])


def test_e10_memory_is_refused_before_the_work_with_the_way_out(monkeypatch):
    monkeypatch.setattr(grid_module.Plan, "heap", lambda *_: pytest.fail("work began"))
    fine = Grid.covering(0, 3_130_000, 0, 2_159_000, cell_m=100)

    with pytest.raises(SettingsError, match=r"GiB, more than the limit of 2 GiB; choose larger"):
        density_surface([1], [1], fine, bandwidth_m=10_000)


def test_e10_a_bandwidth_below_the_cells_is_refused():
    with pytest.raises(SettingsError, match=r"1\.75 cells of 1000 m; choose smaller cells"):
        density_surface([1], [1], GRID, bandwidth_m=1_500)
    with pytest.raises(SettingsError, match="spreads over 1414 m"):
        density_surface([1], [1], GRID, bandwidth_m=4_000, kernel="quartic")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            lambda: density_surface([1], [1], GRID, bandwidth_m=5e3, edge="uniform"),
            "needs a study area",
            id="no area",
        ),
        pytest.param(
            lambda: density_surface(
                [1, 2], [1, 2], GRID, bandwidth_m=[5e3, 6e3], area=Mask(GRID, WEST), edge="uniform"
            ),
            "one bandwidth",
            id="uniform adaptive",
        ),
        pytest.param(
            lambda: density_surface(
                [95_000], [50_000], GRID, bandwidth_m=5e3, area=Mask(GRID, WEST),
                edge="jones-diggle",
            ),
            "1 of 1 events lie outside",
            id="in the sea",
        ),
        pytest.param(
            lambda: density_surface(
                [1], [1], Grid(0, 0, 1, 2, 2), bandwidth_m=5, area=Mask(GRID, WEST)
            ),
            "another grid",
            id="another grid",
        ),
        pytest.param(lambda: Mask(GRID, np.ones((2, 2), dtype=bool)), "needs true", id="small"),
        pytest.param(lambda: Mask(GRID, np.ones(GRID.shape)), "float64", id="numbers"),
        pytest.param(lambda: Grid(0, 0, 0, 1, 1), "no grid", id="no cell"),
        pytest.param(lambda: Grid.covering(5, 1, 0, 1, cell_m=1), "no grid of 1 m", id="reversed"),
        pytest.param(lambda: values_at(np.ones((2, 2)), GRID, [1], [1]), "not on a grid", id="off"),
    ],
)  # fmt: skip
def test_surfaces_that_cannot_be_had_are_refused(call, message):
    with pytest.raises(SettingsError, match=message):
        call()


def test_a_million_events_take_no_more_memory_than_stated():
    # What one surface of all Mexico at 1 km needs, by the estimate that refuses.
    whole = Grid.covering(911_000, 4_082_000, 319_000, 2_349_000, cell_m=1_000)
    plan = grid_module.Plan.of(whole, np.array([10_000.0]), "gaussian")

    needed = plan.shape[0] * plan.shape[1] * grid_module._BYTES_PER_CELL
    assert needed < 0.4 * 1024**3


@given(
    st.lists(st.tuples(st.floats(0, 120_000), st.floats(0, 100_000)), min_size=1, max_size=9),
    st.floats(4_000, 15_000),
)
def test_surface_and_points_agree_for_any_events(points, bandwidth):
    x, y = np.array(points).T

    surface = density_surface(x, y, GRID, bandwidth_m=bandwidth)

    # Of the height of the events' humps; a bandwidth of 4 cells is off by up to 0.3 % of it.
    expected = exact(x, y, bandwidth_m=bandwidth)
    assert np.abs(surface - expected).max() <= 5e-3 * 1e6 / (2 * np.pi * bandwidth**2) * len(x)
