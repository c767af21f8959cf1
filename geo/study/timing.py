"""The part of a study that says when the rate of the area in focus changed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.errors import PeriodWarning, SettingsError
from geo.periods import Day
from geo.steps.interrupted import find_pre_trend, interrupt_series
from geo.steps.trend import cut_series, find_breaks, find_trends
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of, measured
from geo.study.spoken_time import (
    PEOPLE,
    YEARS,
    breaks_sentence,
    interrupted_sentence,
    trend_sentence,
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Timing:
    """When the rate of the area in focus changed.

    Attributes
    ----------
    series, breaks, trends
        Tables of :mod:`geo.steps.trend`: of the focus, of the focus, and of every area.
    terms
        The ``INTERRUPTED`` table; None without an event date.
    sentences
        What they say, in the language of the study.
    has_people
        Whether rates are of people; else they are of years.
    """

    series: pd.DataFrame
    breaks: pd.DataFrame
    trends: pd.DataFrame
    terms: pd.DataFrame | None
    sentences: tuple[str, ...]
    has_people: bool


def timing(
    found: Located,
    days: dict[str, str],
    *,
    event_date: Day | None = None,
    transition_from: Day | None = None,
    measures: pd.DataFrame | None = None,
) -> Timing:
    """Say when the rate of the area in focus changed: breaks, trend, and a date given.

    Parameters
    ----------
    found
        Events of a study with an area in focus.
    days
        ``first``, ``last`` and ``data_through`` of the panel.
    event_date, transition_from
        As in :func:`geo.steps.interrupted.interrupt_series`. Where too few months lie after the
        date, the pre-trend alone is given, with a warning.
    measures
        What :func:`geo.study.part.measured` says of these events, where it was asked already.

    Raises
    ------
    GeoError
        No area is in focus, or a step refuses its input.
    """
    if found.focus is None:
        raise SettingsError("say which area to look at: focus, a state or a municipality")
    if transition_from is not None and event_date is None:
        raise SettingsError(
            "transition_from is given without event_date; a transition lies between two dates"
        )
    level, focus = level_of(found, None), found.focus
    if measures is None:
        measures = measured(found, days, level)
    # Before the search, so that a date that cannot be meant is refused before work starts.
    terms = None if event_date is None else _terms(measures, focus, event_date, transition_from)
    rng = np.random.default_rng(found.settings.seed)
    breaks = find_breaks(measures, areas=[focus], rng=rng)
    trends = find_trends(measures)
    of_focus = trends.set_index("cvegeo", drop=False).loc[focus]
    has_people = measures.loc[measures["cvegeo"] == focus, "exposure"].gt(0).all()
    unit, language = PEOPLE if has_people else YEARS, found.settings.lang
    sentences = [
        breaks_sentence(breaks, of_focus, unit=unit, seed=found.settings.seed, language=language),
        trend_sentence(of_focus, unit=unit, language=language),
    ]
    if terms is not None:
        sentences.append(interrupted_sentence(terms, language=language))
    return Timing(
        series=with_names(cut_series(measures, breaks, areas=[focus]), level),
        breaks=with_names(breaks, level),
        trends=with_names(trends, level),
        terms=None if terms is None else with_names(terms, level),
        sentences=tuple(sentences),
        has_people=bool(has_people),
    )


def _terms(
    measures: pd.DataFrame, focus: str, event_date: Day, transition_from: Day | None
) -> pd.DataFrame:
    try:
        return interrupt_series(
            measures, focus, event_date=event_date, transition_from=transition_from
        ).terms
    except SettingsError as error:
        pre_trend = find_pre_trend(
            measures, focus, event_date=event_date, transition_from=transition_from
        )
        warnings.warn(
            f"no interrupted series at {event_date}, the pre-trend alone: {error}",
            PeriodWarning,
            stacklevel=3,
        )
        return pre_trend
