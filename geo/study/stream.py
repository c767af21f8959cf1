"""Stream files through the first half of a study in batches, and settle what only the whole tells.

Each batch is worked on with what most files have. Afterwards it is asked whether the whole file
decides anything otherwise (:mod:`geo.sources.decisions`), and whether ids repeat; only the batches
that this concerns are done again. The result is that of reading everything at once.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from geo import __version__
from geo.errors import BatchError, OutputError, SettingsError
from geo.sample import is_made_up
from geo.sources.cells import counted
from geo.sources.decisions import PLAIN
from geo.sources.duplicates import refuse_monadic, set_aside_repeats
from geo.sources.events import CONTENT, credit_of
from geo.sources.findings import Findings
from geo.sources.gather import Gathered, shown
from geo.sources.hashes import Hashes
from geo.sources.several import refuse_mixture
from geo.sources.uploads import latest_day
from geo.study.batch_work import FilePlan, Plan, Sink, repeats, work
from geo.study.kept_batches import KeptBatches, Key, Packed, packed
from geo.study.outcome import Evidence, Outcome, summed
from geo.study.parts import AssignedParts, Parts
from geo.study.stream_files import StreamFile, ahead
from geo.study.telling import Progress, silent


class Engine(Protocol):
    """Works on batches: here, or on other machines."""

    def run(self, stream: Stream, wanted: Callable[[Key], bool]) -> None:
        """Work on the batches of all files that are wanted, and keep what comes of them."""


class Stream:
    """Files that are read, assigned and counted batch by batch.

    Parameters
    ----------
    files
        The files.
    plan
        What is done with each batch.
    source
        Whose data a table is, where the user says it.
    folder
        Where the outcomes of batches are kept.
    is_given
        Whether the assigned events of each batch are kept in the folder, too (:class:`Parts`).
    with_place
        Whether with them their place in their file is kept.
    tell
        Told how far the work is.
    resume
        Use what is kept there already.
    is_kept
        Whether the folder outlives the stream.
    """

    def __init__(
        self,
        files: list[StreamFile],
        plan: Plan,
        folder: Path,
        *,
        source: str | None = None,
        tell: Progress = silent,
        is_given: bool = False,
        with_place: bool = False,
        resume: bool = False,
        is_kept: bool = False,
    ) -> None:
        self.is_kept, self.tell = is_kept, tell
        self.files, self.plan, self.source = files, plan, source
        self.parts = Parts(folder, with_place=with_place) if is_given else None
        # A folder of our own holds nothing of another stream, and the hash of a file takes a while.
        given = ("with place" if with_place else "plain") if is_given else "nothing"
        stamp = _stamp(files, plan, source, given) if is_kept else "own"
        self.kept = KeptBatches(folder, stamp, all_looks=is_kept)
        self.plans: dict[int, FilePlan] = {}
        self.failed: dict[Key, str] = {}
        self.redone: set[Key] = set()
        self._lost: set[Key] = set()
        self._is_resumed = resume
        self._is_made_up = False
        self.kept.clear(but_own=resume)
        if self.parts is not None:
            self.parts.clear(list(self.kept.found()))

    def run(self, engine: Engine) -> None:
        """Work on everything, and settle what only the whole can tell."""
        engine.run(self, lambda _: True)
        self._refuse_failures()
        refuse_mixture({plan.layout.family for plan in self.plans.values()})
        self._settle_source(engine)
        for file in self.files:
            self._settle(file, engine)
        self._settle_repeats(engine)
        self._settle_parts(engine)

    def file_plan(self, file: StreamFile) -> FilePlan:
        """Return how a file is read, as far as it is known."""
        if file.number not in self.plans:
            layout = file.layout
            numbers_rows = not layout.states("event_id")
            self.plans[file.number] = FilePlan(
                number=file.number,
                label=file.label,
                layout=layout,
                source=self._source_of(layout.family),
                prefix=f"{file.label}:" if numbers_rows and len(self.files) > 1 else "",
            )
        return self.plans[file.number]

    def is_done(self, key: Key, file: StreamFile) -> bool:
        """Return whether what comes of a batch by its present plan is kept already."""
        return key not in self._lost and self.kept.take_up(
            key, plan_name(self.file_plan(file), key)
        )

    def do(self, key: Key, file: StreamFile, batch: Gathered) -> None:
        """Work on one batch, unless what comes of it is kept already."""
        self._notice(file, batch)
        self.keep(key, file, rows_of(batch), lambda plan, sink: work(batch, plan, self.plan, sink))

    def keep(
        self,
        key: Key,
        file: StreamFile,
        rows: str,
        make: Callable[[FilePlan, Sink | None], Outcome],
    ) -> None:
        """Keep what `make` makes of a batch, unless it is kept already; note a failure."""
        parts, plan = self.parts, self.file_plan(file)

        def made() -> Packed:
            return look(key, plan, parts, self.kept.stamp, lambda sink: make(plan, sink))

        if not self.is_done(key, file):
            self.take(key, file, rows, made)

    def take(self, key: Key, file: StreamFile, rows: str, made: Callable[[], Packed]) -> None:
        """Keep what came of a batch, wherever it was done; note a failure."""
        try:
            done = made()
        except SettingsError:
            raise
        except Exception as error:  # noqa: BLE001 told at the end, the other batches are not lost
            self.failed[key] = f"{file.label}, {rows}: {shown(error, 300)}"
            return
        if self.parts is not None and done.part and not self.parts.path(key).exists():
            self.failed[key] = (
                f"{file.label}, {rows}: done, but its events are not in {self.parts.folder} as "
                "this machine sees it; give work= a folder that all machines have under one path"
            )
            return
        self.kept.put(key, plan_name(self.file_plan(file), key), done)
        self._lost.discard(key)

    def assigned(self) -> AssignedParts:
        """Return the assigned events of all batches, in order.

        Raises
        ------
        BatchError
            A part was changed or deleted since it was written.
        """
        assert self.parts is not None
        paths = []
        for key, outcome in self.outcomes():
            if not outcome.part:
                continue
            if not self.parts.is_whole(key, outcome.part):
                name = self.parts.path(key).name
                raise BatchError(f"{name} was changed while the stream ran; start again")
            paths.append(self.parts.path(key))
        return AssignedParts(paths)

    def _notice(self, file: StreamFile, batch: Gathered) -> None:
        """See by the first batch of a file whose data they are: as a rule it tells."""
        columns = file.layout.columns
        name = columns.get("event_id", columns.get("event_id_cnty"))
        if file.number not in self.plans and name is not None:
            self._is_made_up |= is_made_up(batch.frame[name])

    def outcomes(self, *, with_counts: bool = False) -> Iterator[tuple[Key, Outcome]]:
        """Yield what came of each batch, in order."""
        for key in self.kept:
            yield key, self._outcome(key, with_counts=with_counts)

    def _outcome(self, key: Key, *, with_counts: bool = False) -> Outcome:
        outcome = self.kept.get(key, with_counts=with_counts)
        if outcome is None:
            raise BatchError(
                f"what came of batch {key[1]} of file {key[0]} was changed in {self.kept.folder} "
                "while the stream ran; start again"
            )
        return outcome

    def by_file(self) -> dict[int, Outcome]:
        """Return what came of each file."""
        found: dict[int, Outcome] = {file.number: Outcome() for file in self.files}
        for (number, _), outcome in ahead(self.outcomes(with_counts=True)):
            found[number] = summed([found[number], outcome])
        return found

    def _source_of(self, family: str) -> str:
        labels = [file.label for file in self.files]
        return credit_of(family, self.source, labels, made_up=self._is_made_up).name  # type: ignore[arg-type]

    def _refuse_failures(self) -> None:
        if not self.failed:
            return
        listed = "\n- ".join(list(self.failed.values())[:10])
        rest = (
            f"what came of the others is kept in {self.kept.folder} and used again with resume=True"
            if self.is_kept
            else "with work= what came of the others would be kept, to be used again"
        )
        raise BatchError(
            f"{counted(len(self.failed), 'batch', 'batches')} failed; {rest}:\n- {listed}"
        )

    def _redo(self, engine: Engine, keys: set[Key]) -> None:
        self.redone |= keys
        engine.run(self, lambda key: key in keys)
        self._refuse_failures()

    def _settle_source(self, engine: Engine) -> None:
        """Name the source again where a later batch shows that the events are made up."""
        keys = set()
        for key, outcome in self.outcomes():
            keys.add(key)
            self._is_made_up |= outcome.is_made_up
        if self.parts is None and "sources" not in self.plan.filters:
            return  # nothing shows the name of an event's source
        stale = {
            number: dataclasses.replace(plan, source=name)
            for number, plan in self.plans.items()
            if (name := self._source_of(plan.layout.family)) != plan.source
        }
        if stale:
            self.plans.update(stale)
            self._redo(engine, {key for key in keys if key[0] in stale})

    def _settle(self, file: StreamFile, engine: Engine) -> None:
        """Do batches again that were read otherwise than their whole file decides."""
        found = {
            key: outcome.evidence.get(file.number, Evidence())
            for key, outcome in self.outcomes()
            if key[0] == file.number
        }
        whole = sum(found.values(), Evidence())
        plan = self.plans[file.number]
        if whole.is_open and plan.decisions is PLAIN:
            decisions = file.decide()
            concerned = set(found)
        else:
            latest = latest_day(whole.uploaded, file.options.accessed)
            decisions = dataclasses.replace(plan.decisions, latest=latest)
            concerned = {key for key, one in found.items() if one.last_day > latest}
        if concerned:
            self.plans[file.number] = dataclasses.replace(plan, decisions=decisions)
            self._redo(engine, concerned)

    def _settle_repeats(self, engine: Engine) -> None:
        """Set aside the records that repeat an id; ask it of all files together."""
        with Hashes() as ids:
            places: list[tuple[Key, int]] = []
            for key, outcome in self.outcomes():
                ids.add(outcome.ids | np.uint64(1))
                places.append((key, len(outcome.ids)))
            again = ids.repeated()
        if not len(again):
            return
        concerned = {
            key for key, outcome in self.outcomes() if np.isin(outcome.ids | 1, again).any()
        }
        rows, uploaded = self._repeated_rows(concerned, again)
        if any(plan.layout.family == "acled" for plan in self.plans.values()):
            self._refuse_monadic(rows)
        aside = _judged(rows, uploaded)
        for number, reasons in aside.items():
            self.plans[number] = dataclasses.replace(self.plans[number], aside=reasons)
        stale = {key for key, outcome in self.outcomes() if key in concerned and aside.get(key[0])}
        self._redo(engine, stale)

    def _settle_parts(self, engine: Engine) -> None:
        """Do batches again whose part is not the one that counts: damaged, or of another look."""
        if self.parts is not None and self._is_resumed:
            self._lost = {
                key
                for key, outcome in self.outcomes()
                if outcome.part and not self.parts.is_whole(key, outcome.part)
            }
            if self._lost:
                self._redo(engine, set(self._lost))

    def _repeated_rows(
        self,
        concerned: set[Key],
        again: Any,  # noqa: ANN401
    ) -> tuple[pd.DataFrame, np.ndarray]:
        frames, times = [], []
        for key, file, batch in self.batches(lambda key: key in concerned):
            rows, uploaded = repeats(batch, self.plans[file.number], self.plan.options, again)
            frames.append(rows.assign(batch=key[1]))
            times.append(np.full(len(rows), np.nan) if uploaded is None else uploaded)
        return pd.concat(frames, ignore_index=True), np.concatenate(times)

    def batches(self, wanted: Callable[[Key], bool]) -> Iterator[tuple[Key, StreamFile, Gathered]]:
        """Yield batches that are read again."""
        for file in self.files:
            for number, batch in file.again():
                if wanted((file.number, number)):
                    yield (file.number, number), file, batch

    def _refuse_monadic(self, rows: pd.DataFrame) -> None:
        with Hashes() as telling:
            for _, outcome in self.outcomes():
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

    def likely_repeats(self) -> str | None:
        """Return the warning of events that look like another under a second id."""
        with Hashes() as seen:
            sizes = []
            for key, outcome in self.outcomes():
                seen.add(outcome.alike)
                sizes.append((key, len(outcome.alike)))
            number = seen.count - seen.distinct()
            first = seen.first_repeat() if number else None
        if first is None:
            return None
        before = np.cumsum([0, *(size for _, size in sizes)])
        at = int(np.searchsorted(before, first, side="right")) - 1
        outcome, first = self._outcome(sizes[at][0]), first - int(before[at])
        such = outcome.alike_ids[first].as_py()
        return (
            f"{counted(number, 'event')} may repeat another under a second id (same day, place, "
            f"type, actors and deaths), such as {such!r}; they are counted"
        )


@contextmanager
def work_folder(given: Path | None) -> Iterator[Path]:
    """Give the folder in which outcomes are kept; one of our own is deleted at the end."""
    if given is not None:
        try:
            given.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"{given} cannot be the folder for finished parts: {error.strerror}; give --work "
                "another one"
            ) from error
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="geo-stream-") as folder:
        yield Path(folder)


def look(
    key: Key,
    plan: FilePlan,
    parts: Parts | None,
    stamp: str,
    make: Callable[[Sink | None], Outcome],
) -> Packed:
    """Return what `make` makes of a batch, ready to be kept, its part of the events among it."""
    outcome = make(None) if parts is None else parts.made(key, make)
    return packed(outcome, stamp, plan_name(plan, key))


def rows_of(batch: Gathered) -> str:
    """Return which records a batch holds, in words."""
    numbers = np.concatenate([batch.frame.index.to_numpy(), batch.rejected["record"].to_numpy()])
    return f"records {int(numbers.min()):,} to {int(numbers.max()):,}"


def plan_name(plan: FilePlan, key: Key) -> str:
    """Return a short name of the plan that a batch was done by."""
    said = json.dumps(
        [
            str(plan.decisions),
            plan.source,
            plan.prefix,
            plan.label,
            sorted(plan.aside.items()),
            key,
        ]
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _stamp(files: list[StreamFile], plan: Plan, source: str | None, given: str) -> str:
    """Return what the outcomes of all batches rest on, as a hash."""
    inputs = [(file.label, file.about.size, file.about.sha256, file.rows) for file in files]
    said: Mapping[str, Any] = {
        "version": __version__,
        "inputs": inputs,
        "source": source,
        "given": given,
        "options": str(plan.options),
        "filters": str(sorted(plan.filters.items())),
        "tolerance": plan.tolerance_m,
        "conflicts": plan.conflicts,
        "areas": plan.areas_hash,
        "period": plan.period,
        "category": plan.category,
        "levels": {level: list(codes) for level, codes in plan.levels.items()},
    }
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _judged(rows: pd.DataFrame, uploaded: np.ndarray) -> dict[int, dict[int, str]]:
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
