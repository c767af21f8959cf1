"""Where rates are high together, as one sentence: n, method and number of permutations in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import pandas as pd

from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers, measure_clustering
from geo.steps.nearest import NEAREST, changed_verdicts
from geo.steps.neighborhood import Fdr

ADJUSTED = {"bh": "Benjamini-Hochberg", "by": "Benjamini-Yekutieli"}


class How(TypedDict):
    """The settings of the steps."""

    value: str
    permutations: int
    seed: int
    fdr: Fdr


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What hotspots are looked for in, and how they are tested."""

    value: str
    permutations: int
    seed: int
    fdr: Fdr

    def how(self) -> How:
        """Return the settings as keywords of the steps."""
        return How(value=self.value, permutations=self.permutations, seed=self.seed, fdr=self.fdr)

    def __str__(self) -> str:
        """Say which p, from how many permutations, adjusted how."""
        volume = ", a map of volume" if self.value in ("events", "fatalities") else ""
        drawn = (
            f"p from {self.permutations:,} conditional permutations, seed {self.seed}"
            if self.permutations
            else "analytic p, without permutations"
        )
        return f"Gi* of {self.value}{volume}; {drawn}; q after {ADJUSTED[self.fdr]}"


def find_where(measures: pd.DataFrame, settings: Settings) -> dict[str, pd.DataFrame]:
    """Return the tables ``hotspots``, ``outliers``, ``nearest`` and ``clustering``.

    ``nearest`` lists the verdicts that change with the nearest areas as neighbors.

    Parameters
    ----------
    measures
        A ``MEASURES`` table of states or municipalities.
    settings
        How they are tested.
    """
    how = settings.how()
    hotspots = find_hotspots(measures, **how)
    return {
        "hotspots": hotspots,
        "outliers": find_outliers(measures, **how),
        "nearest": changed_verdicts(measures, hotspots, **how),
        "clustering": measure_clustering(measures, seed=settings.seed),
    }


def hotspot_sentence(tables: Mapping[str, pd.DataFrame], settings: Settings) -> str:
    """Return what the tables of :func:`find_where` say of the latest period.

    Examples
    --------
    >>> from geo import schema
    >>> how = Settings(value="eb_rate", permutations=999, seed=1, fdr="bh")
    >>> hotspot_sentence({"hotspots": schema.HOTSPOTS.empty()}, how)
    'no complete period to look for hotspots in'
    """
    periods = tables["hotspots"]["period"]
    if not len(periods):
        return "no complete period to look for hotspots in"
    last = periods.max()
    of = {name: table[table["period"] == last] for name, table in tables.items()}
    bins = of["hotspots"]["gi_bin"].dropna()
    hot, cold = bins[bins > 0], -bins[bins < 0]
    outliers = of["outliers"]["is_outlier"].sum()
    whole = of["clustering"].iloc[0]
    clustered = (
        f"EB Moran's I {whole['moran']:.3f}, one-sided p {_p(whole['p_greater'])} "
        f"({whole['permutations']:,} permutations)"
        if not pd.isna(whole["moran"])
        else "EB Moran's I not defined"
    )
    return (
        f"{last}, {len(bins):,} areas tested, {whole['events']:,} events: {_counted(hot, 'hot')}, "
        f"{_counted(cold, 'cold')} ({settings}); outliers {outliers:,} (local Moran, q up to "
        f"0.05); {clustered}; verdicts that change with the {NEAREST} nearest areas as neighbors: "
        f"{len(of['nearest']):,}"
    )


def emerging_sentence(emerging: pd.DataFrame, measures: pd.DataFrame, settings: Settings) -> str:
    """Return how many areas have each pattern, the most frequent first.

    Parameters
    ----------
    emerging
        An ``EMERGING`` table.
    measures
        The ``MEASURES`` table that it was made of.
    settings
        How it was made.
    """
    periods = measures["period"][measures["complete"].astype(bool)]
    counted = emerging["pattern"].value_counts().sort_index().sort_values(ascending=False)
    none = counted.pop("no pattern") if "no pattern" in counted else 0
    found = ", ".join(f"{name} {number:,}" for name, number in counted.items()) or "no pattern"
    return (
        f"{periods.min()} to {periods.max()} ({periods.nunique()} periods), "
        f"{len(emerging):,} areas: {found}; {none:,} without a pattern ({settings}, over all areas "
        "and periods together; trend by Mann-Kendall)"
    )


def _counted(bins: pd.Series, kind: str) -> str:
    if not len(bins):
        return f"none {kind}"
    sure = f"{(bins >= 2).sum():,} at 95 %, {(bins == 3).sum():,} at 99 %"
    return f"{len(bins):,} {kind} at 90 % ({sure})"


def _p(value: float) -> str:
    return f"{value:.4f}" if value < 0.01 else f"{value:.2f}"
