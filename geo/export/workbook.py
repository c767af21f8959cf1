"""Write tables as one workbook: what to know first, what the columns hold, a sheet a table.

Text stays text in every cell: codes keep their zeros, and nothing is ever a formula, a link or a
date that nobody meant. The same tables give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from geo.errors import OutputError
from geo.export.dictionary import Described, Field
from geo.export.names import sheet_names
from geo.export.text import is_text, neutral

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767
"""What a sheet holds, and how many characters a cell does."""

CUT = " [cut]"
"""Stands at the end of a text that was too long for a cell."""

_EPOCH = dt.datetime(1980, 1, 1)
_FIRST_DAY = pd.Timestamp("1900-03-01")
"""Before this day spreadsheets count days differently."""

_EXACT = 10**15
"""Whole numbers from here on are not exact in a spreadsheet."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_HEAD = PatternFill("solid", fgColor="FFE7E6E6")
_SHOWN_ROWS = 200
_WIDTHS = (8, 48)
_WORDS = {
    "en": {
        "notes": "notes",
        "columns": "columns",
        "heads": ("table", "column", "kind", "unit", "may be empty", "holds", "only these words"),
        "yes": "yes",
        "kinds": {
            "text": "text", "date": "date", "integer": "whole number", "number": "number",
            "claim": "true or false", "level": "whole number", "geometry": "shape",
        },
    },
    "es": {
        "notes": "notas",
        "columns": "columnas",
        "heads": (
            "tabla", "columna", "tipo", "unidad", "puede faltar", "contiene", "solo estas palabras"
        ),
        "yes": "sí",
        "kinds": {
            "text": "texto", "date": "fecha", "integer": "número entero", "number": "número",
            "claim": "verdadero o falso", "level": "número entero", "geometry": "forma",
        },
    },
}  # fmt: skip


def refuse_workbook(tables: Sequence[Described]) -> None:
    """Raise :exc:`~geo.errors.OutputError` for a table that no sheet holds; before any work."""
    for table in tables:
        rows, columns = len(table.frame) + 1, len(table.fields)
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise OutputError(
                f"the table {table.name} has {rows - 1:,} rows and {columns:,} columns; a sheet "
                f"holds {MOST_ROWS - 1:,} below its header, and {MOST_COLUMNS:,} columns. Write "
                "it as csv or parquet, or count by a longer period"
            )


def write_workbook(
    tables: Sequence[Described],
    path: Path,
    *,
    notes: Sequence[tuple[str, str]],
    language: str,
) -> Mapping[str, str]:
    """Write tables as sheets of one workbook, behind a sheet of notes and one of columns.

    Parameters
    ----------
    tables
        The tables, in their order.
    path
        The workbook.
    notes
        What to know first: a subject and a text each.
    language
        Of the two sheets in front, ``en`` or ``es``.

    Returns
    -------
    Mapping
        The name of the sheet of each table.

    Raises
    ------
    OutputError
        A table has more rows or columns than a sheet holds.
    """
    refuse_workbook(tables)
    words: Mapping[str, Any] = _WORDS[language]
    front = (words["notes"], words["columns"])
    sheets = sheet_names([*front, *(table.name for table in tables)])
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "geo"
    _write_notes(book.create_sheet(front[0]), notes)
    _write_columns(book.create_sheet(front[1]), tables, words, sheets)
    for table in tables:
        _write_table(book.create_sheet(sheets[table.name]), table)
    book.save(path)
    _fix_times(path)
    return {table.name: sheets[table.name] for table in tables}


def cell_text(text: str) -> str:
    r"""Return a text as a cell can hold it.

    Characters that XML lacks become ``\N{REPLACEMENT CHARACTER}``, and what is too long is cut
    with a mark.

    Examples
    --------
    >>> cell_text("a\x07b"), cell_text("=1+1"), len(cell_text("x" * 40_000))
    ('a\ufffdb', '=1+1', 32767)
    """
    whole = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(whole) > LONGEST_CELL:
        whole = whole[: LONGEST_CELL - len(CUT)] + CUT
    return whole


def _write_notes(sheet: Any, notes: Sequence[tuple[str, str]]) -> None:  # noqa: ANN401
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 110
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for subject, text in notes:
        head, said = _text_cell(sheet, subject), _text_cell(sheet, text)
        head.font, head.alignment, said.alignment = Font(bold=True), top, wrapped
        sheet.append([head, said])


def _write_columns(
    sheet: Any,  # noqa: ANN401
    tables: Sequence[Described],
    words: Mapping[str, Any],
    sheets: Mapping[str, str],
) -> None:
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFG", (26, 26, 14, 34, 12, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    _append_head(sheet, words["heads"])
    for table in tables:
        sheet.append([_text_cell(sheet, text) for text in (sheets[table.name], "", "", "", "")]
                     + [_text_cell(sheet, table.meaning)])  # fmt: skip
        for field in table.fields:
            row = (
                sheets[table.name],
                field.name,
                words["kinds"][field.kind],
                field.unit,
                words["yes"] if field.nullable else "",
                field.meaning,
                ", ".join(field.words),
            )
            sheet.append([_text_cell(sheet, text) for text in row])


def _write_table(sheet: Any, table: Described) -> None:  # noqa: ANN401
    frame = table.frame
    sheet.freeze_panes = f"{get_column_letter(_frozen(table) + 1)}2"
    columns = [_cells(frame.iloc[:, at]) for at in range(len(frame.columns))]
    for at, (field, values) in enumerate(zip(table.fields, columns, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _width(field.name, values)
    if table.fields:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.fields))}{len(frame) + 1}"
    _append_head(sheet, [field.name for field in table.fields])
    # A cell is written when its row is appended, so each column needs only two.
    plain = [_styled(sheet, _format(field)) for field in table.fields]
    quoted = [_styled(sheet, "@", quoted=True) for _ in table.fields]
    for row in zip(*columns, strict=True):
        sheet.append(
            [_filled(value, *pair) for value, *pair in zip(row, plain, quoted, strict=True)]
        )


def _frozen(table: Described) -> int:
    """Return how many columns stay in sight: the code and names of an area."""
    names = [field.name for field in table.fields]
    return sum(name in ("cvegeo", "name") for name in names[:2])


def _filled(value: Any, plain: Any, quoted: Any) -> Any:  # noqa: ANN401
    if not isinstance(value, str):
        plain.value = value
        return plain
    cell = quoted if neutral(value) != value else plain
    cell.value = value
    cell.data_type = "s"
    return cell


def _styled(sheet: Any, number_format: str, *, quoted: bool = False) -> Any:  # noqa: ANN401
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    # A spreadsheet then takes the cell for text, even after it was edited.
    cell.quotePrefix = quoted
    return cell


def _text_cell(sheet: Any, text: str) -> Any:  # noqa: ANN401
    shown = _escaped(cell_text(text))
    cell = _styled(sheet, "@", quoted=neutral(shown) != shown)
    cell.value = shown or None
    if shown:
        cell.data_type = "s"
    return cell


def _append_head(sheet: Any, names: Sequence[str]) -> None:  # noqa: ANN401
    cells = [_text_cell(sheet, name) for name in names]
    for cell in cells:
        cell.font, cell.fill = Font(bold=True), _HEAD
    sheet.append(cells)


def _cells(values: pd.Series) -> list[Any]:
    """Return a column as a sheet takes it: None where missing, text where no number would do."""
    if is_text(values):
        known = {value: _escaped(cell_text(str(value))) for value in values.dropna().unique()}
        return [known.get(value) for value in values]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return [None if pd.isna(moment) else _moment(moment) for moment in values]
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan).tolist()
        return [_number(number) for number in numbers]
    return [
        None if pd.isna(value) else (str(value) if abs(value) >= _EXACT else value)
        for value in values.tolist()
    ]


def _number(number: float) -> float | str | None:
    if np.isfinite(number):
        return number
    return None if np.isnan(number) else str(number)


def _moment(moment: pd.Timestamp) -> dt.date | dt.datetime | str:
    if moment.tz is not None or moment < _FIRST_DAY:
        return str(moment.isoformat())
    whole: dt.datetime = moment.to_pydatetime(warn=False)
    return whole.date() if moment == moment.normalize() else whole


def _escaped(text: str) -> str:
    """Return a text that spreadsheets read as it is: to them ``_x0041_`` is an A."""
    return _ESCAPED.sub("_x005F_", text)


def _format(field: Field) -> str:
    if field.kind == "text":
        return "@"
    if field.kind == "date":
        return "yyyy-mm-dd"
    if field.kind in ("integer", "level"):
        return "0" if field.name in ("year", "record", "line") else "#,##0"
    if field.kind == "number":
        return _number_format(field)
    return "General"


def _number_format(field: Field) -> str:
    if field.unit in ("people", "person-years", "km2"):
        return "#,##0"
    if field.unit == "degrees":
        return "0.0000"
    if re.search(r"(?:\A|_)[pq](?:_|\Z)", field.name):
        return "0.0000"
    return "#,##0.00" if field.unit else "0.000"


def _width(name: str, values: Sequence[Any]) -> float:
    lengths = [
        len(str(value).split("\n")[0]) for value in values[:_SHOWN_ROWS] if isinstance(value, str)
    ]
    least, most = _WIDTHS
    return float(min(max([least, len(name) + 3, *lengths]), most))


def _fix_times(path: Path) -> None:
    """Write the workbook anew without a clock: the same tables then give the same bytes."""
    aside = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(aside, "w") as fixed:
        for entry in given.infolist():
            still = zipfile.ZipInfo(entry.filename, _EPOCH.timetuple()[:6])
            still.compress_type, still.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            still.create_system = 3
            with given.open(entry) as source, fixed.open(still, "w", force_zip64=False) as target:
                for block in _blocks(source, entry.filename):
                    target.write(block)
    aside.replace(path)


def _blocks(source: Any, name: str) -> Iterator[bytes]:  # noqa: ANN401
    if name == "docProps/core.xml":
        yield _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read())
        return
    while block := source.read(1 << 20):
        yield block
