"""Findings of what a change is made of, and of what grew more than the rest."""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.categories import ACTOR_CLASSES
from geo.study.change_words import split_sentence, targeting_sentence
from geo.study.findings.context import Context, number, percent, times
from geo.study.findings.finding import Finding, both
from geo.study.gathering import Parts
from geo.study.labels import label
from geo.study.phrases import findings as phrases
from geo.study.settings import Language
from geo.study.verdicts import largest_verdict, targeting_verdict

_AGAINST_REST = (*ACTOR_CLASSES[1:3], ACTOR_CLASSES[0])
"""The classes of actors whose share a study always asks about."""


def part_findings(context: Context, parts: Parts) -> list[Finding]:
    """Return a finding for each split of the change, and for each class of actors on its own.

    Parameters
    ----------
    context
        The study.
    parts
        What was found of the area in focus.
    """
    found = [
        _split(context, by, table)
        for by, table in parts.explained.items()
        if by != "civilian_targeting"
    ]
    if (classes := parts.explained.get("actor_class")) is not None:
        rows = classes.set_index("category", drop=False)
        found += [_rest(context, rows.loc[name], classes) for name in _AGAINST_REST
                  if name in rows.index]  # fmt: skip
    if (targeting := parts.explained.get("civilian_targeting")) is not None:
        found.append(_targeting(context, targeting))
    return found


def _split(context: Context, by: str, table: pd.DataFrame) -> Finding:
    largest = largest_verdict(table, by)
    return Finding(
        finding=f"parts by {by}",
        subject="parts",
        cvegeo=context.focus,
        estimate=largest.value,
        low=largest.low,
        high=largest.high,
        unit="of the base rate (1 is +100 %)",
        verdict=largest.verdict,
        method=(
            "contributions that add up to the relative change; limits by drawing 4-week blocks; "
            "the largest is given"
        ),
        n=_total(table),
        filter=context.filter,
        table=f"explained_{by}",
        sentence=both(lambda language: split_sentence(table, by, language=language)),
    )


def _targeting(context: Context, table: pd.DataFrame) -> Finding:
    verdict = targeting_verdict(table)
    return Finding(
        finding="civilian targeting",
        subject="targeting",
        cvegeo=context.focus,
        estimate=verdict.value,
        low=verdict.low,
        high=verdict.high,
        unit="times as much as the rest",
        verdict=verdict.verdict,
        method=f"ratio of ratios against the rest; {_how(table)}; Fisher's test beside it",
        n=verdict.events,
        filter=context.filter,
        table="explained_civilian_targeting",
        sentence=both(lambda language: targeting_sentence(table, language=language)),
    )


def _rest(context: Context, row: pd.Series, table: pd.DataFrame) -> Finding:
    monthly = not math.isnan(row["ror_quasi_low"])
    low, high = (
        float(row[f"ror_quasi_{end}" if monthly else f"ror_{end}"]) for end in ("low", "high")
    )
    ratio = float(row["ratio_of_ratios"])
    verdict = (
        phrases.REST_HIGHER if low > 1 else phrases.REST_LOWER if high < 1 else phrases.REST_NOT
    )

    def say(language: Language) -> str:
        return phrases.REST.say(
            language,
            name=context.name(language),
            category=label(row["category"], language),
            before=percent(row["base_share"]),
            after=percent(row["comparison_share"]),
            n0=int(row["base_events"]),
            n1=int(row["comparison_events"]),
            ratio=times(ratio, language),
            low=number(low),
            high=number(high),
            method=(phrases.QUASI if monthly else phrases.EXACT).say(language),
            verdict=verdict.say(language),
        )

    return Finding(
        finding=f"{row['category']} against the rest",
        subject="parts",
        cvegeo=context.focus,
        estimate=ratio,
        low=low,
        high=high,
        unit="times as much as the rest",
        verdict=verdict.say("en"),
        method=f"ratio of ratios against the rest; {_how(table)}",
        n=_total(table),
        filter=context.filter,
        table="explained_actor_class",
        sentence=both(say),
    )


def _how(table: pd.DataFrame) -> str:
    if table["ror_quasi_low"].notna().any():
        return "quasi-Poisson on monthly counts"
    return "exact (Fisher)"


def _total(table: pd.DataFrame) -> int:
    return int(table["base_events"].sum() + table["comparison_events"].sum())
