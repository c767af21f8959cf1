"""Why a part of a study was not done, in Spanish, from a JSON file of sentences with gaps.

The reasons are the messages of steps that refused, which are English. The file has those that a
sound study may meet; any other is given in English, and marked so.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from importlib.resources import files

from geo.study.findings.words import worded
from geo.study.settings import Language

_GAP = re.compile(r"\{(\w+)\}")
_WORDS = {
    "state": "estado",
    "municipality": "municipio",
    "year": "año",
    "quarter": "trimestre",
    "month": "mes",
    "week": "semana",
    "acled-week": "semana de ACLED",
    "all others": "todas las demás",
    "without neighbors": "sin las vecinas",
    "chosen": "elegidas",
    "some areas": "algunas áreas",
    "no year": "ningún año",
    "none": "ninguno",
}
"""What may stand in a gap, beside numbers, codes, labels and the words of findings."""


def reason_in(language: Language, why: str) -> str:
    """Return why a part was not done, in a language.

    Parameters
    ----------
    language
        ``en`` or ``es``.
    why
        As :attr:`geo.study.results.Results.not_done` has it.

    Examples
    --------
    >>> reason_in("es", "4 complete weeks; a surge needs the latest and the four before it")
    'hay 4 semanas completas; un repunte necesita la última y las cuatro anteriores'
    >>> reason_in("es", "no memory is left"), reason_in("en", "no memory is left")
    ('no memory is left (en inglés)', 'no memory is left')
    """
    if language == "en":
        return why
    for form, spanish in _forms():
        if found := form.fullmatch(why):
            return _filled(spanish, found.groupdict())
    return f"{why} (en inglés)"


def spanish_reasons() -> dict[str, str]:
    """Return every Spanish sentence by its English one, both with their gaps.

    Examples
    --------
    >>> spanish_reasons()["no population is known for {area} in {window}; give a table that has it"]
    'no se conoce la población de {area} en {window}; dé una tabla que la tenga'
    """
    text = (files("geo.study") / "reasons_es.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


@functools.cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """Return each English sentence as the form of a text, with its Spanish one."""
    found = []
    for english, spanish in spanish_reasons().items():
        pieces = _GAP.split(english)
        form = "".join(
            f"(?P<{piece}>.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)
        )
        found.append((re.compile(form, flags=re.DOTALL), spanish))
    return found


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: _filling(values[gap[1]]), sentence)


def _filling(value: str) -> str:
    return _WORDS.get(value, worded(value, "es")).replace(" to ", " a ")
