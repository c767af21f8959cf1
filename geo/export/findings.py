"""Write what a study found: ``findings.json`` for machines, a page of plain text for people."""

from __future__ import annotations

import json
import textwrap
from typing import Any

from geo.export.folder import MADE_BY
from geo.export.plain import plain
from geo.study.findings.words import part_named
from geo.study.methods import methods_text
from geo.study.phrases.findings import NOT_DONE
from geo.study.reasons import reason_in
from geo.study.results import Results
from geo.study.settings import Language
from geo.study.titles import MADE_UP

FILES: dict[Language, str] = {"en": "findings.txt", "es": "hallazgos.txt"}
"""Name of the page in each language."""

_WIDTH = 100
_KEPT = "\u00a0"
_HEADS = {
    "en": {
        "data": "Data",
        "change": "How much it changed",
        "parts": "What the change is made of",
        "targeting": "Civilian targeting",
        "time": "When",
        "place": "Where",
        "elsewhere": "Compared with other areas",
        "actors": "Groups",
        "weeks": "The latest weeks",
        "sensitivity": "What to know first: does it hold when asked otherwise?",
        "warnings": "Warnings",
        "not_done": "Not done",
        "methods": "Methods",
        "credits": "Credits",
    },
    "es": {
        "data": "Datos",
        "change": "Cuánto cambió",
        "parts": "De qué se compone el cambio",
        "targeting": "Ataques dirigidos a civiles",
        "time": "Cuándo",
        "place": "Dónde",
        "elsewhere": "Frente a otras áreas",
        "actors": "Grupos",
        "weeks": "Las últimas semanas",
        "sensitivity": "Lo primero: ¿se sostiene si se pregunta de otro modo?",
        "warnings": "Advertencias (en inglés)",
        "not_done": "Lo que no se hizo",
        "methods": "Métodos",
        "credits": "Créditos",
    },
}


def findings_json(results: Results) -> str:
    """Return the findings of a study as the text of a JSON file.

    Every finding has its number with limits, method, n, filter and a sentence in English and in
    Spanish; what flips stands first. Missing and infinite numbers are null.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned, with two windows.
    """
    study = results.settings
    whole: dict[str, Any] = {
        "made_by": MADE_BY,
        "made_up": results.made_up,
        "title": dict(results.title),
        "base": study.base,
        "comparison": study.comparison,
        "focus": results.focus,
        "event_date": study.event_date,
        "transition_from": study.transition_from,
        "claim": study.claim,
        "seed": study.seed,
        "findings": [one.public() for one in results.findings],
        "not_done": [{"part": part, "why": why} for part, why in results.not_done.items()],
        "warnings": list(results.warnings),
        "methods": {language: methods_text(results, language) for language in FILES},
        "credits": {language: results.credit_lines(language) for language in FILES},
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def findings_text(results: Results, language: Language) -> str:
    """Return the findings of a study as a page of plain text.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned, with two windows.
    language
        English or Spanish.
    """
    heads = _HEADS[language]
    lines = [results.title[language], "=" * min(len(results.title[language]), _WIDTH), ""]
    if results.made_up:
        lines += [MADE_UP[language], ""]
    reasons = {part: reason_in(language, why) for part, why in results.not_done.items()}
    subject = ""
    for one in results.findings:
        if one.subject != subject:
            subject = one.subject
            lines += [*([""] if lines[-1] else []), heads[subject], "-" * len(heads[subject])]
        lines.append(_item(one.sentence[language]))
    if reasons:
        lines += ["", heads["not_done"], "-" * len(heads["not_done"])]
        lines += [
            _item(NOT_DONE.say(language, part=part_named(part, language), why=reason))
            for part, reason in reasons.items()
        ]
    if results.warnings:
        lines += ["", heads["warnings"], "-" * len(heads["warnings"])]
        lines += [_item(sentence) for sentence in results.warnings]
    lines += ["", heads["methods"], "-" * len(heads["methods"])]
    lines.append(_wrapped(methods_text(results, language), "", ""))
    lines += ["", heads["credits"], "-" * len(heads["credits"])]
    lines += [_item(line) for line in results.credit_lines(language)]
    return plain("\n".join(lines)) + "\n"


def _item(sentence: str) -> str:
    return _wrapped(" ".join(sentence.split()), "- ", "  ")


def _wrapped(text: str, first: str, later: str) -> str:
    # A number and its percent sign stay on one line.
    lines = textwrap.fill(
        text.replace(" %", _KEPT + "%"),
        width=_WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.replace(_KEPT, " ")
