"""What breaks, trends and interrupted series say of one area, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.trend import REPLICATES
from geo.study.titles import area_name

PEOPLE, YEARS = "per 100,000 person-years", "events a year"
"""What a rate counts where the population is known, and where it is not."""

_FOUND = (
    "optimal partitioning, Poisson cost scaled to the variation between periods; a date found this "
    "way must not be tested as if known before"
)


def breaks_sentence(
    breaks: pd.DataFrame, trend: pd.Series, *, unit: str = PEOPLE, seed: int | None = None
) -> str:
    """Return what a ``BREAKS`` table says of the area of a row of a ``TREND`` table.

    `unit` is that of the rates, `seed` that of the draws.

    Examples
    --------
    >>> from geo import schema
    >>> row = pd.Series({"cvegeo": "25", "first": "2022-01", "last": "2024-12", "periods": 36,
    ...     "events": 700})
    >>> breaks_sentence(schema.BREAKS.empty(), row)
    'Sinaloa, 700 events in 36 complete periods, 2022-01 to 2024-12: no break found (optimal
    partitioning, Poisson cost scaled to the variation between periods)'
    """
    rows = breaks[breaks["cvegeo"] == trend["cvegeo"]]
    head = (
        f"{area_name(trend['cvegeo'])}, {trend['events']:,} events in {trend['periods']} complete "
        f"periods, {trend['first']} to {trend['last']}"
    )
    if rows.empty:
        return f"{head}: no break found ({_FOUND.partition(';')[0]})"
    said = [_one_break(row, unit, seed) for _, row in rows.iterrows()]
    number = "1 break" if len(said) == 1 else f"{len(said)} breaks"
    return f"{head}: {number} found, {'; '.join(said)} ({_FOUND})"


def _one_break(row: pd.Series, unit: str, seed: int | None) -> str:
    span = (
        row["period_low"]
        if row["period_low"] == row["period_high"]
        else f"{row['period_low']} to {row['period_high']}"
    )
    ratio = row["rate_ratio"]
    times = "" if math.isnan(ratio) or math.isinf(ratio) else f", {ratio:.2f} times"
    draws = f"{REPLICATES:,} bootstrap draws" + ("" if seed is None else f", seed {seed}")
    return (
        f"beginning in {row['period']} (95 % range of the date {span}, {draws}): from "
        f"{row['rate_before']:.2f} ({row['events_before']:,} events in {row['periods_before']} "
        f"periods) to {row['rate_after']:.2f} {unit} ({row['events_after']:,} in "
        f"{row['periods_after']}){times}"
    )


def trend_sentence(row: pd.Series, *, unit: str = PEOPLE) -> str:
    """Return what a row of a ``TREND`` table says.

    Examples
    --------
    >>> row = pd.Series({"cvegeo": "25", "periods": 36, "tau_b": 0.225, "p_value": 0.056,
    ...     "slope": 0.74, "slope_low": 0.0, "slope_high": 2.05})
    >>> trend_sentence(row)
    'Sinaloa, trend of 36 periods: Sen slope +0.74 per 100,000 person-years and year (95 % interval
    +0.00 to +2.05), Mann-Kendall tau-b 0.23, p = 0.056; periods are taken as independent'
    """
    head = f"{area_name(row['cvegeo'])}, trend of {row['periods']} periods"
    if math.isnan(row["slope"]):
        return f"{head}: not defined"
    tau = "not defined" if math.isnan(row["tau_b"]) else f"{row['tau_b']:.2f}"
    return (
        f"{head}: Sen slope {row['slope']:+.2f} {unit} and year (95 % interval "
        f"{row['slope_low']:+.2f} to {row['slope_high']:+.2f}), Mann-Kendall tau-b {tau}, "
        f"p {_p(row['p_value'])}; periods are taken as independent"
    )


def interrupted_sentence(terms: pd.DataFrame) -> str:
    """Return what an ``INTERRUPTED`` table says, the pre-trend alone if there is no more.

    Examples
    --------
    >>> row = {"cvegeo": "25", "term": "pre-trend", "ratio": 1.001, "ratio_low": 0.991,
    ...     "ratio_high": 1.011, "dispersion": 0.7, "periods_before": 30, "periods_between": 3,
    ...     "periods_after": 3}
    >>> interrupted_sentence(pd.DataFrame([row]))
    'Sinaloa, 30 months before the date: each 1.00 times the one before (95 % interval 0.99-1.01,
    quasi-Poisson, dispersion 0.7); an interval that holds 1 is no proof that there was no trend'
    """
    rows = terms.set_index("term")
    before = rows.loc["pre-trend"]
    name = area_name(before["cvegeo"])
    pre = (
        f"{name}, {before['periods_before']} months before the date: each {_ratio(before)} the one "
        f"before (95 % interval {_limits(before)}, quasi-Poisson, dispersion "
        f"{before['dispersion']:.1f}); an interval that holds 1 is no proof that there was no trend"
    )
    if "level" not in rows.index:
        return pre
    level, slope = rows.loc["level"], rows.loc["slope"]
    return (
        f"{name}, {level['periods_after']} months after the date, {level['periods_between']} of "
        f"transition: level {_ratio(level)} what the trend of the {level['periods_before']} months "
        f"before leads one to expect (95 % interval {_limits(level)}), its growth a month "
        f"{_ratio(slope)} that of before (95 % interval {_limits(slope)}; interrupted series, "
        f"quasi-Poisson, dispersion {level['dispersion']:.1f}). {pre}"
    )


def _ratio(row: pd.Series) -> str:
    return "no ratio to" if math.isnan(row["ratio"]) else f"{row['ratio']:.2f} times"


def _limits(row: pd.Series) -> str:
    if math.isnan(row["ratio_low"]):
        return "none"
    return f"{row['ratio_low']:.2f}-{row['ratio_high']:.2f}"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"= {value:.3f}"
