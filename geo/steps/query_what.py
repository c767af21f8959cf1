"""Conditions on when an event was, what it was, who took part and how well it is known."""

from __future__ import annotations

import difflib
import re
from typing import get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo import periods, schema
from geo.cvegeo import fold
from geo.errors import PeriodError, SettingsError
from geo.periods import Day, Window
from geo.steps.actor_kinds import ActorKind, kind_of_actor
from geo.steps.query_index import EventIndex
from geo.steps.query_logic import Condition, Days, Found, Words, joined
from geo.steps.type_names import TYPE_NAMES

OR = Words(" or ", " o ")
_ACTORS = ("actor1", "actor2")
_SHOWN = 12

PRECISIONS: dict[str, tuple[str, ...]] = {
    "exact": ("exact",),
    "near": ("exact", "near"),
    "municipality": ("exact", "near", "municipality"),
    "state": ("exact", "near", "municipality", "state"),
}
"""Precisions of a place that are at least as good as each."""

_PLACE_WORDS = {
    "exact": Words("exactly", "con exactitud"),
    "near": Words("nearly", "de manera cercana"),
    "municipality": Words("to the municipality", "al nivel de municipio"),
    "state": Words("to the state", "al nivel de estado"),
}
_DAY_WORDS = {
    "day": Words("day", "día"),
    "week": Words("week", "semana"),
    "month": Words("month", "mes"),
    "year": Words("year", "año"),
}
KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
_KIND_WORDS: dict[str, Words] = {
    "group": Words("an armed group", "un grupo armado"),
    "unidentified group": Words("an unidentified group", "un grupo no identificado"),
    "state forces": Words("state forces", "fuerzas del Estado"),
    "other forces": Words("other forces", "otras fuerzas"),
    "civilians": Words("civilians", "civiles"),
    "protesters": Words("protesters", "manifestantes"),
    "rioters": Words("rioters", "participantes en disturbios"),
    "not stated": Words("no party stated", "sin actor indicado"),
}


def in_days(first: Day | None = None, end: Day | None = None) -> Condition:
    """Keep events from a day on, and before another."""
    start = None if first is None else periods.day(first)
    stop = None if end is None else periods.day(end)
    if start is not None and stop is not None and not start < stop:
        last = stop - pd.Timedelta(days=1)
        raise PeriodError(
            f"the last day ({last.date()}) is before the first ({start.date()}); turn them round"
        )

    def find(index: EventIndex) -> Found:
        keep = ~np.isnat(index.days)
        if start is not None:
            keep &= index.days >= start.to_datetime64()
        if stop is not None:
            keep &= index.days < stop.to_datetime64()
        return Found.of(keep)

    words = _days_words(start, stop)
    return Condition(words=words, find=find, days=Days(start, stop), only_days=True)


def _days_words(start: pd.Timestamp | None, end: pd.Timestamp | None) -> Words:
    if start is not None and end is not None:
        label = Window(start, end).label
        if "/" in label:
            first, last = label.split("/")
            return Words("from {} to {}", "del {} al {}").filled(first, last)
        return Words("in {}", "en {}").filled(label)
    if start is not None:
        return Words("since {}", "desde {}").filled(str(start.date()))
    assert end is not None, "one of the two days is given"
    return Words("before {}", "antes de {}").filled(str(end.date()))


def of_words(
    index: EventIndex, asked: tuple[str, ...], columns: tuple[str, ...], said: Words, what: str
) -> Condition:
    """Keep events that have one of some words in one of some columns.

    A word is looked for in the first column, then in the next. What occurs in none is refused: it
    would find nothing for a typo.
    """
    if not asked:
        raise SettingsError(f"no {what} is given; name one or more")
    chosen: dict[str, list[int]] = {column: [] for column in columns}
    shown: list[str] = []
    for text in asked:
        home = next((name for name in columns if index.column(name).called(str(text))), None)
        if home is None:
            if not len(index.events):
                shown.append(str(text))
                continue
            raise SettingsError(_unknown(index, str(text), columns, what))
        numbers = index.column(home).called(str(text))
        chosen[home] += numbers
        shown.append(index.column(home).words[numbers[0]])

    def find(index: EventIndex) -> Found:
        keep = np.zeros(len(index.events), dtype=bool)
        for column, numbers in chosen.items():
            if numbers:
                keep |= index.column(column).among(numbers)
        return Found.of(keep)

    return Condition(words=said.filled(_listed(shown)), find=find)


def of_disorder(index: EventIndex, asked: tuple[str, ...]) -> Condition:
    """Keep events of a disorder type; ACLED joins several with a semicolon."""
    return _of_parts(
        index,
        asked,
        "disorder_type",
        Words("of disorder type {}", "de tipo de desorden {}"),
        "disorder type",
    )


def tagged(index: EventIndex, asked: tuple[str, ...]) -> Condition:
    """Keep events with one of some tags; a name alone, as "crowd size", takes any value."""
    return _of_parts(index, asked, "tags", Words("with the tag {}", "con la etiqueta {}"), "tag")


def _of_parts(
    index: EventIndex, asked: tuple[str, ...], column: str, said: Words, what: str
) -> Condition:
    if not asked:
        raise SettingsError(f"no {what} is given; name one or more")
    words = index.column(column).words
    parts = {
        number: {key for part in text.split(";") for key in (fold(part), fold(part.split("=")[0]))}
        for number, text in enumerate(words)
    }
    numbers: list[int] = []
    for text in asked:
        found = [number for number, keys in parts.items() if fold(text) in keys]
        if not found and len(index.events):
            known = sorted({part.strip() for word in words for part in word.split(";")})
            raise SettingsError(_no_such(text, what, known))
        numbers += found

    def find(index: EventIndex) -> Found:
        return Found.of(index.column(column).among(numbers))

    return Condition(words=said.filled(_listed(list(asked))), find=find)


def involving(index: EventIndex, asked: tuple[str, ...], *, part: bool) -> Condition:
    """Keep events in which one of some actors is a party."""
    if not asked:
        raise SettingsError("no actor is given; name one or more")
    numbers = _actor_numbers(index, asked, part=part)

    def find(index: EventIndex) -> Found:
        sides = [index.column(side).among(numbers[side]) for side in _ACTORS]
        return Found.of(sides[0] | sides[1])

    said = (
        Words("with an actor whose name holds {}", "con un actor cuyo nombre contiene {}")
        if part
        else Words("involving {}", "con participación de {}")
    )
    return Condition(words=said.filled(_listed(list(asked))), find=find)


def between_actors(index: EventIndex, one: str, other: str, *, part: bool) -> Condition:
    """Keep events in which two actors are the two parties, in either order."""
    first, second = (_actor_numbers(index, (name,), part=part) for name in (one, other))

    def find(index: EventIndex) -> Found:
        a, b = (index.column(side) for side in _ACTORS)
        keep = a.among(first["actor1"]) & b.among(second["actor2"])
        keep |= a.among(second["actor1"]) & b.among(first["actor2"])
        return Found.of(keep)

    return Condition(
        words=Words("between {} and {}", "entre {} y {}").filled(one, other), find=find
    )


def with_kind(asked: tuple[str, ...]) -> Condition:
    """Keep events in which a party is of a kind, such as state forces."""
    strange = [kind for kind in asked if kind not in KINDS]
    if strange or not asked:
        given = f"{strange[0]!r} is no class of actors" if strange else "no class is given"
        raise SettingsError(f"{given}; choose {', '.join(map(repr, KINDS))}")

    def find(index: EventIndex) -> Found:
        keep = np.zeros(len(index.events), dtype=bool)
        for side in _ACTORS:
            column = index.column(side)
            keep |= column.among(
                [n for n, name in enumerate(column.words) if kind_of_actor(name) in asked]
            )
        if "not stated" in asked:
            keep |= ~index.column("actor1").stated & ~index.column("actor2").stated
        return Found.of(keep)

    kinds = joined([_KIND_WORDS[kind] for kind in asked], OR)
    return Condition(
        words=Words("with {} as a party", "con {} como parte").filled(kinds), find=find
    )


def precise_to(precision: str) -> Condition:
    """Keep events whose place is known at least so well."""
    if precision not in PRECISIONS:
        raise SettingsError(
            f"{precision!r} is no precision of a place; choose {', '.join(map(repr, PRECISIONS))}"
        )

    def find(index: EventIndex) -> Found:
        return Found.of(index.column("geo_precision").are(PRECISIONS[precision]))

    said = Words("whose place is known {}", "cuyo lugar se conoce {}")
    return Condition(words=said.filled(_PLACE_WORDS[precision]), find=find)


def dated_to(precision: str) -> Condition:
    """Keep events whose date is known at least so well."""
    if precision not in _DAY_WORDS:
        raise SettingsError(
            f"{precision!r} is no precision of a date; choose {', '.join(map(repr, _DAY_WORDS))}"
        )
    better = schema.TIME_PRECISION[: schema.TIME_PRECISION.index(precision) + 1]

    def find(index: EventIndex) -> Found:
        return Found.of(index.column("time_precision").are(better))

    said = Words("whose date is known to the {}", "cuya fecha se conoce al nivel de {}")
    return Condition(words=said.filled(_DAY_WORDS[precision]), find=find)


def with_fatalities(at_least: float, at_most: float | None) -> Condition:
    """Keep events with so many deaths; a number that is not stated is neither few nor many."""
    for name, number in (("at_least", at_least), ("at_most", at_most)):
        if number is not None and not (np.isfinite(number) and number >= 0):
            raise SettingsError(f"{name} is {number!r}; give a number of deaths from 0 up")
    if at_most is not None and at_most < at_least:
        raise SettingsError(f"at_most ({at_most:g}) is below at_least ({at_least:g})")

    def find(index: EventIndex) -> Found:
        deaths = index.events["fatalities"].to_numpy(dtype=np.float64)
        keep = deaths >= at_least
        if at_most is not None:
            keep &= deaths <= at_most
        return Found.of(keep, np.isnan(deaths))

    low, high = f"{at_least:g}", f"{at_most:g}" if at_most is not None else ""
    if at_most is None:
        one = at_least == 1
        said = Words(
            "with at least {} death" + "s" * (not one), "con al menos {} muerte" + "s" * (not one)
        ).filled(low)
    else:
        said = Words("with {} to {} deaths", "con {} a {} muertes").filled(low, high)
    return Condition(
        words=said,
        find=find,
        doubt=Words("whose number of deaths is not stated", "cuyas muertes no se indican"),
    )


def targeting_civilians() -> Condition:
    """Keep events that targeted civilians, as the source states it."""

    def find(index: EventIndex) -> Found:
        claim = index.events["civilian_targeting"]
        return Found.of(
            claim.fillna(value=False).to_numpy(dtype=bool), claim.isna().to_numpy(dtype=bool)
        )

    return Condition(
        words=Words("targeting civilians", "dirigidos a civiles"),
        find=find,
        doubt=Words("that do not state their target", "que no indican su objetivo"),
    )


def mentioning(index: EventIndex, text: str, column: str) -> Condition:
    """Keep events whose notes hold a text, accents and case aside."""
    if not fold(text):
        raise SettingsError("the text to look for is empty")
    index.need(column)
    pattern = _pattern(text)

    def find(index: EventIndex) -> Found:
        cells = pa.array(index.events[column].astype("str"), type=pa.large_string())
        found = pc.match_substring_regex(cells, pattern=pattern, ignore_case=True)
        return Found.of(found.fill_null(fill_value=False).to_numpy(zero_copy_only=False))

    said = Words("whose {} hold “{}”", "cuyo campo {} contiene «{}»")
    return Condition(words=said.filled(column, text), find=find)


_VARIANTS = {
    "a": "aáàâäãå",
    "c": "cç",
    "e": "eéèêë",
    "i": "iíìîï",
    "n": "nñ",
    "o": "oóòôöõ",
    "u": "uúùûü",
    "y": "yý",
}
_PLAIN = {variant: plain for plain, variants in _VARIANTS.items() for variant in variants}


def _pattern(text: str) -> str:
    """Return a pattern for a text in any spelling of accents; the text itself is no pattern."""
    pieces = []
    for char in " ".join(text.split()):
        plain = _PLAIN.get(char.casefold())
        if char == " ":
            pieces.append(r"\s+")
        elif plain:
            pieces.append(f"[{_VARIANTS[plain]}{_VARIANTS[plain].upper()}]")
        else:
            pieces.append(re.escape(char) if char.isascii() else char)
    return "".join(pieces)


def _actor_numbers(
    index: EventIndex, asked: tuple[str, ...], *, part: bool
) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = {side: [] for side in _ACTORS}
    for text in asked:
        found = {
            side: index.column(side).holding(text) if part else index.column(side).called(text)
            for side in _ACTORS
        }
        if not any(found.values()) and len(index.events):
            raise SettingsError(_unknown_actor(index, text, part=part))
        for side in _ACTORS:
            numbers[side] += found[side]
    return numbers


def _unknown_actor(index: EventIndex, text: str, *, part: bool) -> str:
    columns = [index.column(side) for side in _ACTORS]
    holding = sorted({c.words[n] for c in columns for n in c.holding(text)})
    if holding and not part:
        return (
            f"no actor is called {text!r}; {len(holding)} names hold it: {_few(holding)}. Name "
            "them, or say part=True to take every name that holds it"
        )
    return _no_such(text, "actor", sorted({w for c in columns for w in c.words}))


def _unknown(index: EventIndex, text: str, columns: tuple[str, ...], what: str) -> str:
    known = sorted({word for column in columns for word in index.column(column).words})
    return _no_such(text, what, known)


def _no_such(text: str, what: str, known: list[str]) -> str:
    by_fold = {fold(word): word for word in known}
    near = difflib.get_close_matches(fold(text), by_fold, n=4, cutoff=0.5)
    listed = [by_fold[key] for key in near] or (known if len(known) <= _SHOWN else [])
    cure = f"the nearest are {_few(listed)}" if near else f"there are {_few(listed)}"
    if not listed:
        cure = f"none of the {len(known):,} that occur is near"
    return f"no event has the {what} {text!r}; {cure}"


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(repr, names[:_SHOWN])) + more


def _listed(texts: list[str]) -> Words:
    return joined([Words(text, TYPE_NAMES.get(text, text)) for text in dict.fromkeys(texts)], OR)
