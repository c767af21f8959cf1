"""Settings as a user writes them, in TOML, on the command line or as arguments.

What stands there is taken for what can only be meant: a whole number or a date where text is
wanted, one file where there may be several. Whether a study can be made of it is not asked here
(:mod:`geo.study.settings`).
"""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.errors import SettingsError


def read_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as the fields of a study have them; what is None is left out.

    Raises
    ------
    SettingsError
        Names that are not settings, values of another kind, or no files of events; all at once.
    """
    faults, read = [], {}
    for name, value in given.items():
        if name not in READ:
            faults.append(no_setting(name, READ))
        elif value is not None:
            try:
                read[name] = READ[name](value)
            except (TypeError, ValueError) as error:
                faults.append(f"{name} = {value!r}: {error}")
    if "events" not in given:
        faults.append("'events' is missing: a file of events, or \"sample\"")
    refuse(faults)
    return read


def refuse(faults: Sequence[str]) -> None:
    """Raise :exc:`~geo.errors.SettingsError` where there are faults of settings."""
    if faults:
        raise SettingsError("This study cannot be run:\n- " + "\n- ".join(faults))


def no_setting(name: str, known: Iterable[str], prefix: str = "") -> str:
    """Return that there is no setting of this name, and which one may be meant.

    Examples
    --------
    >>> no_setting("focu", ["focus", "base"])
    "there is no setting 'focu'; did you mean 'focus'?"
    """
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    hint = f"did you mean {prefix + near[0]!r}?" if near else "there are " + ", ".join(names)
    return f"there is no setting {prefix + name!r}; {hint}"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError("text is expected, in quotes")


def _texts(value: object) -> tuple[str, ...]:
    several = value if isinstance(value, list | tuple) else (value,)
    return tuple(str(v) if isinstance(v, os.PathLike) else _text(v) for v in several)


def _path(value: object) -> Path:
    return Path(value) if isinstance(value, os.PathLike) else Path(_text(value))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is expected")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is expected")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError("a number is expected")
    return float(value)


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("a table of names and values is expected")
    return {_text(key): entry for key, entry in value.items()}


def _names(value: object) -> dict[str, str]:
    return {name: _text(entry) for name, entry in _table(value).items()}


READ: dict[str, Callable[[Any], Any]] = {
    "events": _texts,
    "title": _text,
    "period": _text,
    "base": _text,
    "comparison": _text,
    "focus": _text,
    "event_date": _text,
    "transition_from": _text,
    "claim": _number,
    "interval": _text,
    "method": _text,
    "actor_names": _path,
    "filters": _table,
    "population": _path,
    "nearest_year": _truth,
    "data_through": _text,
    "tolerance_m": _number,
    "conflicts": _text,
    "hotspot_periods": _whole,
    "permutations": _whole,
    "source": _text,
    "columns": _names,
    "geo_precision": _text,
    "time_precision": _text,
    "date_order": _text,
    "encoding": _text,
    "delimiter": _text,
    "sheet": _text,
    "accessed": _text,
    "layers": _texts,
    "points": _text,
    "lang": _text,
    "detail": _text,
    "plain": _truth,
    "zip": _truth,
    "tiles": _text,
    "tiles_credit": _text,
    "out": _path,
    "keep_assigned": _truth,
    "seed": _whole,
}
"""What each setting is read as, by its name."""
