"""A whole study: settings in, tables out, every record accounted for.

Each name is loaded when it is first used, so that counting in a stream need not wait for tests and
surfaces.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.study.facts import Facts
    from geo.study.locating import Located, locate_events
    from geo.study.results import Results
    from geo.study.run import run_study
    from geo.study.settings import SAMPLE, Study
    from geo.study.telling import Progress
    from geo.study.titles import area_name, change_sentence

__all__ = [
    "SAMPLE",
    "Facts",
    "Located",
    "Progress",
    "Results",
    "Study",
    "area_name",
    "change_sentence",
    "locate_events",
    "run_study",
]

_HOME = {
    "SAMPLE": "settings",
    "Facts": "facts",
    "Located": "locating",
    "Progress": "telling",
    "Results": "results",
    "Study": "settings",
    "area_name": "titles",
    "change_sentence": "titles",
    "locate_events": "locating",
    "run_study": "run",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(importlib.import_module(f"geo.study.{_HOME[name]}"), name)
    raise AttributeError(f"module 'geo.study' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__})
