"""From a name as people write it to the code of the area that is meant.

Spelling is forgiven (accents, case, spaces, usual abbreviations), meaning is not guessed: a name
that several areas bear is refused with the list of them.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections import defaultdict
from collections.abc import Iterable

from geo.cvegeo import EVERYDAY_NAMES, STATES, Level, fold, normal_code, state_code
from geo.errors import AreaError
from geo.sources import shipped

SHOWN = 12
"""How many candidates a message lists."""

_SHORT = {
    "cd": "ciudad",
    "cnel": "coronel",
    "dr": "doctor",
    "dto": "distrito",
    "gral": "general",
    "ing": "ingeniero",
    "lic": "licenciado",
    "mpio": "municipio",
    "nva": "nueva",
    "nvo": "nuevo",
    "pdte": "presidente",
    "prof": "profesor",
    "sn": "san",
    "sta": "santa",
    "sto": "santo",
}
_KIND = re.compile(r"(?:municipio|alcaldia|delegacion|municipality) (?:de )?(.+)|(.+) municipality")
_IN_BRACKETS = re.compile(r"\s*(.+?)\s*\(([^()]+)\)\s*\Z")
_BETWEEN = re.compile(r"\s*[,;/]\s*|\s+(?:y|e|and)\s+")
_COUNTRY = {"mexico", "mx", "mex", "estados unidos mexicanos"}


def find_area(text: str | int, level: Level | None = None, state: str | int | None = None) -> str:
    """Return the code of the area that `text` names.

    Parameters
    ----------
    text
        A name (``"Culiacán"``), a name and its state (``"Juárez, Chihuahua"``,
        ``"Juárez (Chih.)"``), or a code. Accents, case, doubled spaces and usual abbreviations do
        not matter. Known are official and everyday names, names given since 2019, and cities that
        are called otherwise than their municipality (``"Cancún"``).
    level
        The level that is meant. Without it, a name that a state bears means the state; write
        ``"Puebla, Puebla"`` or say ``level="municipality"`` for the municipality.
    state
        State in which a municipality is looked for: any spelling, or its code.

    Raises
    ------
    AreaError
        Several areas bear the name (they are listed), none does (the nearest spellings are
        listed), or the municipality was made after the boundaries (its parent is named).

    Examples
    --------
    >>> find_area("Nvo. Leon"), find_area("  culiacan,  SINALOA"), find_area("Cancún")
    ('19', '25006', '23005')
    >>> find_area("Puebla"), find_area("Puebla, Puebla")
    ('21', '21114')
    >>> find_area("Morelos", state="Zacatecas")
    '32032'
    >>> find_area("Culiacna")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: no area is called 'Culiacna'; the nearest names are 25006 Culiacán,
    Sinaloa
    """
    if isinstance(text, str) and not fold(text):
        raise AreaError("the name of an area is empty; give a name or a code")
    if not isinstance(text, str) or re.fullmatch(r"[\d.eE+\s]+", text):
        return _by_code(text, level)
    within = None if state is None else _state(str(state))
    if level == "state":
        return _state(text)
    if level is None and within is None and (code := state_code(text)):
        return code
    name, named = _split_off_state(text)
    if within and named and within != named:
        raise AreaError(f"{text!r} does not lie in {STATES[within]}, the state that is asked for")
    within = within or named
    for spelling in _spellings_of(name, text):
        if found := _candidates(spelling, within):
            return _only(text, found)
    if named and state is None and fold(text.rsplit(",", 1)[-1]) in _COUNTRY:
        # "Culiacán, México": the country, as the State of México has no such municipality.
        return find_area(name, level)
    raise AreaError(_unknown(text, name, level, within))


def _by_code(text: object, level: Level | None) -> str:
    if level is None:
        level = "state" if _number(text) < 100 else "municipality"
    code = normal_code(text, level)
    if code in STATES or code in _names():
        return code
    split = shipped.splits().set_index("cvegeo")
    if code in split.index:
        raise AreaError(_made_later(code))
    raise AreaError(
        f"{code!r} is no municipality of {STATES[code[:2]]} in the boundaries of September 2019; "
        "geo.load_areas('municipality') has all codes"
    )


def _number(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return float("inf")


def _state(text: str) -> str:
    if code := state_code(text):
        return code
    names = {fold(name): code for code, name in (*STATES.items(), *EVERYDAY_NAMES.items())}
    near = difflib.get_close_matches(fold(text), names, n=3, cutoff=0.6)
    cure = (
        "the nearest names are " + "; ".join(f"{names[n]} {STATES[names[n]]}" for n in near)
        if near
        else "codes run from 01 to 32"
    )
    raise AreaError(f"no state is called {text!r}; {cure}")


def _split_off_state(text: str) -> tuple[str, str | None]:
    """Return the name without its state, and the state's code if `text` names one."""
    if found := _IN_BRACKETS.match(text):
        name, last = found.groups()
        if code := state_code(last):
            return name, code
    parts = [part for part in text.split(",") if fold(part)]
    if len(parts) > 2 and fold(parts[-1]) in _COUNTRY:
        parts.pop()
    if len(parts) > 1 and (code := state_code(parts[-1])):
        return ",".join(parts[:-1]), code
    return text, None


def _spellings_of(name: str, text: str) -> Iterable[str]:
    """Yield the forms under which a name is looked up, the likeliest first."""
    plain = _key(name)
    yield plain
    # An official name may itself hold a comma and end like a state.
    yield _key(text)
    if found := _KIND.fullmatch(plain):
        yield found[1] or found[2]


def _key(name: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in fold(name).split())


@functools.cache
def _names() -> dict[str, str]:
    """Official name of each municipality by code, those made later included."""
    rows = shipped.areas()
    here = rows[rows["level"] == "municipality"]
    return dict(zip(here["cvegeo"], here["name"], strict=True))


@functools.cache
def _index() -> dict[str, frozenset[str]]:
    """Codes by the key of every name, those of municipalities made later included."""
    found: dict[str, set[str]] = defaultdict(set)
    aliases, later = shipped.read_table("aliases.csv"), shipped.splits()
    for code, name in (
        *_names().items(),
        *zip(aliases["cvegeo"], aliases["alias"], strict=True),
        *zip(later["cvegeo"], later["name"], strict=True),
    ):
        found[_key(name)].add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _candidates(key: str, within: str | None) -> list[str]:
    """Return the municipalities that bear a name, else those whose name begins with it."""
    index = _index()

    def inside(codes: Iterable[str]) -> list[str]:
        return sorted({code for code in codes if within in (None, code[:2])})

    if exact := inside(index.get(key, ())):
        return exact
    longer = (codes for name, codes in index.items() if name.startswith(f"{key} "))
    return inside(code for codes in longer for code in codes)


def _only(text: str, codes: list[str]) -> str:
    if len(codes) > 1:
        listed = "; ".join(_described(code) for code in codes[:SHOWN])
        more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
        cure = "give the code"
        if len({code[:2] for code in codes}) > 1:
            example = f"{text.split(',')[0].strip()}, {STATES[codes[0][:2]]}"
            cure = f"add the state, as in {example!r}, or {cure}"
        raise AreaError(
            f"{text!r} may be one of {len(codes)} municipalities: {listed}{more}; {cure}"
        )
    if codes[0] not in _names():
        raise AreaError(_made_later(codes[0]))
    return codes[0]


def _described(code: str) -> str:
    if code in STATES:
        return f"{code} {STATES[code]} (state)"
    name = _names().get(code)
    if name is None:
        later = shipped.splits().set_index("cvegeo").loc[code]
        name = f"{later['name']} (made in {later['created']})"
    return f"{code} {name}, {STATES[code[:2]]}"


def _made_later(code: str) -> str:
    later = shipped.splits().set_index("cvegeo").loc[code]
    return (
        f"{code} {later['name']} was made in {later['created']}, after the boundaries of September "
        f"2019; most of it lies in {later['parent']} {later['parent_name']}: use that"
    )


def _unknown(text: str, name: str, level: Level | None, within: str | None) -> str:
    keys = {
        key: codes
        for key, codes in _index().items()
        if within is None or any(code[:2] == within for code in codes)
    }
    if level is None and within is None:
        keys = {**keys, **{fold(each): frozenset([code]) for code, each in STATES.items()}}
    near = difflib.get_close_matches(_key(name), keys, n=4, cutoff=0.72)
    codes = [code for key in near for code in sorted(keys[key]) if within in (None, code[:2])]
    codes += _candidates(_key(name), None)[:SHOWN]
    listed = "; ".join(_described(code) for code in dict.fromkeys(codes))
    kind = "area" if level is None and within is None else "municipality"
    where = f" of {STATES[within]}" if within else ""
    parts = [part for part in _BETWEEN.split(text) if part]
    cure = "no name is near; geo.load_areas('municipality') has all names"
    if listed:
        cure = f"the nearest names are {listed}"
    elif len(parts) > 1 and all(state_code(one) or _candidates(_key(one), None) for one in parts):
        cure = f"if several are meant, give each by itself: {', '.join(map(repr, parts))}"
    return f"no {kind}{where} is called {text!r}; {cure}"
