"""Findings beside the change itself: other areas, groups, the latest weeks, the account."""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.elsewhere import verdict_of
from geo.study.comparing_others import Mixing, Ringing
from geo.study.findings.context import Context
from geo.study.findings.finding import Finding, both
from geo.study.gathering import Parts
from geo.study.phrases import findings as phrases
from geo.study.settings import Language
from geo.study.spoken import elsewhere_sentence, fragmentation_sentence
from geo.study.spoken_elsewhere import ring_sentence, synthetic_sentence
from geo.study.surging import surges_sentence


def account_finding(context: Context) -> Finding:
    """Return where the records went, and how many events count for an area."""
    ledger, located = context.found.ledger, context.found.located
    counts = ledger.counts()
    places = {
        "states": int(located["cve_ent"].notna().sum()),
        "towns": int(located["cvegeo"].notna().sum()),
    }

    def say(language: Language) -> str:
        return phrases.ACCOUNT.say(
            language, summary=ledger.summary(), physical=ledger.physical, **counts, **places
        )

    return Finding(
        finding="account",
        subject="data",
        estimate=float(counts["used"]),
        unit="records used",
        method="every record used, filtered or quarantined; sums checked at each step",
        n=counts["used"],
        filter=context.filter,
        table="account",
        sentence=both(say),
    )


def elsewhere_findings(context: Context, parts: Parts) -> list[Finding]:
    """Return a finding for each set of areas that the one in focus is held against."""
    if parts.elsewhere is None:
        return []
    return [_elsewhere(context, row) for _, row in parts.elsewhere.table.iterrows()]


def _elsewhere(context: Context, row: pd.Series) -> Finding:
    return Finding(
        finding=f"against {row['donors']}",
        subject="elsewhere",
        cvegeo=context.focus,
        estimate=float(row["ratio"]),
        low=float(row["ratio_low"]),
        high=float(row["ratio_high"]),
        unit="times what is expected from the others",
        verdict=verdict_of(row),
        method=(
            "difference in differences as a ratio; quasi-Poisson with area and month effects; "
            f"placebo rank over {row['donor_areas']} areas, p = {row['p_in_space']:.3f}"
        ),
        n=int(row["base_events"] + row["comparison_events"]),
        filter=context.filter,
        table="elsewhere",
        sentence=both(
            lambda language: elsewhere_sentence(
                row,
                base=context.base.label,
                comparison=context.comparison.label,
                language=language,
            )
        ),
    )


def ring_findings(context: Context, around: Ringing | None) -> list[Finding]:
    """Return how the neighbors of the area in focus changed, against the areas beyond."""
    if around is None:
        return []
    table = around.table
    near = table[table["zone"] == "ring 1"]
    row = near.iloc[0] if len(near) else table.iloc[0]
    return [
        Finding(
            finding="ring",
            subject="elsewhere",
            cvegeo=context.focus,
            estimate=float(row["relative_ratio"]),
            low=float(row["relative_low"]),
            high=float(row["relative_high"]),
            unit="times the change of the areas beyond, in the neighboring areas",
            verdict=_apart(float(row["relative_low"]), float(row["relative_high"])),
            method="ratio of ratios with month effects, quasi-Poisson",
            n=int(row["base_events"] + row["comparison_events"]),
            filter=context.filter,
            table="ring",
            sentence=both(
                lambda language: ring_sentence(
                    table,
                    base=context.base.label,
                    comparison=context.comparison.label,
                    language=language,
                )
            ),
        )
    ]


def synthetic_findings(context: Context, mixed: Mixing | None) -> list[Finding]:
    """Return how the area in focus stands to a mixture of others that resembled it before."""
    if mixed is None:
        return []
    return [_synthetic(context, row) for _, row in mixed.table.iterrows()]


def _synthetic(context: Context, row: pd.Series) -> Finding:
    return Finding(
        finding=f"synthetic control, {row['donors']}",
        subject="elsewhere",
        cvegeo=context.focus,
        estimate=float(row["ratio"]),
        unit="times the mixture that resembled it before",
        verdict=None if bool(row["fits"]) else "the mixture does not fit",
        method=(
            f"synthetic control over {row['donor_areas']} areas; placebo rank, "
            f"p = {row['p_value']:.3f}"
        ),
        n=int(row["base_events"] + row["comparison_events"]),
        filter=context.filter,
        table="synthetic",
        sentence=both(
            lambda language: synthetic_sentence(
                row,
                base=context.base.label,
                comparison=context.comparison.label,
                language=language,
            )
        ),
    )


def _apart(low: float, high: float) -> str | None:
    if math.isnan(low):
        return None
    return "told apart" if low > 1 or high < 1 else "not told apart"


def group_findings(context: Context, groups: pd.DataFrame | None) -> list[Finding]:
    """Return over how many groups the events of the area in focus are spread."""
    focus = context.focus
    if groups is None or focus is None:
        return []
    rows = groups[(groups["cvegeo"] == focus) & groups["complete"].astype(bool)]
    last = rows.iloc[-1] if len(rows) else None
    return [
        Finding(
            finding="groups",
            subject="actors",
            cvegeo=focus,
            estimate=math.nan if last is None else float(last["effective_number"]),
            unit="groups of equal size",
            method="1 / HHI of appearances of identified groups in the latest complete period",
            n=0 if last is None else int(last["appearances"]),
            filter=context.filter,
            table="fragmentation",
            sentence=both(
                lambda language: fragmentation_sentence(groups, focus, language=language)
            ),
        )
    ]


def week_findings(context: Context, surges: pd.DataFrame | None, counted: int) -> list[Finding]:
    """Return which states are flagged in the latest weeks."""
    if surges is None or surges.empty:
        return []
    flagged = surges[surges["flag"].astype(bool)]
    return [
        Finding(
            finding="surges",
            subject="weeks",
            estimate=float(flagged["cvegeo"].nunique()),
            unit="states flagged",
            method="ACLED's surge and threat rules with their guards; exact ratio beside",
            n=counted,
            filter=context.filter,
            table="surges",
            sentence=both(lambda language: surges_sentence(surges, counted, language=language)),
        )
    ]
