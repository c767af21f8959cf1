"""Read, filter and assign a large input in batches: only the events of the study stay in memory.

The events, the ledger and every word are those of reading everything at once. Nothing is held that
the study does not keep, neither the text of the files nor what its filters leave out; and with a
folder `work` a reading that was interrupted goes on where it was.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import shapely

from geo import attribution
from geo.crs import STORED
from geo.errors import BalanceError
from geo.schema import ASSIGNED
from geo.sources.batches import ROWS
from geo.sources.folders import PARQUET
from geo.sources.remote import is_url
from geo.study.memory import give_back
from geo.study.parts import AssignedParts
from geo.study.reading import Source
from geo.study.settings import Study
from geo.study.streamed import Streamed
from geo.study.streamed_ledger import StreamedLedger
from geo.study.streaming import Giving, stream_events
from geo.study.telling import Progress

LARGE = 2**26
"""Bytes of input from which on it is read in batches; reading less at once costs less time."""

_PACKED = dict.fromkeys((*PARQUET, ".gz"), 6)
"""How many times as many bytes a file of this kind makes in memory as text does."""


class Batched(NamedTuple):
    """What was read, the ``ASSIGNED`` table of the events that were kept, and the ledger."""

    source: Source
    located: gpd.GeoDataFrame
    ledger: StreamedLedger


def is_large(events: Sequence[str]) -> bool:
    """Return whether files are read in batches: large ones, and what is no single local file.

    Examples
    --------
    >>> is_large(["no-such-file.csv"]), is_large(["s3://bucket/events.parquet"])
    (False, True)
    """
    size = 0
    for one in events:
        path = Path(one)
        if is_url(one) or path.is_dir():
            return True
        if path.is_file():  # what is not there is told by the reader
            size += path.stat().st_size * _PACKED.get(path.suffix.lower(), 1)
    return size >= LARGE


def locate_batched(
    study: Study,
    tell: Progress,
    *,
    keep: Sequence[str] = (),
    work: str | PathLike[str] | None = None,
    resume: bool = False,
    rows: int = ROWS,
) -> Batched:
    """Read, filter and assign the files of a study in batches.

    Parameters
    ----------
    study
        Its files, how they are read, and what is kept of them.
    tell
        Told how far the reading is.
    keep
        Columns beyond the contract that stay, where the files have them.
    work, resume, rows
        As in :func:`geo.count_stream`.

    Raises
    ------
    GeoError
        As :func:`geo.count_stream` does.
    """
    given: list[tuple[gpd.GeoDataFrame, pd.DataFrame]] = []
    streamed = stream_events(
        study,
        {},
        giving=Giving(
            give=lambda parts, found: given.append(_gathered(parts, found)),
            keep=[f"{name}?" for name in keep] or "none",
            with_place=True,
        ),
        work=work,
        resume=resume,
        rows=rows,
        progress=lambda _, done, total: tell("read", done, total),
    )
    located, used = given.pop()
    give_back()
    ledger = dataclasses.replace(streamed.ledger, used=used)
    source = Source(
        days=streamed.days,
        facts=streamed.facts,
        credit=streamed.credit,
        made_up=streamed.made_up or streamed.credit is attribution.MADE_UP,
        inputs=tuple({**one, "name": Path(one["name"]).name} for one in streamed.inputs),
        warnings=streamed.warnings,
    )
    return Batched(source, located, ledger)


def _gathered(parts: AssignedParts, found: Streamed) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the events of all parts, and where each of them stands in its file."""
    tables: list[pa.Table] = []
    points: list[npt.NDArray[np.object_]] = []
    records: list[npt.NDArray[np.int64]] = []
    files: list[npt.NDArray[np.int32]] = []
    for number, table in parts.by_file():
        points.append(shapely.from_wkb(table.column("geometry").to_numpy()))
        records.append(table.column("record").to_numpy() + found.before[number])
        files.append(np.full(len(table), number, dtype=np.int32))
        tables.append(table.drop_columns(["geometry", "record"]))
    order = [name for name in parts.schema.names if name != "line"]
    frame = pa.concat_tables(tables).to_pandas(split_blocks=True)
    used = pd.DataFrame(
        {
            "record": np.concatenate(records),
            "file": pd.Categorical.from_codes(
                np.concatenate(files), pd.Index([one["name"] for one in found.inputs], dtype="str")
            ),
            "line": frame.pop("line"),
        }
    )
    if not used["record"].is_monotonic_increasing:
        raise BalanceError("the parts of a stream are not in the order of their records")
    located = gpd.GeoDataFrame(
        frame.assign(record=used["record"]), geometry=np.concatenate(points), crs=STORED
    )[order]
    return located.astype(_types(located.columns)), used


def _types(columns: pd.Index) -> Mapping[str, str]:
    return {name: kind for name, kind in ASSIGNED.dtypes.items() if name in columns}
