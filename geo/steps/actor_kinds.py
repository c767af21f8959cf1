"""Tell armed groups from forces, civilians and crowds, by the names that sources give them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

import pandas as pd

from geo.cvegeo import fold
from geo.steps.count import NOT_STATED

ActorKind: TypeAlias = Literal[
    "group",
    "unidentified group",
    "state forces",
    "other forces",
    "civilians",
    "protesters",
    "rioters",
    "not stated",
]
GROUP: ActorKind = "group"
UNIDENTIFIED: ActorKind = "unidentified group"

_BEGINNINGS: dict[ActorKind, str] = {
    UNIDENTIFIED: r"unidentified|unknown|no identificad|desconocid|sin identificar"
    r"|(?:grupo|hombres|sujetos|civiles)(?: armad[oa]s?)?(?: no| sin)? (?:identifica|desconocid)",
    "state forces": r"(?:former )?(?:military|police|armed|naval) forces of|government of"
    r"|gobierno de|ejercito mexicano|guardia nacional|policia\b(?! comunitaria)",
    "other forces": r"private security forces|peacekeep",
    "civilians": r"civilians?\b|civil(?:es)?\b|poblacion civil",
    "protesters": r"protesters\b|manifestantes\b",
    "rioters": r"rioters\b",
}
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _BEGINNINGS.items()]


def kind_of_actor(name: object) -> ActorKind:
    """Return what kind of party a name is of; in doubt an armed group.

    By the beginning of the name, as ACLED and UCDP GED write it, accents and case aside. Neither
    is a judgment of who a party is; a table of names puts a group under another one.

    Examples
    --------
    >>> [kind_of_actor(name) for name in (
    ...     "Unidentified Gang (Mexico)", "Police Forces of Mexico (2018-) National Guard",
    ...     "Government of Mexico", "Civilians (Mexico)", "Jalisco Cartel New Generation", None)]
    ['unidentified group', 'state forces', 'state forces', 'civilians', 'group', 'not stated']
    """
    if not isinstance(name, str) or not name.strip() or name == NOT_STATED:
        return "not stated"
    folded = fold(name)
    for kind, pattern in _PATTERNS:
        if pattern.match(folded):
            return kind
    return GROUP


def kinds_of_actors(names: pd.Series) -> pd.Series:
    """Return the kind of each name; same index."""
    return translated(names, kind_of_actor, missing="not stated")


def translated(text: pd.Series, translate: Callable[[str], str], *, missing: str) -> pd.Series:
    """Return what `translate` makes of each text; it is called once a distinct one.

    Examples
    --------
    >>> translated(pd.Series(["a", None, "a"], dtype="str"), str.upper, missing="-").tolist()
    ['A', '-', 'A']
    """
    number, distinct = pd.factorize(text)
    words = pd.array([*map(translate, distinct), missing], dtype="str")
    return pd.Series(words.take(number), index=text.index, name=text.name)
