"""From conflict and crime events in Mexico to rates, hotspots and maps.

The names here are the steps that a user chains; arithmetic on arrays stays in ``geo.stats``.
Each is loaded when it is first used, so that ``geo --help`` need not wait for geometry.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.errors import GeoError, GeoWarning
    from geo.export.assigned import assign_stream
    from geo.export.qgis.write import write_qgis
    from geo.export.raster import source_tags, write_surface
    from geo.export.tables import write_tables
    from geo.ledger import Ledger
    from geo.periods import Window
    from geo.render.map import EventMap
    from geo.render.picture import draw_map
    from geo.render.popups import Popup, Tooltip
    from geo.render.series_graph import draw_series
    from geo.render.tiles import Tiles
    from geo.sample import make_sample, write_sample
    from geo.sources.actor_names import read_actor_names
    from geo.sources.boundaries import find_area, load_areas, load_lines, load_neighbors
    from geo.sources.denominator import read_denominator
    from geo.sources.events import Reading, read_events, read_events_with_ledger
    from geo.sources.population import load_exposure, load_population
    from geo.steps.actor_names import rename_actors
    from geo.steps.actors import find_dyads, measure_fragmentation
    from geo.steps.assign import assign_areas, assignment_account, pileups
    from geo.steps.clusters import cluster_points
    from geo.steps.coarsen import show_points
    from geo.steps.compare import compare_windows
    from geo.steps.composition import split_composition
    from geo.steps.concentration import lorenz_curves, measure_concentration
    from geo.steps.contiguity import find_neighbors
    from geo.steps.count import count_events
    from geo.steps.denominator import area_exposure, given_exposure
    from geo.steps.displacement import compare_ring
    from geo.steps.elsewhere import compare_elsewhere
    from geo.steps.emerging import find_emerging
    from geo.steps.emerging_actors import find_emerging_actors
    from geo.steps.event_study import study_event
    from geo.steps.explain import explain_change
    from geo.steps.fatalities import measure_fatalities
    from geo.steps.filter import filter_events
    from geo.steps.hotspots import find_hotspots
    from geo.steps.interrupted import find_pre_trend, interrupt_series
    from geo.steps.measure import add_rates
    from geo.steps.moran import find_outliers, measure_clustering
    from geo.steps.nearest import changed_verdicts, nearest_areas
    from geo.steps.placing import locate_points
    from geo.steps.prediction import predict_periods
    from geo.steps.query import Query, query
    from geo.steps.query_sql import sql
    from geo.steps.query_where import area_rings
    from geo.steps.repeats import find_near_repeats
    from geo.steps.scan import ScanResults, find_clusters
    from geo.steps.season import find_season
    from geo.steps.surface import Surface, event_density
    from geo.steps.surface_ratio import density_change, relative_risk
    from geo.steps.surge import find_surges, violent_events
    from geo.steps.synthetic import synthetic_area
    from geo.steps.targeting import compare_targeting, measure_targeting
    from geo.steps.trend import cut_series, find_breaks, find_trends
    from geo.study import Results, Study, run_study
    from geo.study.streamed import Streamed
    from geo.study.streaming import count_stream

__version__ = "0.1.0"

__all__ = [
    "EventMap",
    "GeoError",
    "GeoWarning",
    "Ledger",
    "Popup",
    "Query",
    "Reading",
    "Results",
    "ScanResults",
    "Streamed",
    "Study",
    "Surface",
    "Tiles",
    "Tooltip",
    "Window",
    "add_rates",
    "area_exposure",
    "area_rings",
    "assign_areas",
    "assign_stream",
    "assignment_account",
    "changed_verdicts",
    "cluster_points",
    "compare_elsewhere",
    "compare_ring",
    "compare_targeting",
    "compare_windows",
    "count_events",
    "count_stream",
    "cut_series",
    "density_change",
    "draw_map",
    "draw_series",
    "event_density",
    "explain_change",
    "filter_events",
    "find_area",
    "find_breaks",
    "find_clusters",
    "find_dyads",
    "find_emerging",
    "find_emerging_actors",
    "find_hotspots",
    "find_near_repeats",
    "find_neighbors",
    "find_outliers",
    "find_pre_trend",
    "find_season",
    "find_surges",
    "find_trends",
    "given_exposure",
    "interrupt_series",
    "load_areas",
    "load_exposure",
    "load_lines",
    "load_neighbors",
    "load_population",
    "locate_points",
    "lorenz_curves",
    "make_sample",
    "measure_clustering",
    "measure_concentration",
    "measure_fatalities",
    "measure_fragmentation",
    "measure_targeting",
    "nearest_areas",
    "pileups",
    "predict_periods",
    "query",
    "read_actor_names",
    "read_denominator",
    "read_events",
    "read_events_with_ledger",
    "relative_risk",
    "rename_actors",
    "run_study",
    "show_points",
    "source_tags",
    "split_composition",
    "sql",
    "study_event",
    "synthetic_area",
    "violent_events",
    "write_qgis",
    "write_sample",
    "write_surface",
    "write_tables",
]

_HOME = {
    "EventMap": "geo.render.map",
    "GeoError": "geo.errors",
    "GeoWarning": "geo.errors",
    "Ledger": "geo.ledger",
    "Popup": "geo.render.popups",
    "Query": "geo.steps.query",
    "Reading": "geo.sources.events",
    "Results": "geo.study",
    "ScanResults": "geo.steps.scan",
    "Streamed": "geo.study.streamed",
    "Study": "geo.study",
    "Surface": "geo.steps.surface",
    "Tiles": "geo.render.tiles",
    "Tooltip": "geo.render.popups",
    "Window": "geo.periods",
    "add_rates": "geo.steps.measure",
    "area_exposure": "geo.steps.denominator",
    "area_rings": "geo.steps.query_where",
    "assign_areas": "geo.steps.assign",
    "assign_stream": "geo.export.assigned",
    "assignment_account": "geo.steps.assign",
    "changed_verdicts": "geo.steps.nearest",
    "cluster_points": "geo.steps.clusters",
    "compare_elsewhere": "geo.steps.elsewhere",
    "compare_ring": "geo.steps.displacement",
    "compare_targeting": "geo.steps.targeting",
    "compare_windows": "geo.steps.compare",
    "count_events": "geo.steps.count",
    "count_stream": "geo.study.streaming",
    "cut_series": "geo.steps.trend",
    "density_change": "geo.steps.surface_ratio",
    "draw_map": "geo.render.picture",
    "draw_series": "geo.render.series_graph",
    "event_density": "geo.steps.surface",
    "explain_change": "geo.steps.explain",
    "filter_events": "geo.steps.filter",
    "find_area": "geo.sources.boundaries",
    "find_breaks": "geo.steps.trend",
    "find_clusters": "geo.steps.scan",
    "find_dyads": "geo.steps.actors",
    "find_emerging": "geo.steps.emerging",
    "find_emerging_actors": "geo.steps.emerging_actors",
    "find_hotspots": "geo.steps.hotspots",
    "find_near_repeats": "geo.steps.repeats",
    "find_neighbors": "geo.steps.contiguity",
    "find_outliers": "geo.steps.moran",
    "find_pre_trend": "geo.steps.interrupted",
    "find_season": "geo.steps.season",
    "find_surges": "geo.steps.surge",
    "find_trends": "geo.steps.trend",
    "given_exposure": "geo.steps.denominator",
    "interrupt_series": "geo.steps.interrupted",
    "load_areas": "geo.sources.boundaries",
    "load_exposure": "geo.sources.population",
    "load_lines": "geo.sources.boundaries",
    "load_neighbors": "geo.sources.boundaries",
    "load_population": "geo.sources.population",
    "locate_points": "geo.steps.placing",
    "lorenz_curves": "geo.steps.concentration",
    "make_sample": "geo.sample",
    "measure_clustering": "geo.steps.moran",
    "measure_concentration": "geo.steps.concentration",
    "measure_fatalities": "geo.steps.fatalities",
    "measure_fragmentation": "geo.steps.actors",
    "measure_targeting": "geo.steps.targeting",
    "nearest_areas": "geo.steps.nearest",
    "pileups": "geo.steps.assign",
    "predict_periods": "geo.steps.prediction",
    "query": "geo.steps.query",
    "read_actor_names": "geo.sources.actor_names",
    "read_denominator": "geo.sources.denominator",
    "read_events": "geo.sources.events",
    "read_events_with_ledger": "geo.sources.events",
    "relative_risk": "geo.steps.surface_ratio",
    "rename_actors": "geo.steps.actor_names",
    "run_study": "geo.study",
    "show_points": "geo.steps.coarsen",
    "source_tags": "geo.export.raster",
    "split_composition": "geo.steps.composition",
    "sql": "geo.steps.query_sql",
    "study_event": "geo.steps.event_study",
    "synthetic_area": "geo.steps.synthetic",
    "violent_events": "geo.steps.surge",
    "write_qgis": "geo.export.qgis.write",
    "write_sample": "geo.sample",
    "write_surface": "geo.export.raster",
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
