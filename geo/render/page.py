"""The scripts and styles of the page, and what it says in words without them."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from importlib.resources import files
from typing import Literal, TypeAlias, get_args

from geo.attribution import called
from geo.render.label_colors import EMERGING
from geo.render.mapdata import Account, MapData
from geo.render.text import Language
from geo.render.words import say, say_day, words
from geo.study.atlas import OUTLIERS

Feature: TypeAlias = Literal["scan", "density", "points", "tiles", "children", "reach"]
"""What a page may have or not: its layers, a background, shapes that say something, areas that a
query did not ask for."""

EVERYTHING: frozenset[Feature] = frozenset(get_args(Feature))

SCRIPTS = (
    "absent.js",
    "later.js",
    "dom.js",
    "words.js",
    "inflate.js",
    "codec.js",
    "reach.js",
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
    "tiles.js",
    "children.js",
    "pointing.js",
    "pointstops.js",
    "scene.js",
    "camera.js",
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
    "children.css",
)

_LAYERS: frozenset[Feature] = frozenset({"scan", "density", "points"})

ONLY_FOR: Mapping[str, frozenset[Feature]] = {
    "scan.js": frozenset({"scan"}),
    "density.js": frozenset({"density"}),
    "points.js": frozenset({"points"}),
    "pointstops.js": frozenset({"points"}),
    "layers.js": _LAYERS,
    "layers.css": _LAYERS,
    "tiles.js": frozenset({"tiles"}),
    "reach.js": frozenset({"reach"}),
    "children.js": frozenset({"children"}),
    "children.css": frozenset({"tiles", "children"}),
}
"""Files that a page leaves out unless it has one of these; ``absent.js`` stands for the scripts."""


def asset(folder: str, name: str) -> str:
    """Return the text of a script or a style sheet of our own."""
    path = files("geo.render") / "assets" / folder / name
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


def parts(names: tuple[str, ...], features: Collection[Feature]) -> tuple[str, ...]:
    """Return those files that a page with these features needs, in their order.

    Examples
    --------
    >>> parts(("page.css", "layers.css", "children.css"), {"tiles"})
    ('page.css', 'children.css')
    """
    return tuple(
        name for name in names if name not in ONLY_FOR or not ONLY_FOR[name].isdisjoint(features)
    )


@functools.cache
def scripts(features: frozenset[Feature] = EVERYTHING) -> str:
    """Return our scripts as one classic script, as short as it gets with every token kept."""
    names = parts(SCRIPTS, features)
    return "\n".join(compact_script(asset("js", name)) for name in names)


@functools.cache
def styles(features: frozenset[Feature] = EVERYTHING) -> str:
    """Return our style sheets as one, without comments and free space."""
    return "\n".join(compact_style(asset("css", name)) for name in parts(STYLES, features))


SAID_BY: Mapping[str, frozenset[Feature]] = {
    "scan.": frozenset({"scan"}),
    "density.": _LAYERS,
    "points.": frozenset({"points"}),
    "layer.": _LAYERS,
    "tiles.": frozenset({"tiles"}),
    "reach.": frozenset({"reach"}),
}
"""How the keys of words begin that only files of :data:`ONLY_FOR` say."""

NEVER_SAID = ("graph.", "notebook.", "noscript.")
"""How the keys of words begin that no script says."""

_LABELS = {f"emerging.{word}" for word in EMERGING} | {f"outlier.{word}" for word in OUTLIERS}
_REASON = "reason."


def said_words(
    language: Language,
    features: frozenset[Feature] = EVERYTHING,
    *,
    reasons: Collection[str],
    labels: Collection[str],
) -> dict[str, str]:
    """Return the words of one language that a page can say.

    Left out are those of features that it lacks, of labels and reasons that it does not name, and
    those that no script says. What is in doubt stays: a page that lacks a word stops.

    Parameters
    ----------
    reasons
        Words of the reasons that the account of the page states.
    labels
        Keys that the measures of the page name themselves, as ``emerging.new hotspot``.

    Examples
    --------
    >>> found = said_words("en", frozenset(), reasons=["offshore"], labels=[])
    >>> [key for key in found if key.startswith(("reason.", "scan.", "noscript."))]
    ['reason.offshore']
    """
    lacking = tuple(start for start, of in SAID_BY.items() if of.isdisjoint(features))
    stated = {_REASON + word for word in reasons}
    unnamed = _LABELS - set(labels)
    return {
        key: word
        for key, word in words(language).items()
        if not key.startswith((*NEVER_SAID, *lacking))
        and (key in stated or not key.startswith(_REASON))
        and key.removesuffix(".short") not in unnamed
    }


_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.S | re.M)
_SPACE = re.compile(r"(?<=[{};,])\s+|\s+(?=[{}])|^\s+", re.M)
_DECLARATION = re.compile(r"^(\s+[\w-]+): (?=[^{}]*;$)", re.M)


def compact_style(source: str) -> str:
    r"""Return a style sheet without comments, indentation and free space.

    Only comments that begin a line go. What stands between quotes is on one line with other text,
    and holds none of the places at which blanks go.

    Examples
    --------
    >>> compact_style("/* Why. */\n.a .b,\n.c {\n  margin: 0 1px;\n  content: ' / ';\n}\n")
    ".a .b,.c{margin:0 1px;content:' / ';}"
    """
    return _SPACE.sub("", _DECLARATION.sub(r"\1:", _COMMENT.sub("", source)))


_TOKEN = re.compile(
    r"""
    (?P<text> '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*" | `(?:\\.|[^`\\])*` )
    | (?P<comment> /\*.*?\*/ | //[^\n]* )
    | (?P<pattern> (?<=[(,=:\[!&|?{};])[ ]*/(?![/*])
        (?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]* )
    | (?P<word> [\w$]+ )
    | (?P<space> \s+ )
    | (?P<mark> . )
    """,
    re.S | re.X,
)
_GOES_ON = frozenset("{([,;=&|?:<>!")
"""After these no statement can end, so that the break of the line that follows says nothing."""

_CONTINUES = frozenset(")],;?:&|.=")
"""Before these none can begin."""


def compact_script(source: str) -> str:
    r"""Return a script with every token and without comments, indentation and free space.

    A line break stays where a statement could end, a blank where two tokens would become one. The
    linter keeps the scripts to what this reads; a test compares the tokens of both forms.

    Examples
    --------
    >>> compact_script("/* Why. */\n  const url = 'a  /*b*/ c';\n\n  if (a + +b)\n    go( url );\n")
    "const url='a  /*b*/ c';if(a+ +b)\ngo(url);"
    """
    made: list[str] = []
    gap = ""
    for found in _TOKEN.finditer(source):
        token = found.group()
        if found.lastgroup in ("comment", "space"):
            gap = "\n" if "\n" in token or gap == "\n" else " "
            continue
        token = token.strip() if found.lastgroup == "pattern" else token
        if made and gap:
            made.append(_between(made[-1][-1], token[0], gap))
        made.append(token)
        gap = ""
    return "".join(made)


def _between(last: str, first: str, gap: str) -> str:
    """Return what must stand between two tokens, from the last and the first character."""
    if gap == "\n" and last not in _GOES_ON and first not in _CONTINUES:
        return gap
    is_word = [one.isalnum() or one in "_$" for one in (last, first)]
    return " " if all(is_word) or (last in "+-/" and first in "+-/") else ""


def plain_caption(data: MapData, language: Language) -> str:
    """Return source, period, number of events and what is left out, in one line of text."""
    period = data.period.label
    if not data.period.complete:
        period += f" ({say(language, 'period.incomplete')})"
    pieces = [
        say(language, "caption.source", source=called(data.source, language)),
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
