"""Read runs of records that are beyond doubt, at the speed of Arrow.

Whether they are is checked on all bytes first: quotes only where RFC 4180 allows them, the same
number of fields in every record, no NUL, no lone CR, no endless cell. Where anything else is
found, nothing is read, and the strict reader takes over (:mod:`geo.sources.delimited`). Both
give the same records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from geo.sources.gather import CELL_LIMIT

_QUOTE, _LF, _CR = 34, 10, 13
_LONGEST = 1 << 25
"""Bytes without the end of a record after which the strict reader must look."""

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Records in a row, all whole.

    ``arrays`` are the columns to keep, ``lines`` the physical line of each record counted from 0,
    ``inner`` the lines inside records that are not their first, ``first_cells`` the beginning of
    some records. ``length`` counts the bytes, ``breaks`` the physical lines of all of them.
    """

    arrays: list[pa.Array]
    lines: Places
    inner: list[str]
    first_cells: list[str]
    length: int
    breaks: int


def read_regular(
    data: bytes, header: Sequence[str], keep: Sequence[int], delimiter: str
) -> Run | None:
    r"""Return the whole records that `data` begins with; None if any of them is odd.

    Parameters
    ----------
    data
        UTF-8 that begins at the beginning of a record. What follows the last whole record is
        left out.
    header
        The cells of the header.
    keep
        Positions of the columns to keep.
    delimiter
        One character of ASCII.

    Examples
    --------
    >>> run = read_regular(b'7,"a, b"\n8,c\n9,', ["id", "note"], [1], ",")
    >>> run.arrays[0].to_pylist(), run.lines.tolist(), run.length
    (['a, b', 'c'], [0, 1], 13)
    >>> read_regular(b'7,a,b\n8,c\n', ["id", "note"], [1], ",") is None
    True
    """
    is_plain = len(header) > 1 and keep and delimiter.isascii()
    # Arrow passes over a byte order mark; a lone surrogate (ED A0 to ED BF) is no UTF-8.
    if not is_plain or b"\0" in data or data.startswith(b"\xef\xbb\xbf") or b"\xed" in data:
        return None
    octets = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(octets == _QUOTE)
    breaks = np.flatnonzero(octets == _LF)
    is_inner = _is_inside(breaks, quotes)
    ends = breaks[~is_inner]
    if not len(ends):
        return None if len(data) > _LONGEST else _nothing()
    length = int(ends[-1]) + 1
    octets, breaks = octets[:length], breaks[breaks < length]
    quotes, inner = quotes[quotes < length], breaks[is_inner[: len(breaks)]]
    starts = np.concatenate([[0], ends[:-1] + 1])
    is_blank = (octets[starts] == _LF) | (octets[starts] == _CR)
    is_odd = (
        is_blank.any()
        or (ends - starts).max() > CELL_LIMIT
        or _has_lone_return(octets, data)
        or _has_stray_quote(octets, quotes, ord(delimiter))
        or _repeats(data, octets, starts, header[0], delimiter)
    )
    if is_odd:
        return None
    # Where the quotes are in order Arrow refuses a record with another number of fields.
    arrays = _parsed(memoryview(data)[:length], len(header), keep, delimiter, len(ends))
    if arrays is None:
        return None
    nexts = breaks[np.searchsorted(breaks, inner) + 1] if len(inner) else inner
    return Run(
        arrays=arrays,
        lines=np.searchsorted(breaks, starts),
        inner=[
            data[a + 1 : b].decode() for a, b in zip(inner.tolist(), nexts.tolist(), strict=True)
        ],
        first_cells=[
            _first_cell(data, start, delimiter.encode()) for start in starts[:500].tolist()
        ],
        length=length,
        breaks=len(breaks),
    )


def _nothing() -> Run:
    return Run([], np.empty(0, np.int64), [], [], 0, 0)


def _is_inside(places: Places, quotes: Places) -> npt.NDArray[np.bool_]:
    """Return which places have an odd number of quotes before them."""
    return (np.searchsorted(quotes, places) & 1).astype(bool)


def _has_lone_return(octets: npt.NDArray[np.uint8], data: bytes) -> bool:
    if b"\r" not in data:
        return False
    returns = np.flatnonzero(octets == _CR)
    return bool((octets[returns + 1] != _LF).any())  # the last byte is an LF


def _has_stray_quote(octets: npt.NDArray[np.uint8], quotes: Places, delimiter: int) -> bool:
    """Return whether a quote opens inside a cell, or closes before the end of one.

    Two quotes in a row inside a cell close and open it again, which is allowed.
    """
    opening, closing = quotes[::2], quotes[1::2]
    before = octets[opening[opening > 0] - 1]
    after = octets[closing + 1]
    return not (
        np.isin(before, (delimiter, _LF, _QUOTE)).all()
        and np.isin(after, (delimiter, _LF, _CR, _QUOTE)).all()
    )


def _first_cell(data: bytes, start: int, delimiter: bytes) -> str:
    """Return the first cell of the record that begins at `start`, without its quotes."""
    if data[start] != _QUOTE:
        return data[start : data.index(delimiter, start)].decode()
    end = start
    while True:
        end = data.index(b'"', end + 1)
        if data[end + 1 : end + 2] != b'"':
            return data[start:end].decode().strip('"')
        end += 1


def _repeats(
    data: bytes, octets: npt.NDArray[np.uint8], starts: Places, first: str, delimiter: str
) -> bool:
    """Return whether a record may be the header once more: it begins with the first name."""
    quoted = first.replace('"', '""')
    for text in (f"{first}{delimiter}", f'"{quoted}"{delimiter}'):
        beginning = text.encode()
        alike = starts[octets[starts] == beginning[0]]
        if any(data.startswith(beginning, start) for start in alike.tolist()):
            return True
    return False


def _parsed(
    data: memoryview, width: int, keep: Sequence[int], delimiter: str, records: int
) -> list[pa.Array] | None:
    names = [str(i) for i in range(width)]
    kept = [names[i] for i in keep]
    try:
        table = pc.read_csv(
            pa.BufferReader(data),
            read_options=pc.ReadOptions(column_names=names),
            parse_options=pc.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(kept, pa.large_string()),
                include_columns=kept,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != records:
        return None
    return [table.column(name).combine_chunks() for name in kept]
