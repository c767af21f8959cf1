"""What a condition of a query is: which events surely meet it, which may, and its words.

The logic has three values. An event whose place is known only to its state may or may not lie
within 50 km of a border; it is not counted, and it is not silently counted as outside either: it
is left out, and told. Such doubt goes through "and", "or" and "but not" as it should.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.sources import boundaries
from geo.steps.query_index import EventIndex

BoolArray = npt.NDArray[np.bool_]
Codes: TypeAlias = "frozenset[str] | None"
Language = Literal["en", "es"]


class Words(NamedTuple):
    """The same in English and in Spanish.

    Examples
    --------
    >>> Words("in {}", "en {}").filled(Words("Mexico City", "Ciudad de México")).es
    'en Ciudad de México'
    """

    en: str
    es: str

    @classmethod
    def same(cls, text: str) -> Words:
        """Return a text that is the same in both languages."""
        return cls(text, text)

    def filled(self, *parts: Words | str | int) -> Words:
        """Return the words with each ``{}`` filled."""
        texts = [part if isinstance(part, Words) else Words.same(str(part)) for part in parts]
        # By hand: a name from the data may hold braces.
        return Words(
            _filled(self.en, [text.en for text in texts]),
            _filled(self.es, [text.es for text in texts]),
        )


def _filled(template: str, parts: list[str]) -> str:
    pieces = template.split("{}")
    return pieces[0] + "".join(a + b for a, b in zip(parts, pieces[1:], strict=True))


def joined(parts: Sequence[Words], between: Words) -> Words:
    """Return words put one after the other with a word between."""
    return Words(between.en.join(p.en for p in parts), between.es.join(p.es for p in parts))


class Found(NamedTuple):
    """Which events surely meet a condition, and which may: what they state is not enough."""

    sure: BoolArray
    doubtful: BoolArray

    @classmethod
    def of(cls, sure: BoolArray, doubtful: BoolArray | None = None) -> Found:
        """Return what was found, without doubt where none is given."""
        none = np.zeros(len(sure), dtype=bool)
        return cls(sure, none if doubtful is None else doubtful & ~sure)


class Days(NamedTuple):
    """From which day on, and before which day, all events of a condition lie; None: any."""

    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None


ANY_DAY = Days()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Condition:
    """One condition on events.

    Attributes
    ----------
    words
        What stands after "events".
    find
        Asks an index of events.
    doubt
        What is not known of the doubtful events, after "events"; None where there is no doubt.
    days
        The days it keeps events to.
    areas
        Codes of the areas it keeps events to; None: all.
    cuts_areas
        Whether it keeps a part of an area only, as a distance does: the people of whole areas
        then are no denominator.
    by_count
        Whether it keeps areas by their number of events: those that it leaves out have no zero.
    only_areas, only_days
        Whether it keeps every event of its areas, or of its days.
    uneven
        Whether it asks some of its areas, or for some of its events, on a part of its days only:
        the person-years of all days then are no denominator.
    reach
        Tells where, of its `areas`, anything is asked for, as far as that depends on shapes or on
        the events; None: in all of them. See :mod:`geo.steps.query_reach`.
    """

    words: Words
    find: Callable[[EventIndex], Found]
    doubt: Words | None = None
    days: Days = ANY_DAY
    areas: frozenset[str] | None = None
    cuts_areas: bool = False
    by_count: bool = False
    only_areas: bool = False
    only_days: bool = False
    uneven: bool = False
    reach: Callable[[EventIndex], Codes] | None = None


def found_by_all(conditions: Sequence[Condition], index: EventIndex) -> Found:
    """Return which events meet every condition."""
    sure = np.ones(len(index.events), dtype=bool)
    possible = sure.copy()
    for condition in conditions:
        found = condition.find(index)
        sure &= found.sure
        possible &= found.sure | found.doubtful
    return Found(sure, possible & ~sure)


def common_days(conditions: Sequence[Condition]) -> Days:
    """Return the days that all conditions keep events to."""
    starts = [one.days.start for one in conditions if one.days.start is not None]
    ends = [one.days.end for one in conditions if one.days.end is not None]
    return Days(max(starts, default=None), min(ends, default=None))


def days_of_either(one: Days, other: Days) -> Days:
    """Return the days from the first to the last of both."""
    starts = None if None in (one.start, other.start) else min(one.start, other.start)  # type: ignore[type-var]
    ends = None if None in (one.end, other.end) else max(one.end, other.end)  # type: ignore[type-var]
    return Days(starts, ends)


def common_areas(conditions: Sequence[Condition]) -> frozenset[str] | None:
    """Return the areas that all conditions keep events to; None: all."""
    return common(one.areas for one in conditions)


def common(sets: Iterable[Codes]) -> Codes:
    """Return the areas that are in each of some sets; None: all.

    Examples
    --------
    >>> common([None, frozenset({"25", "26"}), frozenset({"25006"})])
    frozenset({'25006'})
    """
    given = [codes for codes in sets if codes is not None]
    return functools.reduce(in_both, given) if given else None


def in_both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return what two sets of areas share; a municipality lies in its state."""
    return frozenset(
        code
        for codes, others in ((one, other), (other, one))
        for code in codes
        if code in others or code[:2] in others
    )


def areas_without(kept: frozenset[str] | None, gone: frozenset[str]) -> frozenset[str]:
    """Return areas without some; a state that loses municipalities is kept by the others.

    Examples
    --------
    >>> left = areas_without(None, frozenset({"25006"}))
    >>> "26" in left, "25" in left, "25001" in left, "25006" in left
    (True, False, True, False)
    """
    parts = boundaries.area_codes("municipality")["cvegeo"]
    every = frozenset(parts.str[:2]) if kept is None else kept
    cut = {code[:2] for code in gone if len(code) > 2}
    left: set[str] = set()
    for code in every:
        left |= set(parts[parts.str[:2] == code]) if code in cut else {code}
    return frozenset(code for code in left if code not in gone and code[:2] not in gone)


def whole_areas(conditions: Sequence[Condition]) -> frozenset[str] | None:
    """Return the areas of both levels that no condition cuts or leaves out; None: all.

    Of a query of municipalities no state is whole, even if it has all of them: events that are
    known to the state only are not asked. Of one that asks areas unevenly over its days none is.
    """
    if any(one.cuts_areas or one.by_count or one.uneven for one in conditions):
        return frozenset()
    areas = common_areas(conditions)
    if areas is None:
        return None
    parts = boundaries.area_codes("municipality")["cvegeo"]
    return areas | frozenset(parts[parts.str[:2].isin(areas)])


def any_of(one: Found, other: Found) -> Found:
    """Return which events one or the other found."""
    return Found.of(one.sure | other.sure, one.doubtful | other.doubtful)


def but_not(one: Found, other: Found) -> Found:
    """Return which events the first found and the second did not."""
    sure = one.sure & ~other.sure & ~other.doubtful
    return Found.of(sure, (one.sure | one.doubtful) & ~other.sure)


def distinct_doubts(conditions: Sequence[Condition]) -> Words | None:
    """Return what is not known of the doubtful events, each reason once; None without doubt."""
    several = list(dict.fromkeys(one.doubt for one in conditions if one.doubt is not None))
    return joined(several, Words(" or ", " o ")) if several else None
