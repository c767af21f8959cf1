"""Findings of when a rate changed: breaks, the event with its pre-trend, the trend."""

from __future__ import annotations

import math

import pandas as pd

from geo.study.findings.context import Context
from geo.study.findings.finding import Finding, both
from geo.study.gathering import Parts
from geo.study.spoken_time import (
    PEOPLE,
    YEARS,
    breaks_sentence,
    interrupted_sentence,
    trend_sentence,
)
from geo.study.timing import Timing
from geo.study.verdicts import break_verdict


def time_findings(context: Context, parts: Parts) -> list[Finding]:
    """Return the findings of the monthly series of the area in focus.

    Parameters
    ----------
    context
        The study.
    parts
        What was found of the area in focus.
    """
    timed, focus = parts.timing, context.focus
    if timed is None or focus is None:
        return []
    trend = timed.trends.set_index("cvegeo", drop=False).loc[focus]
    unit = PEOPLE if timed.has_people else YEARS
    found = [_break(context, timed, trend, unit)]
    if timed.terms is not None:
        found += _event(context, timed.terms)
    found.append(_trend(context, trend, unit))
    return found


def _break(context: Context, timed: Timing, trend: pd.Series, unit: str) -> Finding:
    verdict = break_verdict(timed.breaks, timed.series, context.comparison)
    seed = context.found.settings.seed
    return Finding(
        finding="break",
        subject="time",
        cvegeo=context.focus,
        estimate=verdict.value,
        unit="times the rate before the break",
        verdict=verdict.verdict,
        method=(
            "optimal partitioning of monthly counts, Poisson cost scaled to their variation, "
            "penalty 3 log(months); the largest break inside the comparison window is given"
        ),
        n=verdict.events,
        filter=context.filter,
        table="breaks",
        sentence=both(
            lambda language: breaks_sentence(
                timed.breaks, trend, unit=unit, seed=seed, language=language
            )
        ),
    )


def _event(context: Context, terms: pd.DataFrame) -> list[Finding]:
    rows = terms.set_index("term")
    name = "level" if "level" in rows.index else "pre-trend"
    row = rows.loc[name]
    low, high = float(row["ratio_low"]), float(row["ratio_high"])
    verdict = None if math.isnan(low) else "told apart" if low > 1 or high < 1 else "not told apart"
    return [
        Finding(
            finding="event" if name == "level" else "pre-trend",
            subject="time",
            cvegeo=context.focus,
            estimate=float(row["ratio"]),
            low=low,
            high=high,
            unit=(
                "times what the trend before leads one to expect"
                if name == "level"
                else "times the month before"
            ),
            verdict=verdict,
            method="interrupted series of monthly counts, quasi-Poisson, t limits",
            n=_events_of(context),
            filter=context.filter,
            table="interrupted",
            sentence=both(lambda language: interrupted_sentence(terms, language=language)),
        )
    ]


def _trend(context: Context, row: pd.Series, unit: str) -> Finding:
    return Finding(
        finding="trend",
        subject="time",
        cvegeo=context.focus,
        estimate=float(row["slope"]),
        low=float(row["slope_low"]),
        high=float(row["slope_high"]),
        unit=f"{unit} and year",
        verdict=(
            None
            if math.isnan(row["p_value"])
            else "told apart"
            if row["p_value"] <= 0.05
            else "not told apart"
        ),
        method="Sen slope of monthly rates; Mann-Kendall, months taken as independent",
        n=int(row["events"]),
        filter=context.filter,
        table="trends",
        sentence=both(lambda language: trend_sentence(row, unit=unit, language=language)),
    )


def _events_of(context: Context) -> int:
    located, focus = context.found.located, context.focus
    column = "cve_ent" if focus is not None and len(focus) == 2 else "cvegeo"
    return int((located[column] == focus).fillna(value=False).sum())
