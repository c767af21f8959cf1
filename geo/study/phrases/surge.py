"""What is said of surges and threats."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

WHOLE = Phrase(
    "Week of {week}, {areas:area|areas}, {counted:event|events} counted: {said}",
    "Semana del {week}, {areas:área|áreas}, {counted:evento contado|eventos contados}: {said}",
)
FLAGGED = {
    "week against month": Phrase(
        "{number} flagged as surge (week against month)",
        "{number:área marcada|áreas marcadas} con repunte (semana frente a mes)",
    ),
    "month against year": Phrase(
        "{number} flagged as threat (month against year)",
        "{number:área marcada|áreas marcadas} con amenaza (mes frente a año)",
    ),
}
"""By the rule that flags."""

CERTAIN = Phrase(
    "{head}, {certain} of them with an interval above 1: {shown}{more}",
    "{head}, {certain} de ellas con un intervalo por encima de 1: {shown}{more}",
)
MORE = Phrase(" and {number} more", " y {number} más")
AREA = Phrase(
    "{name} {ratio:.1f} times ({events:event|events} in {weeks:week|weeks}, {before} in the "
    "{weeks_before} before; 95 % interval {low:.1f}-{high}, exact)",
    "{name} {ratio:.1f} veces ({events:evento|eventos} en {weeks:semana|semanas}, {before:,} en "
    "las {weeks_before} anteriores; intervalo de 95 % {low:.1f}-{high}, exacto)",
)
NO_LIMIT = Phrase("no limit", "sin límite")
