"""What tables of groups, series and comparisons say of one area, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.study.titles import area_name

_LEAST_PLACEBOS = 19  # with fewer, no rank has a p of 0.05


def fragmentation_sentence(groups: pd.DataFrame, code: str) -> str:
    """Return what a ``FRAGMENTATION`` table says of the last two complete periods of an area.

    Examples
    --------
    >>> from geo import schema
    >>> fragmentation_sentence(schema.FRAGMENTATION.empty(), "25")
    'Sinaloa: no complete period to speak of'
    """
    rows = groups[(groups["cvegeo"] == code) & groups["complete"].astype(bool)].tail(2)
    name = area_name(code)
    if rows.empty:
        return f"{name}: no complete period to speak of"
    said = [_spread(row) for _, row in rows.iterrows()]
    last = rows.iloc[-1]
    if len(rows) == 2 and not pd.isna(last["new_dyads"]):
        said.append(_new_pairs(last))
    return f"{name}: {'; '.join(said)}. Effective number: 1 / HHI of appearances in events"


def _spread(row: pd.Series) -> str:
    if not row["appearances"]:
        return (
            f"in {row['period']} no identified group ({row['group_events']:,} events with a group)"
        )
    hidden = (
        f"unidentified groups {100 * row['unidentified_share']:.0f} % of all appearances (95 % "
        f"interval {_percent(row['share_low'])}-{_percent(row['share_high'])}, exact)"
    )
    unbiased = "" if math.isnan(row["hhi_unbiased"]) else f", unbiased {row['hhi_unbiased']:.3f}"
    return (
        f"in {row['period']} as concentrated as {row['effective_number']:.1f} groups of equal size "
        f"(HHI {row['hhi']:.3f}{unbiased}; n = {row['appearances']:,} appearances of "
        f"{row['groups']:,} groups), {hidden}"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share == 0 or share >= 0.01 else f"{100 * share:.1f}"


def _new_pairs(row: pd.Series) -> str:
    share = row["share_in_new"]
    events = "" if math.isnan(share) else f", with {100 * share:.0f} % of their events"
    ended = "" if pd.isna(row["ended_dyads"]) else f"; {row['ended_dyads']} of before have none"
    return (
        f"of {row['dyads']} pairs of named opponents in {row['period']}, {row['new_dyads']} had no "
        f"event the period before{events}{ended}"
    )


def elsewhere_sentence(row: pd.Series, *, base: str, comparison: str) -> str:
    """Return what a row of an ``ELSEWHERE`` table says.

    Examples
    --------
    >>> row = pd.Series({"cvegeo": "25", "donors": "all others", "donor_areas": 31,
    ...     "base_events": 240, "comparison_events": 600, "months_base": 12,
    ...     "months_comparison": 12, "expected": 239.4, "ratio": 2.506, "two_way_ratio": 2.507,
    ...     "ratio_low": 1.99, "ratio_high": 3.16, "dispersion": 2.19, "focus_ratio": 2.48,
    ...     "donor_ratio": 0.99, "rank_in_space": 1, "placebos_in_space": 31, "p_in_space": 0.03125,
    ...     "rank_in_time": pd.NA, "placebos_in_time": 0, "p_in_time": float("nan")})
    >>> elsewhere_sentence(row, base="2023", comparison="2024")
    'Sinaloa against 31 areas (all others), 240 events in 2023 (12 months) and 600 in 2024 (12):
    higher than expected from them, 600 events for 239.4 expected: 2.51 times (growth 2.48 times in
    focus, 0.99 times there; with area and month effects 2.51, 95 % interval 1.99-3.16,
    quasi-Poisson, dispersion 2.2); rank 1 of 32 in space (p = 0.031)'
    """
    head = (
        f"{area_name(row['cvegeo'])} against {row['donor_areas']} areas ({row['donors']}), "
        f"{row['base_events']:,} events in {base} ({row['months_base']} months) and "
        f"{row['comparison_events']:,} in {comparison} ({row['months_comparison']})"
    )
    ratio = row["ratio"]
    if math.isnan(ratio) or math.isinf(ratio):
        return f"{head}: no ratio, for want of events in a window"
    limits = (
        "no interval"
        if math.isnan(row["ratio_low"])
        else f"95 % interval {row['ratio_low']:.2f}-{row['ratio_high']:.2f}"
    )
    ranks = [_rank(row, kind) for kind in ("space", "time")]
    return (
        f"{head}: {_direction(row)} from them, {row['comparison_events']:,} events for "
        f"{row['expected']:,.1f} expected: {ratio:.2f} times (growth {row['focus_ratio']:.2f} "
        f"times in focus, {row['donor_ratio']:.2f} times there; with area and month effects "
        f"{row['two_way_ratio']:.2f}, {limits}, quasi-Poisson, dispersion {row['dispersion']:.1f})"
        f"; {', '.join(rank for rank in ranks if rank)}"
    )


def _direction(row: pd.Series) -> str:
    """Return which way it differs, where the interval leaves out 1 and few placebos are as far."""
    if not row["ratio_low"] > 1 and not row["ratio_high"] < 1:
        return "not told apart from what is expected"
    if row["placebos_in_space"] < _LEAST_PLACEBOS:
        return "too few areas to rank it, so not told apart from what is expected"
    if not row["p_in_space"] <= 1 / (_LEAST_PLACEBOS + 1):
        return "no rarer than elsewhere, so not told apart from what is expected"
    return "higher than expected" if row["ratio"] > 1 else "lower than expected"


def _rank(row: pd.Series, kind: str) -> str:
    if pd.isna(row[f"rank_in_{kind}"]) or not row[f"placebos_in_{kind}"]:
        return ""
    number = row[f"placebos_in_{kind}"] + 1
    return f"rank {row[f'rank_in_{kind}']} of {number} in {kind} (p = {row[f'p_in_{kind}']:.3f})"
