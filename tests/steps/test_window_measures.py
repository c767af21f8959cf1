from __future__ import annotations

import pytest

from geo import schema
from geo.errors import AreaError, PeriodError
from geo.steps.window_measures import measure_windows
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 10_000}
GIVEN = {
    "base": "2023",
    "comparison": "2024-07-01/2024-12-31",
    "areas": toy.areas(),
    "population": toy.population(PEOPLE, [2023, 2024]),
    "data_from": "2023-01-01",
    "data_through": "2024-12-31",
}


def measured(*rows, **arguments):
    table = measure_windows(toy.located(rows), **{**GIVEN, **arguments})
    schema.MEASURES.check(table)
    return table.set_index(["period", "cvegeo"])


def test_each_window_counts_its_own_days_and_rates_are_annual():
    table = measured(
        (LEFT, "2023-01-01"), (LEFT, "2024-07-01"), (LEFT, "2024-12-31"), (LEFT, "2024-06-30")
    )

    base, comparison = GIVEN["base"], GIVEN["comparison"]
    assert table.loc[(base, LEFT), "events"] == 1
    assert table.loc[(comparison, LEFT), "events"] == 2
    # 184 of 366 days: 2 events / (100,000 x 184 / 366) person-years.
    assert table.loc[(comparison, LEFT), "crude_rate"] == pytest.approx(2 * 366 / 184)
    assert table.loc[(comparison, LEFT), "population"] == pytest.approx(100_000)
    assert table["events"].sum() == 3


def test_every_area_is_there_in_both_windows_also_without_an_event():
    table = measured((MIDDLE, "2023-05-05"))

    assert len(table) == 6
    assert table.loc[("2023", RIGHT), ["events", "crude_rate"]].tolist() == [0, 0.0]
    assert table["origin"].eq("given").all()


def test_event_known_to_the_month_counts_where_the_whole_month_lies_in_the_window():
    rows = [
        {"code": LEFT, "event_date": "2024-07-01", "time_precision": "month"},
        {"code": LEFT, "event_date": "2023-03-01", "time_precision": "month"},
    ]
    table = measured(*rows)

    assert table.loc[(GIVEN["comparison"], LEFT), "events"] == 1
    assert table.loc[("2023", LEFT), "events"] == 1


def test_deaths_are_summed_and_those_not_stated_are_counted_apart():
    rows = [
        {"code": LEFT, "event_date": "2023-03-01", "fatalities": 3.0},
        {"code": LEFT, "event_date": "2023-03-02", "fatalities": None},
    ]
    row = measured(*rows).loc[("2023", LEFT)]

    assert (row["fatalities"], row["fatalities_unknown"]) == (3, 1)


def test_events_in_other_areas_are_refused():
    with pytest.raises(AreaError, match="1 events lie in areas that are not compared: 31001"):
        measured(("31001", "2023-03-01"))


def test_windows_that_overlap_are_refused():
    with pytest.raises(PeriodError, match="overlap"):
        measured((LEFT, "2023-03-01"), comparison="2023-12-31/2024-01-31")
