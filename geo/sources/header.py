"""Find the line with the column names, which need not be the first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from geo.errors import SourceError
from geo.sources.gather import shown

_NUMBER = re.compile(r"[+\-−]?[\d.,'\s]*\d[\d.,'\s]*([eE][+-]?\d+)?%?")
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")
_DATE = re.compile(r"\d{1,4}[-/. ]([A-Za-zé.]+|\d{1,2})[-/. ]\d{1,4}([T ][\d:.,Z+-]+)?")
_BLANK = "\ufeff\u200b\u200c\u200d\u2060"
_RUNS = (
    (re.compile(r"[0-9]+"), "9"),
    (re.compile(r"[A-ZÁÉÍÓÚÜÑ]+"), "A"),
    (re.compile(r"[a-záéíóúüñ]+"), "a"),
)
_TITLES = 40
"""Rows among which a header is looked for."""


def find_header(rows: Sequence[Sequence[str]], lines: Sequence[int], *, is_exact: bool) -> int:
    """Return the position of the header among the first rows of a file.

    It is the first row as wide as most of the rows. What stands above it, a title, must be
    narrower.

    Parameters
    ----------
    rows
        The first rows of the file, blank ones left out.
    lines
        Line of each row, for messages.
    is_exact
        Whether every row has as many fields as the header (CSV), or may end early (workbooks).

    Raises
    ------
    SourceError
        If no row can be the header or two can.

    Examples
    --------
    >>> rows = [["Events of 2024"], ["id", "date"], ["7", "2024-01-05"], ["8", "2024-01-06"]]
    >>> find_header(rows, [1, 3, 4, 5], is_exact=True)
    1
    """
    width = _common_width(rows)
    fits = [
        i
        for i, row in enumerate(rows)
        if (len(row) == width if is_exact else len(row) >= width) and _filled(row) * 2 >= width
    ]
    if not fits:
        raise _differ(lines[0], len(rows[0]), width)
    first = fits[0]
    if above := _rivals_above(rows, first, fits, width, is_exact=is_exact):
        raise _differ(lines[above[-1]], len(rows[above[-1]]), width)
    if not _can_be_names(rows[first]):
        later = [i for i in fits[1:_TITLES] if _are_names(rows[i])]
        advice = (
            f"The header may be line {lines[later[0]]:,}: then delete what stands above it."
            if later
            else "Write a first line with the column names."
        )
        example = next((c for c in rows[first] if c.strip() and not _can_be_name(c)), "")
        raise SourceError(
            f"line {lines[first]:,} looks like a record, not like column names "
            f"(it holds {shown(example)!r}). {advice}"
        )
    if first + 1 in fits and _is_rival(rows, first, fits):
        raise SourceError(
            f"the header can be line {lines[first]:,} or line {lines[first + 1]:,}: both hold "
            "names and no line after them does. Delete the one that is not the header."
        )
    return first


def clean_names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return column names without padding, and what was repaired.

    A column without a name is called by its position, so that its cells stay where they are.

    Examples
    --------
    >>> clean_names([" id ", "", "date"])
    (['id', 'column 2', 'date'], ['spaces around 1 column names left out', 'column 2 has no name'])
    """
    names, repairs, padded = [], [], 0
    for position, cell in enumerate(cells, 1):
        name = cell.strip(_BLANK).strip().strip(_BLANK)
        padded += bool(name) and name != cell
        if not name:
            name = f"column {position}"
            repairs.append(f"{name} has no name")
        names.append(name)
    if len(repairs) > 5:
        repairs = [*repairs[:5], f"and {len(repairs) - 5} more have no name"]
    if padded:
        repairs.insert(0, f"spaces around {padded} column names left out")
    return names, repairs


def shape_of(cell: str) -> str:
    """Return the pattern of a cell: digits as 9, capitals as A, other letters as a.

    Examples
    --------
    >>> shape_of("MEX12345"), shape_of("2024-01-31")
    ('A9', '9-9-9')
    """
    shape = cell[:40].strip()
    for run, sign in _RUNS:
        shape = run.sub(sign, shape)
    return shape


def _common_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the most common width; of equally common ones that of the first row of names."""
    times = Counter(len(row) for row in rows)
    most = max(times.values())
    tied = {width for width, n in times.items() if n == most}
    for row in rows:
        if len(row) in tied and len(row) > 1 and _are_names(row):
            return len(row)
    return max(tied)


def _is_rival(rows: Sequence[Sequence[str]], first: int, fits: Sequence[int]) -> bool:
    """Return whether the row after the header could as well be the header."""
    second = rows[first + 1]
    after = [rows[i] for i in fits if i > first + 1]
    return (
        _are_names(rows[first])
        and _are_names(second)
        and list(second) != list(rows[first])
        and len(after) >= 2
        and not any(_can_be_names(row) for row in after)
        and shape_of(second[0]) not in {shape_of(row[0]) for row in after}
    )


def _rivals_above(
    rows: Sequence[Sequence[str]], first: int, fits: Sequence[int], width: int, *, is_exact: bool
) -> list[int]:
    """Return the rows above the header that are more than titles.

    A row with half as many names can be a header that lacks some, unless the one below it
    differs clearly from all records.
    """
    wider = [i for i in range(first) if is_exact and len(rows[i]) > width]
    below = [rows[i] for i in fits if i > first]
    is_clear = not any(_can_be_names(row) for row in below) and (
        shape_of(rows[first][0]) not in {shape_of(row[0]) for row in below}
    )
    if is_clear and _can_be_names(rows[first]):
        return wider
    return wider or [
        i
        for i in range(first)
        if len(rows[i]) > 1 and _filled(rows[i]) * 2 >= width and _can_be_names(rows[i])
    ]


def _differ(line: int, names: int, width: int) -> SourceError:
    return SourceError(
        f"the header in line {line:,} has {names} names, but most rows have {width} fields. "
        "It is not said which name belongs to which field: add or delete names until they agree."
    )


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _can_be_name(cell: str) -> bool:
    cell = cell.strip()
    return bool(_YEAR.fullmatch(cell)) or not (_NUMBER.fullmatch(cell) or _DATE.fullmatch(cell))


def _can_be_names(row: Sequence[str]) -> bool:
    return all(_can_be_name(cell) for cell in row if cell.strip())


def _are_names(row: Sequence[str]) -> bool:
    """Return whether a row can hardly be anything but column names."""
    return (
        all(cell.strip()[:1].isalpha() for cell in row)
        and len({cell.strip().casefold() for cell in row}) == len(row)
        and _can_be_names(row)
    )
