"""What a picture shows that no table of a study holds: shares, and the events of one category.

As on the page, these are sums of the counts by month and quotients of two sums; the months are
those of the period that is shown, or of the windows that are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.cvegeo import fold
from geo.errors import SettingsError
from geo.render.mapdata import MEASURES, Level, LevelData, MapData, Measure
from geo.render.paint import Paint, paint_of
from geo.render.text import LANGUAGES
from geo.render.timed import ALL, LEAST_EVENTS, SHARE, Timed, timed_breaks
from geo.stats import rates
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.stats.reliability import MIN_EVENTS, MIN_POPULATION
from geo.study.labels import label

FloatArray = npt.NDArray[np.float64]
Months = tuple[int, int]

OF_CATEGORY = ("count", "rate", "change")
"""Measures that one category can have of its own."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a split: the split, its place there, and its name in the data."""

    split: str
    at: int
    name: str

    @property
    def key(self) -> str:
        """What the page calls it."""
        return f"{self.split}:{self.at}"


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Values of the areas of a level, in the order of the atlas, and how they are painted.

    `events` are those that the values rest on; `few` marks areas with few events or people.
    """

    codes: tuple[str, ...]
    values: FloatArray
    paint: Paint
    events: FloatArray
    few: npt.NDArray[np.bool_]


def find_category(data: MapData, name: str) -> Category:
    """Return the event type or class of actors of that name, in either language.

    Raises
    ------
    SettingsError
        The map has none of that name, or shows one period only.
    """
    if data.timed is None:
        raise SettingsError("this map has no categories: it shows one period of a table")
    known = [
        Category(split, at, found)
        for split, names in data.timed.categories.items()
        for at, found in enumerate(names)
    ]
    for one in known:
        if fold(name) in {fold(label(one.name, tongue)) for tongue in LANGUAGES}:
            return one
    raise SettingsError(
        f"the map has no category {name!r}; choose {', '.join(one.name for one in known)}"
    )


def months_shown(data: MapData) -> Months | None:
    """Return first and last month of the period that is shown; None unless it is whole months."""
    timed, period = data.timed, data.period
    if timed is None or period.start.day != 1 or period.end.day != 1:
        return None
    last = (pd.Timestamp(period.end) - pd.Timedelta(days=1)).strftime("%Y-%m")
    first = period.start.strftime("%Y-%m")
    months = timed.atlas.months
    return (months.index(first), months.index(last)) if {first, last} <= set(months) else None


def share_of(data: MapData, level: Level, months: Months) -> Values:
    """Return the share of events that targeted civilians, among those that state it."""
    timed = _timed(data)
    table = timed.atlas.levels[level]
    targeted, stated = (_summed(of, months) for of in (table.targeted, table.stated))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(stated >= LEAST_EVENTS, targeted / stated, np.nan)
    return Values(table.codes, values, share_paint(), stated, np.zeros(len(values), dtype=bool))


def share_paint() -> Paint:
    """Return the colors of a share; its classes are the same everywhere."""
    painted = paint_of(LevelData(pd.DataFrame(), {"rate": SHARE}), _MEASURES["rate"])
    return Paint(_SHARE, painted.colors, SHARE)


def of_category(
    data: MapData, level: Level, measure: str, months: Months, category: Category
) -> Values:
    """Return count or rate of one category, in the classes of the page where a year is shown."""
    timed = _timed(data)
    table = timed.atlas.levels[level]
    events = _summed(timed.counts(level, category.split, category.name), months)
    lived = _summed(timed.atlas.exposure(level), months)
    values = events if measure == "count" else rates.crude_rate(events, lived)
    breaks = _breaks(timed, level, measure, months, category, values)
    paint = paint_of(LevelData(pd.DataFrame(), {measure: breaks}), _MEASURES[measure])
    years = float(timed.atlas.years[months[0] : months[1] + 1].sum())
    reliable = (events >= MIN_EVENTS) & (lived / years >= MIN_POPULATION)
    few = ~reliable & (events > 0) & ~np.isnan(values)
    if not paint.measure.marks_few_events:
        few = np.zeros(len(values), dtype=bool)
    return Values(table.codes, values, paint, events, few)


def ratio_of(
    data: MapData, level: Level, windows: tuple[Months, Months], category: Category
) -> tuple[tuple[str, ...], FloatArray, FloatArray]:
    """Return codes, ratios of the rates of one category in two windows, and events in both.

    A ratio of fewer than :data:`geo.render.timed.LEAST_EVENTS` events is missing; without any in
    the base it is infinite.
    """
    timed = _timed(data)
    table = timed.atlas.levels[level]
    counts = timed.counts(level, category.split, category.name)
    base, comparison = (_summed(counts, months) for months in windows)
    lived = [_summed(timed.atlas.exposure(level), months) for months in windows]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (comparison / lived[1]) / (base / lived[0])
    known = (base + comparison >= LEAST_EVENTS) & (lived[0] > 0) & (lived[1] > 0)
    return table.codes, np.where(known, ratio, np.nan), base + comparison


def _breaks(
    timed: Timed, level: Level, measure: str, months: Months, category: Category,
    values: FloatArray,
) -> ClassBreaks:  # fmt: skip
    span = months[1] - months[0] + 1
    if span in timed.spans:
        made = timed_breaks(timed, level)[measure][span]
        return made.get(category.key, made[ALL])
    return make_breaks(values[timed.asked(level)], whole=measure == "count")


def _summed(values: npt.NDArray[np.generic], months: Months) -> FloatArray:
    total: FloatArray = values[:, months[0] : months[1] + 1].astype(np.float64).sum(axis=1)
    return total


def _timed(data: MapData) -> Timed:
    if data.timed is None:
        raise SettingsError("this needs counts by month, and the map shows one period of a table")
    return data.timed


_SHARE = Measure("share", "share", "rate")
_MEASURES = {measure.key: measure for measure in MEASURES}
