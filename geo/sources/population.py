"""Population by calendar year, and the person-years of each period.

The shipped figures: mid-year population of the states, 2015 to 2026 (CONAPO; reconciled with the
censuses to 2019, projected from 2020), and the census of 2020 by municipality (INEGI). A
municipality's mid-year figure is apportioned: its share of the state's people in the census times
the state's mid-year population. Against CONAPO's own municipal series the median error is 0.3 % in
2020, 2.8 % in 2024 and 4.0 % in 2026; where that matters, give CONAPO's table instead.
"""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.cvegeo import DIGITS, Level
from geo.errors import ExposureError, ExposureWarning, SettingsError
from geo.schema import EXPOSURE, POPULATION
from geo.sources import shipped
from geo.sources.population_table import (
    on_shipped_areas,
    read_population,
    state_sums,
    warn_of_gaps,
)

Source: TypeAlias = str | os.PathLike[str] | pd.DataFrame

FIRST_PROJECTED = 2020
"""CONAPO's figures to the year before are reconciled with the censuses; from here projected."""


def load_population(level: Level = "municipality", path: Source | None = None) -> pd.DataFrame:
    """Return the mid-year population of each area and calendar year, ascending.

    Parameters
    ----------
    level
        ``"state"`` or ``"municipality"``.
    path
        A table of the user's own in place of the shipped one: CSV, Parquet or XLSX with the
        columns cvegeo, year and population, or a table in memory. Municipalities made since 2019
        are added to the one they were part of. A municipal table also serves the states, by sums
        where no municipality is missing.

    Returns
    -------
    DataFrame
        A ``POPULATION`` table. ``origin`` is ``estimated`` (states to 2019), ``projected``
        (states from 2020), ``apportioned`` (municipalities) or ``given`` (by the user). Municipal
        figures are not rounded and add up to their state.

    Raises
    ------
    ExposureError
        The table holds impossible figures, or states where municipalities are asked for.
    SourceError, AreaError
        The table cannot be read, or holds codes that are not INEGI's.

    Warns
    -----
    ExposureWarning
        Areas lack figures, or were added to others.

    Examples
    --------
    >>> people = load_population("state").set_index(["cvegeo", "year"])["population"]
    >>> int(people["25", 2024])
    3165686
    """
    if level not in DIGITS:
        raise SettingsError(f"{level!r} is not a level; choose {' or '.join(DIGITS)}")
    if path is None:
        return _shipped(level).copy()
    table, found = read_population(path)
    if found == "municipality":
        table = on_shipped_areas(table)
        if level == "state":
            table = state_sums(table)
    elif level == "municipality":
        raise ExposureError(
            "the population table holds states, but municipalities are asked for; give a table "
            "with 5-digit codes, or work at the level of states"
        )
    warn_of_gaps(table, _codes(level))
    return table


def load_exposure(
    level: Level = "municipality",
    *,
    period: periods.PeriodKind = "year",
    first: periods.Day | None = None,
    last: periods.Day | None = None,
    data_through: periods.Day | None = None,
    population: Source | None = None,
    nearest_year: bool = False,
) -> pd.DataFrame:
    """Return the person-years of every area in every period, ascending.

    Person-years are the mid-year population times the length of the period in years
    (actual/actual: a whole calendar year is exactly 1). A period that runs over a new year takes
    each part with the population of its own year.

    Parameters
    ----------
    level
        ``"state"`` or ``"municipality"``.
    period
        Kind of period.
    first, last
        Days, both included; every period that they and the days between fall in is returned.
        Without them, all whole periods within the years of the population.
    data_through
        Last day that the events cover: the period it falls in counts up to there.
    population
        A table in place of the shipped one, as in :func:`load_population`.
    nearest_year
        Let the nearest year stand in for a year without population, with a warning.

    Returns
    -------
    DataFrame
        An ``EXPOSURE`` table with all areas of the boundaries. ``population`` is
        ``exposure / years``; all three are missing where an area has no population in a year that
        the period touches. ``origin`` is that of the latest year used, or ``nearest year``.

    Raises
    ------
    ExposureError
        The population has no figures for a year that the periods touch.

    Examples
    --------
    >>> september = load_exposure("state", period="month", first="2024-09-01", last="2024-09-30")
    >>> sinaloa = september.set_index("cvegeo").loc["25"]
    >>> int(sinaloa["population"]), round(float(sinaloa["exposure"]), 3)
    (3165686, 259482.459)
    """
    table = load_population(level, population)
    people = table.set_index(["cvegeo", "year"])["population"].unstack("year")  # noqa: PD010
    origin_of = table.groupby("year")["origin"].first()
    years = people.columns.to_numpy(dtype=np.int64)
    spans = _calendar(period, first, last, data_through, years)
    shares = [
        periods.years_by_calendar_year(start, end)
        for start, end in zip(spans["start"], spans["end"], strict=True)
    ]
    stand_in = _stand_ins(shares, years, nearest_year=nearest_year)

    codes = _codes(level)
    figures = people.reindex(codes)[list(stand_in.values())].to_numpy(dtype=np.float64)
    weights = np.array([[share.get(year, 0.0) for share in shares] for year in stand_in])
    weights = weights.reshape(len(stand_in), len(spans))
    # A year without a figure spoils only the periods that touch it.
    unknown = np.isnan(figures) @ weights > 0
    exposure = np.where(unknown, np.nan, np.nan_to_num(figures) @ weights)
    length = spans["years"].to_numpy(dtype=np.float64)
    # By shares of the period, so that within one year it is that year's figure to the last digit.
    mean = np.where(unknown, np.nan, np.nan_to_num(figures) @ (weights / length))
    origin = np.array([_origin(share, stand_in, origin_of) for share in shares], dtype=object)
    frame = pd.DataFrame(
        {
            "cvegeo": np.repeat(np.array(codes, dtype=object), len(spans)),
            "period": np.tile(spans["period"].to_numpy(dtype=object), len(codes)),
            "population": mean.ravel(),
            "exposure": exposure.ravel(),
            "years": np.tile(length, len(codes)),
            "origin": np.where(unknown, np.array(None), origin).ravel(),
        }
    )
    return frame.astype(EXPOSURE.dtypes)


def _calendar(
    kind: periods.PeriodKind,
    first: periods.Day | None,
    last: periods.Day | None,
    data_through: periods.Day | None,
    years: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Return the periods asked for, by default all that lie in years with population."""
    begin = first if first is not None else f"{years[0]}-01-01"
    finish = last if last is not None else f"{years[-1]}-12-31"
    spans = periods.calendar(kind, begin, finish, data_through=data_through)
    whole = pd.Series(data=True, index=spans.index)
    if first is None:
        whole &= spans["start"].dt.year >= years[0]
    if last is None:
        whole &= (spans["end"] - pd.Timedelta(days=1)).dt.year <= years[-1]
    return spans[whole].reset_index(drop=True)


def _stand_ins(
    shares: list[dict[int, float]], years: npt.NDArray[np.int64], *, nearest_year: bool
) -> dict[int, int]:
    """Return the year whose population serves for each year that the periods touch."""
    needed = sorted({year for share in shares for year in share})
    nearest = {year: int(years[np.abs(years - year).argmin()]) for year in needed}
    missing = [year for year in needed if nearest[year] != year]
    if not missing:
        return nearest
    listed = ", ".join(map(str, missing))
    if not nearest_year:
        raise ExposureError(
            f"there is no population for {listed}; it is known for {_ranges(years)}. Choose "
            "periods within these years, allow the nearest year to stand in (nearest_year=True), "
            "or give a population table that has them"
        )
    stand_in = ", ".join(f"{nearest[year]} for {year}" for year in missing)
    warnings.warn(
        f"there is no population for {listed}; the nearest year stands in: {stand_in}",
        ExposureWarning,
        stacklevel=3,
    )
    return nearest


def _origin(share: dict[int, float], stand_in: dict[int, int], origin_of: pd.Series) -> str:
    if any(stand_in[year] != year for year in share):
        return "nearest year"
    return str(origin_of[max(share)])


def _ranges(years: npt.NDArray[np.int64]) -> str:
    """Return years in words.

    Examples
    --------
    >>> _ranges(np.array([2015, 2016, 2017, 2020]))
    '2015 to 2017, 2020'
    """
    runs = np.split(years, np.flatnonzero(np.diff(years) != 1) + 1)
    return ", ".join(f"{r[0]} to {r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


def _codes(level: Level) -> list[str]:
    areas = shipped.areas()
    codes: list[str] = areas.loc[areas["level"] == level, "cvegeo"].tolist()
    return codes


@functools.cache
def _shipped(level: Level) -> pd.DataFrame:
    states = shipped.read_table("population-states-2015-2026.csv")
    states = states.astype({"year": "int64", "population": "float64"})
    if level == "state":
        origin = np.where(states["year"] < FIRST_PROJECTED, "estimated", "projected")
        return states.assign(origin=origin).astype(POPULATION.dtypes)
    counted = _census()
    # Multiplied first and divided once, so that the parts add up to the whole.
    joined = counted.merge(
        states.rename(columns={"cvegeo": "state"}), on="state", suffixes=("", "_state")
    )
    in_state = joined["state"].map(counted.groupby("state")["population"].sum())
    joined["population"] = joined["population"] * joined["population_state"] / in_state
    joined["origin"] = "apportioned"
    ordered = joined.sort_values(["cvegeo", "year"], ignore_index=True)
    return ordered[["cvegeo", "year", "population", "origin"]].astype(POPULATION.dtypes)


def census(codes: Sequence[str]) -> npt.NDArray[np.float64] | None:
    """Return the people of municipalities in the census of 2020; None if one is not in it.

    Examples
    --------
    >>> census(["25006", "25012"]).tolist(), census(["99999"])
    ([1003530.0, 501441.0], None)
    """
    people = _census().set_index("cvegeo")["population"].reindex(list(codes))
    return None if people.isna().any() else people.to_numpy(dtype=np.float64)


def _census() -> pd.DataFrame:
    table = shipped.read_table("population-census-2020.csv").astype({"population": "float64"})
    return table.assign(state=table["cvegeo"].str[:2])
