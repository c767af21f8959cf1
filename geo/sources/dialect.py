"""Find the delimiter of a text table and the line of its header."""

from __future__ import annotations

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import SettingsError, SourceError
from geo.sources.gather import COLUMN_LIMIT, shown
from geo.sources.header import find_header

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}
SAMPLE_ROWS = 1000
_SHARE = 0.8
_SEP = re.compile(r"\"?sep=(.)\"?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the lines of a file become records.

    ``delimiter`` is None in a file of one column. ``header_line`` is the physical line, from 1.
    """

    delimiter: str | None
    header_line: int
    repairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file as one delimiter makes it."""

    delimiter: str
    width: int
    share: float
    skipped: int
    line: int

    def beats(self, other: _Reading) -> bool:
        """Return whether this reading is the better one without a doubt."""
        if (self.share, self.skipped) == (other.share, other.skipped):
            return self.width > other.width
        return self.share >= other.share and self.skipped <= other.skipped


def find_dialect(
    lines: Sequence[str], name: str, *, delimiter: str | None = None, is_whole: bool = True
) -> Dialect:
    r"""Return delimiter and header line of a file that begins with `lines`.

    Of comma, semicolon, tab and ``|`` the one is chosen under which the rows below the header
    are all equally long; the line ``sep=;`` that Excel writes decides at once.

    Parameters
    ----------
    lines
        Physical lines with their ends.
    name
        Name of the file, for messages.
    delimiter
        The delimiter, where the user knows it.
    is_whole
        Whether `lines` is all that the file holds.

    Raises
    ------
    SourceError
        If there are no rows, if two delimiters are possible, or none; if the header is not clear.

    Examples
    --------
    >>> find_dialect(["id;lat\n", "7;19,4\n", "8;20,1\n"], "a.csv")
    Dialect(delimiter=';', header_line=1, repairs=('delimiter is semicolon',))
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise SettingsError(f"a delimiter is one character, not {shown(delimiter)!r}")
    start, repairs = 0, []
    if lines and (match := _SEP.fullmatch(lines[0])):
        start = 1
        delimiter = delimiter or match[1]
        repairs.append("first line 'sep=' left out")
    asked = [delimiter] if delimiter is not None else list(DELIMITERS)
    rows_of = {d: _rows(lines, start, d, is_whole=is_whole) for d in asked}
    # A line of tabs is a row to all delimiters but the tab.
    rows_of = {d: found for d, found in rows_of.items() if found[0]}
    if not rows_of:
        raise SourceError(f"{name} has no rows: it holds only blank lines.")

    readings: list[_Reading] = []
    unlikely: list[_Reading] = []
    problems: dict[str, SourceError] = {}
    for candidate, (rows, numbers) in rows_of.items():
        try:
            reading = _read(rows, numbers, candidate)
        except SourceError as error:
            problems[candidate] = error
        else:
            if delimiter is not None or reading.width > 1:
                (readings if _is_likely(reading, rows) else unlikely).append(reading)
    best = _best(readings or unlikely, problems, rows_of, name)
    if best.delimiter != "," and best.width > 1:
        repairs.append(f"delimiter is {DELIMITERS.get(best.delimiter, shown(best.delimiter))}")
    if best.skipped:
        repairs.append(f"header found in line {best.line:,}")
    known = best.delimiter if best.width > 1 else None
    return Dialect(known, best.line, tuple(repairs))


def _rows(
    lines: Sequence[str], start: int, delimiter: str, *, is_whole: bool
) -> tuple[list[list[str]], list[int]]:
    """Return the first rows that are not blank, and their lines."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    reader = csv.reader(lines[start:], delimiter=delimiter)
    at = 0
    with contextlib.suppress(csv.Error):
        for row in reader:
            first, at = at + 1, reader.line_num
            if any(cell.strip() for cell in row):
                rows.append(row[: COLUMN_LIMIT + 1])
                numbers.append(start + first)
            if len(rows) == SAMPLE_ROWS:
                return rows, numbers
    if not is_whole and len(rows) > 1:
        return rows[:-1], numbers[:-1]
    return rows, numbers


def _read(rows: list[list[str]], numbers: list[int], delimiter: str) -> _Reading:
    header = find_header(rows, numbers, is_exact=True)
    width = len(rows[header])
    below = rows[header + 1 :]
    share = sum(len(row) == width for row in below) / len(below) if below else 1.0
    return _Reading(delimiter, width, share, header, numbers[header])


def _is_likely(reading: _Reading, rows: list[list[str]]) -> bool:
    """Return whether the header does not itself look as if another delimiter parted it."""
    others = set(DELIMITERS) - {reading.delimiter}
    header = rows[reading.skipped]
    return not any(other in cell for cell in header for other in others)


def _best(
    readings: list[_Reading],
    problems: dict[str, SourceError],
    rows_of: dict[str, tuple[list[list[str]], list[int]]],
    name: str,
) -> _Reading:
    likely = [reading for reading in readings if reading.share >= _SHARE] or readings
    for one in likely:
        if all(one is other or one.beats(other) for other in likely):
            return one
    if likely:
        ways = " or ".join(
            f"{DELIMITERS[r.delimiter]} ({r.width} columns, header in line {r.line:,})"
            for r in likely
        )
        raise SourceError(f"{name} can be read with the delimiter {ways}. Pass delimiter=.")
    narrow = [d for d, (rows, _) in rows_of.items() if all(len(row) == 1 for row in rows)]
    if len(narrow) == len(rows_of) and not problems:
        _, numbers = rows_of[narrow[0]]
        return _Reading(narrow[0], 1, 1.0, 0, numbers[0])
    if problems:
        widest = max(problems, key=lambda d: Counter(map(len, rows_of[d][0])).most_common(1)[0][0])
        raise SourceError(f"{name}: {problems[widest]}") from problems[widest]
    raise SourceError(
        f"{name} is no table: no delimiter gives rows of one length. Pass delimiter= if it has one."
    )
