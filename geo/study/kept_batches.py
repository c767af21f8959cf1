"""Keep what came of each batch in a folder, so that a stream can go on where it was interrupted.

One file for each look at a batch (what only the whole file tells may ask for a second one), written
whole or not at all, with a hash of its own content at the end: a file that was cut, changed or made
from another input is never used, and its batch is done again. Nothing in it can run: it holds
numbers and text.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import io
import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from geo.errors import OutputError
from geo.schema import LEDGER
from geo.sources.remarks import Count, Example, Places, Remark
from geo.sources.weakness import Weakness
from geo.stats.cube import Cube
from geo.steps.filter import Seen
from geo.steps.span import DayCounts
from geo.study.outcome import NOTHING_ASIDE, Counted, Evidence, Outcome

FORM = 3
"""Changes when the files are written in another way."""

_PARTS = {"Count": Count, "Example": Example, "Places": Places}
_HASH = 32
_SPARSE = 6
"""Cells of a grid for one that is not empty, from which on only the latter are kept."""
_FEW = 2_000
"""Rows of the lists of an outcome up to which it is kept in memory, but for its counts."""

Key = tuple[int, int]
"""Number of the file and of the batch in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """What came of a batch, as it is kept, wherever that was done.

    ``light`` is the outcome without its counts; None where it is not small.
    """

    content: bytes
    light: Outcome | None
    part: str


def packed(outcome: Outcome, stamp: str, plan: str) -> Packed:
    """Return the outcome of a batch that was done by a plan, ready to be kept."""
    content = _packed(outcome, f"{stamp} {plan}")
    return Packed(
        content + hashlib.sha256(content).digest(),
        dataclasses.replace(outcome, counted={}) if _is_small(outcome) else None,
        outcome.part,
    )


class KeptBatches:
    """A folder with the outcomes of batches.

    Parameters
    ----------
    folder
        Is made where it does not exist.
    stamp
        What the outcomes rest on: the input, the version, the settings. Outcomes with another
        stamp are not used.
    all_looks
        Keep what came of an earlier look at a batch, too, for a run that goes on.
    """

    def __init__(self, folder: Path, stamp: str, *, all_looks: bool = True) -> None:
        self.folder, self.stamp = folder, stamp
        self._all_looks = all_looks
        self._done_by: dict[Key, str] = {}
        self._light: dict[Key, Outcome] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: Key, plan: str, ending: str = ".npz") -> Path:
        """Return where the outcome of a batch by a plan is kept, or what belongs to it."""
        return self.folder / f"batch-{key[0]:04d}-{key[1]:06d}-{plan}{ending}"

    def put(self, key: Key, plan: str, made: Packed) -> None:
        """Keep the outcome of a batch that was done by a plan; it is the one that counts."""
        part = self.path(key, plan, ".part")
        try:
            part.write_bytes(made.content)
            os.replace(part, self.path(key, plan))  # noqa: PTH105
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise OutputError(
                f"what came of a batch cannot be kept in {self.folder}: {error.strerror}; make "
                "room there, or give --work another place"
            ) from error
        before = self._done_by.get(key, plan)
        if before != plan and not self._all_looks:
            self.path(key, before).unlink(missing_ok=True)
        self._counts(key, plan, made.light)

    def take_up(self, key: Key, plan: str) -> bool:
        """Return whether an outcome by this plan is kept; if so, it is the one that counts."""
        if self._done_by.get(key) == plan:
            return True
        outcome = self._read(self.path(key, plan), plan, with_counts=False)
        if outcome is not None:
            self._counts(key, plan, outcome if _is_small(outcome) else None)
        return outcome is not None

    def get(self, key: Key, *, with_counts: bool = True) -> Outcome | None:
        """Return the outcome that counts of a batch; None where its file was lost or changed.

        Without the counts it costs next to nothing: where it is small, it is in memory, too.
        """
        if not with_counts and key in self._light:
            return self._light[key]
        plan = self._done_by[key]
        return self._read(self.path(key, plan), plan, with_counts=with_counts)

    def clear(self, *, but_own: bool = False) -> None:
        """Delete what is kept; or only what rests on something else, or is damaged."""
        for path in self.folder.glob("batch-*.npz"):
            if not but_own or self._read(path, None, with_counts=False) is None:
                path.unlink()

    def found(self) -> set[Key]:
        """Return the batches that something is kept of, also by another run."""
        names = [path.stem.split("-") for path in self.folder.glob("batch-*.npz")]
        return {(int(file), int(batch)) for _, file, batch, *_ in names}

    def __iter__(self) -> Iterator[Key]:
        """Yield the batches that were done, in order."""
        return iter(sorted(self._done_by))

    def _counts(self, key: Key, plan: str, light: Outcome | None) -> None:
        self._done_by[key] = plan
        self._light.pop(key, None)
        if light is not None:
            self._light[key] = light

    def _read(self, path: Path, plan: str | None, *, with_counts: bool) -> Outcome | None:
        try:
            content = path.read_bytes()
        except OSError:
            return None
        body, mark = content[:-_HASH], content[-_HASH:]
        if hashlib.sha256(body).digest() != mark:
            return None
        return _unpacked(body, self.stamp, plan, with_counts=with_counts)


def _is_small(outcome: Outcome) -> bool:
    return len(outcome.ids) + len(outcome.alike) + len(outcome.aside) <= _FEW


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
        arrays |= {f"{name} {level}": values for name, values in _cells(one.cube).items()}
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
    if len(outcome.aside):
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
            counts = _grid(arrays, level, one["shape"])
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


def _cells(cube: Cube) -> dict[str, npt.NDArray[Any]]:
    """Return the counts of a cube as small as they are soon written and read."""
    flat = cube.counts.reshape(3, -1)
    used = np.asarray(flat.any(axis=0))
    narrow = np.min_scalar_type(flat.max(initial=0))
    if np.count_nonzero(used) * _SPARSE > used.size:
        return {"values": flat.astype(narrow)}
    cells = np.flatnonzero(used)
    return {"cells": cells.astype(np.uint32), "values": flat[:, cells].astype(narrow)}


def _grid(arrays: Mapping[str, Any], level: str, shape: Sequence[int]) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = arrays[f"values {level}"]
    if f"cells {level}" not in arrays:
        return values.reshape(shape)
    counts = np.zeros(shape, values.dtype)
    counts.reshape(3, -1)[:, arrays[f"cells {level}"]] = values
    return counts


def _aside(content: bytes) -> pd.DataFrame:
    if not content:
        return NOTHING_ASIDE.copy()
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
