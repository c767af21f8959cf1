"""Findings of where rates are high together, and of what became of the hotspots."""

from __future__ import annotations

import math

import pandas as pd

from geo.study.findings.context import Context
from geo.study.findings.finding import Finding, both
from geo.study.phrases import findings as phrases
from geo.study.phrases.where import NOT_CLUSTERED
from geo.study.placing import Placing
from geo.study.settings import Language
from geo.study.titles import area_name
from geo.study.where import Settings, hotspot_sentence

_NAMED = 8


def place_findings(context: Context, placed: Placing | None) -> list[Finding]:
    """Return the findings of hotspots of municipalities in both windows.

    Parameters
    ----------
    context
        The study.
    placed
        What was found; None where it could not be looked for.
    """
    if placed is None:
        return []
    return [_hotspots(context, placed), _difference(context, placed), _clustering(context, placed)]


def _now(placed: Placing, table: pd.DataFrame) -> pd.DataFrame:
    return table[table["period"] == placed.comparison]


def _how(context: Context) -> Settings:
    study = context.found.settings
    return Settings(value="eb_rate", permutations=study.permutations, seed=study.seed, fdr="bh")


def _hotspots(context: Context, placed: Placing) -> Finding:
    tables = {
        "hotspots": _now(placed, placed.hotspots),
        "outliers": _now(placed, placed.outliers),
        "nearest": _now(placed, placed.nearest),
        "clustering": _now(placed, placed.clustering),
    }
    how = _how(context)
    bins = tables["hotspots"]["gi_bin"]
    return Finding(
        finding="hotspots",
        subject="place",
        estimate=float((bins >= 2).sum()),
        unit="municipalities with q up to 0.05",
        method=str(how),
        n=int(_now(placed, placed.measures)["events"].sum()),
        filter=context.filter,
        table="hotspots_windows",
        sentence=both(lambda language: hotspot_sentence(tables, how, language=language)),
    )


def _difference(context: Context, placed: Placing) -> Finding:
    counts = placed.difference["difference"].value_counts()
    tested = len(placed.difference) - int(counts.get("not tested", 0))
    study = context.found.settings

    def say(language: Language) -> str:
        said = phrases.HOTSPOTS.say(
            language,
            comparison=placed.comparison,
            base=placed.base,
            tested=tested,
            new=int(counts.get("new hotspot", 0)),
            both=int(counts.get("hotspot in both", 0)),
            gone=int(counts.get("no longer a hotspot", 0)),
            new_cold=int(counts.get("new coldspot", 0)),
            permutations=study.permutations,
            seed=study.seed,
        )
        named = _new_in_focus(context, placed)
        if named:
            said += phrases.HOTSPOTS_FOCUS.say(language, name=context.name(language), names=named)
        return said

    return Finding(
        finding="new hotspots",
        subject="place",
        estimate=float(counts.get("new hotspot", 0)),
        unit="municipalities with q up to 0.05 in the comparison window alone",
        method=str(_how(context)),
        n=int(placed.measures["events"].sum()),
        filter=context.filter,
        table="hotspot_change",
        sentence=both(say),
    )


def _new_in_focus(context: Context, placed: Placing) -> str:
    focus = context.focus
    if focus is None or len(focus) != 2:
        return ""
    rows = placed.difference[placed.difference["difference"] == "new hotspot"]
    codes = [code for code in rows["cvegeo"] if code.startswith(focus)]
    names = [area_name(code).rsplit(", ", 1)[0] for code in codes[:_NAMED]]
    more = len(codes) - len(names)
    return ", ".join(names) + (f" + {more}" if more > 0 else "")


def _clustering(context: Context, placed: Placing) -> Finding:
    row = _now(placed, placed.clustering).iloc[0]

    def say(language: Language) -> str:
        if math.isnan(row["moran"]):
            return f"{placed.comparison}: {NOT_CLUSTERED.say(language)}"
        return {
            "en": (
                f"{placed.comparison}: EB Moran's I {row['moran']:.3f}, one-sided p "
                f"{row['p_greater']:.4f} ({row['permutations']:,} permutations): whether "
                "neighboring municipalities have alike rates at all"
            ),
            "es": (
                f"{placed.comparison}: I de Moran EB {row['moran']:.3f}, p de una cola "
                f"{row['p_greater']:.4f} ({row['permutations']:,} permutaciones): si municipios "
                "vecinos tienen en general tasas parecidas"
            ),
        }[language]

    return Finding(
        finding="clustering",
        subject="place",
        estimate=float(row["moran"]),
        unit="Moran's I of EB-standardized rates",
        method=f"Assunção and Reis; {row['permutations']:,} permutations",
        n=int(row["events"]),
        filter=context.filter,
        table="clustering",
        sentence=both(say),
    )
