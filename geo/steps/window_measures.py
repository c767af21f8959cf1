"""Measures of two windows of time, as if each were a period: for maps of before and after."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import AreaError
from geo.periods import Day, Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.steps import windows
from geo.steps.count import code_column, sorted_codes
from geo.steps.measure import add_rates
from geo.steps.windows import BoolArray, FloatArray


def measure_windows(
    located: pd.DataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    level: Level = "municipality",
    population: pd.DataFrame | None = None,
    nearest_year: bool = False,
    areas: pd.DataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
) -> pd.DataFrame:
    """Count and measure every area in each of two windows.

    The windows need not be periods of the calendar, nor of the same length; rates are annual.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    base, comparison, level, population, nearest_year, areas, data_from, data_through
        As in :func:`geo.steps.compare.compare_windows`.

    Returns
    -------
    DataFrame
        A ``MEASURES`` table with two rows an area, whose ``period`` is the label of a window as
        the data cover it. Events count in a window if they lie in it for certain.

    Raises
    ------
    GeoError
        As :func:`geo.steps.compare.compare_windows` does.

    Examples
    --------
    >>> empty = schema.ASSIGNED.empty()
    >>> measured = measure_windows(empty, base="2023", comparison="2024-Q1", level="state")
    >>> measured.groupby("period")["years"].first().round(3).to_dict()
    {'2023': 1.0, '2024-Q1': 0.249}
    """
    schema.ASSIGNED.check(located)
    column = code_column(level)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    table = populations.load_population(level) if population is None else population
    schema.POPULATION.check(table)
    both = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    by_year = windows.population_by_year(table, codes)
    panels, exposures = [], []
    for window in both:
        windows.check_years(by_year, window, nearest_year=nearest_year)
        inside = windows.counted_in(located, window, concerned=located[column].notna())
        panels.append(window_panel(located[inside], column, codes, window))
        lived = windows.person_years(by_year, window)
        exposures.append(
            pd.DataFrame(
                {
                    "cvegeo": pd.Series(codes, dtype="str"),
                    "period": window.label,
                    "population": lived / window.years,
                    "exposure": lived,
                    "years": window.years,
                    "origin": origin_of(table, window),
                }
            )
        )
    panel = pd.concat(panels, ignore_index=True).astype(
        {name: kind for name, kind in schema.PANEL.dtypes.items() if name in panels[0]}
    )
    exposure = pd.concat(exposures, ignore_index=True).astype(schema.EXPOSURE.dtypes)
    return add_rates(panel, exposure)


def window_panel(
    inside: pd.DataFrame, column: str, codes: pd.Index, window: Window
) -> pd.DataFrame:
    """Return the events of a window by area, in the columns of a ``PANEL``.

    Raises
    ------
    AreaError
        If events lie in other areas.
    """
    place = codes.get_indexer(pd.Index(inside[column]))
    if (strange := place < 0).any():
        shown = sorted(set(inside[column][strange]))
        raise AreaError(
            f"{int(strange.sum())} events lie in areas that are not compared: "
            f"{', '.join(shown[:10])}; give areas that cover every event"
        )
    deaths = inside["fatalities"].to_numpy(dtype=np.float64)
    unknown: BoolArray = np.isnan(deaths)

    def summed(weights: FloatArray | None = None) -> npt.NDArray[np.int64]:
        return np.bincount(place, weights=weights, minlength=len(codes)).astype(np.int64)

    return pd.DataFrame(
        {
            "cvegeo": pd.Series(codes, dtype="str"),
            "period": window.label,
            "events": summed(),
            "fatalities": summed(np.where(unknown, 0.0, deaths)),
            "fatalities_unknown": summed(unknown.astype(np.float64)),
            "complete": True,
            "years": window.years,
        }
    )


def origin_of(table: pd.DataFrame, window: Window) -> str:
    """Return where the population of most of a window comes from."""
    shares = periods.years_by_calendar_year(window.start, window.end)
    year = max(shares, key=lambda one: shares[one])
    found = table.loc[table["year"] == year, "origin"]
    return str(found.iloc[0]) if len(found) else "nearest year"
