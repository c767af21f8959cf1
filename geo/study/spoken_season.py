"""What is said of months of the year, and of rates and people as parts of a change.

None says what caused what.
"""

from __future__ import annotations

import math

import pandas as pd

from geo.cvegeo import Level
from geo.steps.composition import Whole
from geo.study.phrases import composition as parts
from geo.study.phrases import season as words
from geo.study.settings import Language
from geo.study.titles import area_name

_LEVEL = 0.05


def season_sentence(season: pd.DataFrame, strength: pd.Series, *, language: Language = "en") -> str:
    """Return what a ``SEASON`` table says of the area of a row of a ``SEASONALITY`` table.

    Examples
    --------
    >>> strength = pd.Series({"cvegeo": "25", "first": "2022-01", "last": "2024-12", "months": 36,
    ...     "events": 1068, "p_years": 0.028, "p_linear": 0.347, "p_ranks": 0.437,
    ...     "p_value": 0.437, "dispersion": 8.7, "explained": 0.559, "explained_by_chance": 1 / 3,
    ...     "high_month": 10, "low_month": 3})
    >>> season = pd.DataFrame({"cvegeo": "25", "month": [3, 10], "ratio": [0.58, 2.03],
    ...     "ratio_low": [0.25, 1.25], "ratio_high": [1.35, 3.28]})
    >>> season_sentence(season, strength)
    'Sinaloa, 1,068 events in 36 complete months, 2022-01 to 2024-12: no season that can be told
    from chance, growth or a single year (p = 0.437, the largest of F beside years 0.028, F beside a
    steady growth 0.347 and Friedman 0.437); highest October 2.03 times (95 % interval 1.25-3.28),
    lowest March 0.58 times (95 % interval 0.25-1.35), against the mean month (quasi-Poisson,
    dispersion 8.7); months of the year take 56 % of the variation within years, 33 % if by chance
    alone'
    """
    head = {
        "name": area_name(strength["cvegeo"]),
        "events": strength["events"],
        "months": strength["months"],
        "first": strength["first"],
        "last": strength["last"],
    }
    if math.isnan(strength["p_years"]):
        return words.NOT_DEFINED.say(language, **head)
    months = season[season["cvegeo"] == strength["cvegeo"]].set_index("month")
    verdict = words.IS_SEASON if strength["p_value"] <= _LEVEL else words.NO_SEASON
    return words.SEASON.say(
        language,
        **head,
        verdict=verdict.say(language),
        p=strength["p_value"],
        years=strength["p_years"],
        linear=strength["p_linear"],
        ranks=strength["p_ranks"],
        high=_month(months, strength["high_month"], language),
        low=_month(months, strength["low_month"], language),
        dispersion=strength["dispersion"],
        explained=100 * strength["explained"],
        chance=100 * strength["explained_by_chance"],
    )


def _month(months: pd.DataFrame, number: int, language: Language) -> str:
    row = months.loc[number]
    return words.MONTH.say(
        language,
        month=words.MONTHS[number].say(language),
        ratio=row["ratio"],
        low=row["ratio_low"],
        high=row["ratio_high"],
    )


def composition_sentence(
    whole: Whole,
    focus: str | None,
    *,
    level: Level,
    base: str,
    comparison: str,
    draws: int,
    seed: int,
    language: Language = "en",
) -> str:
    """Return how a change is split into what rates and what shares of the people add.

    Parameters
    ----------
    whole
        As :func:`geo.steps.composition.split_composition` returns it.
    focus
        Code of the state; the country without one.
    level
        What the parts are.
    base, comparison
        Labels of the windows.
    draws, seed
        Of the limits.
    language
        In which the sentence is.

    Examples
    --------
    >>> whole = Whole(areas=32, base_events=3951, comparison_events=4306, base_rate=3.01,
    ...     comparison_rate=3.26, rate_effect=0.2439, rate_effect_low=-0.08,
    ...     rate_effect_high=0.56, composition_effect=0.0006, composition_effect_low=0.0001,
    ...     composition_effect_high=0.0011, shows_moves=True)
    >>> composition_sentence(whole, None, level="state", base="2023", comparison="2024",
    ...     draws=1999, seed=7)
    'Mexico, 32 states, 2024 against 2023: 3,951 and 4,306 events, 3.01 and 3.26 per 100,000
    person-years (+0.25); what the rates of the areas add +0.24 (95 % interval -0.08 to +0.56),
    what the shares of the people add +0.00 (95 % interval +0.00 to +0.00) (Kitagawa, 1,999 draws of
    4-week blocks, seed 7; the people are taken as known)'
    """
    drawn = not math.isnan(whole.rate_effect_low)
    return parts.COMPOSITION.say(
        language,
        place=parts.COUNTRY.say(language) if focus is None else area_name(focus),
        areas=whole.areas,
        parts=parts.PARTS[level].say(language),
        base=base,
        comparison=comparison,
        before=whole.base_events,
        after=whole.comparison_events,
        rate_before=whole.base_rate,
        rate_after=whole.comparison_rate,
        change=_shown(whole.comparison_rate - whole.base_rate),
        by_rate=_shown(whole.rate_effect),
        rate_limits=_limits(whole.rate_effect_low, whole.rate_effect_high, language),
        by_people=_shown(whole.composition_effect),
        people_limits=_limits(
            whole.composition_effect_low, whole.composition_effect_high, language
        ),
        drawn=parts.DRAWN.say(language, draws=draws, seed=seed) if drawn else "",
        moves="" if whole.shows_moves else parts.NO_MOVES[level].say(language),
    )


def _shown(number: float) -> float:
    """Return a number with two digits, without a minus before nothing."""
    return round(number, 2) + 0.0


def _limits(low: float, high: float, language: Language) -> str:
    if math.isnan(low):
        return ""
    return parts.LIMITS.say(language, low=_shown(low), high=_shown(high))
