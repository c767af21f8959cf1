"""What is said of a change: two windows, and the parts that the change is made of."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

COUNTS = Phrase(
    "{name}: {before:event|events} in {base}, {after:,} in {comparison}",
    "{name}: {before:evento|eventos} en {base}, {after:,} en {comparison}",
)
NO_RATIO = Phrase(
    "no ratio: no event in either window, or no population",
    "sin razón de tasas: ningún evento en ninguna de las dos ventanas, o sin población",
)
RATES = Phrase(
    "{before:.2f} and {after:.2f} per 100,000 person-years",
    "{before:.2f} y {after:.2f} por 100,000 personas-año",
)
NO_BASE = Phrase(
    "{rates}: no event in the base, so no ratio; at least {low:.2f} times (95 %)",
    "{rates}: ningún evento en la base, así que no hay razón de tasas; al menos {low:.2f} veces "
    "(95 %)",
)
RATIO = Phrase(
    "{rates}: {ratio:.2f} times ({percent:+.0f} %)",
    "{rates}: {ratio:.2f} veces ({percent:+.0f} %)",
)
EXACT_ALONE = Phrase(
    "95 % interval {exact} (exact, for independent events; too few months or events to see how "
    "much they vary)",
    "intervalo de 95 % {exact} (exacto, para eventos independientes; muy pocos meses o eventos "
    "para ver cuánto varían)",
)
BOTH_INTERVALS = Phrase(
    "95 % interval {quasi} (quasi-Poisson, dispersion of monthly counts {dispersion:.1f}) and "
    "{exact} (exact, for independent events)",
    "intervalo de 95 % {quasi} (cuasi-Poisson, dispersión de los conteos mensuales "
    "{dispersion:.1f}) y {exact} (exacto, para eventos independientes)",
)

NO_CLAIM = Phrase(
    "nothing can be said of the claim of {claim:g} times",
    "nada puede decirse de la afirmación de {claim:g} veces",
)
CLAIM = Phrase(
    "the claim of {claim:g} times lies {where} (p against it {p})",
    "la afirmación de {claim:g} veces queda {where} (p en su contra: {p})",
)
TWO = Phrase("{first} and {second}", "{first} y {second}")
INSIDE_IT = Phrase("inside it", "dentro del intervalo")
OUTSIDE_IT = Phrase("outside it", "fuera del intervalo")
IN_WHICH = {
    (True, True): Phrase("inside both", "dentro de ambos intervalos"),
    (True, False): Phrase(
        "inside the first and outside the second", "dentro del primer intervalo y fuera del segundo"
    ),
    (False, True): Phrase(
        "outside the first and inside the second", "fuera del primer intervalo y dentro del segundo"
    ),
    (False, False): Phrase("outside both", "fuera de ambos intervalos"),
}
"""Whether a claim lies in the first interval that is said, and whether in the second."""

ALIGNED = Phrase(
    "from {date} on {events:event|events}: {ratio} the rate of {base}",
    "desde {date}, {events:evento|eventos}: {ratio} la tasa de {base}",
)
SAME_DAYS = Phrase(
    "{aligned}, and {ratio} that of the same days in the base ({events:event|events})",
    "{aligned}, y {ratio} la de los mismos días de la base ({events:evento|eventos})",
)
EXACT_RATIO = Phrase("{ratio} times ({low}-{high}, exact)", "{ratio} veces ({low}-{high}, exacto)")
EXACT_LEAST = Phrase("at least {low} times", "al menos {low} veces")
RATIO_TO_NONE = Phrase("no ratio to", "sin razón en comparación con")
RANK = Phrase(
    "rank {rank} of {ranked} by the lower limit", "lugar {rank} de {ranked} por el límite inferior"
)
NOT_RANKED = Phrase(
    "not ranked: fewer than 20 events or 10,000 people",
    "fuera de la clasificación: menos de 20 eventos o de 10,000 personas",
)

BY = Phrase("By {by}", "Por {by}")
NO_EVENT = Phrase(
    "{head}: no event in either window", "{head}: ningún evento en ninguna de las dos ventanas"
)
NO_PARTS = Phrase(
    "{head}: no event in the base, so no parts of a change; events now: {counts}",
    "{head}: ningún evento en la base, así que no hay partes de un cambio; eventos ahora: {counts}",
)
PARTS = Phrase(
    "{head}, of {change:+.0f} % in all: {shown}{rest}",
    "{head}, de {change:+.0f} % en total: {shown}{rest}",
)
PARTS_REST = Phrase(", {number} more in the table", ", {number} más en la tabla")
PART = Phrase(
    "{category} {points:+.0f} points{interval}, {before:,} to {after:event|events}",
    "{category} {points:+.0f} puntos{interval}, de {before:,} a {after:evento|eventos}",
)
POINTS_INTERVAL = Phrase(
    " (95 % interval {low:+.0f} to {high:+.0f})", " (intervalo de 95 % {low:+.0f} a {high:+.0f})"
)
POINTS_LEAST = Phrase(
    " (95 % interval {low:+.0f} or more)", " (intervalo de 95 % {low:+.0f} o más)"
)
GREW_MORE = Phrase(
    "; grew more than the rest (q up to {level}): {named}",
    "; crecimiento mayor que el del resto (valor q hasta {level}): {named}",
)
GREW_LESS = Phrase(
    "; grew less than the rest (q up to {level}): {named}",
    "; crecimiento menor que el del resto (valor q hasta {level}): {named}",
)
AGAINST_REST = Phrase(
    "{category} {times} as much (95 % interval {low}-{high}, {method}; from {before} to {after} of "
    "events)",
    "{category} {times} el del resto (intervalo de 95 % {low}-{high}, {method}; de {before} a "
    "{after} de los eventos)",
)
NEW_CATEGORY = Phrase(
    "{category}, new with {events:event|events} (at least {low} times as much, {method})",
    "{category}, sin eventos antes y con {events:,} ahora (al menos {low} veces el del resto, "
    "{method})",
)

NO_TARGETING = Phrase(
    "Civilian targeting: no event of it in either window",
    "Ataques dirigidos a civiles: ningún evento en ninguna de las dos ventanas",
)
TARGETING_UNKNOWN = Phrase(
    "Civilian targeting: not known; no event of the windows states its target",
    "Ataques dirigidos a civiles: no se sabe; ningún evento de las ventanas indica si el blanco "
    "fueron civiles",
)
NO_TARGETING_STATED = Phrase(
    "Civilian targeting: no event of it among the {stated:,} that state their target; {others:,} "
    "do not",
    "Ataques dirigidos a civiles: ninguno entre los eventos que lo indican ({stated:,}); sin "
    "indicarlo, {others:,}",
)
TARGETING = Phrase(
    "Civilian targeting: {base_events:,} of {before:event|events} ({base_share}), then "
    "{comparison_events:,} of {after:,} ({comparison_share})",
    "Ataques dirigidos a civiles: {base_events:,} de {before:evento|eventos} ({base_share}), luego "
    "{comparison_events:,} de {after:,} ({comparison_share})",
)
NO_REST = Phrase(
    "{head}; no event to compare it with", "{head}; ningún evento con el cual compararlos"
)
TARGETING_GREW = Phrase(
    "{head}; it grew {times} as much as the rest (95 % interval {low}-{high}, {method}; Fisher's p "
    "{p}): {verdict}",
    "{head}; su crecimiento fue {times} el del resto (intervalo de 95 % {low}-{high}, {method}; p "
    "de Fisher {p}): {verdict}",
)
DISPROPORTIONATE = Phrase("disproportionate", "desproporcionado")
LESS_THAN_REST = Phrase("it grew less than the rest", "menor que el del resto")
NOT_SHOWN = Phrase("not shown to be disproportionate", "no se demuestra que sea desproporcionado")

OF_ALL = Phrase(
    "{rows:row|rows}: {before:,} and {after:event|events}; {changed:,} of {tested:,} rates "
    "changed by more than chance (q up to 0.05, {method}, Benjamini-Hochberg); counted: {counted}",
    "{rows:fila|filas}: {before:,} y {after:evento|eventos}; tasas que cambiaron más de lo que "
    "daría el azar: {changed:,} de {tested:,} (valor q hasta 0.05, {method}, Benjamini-Hochberg); "
    "se contaron: {counted}",
)
MORE_CATEGORIES = Phrase(
    "{number} more categories are in the table", "{number:categoría|categorías} más en la tabla"
)
EXPLAINED = Phrase(
    "{place}, {comparison} against {base}: {before:,} and {after:event|events}; counted: {counted}",
    "{place}, {comparison} frente a {base}: {before:,} y {after:evento|eventos}; se contaron: "
    "{counted}",
)
COUNTRY = Phrase("Mexico", "México")
ARITHMETIC = Phrase(
    "Intervals of points: {draws:,} draws of 4-week blocks, seed {seed}. The parts are arithmetic; "
    "they do not say what caused the change",
    "Intervalos de los puntos: {draws:,} remuestreos de bloques de 4 semanas, semilla {seed}. Las "
    "partes son aritmética; no dicen por qué hubo un cambio",
)

EXACT = Phrase("exact", "exacto")
QUASI = Phrase("quasi-Poisson", "cuasi-Poisson")
QUASI_BY_MONTH = Phrase("quasi-Poisson by month", "cuasi-Poisson por mes")
TIMES = Phrase("{ratio} times", "{ratio} veces")
INFINITE_TIMES = Phrase("infinitely many times", "infinitas veces")
INFINITE = Phrase("infinite", "infinito")
NO_SHARE = Phrase("no event", "ningún evento")
P_BELOW = Phrase("below 0.001", "menor que 0.001")
