"""What one picture of a map shows: the class of each area, and the words of its legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SettingsError
from geo.render import palette, wording
from geo.render.mapdata import Level, LevelData, MapData
from geo.render.paint import NO_DATA, Paint, classes_of, few_events, legend_of, paints
from geo.render.text import Language
from geo.render.timed import LEAST_EVENTS, RATIO_BOUNDS
from geo.render.windowed import (
    OF_CATEGORY,
    Category,
    Values,
    find_category,
    months_shown,
    of_category,
    ratio_of,
    share_of,
)
from geo.render.words import say
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.stats.reliability import MIN_EVENTS, MIN_POPULATION
from geo.study.atlas import Atlas
from geo.study.labels import label
from geo.study.titles import area_name

if TYPE_CHECKING:
    from geo.render.circles import Clusters
    from geo.render.contours import Contours

CHANGE, SHARE = "change", "share"
"""Measures of counts by month: the ratio of two windows, and the part that targeted civilians."""

OUTLIERS, EMERGING = "outliers", "emerging"
"""Measures whose classes are labels; see :mod:`geo.render.choices`."""

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
    state
        Code of the state that the picture is cut to, if it is.
    lined
        Classes with lines over their color.
    contours
        A density, in place of the colors of the areas.
    clusters
        Circles over the map.
    method
        How these were made, in words; what a study says of itself is not in it.
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
    state: str | None = None
    lined: frozenset[int] = frozenset()
    contours: Contours | None = None
    clusters: Clusters | None = None
    method: str = ""


def measures_of(data: MapData, level: Level) -> tuple[str, ...]:
    """Return what a picture of a level can show."""
    keys = tuple(paints(level, data.levels[level]))
    timed = data.timed
    if timed is None:
        return keys
    if level in timed.change and windows_of(timed.atlas) is not None:
        keys = (*keys, CHANGE)
    if months_shown(data) is not None and timed.atlas.levels[level].stated.any():
        keys = (*keys, SHARE)
    if timed.has_outliers(level):
        keys = (*keys, OUTLIERS)
    return (*keys, EMERGING) if timed.patterns(level) is not None else keys


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
    data: MapData,
    level: Level,
    measure: str,
    language: Language,
    codes: Sequence[str],
    *,
    category: str | None = None,
    state: str | None = None,
) -> Chosen:
    """Return the classes of the areas `codes` and the words that go with them.

    Parameters
    ----------
    data, level, measure, language, codes
        The description, what of it is drawn, in which words, and all areas of the level.
    category
        Name of an event type or of a class of actors, for its events alone.
    state
        Code of a state; areas of others are not counted then.

    Raises
    ------
    SettingsError
        The measure cannot be told of a category or of a state, or the map has no such category.
    """
    if state is not None:
        if level == "state":
            raise SettingsError("a picture of one state shows its municipalities, not the state")
        codes = [code for code in codes if code.startswith(state)]
    if category is not None:
        return _of_category(data, level, measure, language, codes, category, state)
    if measure == CHANGE:
        return _change(data, level, language, codes, None, state)
    if measure == SHARE:
        months = months_shown(data)
        if months is None:
            raise SettingsError("a share is told of whole months only; choose another period")
        found = share_of(data, level, months)
        note = say(language, "legend.noteShare")
        return _windowed(data, level, measure, language, codes, found, None, state, note)
    table = data.levels[level]
    paint = _paint(data, level, table, measure)
    areas = table.areas["cvegeo"].astype("str").tolist()
    strange = sorted(set(areas) - set(codes)) if state is None else []
    if strange:
        raise SettingsError(
            f"{len(strange)} areas of the {level} table are not in the boundaries: "
            f"{', '.join(strange[:5])}; take the codes from geo.load_areas({level!r})"
        )
    drawn = table.areas["cvegeo"].astype("str").isin(codes).to_numpy()
    if state is not None:
        table = LevelData(table.areas[drawn], table.breaks)
        areas = table.areas["cvegeo"].astype("str").tolist()
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
        heading=heading_of(language, measure, level, _period(data, language), state),
        title=say(language, f"measure.{measure}"),
        unit=say(language, f"unit.{measure}"),
        missing=say(language, "legend.notTested" if bins else "legend.noData"),
        notes=_notes(data, language, level, paint),
        shown=wording.shown_line(data, language, int(table.areas["events"].sum())),
        state=state,
    )


def _of_category(
    data: MapData, level: Level, measure: str, language: Language, codes: Sequence[str],
    name: str, state: str | None,
) -> Chosen:  # fmt: skip
    category = find_category(data, name)
    if measure not in OF_CATEGORY:
        raise SettingsError(
            f"{measure!r} is told of all events only; with a category choose "
            f"{', '.join(OF_CATEGORY)}"
        )
    if measure == CHANGE:
        return _change(data, level, language, codes, category, state)
    months = months_shown(data)
    if months is None:
        raise SettingsError("a category is told of whole months only; choose another period")
    found = of_category(data, level, measure, months, category)
    notes = _notes(data, language, level, found.paint)
    return _windowed(data, level, measure, language, codes, found, category, state, *notes)


def _windowed(
    data: MapData, level: Level, measure: str, language: Language, codes: Sequence[str],
    found: Values, category: Category | None, state: str | None, *notes: str,
) -> Chosen:  # fmt: skip
    """Return what is made of counts by month: its classes, and the words that go with them."""
    assert found.paint.breaks is not None
    classes = found.paint.breaks.classify(found.values)
    drawn = set(codes)
    inside = np.array([code in drawn for code in found.codes], dtype=bool)
    by_code = {
        code: int(at)
        for code, at, shown in zip(found.codes, classes, inside, strict=True)
        if shown and at != NO_DATA
    }
    colors = found.paint.colors
    counts = np.bincount(list(by_code.values()), minlength=len(colors))
    said = say(language, f"unit.{measure}")
    few = zip(found.codes, found.few & inside, strict=True)
    return Chosen(
        language=language,
        level=level,
        measure=measure,
        colors=colors,
        names=tuple(wording.class_name(language, found.paint, at) for at in range(len(colors))),
        classes=by_code,
        few=frozenset(code for code, marked in few if marked),
        marks_few=found.paint.measure.marks_few_events and measure != SHARE,
        counts=tuple(counts.tolist()),
        no_data=len(codes) - len(by_code),
        breaks=found.paint.breaks,
        heading=heading_of(language, measure, level, _period(data, language), state, category),
        title=say(language, f"measure.{measure}"),
        unit=said if category is None else f"{said} · {_named(category, language)}",
        missing=say(language, "legend.tooFew" if measure == SHARE else "legend.noData"),
        notes=notes,
        shown=wording.shown_line(data, language, int(found.events[inside].sum())),
        state=state,
    )


def _named(category: Category, language: Language) -> str:
    return wording.one_line(label(category.name, language))


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


def heading_of(
    language: Language, measure: str, level: Level, period: str, state: str | None = None,
    category: Category | None = None,
) -> str:  # fmt: skip
    """Return what is drawn, by which areas and of when, as one line."""
    name = say(language, f"level.{level}")
    heading = say(
        language,
        "static.heading",
        measure=say(language, f"measure.{measure}"),
        level=name[0].lower() + name[1:],
        period=period,
    )
    if category is not None:
        # Spanish goes on with a small letter after a colon.
        heading = heading[0].lower() + heading[1:] if language == "es" else heading
        heading = f"{_named(category, language)}: {heading}"
    return heading if state is None else f"{area_name(state)} · {heading}"


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
    if paint.breaks.whole and data.partial:
        note = f"{note} {say(language, 'legend.notAsked')}"
    if not paint.measure.marks_few_events:
        return (note,)
    few = {"events": wording.whole(MIN_EVENTS), "people": wording.whole(MIN_POPULATION)}
    return say(language, "legend.fewDefinition", **few), note


def _change(
    data: MapData, level: Level, language: Language, codes: Sequence[str],
    category: Category | None, state: str | None,
) -> Chosen:  # fmt: skip
    """Return the ratios of the windows that the study compares, from its ``CHANGE`` table.

    Those of a category are quotients of sums, as on the page.
    """
    timed = data.timed
    windows = None if timed is None else windows_of(timed.atlas)
    if timed is None or windows is None:
        raise SettingsError("a picture of change needs two windows of whole months")
    if category is None:
        table = timed.change[level]
        areas = tuple(table["cvegeo"].astype("str"))
        events = (table["base_events"] + table["comparison_events"]).to_numpy(dtype=np.float64)
        ratio = table["rate_ratio"].to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        areas, ratio, events = ratio_of(data, level, windows, category)
    drawn = set(codes)
    inside = np.array([code in drawn for code in areas], dtype=bool)
    told = (events >= LEAST_EVENTS) & ~np.isnan(ratio) & inside
    classes = np.searchsorted(RATIO_BOUNDS, ratio, side="left")
    by_code = {
        code: int(at) for code, at, is_told in zip(areas, classes, told, strict=True) if is_told
    }
    counts = np.bincount(list(by_code.values()), minlength=len(palette.RATIO))
    months = timed.atlas.months
    base, comparison = (
        wording.span_name(language, months[first], months[last]) for first, last in windows
    )
    against = say(language, "static.against", base=base, comparison=comparison)
    said = say(language, "unit.change")
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
        heading=heading_of(language, CHANGE, level, against, state, category),
        title=say(language, "measure.change"),
        unit=said if category is None else f"{said} · {_named(category, language)}",
        missing=say(language, "legend.tooFew"),
        notes=(say(language, "legend.noteChange", base=base),),
        shown=say(
            language,
            "static.compared",
            base=base,
            comparison=comparison,
            events=wording.number_of(language, "caption.events", int(events[inside].sum())),
        ),
        state=state,
    )
