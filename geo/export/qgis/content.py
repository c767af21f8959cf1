"""From the results of a study to the content of its folder for QGIS; nothing is written here."""

from __future__ import annotations

import datetime as dt
import itertools

from geo.attribution import LEAFLET
from geo.export.qgis.areas import NAMES, area_layer
from geo.export.qgis.clusters import cluster_layer
from geo.export.qgis.events import event_layer
from geo.export.qgis.parts import Clock, Content, Group, Layer, Raster, Said, Theme
from geo.export.qgis.surface import surface_raster
from geo.export.qgis.tested import change_layer, hotspot_layer
from geo.export.qgis.through_time import STEPS, finest, period_layers
from geo.export.qgis.words import word
from geo.render import wording
from geo.render.choosing import choose
from geo.render.chosen import first_choice, measures_of
from geo.render.describe import describe
from geo.render.mapdata import Level, MapData
from geo.render.text import Language
from geo.render.words import say
from geo.sources import boundaries
from geo.steps.coarsen import Points
from geo.study.days import used_days
from geo.study.methods import methods_text
from geo.study.results import Results
from geo.study.titles import MADE_UP

RASTER = "density"


def content_of(
    results: Results,
    name: str,
    *,
    language: Language,
    points: Points,
) -> Content:
    """Return everything that the folder of a study holds.

    Parameters
    ----------
    results
        Of the study.
    name
        Of the files.
    language
        Of everything that people read.
    points
        How events are shown as points.
    """
    data = describe(results)
    levels: tuple[Level, ...] = ("municipality", "state")
    areas = [area_layer(results, data, level, language) for level in levels]
    events = event_layer(results.located, points, language)
    scan, surface = results.scan, results.surface
    clusters = cluster_layer(scan, language) if scan and len(scan.clusters) else None
    hotspots = hotspot_layer(results, data, language)
    changes = [change_layer(results, data, level, language) for level in levels]
    timed = [layer for level in levels for layer in period_layers(results, level, language)]
    # Points first, then small areas, then large ones; what lies one over another last.
    given = [events, *areas, clusters, hotspots, *changes, *timed]
    layers = tuple(layer for layer in given if layer is not None)
    raster = None if surface is None else surface_raster(surface, language)
    return Content(
        name=name,
        layers=layers,
        raster=raster,
        groups=_groups(layers, raster, language),
        themes=_themes(layers, raster, data, language),
        current={"states": word(language, "style.borders")},
        relations=_relations(layers, timed),
        clock=_clock(results, timed),
        said=_said(results, data, language),
    )


def _groups(
    layers: tuple[Layer, ...], raster: Raster | None, language: Language
) -> tuple[Group, ...]:
    """Return the tree; what stands above is drawn above."""
    have = [layer.name for layer in layers]
    members = {
        "events": ["events"],
        "states": ["states"],
        "clusters": ["clusters"],
        "hotspots": ["hotspots"],
        "change": ["change_state", "change_municipality"],
        "time": [name for name in have if name.startswith("states_by_")]
        + [name for name in have if name.startswith("municipalities_by_")],
        "municipalities": ["municipalities"],
    }
    made = []
    for key, names in members.items():
        shown = tuple((one, one in ("states", "municipalities")) for one in names if one in have)
        if shown:
            made.append(Group(title=word(language, f"group.{key}"), members=shown))
    if raster is not None:
        made.append(Group(title=word(language, "group.density"), members=((RASTER, False),)))
    return tuple(made)


def _themes(  # noqa: C901
    layers: tuple[Layer, ...], raster: Raster | None, data: MapData, language: Language
) -> tuple[Theme, ...]:
    """Return the themes: each measure by municipality and by state, and what lies over them."""
    by_name = {layer.name: layer for layer in layers}
    borders = ("states", word(language, "style.borders"))
    made: list[Theme] = []

    def add(title: str, *shown: tuple[str, str], unit: str = "") -> None:
        made.append(Theme(title=title, note=f"{title} ({unit})" if unit else title, shown=shown))

    levels: tuple[Level, ...] = ("municipality", "state")
    for key, level in itertools.product(("smoothed", "rate", "count"), levels):
        if key not in measures_of(data, level):
            continue
        measure, unit = say(language, f"measure.{key}"), say(language, f"unit.{key}")
        above = () if level == "state" else (borders,)
        title = word(language, f"theme.{NAMES[level]}", measure=measure)
        add(title, *above, (NAMES[level], measure), unit=unit)
    for name in ("hotspots", "change_municipality", "change_state"):
        if (layer := by_name.get(name)) is not None:
            above = () if name == "change_state" else (borders,)
            add(layer.title, *above, (name, layer.styles[0].name))
    if "events" in by_name:
        kind, heat = (style.name for style in by_name["events"].styles[:2])
        add(word(language, "theme.events"), ("events", kind), borders)
        add(word(language, "theme.heat"), ("events", heat), borders)
    if "clusters" in by_name:
        # Alone: veiled colors over colors would be read as neither.
        add(
            word(language, "theme.clusters"),
            borders,
            ("clusters", by_name["clusters"].styles[0].name),
        )
    for layer in layers:
        if layer.base is not None and layer.temporal is not None:
            above = (borders,) if layer.base == "municipalities" else ()
            title = word(language, "theme.time", layer=layer.title)
            add(title, *above, (layer.name, layer.styles[0].name))
    if raster is not None:
        add(word(language, "theme.density"), borders, (RASTER, "default"))
    return tuple(made)


def _relations(layers: tuple[Layer, ...], timed: list[Layer]) -> tuple[tuple[str, str, str], ...]:
    titles = {layer.name: layer.title for layer in layers}
    return tuple(
        (f"{titles[str(layer.base)]} → {layer.title}", layer.name, str(layer.base))
        for layer in timed
    )


def _clock(results: Results, timed: list[Layer]) -> Clock | None:
    starts = [layer.rows["start"].min() for layer in timed if len(layer.rows)]
    ends = [layer.rows["end"].max() for layer in timed if len(layer.rows)]
    if not starts:
        return None
    step, unit = STEPS[finest(results)]
    return Clock(
        start=min(starts).to_pydatetime(), end=max(ends).to_pydatetime(), step=step, unit=unit
    )


def _said(results: Results, data: MapData, language: Language) -> Said:
    facts = results.facts
    codes = boundaries.area_codes("municipality")["cvegeo"].tolist()
    _, first = first_choice(data, "municipality", None)
    notes = choose(data, "municipality", first, language, codes).notes
    shown = int(data.levels["municipality"].areas["events"].sum())
    credits = [credit for credit in results.credits if credit.key != LEAFLET.key]
    since, until = used_days(facts, results.settings.filters)
    return Said(
        language=language,
        title=results.title[language],
        subtitle=data.subtitle[language],
        source=(
            " ".join(
                (
                    wording.shown_line(data, language, shown),
                    wording.counted_line(data, language, "municipality"),
                )
            ),
            wording.source_line(data, language),
        ),
        method=wording.method_line(
            data, language, first, level="municipality", without=results.warnings
        ),
        notes=notes,
        history=methods_text(results, language),
        credits=tuple(one.line(language, accessed=data.accessed) for one in credits),
        licences=tuple(dict.fromkeys(f"{one.name}: {one.licence}" for one in credits)),
        period=(dt.date.fromisoformat(since), dt.date.fromisoformat(until)),
        made_up=MADE_UP[language] if results.made_up else None,
        # No clock: the same results give the same bytes.
        stamp=f"{facts.data_through}T00:00:00.000Z",
    )
