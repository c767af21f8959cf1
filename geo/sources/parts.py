"""One file of events: its records in the words of the contract, each with a verdict."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.crs import FloatArray
from geo.errors import GeoWarning, SettingsError, SourceError
from geo.sources import ucdp
from geo.sources.findings import Findings
from geo.sources.frames import read_frame
from geo.sources.layouts import Layout
from geo.sources.options import Chooser, Options, check_options
from geo.sources.records import Records, read_records
from geo.sources.understanding import understand


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one file holds.

    ``table`` and ``uploaded`` are as in :class:`~geo.sources.understanding.Understood`, of all
    records. ``records`` has no cells any more. ``first`` and ``last`` are the days that the file
    covers, NaT if no record has a date.
    """

    table: pd.DataFrame
    findings: Findings
    uploaded: FloatArray | None
    layout: Layout
    records: Records
    first: pd.Timestamp
    last: pd.Timestamp


def read_part(
    given: Path | pd.DataFrame,
    options: Options,
    progress: Callable[[int, int], None] | None,
    *,
    label: str,
) -> Part:
    """Read one file, or a table that came without one.

    Parameters
    ----------
    given
        The file, or the table.
    options
        What the user says about it.
    progress
        Called with the bytes done and the bytes of the file.
    label
        How the file is called in the ledger and in messages.

    Raises
    ------
    SourceError
        The file is not one of events, or a column of it has more than one reading.
    """
    choose = Chooser(options, label)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GeoWarning)
        records = _records(given, options, choose, progress)
    findings = Findings(label, records.frame.index.to_numpy(), records.line)
    for one in caught:
        if issubclass(one.category, GeoWarning):
            findings.warnings.append(str(one.message))
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    try:
        layout = choose.layout
        check_options(layout, options)
        found = understand(records.frame, layout, options, findings)
    except SourceError as error:
        raise SourceError(f"{label}: {error}") from error
    covered = _covered(layout, found.frame, found.table["event_date"])
    # The text of a million records is half a gigabyte, and all that it says is in the table now.
    records = dataclasses.replace(records, frame=records.frame.iloc[:, :0])
    return Part(found.table, findings, found.uploaded, layout, records, *covered)


def _records(
    given: Path | pd.DataFrame,
    options: Options,
    choose: Callable[[list[str]], list[str]],
    progress: Callable[[int, int], None] | None,
) -> Records:
    how = {name: getattr(options, name) for name in ("encoding", "delimiter", "sheet")}
    if not isinstance(given, pd.DataFrame):
        return read_records(given, **how, columns=choose, progress=progress)
    for name, value in how.items():
        if value is not None:
            raise SettingsError(f"{name}= has no meaning for a DataFrame; leave it out.")
    return read_frame(given, columns=choose, progress=progress or (lambda *_: None))


def _covered(
    layout: Layout, frame: pd.DataFrame, day: pd.Series
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the file covers, as far as it shows."""
    first, last = day.min(), day.max()
    is_clear = ucdp.all_clear(frame) if layout.family == "ucdp" else None
    if ucdp.covers_whole_years(day.dt.year.nunique(), is_clear=is_clear):
        last = pd.Timestamp(year=last.year, month=12, day=31)
    return first, last
