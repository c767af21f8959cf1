"""A population table of the user's own: read it, mend what has one meaning, refuse the rest."""

from __future__ import annotations

import csv
import io
import os
import re
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.cvegeo import DIGITS, Level, fold, normal_code
from geo.errors import AreaError, ExposureError, ExposureWarning, SourceError
from geo.schema import POPULATION
from geo.sources import shipped, sniff, text

SHOWN = 8
"""How many rows or areas a message lists."""

_HEADERS = {
    "cvegeo": ("cvegeo", "cve_geo", "clave", "cve_mun_geo", "clave_geo", "area", "codigo", "code"),
    "year": ("year", "ano", "anio"),
    "population": ("population", "poblacion", "pob", "pob_total", "pobtot", "pob_mit_mun"),
}
_GROUPED = re.compile(r"\s*\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*\Z")
_MISSING = {"", "na", "n/a", "nan", "null", "none", "n/d", "*"}


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
        ("the table", 0, source) if isinstance(source, pd.DataFrame) else _read(Path(source))
    )
    columns = _columns(raw.columns, name)
    if raw.empty:
        raise ExposureError(f"{name} holds no rows; a population needs cvegeo, year, population")
    rows = np.arange(len(raw)) + first_row
    where = _Place(name, rows)
    level, codes = _codes(raw[columns["cvegeo"]], where)
    years = _whole_years(raw[columns["year"]], where)
    people = _people(raw[columns["population"]], where)
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


class _Place:
    """Names rows as the user finds them: by line in a file, by position in a table."""

    def __init__(self, name: str, rows: np.ndarray) -> None:
        self.name = name
        self.rows = rows

    def faults(self, bad: pd.Series, values: pd.Series) -> str:
        where = np.flatnonzero(bad.to_numpy(dtype=bool))
        listed = [f"row {self.rows[i]} {str(values.iloc[i])!r}" for i in where[:SHOWN]]
        more = f" and {len(where) - SHOWN} more" if len(where) > SHOWN else ""
        return f"{self.name}: {', '.join(listed)}{more}"


def _read(path: Path) -> tuple[str, int, pd.DataFrame]:
    """Return a file's name, the number of its first row, and its cells."""
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "text": _read_csv,
        "parquet": pd.read_parquet,
        "xlsx": lambda file: _under_its_header(
            pd.read_excel(file, header=None, dtype="str", keep_default_na=False)
        ),
    }
    if not path.exists():
        raise SourceError(f"{path} does not exist; give the path of a population table")
    kind = sniff.what_is(path)
    if kind not in readers:
        raise SourceError(
            f"{path.name} is {sniff.NAMES.get(kind, kind)}; a population table is CSV, Parquet or "
            "XLSX with the columns cvegeo, year and population"
        )
    try:
        return path.name, 1 if kind == "parquet" else 2, readers[kind](path)
    except (pa.ArrowException, pd.errors.ParserError, ValueError, csv.Error) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path.name} cannot be read as a table ({error})") from error


def _read_csv(path: Path) -> pd.DataFrame:
    content = "".join(text.text_blocks(text.examine(path)))
    header = content.partition("\n")[0]
    delimiter = max(",;\t|", key=header.count)
    rows = pd.read_csv(
        io.StringIO(content), sep=delimiter, header=None, dtype="str", keep_default_na=False
    )
    if rows.shape[1] < len(_HEADERS):
        raise SourceError(
            f"{path.name} has the header {header.strip()[:80]!r}; expected columns cvegeo, year "
            "and population, separated by comma, semicolon, tab or bar"
        )
    return _under_its_header(rows)


def _under_its_header(rows: pd.DataFrame) -> pd.DataFrame:
    # Left to itself, pandas would rename a column that occurs twice, and hide the fault.
    return rows.iloc[1:].set_axis(rows.iloc[0].astype("str").tolist(), axis=1)


def _columns(header: pd.Index, name: str) -> dict[str, str]:
    """Return which column of the table is which."""
    keys = [(column, "_".join(fold(str(column)).replace("_", " ").split())) for column in header]
    found: dict[str, str] = {}
    for wanted, spellings in _HEADERS.items():
        # The first spelling that occurs wins; the same one twice is a fault.
        for spelling in spellings:
            matching = [column for column, key in keys if key == spelling]
            if len(matching) > 1:
                raise SourceError(f"{name} has {len(matching)} columns for {wanted}: {matching}")
            if matching:
                found[wanted] = matching[0]
                break
    if lacking := [wanted for wanted in _HEADERS if wanted not in found]:
        raise SourceError(
            f"{name} has no column {' and no column '.join(lacking)}; it has "
            f"{', '.join(map(str, header[:20]))}; rename the right ones to cvegeo, year, population"
        )
    return found


def _codes(values: pd.Series, where: _Place) -> tuple[Level, pd.Series]:
    trimmed = values.astype("str").str.strip()
    lengths = trimmed.str.replace(r"\.0*\Z", "", regex=True).str.len()
    level: Level = "state" if lengths.max() <= DIGITS["state"] else "municipality"
    codes: dict[str, str] = {}
    for value in trimmed.unique():
        try:
            codes[value] = normal_code(value, level)
        except AreaError:
            continue
    found = trimmed.map(codes)
    if (bad := found.isna()).any():
        raise AreaError(
            f"{int(bad.sum())} rows have no code of a {level}: {where.faults(bad, values)}; leave "
            "out sums and rows of unplaced people (000, 998, 999), and keep the levels apart"
        )
    return level, found


def _whole_years(values: pd.Series, where: _Place) -> pd.Series:
    years = pd.to_numeric(values.astype("str").str.strip(), errors="coerce")
    bad = ~(years.between(1900, 2200) & (years % 1 == 0))
    if bad.any():
        raise ExposureError(
            f"{int(bad.sum())} rows have no calendar year: {where.faults(bad, values)}; a year is "
            "written as 2024"
        )
    return years.astype("int64")


def _people(values: pd.Series, where: _Place) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values.dtype):
        people, blank = values.astype("float64"), values.isna()
    else:
        cells = values.astype("str").str.strip()
        blank = values.isna() | cells.str.casefold().isin(_MISSING)
        grouped = cells.str.fullmatch(_GROUPED.pattern).fillna(value=False)
        plain = cells.where(~grouped, cells.str.replace(",", ""))
        people = pd.to_numeric(plain, errors="coerce").astype("float64")
    bad = ~blank & ~(np.isfinite(people) & (people >= 0))
    if bad.any():
        raise ExposureError(
            f"{int(bad.sum())} rows have a population that is negative or no number: "
            f"{where.faults(bad, values)}; leave a figure that is not known blank"
        )
    return people.where(~blank)


def _refuse_twins(frame: pd.DataFrame, where: _Place, header: pd.Index) -> None:
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
