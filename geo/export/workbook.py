"""Write tables as one workbook: what to know first, what the columns hold, a sheet a table.

Text stays text in every cell: codes keep their zeros, and nothing is ever a formula, a link or a
date that nobody meant. The same tables give the same bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import OutputError
from geo.export.dictionary import Described, Field
from geo.export.names import sheet_names
from geo.export.text import is_text, neutral
from geo.schema.meanings import meaning_in
from geo.study.settings import Language

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
    language: Language,
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
        Of the two sheets in front, what the columns hold included: ``en`` or ``es``.

    Returns
    -------
    Mapping
        The name of the sheet of each table.

    Raises
    ------
    OutputError
        A table has more rows or columns than a sheet holds.
    """
    import xlsxwriter  # only here: it takes long to load
    from xlsxwriter.exceptions import FileCreateError

    refuse_workbook(tables)
    words: Mapping[str, Any] = _WORDS[language]
    front = (words["notes"], words["columns"])
    sheets = sheet_names([*front, *(table.name for table in tables)])
    # The archive is made in memory: half of one on a full disk complains when it is forgotten.
    made = io.BytesIO()
    # What the library sets aside lies beside the workbook, so that it goes where that goes.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".geo-") as aside:
        options = {"constant_memory": True, "tmpdir": aside}
        book = xlsxwriter.Workbook(made, options)
        try:
            book.set_properties({"author": "geo", "created": _EPOCH})
            book.use_zip64()
            look = _Look(book)
            _write_notes(book.add_worksheet(front[0]), notes, look)
            columns = book.add_worksheet(front[1])
            _write_columns(columns, tables, language, sheets, look)
            for table in tables:
                _write_table(book.add_worksheet(sheets[table.name]), table, look)
            book.close()
        except Exception as error:
            # The archive is finished while its place is there, not when it is forgotten.
            for one in (error, error.__context__):
                traceback.clear_frames(None if one is None else one.__traceback__)
            if isinstance(error, FileCreateError):
                raise error.args[0] from error
            raise
        finally:
            for sheet in book.worksheets():
                with contextlib.suppress(OSError):
                    sheet.row_data_fh.close()
    path.write_bytes(made.getbuffer())
    return {table.name: sheets[table.name] for table in tables}


def cell_text(text: str) -> str:
    r"""Return a text as a cell can hold it.

    Characters that XML lacks become ``\N{REPLACEMENT CHARACTER}``, and what is too long is cut
    with a mark. A text in the form of the library's own markup gets a blank in front, because
    the library would write it as such.

    Examples
    --------
    >>> cell_text("a\x07b"), cell_text("=1+1"), cell_text("<r><t>x</t></r>")
    ('a\ufffdb', '=1+1', ' <r><t>x</t></r>')
    >>> len(cell_text("x" * 40_000)), cell_text("x" * 40_000)[-6:]
    (32767, ' [cut]')
    """
    whole = _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if whole.startswith("<r>") and whole.endswith("</r>"):
        whole = f" {whole}"
    if len(whole) > LONGEST_CELL:
        whole = whole[: LONGEST_CELL - len(CUT)] + CUT
    return whole


class _Look:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401
        self._book = book
        self._made: dict[tuple[str, bool], Any] = {}
        self.head = book.add_format(
            {"bold": True, "bg_color": "#E7E6E6", "num_format": "@", "quote_prefix": True}
        )
        self.subject = book.add_format({"bold": True, "valign": "top", "num_format": "@"})
        self.text = book.add_format(
            {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
        )

    def of(self, number_format: str, *, quoted: bool = False) -> Any:  # noqa: ANN401
        """Return a format; `quoted` keeps a cell text even after it was edited."""
        key = (number_format, quoted)
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"num_format": number_format, "quote_prefix": quoted}
            )
        return self._made[key]


def _write_notes(sheet: Any, notes: Sequence[tuple[str, str]], look: _Look) -> None:  # noqa: ANN401
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    for row, (subject, text) in enumerate(notes):
        sheet.write_string(row, 0, cell_text(subject), look.subject)
        sheet.write_string(row, 1, cell_text(text), look.text)


def _write_columns(
    sheet: Any,  # noqa: ANN401
    tables: Sequence[Described],
    language: Language,
    sheets: Mapping[str, str],
    look: _Look,
) -> None:
    words: Mapping[str, Any] = _WORDS[language]
    sheet.freeze_panes(1, 2)
    for at, width in enumerate((26, 26, 14, 34, 12, 60, 60)):
        sheet.set_column(at, at, width)
    rows: list[tuple[str, ...]] = []
    for table in tables:
        about = meaning_in(language, table.meaning)
        rows.append((sheets[table.name], "", "", "", "", about, ""))
        rows += [
            (
                sheets[table.name],
                field.name,
                words["kinds"][field.kind],
                meaning_in(language, field.unit),
                words["yes"] if field.nullable else "",
                meaning_in(language, field.meaning),
                ", ".join(field.words),
            )
            for field in table.fields
        ]
    _write_head(sheet, words["heads"], look)
    sheet.autofilter(0, 0, len(rows), len(words["heads"]) - 1)
    for number, row in enumerate(rows, start=1):
        for at, text in enumerate(row):
            if text:
                _write_text(sheet, number, at, cell_text(text), look)


def _write_head(sheet: Any, names: Sequence[str], look: _Look) -> None:  # noqa: ANN401
    for at, name in enumerate(names):
        sheet.write_string(0, at, cell_text(name), look.head)


def _write_text(sheet: Any, row: int, column: int, text: str, look: _Look) -> None:  # noqa: ANN401
    sheet.write_string(row, column, text, look.of("@", quoted=neutral(text) != text))


def _write_table(sheet: Any, table: Described, look: _Look) -> None:  # noqa: ANN401
    frame = table.frame
    sheet.freeze_panes(1, _frozen(table))
    if table.fields:
        sheet.autofilter(0, 0, len(frame), len(table.fields) - 1)
    writers = []
    for at, field in enumerate(table.fields):
        values = _cells(frame.iloc[:, at])
        sheet.set_column(at, at, _width(field.name, values))
        writers.append((values, _writer(sheet, at, field, look)))
    _write_head(sheet, [field.name for field in table.fields], look)
    # A row after the other: the library then holds one only.
    for row in range(len(frame)):
        for values, write in writers:
            value = values[row]
            if value is not None:
                write(row + 1, value)


def _writer(sheet: Any, at: int, field: Field, look: _Look) -> Callable[[int, Any], None]:  # noqa: ANN401
    """Return what writes a value of a column into a row."""
    look_of_field, quoted = look.of(_format(field)), look.of("@", quoted=True)
    plain = look.of("@")
    # Most columns repeat few words: whether one is to be quoted is found out once.
    looks: dict[str, Any] = {}

    def write(row: int, value: Any) -> None:  # noqa: ANN401
        if isinstance(value, str):
            if value not in looks:
                looks[value] = plain if neutral(value) == value else quoted
            sheet.write_string(row, at, value, looks[value])
        elif isinstance(value, bool):
            sheet.write_boolean(row, at, value, look_of_field)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, at, value, look_of_field)
        else:
            sheet.write_number(row, at, value, look_of_field)

    return write


def _frozen(table: Described) -> int:
    """Return how many columns stay in sight: the code and names of an area."""
    names = [field.name for field in table.fields]
    return sum(name in ("cvegeo", "name") for name in names[:2])


def _cells(values: pd.Series) -> list[Any]:
    """Return a column as a sheet takes it: None where missing, text where no number would do."""
    if is_text(values):
        # An empty text is an empty cell, as in CSV.
        known = {value: cell_text(str(value)) or None for value in values.dropna().unique()}
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


def _moment(moment: pd.Timestamp) -> dt.date | str:
    if moment.tz is not None or moment < _FIRST_DAY:
        return str(moment.isoformat())
    whole: dt.datetime = moment.to_pydatetime(warn=False)
    return whole.date() if moment == moment.normalize() else whole


def _format(field: Field) -> str:
    if field.kind == "text":
        return "@"
    if field.kind == "date":
        return "yyyy-mm-dd"
    if field.kind in ("integer", "level"):
        return "0" if field.name in ("year", "record", "line") else "#,##0"
    return _number_format(field) if field.kind == "number" else "General"


def _number_format(field: Field) -> str:
    if field.unit in ("people", "person-years", "km2"):
        return "#,##0"
    if field.unit == "degrees":
        return "0.0000"
    if re.search(r"(?:\A|_)[pq](?:_|\Z)", field.name):
        return "0.0000"
    return "#,##0.00" if field.unit else "0.000"


def _width(name: str, values: Sequence[Any]) -> float:
    shown = [value for value in values[:_SHOWN_ROWS] if isinstance(value, str)]
    lengths = [len(value.split("\n")[0]) for value in shown]
    least, most = _WIDTHS
    return float(min(max([least, len(name) + 3, *lengths]), most))
