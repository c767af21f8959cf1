"""Which events are counted, said after "events", by the filters of a study."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

ALL = Phrase("all events", "todos los eventos")
SOME = Phrase("events {wishes}", "eventos {wishes}")
FILTERS = {
    "since": Phrase("from {value} on", "desde {value}"),
    "until": Phrase("up to {value}", "hasta {value}"),
    "event_types": Phrase("of type {value}", "de tipo {value}"),
    "sub_event_types": Phrase("of sub-type {value}", "de subtipo {value}"),
    "disorder_types": Phrase("of disorder type {value}", "de tipo de desorden {value}"),
    "sources": Phrase("from source {value}", "de la fuente {value}"),
    "actors": Phrase("with actor {value}", "con el actor {value}"),
    "civilian_targeting": Phrase("targeting civilians", "dirigidos a civiles"),
    "fatal_only": Phrase("with at least one death", "con al menos una muerte"),
    "geo_precisions": Phrase("with place precision {value}", "con precisión del lugar {value}"),
    "time_precisions": Phrase("with date precision {value}", "con precisión de la fecha {value}"),
}
PRECISION = {
    "exact": "exacta",
    "near": "cercana",
    "municipality": "de municipio",
    "state": "de estado",
    "fuzzy": "vaga",
    "country": "de país",
    "water": "de aguas internacionales",
    "unknown": "desconocida",
    "day": "de día",
    "week": "de semana",
    "month": "de mes",
    "year": "de año",
}
"""How well a place or a date is known, in Spanish."""

OR = Phrase(" or ", " o ")
OTHER = Phrase("with {name} = {value}", "con {name} = {value}")
