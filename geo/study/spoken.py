"""What tables of groups, series and comparisons say of one area, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.elsewhere import ABOVE, LEAST_PLACEBOS, NOT_TOLD_APART, verdict_of
from geo.study.labels import label
from geo.study.phrases import actors, elsewhere
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language
from geo.study.titles import area_name


def fragmentation_sentence(groups: pd.DataFrame, code: str, *, language: Language = "en") -> str:
    """Return what a ``FRAGMENTATION`` table says of the last two complete periods of an area.

    Examples
    --------
    >>> from geo import schema
    >>> fragmentation_sentence(schema.FRAGMENTATION.empty(), "25")
    'Sinaloa: no complete period to speak of'
    >>> fragmentation_sentence(schema.FRAGMENTATION.empty(), "25", language="es")
    'Sinaloa: ningún periodo completo del que hablar'
    """
    rows = groups[(groups["cvegeo"] == code) & groups["complete"].astype(bool)].tail(2)
    name = area_name(code)
    if rows.empty:
        return actors.NO_PERIOD.say(language, name=name)
    said = [_spread(row, language) for _, row in rows.iterrows()]
    last = rows.iloc[-1]
    if len(rows) == 2 and not pd.isna(last["new_dyads"]):
        said.append(_new_pairs(last, language))
    return actors.WHOLE.say(language, name=name, said="; ".join(said))


def groups_sentence(groups: pd.DataFrame, *, language: Language = "en") -> str:
    """Return what a whole ``FRAGMENTATION`` table rests on.

    Examples
    --------
    >>> groups = pd.DataFrame({"cvegeo": ["25", "08"], "period": ["2024", "2024"],
    ...     "events": [600, 10], "group_events": [100, 0], "appearances": [154, 0],
    ...     "unidentified": [31, 0]})
    >>> groups_sentence(groups)
    '2 areas x 1 period, 610 events, 100 of them with an armed group: 154 appearances of
    identified groups, 31 of unidentified ones'
    """
    return actors.OF_ALL.say(
        language,
        areas=groups["cvegeo"].nunique(),
        periods=groups["period"].nunique(),
        events=int(groups["events"].sum()),
        grouped=int(groups["group_events"].sum()),
        identified=int(groups["appearances"].sum()),
        hidden=int(groups["unidentified"].sum()),
    )


def _spread(row: pd.Series, language: Language) -> str:
    period = row["period"]
    if not row["appearances"]:
        return actors.NO_GROUP.say(language, period=period, events=row["group_events"])
    hhi = row["hhi_unbiased"]
    return actors.SPREAD.say(
        language,
        period=period,
        number=row["effective_number"],
        hhi=row["hhi"],
        unbiased="" if math.isnan(hhi) else actors.UNBIASED.say(language, hhi=hhi),
        appearances=row["appearances"],
        groups=row["groups"],
        share=100 * row["unidentified_share"],
        low=_percent(row["share_low"]),
        high=_percent(row["share_high"]),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share == 0 or share >= 0.01 else f"{100 * share:.1f}"


def _new_pairs(row: pd.Series, language: Language) -> str:
    share, ended = row["share_in_new"], row["ended_dyads"]
    return actors.NEW_PAIRS.say(
        language,
        pairs=row["dyads"],
        period=row["period"],
        new=row["new_dyads"],
        events="" if math.isnan(share) else actors.EVENTS_OF_NEW.say(language, share=100 * share),
        ended="" if pd.isna(ended) else actors.ENDED.say(language, ended=ended),
    )


def elsewhere_sentence(
    row: pd.Series, *, base: str, comparison: str, language: Language = "en"
) -> str:
    """Return what a row of an ``ELSEWHERE`` table says.

    Examples
    --------
    >>> row = pd.Series({"cvegeo": "25", "donors": "all others", "donor_areas": 31,
    ...     "base_events": 240, "comparison_events": 600, "months_base": 12,
    ...     "months_comparison": 12, "expected": 239.4, "ratio": 2.506, "two_way_ratio": 2.507,
    ...     "ratio_low": 1.99, "ratio_high": 3.16, "dispersion": 2.19, "focus_ratio": 2.48,
    ...     "donor_ratio": 0.99, "rank_in_space": 1, "placebos_in_space": 31, "p_in_space": 0.03125,
    ...     "rank_in_time": pd.NA, "placebos_in_time": 0, "p_in_time": float("nan")})
    >>> elsewhere_sentence(row, base="2023", comparison="2024")
    'Sinaloa against 31 areas (all others), 240 events in 2023 (12 months) and 600 in 2024 (12):
    higher than expected from them, 600 events for 239.4 expected: 2.51 times (growth 2.48 times in
    focus, 0.99 times there; with area and month effects 2.51, 95 % interval 1.99-3.16,
    quasi-Poisson, dispersion 2.2); rank 1 of 32 in space (p = 0.031)'
    """
    head = elsewhere.HEAD.say(
        language,
        name=area_name(row["cvegeo"]),
        areas=row["donor_areas"],
        which=label(row["donors"], language),
        before=row["base_events"],
        base=base,
        months_before=row["months_base"],
        after=row["comparison_events"],
        comparison=comparison,
        months_after=row["months_comparison"],
    )
    ratio, low = row["ratio"], row["ratio_low"]
    if math.isnan(ratio) or math.isinf(ratio):
        return elsewhere.NO_RATIO.say(language, head=head)
    limits = (
        elsewhere.NO_INTERVAL.say(language)
        if math.isnan(low)
        else elsewhere.INTERVAL.say(language, low=low, high=row["ratio_high"])
    )
    ranks = [_rank(row, kind, language) for kind in ("space", "time")]
    return elsewhere.WHOLE.say(
        language,
        head=head,
        direction=_direction(row).say(language),
        events=row["comparison_events"],
        expected=row["expected"],
        ratio=ratio,
        focus=row["focus_ratio"],
        donors=row["donor_ratio"],
        two_way=row["two_way_ratio"],
        limits=limits,
        dispersion=row["dispersion"],
        ranks=", ".join(rank for rank in ranks if rank),
    )


def _direction(row: pd.Series) -> Phrase:
    """Return which way it differs, or why that cannot be told."""
    verdict = verdict_of(row)
    if verdict != NOT_TOLD_APART:
        return elsewhere.HIGHER if verdict == ABOVE else elsewhere.LOWER
    if not row["ratio_low"] > 1 and not row["ratio_high"] < 1:
        return elsewhere.NOT_APART
    if row["placebos_in_space"] < LEAST_PLACEBOS:
        return elsewhere.TOO_FEW
    return elsewhere.NO_RARER


def _rank(row: pd.Series, kind: str, language: Language) -> str:
    if pd.isna(row[f"rank_in_{kind}"]) or not row[f"placebos_in_{kind}"]:
        return ""
    return elsewhere.RANK.say(
        language,
        rank=row[f"rank_in_{kind}"],
        number=row[f"placebos_in_{kind}"] + 1,
        kind=elsewhere.KIND[kind].say(language),
        p=row[f"p_in_{kind}"],
    )
