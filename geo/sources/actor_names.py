"""A table of names of the user's own: what groups are called, since when, and what they became."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pandas as pd

from geo.cvegeo import fold
from geo.errors import PeriodError, SettingsError, SourceError
from geo.periods import day
from geo.schema import ACTOR_NAMES
from geo.sources import sniff, text

COLUMNS = tuple(column.name for column in ACTOR_NAMES.columns)
_SHOWN = 8


def read_actor_names(source: str | os.PathLike[str] | pd.DataFrame) -> pd.DataFrame:
    r"""Return the user's ``actors.csv`` as an ``ACTOR_NAMES`` table.

    A row says that between two days (both included; empty is open) the data's `alias` means the
    group `name`. A `successor` says that the group went on under that name; a group that splits
    has a row for each of its parts. A row without an alias only names a successor.

    Parameters
    ----------
    source
        CSV file (comma, semicolon or tab) with the columns name, alias, from, to and successor in
        any order, or a table in memory. Only `name` must be there.

    Raises
    ------
    SourceError
        The file is no such table.
    SettingsError
        Rows that cannot be meant, all of them at once.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["Group A"], "alias": ["A (splinter)"], "to": ["2024-09-08"]})
    >>> read_actor_names(table).to_csv(index=False).splitlines()
    ['name,alias,from,to,successor', 'Group A,A (splinter),,2024-09-08,']
    """
    if isinstance(source, pd.DataFrame):
        where, first_row, raw = "the table of names", 0, source
    else:
        where, first_row, raw = Path(source).name, 2, _read(Path(source))
    cells = _named_columns(raw, where)
    faults: list[str] = []
    frame = pd.DataFrame(
        {
            "name": cells["name"],
            "alias": cells["alias"],
            "from": _days(cells["from"], first_row, "from", faults),
            "to": _days(cells["to"], first_row, "to", faults),
            "successor": cells["successor"],
        }
    ).astype(ACTOR_NAMES.dtypes)
    rows = frame.index + first_row
    for number, row in zip(rows, frame.itertuples(index=False), strict=True):
        name, alias, begin, end, successor = row
        if pd.isna(name):
            faults.append(f"row {number}: 'name' is empty")
        elif pd.isna(alias) and pd.isna(successor):
            faults.append(f"row {number}: {name!r} has neither an alias nor a successor")
        if begin > end:
            faults.append(f"row {number}: it ends ({end.date()}) before it begins ({begin.date()})")
    if faults:
        more = f"\n- and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise SettingsError(f"{where} cannot be used:\n- " + "\n- ".join(faults[:_SHOWN]) + more)
    return frame


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise SourceError(f"{path} does not exist; give the path of a table of actor names")
    if (kind := sniff.what_is(path)) != "text":
        raise SourceError(
            f"{path.name} is {sniff.NAMES.get(kind, kind)}; a table of actor names is CSV with the "
            f"columns {', '.join(COLUMNS)}"
        )
    content = "".join(text.text_blocks(text.examine(path)))
    delimiter = max(",;\t", key=content.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SourceError(f"{path.name} cannot be read as CSV ({error})") from error
    header, rows = (lines[0], lines[1:]) if lines else ([], [])
    wide = [number for number, row in enumerate(rows, start=2) if len(row) > len(header)]
    if wide:
        raise SourceError(
            f"{path.name}: row {wide[0]} has more fields than the header ({len(header)}); put "
            "names that hold the delimiter in quotes"
        )
    filled = [row + [""] * (len(header) - len(row)) for row in rows]
    frame = pd.DataFrame(filled, columns=pd.Index(header), dtype="str")
    # The row numbers of a message are those of the file, so empty lines are dropped only now.
    return frame[frame.astype("str").apply(lambda row: row.str.strip().ne("").any(), axis=1)]


def _named_columns(raw: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the five columns as trimmed text; blank cells are missing."""
    keys = [fold(str(column)) for column in raw.columns]
    strange = [str(c) for c, key in zip(raw.columns, keys, strict=True) if key not in COLUMNS]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if "name" not in keys or strange or twice:
        raise SourceError(
            f"{where} has the columns {', '.join(map(str, raw.columns)) or '(none)'}; expected "
            f"{', '.join(COLUMNS)}, each once, of which only 'name' must be there"
        )
    cells = raw.set_axis(keys, axis=1).reindex(columns=list(COLUMNS)).astype("str")
    trimmed = cells.apply(lambda column: column.str.strip())
    return trimmed.where(trimmed.ne("") & trimmed.notna())


def _days(cells: pd.Series, first_row: int, name: str, faults: list[str]) -> pd.Series:
    days = []
    for number, cell in zip(cells.index + first_row, cells, strict=True):
        try:
            days.append(pd.NaT if pd.isna(cell) else day(cell))
        except PeriodError as error:
            faults.append(f"row {number}: '{name}' {error}")
            days.append(pd.NaT)
    return pd.Series(days, index=cells.index, dtype="datetime64[us]")
