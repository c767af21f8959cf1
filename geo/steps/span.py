"""Settle from when to when events are counted, and refuse to drop any in silence."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass

import pandas as pd

from geo import periods
from geo.errors import PeriodError, PeriodWarning
from geo.periods import Day, PeriodKind, Window

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a panel goes from and to, and the last one with data."""

    first: pd.Timestamp
    last: pd.Timestamp
    through: pd.Timestamp


def settle(
    dates: pd.Series,
    first: Day | int | None,
    last: Day | int | None,
    data_through: Day | None,
    kind: PeriodKind,
) -> Span | None:
    """Settle from when to when the panel goes; nothing where neither events nor days say it.

    `first` and `last` are days or labels of periods. Events that are later than `data_through`
    are refused, unless they come after the last period asked for: then the caller left them out.
    """
    begin = _edge(first).start if first is not None else None
    finish = _edge(last).last if last is not None else None
    through = periods.day(data_through) if data_through is not None else None
    if through is not None:
        asked = dates <= _end_of_period(finish, kind) if finish is not None else dates.notna()
        _refuse_later(dates[asked], through)
    if through is None:
        through = dates.max() if len(dates) else finish
    if begin is None:
        begin = dates.min() if len(dates) else None
    if begin is None or through is None:
        return None
    if finish is None:
        finish = max(through, begin)
    if through < begin:
        raise PeriodError(
            f"the data end on {through.date()}, before the first period asked for "
            f"({begin.date()}); mend first or data_through"
        )
    if finish > through and _edge_is_beyond(last, through):
        warnings.warn(
            f"the data end on {through.date()}, before the last period asked for "
            f"({finish.date()}): the panel ends there too",
            PeriodWarning,
            stacklevel=3,
        )
    return Span(begin, finish, through)


def _edge(given: Day | int) -> Window:
    """Return the days that `first` or `last` names: one day, or a whole period."""
    if isinstance(given, int) or (isinstance(given, str) and not _DATE.match(given.strip())):
        return Window.parse(str(given))
    start = periods.day(given)
    return Window(start, start + dt.timedelta(days=1))


def _edge_is_beyond(last: Day | int | None, through: pd.Timestamp) -> bool:
    return last is not None and _edge(last).start > through


def _end_of_period(day: pd.Timestamp, kind: PeriodKind) -> pd.Timestamp:
    """Return the last day of the period that `day` falls in: it is counted whole."""
    return periods.calendar(kind, day, day)["end"].iloc[0] - dt.timedelta(days=1)


def _refuse_later(dates: pd.Series, through: pd.Timestamp) -> None:
    later = dates[dates > through]
    if len(later):
        raise PeriodError(
            f"{len(later)} events are later than data_through ({through.date()}), up to "
            f"{later.max().date()}; move data_through, or leave these events out with "
            "filter_events(until=...)"
        )


def starts_late(dates: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Return whether the data seem to begin only some time after `start`.

    That is, the first event comes after a quarter of ``[start, end)`` and after three times as
    long as events usually lie apart.
    """
    earliest, latest = dates.min(), dates.max()
    silent = (earliest - start).days
    apart = ((latest - earliest).days + 1) / len(dates)
    return bool(silent >= (end - start).days / 4 and silent > 3 * apart)


def warn_of_late_start(dates: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """Warn if the data seem to begin only some time after the first period starts."""
    if len(dates) and starts_late(dates, start, end):
        warnings.warn(
            f"the first event is of {dates.min().date()}, well after the first period starts "
            f"({start.date()}): if the data begin there, that period is too low. Give first to "
            "start with a later period",
            PeriodWarning,
            stacklevel=3,
        )
