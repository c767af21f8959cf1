"""The parts of the page that stand without scripts, and what a reader sees if scripts are off."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np

from geo.render.mapdata import Account, MapData
from geo.render.text import Language, in_html
from geo.render.words import say, say_day, words

SCRIPTS = (
    "dom.js",
    "words.js",
    "inflate.js",
    "codec.js",
    "classes.js",
    "geometry.js",
    "series.js",
    "statics.js",
    "setup.js",
    "state.js",
    "patterns.js",
    "canvas.js",
    "labels.js",
    "highlight.js",
    "facts.js",
    "chart.js",
    "areapanel.js",
    "scan.js",
    "density.js",
    "points.js",
    "layers.js",
    "legend.js",
    "files.js",
    "columns.js",
    "table.js",
    "share.js",
    "picture.js",
    "toolbar.js",
    "swipe.js",
    "timeplot.js",
    "timebar.js",
    "controls.js",
    "finder.js",
    "tooltip.js",
    "pointing.js",
    "caption.js",
    "app.js",
)
"""The scripts, in the order in which they build on one another."""

STYLES = (
    "page.css",
    "panel.css",
    "map.css",
    "areapanel.css",
    "table.css",
    "tools.css",
    "swipe.css",
    "phone.css",
    "time.css",
    "layers.css",
)


def asset(folder: str, name: str) -> str:
    """Return the text of a script or a style sheet of our own."""
    path = files("geo.render") / "assets" / folder / name
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def scripts() -> str:
    """Return our scripts as one classic script, without comments and indentation."""
    return "\n".join(compact(asset("js", name)) for name in SCRIPTS)


def styles() -> str:
    """Return our style sheets as one, without comments and indentation."""
    return "\n".join(compact(asset("css", name)) for name in STYLES)


_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.S | re.M)
_INDENT = re.compile(r"^[ \t]+|^\n", re.M)


def compact(source: str) -> str:
    r"""Return a script or a style sheet without what only those who work on it need.

    Only comments that begin a line go, and the blanks before it: no string of ours runs over
    several lines (the linter sees to that), so nothing but layout is lost.

    Examples
    --------
    >>> compact("/* Why. */\n  const url = 'a/*b*/c';\n\n  go();\n")
    "const url = 'a/*b*/c';\ngo();\n"
    """
    return _INDENT.sub("", _COMMENT.sub("", source))


def without_scripts(data: MapData, language: Language) -> str:
    """Return the message and the table of the states for readers whose scripts are off."""
    parts = [f"<h1>{in_html(data.title[language])}</h1>"]
    if data.made_up:
        parts.append(f'<p class="made-up-plain">{in_html(say(language, "madeUp.long"))}</p>')
    parts.append(f"<p>{in_html(say(language, 'noscript.message'))}</p>")
    parts.append(f"<p>{in_html(plain_caption(data, language))}</p>")
    level = "state" if "state" in data.levels else next(iter(data.levels))
    if level == "state":
        parts.append(area_table(data, language))
    credits_ = "; ".join(c.line(language, accessed=data.accessed) for c in data.credits)
    parts.append(f"<p>{in_html(credits_)}</p>")
    return "\n".join(parts)


def plain_caption(data: MapData, language: Language) -> str:
    """Return source, period, number of events and what is left out, in one line of text."""
    period = data.period.label
    if not data.period.complete:
        period += f" ({say(language, 'period.incomplete')})"
    pieces = [
        say(language, "caption.source", source=data.source),
        say(
            language,
            "caption.accessed",
            day=say_day(language, data.accessed or say(language, "caption.notStated")),
        ),
        say(language, "noscript.period", period=period),
        say(language, "caption.filters", filters=_filters(data, language)),
        plain_account(data.account, language),
    ]
    return " ".join(pieces)


def _filters(data: MapData, language: Language) -> str:
    if not data.filters:
        return say(language, "caption.none")
    return "; ".join(text[language] for text in data.filters)


def plain_account(account: Account, language: Language) -> str:
    """Return the account of the records and events in one sentence.

    Examples
    --------
    >>> from geo.render.mapdata import LeftOut
    >>> account = Account(physical=5, used=4, filtered=1, quarantined=0, for_state=4,
    ...     for_municipality=3, municipality_left_out=(LeftOut("state_only", 1),))
    >>> plain_account(account, "en")
    '5 records: 4 used, 1 filtered, 0 quarantined. Left out of municipalities: 1 (1 known only to
    the state).'
    """
    left_out = account.municipality_left_out
    reasons = "; ".join(f"{i.number:,} {reason_words(i.reason, language)}" for i in left_out)
    return (
        say(
            language,
            "account.records",
            physical=f"{account.physical:,}",
            used=f"{account.used:,}",
            filtered=f"{account.filtered:,}",
            quarantined=f"{account.quarantined:,}",
        )
        + " "
        + say(
            language,
            "noscript.leftOut",
            number=f"{sum(i.number for i in left_out):,}",
            reasons=reasons or say(language, "caption.none"),
        )
    )


def reason_words(reason: str, language: Language) -> str:
    """Return what a reason word means; a word that is not known stands for itself.

    Examples
    --------
    >>> reason_words("offshore", "es"), reason_words("new_kind", "es")
    ('en el mar, a más de 2 km de la costa', 'new kind')
    """
    return words(language).get(f"reason.{reason}", reason.replace("_", " "))


def area_table(data: MapData, language: Language, limit: int | None = None) -> str:
    """Return the states as an HTML table, highest rate first."""
    table = data.levels["state"].areas.sort_values(
        ["crude_rate", "cvegeo"], ascending=[False, True], na_position="last"
    )
    heads = ("level.state", "fact.events", "fact.population", "fact.rate", "fact.interval")
    rows = [
        "<tr>"
        + "".join(f'<th scope="col">{in_html(say(language, h))}</th>' for h in heads)
        + "</tr>"
    ]
    for row in table.head(len(table) if limit is None else limit).itertuples():
        cells = [
            f"{int(row.events):,}",
            _number(row.population, 0),
            _number(row.crude_rate, 1),
            f"{_number(row.rate_low, 1)} – {_number(row.rate_high, 1)}",
        ]
        rows.append(
            f'<tr><th scope="row">{in_html(row.name)}</th>'
            + "".join(f"<td>{in_html(cell)}</td>" for cell in cells)
            + "</tr>"
        )
    return '<table class="plain">\n' + "\n".join(rows) + "\n</table>"


def _number(value: float, decimals: int) -> str:
    return "–" if np.isnan(value) else f"{value:,.{decimals}f}"
