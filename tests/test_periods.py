"""Calendar periods, windows and person-time."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import periods
from geo.errors import PeriodError
from geo.periods import Window
from tests import shared

days = st.dates(dt.date(1989, 1, 1), dt.date(2035, 12, 31))
kinds = st.sampled_from(periods.KINDS)


@pytest.mark.parametrize(
    ("kind", "date", "label"),
    [
        pytest.param("year", "2024-02-29", "2024", id="leap day"),
        pytest.param("quarter", "2024-03-31", "2024-Q1", id="last day of a quarter"),
        pytest.param("month", "2024-09-09", "2024-09", id="month"),
        pytest.param("week", "2024-12-30", "2025-W01", id="e14 iso week of the next year"),
        pytest.param("week", "2021-01-03", "2020-W53", id="e14 53rd week"),
        pytest.param("acled-week", "2024-09-07", "2024-09-07", id="e14 saturday starts the week"),
        pytest.param("acled-week", "2024-09-06", "2024-08-31", id="e14 friday ends the week"),
    ],
)
def test_e14_date_falls_in_the_period_that_the_calendar_says(kind, date, label):
    assert periods.labels(pd.Series(pd.to_datetime([date])), kind).tolist() == [label]


@given(days, kinds)
def test_bounds_of_a_label_hold_the_day_it_was_made_from(day, kind):
    [label] = periods.labels(pd.Series(pd.to_datetime([day])), kind)

    start, end = periods.bounds(label)

    assert start <= pd.Timestamp(day) < end


@given(days, days, kinds)
def test_periods_of_a_calendar_follow_one_another_without_gap(first, last, kind):
    first, last = min(first, last), max(first, last)

    table = periods.calendar(kind, first, last)

    assert (table["start"].iloc[1:].to_numpy() == table["end"].iloc[:-1].to_numpy()).all()
    assert table["start"].iloc[0] <= pd.Timestamp(first)
    assert table["end"].iloc[-1] > pd.Timestamp(last)
    assert table["complete"].all()
    assert table["period"].is_unique


@given(days, days, days)
def test_lengths_of_adjoining_intervals_add_up(a, b, c):
    a, b, c = sorted([a, b, c])

    whole = periods.years_between(a, c)

    assert whole == pytest.approx(periods.years_between(a, b) + periods.years_between(b, c))


@pytest.mark.parametrize("case", shared.cases("person_time"), ids=lambda c: c.get("label"))
def test_person_time_agrees_with_the_oracle(case):
    after = pd.Timestamp(case["end"]) + pd.Timedelta(days=1)
    through = case["data_through"]
    covered = min(after, pd.Timestamp(through) + pd.Timedelta(days=1)) if through else after

    years = periods.years_between(case["start"], max(covered, pd.Timestamp(case["start"])))

    whole = periods.years_between(case["start"], after)
    assert years == pytest.approx(case["years"], rel=1e-12)
    if isinstance(case["population"], int):
        assert years * case["population"] == pytest.approx(case["person_years"], rel=1e-12)
    assert (covered >= after) == case["complete"]
    assert years / whole == pytest.approx(case["coverage"], rel=1e-12)


@pytest.mark.parametrize("case", shared.cases("person_time"), ids=lambda c: c.get("label"))
def test_days_by_365_25_are_another_convention(case):
    if not isinstance(case["population"], int):
        pytest.skip("people of several years")
    by_mean_year = case["population"] * case["days"] / 365.25

    assert by_mean_year == pytest.approx(case["person_years_365_25"], rel=1e-12)
    # Never far apart, and never the same: a common year is 0.07 % short of one by the mean year.
    assert by_mean_year == pytest.approx(case["person_years"], rel=0.0021)
    assert by_mean_year != pytest.approx(case["person_years"], rel=1e-5) or not case["days"]


@pytest.mark.parametrize("text", ["03/04/2024", "2024", "2024-06", "20240609", "June 9", "now", ""])
def test_b2_day_that_has_two_readings_or_is_not_whole_is_refused(text):
    with pytest.raises(PeriodError, match="is not a date; write it as 2024-09-09"):
        periods.day(text)


def test_e5_last_period_is_cut_at_the_last_day_with_data():
    table = periods.calendar("month", "2024-01-10", "2024-03-31", data_through="2024-02-15")

    assert table["period"].tolist() == ["2024-01", "2024-02"]
    assert table["complete"].tolist() == [True, False]
    assert table["end"].dt.date.tolist() == [dt.date(2024, 2, 1), dt.date(2024, 2, 16)]
    np.testing.assert_allclose(table["coverage"], [1, 15 / 29])
    np.testing.assert_allclose(table["years"], [31 / 366, 15 / 366])


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-Q5", "2021-W53", "2024-09-08", "last year", "", "24"]
)
def test_text_that_is_no_period_is_refused(text):
    with pytest.raises(PeriodError, match="is not a period"):
        periods.bounds(text)


def test_window_of_two_days_includes_both():
    window = Window.parse("2024-09-09/2024-09-10")

    days = pd.Series(pd.to_datetime(["2024-09-08", "2024-09-09", "2024-09-10", "2024-09-11"]))
    assert window.holds(days).tolist() == [False, True, True, False]
    assert window.days == 2


@given(days, days)
def test_label_of_a_window_is_read_as_the_same_window(a, b):
    window = Window(pd.Timestamp(min(a, b)), pd.Timestamp(max(a, b)) + pd.Timedelta(days=1))

    assert Window.parse(window.label) == window


def test_window_that_ends_before_it_starts_is_refused():
    with pytest.raises(PeriodError, match="must end after it starts"):
        Window.parse("2024-12-31/2024-01-01")
