from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import PeriodWarning
from geo.study.days import covered_days, whole_periods
from geo.study.locating import locate_events
from tests import toy


def found(**filters):
    days = ["2022-12-30", "2023-01-01", "2023-01-06", "2023-01-07", "2023-02-01"]
    events = toy.events(*[(-107.394, 24.809)] * len(days), event_date=days)
    return locate_events(events, filters=filters, data_through="2023-12-31")


def test_study_that_begins_inside_a_week_is_counted_from_the_next_one_on():
    with pytest.warns(PeriodWarning, match="2 events before 2023-01-07 are not counted by acled"):
        weekly = whole_periods(found(since="2023-01-01"), "acled-week")

    assert weekly.settings.filters["since"] == "2023-01-07"
    assert weekly.located["event_date"].min() == pd.Timestamp("2023-01-07")
    assert covered_days(weekly)["first"] == "2023-01-07"


def test_study_that_begins_with_a_month_keeps_every_event_by_month():
    monthly = whole_periods(found(since="2023-01-01"), "month")

    assert monthly.settings.period == "month"
    assert len(monthly.located) == 4


def test_study_without_a_first_day_keeps_every_event():
    assert len(whole_periods(found(), "acled-week").located) == 5
