"""The monthly series of an area, for a graph: counts by category, windows, dates, breaks.

Everything is taken from the results of a study as it is; categories beyond the most frequent are
drawn together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.cvegeo import Level
from geo.errors import SettingsError
from geo.periods import Window
from geo.study.atlas import SPLITS
from geo.study.results import Results
from geo.study.settings import Language

By: TypeAlias = Literal["event_type", "actor_class"]
IntArray = npt.NDArray[np.int64]

MOST_NAMES = 6
"""Categories that a graph can tell apart; the rest is :data:`REST`."""

REST = "all other"
"""The category of what is drawn together."""


@dataclass(frozen=True, slots=True)
class Break:
    """A month in which the rate was found to change, with the limits of its place (95 %)."""

    month: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MonthlySeries:
    """Events of one area by month and category.

    Attributes
    ----------
    area
        Code of the area; None for the country.
    by
        What the categories are: ``event_type`` or ``actor_class``.
    months, complete
        Labels of the months, in order, and whether the data cover each wholly.
    names
        The categories, most frequent first; at most :data:`MOST_NAMES` and :data:`REST`.
    counts
        Events of months × categories.
    targeted, stated
        Events that targeted civilians, and events that state whether they did, by month.
    dateless
        Events of the area that are in no month: their date is known less well.
    windows
        Base and comparison window, where windows are compared.
    dates
        Days on which something began, with ``event`` or ``transition``.
    breaks
        Breaks found in the monthly rate.
    sentence
        The change between the windows, with its interval, in each language; None where none is
        told of this area.
    """

    area: str | None
    by: By
    months: tuple[str, ...]
    complete: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    counts: IntArray
    targeted: IntArray
    stated: IntArray
    dateless: int
    windows: tuple[Window, Window] | None
    dates: tuple[tuple[dt.date, str], ...]
    breaks: tuple[Break, ...]
    sentence: Mapping[Language, str] | None


def series_of(results: Results, by: By = "event_type") -> MonthlySeries:
    """Return the series of the area in focus, or of the country where none is.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned.
    by
        What the categories are.

    Raises
    ------
    SettingsError
        `by` is not known, or no event's month is.
    """
    if by not in SPLITS:
        raise SettingsError(f"{by!r} is no split of a series; choose {' or '.join(SPLITS)}")
    atlas = results.atlas
    if atlas is None:
        raise SettingsError(
            "there is no monthly series: the month of no event is known; state how well the dates "
            "are known (time_precision=), or draw a map"
        )
    area = results.focus
    level: Level = "municipality" if area is not None and len(area) == 5 else "state"
    table = atlas.levels[level]
    chosen = slice(None) if area is None else [table.codes.index(area)]
    names, split = table.splits[by]
    names, counts = _most_frequent(names, split[chosen].sum(axis=0))
    study = results.settings
    days = [(study.transition_from, "transition"), (study.event_date, "event")]
    return MonthlySeries(
        area=area,
        by=by,
        months=atlas.months,
        complete=atlas.complete,
        names=names,
        counts=counts,
        targeted=table.targeted[chosen].sum(axis=0),
        stated=table.stated[chosen].sum(axis=0),
        dateless=_inside(results, level, area, atlas.months) - int(counts.sum()),
        windows=study.windows,
        dates=tuple((periods.day(one).date(), kind) for one, kind in days if one is not None),
        breaks=_breaks(results.tables.get("breaks"), area),
        sentence=next(
            (
                one.sentence
                for one in results.findings
                if one.finding == "change" and one.cvegeo == area
            ),
            None,
        ),
    )


def _most_frequent(names: tuple[str, ...], counts: IntArray) -> tuple[tuple[str, ...], IntArray]:
    """Return the categories with events, most frequent first, the last ones together."""
    totals = counts.sum(axis=0)
    order = [int(at) for at in np.argsort(-totals, kind="stable") if totals[at] > 0]
    kept = tuple(names[at] for at in order)
    sorted_counts: IntArray = counts[:, order]
    if len(kept) <= MOST_NAMES + 1:
        return kept, sorted_counts
    rest = sorted_counts[:, MOST_NAMES:].sum(axis=1, keepdims=True)
    return (*kept[:MOST_NAMES], REST), np.hstack([sorted_counts[:, :MOST_NAMES], rest])


def _inside(results: Results, level: Level, area: str | None, months: tuple[str, ...]) -> int:
    """Return how many events of the area lie between the first and the last month."""
    start, end = periods.bounds(months[0])[0], periods.bounds(months[-1])[1]
    column = "cve_ent" if level == "state" else "cvegeo"
    located = results.located
    here = located[column].notna() if area is None else located[column] == area
    dated = (located["event_date"] >= start) & (located["event_date"] < end)
    return int((here.fillna(value=False) & dated).sum())


def _breaks(table: pd.DataFrame | None, area: str | None) -> tuple[Break, ...]:
    if table is None or area is None:
        return ()
    mine = table[(table["cvegeo"] == area) & table["period"].notna()]
    return tuple(
        Break(str(month), str(first), str(last))
        for month, first, last in mine[["period", "period_low", "period_high"]].itertuples(
            index=False
        )
    )
