"""Scan the map for clusters: areas, and periods, with more events than expected."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geo import schema
from geo.errors import DataWarning, PeriodError, SettingsError
from geo.stats.scan import Cluster, Scan, ScanSettings, scan_permutation, scan_poisson
from geo.stats.scan_limits import most_cost, scan_cost, space_time_dispersion
from geo.steps.scan_cube import FloatArray, Model, ScanCube
from geo.steps.series import table_of

Over = Literal["space", "space-time", "prospective"]
Progress = Callable[[str, int, int], None]

REPLICATES = 999
SEED = 20240909
MAX_SHARES = (0.5, 0.1)
"""Clusters of up to half of the population tend to swallow their neighbors; a tenth does less."""

MOST_MINUTES = 60.0
"""A scan that would take longer is refused before it begins."""

OVERDISPERSED = 1.2
"""From here on it is said that p is too small."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ScanResults:
    """What a scan found.

    Attributes
    ----------
    clusters, areas
        A ``SCAN_CLUSTERS`` and a ``SCAN_AREAS`` table.
    scanned
        Number of areas that were scanned; for the permutation model those with an event.
    events
        Their events.
    first, last, periods
        The periods that were scanned, and their number.
    dispersion
        How much areas x periods vary, as a multiple of independent events; NaN for one period.
    over, model, replicates, seed
        As asked for.
    """

    clusters: pd.DataFrame
    areas: pd.DataFrame
    scanned: int
    events: int
    first: str
    last: str
    periods: int
    dispersion: float
    over: Over
    model: Model
    replicates: int
    seed: int


def find_clusters(  # noqa: PLR0913
    measures: pd.DataFrame,
    *,
    over: Over = "space-time",
    model: Model = "poisson",
    max_shares: Sequence[float] = MAX_SHARES,
    max_periods: int | None = None,
    max_areas: int | None = None,
    replicates: int = REPLICATES,
    stop_after: int | None = None,
    most: int = 10,
    seed: int = SEED,
    workers: int = 1,
    most_minutes: float = MOST_MINUTES,
    places: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> ScanResults:
    """Find where, and since when, there are more events than expected.

    Kulldorff's scan: circles around each area, or cylinders of circles and periods, of every
    size; the likeliest first, and how often chance alone brings forth one as likely. One test,
    however many circles are looked at.

    The Poisson model expects events by person-years, so that it also finds what is always high;
    the permutation model expects events of the area x events of the period / all events, needs no
    population, and finds only what is unusual for the place *and* the time; areas without any
    event take no part in it. Both take events as
    independent. Violence comes in series, and then ``p_value`` is too small: ``p_dispersed`` is
    of the likelihood ratio divided by the dispersion of areas x periods (at least 1). It does
    not know of neighbors that go up and down together, so it may still be too small.

    Parameters
    ----------
    measures
        A ``MEASURES`` table without a category; for the permutation model a ``PANEL`` will do.
        Only complete periods are scanned, and they must follow one another.
    over
        ``"space"`` (all periods in one), ``"space-time"``, or ``"prospective"``: only what still
        goes on in the last period.
    model
        ``"poisson"`` or ``"permutation"`` (which has no use for ``"space"``).
    max_shares
        Largest share of the population (of the events, for the permutation model) in a circle;
        each share is a scan of its own, from the same seed.
    max_periods
        Longest cluster; half of the periods unless given.
    max_areas
        Most areas in a circle; no limit unless given.
    replicates
        Simulated data sets behind each p; 0 for none.
    stop_after
        Stop when so many replicates reach the likeliest cluster: it is chance then.
    most
        Clusters reported for each share, at most; they have no area in common.
    seed
        Seed of the draws.
    workers
        Threads. They change the time it takes and nothing else.
    most_minutes
        What takes longer, by an estimate made before, is refused.
    places
        A table of ``cvegeo``, ``lon`` and ``lat`` with a point of each area. Unless given, the
        middle of the largest circle that fits into the largest part of the area.
    progress
        Told ``"scan"``, how much is done, and of how much.

    Returns
    -------
    ScanResults
        Its tables are empty where there is no event, or nowhere more than expected.

    Raises
    ------
    SchemaError
        If a table breaks its contract.
    SettingsError
        If an argument cannot be meant, there is a category, no exposure, or the scan would take
        longer than `most_minutes` or too much memory.
    PeriodError
        If complete periods do not follow one another, or there are too few.
    AreaError
        If an area has no point.

    Warns
    -----
    ExposureWarning
        If areas are left out because nobody knows how many people live there.
    DataWarning
        If the counts vary more than independent events do, by a fifth or more, and p is asked
        for.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. *Communications in Statistics - Theory and
    Methods* 26, 1481-1496. Kulldorff, M., et al. (2005). A space-time permutation scan statistic.
    *PLoS Medicine* 2, e59. For the division by the dispersion: Zhang, T., Zhang, Z., and Lin, G.
    (2012). Spatial scan statistics with overdispersion. *Statistics in Medicine* 31, 762-774.

    Examples
    --------
    Two towns, 50 km apart. The second has all of its events in the last two of four months:

    >>> months = ["2024-01", "2024-02", "2024-03", "2024-04"]
    >>> panel = pd.DataFrame({
    ...     "cvegeo": ["25001"] * 4 + ["25006"] * 4, "period": months * 2,
    ...     "events": [4, 4, 4, 4, 0, 0, 2, 2], "fatalities": 0, "fatalities_unknown": 0,
    ...     "complete": True, "years": 1 / 12,
    ... })
    >>> found = find_clusters(panel, model="permutation", max_shares=[0.5], replicates=0)
    >>> found.clusters[["center", "first", "last", "observed", "expected"]].values.tolist()
    [['25006', '2024-03', '2024-04', 4, 2.4]]
    """
    _check(over, model, max_shares, most_minutes)
    settings = [
        ScanSettings(
            max_share=share,
            max_areas=max_areas,
            max_periods=max_periods,
            prospective=over == "prospective",
            replicates=replicates,
            stop_after=stop_after,
            clusters=most,
            workers=workers,
        )
        for share in max_shares
    ]
    cube = ScanCube.of(measures, model, places)
    dispersion = space_time_dispersion(cube.events) if cube.events.size else float("nan")
    cube = cube.flat() if over == "space" else cube
    if over != "space" and 0 < len(cube.labels) < 2:
        raise PeriodError(
            f"a scan of time needs two complete periods, and there is one ({cube.labels[0]}); "
            "count by a shorter period, or scan over space alone"
        )
    if len(cube.codes):
        _refuse_long(cube, settings, model, most_minutes)
        if replicates:
            _warn_of_dispersion(dispersion)
    tables = [
        _tables(cube, one, _scan(cube, one, model, seed, progress), dispersion, over, model)
        for one in settings
        if len(cube.codes)
    ]
    rows = [row for clusters, _ in tables for row in clusters]
    members = [row for _, areas in tables for row in areas]
    return ScanResults(
        clusters=table_of(rows, schema.SCAN_CLUSTERS),
        areas=table_of(members, schema.SCAN_AREAS),
        scanned=len(cube.codes),
        events=int(cube.events.sum()),
        first=cube.first,
        last=cube.last,
        periods=cube.periods,
        dispersion=dispersion,
        over=over,
        model=model,
        replicates=replicates,
        seed=seed,
    )


def _scan(
    cube: ScanCube, settings: ScanSettings, model: Model, seed: int, progress: Progress | None
) -> Scan:
    easting, northing = cube.points.T
    rng = np.random.default_rng(seed)
    if model == "permutation":
        return scan_permutation(
            cube.events, easting, northing, settings=settings, rng=rng, progress=progress
        )
    return scan_poisson(
        cube.events,
        cube.exposure,
        easting,
        northing,
        settings=settings,
        rng=rng,
        progress=progress,
    )


def _tables(
    cube: ScanCube,
    settings: ScanSettings,
    scan: Scan,
    dispersion: float,
    over: Over,
    model: Model,
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the rows of both tables, of one share."""
    rows: list[dict[str, object]] = []
    members: list[dict[str, object]] = []
    expected = cube.expected(model)
    for place, cluster in enumerate(scan.clusters):
        rank = {"share_limit": settings.max_share, "rank": place + 1}
        first, last = cluster.first, cluster.last
        whole = over == "space"
        rows.append(
            {
                **rank,
                "center": cube.codes[cluster.center],
                "areas": len(cluster.areas),
                "first": cube.first if whole else cube.labels[first],
                "last": cube.last if whole else cube.labels[last],
                "observed": cluster.observed,
                "expected": cluster.expected,
                "relative_risk": cluster.relative_risk,
                "llr": cluster.llr,
                "p_value": cluster.p_value,
                "p_dispersed": _dispersed_p(cluster, scan, dispersion),
                "dispersion": dispersion,
                "replicates": len(scan.maxima),
                "scan": over,
                "model": model,
            }
        )
        members.extend({**rank, **area} for area in _members(cube, cluster, expected))
    return rows, members


def _members(cube: ScanCube, cluster: Cluster, expected: FloatArray) -> Iterator[dict[str, object]]:
    time = slice(cluster.first, cluster.last + 1)
    away = np.hypot(*(cube.points[cluster.areas] - cube.points[cluster.center]).T) / 1_000
    for area, distance in sorted(zip(cluster.areas.tolist(), away.tolist(), strict=True)):
        yield {
            "cvegeo": cube.codes[area],
            "distance_km": distance,
            "observed": int(cube.events[area, time].sum()),
            "expected": float(expected[area, time].sum()),
        }


def _dispersed_p(cluster: Cluster, scan: Scan, dispersion: float) -> float:
    """Return the p of a likelihood ratio over the dispersion, never below the p as it is."""
    if not len(scan.maxima) or np.isnan(dispersion):
        return float("nan")
    level = cluster.llr / max(dispersion, 1.0)
    reached = int((scan.maxima >= level - 1e-9 * max(level, 1.0)).sum())
    return max((1 + reached) / (1 + len(scan.maxima)), cluster.p_value)


def _check(over: str, model: str, max_shares: Sequence[float], most_minutes: float) -> None:
    for value, known, what in ((over, get_args(Over), "scan"), (model, get_args(Model), "model")):
        if value not in known:
            raise SettingsError(f"{value!r} is no {what}; choose one of {', '.join(known)}")
    if model == "permutation" and over == "space":
        raise SettingsError(
            "the permutation model compares periods with each other, so it cannot scan space "
            "alone; choose over='space-time' or model='poisson'"
        )
    if not max_shares or len(set(max_shares)) < len(max_shares):
        raise SettingsError(f"give one or several different shares, not {list(max_shares)}")
    if not most_minutes > 0:
        raise SettingsError(f"most_minutes must be above 0, not {most_minutes:g}")


def _refuse_long(
    cube: ScanCube, settings: Sequence[ScanSettings], model: Model, most_minutes: float
) -> None:
    """Refuse what takes too long; too much memory is refused by the parts that would need it."""
    if not cube.events.any():
        return
    columns = cube.events.shape[1]
    at_most = [most_cost(len(cube.codes), columns, one) for one in settings]
    if sum(cost.seconds for cost in at_most) <= 60 * most_minutes:
        return
    people = cube.population(model)
    costs = [scan_cost(cube.points, people, columns, one) for one in settings]
    minutes = sum(cost.seconds for cost in costs) / 60
    if minutes > most_minutes:
        shares = " and ".join(f"{100 * one.max_share:g} %" for one in settings)
        raise SettingsError(
            f"a scan of {len(cube.codes):,} areas x {columns} periods with clusters of up to "
            f"{shares} of the population looks at {sum(c.cylinders for c in costs) / 1e6:,.0f} "
            f"million cylinders, in the data and in {settings[0].replicates:,} replicates: about "
            f"{minutes:,.0f} minutes with {settings[0].workers} workers, more than the limit of "
            f"{most_minutes:g} (most_minutes). Look only at what goes on in the last period "
            "(over='prospective'), or choose a smaller max_periods, max_areas (250, for example) "
            "or max_shares, longer periods, fewer replicates or more workers"
        )


def _warn_of_dispersion(dispersion: float) -> None:
    if dispersion > OVERDISPERSED:
        warnings.warn(
            f"the counts of areas x periods vary {dispersion:.1f} times as much as independent "
            "events would, so that p_value of a scan is too small; p_dispersed allows for it",
            DataWarning,
            stacklevel=3,
        )
