"""Hotspots by their neighbors alone (Gi): the area itself left out of its own statistic."""

from __future__ import annotations

import pandas as pd

from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers, measure_clustering
from geo.steps.nearest import changed_verdicts
from geo.study.settings import Language
from geo.study.where import Settings

VOLUMES = ("events", "fatalities")
"""What is no rate: a map of it is one of volume, and finds the big cities."""


class OthersOnly(Settings):
    """Settings of hotspots that are tested by Gi."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        """Say which p, from how many permutations, adjusted how, in a language.

        Examples
        --------
        >>> OthersOnly(value="events", permutations=0, seed=1, fdr="bh").said("en")
        'Gi of events, a map of volume; analytic p, without permutations; q after
        Benjamini-Hochberg'
        """
        return Settings.said(self, language).replace("Gi*", "Gi", 1)


def find_where_by_others(measures: pd.DataFrame, settings: OthersOnly) -> dict[str, pd.DataFrame]:
    """Return the tables of :func:`geo.study.where.find_where`, hotspots by Gi.

    Parameters
    ----------
    measures, settings
        As there.
    """
    how = settings.how()
    hotspots = find_hotspots(measures, **how, statistic="gi")
    return {
        "hotspots": hotspots,
        "outliers": find_outliers(measures, **how),
        "nearest": changed_verdicts(measures, hotspots, **how, statistic="gi"),
        "clustering": measure_clustering(measures, seed=settings.seed),
    }


def with_subject(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return a table with what was tested in its last column, and whether that is a volume.

    Examples
    --------
    >>> with_subject(pd.DataFrame({"gi_bin": [3]}), "events")["tested"].tolist()
    ['events (a volume, not a rate)']
    >>> with_subject(pd.DataFrame({"gi_bin": [3]}), "eb_rate")["tested"].tolist()
    ['eb_rate']
    """
    said = f"{value} (a volume, not a rate)" if value in VOLUMES else value
    return table.assign(tested=pd.Series(said, index=table.index, dtype="str"))
