"""What a query asks for, as it travels with the results that are made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.cvegeo import DIGITS, Level
from geo.steps.neighborhood import FEW_AREAS
from geo.steps.reach import EVERYWHERE, Reach

if TYPE_CHECKING:
    from geo.steps.query import Query

NAME = "query"
"""Its name among the filters of a study."""

NOT_ASKED = "not_asked"
DOUBTFUL = "doubtful"
"""Why the ledger sets an event aside: the query does not ask for it, or cannot tell."""


PARTIAL = {
    "en": (
        "the query keeps events to a part of the country, or of the days there: only areas that it "
        "asks for as a whole have a rate, and smoothed rates are drawn toward the overall rate of "
        "these; areas that it cuts or leaves out have no rate, no change and no test; maps show "
        "what it leaves out as not asked, and a count of 0 there in a table means just that"
    ),
    "es": (
        "la consulta limita los eventos a una parte del país, o de los días ahí: solo las áreas "
        "que abarca por completo tienen tasa, y las tasas suavizadas tienden a la tasa conjunta de "
        "estas; las áreas que corta o deja fuera no tienen tasa, cambio ni prueba; los mapas "
        "muestran lo que deja fuera como no consultado, y un conteo de 0 ahí en una tabla "
        "significa justamente eso"
    ),
}
"""What the numbers of a study mean whose query asks for a part of the country."""

FEW_WHOLE = (
    "the query asks for {number} municipalities as a whole, and a local statistic needs "
    f"{FEW_AREAS}; give the events of the whole country to test areas among all"
)
NONE_WHOLE = (
    "the query asks for no area of the level {level} as a whole, so none has a rate; "
    "leave out the distance or the shape, or ask the query for bands(); ask for areas on "
    "different days one by one"
)
"""Why a part of a study of such a query is left out."""


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
    whole
        Codes of the areas of both levels that it asks for as a whole; None: all. No other area
        has a rate.
    reach
        Areas of both levels that it asks for in part, and those of which it asks nothing.
    """

    en: str
    es: str
    left_out: int
    since: str | None
    until: str | None
    whole: frozenset[str] | None = None
    reach: Reach = EVERYWHERE

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
            whole=query.whole_areas,
            reach=query.reach,
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


def reach_in(filters: Mapping[str, object], counted: Collection[str]) -> Reach:
    """Return which areas a study's query asks for in part, and which not at all.

    Parameters
    ----------
    filters
        Of the study.
    counted
        Codes of areas with events. A study may place a point just outside an area into it, where
        the query would not look: what has an event was asked for.

    Examples
    --------
    >>> reach_in({"fatal_only": True}, {"06"}) == EVERYWHERE
    True
    """
    asked = asked_in(filters)
    return EVERYWHERE if asked is None else asked.reach.with_events_of(counted)


def areas_with_rates(filters: Mapping[str, object], level: Level) -> frozenset[str] | None:
    """Return the areas of a level that a study's query asks for as a whole; None: all.

    Examples
    --------
    >>> asked = Asked("events in Colima", "eventos en Colima", 0, None, None, frozenset({"06"}))
    >>> sorted(areas_with_rates({"query": asked}, "state"))
    ['06']
    >>> areas_with_rates({"fatal_only": True}, "state") is None
    True
    """
    asked = asked_in(filters)
    if asked is None or asked.whole is None:
        return None
    return frozenset(code for code in asked.whole if len(code) == DIGITS[level])


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
