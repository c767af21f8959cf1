"""What two queries ask for together: which areas, which days, and whether all of both.

A rate needs every area to be asked on every day of its person-years. Two queries of two years of
two areas ask for less than that: their union is marked as uneven and gets no rate.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from geo.steps.query_index import EventIndex
from geo.steps.query_logic import (
    Codes,
    Condition,
    Days,
    Found,
    Words,
    any_of,
    areas_without,
    but_not,
    common_areas,
    common_days,
    days_of_either,
    distinct_doubts,
    found_by_all,
    in_both,
)
from geo.steps.query_reach import reach_of, reached_by_either

_EITHER = Words("either ({}) or ({})", "ya sea ({}) o ({})")
_WITHOUT = Words("({}) but not ({})", "({}) pero no ({})")

Conditions = Sequence[Condition]


def either(one: Conditions, two: Conditions, said: tuple[Words, Words]) -> Condition:
    """Return the condition that the conditions of one query or those of another are met.

    Parameters
    ----------
    one, two
        The conditions of each; all must be met.
    said
        What each asks for.
    """
    areas = [common_areas(part) for part in (one, two)]
    days = [common_days(part) for part in (one, two)]

    def find(index: EventIndex) -> Found:
        return any_of(found_by_all(one, index), found_by_all(two, index))

    return Condition(
        words=_EITHER.filled(*said),
        find=find,
        doubt=distinct_doubts((*one, *two)),
        days=days_of_either(*days),
        areas=None if areas[0] is None or areas[1] is None else areas[0] | areas[1],
        cuts_areas=any(condition.cuts_areas for condition in (*one, *two)),
        by_count=any(condition.by_count for condition in (*one, *two)),
        only_areas=all(condition.only_areas for condition in (*one, *two)),
        only_days=all(condition.only_days for condition in (*one, *two)),
        uneven=_is_uneven((*one, *two)) or not _join_evenly(one, two),
        reach=lambda index: reached_by_either(reach_of(one, index), reach_of(two, index)),
    )


def without(one: Conditions, two: Conditions, said: tuple[Words, Words]) -> Condition:
    """Return the condition that the conditions of one query are met, and those of another not.

    Parameters
    ----------
    one, two, said
        As in :func:`either`.
    """
    areas, gone = common_areas(one), common_areas(two)
    days, off = common_days(one), common_days(two)
    # Only what takes every event of an area on all days takes the area.
    whole = _is_box(two) and _cover(off, days)
    kept = areas_without(areas, gone) if whole and gone else areas
    left: Days | None = days
    if not (_cover(off, days) or _apart(off, days)):
        # Every event of some days is taken, or only some events: then days are asked unevenly.
        left = _days_without(days, off) if _is_box(two) and _hold(gone, areas) else None

    def find(index: EventIndex) -> Found:
        return but_not(found_by_all(one, index), found_by_all(two, index))

    return Condition(
        words=_WITHOUT.filled(*said),
        find=find,
        doubt=distinct_doubts((*one, *two)),
        days=days if left is None else left,
        areas=kept,
        cuts_areas=any(condition.cuts_areas for condition in (*one, *two)),
        by_count=any(condition.by_count for condition in (*one, *two)),
        uneven=_is_uneven((*one, *two)) or left is None,
        reach=lambda index: reach_of(one, index),
    )


def _is_uneven(conditions: Conditions) -> bool:
    return any(condition.uneven for condition in conditions)


def _is_box(conditions: Conditions) -> bool:
    """Return whether every event of some areas on some days is kept."""
    return all(condition.only_areas or condition.only_days for condition in conditions)


def _join_evenly(one: Conditions, two: Conditions) -> bool:
    """Return whether both together ask for the same of all their areas on all their days."""
    days = common_days(one), common_days(two)
    if days[0] == days[1]:
        return True
    if not (_is_box(one) and _is_box(two)):
        return False
    areas = common_areas(one), common_areas(two)
    for at in (0, 1):
        if _hold(areas[at], areas[1 - at]) and _cover(days[at], days[1 - at]):
            return True
    return areas[0] == areas[1] and _touch(*days)


def _hold(codes: Codes, others: Codes) -> bool:
    """Return whether some areas hold all of others."""
    return codes is None or (others is not None and in_both(codes, others) == others)


def _ends(days: Days) -> tuple[pd.Timestamp, pd.Timestamp]:
    start, end = days
    return pd.Timestamp.min if start is None else start, pd.Timestamp.max if end is None else end


def _cover(days: Days, others: Days) -> bool:
    (start, end), (first, last) = _ends(days), _ends(others)
    return bool(start <= first and last <= end)


def _touch(days: Days, others: Days) -> bool:
    """Return whether no day lies between."""
    (start, end), (first, last) = _ends(days), _ends(others)
    return bool(start <= last and first <= end)


def _apart(days: Days, others: Days) -> bool:
    (start, end), (first, last) = _ends(days), _ends(others)
    return bool(end <= first or last <= start)


def _days_without(days: Days, off: Days) -> Days | None:
    """Return the days without some; None where those lie in their midst.

    Examples
    --------
    >>> day = pd.Timestamp
    >>> _days_without(Days(day("2023-01-01"), None), Days(None, day("2024-01-01"))).start
    Timestamp('2024-01-01 00:00:00')
    """
    (start, end), (first, last) = _ends(days), _ends(off)
    if first <= start:
        return Days(off.end, days.end)
    return Days(days.start, off.start) if end <= last else None
