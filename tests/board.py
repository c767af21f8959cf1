"""A board of 8 x 8 municipalities, each with its queen neighbors; large enough for statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo import schema

SIDE = 8
CODES = [f"25{number:03}" for number in range(1, SIDE * SIDE + 1)]
CORNER = CODES[2 * SIDE + 2]
BLOCK = {CODES[r * SIDE + c] for r in range(3) for c in range(3)}


def board() -> pd.DataFrame:
    """Return the ``NEIGHBORS`` table of the board."""
    pairs = [
        (CODES[a], CODES[b])
        for a in range(len(CODES))
        for b in range(len(CODES))
        if a != b and max(abs(a // SIDE - b // SIDE), abs(a % SIDE - b % SIDE)) == 1
    ]
    return pd.DataFrame(pairs, columns=["focal", "neighbor"], dtype="str")


def measures_of(rates: Mapping[str, float], period: str = "2024", **columns: Any) -> pd.DataFrame:
    """Return measures with the given rates and one event in each area."""
    frame = pd.DataFrame({"cvegeo": list(rates), "eb_rate": list(map(float, rates.values()))})
    frame = frame.assign(
        period=period, events=1, fatalities=0, fatalities_unknown=0, complete=True, years=1.0
    )
    return frame.assign(**columns).astype({**schema.PANEL.dtypes})


def hot_block(high: float = 100.0, low: float = 10.0) -> dict[str, float]:
    """Return rates that are high in a corner of 3 x 3 areas."""
    return {code: high if code in BLOCK else low + number % 3 for number, code in enumerate(CODES)}


def lone(around: float | None = None) -> dict[str, float]:
    """Return ordinary rates, and one extreme one (the area ``CODES[27]``); `around` it others."""
    rates = {code: 10.0 + number * 7 % 5 for number, code in enumerate(CODES)}
    if around is not None:
        pairs = board()
        rates |= dict.fromkeys(pairs.loc[pairs["focal"] == CODES[27], "neighbor"], around)
    return {**rates, CODES[27]: 500.0}
