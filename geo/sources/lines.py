"""Hand out the physical lines of a text, with a look back at the record being read."""

from __future__ import annotations

import codecs
import io
import itertools
from collections.abc import Iterator

from geo.sources.gather import CELL_LIMIT
from geo.sources.octets import LONGEST_LINE, changed_while_read, line_too_long


class Lines:
    r"""The physical lines of a text, each with its end, read block by block.

    Lines end at LF, CR LF or CR, and at no other character. ``at`` is the last line of the last
    whole record: the reader of records moves it on, and the lines after it can be seen again.

    Parameters
    ----------
    blocks
        The text in pieces, or its UTF-8, whose pieces may end inside a character.
    name
        Name of the file, for messages.

    Examples
    --------
    >>> list(Lines(iter(["a\u2028b\r", "\nc\rd"]), "a.csv"))
    ['a\u2028b\r\n', 'c\r', 'd']
    """

    def __init__(self, blocks: Iterator[str] | Iterator[bytes], name: str) -> None:
        self.at = 0
        self.skipped = 0
        self.count = 0
        self.has_nul = False
        self.has_long = False
        self.is_whole = False
        self.ends_open = False
        self._name = name
        self._blocks: Iterator[str | bytes] = iter(blocks)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogatepass")
        self._rest: list[str] = []
        self._rest_length = 0
        self._window: list[str] = []
        self._base = 0

    def ahead(self, wanted: int) -> list[str]:
        """Return the first lines without using them up."""
        while len(self._window) < wanted and not self.is_whole:
            self._load()
        return self._window[:wanted]

    def skip(self, n: int) -> None:
        """Leave out the first `n` lines."""
        self.skipped = self.at = n

    def unread(self) -> bytes:
        """Take out the text after ``at`` that is in memory, as UTF-8."""
        text = "".join([*self._window[self.at - self._base :], *self._rest])
        begun = self._decoder.getstate()[0]
        self._decoder.reset()
        self._window, self._rest, self._rest_length = [], [], 0
        self._base = self.count = self.at
        return text.encode(errors="surrogatepass") + begun

    def block(self) -> bytes | None:
        """Take out the next block of text as UTF-8; None at the end."""
        block = next(self._blocks, None)
        return block.encode(errors="surrogatepass") if isinstance(block, str) else block

    def pass_over(self, n: int) -> None:
        """Count `n` lines as read, that were taken out."""
        self.at += n
        self._base = self.count = self.at

    def put_back(self, text: bytes) -> None:
        """Give back text that was taken out; what is read next starts with it."""
        self._blocks = itertools.chain([text], self._blocks)
        self.skipped = self.at
        self.is_whole = False

    def __iter__(self) -> Iterator[str]:
        """Yield the lines; to be used once."""
        place = self.skipped
        while True:
            end = self.count
            yield from self._window[place - self._base :]
            place = end
            if self.is_whole:
                return
            self._load()

    def between(self, first: int, last: int) -> list[str]:
        """Return the lines `first` to `last`, counted from 1; none before ``at``."""
        return self._window[first - 1 - self._base : last - self._base]

    def _load(self) -> None:
        """Read one block more."""
        block = self._text()
        if block is None:
            self.is_whole = True
            fresh = list(io.StringIO("".join(self._rest), newline=""))
            self._rest = []
            self.ends_open = bool(fresh) and not fresh[-1].endswith(("\n", "\r"))
        else:
            fresh = self._split(block)
        self.has_long = self.has_long or max(map(len, fresh), default=0) > CELL_LIMIT
        used = self.at - self._base
        self._window = self._window[used:] + fresh
        self._base += used
        self.count += len(fresh)

    def _text(self) -> str | None:
        """Return the next block of text; None at the end."""
        block = next(self._blocks, None)
        if isinstance(block, str):
            return block
        try:
            if block is not None:
                return self._decoder.decode(block)
            return self._decoder.decode(b"", final=True) or None
        except UnicodeDecodeError as error:
            raise changed_while_read(self._name) from error

    def _split(self, block: str) -> list[str]:
        """Return the lines that a block completes, and keep what is left for the next."""
        self.has_nul = self.has_nul or "\0" in block
        self._rest.append(block)
        self._rest_length += len(block)
        if "\n" not in block and "\r" not in block:
            if self._rest_length > LONGEST_LINE:
                raise line_too_long(self._name, self.count + 1)
            return []
        fresh = list(io.StringIO("".join(self._rest), newline=""))
        self._rest, self._rest_length = [], 0
        # A CR at the end may be the first half of a CR LF.
        if not fresh[-1].endswith("\n"):
            self._rest = [fresh.pop()]
            self._rest_length = len(self._rest[0])
        return fresh
