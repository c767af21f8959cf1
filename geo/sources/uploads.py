"""When records were uploaded, and which day is then the last that can be believed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.crs import FloatArray
from geo.sources.cells import mask_of, stated
from geo.sources.dates import LATEST
from geo.sources.numbers import plain

_DAY_S = 86_400
_LAST_S = 4_102_444_800  # 2100-01-01: an upload time beyond it is a mistake


def upload_times(frame: pd.DataFrame) -> FloatArray | None:
    """Return when each record was uploaded; None where the file has no such column.

    In seconds since 1970, NaN where they cannot be read.

    Examples
    --------
    >>> frame = pd.DataFrame({"timestamp": ["86400", "1970-01-03T00:00:00Z", "soon"]}, dtype="str")
    >>> upload_times(frame)
    array([ 86400., 172800., nan])
    """
    return _seconds(frame["timestamp"]) if "timestamp" in frame else None


def _seconds(text: pd.Series) -> FloatArray:
    cells = stated(text)
    seconds = plain(cells)
    left = mask_of(cells.notna()) & np.isnan(seconds)
    if left.any():
        moment = pd.to_datetime(cells[left], errors="coerce", format="ISO8601", utc=True)
        counted_seconds = (moment - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)
        seconds[left] = counted_seconds.to_numpy()
    with np.errstate(invalid="ignore"):
        return np.where((seconds > 0) & (seconds < _LAST_S), seconds, np.nan)


def last_upload(times: FloatArray | None) -> float:
    """Return the latest time of upload in seconds, NaN where none is stated."""
    if times is None or not np.isfinite(times).any():
        return np.nan
    return float(np.nanmax(times))


def latest_day(upload: float, accessed: np.datetime64 | None) -> np.datetime64:
    """Return the last believable day: nothing happened after it was uploaded or downloaded.

    Examples
    --------
    >>> latest_day(86_400.0, None)
    np.datetime64('1970-01-03')
    >>> latest_day(float("nan"), np.datetime64("2025-01-15"))
    np.datetime64('2025-01-15')
    """
    latest = LATEST
    if np.isfinite(upload):
        # A day more, because the day of the event is local and the upload is in UTC.
        last = int(upload) // _DAY_S + 1
        latest = min(latest, np.datetime64("1970-01-01") + np.timedelta64(last, "D"))
    return latest if accessed is None else min(latest, accessed)
