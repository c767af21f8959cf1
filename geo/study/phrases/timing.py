"""What is said of breaks, trends and interrupted series."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

HEAD = Phrase(
    "{name}, {events:event|events} in {periods} complete periods, {first} to {last}",
    "{name}, {events:evento|eventos} en {periods:periodo completo|periodos completos}, de {first} "
    "a {last}",
)
SEARCH = Phrase(
    "optimal partitioning, Poisson cost scaled to the variation between periods",
    "partición óptima, costo de Poisson escalado a la variación entre periodos",
)
NO_BREAK = Phrase(
    "{head}: no break found ({search})", "{head}: no se halló ningún quiebre ({search})"
)
BREAKS = Phrase(
    "{head}: {number:break|breaks} found, {said} ({search}; a date found this way must not be "
    "tested as if known before)",
    "{head}: {number:quiebre hallado|quiebres hallados}, {said} ({search}; una fecha hallada así "
    "no debe ponerse a prueba como si se conociera de antemano)",
)
BREAK = Phrase(
    "beginning in {period} (95 % range of the date {span}, {draws:,} bootstrap draws{seeded}): "
    "from {rate_before:.2f} ({events_before:event|events} in {periods_before:period|periods}) to "
    "{rate_after:.2f} {unit} ({events_after:,} in {periods_after}){times}",
    "a partir de {period} (rango de 95 % de la fecha {span}, {draws:,} remuestreos "
    "bootstrap{seeded}): de {rate_before:.2f} ({events_before:evento|eventos} en "
    "{periods_before:periodo|periodos}) a {rate_after:.2f} {unit} ({events_after:,} en "
    "{periods_after}){times}",
)
SPAN = Phrase("{low} to {high}", "{low} a {high}")
SEEDED = Phrase(", seed {seed}", ", semilla {seed}")
BREAK_TIMES = Phrase(", {ratio:.2f} times", ", {ratio:.2f} veces")

TREND = Phrase(
    "{name}, trend of {periods:period|periods}", "{name}, tendencia de {periods:periodo|periodos}"
)
NO_TREND = Phrase("{head}: not defined", "{head}: no definida")
NO_TAU = Phrase("not defined", "no definida")
SLOPE = Phrase(
    "{head}: Sen slope {slope:+.2f} {unit} and year (95 % interval {low:+.2f} to {high:+.2f}), "
    "Mann-Kendall tau-b {tau}, p {p}; periods are taken as independent",
    "{head}: pendiente de Sen {slope:+.2f} {unit} cada año (intervalo de 95 % {low:+.2f} a "
    "{high:+.2f}), tau-b de Mann-Kendall {tau}, p {p}; los periodos se toman como independientes",
)
P = Phrase("= {p:.3f}", "= {p:.3f}")
P_BELOW = Phrase("below 0.001", "menor que 0.001")

PRE_TREND = Phrase(
    "{name}, {months:month|months} before the date: each {ratio} the one before (95 % interval "
    "{limits}, quasi-Poisson, dispersion {dispersion:.1f}); an interval that holds 1 is no proof "
    "that there was no trend",
    "{name}, {months:mes|meses} antes de la fecha: cada uno {ratio} el anterior (intervalo de 95 % "
    "{limits}, cuasi-Poisson, dispersión {dispersion:.1f}); que un intervalo contenga el 1 no "
    "prueba que no hubiera tendencia",
)
INTERRUPTED = Phrase(
    "{name}, {after:month|months} after the date, {between} of transition: level {level} what the "
    "trend of the {before} months before leads one to expect (95 % interval {level_limits}), its "
    "growth a month {slope} that of before (95 % interval {slope_limits}; interrupted series, "
    "quasi-Poisson, dispersion {dispersion:.1f}). {pre_trend}",
    "{name}, {after:mes|meses} después de la fecha, {between} de transición: nivel {level} lo que "
    "la tendencia de los {before} meses anteriores hace esperar (intervalo de 95 % "
    "{level_limits}), su crecimiento mensual {slope} el de antes (intervalo de 95 % "
    "{slope_limits}; serie interrumpida, cuasi-Poisson, dispersión {dispersion:.1f}). {pre_trend}",
)
RATIO = Phrase("{ratio:.2f} times", "{ratio:.2f} veces")
NO_RATIO = Phrase("no ratio to", "sin razón en comparación con")
NO_LIMITS = Phrase("none", "no definido")
