"""What is done with some row groups of a Parquet file, here or on another machine."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from geo.errors import BalanceError
from geo.sources.batches import ROWS, pieces
from geo.sources.columnar import Columnar, opened
from geo.sources.parts import Chooser
from geo.sources.remarks import Remark
from geo.study.batch_work import FilePlan, Plan, Sink, numbers_of, work
from geo.study.outcome import Outcome, summed
from geo.study.point_work import can_be_fast, count_points, knowing, points_of
from geo.study.stream_files import Groups

_POINTS = 262_144
"""Rows that are looked at as arrays at a time."""


def work_on_groups(task: Groups, file: FilePlan, plan: Plan, sink: Sink | None = None) -> Outcome:
    """Return what comes of some row groups, read and worked on in batches of constant memory."""
    with opened(task.path) as parquet:
        reading = Columnar(parquet, task.path.name, Chooser(plan.options, file.label), task.groups)
        fast = can_be_fast(file, plan, parquet.schema_arrow, has_sink=sink is not None)
        whole = Outcome()
        for at, batch in reading.typed(_POINTS if fast else ROWS):
            found: list[Outcome] = []
            rest = np.ones(batch.num_rows, dtype=bool)
            if fast:
                counted, taken = count_points(points_of(batch, file, plan), file, plan)
                found.append(counted)
                rest = ~taken
            own = knowing(file, has_points=fast and not rest.all())
            for begin in np.arange(0, batch.num_rows, ROWS) if rest.any() else ():
                part = slice(begin, begin + ROWS)
                found += _long_way(
                    reading, at + begin, batch.slice(begin, ROWS), rest[part], own, plan, sink
                )
            whole = summed([whole, *found], with_hashes=True)
        if whole.records != reading.total:
            raise BalanceError(
                f"{file.label}: {task.words} hold {reading.total:,} records, but "
                f"{whole.records:,} have a fate"
            )
        remarks = [one for one in reading.repairs if isinstance(one, Remark)]
        return dataclasses.replace(whole, repairs=(*whole.repairs, *remarks))


def _long_way(
    reading: Columnar,
    at: int,
    batch: pa.RecordBatch,
    rest: np.ndarray,
    file: FilePlan,
    plan: Plan,
    sink: Sink | None,
) -> list[Outcome]:
    """Read the rows as text, under the numbers that they have in the file."""
    rows = np.flatnonzero(rest)
    if not len(rows):
        return []
    before = reading.gatherer.count
    reading.add(at, batch if rest.all() else batch.take(pa.array(rows)))
    numbers = at + rows + 1
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
        found.append(work(own, file, plan, sink, numbers=of))
    return found
