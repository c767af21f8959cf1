"""Data blocks: how numbers travel inside the page.

A block is bytes, compressed and written as base64 so that no text from data ever meets the HTML
parser. Two kinds of content exist: ``json`` (one JSON document) and ``columns`` (named arrays of
numbers, packed by :func:`encode_columns`). ``assets/js/codec.js`` reads the same format.

A plain page has the same blocks as JSON text without a ``<``, for those who must be able to read
what they pass on (:func:`plain_text`).

Equal content gives equal text: the compressed form carries no time, no file name and no platform.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from geo.errors import OutputError

VERSION = 1
"""Version of the format; a page states it, so that an archived page explains itself."""

Kind: TypeAlias = Literal["whole", "sparse", "signed", "delta", "optional", "number", "curve"]
Content: TypeAlias = Literal["json", "columns"]

TEXT = "text"
"""Form of a block that stands in the page as JSON text, said in its entry."""

CURVE = 10**8
"""Units of a curve in one: a power of ten, so that its decimals are kept."""

MOST_UNITS = 2**49
"""Zigzag third differences of smaller numbers are doubles without a rounding."""

_DIFFERENCES = {"delta": 1, "curve": 3}
_FLOATS = frozenset({"optional", "number", "curve"})

SMALL = 3
"""A number of a sparse column that is above so many is written apart from its place."""

_LEVEL = 8
"""How hard zlib tries: beyond it, repeated small numbers take ten times as long for 0.1 %."""

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


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


@dataclass(frozen=True, slots=True)
class Block:
    """Named content of the page."""

    name: str
    content: Content
    data: bytes

    @property
    def payload(self) -> str:
        """The block as it stands in the page: base64 of gzip."""
        return base64.b64encode(gzipped(self.data)).decode("ascii")

    def entry(self) -> dict[str, Any]:
        """Return what the page says of the block: name, content, version, length, SHA-256."""
        return {
            "name": self.name,
            "content": self.content,
            "version": VERSION,
            "bytes": len(self.data),
            "sha256": hashlib.sha256(self.data).hexdigest(),
        }

    def plain_entry(self, text: str) -> dict[str, Any]:
        """Return what a plain page says of the block: also the bytes of its text."""
        return {**self.entry(), "form": TEXT, "length": len(text.encode("utf-8"))}


def gzipped(data: bytes) -> bytes:
    """Return `data` as gzip without time and platform.

    Examples
    --------
    >>> import gzip
    >>> gzip.decompress(gzipped(b"Culiacan"))
    b'Culiacan'
    """
    # Numbers compress better one way, text the other: the shorter one stands.
    packers = [
        zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, 8, strategy)
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED)
    ]
    body = min((packer.compress(data) + packer.flush() for packer in packers), key=len)
    return _GZIP_HEADER + body + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def unpack_block(payload: str, entry: Mapping[str, Any]) -> bytes:
    """Return the content of a block found in a page, checked against its entry.

    A block of a plain page gives the bytes that the packed one holds.

    Raises
    ------
    OutputError
        The block is not what the page says it is.
    """
    try:
        if entry.get("form") == TEXT:
            data = _read_plain(payload, entry["content"])
        else:
            data = zlib.decompress(base64.b64decode(payload, validate=True), wbits=31)
    except (ValueError, TypeError, LookupError, OutputError, zlib.error) as error:
        raise OutputError(f"block {entry['name']!r} of the page cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != entry["sha256"] or len(data) != entry["bytes"]:
        raise OutputError(f"block {entry['name']!r} of the page is not the one its entry describes")
    return data


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
    head, *streams = _split(data)
    header = json.loads(head)
    return {
        column["name"]: _decode(column["kind"], stream, column["length"])
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


def _decode(kind: Kind, stream: bytes, length: int) -> npt.NDArray[Any]:
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


def _split(data: bytes) -> list[bytes]:
    (count,) = struct.unpack_from("<I", data)
    ends = np.cumsum(struct.unpack_from(f"<{count}I", data, 4)) + 4 * (count + 1)
    starts = [4 * (count + 1), *ends[:-1].tolist()]
    return [data[start:end] for start, end in zip(starts, ends.tolist(), strict=True)]


def json_block(name: str, value: object) -> Block:
    """Return a block that holds a JSON document."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Block(name, "json", text.encode("utf-8"))


def columns_block(name: str, columns: Mapping[str, Packed]) -> Block:
    """Return a block that holds named arrays."""
    return Block(name, "columns", encode_columns(columns))


_IN_TEXT = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
)
_EXACT = 2**53
"""Whole numbers below it are written without a decimal point."""

_SHORTEST_RUN = 3


def plain_text(block: Block) -> str:
    r"""Return a block as JSON text that can stand in a script element.

    Columns are a list of ``{name, kind, values}``; those of the kind ``delta`` hold the steps from
    one number to the next, those of the kind ``curve`` its numbers. Null is missing, and ``[n]``
    stands for n zeros.

    Examples
    --------
    >>> plain_text(json_block("names", ["a</script>"]))
    '["a\\u003c/script\\u003e"]'
    >>> plain_text(columns_block("x", {"x": Packed("delta", np.array([7, 9, 8]))}))
    '[{"name":"x","kind":"delta","values":[7,2,-1]}]'
    >>> plain_text(columns_block("x", {"x": Packed("curve", np.array([0.5, 0.00000001]))}))
    '[{"name":"x","kind":"curve","values":[0.5,1e-08]}]'
    """
    if block.content == "json":
        return block.data.decode("utf-8").translate(_IN_TEXT)
    head, *streams = _split(block.data)
    columns = [
        {
            "name": column["name"],
            "kind": column["kind"],
            "values": _plain_values(column["kind"], stream, column["length"]),
        }
        for column, stream in zip(json.loads(head), streams, strict=True)
    ]
    return json.dumps(columns, separators=(",", ":"), allow_nan=False).translate(_IN_TEXT)


def _plain_values(kind: Kind, stream: bytes, length: int) -> list[Any]:
    values = _decode("signed" if kind == "delta" else kind, stream, length)
    written: list[Any] = []
    at = 0
    for begin, end in _zero_runs(values):
        written += map(_plain_value, values[at:begin].tolist())
        written.append([end - begin])
        at = end
    return [*written, *map(_plain_value, values[at:].tolist())]


def _zero_runs(values: npt.NDArray[Any]) -> list[tuple[int, int]]:
    """Return where zeros follow one another so often that a number in brackets is shorter."""
    zero = (values == 0) & ~np.signbit(values)
    edges = np.flatnonzero(np.diff(np.r_[False, zero, False].astype(np.int8)))
    return [
        (begin, end) for begin, end in edges.reshape(-1, 2).tolist() if end - begin >= _SHORTEST_RUN
    ]


def _plain_value(value: float) -> float | int | None:
    if isinstance(value, int):
        return value
    if value != value:
        return None
    is_short = abs(value) < _EXACT and value.is_integer() and str(value) != "-0.0"
    return int(value) if is_short else value


def _read_plain(text: str, content: Content) -> bytes:
    value = json.loads(text)
    if content == "json":
        return json_block("", value).data
    columns = {}
    for column in value:
        given: list[float] = []
        for one in column["values"]:
            given += [0] * one[0] if isinstance(one, list) else [np.nan if one is None else one]
        floats = column["kind"] in _FLOATS
        values = np.array(given, dtype=np.float64 if floats else np.int64)
        columns[column["name"]] = Packed(
            column["kind"], np.cumsum(values) if column["kind"] == "delta" else values
        )
    return encode_columns(columns)
