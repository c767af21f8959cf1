"""From conflict and crime events in Mexico to rates, hotspots and maps.

The names here are the steps that a user chains; arithmetic on arrays stays in ``geo.stats``.
Each is loaded when it is first used, so that ``geo --help`` need not wait for geometry.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.errors import GeoError, GeoWarning
    from geo.export.tables import write_tables
    from geo.ledger import Ledger
    from geo.periods import Window
    from geo.render.map import EventMap
    from geo.sample import make_sample, write_sample
    from geo.sources.boundaries import find_area, load_areas, load_neighbors
    from geo.sources.events import Reading, read_events, read_events_with_ledger
    from geo.sources.population import load_exposure, load_population
    from geo.steps.assign import assign_areas, assignment_account, pileups
    from geo.steps.compare import compare_windows
    from geo.steps.count import count_events
    from geo.steps.filter import filter_events
    from geo.steps.hotspots import find_hotspots
    from geo.steps.measure import add_rates
    from geo.study import Results, Study, run_study

__version__ = "0.1.0"

__all__ = [
    "EventMap",
    "GeoError",
    "GeoWarning",
    "Ledger",
    "Reading",
    "Results",
    "Study",
    "Window",
    "add_rates",
    "assign_areas",
    "assignment_account",
    "compare_windows",
    "count_events",
    "filter_events",
    "find_area",
    "find_hotspots",
    "load_areas",
    "load_exposure",
    "load_neighbors",
    "load_population",
    "make_sample",
    "pileups",
    "read_events",
    "read_events_with_ledger",
    "run_study",
    "write_sample",
    "write_tables",
]

_HOME = {
    "EventMap": "geo.render.map",
    "GeoError": "geo.errors",
    "GeoWarning": "geo.errors",
    "Ledger": "geo.ledger",
    "Reading": "geo.sources.events",
    "Results": "geo.study",
    "Study": "geo.study",
    "Window": "geo.periods",
    "add_rates": "geo.steps.measure",
    "assign_areas": "geo.steps.assign",
    "assignment_account": "geo.steps.assign",
    "compare_windows": "geo.steps.compare",
    "count_events": "geo.steps.count",
    "filter_events": "geo.steps.filter",
    "find_area": "geo.sources.boundaries",
    "find_hotspots": "geo.steps.hotspots",
    "load_areas": "geo.sources.boundaries",
    "load_exposure": "geo.sources.population",
    "load_neighbors": "geo.sources.boundaries",
    "load_population": "geo.sources.population",
    "make_sample": "geo.sample",
    "pileups": "geo.steps.assign",
    "read_events": "geo.sources.events",
    "read_events_with_ledger": "geo.sources.events",
    "run_study": "geo.study",
    "write_sample": "geo.sample",
    "write_tables": "geo.export.tables",
}
_ROOMS = ("cli", "export", "render", "sample", "sources", "stats", "steps", "study")


def __getattr__(name: str) -> object:
    """Load a public name, or a room, when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"geo.{name}")
    raise AttributeError(f"module 'geo' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted({*globals(), *__all__, *_ROOMS})
