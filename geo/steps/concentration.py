"""How few areas hold how many of the events of a period."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.errors import ExposureWarning, counted
from geo.stats import concentration

FloatArray = npt.NDArray[np.float64]

SHARE = 0.8
"""The share of the events of "80-20"."""


def measure_concentration(panel: pd.DataFrame, *, share: float = SHARE) -> pd.DataFrame:
    """Say for each period (and category) how few of the areas hold how many of its events.

    The share of areas is of all areas in the table, those without an event included: give all
    areas of the country. Concentration is high by arithmetic alone where there are fewer events
    than areas, and falls as events are added; ``gini_few`` is 0 where no area has two events.
    Compare periods of like numbers of events.

    Parameters
    ----------
    panel
        A ``PANEL`` or ``MEASURES`` table. With a column ``exposure`` or ``population`` there is
        ``gini_people`` as well: areas in order of their rate, along the share of the people.
    share
        Share of the events that ``fewest_areas`` hold, above 0.

    Returns
    -------
    DataFrame
        A ``CONCENTRATION`` table in order of period. Shares and indices are missing without
        events.

    Raises
    ------
    SchemaError
        If the table breaks the contract of a ``PANEL``.
    SettingsError
        If the share is not in (0, 1].

    Warns
    -----
    ExposureWarning
        If areas with events have no population; they are left out of ``gini_people``.

    References
    ----------
    Weisburd, D. (2015). The law of crime concentration and the criminology of place.
    *Criminology* 53, 133-157. Bernasco, W., and Steenbeek, W. (2017). More places than crimes.
    *Journal of Quantitative Criminology* 33, 451-467.

    Examples
    --------
    >>> panel = schema.PANEL.empty()
    >>> panel[["cvegeo", "period"]] = [["01001", "2024"], ["01002", "2024"], ["01003", "2024"]]
    >>> panel = panel.assign(events=[8, 1, 1], fatalities=0, fatalities_unknown=0, complete=True,
    ...     years=1.0).astype(schema.PANEL.dtypes)
    >>> measure_concentration(panel)[["fewest_areas", "share_held"]].values.tolist()
    [[1.0, 0.8]]
    """
    schema.PANEL.check(panel)
    concentration.fewest_places([1], share)  # a share that cannot be meant, also without rows
    rows = [
        {**key, **_measures(part, share), "complete": bool(part["complete"].iloc[0])}
        for key, part in _maps(panel)
    ]
    _tell_without_people(panel)
    return _table(rows, schema.CONCENTRATION, panel)


def lorenz_curves(panel: pd.DataFrame) -> pd.DataFrame:
    """Return the points of the Lorenz curves of each period (and category).

    Parameters
    ----------
    panel
        As in :func:`measure_concentration`.

    Returns
    -------
    DataFrame
        A ``LORENZ`` table: by areas and, where people are known, by people; the quietest first.
        The share of events is missing in a period without any.

    Examples
    --------
    >>> len(lorenz_curves(schema.PANEL.empty()))
    0
    """
    schema.PANEL.check(panel)
    parts = []
    for key, part in _maps(panel):
        events = part["events"].to_numpy(dtype=np.float64)
        curves = {"areas": concentration.lorenz(events)}
        if (people := _people(part)) is not None:
            known = people > 0
            curves["people"] = concentration.lorenz(events[known], people[known])
        parts += [
            pd.DataFrame({**key, "by": by, "step": np.arange(len(x)), "share_of_base": x,
                          "share_of_events": y})
            for by, (x, y) in curves.items()
        ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True) if parts else schema.LORENZ.empty()
    return _table(table, schema.LORENZ, panel)


def _measures(part: pd.DataFrame, share: float) -> dict[str, Any]:
    events = part["events"].to_numpy(dtype=np.float64)
    few = concentration.fewest_places(events, share)
    people = _people(part)
    by_people = np.nan
    if people is not None and (people > 0).any():
        by_people = concentration.gini(events[people > 0], people[people > 0])
    return {
        "areas": len(events),
        "areas_with_events": int(np.count_nonzero(events)),
        "events": int(events.sum()),
        "fewest_areas": few.places,
        "share_of_areas": few.share_of_places,
        "share_held": few.share_of_events,
        "in_top_20": concentration.share_in_top(events, 0.20),
        "in_top_5": concentration.share_in_top(events, 0.05),
        "gini": concentration.gini(events),
        "gini_few": concentration.gini(events, few_events=True),
        "gini_people": by_people,
    }


def _maps(panel: pd.DataFrame) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Return each map, its areas in order of code."""
    keys = [name for name in ("period", "category") if name in panel.columns]
    ordered = panel.sort_values([*keys, "cvegeo"], kind="stable")
    for key, part in ordered.groupby(keys, sort=True):
        yield dict(zip(keys, key, strict=True)), part


def _people(part: pd.DataFrame) -> FloatArray | None:
    """Return the people of the areas, 0 where they are not known; None where none are."""
    for name in ("exposure", "population"):
        if name in part.columns and part[name].notna().any():
            people: FloatArray = np.nan_to_num(part[name].to_numpy(dtype=np.float64))
            return people
    return None


def _tell_without_people(panel: pd.DataFrame) -> None:
    name = next((one for one in ("exposure", "population") if one in panel.columns), None)
    if name is None:
        return
    known = panel.groupby("period")[name].transform("count") > 0
    without = panel[known & ~(panel[name] > 0) & (panel["events"] > 0)]
    if len(without):
        number, areas = int(without["events"].sum()), without["cvegeo"].nunique()
        warnings.warn(
            f"{counted(number, 'event')} in {counted(areas, 'area')} without a known population "
            f"{'is' if number == 1 else 'are'} left out of the concentration by people",
            ExposureWarning,
            stacklevel=3,
        )


def _table(
    rows: list[dict[str, Any]] | pd.DataFrame, contract: schema.Table, panel: pd.DataFrame
) -> pd.DataFrame:
    names = list(contract.dtypes)
    if "category" in panel.columns:
        names.insert(1, "category")
    kinds = {**contract.dtypes, "category": "str"}
    if not len(rows):
        return pd.DataFrame({name: pd.Series(dtype=kinds[name]) for name in names})
    return pd.DataFrame(rows)[names].astype({name: kinds[name] for name in names})
