"""What is done with some row groups of a Parquet file, here or on another machine."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geo.errors import BalanceError
from geo.sources.batches import ROWS, pieces
from geo.sources.columnar import Columnar, opened
from geo.sources.options import Chooser
from geo.sources.remarks import Remark
from geo.study.batch_work import FilePlan, Plan, Sink, numbers_of, work
from geo.study.outcome import Outcome, summed
from geo.study.point_work import can_be_fast, count_points, knowing, points_of
from geo.study.stream_files import Groups, ahead

_ONE = threading.Lock()
"""Warnings are collected for the whole process, so one batch at a time is worked on as text."""

_POINTS = 1_048_576
"""Rows that are looked at as arrays at a time."""


def work_on_groups(task: Groups, file: FilePlan, plan: Plan, sink: Sink | None = None) -> Outcome:
    """Return what comes of some row groups, read and worked on in batches of constant memory."""
    with opened(task.path) as parquet:
        reading = Columnar(parquet, task.path.name, Chooser(plan.options, file.label), task.groups)
        fast = can_be_fast(file, plan, parquet.schema_arrow, has_sink=sink is not None)
        whole = Outcome()
        doubtful = _Doubtful(reading, file, plan, sink)
        for at, batch in ahead(reading.typed(_POINTS if fast else ROWS)):
            rest = np.ones(batch.num_rows, dtype=bool)
            found: list[Outcome] = []
            if fast:
                points = points_of(batch, file, plan)
                found.append(count_points(points, file, plan))
                rest = ~points.sound
            found += doubtful.add(at, batch, rest)
            whole = summed([whole, *found], with_hashes=True)
        whole = summed([whole, *doubtful.finish()], with_hashes=True)
        if whole.records != reading.total:
            raise BalanceError(
                f"{file.label}: {task.words} hold {reading.total:,} records, but "
                f"{whole.records:,} have a fate"
            )
        remarks = [one for one in reading.repairs if isinstance(one, Remark)]
        return dataclasses.replace(whole, repairs=(*whole.repairs, *remarks))


class _Doubtful:
    """Rows that are read as text, gathered until there are enough of them to be worth it."""

    def __init__(self, reading: Columnar, file: FilePlan, plan: Plan, sink: Sink | None) -> None:
        self._reading, self._file, self._plan, self._sink = reading, file, plan, sink
        self._batches: list[pa.RecordBatch] = []
        self._numbers: list[npt.NDArray[np.int64]] = []
        self._has_points = False

    def add(self, at: int, batch: pa.RecordBatch, rest: npt.NDArray[np.bool_]) -> list[Outcome]:
        """Take the rows of a batch, before which `at` rows of the file come."""
        self._has_points |= not rest.all()
        rows = np.flatnonzero(rest)
        if len(rows):
            self._batches.append(batch if rest.all() else batch.take(pa.array(rows)))
            self._numbers.append(at + rows + 1)
        enough = sum(map(len, self._numbers)) >= ROWS
        return self.finish() if enough else []

    def finish(self) -> list[Outcome]:
        """Return what comes of the rows that were taken, under their numbers in the file."""
        if not self._batches:
            return []
        reading, before = self._reading, self._reading.gatherer.count
        table = pa.Table.from_batches(self._batches).unify_dictionaries().combine_chunks()
        numbers = np.concatenate(self._numbers)
        self._batches, self._numbers = [], []
        for batch in table.to_batches():
            reading.add(reading.gatherer.count, batch)
        file = knowing(self._file, has_points=self._has_points)
        with _ONE:
            return self._worked(reading, file, numbers, before)

    def _worked(
        self, reading: Columnar, file: FilePlan, numbers: npt.NDArray[np.int64], before: int
    ) -> list[Outcome]:
        found = []
        for part in pieces(reading.gatherer.take(), ROWS):
            of = numbers[numbers_of(part) - before - 1]
            kept = numbers[part.frame.index.to_numpy() - before - 1]
            gone = numbers[part.rejected["record"].to_numpy() - before - 1]
            own = dataclasses.replace(
                part,
                frame=part.frame.set_axis(kept, axis=0),
                line=kept,
                rejected=part.rejected.assign(record=gone, line=gone),
            )
            found.append(work(own, file, self._plan, self._sink, numbers=of))
        return found
