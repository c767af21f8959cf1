"""What events are counted over where it is not people: square kilometers, or a figure of the user.

Each function returns an ``EXPOSURE`` table, so that :func:`geo.steps.measure.add_rates` works as it
does with people, with a column ``unit`` that says what one unit of exposure is. The population
stays beside it: whether a rate is reliable is a matter of people.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.errors import ExposureError, ExposureWarning, SchemaError
from geo.sources import boundaries
from geo.stats import reliability
from geo.steps.measure import exposure_of_rows
from geo.steps.neighborhood import level_of

FloatArray = npt.NDArray[np.float64]

KM2 = "km2"
"""Unit of the exposure that :func:`area_exposure` returns."""

_TOP = 10
"""How many areas at most a ranking is judged by, and how many there must be for one."""


def area_exposure(
    panel: pd.DataFrame,
    *,
    areas: pd.DataFrame | None = None,
    people: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return square kilometers x years as the exposure of a panel.

    Rates of it are densities: where events lie close together. They say nothing of how likely a
    person is to meet one, and towns of a few square kilometers lead any ranking.

    Parameters
    ----------
    panel
        A ``PANEL`` table.
    areas
        A table with ``cvegeo`` and ``area_km2``; the shipped one of the level unless given.
    people
        An ``EXPOSURE`` table of people. Its population is kept; without it no rate is reliable.

    Returns
    -------
    DataFrame
        An ``EXPOSURE`` table, one row an area and period of the panel in its order, and the
        column ``unit``. Pass ``per=1`` to :func:`geo.steps.measure.add_rates` for events per km2
        and year.

    Raises
    ------
    SchemaError
        If a table breaks its contract or lacks a column.
    ExposureError
        If a size is negative or infinite, or none of the areas has one.

    Warns
    -----
    ExposureWarning
        If small areas lead the ranking of at least ten.

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "cvegeo": ["01", "02"], "period": "2024", "events": [30, 10], "fatalities": 0,
    ...     "fatalities_unknown": 0, "complete": True, "years": 1.0,
    ... })
    >>> sizes = pd.DataFrame({"cvegeo": ["01", "02"], "area_km2": [100.0, 10.0]})
    >>> exposure = area_exposure(panel, areas=sizes)
    >>> exposure[["exposure", "unit"]].values.tolist()
    [[100.0, 'km2'], [10.0, 'km2']]
    """
    if areas is None:
        codes = pd.Index(sorted(set(panel["cvegeo"].astype("str"))))
        areas = boundaries.area_sizes(level_of(codes) if len(codes) else "state")
    if lacking := [name for name in ("cvegeo", "area_km2") if name not in areas.columns]:
        raise SchemaError(f"areas must have a column {' and '.join(map(repr, lacking))}")
    sizes = pd.DataFrame(areas[["cvegeo", "area_km2"]])
    return _exposure(panel, sizes, "area_km2", KM2, people)


def given_exposure(
    panel: pd.DataFrame,
    table: pd.DataFrame,
    *,
    column: str,
    people: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return a figure of the user's own x years as the exposure of a panel.

    Parameters
    ----------
    panel
        A ``PANEL`` table.
    table
        ``cvegeo``, the figure, and ``year`` (calendar years) or ``period`` (labels as in the
        panel) where it changes. With ``year``, a period over a new year takes each part with the
        figure of its own year. Where the figure is missing there is no rate.
    column
        The figure, as ``"households"`` or ``"road_km"``. It is the unit of the rates.
    people
        As in :func:`area_exposure`.

    Returns
    -------
    DataFrame
        As of :func:`area_exposure`; events per unit and year with ``per=1``.

    Raises
    ------
    SchemaError
        If a table breaks its contract, lacks a column, or gives an area two figures for one time.
    ExposureError
        If a figure is negative or infinite, or no row of the panel has one.

    Warns
    -----
    ExposureWarning
        If areas with few units and events lead the ranking, or the table has areas that the panel
        has not.

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "cvegeo": ["01", "02"], "period": "2024-Q1", "events": [3, 1], "fatalities": 0,
    ...     "fatalities_unknown": 0, "complete": True, "years": 0.25,
    ... })
    >>> table = pd.DataFrame({"cvegeo": ["01", "02"], "road_km": [40.0, 80.0]})
    >>> exposure = given_exposure(panel, table, column="road_km")
    >>> exposure[["exposure", "unit"]].values.tolist()
    [[10.0, 'road_km'], [20.0, 'road_km']]
    """
    if lacking := [name for name in ("cvegeo", column) if name not in table.columns]:
        raise SchemaError(
            f"the table of {column} has no column {' and '.join(map(repr, lacking))}; it has "
            f"{', '.join(map(str, table.columns))}"
        )
    if not pd.api.types.is_numeric_dtype(table[column]):
        raise SchemaError(f"'{column}' must hold numbers, not {table[column].dtype}")
    return _exposure(panel, table, column, column, people)


def _exposure(
    panel: pd.DataFrame,
    table: pd.DataFrame,
    column: str,
    unit: str,
    people: pd.DataFrame | None,
) -> pd.DataFrame:
    schema.PANEL.check(panel)
    wrong = (table[column] < 0) | np.isinf(table[column])
    if wrong.any():
        raise ExposureError(
            f"'{column}' is negative or infinite in {int(wrong.sum())} rows, the first is "
            f"{table['cvegeo'][wrong].iloc[0]}; mend the table"
        )
    figures = _figures(panel, table, column)
    years = panel["years"].to_numpy(dtype=np.float64)
    every = pd.DataFrame(
        {
            "cvegeo": panel["cvegeo"].astype("str"),
            "period": panel["period"].astype("str"),
            "population": np.nan,
            "exposure": figures * years,
            "years": years,
            "origin": pd.Series(None, index=panel.index, dtype="str"),
            "unit": pd.Series(unit, index=panel.index, dtype="str"),
        }
    )
    if len(panel) and np.isnan(figures).all():
        raise ExposureError(
            f"no row of the panel has a figure of {unit}: the panel has areas like "
            f"{every['cvegeo'].iloc[0]!r} in {every['period'].iloc[0]}, the table like "
            f"{table['cvegeo'].iloc[0] if len(table) else 'none'!r}; give figures of the same "
            "areas and periods"
        )
    if people is not None and len(panel):
        known = exposure_of_rows(panel, people)
        every["population"] = known["population"].to_numpy(dtype=np.float64)
        every["origin"] = known["origin"].astype("str").to_numpy()
    exposure = every.drop_duplicates(["cvegeo", "period"]).reset_index(drop=True)
    _warn_of_strangers(panel, table, unit)
    _warn_of_small(panel, every["exposure"], unit)
    return exposure.astype({**schema.EXPOSURE.dtypes, "unit": "str"})


def _figures(panel: pd.DataFrame, table: pd.DataFrame, column: str) -> FloatArray:
    """Return the figure of each row of the panel, averaged over the years it lies in."""
    time = [name for name in ("period", "year") if name in table.columns][:1]
    keys = ["cvegeo", *time]
    plain = table.astype({"year": "int64"}) if time == ["year"] else table
    plain = plain.astype(dict.fromkeys(keys, "str"))
    if (twins := plain.duplicated(keys)).any():
        first = plain[twins].iloc[0]
        raise SchemaError(
            f"{int(twins.sum())} rows give an area a second figure of {column}, the first is "
            f"{' in '.join(first[keys])}; keep one row an area{' and ' + time[0] if time else ''}"
        )
    values = plain.set_index(keys)[column].astype("float64")
    codes, labels = panel["cvegeo"].astype("str"), panel["period"].astype("str")
    if time != ["year"]:
        wanted = pd.Index(codes) if not time else pd.MultiIndex.from_arrays([codes, labels])
        return np.asarray(values.reindex(wanted), dtype=np.float64)
    found = np.zeros(len(panel))
    for label, rows in labels.groupby(labels).indices.items():
        shares = periods.years_by_calendar_year(*periods.bounds(str(label)))
        for year, share in shares.items():
            here = pd.MultiIndex.from_product([codes.iloc[rows], [str(year)]])
            weight = share / sum(shares.values())
            found[rows] += weight * values.reindex(here).to_numpy(dtype=np.float64)
    return found


def _warn_of_strangers(panel: pd.DataFrame, table: pd.DataFrame, unit: str) -> None:
    if unit == KM2 or panel.empty:
        return
    strange = sorted(set(table["cvegeo"].astype("str")) - set(panel["cvegeo"].astype("str")))
    if strange:
        more = f" and {len(strange) - _TOP} more" if len(strange) > _TOP else ""
        warnings.warn(
            f"the figures of {unit} for {len(strange)} areas that the panel has not are not used: "
            f"{', '.join(strange[:_TOP])}{more}",
            ExposureWarning,
            stacklevel=4,
        )


def _warn_of_small(panel: pd.DataFrame, exposure: pd.Series, unit: str) -> None:
    """Warn where a ranking of the rates would be one of small denominators."""
    rows = pd.DataFrame(
        {"code": panel["cvegeo"].astype("str"), "events": panel["events"], "exposure": exposure}
    )
    sums = rows.groupby("code").sum()
    known = sums[sums["exposure"] > 0]
    rate = (known["events"] / known["exposure"])[known["events"] > 0]
    tenth = len(known) // _TOP
    top = rate.nlargest(min(_TOP, tenth)).index
    small = known["exposure"].nsmallest(tenth)
    if unit != KM2:  # many events over few units are a high rate indeed
        small = small[reliability.has_few_events(known["events"][small.index])]
    leading = [code for code in top if code in small.index]
    if not leading:
        return
    reason = (
        "small areas, as towns are, lead a ranking by density whatever the risk of a person there; "
        "read it as where events lie close together, and rank by people"
        if unit == KM2
        else f"where {unit} are few, one event makes a high rate; read the interval and eb_rate, "
        "and rank no crude rates"
    )
    warnings.warn(
        f"of the {len(top)} areas with the most events per {unit}, {len(leading)} are among the "
        f"tenth with the fewest {unit} ({', '.join(leading)}): {reason}",
        ExposureWarning,
        stacklevel=4,
    )
