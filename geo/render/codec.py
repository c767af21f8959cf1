"""Data blocks: how numbers travel inside the page.

A block is bytes, compressed and written as base64 so that no text from data ever meets the HTML
parser. Two kinds of content exist: ``json`` (one JSON document) and ``columns`` (named arrays of
numbers, packed by :mod:`geo.render.packed`). ``assets/js/codec.js`` reads the same format.

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
from geo.render.packed import Kind, Packed, decode_column, encode_columns, split_streams

VERSION = 1
"""Version of the format; a page states it, so that an archived page explains itself."""

Content: TypeAlias = Literal["json", "columns"]

TEXT = "text"
"""Form of a block that stands in the page as JSON text, said in its entry."""

_FLOATS = frozenset({"optional", "number", "curve"})

_LEVEL = 8
"""How hard zlib tries: beyond it, repeated small numbers take ten times as long for 0.1 %."""

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


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
    head, *streams = split_streams(block.data)
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
    values = decode_column("signed" if kind == "delta" else kind, stream, length)
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
