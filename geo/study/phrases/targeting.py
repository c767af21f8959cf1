"""What is said of the share of events that target civilians, and of armed groups that emerge."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

NO_PERIOD = Phrase(
    "{name}: no complete period to speak of", "{name}: ningún periodo completo del que hablar"
)
SHARES = Phrase(
    "{name}: events that target civilians, of those of which it is stated: {said}",
    "{name}: eventos dirigidos contra civiles, de aquellos en que se indica: {said}",
)
SHARE = Phrase(
    "in {period} {targeted:,} of {stated:,}, {share:.1f} % ({limits}{hidden})",
    "en {period}, {targeted:,} de {stated:,}, {share:.1f} % ({limits}{hidden})",
)
NO_SHARE = Phrase(
    "in {period} none states it (n = {events:,})",
    "en {period}, en ninguno se indica (n = {events:,})",
)
SPREAD = Phrase(
    "95 % interval {low:.1f}-{high:.1f} by how months differ, dispersion {dispersion}; "
    "{exact_low:.1f}-{exact_high:.1f} exact",
    "intervalo de 95 % {low:.1f}-{high:.1f} según difieren los meses, dispersión {dispersion}; "
    "{exact_low:.1f}-{exact_high:.1f} exacto",
)
EXACT = Phrase(
    "95 % interval {exact_low:.1f}-{exact_high:.1f}, exact, for independent events",
    "intervalo de 95 % {exact_low:.1f}-{exact_high:.1f}, exacto, para eventos independientes",
)
HIDDEN = Phrase("; {number:,} not stated", "; {number:,} sin indicar")

NOTHING = Phrase(
    "{name}: no share of civilian targeting in {base} or {comparison}",
    "{name}: sin proporción de ataques contra civiles en {base} o en {comparison}",
)
CHANGE = Phrase(
    "{name}: {base_targeted:,} of {base_stated:event|events} ({base_share:.1f} %) targeted "
    "civilians in {base}, {targeted:,} of {stated:,} ({share:.1f} %) in {comparison}: "
    "{points:+.1f} points ({limits}){hidden}; {test}",
    "{name}: {base_targeted:,} de {base_stated:evento|eventos} ({base_share:.1f} %) contra civiles "
    "en {base}, {targeted:,} de {stated:,} ({share:.1f} %) en {comparison}: {points:+.1f} puntos "
    "({limits}){hidden}; {test}",
)
POINTS_SPREAD = Phrase(
    "95 % interval {low:+.1f} to {high:+.1f} by how months differ, {exact_low:+.1f} to "
    "{exact_high:+.1f} exact",
    "intervalo de 95 % de {low:+.1f} a {high:+.1f} según difieren los meses, de {exact_low:+.1f} a "
    "{exact_high:+.1f} exacto",
)
POINTS_EXACT = Phrase(
    "95 % interval {exact_low:+.1f} to {exact_high:+.1f}, from exact limits",
    "intervalo de 95 % de {exact_low:+.1f} a {exact_high:+.1f}, a partir de límites exactos",
)
UNTESTED = Phrase("nothing to test", "nada que poner a prueba")
TEST = Phrase(
    "{verdict}: its growth is {ratio:.2f} times that of the other events (95 % interval "
    "{low:.2f}-{high}, {method}, p = {p}; q = {q} over {areas:area|areas})",
    "{verdict}: su crecimiento es {ratio:.2f} veces el de los demás eventos (intervalo de 95 % "
    "{low:.2f}-{high}, {method}, p = {p}; valor q = {q} sobre {areas:área|áreas})",
)
TEST_NO_RATIO = Phrase(
    "{verdict}: no ratio of its growth to that of the other events, for want of events in a "
    "window (95 % interval {low:.2f}-{high}, {method}, p = {p}; q = {q} over {areas:area|areas})",
    "{verdict}: sin razón entre su crecimiento y el de los demás eventos, por falta de eventos en "
    "una ventana (intervalo de 95 % {low:.2f}-{high}, {method}, p = {p}; valor q = {q} sobre "
    "{areas:área|áreas})",
)
BY_MONTHS = Phrase("quasi-Poisson by months", "cuasi-Poisson por meses")
BY_FISHER = Phrase("exact (Fisher)", "exacto (Fisher)")
NO_LIMIT = Phrase("no limit", "sin límite")
MORE = Phrase("grew more than the rest", "creció más que lo demás")
LESS = Phrase("grew less than the rest", "creció menos que lo demás")
NOT_APART = Phrase("not told apart from the rest", "no se distingue de lo demás")
OF_AREAS = Phrase(
    "{tested:area|areas} tested, q up to 0.05 in {found:,}{shown}; {events:event|events}, "
    "{hidden:does not state whether civilians were the target and is|do not state whether "
    "civilians were the target and are} in no share",
    "{tested:área puesta a prueba|áreas puestas a prueba}, valor q hasta 0.05 en {found:,}{shown}; "
    "{events:evento|eventos}, en {hidden:,} no se indica si el blanco fueron civiles y no están en "
    "ninguna proporción",
)

NONE_EMERGING = Phrase(
    "{place}, {period}: no group is new, has returned or grows (at least {least} events; "
    "{groups:,} identified groups)",
    "{place}, {period}: ningún grupo es nuevo, ha vuelto o crece (al menos {least} eventos; "
    "{groups:grupo identificado|grupos identificados})",
)
EMERGING = Phrase(
    "{place}, {period}: {said} (at least {least} events; {groups:,} identified groups, "
    "{earlier:,} earlier periods). New is a name that the source did not give before",
    "{place}, {period}: {said} (al menos {least} eventos; "
    "{groups:grupo identificado|grupos identificados}, "
    "{earlier:periodo anterior|periodos anteriores}). Nuevo es un nombre que la fuente no daba "
    "antes",
)
NO_ACTORS = Phrase(
    "{place}: no identified group in a complete period",
    "{place}: ningún grupo identificado en un periodo completo",
)
FLAGS = {
    "new": Phrase("new {shown}", "nuevos {shown}"),
    "returned": Phrase("returned {shown}", "han vuelto {shown}"),
    "growing": Phrase("growing {shown}", "crecen {shown}"),
}
ACTOR = Phrase(
    "{actor}{area} ({events:event|events}, {share:.0f} % of all)",
    "{actor}{area} ({events:evento|eventos}, {share:.0f} % de todos)",
)
GROWN = Phrase(
    "{actor}{area} ({events:event|events} after {before:,}, {ratio:.2f} times as many a year, 95 "
    "% interval {low:.2f}-{high:.2f}, exact, q = {q})",
    "{actor}{area} ({events:evento|eventos} tras {before:,}, {ratio:.2f} veces por año, "
    "intervalo de 95 % {low:.2f}-{high:.2f}, exacto, valor q = {q})",
)
MORE_ACTORS = Phrase(" and {number:,} more", " y {number:,} más")
