import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SourceError
from geo.sources.dates import read_dates
from tests.sources.rows import text


def days(*cells, **options):
    return read_dates(text(*cells), column="fecha", **options)


def shown(dates):
    return [None if day is pd.NaT else f"{day:%Y-%m-%d}" for day in dates.day]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2022-06-30", "2022-06-30"),
        ("2022-06-30 00:00:00.000", "2022-06-30"),
        ("2022-06-30T23:59:59", "2022-06-30"),
        ("20220630", "2022-06-30"),
        ("21 March 2020", "2020-03-21"),
        ("01 November 2024", "2024-11-01"),
        ("31-12-19", "2019-12-31"),
        ("5-Aug-24", "2024-08-05"),
        ("31-December-2016", "2016-12-31"),
        ("3 de septiembre de 2024", "2024-09-03"),
        ("3 de setiembre del 2024", "2024-09-03"),
        ("03/SEP/2024", "2024-09-03"),
        ("lunes 9 de septiembre de 2024", "2024-09-09"),
        ("September 9, 2024", "2024-09-09"),
        ("29 feb 2024", "2024-02-29"),
        ("1 ene 70", "1970-01-01"),
        ("1 ene 69", "2069-01-01"),
        (" 2024-09-09 ", "2024-09-09"),
    ],
)
def test_b3_b13_every_form_that_real_files_have_is_read(cell, day):
    assert shown(days(cell)) == [day]


@pytest.mark.parametrize(
    ("cell", "day", "precision"),
    [
        ("sep-24", "2024-09-01", "month"),
        ("septiembre de 2024", "2024-09-01", "month"),
        ("2024-09", "2024-09-01", "month"),
        ("2024-W36", "2024-09-02", "week"),
        ("2024-W36-3", "2024-09-04", "day"),
        ("2020-W53", "2020-12-28", "week"),
    ],
)
def test_b3_a_date_without_a_day_is_not_known_to_the_day(cell, day, precision):
    dates = days(cell)

    assert shown(dates) == [day]
    assert dates.precision.tolist() == [precision]
    assert dates.repairs


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["45544", "45544.75"], "2024-09-09"),  # a spreadsheet shows 45544 as 2024-09-09
        (["1725840000", "1725868800"], "2024-09-09"),
        (["1725840000000"], "2024-09-09"),
    ],
)
def test_b3_numbers_are_dates_where_the_whole_column_is(cells, first):
    assert shown(days(*cells))[0] == first


def test_b3_a_stray_number_among_dates_is_set_aside():
    dates = days("2024-09-09", "2024-09-10", "45544")

    assert dates.reason.tolist()[2] == "unreadable_date"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2023-02-31", "impossible_date"),
        ("31 April 2023", "impossible_date"),
        ("2023-02-29", "impossible_date"),
        ("2021-W53", "impossible_date"),
        ("2024-W00", "impossible_date"),
        ("0202-05-01", "date_out_of_range"),
        ("2204-05-01", "date_out_of_range"),
        ("soon", "unreadable_date"),
        ("9 Foo 2024", "unreadable_date"),
        ("2024-09-09; 2024-09-10", "unreadable_date"),
        ("", "no_date"),
        ("NA", "no_date"),
        (None, "no_date"),
    ],
)
def test_b4_a_day_that_is_none_says_why(cell, reason):
    dates = days("2024-09-09", cell)

    assert shown(dates) == ["2024-09-09", None]
    assert dates.reason.tolist()[1] == reason


def test_b4_what_lies_outside_the_bounds_is_set_aside_and_the_bounds_are_not():
    dates = days(
        "1997-01-01", "1996-12-31", "2024-12-25", "2024-12-26",
        earliest=np.datetime64("1997-01-01"), latest=np.datetime64("2024-12-25"),
    )  # fmt: skip

    assert shown(dates) == ["1997-01-01", None, "2024-12-25", None]


def test_b2_one_row_that_has_one_reading_decides_for_the_column():
    dates = days("03/04/2024", "13/04/2024")

    assert shown(dates) == ["2024-04-03", "2024-04-13"]
    assert dates.repairs == ("fecha: 2 dates read as day/month/year",)
    assert shown(days("03/04/2024", "04/13/2024")) == ["2024-03-04", "2024-04-13"]


def test_b2_day_first_and_month_first_mixed_are_refused_with_both_counts():
    lines = iter(["lines 2 and 3", "line 4"])

    with pytest.raises(SourceError) as error:
        days("13/04/2024", "14/04/2024", "04/15/2024", "01/02/2024", lines=lambda _: next(lines))

    said = str(error.value)
    assert "2 dates can only be day first, such as 13/04/2024 (lines 2 and 3)" in said
    assert "1 only month first, such as 04/15/2024 (line 4)" in said
    assert "1 may be either" in said
    assert 'date_order="dmy"' in said


def test_b2_dates_with_two_readings_are_refused_and_the_user_is_asked_once():
    with pytest.raises(SourceError, match="03/04/2024 may be 3 April or March 4"):
        days("03/04/2024", "05/05/2024")

    assert shown(days("03/04/2024", order="dmy")) == ["2024-04-03"]
    assert shown(days("03/04/2024", order="mdy")) == ["2024-03-04"]


def test_b2_what_does_not_fit_the_order_that_was_given_is_set_aside():
    dates = days("03/04/2024", "04/13/2024", order="dmy")

    assert shown(dates) == ["2024-04-03", None]
    assert dates.reason.tolist()[1] == "impossible_date"


def test_b2_equal_day_and_month_need_no_order():
    assert shown(days("05/05/2024")) == ["2024-05-05"]


def test_b5_the_day_is_the_one_that_is_written_and_utc_at_night_is_warned_of():
    dates = days("2024-09-09T03:00:00Z", "2024-09-09T23:30:00-07:00", "2024-09-09T12:00:00Z")

    assert shown(dates) == ["2024-09-09"] * 3
    assert len(dates.warnings) == 1
    assert dates.warnings[0].startswith("fecha: 1 time in UTC and before 06:00")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), min_size=1))
def test_b3_every_calendar_day_survives_every_form_that_names_it(given_days):
    written = [day.isoformat() for day in given_days]
    spanish = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
               "septiembre", "octubre", "noviembre", "diciembre"]  # fmt: skip
    in_words = [f"{day.day} de {spanish[day.month - 1]} de {day.year}" for day in given_days]
    iso_week = ["{}-W{:02d}-{}".format(*day.isocalendar()) for day in given_days]
    within = [1900 <= day.isocalendar()[0] <= 2099 for day in given_days]

    assert shown(days(*written)) == written
    assert shown(days(*in_words)) == written
    assert [d for d, ok in zip(shown(days(*iso_week)), within, strict=True) if ok] == [
        d for d, ok in zip(written, within, strict=True) if ok
    ]
    assert shown(days(*[day.strftime("%d/%m/%Y") for day in given_days], order="dmy")) == written


@settings(deadline=None)
@given(st.lists(st.text(max_size=30)))
def test_b3_any_text_gives_a_day_or_a_reason_or_is_refused(cells):
    try:
        dates = days(*cells)
    except SourceError:
        return
    assert (dates.day.isna() == dates.reason.notna()).all()
