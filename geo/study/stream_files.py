"""The files of a stream: which they are, and their batches one after the other or by themselves."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow.parquet as pq

from geo.errors import SourceError
from geo.sources.batches import ROWS, Batches, pieces
from geo.sources.columnar import Columnar, opened
from geo.sources.columns import decide, deciding
from geo.sources.decisions import Decisions
from geo.sources.findings import Findings
from geo.sources.folders import meant_by
from geo.sources.gather import Gathered
from geo.sources.layouts import Layout
from geo.sources.octets import changed_while_read
from geo.sources.options import Chooser, Options, check_options
from geo.sources.records import local_file
from geo.sources.remote import Remote, files_at, is_url
from geo.sources.several import labels_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Groups:
    """Some row groups of a Parquet file, and how many rows come before them."""

    path: Path | Remote
    groups: tuple[int, ...]
    before: int
    rows: int

    @property
    def words(self) -> str:
        """Which rows these are."""
        return f"rows {self.before + 1:,} to {self.before + self.rows:,}"


def paths_of(
    given: Sequence[str | PathLike[str]],
) -> tuple[list[Path | Remote], tuple[str, ...]]:
    """Return the files that are meant, and what is said of folders with files that are not read.

    A folder stands for the parts in it, which are of Parquet or CSV
    (:func:`geo.sources.folders.look_into`); by URL, of Parquet.

    Raises
    ------
    SourceError
        A folder without parts, or with parts of several kinds.

    Examples
    --------
    >>> paths_of(["a.csv"])
    ([PosixPath('a.csv')], ())
    """
    found: list[Path | Remote] = []
    said: list[str] = []
    for one in given:
        for place in files_at(str(one)) if is_url(one) else [Path(one)]:
            if isinstance(place, Remote):
                found.append(place)
                continue
            meant = meant_by([place])
            found += meant.files
            said += meant.passed_over
    return found, tuple(said)


class StreamFile:
    """One file of a stream.

    Parameters
    ----------
    path, number, label
        The file, its place among the others, and how it is called.
    options
        What the user says about it.
    rows
        About how many records a batch of text has.
    tell
        Called with the bytes done and the bytes of the file.
    beside
        Takes the hash of a Parquet file while others go on; it is asked for at the end.
    """

    def __init__(
        self,
        path: Path | Remote,
        number: int,
        label: str,
        options: Options,
        rows: int,
        tell: Callable[[int, int], None],
        beside: Executor | None = None,
    ) -> None:
        self.path = path if isinstance(path, Remote) else local_file(path)
        self.number, self.label = number, label
        self.options, self.rows = options, rows
        self._tell = tell
        self._chooser = Chooser(options, label)
        self.about = self._batches(self._chooser)
        self.kind = self.about.kind
        self.about.prepare(beside)
        self._changed = self._mark()

    @property
    def layout(self) -> Layout:
        """How the columns are to be read; known once the file was opened."""
        return self._chooser.layout

    def __iter__(self) -> Iterator[Gathered]:
        """Yield the batches of a file that is read from its beginning to its end."""
        is_known = False
        for batch in ahead(self.about):
            if not is_known:
                check_options(self.layout, self.options)
                is_known = True
            yield batch
        if not is_known:
            check_options(self.layout, self.options)

    def tasks(self) -> list[Groups]:
        """Return the batches of a Parquet file, each of which can be read by itself."""
        with opened(self.path) as file:
            reading = Columnar(file, self.path.name, self._chooser)
            self.about.repairs = reading.repairs
            check_options(self.layout, self.options)
            return list(_tasks(self.path, file.metadata, self.rows))

    def check_unchanged(self) -> None:
        """Refuse a file that was written to since it was opened."""
        if self._mark() != self._changed:
            raise changed_while_read(self.path.name)

    def decide(self) -> Decisions:
        """Return what the columns of the whole file decide, for which these are read as a whole."""
        names = {self.layout.columns[name] for name in deciding(self.layout)}
        batches = list(self._batches(names))
        whole = pd.concat([batch.frame for batch in batches])
        line = [number for batch in batches for number in batch.line.tolist()]
        findings = Findings(self.label, whole.index.to_numpy(), line)
        try:
            return decide(whole, self.layout, self.options, findings)
        except SourceError as error:
            raise SourceError(f"{self.label}: {error}") from error

    def again(self) -> Iterator[tuple[int, Gathered]]:
        """Yield the batches once more, each with its number; some in several pieces."""
        if self.kind != "parquet":
            yield from enumerate(ahead(self._batches(self._chooser)))
            return
        for number, task in enumerate(self.tasks()):
            for batch in group_batches(task, self._chooser):
                yield number, batch

    def _batches(self, columns: Chooser | set[str]) -> Batches:
        options = self.options
        return Batches(
            self.path,
            encoding=options.encoding,
            delimiter=options.delimiter,
            sheet=options.sheet,
            columns=columns,
            rows=self.rows,
            progress=self._tell,
        )

    def _mark(self) -> tuple[int, int | str]:
        if isinstance(self.path, Remote):
            return self.path.mark()
        stat = self.path.stat()
        return stat.st_size, stat.st_mtime_ns


def group_batches(task: Groups, columns: Chooser, rows: int = ROWS) -> Iterator[Gathered]:
    """Yield some row groups of a Parquet file in batches of text."""
    with opened(task.path) as file:
        reading = Columnar(file, task.path.name, columns, task.groups)
        for _ in reading.steps(rows):
            yield from pieces(reading.gatherer.take(), rows)


def files_of(
    paths: Sequence[Path | Remote],
    options: Options,
    *,
    rows: int = ROWS,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
    beside: Executor | None = None,
) -> list[StreamFile]:
    """Return the files of a stream, each read once for its hash."""
    return [
        StreamFile(path, number, label, options, rows, tell, beside)
        for number, (path, label) in enumerate(
            zip(paths, labels_of(list(map(str, paths))), strict=True)
        )
    ]


def _tasks(path: Path | Remote, about: pq.FileMetaData, rows: int) -> Iterator[Groups]:
    taken: list[int] = []
    before = size = 0
    for group in range(about.num_row_groups):
        taken.append(group)
        size += about.row_group(group).num_rows
        if size >= max(rows, 1) or group == about.num_row_groups - 1:
            yield Groups(path, tuple(taken), before, size)
            before, size, taken = before + size, 0, []


def ahead(items: Iterable[T], depth: int = 1) -> Iterator[T]:
    """Yield items that another thread makes, so that the next is read while one is worked on."""
    made: queue.Queue[tuple[bool, object]] = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def make() -> None:
        try:
            for item in items:
                _put(made, (True, item), stopped)
                if stopped.is_set():
                    return
            _put(made, (False, None), stopped)
        except BaseException as error:  # noqa: BLE001 told in the thread that asked
            _put(made, (False, error), stopped)

    thread = threading.Thread(target=make, name="geo-read-ahead", daemon=True)
    thread.start()
    try:
        while (told := made.get())[0]:
            yield told[1]  # type: ignore[misc]
        if isinstance(told[1], BaseException):
            raise told[1]
    finally:
        stopped.set()
        thread.join()


def _put(
    made: queue.Queue[tuple[bool, object]], item: tuple[bool, object], stopped: threading.Event
) -> None:
    """Wait for room, as long as somebody takes."""
    while not stopped.is_set():
        try:
            made.put(item, timeout=0.1)
        except queue.Full:
            continue
        return
