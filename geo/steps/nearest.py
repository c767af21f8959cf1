"""Test hotspots again with other neighbors, and list the areas whose verdict changes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import crs, schema
from geo.cvegeo import Level
from geo.errors import SchemaError
from geo.sources import boundaries
from geo.stats.weights import nearest_neighbors
from geo.steps.hotspots import Statistic, find_hotspots
from geo.steps.neighborhood import PERMUTATIONS, SEED, Fdr, level_of

NEAREST = 8


def nearest_areas(level: Level = "municipality", k: int = NEAREST) -> pd.DataFrame:
    """Return the areas that lie nearest to each, by the middle of their largest inner circle.

    Being nearest is not mutual; here a link in one direction is one in both, so that most areas
    have more than `k` neighbors.

    Parameters
    ----------
    level
        ``"state"`` or ``"municipality"``.
    k
        Number of nearest areas.

    Returns
    -------
    DataFrame
        A ``NEIGHBORS`` table, ascending, for any step that takes one.

    Raises
    ------
    SettingsError
        If there are not more than `k` areas.

    Examples
    --------
    The nearest to Sinaloa is Durango, and Sinaloa is the nearest to Chihuahua:

    >>> pairs = nearest_areas("state", k=1)
    >>> pairs.loc[pairs["focal"] == "25", "neighbor"].tolist()
    ['08', '10']
    """
    places = boundaries.load_labels(level)
    east, north = crs.project(places["lon"].to_numpy(), places["lat"].to_numpy())
    focal, neighbor = nearest_neighbors(east, north, k, both_ways=True)
    codes = places["cvegeo"].to_numpy()
    return pd.DataFrame({"focal": codes[focal], "neighbor": codes[neighbor]}, dtype="str")


def changed_verdicts(
    measures: pd.DataFrame,
    hotspots: pd.DataFrame,
    *,
    k: int = NEAREST,
    value: str = "eb_rate",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    fdr: Fdr = "bh",
    statistic: Statistic = "gi_star",
) -> pd.DataFrame:
    """List the areas that are called otherwise when the nearest areas are their neighbors.

    A border that is shared is one idea of a neighborhood; the `k` nearest areas are another
    (:func:`nearest_areas`). What holds with one only should be written with care. The verdict is
    the sign of ``gi_bin``: hotspot, coldspot or neither, at 90 %.

    Parameters
    ----------
    measures
        The ``MEASURES`` table that was tested, of states or municipalities.
    hotspots
        The ``HOTSPOTS`` table that :func:`geo.steps.hotspots.find_hotspots` made of it.
    k
        Number of nearest areas.
    value, permutations, seed, fdr, statistic
        As `hotspots` was made.

    Returns
    -------
    DataFrame
        A ``CHANGED_VERDICTS`` table, ordered by period, category and area. Empty where every
        verdict holds.

    Raises
    ------
    SchemaError
        If a table breaks its contract, or `hotspots` has other rows than the complete periods of
        `measures`.

    Examples
    --------
    >>> measures, hotspots = schema.MEASURES.empty(), schema.HOTSPOTS.empty()
    >>> changed_verdicts(measures, hotspots).columns.tolist()[2:4]
    ['verdict', 'nearest_verdict']
    """
    schema.PANEL.check(measures)
    schema.HOTSPOTS.check(hotspots)
    if not len(measures):
        return schema.CHANGED_VERDICTS.empty()
    others = nearest_areas(level_of(pd.Index(measures["cvegeo"].unique())), k)
    again = find_hotspots(
        measures,
        others,
        value=value,
        permutations=permutations,
        seed=seed,
        fdr=fdr,
        statistic=statistic,
    )
    keys = schema.HOTSPOTS.key_of(again)
    before = hotspots.set_index(keys)
    if len(before) != len(again) or set(before.index) != set(pd.MultiIndex.from_frame(again[keys])):
        raise SchemaError(
            f"hotspots has {len(before)} rows that are not the {len(again)} rows of the complete "
            "periods of measures; give the table that find_hotspots made of these measures"
        )
    before = before.loc[pd.MultiIndex.from_frame(again[keys])]
    table = again[keys].assign(
        verdict=_verdicts(before["gi_bin"]),
        nearest_verdict=_verdicts(again["gi_bin"]),
        q_value=before["q_value"].to_numpy(),
        nearest_q_value=again["q_value"],
    )
    changed = table[table["verdict"] != table["nearest_verdict"]]
    return changed.sort_values([*keys[1:], keys[0]], ignore_index=True)


def _verdicts(bins: pd.Series) -> pd.arrays.StringArray:
    sign = np.sign(bins.to_numpy(dtype=np.float64, na_value=np.nan))
    names = np.select(
        [sign > 0, sign < 0, sign == 0], ["hotspot", "coldspot", "neither"], default="not tested"
    )
    return pd.array(names, dtype="str")
