"""What tables of change say, as sentences with numbers of events, interval and method.

None says what caused what.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from geo.steps.count import NOT_STATED
from geo.study.asked import asked_in, other_filters
from geo.study.labels import label, split_name
from geo.study.phrases import change as words
from geo.study.phrases import counted as filter_words
from geo.study.phrases.phrase import Phrase
from geo.study.settings import Language

SHOWN = 5
"""How many categories a sentence names."""

_LEVEL = 0.05


def ratio_sentence(
    row: pd.Series,
    name: str,
    *,
    base: str,
    comparison: str,
    event_date: str | None = None,
    ranked: int | None = None,
    language: Language = "en",
) -> str:
    """Return what a row of a ``CHANGE`` table says.

    Parameters
    ----------
    row
        The row, with the columns of a claim and of an event's day where they were asked for.
    name
        Of the area.
    base, comparison
        Labels of the windows.
    event_date
        The day that the event-aligned ratio begins on.
    ranked
        How many areas are in the ranking; without it the rank is not told.
    language
        In which the sentence is.

    Examples
    --------
    >>> row = pd.Series({"base_events": 10, "comparison_events": 25, "base_rate": 1.0,
    ...     "comparison_rate": 2.5, "rate_ratio": 2.5, "ratio_low": 1.16, "ratio_high": 5.83,
    ...     "quasi_low": 0.9, "quasi_high": 6.94, "dispersion": 1.9, "claim": 2.0,
    ...     "claim_inside": True, "claim_inside_quasi": True, "claim_p": 0.63,
    ...     "claim_quasi_p": 0.66})
    >>> print(ratio_sentence(row, "Sinaloa", base="2023", comparison="2024"))
    Sinaloa: 10 events in 2023, 25 in 2024; 1.00 and 2.50 per 100,000 person-years: 2.50 times
    (+150 %); 95 % interval 0.90-6.94 (quasi-Poisson, dispersion of monthly counts 1.9) and
    1.16-5.83 (exact, for independent events); the claim of 2 times lies inside both (p against
    it 0.66 and 0.63)
    """
    counts = words.COUNTS.say(
        language,
        name=name,
        base=base,
        comparison=comparison,
        before=int(row["base_events"]),
        after=int(row["comparison_events"]),
    )
    ratio = float(row["rate_ratio"])
    if math.isnan(ratio):
        return f"{counts}; {words.NO_RATIO.say(language)}"
    rates = words.RATES.say(language, before=row["base_rate"], after=row["comparison_rate"])
    if math.isinf(ratio):
        low = float(row["ratio_low"])
        parts = [counts, words.NO_BASE.say(language, rates=rates, low=low)]
    else:
        percent = round(100 * (ratio - 1))  # a whole number has no -0
        times = words.RATIO.say(language, rates=rates, ratio=ratio, percent=percent)
        parts = [counts, times, _intervals(row, language)]
    if "claim" in row.index:
        parts.append(_claim(row, language))
    if event_date is not None:
        parts.append(_aligned(row, base, event_date, language))
    if ranked is not None:
        parts.append(_rank(row, ranked, language))
    return "; ".join(parts)


def split_sentence(table: pd.DataFrame, by: str, *, language: Language = "en") -> str:
    """Return what an ``EXPLAINED`` table says: what adds most, and what grew more than the rest.

    Examples
    --------
    >>> from geo import schema
    >>> split_sentence(schema.EXPLAINED.empty(), "event_type")
    'By event type: no event in either window'
    >>> split_sentence(schema.EXPLAINED.empty(), "event_type", language="es")
    'Por tipo de evento: ningún evento en ninguna de las dos ventanas'
    """
    head = words.BY.say(language, by=split_name(by, language))
    if table.empty:
        return words.NO_EVENT.say(language, head=head)
    change = float(table["contribution"].sum())
    if table["contribution"].isna().any():
        largest = table.nlargest(SHOWN, "comparison_events")
        counts = ", ".join(
            f"{label(r.category, language)} {r.comparison_events:,}" for r in largest.itertuples()
        )
        return words.NO_PARTS.say(language, head=head, counts=counts)
    shown = ", ".join(_part(row, language) for _, row in table.head(SHOWN).iterrows())
    more = len(table) - SHOWN
    rest = words.PARTS_REST.say(language, number=more) if more > 0 else ""
    said = words.PARTS.say(language, head=head, change=100 * change, shown=shown, rest=rest)
    for phrase, side in (
        (words.GREW_MORE, table["ratio_of_ratios"] > 1),
        (words.GREW_LESS, table["ratio_of_ratios"] < 1),
    ):
        if (found := table[side & (table["q_value"] <= _LEVEL)]).empty:
            continue
        named = ", ".join(_against_rest(row, language) for _, row in found.head(SHOWN).iterrows())
        said += phrase.say(language, level=_LEVEL, named=named)
    return said


def targeting_sentence(table: pd.DataFrame, *, language: Language = "en") -> str:
    """Return whether civilian targeting grew more than the rest, from a split by it.

    It is called disproportionate only where the interval of the ratio of ratios lies above 1.

    Examples
    --------
    >>> from geo import schema
    >>> targeting_sentence(schema.EXPLAINED.empty())
    'Civilian targeting: no event of it in either window'

    An event that does not state its target is no event without civilians as its target:

    >>> silent = {"category": ["not stated"], "base_events": [2], "comparison_events": [3]}
    >>> targeting_sentence(pd.DataFrame(silent))
    'Civilian targeting: not known; no event of the windows states its target'
    """
    rows = table[table["category"] == "targeted"]
    if rows.empty:
        return _no_targeting(table, language)
    row = rows.iloc[0]
    head = words.TARGETING.say(
        language,
        base_events=row["base_events"],
        before=int(table["base_events"].sum()),
        base_share=_percent(row["base_share"], language),
        comparison_events=row["comparison_events"],
        after=int(table["comparison_events"].sum()),
        comparison_share=_percent(row["comparison_share"], language),
    )
    low, high, method = _ror_interval(row)
    if math.isnan(low):
        return words.NO_REST.say(language, head=head)
    verdict = (
        words.DISPROPORTIONATE if low > 1 else words.LESS_THAN_REST if high < 1 else words.NOT_SHOWN
    )
    return words.TARGETING_GREW.say(
        language,
        head=head,
        times=_times(row["ratio_of_ratios"], language),
        low=_number(low, language),
        high=_number(high, language),
        method=method.say(language),
        p=_p(row["fisher_p"], language),
        verdict=verdict.say(language),
    )


def _no_targeting(table: pd.DataFrame, language: Language) -> str:
    """Return that no event targeted civilians, as far as the events state it."""
    events = table["base_events"] + table["comparison_events"]
    others = int(events[table["category"] == NOT_STATED].sum())
    stated = int(events.sum()) - others
    if not others:
        return words.NO_TARGETING.say(language)
    if not stated:
        return words.TARGETING_UNKNOWN.say(language)
    return words.NO_TARGETING_STATED.say(language, stated=stated, others=others)


def counted_words(filters: Mapping[str, object], *, language: Language = "en") -> str:
    """Return which events a study counts.

    Examples
    --------
    >>> wishes = {"event_types": ["Battles", "Riots"], "fatal_only": True}
    >>> counted_words({}), counted_words(wishes)
    ('all events', 'events of type Battles or Riots, with at least one death')
    >>> counted_words(wishes, language="es")
    'eventos de tipo Enfrentamientos o Disturbios, con al menos una muerte'
    """
    said = [
        filter_words.FILTERS[name].say(language, value=_listed(value, name, language))
        if name in filter_words.FILTERS
        else filter_words.OTHER.say(language, name=name, value=_listed(value, name, language))
        for name, value in other_filters(filters).items()
        if value is not False
    ]
    if asked := asked_in(filters):
        return ", ".join([str(getattr(asked, language)), *said])
    if not said:
        return filter_words.ALL.say(language)
    return filter_words.SOME.say(language, wishes=", ".join(said))


def _listed(value: object, name: str, language: Language) -> str:
    several = sorted(value) if isinstance(value, set | frozenset) else value
    listed = several if isinstance(several, list | tuple) else [several]
    said = [_filter_value(entry, name, language) for entry in listed]
    if language == "en":
        return filter_words.OR.en.join(said)
    text = said[0] if said else ""
    for entry in said[1:]:
        # Spanish has "u" for "o" before a word that begins with that sound.
        text += (" u " if re.match("h?[oó]", entry, re.IGNORECASE) else " o ") + entry
    return text


def _filter_value(value: object, name: str, language: Language) -> str:
    if language == "es" and name.endswith("_precisions"):
        return filter_words.PRECISION.get(str(value), str(value))
    return label(value, language) if name.endswith("_types") else str(value)


def _intervals(row: pd.Series, language: Language) -> str:
    exact = f"{_number(row['ratio_low'], language)}-{_number(row['ratio_high'], language)}"
    if math.isnan(row["quasi_low"]):
        return words.EXACT_ALONE.say(language, exact=exact)
    quasi = f"{_number(row['quasi_low'], language)}-{_number(row['quasi_high'], language)}"
    return words.BOTH_INTERVALS.say(
        language, quasi=quasi, exact=exact, dispersion=row["dispersion"]
    )


def _claim(row: pd.Series, language: Language) -> str:
    claim = row["claim"]
    if pd.isna(row["claim_inside"]):
        return words.NO_CLAIM.say(language, claim=claim)
    exact, quasi = bool(row["claim_inside"]), row["claim_inside_quasi"]
    p = _p(row["claim_p"], language)
    if pd.isna(quasi):
        where = words.INSIDE_IT if exact else words.OUTSIDE_IT
    else:
        where = words.IN_WHICH[bool(quasi), exact]
        p = words.TWO.say(language, first=_p(row["claim_quasi_p"], language), second=p)
    return words.CLAIM.say(language, claim=claim, where=where.say(language), p=p)


def _aligned(row: pd.Series, base: str, event_date: str, language: Language) -> str:
    said = words.ALIGNED.say(
        language,
        date=event_date,
        events=int(row["aligned_events"]),
        ratio=_exact(row, "aligned", language),
        base=base,
    )
    if pd.isna(row["same_days_events"]):
        return said
    return words.SAME_DAYS.say(
        language,
        aligned=said,
        ratio=_exact(row, "same_days", language),
        events=int(row["same_days_events"]),
    )


def _exact(row: pd.Series, name: str, language: Language) -> str:
    ratio, low, high = (float(row[f"{name}_{part}"]) for part in ("ratio", "low", "high"))
    if math.isnan(ratio):
        return words.RATIO_TO_NONE.say(language)
    if math.isinf(ratio):
        return words.EXACT_LEAST.say(language, low=_number(low, language))
    return words.EXACT_RATIO.say(
        language,
        ratio=_number(ratio, language),
        low=_number(low, language),
        high=_number(high, language),
    )


def _rank(row: pd.Series, ranked: int, language: Language) -> str:
    if pd.isna(row["rank"]):
        return words.NOT_RANKED.say(language)
    return words.RANK.say(language, rank=int(row["rank"]), ranked=ranked)


def _part(row: pd.Series, language: Language) -> str:
    interval = ""
    if not math.isnan(row["contribution_low"]):
        low, high = 100 * row["contribution_low"], 100 * row["contribution_high"]
        limits = words.POINTS_LEAST if math.isinf(high) else words.POINTS_INTERVAL
        interval = limits.say(language, low=low, high=high)
    return words.PART.say(
        language,
        category=label(row["category"], language),
        points=100 * row["contribution"],
        interval=interval,
        before=row["base_events"],
        after=row["comparison_events"],
    )


def _against_rest(row: pd.Series, language: Language) -> str:
    low, high, method = _ror_interval(row)
    category = label(row["category"], language)
    if not row["base_events"]:
        return words.NEW_CATEGORY.say(
            language,
            category=category,
            events=row["comparison_events"],
            low=_number(low, language),
            method=method.say(language),
        )
    return words.AGAINST_REST.say(
        language,
        category=category,
        times=_times(row["ratio_of_ratios"], language),
        low=_number(low, language),
        high=_number(high, language),
        method=method.say(language),
        before=_percent(row["base_share"], language),
        after=_percent(row["comparison_share"], language),
    )


def _ror_interval(row: pd.Series) -> tuple[float, float, Phrase]:
    if math.isnan(row["ror_quasi_low"]):
        return float(row["ror_low"]), float(row["ror_high"]), words.EXACT
    low, high = float(row["ror_quasi_low"]), float(row["ror_quasi_high"])
    return low, high, words.QUASI_BY_MONTH


def _times(ratio: float, language: Language) -> str:
    if np.isinf(ratio):
        return words.INFINITE_TIMES.say(language)
    return words.TIMES.say(language, ratio=_number(ratio, language))


def _number(value: float, language: Language) -> str:
    return words.INFINITE.say(language) if math.isinf(value) else f"{value:.2f}"


def _percent(share: float, language: Language) -> str:
    return words.NO_SHARE.say(language) if math.isnan(share) else f"{100 * share:.0f} %"


def _p(value: float, language: Language) -> str:
    return words.P_BELOW.say(language) if value < 0.001 else f"{value:.2g}"
