"""Questions, variants and verdicts of findings in Spanish."""

from __future__ import annotations

from geo.study.settings import Language

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
