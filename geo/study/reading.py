"""The first step of a study: from files, the made-up sample or a table to events and a ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import attribution, schema
from geo.attribution import Credit
from geo.ledger import Ledger
from geo.sample import FILE_NAME, is_made_up, write_sample
from geo.sources.events import read_events_with_ledger
from geo.sources.frames import NAME
from geo.steps.span import DayCounts
from geo.study.facts import Facts
from geo.study.manifest import table_entry
from geo.study.settings import Study


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """All that is known of where events come from.

    ``days`` are those of all events that were read, also of those that are not kept.
    """

    days: DayCounts
    facts: Facts
    credit: Credit
    made_up: bool
    inputs: tuple[dict[str, Any], ...]
    warnings: tuple[str, ...]


class Input(NamedTuple):
    """What was read: an ``EVENTS`` table, where it comes from, and the fate of each record."""

    source: Source
    events: gpd.GeoDataFrame
    ledger: Ledger


def read_input(
    study: Study, progress: Callable[[str, int, int], None], *, keep: Sequence[str] = ()
) -> Input:
    """Read the files of a study, or make the sample and read that.

    Columns beyond the contract are kept as far as `keep` names them and the file has them.
    """
    if not study.is_sample:
        return _read([Path(path) for path in study.events], study, progress, keep)
    # The sample goes through a file, so that it is read as any export is.
    with tempfile.TemporaryDirectory(prefix="geo-") as folder:
        path = write_sample(Path(folder) / FILE_NAME, seed=study.seed)
        return _read([path], study, progress, keep)


def read_table(
    table: pd.DataFrame,
    study: Study,
    progress: Callable[[str, int, int], None],
    *,
    keep: Sequence[str] = (),
) -> Input:
    """Read a table of the user's own, as a file of it would be read."""
    return _read(table, study, progress, keep)


def _read(
    given: list[Path] | pd.DataFrame,
    study: Study,
    progress: Callable[[str, int, int], None],
    keep: Sequence[str],
) -> Input:
    reading = read_events_with_ledger(
        given,
        source=study.source,
        **study.reading(),
        keep=[f"{name}?" for name in keep] or "none",
        progress=lambda done, size: progress("read", done, max(size, 1)),
    )
    through = study.data_through or _day(reading.data_through)
    facts = Facts(
        layout=reading.layout,
        source=reading.source,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        first_day=_day(reading.data_from),
        data_through=through,
        repairs=reading.repairs,
    )
    source = Source(
        DayCounts.of(reading.events["event_date"]),
        facts,
        reading.credit,
        is_made_up(reading.events["event_id"]) or reading.credit is attribution.MADE_UP,
        tuple(
            {"name": Path(name).name, "bytes": size, "sha256": sha256}
            for name, size, sha256 in reading.files
        ),
        reading.warnings,
    )
    return Input(source, reading.events, reading.ledger)


def take_table(events: gpd.GeoDataFrame, study: Study) -> Input:
    """Take an ``EVENTS`` table as it is; every row is a record of its own."""
    schema.EVENTS.check(events)
    if not events.index.is_unique:  # as tables put together have it
        events = events.reset_index(drop=True)
    number = np.arange(1, len(events) + 1)
    made_up = is_made_up(events["event_id"])
    name = study.source or ", ".join(sorted(events["source"].dropna().unique())) or NAME
    credit = attribution.MADE_UP if made_up else _credit(name)
    days = events["event_date"]
    facts = Facts(
        layout="table",
        source=credit.name,
        encoding=None,
        delimiter=None,
        first_day=_day(days.min()),
        data_through=study.data_through or _day(days.max()),
        repairs=(),
    )
    return Input(
        Source(DayCounts.of(days), facts, credit, made_up, (table_entry(events),), ()),
        events.assign(record=number),
        Ledger.of_used(NAME, number, number),
    )


def _credit(source: str) -> Credit:
    known = {c.name: c for c in (attribution.ACLED, attribution.UCDP)}
    return known.get(source) or attribution.given(source)


def _day(value: pd.Timestamp) -> str:
    return "" if pd.isna(value) else str(value.date())
