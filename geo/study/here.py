"""The engine of one process: batches are worked on one after another, or by a few threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from geo.steps.placing import processors
from geo.study.group_work import work_on_groups
from geo.study.kept_batches import Key
from geo.study.memory import give_back, one_heap
from geo.study.stream import Stream
from geo.study.stream_files import StreamFile

_MOST_THREADS = 4
"""More threads wait for one another, and each has a batch in memory."""


class HereAndNow:
    """The engine of one process: files are read one after the other."""

    def run(self, stream: Stream, wanted: Callable[[Key], bool]) -> None:
        """Work on the batches that are wanted."""
        for file in stream.files:
            if stream.redone and all(
                stream.is_done(key, file)
                for key in stream.kept
                if key[0] == file.number and wanted(key)
            ):
                continue
            if file.kind == "parquet":
                self._by_groups(stream, file, wanted)
            else:
                batches = file.again() if stream.redone else enumerate(file)
                for number, batch in batches:
                    if wanted((file.number, number)):
                        stream.do((file.number, number), file, batch)
            stream.file_plan(file)
            file.check_unchanged()

    def _by_groups(self, stream: Stream, file: StreamFile, wanted: Callable[[Key], bool]) -> None:
        """Work on the row groups of a Parquet file that are wanted."""
        tasks = file.tasks()
        stream.file_plan(file)

        def do(number: int) -> None:
            task = tasks[number]
            stream.keep(
                (file.number, number),
                file,
                task.words,
                lambda plan, sink: work_on_groups(task, plan, stream.plan, sink),
            )
            give_back()

        asked = [number for number in range(len(tasks)) if wanted((file.number, number))]
        done = len(tasks) - len(asked)
        # What is made once (the areas, compiled code) is made by the first batch, for all threads.
        with one_heap():
            for _ in _in_threads(do, asked, first=1, threads=min(processors(), _MOST_THREADS)):
                done += 1
                stream.tell("stream", done, len(tasks))


def _in_threads(
    do: Callable[[int], None], numbers: Sequence[int], *, first: int, threads: int
) -> Iterator[None]:
    """Do something with each number, the first alone, and yield after each.

    What goes wrong is raised here, and what has not begun by then is not done.
    """
    for number in numbers[:first]:
        do(number)
        yield
    rest = list(numbers[first:])
    if not rest:
        return
    pool = ThreadPoolExecutor(min(threads, len(rest)), thread_name_prefix="geo-batch")
    try:
        for future in as_completed([pool.submit(do, number) for number in rest]):
            future.result()
            yield
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
