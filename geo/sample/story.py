"""What happens in the made-up sample: how many events, where, when and of which kind.

Outside Sinaloa the counts follow the population, with a spread far beyond chance: each
municipality and each municipality's month has its own gamma multiplier, so that counts are
negative binomial given their total. Sinaloa is planted to the event: its 2024 has exactly 2.5
times the events of its 2023. Until 8 September 2024 it is like the year before; from
9 September on, fighting between groups, clashes with the forces and attacks on civilians rise,
and the rest hardly does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.sample.words import SCENES, STATE_FACTOR

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

STATE = "25"
BREAK = np.datetime64("2024-09-09")
FIRST = np.datetime64("2022-01-01")
LAST = np.datetime64("2024-12-31")

_BASE = {"groups": 36, "forces": 24, "civilians": 84, "rest": 96}
_COMPARISON = {"groups": 130, "forces": 84, "civilians": 280, "rest": 106}
"""Sinaloa's 240 events of 2023 and 600 of 2024, for a sample of 12,000."""

_YEAR_BEFORE = 0.95  # 2022 against 2023
_BREAK_CENTER = {"25006": 4.0, "25008": 6.0, "25005": 6.0, "25012": 1.5}

AREA_SHAPE = 0.7
"""Of the gamma multipliers of municipalities. Below one: most small ones have nothing, a few have
much."""
MONTH_SHAPE = 2.0
"""Of the gamma multipliers of each month of a municipality."""


def draw_events(people: pd.Series, events: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the events: ``cvegeo``, ``event_date`` and ``scene`` (a row of ``SCENES``).

    Parameters
    ----------
    people
        Population of every municipality, by ``cvegeo``.
    events
        How many events in the whole country.
    rng
        Every draw comes from it.
    """
    home = people[people.index.str[:2] == STATE]
    planted = _planted(home, events, rng)
    others = _others(people.drop(home.index), events - len(planted), rng)
    drawn = pd.concat([others, planted], ignore_index=True)
    return every_scene_once(drawn, spared=STATE)


def _others(people: pd.Series, events: int, rng: np.random.Generator) -> pd.DataFrame:
    months = np.arange(FIRST.astype("datetime64[M]"), LAST.astype("datetime64[M]") + 1)
    factor = people.index.str[:2].map(lambda code: STATE_FACTOR.get(code, 1.0)).to_numpy()
    level = (
        people.to_numpy(dtype=float) * factor * rng.gamma(AREA_SHAPE, 1 / AREA_SHAPE, len(people))
    )
    trend = np.array([{2022: 1.0, 2023: 1.03, 2024: 1.07}[m.astype(object).year] for m in months])
    months_own = rng.gamma(MONTH_SHAPE, 1 / MONTH_SHAPE, (len(people), len(months)))
    weight = level[:, None] * trend * months_own
    counts = rng.multinomial(events, (weight / weight.sum()).ravel())
    area, month = np.divmod(np.repeat(np.arange(counts.size), counts), len(months))
    start = months[month].astype("datetime64[D]")
    day = np.floor(rng.random(len(area)) * days_in_months(months)[month]).astype(int)
    return pd.DataFrame(
        {
            "cvegeo": people.index[area],
            "event_date": start + day,
            "scene": scenes(np.full(len(area), ""), rng),
        }
    )


def _planted(people: pd.Series, events: int, rng: np.random.Generator) -> pd.DataFrame:
    base = 2 * round(events / 100)
    comparison = base * 5 // 2
    before_break = _days("2024-01-01", str(BREAK))
    calm = round(base * before_break / 366)
    whole, quiet = shared(_COMPARISON, comparison), shared(_BASE, calm)
    after = {strand: whole[strand] - quiet[strand] for strand in whole}
    spread = people * rng.gamma(1.5, 1 / 1.5, len(people))
    center = people.index.map(lambda code: _BREAK_CENTER.get(code, 1.0)).to_numpy()
    parts = [
        _stretch(
            shared(_BASE, round(base * _YEAR_BEFORE)), "2022-01-01", "2023-01-01", spread, rng
        ),
        _stretch(shared(_BASE, base), "2023-01-01", "2024-01-01", spread, rng),
        _stretch(quiet, "2024-01-01", str(BREAK), spread, rng),
        _stretch(after, str(BREAK), "2025-01-01", spread * center, rng),
    ]
    return pd.concat(parts, ignore_index=True)


def _stretch(
    quota: Mapping[str, int],
    start: str,
    end: str,
    spread: pd.Series,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return Sinaloa's events of one stretch of time, `quota` of each strand."""
    strand = np.repeat(list(quota), list(quota.values()))
    length = _days(start, end)
    day = np.floor(rng.random(len(strand)) * length).astype(int)
    # Each strand begins on the first day, so that the break is where it is said to be, and the
    # last day has an event, so that the data reach it.
    day[np.unique(strand, return_index=True)[1]] = 0
    day[-1] = length - 1
    return pd.DataFrame(
        {
            "cvegeo": rng.choice(spread.index.to_numpy(), len(strand), p=spread / spread.sum()),
            "event_date": np.datetime64(start) + day,
            "scene": scenes(strand, rng),
        }
    )


def _days(start: str, end: str) -> int:
    return int((np.datetime64(end) - np.datetime64(start)) / np.timedelta64(1, "D"))


def days_in_months(months: npt.NDArray[np.datetime64]) -> IntArray:
    """Return how many days each month has.

    Examples
    --------
    >>> days_in_months(np.array(["2023-02", "2024-02"], dtype="datetime64[M]"))
    array([28, 29])
    """
    length = (months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")
    return np.asarray(length.astype(np.int64))


def scenes(strand: npt.NDArray[np.str_], rng: np.random.Generator) -> IntArray:
    """Return a scene for each event, of the strand it must belong to ("" is any)."""
    weight = np.array([scene.weight for scene in SCENES])
    member = np.array([scene.strand for scene in SCENES])
    drawn = np.zeros(len(strand), dtype=np.int64)
    for one in np.unique(strand):
        chance = weight * ((member == one) | (one == ""))
        here = strand == one
        drawn[here] = rng.choice(len(SCENES), int(here.sum()), p=chance / chance.sum())
    return drawn


def every_scene_once(events: pd.DataFrame, *, spared: str | None) -> pd.DataFrame:
    """Return the events with the rarest scenes put where none was drawn.

    The first of the commonest scene are taken, and none in the state that is to be spared.
    """
    possible = events["scene"] == _commonest()
    if spared is not None:
        possible &= ~events["cvegeo"].str.startswith(spared)
    common = np.flatnonzero(possible)
    absent = sorted(set(range(len(SCENES))) - set(events["scene"]))
    scene = events["scene"].to_numpy(copy=True)
    scene[common[: len(absent)]] = absent
    return events.assign(scene=scene)


def _commonest() -> int:
    return max(range(len(SCENES)), key=lambda row: SCENES[row].weight)


def shared(parts: Mapping[str, int], total: int) -> dict[str, int]:
    """Return `total` split in the proportion of `parts`, whole numbers that add up to it.

    The largest remainders are rounded up; ties go to the first.

    Examples
    --------
    >>> shared({"a": 1, "b": 1, "c": 2}, 10)
    {'a': 3, 'b': 2, 'c': 5}
    """
    exact = {name: part * total / sum(parts.values()) for name, part in parts.items()}
    split = {name: int(value) for name, value in exact.items()}
    order = sorted(exact, key=lambda name: split[name] - exact[name])
    for name in order[: total - sum(split.values())]:
        split[name] += 1
    return split
