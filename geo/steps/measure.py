"""Turn counts into rates: per 100,000 person-years, with what chance could do to them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.errors import ExposureError, ExposureWarning, SchemaError
from geo.stats import bayes, rates, reliability

FloatArray = npt.NDArray[np.float64]


def add_rates(
    panel: pd.DataFrame,
    exposure: pd.DataFrame,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Add to each row of a panel its rate, the interval of it, and the smoothed rate.

    What is expected and what the rate is smoothed toward is the overall rate of the same period
    (and category) over all areas of the panel: each map stands for itself.

    Parameters
    ----------
    panel
        A ``PANEL`` table: every area in every period.
    exposure
        An ``EXPOSURE`` table of the same periods. Where it covers a longer or shorter part of a
        period than the panel, its person-years are scaled to the panel's ``years``.
    per
        Rates are per so many person-years, so they are annual whatever the period.
    confidence
        Two-sided coverage of the exact Poisson interval of the crude rate.

    Returns
    -------
    DataFrame
        A ``MEASURES`` table: the rows, index and columns of `panel`, and ``population``,
        ``exposure``, ``origin``, ``crude_rate``, ``rate_low``, ``rate_high``, ``expected``,
        ``ratio``, ``eb_rate`` and ``reliable``. Without exposure (nobody lives there, or
        nobody knows how many do) all measures are missing and the counts stay.

    Raises
    ------
    SchemaError
        If a table breaks its contract, or the panel lacks an area in a period.
    ExposureError
        If a population is negative or infinite, or no row of the panel has an exposure.

    Warns
    -----
    ExposureWarning
        If the exposure of some areas or periods is not known.

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "cvegeo": ["01", "02"], "period": "2024", "events": [30, 10], "fatalities": 0,
    ...     "fatalities_unknown": 0, "complete": True, "years": 1.0,
    ... })
    >>> exposure = pd.DataFrame({
    ...     "cvegeo": ["01", "02"], "period": "2024", "population": [1e5, 1e5],
    ...     "exposure": [1e5, 1e5], "years": 1.0, "origin": "given",
    ... })
    >>> measured = add_rates(panel, exposure)
    >>> measured[["cvegeo", "crude_rate", "ratio", "eb_rate", "reliable"]].values.tolist()
    [['01', 30.0, 1.5, 28.0, True], ['02', 10.0, 0.5, 12.0, False]]
    """
    schema.PANEL.check(panel)
    schema.EXPOSURE.check(exposure)
    grid = MapGrid.of(panel)
    grid.check_complete()
    people = _exposure_of(panel, exposure)

    events = panel["events"].to_numpy(dtype=np.float64)
    exposed = people["exposure"].to_numpy(dtype=np.float64)
    low, high = rates.exact_interval(events, exposed, per=per, confidence=confidence)
    maps = grid.maps(events), grid.maps(exposed)
    population = people["population"].to_numpy(dtype=np.float64)
    known = exposed > 0
    _tell_deserted(panel, events[exposed == 0])
    return panel.assign(
        population=population,
        exposure=exposed,
        origin=people["origin"].astype("str").to_numpy(),
        crude_rate=rates.crude_rate(events, exposed, per=per),
        rate_low=low,
        rate_high=high,
        expected=grid.rows(rates.expected_events(*maps)),
        ratio=grid.rows(rates.standardized_ratio(*maps)),
        eb_rate=grid.rows(bayes.empirical_bayes_rate(*maps, per=per)),
        reliable=pd.array(known & reliability.is_reliable(events, population), dtype="boolean"),
    ).astype({"origin": "str"})


@dataclass(frozen=True, slots=True)
class MapGrid:
    """Where each row of a panel stands in maps x areas: one map a period (and category).

    Maps and areas are sorted, so that results do not depend on the order of the rows.
    """

    codes: pd.Index
    map_count: int
    area: npt.NDArray[np.intp]
    map: npt.NDArray[np.intp]

    @classmethod
    def of(cls, panel: pd.DataFrame) -> MapGrid:
        """Return the grid of a table with ``cvegeo``, ``period`` and perhaps ``category``."""
        area, codes = pd.factorize(panel["cvegeo"].astype("str"), sort=True)
        names = ["period", "category"] if "category" in panel.columns else ["period"]
        number = panel.groupby(names, sort=True, dropna=False).ngroup().to_numpy(dtype=np.intp)
        return cls(pd.Index(codes), int(number.max(initial=-1)) + 1, area, number)

    def maps(self, values: npt.ArrayLike) -> FloatArray:
        """Spread one value a row over maps x areas; NaN where there is no row."""
        spread = np.full((self.map_count, len(self.codes)), np.nan)
        spread[self.map, self.area] = np.asarray(values, dtype=np.float64)
        return spread

    def rows(self, maps: FloatArray) -> FloatArray:
        """Take back, for each row, its value from maps x areas."""
        taken: FloatArray = maps[self.map, self.area]
        return taken

    def check_complete(self) -> None:
        """Raise :exc:`~geo.errors.SchemaError` if an area has no row in one of the maps."""
        lacking = self.map_count * len(self.codes) - len(self.area)
        if lacking:
            raise SchemaError(
                f"the panel lacks {lacking} of {self.map_count} x {len(self.codes)} rows: every "
                "area must be there in every period (and category), with 0 where nothing "
                "happened; count_events makes it so"
            )


def _exposure_of(panel: pd.DataFrame, exposure: pd.DataFrame) -> pd.DataFrame:
    """Return population, exposure and origin of each row of the panel, in its order."""
    for name in ("population", "exposure"):
        wrong = (exposure[name] < 0) | np.isinf(exposure[name])
        if wrong.any():
            raise ExposureError(
                f"'{name}' is negative or infinite in {int(wrong.sum())} rows: "
                f"{_named(exposure[wrong])}; mend the table of populations"
            )
    if (exposure["years"] <= 0).any():
        raise ExposureError("'years' of an exposure must be above zero")
    keys = ["cvegeo", "period"]
    wanted = pd.MultiIndex.from_frame(panel[keys].astype("str"))
    found = exposure.astype(dict.fromkeys(keys, "str")).set_index(keys)
    matched = found[["population", "exposure", "years", "origin"]].reindex(wanted)
    covered = panel["years"].to_numpy(dtype=np.float64)
    given = matched["years"].to_numpy(dtype=np.float64)
    # Left alone where both cover the same part: x / y * y need not be x.
    scale = np.divide(covered, given, out=np.ones(len(panel)), where=~np.isnan(given))
    matched["exposure"] = matched["exposure"] * np.where(covered == given, 1.0, scale)
    _tell_missing(panel, exposure, matched["exposure"].isna().to_numpy())
    return matched


def _tell_missing(
    panel: pd.DataFrame, exposure: pd.DataFrame, missing: npt.NDArray[np.bool_]
) -> None:
    if not missing.any():
        return
    lost = panel[missing]
    if len(lost) == len(panel):
        raise ExposureError(
            "no row of the panel has an exposure: the panel has the areas and periods "
            f"{_named(panel)}; the exposure has {_named(exposure) or 'no row'}. Load it for the "
            "same level and period"
        )
    warnings.warn(
        f"no population is known for {len(lost)} of {len(panel)} rows of the panel, with "
        f"{int(lost['events'].sum())} events; they have no rate: {_named(lost)}",
        ExposureWarning,
        stacklevel=3,
    )


def _tell_deserted(panel: pd.DataFrame, events: FloatArray) -> None:
    """Warn of events where nobody is said to live: a rate is then not defined (E2)."""
    if (events > 0).any():
        warnings.warn(
            f"{int((events > 0).sum())} of {len(panel)} rows of the panel have a population of 0 "
            f"and {int(events.sum())} events; they have no rate",
            ExposureWarning,
            stacklevel=3,
        )


def _named(rows: pd.DataFrame, most: int = 10) -> str:
    """Name the areas of some rows, and the periods that they miss."""
    by_area = rows.astype({"cvegeo": "str", "period": "str"}).groupby("cvegeo")["period"]
    told = [
        f"{code} ({', '.join(sorted(set(periods))[:3])}{', ...' if periods.nunique() > 3 else ''})"
        for code, periods in list(by_area)[:most]
    ]
    more = f" and {by_area.ngroups - most} more" if by_area.ngroups > most else ""
    return ", ".join(told) + more
