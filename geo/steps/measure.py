"""Turn counts into rates: per 100,000 person-years, with what chance could do to them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.errors import ExposureError, ExposureWarning, MethodWarning, SettingsError, counted
from geo.stats import bayes, rates, reliability
from geo.steps.map_grid import FloatArray, MapGrid
from geo.steps.smoothing import Smoothing, check_smoothing, smoothed_columns

Interval = Literal["exact", "mid-p", "byar"]
"""Which Poisson interval a crude rate gets."""

_INTERVALS: dict[str, Callable[..., tuple[FloatArray, FloatArray]]] = {
    "exact": rates.exact_interval,
    "mid-p": rates.mid_p_interval,
    "byar": rates.byar_interval,
}

LEAST_FOR_BYAR = 5
"""Byar's approximation is not used for fewer events: without any it ends a third too low."""


def add_rates(
    panel: pd.DataFrame,
    exposure: pd.DataFrame,
    *,
    per: float = 100_000,
    confidence: float = 0.95,
    interval: Interval = "exact",
    smoothing: Sequence[Smoothing] = (),
    neighbors: pd.DataFrame | None = None,
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
        period than the panel, its person-years are scaled to the panel's ``years``. One that is
        not of people (:mod:`geo.steps.denominator`) has a column ``unit``.
    per
        Rates are per so many person-years, so they are annual whatever the period.
    confidence
        Two-sided coverage of the Poisson interval of the crude rate, and of the posterior one.
    interval
        ``"exact"`` (Garwood) covers at least that share, ``"mid-p"`` that share on average.
        ``"byar"`` is an approximation, to reproduce published figures; with fewer than five
        events it is not good enough and left missing, with a warning.
    smoothing
        More smoothed rates beside the global empirical Bayes one. ``"local"`` shrinks toward the
        area and its neighbors: a description. It makes neighbors alike, so it must never be
        tested for hotspots (:func:`geo.steps.hotspots.find_hotspots` refuses it). ``"gamma"``
        fits a gamma prior to each map and has an interval.
    neighbors
        A ``NEIGHBORS`` table for the local rate; the shipped one of the level unless given.

    Returns
    -------
    DataFrame
        A ``MEASURES`` table: the rows, index and columns of `panel`, and ``population``,
        ``exposure``, ``origin``, ``crude_rate``, ``rate_low``, ``rate_high``, ``expected``,
        ``ratio``, ``eb_rate`` and ``reliable``. Without exposure (nobody lives there, or
        nobody knows how many do) all measures are missing and the counts stay. As asked for:
        ``local_eb_rate``; ``gamma_rate``, ``gamma_low``, ``gamma_high``. Where the exposure is
        not of people, ``unit`` says what rates are, as "events per km2 and year".

    Raises
    ------
    SchemaError
        If a table breaks its contract, or the panel lacks an area in a period.
    ExposureError
        If a population is negative or infinite, or no row of the panel has an exposure.
    SettingsError
        If there is no such interval or smoothing, or no two of the areas are neighbors.

    Warns
    -----
    ExposureWarning
        If the exposure of some areas or periods is not known.
    MethodWarning
        If Byar's interval is left out where there are few events.

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
    if interval not in _INTERVALS:
        raise SettingsError(f"interval is {interval!r}; choose {', '.join(_INTERVALS)}")
    check_smoothing(smoothing)
    grid = MapGrid.of(panel)
    grid.check_complete()
    unit = unit_of(exposure)
    people = exposure_of_rows(panel, exposure)

    events = panel["events"].to_numpy(dtype=np.float64)
    exposed = people["exposure"].to_numpy(dtype=np.float64)
    low, high = _INTERVALS[interval](events, exposed, per=per, confidence=confidence)
    if interval == "byar":
        low, high = _without_few(events, exposed, low, high)
    maps = grid.maps(events), grid.maps(exposed)
    population = people["population"].to_numpy(dtype=np.float64)
    known = exposed > 0
    _tell_deserted(panel, events[exposed == 0], unit)
    measured = panel.assign(
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
        **smoothed_columns(
            grid,
            events,
            exposed,
            smoothing,
            neighbors=neighbors,
            per=per,
            confidence=confidence,
        ),
    ).astype({"origin": "str"})
    if unit is None:
        return measured
    said = rate_unit("events", per, unit)
    return measured.assign(unit=pd.Series(said, index=panel.index, dtype="str"))


def _without_few(
    events: FloatArray, exposed: FloatArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    few = (events < LEAST_FOR_BYAR) & (exposed > 0)
    if few.any():
        warnings.warn(
            f"Byar's interval is good from {LEAST_FOR_BYAR} events on; {int(few.sum())} of "
            f"{len(events)} rates rest on fewer and have none. The exact and the mid-P interval "
            'hold for any number (interval="exact", interval="mid-p")',
            MethodWarning,
            stacklevel=3,
        )
    return np.where(few, np.nan, low), np.where(few, np.nan, high)


def unit_of(exposure: pd.DataFrame) -> str | None:
    """Return what an exposure counts where it is not people; None for people.

    Examples
    --------
    >>> unit_of(schema.EXPOSURE.empty()) is None
    True
    """
    if "unit" not in exposure.columns or exposure.empty:
        return None
    units = sorted(set(exposure["unit"].dropna().astype("str")))
    if len(units) != 1 or exposure["unit"].isna().any():
        raise ExposureError(
            f"an exposure must be of one unit throughout; found {', '.join(units) or 'none'}"
            f"{' and rows without one' if exposure['unit'].isna().any() else ''}"
        )
    return str(units[0])


def rate_unit(what: str, per: float, unit: str) -> str:
    """Return what a rate is.

    Examples
    --------
    >>> rate_unit("events", 1, "km2"), rate_unit("deaths", 10_000, "households")
    ('events per km2 and year', 'deaths per 10,000 households and year')
    """
    return f"{what} per {'' if per == 1 else f'{per:,g} '}{unit} and year"


def exposure_of_rows(panel: pd.DataFrame, exposure: pd.DataFrame) -> pd.DataFrame:
    """Return population, exposure and origin of each row of a panel, in its order.

    Raises
    ------
    ExposureError
        If a figure is impossible, or no row of the panel has an exposure.

    Warns
    -----
    ExposureWarning
        If some rows have none.

    Examples
    --------
    >>> exposure_of_rows(schema.PANEL.empty(), schema.EXPOSURE.empty()).columns.tolist()
    ['population', 'exposure', 'years', 'origin']
    """
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
    _tell_missing(panel, exposure, matched["exposure"].isna().to_numpy(), unit_of(exposure))
    return matched


def _tell_missing(
    panel: pd.DataFrame,
    exposure: pd.DataFrame,
    missing: npt.NDArray[np.bool_],
    unit: str | None,
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
        f"no {_called(unit)} is known for {len(lost)} of {len(panel)} rows of the panel, with "
        f"{counted(int(lost['events'].sum()), 'event')}; "
        f"{'it has' if len(lost) == 1 else 'they have'} no rate: {_named(lost)}",
        ExposureWarning,
        stacklevel=4,
    )


def _called(unit: str | None) -> str:
    return "population" if unit is None else f"denominator ({unit})"


def _tell_deserted(panel: pd.DataFrame, events: FloatArray, unit: str | None) -> None:
    """Warn of events where nobody is said to live: a rate is then not defined (E2)."""
    if (events > 0).any():
        warnings.warn(
            f"{int((events > 0).sum())} of {len(panel)} rows of the panel have a "
            f"{_called(unit)} of 0 and {int(events.sum())} events; they have no rate",
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
