"""Find the records of a stream that state the same event, in whichever batches they are.

Each batch gives hashes of its ids and of what makes events look alike; only the batches in which
one of them occurs again are read once more.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from geo.crs import FloatArray
from geo.errors import counted
from geo.sources.duplicates import refuse_monadic, set_aside_repeats
from geo.sources.events import CONTENT
from geo.sources.findings import Findings
from geo.sources.hashes import HashArray, Hashes
from geo.study.batch_work import repeats
from geo.study.kept_batches import Key
from geo.study.stream import Engine, Stream


def settle_repeats(stream: Stream, engine: Engine) -> None:
    """Set aside the records that repeat an id; ask it of all files together.

    Raises
    ------
    SourceError
        An export with one row an actor, whose ids repeat by design.
    """
    with Hashes() as ids:
        for _, outcome in stream.outcomes():
            ids.add(outcome.ids | np.uint64(1))
        again = ids.repeated()
    if not len(again):
        return
    concerned = {key for key, outcome in stream.outcomes() if np.isin(outcome.ids | 1, again).any()}
    rows, uploaded = _repeated_rows(stream, concerned, again)
    if any(plan.layout.family == "acled" for plan in stream.plans.values()):
        _refuse_monadic(stream, rows)
    aside = _judged(rows, uploaded)
    for number, reasons in aside.items():
        stream.plans[number] = dataclasses.replace(stream.plans[number], aside=reasons)
    stream.redo(engine, {key for key in concerned if aside.get(key[0])})


def likely_repeats(stream: Stream) -> str | None:
    """Return the warning of events that look like another under a second id."""
    with Hashes() as seen:
        sizes = []
        for key, outcome in stream.outcomes():
            seen.add(outcome.alike)
            sizes.append((key, len(outcome.alike)))
        number = seen.count - seen.distinct()
        first = seen.first_repeat() if number else None
    if first is None:
        return None
    before = np.cumsum([0, *(size for _, size in sizes)])
    at = int(np.searchsorted(before, first, side="right")) - 1
    outcome, first = stream.outcome(sizes[at][0]), first - int(before[at])
    such = outcome.alike_ids[first].as_py()
    they = "it is" if number == 1 else "they are"
    return (
        f"{counted(number, 'event')} may repeat another under a second id (same day, place, "
        f"type, actors and deaths), such as {such!r}; {they} counted"
    )


def _repeated_rows(
    stream: Stream, concerned: set[Key], again: HashArray
) -> tuple[pd.DataFrame, FloatArray]:
    """Return the records whose id repeats, read again, and when they were uploaded."""
    frames, times = [], []
    for file in stream.files:
        for number, batch in file.again():
            if (file.number, number) in concerned:
                plan = stream.plans[file.number]
                rows, uploaded = repeats(batch, plan, stream.plan.options, again)
                frames.append(rows)
                times.append(np.full(len(rows), np.nan) if uploaded is None else uploaded)
    return pd.concat(frames, ignore_index=True), np.concatenate(times)


def _refuse_monadic(stream: Stream, rows: pd.DataFrame) -> None:
    with Hashes() as telling:
        for _, outcome in stream.outcomes():
            telling.add(outcome.ids[(outcome.ids & np.uint64(1)) == 1])
        ids = telling.distinct()
    told = rows[rows["tells"]]
    same = ["event_date", "written_longitude", "written_latitude", "event_type"]
    refuse_monadic(
        told["event_id"],
        told["actor1"],
        told["actor2"],
        [told[name] for name in same],
        ids=ids,
    )


def _judged(rows: pd.DataFrame, uploaded: FloatArray) -> dict[int, dict[int, str]]:
    """Return by file and record why it is set aside."""
    findings = Findings("", np.arange(1, len(rows) + 1), np.zeros(len(rows), dtype=np.int64))
    findings.fate = rows["fate"].to_numpy(dtype=np.int8).copy()
    before = findings.fate.copy()
    times = uploaded if np.isfinite(uploaded).any() else None
    set_aside_repeats(findings, rows["event_id"], rows[CONTENT], times)
    aside: dict[int, dict[int, str]] = {}
    for at in np.flatnonzero(findings.fate != before).tolist():
        file, record = int(rows["file"].iloc[at]), int(rows["record"].iloc[at])
        aside.setdefault(file, {})[record] = str(findings.reason[at])
    return aside
