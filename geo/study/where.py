"""Where rates are high together, as one sentence: n, method and number of permutations in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import pandas as pd

from geo.stats.emerging import NO_PATTERN
from geo.steps.emerging import draws_of_cube
from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers, measure_clustering
from geo.steps.nearest import NEAREST, changed_verdicts
from geo.steps.neighborhood import Fdr
from geo.study.labels import label
from geo.study.phrases import where as words
from geo.study.settings import Language

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
        return self.said("en")

    def said(self, language: Language) -> str:
        """Say which p, from how many permutations, adjusted how, in a language.

        Examples
        --------
        >>> Settings(value="events", permutations=999, seed=1, fdr="bh").said("es")
        'Gi* de los eventos, un mapa de volumen; p de 999 permutaciones condicionales, semilla 1,
        entre áreas de población parecida; valor q según Benjamini-Hochberg'
        """
        drawn = words.DRAWN if self.permutations else words.ANALYTIC
        is_volume = self.value in ("events", "fatalities")
        return words.METHOD.say(
            language,
            value=self.value if language == "en" else words.VALUES.get(self.value, self.value),
            volume=words.VOLUME.say(language) if is_volume else "",
            drawn=drawn.say(language, permutations=self.permutations, seed=self.seed),
            adjusted=ADJUSTED[self.fdr],
        )


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


def hotspot_sentence(
    tables: Mapping[str, pd.DataFrame], settings: Settings, *, language: Language = "en"
) -> str:
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
        return words.NO_PERIOD.say(language)
    last = periods.max()
    of = {name: table[table["period"] == last] for name, table in tables.items()}
    bins = of["hotspots"]["gi_bin"].dropna()
    hot, cold = bins[bins > 0], -bins[bins < 0]
    outliers = of["outliers"]["is_outlier"].sum()
    whole = of["clustering"].iloc[0]
    if pd.isna(whole["moran"]):
        clustered = words.NOT_CLUSTERED.say(language)
    else:
        clustered = words.CLUSTERED.say(
            language,
            moran=whole["moran"],
            p=_p(whole["p_greater"]),
            permutations=whole["permutations"],
        )
    return words.WHOLE.say(
        language,
        period=last,
        areas=len(bins),
        events=whole["events"],
        hot=_counted(hot, "hot", language),
        cold=_counted(cold, "cold", language),
        method=settings.said(language),
        outliers=outliers,
        clustered=clustered,
        nearest=NEAREST,
        changed=len(of["nearest"]),
    )


def emerging_sentence(
    emerging: pd.DataFrame,
    measures: pd.DataFrame,
    settings: Settings,
    *,
    language: Language = "en",
) -> str:
    """Return how many areas have each pattern, the most frequent first.

    Parameters
    ----------
    emerging
        An ``EMERGING`` table.
    measures
        The ``MEASURES`` table that it was made of.
    settings
        How it was made.
    language
        In which the sentence is.
    """
    draws = draws_of_cube(settings.permutations, int(emerging["periods"].sum()))
    periods = measures["period"][measures["complete"].astype(bool)]
    counted = emerging["pattern"].value_counts().sort_index().sort_values(ascending=False)
    none = counted.pop(NO_PATTERN) if NO_PATTERN in counted else 0
    found = ", ".join(f"{label(name, language)} {number:,}" for name, number in counted.items())
    return words.EMERGING.say(
        language,
        first=periods.min(),
        last=periods.max(),
        periods=periods.nunique(),
        areas=len(emerging),
        found=found or label(NO_PATTERN, language),
        none=none,
        method=dataclasses.replace(settings, permutations=draws).said(language),
    )


def _counted(bins: pd.Series, kind: str, language: Language) -> str:
    if not len(bins):
        return words.NONE[kind].say(language)
    return words.SOME[kind].say(
        language, number=len(bins), sure=(bins >= 2).sum(), surest=(bins == 3).sum()
    )


def _p(value: float) -> str:
    return f"{value:.4f}" if value < 0.01 else f"{value:.2f}"
