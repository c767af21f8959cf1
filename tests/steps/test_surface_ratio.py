"""Events relative to people, and of one window relative to another."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from geo import crs
from geo.errors import ExposureError, PeriodError, SettingsError
from geo.stats.surface import values_at
from geo.steps.surface_ratio import density_change, relative_risk
from tests import toy
from tests.surfaces import MIDDLE, areas, located

RIGHT = (-101.5, 23.5)
HOW = {"areas": areas(), "cell_m": 5_000, "bandwidth_m": 20_000, "data_through": "2024-12-31"}


def change(points, days, **how):
    events = located(*points, event_date=days)
    return density_change(events, **{**HOW, "base": 2023, "comparison": 2024, **how})


def at(surface, point):
    easting, northing = crs.project(*map(np.array, point))
    return float(values_at(surface.values, surface.grid, [easting], [northing])[0])


def two_years(before, after):
    """Return points and days of so many events in the middle and on the right."""
    points, days = [], []
    for year, numbers in ((2023, before), (2024, after)):
        for point, n in zip((MIDDLE, RIGHT), numbers, strict=True):
            points += [point] * n
            days += [f"{year}-01-01"] * n
    return points, days


def test_as_many_events_in_both_windows_are_no_change():
    found = change(*two_years((30, 30), (30, 30)), data_from="2023-01-01")

    # 365 and 366 days: whole years both.
    assert np.nanmax(np.abs(found.values)) < 1e-12
    assert (found.base, found.window, found.base_events, found.events) == ("2023", "2024", 60, 60)


def test_change_at_a_place_is_that_of_its_events_with_half_a_one_added():
    found = change(*two_years((20, 40), (60, 0)), data_from="2023-01-01")

    # 60 events on either side. Within reach of the kernel, 4 pi h², at its center there are twice
    # as many as happened at the place: 120 + 1/2 for 40 + 1/2, and 1/2 for 80 + 1/2.
    assert at(found, MIDDLE) == pytest.approx(math.log(120.5 / 40.5), abs=0.05)
    assert at(found, RIGHT) == pytest.approx(math.log(0.5 / 80.5), abs=0.1)


def test_twice_the_events_everywhere_are_0_69_everywhere():
    found = change(*two_years((20, 20), (40, 40)), data_from="2023-01-01")

    assert found.values[np.isfinite(found.values)] == pytest.approx(math.log(2))


def test_shorter_window_counts_by_the_year():
    points, days = two_years((20, 20), (20, 20))
    found = change(points, days, comparison="2024-Q1", data_from="2023-01-01")

    year = 91 / 366
    assert found.values[np.isfinite(found.values)] == pytest.approx(math.log(1 / year))


def test_swapped_windows_have_the_opposite_sign():
    points, days = two_years((20, 40), (45, 5))
    forth = change(points, days, data_from="2023-01-01")
    back = change(points, days, data_from="2023-01-01", base=2024, comparison=2023)

    np.testing.assert_allclose(back.values, -forth.values, atol=1e-12)


def test_nothing_is_said_where_fewer_than_three_events_are_near():
    points, days = two_years((30, 1), (30, 0))
    found = change(points, days, data_from="2023-01-01")

    assert math.isnan(at(found, RIGHT))
    assert math.isfinite(at(found, MIDDLE))


@pytest.mark.parametrize(
    ("numbers", "how", "error", "said"),
    [
        pytest.param(((30, 0), (0, 0)), {}, SettingsError, "2024 has none", id="no event after"),
        pytest.param(
            ((30, 0), (30, 0)), {"comparison": "2023-Q4"}, PeriodError, "overlap", id="overlap"
        ),
        pytest.param(((30, 0), (30, 0)), {"cell_m": 10}, SettingsError, "GiB", id="E10 memory"),
    ],
)
def test_change_that_cannot_be_drawn_is_refused(numbers, how, error, said):
    with pytest.raises(error, match=said):
        change(*two_years(*numbers), data_from="2023-01-01", **how)


# --- people -----------------------------------------------------------------------------------


def risk(points, people, **how):
    """Return the relative risk of events of 2024 and of people in two real municipalities."""
    table = toy.population(people, [2024])
    return relative_risk(located(*points), table, **{**HOW, "window": "2024", "areas": None, **how})


CULIACAN, MAZATLAN = (-107.4, 24.8), (-106.4, 23.25)
NAMES = {"25006": CULIACAN, "25012": MAZATLAN}


def of_sinaloa(n_first, n_second):
    events = located(*[CULIACAN] * n_first, *[MAZATLAN] * n_second)
    codes = ["25006"] * n_first + ["25012"] * n_second
    return events.assign(point_cvegeo=pd.Series(codes, index=events.index, dtype="str"))


def country_risk(n_first, n_second, people):
    return relative_risk(
        of_sinaloa(n_first, n_second),
        toy.population(people, [2024]),
        window="2024",
        data_through="2024-12-31",
        cell_m=20_000,
        bandwidth_m=50_000,
    )


@pytest.mark.filterwarnings("ignore:the population of 2463 of 2465:geo.errors.DataWarning")
def test_events_in_proportion_to_people_are_a_risk_of_one_and_more_are_more():
    even = country_risk(30, 30, {"25006": 1e6, "25012": 1e6})
    skewed = country_risk(50, 10, {"25006": 1e6, "25012": 1e6})

    # The points of the people lie some km from the towns, far less than the kernel.
    assert abs(at(even, CULIACAN)) < 0.25
    assert at(skewed, CULIACAN) - at(even, CULIACAN) == pytest.approx(math.log(50 / 30), abs=0.1)
    assert at(skewed, MAZATLAN) - at(even, MAZATLAN) == pytest.approx(math.log(10 / 30), abs=0.15)
    assert even.people == pytest.approx(2e6)
    assert even.unit == "natural logarithm of observed / expected events"


@pytest.mark.filterwarnings("ignore:the population of 2463 of 2465:geo.errors.DataWarning")
def test_more_people_for_the_same_events_are_less_risk():
    even = country_risk(30, 30, {"25006": 1e6, "25012": 1e6})
    more = country_risk(30, 30, {"25006": 3e6, "25012": 1e6})

    assert at(more, CULIACAN) < at(even, CULIACAN) - 0.3
    # Scaling all people alike changes nothing.
    same = country_risk(30, 30, {"25006": 2e6, "25012": 2e6})
    np.testing.assert_allclose(same.values, even.values, atol=1e-12)


def test_year_without_population_is_refused():
    with pytest.raises(ExposureError, match="needs the population of 2024"):
        relative_risk(
            of_sinaloa(20, 20),
            toy.population({"25006": 1e6}, [2020]),
            window="2024",
            data_through="2024-12-31",
            cell_m=20_000,
            bandwidth_m=50_000,
        )


@pytest.mark.filterwarnings("ignore::geo.errors.ExposureWarning")
def test_nobody_at_all_is_refused():
    with pytest.raises(ExposureError, match="nobody is known to live in the study area"):
        country_risk(20, 20, {"09002": 0})


def test_bandwidth_of_a_relative_risk_has_a_floor_of_25_km():
    spread = [(-102.9 + 0.1 * i, 23.05 + 0.1 * j) for i in range(18) for j in range(10)]

    with pytest.raises(ExposureError, match="nobody is known"):
        risk(spread, {"09002": 1.0}, areas=areas(), bandwidth_m=None)
