"""One file of events: its records in the words of the contract, each with a verdict."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from geo.cvegeo import fold
from geo.errors import GeoWarning, SettingsError, SourceError
from geo.schema import TIME_PRECISION
from geo.sources import acled, table, ucdp
from geo.sources.cells import Mask, code, mapped, mask_of, ranks, stated
from geo.sources.coordinates import Coordinates, points_in_one_cell, read_coordinates
from geo.sources.dates import EARLIEST, LATEST, Dates, read_dates
from geo.sources.decisions import Decisions
from geo.sources.duplicates import refuse_monadic
from geo.sources.findings import Findings
from geo.sources.frames import read_frame
from geo.sources.layouts import Layout
from geo.sources.numbers import plain, read_counts
from geo.sources.options import Chooser, Options, check_options
from geo.sources.records import Records, read_records
from geo.sources.remarks import Count, Remark

_MEXICO = {"mexico", "mex", "mx", "estados unidos mexicanos", "united mexican states"}
_COUNTRY_NUMBER = {"iso": 484, "country_id": ucdp.COUNTRY}
_DAY_S = 86_400
_LAST_S = 4_102_444_800  # 2100-01-01: an upload time beyond it is a mistake


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """What some records of one file say.

    ``table`` and ``uploaded`` are as in :class:`Part`, ``frame`` holds the columns as the file has
    them under the reader's names, and ``home`` says which rows are of Mexico as far as they tell.
    ``is_open`` says whether another part of the file might decide anything otherwise than it was
    decided here.
    """

    table: pd.DataFrame
    findings: Findings
    uploaded: np.ndarray | None
    frame: pd.DataFrame
    home: Mask
    is_open: bool


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one file holds.

    ``table`` has one row a record, judged or not: the columns of an ``EVENTS`` table without
    geometry, ``longitude``, ``latitude`` and the extra columns. ``uploaded`` is the time at which
    each version was uploaded, in seconds (NaN: not stated). ``records`` has no cells any more.
    ``first`` and ``last`` are the days that the file covers, NaT if no record has a date.
    """

    table: pd.DataFrame
    findings: Findings
    uploaded: pd.Series | None
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
    uploaded = None if found.uploaded is None else pd.Series(found.uploaded)
    covered = _covered(layout, found.frame, found.table["event_date"])
    # The text of a million records is half a gigabyte, and all that it says is in the table now.
    records = dataclasses.replace(records, frame=records.frame.iloc[:, :0])
    return Part(found.table, findings, uploaded, layout, records, *covered)


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


def decide(
    records: pd.DataFrame, layout: Layout, options: Options, findings: Findings
) -> Decisions:
    """Return what the columns of a whole file decide.

    Parameters
    ----------
    records
        All rows, with the columns of :func:`deciding` as the file has them.
    layout, options
        How they are to be read.
    findings
        Says where the rows are, for messages.

    Raises
    ------
    SourceError
        A column has more than one reading.
    """
    names = [name for name in deciding(layout) if name in layout.columns]
    frame = _named(records, {name: layout.columns[name] for name in names})
    home = _at_home(frame)
    dates = _dates(frame, layout, options, findings, _uploaded(frame))
    points = _read_points(frame, findings, home & mask_of(dates.day.notna()))
    counts = {
        name: read_counts(frame[name], column=name).grouping for name in _COUNTED if name in frame
    }
    return Decisions(
        latest=_latest(_uploaded(frame), options.accessed),
        order=dates.order,
        has_numbers=dates.has_numbers,
        forms=points.forms,
        turned=points.turned,
        grouping=counts,
    )


def deciding(layout: Layout) -> list[str]:
    """Return the reader's names of the columns that decide anything for the whole file."""
    wanted = (layout.day, "longitude", "latitude", "geometry", "timestamp", *_PLACES)
    return [name for name in (*wanted, *_COUNTED) if name in layout.columns]


def _named(records: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: records[column].array for name, column in columns.items()},
        index=pd.RangeIndex(len(records)),
    )


def _uploaded(frame: pd.DataFrame) -> np.ndarray | None:
    return _seconds(frame["timestamp"]) if "timestamp" in frame else None


def _dates(
    frame: pd.DataFrame,
    layout: Layout,
    options: Options,
    findings: Findings,
    uploaded: np.ndarray | None,
) -> Dates:
    """Return the days; the last believable one is settled by the whole file."""
    settled = findings.settled
    latest = _latest(uploaded if settled is None else None, options.accessed)
    if settled is not None and settled.latest is not None:
        latest = min(latest, settled.latest)
    return read_dates(
        frame[layout.day],
        column=layout.columns[layout.day],
        order=options.date_order,
        earliest={"acled": acled.EARLIEST, "ucdp": ucdp.EARLIEST}.get(layout.family, EARLIEST),
        latest=latest,
        lines=findings.lines,
        settled=settled,
    )


def understand(
    records: pd.DataFrame, layout: Layout, options: Options, findings: Findings
) -> Understood:
    """Return what records say, in the words of the contract, each with a verdict.

    Parameters
    ----------
    records
        All records of a file, or some of them: then ``findings.settled`` says what the whole file
        decides, and whether ids repeat must be asked elsewhere.
    layout, options
        How they are to be read.
    findings
        Takes the verdicts.

    Raises
    ------
    SourceError
        A column has more than one reading.
    """
    frame = _named(records, layout.columns)
    if layout.absent:
        findings.warnings.append(
            f"the file has no column {', '.join(layout.absent)}; taken as not stated"
        )
    _set_aside_headers(frame, layout, findings)
    home = _at_home(frame)
    place = frame[next((name for name in _PLACES if name in frame), layout.day)]
    findings.filter(~home, "other_country", _first_name(frame), place)
    uploaded = _uploaded(frame)

    dates = _dates(frame, layout, options, findings, uploaded)
    for reason in dates.reason.dropna().unique():
        findings.quarantine(
            mask_of(dates.reason.eq(reason)), reason, layout.columns[layout.day], frame[layout.day]
        )
    findings.repairs += dates.repairs
    findings.warnings += dates.warnings
    points = _points(frame, layout, findings, home & mask_of(dates.day.notna()))
    _compare_years(frame, dates.day, findings)

    if layout.family == "acled":
        own = acled.translate(_with_extras(frame, records, layout, acled.TRANSLATED), findings)
    elif layout.family == "ucdp":
        own = ucdp.translate(frame, findings)
    else:
        own = table.translate(
            frame,
            findings,
            geo_precision=options.geo_precision,
            time_precision=options.time_precision,
        )
    findings.quarantine(mask_of(own["event_id"].isna()), "no_event_id")
    if layout.family == "acled" and findings.settled is None:
        _refuse_monadic(own, dates.day, frame, home)
    translated = {name: own.pop(name) for name in acled.TRANSLATED if name in own}
    own["time_precision"] = _coarser(own["time_precision"], dates.precision)
    whole = pd.DataFrame(
        {
            **own,
            "event_date": dates.day,
            "longitude": points.longitude,
            "latitude": points.latitude,
        }
    )
    for name, column in layout.extras.items():
        whole[name] = translated.get(name, pd.Series(records[column].array))
    is_open = findings.is_open or dates.is_open or points.is_open
    return Understood(whole, findings, uploaded, frame, home, is_open)


def _points(frame: pd.DataFrame, layout: Layout, findings: Findings, telling: Mask) -> Coordinates:
    """Return the points, and quarantine the records without one."""
    points = _read_points(frame, findings, telling)
    for reason in sorted(why for why in pd.unique(points.reason) if why):
        for name in ("longitude", "latitude"):
            at = name if name in frame else "geometry"
            which = (points.reason == reason) & (points.column == name)
            findings.quarantine(which, reason, layout.columns[at], frame[at])
    findings.repairs += points.repairs
    return points


def _read_points(frame: pd.DataFrame, findings: Findings, telling: Mask) -> Coordinates:
    cells = {name: frame[name] for name in ("longitude", "latitude") if name in frame}
    settled = findings.settled
    if "geometry" in frame:
        cells["longitude"], cells["latitude"] = points_in_one_cell(
            frame["geometry"], is_part=settled is not None
        )
    return read_coordinates(
        cells["longitude"],
        cells["latitude"],
        home=telling,
        lines=findings.lines,
        settled=settled,
    )


def _set_aside_headers(frame: pd.DataFrame, layout: Layout, findings: Findings) -> None:
    """Set aside lines that say the names of the columns once more, as joined files have them."""
    again = np.ones(len(frame), dtype=bool)
    names = [layout.day, "longitude", "latitude", "geometry"]
    for name in [name for name in names if name in frame]:
        column = layout.columns[name]
        wanted = column.strip().casefold()

        def is_name(text: str, wanted: str = wanted) -> bool:
            return text.strip().casefold() == wanted

        again &= mask_of(mapped(frame[name], is_name))
        if not again.any():
            return
    findings.quarantine(again, "repeated_header", column, frame[name])


_COUNTED = ("fatalities", "fatalities_low", "fatalities_high", "best", "low", "high")
_PLACES = ("country", "country_id", "iso", "iso3")


def _first_name(frame: pd.DataFrame) -> str | None:
    return next((name for name in _PLACES if name in frame), None)


def _with_extras(
    frame: pd.DataFrame, records: pd.DataFrame, layout: Layout, names: tuple[str, ...]
) -> pd.DataFrame:
    more = {
        name: pd.Series(records[layout.extras[name]].array)
        for name in names
        if name in layout.extras
    }
    return frame.assign(**more)


def _at_home(frame: pd.DataFrame) -> Mask:
    """Return which rows are of Mexico, or do not say of which country they are."""
    here = np.zeros(len(frame), dtype=bool)
    elsewhere = np.zeros(len(frame), dtype=bool)
    for name in _PLACES:
        if name not in frame:
            continue
        number = _COUNTRY_NUMBER.get(name)

        def is_mexico(text: str, number: int | None = number) -> bool | None:
            if number is not None and (found := code(text)) is not None:
                return found == number
            return fold(text) in _MEXICO if fold(text) else None

        claim = mapped(stated(frame[name]), is_mexico)
        here |= mask_of(claim.eq(other=True))
        elsewhere |= mask_of(claim.eq(other=False))
    return here | ~elsewhere


def _seconds(text: pd.Series) -> np.ndarray:
    """Return times of upload in seconds since 1970, NaN where they cannot be read."""
    cells = stated(text)
    seconds = plain(cells)
    left = mask_of(cells.notna()) & np.isnan(seconds)
    if left.any():
        moment = pd.to_datetime(cells[left], errors="coerce", format="ISO8601", utc=True)
        counted_seconds = (moment - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        seconds[left] = counted_seconds.to_numpy()
    with np.errstate(invalid="ignore"):
        return np.where((seconds > 0) & (seconds < _LAST_S), seconds, np.nan)


def _latest(uploaded: np.ndarray | None, accessed: np.datetime64 | None) -> np.datetime64:
    """Return the last believable day: nothing happened after it was uploaded or downloaded."""
    latest = LATEST
    if uploaded is not None and np.isfinite(uploaded).any():
        # A day more, because the day of the event is local and the upload is in UTC.
        last = int(np.nanmax(uploaded)) // _DAY_S + 1
        latest = min(latest, np.datetime64("1970-01-01") + np.timedelta64(last, "D"))
    return latest if accessed is None else min(latest, accessed)


def _compare_years(frame: pd.DataFrame, day: pd.Series, findings: Findings) -> None:
    if "year" not in frame:
        return
    year = plain(stated(frame["year"]))
    own = day.dt.year.to_numpy(dtype=np.float64)
    odd = findings.used & np.isfinite(year) & np.isfinite(own) & (year != own)
    if odd.any():
        findings.warnings.append(
            Remark(
                "year: {n} with another year than the date ({where}); the date is used",
                n=Count(int(odd.sum()), "record"),
                where=findings.places(odd),
            )
        )


def _refuse_monadic(
    own: dict[str, pd.Series], day: pd.Series, frame: pd.DataFrame, home: Mask
) -> None:
    rows = home & mask_of(day.notna())
    kept = {name: own[name][rows] for name in ("event_id", "actor1", "actor2")}
    same = [day[rows], *(frame[name][rows] for name in ("longitude", "latitude"))]
    refuse_monadic(
        kept["event_id"], kept["actor1"], kept["actor2"], [*same, own["event_type"][rows]]
    )


def _coarser(stated_precision: pd.Series, of_text: pd.Series) -> pd.Series:
    """Return the worse of what a source says of a date and of what its text can tell."""
    rank = {word: number for number, word in enumerate(TIME_PRECISION)}
    worse = ranks(of_text, rank) > ranks(stated_precision, rank)
    worse |= mask_of(stated_precision.eq("unknown") & of_text.ne("day"))
    return stated_precision.mask(worse, of_text) if worse.any() else stated_precision


def _covered(
    layout: Layout, frame: pd.DataFrame, day: pd.Series
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the file covers, as far as it shows."""
    first, last = day.min(), day.max()
    if layout.family == "ucdp" and ucdp.covers_whole_years(frame.get("code_status"), day):
        last = pd.Timestamp(year=last.year, month=12, day=31)
    return first, last
