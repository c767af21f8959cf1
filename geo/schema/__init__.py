"""The contracts of the tables that go from step to step.

A table is an ordinary (Geo)DataFrame. Its contract names the columns that it must have, what
they hold and which of them identify a row; columns beyond the contract are allowed and kept.
What a contract is stands in :mod:`geo.schema.table`, the contracts beside it by subject.
"""

from geo.schema.actors import ACTOR_NAMES, DYAD_STATUS, DYADS, FRAGMENTATION
from geo.schema.areas import AREAS, EXPOSURE, NEIGHBORS, ORIGINS, POPULATION
from geo.schema.events import (
    ASSIGNED,
    ASSIGNED_BY,
    EVENTS,
    FATES,
    GEO_PRECISION,
    LEDGER,
    TIME_PRECISION,
    UNASSIGNED,
)
from geo.schema.hotspots import (
    CHANGED_VERDICTS,
    CLUSTERING,
    EMERGING,
    HOTSPOTS,
    OUTLIERS,
    QUADRANTS,
    VERDICTS,
)
from geo.schema.rates import CHANGE, EXPLAINED, MEASURES, PANEL
from geo.schema.table import Column, Kind, Table
from geo.schema.trends import (
    BREAKS,
    CHANGE_LEVELS,
    ELSEWHERE,
    INTERRUPTED,
    PLACEBOS,
    SERIES,
    SURGE_RULES,
    SURGES,
    TERMS,
    TREND,
)

TABLES = (
    EVENTS,
    AREAS,
    NEIGHBORS,
    POPULATION,
    EXPOSURE,
    ASSIGNED,
    PANEL,
    MEASURES,
    CHANGE,
    EXPLAINED,
    HOTSPOTS,
    OUTLIERS,
    CLUSTERING,
    CHANGED_VERDICTS,
    EMERGING,
    ACTOR_NAMES,
    DYADS,
    FRAGMENTATION,
    SERIES,
    BREAKS,
    TREND,
    INTERRUPTED,
    ELSEWHERE,
    PLACEBOS,
    SURGES,
    LEDGER,
)
"""Every contract, in the order the data flow."""

__all__ = [
    "ACTOR_NAMES",
    "AREAS",
    "ASSIGNED",
    "ASSIGNED_BY",
    "BREAKS",
    "CHANGE",
    "CHANGED_VERDICTS",
    "CHANGE_LEVELS",
    "CLUSTERING",
    "DYADS",
    "DYAD_STATUS",
    "ELSEWHERE",
    "EMERGING",
    "EVENTS",
    "EXPLAINED",
    "EXPOSURE",
    "FATES",
    "FRAGMENTATION",
    "GEO_PRECISION",
    "HOTSPOTS",
    "INTERRUPTED",
    "LEDGER",
    "MEASURES",
    "NEIGHBORS",
    "ORIGINS",
    "OUTLIERS",
    "PANEL",
    "PLACEBOS",
    "POPULATION",
    "QUADRANTS",
    "SERIES",
    "SURGES",
    "SURGE_RULES",
    "TABLES",
    "TERMS",
    "TIME_PRECISION",
    "TREND",
    "UNASSIGNED",
    "VERDICTS",
    "Column",
    "Kind",
    "Table",
]
