"""What is said last: where the records went, and what was written where."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

RECORDS = Phrase(
    "{physical:record|records}: {used:,} used, {filtered:,} filtered, {quarantined:,} quarantined",
    "{physical:registro|registros}: {used:usado|usados}, {filtered:filtrado|filtrados}, "
    "{quarantined:,} en cuarentena",
)
WRITTEN = Phrase("{summary}; written to {folder}", "{summary}; escrito en {folder}")
MAP = Phrase(
    "{file}: {events:event|events}, {first} to {last}",
    "{file}: {events:evento|eventos}, {first} a {last}",
)
TABLES = Phrase(
    "{folder}: {tables:table|tables} of {events:event|events}, as {formats}",
    "{folder}: {tables:tabla|tablas} de {events:evento|eventos}, en {formats}",
)
LAYERS = Phrase(
    "{folder}: {layers:layer|layers} of {events:event|events}{points}",
    "{folder}: {layers:capa|capas} de {events:evento|eventos}{points}",
)
POINTS = {
    "coarse": Phrase(", {shown:,} of them as coarse points", ", {shown:,} como puntos aproximados"),
    "exact": Phrase(", {shown:,} of them as exact points", ", {shown:,} como puntos exactos"),
}
