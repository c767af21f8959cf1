"""The parts of a study about months of the year, and about months around a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo.errors import SettingsError
from geo.periods import Day
from geo.sources import boundaries
from geo.steps.event_study import study_event
from geo.steps.season import find_season
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of, measured
from geo.study.spoken_elsewhere import event_study_sentence
from geo.study.spoken_season import season_sentence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MonthByMonth:
    """Months of the year, or around a date.

    Attributes
    ----------
    table
        ``SEASON`` or ``EVENT_STUDY``, of the area in focus.
    tests
        ``SEASONALITY`` of every area, or ``PRE_TRENDS``.
    sentences
        What they say, in the language of the study.
    """

    table: pd.DataFrame
    tests: pd.DataFrame
    sentences: tuple[str, ...]


def seasons(found: Located, days: dict[str, str]) -> MonthByMonth:
    """Say whether the area in focus has months that are higher than others, every year.

    Parameters
    ----------
    found
        Events of a study by month, with an area in focus.
    days
        ``first``, ``last`` and ``data_through`` of the panel.

    Raises
    ------
    GeoError
        No area is in focus, or fewer than 36 months are complete.
    """
    focus = _focus(found)
    level = level_of(found, None)
    result = find_season(measured(found, days, level))
    of_focus = result.table[result.table["cvegeo"] == focus].reset_index(drop=True)
    strength = result.strength.set_index("cvegeo", drop=False).loc[focus]
    return MonthByMonth(
        table=with_names(of_focus, level),
        tests=with_names(result.strength, level),
        sentences=(season_sentence(of_focus, strength, language=found.settings.lang),),
    )


def around_date(
    found: Located,
    days: dict[str, str],
    *,
    event_date: Day,
    transition_from: Day | None = None,
    donors: Sequence[str] = (),
) -> MonthByMonth:
    """Say how the area in focus stands to others, month by month around a date.

    Parameters
    ----------
    found, days
        As in :func:`seasons`.
    event_date, transition_from
        As in :func:`geo.steps.event_study.study_event`.
    donors
        Names or codes of the areas it is compared with; all others, with and without the
        neighbors, unless given.

    Raises
    ------
    GeoError
        No area is in focus, or a step refuses its input.
    """
    focus = _focus(found)
    level = level_of(found, None)
    codes = [boundaries.find_area(name, level=level) for name in donors]
    result = study_event(
        measured(found, days, level),
        focus,
        event_date=event_date,
        transition_from=transition_from,
        donors=codes or None,
    )
    sentences = [
        event_study_sentence(result.table, trend, language=found.settings.lang)
        for _, trend in result.pre_trends.iterrows()
    ]
    return MonthByMonth(
        table=with_names(result.table, level),
        tests=with_names(result.pre_trends, level),
        sentences=tuple(sentences),
    )


def _focus(found: Located) -> str:
    if found.focus is None:
        raise SettingsError("say which area to look at: focus, a state or a municipality")
    return found.focus
