"""Findings of how large a change is: the ratio, a claim, the time since an event, all areas."""

from __future__ import annotations

import math

import pandas as pd

from geo.study.change_words import ratio_sentence
from geo.study.findings.context import Context, number, p_value, times
from geo.study.findings.finding import Finding, both
from geo.study.gathering import Parts
from geo.study.model_words import model_sentence
from geo.study.phrases import findings as phrases
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language
from geo.study.verdicts import (
    INSIDE,
    NO_BREAK,
    NOT_DEFINED,
    OUTSIDE,
    break_verdict,
    change_verdict,
    claim_verdict,
    reported_interval,
)

LEVEL = 0.05

_SIDES = {
    INSIDE: phrases.INSIDE,
    OUTSIDE: phrases.OUTSIDE,
    NOT_DEFINED: phrases.NEITHER,
}


def change_findings(context: Context, parts: Parts) -> list[Finding]:
    """Return the findings of the change of the area in focus, and of all areas of its level.

    Parameters
    ----------
    context
        The study.
    parts
        What was found of the area in focus.
    """
    change = parts.change
    if change is None:
        return []
    found = []
    if context.focus is not None:
        row = change.set_index("cvegeo").loc[context.focus]
        ranked = int(change["rank"].notna().sum())
        found.append(_ratio(context, row, ranked))
        if not math.isnan(row["rate_difference"]):
            found.append(_difference(context, row))
        if "claim" in row.index:
            found.append(_claim(context, row))
        if "aligned_ratio" in row.index:
            found.append(_aligned(context, row))
    found.append(_areas(context, change, parts))
    return found


def _ratio(context: Context, row: pd.Series, ranked: int) -> Finding:
    low, high, method = reported_interval(row)
    verdict = change_verdict(row)

    def say(language: Language) -> str:
        return ratio_sentence(
            row.drop(["claim"], errors="ignore"),
            context.name(language),
            base=context.base.label,
            comparison=context.comparison.label,
            ranked=ranked,
            language=language,
        )

    return Finding(
        finding="change",
        subject="change",
        cvegeo=context.focus,
        estimate=float(row["rate_ratio"]),
        low=low,
        high=high,
        unit="times",
        verdict=verdict.verdict,
        method=f"ratio of rates; {method}; exact interval beside it in the table",
        n=verdict.events,
        filter=context.filter,
        table=_table(context),
        sentence=both(say),
    )


def _difference(context: Context, row: pd.Series) -> Finding:
    name = "difference" if math.isnan(row["difference_quasi_low"]) else "difference_quasi"
    method = context.found.settings.method

    def say(language: Language) -> str:
        return f"{context.name(language)}: {model_sentence(row, method=method, language=language)}"

    return Finding(
        finding="difference",
        subject="change",
        cvegeo=context.focus,
        estimate=float(row["rate_difference"]),
        low=float(row[f"{name}_low"]),
        high=float(row[f"{name}_high"]),
        unit="events per 100,000 person-years",
        method=(
            "difference of rates; exact limits combined (MOVER)"
            + ("" if name == "difference" else ", as dispersed as the months")
        ),
        n=int(row["base_events"]) + int(row["comparison_events"]),
        filter=context.filter,
        table=_table(context),
        sentence=both(say),
    )


def _claim(context: Context, row: pd.Series) -> Finding:
    low, high, method = reported_interval(row)
    verdict = claim_verdict(row)
    is_monthly = not math.isnan(row["quasi_low"])
    p = float(row["claim_quasi_p" if is_monthly else "claim_p"])

    def say(language: Language) -> str:
        return phrases.CLAIM.say(
            language,
            claim=row["claim"],
            ratio=times(float(row["rate_ratio"]), language),
            low=number(low),
            high=number(high),
            method=_method(language, monthly=is_monthly),
            verdict=_SIDES[verdict.verdict].say(language),
            p=p_value(p),
        )

    return Finding(
        finding="claim",
        subject="change",
        cvegeo=context.focus,
        estimate=float(row["rate_ratio"]),
        low=low,
        high=high,
        unit="times",
        verdict=verdict.verdict,
        method=f"stated ratio {row['claim']:g} against the interval; {method}",
        n=verdict.events,
        filter=context.filter,
        table=_table(context),
        sentence=both(say),
    )


def _aligned(context: Context, row: pd.Series) -> Finding:
    ratio, low, high = (float(row[f"aligned_{part}"]) for part in ("ratio", "low", "high"))

    def say(language: Language) -> str:
        return phrases.ALIGNED.say(
            language,
            name=context.name(language),
            date=context.found.settings.event_date,
            events=int(row["aligned_events"]),
            ratio=times(ratio, language),
            base=context.base.label,
            low=number(low),
            high=number(high),
            comparison=context.comparison.label,
            whole=number(float(row["rate_ratio"])),
        )

    return Finding(
        finding="change since the event",
        subject="change",
        cvegeo=context.focus,
        estimate=ratio,
        low=low,
        high=high,
        unit="times",
        method="ratio of rates from the day of the event on; exact conditional",
        n=int(row["aligned_events"]) + int(row["base_events"]),
        filter=context.filter,
        table=_table(context),
        sentence=both(say),
    )


def _areas(context: Context, change: pd.DataFrame, parts: Parts) -> Finding:
    monthly = bool(change["quasi_q"].notna().any())
    q = change["quasi_q"] if monthly else change["q_value"]
    changed, exact = int((q <= LEVEL).sum()), int((change["q_value"] <= LEVEL).sum())
    burst = False
    if parts.timing is not None:
        timed = break_verdict(parts.timing.breaks, parts.timing.series, context.comparison)
        burst = timed.verdict != NO_BREAK

    def say(language: Language) -> str:
        said = phrases.AREAS.say(
            language,
            changed=changed,
            tested=int(q.notna().sum()),
            areas=(phrases.STATES if _is_of_states(context) else phrases.MUNICIPALITIES).say(
                language
            ),
            method=_method(language, monthly=monthly),
        )
        if monthly:
            said += "; " + phrases.AREAS_EXACT.say(language, exact=exact)
            said += "; " + phrases.BURST.say(language) if burst else ""
        return said

    return Finding(
        finding="changed areas",
        subject="change",
        estimate=float(changed),
        unit="areas",
        method=(
            f"q up to {LEVEL}, Benjamini-Hochberg over {int(q.notna().sum())} areas; "
            + ("quasi-Poisson on monthly counts" if monthly else "exact conditional")
        ),
        n=int(change["base_events"].sum() + change["comparison_events"].sum()),
        filter=context.filter,
        table=_table(context),
        sentence=both(say),
    )


def _areas_word(context: Context) -> Phrase:
    return phrases.STATES if _is_of_states(context) else phrases.MUNICIPALITIES


def _is_of_states(context: Context) -> bool:
    return context.focus is None or len(context.focus) == 2


def _table(context: Context) -> str:
    return "change_state" if _is_of_states(context) else "change_municipality"


def _method(language: Language, *, monthly: bool) -> str:
    return (phrases.QUASI if monthly else phrases.EXACT).say(language)
