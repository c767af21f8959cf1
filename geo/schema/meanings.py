"""The meanings of tables and columns in Spanish, from a JSON file beside the contracts.

A contract says what it holds in English; the file gives the Spanish of each such text, and of the
units that numbers are written with.
"""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Literal


def meaning_in(language: Literal["en", "es"], meaning: str) -> str:
    """Return a meaning, or the name of a unit, in a language.

    Names of columns and codes inside it stay as they are. A text that is no contract's stays as
    it is, too.

    Parameters
    ----------
    language
        ``en`` or ``es``.
    meaning
        In English, as a contract has it (:class:`geo.schema.Column`).

    Examples
    --------
    >>> meaning_in("es", "number of events"), meaning_in("en", "number of events")
    ('número de eventos', 'number of events')
    >>> meaning_in("es", "focus_ratio / donor_ratio"), meaning_in("es", "")
    ('focus_ratio / donor_ratio', '')
    """
    return meaning if language == "en" else spanish_meanings().get(meaning, meaning)


@functools.cache
def spanish_meanings() -> dict[str, str]:
    """Return every Spanish text by its English one, in the order of the contracts.

    Examples
    --------
    >>> spanish_meanings()["person-years"]
    'personas-año'
    """
    text = (files("geo.schema") / "meanings_es.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded
