"""Text from data, made fit to be shown: it stays text, wherever it goes.

Names, titles, file names and filters come from files that nobody has checked. They reach the page
as data only, and are shown as text only; here they lose what a page cannot hold at all.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")

LONGEST = 600
"""Characters of a text that are shown; the rest is cut with a mark."""

# Control characters but tab and newline, halves of surrogate pairs, and non-characters.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: object, longest: int = LONGEST) -> str:
    r"""Return text without what a page cannot hold, cut where it is too long.

    Markup, braces and marks of writing direction stay: they are shown, not obeyed.

    Examples
    --------
    >>> clean("Culiac\x00án ${alert(1)}")
    'Culiac�án ${alert(1)}'
    >>> clean("abcdef", longest=4)
    'abc…'
    """
    shown = _UNSHOWABLE.sub("\ufffd", str(text))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in English and in Spanish."""

    en: str
    es: str

    @classmethod
    def same(cls, text: object) -> Text:
        """Return text that is the same in both, such as a name."""
        return cls(str(text), str(text))

    def __getitem__(self, language: str) -> str:
        """Return the words in one language, cleaned.

        Examples
        --------
        >>> Text("events", "eventos")["es"]
        'eventos'
        """
        return clean(self.es if language == "es" else self.en)

    def both(self) -> dict[str, str]:
        """Return the words of every language, cleaned, for the page's configuration."""
        return {language: self[language] for language in LANGUAGES}


def in_html(text: object) -> str:
    """Return text for the inside of an element or of a quoted attribute.

    Examples
    --------
    >>> in_html("<b> & 'x'")
    '&lt;b&gt; &amp; &#x27;x&#x27;'
    """
    return escape(clean(text), quote=True)


_DATE = r"\d{4}-[QW]?\d\d?(?:-\d\d)?"
_DATES = re.compile(
    rf"\b(?:(?P<first>{_DATE}|\d{{4}})(?P<mark>[/–])(?P<last>{_DATE}|\d{{4}})|{_DATE}"
    r"|[A-Z][a-z]{2} \d\d?, \d{4}|\d\d? [a-z]{3,4} \d{4})\b"
)


def dates_in_html(text: object) -> str:
    """Return text for the inside of an element, its dates held together at the ends of lines.

    Two dates that make a range stay together as well, where a line has room for both. Copied from
    the page, the text is the one that was given: nothing but elements is added.

    Examples
    --------
    >>> dates_in_html("since 2024-09-09 & later")
    'since <span class="date">2024-09-09</span> &amp; later'
    >>> dates_in_html("2024-01/2024-03")
    '<span class="dates"><span class="date">2024-01</span>/<wbr><span
    class="date">2024-03</span></span>'
    """
    return _DATES.sub(_held, in_html(text))


def _held(found: re.Match[str]) -> str:
    if found["mark"] is None:
        return f'<span class="date">{found[0]}</span>'
    first, last = (f'<span class="date">{found[name]}</span>' for name in ("first", "last"))
    return f'<span class="dates">{first}{found["mark"]}<wbr>{last}</span>'


_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


def in_script(value: object) -> str:
    r"""Return a value as JSON that can stand in any script element: plain ASCII, no ``<``.

    Examples
    --------
    >>> in_script({"name": "</script>\u2028"})
    '{"name":"\\u003c/script\\u003e\\u2028"}'
    """
    plain = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return plain.translate(_IN_SCRIPT)
