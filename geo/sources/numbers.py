"""Counts and decimal numbers written as text, in the ways that spreadsheets and people write them.

A number that has two readings is not guessed: the column decides, and where it cannot, the file
is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.crs import FloatArray
from geo.errors import SourceError
from geo.sources.cells import Mask, mask_of, stated
from geo.sources.decisions import Decisions
from geo.sources.findings import Findings
from geo.sources.remarks import Count, Example, Remark

_PLAIN = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_GROUPED = r"^[1-9][0-9]{0,2}(?:[.,][0-9]{3})+$"
_SOME = 1_000
"""First cells of a column that show whether its values repeat."""

_MOST = 1_000_000
"""No event has more deaths; a greater number is a mistake in the cell."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The numbers of a column: NaN where none is stated or where it cannot be read.

    ``grouping`` is what the column decided (:class:`~geo.sources.decisions.Decisions`), and
    ``is_open`` says whether another part of the column might decide it otherwise.
    """

    values: FloatArray
    unreadable: Mask
    repairs: tuple[str, ...] = ()
    grouping: str = "no"
    is_open: bool = False


def plain(text: pd.Series) -> FloatArray:
    """Return numbers written with a decimal point, NaN for everything else.

    Words such as ``nan`` and ``inf`` are not numbers; what overflows is infinite.

    Examples
    --------
    >>> plain(pd.Series(["-99.13", "19,43", "1e309", "nan", None], dtype="str"))
    array([-99.13, nan, inf, nan, nan])
    """
    cells = pa.array(text.astype("str"))
    if isinstance(cells, pa.ChunkedArray):
        cells = cells.combine_chunks()
    if len(cells[:_SOME].unique()) > _SOME / 2:
        return _plain(cells)
    # Years, codes and counts are few, and each is read once.
    coded = cells.dictionary_encode()
    values = np.append(_plain(coded.dictionary), np.nan)
    return np.asarray(values[coded.indices.fill_null(len(values) - 1).to_numpy()])


def _plain(cells: pa.Array) -> FloatArray:
    cells = pc.replace_substring(cells, "\N{MINUS SIGN}", "-")
    cells = pc.utf8_trim_whitespace(cells)
    good = pc.match_substring_regex(cells, _PLAIN)
    kept = pc.if_else(good, cells, None)
    values = pc.cast(kept, pa.float64())
    return np.array(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def judged_counts(text: pd.Series, column: str, findings: Findings) -> FloatArray:
    """Return the numbers of a column, and put into the findings what is odd about them."""
    counts = read_counts(text, column=column, settled=findings.settled)
    findings.repairs += counts.repairs
    findings.note(counts.unreadable, "fatalities_unreadable", column, text)
    findings.grouping[column] = counts.grouping
    findings.is_open |= counts.is_open
    return counts.values


def read_counts(text: pd.Series, *, column: str, settled: Decisions | None = None) -> Numbers:
    """Return whole numbers from zero up.

    "10+", "unknown", -1, -0, 3.5 and numbers without bound are unreadable: they become NaN and
    never zero. Groups of thousands ("1,234" or "1.234") are read as such where no value of the
    column contradicts it.

    Raises
    ------
    SourceError
        The column has values such as "2.000" only, which may be two or two thousand.

    Examples
    --------
    >>> counts = read_counts(pd.Series(["0", "12", "10+", ""], dtype="str"), column="fatalities")
    >>> counts.values, counts.unreadable
    (array([ 0., 12., nan, nan]), array([False, False,  True, False]))
    >>> read_counts(pd.Series(["1,234", "5"], dtype="str"), column="fatalities").values
    array([1234.,    5.])
    """
    given = stated(text)
    values = plain(given)
    signed = mask_of(given.str.startswith(("-", "\N{MINUS SIGN}")))
    grouped = mask_of(given.str.match(_GROUPED))
    repairs: tuple[str, ...] = ()
    grouping, is_open = "no", bool(grouped.any())
    if is_open:
        grouping = (
            _grouping(given, values, grouped, column)
            if settled is None
            else settled.grouping_of(column)
        )
        values, repairs = _ungrouped(given, values, grouped, column, grouping)
    with np.errstate(invalid="ignore"):
        whole = (values == np.floor(values)) & (values <= _MOST) & ~signed
    unreadable = mask_of(given.notna()) & ~whole
    return Numbers(np.where(whole, values, np.nan), unreadable, repairs, grouping, is_open)


def _grouping(given: pd.Series, values: FloatArray, grouped: Mask, column: str) -> str:
    """Return what parts the thousands of a column, ``all`` or ``commas`` only."""
    dotted = mask_of(given.str.contains(".", regex=False)) & np.isfinite(values)
    whole = values == np.floor(values)
    # "2.000" is whole either way; "3.5" and "0.000" show that the point is a decimal point.
    decimal_point = bool((dotted & ~grouped).any())
    is_unclear = (grouped & dotted & whole).any() and not (grouped & dotted & ~whole).any()
    if is_unclear and not decimal_point:
        example = given[grouped & dotted].iloc[0]
        raise SourceError(
            f"column {column!r} holds values such as {example!r}, which may mean "
            f"{float(example):g} or {example.replace('.', '')}; write whole numbers without "
            "a separator"
        )
    return "commas" if decimal_point else "all"


def _ungrouped(
    given: pd.Series, values: FloatArray, grouped: Mask, column: str, grouping: str
) -> tuple[FloatArray, tuple[str, ...]]:
    """Return the values with groups of thousands read, and what was done."""
    if grouping != "all":
        dotted = mask_of(given.str.contains(".", regex=False)) & np.isfinite(values)
        grouped = grouped & ~dotted & (grouping == "commas")
    if not grouped.any():
        return values, ()
    bare = given[grouped].str.replace(r"[.,]", "", regex=True)
    values = values.copy()
    values[grouped] = plain(bare)
    return values, (
        Remark(
            "{column}: {n} with a separator of thousands, such as {such}, read as whole numbers",
            column=column,
            n=Count(int(grouped.sum()), "value"),
            such=Example(given[grouped].iloc[0]),
        ),
    )
