"""Joined queries: what they ask for on which days, and that no rate hides days not asked for."""

from __future__ import annotations

import functools
import warnings

import pytest
from pandas.testing import assert_frame_equal

import geo
from geo.errors import GeoWarning, SettingsError
from tests.steps.test_query import sample

DAYS = {"2022": 2022, "2023": 2023, "2024": 2024, "2023-24": "2023-01-01/2024-12-31"}


@functools.cache
def every():
    return geo.query(sample())


def year(name, place=None):
    asked = every().in_period(DAYS[name])
    return asked if place is None else asked.within(place)


UNEVEN = [
    pytest.param(lambda: year("2023") | year("2024"), False, id="days that touch"),
    pytest.param(lambda: year("2022") | year("2024"), True, id="a year between"),
    pytest.param(lambda: year("2023", "Sinaloa") | year("2024", "Sonora"), True, id="each its own"),
    pytest.param(lambda: year("2023", "Sinaloa") | year("2023", "Sonora"), False, id="same days"),
    pytest.param(lambda: year("2023", "Sinaloa") | year("2024", "Sinaloa"), False, id="same area"),
    pytest.param(
        lambda: year("2023-24", "Sinaloa") | year("2024", "Culiacán, Sinaloa"),
        False,
        id="one holds the other",
    ),
    pytest.param(lambda: year("2023").with_fatalities() | year("2024"), True, id="kinds"),
    pytest.param(
        lambda: year("2023") | year("2023").with_fatalities(), False, id="kinds, same days"
    ),
    pytest.param(
        lambda: (year("2022") | year("2024")) & every().within("Sinaloa"), True, id="narrowed"
    ),
    pytest.param(lambda: year("2023-24") - year("2024"), False, id="the end taken away"),
    pytest.param(
        lambda: year("2023-24") - every().in_period("2023-06"), True, id="the midst taken away"
    ),
    pytest.param(lambda: year("2023-24") - year("2024", "Sinaloa"), True, id="a year of an area"),
    pytest.param(lambda: year("2023", "Sinaloa") - year("2022"), False, id="days apart"),
    pytest.param(lambda: year("2023") - year("2023", "Sinaloa"), False, id="an area on all days"),
    pytest.param(lambda: year("2023") - every().with_fatalities(), False, id="a kind on all days"),
    pytest.param(lambda: (year("2022") | year("2024")).in_busy_areas(1), True, id="busy"),
]


@pytest.mark.parametrize(("ask", "uneven"), UNEVEN)
def test_no_rate_or_series_where_not_all_is_asked_on_all_days(ask, uneven):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        joined = ask()
        rates, series = lambda: joined.rate("municipality"), lambda: joined.series("year")
        if uneven:
            assert joined.whole_areas == frozenset()
            for answer in (rates, series, lambda: joined.bands("US border", [50])):
                with pytest.raises(SettingsError, match="ask each of the joined queries"):
                    answer()
        else:
            assert len(rates()) > 0
            assert len(series()) > 0


def test_rate_of_days_taken_away_is_that_of_those_left():
    sinaloa = every().within("Sinaloa")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        left = (sinaloa - sinaloa.since("2024-01-01")).rate()
        plain = sinaloa.before("2024-01-01").rate()

    assert_frame_equal(left, plain)
