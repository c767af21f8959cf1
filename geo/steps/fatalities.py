"""Deaths and death rates by area and period, as surely as the events that they came in.

Several people die in one event, so deaths are not independent of one another and no Poisson
interval is right for them. Events are drawn anew with their deaths instead.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import BalanceError, DataWarning, SchemaError, SettingsError
from geo.periods import Day, PeriodKind
from geo.stats import reliability
from geo.stats.bootstrap import REPLICATES, fatality_intervals
from geo.stats.rates import divide
from geo.steps.count import TOO_COARSE, code_column, count_events
from geo.steps.measure import exposure_of_rows, rate_unit, unit_of

FloatArray = npt.NDArray[np.float64]

Estimate = Literal["low", "best", "high"]
"""Which of a source's numbers of deaths is summed."""

LEAST_DEADLY = 10
"""So many events with deaths make an interval that is about as wide as it should be."""

_COLUMN: dict[str, str] = {
    "low": "fatalities_low",
    "best": "fatalities",
    "high": "fatalities_high",
}


def measure_fatalities(  # noqa: PLR0913
    located: pd.DataFrame,
    exposure: pd.DataFrame,
    *,
    level: Level = "municipality",
    period: PeriodKind = "year",
    rng: np.random.Generator,
    draws: int = REPLICATES,
    estimates: Sequence[Estimate] = ("low", "best", "high"),
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
    per: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Sum the deaths of every area in every period, with intervals from events drawn anew.

    An event whose number of deaths is not stated adds none and is counted apart: the sum is then
    of the others, and too low by what is not known.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    exposure
        An ``EXPOSURE`` table of the same periods, of people or of another denominator.
    level, period, first, last, data_through, areas
        As in :func:`geo.steps.count.count_events`; the same events count.
    rng
        Source of the draws. Results do not depend on the order of the events.
    draws
        How often the events are drawn.
    estimates
        Numbers that the source states. ``low`` and ``high`` have no rows where it never states
        them, as ACLED does not.
    per
        Rates are per so many person-years.
    confidence
        Share of the draws between the limits.

    Returns
    -------
    DataFrame
        A ``FATALITY_RATES`` table in order of code, time and estimate (low, best, high).
        ``limit_low`` and ``limit_high`` are of the sum of deaths, ``rate_low`` and ``rate_high``
        of its rate. ``wide_low`` and ``wide_high`` reach from the lower limit of the low estimate
        to the upper limit of the high one, and are missing where one of them is not asked for or
        never stated.

        Without a death the lower limit is 0 and the upper one missing: there is no deadly event
        to draw, and the draws cannot say how many there might have been. Where no event of the
        area and period has a stated number, the sum is missing and not 0. ``reliable`` asks for
        ten events with deaths, as with fewer the interval is too narrow, and 10,000 people.

    Raises
    ------
    SettingsError
        If an estimate is not one, or there is no draw.
    SchemaError
        If a table breaks its contract, or a number of deaths is negative.
    ExposureError, PeriodError, AreaError
        As in :func:`geo.steps.measure.add_rates` and :func:`geo.steps.count.count_events`.

    Warns
    -----
    DataWarning
        If events have a low estimate above the best one, or a best one above the high one.
    ExposureWarning, PeriodWarning, PrecisionWarning
        As in the same.

    Examples
    --------
    >>> areas = pd.DataFrame({"cvegeo": ["25006"]})
    >>> table = measure_fatalities(
    ...     schema.ASSIGNED.empty(), _people(), rng=np.random.default_rng(1), areas=areas,
    ...     first="2024", last="2024", data_through="2024-12-31",
    ... )
    >>> table[["estimate", "events", "fatalities", "limit_low", "limit_high"]].values.tolist()
    [['best', 0, 0.0, 0.0, nan]]
    """
    if isinstance(estimates, str) or not set(estimates) <= set(get_args(Estimate)):
        raise SettingsError(
            f"estimates are {estimates!r}; give some of {', '.join(get_args(Estimate))}"
        )
    if draws < 1:
        raise SettingsError(f"{draws} draws are asked for; there must be at least one")
    panel = count_events(
        located,
        level=level,
        period=period,
        first=first,
        last=last,
        data_through=data_through,
        areas=areas,
    )
    schema.EXPOSURE.check(exposure)
    people = exposure_of_rows(panel, exposure)
    counted, row = _rows_of(located, panel, level, period)
    used = [name for name in _COLUMN if name in estimates and _is_stated(located, name)]
    deaths = np.column_stack(
        [counted[_COLUMN[name]].to_numpy(dtype=np.float64) for name in used]
        or [np.empty((len(counted), 0))]
    )
    _check_deaths(counted, used, deaths)
    low, high = fatality_intervals(
        deaths, row, number_of_groups=len(panel), rng=rng, replicates=draws, confidence=confidence
    )

    exposed = people["exposure"].to_numpy(dtype=np.float64)
    population = people["population"].to_numpy(dtype=np.float64)
    parts = []
    for number, name in enumerate(used):
        sums = _sums(panel, row, deaths[:, number])
        some = ~np.isnan(sums["fatalities"])
        limits = [np.where(some, side[:, number], np.nan) for side in (low, high)]
        enough = (sums["deadly_events"] >= LEAST_DEADLY) & (exposed > 0)
        enough &= ~reliability.has_small_population(population)
        parts.append(
            pd.DataFrame(
                {
                    "cvegeo": panel["cvegeo"],
                    "period": panel["period"],
                    "estimate": pd.Series(name, index=panel.index, dtype="str"),
                    "events": panel["events"],
                    **sums,
                    "limit_low": limits[0],
                    "limit_high": limits[1],
                    "complete": panel["complete"],
                    "years": panel["years"],
                    "population": population,
                    "exposure": exposed,
                    "fatality_rate": per * divide(sums["fatalities"], exposed),
                    "rate_low": per * divide(limits[0], exposed),
                    "rate_high": per * divide(limits[1], exposed),
                    "reliable": pd.array(enough, dtype="boolean"),
                }
            )
        )
    return _together(parts, used, unit_of(exposure), per)


def _people() -> pd.DataFrame:
    """Return an exposure for the example."""
    row = ["25006", "2024", 1e6, 1e6, 1.0, "given"]
    return pd.DataFrame([row], columns=list(schema.EXPOSURE.dtypes)).astype(schema.EXPOSURE.dtypes)


def _rows_of(
    located: pd.DataFrame, panel: pd.DataFrame, level: Level, period: PeriodKind
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return the events that the panel counts, and the row of each."""
    place = located[code_column(level)]
    kind = periods.check_kind(period)
    keys = pd.MultiIndex.from_frame(panel[["cvegeo", "period"]])
    wanted = pd.MultiIndex.from_arrays(
        [place.astype("str"), periods.labels(located["event_date"], kind)]
    )
    row = keys.get_indexer(wanted) if len(panel) else np.full(len(located), -1)
    known = (row >= 0) & place.notna().to_numpy()
    known &= ~located["time_precision"].isin(TOO_COARSE[kind]).to_numpy()
    if int(known.sum()) != int(panel["events"].sum()):
        raise BalanceError(
            f"{int(known.sum())} events have their deaths summed, but the panel counts "
            f"{int(panel['events'].sum())}"
        )
    return located[known], row[known].astype(np.int64)


def _is_stated(located: pd.DataFrame, name: str) -> bool:
    return name == "best" or bool(located[_COLUMN[name]].notna().any())


def _check_deaths(counted: pd.DataFrame, used: Sequence[str], deaths: FloatArray) -> None:
    if (odd := (deaths < 0) | np.isinf(deaths)).any():
        where = np.argwhere(odd)[0]
        raise SchemaError(
            f"'{_COLUMN[used[where[1]]]}' must be 0 or more, or missing; {int(odd.sum())} are not, "
            f"the first is {deaths[odd][0]:g} of event {counted['event_id'].iloc[where[0]]}"
        )
    falling = int((np.diff(deaths, axis=1) < 0).any(axis=1).sum())
    if falling:
        warnings.warn(
            f"{falling} events have estimates of deaths in the wrong order (low above best, or "
            "best above high); they are summed as they are",
            DataWarning,
            stacklevel=3,
        )


def _sums(
    panel: pd.DataFrame, row: npt.NDArray[np.int64], deaths: FloatArray
) -> dict[str, npt.NDArray[Any]]:
    size = len(panel)
    stated = ~np.isnan(deaths)
    unknown = np.bincount(row[~stated], minlength=size).astype(np.int64)
    total = np.bincount(row[stated], weights=deaths[stated], minlength=size)
    nothing_known = (unknown > 0) & (unknown == panel["events"].to_numpy())
    return {
        "deadly_events": np.bincount(row[deaths > 0], minlength=size).astype(np.int64),
        "fatalities_unknown": unknown,
        "fatalities": np.where(nothing_known, np.nan, total),
    }


def _together(
    parts: list[pd.DataFrame], used: Sequence[str], unit: str | None, per: float
) -> pd.DataFrame:
    """Return the estimates of each area and period one below the other, with the wide interval."""
    if not parts:
        return schema.FATALITY_RATES.empty()
    size = len(parts[0])
    both = {"low", "high"} <= set(used)
    nothing = pd.Series(np.nan, index=parts[0].index)
    for part in parts:
        part["wide_low"] = parts[0]["rate_low"] if both else nothing
        part["wide_high"] = parts[-1]["rate_high"] if both else nothing
    order = np.arange(size * len(parts)).reshape(len(parts), size).T.ravel()
    table = pd.concat(parts, ignore_index=True).iloc[order].reset_index(drop=True)
    if unit is not None:
        said = rate_unit("deaths", per, unit)
        table["unit"] = pd.Series(said, index=table.index, dtype="str")
    return table
