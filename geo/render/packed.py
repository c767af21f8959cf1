"""Named arrays of numbers as bytes: how the columns of a block are packed.

``assets/js/codec.js`` reads the same format.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from geo.errors import OutputError

Kind: TypeAlias = Literal["whole", "sparse", "signed", "delta", "optional", "number", "curve"]

CURVE = 10**8
"""Units of a curve in one: a power of ten, so that its decimals are kept."""

MOST_UNITS = 2**49
"""Zigzag third differences of smaller numbers are doubles without a rounding."""

_DIFFERENCES = {"delta": 1, "curve": 3}

SMALL = 3
"""A number of a sparse column that is above so many is written apart from its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """One array and how it is packed.

    ``whole``
        whole numbers from 0.
    ``sparse``
        whole numbers from 0, most of which are 0.
    ``signed``
        whole numbers.
    ``delta``
        whole numbers, stored as steps from one to the next.
    ``optional``
        whole numbers from 0, or missing (NaN).
    ``number``
        64-bit floats, every bit kept; missing is NaN.
    ``curve``
        floats of a smooth curve, kept to eight decimals.
    """

    kind: Kind
    values: npt.NDArray[Any]


def encode_columns(columns: Mapping[str, Packed]) -> bytes:
    """Return named arrays as bytes.

    The layout is a list of streams: their number and their lengths as 32-bit little-endian
    numbers, then the streams. The first is a JSON list of ``{name, kind, length}``, the others
    are the columns in that order. Whole numbers are varints (7 bits a byte, lowest first, the
    high bit says that more follows), signed ones zigzag (0, -1, 1, -2 are 0, 1, 2, 3), missing
    is 0 and the others are moved up by 1; a curve is its third differences, in units of its last
    decimal. Of a sparse column the number of its entries stands first; then, for each number above
    zero, four times the zeros before it plus the number less 1, at most 3; then what numbers above
    3 have beyond 4. Floats are little-endian, all first bytes first, then all second bytes: that
    way they compress.

    Raises
    ------
    OutputError
        A number is infinite, or does not fit the kind of its column.

    Examples
    --------
    >>> data = encode_columns({"events": Packed("whole", np.array([3, 0, 300]))})
    >>> decode_columns(data)["events"].tolist()
    [3, 0, 300]
    """
    header, streams = [], []
    for name, packed in columns.items():
        header.append({"name": name, "kind": packed.kind, "length": len(packed.values)})
        streams.append(_encode(name, packed))
    return _join([json.dumps(header, separators=(",", ":")).encode("ascii"), *streams])


def decode_columns(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of :func:`encode_columns`, by name."""
    head, *streams = split_streams(data)
    header = json.loads(head)
    return {
        column["name"]: decode_column(column["kind"], stream, column["length"])
        for column, stream in zip(header, streams, strict=True)
    }


def _encode(name: str, packed: Packed) -> bytes:
    values = packed.values
    if packed.kind == "number":
        floats = np.asarray(values, dtype="<f8")
        if np.isinf(floats).any():
            raise OutputError(f"column {name!r} holds an infinite number; a map can show none")
        # One bit pattern for missing, so that equal tables give equal bytes.
        floats = np.where(np.isnan(floats), np.nan, floats).astype("<f8")
        return np.ascontiguousarray(floats.view(np.uint8).reshape(-1, 8).T).tobytes()
    if packed.kind == "optional":
        given = np.asarray(values, dtype=np.float64)
        missing = np.isnan(given)
        wanted = _whole(name, np.where(missing, 0.0, given))
        return varints(np.where(missing, 0, wanted + np.uint64(1)).astype(np.uint64))
    if packed.kind == "whole":
        return varints(_whole(name, values))
    if packed.kind == "sparse":
        return varints(_entries(_whole(name, values)))
    signed = _units(name, values) if packed.kind == "curve" else np.asarray(values, dtype=np.int64)
    for _ in range(_DIFFERENCES.get(packed.kind, 0)):
        signed = np.diff(signed, prepend=0)
    return varints(((signed << 1) ^ (signed >> 63)).astype(np.uint64))


def _units(name: str, values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    units = np.rint(np.asarray(values, dtype=np.float64) * CURVE)
    if not (np.isfinite(units).all() and (abs(units) < MOST_UNITS).all()):
        raise OutputError(f"column {name!r} must hold numbers below {MOST_UNITS / CURVE:,.0f}")
    return units.astype(np.int64)


def _whole(name: str, values: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    array = np.asarray(values)
    if not (np.isfinite(array).all() and (array >= 0).all() and (array == np.floor(array)).all()):
        raise OutputError(f"column {name!r} must hold whole numbers from 0")
    return array.astype(np.uint64)


def _entries(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return a sparse column as the numbers that are written."""
    at = np.flatnonzero(values)
    zeros = np.diff(at, prepend=-1) - 1
    over = values[at] - np.uint64(1)
    first = zeros.astype(np.uint64) * np.uint64(SMALL + 1) + np.minimum(over, np.uint64(SMALL))
    rest = over[over >= SMALL] - np.uint64(SMALL)
    return np.concatenate([np.array([len(at)], dtype=np.uint64), first, rest])


def _from_entries(written: npt.NDArray[np.uint64], length: int) -> npt.NDArray[np.int64]:
    """Return the column of :func:`_entries`."""
    numbers = written.astype(np.int64)
    count = int(numbers[0]) if len(numbers) else -1
    first, rest = numbers[1 : 1 + count], numbers[1 + count :]
    at = np.cumsum(first // (SMALL + 1) + 1) - 1
    over = first % (SMALL + 1)
    if len(first) != count or (over == SMALL).sum() != len(rest) or (at >= length).any():
        raise OutputError("a sparse column of the page does not hold what it announces")
    over[over == SMALL] += rest
    column = np.zeros(length, dtype=np.int64)
    column[at] = over + 1
    return column


def decode_column(kind: Kind, stream: bytes, length: int) -> npt.NDArray[Any]:
    """Return one column of so many numbers from its stream.

    Raises
    ------
    OutputError
        The stream does not hold what is announced.
    """
    if kind == "number":
        planes = np.frombuffer(stream, dtype=np.uint8).reshape(8, length)
        return np.ascontiguousarray(planes.T).view("<f8").reshape(length)
    raw = read_varints(stream)
    if kind == "sparse":
        return _from_entries(raw, length)
    if len(raw) != length:
        raise OutputError(f"a column holds {len(raw)} numbers where {length} are announced")
    if kind == "whole":
        return raw.astype(np.int64)
    if kind == "optional":
        return np.where(raw == 0, np.nan, raw.astype(np.float64) - 1)
    signed = (raw >> np.uint64(1)).astype(np.int64) ^ -(raw & np.uint64(1)).astype(np.int64)
    for _ in range(_DIFFERENCES.get(kind, 0)):
        signed = np.cumsum(signed)
    return signed / CURVE if kind == "curve" else signed


def varints(values: npt.NDArray[np.uint64]) -> bytes:
    """Return whole numbers as varints.

    Examples
    --------
    >>> varints(np.array([1, 127, 128, 300], dtype=np.uint64)).hex(" ")
    '01 7f 80 01 ac 02'
    """
    if not len(values):
        return b""
    width = max(1, -(-int(values.max()).bit_length() // 7))
    shifts = np.arange(width, dtype=np.uint64) * np.uint64(7)
    groups = (values[:, None] >> shifts) & np.uint64(0x7F)
    # A byte is written if it or a later one of its number holds a bit; the first always is.
    rest = values[:, None] >> shifts
    written = rest > 0
    written[:, 0] = True
    more = np.zeros_like(written)
    more[:, :-1] = written[:, 1:]
    return (groups | (more.astype(np.uint64) << np.uint64(7)))[written].astype(np.uint8).tobytes()


def read_varints(stream: bytes) -> npt.NDArray[np.uint64]:
    """Return the whole numbers of :func:`varints`."""
    octets = np.frombuffer(stream, dtype=np.uint8)
    if not len(octets):
        return np.array([], dtype=np.uint64)
    last = octets < 0x80
    if not last[-1]:
        raise OutputError("a column of the page ends in the middle of a number")
    ends = np.flatnonzero(last)
    starts = np.r_[0, ends[:-1] + 1]
    place = np.arange(len(octets)) - np.repeat(starts, ends - starts + 1)
    parts = (octets & 0x7F).astype(np.uint64) << (place * 7).astype(np.uint64)
    return np.add.reduceat(parts, starts)


def _join(streams: list[bytes]) -> bytes:
    lengths = struct.pack(f"<{len(streams) + 1}I", len(streams), *map(len, streams))
    return lengths + b"".join(streams)


def split_streams(data: bytes) -> list[bytes]:
    """Return the streams of packed columns: the header, then each column."""
    (count,) = struct.unpack_from("<I", data)
    ends = np.cumsum(struct.unpack_from(f"<{count}I", data, 4)) + 4 * (count + 1)
    starts = [4 * (count + 1), *ends[:-1].tolist()]
    return [data[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]
