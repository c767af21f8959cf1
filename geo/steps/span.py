"""Settle from when to when events are counted, and refuse to drop any in silence."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.errors import PeriodError, PeriodWarning
from geo.periods import Day, PeriodKind, Window

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True, eq=False)
class DayCounts:
    """How many events there are on each day; the days in order, each once.

    Examples
    --------
    >>> one = DayCounts.of(pd.Series(pd.to_datetime(["2024-01-02", "2024-01-02"])))
    >>> two = one + DayCounts.of(pd.Series(pd.to_datetime(["2024-01-01"])))
    >>> len(two), two.min().date(), two.counts.tolist()
    (3, datetime.date(2024, 1, 1), [1, 2])
    """

    days: npt.NDArray[np.datetime64]
    counts: npt.NDArray[np.int64]

    @classmethod
    def of(cls, dates: pd.Series) -> DayCounts:
        """Count the dates of a column; missing ones are none."""
        return cls.of_days(dates.to_numpy(dtype="datetime64[D]"))

    @classmethod
    def of_days(cls, days: npt.NDArray[np.datetime64]) -> DayCounts:
        """Count days."""
        number = days[~np.isnat(days)].astype(np.int64)
        if not len(number):
            return cls(number.astype("datetime64[D]"), number)
        first = int(number.min())
        counts = np.bincount(number - first)
        at = np.flatnonzero(counts)
        return cls((at + first).astype("datetime64[D]"), counts[at].astype(np.int64))

    def __len__(self) -> int:
        """Return the number of events."""
        return int(self.counts.sum())

    def __add__(self, other: DayCounts) -> DayCounts:
        days, place = np.unique(np.concatenate([self.days, other.days]), return_inverse=True)
        counts = np.zeros(len(days), dtype=np.int64)
        np.add.at(counts, place, np.concatenate([self.counts, other.counts]))
        return DayCounts(days, counts)

    def between(self, first: pd.Timestamp | None, last: pd.Timestamp | None) -> DayCounts:
        """Return the days from `first` on and up to `last`, both included."""
        kept = np.ones(len(self.days), dtype=bool)
        if first is not None:
            kept &= self.days >= np.datetime64(first.date())
        if last is not None:
            kept &= self.days <= np.datetime64(last.date())
        return DayCounts(self.days[kept], self.counts[kept])

    def min(self) -> pd.Timestamp:
        """Return the first day."""
        return pd.Timestamp(self.days[0]).as_unit("us")

    def max(self) -> pd.Timestamp:
        """Return the last day."""
        return pd.Timestamp(self.days[-1]).as_unit("us")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a panel goes from and to, and the last one with data."""

    first: pd.Timestamp
    last: pd.Timestamp
    through: pd.Timestamp


def settle(
    dates: DayCounts,
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
        upto = _end_of_period(finish, kind) if finish is not None else None
        _refuse_later(dates.between(None, upto), through)
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
            stacklevel=4,
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


def _refuse_later(dates: DayCounts, through: pd.Timestamp) -> None:
    later = dates.between(through + dt.timedelta(days=1), None)
    if len(later):
        raise PeriodError(
            f"{len(later)} events are later than data_through ({through.date()}), up to "
            f"{later.max().date()}; move data_through, or leave these events out with "
            "filter_events(until=...)"
        )


def starts_late(dates: pd.Series | DayCounts, start: pd.Timestamp, end: pd.Timestamp) -> bool:
    """Return whether the data seem to begin only some time after `start`.

    That is, the first event comes after a quarter of ``[start, end)`` and after three times as
    long as events usually lie apart.
    """
    earliest, latest = dates.min(), dates.max()
    silent = (earliest - start).days
    apart = ((latest - earliest).days + 1) / len(dates)
    return bool(silent >= (end - start).days / 4 and silent > 3 * apart)


def warn_of_late_start(dates: DayCounts, start: pd.Timestamp, end: pd.Timestamp) -> None:
    """Warn if the data seem to begin only some time after the first period starts."""
    if len(dates) and starts_late(dates, start, end):
        warnings.warn(
            f"the first event is of {dates.min().date()}, well after the first period starts "
            f"({start.date()}): if the data begin there, that period is too low. Give first to "
            "start with a later period",
            PeriodWarning,
            stacklevel=4,
        )
