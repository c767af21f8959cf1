"""Work on all batches of a stream, and settle what only the whole can tell.

It is asked whether a whole file decides anything otherwise than was taken for granted of its
batches (:mod:`geo.sources.decisions`), and whether ids repeat (:mod:`geo.study.repeating`); only
the batches that this concerns are done again. The result is that of reading everything at once.
"""

from __future__ import annotations

import dataclasses

from geo.sources.decisions import PLAIN
from geo.sources.several import refuse_mixture
from geo.sources.uploads import latest_day
from geo.study.outcome import Evidence
from geo.study.repeating import settle_repeats
from geo.study.stream import Engine, Stream
from geo.study.stream_files import StreamFile


def work_through(stream: Stream, engine: Engine) -> None:
    """Work on everything, and settle what only the whole can tell.

    Raises
    ------
    BatchError
        Some batches failed; they are named together, when all others are done.
    SourceError
        The files are of different sources, or have more than one reading.
    """
    engine.run(stream, lambda _: True)
    stream.refuse_failures()
    refuse_mixture({plan.layout.family for plan in stream.plans.values()})
    _settle_source(stream, engine)
    for file in stream.files:
        _settle_file(stream, file, engine)
    settle_repeats(stream, engine)
    _settle_parts(stream, engine)


def _settle_source(stream: Stream, engine: Engine) -> None:
    """Name the source again where a later batch shows that the events are made up."""
    keys = set()
    for key, outcome in stream.outcomes():
        keys.add(key)
        stream.is_made_up |= outcome.is_made_up
    if stream.parts is None and "sources" not in stream.plan.filters:
        return  # nothing shows the name of an event's source
    stale = {
        number: dataclasses.replace(plan, source=name)
        for number, plan in stream.plans.items()
        if (name := stream.credit(plan.layout.family).name) != plan.source
    }
    if stale:
        stream.plans.update(stale)
        stream.redo(engine, {key for key in keys if key[0] in stale})


def _settle_file(stream: Stream, file: StreamFile, engine: Engine) -> None:
    """Do batches again that were read otherwise than their whole file decides."""
    found = {
        key: outcome.evidence.get(file.number, Evidence())
        for key, outcome in stream.outcomes()
        if key[0] == file.number
    }
    whole = sum(found.values(), Evidence())
    plan = stream.plans[file.number]
    if whole.is_open and plan.decisions is PLAIN:
        decisions = file.decide()
        concerned = set(found)
    else:
        latest = latest_day(whole.uploaded, file.options.accessed)
        decisions = dataclasses.replace(plan.decisions, latest=latest)
        concerned = {key for key, one in found.items() if one.last_day > latest}
    if concerned:
        stream.plans[file.number] = dataclasses.replace(plan, decisions=decisions)
        stream.redo(engine, concerned)


def _settle_parts(stream: Stream, engine: Engine) -> None:
    """Do batches again whose part is not the one that counts: damaged, or of another look."""
    if lost := stream.lost_parts():
        stream.redo(engine, lost)
