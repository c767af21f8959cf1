"""What is said of hotspots, outliers and emerging patterns."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

METHOD = Phrase(
    "Gi* of {value}{volume}; {drawn}; q after {adjusted}",
    "Gi* de {value}{volume}; {drawn}; valor q según {adjusted}",
)
VALUES = {
    "eb_rate": "la tasa suavizada (Bayes empírico)",
    "crude_rate": "la tasa cruda",
    "ratio": "la razón estandarizada",
    "events": "los eventos",
    "fatalities": "las muertes",
}
"""What is tested, in Spanish by its column; English says the column."""

VOLUME = Phrase(", a map of volume", ", un mapa de volumen")
DRAWN = Phrase(
    "p from {permutations:,} conditional permutations, seed {seed}, among areas of like population",
    "p de {permutations:permutación condicional|permutaciones condicionales}, semilla {seed}, "
    "entre áreas de población parecida",
)
ANALYTIC = Phrase("analytic p, without permutations", "p analítico, sin permutaciones")

NO_PERIOD = Phrase(
    "no complete period to look for hotspots in",
    "ningún periodo completo en el que buscar puntos calientes",
)
WHOLE = Phrase(
    "{period}, {areas:area|areas} tested, {events:event|events}: {hot}, {cold} ({method}); "
    "outliers {outliers:,} (local Moran, q up to 0.05); {clustered}; verdicts that change with "
    "the {nearest} nearest areas as neighbors: {changed:,}",
    "{period}, {areas:área puesta a prueba|áreas puestas a prueba}, {events:evento|eventos}: "
    "{hot}, {cold} ({method}); valores atípicos {outliers:,} (Moran local, valor q hasta 0.05); "
    "{clustered}; veredictos que cambian con las {nearest} áreas más cercanas como vecinas: "
    "{changed:,}",
)
CLUSTERED = Phrase(
    "EB Moran's I {moran:.3f}, one-sided p {p} ({permutations:,} permutations)",
    "I de Moran EB {moran:.3f}, p de una cola {p} ({permutations:permutación|permutaciones})",
)
NOT_CLUSTERED = Phrase("EB Moran's I not defined", "I de Moran EB no definida")
NONE = {
    "hot": Phrase("none hot", "ningún punto caliente"),
    "cold": Phrase("none cold", "ningún punto frío"),
}
SOME = {
    "hot": Phrase(
        "{number:,} hot at 90 % ({sure:,} at 95 %, {surest:,} at 99 %)",
        "{number:punto caliente|puntos calientes} al 90 % ({sure:,} al 95 %, {surest:,} al 99 %)",
    ),
    "cold": Phrase(
        "{number:,} cold at 90 % ({sure:,} at 95 %, {surest:,} at 99 %)",
        "{number:punto frío|puntos fríos} al 90 % ({sure:,} al 95 %, {surest:,} al 99 %)",
    ),
}

EMERGING = Phrase(
    "{first} to {last} ({periods:period|periods}), {areas:area|areas}: {found}; {none:,} without "
    "a pattern ({method}, over all areas and periods together; trend by Mann-Kendall)",
    "{first} a {last} ({periods:periodo|periodos}), {areas:área|áreas}: {found}; {none:,} sin "
    "patrón ({method}, sobre todas las áreas y periodos juntos; tendencia según Mann-Kendall)",
)
