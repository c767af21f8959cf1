"""Keep what came of each batch in a folder, so that a stream can go on where it was interrupted.

One file a batch, written whole or not at all, with a hash of its own content at the end: a file
that was cut, changed or made from another input is never used, and its batch is done again.
Nothing in it can run: it holds numbers and text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.schema import LEDGER
from geo.sources.remarks import Count, Example, Places, Remark
from geo.sources.weakness import Weakness
from geo.stats.cube import Cube
from geo.steps.filter import Seen
from geo.steps.span import DayCounts
from geo.study.outcome import Counted, Evidence, Outcome

FORM = 3
"""Changes when the files are written in another way."""

_PARTS = {"Count": Count, "Example": Example, "Places": Places}
_HASH = 32
_FEW = 2_000
"""Rows of the lists of an outcome up to which it is kept in memory, but for its counts."""

Key = tuple[int, int]
"""Number of the file and of the batch in it."""


class KeptBatches:
    """A folder with the outcomes of batches.

    Parameters
    ----------
    folder
        Is made where it does not exist.
    stamp
        What the outcomes rest on: the input, the version, the settings. Outcomes with another
        stamp are not used.
    """

    def __init__(self, folder: Path, stamp: str) -> None:
        self.folder = folder
        self._stamp = stamp
        self._light: dict[Key, tuple[str, Outcome]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: Key, ending: str = ".npz") -> Path:
        """Return where the outcome of a batch is kept, or what belongs to it."""
        return self.folder / f"batch-{key[0]:04d}-{key[1]:06d}{ending}"

    def put(self, key: Key, plan: str, outcome: Outcome) -> None:
        """Keep the outcome of a batch that was done by a plan."""
        content = _packed(outcome, f"{self._stamp} {plan}")
        part = self.path(key, ".part")
        part.write_bytes(content + hashlib.sha256(content).digest())
        os.replace(part, self.path(key))  # noqa: PTH105
        self._light.pop(key, None)
        if len(outcome.ids) + len(outcome.alike) + len(outcome.aside) <= _FEW:
            self._light[key] = plan, dataclasses.replace(outcome, counted={})

    def get(self, key: Key, plan: str | None = None, *, with_counts: bool = True) -> Outcome | None:
        """Return the outcome of a batch; None where none is kept that was done by this plan.

        Without the counts it costs next to nothing: where it is small, it is in memory, too.
        """
        if not with_counts and key in self._light:
            done_by, outcome = self._light[key]
            return outcome if plan in (None, done_by) else None
        try:
            content = self.path(key).read_bytes()
        except OSError:
            return None
        body, mark = content[:-_HASH], content[-_HASH:]
        if hashlib.sha256(body).digest() != mark:
            return None
        return _unpacked(body, self._stamp, plan, with_counts=with_counts)

    def clear(self, *, but_own: bool = False) -> None:
        """Delete what is kept; or only what rests on something else, or is damaged."""
        for key in list(self):
            if not but_own or self.get(key) is None:
                self.path(key).unlink()
                self._light.pop(key, None)

    def __iter__(self) -> Iterator[Key]:
        """Yield the batches that something is kept of, in order."""
        for path in sorted(self.folder.glob("batch-*.npz")):
            _, file, batch = path.stem.split("-")
            yield int(file), int(batch)


def _packed(outcome: Outcome, stamp: str) -> bytes:
    arrays: dict[str, Any] = {
        "ids": outcome.ids,
        "alike": outcome.alike,
        "id_ends": np.frombuffer(outcome.alike_ids.buffers()[1] or bytes(8), dtype=np.int64),
        "id_bytes": np.frombuffer(outcome.alike_ids.buffers()[2] or b"", dtype=np.uint8),
        "days": outcome.days.days.astype(np.int64),
        "day_counts": outcome.days.counts,
        "days_read": outcome.days_read.days.astype(np.int64),
        "day_counts_read": outcome.days_read.counts,
    }
    counted = {}
    for level, one in outcome.counted.items():
        flat = one.cube.counts.reshape(3, -1)
        cells = np.flatnonzero(flat.any(axis=0))
        values = flat[:, cells]
        arrays[f"cells {level}"] = cells.astype(np.uint32)
        arrays[f"values {level}"] = values.astype(np.min_scalar_type(values.max(initial=0)))
        counted[level] = {
            "first": one.cube.first,
            "groups": one.cube.groups,
            "shape": one.cube.counts.shape,
            "coarse": list(one.coarse.items()),
            "assigned": list(one.assigned.items()),
            "words": sorted(one.words),
        }
    about = {
        "form": FORM,
        "stamp": stamp,
        "records": outcome.records,
        "fates": list(outcome.fates.items()),
        "repairs": [_said(one) for one in outcome.repairs],
        "warnings": [_said(one) for one in outcome.warnings],
        "later_warnings": [_said(one) for one in outcome.later_warnings],
        "weakness": asdict(outcome.weakness),
        "account": list(outcome.account.items()),
        "how": list(outcome.how.items()),
        "counted": counted,
        "names": sorted(outcome.names),
        "seen": {
            name: [one.asked, sorted(one.present), one.rows] for name, one in outcome.seen.items()
        },
        "evidence": {str(file): _facts(one) for file, one in outcome.evidence.items()},
        "is_made_up": outcome.is_made_up,
        "part": outcome.part,
    }
    aside = io.BytesIO()
    outcome.aside.to_parquet(aside, index=False)
    arrays["aside"] = np.frombuffer(aside.getvalue(), dtype=np.uint8)
    arrays["about"] = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _unpacked(content: bytes, stamp: str, plan: str | None, *, with_counts: bool) -> Outcome | None:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        about = json.loads(arrays["about"].tobytes())
        own, done_by = str(about["stamp"]).split(" ")
        if about["form"] != FORM or own != stamp or plan not in (None, done_by):
            return None
        counted = {}
        for level, one in about["counted"].items() if with_counts else ():
            values = arrays[f"values {level}"]
            counts = np.zeros(one["shape"], np.int32 if values.dtype.itemsize <= 2 else np.int64)
            counts.reshape(3, -1)[:, arrays[f"cells {level}"]] = values
            counted[level] = Counted(
                cube=Cube(one["first"], tuple(one["groups"]), counts),
                coarse=Counter(dict(one["coarse"])),
                assigned=Counter(dict(one["assigned"])),
                words=frozenset(one["words"]),
            )
        return Outcome(
            records=about["records"],
            fates=Counter({tuple(key): n for key, n in about["fates"]}),
            aside=_aside(arrays["aside"].tobytes()),
            repairs=tuple(_heard(one) for one in about["repairs"]),
            warnings=tuple(_heard(one) for one in about["warnings"]),
            later_warnings=tuple(_heard(one) for one in about["later_warnings"]),
            weakness=Weakness(**about["weakness"]),
            account=Counter({tuple(key): n for key, n in about["account"]}),
            how=Counter(dict(about["how"])),
            counted=counted,
            names=frozenset(about["names"]),
            days=_days(arrays, "days", "day_counts"),
            days_read=_days(arrays, "days_read", "day_counts_read"),
            seen={
                name: Seen(tuple(asked), frozenset(present), rows)
                for name, (asked, present, rows) in about["seen"].items()
            },
            evidence={int(file): _evidence(one) for file, one in about["evidence"].items()},
            ids=arrays["ids"],
            alike=arrays["alike"],
            alike_ids=pa.LargeStringArray.from_buffers(
                len(arrays["alike"]),
                pa.py_buffer(arrays["id_ends"].tobytes()),
                pa.py_buffer(arrays["id_bytes"].tobytes()),
            ),
            is_made_up=about["is_made_up"],
            part=about["part"],
        )


def _aside(content: bytes) -> pd.DataFrame:
    rows = pd.read_parquet(io.BytesIO(content))
    return rows.astype({column.name: "str" for column in LEDGER.columns if column.kind == "text"})


def _days(arrays: Mapping[str, Any], days: str, counts: str) -> DayCounts:
    return DayCounts(arrays[days].astype("datetime64[D]"), arrays[counts])


def _said(remark: str) -> Any:  # noqa: ANN401
    if not isinstance(remark, Remark):
        return remark
    parts = {
        name: part if isinstance(part, str) else [type(part).__name__, asdict(part)]
        for name, part in remark.parts.items()
    }
    return [remark.form, parts]


def _heard(said: Any) -> str:  # noqa: ANN401
    if isinstance(said, str):
        return said
    form, parts = said
    return Remark(form, **{name: _part(part) for name, part in parts.items()})


def _part(part: Any) -> Any:  # noqa: ANN401
    if isinstance(part, str):
        return part
    kind, fields = part
    return _PARTS[kind](**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})


def _facts(one: Evidence) -> dict[str, Any]:
    return {
        "is_open": one.is_open,
        "uploaded": None if np.isnan(one.uploaded) else one.uploaded,
        "first_day": str(one.first_day),
        "last_day": str(one.last_day),
        "years": sorted(one.years),
        "is_clear": one.is_clear,
    }


def _evidence(facts: dict[str, Any]) -> Evidence:
    return Evidence(
        is_open=facts["is_open"],
        uploaded=np.nan if facts["uploaded"] is None else facts["uploaded"],
        first_day=np.datetime64(facts["first_day"], "D"),
        last_day=np.datetime64(facts["last_day"], "D"),
        years=frozenset(facts["years"]),
        is_clear=facts["is_clear"],
    )
