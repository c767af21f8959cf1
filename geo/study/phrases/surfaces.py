"""What is said of scans and of surfaces."""

from __future__ import annotations

from geo.study.phrases.phrase import Phrase

SCANS = {
    "space": Phrase("over space", "en el espacio"),
    "space-time": Phrase("over space and time", "en el espacio y el tiempo"),
    "prospective": Phrase(
        "of what still goes on in the last period", "de lo que sigue activo en el último periodo"
    ),
}
MODELS = {
    "poisson": Phrase(
        "Poisson model, events expected by people: it also finds what is always high",
        "modelo de Poisson, eventos esperados según la población: también halla lo que siempre es "
        "alto",
    ),
    "permutation": Phrase(
        "permutation model, without a population: what is unusual for the place and the time",
        "modelo de permutación, sin población: lo inusual para el lugar y el momento",
    ),
}
SCAN = Phrase(
    "{first} to {last} ({periods:period|periods}), {areas:area|areas}, {events:event|events}: "
    "{found} (Kulldorff scan {scan}; {model}; {drawn}).{spread}",
    "{first} a {last} ({periods:periodo|periodos}), {areas:área|áreas}, {events:evento|eventos}: "
    "{found} (barrido de Kulldorff {scan}; {model}; {drawn}).{spread}",
)
NOTHING_TO_SCAN = Phrase("nothing to scan", "nada que barrer")
NO_CLUSTER = Phrase(
    "nowhere more events than expected", "en ningún lugar más eventos que los esperados"
)
OF_SHARE = Phrase(
    "with up to {share:g} % of the {whole} in a cluster, {clusters}",
    "con hasta el {share:g} % de {whole} en un conglomerado, {clusters}",
)
WHOLES = {
    "poisson": Phrase("population", "la población"),
    "permutation": Phrase("events", "los eventos"),
}
NONE_CERTAIN = Phrase(
    "none that chance would not bring forth (p up to 0.05); the most likely is {cluster}",
    "ninguno que el azar no produciría (p hasta 0.05); el más probable es {cluster}",
)
CERTAIN = Phrase(
    "{number:,} with a p up to 0.05 of {reported:,} reported: {shown}",
    "{number:,} con p hasta 0.05 de {reported:informado|informados}: {shown}",
)
UNTESTED = Phrase("not tested: {shown}", "sin prueba: {shown}")
CLUSTER = Phrase(
    "{areas:area|areas} around {name}, {first} to {last} ({observed:event|events} for "
    "{expected:,.1f} expected; {risk}; LLR {llr:.1f}{p})",
    "{areas:área|áreas} en torno a {name}, {first} a {last} ({observed:evento|eventos} por "
    "{expected:,.1f} esperados; {risk}; LLR {llr:.1f}{p})",
)
RISK = Phrase("{risk:.1f} times as elsewhere", "{risk:.1f} veces lo que en otras partes")
ALL_INSIDE = Phrase("none elsewhere", "ninguno en otras partes")
P = Phrase("; p = {p}", "; p = {p}")
P_DISPERSED = Phrase("; p = {p}, {dispersed} as dispersed", "; p = {p}, {dispersed} con dispersión")
DRAWN = Phrase(
    "p from {replicates:,} replicates, seed {seed}",
    "p de {replicates:réplica|réplicas}, semilla {seed}",
)
NOT_DRAWN = Phrase("no p-value", "sin valor p")
SPREAD = Phrase(
    " Counts of areas x periods vary {dispersion:.1f} times as much as independent events: go by "
    "the p as dispersed",
    " Los conteos de áreas x periodos varían {dispersion:.1f} veces lo que variarían eventos "
    "independientes: conviene el p con dispersión",
)
INDEPENDENT = Phrase(
    " p takes events as independent; where they come in series it is too small",
    " El p supone eventos independientes; si vienen en serie, es demasiado pequeño",
)

KERNELS = {
    "gaussian": Phrase("Gaussian kernel, bandwidth", "kernel gaussiano, ancho de banda"),
    "quartic": Phrase("quartic kernel, radius", "kernel cuártico, radio"),
    "epanechnikov": Phrase("Epanechnikov kernel, radius", "kernel de Epanechnikov, radio"),
}
WIDTH = Phrase("{kernel} {km:.1f} km {how}{adaptive}", "{kernel} {km:.1f} km {how}{adaptive}")
GIVEN = Phrase("as given", "según lo indicado")
CRITERION = Phrase("after Cronie and van Lieshout", "según Cronie y van Lieshout")
AT_FLOOR = Phrase(
    "(a floor; {km:.1f} km after Cronie and van Lieshout)",
    "(un mínimo; {km:.1f} km según Cronie y van Lieshout)",
)
ADAPTIVE = Phrase(
    ", longer where events are few (Abramson)", ", mayor donde hay pocos eventos (Abramson)"
)
EDGE = Phrase(
    "edge-corrected on land (Jones-Diggle)", "con corrección de borde en tierra (Jones-Diggle)"
)
CELLS = Phrase("cells of {km:g} km", "celdas de {km:g} km")
OUT = Phrase(
    "; {left_out:event|events} left out ({why})", "; {left_out:evento|eventos} fuera ({why})"
)

DENSITY = Phrase(
    "{window}: {events:event|events}, up to {most:.3g} per km² and year near {where} "
    "({method}){out}",
    "{window}: {events:evento|eventos}, hasta {most:.3g} por km² y año cerca de {where} ({method})"
    "{out}",
)
RISKS = Phrase(
    "{window}: {events:event|events} relative to {people:,.0f} people, at most {most:.1f} times "
    "as in the whole area, near {where} ({method}; no test){out}",
    "{window}: {events:evento|eventos} en relación con {people:,.0f} habitantes, a lo más "
    "{most:.1f} veces lo del área entera, cerca de {where} ({method}; sin prueba){out}",
)
CHANGE = Phrase(
    "{base} to {window}: {before:event|events} and {events:,}; from {least:.1f} times as many per "
    "year near {low} to {most:.1f} times near {where} ({method}; no test){out}",
    "{base} a {window}: {before:evento|eventos} y {events:,}; por año, desde {least:.1f} veces "
    "cerca de {low} hasta {most:.1f} veces cerca de {where} ({method}; sin prueba){out}",
)
NOWHERE = Phrase(
    "{window}: {events:event|events}, nowhere enough of them for a ratio ({method}){out}",
    "{window}: {events:evento|eventos}, en ningún lugar bastantes para una razón ({method}){out}",
)
WHY = {
    "exact": Phrase("place known exactly", "lugar exacto"),
    "near": Phrase("place known nearly", "lugar aproximado"),
    "municipality": Phrase("only the municipality known", "solo se conoce el municipio"),
    "state": Phrase("only the state known", "solo se conoce el estado"),
    "fuzzy": Phrase("a loose region", "una región vaga"),
    "country": Phrase("only the country known", "solo se conoce el país"),
    "water": Phrase("at sea or in the air", "en mar o aire"),
    "unknown": Phrase("precision not stated", "precisión no indicada"),
    "outside the study area": Phrase("outside the study area", "fuera del área de estudio"),
    "nearly all of the kernel at sea": Phrase("far out at sea", "mar adentro"),
}
