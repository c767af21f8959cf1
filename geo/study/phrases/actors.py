"""What is said of armed groups and of who fights whom."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

NO_PERIOD = Phrase(
    "{name}: no complete period to speak of", "{name}: ningún periodo completo del que hablar"
)
WHOLE = Phrase(
    "{name}: {said}. Effective number: 1 / HHI of appearances in events",
    "{name}: {said}. Número efectivo: 1 / HHI de las apariciones en eventos",
)
NO_GROUP = Phrase(
    "in {period} no identified group ({events:event|events} with a group)",
    "en {period}, ningún grupo identificado ({events:evento|eventos} con algún grupo)",
)
SPREAD = Phrase(
    "in {period} as concentrated as {number:.1f} groups of equal size (HHI {hhi:.3f}{unbiased}; n "
    "= {appearances:appearance|appearances} of {groups:group|groups}), unidentified groups "
    "{share:.0f} % of all appearances (95 % interval {low}-{high}, exact)",
    "en {period}, una concentración como la de {number:.1f} grupos de igual tamaño (HHI "
    "{hhi:.3f}{unbiased}; n = {appearances:aparición|apariciones} de {groups:grupo|grupos}), "
    "grupos no identificados {share:.0f} % de todas las apariciones (intervalo de 95 % "
    "{low}-{high}, exacto)",
)
UNBIASED = Phrase(", unbiased {hhi:.3f}", ", insesgado {hhi:.3f}")
NEW_PAIRS = Phrase(
    "of {pairs:pair|pairs} of named opponents in {period}, {new} had no event the period "
    "before{events}{ended}",
    "de {pairs:par|pares} de adversarios con nombre en {period}, {new:no tuvo|no tuvieron} ningún "
    "evento en el periodo anterior{events}{ended}",
)
EVENTS_OF_NEW = Phrase(
    ", with {share:.0f} % of their events", ", con {share:.0f} % de los eventos de todos los pares"
)
ENDED = Phrase(
    "; {ended} of before have none",
    "; {ended:de los anteriores ya no tiene|de los anteriores ya no tienen} ninguno",
)
OF_ALL = Phrase(
    "{areas:area|areas} x {periods:period|periods}, {events:event|events}, {grouped:,} of them "
    "with an armed group: {identified:appearance|appearances} of identified groups, {hidden:,} of "
    "unidentified ones",
    "{areas:área|áreas} x {periods:periodo|periodos}, {events:evento|eventos}, {grouped:,} de "
    "ellos con algún grupo armado: {identified:aparición|apariciones} de grupos identificados, "
    "{hidden:,} de no identificados",
)
