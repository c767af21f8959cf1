"""The part of a study that flags areas with many more events in the latest weeks."""

from __future__ import annotations

import math

import pandas as pd

from geo.cvegeo import Level
from geo.steps.count import count_events
from geo.steps.surge import find_surges, violent_events
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.phrases import surge as words
from geo.study.settings import Language

_SHOWN = 3


def surging(
    found: Located, days: dict[str, str], *, level: Level = "state", violent: bool = False
) -> tuple[pd.DataFrame, int]:
    """Return the ``SURGES`` table of a study by week, and how many events were counted for it.

    Parameters
    ----------
    found
        Events of a study by week.
    days
        ``first``, ``last`` and ``data_through`` of the panel.
    level
        Look at states or municipalities.
    violent
        Count only what :func:`geo.steps.surge.violent_events` keeps.

    Raises
    ------
    GeoError
        As :func:`geo.steps.surge.find_surges` does.
    """
    events = violent_events(found.located) if violent else found.located
    panel = count_events(events, level=level, period=found.settings.period, **days)
    return with_names(find_surges(panel), level), int(panel["events"].sum())


def surges_sentence(table: pd.DataFrame, counted: int, *, language: Language = "en") -> str:
    """Return which areas are flagged, those whose interval reaches furthest up first.

    Examples
    --------
    >>> row = {"cvegeo": "25", "name": "Sinaloa", "rule": "week against month", "flag": True,
    ...     "period": "2024-09-07", "events": 30, "weeks": 1, "base_events": 20, "base_weeks": 4,
    ...     "ratio": 6.0, "ratio_low": 3.3, "ratio_high": 11.1}
    >>> surges_sentence(pd.DataFrame([row]), 900)
    'Week of 2024-09-07, 1 area, 900 events counted: 1 flagged as surge (week against month), 1 of
    them with an interval above 1: Sinaloa 6.0 times (30 events in 1 week, 20 in the 4 before;
    95 % interval 3.3-11.1, exact)'
    """
    said = [
        _flagged(rows, rule, language)
        for rule in words.FLAGGED
        if len(rows := table[table["rule"] == rule])
    ]
    return words.WHOLE.say(
        language,
        week=table["period"].iloc[0],
        areas=table["cvegeo"].nunique(),
        counted=counted,
        said="; ".join(said),
    )


def _flagged(rows: pd.DataFrame, rule: str, language: Language) -> str:
    flagged = rows[rows["flag"].astype(bool)].sort_values("ratio_low", ascending=False)
    head = words.FLAGGED[rule].say(language, number=len(flagged))
    if flagged.empty:
        return head
    more = len(flagged) - _SHOWN
    return words.CERTAIN.say(
        language,
        head=head,
        certain=int((flagged["ratio_low"] > 1).sum()),
        shown=", ".join(_one(row, language) for _, row in flagged.head(_SHOWN).iterrows()),
        more=words.MORE.say(language, number=more) if more > 0 else "",
    )


def _one(row: pd.Series, language: Language) -> str:
    high = row["ratio_high"]
    return words.AREA.say(
        language,
        name=row["name"],
        ratio=row["ratio"],
        events=row["events"],
        weeks=row["weeks"],
        before=row["base_events"],
        weeks_before=row["base_weeks"],
        low=row["ratio_low"],
        high=words.NO_LIMIT.say(language) if math.isinf(high) else f"{high:.1f}",
    )
