"""A figure of the user's own by area, over which events are counted in place of people."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd

from geo.cvegeo import Level
from geo.errors import SourceError
from geo.sources.figure_table import (
    CODE_SPELLINGS,
    YEAR_SPELLINGS,
    Place,
    codes_of,
    figures_of,
    find_columns,
    header_key,
    read_cells,
    whole_years,
)

_HEADERS = {
    "cvegeo": CODE_SPELLINGS,
    "year": YEAR_SPELLINGS,
    "period": ("period", "periodo"),
}
_NAMES = {"name", "nombre", "nom_mun", "nom_ent", "state_name", "source", "fuente"}
"""Columns that name an area or a source, and are no figure."""


def read_denominator(
    path: str | os.PathLike[str], column: str | None = None
) -> tuple[pd.DataFrame, str, Level]:
    """Return the figures of a file, the name of their column, and the level of their codes.

    Parameters
    ----------
    path
        CSV, Parquet or XLSX with codes of areas, a figure, and a year or a period where the
        figure changes. Headers are found whatever their case or accents.
    column
        The column of the figure; may be left out where there is only one.

    Returns
    -------
    DataFrame
        ``cvegeo``; ``year`` or ``period``, where the file has it; and the figure, under the
        name of its column. A blank figure is missing.
    str
        The name of that column.
    Level
        ``state`` or ``municipality``.

    Raises
    ------
    SourceError
        The file cannot be read, lacks the column, or has several that may be meant.
    AreaError, ExposureError
        A code, a year or a figure is none; all such rows are named.
    """
    name, first_row, raw = read_cells(
        Path(path), kind="table of a denominator", names=("cvegeo", "the figure")
    )
    columns = find_columns(raw.columns, _HEADERS, name)
    if "cvegeo" not in columns:
        raise SourceError(
            f"{name} has no column cvegeo; it has {', '.join(map(str, raw.columns[:20]))}; rename "
            "the one with the codes of the areas"
        )
    if {"year", "period"} <= set(columns):
        raise SourceError(f"{name} has a year and a period; keep the one that the figures go by")
    figure = _figure(raw.columns, column, set(columns.values()), name)
    where = Place(name, np.arange(len(raw)) + first_row)
    level, codes = codes_of(raw[columns["cvegeo"]], where)
    table = pd.DataFrame({"cvegeo": codes.astype("str")})
    if "year" in columns:
        table["year"] = whole_years(raw[columns["year"]], where)
    if "period" in columns:
        table["period"] = raw[columns["period"]].astype("str").str.strip()
    table[figure] = figures_of(raw[figure], where, what=figure)
    return table.reset_index(drop=True), figure, level


def _figure(header: pd.Index, column: str | None, taken: set[str], name: str) -> str:
    """Return the column of the figure: the one asked for, or the only one there may be."""
    free = [str(other) for other in header if other not in taken]
    if column is None:
        free = [other for other in free if header_key(other) not in _NAMES]
        if len(free) != 1:
            raise SourceError(
                f"{name} has {len(free)} columns that may be the denominator: "
                f"{', '.join(free[:20]) or 'none'}; name one (--denominator-column)"
            )
        return free[0]
    same = [other for other in free if header_key(other) == header_key(column)]
    if len(same) != 1:
        raise SourceError(
            f"{name} has {len(same)} columns named {column!r}; it has {', '.join(free[:20])}"
        )
    return same[0]
