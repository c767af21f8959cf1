"""A progress bar on stderr, where that is a terminal, and silence where it is not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STAGES = {
    "read": "Reading",
    "stream": "Reading, assigning and counting",
    "spread": "Counting on all workers",
    "assign": "Assigning",
    "count": "Counting",
    "hotspots": "Finding hotspots",
    "compare": "Comparing",
    "parts": "Taking the change apart",
    "place": "Finding hotspots of both windows",
    "sensitivity": "Asking otherwise",
    "map": "Counting by month for the map",
    "emerging": "Finding emerging hotspots",
    "scan": "Scanning",
    "surface": "Smoothing",
    "write": "Writing",
}


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Give a function that is told a stage, and how much of how much of it is done."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        running: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in running:
                for task in running.values():
                    bar.update(task, completed=1, total=1)
                running[stage] = bar.add_task(STAGES.get(stage, stage), total=None)
            # Without a known amount the bar only shows that work goes on.
            bar.update(running[stage], completed=done, total=total if total > 1 else None)

        yield tell
