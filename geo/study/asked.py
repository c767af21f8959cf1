"""What a query asks for, as it travels with the results that are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.steps.query import Query

NAME = "query"
"""Its name among the filters of a study."""

NOT_ASKED = "not_asked"
DOUBTFUL = "doubtful"
"""Why the ledger sets an event aside: the query does not ask for it, or cannot tell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The definition of a query in words.

    Attributes
    ----------
    en, es
        In English and in Spanish.
    left_out
        How many events it could not judge.
    since, until
        First and last day that it keeps events to, as the filters of a study have them.
    """

    en: str
    es: str
    left_out: int
    since: str | None
    until: str | None

    @classmethod
    def of(cls, query: Query) -> Asked:
        """Return the definition of a query."""
        start, end = query.days
        return cls(
            en=query.words("en"),
            es=query.words("es"),
            left_out=query.left_out,
            since=None if start is None else str(start.date()),
            until=None if end is None else str((end - pd.Timedelta(days=1)).date()),
        )

    def days(self) -> dict[str, str]:
        """Return the days as filters of a study, so that no period outside is counted as zero."""
        days = {"since": self.since, "until": self.until}
        return {name: day for name, day in days.items() if day is not None}

    def public(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {"en": self.en, "es": self.es, "left_out": self.left_out}


def asked_in(filters: Mapping[str, object]) -> Asked | None:
    """Return what a query asked for, among the filters of a study."""
    found = filters.get(NAME)
    return found if isinstance(found, Asked) else None


def other_filters(filters: Mapping[str, object]) -> dict[str, object]:
    """Return the filters that the words of the query do not say.

    Examples
    --------
    >>> asked = Asked("events since 2024-01-01", "eventos desde 2024-01-01", 0, "2024-01-01", None)
    >>> other_filters({"since": "2024-01-01", "fatal_only": True, "query": asked})
    {'fatal_only': True}
    """
    asked = asked_in(filters)
    if asked is None:
        return dict(filters)
    said = asked.days()
    return {
        name: value
        for name, value in filters.items()
        if name != NAME and not (name in said and str(value) == said[name])
    }
