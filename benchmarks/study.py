"""Measure what a study waits for: the sample and UCDP GED, and small commands from the shell.

Run as ``python benchmarks/study.py [TIMES] [UCDP]``: TIMES is how often each is run (3), UCDP a
file of UCDP GED of Mexico. Every run is a process of its own, loading included; told are the
seconds of the processor and those on the wall, the median of each.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GEO = [sys.executable, "-c", "from geo.cli import main; main()"]
STORY = ["--base", "2023", "--comparison", "2024", "--focus", "Sinaloa"]
DATES = ["--event-date", "2024-09-09", "--transition-from", "2024-07-25", "--claim", "2.5"]
LAYERS = ["--layers", "emerging,scan,density", "--points", "coarse"]
ORGANIZED = ["--base", "2022", "--comparison", "2023", "--focus", "Guanajuato"]


def commands(folder: Path, ucdp: str | None) -> dict[str, list[str]]:
    """Return what is run, by what it is called."""
    events = str(folder / "events.csv")
    subprocess.run([*GEO, "sample", "-o", events], check=True, capture_output=True)
    out = str(folder / "out")
    found = {
        "study of the sample, every layer": ["study", "sample", *STORY, *DATES, *LAYERS],
        "study of the sample, no layer": ["study", "sample", *STORY],
        "check": ["check", events],
        "query": ["query", events, "--within", "Sinaloa"],
        "rates": ["rates", events],
        "page": ["map", events, "-o", str(folder / "map.html"), "--overwrite"],
        "picture": ["map", events, "-o", str(folder / "map.png"), "--overwrite"],
    }
    if ucdp is not None:
        found["study of UCDP GED since 2018, emerging and scan"] = [
            "study", ucdp, *ORGANIZED, "--since", "2018-01-01", "--layers", "emerging,scan"
        ]  # fmt: skip
    return {
        name: [*words, "--out", out] if words[0] == "study" else words
        for name, words in found.items()
    }


def seconds(words: list[str]) -> tuple[float, float]:
    """Return the seconds of the processor and on the wall of one run."""
    before, started = os.times(), time.perf_counter()
    done = subprocess.run([*GEO, *words], check=False, capture_output=True, text=True)
    wall, after = time.perf_counter() - started, os.times()
    if done.returncode:
        raise SystemExit(f"geo {' '.join(words)}: {done.stderr}")
    of_children = after.children_user + after.children_system
    return of_children - before.children_user - before.children_system, wall


def main() -> None:
    """Run everything so many times, and print the medians."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ucdp = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as place:
        for name, words in commands(Path(place), ucdp).items():
            processor, wall = zip(*(seconds(words) for _ in range(times)), strict=True)
            print(
                f"{name}: {statistics.median(processor):.2f} s of the processor, "
                f"{statistics.median(wall):.2f} s on the wall",
                flush=True,
            )


if __name__ == "__main__":
    main()
