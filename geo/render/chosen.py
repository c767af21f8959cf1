"""What one picture of a map shows: the class of each area, and the words of its legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SettingsError
from geo.render import palette, wording
from geo.render.mapdata import Level, LevelData, MapData
from geo.render.paint import NO_DATA, Paint, classes_of, few_events, legend_of, paints
from geo.render.text import Language
from geo.render.timed import LEAST_EVENTS, RATIO_BOUNDS
from geo.render.words import say
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.stats.reliability import MIN_EVENTS, MIN_POPULATION
from geo.study.atlas import Atlas

CHANGE = "change"
"""The measure that is no measure of one period: the ratio of two windows."""

YEAR_OF_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """A level and a measure, ready to be drawn.

    Attributes
    ----------
    language, level, measure
        What was chosen.
    colors, names
        Of each class, lowest first.
    classes, few
        Class of each area that has one, and the areas that rest on few events, by code.
    counts, no_data
        Areas of each class, and those without one; together all areas that are drawn.
    breaks
        The bounds of the classes; None where classes are no ranges of numbers.
    heading, title, unit
        What is drawn, with its period and alone; what a number is of.
    missing
        What an area without a class is called.
    notes
        What must be known to read the legend.
    shown
        Period and number of events, as a sentence.
    """

    language: Language
    level: Level
    measure: str
    colors: tuple[str, ...]
    names: tuple[str, ...]
    classes: Mapping[str, int]
    few: frozenset[str]
    marks_few: bool
    counts: tuple[int, ...]
    no_data: int
    breaks: ClassBreaks | None
    heading: str
    title: str
    unit: str
    missing: str
    notes: tuple[str, ...]
    shown: str


def measures_of(data: MapData, level: Level) -> tuple[str, ...]:
    """Return what a picture of a level can show."""
    keys = tuple(paints(level, data.levels[level]))
    timed = data.timed
    if timed is None or level not in timed.change or windows_of(timed.atlas) is None:
        return keys
    return (*keys, CHANGE)


def windows_of(atlas: Atlas) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return first and last month of the windows compared; None unless they are whole months."""
    if atlas.base is None or atlas.comparison is None:
        return None
    return atlas.base, atlas.comparison


def first_choice(data: MapData, level: Level | None, measure: str | None) -> tuple[Level, str]:
    """Return what is drawn where nothing is said: what the page shows at first.

    Raises
    ------
    SettingsError
        The description has no such level, or the level no such measure.
    """
    first: Level = "municipality" if "municipality" in data.levels else next(iter(data.levels))
    shown: Level = first if level is None else level
    if shown not in data.levels:
        raise SettingsError(f"the map has no level {shown!r}; choose {', '.join(data.levels)}")
    have = measures_of(data, shown)
    if not have:
        raise SettingsError(f"the {shown} level has no measure to draw; give it class breaks")
    if measure is None:
        return shown, "smoothed" if "smoothed" in have else have[0]
    if measure not in have:
        raise SettingsError(
            f"a picture of the {shown} level cannot show {measure!r}; choose {', '.join(have)}"
        )
    return shown, measure


def choose(
    data: MapData, level: Level, measure: str, language: Language, codes: Sequence[str]
) -> Chosen:
    """Return the classes of the areas `codes` and the words that go with them."""
    if measure == CHANGE:
        return _change(data, level, language, codes)
    table = data.levels[level]
    paint = _paint(data, level, table, measure)
    areas = table.areas["cvegeo"].astype("str").tolist()
    if strange := sorted(set(areas) - set(codes)):
        raise SettingsError(
            f"{len(strange)} areas of the {level} table are not in the boundaries: "
            f"{', '.join(strange[:5])}; take the codes from geo.load_areas({level!r})"
        )
    classes = classes_of(table, paint)
    few = few_events(table, paint)
    legend = legend_of(table, paint, areas=len(codes))
    bins = paint.measure.kind == "bins"
    return Chosen(
        language=language,
        level=level,
        measure=measure,
        colors=paint.colors,
        names=tuple(wording.class_name(language, paint, at) for at in range(len(paint.colors))),
        classes={code: int(at) for code, at in zip(areas, classes, strict=True) if at != NO_DATA},
        few=frozenset(code for code, marked in zip(areas, few, strict=True) if marked),
        marks_few=paint.measure.marks_few_events and bool(paint.colors),
        counts=legend.counts,
        no_data=legend.no_data,
        breaks=paint.breaks,
        heading=_heading(language, measure, level, _period(data, language)),
        title=say(language, f"measure.{measure}"),
        unit=say(language, f"unit.{measure}"),
        missing=say(language, "legend.notTested" if bins else "legend.noData"),
        notes=_notes(data, language, level, paint),
        shown=wording.shown_line(data, language, int(table.areas["events"].sum())),
    )


def _paint(data: MapData, level: Level, table: LevelData, measure: str) -> Paint:
    """Return the colors of a measure, with the classes of the page where these hold the values.

    Over time the page has one set of classes for all windows of a length. A picture of a whole
    year takes those of twelve months, so that map and picture can lie side by side.
    """
    usual = paints(level, table)[measure]
    if data.timed is None or usual.breaks is None or not _is_a_year(data):
        return usual
    shown = data.timed.atlas.window_rates(level, YEAR_OF_MONTHS)
    values = {"count": shown.events, "rate": shown.crude, "smoothed": shown.smoothed}[measure]
    breaks = make_breaks(values, whole=usual.breaks.whole)
    found = table.areas[usual.measure.column].to_numpy(dtype=np.float64, na_value=np.nan)
    if not _holds(breaks, found):
        return usual
    other = LevelData(table.areas, {measure: breaks})
    return paints(level, other)[measure]


def _is_a_year(data: MapData) -> bool:
    period = data.period
    next_year = pd.Timestamp(period.start) + pd.DateOffset(years=1)
    months = () if data.timed is None else data.timed.atlas.months
    return (
        len(months) >= YEAR_OF_MONTHS
        and period.start.day == 1
        and pd.Timestamp(period.end) == next_year
    )


def _holds(breaks: ClassBreaks, values: npt.NDArray[np.float64]) -> bool:
    known = values[~np.isnan(values)]
    if not len(known):
        return True
    return (
        bool(breaks.bounds)
        and bool((known >= breaks.bounds[0]).all())
        and bool((known <= breaks.bounds[-1]).all())
    )


def _period(data: MapData, language: Language) -> str:
    name = wording.period_name(language, data.period.label)
    return name if data.period.complete else f"{name} ({say(language, 'period.incomplete')})"


def _heading(language: Language, measure: str, level: Level, period: str) -> str:
    name = say(language, f"level.{level}")
    return say(
        language,
        "static.heading",
        measure=say(language, f"measure.{measure}"),
        level=name[0].lower() + name[1:],
        period=period,
    )


def _notes(data: MapData, language: Language, level: Level, paint: Paint) -> tuple[str, ...]:
    if paint.breaks is None:
        drawn = data.permutations
        return (
            say(language, "legend.noteHotspots", permutations=wording.whole(drawn))
            if drawn
            else say(language, "legend.noteHotspotsAnalytic"),
        )
    key = "legend.noteState" if level == "state" else "legend.noteMunicipality"
    note = say(language, f"{key}Whole" if paint.breaks.whole else key)
    if not paint.measure.marks_few_events:
        return (note,)
    few = {"events": wording.whole(MIN_EVENTS), "people": wording.whole(MIN_POPULATION)}
    return say(language, "legend.fewDefinition", **few), note


def _change(data: MapData, level: Level, language: Language, codes: Sequence[str]) -> Chosen:
    """Return the ratios of the windows that the study compares, from its ``CHANGE`` table."""
    timed = data.timed
    windows = None if timed is None else windows_of(timed.atlas)
    if timed is None or windows is None:
        raise SettingsError("a picture of change needs two windows of whole months")
    table = timed.change[level]
    events = (table["base_events"] + table["comparison_events"]).to_numpy(dtype=np.float64)
    ratio = table["rate_ratio"].to_numpy(dtype=np.float64, na_value=np.nan)
    told = (events >= LEAST_EVENTS) & ~np.isnan(ratio)
    classes = np.searchsorted(RATIO_BOUNDS, ratio, side="left")
    by_code = {
        str(code): int(at)
        for code, at, is_told in zip(table["cvegeo"], classes, told, strict=True)
        if is_told
    }
    counts = np.bincount(list(by_code.values()), minlength=len(palette.RATIO))
    months = timed.atlas.months
    base, comparison = (
        wording.span_name(language, months[first], months[last]) for first, last in windows
    )
    against = say(language, "static.against", base=base, comparison=comparison)
    return Chosen(
        language=language,
        level=level,
        measure=CHANGE,
        colors=palette.RATIO,
        names=tuple(wording.ratio_name(language, at) for at in range(len(palette.RATIO))),
        classes=by_code,
        few=frozenset(),
        marks_few=False,
        counts=tuple(counts.tolist()),
        no_data=len(codes) - len(by_code),
        breaks=None,
        heading=_heading(language, CHANGE, level, against),
        title=say(language, "measure.change"),
        unit=say(language, "unit.change"),
        missing=say(language, "legend.tooFew"),
        notes=(say(language, "legend.noteChange", base=base),),
        shown=say(
            language,
            "static.compared",
            base=base,
            comparison=comparison,
            events=wording.number_of(language, "caption.events", int(events.sum())),
        ),
    )
