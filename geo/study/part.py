"""A part of a study: read, filter and assign as a study does, then one thing alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pandas as pd

from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.steps.count import count_events
from geo.study.days import covered_days
from geo.study.given import Given
from geo.study.locating import Located, locate, refuse_nothing
from geo.study.peopling import measure
from geo.study.telling import Progress, collected, silent, told

T = TypeVar("T")


def study_part(
    given: Given,
    work: Callable[[Located, dict[str, str]], T],
    *,
    progress: Progress | None = None,
    keep: Sequence[str] = (),
    **settings: Any,  # noqa: ANN401
) -> tuple[Located, T]:
    """Read, filter and assign events as a study does, and do one thing with them.

    Parameters
    ----------
    given, progress, **settings
        As in :func:`geo.study.run_study`.
    work
        Called with the events and the days ``first``, ``last`` and ``data_through`` of a panel.

    keep
        Columns beyond the contract that the work needs; of a file, those that it has.

    Returns
    -------
    Located, and what `work` returns
        The warnings of both are those of the first.

    Raises
    ------
    GeoError
        The input cannot be read, no event is left, or a step refuses its input.

    Examples
    --------
    >>> found, days = study_part("sample", lambda found, days: days)
    >>> days
    {'first': '2022-01-01', 'last': '2024-12-31', 'data_through': '2024-12-31'}
    """
    tell = progress or silent
    with collected() as caught:
        found = locate(given, settings, tell, keep=keep)
        refuse_nothing(found)
        result = work(found, covered_days(found))
        found = dataclasses.replace(found, warnings=told(found.warnings, caught))
    return found, result


def measured(found: Located, days: dict[str, str], level: Level) -> pd.DataFrame:
    """Return the ``MEASURES`` table of the events, by the period of the study."""
    panel = count_events(found.located, level=level, period=found.settings.period, **days)
    return measure(panel, found.settings, level, days, people=found.people)


def measured_whole(found: Located, days: dict[str, str], level: Level) -> pd.DataFrame:
    """Return :func:`measured` of the areas that a query asks for as a whole, all without one."""
    return of_whole_areas(found, measured(found, days, level), level)


def of_whole_areas(found: Located, measures: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Return the measures of the areas that a query asks for as a whole, all without one.

    Nothing is known of others, so that the area in focus must not be held against them.
    """
    whole = found.areas_with_rates(level)
    if whole is None:
        return measures
    if found.focus is not None and found.focus not in whole:
        raise SettingsError(
            f"the query does not ask for all of the area in focus ({found.focus}), which therefore "
            "has no rate to compare"
        )
    return measures[measures["cvegeo"].isin(whole)].reset_index(drop=True)


def level_of(found: Located, asked: Level | None) -> Level:
    """Return the level that is asked for: that of the area in focus, states without one.

    Raises
    ------
    SettingsError
        If the area in focus is of the other level.
    """
    if found.focus is None:
        return asked or "state"
    level: Level = "state" if len(found.focus) == 2 else "municipality"
    if asked not in (None, level):
        raise SettingsError(
            f"focus = {found.settings.focus!r} is a {level}, and level = {asked!r}; leave out one"
        )
    return level
