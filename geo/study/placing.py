"""The part of a study that says where rates are high together, in both windows and between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from geo.errors import SettingsError
from geo.steps.hotspot_change import compare_hotspots
from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers, measure_clustering
from geo.steps.nearest import changed_verdicts
from geo.steps.neighborhood import FEW_AREAS
from geo.steps.window_measures import measure_windows
from geo.study.asked import FEW_WHOLE
from geo.study.changing import compared
from geo.study.locating import Located


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Placing:
    """Where rates are high or low together.

    Attributes
    ----------
    measures
        ``MEASURES`` of every municipality in both windows.
    hotspots, outliers, clustering, nearest
        ``HOTSPOTS``, ``OUTLIERS``, ``CLUSTERING`` and ``CHANGED_VERDICTS`` of both windows.
    difference
        The ``HOTSPOT_CHANGE`` table.
    base, comparison
        Labels of the windows, as the data cover them.
    """

    measures: pd.DataFrame
    hotspots: pd.DataFrame
    outliers: pd.DataFrame
    clustering: pd.DataFrame
    nearest: pd.DataFrame
    difference: pd.DataFrame
    base: str
    comparison: str


def window_hotspots(found: Located, days: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``MEASURES`` and ``HOTSPOTS`` of municipalities in both windows of a study."""
    study = found.settings
    measures = measure_windows(found.located, **compared(found, days, "municipality"))
    if (whole := found.areas_with_rates("municipality")) is not None:
        measures = measures[measures["cvegeo"].isin(whole)].reset_index(drop=True)
    return measures, find_hotspots(measures, permutations=study.permutations, seed=study.seed)


def placing(found: Located, days: Mapping[str, str]) -> Placing:
    """Find hotspots and outliers of municipalities in both windows of a study.

    Parameters
    ----------
    found
        The events with their areas, and a study with two windows.
    days
        As :func:`geo.study.days.covered_days` returns them.

    Raises
    ------
    GeoError
        As :func:`geo.steps.hotspots.find_hotspots` does.
    """
    study = found.settings
    draws, seed = study.permutations, study.seed
    whole = found.areas_with_rates("municipality")
    if whole is not None and len(whole) < FEW_AREAS:
        raise SettingsError(FEW_WHOLE.format(number=len(whole)))
    measures, hotspots = window_hotspots(found, days)
    labels = list(dict.fromkeys(measures["period"]))
    base, comparison = labels
    return Placing(
        measures=measures,
        hotspots=hotspots,
        outliers=find_outliers(measures, permutations=draws, seed=seed),
        clustering=measure_clustering(measures, seed=seed),
        nearest=changed_verdicts(measures, hotspots, permutations=draws, seed=seed),
        difference=compare_hotspots(hotspots, base=base, comparison=comparison),
        base=base,
        comparison=comparison,
    )
