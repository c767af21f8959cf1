"""Read delimited text strictly: no record is shifted, filled, merged or lost.

Quotes are obeyed as RFC 4180 has them. A record with too many or too few fields is rejected with
its line. A record that runs over several lines is kept only if none of them looks like a record
of its own; if one does, every line of it is rejected.
"""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from geo.errors import SourceError
from geo.sources.dialect import find_dialect
from geo.sources.gather import CELL_LIMIT, ColumnChoice, Gathered, Gatherer, choose_columns
from geo.sources.header import clean_names, shape_of
from geo.sources.lines import Lines
from geo.sources.regular import Run, read_regular
from geo.sources.text import Text, octet_blocks

OPEN_LIMIT = 16_000_000
"""Characters after which a quote that is still open is a fault of the whole file."""

_BATCH = 8192
_SAMPLE_LINES = 4000
_NEIGHBORS = 500
"""Rows of a batch whose first cells show what a record of this file begins with."""


def read_delimited(
    text: Text,
    *,
    delimiter: str | None = None,
    columns: ColumnChoice = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Gathered:
    """Return all records of a text file.

    Parameters
    ----------
    text
        The file (:func:`geo.sources.text.examine`).
    delimiter
        The delimiter, where the user knows it.
    columns
        The columns to keep.
    progress
        Called with the bytes of the file read so far.

    Raises
    ------
    SourceError
        If there is no header or no record, or if an open quote swallows the file.
    """
    reading = Delimited(text, delimiter=delimiter, columns=columns, progress=progress)
    for _ in reading.steps():
        pass
    return reading.finish()


class Delimited:
    """A text file that is read step by step.

    Parameters
    ----------
    text, delimiter, columns, progress
        As in :func:`read_delimited`.
    """

    def __init__(
        self,
        text: Text,
        *,
        delimiter: str | None = None,
        columns: ColumnChoice = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        name = text.path.name
        self._text = text
        self._lines = lines = Lines(octet_blocks(text, progress), name)
        with _long_fields():
            sample = lines.ahead(_SAMPLE_LINES)
            is_whole = lines.is_whole and lines.count == len(sample)
            self._dialect = find_dialect(sample, name, delimiter=delimiter, is_whole=is_whole)
            lines.skip(self._dialect.header_line - 1)
            self._records = _Records(lines, self._dialect.delimiter or ",", name)
            self._repairs = self._records.read_header(columns)

    @property
    def gatherer(self) -> Gatherer:
        """What the records come together in."""
        return self._records.gatherer

    @property
    def encoding(self) -> str:
        """How the text is encoded."""
        return self._text.encoding

    @property
    def delimiter(self) -> str | None:
        """What parts the fields."""
        return self._dialect.delimiter

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was repaired or found odd so far, in words."""
        blank = self._records.blank
        said = [f"{blank:,} blank lines passed over"] if blank else []
        return (*self._text.repairs, *self._dialect.repairs, *self._repairs, *said)

    def steps(self) -> Iterator[None]:
        """Read all records, and stop now and then so that they can be taken."""
        with _long_fields():
            yield from self._records.read(self._text.length, is_cut=bool(self._text.cut))
        if not self.gatherer.count:
            raise SourceError(
                f"{self._text.path.name} has no rows: nothing follows the header in line "
                f"{self._dialect.header_line:,}."
            )

    def finish(self) -> Gathered:
        """Return the records that were not taken, with what is known of the whole file."""
        return self.gatherer.finish(
            physical_lines=self._lines.count,
            repairs=self.repairs,
            encoding=self.encoding,
            delimiter=self.delimiter,
        )


@contextlib.contextmanager
def _long_fields() -> Iterator[None]:
    """Let the csv module read long cells, so that they can be counted instead of cut."""
    before = csv.field_size_limit(OPEN_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@dataclass(slots=True)
class _Odd:
    """A record that needs a second look: several lines, or not what the header promises."""

    row: list[str]
    lines: list[str]
    reason: str = ""
    where: str = ""


class _Records:
    """Read records batch by batch, and judge the odd ones by their neighbors."""

    gatherer: Gatherer

    def __init__(self, lines: Lines, delimiter: str, name: str) -> None:
        self.blank = 0
        self._lines = lines
        self._delimiter = delimiter
        self._name = name
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self._header: list[str] = []
        self._rows: list[list[str]] = []
        self._starts: list[int] = []
        self._odd: dict[int, _Odd] = {}
        self._shapes: set[str] = set()
        self._odd_lines = 0

    def read_header(self, columns: ColumnChoice) -> list[str]:
        """Read the column names; return what was repaired in them."""
        try:
            self._header = next(self._reader)
        except csv.Error as error:
            raise SourceError(
                f"the header of {self._name} in line {self._lines.at + 1:,} has quotes that do "
                "not match. Mend it."
            ) from error
        self._lines.at = self._line()
        names, repairs = clean_names(self._header)
        self.gatherer = Gatherer(names, choose_columns(names, columns, self._name))
        return repairs

    def read(self, length: int, *, is_cut: bool) -> Iterator[None]:
        """Read all records, and stop now and then.

        Parameters
        ----------
        length
            Bytes of the (unpacked) file, the place where a cut record ends.
        is_cut
            Whether the file ends inside a character.
        """
        lines, where = self._lines, f"at byte {length:,}: "
        is_done = False
        while not is_done:
            yield from self._read_regular()
            until = lines.at + self._odd_lines
            while not (is_done := self._read_until_fault(until)):
                if lines.at >= until and not lines.is_whole:
                    self._flush(len(self._rows))
                    break
                yield
        if lines.ends_open and self._rows:
            last = len(self._rows) - 1
            odd = self._odd.get(last, _Odd(self._rows[last], []))
            if is_cut or odd.reason in ("too_few_fields", "unclosed_quote"):
                self._odd[last] = _Odd(odd.row, odd.lines, "cut", where)
        self._flush(len(self._rows))
        if is_cut and not lines.ends_open:
            lines.count += 1
            self.gatherer.reject(lines.count, "cut", where)
        yield

    def _line(self) -> int:
        """Return the physical line that was read last."""
        return self._lines.skipped + int(self._reader.line_num)

    def _read_regular(self) -> Iterator[None]:
        """Read as many records as are beyond doubt, fast."""
        lines, gatherer = self._lines, self.gatherer
        rest = lines.unread()
        while (block := lines.block()) is not None:
            rest += block
            run = read_regular(rest, self._header, gatherer.keep, self._delimiter)
            if run is None or self._has_swallowed(run):
                break
            if run.length:
                gatherer.add_columns(run.arrays, run.lines + lines.at + 1)
                lines.pass_over(run.breaks)
                rest = rest[run.length :]
                yield
        self._odd_lines = rest.count(b"\n") + rest.count(b"\r") - rest.count(b"\r\n")
        lines.put_back(rest)
        self._reader = csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _has_swallowed(self, run: Run) -> bool:
        """Return whether a line inside a record looks like a record of its own."""
        if run.inner or not self._shapes:
            self._shapes |= set(map(shape_of, run.first_cells))
        return any(map(self._looks_like_record, run.inner))

    def _read_until_fault(self, until: int) -> bool:
        """Read records up to a fault or a line; return whether the end was reached."""
        lines, width = self._lines, len(self._header)
        offset, reader = lines.skipped, self._reader
        try:
            for row in reader:
                line = offset + reader.line_num
                if len(row) == width and line == lines.at + 1:
                    self._rows.append(row)
                    self._starts.append(line)
                else:
                    self._look_at(row, line)
                lines.at = line
                if len(self._rows) > _BATCH:
                    self._flush(_BATCH)
                if line >= until and not lines.is_whole:
                    return False
        except csv.Error as error:
            self._note_fault(str(error))
            return False
        return True

    def _look_at(self, row: list[str], line: int) -> None:
        """Keep a record of several lines, or of the wrong length, to be judged later."""
        first, width = self._lines.at + 1, len(self._header)
        if len(row) != width and not any(cell.strip() for cell in row):
            self.blank += line - first + 1
            return
        reason = ""
        if len(row) != width:
            reason = "too_many_fields" if len(row) > width else "too_few_fields"
        self._keep(_Odd(row, self._lines.between(first, line), reason))

    def _note_fault(self, message: str) -> None:
        """Keep a record whose quotes do not match, up to the line where that shows."""
        first, line = self._lines.at + 1, self._line()
        if "limit" not in message:
            reason = "unclosed_quote" if "end of data" in message else "stray_quote"
        elif line == first:
            reason = "cell_too_long"
        else:
            raise SourceError(
                f"{self._name}: the quote opened in line {first:,} is not closed within "
                f"{OPEN_LIMIT // 1_000_000} MB. Mend that line: close the quote or delete it."
            )
        self._keep(_Odd([], self._lines.between(first, line), reason))
        self._lines.at = line

    def _keep(self, odd: _Odd) -> None:
        self._odd[len(self._rows)] = odd
        self._rows.append(odd.row)
        self._starts.append(self._lines.at + 1)

    def _flush(self, n: int) -> None:
        """Hand over the first `n` records, in order."""
        rows, starts = self._rows[:n], self._starts[:n]
        odd = {i: one for i, one in self._odd.items() if i < n}
        self._rows, self._starts = self._rows[n:], self._starts[n:]
        self._odd = {i - n: one for i, one in self._odd.items() if i >= n}
        if odd or not self._shapes:
            near = (row for row in rows[:_NEIGHBORS] if len(row) == len(self._header))
            self._shapes |= {shape_of(row[0]) for row in near}
        for i, row in enumerate(rows):
            if i not in odd and (reason := self._fault(row)):
                odd[i] = _Odd(row, [], reason)
        begin = 0
        for i in sorted(odd):
            if not self._is_whole(odd[i]):
                self.gatherer.add_rows(rows[begin:i], starts[begin:i])
                self._reject(odd[i], starts[i])
                begin = i + 1
        self.gatherer.add_rows(rows[begin:], starts[begin:])

    def _fault(self, row: list[str]) -> str:
        """Return what is wrong with a record that has the right number of fields."""
        lines = self._lines
        if row[0] == self._header[0] and row == self._header:
            return "repeated_header"
        if lines.has_nul and any("\0" in cell for cell in row):
            return "nul_byte"
        if lines.has_long and max(map(len, row)) > CELL_LIMIT:
            return "cell_too_long"
        return ""

    def _is_whole(self, odd: _Odd) -> bool:
        """Judge a record; if it is not whole, its reason is set."""
        if not odd.reason:
            odd.reason = self._fault(odd.row)
        if not odd.reason and sum(map(len, odd.lines)) > CELL_LIMIT:
            odd.reason = "cell_too_long" if max(map(len, odd.row)) > CELL_LIMIT else ""
        if not odd.reason and any(map(self._looks_like_record, odd.lines[1:])):
            odd.reason = "swallowed_lines"
        return not odd.reason

    def _reject(self, odd: _Odd, start: int) -> None:
        """Count a record that is not whole, and every record that it may have swallowed."""
        entries = odd.lines
        if not any(map(self._starts_like_record, odd.lines[1:])):
            entries = ["".join(odd.lines) or self._delimiter.join(odd.row)]
        for line, text in enumerate(entries, start):
            self.gatherer.reject(line, odd.reason, odd.where + text.rstrip("\r\n"))

    def _looks_like_record(self, line: str) -> bool:
        """Return whether a line inside a record looks like a record of its own.

        It does if it has as many fields as the header has names and starts like its neighbors.
        """
        width = len(self._header)
        if not self._starts_like_record(line):
            return False
        line = line.rstrip("\r\n")
        return line.count(self._delimiter) + 1 == width or len(self._parsed(line)) == width

    def _starts_like_record(self, line: str) -> bool:
        """Return whether a line has a first cell, and one like those of its neighbors."""
        first, delimiter, _ = line.partition(self._delimiter)
        if not delimiter or len(self._header) == 1:
            return False
        return not self._shapes or shape_of(first.strip('"')) in self._shapes

    def _parsed(self, line: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=self._delimiter), [])
        except csv.Error:
            return []
