"""What every finding of a study shares: its windows, its area in focus, what was counted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from geo.periods import Window
from geo.study.change_words import counted_words
from geo.study.locating import Located
from geo.study.settings import Language
from geo.study.titles import area_name

_COUNTRY = {"en": "Mexico", "es": "México"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Context:
    """What is said of every finding.

    Attributes
    ----------
    found
        The events of the study.
    days
        First and last day of its panels.
    base, comparison
        The windows that are compared.
    """

    found: Located
    days: Mapping[str, str]
    base: Window
    comparison: Window

    @property
    def filter(self) -> str:
        """Which events were counted."""
        return counted_words(self.found.settings.filters)

    @property
    def focus(self) -> str | None:
        """Code of the area in focus, if any."""
        return self.found.focus

    def name(self, language: Language) -> str:
        """Return the name of the area in focus, or of the country."""
        return area_name(self.focus) if self.focus else _COUNTRY[language]


def number(value: float) -> str:
    """Return a ratio or a limit with two decimals.

    Examples
    --------
    >>> number(2.481), number(float("inf")), number(float("nan"))
    ('2.48', '∞', '-')
    """
    return "-" if math.isnan(value) else "∞" if math.isinf(value) else f"{value:.2f}"


def percent(share: float) -> str:
    """Return a share in percent.

    Examples
    --------
    >>> percent(0.282), percent(float("nan"))
    ('28 %', '-')
    """
    return "-" if math.isnan(share) else f"{100 * share:.0f} %"


def times(ratio: float, language: Language) -> str:
    """Return a ratio in words.

    Examples
    --------
    >>> times(2.5, "en"), times(2.5, "es"), times(float("nan"), "en")
    ('2.50 times', '2.50 veces', 'no ratio')
    """
    if math.isnan(ratio):
        return {"en": "no ratio", "es": "sin razón"}[language]
    return f"{number(ratio)} {'times' if language == 'en' else 'veces'}"


def p_value(value: float) -> str:
    """Return a p-value as it is told.

    Examples
    --------
    >>> p_value(0.0004), p_value(0.0312)
    ('< 0.001', '0.031')
    """
    return "-" if math.isnan(value) else "< 0.001" if value < 0.001 else f"{value:.2g}"
