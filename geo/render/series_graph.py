"""The monthly series as a picture: stacked bars, windows, dates, breaks, and what was targeted.

Nothing is counted here; :func:`geo.study.graphing.series_of` gives the numbers.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from geo import periods
from geo.render import wording
from geo.render.describe import describe
from geo.render.mapdata import Level, MapData
from geo.render.margins import EDGE, Margins
from geo.render.palette import CATEGORIES
from geo.render.series_panels import (
    BASE,
    COMPARISON,
    STRIP,
    STRIP_NAME,
    Plot,
    draw_panels,
    span_of,
    windows_of,
)
from geo.render.sheet import (
    PAPER,
    Sheet,
    check_ending,
    check_size,
    drawing,
    shortened,
    text_width,
)
from geo.render.text import Language, clean
from geo.render.words import say, say_day
from geo.steps.query import Query
from geo.study.graphing import By, MonthlySeries, series_of
from geo.study.labels import label, split_name
from geo.study.results import Results
from geo.study.run import results_of
from geo.study.titles import area_name

Dashes: TypeAlias = Literal["solid", "dashed", "dotted"]

SIZE = (11.0, 7.0)
"""Width and height of a graph in inches, unless another size is asked for."""

_DATE, _BREAK = "#17212b", "#8c2d68"
_KEY = 8.0
_LEFT, _LANE, _KEY_ROW, _MONTHS = 34.0, 14.0, 15.0, 24.0
_LEAST_BARS = 130.0


def draw_series(
    results: Results | Query,
    path: str | os.PathLike[str],
    *,
    by: By = "event_type",
    lang: Language = "en",
    size: tuple[float, float] = SIZE,
) -> Path:
    """Draw the monthly series of the area in focus as a PNG, SVG or PDF.

    Without a focus it is that of the country. The same results give the same bytes.

    Parameters
    ----------
    results
        The results of a study, or a query.
    path
        The file; one that is there is replaced.
    by
        What the bars are parted by: ``"event_type"`` or ``"actor_class"``.
    lang
        Language of everything on the picture.
    size
        Width and height in inches. A sheet whose words need more room becomes longer.

    Returns
    -------
    Path
        Where the picture is now.

    Raises
    ------
    SettingsError
        A split, a language or a size that the picture cannot have, or no event's month is known.
    OutputError
        An ending that is not known, or a place that cannot be written.
    """
    check_ending(path)
    width, height = check_size(size)
    results = results_of(results)
    series = series_of(results, by)
    margins = margins_of(results, series, lang)
    with drawing():
        sheet = _drawn(series, margins, lang, width, height)
        return sheet.save(path, title=margins.title)


def margins_of(results: Results, series: MonthlySeries, language: Language) -> Margins:
    """Return the words around the graph of a series."""
    data = describe(results)
    place = area_name(series.area) if series.area else say(language, "country")
    months = (
        wording.month_name(language, series.months[0]),
        wording.month_name(language, series.months[-1]),
    )
    sentence = "" if series.sentence is None else series.sentence[language]
    return Margins(
        language=language,
        made_up=data.made_up,
        title=say(language, "graph.title", place=place),
        subtitle=say(
            language,
            "graph.subtitle",
            split=split_name(series.by, language),
            first=months[0],
            last=months[1],
        ),
        heading="",
        statement=sentence,
        lines=(
            _counted(data, series, language),
            _source(data, language, results.warnings),
            wording.method_line(data, language, "series", without=results.warnings),
            wording.credit_line(data, language),
        ),
    )


def _counted(data: MapData, series: MonthlySeries, language: Language) -> str:
    number = int(series.counts.sum())
    events = wording.number_of(language, "caption.events", number)
    said = [say(language, "graph.shown", events=events)]
    if series.dateless:
        dateless = wording.number_of(language, "caption.events", series.dateless)
        said.append(say(language, "graph.dateless", events=dateless))
    level: Level = "municipality" if series.area is not None and len(series.area) == 5 else "state"
    said.append(wording.counted_line(data, language, level))
    if not series.complete.all():
        said.append(f"{say(language, 'graph.incomplete')}.")
    return " ".join(said)


def _source(data: MapData, language: Language, warnings: Sequence[str]) -> str:
    remarks = say(language, "static.remarks", n=len(warnings)) if warnings else ""
    return f"{wording.source_line(data, language)} {remarks}"


def _drawn(
    series: MonthlySeries, margins: Margins, language: Language, width: float, height: float
) -> Sheet:
    inside = width - 2 * EDGE
    # Drawn on a sheet of its own first: what is above tells how high the bars can be.
    draft = Sheet(width, height)
    head = margins.draw_head(draft)
    key = _draw_key(draft, series, language, head, inside) - head
    marks = _marks(series, language)
    lanes = (_LANE if windows_of(series) else 0) + _LANE * len(marks) + 6
    strip = STRIP + STRIP_NAME if series.stated.any() else 0
    foot = margins.foot_height(inside) + EDGE * 0.75 + _MONTHS
    fixed = head + key + lanes + strip + foot
    sheet = Sheet(width, max(height, fixed + _LEAST_BARS))
    margins.draw_head(sheet)
    _draw_key(sheet, series, language, head, inside)
    plot = Plot(
        sheet=sheet,
        left=EDGE + _LEFT,
        top=head + key + lanes,
        width=inside - _LEFT,
        bottom=sheet.height - foot,
        months=series.months,
    )
    draw_panels(plot, series, language, strip)
    lane = _draw_windows(plot, series, language, head + key)
    _draw_marks(plot, marks, lane)
    margins.draw_foot(sheet)
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A line through the panels, with what it says; a break has limits."""

    place: float
    text: str
    color: str
    limits: tuple[float, float] | None = None


def _marks(series: MonthlySeries, language: Language) -> list[_Mark]:
    """Return the days and breaks that lie within the months, in the order of time."""
    found = []
    for day, kind in series.dates:
        place = wording.day_place(day, series.months)
        if 0 <= place <= len(series.months):
            text = say(language, f"graph.{kind}", day=say_day(language, day.isoformat()))
            found.append(_Mark(place=place, text=text, color=_DATE))
    for one in series.breaks:
        names = {
            name: wording.month_name(language, month)
            for name, month in (("month", one.month), ("first", one.first), ("last", one.last))
        }
        place, low, high = (
            wording.day_place(periods.bounds(month)[0].date(), series.months)
            for month in (one.month, one.first, one.last)
        )
        if 0 <= place <= len(series.months):
            key = "graph.breakSure" if one.first == one.last == one.month else "graph.break"
            text = say(language, key, **names)
            found.append(_Mark(place=place, text=text, color=_BREAK, limits=(low, high + 1)))
    # No line may run through words: what is said on the right comes first, from left to right.
    half = len(series.months) / 2
    early = sorted((one for one in found if one.place <= half), key=lambda one: one.place)
    late = sorted((one for one in found if one.place > half), key=lambda one: -one.place)
    return [*early, *late]


def _draw_windows(plot: Plot, series: MonthlySeries, language: Language, top: float) -> float:
    """Draw a bracket over each window; return where the next lane begins."""
    if series.windows is None or not windows_of(series):
        return top
    keys = {BASE: "graph.base", COMPARISON: "graph.comparison"}
    for window, color in windows_of(series):
        first, last = (plot.x(place) for place in span_of(window, plot.months))
        line = top + _LANE - 3
        plot.sheet.rectangle(first + 1, line, last - first - 2, 2, color)
        name = wording.window_name(language, window.label)
        said = say(language, keys[color], window=name)
        if text_width(said, _KEY, "bold") > last - first - 4:
            said = shortened(name, last - first - 4, _KEY, "bold")
        plot.sheet.text((first + last) / 2, line - 3, said, _KEY, face="bold", color=color,
                        align="center")  # fmt: skip
    return top + _LANE


def _draw_marks(plot: Plot, marks: Sequence[_Mark], top: float) -> None:
    """Draw each mark in a lane of its own, its words toward the middle of the graph."""
    lanes = [(mark, plot.x(mark.place), top + _LANE * at + 10) for at, mark in enumerate(marks)]
    for mark, x, middle in lanes:
        dashes: Dashes = "solid" if mark.limits is None else "dashed"
        plot.sheet.stroke((x, middle - 6), (x, plot.bottom), mark.color, 0.9, dashes=dashes)
    for mark, x, middle in lanes:
        begin, end = x, x
        if mark.limits is not None:
            begin, end = (plot.x(min(max(at, 0), len(plot.months))) for at in mark.limits)
            plot.sheet.rectangle(begin, middle - 1, end - begin, 2, mark.color)
        is_right = x <= plot.left + plot.width / 2
        room = plot.left + plot.width - end - 5 if is_right else begin - plot.left - 5
        text = shortened(mark.text, room, _KEY)
        left = end + 5 if is_right else begin - 5 - text_width(text, _KEY)
        plot.sheet.rectangle(left - 1, middle - 6, text_width(text, _KEY) + 2, 11, PAPER)
        plot.sheet.text(left, middle + 2.6, text, _KEY, color=mark.color)


def _draw_key(
    sheet: Sheet, series: MonthlySeries, language: Language, top: float, width: float
) -> float:
    """Draw color, name and total of each category in lines; return where they end."""
    totals = series.counts.sum(axis=0)
    entries = [
        (f"{clean(label(name, language))}  {wording.whole(number)}", color, color)
        for name, number, color in zip(series.names, totals, CATEGORIES, strict=False)
    ]
    if not series.complete.all():
        entries.append((say(language, "graph.incomplete"), PAPER, CATEGORIES[0]))
    x = EDGE
    for text, face, edge in entries:
        said = shortened(text, width - 16, _KEY)
        wide = 14 + text_width(said, _KEY) + 16
        if x > EDGE and x + wide - 16 > EDGE + width:
            x, top = EDGE, top + _KEY_ROW
        sheet.rectangle(x, top + 1, 9.5, 9.5, face, edge=edge, edge_width=0.9)
        sheet.text(x + 14, top + 8.8, said, _KEY)
        x += wide
    return top + _KEY_ROW + 5 if entries else top
