"""The verdicts of a study: what may be said of its numbers, in words that can be compared.

A verdict is made here alone, so that the study, its variants and every sentence agree.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from geo import periods
from geo.periods import Window
from geo.steps.elsewhere import verdict_of
from geo.study.gathering import Parts

HIGHER, LOWER, NOT_SHOWN = "higher", "lower", "not told apart from no change"
INSIDE, OUTSIDE = "inside", "outside"
DISPROPORTIONATE = "disproportionate"
LESS_THAN_REST = "grew less than the rest"
NOT_DISPROPORTIONATE = "not shown to be disproportionate"
NO_BREAK = "no break"
NOT_DEFINED = "not defined"

CHANGE, CLAIM, TARGETING, BREAK, ELSEWHERE = (
    "change",
    "claim",
    "civilian targeting",
    "break",
    "elsewhere",
)
LARGEST = {"event_type": "largest part by event type", "actor_class": "largest part by actors"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One question, its answer in words and the number behind it.

    Attributes
    ----------
    question
        What is asked.
    verdict
        The answer.
    value, low, high
        The number behind it and its limits; NaN where there is none.
    events
        Events of both windows that it rests on.
    placebo_p
        Share of placebos as far from 1, where the verdict rests on them.
    """

    question: str
    verdict: str
    value: float
    low: float
    high: float
    events: int
    placebo_p: float = math.nan


def verdicts_of(parts: Parts, focus: str, windows: tuple[Window, Window]) -> list[Verdict]:
    """Return the verdicts on the area in focus; a part that is missing has none.

    Parameters
    ----------
    parts
        What was found of it.
    focus
        Its code.
    windows
        Base and comparison.
    """
    found: list[Verdict] = []
    if parts.change is not None:
        row = parts.change.set_index("cvegeo").loc[focus]
        found.append(change_verdict(row))
        if "claim" in row.index:
            found.append(claim_verdict(row))
    if (targeting := parts.explained.get("civilian_targeting")) is not None:
        found.append(targeting_verdict(targeting))
    for by, question in LARGEST.items():
        if (table := parts.explained.get(by)) is not None:
            found.append(largest_verdict(table, question))
    if parts.timing is not None:
        found.append(break_verdict(parts.timing.breaks, parts.timing.series, windows[1]))
    if parts.elsewhere is not None:
        found.append(_elsewhere(parts.elsewhere.table.iloc[0]))
    return found


def reported_interval(row: pd.Series) -> tuple[float, float, str]:
    """Return the interval of a ratio that is reported first, and its method.

    Examples
    --------
    >>> row = pd.Series({"ratio_low": 2.1, "ratio_high": 2.9, "quasi_low": 1.2, "quasi_high": 5.2})
    >>> reported_interval(row)
    (1.2, 5.2, 'quasi-Poisson on monthly counts')
    """
    if math.isnan(row["quasi_low"]):
        return float(row["ratio_low"]), float(row["ratio_high"]), "exact conditional"
    return float(row["quasi_low"]), float(row["quasi_high"]), "quasi-Poisson on monthly counts"


def change_verdict(row: pd.Series) -> Verdict:
    """Say whether a rate changed, by the interval that is reported first.

    Examples
    --------
    >>> row = pd.Series({"base_events": 10, "comparison_events": 25, "rate_ratio": 2.5,
    ...     "ratio_low": 1.16, "ratio_high": 5.83, "quasi_low": 0.9, "quasi_high": 6.9})
    >>> change_verdict(row).verdict
    'not told apart from no change'
    """
    low, high, _ = reported_interval(row)
    return Verdict(
        question=CHANGE,
        verdict=_side(low, high, HIGHER, LOWER, NOT_SHOWN),
        value=float(row["rate_ratio"]),
        low=low,
        high=high,
        events=_events(row),
    )


def claim_verdict(row: pd.Series) -> Verdict:
    """Say whether a stated ratio lies inside the interval that is reported first."""
    low, high, _ = reported_interval(row)
    words = NOT_DEFINED if math.isnan(low) else INSIDE if low <= row["claim"] <= high else OUTSIDE
    return Verdict(
        question=CLAIM,
        verdict=words,
        value=float(row["claim"]),
        low=low,
        high=high,
        events=_events(row),
    )


def targeting_verdict(table: pd.DataFrame) -> Verdict:
    """Say whether civilian targeting grew more than the rest, from a split by it."""
    rows = table[table["category"] == "targeted"]
    if rows.empty:
        return _nothing(TARGETING)
    row = rows.iloc[0]
    monthly = not math.isnan(row["ror_quasi_low"])
    low, high = (
        (row["ror_quasi_low"], row["ror_quasi_high"])
        if monthly
        else (row["ror_low"], row["ror_high"])
    )
    return Verdict(
        question=TARGETING,
        verdict=_side(low, high, DISPROPORTIONATE, LESS_THAN_REST, NOT_DISPROPORTIONATE),
        value=float(row["ratio_of_ratios"]),
        low=float(low),
        high=float(high),
        events=_total(table),
    )


def largest_verdict(table: pd.DataFrame, question: str) -> Verdict:
    """Name the category that adds most to a change, whichever way it goes."""
    parts = table.dropna(subset=["contribution"])
    if parts.empty:
        return _nothing(question)
    change = float(parts["contribution"].sum())
    sign = -1.0 if change < 0 else 1.0
    row = parts.loc[(sign * parts["contribution"]).idxmax()]
    return Verdict(
        question=question,
        verdict=str(row["category"]),
        value=float(row["contribution"]),
        low=float(row["contribution_low"]),
        high=float(row["contribution_high"]),
        events=_total(table),
    )


def break_verdict(breaks: pd.DataFrame, series: pd.DataFrame, within: Window) -> Verdict:
    """Name the period of the largest break that lies in a window."""
    starts = [periods.bounds(label)[0] for label in breaks["period"]]
    inside = breaks[[within.start <= start < within.end for start in starts]]
    total = int(series["events"].sum())
    if inside.empty:
        nothing = math.nan
        return Verdict(
            question=BREAK, verdict=NO_BREAK, value=nothing, low=nothing, high=nothing, events=total
        )
    size = inside["rate_ratio"].map(lambda ratio: abs(math.log(ratio)) if ratio > 0 else math.inf)
    row = inside.loc[size.idxmax()]
    return Verdict(
        question=BREAK,
        verdict=str(row["period"]),
        value=float(row["rate_ratio"]),
        low=math.nan,
        high=math.nan,
        events=total,
    )


def differs(one: Verdict, other: Verdict) -> bool:
    """Return whether two verdicts on a question differ; breaks a month apart do not."""
    if one.verdict == other.verdict:
        return False
    if one.question != BREAK or NO_BREAK in (one.verdict, other.verdict):
        return True
    first, second = (periods.bounds(each.verdict)[0] for each in (one, other))
    months = 12 * (first.year - second.year) + first.month - second.month
    return bool(abs(months) > 1)


def _elsewhere(row: pd.Series) -> Verdict:
    return Verdict(
        question=ELSEWHERE,
        verdict=NOT_DEFINED if math.isnan(row["ratio"]) else verdict_of(row),
        value=float(row["ratio"]),
        low=float(row["ratio_low"]),
        high=float(row["ratio_high"]),
        events=_events(row),
        placebo_p=float(row["p_in_space"]),
    )


def _side(low: float, high: float, above: str, below: str, neither: str) -> str:
    if math.isnan(low):
        return NOT_DEFINED
    return above if low > 1 else below if high < 1 else neither


def _events(row: pd.Series) -> int:
    return int(row["base_events"]) + int(row["comparison_events"])


def _total(table: pd.DataFrame) -> int:
    return int(table["base_events"].sum()) + int(table["comparison_events"].sum())


def _nothing(question: str) -> Verdict:
    return Verdict(
        question=question,
        verdict=NOT_DEFINED,
        value=math.nan,
        low=math.nan,
        high=math.nan,
        events=0,
    )
