"""What is done with some row groups of a Parquet file, here or on another machine."""

from __future__ import annotations

from geo.sources.batches import ROWS
from geo.sources.parts import Chooser
from geo.study.batch_work import FilePlan, Plan, Sink, work
from geo.study.outcome import Outcome, summed
from geo.study.stream_files import Groups, group_batches


def work_on_groups(task: Groups, file: FilePlan, plan: Plan, sink: Sink | None = None) -> Outcome:
    """Return what comes of some row groups, read and worked on in batches of constant memory."""
    columns = Chooser(plan.options, file.label)
    whole = Outcome()
    for batch in group_batches(task, columns, ROWS):
        whole = summed([whole, work(batch, file, plan, sink)], with_hashes=True)
    return whole
