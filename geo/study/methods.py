"""The paragraph on methods, written from the run: what was counted, how, with which seed."""

from __future__ import annotations

from geo import __version__
from geo.sources import boundaries
from geo.stats.bootstrap import REPLICATES
from geo.study.change_words import counted_words
from geo.study.results import Results
from geo.study.settings import Language

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "data": (
            "Events: {source}, {first} to {through}, downloaded {accessed}; {summary}. Counted: "
            "{counted}."
        ),
        "no_day": "on a day that is not stated",
        "place": (
            "Each event counts for one area of the boundaries of {edition} at full resolution: on "
            "a border for the lower code, up to {tolerance:,.0f} m outside for the nearest area; "
            "events known only to their state count for no municipality. Where the point and the "
            "source name different states, the {conflicts} counts."
        ),
        "rates": (
            "Rates are events per 100,000 person-years (mid-year population x length of the "
            "period, actual/actual; population: {population}) with exact Poisson intervals (Garwood"
            "); smoothed rates are empirical Bayes (Marshall)."
        ),
        "change": (
            "Change: ratio of the rates of {comparison} and {base}; the first interval is "
            "quasi-Poisson on monthly counts with t limits where both windows have 12 months, the "
            "second exact conditional (doubled tail), for independent events. q-values after "
            "Benjamini-Hochberg. Contributions add up to the change; their limits come from "
            "{draws:,} draws of 4-week blocks. What grew more than the rest is a ratio of ratios "
            "with a quasi-Poisson interval by month and Fisher's exact test. Breaks: optimal "
            "partitioning with Poisson cost scaled to the variation between months. Other areas: "
            "difference in differences as a ratio, with placebo ranks."
        ),
        "place_tests": (
            "Hotspots: Gi* of smoothed municipal rates over shared borders; p two-sided from "
            "{permutations:,} conditional permutations among areas of like population, "
            "Benjamini-Hochberg over each map. Five variants of every question are in the table of "
            "sensitivity."
        ),
        "end": (
            "Seed of everything random {seed}; geo {version}. Intervals hold chance alone, not "
            "missing reports. Nothing here says what caused what."
        ),
        "shipped": "shipped, INEGI's census of 2020 and CONAPO",
        "given": "{name}, as given",
        "point": "point",
        "admin1": "state that the source names",
    },
    "es": {
        "data": (
            "Eventos: {source}, {first} a {through}, descargados {accessed}; {physical:,} "
            "registros: {used:,} usados, {filtered:,} filtrados, {quarantined:,} en cuarentena. Se "
            "contaron: {counted}."
        ),
        "no_day": "en fecha no indicada",
        "place": (
            "Cada evento cuenta para una sola área de los límites de {edition} a "
            "resolución completa: en un límite, para la clave menor; hasta {tolerance:,.0f} m "
            "fuera, para el área más cercana; los eventos de los que solo se conoce el estado no "
            "cuentan para ningún municipio. Donde el punto y la fuente nombran estados distintos, "
            "cuenta {conflicts}."
        ),
        "rates": (
            "Las tasas son eventos por 100,000 personas-año (población a mitad de año x duración "
            "del periodo, días reales; población: {population}) con intervalos exactos de Poisson "
            "(Garwood); las tasas suavizadas son de Bayes empírico (Marshall)."
        ),
        "change": (
            "Cambio: razón de las tasas de {comparison} y {base}; el primer intervalo es "
            "cuasi-Poisson sobre conteos mensuales con límites t donde ambas ventanas tienen 12 "
            "meses, el segundo exacto condicional (cola doblada), para eventos independientes. "
            "Valores q según Benjamini-Hochberg. Las contribuciones suman el cambio; sus límites "
            "vienen de {draws:,} remuestreos de bloques de 4 semanas. Lo que creció más que el "
            "resto se mide con una razón de razones, con intervalo cuasi-Poisson por mes y prueba "
            "exacta de Fisher. Quiebres: partición óptima con costo de Poisson escalado a la "
            "variación entre meses. Otras áreas: diferencia en diferencias como razón, con rangos "
            "de placebo."
        ),
        "place_tests": (
            "Puntos calientes: Gi* de tasas municipales suavizadas con límites compartidos; p de "
            "dos colas de {permutations:,} permutaciones condicionales entre áreas de población "
            "parecida, Benjamini-Hochberg en cada mapa. Cinco variantes de cada pregunta están en "
            "la tabla de sensibilidad."
        ),
        "end": (
            "Semilla de todo lo aleatorio {seed}; geo {version}. Los intervalos contienen solo el "
            "azar, no los reportes que faltan. Nada de esto dice qué causó qué."
        ),
        "shipped": "incluida, censo 2020 del INEGI y CONAPO",
        "given": "{name}, dada por el usuario",
        "point": "el punto",
        "admin1": "el estado que nombra la fuente",
    },
}


def methods_text(results: Results, language: Language = "en") -> str:
    """Return how the numbers of a study were made, as one paragraph.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned.
    language
        English or Spanish.
    """
    study, words = results.settings, _WORDS[language]
    facts, windows = results.facts, results.settings.windows
    population = (
        words["shipped"]
        if study.population is None
        else words["given"].format(name=study.population.name)
    )
    values = {
        "source": facts.source,
        "first": facts.first_day,
        "through": facts.data_through,
        "accessed": study.accessed or words["no_day"],
        "summary": results.ledger.summary(),
        "physical": results.ledger.physical,
        **results.ledger.counts(),
        "counted": counted_words(study.filters, language=language),
        "edition": boundaries.EDITION,
        "tolerance": study.tolerance_m,
        "conflicts": words[study.conflicts],
        "population": population,
        "draws": REPLICATES,
        "permutations": study.permutations,
        "seed": study.seed,
        "version": __version__,
        "base": windows[0].label if windows else "",
        "comparison": windows[1].label if windows else "",
    }
    parts = ["data", "place", "rates"]
    parts += ["change", "place_tests"] if windows else []
    return " ".join(words[part].format(**values) for part in [*parts, "end"])
