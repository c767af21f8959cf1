"""The words of findings that no part of a study says by itself, and of the notes on variants."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

ACCOUNT = Phrase(
    "{physical:record|records}: {used:,} used, {filtered:,} filtered, {quarantined:,} "
    "quarantined; {states:event counts|events count} for a state, {towns:,} for a municipality",
    "{physical:registro|registros}: {used:usado|usados}, {filtered:filtrado|filtrados}, "
    "{quarantined:,} en cuarentena; {states:evento cuenta|eventos cuentan} para un estado, "
    "{towns:,} para un municipio",
)
AREAS = Phrase(
    "{changed:,} of {tested:,} {areas} changed by more than chance (q up to 0.05, {method}, "
    "Benjamini-Hochberg)",
    "{changed:,} de {tested:,} {areas} cambiaron más de lo esperable por azar (q hasta 0.05, "
    "{method}, Benjamini-Hochberg)",
)
AREAS_EXACT = Phrase(
    "{exact:,} by the exact test, which takes events for independent",
    "{exact:,} con la prueba exacta, que toma los eventos por independientes",
)
BURST = Phrase(
    "a break inside the comparison window makes its months differ among themselves, which "
    "widens the first interval",
    "un quiebre dentro de la ventana de comparación hace que sus meses difieran entre sí, lo "
    "que ensancha el primer intervalo",
)
STATES = Phrase(
    "states",
    "estados",
)
MUNICIPALITIES = Phrase(
    "municipalities",
    "municipios",
)
QUASI = Phrase(
    "quasi-Poisson on monthly counts",
    "cuasi-Poisson sobre conteos mensuales",
)
EXACT = Phrase(
    "exact",
    "exacto",
)
CLAIM = Phrase(
    "The claim of {claim:g} times: {ratio} ({low}-{high}, {method}); {verdict} this interval,"
    " p against it {p}",
    "La afirmación de {claim:g} veces: {ratio} ({low}-{high}, {method}); {verdict} de este "
    "intervalo, p en su contra {p}",
)
NEITHER = Phrase("no part", "ninguna parte")
INSIDE = Phrase(
    "inside",
    "dentro",
)
OUTSIDE = Phrase(
    "outside",
    "fuera",
)
ALIGNED = Phrase(
    "{name}, from {date} on: {events:event|events}, {ratio} the rate of {base} (95 % interval "
    "{low}-{high}, exact); the whole window {comparison} has {whole} times it",
    "{name}, desde el {date}: {events:evento|eventos}, {ratio} la tasa de {base} (intervalo de 95 "
    "% {low}-{high}, exacto); la ventana entera {comparison} tiene {whole} veces esa tasa",
)
REST = Phrase(
    "{name}, {category}: from {before} to {after} of all events ({n0:,}, then {n1:,}), "
    "{ratio} as much as the rest (95 % interval {low}-{high}, {method}): {verdict}",
    "{name}, {category}: de {before} a {after} de todos los eventos ({n0:,}, luego {n1:,}), "
    "{ratio} lo que el resto (intervalo de 95 % {low}-{high}, {method}): {verdict}",
)
REST_HIGHER = Phrase(
    "grew more than the rest",
    "creció más que el resto",
)
REST_LOWER = Phrase(
    "grew less than the rest",
    "creció menos que el resto",
)
REST_NOT = Phrase(
    "not told apart from the rest",
    "no se distingue del resto",
)
HOTSPOTS = Phrase(
    "{comparison} against {base}, {tested:municipality|municipalities} tested: {new:new "
    "hotspot|new hotspots}, {both:,} in both, {gone:,} no longer; {new_cold:new coldspot|new "
    "coldspots} (Gi* of smoothed rates, q up to 0.05 in each window, p from {permutations:,} "
    "permutations, seed {seed}). That one is new is no proof that it changed",
    "{comparison} frente a {base}, {tested:municipio probado|municipios probados}: {new:punto "
    "caliente nuevo|puntos calientes nuevos}, {both:,} en ambas ventanas, {gone:que ya no lo "
    "es|que ya no lo son}; {new_cold:punto frío nuevo|puntos fríos nuevos} (Gi* de tasas "
    "suavizadas, q hasta 0.05 en cada ventana, p de {permutations:,} permutaciones, semilla "
    "{seed}). Que uno sea nuevo no prueba que haya cambiado",
)
HOTSPOTS_FOCUS = Phrase(
    "; in {name}: {names}",
    "; en {name}: {names}",
)
FLIP_HOTSPOTS = Phrase(
    "Verdict that flips - hotspots, {variant}: {number:municipality is|municipalities are} called "
    "otherwise (at 90 %): {names}",
    "Veredicto que cambia - puntos calientes, {variant}: "
    "{number:municipio se clasifica|municipios se clasifican} de otro modo (al 90 %): {names}",
)
FLIP = Phrase(
    "Verdict that flips - {question}, {variant}: {main} in the study, {verdict} then{number} "
    "({note})",
    "Veredicto que cambia - {question}, {variant}: {main} en el estudio, {verdict} "
    "entonces{number} ({note})",
)
FLIP_NUMBER = Phrase(
    " ({value}{limits})",
    " ({value}{limits})",
)
FLIPS = Phrase(
    "{number:verdict flips|verdicts flip} when the question is asked otherwise; findings: {file}",
    "{number:veredicto cambia|veredictos cambian} si se pregunta de otro modo; hallazgos: {file}",
)
STEADY = Phrase(
    "No verdict flips: {questions:question|questions}, asked with {variants}; {undone:,} could "
    "not be asked",
    "Ningún veredicto cambia: {questions:pregunta, hecha con|preguntas, hechas con} {variants}; "
    "{undone:no se pudo|no se pudieron} hacer",
)
NOT_DONE = Phrase(
    "Not done - {part}: {why}",
    "No se hizo - {part}: {why}",
)
NOTE_PRECISE = Phrase(
    "{left:,} of {all:event|events} left out",
    "se dejaron fuera {left:,} de {all:evento|eventos}",
)
NOTE_WITHOUT = Phrase(
    "without {name}, {events:event|events}",
    "sin {name}, {events:evento|eventos}",
)
NOTE_DEATHS = Phrase(
    "deaths",
    "muertes",
)
NOTE_DEATHS_UNKNOWN = Phrase(
    "deaths; {unknown:event states|events state} no number",
    "muertes; {unknown:evento no indica|eventos no indican} número",
)
NOTE_BASE = Phrase(
    "base {base}",
    "base {base}",
)
NOTE_PLACEBO = Phrase(
    "placebo p = {p:.2g}",
    "p de placebo = {p:.2g}",
)
NOTE_ALL_EXACT = Phrase(
    "every place is known exactly",
    "todos los lugares se conocen con exactitud",
)
NOTE_NONE_EXACT = Phrase(
    "no place is known exactly",
    "ningún lugar se conoce con exactitud",
)
NOTE_IS_MUNICIPALITY = Phrase(
    "the area in focus is a municipality",
    "el área en foco es un municipio",
)
NOTE_NO_MUNICIPALITY = Phrase(
    "no event has a municipality",
    "ningún evento tiene municipio",
)
NOTE_NO_DEATHS = Phrase(
    "no event has deaths",
    "ningún evento tiene muertes",
)
NOTE_TURNED = Phrase(
    "the comparison lies before the base",
    "la comparación va antes de la base",
)
NOTE_BEGINS = Phrase(
    "the data begin on {first}, after {base} does",
    "los datos empiezan el {first}, después de {base}",
)
