"""What is said of rates and of where people live, as parts of a change."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

COMPOSITION = Phrase(
    "{place}, {areas} {parts}, {comparison} against {base}: {before:,} and {after:event|events}, "
    "{rate_before:.2f} and {rate_after:.2f} per 100,000 person-years ({change:+.2f}); what the "
    "rates of the areas add {by_rate:+.2f}{rate_limits}, what the shares of the people add "
    "{by_people:+.2f}{people_limits} (Kitagawa{drawn}; the people are taken as known){moves}",
    "{place}, {areas:,} {parts}, {comparison} frente a {base}: {before:,} y "
    "{after:evento|eventos}, {rate_before:.2f} y {rate_after:.2f} por 100,000 personas-año "
    "({change:+.2f}); las tasas de las áreas aportan {by_rate:+.2f}{rate_limits}, el reparto de "
    "la población aporta {by_people:+.2f}{people_limits} (Kitagawa{drawn}; la población se toma "
    "como conocida){moves}",
)
LIMITS = Phrase(
    " (95 % interval {low:+.2f} to {high:+.2f})", " (intervalo de 95 % {low:+.2f} a {high:+.2f})"
)
DRAWN = Phrase(
    ", {draws:,} draws of 4-week blocks, seed {seed}",
    ", {draws:,} remuestreos de bloques de 4 semanas, semilla {seed}",
)
PARTS = {
    "state": Phrase("states", "estados"),
    "municipality": Phrase("municipalities", "municipios"),
}
COUNTRY = Phrase("Mexico", "México")
NO_MOVES = {
    "state": Phrase(
        "; the table lets the people of all states grow alike, so no move shows",
        "; la tabla hace crecer por igual a la población de todos los estados, así que no se ve "
        "ninguna mudanza",
    ),
    "municipality": Phrase(
        "; the table lets the people of the municipalities of a state grow alike, so moves among "
        "them do not show",
        "; la tabla hace crecer por igual a la población de los municipios de un estado, así que "
        "no se ven mudanzas entre ellos",
    ),
}
