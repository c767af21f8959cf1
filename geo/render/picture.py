"""The map as a picture on paper: PNG, SVG or PDF, drawn without a browser.

Classes, colors and counts are those of the map (:mod:`geo.render.paint`). A picture cannot be
asked, so everything that must be said stands on it.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path

from geo.errors import SettingsError
from geo.render import legend, wording
from geo.render.choices import DENSITY, choose_any, choose_density
from geo.render.chosen import Chosen, first_choice
from geo.render.circles import clusters_of
from geo.render.country import draw_country
from geo.render.describe import describe
from geo.render.ground import Ground, load_ground
from geo.render.mapdata import Level, MapData
from geo.render.margins import EDGE, Margins
from geo.render.sheet import (
    Sheet,
    check_ending,
    check_size,
    drawing,
)
from geo.render.text import Language
from geo.render.words import say
from geo.sources.gazetteer import find_area
from geo.steps.query import Query
from geo.steps.scan import ScanResults
from geo.steps.surface import Surface
from geo.study.results import Results
from geo.study.run import results_of

SIZE = (11.0, 8.0)
"""Width and height of a map in inches, unless another size is asked for."""

LEAST_MAP, MOST_MAP = 0.6, 0.8
"""Least and greatest height of the map, as a part of its width; the country has 0.64.

With more words than the rest of the sheet holds, it becomes longer.
"""

_LEGEND_WIDTH, _GAP = 178.0, 16.0
_LEAST_BESIDE = 280.0
"""A map that would be narrower stands above its legend."""


def draw_map(  # noqa: PLR0913
    given: Results | MapData | Query,
    path: str | os.PathLike[str],
    *,
    level: Level | None = None,
    measure: str | None = None,
    category: str | None = None,
    state: str | None = None,
    lang: Language = "en",
    size: tuple[float, float] = SIZE,
    ground: Ground | None = None,
    clusters: ScanResults | None = None,
    density: Surface | None = None,
) -> Path:
    """Draw a map as a PNG, SVG or PDF, as the ending of the path says.

    The same input gives the same bytes. Text from the data is written as it is, never as a
    formula or as markup.

    Parameters
    ----------
    given
        The results of a study, a query, or the description of a map.
    path
        The file; one that is there is replaced.
    level
        ``"state"`` or ``"municipality"``; municipalities, if there are any, unless given.
    measure
        ``"count"``, ``"rate"``, ``"smoothed"``, ``"hotspots"`` (municipalities), ``"change"``
        (where windows of whole months are compared), ``"share"`` of the events that targeted
        civilians, ``"outliers"`` (local Moran, municipalities), ``"emerging"`` (labels of emerging
        hotspots, where the study made them) or ``"density"`` (in place of the colors of areas);
        the smoothed rate unless given, and the rate with a category.
    category
        An event type or a class of actors, as ``"Battles"``: count, rate or change of its events.
    state
        Name or code of a state: its municipalities alone, with their names.
    lang
        Language of everything on the picture.
    size
        Width and height in inches, each from 4 to 60. A sheet whose words need more room becomes
        longer.
    ground
        Shapes and names; those that `geo` ships if not given.
    clusters
        Clusters to draw as circles over the map, as ``results.scan``; none unless given.
    density
        The density of ``measure="density"``; that of the study unless given.

    Returns
    -------
    Path
        Where the picture is now.

    Raises
    ------
    SettingsError
        A level, a measure, a category, a language or a size that the picture cannot have.
    AreaError
        No state has that name or code.
    OutputError
        An ending that is not known, or a place that cannot be written.
    """
    check_ending(path)
    width, height = check_size(size)
    results: Results | None = None
    if isinstance(given, MapData):
        data = given
    else:
        results = results_of(given)
        data = describe(results)
    data.check()
    ground = load_ground() if ground is None else ground
    cut = None if state is None else find_area(state, level="state")
    if cut is not None and level is None:
        level = "municipality"
    if category is not None and measure is None:
        measure = "rate"
    if measure == DENSITY:
        level, _ = first_choice(data, level, None)
        surface = _surface(density, results, category)
        chosen = choose_density(surface, level, lang, cut)
    else:
        level, measure = first_choice(data, level, measure)
        codes = ground.codes(level)
        chosen = choose_any(data, level, measure, lang, codes, category=category, state=cut)
    if clusters is not None:
        found = clusters_of(clusters, ground, lang, data.period, state=cut)
        method = f"{chosen.method} {found.method}".strip()
        chosen = dataclasses.replace(chosen, clusters=found, method=method)
    margins = margins_of(data, chosen, lang, warnings=results.warnings if results else ())
    with drawing():
        sheet = _drawn(ground, chosen, margins, lang, width, height)
        return sheet.save(path, title=wording.one_line(f"{data.title[lang]}: {chosen.heading}"))


def _surface(given: Surface | None, results: Results | None, category: str | None) -> Surface:
    """Return the density that is drawn."""
    if category is not None:
        raise SettingsError(
            "a density is of all events that it was made of; leave the category out, or filter "
            "the events before"
        )
    if given is not None:
        return given
    if results is None or results.surface is None:
        raise SettingsError(
            "there is no density to draw; ask the study for one (layers=['density'], --layers "
            "density), or give density= one of geo.event_density"
        )
    return results.surface


def margins_of(
    data: MapData, chosen: Chosen, language: Language, *, warnings: tuple[str, ...] = ()
) -> Margins:
    """Return the words around a map."""
    remarks = say(language, "static.remarks", n=len(warnings)) if warnings else ""
    shown = [chosen.shown]
    if chosen.contours is None:
        shown.append(wording.counted_line(data, language, chosen.level))
    method = wording.method_line(
        data, language, chosen.measure, level=chosen.level, without=warnings
    )
    if chosen.method and not method:
        method = say(language, "static.method", method="").strip()
    return Margins(
        language=language,
        made_up=data.made_up,
        title=data.title[language],
        subtitle=data.subtitle[language],
        heading=chosen.heading,
        lines=(
            " ".join(shown),
            f"{wording.source_line(data, language)} {remarks}",
            f"{method} {chosen.method}".strip(),
            wording.credit_line(data, language),
        ),
    )


def _drawn(
    ground: Ground, chosen: Chosen, margins: Margins, language: Language, width: float,
    height: float,
) -> Sheet:  # fmt: skip
    """Return the sheet; the legend stands beside the map, or below where the sheet is narrow."""
    head = margins.draw_head(Sheet(width, height))
    foot = margins.foot_height(width - 2 * EDGE) + EDGE * 0.75
    room = height - head - foot
    layouts = [_layout(chosen, width, room, beside=False)]
    if width - 2 * EDGE - _LEGEND_WIDTH - _GAP >= _LEAST_BESIDE:
        layouts.append(_layout(chosen, width, room, beside=True))
    layout = max(layouts, key=lambda one: one.fits)
    listed = 0.0
    if chosen.clusters is not None:
        listed = legend.clusters_height(chosen.clusters, width - 2 * EDGE) + _GAP * 0.6
    sheet = Sheet(width, max(height, head + layout.needed + listed + foot))
    margins.draw_head(sheet)
    draw_country(
        sheet.axes(EDGE, head, layout.width, layout.height),
        ground, chosen, language, layout.width, layout.height,
    )  # fmt: skip
    left = EDGE + (layout.width + _GAP if layout.is_beside else 0)
    top = head + (0 if layout.is_beside else layout.height + _GAP * 0.8)
    legend.draw(sheet, chosen, left, top, layout.legend_width)
    if chosen.clusters is not None:
        below = head + layout.needed + _GAP * 0.4
        legend.draw_clusters(sheet, chosen.clusters, EDGE, below, width - 2 * EDGE)
    margins.draw_foot(sheet)
    return sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """How large the map is, and where its legend stands.

    `needed` is the height of both; `fits` is how high a country the sheet holds as it is.
    """

    is_beside: bool
    width: float
    height: float
    legend_width: float
    needed: float
    fits: float


def _layout(chosen: Chosen, width: float, room: float, *, beside: bool) -> _Layout:
    """Return the map beside its legend, or above it, in so much room between head and foot."""
    inside = width - 2 * EDGE
    legend_width = _LEGEND_WIDTH if beside else inside
    map_width = inside - _LEGEND_WIDTH - _GAP if beside else inside
    under = legend.height_of(chosen, legend_width)
    below = 6.0 if beside else under + _GAP
    map_height = min(max(room - below, LEAST_MAP * map_width), MOST_MAP * map_width)
    needed = max(map_height, under) + below if beside else map_height + below
    return _Layout(
        is_beside=beside,
        width=map_width,
        height=map_height,
        legend_width=legend_width,
        needed=needed,
        fits=min(room - below, LEAST_MAP * map_width),
    )
