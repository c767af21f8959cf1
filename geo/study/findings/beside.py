"""Findings beside the main question: targeting of all areas, few places, groups that emerge."""

from __future__ import annotations

import math

from geo.study.beside import Beside
from geo.study.findings.context import Context
from geo.study.findings.finding import Finding, both
from geo.study.spoken_points import concentration_sentence, prediction_sentence
from geo.study.spoken_targeting import (
    emerging_actors_sentence,
    targeting_areas_sentence,
    targeting_change_sentence,
)

LEVEL = 0.05


def targeting_findings(context: Context, beside: Beside) -> list[Finding]:
    """Return how the share of civilian targeting changed in the focus, and in how many areas."""
    table, focus = beside.targeting_change, context.focus
    if table is None:
        return []
    found = []
    counts = [
        f"{side}_{kind}"
        for side in ("base", "comparison")
        for kind in ("targeted", "not_targeted", "not_stated")
    ]
    if focus is not None:
        row = table.set_index("cvegeo").loc[focus]
        name = "difference" if math.isnan(row["spread_low"]) else "spread"
        found.append(
            Finding(
                finding="share of civilian targeting",
                subject="targeting",
                cvegeo=focus,
                estimate=float(row["share_difference"]),
                low=float(row[f"{name}_low"]),
                high=float(row[f"{name}_high"]),
                unit="difference of shares (0.1 is 10 points)",
                method=(
                    "difference of shares; exact limits combined (MOVER)"
                    + ("" if name == "difference" else ", as dispersed as the months")
                ),
                n=int(row[counts].sum()),
                filter=context.filter,
                table="targeting_change",
                sentence=both(
                    lambda language: targeting_change_sentence(
                        table,
                        focus,
                        base=context.base.label,
                        comparison=context.comparison.label,
                        language=language,
                    )
                ),
            )
        )
    found.append(
        Finding(
            finding="areas with another share of civilian targeting",
            subject="targeting",
            estimate=float((table["q_value"] <= LEVEL).sum()),
            unit="areas with q up to 0.05",
            method="ratio of ratios in each area, Benjamini-Hochberg over all areas",
            n=int(table[counts].to_numpy().sum()),
            filter=context.filter,
            table="targeting_change",
            sentence=both(lambda language: targeting_areas_sentence(table, language=language)),
        )
    )
    return found


def spread_findings(context: Context, beside: Beside) -> list[Finding]:
    """Return over how few places events are spread, and whether hotspots held the next ones."""
    found = []
    if (few := beside.concentration) is not None and len(few):
        last = few.iloc[-1]
        found.append(
            Finding(
                finding="concentration",
                subject="place",
                estimate=float(last["share_of_areas"]),
                unit="share of municipalities that hold 80 % of events",
                method="fewest areas with 80 % of events; Gini beside it",
                n=int(last["events"]),
                filter=context.filter,
                table="concentration",
                sentence=both(lambda language: concentration_sentence(few, language=language)),
            )
        )
    if (held := beside.prediction) is not None and len(held):
        last = held[held["rule"] == "hotspots"].iloc[-1]
        found.append(
            Finding(
                finding="prediction",
                subject="place",
                estimate=float(last["hit_rate"]),
                unit="share of the next period's events in the hotspots of the last",
                method="hit rate and prediction accuracy index, beside two simple lists",
                n=int(last["events"]),
                filter=context.filter,
                table="prediction",
                sentence=both(lambda language: prediction_sentence(held, language=language)),
            )
        )
    return found


def emerging_findings(context: Context, beside: Beside) -> list[Finding]:
    """Return which groups are new, have returned or grow in the latest complete period."""
    table, focus = beside.emerging_actors, context.focus
    if table is None:
        return []
    rows = table[table["complete"].astype(bool)]
    if focus is not None:
        rows = rows[rows["cvegeo"] == focus]
    last = rows[rows["period"] == rows["period"].max()]
    flagged = last["emergence"].isin(["new", "returned", "growing"])
    return [
        Finding(
            finding="emerging groups",
            subject="actors",
            cvegeo=focus,
            estimate=float(flagged.sum()),
            unit="groups flagged",
            method=(
                "new, returned or growing against all earlier periods; exact ratio, "
                "Benjamini-Hochberg; fewer than 5 events are not flagged"
            ),
            n=int(last["events"].sum()),
            filter=context.filter,
            table="emerging_actors",
            sentence=both(
                lambda language: emerging_actors_sentence(
                    table, focus, context.name(language), language=language
                )
            ),
        )
    ]
