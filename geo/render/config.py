"""What the scripts of the page are told: one JSON document, plain ASCII, without a ``<``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geo
from geo.render import leaflet
from geo.render.codec import VERSION, Block
from geo.render.geometry import ZOOM
from geo.render.mapdata import Account, LeftOut, Level, MapData
from geo.render.paint import paints
from geo.render.text import LANGUAGES, Language, clean
from geo.render.words import words
from geo.stats.reliability import MIN_EVENTS, MIN_POPULATION


def page_config(data: MapData, blocks: Sequence[Block], language: Language) -> dict[str, Any]:
    """Return everything the page says beside its blocks of numbers."""
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
        "levels": {level: _level(level, data) for level in data.levels},
        "reliable": {"events": MIN_EVENTS, "population": MIN_POPULATION},
        "account": _account(data.account),
        "permutations": data.permutations,
        "source": clean(data.source),
        "accessed": None if data.accessed is None else clean(data.accessed),
        "filters": [text.both() for text in data.filters],
        "method": [text.both() for text in data.method],
        "credits": [
            {
                "text": {
                    tongue: clean(credit.line(tongue, accessed=data.accessed))
                    for tongue in LANGUAGES
                },
                "name": clean(credit.name),
                "licence": clean(credit.licence),
                "url": clean(credit.url),
            }
            for credit in data.credits
        ],
        "licences": [leaflet.LICENCE],
        "software": {"geo": geo.__version__, "leaflet": leaflet.version()},
        "manifest": _plain(data.manifest),
        "blocks": [block.entry() for block in blocks],
        "words": {tongue: words(tongue) for tongue in LANGUAGES},
    }


def _level(level: Level, data: MapData) -> dict[str, Any]:
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
