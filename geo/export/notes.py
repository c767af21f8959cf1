"""What to know before reading the tables of a study: source, period, method, credits."""

from __future__ import annotations

from geo.attribution import called
from geo.export.plain import plain
from geo.sources.boundaries import EDITION
from geo.study.days import used_days
from geo.study.findings.words import part_named
from geo.study.methods import methods_text
from geo.study.reasons import reason_in
from geo.study.results import Results
from geo.study.settings import Language
from geo.study.titles import MADE_UP

_HEADS = {
    "en": {
        "title": "Study",
        "source": "Source",
        "days": "Days covered",
        "period": "Period",
        "windows": "Compared",
        "areas": "Areas",
        "account": "Records",
        "reading": "How to read",
        "not_done": "Not done",
        "warnings": "Warning",
        "methods": "Methods",
        "credits": "Credit",
        "found": "Result",
    },
    "es": {
        "title": "Estudio",
        "source": "Fuente",
        "days": "Días cubiertos",
        "period": "Periodo",
        "windows": "Se compara",
        "areas": "Áreas",
        "account": "Registros (en inglés)",
        "reading": "Cómo leerlo",
        "not_done": "No se hizo",
        "warnings": "Advertencia (en inglés)",
        "methods": "Métodos",
        "credits": "Crédito",
        "found": "Resultado",
    },
}
_READING = {
    "en": (
        "An empty cell is not known, never zero. 'inf' is a limit or a ratio without end. Codes of "
        "areas are text and keep their zeros. Rates come with the limits of their 95 % interval; "
        "where 'reliable' is false, the numbers are too small to rank."
    ),
    "es": (
        "Una celda vacía es un dato desconocido, nunca un cero. 'inf' es un límite o una razón sin "
        "fin. Los códigos de las áreas son texto y conservan sus ceros. Las tasas llevan los "
        "límites de su intervalo del 95 %; donde 'reliable' es falso, las cifras son demasiado "
        "pequeñas para ordenarlas."
    ),
}
_PERIODS = {
    "en": {},
    "es": {
        "year": "año",
        "quarter": "trimestre",
        "month": "mes",
        "week": "semana",
        "acled-week": "semana de ACLED",
    },
}


def notes_of(results: Results, language: Language) -> list[tuple[str, str]]:
    """Return what to know first: a subject and a text each, in one language.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned.
    language
        English or Spanish; warnings and the account are in English.
    """
    heads, study, facts = _HEADS[language], results.settings, results.facts
    accessed = {"en": "accessed", "es": "consultado"}[language]
    unknown = {"en": "date not stated", "es": "fecha no indicada"}[language]
    rows = [(heads["title"], results.title[language])]
    if results.made_up:
        rows.append(("!", MADE_UP[language]))
    rows += [
        (
            heads["source"],
            f"{called(facts.source, language)}; {accessed}: {study.accessed or unknown}",
        ),
        (heads["days"], " / ".join(used_days(facts, study.filters))),
        (heads["period"], _PERIODS[language].get(study.period, study.period)),
    ]
    if study.windows:
        rows.append((heads["windows"], " / ".join(window.label for window in study.windows)))
    rows += [
        (heads["areas"], EDITION),
        (heads["account"], results.ledger.summary()),
        (heads["reading"], _READING[language]),
        (heads["methods"], methods_text(results, language)),
    ]
    rows += [(heads["found"], one.sentence[language]) for one in results.findings]
    rows += [(heads["warnings"], sentence) for sentence in results.warnings]
    rows += [
        (heads["not_done"], f"{part_named(part, language)}: {reason_in(language, why)}")
        for part, why in results.not_done.items()
    ]
    rows += [(heads["credits"], line) for line in results.credit_lines(language)]
    return [(subject, plain(text)) for subject, text in rows]
