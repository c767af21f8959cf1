"""Say whether the hotspots of a period held the events of the next one."""

from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import AreaError, PeriodWarning, SettingsError
from geo.sources import boundaries
from geo.stats.concentration import predictive_accuracy
from geo.steps.neighborhood import level_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_BIN = 2
"""The lowest bin that counts as a hotspot: q up to 0.05."""


def predict_periods(
    hotspots: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    least_bin: int = LEAST_BIN,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count how many events of the next period lie in the hotspots of a period.

    Beside the hotspots stand two simple rules that choose as many areas: those with the highest
    value (what the hotspots were looked for in, without their neighbors) and those with most
    events. Hotspots that do no better than these tell nothing that a list would not. Where two
    areas are equal the lower code is chosen.

    The prediction accuracy index is the share of events / the share of the km² that was chosen:
    it is high for small areas with many people, so ``share_of_people`` stands beside it.

    Parameters
    ----------
    hotspots
        A ``HOTSPOTS`` table.
    measures
        The ``MEASURES`` or ``PANEL`` table that it was made of, with all areas. Only complete
        periods take part; pairs are of periods that follow one another without a gap.
    least_bin
        The lowest bin that counts as a hotspot, 1 to 3.
    areas
        An ``AREAS`` table, for the km²; the shipped one of the level unless given.

    Returns
    -------
    DataFrame
        A ``PREDICTION`` table in order of period, three rows each. A period without a hotspot has
        nothing chosen, a hit rate of 0 and no index.

    Raises
    ------
    SchemaError
        If a table breaks its contract.
    SettingsError
        If `least_bin` is no bin, or the tables have categories.
    AreaError
        If areas have no km².

    Warns
    -----
    PeriodWarning
        If no two complete periods follow one another.

    References
    ----------
    Chainey, S., Tompson, L., and Uhlig, S. (2008). The utility of hotspot mapping for predicting
    spatial patterns of crime. *Security Journal* 21, 4-28.

    Examples
    --------
    >>> len(predict_periods(schema.HOTSPOTS.empty(), schema.PANEL.empty()))
    0
    """
    schema.HOTSPOTS.check(hotspots)
    schema.PANEL.check(measures)
    if least_bin not in (1, 2, 3):
        raise SettingsError(f"least_bin = {least_bin}: hotspots are of bin 1, 2 or 3")
    if "category" in hotspots.columns or "category" in measures.columns:
        raise SettingsError("predict each category for itself: leave the others out, then the "
                            "column 'category'")  # fmt: skip
    complete = measures[measures["complete"].fillna(value=False).to_numpy(dtype=bool)]
    pairs = _successive(sorted(set(hotspots["period"]) | set(complete["period"])))
    pairs = [pair for pair in pairs if _are_there(pair, hotspots, complete)]
    if not pairs:
        if len(hotspots):
            warnings.warn(
                "no two complete periods follow one another: there is no next period to look at",
                PeriodWarning,
                stacklevel=2,
            )
        return schema.PREDICTION.empty()
    codes = pd.Index(sorted(complete["cvegeo"].unique()))
    km2 = _km2(codes, areas)
    rows = [row for pair in pairs for row in _pair(pair, hotspots, complete, codes, km2, least_bin)]
    return pd.DataFrame(rows)[list(schema.PREDICTION.dtypes)].astype(schema.PREDICTION.dtypes)


def _pair(
    pair: tuple[str, str],
    hotspots: pd.DataFrame,
    complete: pd.DataFrame,
    codes: pd.Index,
    km2: FloatArray,
    least_bin: int,
) -> list[dict[str, Any]]:
    now, following = pair
    found = hotspots[hotspots["period"] == now].set_index("cvegeo").reindex(codes)
    then = complete[complete["period"] == now].set_index("cvegeo").reindex(codes)
    after = complete[complete["period"] == following].set_index("cvegeo").reindex(codes)
    is_hot = (found["gi_bin"] >= least_bin).fillna(value=False).to_numpy(dtype=bool)
    number = int(is_hot.sum())
    next_events = after["events"].fillna(0).to_numpy(dtype=np.float64)
    people = after["population"] if "population" in after.columns else pd.Series(np.nan, codes)
    whole = float(people.sum(min_count=1))
    rows = []
    for rule, chosen in zip(
        schema.PREDICTION_RULES,
        (is_hot, _highest(found["value"], number), _highest(then["events"], number)),
        strict=True,
    ):
        told = predictive_accuracy(chosen, next_events, km2)
        inside = float(people[chosen].sum())
        rows.append(
            {
                "period": now,
                "next_period": following,
                "rule": rule,
                "areas": len(codes),
                "chosen": int(chosen.sum()),
                "events": int(told.events),
                "hits": int(told.hits),
                "hit_rate": told.hit_rate,
                "share_of_area": told.share_of_area,
                "pai": told.pai,
                "share_of_people": inside / whole if whole > 0 else np.nan,
            }
        )
    return rows


def _highest(values: pd.Series, number: int) -> BoolArray:
    """Return the areas with the highest values, of equal ones those with the lower code."""
    ordered = np.argsort(-values.fillna(-np.inf).to_numpy(dtype=np.float64), kind="stable")
    chosen = np.zeros(len(values), dtype=bool)
    chosen[ordered[:number]] = True
    return chosen


def _successive(labels: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of labels whose periods follow one another without a gap.

    Examples
    --------
    >>> _successive(["2022-11", "2022-12", "2023-02"])
    [('2022-11', '2022-12')]
    """
    ordered = sorted(labels, key=periods.bounds)
    return [
        (one, other)
        for one, other in itertools.pairwise(ordered)
        if periods.bounds(one)[1] == periods.bounds(other)[0]
    ]


def _are_there(pair: tuple[str, str], hotspots: pd.DataFrame, complete: pd.DataFrame) -> bool:
    now, following = pair
    counted = set(complete["period"])
    return now in set(hotspots["period"]) and {now, following} <= counted


def _km2(codes: pd.Index, areas: pd.DataFrame | None) -> FloatArray:
    level: Level | None = None
    if areas is None:
        level = level_of(codes)
        areas = boundaries.load_areas(level)
    known = areas.set_index("cvegeo")["area_km2"].reindex(codes)
    if (lacking := known.isna()).any():
        raise AreaError(
            f"{int(lacking.sum())} areas have no km², the first is {codes[lacking][0]}; give a "
            "table of areas with all of them"
        )
    km2: FloatArray = known.to_numpy(dtype=np.float64)
    return km2
