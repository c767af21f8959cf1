"""The part of a study that holds the state in focus against other states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from geo import periods
from geo.errors import SettingsError
from geo.periods import Day, Window
from geo.sources import boundaries
from geo.steps.elsewhere import compare_elsewhere
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.part import level_of, measured, of_whole_areas
from geo.study.spoken import elsewhere_sentence


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Comparing:
    """How the area in focus changed compared with others: tables and what they say.

    The sentences are in the language of the study.
    """

    table: pd.DataFrame
    placebos: pd.DataFrame
    sentences: tuple[str, ...]


def comparing(
    found: Located,
    days: dict[str, str],
    *,
    event_date: Day | None = None,
    transition_from: Day | None = None,
    donors: Sequence[str] = (),
    measures: pd.DataFrame | None = None,
) -> Comparing:
    """Hold the area in focus against others, between the windows of the study or around a date.

    Parameters
    ----------
    found
        Events of a study by month, with an area in focus.
    days
        ``first``, ``last`` and ``data_through`` of the panel.
    event_date, transition_from
        In place of windows: all months before the (earlier) date, and all from the event on.
    donors
        Names or codes of the areas it is compared with; all others, with and without the
        neighbors, unless given.
    measures
        What :func:`geo.study.part.measured` says of these events, where it was asked already.

    Raises
    ------
    GeoError
        No area is in focus, neither windows nor a date are given or both are, or a step refuses.
    """
    if found.focus is None:
        raise SettingsError("say which area to compare: focus, as a rule a state")
    level = level_of(found, None)
    base, comparison = compared_windows(found, days, event_date, transition_from)
    codes = [boundaries.find_area(name, level=level) for name in donors]
    if measures is None:
        measures = measured(found, days, level)
    measures = of_whole_areas(found, measures, level)
    result = compare_elsewhere(
        measures, found.focus, base=base, comparison=comparison, donors=codes or None
    )
    sentences = [
        elsewhere_sentence(
            row, base=base.label, comparison=comparison.label, language=found.settings.lang
        )
        for _, row in result.table.iterrows()
    ]
    return Comparing(
        table=with_names(result.table, level),
        placebos=result.placebos,
        sentences=tuple(sentences),
    )


def compared_windows(
    found: Located, days: dict[str, str], event_date: Day | None, transition_from: Day | None
) -> tuple[Window, Window]:
    """Return the windows of the study, or those around a date.

    Raises
    ------
    SettingsError
        If neither windows nor a date are given, or both are, or the dates are not within the data.
    """
    windows = found.settings.windows
    if (windows is None) == (event_date is None):
        raise SettingsError(
            "give either two windows (base, comparison) or a date known before (event_date)"
        )
    if windows is not None:
        if transition_from is not None:
            raise SettingsError("transition_from goes with event_date, not with two windows")
        return windows
    after = periods.day(event_date or "")
    before = after if transition_from is None else periods.day(transition_from)
    first, through = periods.day(days["first"]), periods.day(days["data_through"])
    if not first < before <= after <= through:
        raise SettingsError(
            f"the dates {before.date()} and {after.date()} must lie in this order within the data, "
            f"{first.date()} to {through.date()}"
        )
    # Whole months count alone, so a window may reach to the end of the last one.
    return Window(first, before), Window(after, through + pd.Timedelta(days=1))
