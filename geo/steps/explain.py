"""Say which events a change is made of: parts that do not overlap and add up to it.

This is arithmetic. It says where the change took place, not what caused it.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import BalanceError, ExposureError, PrecisionWarning, SettingsError
from geo.periods import Day, Window
from geo.sources import population as populations
from geo.stats import bootstrap, decomposition, disproportion, fisher, multiple, rates, ratios
from geo.steps import windows
from geo.steps.categories import OTHER, By, keep_largest, split_events
from geo.steps.count import code_column
from geo.steps.window_counts import WindowCounts
from geo.steps.windows import FloatArray

SEED = 20240909
"""Seed of the draws where no generator is given."""

TOP = 10
"""How many pairs of actors or municipalities are shown each for itself."""

MAX_CATEGORIES = 500
"""More categories than these are refused: their draws would need more than 1 GB."""

_MANY = ("dyad", "municipality")
_EXACT = 1e-9


def explain_change(  # noqa: PLR0913
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    by: By = "event_type",
    focus: str | None = None,
    top: int | None = None,
    population: pd.DataFrame | None = None,
    nearest_year: bool = False,
    data_from: Day | None = None,
    data_through: Day | None = None,
    confidence: float = 0.95,
    draws: int = bootstrap.REPLICATES,
    rng: np.random.Generator | None = None,
) -> pd.DataFrame:
    """Split the change of an area between two windows into what each category adds to it.

    ``contribution`` is in units of the base rate of all: 0.72 is "72 of the +150 points". It adds
    up to ratio - 1, ``fold_contribution`` to the ratio and ``share_of_change`` to 1; the last may
    be below 0 or above 1 where categories move against one another, and the contributions are the
    ones to report then.

    Whether a category grew *more than the rest* is another question than whether it grew:
    ``ratio_of_ratios`` (1: as the rest) with Fisher's exact test, and with an interval from how
    much its monthly share varies where both windows have at least 12 months. It is the one to
    report. ``share_ratio`` is of the total, which holds the category, and so lies nearer to 1.

    Limits of contributions and shares come from drawing 4-week blocks of each window anew; the
    days that are left over belong to a window's last week. An event known to the month stands in
    the week of its date.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    base, comparison, nearest_year, data_from, data_through, confidence
        As in :func:`geo.steps.compare.compare_windows`.
    by
        How events are split, as in :func:`geo.steps.categories.split_events`: ``"event_type"``,
        ``"sub_event_type"``, ``"civilian_targeting"``, ``"actor_class"``, ``"dyad"``,
        ``"municipality"``, another column, two of these in a tuple, or truth values by name.
    focus
        Code of the state or municipality whose change it is; the whole country without one.
    top
        Join all but so many of the largest categories (by events in both windows) as ``"all
        other"``. Unless given, all are shown, of dyads and municipalities :data:`TOP`.
    population
        A ``POPULATION`` table of the focus's level; the shipped one unless given.
    draws, rng
        Number of draws and their source; that of :data:`SEED` unless given.

    Returns
    -------
    DataFrame
        An ``EXPLAINED`` table, what adds most first and ``"all other"`` last. All rates are over
        the person-years of the area. Without an event in the base there are counts, rates and
        shares, and no contribution. Limits by draws are missing where a window is shorter than 8
        weeks. ``q_value`` adjusts the quasi-Poisson p over the categories, Fisher's where there
        is none.

    Raises
    ------
    SettingsError
        If categories overlap, there is no such column, or there are more categories than
        :data:`MAX_CATEGORIES`.
    PeriodError
        As in :func:`geo.steps.compare.compare_windows`.
    ExposureError
        If the population of the area is not known.
    BalanceError
        If the parts do not add up to the change.

    Examples
    --------
    Nothing happened, so there is nothing to split:

    >>> len(explain_change(schema.ASSIGNED.empty(), base="2023", comparison="2024", focus="25"))
    0
    """
    schema.ASSIGNED.check(located)
    level = _level_of(focus)
    places = located[code_column(level)]
    here = places.notna() if focus is None else (places == focus).fillna(value=False)
    days = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    by_year = _people(level, population, focus, days, nearest_year=nearest_year)
    names = split_events(located, by)
    within = days[0].holds(located["event_date"]) | days[1].holds(located["event_date"])
    several = by if isinstance(by, tuple) else (by,)
    if top is None and any(one in _MANY for one in several if isinstance(one, str)):
        top = TOP
    original, names = names, keep_largest(names, within & here, top)

    one_place = pd.Series("", index=located.index, dtype="str").where(here)
    counts = WindowCounts.of(located, one_place, pd.Index([""]), names, days)
    in_either = counts.in_base | counts.in_comparison
    if not in_either.any():
        return schema.EXPLAINED.empty()
    if counts.size > MAX_CATEGORIES:
        raise SettingsError(
            f"there are {counts.size:,} categories; the limit is {MAX_CATEGORIES}. Show only the "
            "largest with top, or split by another column"
        )
    lived = [float(windows.person_years(by_year, window).sum()) for window in days]
    sides: dict[str, Any] = {
        "base_events": counts.count(counts.in_base),
        "base_exposure": lived[0],
        "comparison_events": counts.count(counts.in_comparison),
        "comparison_exposure": lived[1],
    }
    parts = _parts(sides, confidence)
    parts |= _disproportion(counts, sides, confidence)
    parts |= _drawn(counts, sides, confidence, draws, rng)
    table = pd.DataFrame({"category": pd.Series(counts.groups, dtype="str"), **parts})
    joined = original[in_either].groupby(names[in_either]).nunique()
    table["joined"] = table["category"].map(joined).astype("int64")
    _check_balance(table, sides, int(counts.in_base.sum()), int(counts.in_comparison.sum()))
    return _in_order(table)


def _level_of(focus: str | None) -> Level:
    if focus is None or re.fullmatch(r"\d{2}", focus):
        return "state"
    if re.fullmatch(r"\d{5}", focus):
        return "municipality"
    raise SettingsError(
        f"focus = {focus!r} is not a code of 2 or 5 digits; find_area({focus!r}) finds it"
    )


def _people(
    level: Level,
    population: pd.DataFrame | None,
    focus: str | None,
    days: tuple[Window, Window],
    *,
    nearest_year: bool,
) -> pd.DataFrame:
    """Return the people of the area, or of all areas, by calendar year."""
    table = populations.load_population(level) if population is None else population
    schema.POPULATION.check(table)
    codes = pd.Index(sorted(table["cvegeo"].unique())) if focus is None else pd.Index([focus])
    by_year = windows.population_by_year(table, codes)
    for window in days:
        windows.check_years(by_year, window, nearest_year=nearest_year)
        if np.isnan(windows.person_years(by_year, window)).any():
            raise ExposureError(
                f"no population is known for {focus or 'some areas'} in {window.label}; give a "
                "table that has it"
            )
    return by_year


def _parts(sides: dict[str, Any], confidence: float) -> dict[str, Any]:
    """Return counts, rates and what each category adds."""
    low, high = ratios.exact_ratio_interval(**sides, confidence=confidence)
    return {
        "base_events": sides["base_events"],
        "comparison_events": sides["comparison_events"],
        "base_rate": rates.crude_rate(sides["base_events"], sides["base_exposure"]),
        "comparison_rate": rates.crude_rate(
            sides["comparison_events"], sides["comparison_exposure"]
        ),
        "rate_ratio": ratios.rate_ratio(**sides),
        "ratio_low": low,
        "ratio_high": high,
        "contribution": decomposition.contributions(**sides),
        "fold_contribution": decomposition.fold_contributions(**sides),
        "share_of_change": decomposition.shares_of_change(**sides),
        "base_share": rates.crude_rate(
            sides["base_events"], sides["base_events"].sum(dtype=float), per=1
        ),
        "comparison_share": rates.crude_rate(
            sides["comparison_events"], sides["comparison_events"].sum(dtype=float), per=1
        ),
    }


def _disproportion(
    counts: WindowCounts, sides: dict[str, Any], confidence: float
) -> dict[str, Any]:
    """Return whether each category grew more than the rest."""
    cells = {
        "category_base": sides["base_events"],
        "category_comparison": sides["comparison_events"],
        "rest_base": sides["base_events"].sum() - sides["base_events"],
        "rest_comparison": sides["comparison_events"].sum() - sides["comparison_events"],
    }
    low, high = fisher.fisher_interval(**cells, confidence=confidence)
    p = fisher.fisher_p(**cells)
    shares = disproportion.share_ratio(**cells, confidence=confidence)
    monthly = _by_month(counts, confidence)
    return {
        "share_ratio": shares.ratio,
        "share_ratio_low": shares.low,
        "share_ratio_high": shares.high,
        "ratio_of_ratios": disproportion.ratio_of_ratios(**cells),
        "ror_low": low,
        "ror_high": high,
        "fisher_p": p,
        **monthly,
        "q_value": multiple.benjamini_hochberg(
            np.where(np.isnan(monthly["ror_quasi_p"]), p, monthly["ror_quasi_p"])
        ),
    }


def _by_month(counts: WindowCounts, confidence: float) -> dict[str, FloatArray]:
    columns = ("ror_quasi_low", "ror_quasi_high", "ror_quasi_p", "ror_dispersion")
    if not (windows.has_months(counts.base) and windows.has_months(counts.comparison)):
        return {name: np.full(counts.size, np.nan) for name in columns}
    parts = [windows.months_of(window) for window in (counts.base, counts.comparison)]
    events = counts.by_month(parts[0] + parts[1])
    either = counts.in_base | counts.in_comparison
    if loose := int(either.sum() - events.sum()):
        warnings.warn(
            f"{windows.loose_events(loose)} how much the monthly shares differ",
            PrecisionWarning,
            stacklevel=4,
        )
    found = disproportion.overdispersed_disproportion(
        events,
        events.sum(axis=0) - events,
        after=np.repeat([False, True], [len(part) for part in parts]),
        confidence=confidence,
    )
    values = (found.low, found.high, found.p, found.dispersion)
    return dict(zip(columns, values, strict=True))


def _drawn(
    counts: WindowCounts,
    sides: dict[str, Any],
    confidence: float,
    draws: int,
    rng: np.random.Generator | None,
) -> dict[str, FloatArray]:
    """Return limits by drawing blocks of weeks; missing where a window is too short."""
    before = counts.by_week(counts.in_base, counts.base)
    after = counts.by_week(counts.in_comparison, counts.comparison)
    nothing = np.full(counts.size, np.nan)
    limits = dict.fromkeys(("contribution", "share_of_change", "share_difference"), (nothing,) * 2)
    if min(len(before), len(after)) >= 2 * bootstrap.BLOCK_WEEKS:
        found = bootstrap.decomposition_intervals(
            before,
            after,
            base_exposure=sides["base_exposure"],
            comparison_exposure=sides["comparison_exposure"],
            rng=np.random.default_rng(SEED) if rng is None else rng,
            replicates=draws,
            confidence=confidence,
        )
        limits = {name: getattr(found, name) for name in limits}
    return {
        f"{name}_{end}": values
        for name, pair in limits.items()
        for end, values in zip(("low", "high"), pair, strict=True)
    }


def _check_balance(table: pd.DataFrame, sides: dict[str, Any], before: int, after: int) -> None:
    """Refuse parts that do not add up to the whole, which is counted by itself."""
    whole = {
        "base_events": before,
        "base_exposure": sides["base_exposure"],
        "comparison_events": after,
        "comparison_exposure": sides["comparison_exposure"],
    }
    ratio = float(ratios.rate_ratio(**whole))
    sums: dict[str, float] = {"base_events": before, "comparison_events": after}
    if before:
        sums |= {"contribution": ratio - 1, "fold_contribution": ratio}
    if table["share_of_change"].notna().all():
        sums["share_of_change"] = 1.0
    for name, expected in sums.items():
        found = float(table[name].sum())
        scale = max(1.0, abs(expected), float(table[name].abs().sum()))
        if not abs(found - expected) <= _EXACT * scale:
            raise BalanceError(
                f"the parts of {name} add up to {found:g}, and the whole is {expected:g}"
            )


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    table["share_difference"] = table["comparison_share"] - table["base_share"]
    table["_last"] = table["category"] == OTHER
    table["_added"] = table["base_rate"] - table["comparison_rate"]
    ordered = table.sort_values(["_last", "_added", "category"], ignore_index=True)
    return ordered[[column.name for column in schema.EXPLAINED.columns]]
