"""Names of files and sheets that every system takes, from whatever a table is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from geo.export.text import is_reserved

_LONGEST = 100
_SHEET = 31
"""Characters that the name of a sheet may have."""


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a name for the file of each table, without an ending; no two alike.

    Small letters, digits, hyphens and underscores only: never a path, never a name that a system
    keeps for itself. A table of `geo` keeps its name.

    Examples
    --------
    >>> list(file_names(["measures_state", "../Ñuu Savi", "CON", "con"]).values())
    ['measures_state', 'nuu-savi', 'con-1', 'con-1-2']
    """
    return _apart(names, _file_name, _LONGEST)


def sheet_names(names: Iterable[str]) -> dict[str, str]:
    """Return a name for the sheet of each table; no two alike in any case.

    Examples
    --------
    >>> sheet_names(["measures_state", "a/b: [c]?", "history", "x" * 40])["a/b: [c]?"]
    'a-b- -c'
    """
    return _apart(names, _sheet_name, _SHEET)


def _file_name(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    short = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-")
    return f"{short}-1" if is_reserved(short) else short or "table"


def _sheet_name(name: str) -> str:
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    safe = re.sub(r"[\[\]:*?/\\']+", "-", " ".join(shown.split())).strip("- ")
    return f"{safe}-1" if safe.lower() == "history" else safe or "table"


def _apart(names: Iterable[str], safe: Callable[[str], str], longest: int) -> dict[str, str]:
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        short = safe(name)[:longest].rstrip("- ")
        chosen, number = short, 1
        while chosen.lower() in taken:
            number += 1
            end = f"-{number}"
            chosen = f"{short[: longest - len(end)]}{end}"
        taken.add(chosen.lower())
        found[name] = chosen
    return found
