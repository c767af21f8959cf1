"""The share of events that target civilians, how sure it is, and whether it changed.

Events of which the source does not say whether civilians were the target are counted apart: they
are in no share, and never taken as not targeted.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import DataWarning, PrecisionWarning, counted
from geo.periods import Day, PeriodKind, Window, bounds
from geo.sources import boundaries
from geo.stats import disproportion, fisher, multiple, rates, shares
from geo.steps import windows
from geo.steps.categories import split_events
from geo.steps.count import NOT_STATED, code_column, count_events, sorted_codes
from geo.steps.window_counts import WindowCounts
from geo.steps.windows import FloatArray, months_of

TARGETED, NOT_TARGETED = "targeted", "not targeted"

_SPLIT = {TARGETED: "targeted", NOT_TARGETED: "not_targeted", NOT_STATED: "not_stated"}


def measure_targeting(
    located: pd.DataFrame,
    *,
    level: Level = "state",
    period: PeriodKind = "year",
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say for every area and period which share of its events targets civilians.

    The exact interval (Clopper-Pearson) holds for events that happen independently. In a year
    there is a second one, as wide as the share varies among its months
    (:func:`geo.stats.shares.spread_share_interval`), where at least 6 of them have an event. It is
    the one to report.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    level, period, first, last, data_through, areas
        As in :func:`geo.steps.count.count_events`.
    confidence
        Two-sided coverage of the intervals.

    Returns
    -------
    DataFrame
        A ``TARGETING`` table, every area in every period. Share and limits are missing where no
        event states it.

    Raises
    ------
    GeoError
        As :func:`geo.steps.count.count_events` does.

    Warns
    -----
    DataWarning
        If events do not state it.
    PrecisionWarning
        If events are known to the year only, so that they have no month.

    Examples
    --------
    >>> measure_targeting(schema.ASSIGNED.empty()).columns[:4].tolist()
    ['cvegeo', 'period', 'events', 'targeted']
    """
    schema.ASSIGNED.check(located)
    named = located.assign(_targeting=split_events(located, "civilian_targeting"))
    panel = count_events(
        named, level=level, period=period, category="_targeting", first=first, last=last,
        data_through=data_through, areas=areas,
    )  # fmt: skip
    if panel.empty:
        return schema.TARGETING.empty()
    keys = ["cvegeo", "period"]
    wide = panel.pivot_table("events", index=keys, columns="category", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(_SPLIT), fill_value=0).rename(columns=_SPLIT)
    wide.columns.name = None
    whole = panel.drop_duplicates(keys).set_index(keys)
    table = wide.reindex(whole.index).assign(complete=whole["complete"])
    table["events"] = table[list(_SPLIT.values())].sum(axis=1)
    _tell_not_stated(int(table["not_stated"].sum()), int(table["events"].sum()))
    stated = table["targeted"] + table["not_targeted"]
    table["share"] = rates.divide(table["targeted"], stated)
    table["share_low"], table["share_high"] = shares.share_interval(
        table["targeted"], stated, confidence=confidence
    )
    table[["spread_low", "spread_high", "dispersion"]] = np.nan
    if period == "year":
        parts = _monthly(named, table, level)
        found = shares.spread_share_interval(parts[0], parts[0] + parts[1], confidence=confidence)
        table["spread_low"], table["spread_high"], table["dispersion"] = found
    order = list(schema.TARGETING.dtypes)
    return table.reset_index()[order].astype(schema.TARGETING.dtypes)


def compare_targeting(
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    level: Level = "state",
    areas: pd.DataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say for every area how the share of events that target civilians changed.

    Three answers stand side by side. ``share_difference`` is in points of the share; its limits
    come from those of both shares. ``ratio_of_ratios`` is the growth of targeting divided by the
    growth of the other events: above 1 targeting grew more than the rest, whether or not it grew.
    Its test is Fisher's, and, where both windows have at least 12 months, one from how much the
    share varies among the months, which is the one to report.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    base, comparison, data_from, data_through
        As in :func:`geo.steps.compare.compare_windows`.
    level, areas
        As in :func:`geo.steps.count.count_events`.
    confidence
        Two-sided coverage of the intervals.

    Returns
    -------
    DataFrame
        A ``TARGETING_CHANGE`` table in order of code. ``q_value`` adjusts the p by months over the
        areas, Fisher's where there is none; areas where no event of a window states it, or all
        events are of one kind, are not tested.

    Raises
    ------
    GeoError
        As :func:`geo.steps.compare.compare_windows` does.

    Warns
    -----
    DataWarning
        If events do not state it.
    PrecisionWarning
        If events are left out for the precision of their date, or have no month.

    Examples
    --------
    >>> change = compare_targeting(schema.ASSIGNED.empty(), base="2023", comparison="2024")
    >>> len(change), int(change["comparison_targeted"].sum()), int(change["q_value"].count())
    (32, 0, 0)
    """
    schema.ASSIGNED.check(located)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    days = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    names = split_events(located, "civilian_targeting")
    counts = WindowCounts.of(located, located[code_column(level)], codes, names, days)
    table = pd.DataFrame({"cvegeo": pd.Series(codes, dtype="str")})
    for side, inside in (("base", counts.in_base), ("comparison", counts.in_comparison)):
        of_kinds = _kinds(counts, counts.count(inside))
        for kind, values in of_kinds.items():
            table[f"{side}_{kind}"] = values
    _tell_not_stated(
        int(table[["base_not_stated", "comparison_not_stated"]].to_numpy().sum()),
        int((counts.in_base | counts.in_comparison).sum()),
    )
    table = table.assign(**_differences(table, counts, confidence))
    table = table.assign(**_disproportion(table, counts, confidence))
    return table[list(schema.TARGETING_CHANGE.dtypes)].astype(schema.TARGETING_CHANGE.dtypes)


def _differences(
    table: pd.DataFrame, counts: WindowCounts, confidence: float
) -> dict[str, npt.NDArray[Any]]:
    exact, spread = [], []
    for side, window in (("base", counts.base), ("comparison", counts.comparison)):
        part = table[f"{side}_targeted"].to_numpy(dtype=np.float64)
        stated = part + table[f"{side}_not_targeted"].to_numpy(dtype=np.float64)
        share = rates.divide(part, stated)
        exact.append((share, *shares.share_interval(part, stated, confidence=confidence)))
        months = _by_month(counts, [window])
        found = shares.spread_share_interval(months[0], months.sum(axis=0), confidence=confidence)
        spread.append((share, found.low, found.high))
    low, high = shares.share_difference_interval(base=exact[0], comparison=exact[1])
    wide_low, wide_high = shares.share_difference_interval(base=spread[0], comparison=spread[1])
    return {
        "base_share": exact[0][0],
        "comparison_share": exact[1][0],
        "share_difference": exact[1][0] - exact[0][0],
        "difference_low": low,
        "difference_high": high,
        "spread_low": wide_low,
        "spread_high": wide_high,
    }


def _disproportion(
    table: pd.DataFrame, counts: WindowCounts, confidence: float
) -> dict[str, npt.NDArray[Any]]:
    cells = {
        "category_base": table["base_targeted"].to_numpy(),
        "category_comparison": table["comparison_targeted"].to_numpy(),
        "rest_base": table["base_not_targeted"].to_numpy(),
        "rest_comparison": table["comparison_not_targeted"].to_numpy(),
    }
    low, high = fisher.fisher_interval(**cells, confidence=confidence)
    a, b, c, d = cells.values()
    testable = (a + b > 0) & (c + d > 0) & (a + c > 0) & (b + d > 0)
    p = np.where(testable, fisher.fisher_p(**cells), np.nan)
    nothing = np.full(len(table), np.nan)
    monthly: dict[str, FloatArray] = dict.fromkeys(_MONTHLY, nothing)
    if windows.has_months(counts.base) and windows.has_months(counts.comparison):
        events = _by_month(counts, [counts.base, counts.comparison])
        found = disproportion.overdispersed_disproportion(
            *events,
            after=np.repeat([False, True], [len(months_of(counts.base)),
                                            len(months_of(counts.comparison))]),
            confidence=confidence,
        )  # fmt: skip
        values = (found.low, found.high, found.p, found.dispersion)
        monthly = dict(zip(_MONTHLY, values, strict=True))
    best = np.where(np.isnan(monthly["ror_quasi_p"]), p, monthly["ror_quasi_p"])
    return {
        "ratio_of_ratios": disproportion.ratio_of_ratios(**cells),
        "ror_low": np.where(testable, low, np.nan),
        "ror_high": np.where(testable, high, np.nan),
        "fisher_p": p,
        **monthly,
        "q_value": multiple.benjamini_hochberg(best),
    }


_MONTHLY = ("ror_quasi_low", "ror_quasi_high", "ror_quasi_p", "ror_dispersion")


def _kinds(counts: WindowCounts, values: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    """Return values of rows (areas x kinds, then anything) for each kind, 0 where it is absent."""
    shaped = values.reshape(len(counts.codes), len(counts.groups), *values.shape[1:])
    place = counts.groups.get_indexer(pd.Index(list(_SPLIT)))
    return {
        name: shaped[:, at] if at >= 0 else np.zeros_like(shaped[:, 0])
        for name, at in zip(_SPLIT.values(), place, strict=True)
    }


def _by_month(counts: WindowCounts, spans: list[Window]) -> npt.NDArray[np.float64]:
    """Return the monthly events that target civilians, and those that do not, of each area."""
    both = [counts.base, counts.comparison]
    months = [month for window in both for month in months_of(window)]
    kinds = _kinds(counts, counts.by_month(months))
    kept = np.repeat([window in spans for window in both], [len(months_of(w)) for w in both])
    return np.stack([kinds["targeted"][:, kept], kinds["not_targeted"][:, kept]])


def _monthly(named: pd.DataFrame, table: pd.DataFrame, level: Level) -> npt.NDArray[np.float64]:
    """Return (targeted, not) x rows of the table x the months of each row's period."""
    rows = table.index.get_level_values
    labels = pd.Index(rows("period").unique())
    spans = [bounds(label) for label in labels]
    starts = np.array([start for start, _ in spans], dtype="datetime64[M]")
    length = max(round((end - start).days / 30.4) for start, end in spans)
    codes = pd.Index(rows("cvegeo").unique())

    place = codes.get_indexer(pd.Index(named[code_column(level)]))
    month = named["event_date"].to_numpy(dtype="datetime64[M]")
    at = np.searchsorted(starts, month, side="right") - 1
    since = (month - starts[np.maximum(at, 0)]).astype(np.int64)
    kind = pd.Index([TARGETED, NOT_TARGETED]).get_indexer(pd.Index(named["_targeting"]))
    within = (place >= 0) & (at >= 0) & (since < length)
    loose = within & (named["time_precision"] == "year").to_numpy(dtype=bool)
    if loose.any():
        warnings.warn(
            f"{windows.loose_events(int(loose.sum()))} how much the months differ",
            PrecisionWarning,
            stacklevel=3,
        )
    used = within & ~loose & (kind >= 0)
    counts = np.zeros((2, len(codes), len(labels), length))
    np.add.at(counts, (kind[used], place[used], at[used], since[used]), 1)
    # Rows of the table go by code, then by time, as the areas x periods of the counts do.
    return counts.reshape(2, len(codes) * len(labels), length)


def _tell_not_stated(number: int, events: int) -> None:
    if number:
        warnings.warn(
            f"{number:,} of {counted(events, 'event')} {'does' if number == 1 else 'do'} not state "
            f"whether civilians were the target: {'it is' if number == 1 else 'they are'} counted "
            f"apart and {'is' if number == 1 else 'are'} in no share",
            DataWarning,
            stacklevel=3,
        )
