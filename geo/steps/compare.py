"""Compare the rates of two windows of time, area by area."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import (
    AreaError,
    ExposureError,
    ExposureWarning,
    PeriodError,
    PeriodWarning,
    PrecisionWarning,
)
from geo.periods import Day, Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.stats import multiple, rates, ratios
from geo.steps.count import code_column, sorted_codes
from geo.steps.span import starts_late

FloatArray = npt.NDArray[np.float64]


def compare_windows(
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    level: Level = "state",
    population: pd.DataFrame | None = None,
    nearest_year: bool = False,
    areas: pd.DataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Say how many times as high the rate of an area is in one window as in another.

    A ratio of 2.5 is "2.5 times", which is +150 %. Interval and p are exact for events that
    happen independently; violence comes in waves, so true uncertainty is larger.

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
        Two-sided coverage of the interval of the ratio.

    Returns
    -------
    DataFrame
        A ``CHANGE`` table in order of code. Besides the contract it has ``base_exposure`` and
        ``comparison_exposure`` (person-years), ``base_rate`` and ``comparison_rate`` (per
        100,000 person-years). Without an event in the base the ratio is infinite and has a lower
        limit only; without any event, or without a population, it is missing. ``q_value`` is
        adjusted over the areas that have a p.

    Raises
    ------
    PeriodError
        If the windows overlap, one lies outside the data, or events do.
    ExposureError
        If the population of a year of the windows is not known for any area.
    AreaError
        If events lie in an area that is not in `areas`.
    SchemaError
        If a table breaks its contract.

    Warns
    -----
    PeriodWarning
        If a window is cut, or the data seem to begin inside the base.
    PrecisionWarning
        If events are left out for the precision of their date.
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
    column = code_column(level)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    table = populations.load_population(level) if population is None else population
    schema.POPULATION.check(table)
    before, after = _windows(located["event_date"], base, comparison, data_from, data_through)

    sides = {
        name: _counts(located, column, codes, window)
        for name, window in (("base", before), ("comparison", after))
    }
    years = _population_by_year(table, codes)
    exposures = {
        "base": _person_years(years, before, nearest_year=nearest_year),
        "comparison": _person_years(years, after, nearest_year=nearest_year),
    }
    _tell_missing(codes, np.isnan(exposures["base"]) | np.isnan(exposures["comparison"]))
    given: dict[str, npt.NDArray[Any]] = {
        "base_events": sides["base"],
        "base_exposure": exposures["base"],
        "comparison_events": sides["comparison"],
        "comparison_exposure": exposures["comparison"],
    }
    low, high = ratios.exact_ratio_interval(**given, confidence=confidence)
    p = ratios.exact_ratio_p(**given, null_ratio=1.0)
    return pd.DataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            **given,
            "base_rate": rates.crude_rate(sides["base"], exposures["base"]),
            "comparison_rate": rates.crude_rate(sides["comparison"], exposures["comparison"]),
            "rate_ratio": ratios.rate_ratio(**given),
            "ratio_low": low,
            "ratio_high": high,
            "p_value": p,
            "q_value": multiple.benjamini_hochberg(p),
        }
    )


def _windows(
    dates: pd.Series,
    base: str | int | Window,
    comparison: str | int | Window,
    data_from: Day | None,
    data_through: Day | None,
) -> tuple[Window, Window]:
    before, after = Window.parse(base), Window.parse(comparison)
    if before.start < after.end and after.start < before.end:
        raise PeriodError(
            f"the windows {before.label} and {after.label} overlap; an event may count on one "
            "side only"
        )
    begin = periods.day(data_from) if data_from is not None else None
    through = periods.day(data_through) if data_through is not None else dates.max()
    if data_through is not None:
        _refuse_outside(dates[dates > through], f"later than data_through ({through.date()})")
    if begin is not None:
        _refuse_outside(dates[dates < begin], f"earlier than data_from ({begin.date()})")
    if len(dates) and begin is None:
        _warn_of_late_start(dates, min(before, after, key=lambda window: window.start))
    covered = [_cut(window, begin, through) for window in (before, after)]
    return covered[0], covered[1]


def _refuse_outside(outside: pd.Series, how: str) -> None:
    if len(outside):
        raise PeriodError(
            f"{len(outside)} events are {how}: {outside.min().date()} to {outside.max().date()}; "
            "move that day, or leave these events out with filter_events"
        )


def _warn_of_late_start(dates: pd.Series, first: Window) -> None:
    if not starts_late(dates, first.start, first.end):
        return
    earliest = dates.min()
    advice = "give data_from, the first day that the source covers"
    if first.end <= earliest:
        raise PeriodError(
            f"the window {first.label} ends before the first event ({earliest.date()}): it seems "
            f"to lie before the data; if nothing happened in it, {advice}"
        )
    warnings.warn(
        f"the first event is of {earliest.date()}, well after the window {first.label} starts: "
        f"if the data begin there, its rate is too low; {advice}",
        PeriodWarning,
        stacklevel=4,
    )


def _cut(window: Window, begin: pd.Timestamp | None, through: pd.Timestamp) -> Window:
    start, end = window.start, window.end
    if begin is not None:
        start = max(start, begin)
    if not pd.isna(through):
        end = min(end, through + pd.Timedelta(days=1))
    if (start, end) == (window.start, window.end):
        return window
    if start >= end:
        raise PeriodError(
            f"the window {window.label} lies outside the data, which "
            + (
                f"begin on {begin.date()}"
                if begin is not None and start == begin
                else f"end on {through.date()}"
            )
            + "; nothing can be said of it"
        )
    cut = Window(start, end)
    warnings.warn(
        f"the window {window.label} reaches past the data and is cut to {cut.label}; its rate is "
        "of the days covered",
        PeriodWarning,
        stacklevel=4,
    )
    return cut


def _counts(
    located: pd.DataFrame, column: str, codes: pd.Index, window: Window
) -> npt.NDArray[np.int64]:
    here = window.holds(located["event_date"])
    begin, end = _possible(located)
    certain = (begin >= window.start) & (end <= window.end)
    touching = (begin < window.end) & (end > window.start) & located[column].notna()
    if doubtful := int((touching & ~certain).sum()):
        warnings.warn(
            f"{doubtful} events are not counted in the window {window.label}: their date is not "
            "known well enough to say whether they belong to it",
            PrecisionWarning,
            stacklevel=3,
        )
    counted = located.loc[here & certain & located[column].notna(), column]
    place = codes.get_indexer(pd.Index(counted))
    if (place < 0).any():
        strange = sorted(set(counted[place < 0]))
        raise AreaError(
            f"{int((place < 0).sum())} events lie in areas that are not compared: "
            f"{', '.join(strange[:10])}; give areas that cover every event"
        )
    return np.bincount(place, minlength=len(codes)).astype(np.int64)


def _possible(located: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return from when to before when each event may have happened."""
    dates, precision = located["event_date"], located["time_precision"]
    begin, end = dates, dates + pd.Timedelta(days=1)
    for word, step in (("month", pd.DateOffset(months=1)), ("year", pd.DateOffset(years=1))):
        loose = precision == word
        first = dates.dt.to_period(word[0].upper()).dt.start_time
        begin, end = begin.mask(loose, first), end.mask(loose, first + step)
    return begin, end


def _population_by_year(table: pd.DataFrame, codes: pd.Index) -> pd.DataFrame:
    wrong = (table["population"] < 0) | np.isinf(table["population"])
    if wrong.any():
        first = table[wrong].iloc[0]
        raise ExposureError(
            f"the population is negative or infinite in {int(wrong.sum())} rows, the first is "
            f"{first['cvegeo']} in {first['year']}; mend the table of populations"
        )
    by_year: pd.DataFrame = table.pivot_table(
        index="cvegeo", columns="year", values="population", aggfunc="sum"
    ).reindex(codes)
    return by_year


def _person_years(years: pd.DataFrame, window: Window, *, nearest_year: bool) -> FloatArray:
    shares = periods.years_by_calendar_year(window.start, window.end)
    known = [int(year) for year in years.columns]
    if lacking := sorted(set(shares) - set(known)):
        needed = ", ".join(map(str, lacking))
        span = f"{min(known)} to {max(known)}" if known else "no year"
        if not (nearest_year and known):
            raise ExposureError(
                f"the window {window.label} needs the population of {needed}; the table has "
                f"{span}. Give a table that has these years, or allow the nearest year"
            )
        warnings.warn(
            f"the window {window.label} needs the population of {needed}, which is not known; "
            f"that of the nearest year ({span}) is taken",
            ExposureWarning,
            stacklevel=3,
        )
    person_years = np.zeros(len(years))
    for year, share in shares.items():
        nearest = min(known, key=lambda other: abs(other - year))
        person_years += years[nearest].to_numpy(dtype=np.float64) * share
    return person_years


def _tell_missing(codes: pd.Index, missing: npt.NDArray[np.bool_]) -> None:
    if not missing.any():
        return
    lost = codes[missing]
    more = f" and {len(lost) - 10} more" if len(lost) > 10 else ""
    if len(lost) == len(codes):
        raise ExposureError(
            "no population is known for any of the areas; give a table of the same level"
        )
    warnings.warn(
        f"no population is known for {len(lost)} of {len(codes)} areas; they have no ratio: "
        f"{', '.join(lost[:10])}{more}",
        ExposureWarning,
        stacklevel=3,
    )
