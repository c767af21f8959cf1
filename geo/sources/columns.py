"""Read the columns that decide something for a whole file: days, points and numbers.

They are read of a whole file to learn what they decide (:func:`decide`), and of any records of it
to understand these (:mod:`geo.sources.understanding`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.sources import acled, ucdp
from geo.sources.cells import Mask, mask_of
from geo.sources.coordinates import Coordinates, points_in_one_cell, read_coordinates
from geo.sources.country import COLUMNS, at_home
from geo.sources.dates import EARLIEST, Dates, read_dates
from geo.sources.decisions import Decisions
from geo.sources.findings import Findings
from geo.sources.layouts import Layout
from geo.sources.numbers import read_counts
from geo.sources.options import Options
from geo.sources.uploads import last_upload, latest_day, upload_times

_COUNTED = ("fatalities", "fatalities_low", "fatalities_high", "best", "low", "high")


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
    frame = named(records, {name: layout.columns[name] for name in deciding(layout)})
    home = at_home(frame)
    upload = last_upload(upload_times(frame))
    dates = read_days(frame, layout, options, findings, upload)
    points = read_points(frame, findings, home & mask_of(dates.day.notna()))
    counts = {
        name: read_counts(frame[name], column=name).grouping for name in _COUNTED if name in frame
    }
    return Decisions(
        latest=latest_day(upload, options.accessed),
        order=dates.order,
        has_numbers=dates.has_numbers,
        forms=points.forms,
        turned=points.turned,
        grouping=counts,
    )


def deciding(layout: Layout) -> list[str]:
    """Return the reader's names of the columns that decide anything for the whole file."""
    wanted = (layout.day, "longitude", "latitude", "geometry", "timestamp", *COLUMNS)
    return [name for name in (*wanted, *_COUNTED) if name in layout.columns]


def named(records: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return columns of records under the reader's names."""
    return pd.DataFrame(
        {name: records[column].array for name, column in columns.items()},
        index=pd.RangeIndex(len(records)),
    )


def read_days(
    frame: pd.DataFrame, layout: Layout, options: Options, findings: Findings, upload: float
) -> Dates:
    """Return the days of records, the last of which was uploaded at this time.

    Of records that are a part of a file, the whole file settles the last believable day.
    """
    settled = findings.settled
    latest = latest_day(upload if settled is None else np.nan, options.accessed)
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


def read_points(frame: pd.DataFrame, findings: Findings, telling: Mask) -> Coordinates:
    """Return the points of records, those that are `telling` show how the columns are meant."""
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
