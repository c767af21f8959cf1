"""Density of events per km² and year: how many, where, of whom, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.errors import (
    DataWarning,
    PeriodError,
    PeriodWarning,
    PrecisionWarning,
    SchemaError,
    SettingsError,
)
from geo.stats.surface import values_at
from geo.steps.land import covering_grid, land_mask, plane_areas
from geo.steps.surface import AT_SEA, event_density
from tests import surfaces
from tests.surfaces import MIDDLE, areas, located, many


def density(events, **how):
    asked = {"window": "2024", "areas": areas(), "cell_m": 2_000, "bandwidth_m": 10_000, **how}
    return event_density(events, data_through="2024-12-31", **asked)


def total(surface):
    """Return the events that a surface adds up to."""
    cell_km2 = (surface.grid.cell_m / 1_000) ** 2
    return float(np.nansum(surface.values)) * cell_km2 * surface.years


def at(surface, point):
    easting, northing = crs.project(*map(np.array, point))
    return float(values_at(surface.values, surface.grid, [easting], [northing])[0])


# --- how many ---------------------------------------------------------------------------------


def test_density_where_all_events_are_is_that_of_the_kernel():
    found = density(many(30))

    # 30 events in a year, a Gaussian of 10 km far from any edge: 30 / (2 pi 10²) per km².
    assert at(found, MIDDLE) == pytest.approx(30 / (200 * math.pi), rel=0.01)
    assert (found.unit, found.events, found.years) == ("events per km² per year", 30, 1.0)
    assert found.band == "density of events, 2024"


def test_half_a_year_of_as_many_events_is_twice_as_dense():
    year = density(many(30))
    half = density(many(30, event_date="2024-07-01"), window="2024-07-01/2024-12-31")

    assert half.years == pytest.approx(184 / 366)
    assert at(half, MIDDLE) == pytest.approx(at(year, MIDDLE) * 366 / 184)


def test_quartic_kernel_ends_at_its_radius():
    found = density(many(30), kernel="quartic", bandwidth_m=40_000)

    # 3 / (pi R²) at its center.
    assert at(found, MIDDLE) == pytest.approx(30 * 3 / (math.pi * 1_600), rel=0.01)
    assert at(found, (MIDDLE[0], MIDDLE[1] + 0.34)) > 0
    assert at(found, (MIDDLE[0], MIDDLE[1] + 0.39)) == 0


@pytest.mark.parametrize("kernel", ["gaussian", "quartic"])
@pytest.mark.parametrize("adaptive", [False, True])
def test_surface_adds_up_to_the_events_also_at_an_edge(kernel, adaptive):
    edge = [(-102.999, 23.4)] * 12 + [(-102.5, 23.001)] * 12 + [(-101.5, 23.5)] * 6

    found = density(located(*edge), kernel=kernel, bandwidth_m=30_000, adaptive=adaptive)

    assert total(found) == pytest.approx(30, rel=3e-4)


places = st.lists(
    st.sampled_from([(-102.9, 23.1), (-102.5, 23.5), (-102.1, 23.9), (-101.2, 23.4)]),
    min_size=1,
    max_size=8,
)


@given(places, st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_surface_adds_up_and_does_not_know_the_order_of_rows(points, random):
    events = located(*points)
    found = density(events, cell_m=5_000)
    shuffled = events.sample(frac=1, random_state=random.randrange(2**31))

    assert total(found) == pytest.approx(len(points), rel=1e-4)
    np.testing.assert_array_equal(density(shuffled, cell_m=5_000).values, found.values)


@pytest.mark.filterwarnings("ignore::geo.errors.PrecisionWarning")
def test_sums_of_many_places_do_not_know_the_order_of_rows():
    rng = np.random.default_rng(8)
    events = located(*zip(rng.normal(-102.5, 0.05, 300), rng.normal(23.5, 0.05, 300), strict=True))

    shuffled = density(events.sample(frac=1, random_state=4), adaptive=True)

    np.testing.assert_array_equal(shuffled.values, density(events, adaptive=True).values)


def test_nothing_is_said_outside_the_land():
    found = density(many(30))

    mask = land_mask(plane_areas(areas()), found.grid)
    np.testing.assert_array_equal(np.isfinite(found.values), mask.inside)
    # The squares are about 102 and 101 km wide and 111 km high.
    assert mask.inside.sum() * 4 == pytest.approx(2 * 102 * 111, rel=0.02)


def test_land_is_what_has_its_center_there():
    land = plane_areas(areas())
    grid = covering_grid(land, 5_000)

    inside = land_mask(land, grid).inside

    east, north = np.meshgrid(*grid.centers())
    union = shapely.union_all(land.geometry.to_numpy())
    np.testing.assert_array_equal(inside, shapely.contains_xy(union, east, north))


# --- how far ----------------------------------------------------------------------------------


def test_bandwidth_is_chosen_with_a_floor_of_10_km():
    found = event_density(many(30), areas=areas(), data_through="2024-12-31", window="2024",
                          cell_m=5_000)  # fmt: skip

    # One place: h = sqrt(area / (2 pi)), of two squares of about 11,300 km².
    assert found.bandwidth_m == pytest.approx(1_000 * math.sqrt(22_600 / (2 * math.pi)), rel=0.02)
    assert found.chosen is not None
    assert not found.chosen.at_floor
    spread = [(-102.9 + 0.1 * i, 23.05 + 0.1 * j) for i in range(18) for j in range(10)]
    floor = event_density(located(*spread), areas=areas(), cell_m=5_000)
    assert (floor.bandwidth_m, floor.chosen.at_floor) == (10_000, True)


def test_chosen_radius_of_a_quartic_kernel_spreads_as_far():
    how = {"areas": areas(), "cell_m": 5_000}
    gaussian = event_density(many(30), **how)
    quartic = event_density(many(30), kernel="quartic", **how)

    assert quartic.bandwidth_m == pytest.approx(gaussian.bandwidth_m * math.sqrt(8))


def test_adaptive_bandwidths_are_longer_where_events_are_few_and_never_below_10_km():
    events = located(*[(-102.7, 23.5)] * 36, (-101.3, 23.5))
    fixed, own = (density(events, bandwidth_m=20_000, adaptive=which) for which in (False, True))

    assert at(own, (-101.3, 23.5)) < at(fixed, (-101.3, 23.5))
    # 36 at one place are 36 times as dense; the middle is drawn to them, and 20 km shrink little.
    assert at(own, (-102.7, 23.5)) > at(fixed, (-102.7, 23.5))
    floor = density(events, bandwidth_m=10_000, adaptive=True)
    assert at(floor, (-102.7, 23.5)) == pytest.approx(36 / (200 * math.pi), rel=0.01)


# --- of whom ----------------------------------------------------------------------------------


def test_near_places_count_from_25_km_on():
    events = pd.concat(
        [many(30), many(10, geo_precision="near").assign(event_id=[f"N{i}" for i in range(10)])]
    )

    with pytest.warns(PrecisionWarning, match=r"10 of 40 events .* \(place known to: near: 10\)"):
        found = density(events, bandwidth_m=24_000)
    assert (found.events, found.left_out) == (30, {"place known to: near": 10})
    assert density(events, bandwidth_m=25_000).events == 40
    # A quartic radius of 29 km spreads over 10 km only.
    with pytest.warns(PrecisionWarning, match="left out"):
        found = density(events, bandwidth_m=29_000, kernel="quartic")
    assert found.events == 30


def test_near_places_never_count_where_bandwidths_may_be_short():
    events = located(*[MIDDLE] * 31, geo_precision=["exact"] * 30 + ["near"])

    with pytest.warns(PrecisionWarning, match="near: 1"):
        assert density(events, bandwidth_m=30_000, adaptive=True).events == 30


def test_events_elsewhere_are_left_out_and_said():
    events = located(*[MIDDLE] * 25, (-101.5, 23.5))

    with pytest.warns(PrecisionWarning, match="1 of 26 .*outside the study area: 1"):
        found = density(events, areas=areas([surfaces.WEST]))

    assert found.events == 25


def test_event_far_out_at_sea_is_left_out_and_said():
    # Assigned to the square, 1.5 degrees off its edge: nothing of its kernel is on land.
    events = located(*[MIDDLE] * 25, (-104.5, 23.5))

    with pytest.warns(PrecisionWarning, match=AT_SEA):
        found = density(events)

    assert (found.events, found.left_out) == (25, {AT_SEA: 1})
    assert total(found) == pytest.approx(25)


def test_events_of_other_days_are_no_events_left_out():
    events = located(*[MIDDLE] * 26, event_date=["2023-05-01"] * 4 + ["2024-05-01"] * 22)

    found = density(events)

    assert (found.events, found.left_out) == (22, {})


def test_few_events_are_said_to_show_the_kernel():
    with pytest.warns(DataWarning, match="a surface of 3 events shows the kernel"):
        density(many(3))


# --- when -------------------------------------------------------------------------------------


def test_window_past_the_data_is_cut_and_said():
    with pytest.warns(PeriodWarning, match="2024 reaches past the data and is cut to 2024-02-01/"):
        found = event_density(
            many(30), window="2024", data_from="2024-02-01", areas=areas(), bandwidth_m=10_000
        )

    assert found.window == "2024-02-01/2024-07-01"
    assert found.years == pytest.approx(152 / 366)


def test_window_outside_the_data_is_refused():
    with pytest.raises(PeriodError, match="the window 2030 lies outside the data, which end on"):
        event_density(many(30), window="2030", areas=areas())


def test_all_days_of_the_data_are_the_window_unless_given():
    found = event_density(
        many(30), data_from="2024-01-01", data_through="2024-12-31", areas=areas(),
        bandwidth_m=10_000,
    )  # fmt: skip

    assert (found.window, found.years) == ("2024", 1.0)


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param({"cell_m": 20}, r"GiB, more than the limit of 2 GiB", id="E10 memory"),
        pytest.param({"cell_m": 10_000}, r"less than 1.75 cells", id="E10 bandwidth below cell"),
        pytest.param({"cell_m": 0}, "a cell must be longer than 0 m", id="no cell"),
        pytest.param({"bandwidth_m": -1}, "a bandwidth must be longer", id="negative bandwidth"),
        pytest.param({"kernel": "cosine"}, "'cosine' is no kernel", id="kernel"),
        pytest.param({"window": "2023"}, "no event to make a surface of", id="E10 no event"),
        pytest.param({"areas": areas().iloc[:0]}, "one area or more; 0 are given", id="no area"),
    ],
)
def test_what_cannot_be_drawn_is_refused(how, said, monkeypatch):
    def work(*_):
        raise AssertionError("the work began")

    monkeypatch.setattr("geo.steps.surface.land_mask", work)
    with pytest.raises(SettingsError, match=said):
        density(many(30), **how)


def test_too_large_cells_hold_no_center_of_the_land():
    with pytest.raises(SettingsError, match="no center of a cell of 500000 m lies in"):
        density(many(30), cell_m=500_000, bandwidth_m=900_000)


def test_events_without_an_exact_place_are_refused_with_a_cure():
    with pytest.raises(SettingsError, match=r"none of 4 .*\(place known to: state: 4\).*25 km"):
        density(many(4, geo_precision="state"))


def test_bandwidth_finer_than_the_coordinates_is_said():
    with pytest.warns(PrecisionWarning, match="spreads over 5 km.*not known better than 10 km"):
        density(many(30), bandwidth_m=5_000, cell_m=1_000)


def test_table_that_breaks_its_contract_is_refused():
    with pytest.raises(SchemaError, match="'point_cvegeo' is missing"):
        density(many(30).drop(columns="point_cvegeo"))


def test_country_is_the_study_area_unless_given():
    found = event_density(
        many(30, point=(-107.39, 24.8))
        .assign(point_cvegeo="25006")
        .astype({"point_cvegeo": "str"}),
        cell_m=20_000,
        bandwidth_m=50_000,
    )

    km2 = float(np.isfinite(found.values).sum()) * 400
    assert km2 == pytest.approx(1_956_000, rel=0.01)
    assert total(found) == pytest.approx(30)
