"""What the scripts of the page are told: one JSON document, plain ASCII, without a ``<``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geo
from geo.attribution import called
from geo.render import label_colors, leaflet, palette
from geo.render.codec import VERSION, Block, json_block
from geo.render.geometry import ZOOM
from geo.render.layers import MapLayers
from geo.render.mapdata import Account, LeftOut, Level, MapData
from geo.render.page import EVERYTHING, Feature, said_words
from geo.render.paint import BINS, paints
from geo.render.text import LANGUAGES, Language, clean
from geo.render.tiles import Tiles
from geo.render.timed import RATIO_BOUNDS, SHARE, Timed, timed_breaks, timed_config
from geo.render.words import words
from geo.stats.breaks import ClassBreaks
from geo.stats.reliability import MIN_EVENTS, MIN_POPULATION
from geo.study.atlas import OUTLIERS

OVERALL = ("fact.overall", "panel.country", "chart.countryLine")
"""Words for the rate of the country, which is that of the areas asked for."""


def setup_block(
    data: MapData,
    layers: MapLayers | None = None,
    features: frozenset[Feature] = EVERYTHING,
) -> Block:
    """Return what the scripts are told of measures, months and words, as a block.

    It is the longer part, and of no use to people; what they may look for in the page stands in
    :func:`page_config` as it is.
    """
    levels = {level: _level(level, data) for level in data.levels}
    measures = [measure for level in levels.values() for measure in level["measures"]]
    labels = {label for measure in measures for label in measure.get("labels", ())}
    account = data.account
    left_out = (*account.state_left_out, *account.municipality_left_out)
    other = (*account.filtered_reasons, *account.quarantined_reasons)
    reasons = {item.reason for item in (*left_out, *other)}
    setup = {
        "levels": levels,
        "palettes": {
            name: {str(n): list(palette.sequential(n, name)) for n in range(1, 8)}
            for name in palette.NAMES
        },
        "zero": palette.ZERO,
        "timed": None if data.timed is None else timed_config(data.timed),
        "layers": {} if layers is None else layers.config(),
        "words": {
            tongue: words_of(
                data, tongue, said_words(tongue, features, reasons=reasons, labels=labels)
            )
            for tongue in LANGUAGES
        },
        "licences": [leaflet.LICENCE],
    }
    return json_block("setup", setup)


def words_of(data: MapData, language: Language, said: Mapping[str, str]) -> dict[str, str]:
    """Return the words that a page says; of a part of the country they say so where it matters."""
    if not data.partial:
        return dict(said)
    every = words(language)
    overall = {key: every[f"{key}OfPart"] for key in OVERALL}
    return {**said, **overall}


def page_config(
    data: MapData, entries: Sequence[Mapping[str, Any]], language: Language, tiles: Tiles | None
) -> dict[str, Any]:
    """Return what the page says beside its blocks, as plain JSON; `entries` tell of those."""
    return {
        "format": VERSION,
        "language": language,
        "zoom": ZOOM,
        "title": data.title.both(),
        "subtitle": data.subtitle.both(),
        "madeUp": data.made_up,
        "period": {
            "label": clean(data.period.label),
            "start": data.period.start.isoformat(),
            "end": data.period.end.isoformat(),
            "complete": data.period.complete,
        },
        "focus": data.focus,
        "reliable": {"events": MIN_EVENTS, "population": MIN_POPULATION},
        "account": _account(data.account),
        "permutations": data.permutations,
        "source": {tongue: clean(called(data.source, tongue)) for tongue in LANGUAGES},
        "accessed": None if data.accessed is None else clean(data.accessed),
        "filters": [text.both() for text in data.filters],
        "method": [text.both() for text in data.method],
        "credits": [
            {
                "text": {
                    tongue: clean(credit.line(tongue, accessed=data.accessed))
                    for tongue in LANGUAGES
                },
                "name": {tongue: clean(called(credit.name, tongue)) for tongue in LANGUAGES},
                "licence": clean(credit.licence),
                "url": clean(credit.url),
            }
            for credit in data.credits
        ],
        "software": {"geo": geo.__version__, "leaflet": leaflet.version()},
        "manifest": _plain(data.manifest),
        "blocks": list(entries),
        "tiles": None if tiles is None else tiles.public(),
        "trouble": {"broken": [words(tongue)["trouble.broken"] for tongue in LANGUAGES]},
    }


def _level(level: Level, data: MapData) -> dict[str, Any]:
    if data.timed is not None:
        return {"measures": _timed_measures(level, data.timed)}
    table = data.levels[level]
    return {
        "measures": [
            {
                "key": key,
                "column": paint.measure.column,
                "kind": paint.measure.kind,
                "colors": list(paint.colors),
                "breaks": None if paint.breaks is None else paint.breaks.to_dict(),
                "marksFewEvents": paint.measure.marks_few_events,
            }
            for key, paint in paints(level, table).items()
        ]
    }


def _timed_measures(level: Level, timed: Timed) -> list[dict[str, Any]]:
    """Return the measures of a map over time, in the order of the switch."""
    made = timed_breaks(timed, level)
    measures: list[dict[str, Any]] = [
        {
            "key": key,
            "kind": "classes",
            "marksFewEvents": key == "rate",
            "byCategory": key != "smoothed",
            "breaks": {
                str(span): {name: _short(breaks) for name, breaks in by_category.items()}
                for span, by_category in by_span.items()
            },
        }
        for key, by_span in made.items()
    ]
    if timed.has_rates(level):
        measures.append(
            {
                "key": "change",
                "kind": "ratio",
                "byCategory": True,
                "bounds": list(RATIO_BOUNDS),
                "colors": list(palette.RATIO),
            }
        )
    if timed.atlas.levels[level].stated.any():
        measures.append({"key": "share", "kind": "classes", "fixed": _short(SHARE)})
    if timed.has_hotspots(level):
        colors = [palette.HOTSPOT[bin_] for bin_ in BINS]
        measures.append({"key": "hotspots", "kind": "bins", "colors": colors})
    if timed.has_outliers(level):
        colors = [label_colors.OUTLIER[word] for word in OUTLIERS]
        labels = [f"outlier.{word}" for word in OUTLIERS]
        measures.append({"key": "outliers", "kind": "labels", "colors": colors, "labels": labels})
    if (patterns := timed.patterns(level)) is not None:
        colors = [label_colors.EMERGING[word] for word in patterns]
        labels = [f"emerging.{word}" for word in patterns]
        lined = [at for at, word in enumerate(patterns) if label_colors.is_lined(word)]
        measures.append(
            {
                "key": "emerging",
                "kind": "labels",
                "colors": colors,
                "labels": labels,
                "lined": lined,
            }
        )
    return measures


def _short(breaks: ClassBreaks) -> dict[str, Any]:
    return {"bounds": list(breaks.bounds), "zero": breaks.zero_class, "whole": breaks.whole}


def _account(account: Account) -> dict[str, Any]:
    return {
        "physical": account.physical,
        "used": account.used,
        "filtered": account.filtered,
        "quarantined": account.quarantined,
        "counted": {"state": account.for_state, "municipality": account.for_municipality},
        "reasons": {
            "filtered": _reasons(account.filtered_reasons),
            "quarantined": _reasons(account.quarantined_reasons),
        },
        "leftOut": {
            "state": _reasons(account.state_left_out),
            "municipality": _reasons(account.municipality_left_out),
        },
    }


def _reasons(items: Sequence[LeftOut]) -> list[dict[str, Any]]:
    return [{"reason": clean(item.reason), "number": item.number} for item in items]


def _plain(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest as JSON values; whatever else it holds becomes text."""
    text = json.dumps(dict(manifest), default=str, allow_nan=False, sort_keys=True)
    plain: dict[str, Any] = json.loads(text)
    return plain
