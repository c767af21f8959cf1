"""Compare the rates of two windows of time, area by area."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import ExposureError, ExposureWarning, SettingsError, counted
from geo.periods import Day, Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.stats import differences, log_ratio, multiple, rates, ratios, reliability
from geo.stats.log_ratio import RatioEstimate
from geo.steps import windows
from geo.steps.categories import split_events
from geo.steps.count import category_of, code_column, sorted_codes
from geo.steps.window_counts import WindowCounts
from geo.steps.window_months import CORRELATED, Method, WindowMonths, check_method
from geo.steps.windows import BoolArray, FloatArray


def compare_windows(  # noqa: PLR0913
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    level: Level = "state",
    category: str | None = None,
    claim: float | None = None,
    event_date: Day | None = None,
    method: Method = "quasi-poisson",
    population: pd.DataFrame | None = None,
    nearest_year: bool = False,
    areas: pd.DataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say how many times as high the rate of an area is in one window as in another.

    A ratio of 2.5 is "2.5 times", which is +150 %. Its exact interval holds for events that
    happen independently; violence comes in waves, so where both windows have at least 12 months
    there is a second one, quasi-Poisson, from how much the months of each window differ among
    themselves. It is the one to report; where neighboring months resemble each other
    (``correlated``) it is too narrow, and ``method="newey-west"`` is better.

    The difference of the rates has two intervals as well, by the same reasons. It is there also
    where the base has no event and no ratio, or percentage, can be told.

    Events whose date is only known to the month (or year) count where the whole month lies in
    one window; those that may lie on either side of its edge are left out, with a warning. All
    others count by their date.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    base, comparison
        Windows, as ``"2023"``, ``"2024-Q1"`` or ``"2024-09-09/2024-12-31"`` (both days
        included). They must not overlap; their lengths may differ.
    level
        Compare states or municipalities.
    category
        A column of `located`, or another split of :func:`geo.steps.categories.split_events`;
        every area is compared for each of its values, over the same people. Events without a
        value are the category ``"not stated"``.
    claim
        A ratio that somebody states, as 2.5, to be put beside the intervals.
    event_date
        A day inside the comparison. The comparison from that day on is set against the whole
        base, and against the same days of the base's year: a year's ratio dilutes what began
        late in it.
    method
        ``"negative-binomial"`` (for counts whose variance grows with the square of their mean) or
        ``"newey-west"`` (for months that resemble the one before) puts the interval of that model
        beside the others, which stay as they are. Both need 12 months a side.
    population
        A ``POPULATION`` table; the shipped one of the level unless given. Person-years weight
        each calendar year by its share of the window.
    nearest_year
        Let a year outside the table borrow the population of the nearest one, with a warning.
    areas
        A table with a column ``cvegeo`` of all areas; the shipped ones unless given.
    data_from, data_through
        First and last day that the source covers. A window that reaches further is cut there,
        with a warning. Unless given, the data end with the latest event, and are taken to begin
        late where the first event comes too long after the earlier window starts.
    confidence
        Two-sided coverage of all intervals.

    Returns
    -------
    DataFrame
        A ``CHANGE`` table in order of code (and category). Without an event in the base the ratio
        is infinite and has an exact lower limit only; without any event, or without a population,
        it is missing. ``q_value`` is adjusted over all rows that have a p, ``quasi_q`` over the
        same rows, with the exact p where a window has no event. ``rank`` orders the
        reliable areas (of each category) by the lower of both lower limits, highest first.
        ``difference_low`` and ``difference_high`` are for independent events (MOVER from exact
        limits), ``difference_quasi_low`` and ``difference_quasi_high`` for months as dispersed as
        these; the latter are missing without any event. ``residual_correlation`` is that of
        months one apart, ``correlated`` whether it is above 0.3.

        Besides the contract it has ``base_exposure`` and ``comparison_exposure`` (person-years).
        With `claim`: ``claim``, ``claim_inside`` and ``claim_p`` (exact), ``claim_inside_quasi``
        and ``claim_quasi_p``. With `event_date`: ``aligned_events`` from that day on, and
        ``aligned_ratio``, ``aligned_low``, ``aligned_high`` against the base (exact);
        ``same_days_events`` of the base's year, and ``same_days_ratio``, ``same_days_low``,
        ``same_days_high`` against those, missing where the base does not hold the same days.
        With another `method`: ``model_ratio`` (the negative binomial one differs a little from
        the ratio of the rates), ``model_low``, ``model_high``, ``model_p``, ``model_q``, and its
        ``alpha`` or ``lag``, of the events that are known to the month; with `claim` also
        ``claim_inside_model`` and ``claim_model_p``.

    Raises
    ------
    PeriodError
        If the windows overlap, one lies outside the data, or events do; if the event date lies
        outside the comparison.
    ExposureError
        If the population of a year of the windows is not known for any area.
    AreaError
        If events lie in an area that is not in `areas`.
    SettingsError
        If there is no such category or method, the claim is not above zero, or areas x categories
        x months are too many.
    SchemaError
        If a table breaks its contract.

    Warns
    -----
    PeriodWarning
        If a window is cut, or the data seem to begin inside the base.
    PrecisionWarning
        If events are left out for the precision of their date, or cannot be put into a month.
    ExposureWarning
        If the population of some areas is not known, or is that of another year.

    Examples
    --------
    Nothing happened anywhere, and nothing can be said of it:

    >>> change = compare_windows(schema.ASSIGNED.empty(), base="2023", comparison="2024")
    >>> len(change), int(change["comparison_events"].sum()), int(change["rate_ratio"].count())
    (32, 0, 0)
    """
    schema.ASSIGNED.check(located)
    check_method(method)
    if claim is not None and not 0 < claim < np.inf:
        raise SettingsError(f"the claim is {claim:g}; a ratio lies above zero: 2.5 is +150 %")
    column = code_column(level)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    names = category_of(located, None) if category is None else split_events(located, category)
    table = populations.load_population(level) if population is None else population
    schema.POPULATION.check(table)
    before, after = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    by_year = windows.population_by_year(table, codes)
    for window in (before, after):
        windows.check_years(by_year, window, nearest_year=nearest_year)
    counts = WindowCounts.of(located, located[column], codes, names, (before, after))
    sides = _sides(counts, by_year)
    _tell_missing(codes, np.isnan(_of_areas(by_year, before, after)))

    low, high = ratios.exact_ratio_interval(**sides, confidence=confidence)
    p = ratios.exact_ratio_p(**sides, null_ratio=1.0)
    months = WindowMonths.of(counts, by_year, sides)
    quasi = months.quasi_ratio(1.0, confidence)
    least, most = differences.rate_difference_interval(**sides, confidence=confidence)
    quasi_least, quasi_most = months.quasi_difference(confidence)
    correlation = months.correlation()
    base_rate = rates.crude_rate(sides["base_events"], sides["base_exposure"])
    comparison_rate = rates.crude_rate(sides["comparison_events"], sides["comparison_exposure"])
    change = pd.DataFrame(
        {
            **counts.labels(),
            **sides,
            "base_rate": base_rate,
            "comparison_rate": comparison_rate,
            "rate_ratio": ratios.rate_ratio(**sides),
            "ratio_low": low,
            "ratio_high": high,
            "p_value": p,
            "q_value": multiple.benjamini_hochberg(p),
            "rate_difference": comparison_rate - base_rate,
            "difference_low": least,
            "difference_high": most,
            "difference_quasi_low": quasi_least,
            "difference_quasi_high": quasi_most,
            "quasi_low": quasi.low,
            "quasi_high": quasi.high,
            "quasi_p": quasi.p,
            "quasi_q": months.adjusted(quasi.p, p),
            "dispersion": quasi.dispersion,
            "residual_correlation": correlation,
            "correlated": _is_above(correlation, CORRELATED),
            "reliable": _is_reliable(sides, before, after),
        }
    )
    change["rank"] = _rank(change)
    if claim is not None:
        change = _with_claim(change, sides, claim, months.quasi_ratio(claim, confidence))
    if method != "quasi-poisson":
        change = _with_model(change, months, method, claim, confidence)
    if event_date is not None:
        change = _with_event(change, counts, by_year, event_date, confidence)
    return change if category is not None else change.drop(columns="category")


def _sides(counts: WindowCounts, by_year: pd.DataFrame) -> dict[str, Any]:
    """Return events and person-years of both windows, as the arithmetic asks for them."""
    return {
        "base_events": counts.count(counts.in_base),
        "base_exposure": counts.spread(windows.person_years(by_year, counts.base)),
        "comparison_events": counts.count(counts.in_comparison),
        "comparison_exposure": counts.spread(windows.person_years(by_year, counts.comparison)),
    }


def _is_reliable(sides: dict[str, Any], before: Window, after: Window) -> pd.arrays.BooleanArray:
    people = np.minimum(
        sides["base_exposure"] / before.years, sides["comparison_exposure"] / after.years
    )
    # The exact interval rests on the events of both windows together.
    events = sides["base_events"] + sides["comparison_events"]
    return pd.array(reliability.is_reliable(events, people), dtype="boolean")


def _rank(change: pd.DataFrame) -> pd.Series:
    lower = np.fmin(change["ratio_low"], change["quasi_low"]).where(change["reliable"])
    ranks = lower.groupby(change["category"]).rank(method="min", ascending=False)
    return ranks.astype("Int64")


def _with_claim(
    change: pd.DataFrame,
    sides: dict[str, Any],
    claim: float,
    quasi: RatioEstimate,
) -> pd.DataFrame:
    return change.assign(
        claim=claim,
        claim_inside=_holds(change["ratio_low"], change["ratio_high"], claim),
        claim_p=ratios.exact_ratio_p(**sides, null_ratio=claim),
        claim_inside_quasi=_holds(change["quasi_low"], change["quasi_high"], claim),
        claim_quasi_p=quasi.p,
    )


def _with_model(
    change: pd.DataFrame,
    months: WindowMonths,
    method: Method,
    claim: float | None,
    confidence: float,
) -> pd.DataFrame:
    found, column = months.model_ratio(method, confidence)
    change = change.assign(
        model_ratio=found.ratio,
        model_low=found.low,
        model_high=found.high,
        model_p=found.p,
        model_q=months.adjusted(found.p, change["p_value"].to_numpy(dtype=np.float64)),
        **column,
    )
    if claim is None:
        return change
    tested = log_ratio.ratio_estimate(found.ratio, found.log_se, found.df, null_ratio=claim)
    return change.assign(
        claim_inside_model=_holds(change["model_low"], change["model_high"], claim),
        claim_model_p=tested.p,
    )


def _is_above(values: FloatArray, limit: float) -> pd.arrays.BooleanArray:
    return pd.arrays.BooleanArray(values > limit, np.isnan(values))


def _holds(low: pd.Series, high: pd.Series, claim: float) -> pd.Series:
    inside = ((low <= claim) & (claim <= high)).astype("boolean")
    return inside.mask(low.isna() | high.isna())


def _with_event(
    change: pd.DataFrame,
    counts: WindowCounts,
    by_year: pd.DataFrame,
    event_date: Day,
    confidence: float,
) -> pd.DataFrame:
    since, same_days = windows.aligned_windows(counts.base, counts.comparison, event_date)
    events = counts.count(counts.inside(since))
    later = {
        "comparison_events": events,
        "comparison_exposure": counts.spread(windows.person_years(by_year, since)),
    }
    nothing = np.full(len(change), np.nan)
    base = {"base_events": change["base_events"], "base_exposure": change["base_exposure"]}
    days = {"base_events": nothing, "base_exposure": nothing}
    if same_days is not None:
        days = {
            "base_events": counts.count(counts.inside(same_days)),
            "base_exposure": counts.spread(windows.person_years(by_year, same_days)),
        }
    columns: dict[str, Any] = {"aligned_events": events}
    for name, earlier in (("aligned", base), ("same_days", days)):
        if name == "same_days":
            columns["same_days_events"] = pd.array(days["base_events"], dtype="Int64")
        low, high = ratios.exact_ratio_interval(**earlier, **later, confidence=confidence)
        columns[f"{name}_ratio"] = ratios.rate_ratio(**earlier, **later)
        columns[f"{name}_low"], columns[f"{name}_high"] = low, high
    return change.assign(**columns)


def _of_areas(by_year: pd.DataFrame, before: Window, after: Window) -> FloatArray:
    """Return person-years of both windows together; missing where one of them is."""
    return windows.person_years(by_year, before) + windows.person_years(by_year, after)


def _tell_missing(codes: pd.Index, missing: BoolArray) -> None:
    if not missing.any():
        return
    lost = codes[missing]
    more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""
    if len(lost) == len(codes):
        raise ExposureError(
            "no population is known for any of the areas; give a table of the same level"
        )
    warnings.warn(
        f"no population is known for {len(lost)} of {counted(len(codes), 'area')}; "
        f"{'it has' if len(lost) == 1 else 'they have'} no ratio: "
        f"{', '.join(lost[:10])}{more}",
        ExposureWarning,
        stacklevel=3,
    )
