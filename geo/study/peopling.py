"""The rates of a study: person-years where the population is known, no rate where it is not."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import ExposureError, ExposureWarning, counted
from geo.sources.population import Source, load_exposure, load_population
from geo.steps.measure import Interval, add_rates
from geo.steps.smoothing import Smoothing
from geo.study.asked import areas_with_rates
from geo.study.settings import Study


def measure(
    panel: pd.DataFrame,
    study: Study,
    level: Level,
    days: Mapping[str, str],
    *,
    people: Source | None = None,
    per: float = 100_000,
    interval: Interval = "exact",
    smoothing: Sequence[Smoothing] = (),
) -> pd.DataFrame:
    """Return the panel with rates; periods in years without population keep counts only.

    No year stands in for another unless the study allows the nearest one. So do areas that a query
    does not ask for as a whole: their people are not those of the events.

    Parameters
    ----------
    panel
        A ``PANEL`` table.
    study
        The settings: kind of period, population, whether the nearest year may stand in.
    level
        What the areas of the panel are.
    days
        ``first``, ``last`` and ``data_through`` of the panel.
    people
        Population in place of that of the settings.
    per, interval, smoothing
        As in :func:`geo.steps.measure.add_rates`.

    Raises
    ------
    ExposureError
        If no period of the panel has a population; the message says how to give one.

    Warns
    -----
    ExposureWarning
        If some periods have none.
    """
    exposure, without = person_years(study, level, days, people=people)
    lacking = panel["period"].isin(without)
    if (whole := areas_with_rates(study.filters, level)) is not None:
        lacking |= ~panel["cvegeo"].isin(whole)
    if not lacking.any():
        return add_rates(panel, exposure, per=per, interval=interval, smoothing=smoothing)
    measured = add_rates(panel[~lacking], exposure, per=per, interval=interval, smoothing=smoothing)
    rest = panel[lacking].assign(reliable=pd.array([False] * int(lacking.sum()), "boolean"))
    rest = rest.reindex(columns=measured.columns)
    numbers = {name: kind for name, kind in schema.MEASURES.dtypes.items() if name in rest}
    return pd.concat([measured, rest.astype(numbers)]).loc[panel.index]


def person_years(
    study: Study, level: Level, days: Mapping[str, str], *, people: Source | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the exposure of the periods whose population is known, and the other periods.

    Of a query of a part of the country: the exposure of the areas that it asks for as a whole.

    Parameters
    ----------
    study, level, days, people
        As in :func:`measure`.

    Raises
    ------
    ExposureError
        If no period has a population.

    Warns
    -----
    ExposureWarning
        If some periods have none.
    """
    exposure, without = _of_all(study, level, days, people)
    if (whole := areas_with_rates(study.filters, level)) is not None:
        exposure = exposure[exposure["cvegeo"].isin(whole)].reset_index(drop=True)
    return exposure, without


def _of_all(
    study: Study, level: Level, days: Mapping[str, str], people: Source | None
) -> tuple[pd.DataFrame, list[str]]:
    grid, known, people = _periods(study, level, days, people)
    if known.all() or not known.any():
        return _exposure(study, level, days, people), []
    runs = np.split(np.arange(len(grid)), np.flatnonzero(np.diff(known)) + 1)
    exposure = pd.concat(
        [
            _exposure(study, level, _days_of(grid, run, days), people)
            for run in runs
            if known[run[0]]
        ],
        ignore_index=True,
    )
    without = grid["period"][~known]
    they = "it has" if len(without) == 1 else "they have"
    warnings.warn(
        f"no population is known for {without.iloc[0]} to {without.iloc[-1]} ("
        f"{counted(len(without), 'period')}): {they} counts but no rate. {_CURE}",
        ExposureWarning,
        stacklevel=4,
    )
    return exposure, without.tolist()


def has_people(
    study: Study, level: Level, days: Mapping[str, str], *, people: Source | None = None
) -> bool:
    """Return whether the population of any period is known."""
    return bool(_periods(study, level, days, people)[1].any())


def _periods(
    study: Study, level: Level, days: Mapping[str, str], people: Source | None
) -> tuple[pd.DataFrame, npt.NDArray[np.bool_], Source | None]:
    grid = periods.calendar(
        study.period, days["first"], days["last"], data_through=days["data_through"]
    )
    people = study.population if people is None else people
    return grid, _known(grid, study, level, people), people


_CURE = (
    "In a study: nearest_year = true (--nearest-year), population (--population), or leave the "
    "other years out with since and until among the filters (--since, --until)"
)


def _known(
    grid: pd.DataFrame, study: Study, level: Level, people: Source | None
) -> npt.NDArray[np.bool_]:
    """Return which periods lie wholly in years whose population is known."""
    if study.nearest_year:
        return np.ones(len(grid), dtype=bool)
    years = set(load_population(level, people)["year"])
    touched = [
        set(periods.years_by_calendar_year(start, end))
        for start, end in zip(grid["start"], grid["end"], strict=True)
    ]
    return np.array([each <= years for each in touched], dtype=bool)


def _days_of(
    grid: pd.DataFrame, run: npt.NDArray[np.intp], days: Mapping[str, str]
) -> dict[str, str]:
    last = grid["end"].iloc[run[-1]] - pd.Timedelta(days=1)
    return {
        "first": str(grid["start"].iloc[run[0]].date()),
        "last": str(last.date()),
        "data_through": days["data_through"],
    }


def _exposure(
    study: Study, level: Level, days: Mapping[str, str], people: Source | None
) -> pd.DataFrame:
    try:
        return load_exposure(
            level,
            period=study.period,
            population=people,
            nearest_year=study.nearest_year,
            **days,
        )
    except ExposureError as error:
        if "nearest_year" not in str(error):  # not the years, but the table is at fault
            raise
        raise ExposureError(f"{error}. {_CURE}") from error
