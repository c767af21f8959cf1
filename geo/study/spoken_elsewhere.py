"""What is said of an area beside a mixture of others, its rings, and others month by month.

None says what caused what, or that anything moved.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from geo.steps.displacement import BEYOND
from geo.steps.elsewhere import LEAST_PLACEBOS
from geo.study.labels import label
from geo.study.phrases import others as words
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language
from geo.study.titles import area_name


def synthetic_sentence(
    row: pd.Series, *, base: str, comparison: str, language: Language = "en"
) -> str:
    """Return what a row of a ``SYNTHETIC`` table says.

    Examples
    --------
    >>> row = pd.Series({"cvegeo": "25", "donors": "all others", "donor_areas": 31,
    ...     "mixed_areas": 4, "months_base": 12, "months_comparison": 12, "base_events": 240,
    ...     "comparison_events": 600, "comparison_rate": 18.95, "synthetic_comparison_rate": 6.69,
    ...     "pre_error": 1.52, "pre_error_share": 0.2, "fits": True, "post_error": 19.69,
    ...     "error_ratio": 12.98, "ratio": 2.83, "rank": 1, "placebos": 31, "p_value": 0.03125})
    >>> synthetic_sentence(row, base="2023", comparison="2024")
    'Sinaloa against a mixture of 4 of 31 areas (all others), fitted to 12 months of 2023 with 240
    events: higher than the mixture; in 2024 (12 months) 600 events and a mean rate of 18.95 per
    100,000 person-years against 6.69 of the mixture, 2.83 times; error (RMSPE) 1.52 before, 20 % of
    the rate, and 19.69 after, 13.0 times; rank 1 of 32 by that ratio, p = 0.031 (synthetic
    control; no interval, ranks alone)'
    """
    ratio, error_ratio, share = row["ratio"], row["error_ratio"], row["pre_error_share"]
    ranked = not math.isnan(row["p_value"])
    return words.SYNTHETIC.say(
        language,
        name=area_name(row["cvegeo"]),
        mixed=row["mixed_areas"],
        areas=row["donor_areas"],
        which=label(row["donors"], language),
        months_before=row["months_base"],
        base=base,
        before=row["base_events"],
        verdict=_synthetic_verdict(row).say(language),
        comparison=comparison,
        months_after=row["months_comparison"],
        after=row["comparison_events"],
        rate=row["comparison_rate"],
        mixture=row["synthetic_comparison_rate"],
        times=words.TIMES.say(language, ratio=ratio) if math.isfinite(ratio) else "",
        pre=row["pre_error"],
        share=(words.NO_SHARE if math.isnan(share) else words.PERCENT).say(
            language, share=100 * share
        ),
        post=row["post_error"],
        error_times=(
            words.ERROR_TIMES.say(language, ratio=error_ratio) if math.isfinite(error_ratio) else ""
        ),
        ranked=(
            words.RANKED.say(
                language, rank=row["rank"], number=row["placebos"] + 1, p=row["p_value"]
            )
            if ranked
            else words.NOT_RANKED.say(language)
        ),
    )


def _synthetic_verdict(row: pd.Series) -> Phrase:
    if not row["fits"]:
        return words.NO_FIT
    if row["placebos"] < LEAST_PLACEBOS:
        return words.TOO_FEW
    if not row["p_value"] <= 1 / (LEAST_PLACEBOS + 1):
        return words.NOT_RARE
    return words.LOWER if row["ratio"] < 1 else words.HIGHER


def ring_sentence(
    ring: pd.DataFrame, *, base: str, comparison: str, language: Language = "en"
) -> str:
    """Return what a ``RING`` table says of an area.

    Examples
    --------
    >>> row = {"cvegeo": "25", "areas": 4, "months_base": 12, "months_comparison": 12,
    ...     "base_events": 299, "comparison_events": 252, "ratio": 0.83, "ratio_low": 0.7,
    ...     "ratio_high": 0.99, "quasi_low": 0.66, "quasi_high": 1.05, "dispersion": 1.7,
    ...     "relative_ratio": 0.83, "relative_low": 0.65, "relative_high": 1.07, "more": -49.8,
    ...     "more_low": -133.4, "more_high": 15.7}
    >>> rest = {"areas": 23, "base_events": 2783, "comparison_events": 2802, "ratio": 1.0,
    ...     "quasi_low": 0.93, "quasi_high": 1.07, "dispersion": 1.6}
    >>> ring_sentence(pd.DataFrame([{**row, "zone": "ring 1"}, {**row, **rest, "zone": "beyond"}]),
    ...     base="2023", comparison="2024")
    'Around Sinaloa, 2024 against 2023 (12 and 12 months): its neighbors (4 areas) 299 and 252
    events, 0.83 times (95 % interval 0.66-1.05, quasi-Poisson, dispersion 1.7), not told apart
    from the areas beyond: 0.83 times their change (95 % interval 0.65-1.07, month effects), -50
    events against expectation (-133 to +16); the 23 areas beyond changed 1.00 times (2,783 and
    2,802 events, 95 % interval 0.93-1.07, quasi-Poisson, dispersion 1.6). It does not say that
    anything moved from one to another'
    """
    zones = ring[ring["zone"] != BEYOND]
    beyond = ring[ring["zone"] == BEYOND].iloc[0]
    return words.RING.say(
        language,
        name=area_name(beyond["cvegeo"]),
        base=base,
        comparison=comparison,
        months_before=beyond["months_base"],
        months_after=beyond["months_comparison"],
        zones="; ".join(_zone(row, language) for _, row in zones.iterrows()),
        areas=beyond["areas"],
        before=beyond["base_events"],
        after=beyond["comparison_events"],
        ratio=_ratio(beyond["ratio"], language),
        limits=_limits(beyond, language),
    )


def _zone(row: pd.Series, language: Language) -> str:
    zone = words.ZONES[row["zone"]].say(language)
    if not row["areas"]:
        return words.NO_ZONE.say(language, zone=zone)
    told = not math.isnan(row["relative_low"])
    verdict = words.NOT_APART
    if told and row["relative_low"] > 1:
        verdict = words.MORE_THAN
    elif told and row["relative_high"] < 1:
        verdict = words.LESS_THAN
    return words.ZONE.say(
        language,
        zone=zone,
        areas=row["areas"],
        before=row["base_events"],
        after=row["comparison_events"],
        ratio=_ratio(row["ratio"], language),
        limits=_limits(row, language),
        verdict=verdict.say(language),
        relative=(
            words.RELATIVE.say(
                language,
                ratio=row["relative_ratio"],
                low=row["relative_low"],
                high=row["relative_high"],
                more=_whole(row["more"]),
                more_low=_whole(row["more_low"]),
                more_high=_whole(row["more_high"]),
            )
            if told
            else ""
        ),
    )


def _limits(row: pd.Series, language: Language) -> str:
    """Return the quasi-Poisson interval, or the exact one where there is none."""
    if not math.isnan(row["quasi_low"]):
        said = words.INTERVAL.say(language, low=row["quasi_low"], high=row["quasi_high"])
        return words.QUASI.say(language, limits=said, dispersion=row["dispersion"])
    if math.isnan(row["ratio_low"]):
        return words.NO_INTERVAL.say(language)
    said = words.INTERVAL.say(language, low=row["ratio_low"], high=row["ratio_high"])
    return words.EXACT.say(language, limits=said)


def _ratio(ratio: float, language: Language) -> str:
    if not math.isfinite(ratio):
        return words.NO_RATIO.say(language)
    return words.RATIO.say(language, ratio=ratio)


def _whole(number: float) -> float:
    """Return a number rounded, without a minus before nothing."""
    return round(number) + 0.0


def event_study_sentence(
    table: pd.DataFrame, trend: pd.Series, *, language: Language = "en"
) -> str:
    """Return what an ``EVENT_STUDY`` table says, of the donors of a row of a ``PRE_TRENDS`` table.

    Examples
    --------
    >>> row = {"donors": "all others", "months": 1, "events": 20, "donor_events": 317}
    >>> table = pd.DataFrame([
    ...     {**row, "period": "2024-05", "phase": "before", "ratio": 1.22, "ratio_low": 0.53,
    ...      "ratio_high": 2.84},
    ...     {**row, "period": "2024-06", "phase": "reference", "ratio": 1.0},
    ...     {**row, "period": "2024-10", "phase": "after", "ratio": 5.28, "ratio_low": 2.7,
    ...      "ratio_high": 10.3}])
    >>> trend = pd.Series({"cvegeo": "25", "donors": "all others", "donor_areas": 31, "months": 1,
    ...     "slope": 1.002, "slope_low": 0.991, "slope_high": 1.012, "joint_f": 0.3,
    ...     "joint_p": 0.99, "dispersion": 1.8})
    >>> event_study_sentence(table, trend)
    'Sinaloa against 31 areas (all others), each month against 2024-06 (20 events in the area, 317
    there): before it 1 ratio from 1.22 times to 1.22 times, 0 of them with a 95 % interval that
    leaves out 1, growth 1.00 times a month (95 % interval 0.99-1.01), joint F 0.30, p 0.99, which
    is no proof that both would have gone on alike; after the date 1 ratio from 5.28 times to 5.28
    times, 1 of them with a 95 % interval that leaves out 1 (quasi-Poisson, dispersion of the areas
    1.8; each interval by itself)'
    """
    rows = table[table["donors"] == trend["donors"]]
    reference = rows[rows["phase"] == "reference"].iloc[0]
    length, low = trend["months"], trend["slope_low"]
    unit = words.MONTH if length == 1 else words.SEVERAL_MONTHS
    return words.EVENT_STUDY.say(
        language,
        name=area_name(trend["cvegeo"]),
        areas=trend["donor_areas"],
        which=label(trend["donors"], language),
        unit=unit.say(language, months=length),
        reference=reference["period"],
        events=reference["events"],
        donor_events=reference["donor_events"],
        before=_span(rows[rows["phase"] == "before"], language),
        after=_span(rows[rows["phase"] == "after"], language),
        slope=_ratio(trend["slope"], language),
        limits=(
            words.NO_INTERVAL.say(language)
            if math.isnan(low)
            else words.INTERVAL.say(language, low=low, high=trend["slope_high"])
        ),
        f=_number(trend["joint_f"], language),
        p=_number(trend["joint_p"], language),
        dispersion=trend["dispersion"],
    )


def _span(rows: pd.DataFrame, language: Language) -> str:
    there = rows[np.isfinite(rows["ratio"])]
    if there.empty:
        return words.NO_SPAN.say(language)
    outside = (there["ratio_low"] > 1) | (there["ratio_high"] < 1)
    return words.SPAN.say(
        language,
        number=len(there),
        least=_ratio(there["ratio"].min(), language),
        most=_ratio(there["ratio"].max(), language),
        outside=int(outside.sum()),
    )


def _number(value: float, language: Language) -> str:
    if math.isnan(value):
        return words.NOT_DEFINED.say(language)
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
