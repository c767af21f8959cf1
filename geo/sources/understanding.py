"""Say what records mean in the words of the contract, each with a verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.crs import FloatArray
from geo.schema import TIME_PRECISION
from geo.sources import acled, table, ucdp
from geo.sources.cells import Mask, mapped, mask_of, ranks, stated
from geo.sources.columns import named, read_days, read_points
from geo.sources.coordinates import Coordinates
from geo.sources.country import COLUMNS, at_home
from geo.sources.duplicates import refuse_monadic
from geo.sources.findings import Findings
from geo.sources.layouts import Layout
from geo.sources.numbers import plain
from geo.sources.options import Options
from geo.sources.remarks import Count, Remark
from geo.sources.uploads import last_upload, upload_times


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """What some records of one file say.

    ``table`` has one row a record, judged or not: the columns of an ``EVENTS`` table without
    geometry, ``longitude``, ``latitude`` and the extra columns. ``uploaded`` is the time at which
    each version was uploaded, in seconds (NaN: not stated; None: the file has no such column).
    ``frame`` holds the columns as the file has them under the reader's names, and ``home`` says
    which rows are of Mexico as far as they tell. ``is_open`` says whether another part of the file
    might decide anything otherwise than it was decided here.
    """

    table: pd.DataFrame
    findings: Findings
    uploaded: FloatArray | None
    frame: pd.DataFrame
    home: Mask
    is_open: bool


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
    frame = named(records, layout.columns)
    if layout.absent:
        findings.warnings.append(
            f"the file has no column {', '.join(layout.absent)}; taken as not stated"
        )
    _set_aside_headers(frame, layout, findings)
    home = at_home(frame)
    country = next((name for name in COLUMNS if name in frame), None)
    findings.filter(~home, "other_country", country, frame[country or layout.day])
    uploaded = upload_times(frame)

    dates = read_days(frame, layout, options, findings, last_upload(uploaded))
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
    points = read_points(frame, findings, telling)
    for reason in sorted(why for why in pd.unique(points.reason) if why):
        for name in ("longitude", "latitude"):
            at = name if name in frame else "geometry"
            which = (points.reason == reason) & (points.column == name)
            findings.quarantine(which, reason, layout.columns[at], frame[at])
    findings.repairs += points.repairs
    return points


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


def _with_extras(
    frame: pd.DataFrame, records: pd.DataFrame, layout: Layout, names: tuple[str, ...]
) -> pd.DataFrame:
    more = {
        name: pd.Series(records[layout.extras[name]].array)
        for name in names
        if name in layout.extras
    }
    return frame.assign(**more)


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
