from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import crs
from geo.errors import SettingsError
from geo.stats.bandwidth import adaptive_bandwidths, choose_bandwidth, scott_bandwidth
from geo.stats.density import Rectangle, density_at, log_density_ratio
from tests import shared


def table(name):
    """Return the columns of a shared CSV file as arrays."""
    with shared.path(f"oracles/{name}").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        column: np.array([float(row[column]) if row[column] != "NA" else np.nan for row in rows])
        for column in rows[0]
    }


def test_density_agrees_with_the_exact_sums_and_with_spatstat():
    oracle = shared.oracle("kde")
    [case], allowed = oracle["cases"], oracle["tolerance"]
    events, at = table(case["events_csv"]), table(case["eval_csv"])
    rounded = events["x_6372"], events["y_6372"]
    h, area = case["h_gaussian_m"], Rectangle(*case["window"])

    # The sums were made from degrees; a tenth of a millimeter shows in the sixth point, 50 km
    # from all events, before the eighth digit.
    x, y = crs.project(events["lon"], events["lat"])
    np.testing.assert_allclose((x, y), rounded, rtol=0, atol=allowed["coordinates_m"])
    widths = adaptive_bandwidths(x, y, pilot_m=h)
    np.testing.assert_allclose(widths, events["abramson_h"], rtol=allowed["density_rel"])

    def check(name, rel=allowed["density_rel"], places=(x, y), **settings):
        found = density_at(*places, at["x"], at["y"], **({"bandwidth_m": h} | settings))
        np.testing.assert_allclose(found, at[name], rtol=rel, atol=0)

    check("gaussian")
    check("gaussian", allowed["density_from_lonlat_rel"], rounded)
    check("gaussian_weighted", weights=events["weight"])
    check("quartic", bandwidth_m=case["radius_quartic_m"], kernel="quartic")
    check("epanechnikov", bandwidth_m=case["radius_quartic_m"], kernel="epanechnikov")
    check("adaptive_gaussian", bandwidth_m=widths)
    check("edge_uniform", area=area, edge="uniform")
    check("edge_jones_diggle", area=area, edge="jones-diggle")


def test_log_relative_risk_agrees_with_the_exact_sums():
    oracle = shared.oracle("kde")
    [case] = oracle["cases"]
    events, people = table(case["events_csv"]), table(case["controls_csv"])
    at, h = table(case["eval_csv"]), case["h_relative_risk_m"]

    of_events = density_at(events["x_6372"], events["y_6372"], at["x"], at["y"], bandwidth_m=h)
    of_people = density_at(
        people["x"], people["y"], at["x"], at["y"], bandwidth_m=h, weights=people["population"]
    )
    found = log_density_ratio(
        of_events / len(events["x_6372"]), of_people / people["population"].sum()
    )

    np.testing.assert_allclose(
        found, at["log_relative_risk"], rtol=oracle["tolerance"]["density_rel"]
    )


def test_scott_and_the_pilot_agree_with_r():
    [case] = shared.oracle("kde")["cases"]
    events = table(case["events_csv"])
    x, y = events["x_6372"], events["y_6372"]

    assert scott_bandwidth(x, y) == pytest.approx(case["scott_bandwidth_m"], rel=1e-8)
    pilot = density_at(x, y, x, y, bandwidth_m=case["h_gaussian_m"]) / len(x) / 1e6
    middle = math.exp(np.log(pilot).mean())
    assert middle == pytest.approx(case["pilot_geometric_mean"], rel=1e-8)


@pytest.mark.parametrize(
    ("kernel", "height", "aside"),
    [
        # 1 / (2 pi 4), and times exp(-1 / 8), per km² at 2 km and 1 km away.
        pytest.param("gaussian", 1 / (8 * math.pi), math.exp(-1 / 8), id="gaussian"),
        pytest.param("quartic", 3 / (4 * math.pi), (3 / 4) ** 2, id="quartic"),
        pytest.param("epanechnikov", 2 / (4 * math.pi), 3 / 4, id="epanechnikov"),
    ],
)
def test_a_lone_event_has_the_shape_of_its_kernel(kernel, height, aside):
    found = density_at([0], [0], [0, 0, 1e6], [0, -1000, 0], bandwidth_m=2000, kernel=kernel)

    assert found == pytest.approx([height, height * aside, 0])


def test_no_events_have_density_zero():
    assert density_at([], [], [1, 2], [3, 4], bandwidth_m=5).tolist() == [0, 0]
    assert density_at([1], [2], [], [], bandwidth_m=5).shape == (0,)
    assert adaptive_bandwidths([], [], pilot_m=5).shape == (0,)


def test_c9_events_on_one_coordinate_are_counted_each():
    five = density_at([3] * 5, [4] * 5, [0], [0], bandwidth_m=5)

    assert five == pytest.approx(density_at([3], [4], [0], [0], bandwidth_m=5, weights=[5]))


def test_edge_correction_makes_up_for_what_lies_outside():
    # An event in the corner: a quarter of its kernel is inside.
    corner = Rectangle(0, 1e5, 0, 1e5)

    def at_corner(**edge):
        return density_at([0], [0], [0, -5], [0, 0], bandwidth_m=1000, **edge)

    plain = at_corner()[0]
    assert at_corner(area=corner, edge="uniform")[0] == pytest.approx(4 * plain)
    assert at_corner(area=corner, edge="jones-diggle")[0] == pytest.approx(4 * plain)
    for edge in ("none", "uniform", "jones-diggle"):
        assert np.isnan(at_corner(area=corner, edge=edge)[1])


def test_ratio_is_missing_where_one_side_is():
    found = log_density_ratio([2, 0, 1, 0, np.nan], [1, 1, 0, 0, 1])

    assert found[0] == pytest.approx(math.log(2))
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"bandwidth_m": 0}, "above zero", id="no bandwidth"),
        pytest.param({"bandwidth_m": [1, 2, 3]}, "3 bandwidths for 2", id="too many bandwidths"),
        pytest.param({"weights": [1, -1]}, "1 of 2 weights", id="negative weight"),
        pytest.param({"weights": [1]}, "1 weights for 2", id="one weight"),
        pytest.param({"kernel": "square"}, "no kernel", id="kernel"),
        pytest.param({"edge": "torus"}, "no edge correction", id="edge"),
        pytest.param({"edge": "uniform"}, "needs a study area", id="no area"),
        pytest.param(
            {"edge": "uniform", "area": Rectangle(0, 9, 0, 9), "bandwidth_m": [1, 2]},
            "one bandwidth",
            id="uniform adaptive",
        ),
        pytest.param(
            {"edge": "uniform", "area": Rectangle(0, 9, 0, 9), "kernel": "quartic"},
            "use a mask",
            id="quartic in a rectangle",
        ),
        pytest.param(
            {"edge": "jones-diggle", "area": Rectangle(0, 1.5, 0, 9), "bandwidth_m": 0.1},
            "1 of 2 events lie outside",
            id="outside",
        ),
    ],
)
def test_densities_that_cannot_be_had_are_refused(change, message):
    with pytest.raises(SettingsError, match=message):
        density_at([1, 2], [3, 4], [1], [1], **({"bandwidth_m": 1} | change))


def test_a_rectangle_without_size_is_refused():
    with pytest.raises(SettingsError, match="no area"):
        Rectangle(5, 5, 0, 1)


def test_e10_too_many_terms_are_refused_before_they_are_summed():
    many = np.arange(70_000.0)

    with pytest.raises(SettingsError, match=r"takes 4900000000 terms.*use a grid"):
        density_at(many, many, many, many, bandwidth_m=1)


def test_bandwidth_makes_one_over_the_density_add_up_to_the_area():
    rng = np.random.default_rng(20240909)
    x, y = rng.normal(0, 30_000, (2, 150))

    found = choose_bandwidth(x, y, 40_000, floor_m=100)

    density = density_at(x, y, x, y, bandwidth_m=found.bandwidth_m)
    assert (1 / density).sum() == pytest.approx(40_000, rel=1e-4)
    assert not found.at_floor


def test_bandwidth_of_two_far_towns_is_that_worked_out_by_hand():
    # Densities n / (2 pi h²): each town adds 2 pi h² whatever its number, together the area.
    x, y = [0] * 30 + [5e6], [0] * 31

    found = choose_bandwidth(x, y, 4 * math.pi * 400, floor_m=1_000)

    assert found.bandwidth_m == pytest.approx(20_000, rel=1e-5)


def test_c9_bandwidth_never_falls_below_the_floor_and_says_so():
    found = choose_bandwidth([0, 1e6], [0, 0], 100)

    assert (found.bandwidth_m, found.at_floor) == (10_000.0, True)
    assert found.found_m == pytest.approx(math.sqrt(1e8 / (4 * math.pi)), rel=1e-4)


def test_many_events_are_taken_together_without_moving_the_bandwidth():
    rng = np.random.default_rng(20240909)
    x, y = rng.normal(0, 40_000, (2, 2_200))

    together = choose_bandwidth(x, y, 40_000, floor_m=5_000)

    # The criterion itself, event by event.
    density = density_at(x, y, x, y, bandwidth_m=together.found_m)
    assert (1 / density).sum() == pytest.approx(40_000, rel=0.02)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(lambda: choose_bandwidth([], [], 5), "one event", id="no event"),
        pytest.param(lambda: choose_bandwidth([1], [1], 0), "the area must", id="no area"),
        pytest.param(lambda: choose_bandwidth([1], [1], 5, floor_m=0), "the floor", id="no floor"),
        pytest.param(lambda: scott_bandwidth([1], [1]), "two events", id="one event"),
        pytest.param(
            lambda: adaptive_bandwidths([1], [1], pilot_m=5, at_most_m=4), "at most 4", id="cap"
        ),
        pytest.param(
            lambda: adaptive_bandwidths([1], [1], pilot_m=5, pilot=[0]), "above zero", id="pilot"
        ),
    ],
)
def test_bandwidths_that_cannot_be_had_are_refused(call, message):
    with pytest.raises(SettingsError, match=message):
        call()


def test_adaptive_bandwidth_is_capped_where_asked():
    widths = adaptive_bandwidths([0] * 9 + [1e7], [0] * 10, pilot_m=100, at_most_m=120)

    # Geometric mean of nine densities 9 and one of 1, in units of the lone one: 9^0.9.
    assert widths[0] == pytest.approx(100 * math.sqrt(9**0.9 / 9))
    assert widths[-1] == 120


spots = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=1, max_size=12)


@given(spots, st.integers(-1000, 1000), st.permutations(range(12)))
def test_density_moves_with_the_events_and_knows_no_order(points, shift, order):
    x, y = np.array(points, dtype=float).T
    order = [place for place in order if place < len(x)]

    here = density_at(x, y, [0.5], [1], bandwidth_m=2)
    there = density_at(
        x[order] + shift, y[order] - shift, [0.5 + shift], [1 - shift], bandwidth_m=2
    )

    assert there == pytest.approx(here, rel=1e-9)


@given(spots, st.sampled_from(["gaussian", "quartic", "epanechnikov"]))
def test_density_adds_up_to_the_number_of_events(points, kernel):
    x, y = np.array(points, dtype=float).T
    side = np.arange(-60, 60, 0.5)
    at = np.meshgrid(side, side)

    found = density_at(x, y, *at, bandwidth_m=7, kernel=kernel)

    assert found.sum() * 0.25 / 1e6 == pytest.approx(len(points), rel=2e-3)


@given(spots)
def test_abramson_bandwidths_have_the_pilot_as_geometric_mean(points):
    x, y = np.array(points, dtype=float).T

    widths = adaptive_bandwidths(x, y, pilot_m=3)

    assert np.exp(np.log(widths).mean()) == pytest.approx(3)
