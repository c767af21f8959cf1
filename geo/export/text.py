"""Text that is safe where it lands: cells of a table, names of files.

A cell that a spreadsheet would run as a formula gets an apostrophe in front. The rule can be
undone exactly (:func:`restore`), and numbers stay numbers.
"""

from __future__ import annotations

import re
import unicodedata

import pandas as pd

# A byte order mark and characters without width are blanks to a spreadsheet.
_RUNS = re.compile(r"'*(?:[\t\r\n]|[\s\ufeff\u200b\u2060]*[=+\-@＝＋－＠])")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_MARKED = re.compile(r"'+(?:[\t\r\n]|[\s\ufeff\u200b\u2060]*[=+\-@＝＋－＠])")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\Z")


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Cells that begin with ``= + - @``, a tab or a line break (behind blanks and apostrophes, too)
    get an apostrophe in front. A plain number stays as it is.

    Examples
    --------
    >>> neutral("=CMD|' /C calc'!A0")
    "'=CMD|' /C calc'!A0"
    >>> neutral("-5.25"), neutral("-5+3"), neutral("Culiacán")
    ('-5.25', "'-5+3", 'Culiacán')
    """
    return f"'{cell}" if _RUNS.match(cell) and not _NUMBER.match(cell) else cell


def restore(cell: str) -> str:
    """Return the text that :func:`neutral` was given.

    Examples
    --------
    >>> restore(neutral("'=already quoted"))
    "'=already quoted"
    """
    return cell[1:] if _MARKED.match(cell) else cell


def neutral_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text cell and every column name made :func:`neutral`."""
    safe = {
        name: _neutral_column(frame[name]) if is_text(frame[name]) else frame[name]
        for name in frame.columns
    }
    return pd.DataFrame(safe, index=frame.index).rename(columns=lambda name: neutral(str(name)))


def is_text(values: pd.Series) -> bool:
    """Return whether a column may hold text."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        dtype = dtype.categories.dtype
    return bool(pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype))


def _neutral_column(values: pd.Series) -> pd.Series:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.dtype.categories.dtype)
    # Most columns repeat few words: each is looked at once.
    changed = {
        cell: safe
        for cell in values.dropna().unique()
        if isinstance(cell, str) and (safe := neutral(cell)) != cell
    }
    return values.replace(changed) if changed else values


def slug(text: str, *, longest: int = 60) -> str:
    """Return a name for a file or folder that every system takes.

    Small letters, digits and hyphens only; never empty, never a path, never a reserved name.

    Examples
    --------
    >>> slug("Culiacán: ../Ñuu Savi"), slug("CON"), slug("...")
    ('culiacan-nuu-savi', 'con-1', 'study')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")
    return f"{short}-1" if is_reserved(short) else short or "study"


def is_reserved(name: str) -> bool:
    """Return whether Windows keeps a name, of a file or folder, for itself.

    Examples
    --------
    >>> is_reserved("CON"), is_reserved("nul.csv"), is_reserved("console")
    (True, True, False)
    """
    return _RESERVED.match(name.partition(".")[0].rstrip().lower()) is not None
