"""What is said of a mixture of other areas, of rings, and of months around a date."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

INTERVAL = Phrase(
    "95 % interval {low:,.2f}-{high:,.2f}", "intervalo de 95 % {low:,.2f}-{high:,.2f}"
)
NO_INTERVAL = Phrase("no interval", "sin intervalo")

# --- synthetic control ------------------------------------------------------------------------

SYNTHETIC = Phrase(
    "{name} against a mixture of {mixed} of {areas:area|areas} ({which}), fitted to "
    "{months_before:month|months} of {base} with {before:event|events}: {verdict}; in "
    "{comparison} ({months_after:month|months}) {after:event|events} and a mean rate of "
    "{rate:.2f} per 100,000 person-years against {mixture:.2f} of the mixture{times}; error "
    "(RMSPE) {pre:.2f} before, {share} of the rate, and {post:.2f} after{error_times}; {ranked} "
    "(synthetic control; no interval, ranks alone)",
    "{name} frente a una mezcla de {mixed} de {areas:área|áreas} ({which}), ajustada a "
    "{months_before:mes|meses} de {base} con {before:evento|eventos}: {verdict}; en {comparison} "
    "({months_after:mes|meses}), {after:evento|eventos} y una tasa media de {rate:.2f} por 100,000 "
    "personas-año frente a {mixture:.2f} de la mezcla{times}; error (RMSPE) {pre:.2f} antes, "
    "{share} de la tasa, y {post:.2f} después{error_times}; {ranked} (control sintético; sin "
    "intervalo, solo lugares)",
)
TIMES = Phrase(", {ratio:.2f} times", ", {ratio:.2f} veces")
ERROR_TIMES = Phrase(", {ratio:.1f} times", ", {ratio:.1f} veces")
PERCENT = Phrase("{share:.0f} %", "{share:.0f} %")
NO_SHARE = Phrase("no share", "sin proporción")
NO_FIT = Phrase(
    "the mixture does not resemble it before, so the rest means little",
    "la mezcla no se le parece antes, así que lo demás dice poco",
)
HIGHER = Phrase("higher than the mixture", "por encima de la mezcla")
LOWER = Phrase("lower than the mixture", "por debajo de la mezcla")
NOT_RARE = Phrase(
    "no rarer than elsewhere, so not told apart from the mixture",
    "no es más raro que en otras áreas, así que no se distingue de la mezcla",
)
TOO_FEW = Phrase(
    "too few areas to rank it, so not told apart from the mixture",
    "muy pocas áreas para darle un lugar, así que no se distingue de la mezcla",
)
RANKED = Phrase(
    "rank {rank} of {number} by that ratio, p = {p:.3f}",
    "lugar {rank} de {number} por esa razón, p = {p:.3f}",
)
NOT_RANKED = Phrase("not ranked", "sin lugar")

# --- rings ------------------------------------------------------------------------------------

RING = Phrase(
    "Around {name}, {comparison} against {base} ({months_after} and "
    "{months_before:month|months}): {zones}; the {areas:area|areas} beyond changed {ratio} "
    "({before:,} and {after:event|events}, {limits}). It does not say that anything moved from "
    "one to another",
    "Alrededor de {name}, {comparison} frente a {base} ({months_after} y "
    "{months_before:mes|meses}): {zones}; las {areas:área restante|áreas restantes} cambiaron "
    "{ratio} ({before:,} y {after:evento|eventos}, {limits}). No dice que algo se haya "
    "movido de unas a otras",
)
ZONE = Phrase(
    "{zone} ({areas:area|areas}) {before:,} and {after:event|events}, {ratio} ({limits}), "
    "{verdict} the areas beyond{relative}",
    "{zone} ({areas:área|áreas}) {before:,} y {after:evento|eventos}, {ratio} ({limits}), "
    "{verdict} las áreas restantes{relative}",
)
NO_ZONE = Phrase("{zone} has no area", "{zone}: ninguna área")
RELATIVE = Phrase(
    ": {ratio:.2f} times their change (95 % interval {low:.2f}-{high:.2f}, month effects), "
    "{more:+,.0f} events against expectation ({more_low:+,.0f} to {more_high:+,.0f})",
    ": {ratio:.2f} veces el cambio de ellas (intervalo de 95 % {low:.2f}-{high:.2f}, efectos de "
    "mes), {more:+,.0f} eventos respecto de lo esperado ({more_low:+,.0f} a {more_high:+,.0f})",
)
ZONES = {
    "focus": Phrase("the area itself", "el área misma"),
    "ring 1": Phrase("its neighbors", "sus vecinas"),
    "ring 2": Phrase("their neighbors", "las vecinas de estas"),
}
RATIO = Phrase("{ratio:.2f} times", "{ratio:.2f} veces")
NO_RATIO = Phrase("no ratio", "sin razón")
QUASI = Phrase(
    "{limits}, quasi-Poisson, dispersion {dispersion:.1f}",
    "{limits}, cuasi-Poisson, dispersión {dispersion:.1f}",
)
EXACT = Phrase("{limits}, exact", "{limits}, exacto")
MORE_THAN = Phrase("more than", "más que")
LESS_THAN = Phrase("less than", "menos que")
NOT_APART = Phrase("not told apart from", "sin distinguirse de")

# --- event study ------------------------------------------------------------------------------

EVENT_STUDY = Phrase(
    "{name} against {areas:area|areas} ({which}), each {unit} against {reference} "
    "({events:event|events} in the area, {donor_events:,} there): before it {before}, growth "
    "{slope} a {unit} ({limits}), joint F {f}, p {p}, which is no proof that both would have gone "
    "on alike; after the date {after} (quasi-Poisson, dispersion of the areas {dispersion:.1f}; "
    "each interval by itself)",
    "{name} frente a {areas:área|áreas} ({which}), cada {unit} frente a {reference} "
    "({events:evento|eventos} en el área, {donor_events:,} en ellas): antes, {before}, crecimiento "
    "{slope} por {unit} ({limits}), F conjunta {f}, p {p}, lo que no prueba que ambas habrían "
    "seguido igual; después de la fecha, {after} (cuasi-Poisson, dispersión de las áreas "
    "{dispersion:.1f}; cada intervalo por sí mismo)",
)
SPAN = Phrase(
    "{number:ratio|ratios} from {least} to {most}, {outside} of them with a 95 % interval that "
    "leaves out 1",
    "{number:razón|razones} de {least} a {most}, {outside} de ellas con un intervalo de 95 % que "
    "no contiene el 1",
)
NO_SPAN = Phrase(
    "no ratio, for want of events in that reference or those months",
    "ninguna razón, por falta de eventos en esa referencia o esos meses",
)
MONTH = Phrase("month", "mes")
SEVERAL_MONTHS = Phrase("period of {months:month|months}", "periodo de {months:mes|meses}")
NOT_DEFINED = Phrase("not defined", "no definida")
