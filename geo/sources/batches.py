"""Read a file of any kind in batches of text, in memory that does not grow with it.

The records are those of :func:`geo.sources.records.read_records`, with the same numbers and lines.
Delimited text and Parquet are read piece by piece; workbooks and geographic files, which are small
by nature, as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path

import numpy as np

from geo.errors import GeoError, SourceError
from geo.sources.columnar import Columnar, opened
from geo.sources.delimited import Delimited
from geo.sources.gather import ColumnChoice, Gathered, shown
from geo.sources.geofiles import parts_of
from geo.sources.octets import changed_while_read, fingerprint
from geo.sources.records import kind_of, local_file, read_records
from geo.sources.remote import Remote
from geo.sources.text import Text, examine

ROWS = 65_536
"""Records of a batch."""


class Batches:
    r"""The batches of one file.

    What is known of the whole file (``kind``, ``encoding``, ``delimiter``, ``sheet``, ``sha256``,
    ``size``, ``repairs``) is complete once the batches are read.

    Parameters
    ----------
    path
        A local file, or Parquet behind a URL.
    encoding, delimiter, sheet, columns, progress
        As in :func:`geo.sources.records.read_records`.
    rows
        About how many records a batch has.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "a.csv")
    ...     _ = file.write_text("id,note\n1,a\n2,b,c\n3,d\n")
    ...     [batch.frame["id"].tolist() for batch in Batches(file, rows=1)]
    [['1'], [], ['3']]
    """

    def __init__(
        self,
        path: str | Path | Remote,
        *,
        encoding: str | None = None,
        delimiter: str | None = None,
        sheet: str | None = None,
        columns: ColumnChoice = None,
        rows: int = ROWS,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.path = path if isinstance(path, Remote) else local_file(path)
        self.kind = "parquet" if isinstance(path, Remote) else kind_of(local_file(path))
        self.encoding: str | None = encoding
        self.delimiter: str | None = delimiter
        self.sheet: str | None = sheet
        self._print: Future[tuple[str, int]] | None = None
        self.repairs: tuple[str, ...] = ()
        self._columns = columns
        self._rows = rows
        self._text_of: Text | None = None
        self._tell = progress or (lambda _done, _total: None)

    def __iter__(self) -> Iterator[Gathered]:
        """Yield the batches, in the order of the file."""
        read = {"text": self._text, "gzip": self._text, "parquet": self._parquet}
        try:
            for gathered in read.get(self.kind, self._whole)():
                yield from pieces(gathered, self._rows)
        except GeoError:
            raise
        except OSError as error:
            raise SourceError(f"{self.path.name} cannot be read: {shown(error, 200)}") from error

    @property
    def sha256(self) -> str:
        """The hash of the file; nothing until it is read. Waits for what is under way."""
        return self._print.result()[0] if self._print else ""

    @property
    def size(self) -> int:
        """The bytes of the file; 0 until it is read. Waits for what is under way."""
        return self._print.result()[1] if self._print else 0

    def prepare(self, beside: Executor | None = None) -> None:
        """Read the file once, for its hash and its encoding.

        Parameters
        ----------
        beside
            Takes the hash of a file that needs no look at its encoding, while others go on.
        """
        if self._print is not None:
            return
        if self.kind not in ("text", "gzip"):
            paths: list[Path | Remote] = [self.path]
            if self.kind == "shapefile":
                paths = list(parts_of(self._local()).values())
            if beside is not None and self.kind == "parquet":
                self._print = beside.submit(fingerprint, paths)
            else:
                self._print = _known(fingerprint(paths))
            return
        size = self._local().stat().st_size
        self._text_of = examine(
            self._local(),
            packed=self.kind == "gzip",
            encoding=self.encoding,
            progress=lambda done: self._tell(done // 5, size),
        )
        self._print = _known((self._text_of.sha256, self._text_of.size))

    def _local(self) -> Path:
        assert isinstance(self.path, Path)
        return self.path

    def _text(self) -> Iterator[Gathered]:
        self.prepare()
        text, size = self._text_of, self.size
        assert text is not None
        reading = Delimited(
            text,
            delimiter=self.delimiter,
            columns=self._columns,
            progress=lambda done: self._tell(size // 5 + done * 4 // 5, size),
        )
        for _ in reading.steps():
            if reading.gatherer.waiting >= self._rows:
                yield reading.gatherer.take()
        yield reading.gatherer.take()
        self.encoding, self.delimiter = reading.encoding, reading.delimiter
        self.repairs = reading.repairs

    def _parquet(self) -> Iterator[Gathered]:
        self.prepare()
        with opened(self.path) as file:
            reading = Columnar(file, self.path.name, self._columns)
            if not reading.total:
                raise SourceError(f"{self.path.name} has no rows.")
            for share in reading.steps(self._rows):
                yield reading.gatherer.take()
                self._tell(int(share * self.size), self.size)
            self.repairs = reading.repairs
        if fingerprint([self.path]) != (self.sha256, self.size):
            raise changed_while_read(self.path.name)

    def _whole(self) -> Iterator[Gathered]:
        records = read_records(
            self._local(),
            encoding=self.encoding,
            delimiter=self.delimiter,
            sheet=self.sheet,
            columns=self._columns,
            progress=self._tell,
        )
        self.encoding, self.delimiter, self.sheet = (
            records.encoding,
            records.delimiter,
            records.sheet,
        )
        self._print, self.repairs = _known((records.sha256, records.size)), records.repairs
        yield Gathered(records.frame, records.line, records.rejected, records.physical_lines)


def _known(value: tuple[str, int]) -> Future[tuple[str, int]]:
    known: Future[tuple[str, int]] = Future()
    known.set_result(value)
    return known


def pieces(gathered: Gathered, rows: int) -> Iterator[Gathered]:
    """Cut records into batches of at most twice `rows`, in order; nothing where there are none."""
    whole, rejected = gathered.frame, gathered.rejected
    count = len(whole) + len(rejected)
    if count < 2 * rows:
        if count:
            yield gathered
        return
    numbers = np.sort(np.concatenate([whole.index.to_numpy(), rejected["record"].to_numpy()]))
    for begin in range(0, count, rows):
        low, high = numbers[begin], numbers[min(begin + rows, count) - 1]
        a, b = np.searchsorted(whole.index, low), np.searchsorted(whole.index, high, "right")
        out = rejected["record"].between(low, high)
        yield Gathered(whole.iloc[a:b], gathered.line[a:b], rejected[out], 0)
