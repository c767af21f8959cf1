"""Split events into exclusive categories, so that each is counted once.

What adds up to a change must not overlap. Civilian targeting is an attribute of events of several
types, so it is a split of its own and never a category beside event types.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd

from geo.cvegeo import fold
from geo.errors import DataWarning, SettingsError
from geo.sources import boundaries
from geo.steps.actor_kinds import kinds_of_actors, translated
from geo.steps.count import NOT_STATED, category_of

By: TypeAlias = str | tuple[str, str] | Mapping[str, pd.Series]
"""A way to split: a name, two names that are crossed, or the events of each category."""

OTHER = "all other"
"""The category of events that are in none of those asked for."""

STATE_ONLY = "known only to the state"
ACTOR_CLASSES = (
    "against civilians",
    "group against group",
    "security forces against group",
    "protests and riots",
    "other",
)

_SIDE_OF_WORD = {
    "state": "forces",
    "rebel": "group",
    "political": "group",
    "identity": "group",
    "rioters": "crowd",
    "protesters": "crowd",
    "civilians": "civilians",
    "external": "external",
    "other": "external",
}
_SIDE_OF_KIND: dict[str, str] = {
    "group": "group",
    "unidentified group": "group",
    "state forces": "forces",
    "other forces": "external",
    "civilians": "civilians",
    "protesters": "crowd",
    "rioters": "crowd",
    "not stated": "",
}
_SIDE_OF_CODE = dict(
    zip(
        "12345678",
        ("forces", "group", "group", "group", "crowd", "crowd", "civilians", "external"),
        strict=True,
    )
)


def split_events(located: pd.DataFrame, by: By) -> pd.Series:
    """Return the one category of each event.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    by
        ``"civilian_targeting"`` (targeted, not targeted), ``"actor_class"``
        (:func:`actor_classes`), ``"dyad"`` (:func:`dyads`), ``"municipality"``, or any other
        column of `located`, as ``"event_type"``. Two of these in a tuple are crossed. Or one truth
        value an event for each category, by name; events in none are ``"all other"``.

    Returns
    -------
    Series
        Text with the index of `located`; ``"not stated"`` where the source says nothing.

    Raises
    ------
    SettingsError
        If there is no such column, or categories overlap.

    Examples
    --------
    >>> events = pd.DataFrame({
    ...     "event_type": pd.Series(["Battles", "Riots"], dtype="str"),
    ...     "civilian_targeting": pd.Series([None, True], dtype="boolean"),
    ... })
    >>> split_events(events, ("event_type", "civilian_targeting")).tolist()
    ['Battles | not stated', 'Riots | targeted']
    >>> split_events(events, {
    ...     "violent": events["event_type"].isin(["Battles", "Riots"]),
    ...     "targeting": events["civilian_targeting"].fillna(False),
    ... })
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: 1 events are in 'violent' and in 'targeting'; counted in both, they
    would explain more than the change. Make one of them a split of its own, or cross the two
    columns, as ("event_type", "civilian_targeting")
    """
    if isinstance(by, Mapping):
        return _named(located, by)
    if isinstance(by, str):
        return _SPLITS[by](located) if by in _SPLITS else category_of(located, by)
    if len(by) != 2 or by[0] == by[1]:
        raise SettingsError(f"{by!r} cannot be crossed; give two different columns")
    first, second = (split_events(located, one) for one in by)
    return first + " | " + second


def actor_classes(located: pd.DataFrame) -> pd.Series:
    """Return who met whom.

    Protesters or rioters on either side make it ``"protests and riots"``, mob violence and force
    against protesters included; else civilians make it ``"against civilians"``; else state forces
    and an armed group are ``"security forces against group"`` (rebels, political and identity
    militias are groups); two groups are ``"group against group"``. All else is ``"other"``: events
    of one side, foreign and private forces, forces among themselves.

    Parameters
    ----------
    located
        A table with ACLED's types of actors in ``inter1`` and ``inter2``, as words or as its codes
        1 to 8; without these, the names in ``actor1`` and ``actor2`` say it
        (:func:`geo.steps.actor_kinds.kind_of_actor`).

    Warns
    -----
    DataWarning
        If a type of actor is not known; its events are ``"other"``.

    Examples
    --------
    >>> actor_classes(pd.DataFrame({
    ...     "inter1": pd.Series(["Political militia", "1", "Rioters", "State forces"], dtype="str"),
    ...     "inter2": pd.Series(["Identity militia", "3", "Civilians", None], dtype="str"),
    ... })).tolist()
    ['group against group', 'security forces against group', 'protests and riots', 'other']
    >>> actor_classes(pd.DataFrame({
    ...     "actor1": pd.Series(["Government of Mexico", "Jalisco Cartel"], dtype="str"),
    ...     "actor2": pd.Series(["Jalisco Cartel", "Civilians"], dtype="str"),
    ... })).tolist()
    ['security forces against group', 'against civilians']
    """
    if {"inter1", "inter2"} <= set(located.columns):
        one, two = (_sides(located[name].astype("str")) for name in ("inter1", "inter2"))
    else:
        one, two = (
            translated(kinds_of_actors(located[name]), _SIDE_OF_KIND.__getitem__, missing="")
            for name in ("actor1", "actor2")
        )
    # There are few pairs of sides: each is judged once.
    (first, of_first), (second, of_second) = pd.factorize(one), pd.factorize(two)
    classes = pd.array([_class_of(a, b) for a in of_first for b in of_second], dtype="str")
    return pd.Series(classes.take(first * len(of_second) + second), index=located.index)


def _class_of(one: str, two: str) -> str:
    sides = {one, two}
    if "crowd" in sides:
        return "protests and riots"
    if "civilians" in sides:
        return "against civilians"
    if sides == {"group"}:
        return "group against group"
    return ACTOR_CLASSES[2] if sides >= {"forces", "group"} else "other"


def dyads(located: pd.DataFrame) -> pd.Series:
    """Return the two parties of each event in the order of the alphabet.

    An event of one party has that name alone. Unidentified groups are parties as any other.

    Examples
    --------
    >>> dyads(pd.DataFrame({
    ...     "actor1": pd.Series(["B", "A", "A", None], dtype="str"),
    ...     "actor2": pd.Series(["A", "B", None, None], dtype="str"),
    ... })).tolist()
    ['A / B', 'A / B', 'A', 'not stated']
    """
    one, two = located["actor1"].astype("str"), located["actor2"].astype("str")
    turned = (two < one).fillna(value=False).astype(bool)
    first, second = one.mask(turned, two), two.mask(turned, one)
    both = first + " / " + second
    return both.fillna(first).fillna(second).fillna(NOT_STATED)


def keep_largest(names: pd.Series, counted: pd.Series, top: int | None) -> pd.Series:
    """Return the categories with all but the `top` largest joined as ``"all other"``.

    The largest are those with most `counted` events, ties in the order of the alphabet. What is
    not stated stays a category of its own, however small.

    Examples
    --------
    >>> names = pd.Series(["a", "b", "b", "c"], dtype="str")
    >>> keep_largest(names, names.notna(), 1).tolist()
    ['all other', 'b', 'b', 'all other']
    """
    if top is None:
        return names
    if top < 1:
        raise SettingsError(f"top = {top}: give 1 or more categories")
    sizes = names[counted].value_counts().sort_index()
    largest = sizes.sort_values(ascending=False, kind="stable").index[:top]
    return names.where(names.isin([*largest, NOT_STATED, STATE_ONLY]), OTHER)


def _named(located: pd.DataFrame, masks: Mapping[str, pd.Series]) -> pd.Series:
    names = pd.Series(OTHER, index=located.index, dtype="str")
    taken = pd.Series(data=False, index=located.index)
    for name, mask in masks.items():
        if not mask.index.equals(located.index) or not pd.api.types.is_bool_dtype(mask.dtype):
            raise SettingsError(f"{name!r} must hold one truth value for each of the events")
        here = mask.fillna(value=False).astype(bool)
        if (twice := here & taken).any():
            raise SettingsError(
                f"{int(twice.sum())} events are in {names[twice].iloc[0]!r} and in {name!r}; "
                "counted in both, they would explain more than the change. Make one of them a "
                "split of its own, or cross the two columns, as "
                '("event_type", "civilian_targeting")'
            )
        names = names.mask(here, name)
        taken |= here
    return names


def _sides(words: pd.Series) -> pd.Series:
    side, strange = {}, []
    for word in words.dropna().unique():
        code = str(word).strip().removesuffix(".0")
        start = fold(str(word)).replace("/", " ").split()
        found = _SIDE_OF_CODE.get(code) or _SIDE_OF_WORD.get(start[0] if start else "")
        if found is None and start and code != "0":
            strange.append(str(word))
        side[word] = found or ""
    if strange:
        warnings.warn(
            f"{int(words.isin(strange).sum())} events have a type of actor that is not known "
            f"({', '.join(sorted(strange)[:5])}); they are classed as other",
            DataWarning,
            stacklevel=4,
        )
    return translated(words, side.__getitem__, missing="")


def _targeting(located: pd.DataFrame) -> pd.Series:
    stated = located["civilian_targeting"].astype("boolean")
    words = pd.array(["not targeted", "targeted", NOT_STATED], dtype="str")
    which = stated.astype("Int8").fillna(2).to_numpy(dtype=np.intp)
    return pd.Series(words.take(which), index=located.index, name="civilian_targeting")


def _municipalities(located: pd.DataFrame) -> pd.Series:
    names = boundaries.area_codes("municipality").set_index("cvegeo")
    shown = names["name"] + ", " + names["state_name"] + " (" + names.index + ")"
    codes = located["cvegeo"].astype("str")
    return codes.map(shown).astype("str").fillna(codes).fillna(STATE_ONLY)


_SPLITS = {
    "civilian_targeting": _targeting,
    "actor_class": actor_classes,
    "dyad": dyads,
    "municipality": _municipalities,
}
SPLITS = ("event_type", "actor_class", "civilian_targeting", "dyad", "municipality")
"""The splits that a whole explanation shows."""
