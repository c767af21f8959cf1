"""Figures by area in a file of the user's own: read cells, codes, years and numbers, or refuse.

What the tables of population and of other denominators share. A fault names its rows as the user
finds them: by line in a file, by position in a table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.cvegeo import DIGITS, Level, fold, normal_code
from geo.errors import AreaError, ExposureError, SourceError
from geo.sources import sniff, text

SHOWN = 8
"""How many rows or areas a message lists."""

CODE_SPELLINGS = (
    "cvegeo",
    "cve_geo",
    "clave",
    "cve_mun_geo",
    "clave_geo",
    "area",
    "codigo",
    "code",
)
YEAR_SPELLINGS = ("year", "ano", "anio")

_GROUPED = re.compile(r"\s*\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*\Z")
_MISSING = {"", "na", "n/a", "nan", "null", "none", "n/d", "*"}


class Place:
    """Names rows as the user finds them: by line in a file, by position in a table."""

    def __init__(self, name: str, rows: np.ndarray) -> None:
        self.name = name
        self.rows = rows

    def faults(self, bad: pd.Series, values: pd.Series) -> str:
        """Return where the bad rows are and what stands there, the first ones."""
        where = np.flatnonzero(bad.to_numpy(dtype=bool))
        listed = [f"row {self.rows[i]} {str(values.iloc[i])!r}" for i in where[:SHOWN]]
        more = f" and {len(where) - SHOWN} more" if len(where) > SHOWN else ""
        return f"{self.name}: {', '.join(listed)}{more}"


def read_cells(path: Path, *, kind: str, names: tuple[str, ...]) -> tuple[str, int, pd.DataFrame]:
    """Return a file's name, the number of its first row, and its cells.

    Parameters
    ----------
    path
        CSV, Parquet or XLSX.
    kind
        What the file is called in a message, as ``"population table"``.
    names
        Columns that it needs.

    Raises
    ------
    SourceError
        The file is not there, or not what its name says.
    """
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "text": lambda file: _read_csv(file, names),
        "parquet": pd.read_parquet,
        "xlsx": lambda file: _under_its_header(
            pd.read_excel(file, header=None, dtype="str", keep_default_na=False)
        ),
    }
    if not path.exists():
        raise SourceError(f"{path} does not exist; give the path of a {kind}")
    found = sniff.what_is(path)
    if found not in readers:
        raise SourceError(
            f"{path.name} is {sniff.NAMES.get(found, found)}; a {kind} is CSV, Parquet or "
            f"XLSX with the columns {_and(names)}"
        )
    try:
        return path.name, 1 if found == "parquet" else 2, readers[found](path)
    except (pa.ArrowException, pd.errors.ParserError, ValueError, csv.Error) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path.name} cannot be read as a table ({error})") from error


def _read_csv(path: Path, names: tuple[str, ...]) -> pd.DataFrame:
    content = "".join(text.text_blocks(text.examine(path)))
    header = content.partition("\n")[0]
    delimiter = max(",;\t|", key=header.count)
    rows = pd.read_csv(
        io.StringIO(content), sep=delimiter, header=None, dtype="str", keep_default_na=False
    )
    if rows.shape[1] < len(names):
        raise SourceError(
            f"{path.name} has the header {header.strip()[:80]!r}; expected columns "
            f"{_and(names)}, separated by comma, semicolon, tab or bar"
        )
    return _under_its_header(rows)


def _under_its_header(rows: pd.DataFrame) -> pd.DataFrame:
    # Left to itself, pandas would rename a column that occurs twice, and hide the fault.
    return rows.iloc[1:].set_axis(rows.iloc[0].astype("str").tolist(), axis=1)


def _and(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def find_columns(
    header: pd.Index, spellings: Mapping[str, tuple[str, ...]], name: str
) -> dict[str, str]:
    """Return which column of a table is which, as far as they are there.

    Raises
    ------
    SourceError
        Two columns have the same name.
    """
    keys = [(column, header_key(column)) for column in header]
    found: dict[str, str] = {}
    for wanted, known in spellings.items():
        # The first spelling that occurs wins; the same one twice is a fault.
        for spelling in known:
            matching = [column for column, key in keys if key == spelling]
            if len(matching) > 1:
                raise SourceError(f"{name} has {len(matching)} columns for {wanted}: {matching}")
            if matching:
                found[wanted] = matching[0]
                break
    return found


def header_key(column: object) -> str:
    """Return a header without case, accents and spaces.

    Examples
    --------
    >>> header_key("Año  Fiscal")
    'ano_fiscal'
    """
    return "_".join(fold(str(column)).replace("_", " ").split())


def codes_of(values: pd.Series, where: Place) -> tuple[Level, pd.Series]:
    """Return the level that the codes of a column are of, and the codes as INEGI writes them.

    Raises
    ------
    AreaError
        Some are no code of that level; all are named.
    """
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


def whole_years(values: pd.Series, where: Place) -> pd.Series:
    """Return the calendar years of a column.

    Raises
    ------
    ExposureError
        Some are none; all are named.
    """
    years = pd.to_numeric(values.astype("str").str.strip(), errors="coerce")
    bad = ~(years.between(1900, 2200) & (years % 1 == 0))
    if bad.any():
        raise ExposureError(
            f"{int(bad.sum())} rows have no calendar year: {where.faults(bad, values)}; a year is "
            "written as 2024"
        )
    return years.astype("int64")


def figures_of(values: pd.Series, where: Place, *, what: str) -> pd.Series:
    """Return the numbers of a column; blank ones are missing. `what` they are stands in a fault.

    Raises
    ------
    ExposureError
        Some are negative or no number; all are named.
    """
    if pd.api.types.is_numeric_dtype(values.dtype):
        figures, blank = values.astype("float64"), values.isna()
    else:
        cells = values.astype("str").str.strip()
        blank = values.isna() | cells.str.casefold().isin(_MISSING)
        grouped = cells.str.fullmatch(_GROUPED.pattern).fillna(value=False)
        plain = cells.where(~grouped, cells.str.replace(",", ""))
        figures = pd.to_numeric(plain, errors="coerce").astype("float64")
    bad = ~blank & ~(np.isfinite(figures) & (figures >= 0))
    if bad.any():
        raise ExposureError(
            f"{int(bad.sum())} rows have a {what} that is negative or no number: "
            f"{where.faults(bad, values)}; leave a figure that is not known blank"
        )
    return figures.where(~blank)
