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
