"""Read one sheet of an XLSX workbook as text.

A workbook is a zip archive of XML: both are checked before anything in them is opened. Cells are
what the last calculation left; dates become ``YYYY-MM-DD``.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from geo.errors import DataWarning, GeoError, SourceError
from geo.sources.gather import (
    CELL_LIMIT,
    ColumnChoice,
    Gathered,
    Gatherer,
    choose_columns,
    shown,
)
from geo.sources.header import clean_names, find_header

ROW_LIMIT = 1_048_576
"""Rows of a sheet; an export that had more was cut there."""

SIZE_LIMIT = 2_000_000_000
RATIO_LIMIT = 200
RATIO_FROM = 50_000_000
"""Unpacked bytes below which no ratio is suspicious."""

_BATCH = 4096
_SAMPLE = 200
_DAMAGE = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, RuntimeError,
    NotImplementedError, AssertionError, zipfile.BadZipFile, zlib.error, ParseError,
)  # fmt: skip
_HIDDEN = re.compile(rb"<(?:\w+:)?row [^>]*?hidden=\"(?:1|true)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell ")
_UNCALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?: [^>]*)?/>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HEAD = 4096
_PIECE = 1 << 20


@dataclass(slots=True)
class _Oddities:
    """What the rows of a sheet cannot tell: counted in its XML."""

    hidden: int = 0
    merged: int = 0
    uncalculated: int = 0


def read_workbook(
    path: Path,
    *,
    sheet: str | None = None,
    columns: ColumnChoice = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Gathered:
    """Return all rows below the header of a sheet.

    Hidden rows are read like all others. A row counts as a record unless all its cells are
    blank; one with a cell to the right of the header is rejected.

    Parameters
    ----------
    path
        An XLSX workbook.
    sheet
        Name of the sheet; needed if several hold data.
    columns
        The columns to keep.
    progress
        Called with the share that is done.

    Raises
    ------
    SourceError
        If the workbook is damaged or a bomb, if there is no or more than one sheet to read, or if
        formulas were never calculated.
    """
    # Loaded here: it takes long, and most files are no workbooks.
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    _check_archive(path)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="openpyxl")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                return _read_sheet(book, path, sheet, columns, progress)
            finally:
                book.close()
    except GeoError:
        raise
    except (*_DAMAGE, InvalidFileException) as error:
        raise SourceError(
            f"{path.name} is a damaged workbook ({shown(error, 120)}). Open it in a spreadsheet "
            "program and save it again, or export it as CSV."
        ) from error


def _read_sheet(
    book: Any,  # noqa: ANN401
    path: Path,
    sheet: str | None,
    columns: ColumnChoice,
    progress: Callable[[float], None],
) -> Gathered:
    page = _choose_sheet(book, path.name, sheet)
    oddities = _oddities(path, page)
    where = f"{path.name}, sheet {shown(page.title)!r}"
    if oddities.uncalculated:
        raise SourceError(
            f"{where} holds {oddities.uncalculated:,} formulas that were never calculated, so "
            "their cells would be blank. Open and save it in a spreadsheet program."
        )
    page.reset_dimensions()  # the stated range can be wrong
    rows = _rows(page)
    sample = list(itertools.islice(rows, _SAMPLE))
    if not sample:
        raise SourceError(f"{where} has no rows.")
    numbers, first = [n for n, _ in sample], [_trimmed(row) for _, row in sample]
    try:
        header = find_header(first, numbers, is_exact=False)
    except SourceError as error:
        raise SourceError(f"{where}: {error}") from error
    names, repairs = clean_names(first[header])
    if header:
        repairs.insert(0, f"header found in row {numbers[header]:,}")
    gatherer = Gatherer(names, choose_columns(names, columns, path.name))
    total = page.max_row or ROW_LIMIT
    last = _gather(
        itertools.chain(sample[header + 1 :], rows),
        gatherer,
        first[header],
        lambda row: progress(row / max(total, row, 1)),
    )
    if not gatherer.count:
        raise SourceError(f"{where} has no rows below the header in row {numbers[header]:,}.")
    last = max(last, numbers[header])
    repairs += _remarks(oddities, last, where)
    if book.epoch.year == 1904:
        repairs.append("dates count from 1904")
    return gatherer.finish(physical_lines=last, repairs=repairs, sheet=page.title)


def _check_archive(path: Path) -> None:
    """Refuse an archive that is cut, that unpacks to far too much, or whose XML has entities."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            heads = {
                member.filename: archive.open(member).read(_HEAD)
                for member in members
                if member.filename.endswith((".xml", ".rels"))
            }
    except _DAMAGE as error:
        raise SourceError(
            f"{path.name} is a cut or damaged workbook: no whole archive up to its last byte "
            f"{path.stat().st_size:,} ({shown(error, 120)}). Download or copy it again."
        ) from error
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > SIZE_LIMIT or (size > RATIO_FROM and size > RATIO_LIMIT * max(packed, 1)):
        raise SourceError(
            f"{path.name} unpacks from {packed:,} to {size:,} bytes; at most {SIZE_LIMIT:,} bytes "
            f"and {RATIO_LIMIT} times are read. Export it as CSV."
        )
    for member, head in heads.items():
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise SourceError(
                f"{path.name} holds XML with a document type of its own ({shown(member)}), which "
                "no spreadsheet program writes. It is not opened."
            )


def _choose_sheet(book: Any, name: str, sheet: str | None) -> Any:  # noqa: ANN401
    pages = list(book.worksheets)
    listed = ", ".join(repr(shown(page.title)) for page in pages)
    if sheet is not None:
        for page in pages:
            if page.title == sheet:
                return page
        raise SourceError(f"{name} has no sheet {shown(sheet)!r}; it has {listed}.")
    filled = []
    for page in pages:
        page.reset_dimensions()
        if next(_rows(page), None) is not None:
            filled.append(page)
    if not filled:
        raise SourceError(f"{name} has no rows: its sheets are empty ({listed}).")
    if len(filled) > 1:
        listed = ", ".join(repr(shown(page.title)) for page in filled)
        raise SourceError(f"{name} has several sheets with data: {listed}. Pass sheet=.")
    return filled[0]


def _rows(page: Any) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401
    """Yield row number and cells of every row that is not blank."""
    for number, row in enumerate(page.iter_rows(values_only=True), 1):
        cells = ["" if value is None else _text(value) for value in row]
        if any(cell.strip() for cell in cells):
            yield number, cells


def _trimmed(cells: Sequence[str], width: int = 0) -> list[str]:
    """Return the cells without the blank ones at the end, down to a width."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


def _gather(
    rows: Iterator[tuple[int, list[str]]],
    gatherer: Gatherer,
    header: Sequence[str],
    progress: Callable[[int], None],
) -> int:
    """Hand over all rows; return the number of the last."""
    width, number = len(header), 0
    batch: list[list[str]] = []
    places: list[int] = []
    for number, row in rows:
        cells, reason = _trimmed(row, width), ""
        if len(cells) > width:
            reason = "too_many_fields"
        elif _trimmed(cells) == header:
            reason = "repeated_header"
        elif max(map(len, cells)) > CELL_LIMIT:
            reason = "cell_too_long"
        if reason or len(batch) == _BATCH:
            gatherer.add_rows(batch, places)
            batch, places = [], []
            progress(number)
        if reason:
            gatherer.reject(number, reason, " | ".join(cells))
        else:
            batch.append(cells + [""] * (width - len(cells)))
            places.append(number)
    gatherer.add_rows(batch, places)
    return number


def _text(value: object) -> str:
    """Return a cell as text; whole numbers without a decimal point, dates as in ISO 8601.

    Examples
    --------
    >>> _text(484.0), _text(19.4), _text(True), _text(dt.datetime(2024, 9, 9))
    ('484', '19.4', 'TRUE', '2024-09-09')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ") if value.time() != dt.time() else value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _oddities(path: Path, page: Any) -> _Oddities:  # noqa: ANN401
    """Count what the rows do not show in the XML of a sheet, piece by piece."""
    counted = _Oddities()
    member = str(page._worksheet_path)
    with zipfile.ZipFile(path) as archive, archive.open(member.lstrip("/")) as file:
        rest = b""
        while block := file.read(_PIECE):
            run = rest + block
            # Cut between rows, so that no element is counted twice or missed.
            end = run.rfind(b"row>") + 4
            end = len(run) if len(block) < _PIECE else end if end > 3 else run.rfind(b">") + 1
            counted.hidden += len(_HIDDEN.findall(run, 0, end))
            counted.merged += len(_MERGED.findall(run, 0, end))
            counted.uncalculated += len(_UNCALCULATED.findall(run, 0, end))
            rest = run[end:]
    return counted


def _remarks(oddities: _Oddities, last: int, where: str) -> list[str]:
    """Return what is odd about a sheet, and warn of it."""
    remarks = []
    if oddities.hidden:
        remarks.append(f"{oddities.hidden:,} hidden rows were read like all others")
    if oddities.merged:
        remarks.append(
            f"{oddities.merged:,} merged cells: only the first cell of each holds its value"
        )
    if last == ROW_LIMIT:
        remarks.append(f"the sheet ends at row {ROW_LIMIT:,}, the last there can be: cut?")
    for remark in remarks:
        warnings.warn(f"{where}: {remark}", DataWarning, stacklevel=2)
    return remarks
