"""Read the bytes of a file in blocks, unpacked where it is a gzip archive, and hash them."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from geo.errors import SourceError
from geo.sources.gather import shown
from geo.sources.remote import Remote

BLOCK = 1 << 22
LONGEST_LINE = 64_000_000
"""Bytes (or characters) after which a line end must have come."""

UNPACKED_LIMIT = 1 << 28
RATIO_LIMIT = 200
"""An archive that unpacks to more than both limits (bytes, times its size) is a bomb."""


class _Hashing:
    """A file that hashes what is read from it; just enough of one for :mod:`gzip`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.hash.update(block)
        self.size += len(block)
        return block


class Octets:
    """The (unpacked) bytes of a file in blocks; afterwards ``sha256`` and ``size`` are known."""

    def __init__(self, path: Path, *, packed: bool) -> None:
        self.path = path
        self.packed = packed
        self.sha256 = ""
        self.size = 0

    def blocks(self, progress: Callable[[int], None] = lambda _: None) -> Iterator[bytes]:
        """Yield the bytes; call `progress` with the bytes of the file read so far."""
        with self.path.open("rb") as file:
            raw = _Hashing(file)
            blocks = self._unpacked(raw) if self.packed else iter(lambda: raw.read(BLOCK), b"")
            for block in blocks:
                yield block
                progress(raw.size)
            while raw.read(BLOCK):
                pass
            self.sha256, self.size = raw.hash.hexdigest(), raw.size

    def whole_lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield runs of whole lines, each with the number of its first line."""
        line, rest = 1, b""
        for block in self.blocks():
            run = rest + block
            end = run.rfind(b"\n") + 1 or run.rfind(b"\r", 0, -1) + 1
            if not end and len(run) > LONGEST_LINE:
                raise line_too_long(self.path.name, line)
            run, rest = run[:end], run[end:]
            yield line, run
            line += run.count(b"\n") + run.count(b"\r") - run.count(b"\r\n")
        yield line, rest

    def _unpacked(self, raw: _Hashing) -> Iterator[bytes]:
        length = 0
        name = self.path.name
        try:
            with gzip.GzipFile(fileobj=raw, mode="rb") as file:  # type: ignore[call-overload]
                while block := file.read(BLOCK):
                    length += len(block)
                    if length > UNPACKED_LIMIT and length > RATIO_LIMIT * raw.size:
                        raise SourceError(
                            f"{name} unpacks to more than {RATIO_LIMIT} times its size; "
                            "that is no table. Unpack it yourself if you trust it."
                        )
                    yield block
        except EOFError as error:
            raise SourceError(
                f"{name} is cut: the gzip archive ends at byte {raw.size:,} in the middle of its "
                f"data, after {length:,} unpacked bytes. Download or copy it again."
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise SourceError(
                f"{name} is a damaged gzip archive ({shown(error)}), before byte {raw.size:,}, "
                f"after {length:,} unpacked bytes. Download or copy it again."
            ) from error


def fingerprint(paths: Iterable[Path | Remote]) -> tuple[str, int]:
    """Return SHA-256 and size of the content of `paths`, one after another."""
    digest, size = hashlib.sha256(), 0
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                size += len(block)
    return digest.hexdigest(), size


def changed_while_read(name: str) -> SourceError:
    """Return the error for a file that is not what it was a moment ago."""
    return SourceError(
        f"{name} changed while it was read. Wait until whatever writes it has finished, "
        "then start again."
    )


def line_too_long(name: str, line: int) -> SourceError:
    """Return the error for a file whose line does not end."""
    return SourceError(
        f"line {line:,} of {name} is longer than {LONGEST_LINE // 1_000_000} MB: this is not a "
        "table of events with one record a line."
    )
