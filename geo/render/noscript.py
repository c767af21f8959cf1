"""What a reader sees whose scripts are off: a picture, and the figures as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.render import wording
from geo.render.chosen import first_choice, measures_of
from geo.render.ground import Ground
from geo.render.mapdata import Level, MapData
from geo.render.page import plain_caption
from geo.render.preview import Preview, make_preview
from geo.render.text import Language, dates_in_html, in_html
from geo.render.words import say

TOP = 20
"""Municipalities in the table of the highest."""

_RATED = {"rate": "crude_rate", "smoothed": "eb_rate"}
"""Columns of the measures by which municipalities are ordered; by events for any other."""


def without_scripts(data: MapData, ground: Ground, language: Language) -> str:
    """Return the picture and the tables for readers whose scripts are off."""
    parts = [f"<h1>{dates_in_html(data.title[language])}</h1>"]
    if data.made_up:
        parts.append(f'<p class="made-up-plain">{in_html(say(language, "madeUp.long"))}</p>')
    parts.append(f"<p>{in_html(say(language, 'noscript.message'))}</p>")
    if shown := preview_of(data, ground, language):
        parts.append(picture(shown, language))
    parts.append(f"<p>{dates_in_html(plain_caption(data, language))}</p>")
    if "state" in data.levels:
        parts.append(area_table(data, language))
    if "municipality" in data.levels:
        parts.append(top_table(data, language))
    credits_ = "; ".join(c.line(language, accessed=data.accessed) for c in data.credits)
    parts.append(f"<p>{dates_in_html(credits_)}</p>")
    return "\n".join(parts)


def preview_of(data: MapData, ground: Ground, language: Language) -> Preview | None:
    """Return a small picture of the map; None if no level has a measure to draw."""
    first = "municipality" if "municipality" in data.levels else next(iter(data.levels))
    return make_preview(data, ground, language) if measures_of(data, first) else None


def picture(shown: Preview, language: Language) -> str:
    """Return a picture as an element that holds it."""
    words = say(language, "noscript.picture", heading=shown.heading)
    return (
        f'<img src="{shown.address}" width="{shown.width}" height="{shown.height}" '
        f'alt="{in_html(words)}">'
    )


def area_table(data: MapData, language: Language, *, limit: int | None = None) -> str:
    """Return the states as an HTML table, highest rate first; those not asked for come last."""
    table = _ordered(data.levels["state"].areas, "crude_rate").head(
        limit or len(data.levels["state"].areas)
    )
    heads = ("level.state", "fact.events", "fact.population", "fact.rate", "fact.interval")
    return _table(
        [say(language, head) for head in heads],
        [
            [
                row.name,
                _events(row.events, language),
                _number(row.population, 0),
                _number(row.crude_rate, 1),
                _interval(row.rate_low, row.rate_high),
            ]
            for row in table.itertuples()
        ],
    )


def top_table(data: MapData, language: Language) -> str:
    """Return the municipalities with the highest values of what the map shows first."""
    level: Level = "municipality"
    areas = data.levels[level].areas
    measure = first_choice(data, level, None)[1] if measures_of(data, level) else "count"
    by = _RATED.get(measure, "events")
    table = _ordered(areas, by)
    table = table[table[by].notna()].head(TOP)
    caption = say(
        language, "noscript.top", n=f"{len(table)}", measure=say(language, f"measure.{measure}")
    )
    heads = (
        "level.municipality", "level.state", "fact.events", "fact.population", "fact.rate",
        "fact.interval", "fact.smoothed",
    )  # fmt: skip
    return _table(
        [say(language, head) for head in heads],
        [
            [
                row.name,
                row.state_name,
                _events(row.events, language),
                _number(row.population, 0),
                _number(row.crude_rate, 1),
                _interval(row.rate_low, row.rate_high),
                _number(row.eb_rate, 1),
            ]
            for row in table.itertuples()
        ],
        caption=wording.one_line(caption),
    )


def _ordered(areas: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return areas by a column, highest first; those of equal value by code.

    Areas without a value come last, and of these the ones without a number of events.
    """
    nothing = areas["events"].isna()
    ordered = areas.assign(nothing=nothing).sort_values(
        [by, "nothing", "cvegeo"], ascending=[False, True, True], na_position="last"
    )
    return ordered.drop(columns="nothing")


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "") -> str:
    head = "".join(f'<th scope="col">{in_html(text)}</th>' for text in heads)
    lines = [
        f'<tr><th scope="row">{in_html(first)}</th>'
        + "".join(f"<td>{in_html(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    ]
    said = f"<caption>{in_html(caption)}</caption>\n" if caption else ""
    table = f'<table class="plain">\n{said}<tr>{head}</tr>\n' + "\n".join(lines) + "\n</table>"
    return f'<div class="plain-box">{table}</div>'


def _events(number: float, language: Language) -> str:
    return say(language, "reach.is.outside") if np.isnan(number) else f"{int(number):,}"


def _interval(low: float, high: float) -> str:
    return f"{_number(low, 1)} – {_number(high, 1)}"


def _number(value: float, decimals: int) -> str:
    return "–" if np.isnan(value) else f"{value:,.{decimals}f}"
