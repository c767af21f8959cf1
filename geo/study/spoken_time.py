"""What breaks, trends and interrupted series say of one area, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.trend import REPLICATES
from geo.study.labels import label
from geo.study.phrases import timing as words
from geo.study.settings import Language
from geo.study.titles import area_name

PEOPLE, YEARS = "per 100,000 person-years", "events a year"
"""What a rate counts where the population is known, and where it is not."""


def breaks_sentence(
    breaks: pd.DataFrame,
    trend: pd.Series,
    *,
    unit: str = PEOPLE,
    seed: int | None = None,
    language: Language = "en",
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
    head = words.HEAD.say(
        language,
        name=area_name(trend["cvegeo"]),
        events=trend["events"],
        periods=trend["periods"],
        first=trend["first"],
        last=trend["last"],
    )
    search = words.SEARCH.say(language)
    if rows.empty:
        return words.NO_BREAK.say(language, head=head, search=search)
    said = [_one_break(row, unit, seed, language) for _, row in rows.iterrows()]
    return words.BREAKS.say(
        language, head=head, number=len(said), said="; ".join(said), search=search
    )


def _one_break(row: pd.Series, unit: str, seed: int | None, language: Language) -> str:
    low, high = row["period_low"], row["period_high"]
    ratio = row["rate_ratio"]
    has_ratio = not math.isnan(ratio) and not math.isinf(ratio)
    return words.BREAK.say(
        language,
        period=row["period"],
        span=low if low == high else words.SPAN.say(language, low=low, high=high),
        draws=REPLICATES,
        seeded="" if seed is None else words.SEEDED.say(language, seed=seed),
        rate_before=row["rate_before"],
        events_before=row["events_before"],
        periods_before=row["periods_before"],
        rate_after=row["rate_after"],
        unit=label(unit, language),
        events_after=row["events_after"],
        periods_after=row["periods_after"],
        times=words.BREAK_TIMES.say(language, ratio=ratio) if has_ratio else "",
    )


def trend_sentence(row: pd.Series, *, unit: str = PEOPLE, language: Language = "en") -> str:
    """Return what a row of a ``TREND`` table says.

    Examples
    --------
    >>> row = pd.Series({"cvegeo": "25", "periods": 36, "tau_b": 0.225, "p_value": 0.056,
    ...     "slope": 0.74, "slope_low": 0.0, "slope_high": 2.05})
    >>> trend_sentence(row)
    'Sinaloa, trend of 36 periods: Sen slope +0.74 per 100,000 person-years and year (95 % interval
    +0.00 to +2.05), Mann-Kendall tau-b 0.23, p = 0.056; periods are taken as independent'
    """
    head = words.TREND.say(language, name=area_name(row["cvegeo"]), periods=row["periods"])
    if math.isnan(row["slope"]):
        return words.NO_TREND.say(language, head=head)
    tau = row["tau_b"]
    return words.SLOPE.say(
        language,
        head=head,
        slope=row["slope"],
        unit=label(unit, language),
        low=row["slope_low"],
        high=row["slope_high"],
        tau=words.NO_TAU.say(language) if math.isnan(tau) else f"{tau:.2f}",
        p=_p(row["p_value"], language),
    )


def interrupted_sentence(terms: pd.DataFrame, *, language: Language = "en") -> str:
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
    pre_trend = words.PRE_TREND.say(
        language,
        name=name,
        months=before["periods_before"],
        ratio=_ratio(before, language),
        limits=_limits(before, language),
        dispersion=before["dispersion"],
    )
    if "level" not in rows.index:
        return pre_trend
    level, slope = rows.loc["level"], rows.loc["slope"]
    return words.INTERRUPTED.say(
        language,
        name=name,
        after=level["periods_after"],
        between=level["periods_between"],
        level=_ratio(level, language),
        before=level["periods_before"],
        level_limits=_limits(level, language),
        slope=_ratio(slope, language),
        slope_limits=_limits(slope, language),
        dispersion=level["dispersion"],
        pre_trend=pre_trend,
    )


def _ratio(row: pd.Series, language: Language) -> str:
    if math.isnan(row["ratio"]):
        return words.NO_RATIO.say(language)
    return words.RATIO.say(language, ratio=row["ratio"])


def _limits(row: pd.Series, language: Language) -> str:
    if math.isnan(row["ratio_low"]):
        return words.NO_LIMITS.say(language)
    return f"{row['ratio_low']:.2f}-{row['ratio_high']:.2f}"


def _p(value: float, language: Language) -> str:
    return words.P_BELOW.say(language) if value < 0.001 else words.P.say(language, p=value)
