"""A population table of the user's own: read it, mend what has one meaning, refuse the rest."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from geo.cvegeo import Level, fold
from geo.errors import AreaError, ExposureError, ExposureWarning, SourceError
from geo.schema import POPULATION
from geo.sources import shipped
from geo.sources.figure_table import (
    CODE_SPELLINGS,
    SHOWN,
    YEAR_SPELLINGS,
    Place,
    codes_of,
    figures_of,
    find_columns,
    read_cells,
    whole_years,
)

_HEADERS = {
    "cvegeo": CODE_SPELLINGS,
    "year": YEAR_SPELLINGS,
    "population": ("population", "poblacion", "pob", "pob_total", "pobtot", "pob_mit_mun"),
}


def read_population(source: str | os.PathLike[str] | pd.DataFrame) -> tuple[pd.DataFrame, Level]:
    """Return the user's table as a ``POPULATION`` table, and the level its codes are of.

    Headers are found whatever their case or accents (``Año``, ``CVEGEO``, ``POB_TOTAL``); codes
    may have lost their leading zeros. A blank figure is a missing one: its row is left out.

    Parameters
    ----------
    source
        CSV, Parquet or XLSX file, or a table in memory.

    Raises
    ------
    SourceError
        The file is not what its name says, or lacks a column.
    AreaError
        A code is not INEGI's, or the codes are of both levels.
    ExposureError
        A figure is negative or not a number, a year is none, or an area has two figures for a
        year. All such rows are named at once.

    Examples
    --------
    >>> table = pd.DataFrame({"CVEGEO": [1001], "Año": [2020], "Población": ["948,990"]})
    >>> read_population(table)[0].to_csv(index=False).splitlines()
    ['cvegeo,year,population,origin', '01001,2020,948990.0,given']
    """
    name, first_row, raw = (
        ("the table", 0, source)
        if isinstance(source, pd.DataFrame)
        else read_cells(Path(source), kind="population table", names=tuple(_HEADERS))
    )
    columns = _columns(raw.columns, name)
    if raw.empty:
        raise ExposureError(f"{name} holds no rows; a population needs cvegeo, year, population")
    rows = np.arange(len(raw)) + first_row
    where = Place(name, rows)
    level, codes = codes_of(raw[columns["cvegeo"]], where)
    years = whole_years(raw[columns["year"]], where)
    people = figures_of(raw[columns["population"]], where, what="population")
    frame = pd.DataFrame(
        {"cvegeo": codes, "year": years, "population": people, "origin": "given"}
    ).astype(POPULATION.dtypes)
    _refuse_twins(frame, where, raw.columns)
    known = frame["population"].notna()
    if not known.any():
        raise ExposureError(f"{name} holds no figure at all: every population in it is blank")
    ordered = frame[known].sort_values(["cvegeo", "year"], ignore_index=True)
    return ordered, level


def on_shipped_areas(table: pd.DataFrame) -> pd.DataFrame:
    """Return a municipal table on the 2,465 areas of the boundaries.

    The people of a municipality made since 2019 are added to the one it was part of, with a
    warning. Where the parent itself has no figure, there is none: a part is not the whole.

    Raises
    ------
    AreaError
        A code is of no municipality, of 2019 or later.
    """
    areas = shipped.areas()
    known = set(areas.loc[areas["level"] == "municipality", "cvegeo"])
    parents = shipped.splits().set_index("cvegeo")["parent"]
    later = table["cvegeo"].isin(parents.index) & ~table["cvegeo"].isin(known)
    if strange := sorted(set(table.loc[~later, "cvegeo"]) - known):
        raise AreaError(
            f"{len(strange)} codes are of no municipality: {_listed(strange)}; INEGI's codes run "
            "from 01001 to 32058"
        )
    if not later.any():
        return table
    children = table[later]
    whole = pd.MultiIndex.from_frame(table.loc[~later, ["cvegeo", "year"]])
    moved = children.assign(cvegeo=children["cvegeo"].map(parents).astype("str"))
    kept = pd.MultiIndex.from_frame(moved[["cvegeo", "year"]]).isin(whole)
    pairs = [f"{code} to {parents[code]}" for code in sorted(set(children["cvegeo"]))]
    _warn(
        f"{len(pairs)} municipalities made after the boundaries of September 2019 are counted with "
        f"the one they were part of: {_listed(pairs)}"
    )
    joined = pd.concat([table[~later], moved[kept]], ignore_index=True)
    summed = joined.groupby(["cvegeo", "year"], as_index=False, sort=True)["population"].sum()
    return summed.assign(origin="given").astype(POPULATION.dtypes)


def state_sums(table: pd.DataFrame) -> pd.DataFrame:
    """Return the sums by state and year of a municipal table, only where no area is missing.

    Raises
    ------
    ExposureError
        No state is complete in any year.
    """
    areas = shipped.areas()
    members = areas.loc[areas["level"] == "municipality", "cve_ent"].value_counts()
    state = table["cvegeo"].str[:2].rename("cvegeo")
    sums = table.groupby([state, "year"])["population"].agg(["sum", "size"]).reset_index()
    complete = sums["size"] == sums["cvegeo"].map(members)
    if not complete.any():
        raise ExposureError(
            "the population table is complete for no state, so it gives no state a population; "
            "give all municipalities of a state, or a table of states"
        )
    found = sums[complete].rename(columns={"sum": "population"}).assign(origin="given")
    return found[["cvegeo", "year", "population", "origin"]].reset_index(drop=True)


def warn_of_gaps(table: pd.DataFrame, codes: Iterable[str]) -> None:
    """Warn of areas that the table has not at all, or not in all of its years."""
    years = sorted(set(table["year"]))
    counts = table["cvegeo"].value_counts().reindex(list(codes), fill_value=0)
    lacking = counts[counts < len(years)].index.tolist()
    if lacking:
        _warn(
            f"{len(lacking)} areas have no population in at least one year of {years[0]} to "
            f"{years[-1]} and get no rate there: {_listed(lacking)}"
        )


def _columns(header: pd.Index, name: str) -> dict[str, str]:
    """Return which column of the table is which."""
    found = find_columns(header, _HEADERS, name)
    if lacking := [wanted for wanted in _HEADERS if wanted not in found]:
        raise SourceError(
            f"{name} has no column {' and no column '.join(lacking)}; it has "
            f"{', '.join(map(str, header[:20]))}; rename the right ones to cvegeo, year, population"
        )
    return found


def _refuse_twins(frame: pd.DataFrame, where: Place, header: pd.Index) -> None:
    twins = frame.duplicated(["cvegeo", "year"], keep=False)
    if not twins.any():
        return
    by_sex = any(fold(str(column)) in ("sexo", "sex") for column in header)
    cure = "add the rows of both sexes first" if by_sex else "keep one row an area and year"
    keys = frame["cvegeo"] + " in " + frame["year"].astype("str")
    raise ExposureError(
        f"{int(twins.sum())} rows give an area a second population for the same year: "
        f"{where.faults(twins, keys)}; {cure}"
    )


def _listed(things: list[str]) -> str:
    more = f" and {len(things) - SHOWN} more" if len(things) > SHOWN else ""
    return ", ".join(things[:SHOWN]) + more


def _warn(message: str) -> None:
    warnings.warn(message, ExposureWarning, stacklevel=3)
