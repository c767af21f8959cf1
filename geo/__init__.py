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
    from geo.sources.actor_names import read_actor_names
    from geo.sources.boundaries import find_area, load_areas, load_neighbors
    from geo.sources.events import Reading, read_events, read_events_with_ledger
    from geo.sources.population import load_exposure, load_population
    from geo.steps.actor_names import rename_actors
    from geo.steps.actors import find_dyads, measure_fragmentation
    from geo.steps.assign import assign_areas, assignment_account, pileups
    from geo.steps.compare import compare_windows
    from geo.steps.count import count_events
    from geo.steps.elsewhere import compare_elsewhere
    from geo.steps.emerging import find_emerging
    from geo.steps.explain import explain_change
    from geo.steps.filter import filter_events
    from geo.steps.hotspots import find_hotspots
    from geo.steps.interrupted import find_pre_trend, interrupt_series
    from geo.steps.measure import add_rates
    from geo.steps.moran import find_outliers, measure_clustering
    from geo.steps.nearest import changed_verdicts, nearest_areas
    from geo.steps.surge import find_surges, violent_events
    from geo.steps.trend import cut_series, find_breaks, find_trends
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
    "changed_verdicts",
    "compare_elsewhere",
    "compare_windows",
    "count_events",
    "cut_series",
    "explain_change",
    "filter_events",
    "find_area",
    "find_breaks",
    "find_dyads",
    "find_emerging",
    "find_hotspots",
    "find_outliers",
    "find_pre_trend",
    "find_surges",
    "find_trends",
    "interrupt_series",
    "load_areas",
    "load_exposure",
    "load_neighbors",
    "load_population",
    "make_sample",
    "measure_clustering",
    "measure_fragmentation",
    "nearest_areas",
    "pileups",
    "read_actor_names",
    "read_events",
    "read_events_with_ledger",
    "rename_actors",
    "run_study",
    "violent_events",
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
    "changed_verdicts": "geo.steps.nearest",
    "compare_elsewhere": "geo.steps.elsewhere",
    "compare_windows": "geo.steps.compare",
    "count_events": "geo.steps.count",
    "cut_series": "geo.steps.trend",
    "explain_change": "geo.steps.explain",
    "filter_events": "geo.steps.filter",
    "find_area": "geo.sources.boundaries",
    "find_breaks": "geo.steps.trend",
    "find_dyads": "geo.steps.actors",
    "find_emerging": "geo.steps.emerging",
    "find_hotspots": "geo.steps.hotspots",
    "find_outliers": "geo.steps.moran",
    "find_pre_trend": "geo.steps.interrupted",
    "find_surges": "geo.steps.surge",
    "find_trends": "geo.steps.trend",
    "interrupt_series": "geo.steps.interrupted",
    "load_areas": "geo.sources.boundaries",
    "load_exposure": "geo.sources.population",
    "load_neighbors": "geo.sources.boundaries",
    "load_population": "geo.sources.population",
    "make_sample": "geo.sample",
    "measure_clustering": "geo.steps.moran",
    "measure_fragmentation": "geo.steps.actors",
    "nearest_areas": "geo.steps.nearest",
    "pileups": "geo.steps.assign",
    "read_actor_names": "geo.sources.actor_names",
    "read_events": "geo.sources.events",
    "read_events_with_ledger": "geo.sources.events",
    "rename_actors": "geo.steps.actor_names",
    "run_study": "geo.study",
    "violent_events": "geo.steps.surge",
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
