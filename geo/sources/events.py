"""Read events from a file or a DataFrame: an ACLED export, UCDP GED or any table of points.

What a file is shows in its header, never in its name. Every physical record ends in exactly one
place of the ledger: used, filtered (events of other countries) or quarantined, with line, column,
value and reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import attribution
from geo.crs import STORED
from geo.errors import DataWarning, SettingsError, counted
from geo.ledger import Ledger
from geo.schema import EVENTS
from geo.sources.cells import mask_of
from geo.sources.decisions import Order
from geo.sources.duplicates import set_aside_repeats, warn_of_likely_repeats
from geo.sources.findings import Findings, ledger_of, split, together
from geo.sources.folders import meant_by
from geo.sources.frames import NAME
from geo.sources.layouts import Family, Keep
from geo.sources.options import options_of
from geo.sources.parts import Part, read_part
from geo.sources.several import all_of, labels_of, refuse_mixture, remarks_on
from geo.sources.weakness import Weakness

_MADE_UP = "MADEUP"
"""How the ids of the package's own made-up sample begin."""

CONTENT = [
    *(c.name for c in EVENTS.columns if c.name not in ("event_id", "source", "geometry")),
    "longitude",
    "latitude",
]
"""Columns that make two records of an id the same."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reading:
    """Events, and the account of the file that they come from.

    Parameters
    ----------
    events
        An ``EVENTS`` table; extra columns of the file stand after those of the contract, and
        ``record`` is the number of each event in the ledger.
    ledger
        The fate of every physical record.
    layout
        ``acled``, ``acled-old``, ``acled-curated``, ``ucdp-ged`` or ``table``.
    source, credit
        Whose data these are, and how to credit them.
    data_from, data_through
        First and last day that the file covers; NaT if no record has a date.
    encoding, delimiter
        How the file was written; None where the kind of file has no such thing.
    sha256, size
        Of the bytes on disk. Of several files: all sums, and the sum of the sizes.
    repairs
        What was read in the one way it can be meant, as sentences.
    warnings
        What weakens the result, as sentences.
    files
        Name, size in bytes and SHA-256 of each file.
    """

    events: gpd.GeoDataFrame
    ledger: Ledger
    layout: str
    source: str
    credit: attribution.Credit
    data_from: pd.Timestamp
    data_through: pd.Timestamp
    encoding: str | None
    delimiter: str | None
    sha256: str
    size: int
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]
    files: tuple[tuple[str, int, str], ...]

    def left_out(self) -> str:
        """Return in one line how many records are not used, and why; empty if all are."""
        counts = self.ledger.counts()
        aside = counts["filtered"] + counts["quarantined"]
        if not aside:
            return ""
        reasons = self.ledger.reasons()
        by_reason = reasons.groupby("reason", sort=False)["records"].sum()
        why = ", ".join(f"{n:,} {reason}" for reason, n in by_reason.items())
        return f"{counted(aside, 'record')} of {self.ledger.physical:,} left out: {why}"


Given: TypeAlias = str | PathLike[str] | Sequence[str | PathLike[str]] | pd.DataFrame
"""What events can be read from."""


def read_events(
    path: Given,
    **options: Any,  # noqa: ANN401
) -> gpd.GeoDataFrame:
    r"""Read events, and warn of what was left out.

    Parameters
    ----------
    path
        One file, several of one source, read one after the other, a folder of CSV or Parquet
        files that are the parts of one table, or a DataFrame.
    **options
        As in :func:`read_events_with_ledger`, which also tells where every record went.

    Returns
    -------
    GeoDataFrame
        An ``EVENTS`` table.

    Warns
    -----
    DataWarning
        Some records were filtered or quarantined.

    Raises
    ------
    SourceError
        The file is none of events, or has more than one reading.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> text = "event_date,longitude,latitude\n2024-09-09,-107.39,24.81\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "events.csv"
    ...     _ = file.write_text(text)
    ...     events = read_events(file, geo_precision="exact")
    >>> events[["event_date", "geo_precision", "geometry"]].iloc[0].tolist()
    [Timestamp('2024-09-09 00:00:00'), 'exact', <POINT (-107.39 24.81)>]
    """
    reading = read_events_with_ledger(path, **options)
    if said := reading.left_out():
        names = ", ".join(name for name, *_ in reading.files)
        more = "".join(f"; {warning}" for warning in reading.warnings)
        warnings.warn(
            f"{names}: {said}{more}; read_events_with_ledger() tells which",
            DataWarning,
            stacklevel=2,
        )
    return reading.events


def read_events_with_ledger(  # noqa: PLR0913
    path: Given,
    *,
    source: str | None = None,
    columns: Mapping[str, str] | None = None,
    geo_precision: str | None = None,
    time_precision: str | None = None,
    date_order: Order | None = None,
    accessed: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    keep: Keep = "all",
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read events, with the account of every record.

    A record is quarantined if it has no day, point, id or known event type, or repeats another.
    An unreadable number of deaths does not set a record aside: it becomes "not stated", never
    zero, and the ledger notes it. Events of other countries are filtered.

    Parameters
    ----------
    path
        One file, several of one source, read one after the other, or a folder of CSV or Parquet
        files that are the parts of one table, read in the order of their names
        (:func:`geo.sources.folders.look_into`). Or a DataFrame: its rows are read as those of a
        file are, and the ledger gives the label of each in the index as its line. A GeoDataFrame
        needs no columns for the coordinates.
    source
        Whose data a table is; the name of the file if not given. ACLED and UCDP are known.
    columns
        For any other table: the contract's names and the file's, such as
        ``{"event_date": "fecha", "longitude": "lon", "latitude": "lat"}``.
    geo_precision, time_precision
        How well place and date of all rows of a table are known, where no column says so;
        ``"unknown"`` if not given, and then no event counts for a municipality.
    date_order
        ``"dmy"`` or ``"mdy"``, where dates such as 03/04/2024 do not show it.
    accessed
        Day of the download (``"2025-01-15"``); later events are quarantined.
    encoding, delimiter, sheet
        Where the file does not show them.
    keep
        Columns beyond the contract: ``"all"``, ``"none"`` or their names; a name such as
        ``"inter1?"`` is kept where the file has it.
    progress
        Called with the bytes done and the bytes of the file.

    Raises
    ------
    SourceError
        The file is none of events, or has more than one reading.
    SettingsError
        An option cannot be meant.
    """
    options = options_of(
        columns=columns,
        geo_precision=geo_precision,
        time_precision=time_precision,
        date_order=date_order,
        accessed=accessed,
        encoding=encoding,
        delimiter=delimiter,
        sheet=sheet,
        keep=keep,
    )
    if isinstance(path, pd.DataFrame):
        return _joined([read_part(path, options, progress, label=NAME)], source)
    paths = [path] if isinstance(path, (str, PathLike)) else list(path)
    if not paths:
        raise SettingsError("no file is given")
    if any(isinstance(one, pd.DataFrame) for one in paths):
        raise SettingsError("a DataFrame is given alone; put several together with pandas.concat")
    meant = meant_by(paths)
    parts = [
        read_part(one, options, progress, label=label)
        for one, label in zip(meant.files, labels_of(meant.files), strict=True)
    ]
    refuse_mixture({part.layout.family for part in parts})
    reading = _joined(parts, source)
    return replace(reading, warnings=(*meant.passed_over, *reading.warnings))


def _joined(parts: list[Part], source: str | None) -> Reading:
    """Judge the records of all files together and make the result."""
    family = parts[0].layout.family
    findings = together([part.findings for part in parts])
    whole = (
        parts[0].table
        if len(parts) == 1
        else _with_own_ids(pd.concat([part.table for part in parts], ignore_index=True), parts)
    )
    set_aside_repeats(findings, whole["event_id"], whole[CONTENT], _uploaded(parts))
    split(findings, [part.findings for part in parts])
    findings.warnings += Weakness.of(findings, whole).sentences()
    warn_of_likely_repeats(findings, whole)
    ledgers = [ledger_of(part.findings, part.records.rejected) for part in parts]
    ledger = ledgers[0] if len(ledgers) == 1 else Ledger.join(ledgers)

    credit = credit_of(
        family,
        source,
        [part.findings.file for part in parts],
        made_up=bool(mask_of(whole["event_id"].str.startswith(_MADE_UP)).any()),
    )
    name = credit.name
    events = used_events(whole, findings, _numbers(parts), name)
    EVENTS.check(events)
    ledger.check(used=len(events))
    first, last = (
        min((part.first for part in parts if not pd.isna(part.first)), default=pd.NaT),
        max((part.last for part in parts if not pd.isna(part.last)), default=pd.NaT),
    )
    records = [part.records for part in parts]
    return Reading(
        events=events,
        ledger=ledger,
        layout=all_of(part.layout.name for part in parts) or "",
        source=name,
        credit=credit,
        data_from=first,
        data_through=last,
        encoding=all_of(one.encoding for one in records),
        delimiter=all_of(one.delimiter for one in records),
        sha256=" ".join(one.sha256 for one in records),
        size=sum(one.size for one in records),
        repairs=remarks_on(
            [
                (part.findings.file, (*part.records.repairs, *part.findings.repairs))
                for part in parts
            ]
        ),
        warnings=(
            *remarks_on([(part.findings.file, part.findings.warnings) for part in parts]),
            *findings.warnings,
        ),
        files=tuple((part.findings.file, part.records.size, part.records.sha256) for part in parts),
    )


def _uploaded(parts: list[Part]) -> npt.NDArray[np.float64] | None:
    if all(part.uploaded is None for part in parts):
        return None
    return np.concatenate(
        [
            np.full(len(part.table), np.nan) if part.uploaded is None else part.uploaded
            for part in parts
        ]
    )


def _with_own_ids(whole: pd.DataFrame, parts: list[Part]) -> pd.DataFrame:
    """Return the records of several files, with the file in each id that is only a number.

    A file without ids numbers its records from 1, and the first records of two files are not
    one event.
    """
    ids = [
        part.table["event_id"]
        if part.layout.states("event_id")
        else part.findings.file + ":" + part.table["event_id"]
        for part in parts
    ]
    return whole.assign(event_id=pd.concat(ids, ignore_index=True).astype("str"))


def _numbers(parts: list[Part]) -> npt.NDArray[np.int64]:
    """Return the number of each record, counted through all files."""
    numbers, before = [], 0
    for part in parts:
        numbers.append(part.findings.record + before)
        before += len(part.findings.record) + len(part.records.rejected)
    return np.concatenate(numbers)


def used_events(
    whole: pd.DataFrame, findings: Findings, record: npt.NDArray[np.int64], source: str
) -> gpd.GeoDataFrame:
    """Return the used records as an ``EVENTS`` table, extra columns after the contract's."""
    used = findings.used
    rows = whole[used].reset_index(drop=True)
    point = gpd.points_from_xy(rows.pop("longitude"), rows.pop("latitude"), crs=STORED)
    rows = rows.assign(source=pd.Series(source, index=rows.index, dtype="str"))
    contract = EVENTS.dtypes
    extra = [name for name in rows if name not in contract]
    rows = rows[[*contract, *extra]].astype(contract)
    return gpd.GeoDataFrame(rows.assign(record=record[used]), geometry=point, crs=STORED)


def credit_of(
    family: Family, source: str | None, files: Sequence[str], *, made_up: bool
) -> attribution.Credit:
    """Return whose data these are; what the terms of a known source ask for is not overridden."""
    if family == "acled":
        return attribution.MADE_UP if made_up else attribution.ACLED
    if family == "ucdp":
        return attribution.UCDP
    known = {
        name.casefold(): credit
        for credit in (attribution.ACLED, attribution.UCDP, attribution.MADE_UP)
        for name in (credit.key, credit.name)
    }
    name = source or ", ".join(files)
    return known.get(name.casefold(), attribution.given(name))
