"""Gather the records of one file, batch by batch, as columns of text.

Every record gets its number here, whole or not, in the order of the file. So the records that
came out whole and those that were rejected always add up to what the file holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geo.errors import SourceError

REASONS = {
    "too_many_fields": "more fields than the header has names",
    "too_few_fields": "fewer fields than the header has names",
    "swallowed_lines": "quotes that run over line ends and hold what looks like further rows",
    "stray_quote": "a closing quote that is followed by more text",
    "unclosed_quote": "a quote that is never closed",
    "nul_byte": "a NUL byte inside the record",
    "cell_too_long": "a cell of more than 1 MB",
    "repeated_header": "the header once more",
    "cut": "the file ends inside the record",
    "not_a_point": "a geometry that is not one point",
    "not_finite": "coordinates that are no numbers or cannot be projected to degrees",
}
"""Why a record is not whole: the words of the column ``reason``, explained."""

CELL_LIMIT = 1_000_000
"""Longest cell, in characters."""

COLUMN_LIMIT = 10_000
"""Most columns of one file."""

SHOWN = 200
"""Characters of a rejected record that are kept."""

ColumnChoice = Collection[str] | Callable[[list[str]], list[str]] | None

_TEXT = pa.large_string()
_REJECTED = {"record": "int64", "line": "int64", "reason": "str", "column": "str", "value": "str"}


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """What one reader got out of a file: whole records, places, and records that are not whole."""

    frame: pd.DataFrame
    line: npt.NDArray[np.int64]
    rejected: pd.DataFrame
    physical_lines: int
    repairs: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


def shown(text: object, limit: int = 60) -> str:
    r"""Return `text` fit for a message: control characters spelled out, cut with a mark.

    Examples
    --------
    >>> shown("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    >>> shown("abcdef", limit=4)
    'abc…'
    """
    visible = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode()
        for c in str(text)[: limit + 1]
    )
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


def choose_columns(header: Sequence[str], columns: ColumnChoice, name: str) -> list[int]:
    """Return the positions of the columns to keep, in the order of the file.

    Parameters
    ----------
    header
        Names of all columns.
    columns
        Names to keep, a function that picks them from the header, or None for all.
    name
        Name of the file, for messages.

    Raises
    ------
    SourceError
        If a name that is to be kept is missing or stands twice, or if the columns are too many.

    Examples
    --------
    >>> choose_columns(["id", "notes", "date"], {"date", "id"}, "a.csv")
    [0, 2]
    """
    if len(header) > COLUMN_LIMIT:
        raise SourceError(
            f"{name} has {len(header):,} columns; at most {COLUMN_LIMIT:,} are read. "
            "Leave out the columns that are not needed and save it again."
        )
    if columns is None:
        wanted = set(header)
    else:
        wanted = set(columns(list(header)) if callable(columns) else columns)
    if missing := sorted(wanted - set(header)):
        there = ", ".join(shown(column) for column in header[:40])
        raise SourceError(
            f"{name} has no column {', '.join(map(repr, map(shown, missing)))}; it has: {there}"
        )
    times = Counter(header)
    if twice := sorted({column for column in wanted if times[column] > 1}):
        places = "; ".join(
            f"{shown(column)!r} in columns "
            + " and ".join(str(i + 1) for i, other in enumerate(header) if other == column)
            for column in twice
        )
        raise SourceError(
            f"{name} has the same column name more than once: {places}. "
            "Rename or delete all but one of each."
        )
    return [i for i, column in enumerate(header) if column in wanted]


class Gatherer:
    """Collect batches of records and number them.

    Parameters
    ----------
    header
        Names of all columns of the file.
    keep
        Positions of the columns to keep (:func:`choose_columns`).
    before
        Records of the file that come before the first.
    """

    def __init__(self, header: Sequence[str], keep: Sequence[int], *, before: int = 0) -> None:
        self.header = list(header)
        self.keep = list(keep)
        self.count = self._taken = before
        self._clear()

    def _clear(self) -> None:
        self._chunks: list[list[pa.Array]] = [[] for _ in self.keep]
        self._records: list[npt.NDArray[np.int64]] = []
        self._lines: list[npt.NDArray[np.int64]] = []
        self._rejected: list[tuple[int, int, str, str, str]] = []

    @property
    def waiting(self) -> int:
        """How many records were counted since the last were taken."""
        return self.count - self._taken

    def take(self) -> Gathered:
        """Return the records that were counted since the last were taken, and let go of them."""
        taken = self.finish(physical_lines=0)
        self._taken = self.count
        self._clear()
        return taken

    def reject(self, line: int, reason: str, value: str, column: str = "") -> None:
        """Count a record that is not whole."""
        if reason not in REASONS:
            raise ValueError(f"unknown reason {reason!r}")
        self.count += 1
        cut = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
        self._rejected.append((self.count, line, reason, column, _storable(cut)))

    def add_rows(self, rows: Sequence[Sequence[str]], lines: npt.ArrayLike) -> None:
        """Count whole records, given as rows of *all* columns."""
        if not rows:
            return
        columns = list(zip(*rows, strict=True))
        self.add_columns([_text_array(columns[i]) for i in self.keep], lines)

    def add_columns(self, arrays: Sequence[pa.Array], lines: npt.ArrayLike) -> None:
        """Count whole records, given as Arrow text arrays of the columns to *keep*."""
        place = np.asarray(lines, dtype=np.int64)
        for chunks, array in zip(self._chunks, arrays, strict=True):
            chunks.append(array)
        self._records.append(np.arange(self.count + 1, self.count + 1 + len(place)))
        self._lines.append(place)
        self.count += len(place)

    def finish(
        self, *, physical_lines: int, repairs: Sequence[str] = (), **about: str | None
    ) -> Gathered:
        """Return everything that was collected.

        The chunks of a column are joined and freed one column at a time, so that the peak stays
        one column above the result.
        """
        data: dict[str, Any] = {}
        for position, column in enumerate(self.keep):
            chunks, self._chunks[position] = self._chunks[position], []
            data[self.header[column]] = _pandas_text(chunks)
        record = np.concatenate([*self._records, np.empty(0, np.int64)])
        frame = pd.DataFrame(data, index=pd.Index(record, name="record"), copy=False)
        frame.columns = frame.columns.astype("str")
        rejected = pd.DataFrame(self._rejected, columns=list(_REJECTED)).astype(_REJECTED)
        return Gathered(
            frame=frame,
            line=np.concatenate([*self._lines, np.empty(0, np.int64)]),
            rejected=rejected,
            physical_lines=physical_lines,
            repairs=tuple(repairs),
            **about,
        )


def _text_array(cells: Sequence[str]) -> pa.Array:
    try:
        return pa.array(cells, type=_TEXT)
    except UnicodeEncodeError:
        return pa.array([_storable(cell) for cell in cells], type=_TEXT)


def _storable(text: str) -> str:
    """Return `text` with lone surrogates replaced: no encoding can hold them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _pandas_text(chunks: list[pa.Array]) -> pd.api.extensions.ExtensionArray:
    whole = pa.concat_arrays(chunks) if chunks else pa.array([], type=_TEXT)
    return pd.arrays.ArrowStringArray(
        pa.chunked_array([whole]), dtype=pd.StringDtype("pyarrow", na_value=np.nan)
    )
