"""Counts, rates and series of the events that a query found."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import PeriodError, SettingsError
from geo.periods import PeriodKind, Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.steps import windows
from geo.steps.count import CODE_COLUMN, NOT_STATED, category_of, code_column, known_to
from geo.steps.measure import add_rates
from geo.steps.query_logic import Days
from geo.steps.window_measures import origin_of, window_panel

Span = tuple[pd.Timestamp, pd.Timestamp]
"""First and last day that the data cover."""


def count_by(found: gpd.GeoDataFrame, by: str | Sequence[str]) -> pd.DataFrame:
    """Count events by words, areas or periods; events that state none are ``"not stated"``.

    Parameters
    ----------
    found
        An ``ASSIGNED`` table.
    by
        ``"state"``, ``"municipality"``, a kind of period, or the name of a column; or several.

    Returns
    -------
    DataFrame
        The columns of `by` (with ``name`` of areas), ``events``, ``fatalities``,
        ``fatalities_unknown``; most events first. The events add up to those found.
    """
    names = [by] if isinstance(by, str) else list(by)
    if not names:
        raise SettingsError("by is empty; name what to count by, or leave it out")
    keys = pd.DataFrame({name: _key(found, name) for name in names}, index=found.index)
    deaths = found["fatalities"].astype("float64")
    keys = keys.assign(
        events=1, fatalities=deaths.fillna(0).astype("int64"), fatalities_unknown=deaths.isna()
    )
    numbers = ["events", "fatalities", "fatalities_unknown"]
    table = keys.groupby(names, sort=True, dropna=False)[numbers].sum().reset_index()
    table[numbers] = table[numbers].astype("int64")
    table = table.sort_values(
        ["events", *names], ascending=[False, *[True] * len(names)], ignore_index=True
    )
    for level in CODE_COLUMN:
        if level in names:
            called = _names(level).get
            place = table.columns.get_loc(level) + 1
            name = [called(code, NOT_STATED) for code in table[level]]
            title = "name" if "name" not in table else f"{level}_name"
            table.insert(place, title, pd.Series(name, dtype="str"))
    return table.rename(columns={"municipality": "cvegeo", "state": "cve_ent"})


def _key(found: gpd.GeoDataFrame, name: str) -> pd.Series:
    if name in CODE_COLUMN:
        return found[CODE_COLUMN[name]].astype("str").fillna(NOT_STATED)
    if name in periods.KINDS:
        return periods.labels(found["event_date"], periods.check_kind(name)).fillna(NOT_STATED)
    return category_of(found, name)


def _names(level: str) -> dict[str, str]:
    areas = boundaries.area_codes(level)  # type: ignore[arg-type]
    return dict(zip(areas["cvegeo"], areas["name"], strict=True))


def window_of(days: Days, covered: Span | None) -> Window:
    """Return the window that a query asks about: its days, as far as the data cover them.

    Raises
    ------
    PeriodError
        The data cover none of them.
    """
    if covered is None:
        raise PeriodError("there is no event, so it is not known which days the data cover")
    start = covered[0] if days.start is None else max(days.start, covered[0])
    end = covered[1] + pd.Timedelta(days=1)
    end = end if days.end is None else min(days.end, end)
    if not start < end:
        raise PeriodError(
            f"the data cover {covered[0].date()} to {covered[1].date()}, and none of the days "
            "that are asked for"
        )
    return Window(start, end)


def rates_of(
    found: gpd.GeoDataFrame,
    window: Window,
    *,
    level: Level,
    areas: frozenset[str] | None,
    population: populations.Source | None,
    nearest_year: bool,
) -> pd.DataFrame:
    """Return the rate of each area over one window, annual, with exact intervals.

    Returns
    -------
    DataFrame
        A ``MEASURES`` table of one window, with ``name``.
    """
    column = code_column(level)
    chosen = boundaries.area_codes(level)
    if areas is not None:
        kept = chosen["cvegeo"].isin(areas) | chosen["cvegeo"].str[:2].isin(areas)
        chosen = chosen[kept]
        if not len(chosen):
            raise SettingsError(
                "the query is about a part of a state, whose people are no denominator of all of "
                'it; ask for rate(level="municipality")'
            )
    codes = pd.Index(chosen["cvegeo"])
    table = populations.load_population(level, population)
    schema.POPULATION.check(table)
    by_year = windows.population_by_year(table, codes)
    windows.check_years(by_year, window, nearest_year=nearest_year)
    inside = windows.counted_in(found, window, concerned=found[column].notna())
    lived = windows.person_years(by_year, window)
    exposure = pd.DataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            "period": window.label,
            "population": lived / window.years,
            "exposure": lived,
            "years": window.years,
            "origin": origin_of(table, window),
        }
    ).astype(schema.EXPOSURE.dtypes)
    panel = window_panel(found[inside], column, codes, window)
    kinds = {name: kind for name, kind in schema.PANEL.dtypes.items() if name in panel}
    measured = add_rates(panel.astype(kinds), exposure)
    measured.insert(1, "name", chosen["name"].to_numpy())
    return measured


def series_of(found: gpd.GeoDataFrame, window: Window, period: PeriodKind) -> pd.DataFrame:
    """Count events by period, zeros included.

    Returns
    -------
    DataFrame
        ``period``, ``start``, ``end`` (the first day after), ``events``, ``fatalities``,
        ``fatalities_unknown``, ``complete`` (the window holds all of the period), ``years``.
    """
    kind = periods.check_kind(period)
    grid = periods.calendar(kind, window.start, window.last, data_through=window.last)
    grid.loc[grid["start"] < window.start, "complete"] = False
    grid["start"] = grid["start"].clip(lower=window.start)
    grid["years"] = [
        periods.years_between(start, end)
        for start, end in zip(grid["start"], grid["end"], strict=True)
    ]
    labels = periods.labels(found["event_date"], kind)
    concerned = labels.isin(grid["period"])
    counted = known_to(found, kind, concerned=concerned) & concerned.to_numpy(dtype=bool)
    place = pd.Index(grid["period"]).get_indexer(pd.Index(labels[counted]))
    deaths = found["fatalities"].to_numpy(dtype=np.float64)[counted]

    def summed(weights: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(place, weights=weights, minlength=len(grid)).astype(np.int64)

    table = grid[["period", "start", "end"]].assign(
        events=summed(),
        fatalities=summed(np.where(np.isnan(deaths), 0.0, deaths)),
        fatalities_unknown=summed(np.isnan(deaths).astype(np.float64)),
        complete=pd.array(grid["complete"], dtype="boolean"),
        years=grid["years"],
    )
    return table.reset_index(drop=True)
