"""Why a part was not done and what weakens a result, in Spanish, from sentences with gaps in JSON.

Reasons are the messages of steps that refused, warnings those of steps that went on; both are
English. The files have those that a sound study may meet; any other is given in English, and
marked so.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from importlib.resources import files

from geo.study.asked import PARTIAL
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
    "point": "el punto",
    "admin1": "el nombre",
}
"""What may stand in a gap, beside numbers, codes, labels and the words of findings."""

_THINGS = {
    "event": ("evento", "eventos"),
    "record": ("registro", "registros"),
    "file": ("archivo", "archivos"),
    "period": ("periodo", "periodos"),
    "time": ("hora", "horas"),
}
_COUNTED = re.compile(rf"([\d,]+) ({'|'.join(_THINGS)})s?")
"""A number of things, as messages say it."""


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
    return _said(language, why, "reasons_es.json")


def warning_in(language: Language, warning: str) -> str:
    """Return what weakens a result, in a language.

    Parameters
    ----------
    language
        ``en`` or ``es``.
    warning
        As :attr:`geo.study.results.Results.warnings` has it.

    Examples
    --------
    >>> warning_in("es", "2 of 1,200 events are not counted: their date is not known to the month")
    '2 de 1,200 eventos no se cuentan: su fecha no se conoce con precisión de mes'
    >>> warning_in("es", "no such warning")
    'no such warning (en inglés)'
    """
    if warning == PARTIAL["en"]:
        return PARTIAL[language]
    return _said(language, warning, "warnings_es.json")


def _said(language: Language, text: str, file: str) -> str:
    if language == "en":
        return text
    for form, spanish in _forms(file):
        if found := form.fullmatch(text):
            return _filled(spanish, found.groupdict())
    return f"{text} (en inglés)"


def spanish_reasons() -> dict[str, str]:
    """Return every Spanish sentence by its English one, both with their gaps.

    Examples
    --------
    >>> spanish_reasons()["no population is known for {area} in {window}; give a table that has it"]
    'no se conoce la población de {area} en {window}; dé una tabla que la tenga'
    """
    return _loaded("reasons_es.json")


def spanish_warnings() -> dict[str, str]:
    """Return every Spanish warning by its English one, both with their gaps.

    Examples
    --------
    >>> spanish_warnings()["{events} far from Mexico; it will have no area"]
    '{events} lejos de México; no tendrá área'
    """
    return _loaded("warnings_es.json")


def _loaded(file: str) -> dict[str, str]:
    text = (files("geo.study") / file).read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


@functools.cache
def _forms(file: str) -> list[tuple[re.Pattern[str], str]]:
    """Return each English sentence as the form of a text, with its Spanish one."""
    found = []
    for english, spanish in _loaded(file).items():
        pieces = _GAP.split(english)
        form = "".join(
            f"(?P<{piece}>.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)
        )
        found.append((re.compile(form, flags=re.DOTALL), spanish))
    return found


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return _GAP.sub(lambda gap: _filling(values[gap[1]]), sentence)


def _filling(value: str) -> str:
    if found := _COUNTED.fullmatch(value):
        one, several = _THINGS[found[2]]
        return f"{found[1]} {one if found[1] == '1' else several}"
    return _WORDS.get(value, worded(value, "es")).replace(" to ", " a ")
