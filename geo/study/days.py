"""Which days a study covers, and which of its periods are complete."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import periods
from geo.errors import PeriodWarning, SettingsError, counted
from geo.periods import Day, PeriodKind, day
from geo.steps.span import starts_late
from geo.study.facts import Facts
from geo.study.locating import Located
from geo.study.settings import Study


def latest_periods(measures: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the rows of the latest complete periods, at most so many.

    Examples
    --------
    >>> measures = pd.DataFrame(
    ...     {"period": ["2022", "2023", "2024"], "complete": [True, True, False]}
    ... )
    >>> latest_periods(measures, 1)["period"].tolist()
    ['2023']
    """
    complete = measures[measures["complete"].astype(bool)]
    # Labels of one kind of period sort as time does.
    kept = sorted(complete["period"].unique())[-most:]
    return complete[complete["period"].isin(kept)].reset_index(drop=True)


def covered_days(found: Located) -> dict[str, str]:
    """Return the first and the last day of the panel.

    Where nothing happened at the edge of what the data cover, that is a zero, so the days are
    those of the data and not of the events that were kept.
    """
    study, facts = found.settings, found.source.facts
    first, through = facts.first_day, facts.data_through
    start, end = _period_around(first, study)
    since = study.filters.get("since")
    if not starts_late(found.source.days, start, end):
        first = str(start.date())
    elif since is None or day(since) < end:
        _warn_of_late_start(first, study)
    if since is not None:
        first = max(first, _first_of_filter(since, study, facts.first_day))
    if until := study.filters.get("until"):
        through = min(through, str(day(until).date()))
    return {"first": first, "last": through, "data_through": through}


def used_days(facts: Facts, filters: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last day of the data that a study uses, as ISO text.

    Those of the file, cut to ``since`` and ``until`` where the study has these filters.

    Examples
    --------
    >>> facts = Facts(
    ...     layout="ged", source="UCDP", encoding=None, delimiter=None,
    ...     first_day="1989-01-22", data_through="2024-12-31", repairs=(),
    ... )
    >>> used_days(facts, {})
    ('1989-01-22', '2024-12-31')
    >>> used_days(facts, {"since": "2020-01-01", "until": "2025-06-30"})
    ('2020-01-01', '2024-12-31')
    """
    first, last = facts.first_day, facts.data_through
    if since := filters.get("since"):
        first = max(first, str(day(since).date()))
    if until := filters.get("until"):
        last = min(last, str(day(until).date()))
    return first, last


def whole_periods(found: Located, period: PeriodKind) -> Located:
    """Return the same events, to be counted by another period, from the first whole one on.

    A study may begin inside such a period: on the first of January, which is no Saturday.

    Warns
    -----
    PeriodWarning
        If events before the first whole period are left out.

    Examples
    --------
    >>> from geo.study.locating import locate_events
    >>> found = locate_events("sample", filters={"since": "2023-01-01"})
    >>> whole_periods(found, "month").settings.filters["since"]
    '2023-01-01'
    """
    other = found.by(period)
    since = other.settings.filters.get("since")
    if since is None:
        return other
    begin = day(since)
    start, end = _period_around(begin, other.settings)
    if begin == start or found.source.facts.first_day >= str(begin.date()):
        return other
    keep = (other.located["event_date"] >= end).to_numpy(dtype=bool)
    gone = int((~keep).sum())
    fall = "it falls" if gone == 1 else "they fall"
    warnings.warn(
        f"{counted(gone, 'event')} before {end.date()} {'is' if gone == 1 else 'are'} not counted "
        f"by {period}: the {period} that {fall} in begins before {begin.date()}",
        PeriodWarning,
        stacklevel=2,
    )
    filters = {**other.settings.filters, "since": str(end.date())}
    return dataclasses.replace(
        other,
        settings=dataclasses.replace(other.settings, filters=filters),
        located=other.located[keep],
    )


def _warn_of_late_start(first: str, study: Study) -> None:
    warnings.warn(
        f"the data seem to begin on {first}, inside the first {study.period}; its rate is too low",
        PeriodWarning,
        stacklevel=2,
    )


def _first_of_filter(since: Day, study: Study, first_day: str) -> str:
    """Return the first day that is kept; refuse one inside a period of which the data know more.

    Where the data begin no earlier than that day, nothing of the period is left out by it.
    """
    begin = day(since)
    start, _ = _period_around(begin, study)
    if begin != start and first_day < str(begin.date()):
        raise SettingsError(
            f"filters.since = {begin.date()}: the {study.period} that it falls in begins on "
            f"{start.date()}, so its rate would be too low; begin there, or count by a shorter "
            "period"
        )
    return str(begin.date())


def _period_around(first: Day, study: Study) -> tuple[pd.Timestamp, pd.Timestamp]:
    frame = periods.calendar(study.period, first, first)
    return frame["start"].iloc[0], frame["end"].iloc[0]
