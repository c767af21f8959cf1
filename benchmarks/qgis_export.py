"""Measure writing the folder for QGIS: 2,465 municipalities by 60 months, and 50,000 events.

Run as ``python benchmarks/qgis_export.py``; it takes a few minutes, most of them for the study.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import geo
from geo.study import Results

sys.path.insert(0, str(Path(__file__).parent))
from big_events import write_big_events

EVENTS, MOST_SECONDS, MOST_MB = 50_000, 20.0, 40.0


def study(folder: Path) -> Results:
    """Return a study by month of five years with that many made-up events."""
    path = folder / "events.csv"
    # The sample has three years; repeated with shifts of up to 51 weeks it has four. A few rows
    # on the first and the last day make five of them, so that every month is there.
    write_big_events(path, EVENTS)
    rows = path.read_text(encoding="utf-8").splitlines()
    header = rows[0].split(",")
    at = header.index("event_date")
    for number in range(1, 200):
        cells = rows[number].split(",")
        cells[at] = "2020-01-01"
        rows[number] = ",".join(cells)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return geo.run_study(
        path, period="month", base="2023", comparison="2024", permutations=0,
        data_through="2024-12-31", source="Made-up events",
    )  # fmt: skip


def main() -> None:
    """Write the folder three times and say how long it took and how large it is."""
    with tempfile.TemporaryDirectory() as place:
        started = time.perf_counter()
        results = study(Path(place))
        months = results.tables["measures_municipality"]["period"].nunique()
        print(f"study of {len(results.located):,} events by {months} months", end=": ")
        print(f"{time.perf_counter() - started:.0f} s, not counted")
        took = []
        for _ in range(3):
            started = time.perf_counter()
            folder = geo.write_qgis(results, Path(place) / "qgis", name="big", points="exact")
            took.append(time.perf_counter() - started)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"write_qgis: {min(took):.1f} s (at most {MOST_SECONDS:g}), {size:.1f} MB", end=" ")
        print(f"(at most {MOST_MB:g})")
        sys.exit(min(took) > MOST_SECONDS or size > MOST_MB)


if __name__ == "__main__":
    main()
