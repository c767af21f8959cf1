"""The words of the map in English and Spanish, from two JSON files."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from importlib.resources import files

from geo.errors import SettingsError
from geo.render.text import LANGUAGES, Language

_FILL = re.compile(r"\{(?P<name>\w+)\}")


@functools.cache
def words(language: Language) -> dict[str, str]:
    """Return every word of one language, by key.

    Raises
    ------
    SettingsError
        The language is not one of those that maps speak.

    Examples
    --------
    >>> words("es")["level.municipality"]
    'Municipio'
    """
    if language not in LANGUAGES:
        raise SettingsError(
            f"maps speak {' and '.join(LANGUAGES)}, not {language!r}; choose lang='en' or lang='es'"
        )
    text = (files("geo.render") / "i18n" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


def say(language: Language, key: str, **fills: object) -> str:
    """Return the words of a key, with ``{name}`` filled in.

    Examples
    --------
    >>> say("en", "noscript.period", period="2024")
    'Period: 2024.'
    """
    return _FILL.sub(lambda slot: str(fills.get(slot["name"], slot[0])), words(language)[key])


def say_day(language: Language, day: str) -> str:
    """Return a day as people write it; text that is no day stands as it is.

    Examples
    --------
    >>> say_day("es", "2024-09-09"), say_day("en", "2024-09-09"), say_day("en", "in May")
    ('9 sep 2024', 'Sep 9, 2024', 'in May')
    """
    try:
        date = dt.date.fromisoformat(day)
    except ValueError:
        return day
    month = words(language)["months"].split()[date.month - 1]
    return say(language, "date", day=date.day, month=month, year=date.year)
