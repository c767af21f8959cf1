"""What is said of clusters, near repeats, concentration and of what hotspots foretold."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

CLUSTERS = Phrase(
    "{place}: {clusters:cluster holds|clusters hold} {inside:,} of {looked:event|events} with an "
    "exact place and day (ST-DBSCAN: at least {least} within {km:g} km and {days:g} "
    "days){largest}.{piled} Labels are a description, not a test: chance makes clusters, too",
    "{place}: {clusters:cúmulo reúne|cúmulos reúnen} {inside:,} de {looked:evento|eventos} con "
    "lugar y día exactos (ST-DBSCAN: al menos {least} a {km:g} km y {days:g} días o menos)"
    "{largest}.{piled} Las etiquetas describen y no son una prueba: el azar también forma cúmulos",
)
LARGEST = Phrase("; largest: {shown}", "; los mayores: {shown}")
CLUSTER = Phrase(
    "{events:event|events} in {days:day|days} around {name} ({first} to {last}, "
    "{places:coordinate|coordinates}, up to {km:.1f} km from the middle)",
    "{events:evento|eventos} en {days:día|días} en torno a {name} ({first} a {last}, "
    "{places:coordenada|coordenadas}, a {km:.1f} km del centro como máximo)",
)
OPEN_SEA = Phrase("no municipality", "ningún municipio")
PILED = Phrase(
    " {share:.0f} % of these events lie on coordinates that 5 or more share: a distance of 0 means "
    "the same town.",
    " El {share:.0f} % de estos eventos está en coordenadas que comparten 5 o más: una distancia "
    "de 0 significa el mismo poblado.",
)

NO_PAIRS = Phrase(
    "{place}: no event with an exact place and day",
    "{place}: ningún evento con lugar y día exactos",
)
REPEATS = Phrase(
    "{place}: {events:event|events} with an exact place and day, pairs in {bands} bands of "
    "distance and time against {permutations:,} shuffles of the days (Knox, one-sided, seed "
    "{seed}): {found}. Coordinates are those of towns, so that the same coordinates mean the same "
    "town; more than by chance is no proof that one event led to another",
    "{place}: {events:evento|eventos} con lugar y día exactos, pares en {bands} bandas de "
    "distancia y tiempo frente a {permutations:permutación|permutaciones} de los días (Knox, una "
    "cola, semilla {seed}): {found}. Las coordenadas son de poblados, así que las mismas "
    "coordenadas significan el mismo poblado; más que por azar no prueba que un evento llevara a "
    "otro",
)
NO_BAND = Phrase(
    "no band holds more pairs than by chance (q up to 0.05)",
    "ninguna banda reúne más pares que por azar (valor q hasta 0.05)",
)
BANDS = Phrase(
    "{number} hold more pairs than by chance (q up to 0.05): {shown}",
    "en {number} hay más pares que por azar (valor q hasta 0.05): {shown}",
)
BAND = Phrase(
    "{where}, {when}: {observed:pair|pairs} for {expected:,.1f} expected ({ratio:.2f} times, p = "
    "{p:.3f})",
    "{where}, {when}: {observed:par|pares} por {expected:,.1f} esperados ({ratio:.2f} veces, p = "
    "{p:.3f})",
)
SAME_PLACE = Phrase("same coordinates", "mismas coordenadas")
UP_TO_KM = Phrase("up to {high:g} km", "hasta {high:g} km")
KM = Phrase("{low:g}-{high:g} km", "{low:g}-{high:g} km")
DAYS = Phrase("{low}-{high} days", "{low}-{high} días")

NO_PERIOD = Phrase("no complete period with an event", "ningún periodo completo con eventos")
CONCENTRATION = Phrase(
    "{period}: {areas:,} of {all:area|areas} ({share:.1f} %) hold {held:.0f} % of "
    "{events:event|events}; the busiest 20 % hold {top20:.0f} %, the busiest 5 % {top5:.0f} %; "
    "Gini {gini:.3f} ({few:.3f} allowing for few events{people}){before}",
    "{period}: {areas:,} de {all:área|áreas} ({share:.1f} %) reúnen el {held:.0f} % de "
    "{events:evento|eventos}; el 20 % con más eventos reúne el {top20:.0f} %, el 5 % el "
    "{top5:.0f} %; Gini {gini:.3f} ({few:.3f} al descontar que hay pocos eventos{people}){before}",
)
PEOPLE = Phrase(", {gini:.3f} along the people", ", {gini:.3f} respecto de la población")
BEFORE = Phrase(
    "; {period}: {share:.1f} % of the areas, n = {events:,}",
    "; {period}: {share:.1f} % de las áreas, n = {events:,}",
)

NO_PAIR = Phrase(
    "no two complete periods follow one another",
    "no hay dos periodos completos seguidos",
)
PREDICTION = Phrase(
    "Of {events:event|events} of {following}, {hits:,} ({rate:.1f} %) lie in the "
    "{chosen:hotspot|hotspots} of {period} ({area:.2f} % of the km², index {pai}); as many areas "
    "chosen by a list: {others}{whole}",
    "De {events:evento|eventos} de {following}, {hits:,} ({rate:.1f} %) están en "
    "{chosen:punto caliente|puntos calientes} de {period} ({area:.2f} % de los km², índice {pai}); "
    "igual número de áreas elegidas con una lista: {others}{whole}",
)
NO_HOTSPOT = Phrase(
    "{period} has no hotspot, so nothing is foretold for {following} "
    "({events:event|events}){whole}",
    "{period} no tiene ningún punto caliente, así que nada se anticipa de {following} "
    "({events:evento|eventos}){whole}",
)
OTHER = Phrase("{rule} {rate:.1f} % (index {pai})", "{rule} {rate:.1f} % (índice {pai})")
RULES = {
    "hotspots": Phrase("hotspots", "puntos calientes"),
    "highest value": Phrase("highest value", "valor más alto"),
    "most events": Phrase("most events", "más eventos"),
}
WHOLE = Phrase(
    "; over {pairs:pair|pairs} of periods: {rates}", "; en {pairs:par|pares} de periodos: {rates}"
)
RATE = Phrase("{rule} {rate:.1f} %", "{rule} {rate:.1f} %")
