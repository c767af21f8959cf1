"""Two windows of time that are compared: which days, which events, how many person-years.

Shared by the steps that say how much the comparison differs from the base and of what the
difference is made.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.errors import (
    ExposureError,
    ExposureWarning,
    PeriodError,
    PeriodWarning,
    PrecisionWarning,
    counted,
)
from geo.periods import Day, Window
from geo.steps.span import starts_late

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_MONTHS = 12
"""How many months each window needs for an interval from the spread of monthly counts."""


def settle_windows(
    dates: pd.Series,
    base: str | int | Window,
    comparison: str | int | Window,
    *,
    data_from: Day | None = None,
    data_through: Day | None = None,
) -> tuple[Window, Window]:
    """Return both windows, cut to what the data cover.

    Parameters
    ----------
    dates
        Days of all events.
    base, comparison, data_from, data_through
        As in :func:`geo.steps.compare.compare_windows`.

    Raises
    ------
    PeriodError
        If the windows overlap, one lies outside the data, or events do.

    Warns
    -----
    PeriodWarning
        If a window is cut, or the data seem to begin inside the earlier one.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2023-01-02", "2024-12-31"]))
    >>> [window.label for window in settle_windows(days, 2023, "2024")]
    ['2023', '2024']
    """
    before, after = Window.parse(base), Window.parse(comparison)
    if before.start < after.end and after.start < before.end:
        raise PeriodError(
            f"the windows {before.label} and {after.label} overlap; an event may count on one "
            "side only"
        )
    begin = periods.day(data_from) if data_from is not None else None
    through = periods.day(data_through) if data_through is not None else dates.max()
    if data_through is not None:
        _refuse_outside(dates[dates > through], f"later than data_through ({through.date()})")
    if begin is not None:
        _refuse_outside(dates[dates < begin], f"earlier than data_from ({begin.date()})")
    if len(dates) and begin is None:
        _warn_of_late_start(dates, min(before, after, key=lambda window: window.start))
    covered = [_cut(window, begin, through) for window in (before, after)]
    return covered[0], covered[1]


def aligned_windows(
    base: Window, comparison: Window, event_date: Day
) -> tuple[Window, Window | None]:
    """Return the comparison from the day of an event on, and the same days of the base's year.

    The second is None where the base does not hold all of these days.

    Raises
    ------
    PeriodError
        If the day does not lie in the comparison.

    Examples
    --------
    >>> year, next_year = Window.parse("2023"), Window.parse("2024")
    >>> [window.label for window in aligned_windows(year, next_year, "2024-09-09")]
    ['2024-09-09/2024-12-31', '2023-09-09/2023-12-31']
    >>> aligned_windows(Window.parse("2023-Q1"), next_year, "2024-09-09")[1] is None
    True
    """
    day = periods.day(event_date)
    if not comparison.start <= day < comparison.end:
        raise PeriodError(
            f"the event date {day.date()} lies outside the comparison window {comparison.label} "
            "(as the data cover it); give a day of that window"
        )
    since = Window(day, comparison.end)
    back = pd.DateOffset(years=comparison.start.year - base.start.year)
    start, end = (since.start - back).as_unit("us"), (since.last - back).as_unit("us")
    end += pd.Timedelta(days=1)
    held = base.start <= start and end <= base.end
    return since, Window(start, end) if held else None


def counted_in(located: pd.DataFrame, window: Window, *, concerned: pd.Series) -> BoolArray:
    """Return which events count in a window: those that lie in it for certain.

    Warns of those that are `concerned` and may lie on either side of its edge.
    """
    begin, end = _possible(located)
    certain = (begin >= window.start) & (end <= window.end)
    touching = (begin < window.end) & (end > window.start) & concerned
    if doubtful := int((touching & ~certain).sum()):
        warnings.warn(
            f"{counted(doubtful, 'event is', 'events are')} not counted in the window "
            f"{window.label}: {'its' if doubtful == 1 else 'their'} date is not known well enough "
            f"to say whether {'it belongs' if doubtful == 1 else 'they belong'} to it",
            PrecisionWarning,
            stacklevel=4,
        )
    inside: BoolArray = (window.holds(located["event_date"]) & certain & concerned).to_numpy(
        dtype=bool
    )
    return inside


def months_of(window: Window) -> list[Window]:
    """Return the window in parts, one a calendar month; the first and the last may be shorter.

    Examples
    --------
    >>> [month.label for month in months_of(Window.parse("2024-01-31/2024-03-31"))]
    ['2024-01-31/2024-01-31', '2024-02', '2024-03']
    """
    grid = periods.calendar("month", window.start, window.last)
    return [
        Window(max(start, window.start), min(end, window.end))
        for start, end in zip(grid["start"], grid["end"], strict=True)
    ]


def has_months(window: Window) -> bool:
    """Return whether a window is at least :data:`LEAST_MONTHS` long.

    Examples
    --------
    >>> has_months(Window.parse("2023")), has_months(Window.parse("2023-01-02/2023-12-31"))
    (True, False)
    """
    return bool(window.start + pd.DateOffset(months=LEAST_MONTHS) <= window.end)


def population_by_year(table: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    """Return people of areas × calendar years from a ``POPULATION`` table; missing is NaN."""
    wrong = (table["population"] < 0) | np.isinf(table["population"])
    if wrong.any():
        first = table[wrong].iloc[0]
        raise ExposureError(
            f"the population is negative or infinite in {int(wrong.sum())} rows, the first is "
            f"{first['cvegeo']} in {first['year']}; mend the table of populations"
        )
    by_year: pd.DataFrame = table.pivot_table(
        index="cvegeo", columns="year", values="population", aggfunc="sum"
    ).reindex(codes)
    return by_year


def check_years(by_year: pd.DataFrame, window: Window, *, nearest_year: bool) -> None:
    """Refuse a window whose years have no population, or warn where the nearest is borrowed."""
    known = [int(year) for year in by_year.columns]
    shares = periods.years_by_calendar_year(window.start, window.end)
    lacking = sorted(set(shares) - set(known))
    if not lacking:
        return
    needed = ", ".join(map(str, lacking))
    span = f"{min(known)} to {max(known)}" if known else "no year"
    if not (nearest_year and known):
        raise ExposureError(
            f"the window {window.label} needs the population of {needed}; the table has "
            f"{span}. Give a table that has these years, or allow the nearest year"
        )
    warnings.warn(
        f"the window {window.label} needs the population of {needed}, which is not known; "
        f"that of the nearest year ({span}) is taken",
        ExposureWarning,
        stacklevel=3,
    )


def person_years(by_year: pd.DataFrame, window: Window) -> FloatArray:
    """Return the person-years of each area in a window, each calendar year by its share.

    A year that is not known takes the nearest one; :func:`check_years` says so before.
    """
    known = [int(year) for year in by_year.columns]
    lived = np.zeros(len(by_year))
    for year, share in periods.years_by_calendar_year(window.start, window.end).items():
        nearest = min(known, key=lambda other: abs(other - year))
        lived += by_year[nearest].to_numpy(dtype=np.float64) * share
    return lived


def _refuse_outside(outside: pd.Series, how: str) -> None:
    if len(outside):
        raise PeriodError(
            f"{len(outside)} events are {how}: {outside.min().date()} to {outside.max().date()}; "
            "move that day, or leave these events out with filter_events"
        )


def _warn_of_late_start(dates: pd.Series, first: Window) -> None:
    if not starts_late(dates, first.start, first.end):
        return
    earliest = dates.min()
    advice = "give data_from, the first day that the source covers"
    if first.end <= earliest:
        raise PeriodError(
            f"the window {first.label} ends before the first event ({earliest.date()}): it seems "
            f"to lie before the data; if nothing happened in it, {advice}"
        )
    warnings.warn(
        f"the first event is of {earliest.date()}, well after the window {first.label} starts: "
        f"if the data begin there, its rate is too low; {advice}",
        PeriodWarning,
        stacklevel=4,
    )


def _cut(window: Window, begin: pd.Timestamp | None, through: pd.Timestamp) -> Window:
    start, end = window.start, window.end
    if begin is not None:
        start = max(start, begin)
    if not pd.isna(through):
        end = min(end, through + pd.Timedelta(days=1))
    if (start, end) == (window.start, window.end):
        return window
    if start >= end:
        raise PeriodError(
            f"the window {window.label} lies outside the data, which "
            + (
                f"begin on {begin.date()}"
                if begin is not None and start == begin
                else f"end on {through.date()}"
            )
            + "; nothing can be said of it"
        )
    cut = Window(start, end)
    warnings.warn(
        f"the window {window.label} reaches past the data and is cut to {cut.label}; its rate is "
        "of the days covered",
        PeriodWarning,
        stacklevel=4,
    )
    return cut


def _possible(located: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return from when to before when each event may have happened."""
    dates, precision = located["event_date"], located["time_precision"]
    begin, end = dates.copy(), dates + pd.Timedelta(days=1)
    for word, step in (("month", pd.DateOffset(months=1)), ("year", pd.DateOffset(years=1))):
        loose = np.flatnonzero(precision == word)
        first = dates.iloc[loose].dt.to_period(word[0].upper()).dt.start_time
        begin.iloc[loose], end.iloc[loose] = first.to_numpy(), (first + step).to_numpy()
    return begin, end


def loose_events(number: int) -> str:
    """Return the beginning of a warning of events whose month is not known.

    Examples
    --------
    >>> loose_events(1)
    '1 event is known to the year only: it counts, but not in'
    """
    said = counted(number, "event is", "events are")
    return (
        f"{said} known to the year only: {'it counts' if number == 1 else 'they count'}, but not in"
    )
