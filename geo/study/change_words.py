"""What tables of change say, as sentences with numbers of events, interval and method.

None says what caused what.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

SHOWN = 5
"""How many categories a sentence names."""

_LEVEL = 0.05


def ratio_sentence(
    row: pd.Series,
    name: str,
    *,
    base: str,
    comparison: str,
    event_date: str | None = None,
    ranked: int | None = None,
) -> str:
    """Return what a row of a ``CHANGE`` table says.

    Parameters
    ----------
    row
        The row, with the columns of a claim and of an event's day where they were asked for.
    name
        Of the area.
    base, comparison
        Labels of the windows.
    event_date
        The day that the event-aligned ratio begins on.
    ranked
        How many areas are in the ranking; without it the rank is not told.

    Examples
    --------
    >>> row = pd.Series({"base_events": 10, "comparison_events": 25, "base_rate": 1.0,
    ...     "comparison_rate": 2.5, "rate_ratio": 2.5, "ratio_low": 1.16, "ratio_high": 5.83,
    ...     "quasi_low": 0.9, "quasi_high": 6.94, "dispersion": 1.9, "claim": 2.0,
    ...     "claim_inside": True, "claim_inside_quasi": True, "claim_p": 0.63,
    ...     "claim_quasi_p": 0.66})
    >>> print(ratio_sentence(row, "Sinaloa", base="2023", comparison="2024"))
    Sinaloa: 10 events in 2023, 25 in 2024; 1.00 and 2.50 per 100,000 person-years: 2.50 times
    (+150 %); 95 % interval 0.90-6.94 (quasi-Poisson, dispersion of monthly counts 1.9) and
    1.16-5.83 (exact, for independent events); the claim of 2 times lies inside both (p against
    it 0.66 and 0.63)
    """
    parts = [
        f"{name}: {int(row['base_events']):,} events in {base}, "
        f"{int(row['comparison_events']):,} in {comparison}"
    ]
    ratio = float(row["rate_ratio"])
    if math.isnan(ratio):
        return f"{parts[0]}; no ratio: no event in either window, or no population"
    rates = f"{row['base_rate']:.2f} and {row['comparison_rate']:.2f} per 100,000 person-years"
    if math.isinf(ratio):
        low = float(row["ratio_low"])
        parts.append(f"{rates}: no event in the base, so no ratio; at least {low:.2f} times (95 %)")
    else:
        parts += [f"{rates}: {ratio:.2f} times ({100 * (ratio - 1):+.0f} %)", _intervals(row)]
    if "claim" in row.index:
        parts.append(_claim(row))
    if event_date is not None:
        parts.append(_aligned(row, base, event_date))
    if ranked is not None:
        parts.append(_rank(row, ranked))
    return "; ".join(parts)


def split_sentence(table: pd.DataFrame, by: str) -> str:
    """Return what an ``EXPLAINED`` table says: what adds most, and what grew more than the rest.

    Examples
    --------
    >>> from geo import schema
    >>> split_sentence(schema.EXPLAINED.empty(), "event_type")
    'By event type: no event in either window'
    """
    head = f"By {by.replace('_', ' ').replace(',', ' and ')}"
    if table.empty:
        return f"{head}: no event in either window"
    change = float(table["contribution"].sum())
    if table["contribution"].isna().any():
        largest = table.nlargest(SHOWN, "comparison_events")
        counts = ", ".join(f"{r.category} {r.comparison_events:,}" for r in largest.itertuples())
        return f"{head}: no event in the base, so no parts of a change; events now: {counts}"
    shown = ", ".join(_part(row) for _, row in table.head(SHOWN).iterrows())
    more = len(table) - SHOWN
    rest = f", {more} more in the table" if more > 0 else ""
    said = f"{head}, of {100 * change:+.0f} % in all: {shown}{rest}"
    for word, side in (
        ("more", table["ratio_of_ratios"] > 1),
        ("less", table["ratio_of_ratios"] < 1),
    ):
        if (found := table[side & (table["q_value"] <= _LEVEL)]).empty:
            continue
        named = ", ".join(_against_rest(row) for _, row in found.head(SHOWN).iterrows())
        said += f"; grew {word} than the rest (q up to {_LEVEL}): {named}"
    return said


def targeting_sentence(table: pd.DataFrame) -> str:
    """Return whether civilian targeting grew more than the rest, from a split by it.

    It is called disproportionate only where the interval of the ratio of ratios lies above 1.

    Examples
    --------
    >>> from geo import schema
    >>> targeting_sentence(schema.EXPLAINED.empty())
    'Civilian targeting: no event of it in either window'
    """
    rows = table[table["category"] == "targeted"]
    if rows.empty:
        return "Civilian targeting: no event of it in either window"
    row = rows.iloc[0]
    before, after = int(table["base_events"].sum()), int(table["comparison_events"].sum())
    head = (
        f"Civilian targeting: {row['base_events']:,} of {before:,} events "
        f"({_percent(row['base_share'])}), then {row['comparison_events']:,} of {after:,} "
        f"({_percent(row['comparison_share'])})"
    )
    low, high, method = _ror_interval(row)
    if math.isnan(low):
        return f"{head}; no event to compare it with"
    verdict = (
        "disproportionate"
        if low > 1
        else "it grew less than the rest"
        if high < 1
        else "not shown to be disproportionate"
    )
    return (
        f"{head}; it grew {_times(row['ratio_of_ratios'])} as much as the rest (95 % interval "
        f"{_number(low)}-{_number(high)}, {method}; Fisher's p {_p(row['fisher_p'])}): {verdict}"
    )


def counted_words(filters: Mapping[str, object]) -> str:
    """Return which events a study counts.

    Examples
    --------
    >>> counted_words({}), counted_words({"event_types": ["Battles"], "fatal_only": True})
    ('all events', 'events with event_types = Battles, fatal_only = True')
    """
    if not filters:
        return "all events"
    said = [
        f"{name} = {' or '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in filters.items()
    ]
    return f"events with {', '.join(said)}"


def _intervals(row: pd.Series) -> str:
    exact = f"{_number(row['ratio_low'])}-{_number(row['ratio_high'])}"
    if math.isnan(row["quasi_low"]):
        return (
            f"95 % interval {exact} (exact, for independent events; too few months or events to "
            "see how much they vary)"
        )
    return (
        f"95 % interval {_number(row['quasi_low'])}-{_number(row['quasi_high'])} (quasi-Poisson, "
        f"dispersion of monthly counts {row['dispersion']:.1f}) and {exact} (exact, for "
        "independent events)"
    )


def _claim(row: pd.Series) -> str:
    said = f"the claim of {row['claim']:g} times lies"
    if pd.isna(row["claim_inside"]):
        return f"nothing can be said of the claim of {row['claim']:g} times"
    exact, quasi = bool(row["claim_inside"]), row["claim_inside_quasi"]
    if pd.isna(quasi):
        return f"{said} {'inside' if exact else 'outside'} it (p against it {_p(row['claim_p'])})"
    where = {
        (True, True): "inside both",
        (True, False): "inside the first and outside the second",
        (False, True): "outside the first and inside the second",
        (False, False): "outside both",
    }[bool(quasi), exact]
    return f"{said} {where} (p against it {_p(row['claim_quasi_p'])} and {_p(row['claim_p'])})"


def _aligned(row: pd.Series, base: str, event_date: str) -> str:
    said = (
        f"from {event_date} on {int(row['aligned_events']):,} events: {_exact(row, 'aligned')} "
        f"the rate of {base}"
    )
    if pd.isna(row["same_days_events"]):
        return said
    return (
        f"{said}, and {_exact(row, 'same_days')} that of the same days in the base "
        f"({int(row['same_days_events']):,} events)"
    )


def _exact(row: pd.Series, name: str) -> str:
    ratio, low, high = (float(row[f"{name}_{part}"]) for part in ("ratio", "low", "high"))
    if math.isnan(ratio):
        return "no ratio to"
    if math.isinf(ratio):
        return f"at least {_number(low)} times"
    return f"{_number(ratio)} times ({_number(low)}-{_number(high)}, exact)"


def _rank(row: pd.Series, ranked: int) -> str:
    if pd.isna(row["rank"]):
        return "not ranked: fewer than 20 events or 10,000 people"
    return f"rank {int(row['rank'])} of {ranked} by the lower limit"


def _part(row: pd.Series) -> str:
    points = f"{row['category']} {100 * row['contribution']:+.0f} points"
    if not math.isnan(row["contribution_low"]):
        low, high = 100 * row["contribution_low"], 100 * row["contribution_high"]
        points += f" (95 % interval {low:+.0f} to {high:+.0f})"
    return f"{points}, {row['base_events']:,} to {row['comparison_events']:,} events"


def _against_rest(row: pd.Series) -> str:
    low, high, method = _ror_interval(row)
    if not row["base_events"]:
        return (
            f"{row['category']}, new with {row['comparison_events']:,} events (at least "
            f"{_number(low)} times as much, {method})"
        )
    return (
        f"{row['category']} {_times(row['ratio_of_ratios'])} as much (95 % interval "
        f"{_number(low)}-{_number(high)}, {method}; from {_percent(row['base_share'])} to "
        f"{_percent(row['comparison_share'])} of events)"
    )


def _ror_interval(row: pd.Series) -> tuple[float, float, str]:
    if math.isnan(row["ror_quasi_low"]):
        return float(row["ror_low"]), float(row["ror_high"]), "exact"
    low, high = float(row["ror_quasi_low"]), float(row["ror_quasi_high"])
    return low, high, "quasi-Poisson by month"


def _times(ratio: float) -> str:
    return "infinitely many times" if np.isinf(ratio) else f"{_number(ratio)} times"


def _number(value: float) -> str:
    return "infinite" if math.isinf(value) else f"{value:.2f}"


def _percent(share: float) -> str:
    return "no event" if math.isnan(share) else f"{100 * share:.0f} %"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.2g}"
