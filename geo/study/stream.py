"""Stream files through the first half of a study in batches, and keep what comes of each.

Each batch is worked on with what most files have; what only the whole can tell is settled
afterwards (:mod:`geo.study.settling`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from geo import __version__
from geo.attribution import Credit
from geo.errors import BatchError, SettingsError, counted
from geo.sample import is_made_up
from geo.sources.events import credit_of
from geo.sources.gather import Gathered, shown
from geo.sources.layouts import Family
from geo.study.batch_work import FilePlan, Plan, Sink, work
from geo.study.kept_batches import KeptBatches, Key, Packed, packed
from geo.study.outcome import Outcome, summed
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
    parts
        Where the assigned events of each batch are kept, too; None where they are not.
    tell
        Told how far the work is.
    resume
        Use what is kept there already.
    is_kept
        Whether the folder outlives the stream.

    Attributes
    ----------
    plans
        How each file is read, by its number, as far as it is known.
    failed
        What went wrong, by batch.
    redone
        The batches that were done again for what only the whole could tell.
    is_made_up
        Whether an id was seen that is of the made-up sample.
    """

    def __init__(
        self,
        files: list[StreamFile],
        plan: Plan,
        folder: Path,
        *,
        source: str | None = None,
        tell: Progress = silent,
        parts: Parts | None = None,
        resume: bool = False,
        is_kept: bool = False,
    ) -> None:
        self.is_kept, self.tell = is_kept, tell
        self.files, self.plan, self.source = files, plan, source
        self.parts = parts
        # A folder of our own holds nothing of another stream, and the hash of a file takes a while.
        stamp = _stamp(files, plan, source, parts) if is_kept else "own"
        self.kept = KeptBatches(folder, stamp, all_looks=is_kept)
        self.plans: dict[int, FilePlan] = {}
        self.failed: dict[Key, str] = {}
        self.redone: set[Key] = set()
        self._lost: set[Key] = set()
        self._is_resumed = resume
        self.is_made_up = False
        self.kept.clear(but_own=resume)
        if self.parts is not None:
            self.parts.clear(list(self.kept.found()))

    def file_plan(self, file: StreamFile) -> FilePlan:
        """Return how a file is read, as far as it is known."""
        if file.number not in self.plans:
            layout, is_alone = file.layout, len(self.files) == 1
            self.plans[file.number] = FilePlan(
                number=file.number,
                label=file.label,
                layout=layout,
                source=self.credit(layout.family).name,
                prefix="" if layout.states("event_id") or is_alone else f"{file.label}:",
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
            self.is_made_up |= is_made_up(batch.frame[name])

    def outcomes(self, *, with_counts: bool = False) -> Iterator[tuple[Key, Outcome]]:
        """Yield what came of each batch, in order."""
        for key in self.kept:
            yield key, self.outcome(key, with_counts=with_counts)

    def outcome(self, key: Key, *, with_counts: bool = False) -> Outcome:
        """Return what came of one batch.

        Raises
        ------
        BatchError
            What is kept of it was changed since it was written.
        """
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

    def credit(self, family: Family) -> Credit:
        """Return whose data files of this kind are, as far as it is known."""
        labels = [file.label for file in self.files]
        return credit_of(family, self.source, labels, made_up=self.is_made_up)

    def refuse_failures(self) -> None:
        """Raise :exc:`~geo.errors.BatchError` if batches failed, and name them."""
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

    def redo(self, engine: Engine, keys: set[Key]) -> None:
        """Work on batches once more, by the plans of their files as they are now."""
        self.redone |= keys
        engine.run(self, lambda key: key in keys)
        self.refuse_failures()

    def lost_parts(self) -> set[Key]:
        """Return the batches of an earlier run whose part is lost; they are no longer done.

        A part is lost that is damaged, or of another look at its batch.
        """
        if self.parts is not None and self._is_resumed:
            self._lost = {
                key
                for key, outcome in self.outcomes()
                if outcome.part and not self.parts.is_whole(key, outcome.part)
            }
        return set(self._lost)


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


def _stamp(files: list[StreamFile], plan: Plan, source: str | None, parts: Parts | None) -> str:
    """Return what the outcomes of all batches rest on, as a hash."""
    inputs = [(file.label, file.about.size, file.about.sha256, file.rows) for file in files]
    said: Mapping[str, Any] = {
        "version": __version__,
        "inputs": inputs,
        "source": source,
        "given": "nothing" if parts is None else "with place" if parts.with_place else "plain",
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
