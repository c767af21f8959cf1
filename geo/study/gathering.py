"""What a study says of the area in focus: its change, parts, dates and comparison, in one go.

The same is asked of the events of the study and of each variant of them
(:mod:`geo.study.sensitivity`). A part that cannot be done is left out, with the reason.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from geo.stats.bootstrap import REPLICATES
from geo.steps.categories import SPLITS, By
from geo.study.attempts import Attempts
from geo.study.changing import change_of, explanation_of
from geo.study.comparing import Comparing, comparing
from geo.study.days import covered_days, whole_periods
from geo.study.locating import Located
from geo.study.part import level_of, measured
from geo.study.timing import Timing, timing

COUNTRY_SPLITS: tuple[By, ...] = tuple(by for by in SPLITS if by != "municipality")
"""The splits of the whole country; of its 2,465 municipalities the largest would say little."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Parts:
    """What was found of the area in focus.

    Attributes
    ----------
    change
        The ``CHANGE`` table of all areas of its level.
    explained
        ``EXPLAINED`` tables by split.
    timing
        Series, breaks, trends and before and after the event; None without an area in focus.
    elsewhere
        The change held against that of other areas; None without an area in focus.
    not_done
        Why a part is missing, by its name.
    """

    change: pd.DataFrame | None
    explained: Mapping[str, pd.DataFrame]
    timing: Timing | None
    elsewhere: Comparing | None
    not_done: Mapping[str, str]


def gather(
    found: Located,
    days: Mapping[str, str],
    *,
    change: pd.DataFrame | None = None,
    splits: Sequence[By] | None = None,
    draws: int = REPLICATES,
) -> Parts:
    """Ask all that is asked of the area in focus, or of the country without one.

    Parameters
    ----------
    found
        The events with their areas, and a study with two windows.
    days
        As :func:`geo.study.days.covered_days` returns them.
    change
        The ``CHANGE`` table, where it was made already.
    splits
        How the change is split; :data:`geo.steps.categories.SPLITS` unless given.
    draws
        Draws behind the limits of its parts.

    Examples
    --------
    >>> from geo.study.locating import locate_events
    >>> found = locate_events("sample", base=2023, comparison=2024, focus="Sinaloa")
    >>> parts = gather(found, covered_days(found), splits=["event_type"], draws=99)
    >>> sorted(parts.explained), dict(parts.not_done)
    (['event_type'], {})
    """
    attempt = Attempts()
    level = level_of(found, None)
    if change is None:
        change = attempt("change", lambda: change_of(found, days, level=level))
    if splits is None:
        splits = SPLITS if found.focus is not None else COUNTRY_SPLITS
    explained = {}
    for by in splits:
        name = by if isinstance(by, str) else ",".join(map(str, by))
        table = attempt(f"parts by {name}", partial(_explained, found, days, by, draws))
        if table is not None:
            explained[name] = table
    timed = compared = None
    if found.focus is not None:
        # Asked for inside, so that what is refused is told of both; counted once.
        monthly = functools.cache(partial(_by_month, found))
        timed = attempt("time", lambda: _timed(*monthly()))
        compared = attempt("elsewhere", lambda: _compared(*monthly()))
    return Parts(
        change=change,
        explained=explained,
        timing=timed,
        elsewhere=compared,
        not_done=attempt.not_done,
    )


def _explained(found: Located, days: Mapping[str, str], by: By, draws: int) -> pd.DataFrame:
    return explanation_of(found, days, splits=[by], draws=draws)[by]


def _by_month(found: Located) -> tuple[Located, dict[str, str], pd.DataFrame]:
    """Return the events by whole months, the days of these, and their measures."""
    monthly = whole_periods(found, "month")
    days = covered_days(monthly)
    return monthly, days, measured(monthly, days, level_of(found, None))


def _timed(monthly: Located, days: dict[str, str], measures: pd.DataFrame) -> Timing:
    study = monthly.settings
    return timing(
        monthly,
        days,
        event_date=study.event_date,
        transition_from=study.transition_from,
        measures=measures,
    )


def _compared(monthly: Located, days: dict[str, str], measures: pd.DataFrame) -> Comparing:
    return comparing(monthly, days, measures=measures)
