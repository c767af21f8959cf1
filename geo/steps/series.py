"""The series of an area out of a table of measures: its complete periods, without a gap."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.errors import AreaError, PeriodError

FloatArray = npt.NDArray[np.float64]

PER = 100_000


def complete_series(
    measures: pd.DataFrame, areas: Iterable[str] | None
) -> list[tuple[str, pd.DataFrame]]:
    """Return the complete periods of each area in the order of time; they must have no gap."""
    there = {str(code): rows for code, rows in in_time(measures).groupby("cvegeo", sort=True)}
    wanted = list(there) if areas is None else list(areas)
    if strange := [code for code in wanted if code not in there]:
        known = f"they have {', '.join(list(there)[:5])} ..." if there else "they have none at all"
        raise AreaError(f"the measures have no area {strange[0]!r}; {known}")
    bounds = {label: periods.bounds(label) for label in measures["period"].unique()}
    found = []
    for code in wanted:
        rows = there[code]
        complete = rows["complete"].to_numpy(dtype=bool)
        if not complete.any():
            raise PeriodError(
                f"no period of {code} is complete; say until when the data go (data_through)"
            )
        series = rows[complete].reset_index(drop=True)
        ends = [bounds[label][1] for label in series["period"]]
        starts = [bounds[label][0] for label in series["period"]]
        gaps = [end != start for end, start in zip(ends, starts[1:], strict=False)]
        if any(gaps):
            raise PeriodError(
                f"the complete periods of {code} have a gap after "
                f"{series['period'].iloc[gaps.index(True)]}; a series is without"
            )
        found.append((code, series))
    return found


def in_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in the order of their periods; those of one period stay as they were.

    Examples
    --------
    >>> in_time(pd.DataFrame({"period": ["2024-10", "2024-02"]}))["period"].tolist()
    ['2024-02', '2024-10']
    """
    start = {label: periods.bounds(label)[0] for label in rows["period"].unique()}
    days = rows["period"].map(start).to_numpy(dtype="datetime64[us]")
    return rows.iloc[np.argsort(days, kind="stable")]


def counts_of(series: pd.DataFrame) -> tuple[FloatArray, FloatArray, float]:
    """Return events, exposure and what a rate is per: years where the population is not known."""
    events = series["events"].to_numpy(dtype=np.float64)
    exposure = series["exposure"].to_numpy(dtype=np.float64)
    if (exposure > 0).all():
        return events, exposure, PER
    return events, series["years"].to_numpy(dtype=np.float64), 1.0


def table_of(rows: list[dict[str, object]], contract: schema.Table) -> pd.DataFrame:
    """Return rows as a table of that contract, also without any."""
    names = list(contract.dtypes)
    return pd.DataFrame(rows, columns=names).astype(contract.dtypes) if rows else contract.empty()
