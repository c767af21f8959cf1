"""What tables of civilian targeting and of emerging groups say, as sentences with n and method.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.steps.emerging_actors import FLAGS, LEAST_EVENTS
from geo.study.phrases import targeting as words
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language
from geo.study.titles import area_name

_SHOWN = 5
_LEVEL = 0.05


def shares_sentence(table: pd.DataFrame, code: str, *, language: Language = "en") -> str:
    """Return what a ``TARGETING`` table says of the last two complete periods of an area.

    Examples
    --------
    >>> from geo import schema
    >>> shares_sentence(schema.TARGETING.empty(), "25")
    'Sinaloa: no complete period to speak of'
    """
    rows = table[(table["cvegeo"] == code) & table["complete"].astype(bool)].tail(2)
    name = area_name(code)
    if rows.empty:
        return words.NO_PERIOD.say(language, name=name)
    said = "; ".join(_share(row, language) for _, row in rows.iterrows())
    return words.SHARES.say(language, name=name, said=said)


def _share(row: pd.Series, language: Language) -> str:
    if math.isnan(row["share"]):
        return words.NO_SHARE.say(language, period=row["period"], events=row["events"])
    by_months = not math.isnan(row["spread_low"])
    dispersion = row["dispersion"]
    limits = (words.SPREAD if by_months else words.EXACT).say(
        language,
        low=100 * row["spread_low"],
        high=100 * row["spread_high"],
        dispersion="-" if math.isnan(dispersion) else f"{dispersion:.1f}",
        exact_low=100 * row["share_low"],
        exact_high=100 * row["share_high"],
    )
    return words.SHARE.say(
        language,
        period=row["period"],
        targeted=row["targeted"],
        stated=row["targeted"] + row["not_targeted"],
        share=100 * row["share"],
        limits=limits,
        hidden=_hidden(row["not_stated"], language),
    )


def targeting_change_sentence(
    table: pd.DataFrame, code: str, *, base: str, comparison: str, language: Language = "en"
) -> str:
    """Return what a ``TARGETING_CHANGE`` table says of an area.

    It is said to have grown more, or less, than the rest only where the interval of the ratio of
    ratios leaves out 1: that by months where there is one.

    Examples
    --------
    >>> from geo import schema
    >>> from geo.steps.targeting import compare_targeting
    >>> table = compare_targeting(schema.ASSIGNED.empty(), base="2023", comparison="2024")
    >>> targeting_change_sentence(table, "25", base="2023", comparison="2024")
    'Sinaloa: no share of civilian targeting in 2023 or 2024'
    """
    row = table[table["cvegeo"] == code].iloc[0]
    name = area_name(code)
    if math.isnan(row["share_difference"]):
        return words.NOTHING.say(language, name=name, base=base, comparison=comparison)
    by_months = not math.isnan(row["spread_low"])
    limits = (words.POINTS_SPREAD if by_months else words.POINTS_EXACT).say(
        language,
        low=100 * row["spread_low"],
        high=100 * row["spread_high"],
        exact_low=100 * row["difference_low"],
        exact_high=100 * row["difference_high"],
    )
    return words.CHANGE.say(
        language,
        name=name,
        base=base,
        comparison=comparison,
        base_targeted=row["base_targeted"],
        base_stated=row["base_targeted"] + row["base_not_targeted"],
        base_share=100 * row["base_share"],
        targeted=row["comparison_targeted"],
        stated=row["comparison_targeted"] + row["comparison_not_targeted"],
        share=100 * row["comparison_share"],
        points=100 * row["share_difference"],
        limits=limits,
        hidden=_hidden(row["base_not_stated"] + row["comparison_not_stated"], language),
        test=_test(row, int(table["q_value"].count()), language),
    )


def _test(row: pd.Series, areas: int, language: Language) -> str:
    if math.isnan(row["fisher_p"]):
        return words.UNTESTED.say(language)
    by_months = not math.isnan(row["ror_quasi_p"])
    name = "ror_quasi" if by_months else "ror"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    ratio = float(row["ratio_of_ratios"])
    return (words.TEST_NO_RATIO if math.isinf(ratio) else words.TEST).say(
        language,
        verdict=_verdict(low, high).say(language),
        ratio=ratio,
        low=low,
        high=words.NO_LIMIT.say(language) if math.isinf(high) else f"{high:.2f}",
        method=(words.BY_MONTHS if by_months else words.BY_FISHER).say(language),
        p=_p(row["ror_quasi_p"] if by_months else row["fisher_p"]),
        q=_p(row["q_value"]),
        areas=areas,
    )


def _verdict(low: float, high: float) -> Phrase:
    if low > 1:
        return words.MORE
    return words.LESS if high < 1 else words.NOT_APART


def targeting_areas_sentence(table: pd.DataFrame, *, language: Language = "en") -> str:
    """Return in how many areas of a ``TARGETING_CHANGE`` table targeting grew otherwise.

    Examples
    --------
    >>> from geo import schema
    >>> targeting_areas_sentence(schema.TARGETING_CHANGE.empty())
    '0 areas tested, q up to 0.05 in 0; 0 events, 0 do not state whether civilians were the target
    and are in no share'
    """
    found = table[table["q_value"] <= _LEVEL].sort_values("q_value", kind="stable")
    shown = ", ".join(area_name(code) for code in found["cvegeo"].head(_SHOWN))
    hidden = int((table["base_not_stated"] + table["comparison_not_stated"]).sum())
    kinds = ("targeted", "not_targeted", "not_stated")
    events = sum(int(table[f"{side}_{k}"].sum()) for side in ("base", "comparison") for k in kinds)
    return words.OF_AREAS.say(
        language,
        tested=int(table["q_value"].count()),
        found=len(found),
        shown=f": {shown}" if shown else "",
        events=events,
        hidden=hidden,
    )


def emerging_actors_sentence(
    table: pd.DataFrame, code: str | None, place: str, *, language: Language = "en"
) -> str:
    """Return which groups an ``EMERGING_ACTORS`` table flags in its last complete period.

    Parameters
    ----------
    table
        The table.
    code
        Area that is spoken of; all areas of the table without one.
    place
        What it is called.

    Examples
    --------
    >>> from geo import schema
    >>> emerging_actors_sentence(schema.EMERGING_ACTORS.empty(), None, "Mexico")
    'Mexico: no identified group in a complete period'
    """
    rows = table[table["complete"].astype(bool)]
    if rows.empty:
        return words.NO_ACTORS.say(language, place=place)
    last = rows[rows["periods_before"] == rows["periods_before"].max()]
    period, earlier = last["period"].iloc[0], int(last["periods_before"].iloc[0])
    here = last if code is None else last[last["cvegeo"] == code]
    told = {
        "place": place,
        "period": period,
        "least": LEAST_EVENTS,
        "groups": here["actor"].nunique(),
    }
    said = []
    for flag in FLAGS:
        flagged = here[here["emergence"] == flag].sort_values(
            ["events", "cvegeo", "actor"], ascending=[False, True, True]
        )
        if flagged.empty:
            continue
        shown = [_actor(row, code is None, language) for _, row in flagged.head(_SHOWN).iterrows()]
        more = len(flagged) - _SHOWN
        rest = words.MORE_ACTORS.say(language, number=more) if more > 0 else ""
        said.append(words.FLAGS[flag].say(language, shown=", ".join(shown) + rest))
    if not said:
        return words.NONE_EMERGING.say(language, **told)
    return words.EMERGING.say(language, **told, said="; ".join(said), earlier=earlier)


def _actor(row: pd.Series, named: bool, language: Language) -> str:  # noqa: FBT001
    grown = row["emergence"] == "growing"
    before = row["previous_events"]
    return (words.GROWN if grown else words.ACTOR).say(
        language,
        actor=row["actor"],
        area=f", {area_name(row['cvegeo'])}" if named else "",
        events=row["line_events"] if grown else row["events"],
        share=100 * row["share"],
        before=0 if pd.isna(before) else int(before),
        ratio=row["growth_ratio"],
        low=row["growth_low"],
        high=row["growth_high"],
        q=_p(row["q_value"]),
    )


def _hidden(number: int, language: Language) -> str:
    return words.HIDDEN.say(language, number=number) if number else ""


def _p(value: float) -> str:
    if math.isnan(value):
        return "-"
    if value < 0.0001:
        return "<0.0001"
    return f"{value:.4f}" if value < 0.01 else f"{value:.2f}"
