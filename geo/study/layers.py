"""What a study makes for its map when asked: emerging hotspots, scan clusters, a density.

Each takes seconds and answers a question of its own, so that none is made unless it is wanted.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from geo.errors import DataWarning
from geo.periods import PeriodKind
from geo.stats.emerging import FEWEST_PERIODS
from geo.steps.count import count_events
from geo.steps.emerging import draws_of_cube, find_emerging
from geo.steps.neighborhood import FEW_AREAS
from geo.steps.scan import ScanResults, find_clusters
from geo.steps.surface import Surface, event_density
from geo.study.asked import FEW_WHOLE
from geo.study.attempts import Attempts
from geo.study.days import covered_days, whole_periods
from geo.study.locating import Located
from geo.study.naming import with_names
from geo.study.peopling import measure
from geo.study.telling import Progress

MAX_AREAS = 250
"""Most municipalities in a cluster of a study; a scan without a limit takes minutes."""

SHARE = 0.1
"""Most of the population in a cluster."""

REPLICATES = 99
"""Simulated data sets behind each p of a cluster."""

WORKERS = 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Emerging:
    """Labels of emerging hotspots, and what they rest on.

    Attributes
    ----------
    table
        The ``EMERGING`` table of municipalities.
    kind, first, last, periods
        The kind of its periods, the labels of the first and the last, and their number.
    permutations, seed
        Of its p-values.
    """

    table: pd.DataFrame
    kind: PeriodKind
    first: str
    last: str
    periods: int
    permutations: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Made:
    """What was made; None where it was not asked for, or could not be made."""

    emerging: Emerging | None = None
    scan: ScanResults | None = None
    surface: Surface | None = None

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables, by name."""
        tables = {}
        if self.emerging is not None:
            tables["emerging_municipality"] = with_names(self.emerging.table, "municipality")
        if self.scan is not None:
            centers = self.scan.clusters.rename(columns={"center": "cvegeo"})
            named = with_names(centers, "municipality")
            tables["scan_clusters"] = named.rename(columns={"cvegeo": "center"})
            tables["scan_areas"] = with_names(self.scan.areas, "municipality")
        return tables


def make_layers(found: Located, tell: Progress, attempt: Attempts) -> Made:
    """Make what the settings of a study ask for, by municipality.

    Periods are quarters where the data cover ten of them wholly, else months: in a single month
    hardly any municipality has an event. The density is of the window of comparison; of all days
    where nothing is compared.

    Parameters
    ----------
    found
        The events with their areas.
    tell
        Told how far it is.
    attempt
        Remembers what a step refused.

    Warns
    -----
    DataWarning
        If a step refuses; the study stands without that layer.
    """
    study = found.settings
    if not study.layers:
        return Made()
    measures, kind, days = None, None, covered_days(whole_periods(found, "month"))
    if {"emerging", "scan"} & set(study.layers):
        tell("emerging", 0, 1)
        measures, kind, days = _measures(found)
        if (whole := found.areas_with_rates("municipality")) is not None:
            measures = _only(measures, whole, attempt, study.layers)
    made = Made(
        emerging=(
            attempt("emerging", lambda: _emerging(found, measures, kind))
            if measures is not None and kind is not None and "emerging" in study.layers
            else None
        ),
        scan=(
            attempt("scan", lambda: _scan(found, measures, tell))
            if measures is not None and "scan" in study.layers
            else None
        ),
        surface=(
            attempt("density", lambda: _density(found, days, tell))
            if "density" in study.layers
            else None
        ),
    )
    for name, why in attempt.not_done.items():
        warnings.warn(f"the layer {name!r} could not be made: {why}", DataWarning, stacklevel=2)
    return made


def _only(
    measures: pd.DataFrame, whole: frozenset[str], attempt: Attempts, layers: Sequence[str]
) -> pd.DataFrame | None:
    """Return the rows of the areas that a query asks for as a whole; None where they are few."""
    if len(whole) >= FEW_AREAS:
        return measures[measures["cvegeo"].isin(whole)].reset_index(drop=True)
    for name in ("emerging", "scan"):
        if name in layers:
            attempt.not_done[name] = FEW_WHOLE.format(number=len(whole))
    return None


def _measures(found: Located) -> tuple[pd.DataFrame, PeriodKind, dict[str, str]]:
    """Return the rates of municipalities by quarter, or by month where there are few quarters."""
    kinds: tuple[PeriodKind, ...] = ("quarter", "month")
    for kind in kinds:
        whole = whole_periods(found, kind)
        days = covered_days(whole)
        panel = count_events(whole.located, level="municipality", period=kind, **days)
        complete = panel["complete"].fillna(value=False).astype(bool)
        if panel["period"][complete].nunique() >= FEWEST_PERIODS or kind == "month":
            break
    settings = whole.settings
    return measure(panel, settings, "municipality", days, interval=settings.interval), kind, days


def _emerging(found: Located, measures: pd.DataFrame, kind: PeriodKind) -> Emerging:
    study = found.settings
    table = find_emerging(measures, permutations=study.permutations, seed=study.seed)
    labels = sorted(measures["period"][measures["complete"].astype(bool)].unique())
    return Emerging(
        table=table,
        kind=kind,
        first=labels[0],
        last=labels[-1],
        periods=len(labels),
        permutations=draws_of_cube(study.permutations, int(table["periods"].sum())),
        seed=study.seed,
    )


def _scan(found: Located, measures: pd.DataFrame, tell: Progress) -> ScanResults:
    return find_clusters(
        measures,
        max_shares=(SHARE,),
        max_areas=MAX_AREAS,
        replicates=REPLICATES,
        seed=found.settings.seed,
        workers=WORKERS,
        progress=tell,
    )


def _density(found: Located, days: Mapping[str, str], tell: Progress) -> Surface:
    tell("surface", 0, 1)
    windows = found.settings.windows
    return event_density(
        found.located,
        window=None if windows is None else windows[1],
        data_from=days["first"],
        data_through=days["data_through"],
    )
