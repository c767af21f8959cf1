"""What a picture can show beside numbers: outliers, labels of emerging hotspots, a density."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo import periods
from geo.errors import SettingsError
from geo.render import choosing as measured
from geo.render import wording
from geo.render.chosen import EMERGING, OUTLIERS, Chosen, heading_of
from geo.render.contours import contours_of
from geo.render.label_colors import EMERGING as EMERGING_COLORS
from geo.render.label_colors import OUTLIER, is_lined
from geo.render.mapdata import Level, MapData
from geo.render.text import Language
from geo.render.timed import Timed
from geo.render.windowed import months_shown
from geo.render.words import say
from geo.steps.surface import Surface
from geo.study.atlas import HOTSPOT_SPAN
from geo.study.atlas import OUTLIERS as OUTLIER_WORDS
from geo.study.titles import area_name

DENSITY = "density"
"""What is drawn in place of the colors of the areas."""

LABELED = (OUTLIERS, EMERGING)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Labels:
    """Classes with names: that of each area by code, the words, and the days they are of."""

    measure: str
    classes: Mapping[str, float]
    words: Sequence[str]
    colors: Mapping[str, str]
    days: tuple[dt.date, dt.date]
    events: Mapping[str, int]
    note: str


def choose_any(
    data: MapData,
    level: Level,
    measure: str,
    language: Language,
    codes: Sequence[str],
    *,
    category: str | None = None,
    state: str | None = None,
) -> Chosen:
    """Return what a picture of a measure or of labels shows, as :func:`geo.render.choosing.choose`.

    Raises
    ------
    SettingsError
        The measure cannot be told of a category or of a state, or the map has no such category.
    """
    if measure not in LABELED:
        return measured.choose(
            data, level, measure, language, codes, category=category, state=state
        )
    if category is not None:
        raise SettingsError(f"{measure!r} is told of all events only; leave the category out")
    if state is not None:
        codes = [code for code in codes if code.startswith(state)]
    made = _outliers if measure == OUTLIERS else _emerging
    return made(data, level, language, codes, state).within(data.reach, codes)


def choose_density(surface: Surface, level: Level, language: Language, state: str | None) -> Chosen:
    """Return what a picture of a density shows: the ground by its classes.

    Raises
    ------
    SettingsError
        The surface shows no density.
    """
    found = contours_of(surface, language)
    title = say(language, "layer.density")
    heading = f"{title}, {found.period}"
    return Chosen(
        language=language,
        level=level,
        measure=DENSITY,
        colors=found.colors,
        names=found.names,
        classes={},
        few=frozenset(),
        marks_few=False,
        counts=(0,) * len(found.colors),
        no_data=0,
        breaks=None,
        heading=heading if state is None else f"{area_name(state)} · {heading}",
        title=title,
        unit=say(language, "density.unit"),
        missing="",
        notes=(say(language, "static.noteDensity"),),
        shown=found.sentence,
        state=state,
        contours=found,
        method=found.method,
    )


def _outliers(
    data: MapData, level: Level, language: Language, codes: Sequence[str], state: str | None
) -> Chosen:
    """Return what local Moran's I says of the last year of what is shown."""
    timed = _timed(data)
    table = timed.atlas.levels[level]
    assert table.outlier is not None
    at = _last_tested(data, table.outlier)
    classes = dict(zip(table.codes, table.outlier[:, at], strict=True))
    first = at + 1 - HOTSPOT_SPAN
    labels = _Labels(
        measure=OUTLIERS,
        classes=classes,
        words=OUTLIER_WORDS,
        colors=OUTLIER,
        days=(_begin(timed.atlas.months[first]), _end(timed.atlas.months[at])),
        events=dict(zip(table.codes, table.events[:, first : at + 1].sum(axis=1), strict=True)),
        note=f"{say(language, 'outlier.note')} {_drawn(language, data.permutations)}",
    )
    return _labeled(labels, level, language, codes, state)


def _emerging(
    data: MapData, level: Level, language: Language, codes: Sequence[str], state: str | None
) -> Chosen:
    """Return the labels of emerging hotspots, which are of the whole time."""
    timed = _timed(data)
    found, patterns = timed.emerging, timed.patterns(level)
    assert found is not None
    assert patterns is not None
    place = {word: at for at, word in enumerate(patterns)}
    labels = found.table.set_index("cvegeo")["pattern"].map(place)
    start, end = _begin(found.first), _end(found.last)
    table = timed.atlas.levels[level]
    inside = [start <= _begin(month) < end for month in timed.atlas.months]
    number = wording.whole(found.periods)
    said = say(language, f"emerging.periods.{found.kind}", n=number)
    note = say(language, "emerging.note", periods=said)
    told = _Labels(
        measure=EMERGING,
        classes=labels.to_dict(),
        words=patterns,
        colors=EMERGING_COLORS,
        days=(start, end),
        events=dict(zip(table.codes, table.events[:, inside].sum(axis=1), strict=True)),
        note=f"{note} {_drawn(language, found.permutations)}",
    )
    return _labeled(told, level, language, codes, state)


def _labeled(
    labels: _Labels, level: Level, language: Language, codes: Sequence[str], state: str | None
) -> Chosen:
    kind = "outlier" if labels.measure == OUTLIERS else "emerging"
    words, days = labels.words, labels.days
    by_code = {code: labels.classes.get(code, np.nan) for code in codes}
    told = {code: int(at) for code, at in by_code.items() if not np.isnan(at)}
    period = wording.days_name(language, *(day.isoformat() for day in days))
    number = sum(int(labels.events.get(code, 0)) for code in codes)
    return Chosen(
        language=language,
        level=level,
        measure=labels.measure,
        colors=tuple(labels.colors[word] for word in words),
        names=tuple(say(language, f"{kind}.{word}") for word in words),
        classes=told,
        few=frozenset(),
        marks_few=False,
        counts=tuple(np.bincount(list(told.values()), minlength=len(words)).tolist()),
        no_data=len(codes) - len(told),
        breaks=None,
        heading=heading_of(language, labels.measure, level, period, state),
        title=say(language, f"measure.{labels.measure}"),
        unit=say(language, f"unit.{labels.measure}"),
        missing=say(language, "legend.notTested"),
        notes=(labels.note,),
        shown=wording.counted_in(language, period, days, number),
        state=state,
        lined=frozenset(at for at, word in enumerate(words) if is_lined(word)),
    )


def _last_tested(data: MapData, outlier: np.ndarray) -> int:
    """Return the last month of what is shown, or the last one of which anything is tested."""
    tested = np.flatnonzero(np.isfinite(outlier).any(axis=0))
    months = months_shown(data)
    if months is not None and months[1] in tested:
        return months[1]
    return int(tested[-1])


def _drawn(language: Language, permutations: int | None) -> str:
    if not permutations:
        return say(language, "labels.analytic")
    return say(language, "labels.drawn", permutations=wording.whole(permutations))


def _begin(label: str) -> dt.date:
    start: dt.date = periods.bounds(label)[0].date()
    return start


def _end(label: str) -> dt.date:
    end: dt.date = periods.bounds(label)[1].date()
    return end


def _timed(data: MapData) -> Timed:
    assert data.timed is not None
    return data.timed
