"""A phrase in English and Spanish, with places for names and numbers."""

from __future__ import annotations

import string
from typing import Any, NamedTuple

from geo.study.settings import Language


class Phrase(NamedTuple):
    """The same in both languages, with the same places to fill.

    A place may have a format as in :meth:`str.format`. With ``|`` in it, it is the word for one and
    the word for several, which follows the number.

    Examples
    --------
    >>> phrase = Phrase("{events:,} events in {year}", "{events:evento|eventos} en {year}")
    >>> phrase.say("en", events=1200, year=2024), phrase.say("es", events=1200, year=2024)
    ('1,200 events in 2024', '1,200 eventos en 2024')
    >>> phrase.say("es", events=1, year=2024)
    '1 evento en 2024'
    """

    en: str
    es: str

    def say(self, language: Language, **fills: object) -> str:
        """Return the text in a language, its places filled."""
        return _FORMATTER.vformat(getattr(self, language), (), fills)

    def places(self, language: Language) -> set[str]:
        """Return the names of the places that the text of a language has.

        Examples
        --------
        >>> Phrase("{n} areas", "{n:área|áreas}").places("es")
        {'n'}
        """
        parsed = _FORMATTER.parse(getattr(self, language))
        return {name for _, name, _, _ in parsed if name is not None}


class _Counting(string.Formatter):
    """Formats a number with the word for one or for several."""

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401
        one, bar, several = format_spec.partition("|")
        if not bar:
            return format(value, format_spec)
        return f"{value:,} {one if value == 1 else several}"


_FORMATTER = _Counting()
