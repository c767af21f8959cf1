"""Whether an area has months of the year that are higher than others, year after year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from geo import periods, schema
from geo.errors import PeriodError
from geo.stats import season
from geo.steps.series import complete_series, counts_of, table_of


class Seasons(NamedTuple):
    """What :func:`find_season` finds: a ``SEASON`` and a ``SEASONALITY`` table."""

    table: pd.DataFrame
    strength: pd.DataFrame


def find_season(
    measures: pd.DataFrame,
    *,
    areas: Iterable[str] | None = None,
    confidence: float = 0.95,
) -> Seasons:
    """Return how high each month of the year is in a typical year, and whether that is a season.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month; its complete months count.
    areas
        Codes of the areas; all unless given.
    confidence
        Two-sided coverage of each interval by itself.

    Returns
    -------
    Seasons
        Ratios to the geometric mean of the twelve months, from a quasi-Poisson model with an effect
        of each year. ``p_value`` tests all twelve together and is the one to read: the highest of
        twelve months always lies above 1. It is the largest of three, because a steady growth
        within the years (``p_years``), or a rise late in one of them (``p_linear``), looks like a
        season and is none; ``p_ranks`` asks whether the order of the months comes back. Without an
        event in one of the twelve months, or in three years, ratios are missing.

    Raises
    ------
    AreaError
        If an area is not in the table.
    PeriodError
        If complete months have a gap, or periods are no months.
    SettingsError
        If there are fewer than 36 complete months.

    Examples
    --------
    >>> len(find_season(schema.MEASURES.empty()).table)
    0
    """
    schema.MEASURES.check(measures)
    rows: list[dict[str, object]] = []
    tests: list[dict[str, object]] = []
    for code, series in complete_series(measures, areas):
        starts = [periods.bounds(label)[0] for label in series["period"]]
        if any(len(label) != 7 or "Q" in label for label in series["period"]):
            raise PeriodError(
                f"the periods of {code} are no months; a season is one of months: count by month "
                "(period='month')"
            )
        month = np.array([start.month for start in starts])
        events, exposure, _ = counts_of(series)
        found = season.seasonal_ratios(
            events,
            exposure,
            month=month,
            year=[start.year for start in starts],
            confidence=confidence,
        )
        rows += [
            {
                "cvegeo": code,
                "month": at + 1,
                "months": int((month == at + 1).sum()),
                "events": int(events[month == at + 1].sum()),
                "ratio": found.ratios.ratio[at],
                "ratio_low": found.ratios.low[at],
                "ratio_high": found.ratios.high[at],
            }
            for at in range(season.MONTHS)
        ]
        tests.append(_strength(code, series, found))
    return Seasons(table_of(rows, schema.SEASON), table_of(tests, schema.SEASONALITY))


def _strength(code: str, series: pd.DataFrame, found: season.Season) -> dict[str, object]:
    ratio = found.ratios.ratio
    high, low = (None, None) if np.isnan(ratio).any() else (ratio.argmax(), ratio.argmin())
    return {
        "cvegeo": code,
        "first": series["period"].iloc[0],
        "last": series["period"].iloc[-1],
        "months": len(series),
        "events": int(series["events"].sum()),
        "f": found.f,
        "df": found.df,
        "p_years": found.p_years,
        "p_linear": found.p_linear,
        "p_ranks": found.p_ranks,
        "p_value": found.p,
        "dispersion": found.dispersion,
        "explained": found.explained,
        "explained_by_chance": found.explained_by_chance,
        "high_month": pd.NA if high is None else int(high) + 1,
        "low_month": pd.NA if low is None else int(low) + 1,
        "high_to_low": np.nan if high is None else float(ratio[high] / ratio[low]),
    }
