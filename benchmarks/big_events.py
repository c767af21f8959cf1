"""Write a large made-up file of events in ACLED's current layout, for measuring.

The rows of the sample are repeated under new ids, shifted by whole weeks, with notes as long as
ACLED's longest: a million of them are about 600 MB. Run as
``python benchmarks/big_events.py 1000000 big.csv``.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pandas as pd

from geo.sample import make_sample

WORDS = (
    "According to made-up local accounts, members of two invented groups met on the road, and "
    'vehicles were left behind; "no further details", said a made-up official. '
)


def write_big_events(path: Path, rows: int) -> None:
    """Write `rows` events; about 600 bytes each."""
    sample = make_sample()
    whole = sample[(sample["latitude"] != "") & (sample["country"] == "Mexico")]
    whole = whole.drop_duplicates("event_id_cnty").reset_index(drop=True)
    dates = pd.to_datetime(whole["event_date"], errors="coerce", format="ISO8601")
    whole, dates = whole[dates.notna()].copy(), dates[dates.notna()]
    whole["notes"] = [(WORDS * 3)[: 250 + n % 200] for n in range(len(whole))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(whole.columns)
        done = turn = 0
        while done < rows:
            block = whole.head(rows - done).copy()
            shifted = dates.head(len(block)) - pd.Timedelta(weeks=turn % 52)
            block["event_date"] = shifted.dt.strftime("%Y-%m-%d")
            block["year"] = shifted.dt.year.astype(str)
            block["event_id_cnty"] = [f"MADEUP{turn:04d}{n:06d}" for n in range(len(block))]
            writer.writerows(block.itertuples(index=False, name=None))
            done += len(block)
            turn += 1


if __name__ == "__main__":
    write_big_events(Path(sys.argv[2]), int(sys.argv[1]))
