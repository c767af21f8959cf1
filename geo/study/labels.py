"""The words that geo itself puts into tables, and ACLED's, as a sentence says them.

Names from the data, of actors and places, stay as they are in every language.
"""

from __future__ import annotations

from geo.steps.type_names import TYPE_NAMES
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language

CROSSED = " | "
"""What stands between the two categories of a crossed split."""

_KINDS = {
    "new": "nuevo",
    "consecutive": "consecutivo",
    "intensifying": "en intensificación",
    "persistent": "persistente",
    "diminishing": "en disminución",
    "sporadic": "esporádico",
    "oscillating": "oscilante",
    "historical": "histórico",
}
_SPANISH = {
    # Categories
    "targeted": "dirigidos a civiles",
    "not targeted": "no dirigidos a civiles",
    "not stated": "no indicado",
    "all other": "todo lo demás",
    "known only to the state": "solo se conoce el estado",
    # Classes of actors
    "against civilians": "contra civiles",
    "group against group": "grupo contra grupo",
    "security forces against group": "fuerzas de seguridad contra grupo",
    "protests and riots": "protestas y disturbios",
    "other": "otros",
    # Areas of comparison
    "all others": "todas las demás",
    "without neighbors": "sin las vecinas",
    "chosen": "elegidas",
    # Quadrants and patterns
    "HH": "alto entre altos",
    "LL": "bajo entre bajos",
    "HL": "alto entre bajos",
    "LH": "bajo entre altos",
    "hotspot": "punto caliente",
    "coldspot": "punto frío",
    "outlier": "valor atípico",
    "no pattern": "ningún patrón",
    **{f"{kind} hotspot": f"punto caliente {word}" for kind, word in _KINDS.items()},
    **{f"{kind} coldspot": f"punto frío {word}" for kind, word in _KINDS.items()},
    # Units of rates
    "per 100,000 person-years": "por 100,000 personas-año",
    "events a year": "eventos al año",
    **TYPE_NAMES,
}
_SPLITS = {
    "event_type": "tipo de evento",
    "sub_event_type": "subtipo de evento",
    "disorder_type": "tipo de desorden",
    "civilian_targeting": "ataques dirigidos a civiles",
    "actor_class": "clase de actores",
    "dyad": "par de adversarios",
    "municipality": "municipio",
    "source": "fuente",
    "actor1": "actor 1",
    "actor2": "actor 2",
}
_AND = Phrase("{first} and {second}", "{first} y {second}")
_MADE_UP = Phrase("Made-up data. ", "Datos inventados. ")


def label(word: object, language: Language) -> str:
    """Return a word of a table as a sentence says it; what is no word of geo stays as it is.

    Examples
    --------
    >>> label("targeted", "en"), label("targeted", "es"), label("Cartel X / Cartel Y", "es")
    ('targeted', 'dirigidos a civiles', 'Cartel X / Cartel Y')
    >>> label("Battles | not stated", "es")
    'Enfrentamientos | no indicado'
    """
    text = str(word)
    if language == "en":
        return text
    return CROSSED.join(_SPANISH.get(part, part) for part in text.split(CROSSED))


def split_name(by: str, language: Language) -> str:
    """Return what a split is called, from its column, or from two with a comma between.

    Examples
    --------
    >>> split_name("event_type,civilian_targeting", "en")
    'event type and civilian targeting'
    >>> split_name("event_type,my_column", "es")
    'tipo de evento y my column'
    """
    names = {} if language == "en" else _SPLITS
    said, *others = (names.get(name, name.replace("_", " ")) for name in by.split(","))
    for other in others:
        said = _AND.say(language, first=said, second=other)
    return said


def opening(language: Language, *, made_up: bool) -> str:
    """Return what a sentence about made-up data begins with; nothing for other data.

    Examples
    --------
    >>> opening("es", made_up=True), opening("es", made_up=False)
    ('Datos inventados. ', '')
    """
    return _MADE_UP.say(language) if made_up else ""
