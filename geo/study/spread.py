"""Work on the batches of a stream on several processes or machines, with Dask.

Each batch is some row groups of a Parquet file, worked on by the same function as here
(:func:`geo.study.group_work.work_on_groups`). What comes of it is the cells of a grid of counts and
the account of its rows, packed by the worker as they are kept here, and added here: no event
travels, and nothing is sorted or joined over the network. Assigned events are written by the
worker, into a folder that all machines see. A batch whose worker dies is given to another one, so
it costs time and no rows.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from geo.errors import SettingsError
from geo.study.batch_work import FilePlan, Plan
from geo.study.group_work import work_on_groups
from geo.study.kept_batches import Key, Packed
from geo.study.parts import Parts
from geo.study.stream import Stream, look, plan_name
from geo.study.stream_files import Groups, StreamFile

_MOST_DEATHS = 10
"""Workers that may die over one batch before it is taken for the cause."""


class OnDask:
    """The engine of a Dask cluster.

    Parameters
    ----------
    scheduler
        Address of a scheduler, as ``tcp://10.0.0.1:8786``; processes of this machine unless given.
        Its workers must see the files under the same paths, and have the same version of `geo`.
    workers
        Processes of this machine; as many as it has cores unless given.
    """

    def __init__(self, scheduler: str | None = None, *, workers: int | None = None) -> None:
        self._scheduler, self._workers = scheduler, workers
        try:
            self._dask = importlib.import_module("dask")
            self._distributed = importlib.import_module("distributed")
        except ImportError as error:
            raise SettingsError(
                "engine='dask' needs Dask, which is not installed; install geo with its extra "
                "dask: pip install 'geo[dask]'"
            ) from error

    def run(self, stream: Stream, wanted: Callable[[Key], bool]) -> None:
        """Work on the batches that are wanted."""
        asked = [
            (file, number, task)
            for file in stream.files
            for number, task in enumerate(_tasks(file))
            if wanted((file.number, number)) and not stream.is_done((file.number, number), file)
        ]
        for file in stream.files:
            stream.file_plan(file)
        if asked:
            with self._dask.config.set({"distributed.scheduler.allowed-failures": _MOST_DEATHS}):
                self._spread(stream, asked)
        for file in stream.files:
            file.check_unchanged()

    def _spread(self, stream: Stream, asked: list[tuple[StreamFile, int, Groups]]) -> None:
        options: dict[str, Any] = (
            {"address": self._scheduler}
            if self._scheduler
            else {
                "processes": True,
                "n_workers": self._workers,
                "threads_per_worker": 1,
                "dashboard_address": None,
                # What comes of a batch need not pass through the scheduler.
                "direct_to_workers": True,
            }
        )
        opened = self._distributed.Client(**options, set_as_default=False)
        with opened as client, client.as_current():
            # Shipped once to each worker, not with each of its batches.
            plan = client.scatter(stream.plan, broadcast=True, hash=False)
            running = {}
            for file, number, task in asked:
                file_plan = stream.file_plan(file)
                future = client.submit(
                    done_there,
                    task,
                    file_plan,
                    plan,
                    stream.parts,
                    (file.number, number),
                    stream.kept.stamp,
                    key=f"geo-{plan_name(file_plan, (file.number, number))}-{number}",
                    pure=False,
                )
                running[future] = (file, number, task)
            for done, future in enumerate(self._distributed.as_completed(list(running))):
                file, number, task = running[future]
                key = (file.number, number)
                stream.take(key, file, task.words, future.result)
                future.release()
                stream.tell("spread", done + 1, len(asked))


def done_there(
    task: Groups, file: FilePlan, plan: Plan, parts: Parts | None, key: Key, stamp: str
) -> Packed:
    """Return what comes of some row groups, and keep its part of the output; runs on a worker."""
    return look(key, file, parts, stamp, lambda sink: work_on_groups(task, file, plan, sink))


def _tasks(file: StreamFile) -> list[Groups]:
    if file.kind != "parquet":
        raise SettingsError(
            f"engine='dask' reads Parquet, which can be read in parts; {file.label} is "
            f"{file.kind}. Write it as Parquet first, or count with engine='here'"
        )
    return file.tasks()
