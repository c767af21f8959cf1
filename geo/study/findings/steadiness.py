"""Findings of what flips when a question is asked otherwise; they are told first."""

from __future__ import annotations

import math

import pandas as pd

from geo.study.findings.context import Context, number
from geo.study.findings.finding import Finding, both
from geo.study.findings.words import worded
from geo.study.labels import label
from geo.study.phrases import findings as phrases
from geo.study.sensitivity import HOTSPOTS, Sensitivity
from geo.study.settings import Language


def flips(context: Context, found: Sensitivity) -> list[Finding]:
    """Return a finding for each verdict that flips, or one that says that none does.

    Parameters
    ----------
    context
        The study.
    found
        Its verdicts in each variant.
    """
    table = found.table
    if table.empty:
        return []
    asked = table["flips"].notna()
    flipped = table[table["flips"].fillna(value=False).astype(bool)]
    if flipped.empty:
        return [_steady(context, table, int((~asked).sum()))]
    return [_flip(context, row) for _, row in flipped.iterrows()]


def _flip(context: Context, row: pd.Series) -> Finding:
    is_place = row["question"] == HOTSPOTS

    def say(language: Language) -> str:
        variant = worded(row["variant"], language)
        if is_place:
            return phrases.FLIP_HOTSPOTS.say(
                language, variant=variant, number=int(row["value"]), names=row["note"]
            )
        limits = (
            ""
            if math.isnan(row["low"])
            else f"; {number(float(row['low']))}-{number(float(row['high']))}"
        )
        value = (
            ""
            if math.isnan(row["value"])
            else phrases.FLIP_NUMBER.say(language, value=number(float(row["value"])), limits=limits)
        )
        return phrases.FLIP.say(
            language,
            question=worded(row["question"], language),
            variant=variant,
            main=_verdict(row["main_verdict"], language),
            verdict=_verdict(row["verdict"], language),
            number=value,
            note=row["note" if language == "en" else "note_es"],
        )

    return Finding(
        finding=f"flip: {row['question']}, {row['variant']}",
        subject="sensitivity",
        cvegeo=None if is_place else context.focus,
        estimate=float(row["value"]),
        low=float(row["low"]),
        high=float(row["high"]),
        unit="areas called otherwise" if is_place else "as in the study",
        verdict=row["verdict"],
        method=f"the same question, {row['variant']}",
        n=0 if pd.isna(row["events"]) else int(row["events"]),
        filter=context.filter,
        table="sensitivity",
        sentence=both(say),
    )


def _verdict(verdict: str, language: Language) -> str:
    said = worded(verdict, language)
    return said if said != verdict else label(verdict, language)


def _steady(context: Context, table: pd.DataFrame, undone: int) -> Finding:
    variants = list(dict.fromkeys(table["variant"]))

    def say(language: Language) -> str:
        return phrases.STEADY.say(
            language,
            questions=table["question"].nunique(),
            variants=", ".join(worded(one, language) for one in variants),
            undone=undone,
        )

    return Finding(
        finding="no flip",
        subject="sensitivity",
        cvegeo=context.focus,
        estimate=0.0,
        unit="verdicts that flip",
        verdict="steady",
        method="every question asked in each variant",
        n=int(table["events"].max()) if table["events"].notna().any() else 0,
        filter=context.filter,
        table="sensitivity",
        sentence=both(say),
    )
