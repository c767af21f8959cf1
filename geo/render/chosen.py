"""What one picture of a map shows: the class of each area, and the words of its legend."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import SettingsError
from geo.render import wording
from geo.render.mapdata import Level, MapData
from geo.render.paint import paints
from geo.render.text import Language
from geo.render.windowed import (
    Category,
    months_shown,
)
from geo.render.words import say
from geo.stats.breaks import ClassBreaks
from geo.steps.reach import Reach
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
        Areas of each class, and those without one; with those outside, all areas that are drawn.
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
    outside, part
        Areas of which nothing was asked, and those that have a class but were asked for in part.
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
    outside: frozenset[str] = frozenset()
    part: frozenset[str] = frozenset()

    def within(self, reach: Reach, codes: Sequence[str]) -> Chosen:
        """Return the same with the areas apart of which nothing was asked, or only a part.

        Parameters
        ----------
        reach
            Which these are.
        codes
            All areas that are drawn.
        """
        drawn = frozenset(codes)
        outside = drawn & reach.outside
        classes = {code: at for code, at in self.classes.items() if code not in outside}
        part = reach.part & classes.keys()
        if not (outside or part):
            return self
        counts = np.bincount(list(classes.values()), minlength=len(self.colors))
        notes = [("reach.partNote", part), ("reach.outsideNote", outside)]
        said = (say(self.language, key) for key, areas in notes if areas)
        return dataclasses.replace(
            self,
            classes=classes,
            few=self.few - outside,
            counts=tuple(counts.tolist()),
            no_data=len(drawn) - len(outside) - len(classes),
            outside=outside,
            part=part,
            notes=(*said, *self.notes),
        )


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


def named(category: Category, language: Language) -> str:
    """Return the name of a category on one line."""
    return wording.one_line(label(category.name, language))


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
        heading = f"{named(category, language)}: {heading}"
    return heading if state is None else f"{area_name(state)} · {heading}"
