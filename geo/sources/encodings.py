"""Tell old encodings apart, and text that was encoded twice, by what Spanish looks like."""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterable

from geo.errors import DataWarning, SourceError
from geo.sources.gather import shown
from geo.sources.octets import Octets

_OLD = {"cp1252": "windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS code page 850"}
_VALID = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_HIGH = re.compile(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?")
_LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
_SIGNS = frozenset("¿¡«»“”‘’–—…°ºª·•€´")
_AFTER_APOSTROPHE = frozenset("stdmlrvSTDMLRV")
_SAMPLE = 20_000
_PLAUSIBLE = 0.75

# Windows-1252 with its five holes filled as browsers do, so that every byte has a character.
_HOLES = b"\x81\x8d\x8f\x90\x9d"
_SLOPPY = "".join(chr(b) if b in _HOLES else bytes([b]).decode("cp1252") for b in range(256))
_TO_SLOPPY = codecs.charmap_build(_SLOPPY)
_TWICE = re.compile(f"[ÂÃ][{re.escape(_SLOPPY[0x80:0xC0])}]|ï»¿|â€")


class UndecodableError(ValueError):
    """Bytes that are not in the encoding; says where."""


class Strict:
    """Decode block after block and keep count of bytes and lines.

    Parameters
    ----------
    codec
        Name of a codec.
    start
        Bytes of the file that come before the first block (a byte order mark).
    counts_lines
        Whether to know the line of a fault; it takes as long as the decoding.
    """

    def __init__(self, codec: str, start: int = 0, *, counts_lines: bool = True) -> None:
        self._decoder = codecs.getincrementaldecoder(codec)()
        self._codec = codec
        self._fed = start
        self._line = 1
        self._after_return = False
        self._counts_lines = counts_lines

    def decode(self, block: bytes, *, final: bool = False) -> str:
        """Return the text of a block, or raise :exc:`UndecodableError`."""
        self._fed += len(block)
        try:
            text = self._decoder.decode(block, final)
        except UnicodeDecodeError as error:
            byte = self._fed - len(error.object) + error.start + 1
            good = bytes(error.object[: error.start]).decode(self._codec, "replace")
            line = self._line + line_breaks(good)
            raise UndecodableError(f"byte {byte:,}, in line {line:,}") from error
        except UnicodeError as error:
            raise UndecodableError(f"before byte {self._fed:,} ({shown(error)})") from error
        if self._counts_lines:
            self._count(text)
        return text

    def _count(self, text: str) -> None:
        self._line += line_breaks(text) - (self._after_return and text.startswith("\n"))
        self._after_return = text.endswith("\r") if text else self._after_return

    def unfinished(self) -> int:
        """Return how many bytes of a broken off character are left at the end."""
        return len(self._decoder.getstate()[0])

    def line_of(self, text: str, place: int) -> int:
        """Return the line of a place in the text that was returned last."""
        return self._line - line_breaks(text) + line_breaks(text[:place])


def line_breaks(text: str) -> int:
    r"""Return the number of line ends: LF, CR LF or CR alone, and no other character.

    Examples
    --------
    >>> line_breaks("a\r\nb\rc\u2028d\n")
    3
    """
    n = text.count("\n")
    return n + text.count("\r") - text.count("\r\n") if "\r" in text else n


def plausible_encoding(data: bytes) -> str | None:
    r"""Return the old encoding under which the high bytes read as Spanish, if one does.

    Letters must be Spanish ones, and between letters there must be letters. Windows-1252 wins a
    draw, because it is by far the most common.

    Examples
    --------
    >>> plausible_encoding("Michoacán de Ocampo".encode("latin-1"))
    'cp1252'
    >>> plausible_encoding("Michoacán de Ocampo".encode("cp850"))
    'cp850'
    >>> plausible_encoding(bytes(range(128, 256))) is None
    True
    """
    pieces = _HIGH.findall(data)[:_SAMPLE]
    scores = {codec: _score([p.decode(codec, "replace") for p in pieces]) for codec in _OLD}
    best = max(scores, key=lambda codec: scores[codec])  # the first of equals
    return best if scores[best] >= _PLAUSIBLE else None


def old_encoding(source: Octets) -> tuple[str, str]:
    """Return the encoding of a file that is not UTF-8, and the words that report it.

    Raises
    ------
    SourceError
        If the file mixes UTF-8 with another encoding, or no encoding makes plausible text of it.
    """
    pieces: list[bytes] = []
    in_utf8: list[int] = []
    in_other: list[int] = []
    undefined = 0
    for first, run in source.whole_lines():
        if run.isascii():
            continue
        rest = _VALID.sub(lambda m: b"?" * len(m[0]) if _is_spanish(m[0]) else m[0], run)
        _note_lines(in_utf8, first, run, (m.start() for m in _VALID.finditer(run)
                                          if _is_spanish(m[0])))  # fmt: skip
        _note_lines(in_other, first, run, (m.start() for m in _HIGH.finditer(rest)))
        undefined += sum(run.count(byte) for byte in _HOLES)
        if len(pieces) < _SAMPLE:
            pieces += _HIGH.findall(run)
    name = source.path.name
    if in_utf8 and in_other:
        raise SourceError(
            f"{name} mixes encodings: UTF-8 first in line {_listed(in_utf8)}, another one (such as "
            f"windows-1252) first in line {_listed(in_other)}. It was probably put together from "
            "several files: save each as UTF-8 and join them again."
        )
    codec = plausible_encoding(b" ".join(pieces))
    if codec is None:
        raise SourceError(
            f"{name} is not UTF-8 (first in line {_listed(in_other or in_utf8)}), and no other "
            "encoding makes plausible text of it. Pass encoding=, for example windows-1252."
        )
    if codec == "cp1252" and undefined:
        return "latin-1", f"decoded as latin-1 ({undefined:,} control characters kept)"
    return codec, f"decoded as {_OLD[codec]}"


def undo_twice(text: str) -> bytes:
    """Return the UTF-8 that `text` was before it was encoded to UTF-8 once more.

    Raises
    ------
    UnicodeError
        If it has a character that cannot come from a second encoding.
    """
    return codecs.charmap_encode(text, "strict", _TO_SLOPPY)[0]


def can_be_twice(text: str) -> bool:
    """Return whether `text` has a letter that double encoding leaves behind. Cheap, not sure."""
    return "Ã" in text or "Â" in text or "ï" in text or "â" in text


def is_twice(source: Octets, mark: int) -> bool:
    """Return whether a UTF-8 file is UTF-8 of UTF-8 as a whole; warn where only a part of it is.

    Parameters
    ----------
    source
        The file.
    mark
        Length of its byte order mark.
    """
    decoder = Strict("utf-8", mark)
    again = codecs.getincrementaldecoder("utf-8")()
    examples: list[str] = []
    is_total, at_start = True, True
    for block in source.blocks():
        text = decoder.decode(block[mark:] if at_start else block)
        at_start = False
        is_total = is_total and _goes_back(again, text)
        for match in _TWICE.finditer(text):
            if len(examples) == 3:
                break
            line = decoder.line_of(text, match.start())
            examples.append(f"{_word_around(text, match.start())!r} (line {line:,})")
    if not examples:
        return False
    if is_total and not decoder.unfinished() and not again.getstate()[0]:
        return True
    warnings.warn(
        f"{source.path.name}: some text was encoded to UTF-8 twice and some was not, so it is left "
        f"as it is: {', '.join(examples)}. Names with these letters will not be recognized; "
        "mend the file at its source.",
        DataWarning,
        stacklevel=2,
    )
    return False


def _goes_back(again: codecs.IncrementalDecoder, text: str) -> bool:
    try:
        again.decode(undo_twice(text))
    except UnicodeError:
        return False
    return True


def _note_lines(found: list[int], first: int, run: bytes, places: Iterable[int]) -> None:
    """Note the lines of the first three places."""
    for place in places:
        if len(found) == 3:
            break
        before = run[:place]
        line = first + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")
        if line not in found:
            found.append(line)


def _listed(lines: list[int]) -> str:
    return ", ".join(f"{line:,}" for line in lines)


def _is_spanish(sequence: bytes) -> bool:
    """Return whether a UTF-8 sequence is a letter or sign of Spanish text.

    Others, such as the two bytes of ``É»``, come about by chance in an old encoding.
    """
    character = sequence.decode("utf-8", "replace")
    return character in _LETTERS or character in _SIGNS


def _score(pieces: list[str]) -> float:
    """Return the share of characters above ASCII that are plausible in Spanish."""
    good = total = 0
    for piece in pieces:
        for i, character in enumerate(piece):
            if character < "\x80":
                continue
            total += 1
            before, after = piece[max(0, i - 1) : i], piece[i + 1 : i + 2]
            is_between = before.isalpha() and after.isalpha()
            if character in _LETTERS:
                good += 1
            elif character in _SIGNS:
                good += not is_between or (character == "’" and after in _AFTER_APOSTROPHE)
    return good / total if total else 0.0


def _word_around(text: str, place: int) -> str:
    before = re.search(r"[^\s,;|\"]*\Z", text[max(0, place - 20) : place])
    after = re.match(r"[^\s,;|\"]*", text[place : place + 20])
    return shown((before[0] if before else "") + (after[0] if after else ""), 40)
