"""Questions, variants and verdicts of findings in Spanish."""

from __future__ import annotations

from geo.study.labels import split_name
from geo.study.settings import Language

PARTS_BY = "parts by "
"""What the name of a part begins with that splits a change."""

SPANISH: dict[str, str] = {
    "change": "cambio",
    "claim": "afirmación",
    "civilian targeting": "ataques dirigidos a civiles",
    "largest part by event type": "mayor parte por tipo de evento",
    "largest part by actors": "mayor parte por actores",
    "break": "quiebre",
    "elsewhere": "frente a otras áreas",
    "hotspots": "puntos calientes",
    "exact places only": "solo lugares exactos",
    "without the largest municipality": "sin el municipio mayor",
    "deaths instead of events": "muertes en lugar de eventos",
    "the window before as base": "la ventana anterior como base",
    "nearest areas as neighbors": "las áreas más cercanas como vecinas",
    "higher": "más alto",
    "lower": "más bajo",
    "not told apart from no change": "no se distingue de ningún cambio",
    "inside": "dentro",
    "outside": "fuera",
    "disproportionate": "desproporcionado",
    "grew less than the rest": "creció menos que el resto",
    "not shown to be disproportionate": "no se muestra desproporcionado",
    "no break": "ningún quiebre",
    "not defined": "no definido",
    "not done": "no se hizo",
    "higher than expected": "más de lo esperado",
    "lower than expected": "menos de lo esperado",
    "not told apart from what is expected": "no se distingue de lo esperado",
    "time": "tiempo",
    "place": "lugar",
    "actors": "actores",
    "weeks": "semanas",
    "parts": "partes",
    "sensitivity": "sensibilidad",
    "ring": "áreas vecinas",
    "synthetic": "control sintético",
    "targeting": "ataques dirigidos a civiles",
    "concentration": "concentración",
    "prediction": "predicción",
    "deaths": "muertes",
    "emerging": "puntos calientes emergentes",
    "scan": "barrido",
    "density": "densidad",
    "map": "mapa",
    "findings": "hallazgos",
    "change_state": "cambio por estado",
    "change_municipality": "cambio por municipio",
}
"""Questions, variants, verdicts and names of parts in Spanish."""


def worded(word: str, language: Language) -> str:
    """Return a question, variant or verdict in a language; what has no translation stays.

    Examples
    --------
    >>> worded("higher", "es"), worded("higher", "en"), worded("2024-09", "es")
    ('más alto', 'higher', '2024-09')
    """
    return SPANISH.get(word, word) if language == "es" else word


def part_named(part: str, language: Language) -> str:
    """Return the name of a part of a study in a language.

    Examples
    --------
    >>> part_named("synthetic", "es"), part_named("parts by event_type", "es")
    ('control sintético', 'partes por tipo de evento')
    """
    before, by, split = part.partition(PARTS_BY)
    if language == "es" and by and not before:
        return f"partes por {split_name(split, language)}"
    return worded(part, language)
