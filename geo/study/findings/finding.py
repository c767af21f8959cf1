"""One finding: a number, how sure it is, how it was found, and its sentence in two languages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo import schema
from geo.study.settings import Language

LANGUAGES: tuple[Language, ...] = ("en", "es")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding of a study.

    Attributes
    ----------
    finding
        Its name; one of a kind in a study.
    subject
        What it is about, one of :data:`geo.schema.STEPS`.
    cvegeo
        Code of the area; None for the country.
    estimate, low, high
        The number and its limits (95 %); NaN where there is none.
    unit
        What the number counts, as ``"times"``.
    verdict
        What may be said of it, as :mod:`geo.study.verdicts` words it.
    method
        How number and limits were found.
    n
        Events that it rests on.
    filter
        Which events were counted.
    table
        The table that it comes from.
    sentence
        The finding in each language.
    """

    finding: str
    subject: str
    cvegeo: str | None = None
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    unit: str
    verdict: str | None = None
    method: str
    n: int
    filter: str
    table: str
    sentence: Mapping[Language, str]

    def __post_init__(self) -> None:
        """Refuse a finding that lacks a language or speaks of an unknown subject."""
        if set(self.sentence) != set(LANGUAGES):
            raise ValueError(f"{self.finding} needs a sentence in {' and '.join(LANGUAGES)}")
        if self.subject not in schema.STEPS:
            raise ValueError(f"{self.finding}: {self.subject!r} is not one of {schema.STEPS}")

    def public(self) -> dict[str, Any]:
        """Return the finding as plain values for JSON; what is missing or infinite is null.

        An upper limit that is infinite is told apart by ``unbounded``.
        """
        limits = {name: getattr(self, name) for name in ("estimate", "low", "high")}
        return {
            "finding": self.finding,
            "subject": self.subject,
            "cvegeo": self.cvegeo,
            **{name: value if math.isfinite(value) else None for name, value in limits.items()},
            "unbounded": math.isinf(self.high),
            "unit": self.unit,
            "verdict": self.verdict,
            "method": self.method,
            "n": self.n,
            "filter": self.filter,
            "table": self.table,
            "sentence": dict(self.sentence),
        }


def both(say: Callable[[Language], str]) -> dict[Language, str]:
    """Return what is said in each language.

    Examples
    --------
    >>> both(lambda language: {"en": "yes", "es": "sí"}[language])
    {'en': 'yes', 'es': 'sí'}
    """
    return {language: say(language) for language in LANGUAGES}


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """Return findings as a ``FINDINGS`` table, in their order.

    Examples
    --------
    >>> findings_table([]).columns[:3].tolist()
    ['finding', 'subject', 'cvegeo']
    """
    names = [column.name for column in schema.FINDINGS.columns]
    rows = [
        {
            **{name: getattr(one, name, None) for name in names},
            "sentence_en": one.sentence["en"],
            "sentence_es": one.sentence["es"],
        }
        for one in findings
    ]
    return pd.DataFrame(rows, columns=names).astype(schema.FINDINGS.dtypes)
