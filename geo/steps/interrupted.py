"""Before and after a date that was known before: level, slope and transition of a series."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.errors import PeriodError
from geo.periods import Day
from geo.stats import interrupted
from geo.stats.log_ratio import RatioEstimate
from geo.steps.series import complete_series, counts_of, table_of


class Interrupted(NamedTuple):
    """What :func:`interrupt_series` finds: an ``INTERRUPTED`` table, and the series beside it.

    ``series`` has ``cvegeo``, ``period``, ``side`` (before, between, after), ``events``,
    ``expected`` (by the model) and ``without_break`` (had the trend before gone on).
    """

    terms: pd.DataFrame
    series: pd.DataFrame


def interrupt_series(
    measures: pd.DataFrame,
    code: str,
    *,
    event_date: Day,
    transition_from: Day | None = None,
    confidence: float = 0.95,
) -> Interrupted:
    """Compare level and slope of an area before and after a date that was known before.

    Where two dates matter (an arrest, then open fighting), what lies between them is a transition:
    a level of its own, neither before nor after. A month in which a date falls is part of the
    transition too, unless the date is its first day.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month.
    code
        The area.
    event_date
        The day on which "after" begins.
    transition_from
        The earlier day on which "before" ends; the event date unless given.
    confidence
        Two-sided coverage of the intervals.

    Returns
    -------
    Interrupted
        Terms (quasi-Poisson): ``rate`` (at the first month, per 100,000 person-years), ``trend``
        (month over month, before), ``transition``, ``level`` (the jump against the trend before),
        ``slope`` (what the trend after is a multiple of the one before) and ``pre-trend`` (the
        trend from the months before alone). A pre-trend whose interval holds 1 is no proof that
        there was none.

    Raises
    ------
    AreaError
        If the area is not in the table.
    PeriodError
        If a date is none, they are out of order, or complete periods have a gap.
    SettingsError
        If fewer than 12 complete months lie before or fewer than 6 after.

    Examples
    --------
    >>> interrupt_series(schema.MEASURES.empty(), "25", event_date="2024-09-09")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: the measures have no area '25'; they have none at all
    """
    schema.MEASURES.check(measures)
    [(_, series)] = complete_series(measures, [code])
    sides = sides_of(series, event_date, transition_from)
    events, exposure, per = counts_of(series)
    break_at = int((sides == "before").sum())
    settled_at = break_at + int((sides == "between").sum())
    model = interrupted.interrupted_series(
        events, exposure, break_at=break_at, settled_at=settled_at, confidence=confidence
    )
    given = [(name, model[name], error) for name, error in _errors(model)]
    given.append(
        (
            "pre-trend",
            interrupted.pre_trend(events, exposure, break_at=break_at, confidence=confidence),
            np.nan,
        )
    )
    series_beside = pd.DataFrame(
        {
            "cvegeo": series["cvegeo"],
            "period": series["period"],
            "side": pd.Series(sides, index=series.index, dtype="str"),
            "events": series["events"],
            "expected": model.expected,
            "without_break": model.without_break,
        }
    )
    return Interrupted(_terms(code, sides, given, per), series_beside)


def find_pre_trend(
    measures: pd.DataFrame,
    code: str,
    *,
    event_date: Day,
    transition_from: Day | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return by how much the rate grew a month before a date: all that a short "after" allows.

    Parameters
    ----------
    measures, code, event_date, transition_from, confidence
        As in :func:`interrupt_series`.

    Returns
    -------
    DataFrame
        An ``INTERRUPTED`` table of the one row ``pre-trend``.

    Raises
    ------
    GeoError
        As :func:`interrupt_series` does; 6 complete months before are enough.
    """
    schema.MEASURES.check(measures)
    [(_, series)] = complete_series(measures, [code])
    sides = sides_of(series, event_date, transition_from)
    events, exposure, per = counts_of(series)
    before = interrupted.pre_trend(
        events, exposure, break_at=int((sides == "before").sum()), confidence=confidence
    )
    return _terms(code, sides, [("pre-trend", before, np.nan)], per)


def sides_of(
    series: pd.DataFrame, event_date: Day, transition_from: Day | None
) -> npt.NDArray[np.str_]:
    """Return for each period whether it lies before, between or after the dates."""
    after = periods.day(event_date)
    before = after if transition_from is None else periods.day(transition_from)
    if before > after:
        raise PeriodError(
            f"the transition begins on {before.date()}, after the event ({after.date()}); it lies "
            "between an earlier date and the event"
        )
    bounds = [periods.bounds(label) for label in series["period"]]
    return np.array(
        [
            "before" if end <= before else "after" if start >= after else "between"
            for start, end in bounds
        ]
    )


def _errors(model: interrupted.InterruptedSeries) -> list[tuple[str, float]]:
    return list(zip(model.names, map(float, model.newey_west_log_se), strict=True))


def _terms(
    code: str,
    sides: npt.NDArray[np.str_],
    given: list[tuple[str, RatioEstimate, float]],
    per: float,
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name, found, error in given:
        numbers = {field.name: float(getattr(found, field.name)) for field in fields(found)}
        scale = per if name == "rate" else 1.0
        rows.append(
            {
                "cvegeo": code,
                "term": name,
                "ratio": scale * numbers["ratio"],
                "ratio_low": scale * numbers["low"],
                "ratio_high": scale * numbers["high"],
                "p_value": np.nan if name == "rate" else numbers["p"],
                "newey_west_log_se": error,
                "dispersion": numbers["dispersion"],
                "periods_before": int((sides == "before").sum()),
                "periods_between": int((sides == "between").sum()),
                "periods_after": int((sides == "after").sum()),
            }
        )
    return table_of(rows, schema.INTERRUPTED)
