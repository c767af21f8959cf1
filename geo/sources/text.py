"""Turn the bytes of a text file into text, without losing or inventing a letter.

The file is read twice: once to learn its encoding and its hash, once to hand out the text. The
second reading must give the same hash, so a file that changes meanwhile is refused. UTF-8 is
tried strictly on the whole file; only if it fails, the bytes must look like Spanish in one of
the old encodings.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import SettingsError, SourceError
from geo.sources.encodings import (
    Strict,
    UndecodableError,
    can_be_twice,
    is_twice,
    old_encoding,
    undo_twice,
)
from geo.sources.gather import shown
from geo.sources.octets import Octets, changed_while_read
from geo.sources.sniff import utf16_without_mark

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FAMILY = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """How the bytes of a file become text (:func:`examine`).

    ``mark`` is the length of the byte order mark, ``cut`` counts the bytes of a character that
    the end of the file broke off, ``length`` those of the unpacked file; ``is_twice`` says that
    everything was encoded to UTF-8 a second time.
    """

    path: Path
    packed: bool
    encoding: str
    sha256: str
    size: int
    length: int
    mark: int = 0
    cut: int = 0
    is_twice: bool = False
    repairs: tuple[str, ...] = ()


def examine(
    path: Path,
    *,
    packed: bool = False,
    encoding: str | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Text:
    r"""Read the file once and return how its bytes become text.

    Parameters
    ----------
    path
        The file.
    packed
        Whether it is a gzip archive.
    encoding
        The encoding, where the user knows it: it is then taken strictly.
    progress
        Called with the bytes of the file read so far.

    Raises
    ------
    SourceError
        If the file holds no bytes, if two encodings are mixed in it, or if no encoding makes
        plausible text of it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "states.csv")
    ...     _ = file.write_bytes("name\nMichoacán\n".encode("latin-1"))
    ...     text = examine(file)
    ...     text.encoding, text.repairs, "".join(text_blocks(text))
    ('cp1252', ('decoded as windows-1252',), 'name\nMichoacán\n')
    """
    source = Octets(path, packed=packed)
    asked = None if encoding is None else _known(encoding)
    found = _scan(source, asked, progress)
    if not found.length:
        raise SourceError(f"{path.name} is empty (0 bytes): there is nothing to read.")

    codec, repairs = found.codec, ["byte order mark left out"] if found.mark else []
    twice = False
    if found.problem is not None:
        codec, words = _another(source, found, asked)
        repairs.append(words)
    elif asked is not None:
        repairs.append(f"decoded as {codec}, as asked")
    elif codec != "utf-8":
        repairs.append(f"decoded as {codec.upper()}")
    elif found.has_traces:
        twice = is_twice(source, found.mark)
        if twice:
            repairs.append("decoded twice: every accent had been encoded to UTF-8 two times")
    return Text(
        path=path,
        packed=packed,
        encoding=codec,
        sha256=source.sha256,
        size=source.size,
        length=found.length,
        mark=found.mark,
        cut=found.cut,
        is_twice=twice,
        repairs=tuple(repairs),
    )


def text_blocks(text: Text, progress: Callable[[int], None] = lambda _: None) -> Iterator[str]:
    """Yield the text of a file in blocks, without a byte order mark.

    Raises
    ------
    SourceError
        At the end, if the file is no longer the one that was examined.
    """
    source = Octets(text.path, packed=text.packed)
    decoder = codecs.getincrementaldecoder(text.encoding)()
    again = codecs.getincrementaldecoder("utf-8")()
    end = text.length - text.cut
    at = 0
    try:
        for block in source.blocks(progress):
            piece = decoder.decode(block[max(0, text.mark - at) : max(0, end - at)])
            if text.is_twice:
                piece = again.decode(undo_twice(piece))
            yield piece.removeprefix("\ufeff") if at == 0 else piece
            at += len(block)
        yield decoder.decode(b"", final=True) + again.decode(b"", final=True)
    except UnicodeError as error:
        raise changed_while_read(text.path.name) from error
    if source.sha256 != text.sha256:
        raise changed_while_read(text.path.name)


def octet_blocks(text: Text, progress: Callable[[int], None] = lambda _: None) -> Iterator[bytes]:
    """Yield the text of a file as UTF-8 in blocks, which may end inside a character.

    What is UTF-8 already is handed out as it is: it was decoded once when it was examined.

    Raises
    ------
    SourceError
        At the end, if the file is no longer the one that was examined.
    """
    if text.encoding != "utf-8" or text.is_twice:
        for piece in text_blocks(text, progress):
            yield piece.encode(errors="surrogatepass")
        return
    source = Octets(text.path, packed=text.packed)
    end = text.length - text.cut
    at = 0
    for block in source.blocks(progress):
        last = at + len(block)
        yield block if text.mark <= at and last <= end else block[max(0, text.mark - at) : end - at]
        at = last
    if source.sha256 != text.sha256:
        raise changed_while_read(text.path.name)


@dataclass(slots=True)
class _Found:
    """What the first reading shows."""

    codec: str = ""
    mark: int = 0
    length: int = 0
    cut: int = 0
    has_traces: bool = False
    problem: UndecodableError | None = None


def _scan(source: Octets, asked: str | None, progress: Callable[[int], None]) -> _Found:
    found = _Found()
    decoder: Strict | None = None
    for block in source.blocks(progress):
        usable = block
        if decoder is None:
            found.codec, found.mark = _encoding_by_head(block, asked)
            decoder = Strict(found.codec, found.mark, counts_lines=False)
            usable = block[found.mark :]
        found.length += len(block)
        if found.problem is None:
            try:
                found.has_traces = can_be_twice(decoder.decode(usable)) or found.has_traces
            except UndecodableError as error:
                found.problem = error
    if decoder is not None and found.problem is None:
        found.cut = decoder.unfinished()
    return found


def _another(source: Octets, found: _Found, asked: str | None) -> tuple[str, str]:
    """Return the encoding of a file that is not what it was taken for, and the words for it."""
    name = source.path.name
    if asked is None and not found.mark and found.codec == "utf-8":
        return old_encoding(source)
    place = _place_of_fault(source, found)
    if asked is not None:
        raise SourceError(
            f"{name} is not {asked}: {place}. Leave encoding= out to have it found."
        ) from found.problem
    raise SourceError(
        f"{name} starts as {found.codec.upper()}, but later has bytes that are not: {place}. "
        "It mixes encodings or is damaged: save it again in one encoding."
    ) from found.problem


def _place_of_fault(source: Octets, found: _Found) -> str:
    """Return byte and line of the first fault, for which the file is read once more."""
    decoder = Strict(found.codec, found.mark)
    start = found.mark
    try:
        for block in source.blocks():
            decoder.decode(block[start:])
            start = 0
    except UndecodableError as error:
        return str(error)
    raise changed_while_read(source.path.name)


def _known(encoding: str) -> str:
    """Return the name of the codec, or refuse."""
    try:
        codec = codecs.lookup(encoding)
        "a".encode(encoding)  # refuses codecs that are not of text
    except (LookupError, ValueError, TypeError) as error:
        raise SettingsError(
            f"there is no text encoding {shown(encoding)!r}; common ones are utf-8, "
            "windows-1252, latin-1, utf-16, cp850"
        ) from error
    return codec.name


def _encoding_by_head(head: bytes, asked: str | None) -> tuple[str, int]:
    """Return the codec and the length of the byte order mark, which decides the byte order."""
    for mark, codec in _MARKS:
        if head.startswith(mark) and asked in (None, codec, codec[:6], f"{codec}-sig"):
            return codec, len(mark)
    if asked in (None, "utf-16") and (unmarked := utf16_without_mark(head[:4096])):
        return unmarked, 0
    return (_FAMILY.get(asked, asked) if asked else "utf-8"), 0
