"""Calendar periods, windows of time, and their length in years.

A period is known by its label, which is text and survives every file format: ``2024``,
``2024-Q1``, ``2024-03``, ``2024-W36`` (ISO week, Monday to Sunday) and ``2024-09-07`` (ACLED's
week, Saturday to Friday, named by its Saturday). Intervals are half-open: the end is the first
day that no longer belongs.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import PeriodError

PeriodKind = Literal["year", "quarter", "month", "week", "acled-week"]
KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)

Day: TypeAlias = str | dt.date | np.datetime64

_FREQUENCY = {
    "year": "Y",
    "quarter": "Q",
    "month": "M",
    "week": "W-SUN",
    "acled-week": "W-FRI",
}
_LABEL = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|W(?P<week>\d{2})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?\Z"
)

_DAY = re.compile(r"\s*\d{4}-\d{2}-\d{2}(?:[T ].*)?\s*", re.DOTALL)


def day(value: Day) -> pd.Timestamp:
    """Return a date as a timestamp at midnight.

    Text must be an ISO date: 03/04/2024 has two readings, and of 2024-06 it is not said whether
    its first or its last day is meant.

    Raises
    ------
    PeriodError
        The value is no date of the calendar, or not written as one.

    Examples
    --------
    >>> day("2024-09-09")
    Timestamp('2024-09-09 00:00:00')
    >>> day("2024-09")
    Traceback (most recent call last):
    ...
    geo.errors.PeriodError: '2024-09' is not a date; write it as 2024-09-09
    """
    is_written = not isinstance(value, str) or _DAY.fullmatch(value)
    try:
        stamp = pd.Timestamp(value) if is_written else pd.NaT
    except (ValueError, TypeError, OverflowError):
        stamp = pd.NaT
    if stamp is pd.NaT or pd.isna(stamp):
        raise PeriodError(f"{str(value)!r} is not a date; write it as 2024-09-09")
    return stamp.tz_localize(None).normalize().as_unit("us")


def check_kind(kind: str) -> PeriodKind:
    """Return `kind` if it is one of :data:`KINDS`, else raise :exc:`~geo.errors.PeriodError`."""
    if kind not in KINDS:
        raise PeriodError(f"{kind!r} is not a kind of period; choose {', '.join(KINDS)}")
    return kind


def starts(dates: pd.Series, kind: PeriodKind) -> pd.Series:
    """Return the first day of the period that each date falls in; same index.

    Examples
    --------
    >>> starts(pd.Series(pd.to_datetime(["2024-09-09"])), "acled-week").dt.date.tolist()
    [datetime.date(2024, 9, 7)]
    """
    return dates.dt.to_period(_FREQUENCY[check_kind(kind)]).dt.start_time.dt.as_unit("us")


def ordinals(days: npt.NDArray[np.datetime64], kind: PeriodKind) -> npt.NDArray[np.int64]:
    """Return the number of the period that each day falls in, counted from that of 1970-01-01.

    Examples
    --------
    >>> days = np.array(["1970-01-01", "1970-02-01", "1969-12-31"], dtype="datetime64[D]")
    >>> ordinals(days, "month").tolist(), ordinals(days, "quarter").tolist()
    ([0, 1, -1], [0, 0, -1])
    >>> ordinals(np.array(["1970-01-03", "1970-01-05"], dtype="datetime64[D]"), "week").tolist()
    [0, 1]
    """
    if check_kind(kind) in ("week", "acled-week"):
        # 1970-01-01 was a Thursday; ISO's week had begun 3 days before, ACLED's 5.
        since = days.astype("datetime64[D]").astype(np.int64)
        return (since + (3 if kind == "week" else 5)) // 7
    unit = "datetime64[Y]" if kind == "year" else "datetime64[M]"
    number = days.astype(unit).astype(np.int64)
    return number // 3 if kind == "quarter" else number


def _label(first_days: pd.DatetimeIndex, kind: PeriodKind) -> npt.NDArray[np.object_]:
    if kind == "quarter":
        return np.asarray([f"{d.year}-Q{d.quarter}" for d in first_days], dtype=object)
    # ISO weeks have a year of their own: 2024-12-30 lies in 2025-W01.
    form = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "acled-week": "%Y-%m-%d"}[kind]
    return np.asarray(first_days.strftime(form), dtype=object)


def labels(dates: pd.Series, kind: PeriodKind) -> pd.Series:
    """Return the label of the period that each date falls in; same index, missing stays missing.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2024-12-30", "2023-01-01"]))
    >>> labels(days, "quarter").tolist()
    ['2024-Q4', '2023-Q1']
    >>> labels(days, "week").tolist()
    ['2025-W01', '2022-W52']
    >>> labels(days, "acled-week").tolist()
    ['2024-12-28', '2022-12-31']
    """
    first = starts(dates, kind)
    unique = pd.DatetimeIndex(first.dropna().unique())
    return first.map(dict(zip(unique, _label(unique, kind), strict=True))).astype("str")


def bounds(label: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first day of a period and the first day after it.

    Raises
    ------
    PeriodError
        `label` is not the label of a period.

    Examples
    --------
    >>> [str(day.date()) for day in bounds("2024-Q1")]
    ['2024-01-01', '2024-04-01']
    >>> [str(day.date()) for day in bounds("2020-W53")]
    ['2020-12-28', '2021-01-04']
    >>> bounds("2021-W53")
    Traceback (most recent call last):
    ...
    geo.errors.PeriodError: '2021-W53' is not a period; write 2024, 2024-Q1, 2024-03, 2024-W36 or
    the Saturday of an ACLED week
    """
    text = label.strip()
    found = _LABEL.match(text)
    try:
        begin = _first_day(found.groupdict()) if found else None
    except ValueError:  # month 13, week 53 of a year with 52
        begin = None
    if begin is None:
        raise PeriodError(
            f"{label!r} is not a period; write 2024, 2024-Q1, 2024-03, 2024-W36 or the Saturday "
            "of an ACLED week"
        )
    first, step = begin
    return first.as_unit("us"), (first + step).as_unit("us")


def _first_day(part: dict[str, str | None]) -> tuple[pd.Timestamp, pd.DateOffset] | None:
    year = int(part["year"] or 0)
    if week := part["week"]:
        return pd.Timestamp(dt.date.fromisocalendar(year, int(week), 1)), pd.DateOffset(days=7)
    if quarter := part["quarter"]:
        return pd.Timestamp(year, 3 * int(quarter) - 2, 1), pd.DateOffset(months=3)
    if date := part["day"]:
        saturday = pd.Timestamp(year, int(part["month"] or 0), int(date))
        return (saturday, pd.DateOffset(days=7)) if saturday.weekday() == 5 else None
    if month := part["month"]:
        return pd.Timestamp(year, int(month), 1), pd.DateOffset(months=1)
    return pd.Timestamp(year, 1, 1), pd.DateOffset(years=1)


def years_between(start: Day, end: Day) -> float:
    """Return the length of ``[start, end)`` in years, actual/actual.

    Each calendar year counts its days divided by its own 365 or 366, so that a whole calendar
    year is exactly 1 and an annual rate is a plain count over the population. (Days / 365.25, the
    other convention, makes a common year 0.9993 and a leap year 1.002 years.)

    Examples
    --------
    >>> years_between("2024-01-01", "2025-01-01"), years_between("2023-01-01", "2024-01-01")
    (1.0, 1.0)
    >>> years_between("2023-12-22", "2024-01-11") == 10 / 365 + 10 / 366
    True
    """
    return sum(years_by_calendar_year(start, end).values())


def years_by_calendar_year(start: Day, end: Day) -> dict[int, float]:
    """Return how much of each calendar year ``[start, end)`` covers, as a share of that year.

    The shares add up to :func:`years_between`; a population that is known by year is weighted
    with them.

    Examples
    --------
    >>> years_by_calendar_year("2023-12-22", "2024-01-11") == {2023: 10 / 365, 2024: 10 / 366}
    True
    """
    first, after = day(start), day(end)
    if after < first:
        raise PeriodError(f"an interval cannot end ({after.date()}) before it starts")
    shares: dict[int, float] = {}
    for year in range(first.year, after.year + 1):
        new_year, next_year = pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 1, 1)
        days = (min(after, next_year) - max(first, new_year)).days
        if days > 0:
            shares[year] = days / (next_year - new_year).days
    return shares


def calendar(
    kind: PeriodKind, first: Day, last: Day, *, data_through: Day | None = None
) -> pd.DataFrame:
    """Return every period from the one that `first` falls in to the one that `last` falls in.

    Parameters
    ----------
    kind
        Kind of period; kinds do not nest and are never mixed.
    first, last
        Days, both included.
    data_through
        Last day that the source covers. A period that ends later is cut there: its length counts
        only the covered days and it is not complete. Periods that start later are left out.

    Returns
    -------
    DataFrame
        One row a period, in order: ``period`` (label), ``start``, ``end`` (the first day after
        the covered part), ``complete``, ``coverage`` (covered length / whole length, by
        actual/actual years), ``years`` (covered length).

    Examples
    --------
    >>> calendar("year", "2023-05-01", "2024-02-01", data_through="2024-07-01")[
    ...     ["period", "complete", "years"]
    ... ].values.tolist()
    [['2023', True, 1.0], ['2024', False, 0.5]]
    """
    begin, finish = day(first), day(last)
    if finish < begin:
        raise PeriodError(f"the last day ({finish.date()}) is before the first ({begin.date()})")
    through = day(data_through) if data_through is not None else None
    return _calendar_of(check_kind(kind), begin, finish, through).copy()


@functools.lru_cache(maxsize=256)
def _calendar_of(
    kind: PeriodKind, begin: pd.Timestamp, finish: pd.Timestamp, through: pd.Timestamp | None
) -> pd.DataFrame:
    """Return a calendar that is kept: a study asks for the same few a hundred times and more."""
    frequency = _FREQUENCY[kind]
    span = pd.period_range(begin, finish, freq=frequency)
    start = pd.DatetimeIndex(span.start_time).as_unit("us")
    whole_end = pd.DatetimeIndex((span + 1).start_time).as_unit("us")
    frame = pd.DataFrame({"period": _label(start, kind), "start": start, "whole_end": whole_end})
    frame["period"] = frame["period"].astype("str")
    if through is not None:
        frame = frame[frame["start"] <= through].reset_index(drop=True)
    cap = through + pd.Timedelta(days=1) if through is not None else None
    frame["end"] = frame["whole_end"].clip(upper=cap) if cap is not None else frame["whole_end"]
    frame["complete"] = frame["end"] == frame["whole_end"]
    years = [years_between(s, e) for s, e in zip(frame["start"], frame["end"], strict=True)]
    whole = [years_between(s, e) for s, e in zip(frame["start"], frame["whole_end"], strict=True)]
    frame["years"] = np.asarray(years, dtype=np.float64)
    frame["coverage"] = frame["years"] / np.asarray(whole, dtype=np.float64)
    return frame[["period", "start", "end", "complete", "coverage", "years"]]


@dataclass(frozen=True, slots=True)
class Window:
    """An interval of days ``[start, end)`` that is compared with another.

    Examples
    --------
    >>> Window.parse("2023").label
    '2023'
    >>> after = Window.parse("2024-09-09/2024-12-31")
    >>> after.days, after.label
    (114, '2024-09-09/2024-12-31')
    """

    start: pd.Timestamp
    end: pd.Timestamp

    def __post_init__(self) -> None:
        """Refuse a window without a day."""
        if not self.start < self.end:
            raise PeriodError(
                f"a window must end after it starts; found {self.start.date()} to "
                f"{(self.end - pd.Timedelta(days=1)).date()}"
            )

    @classmethod
    def parse(cls, text: str | int | Window) -> Window:
        """Return the window that `text` names.

        A period (``2023``, ``2024-Q1``, ``2024-03``, ``2024-W36``) or two days, both included,
        with a slash between: ``2024-09-09/2024-12-31``.

        Raises
        ------
        PeriodError
            `text` is neither.
        """
        if isinstance(text, Window):
            return text
        first, slash, last = str(text).strip().partition("/")
        if not slash:
            return cls(*bounds(first))
        return cls(day(first.strip()), day(last.strip()) + pd.Timedelta(days=1))

    @property
    def last(self) -> pd.Timestamp:
        """The last day that belongs to the window."""
        return self.end - pd.Timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days."""
        return int((self.end - self.start).days)

    @property
    def years(self) -> float:
        """Length in years, actual/actual."""
        return years_between(self.start, self.end)

    @property
    def label(self) -> str:
        """The shortest text that :meth:`parse` reads as this window."""
        for kind in ("year", "quarter", "month"):
            label = str(_label(pd.DatetimeIndex([self.start]), kind)[0])
            if bounds(label) == (self.start, self.end):
                return label
        return f"{self.start.date()}/{self.last.date()}"

    def holds(self, dates: pd.Series) -> pd.Series:
        """Return which dates lie in the window; same index."""
        return (dates >= self.start) & (dates < self.end)
