"""What is said of an area held against other areas."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

HEAD = Phrase(
    "{name} against {areas:area|areas} ({which}), {before:event|events} in {base} "
    "({months_before:month|months}) and {after:,} in {comparison} ({months_after})",
    "{name} frente a {areas:área de comparación|áreas de comparación} ({which}), "
    "{before:evento|eventos} en {base} ({months_before:mes|meses}) y {after:,} en {comparison} "
    "({months_after})",
)
NO_RATIO = Phrase(
    "{head}: no ratio, for want of events in a window",
    "{head}: sin razón, por falta de eventos en una ventana",
)
NO_INTERVAL = Phrase("no interval", "sin intervalo")
INTERVAL = Phrase("95 % interval {low:.2f}-{high:.2f}", "intervalo de 95 % {low:.2f}-{high:.2f}")
WHOLE = Phrase(
    "{head}: {direction} from them, {events:event|events} for {expected:,.1f} expected: "
    "{ratio:.2f} times (growth {focus:.2f} times in focus, {donors:.2f} times there; with area "
    "and month effects {two_way:.2f}, {limits}, quasi-Poisson, dispersion {dispersion:.1f}); "
    "{ranks}",
    "{head}: {direction} según ellas, {events:evento|eventos} frente a {expected:,.1f} esperados: "
    "{ratio:.2f} veces (crecimiento de {focus:.2f} veces en el área, de {donors:.2f} veces en "
    "ellas; con efectos de área y de mes {two_way:.2f}, {limits}, cuasi-Poisson, dispersión "
    "{dispersion:.1f}); {ranks}",
)
RANK = Phrase(
    "rank {rank} of {number} in {kind} (p = {p:.3f})",
    "lugar {rank} de {number} en {kind} (p = {p:.3f})",
)
KIND = {"space": Phrase("space", "el espacio"), "time": Phrase("time", "el tiempo")}

HIGHER = Phrase("higher than expected", "más de lo esperado")
LOWER = Phrase("lower than expected", "menos de lo esperado")
NOT_APART = Phrase("not told apart from what is expected", "no se distingue de lo esperado")
TOO_FEW = Phrase(
    "too few areas to rank it, so not told apart from what is expected",
    "muy pocas áreas para darle un lugar, así que no se distingue de lo esperado",
)
NO_RARER = Phrase(
    "no rarer than elsewhere, so not told apart from what is expected",
    "no es más raro que en otras áreas, así que no se distingue de lo esperado",
)
