"""Kulldorff's scan statistic: where, and since when, there are more cases than expected.

Circles of areas, or cylinders of areas and periods, of every size; the one that stands out most,
and how often chance alone brings forth one that stands out as much. It needs no fixed scale and
tests once, however many circles it looks at.

Violence is more uneven than chance: cases that come in series make the p-values of the Poisson
model too small. The permutation model (:func:`scan_permutation`) needs no population and is
blind to what is always so in an area or a period; it shares that trait for series.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.scan_cylinders import Windows
from geo.stats.scan_peaks import Peaks
from geo.stats.scan_search import Search, Zones
from geo.stats.weights import plane_points

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Progress = Callable[[str, int, int], None]
Draw = Callable[[], IntArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanSettings:
    """How far a scan looks, and how often it is repeated.

    Attributes
    ----------
    max_share
        A circle holds at most this share of the population. At 0.5 the most likely cluster
        tends to swallow its neighbors; look at 0.1 too.
    max_areas
        And at most so many areas; as a rule, no limit.
    max_periods
        A cylinder lasts at most so many periods; as a rule, half of them.
    prospective
        Look only at what goes on in the last period.
    replicates
        Simulated data sets; 0 for none and no p-value.
    stop_after
        Stop as soon as so many replicates reach the most likely cluster: it is chance, and how
        exactly matters little. As a rule, all replicates are made.
    clusters
        How many clusters are reported, at most.
    workers
        Threads.
    """

    max_share: float = 0.5
    max_areas: int | None = None
    max_periods: int | None = None
    prospective: bool = False
    replicates: int = 999
    stop_after: int | None = None
    clusters: int = 10
    workers: int = 1

    def __post_init__(self) -> None:
        """Refuse settings that cannot be meant."""
        if not 0 < self.max_share <= 1:
            raise SettingsError(f"max_share must lie in (0, 1], not {self.max_share:g}")
        for name in ("max_areas", "max_periods", "stop_after", "clusters", "workers"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SettingsError(f"{name} must be 1 or more, not {value}")
        if self.replicates < 0:
            raise SettingsError(f"replicates must be 0 or more, not {self.replicates}")


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """Areas (and periods, by position, both ends included) with more cases than expected.

    `relative_risk` compares inside with outside, infinite where all cases are inside.
    """

    center: int
    areas: IntArray
    first: int
    last: int
    observed: int
    expected: float
    relative_risk: float
    llr: float
    p_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """Clusters, the most likely first, and the highest ratio of each replicate made."""

    clusters: tuple[Cluster, ...]
    total: int
    maxima: FloatArray
    stopped_early: bool


def scan_poisson(
    cases: ArrayLike,
    expected: ArrayLike,
    easting: ArrayLike,
    northing: ArrayLike,
    *,
    population: ArrayLike | None = None,
    settings: ScanSettings | None = None,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Scan:
    """Find clusters of more cases than the population would have.

    Parameters
    ----------
    cases
        Whole numbers: one for each area, or (area, period).
    expected
        Of the same shape, such as person-years; scaled to the number of cases.
    easting, northing
        A point of each area, in meters.
    population
        What `max_share` is a share of; as a rule, `expected` summed over the periods.
    settings
        How far to look.
    rng
        Source of randomness.
    progress
        Told what is done, how much of it is, and how much it will be.

    Returns
    -------
    Scan
        Clusters that share no area, by falling likelihood ratio. The p-value of each is the
        share of data sets, the observed one included, whose highest ratio is at least its own;
        for any but the first cluster it is too large rather than too small. No clusters where
        there are no cases, or nowhere more than expected.

    Raises
    ------
    SettingsError
        If cases are no whole numbers, an expected number or a coordinate is missing or negative,
        there are cases where none are expected, or the work would take too much memory.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. *Communications in Statistics - Theory and
    Methods* 26, 1481-1496.
    Kulldorff, M., et al. (1998). Evaluating cluster alarms. *American Journal of Public Health*
    88, 1377-1380. Cylinders in space and time.
    Kulldorff, M. (2001). Prospective time periodic geographical disease surveillance using a scan
    statistic. *Journal of the Royal Statistical Society A* 164, 61-72.
    Besag, J., and Clifford, P. (1991). Sequential Monte Carlo p-values. *Biometrika* 78, 301-304.

    Examples
    --------
    Six places of 1,000 people in a row:

    >>> found = scan_poisson(
    ...     [8, 6, 3, 1, 1, 1], [1000] * 6, [0, 1, 2, 3.5, 7, 8], [0] * 6,
    ...     rng=np.random.default_rng(1),
    ... )
    >>> first = found.clusters[0]
    >>> first.areas, first.observed, round(first.expected, 2), round(first.llr, 2)
    (array([0, 1]), 14, 6.67, 5.6)
    >>> first.p_value < 0.02
    True
    """
    counts = _cases(cases)
    mean = np.asarray(expected, dtype=np.float64)
    if mean.shape != np.shape(cases):
        raise SettingsError(
            f"cases have the shape {np.shape(cases)} and expected {mean.shape}; they must agree"
        )
    mean = mean.reshape(counts.shape)
    if wrong := int((~np.isfinite(mean) | (mean < 0)).sum()):
        raise SettingsError(f"{wrong} of {mean.size} expected numbers are missing or negative")
    if impossible := int(((mean == 0) & (counts > 0)).sum()):
        raise SettingsError(
            f"{impossible} of {mean.size} counts are above zero where nothing is expected; leave "
            "areas and periods without exposure out"
        )
    total = int(counts.sum())
    if total:
        mean = mean * (total / mean.sum())
    chance = mean.ravel() / max(math.fsum(mean.ravel()), 1e-300)

    def draw() -> IntArray:
        return rng.multinomial(total, chance).reshape(counts.shape).astype(np.int64)

    weight = mean.sum(axis=1) if population is None else population
    points = plane_points(easting, northing)
    return _scan(counts, mean, points, weight, settings or ScanSettings(), draw, progress)


def scan_permutation(
    cases: ArrayLike,
    easting: ArrayLike,
    northing: ArrayLike,
    *,
    population: ArrayLike | None = None,
    settings: ScanSettings | None = None,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Scan:
    """Find clusters in space and time with the cases alone.

    Expected is what areas and periods would have if they had nothing to do with each other:
    cases of the area x cases of the period / all cases. Replicates shuffle the dates over the
    cases. An area that always has many cases is no cluster, nor is a month when all have; a
    population that grows faster here than there looks like one.

    Parameters
    ----------
    cases
        Whole numbers of (area, period).
    population
        What `max_share` is a share of; as a rule, the cases of each area.
    easting, northing, settings, rng, progress
        As in :func:`scan_poisson`.

    Returns
    -------
    Scan
        As from :func:`scan_poisson`.

    References
    ----------
    Kulldorff, M., Heffernan, R., Hartman, J., Assunção, R., and Mostashari, F. (2005). A
    space-time permutation scan statistic for disease outbreak detection. *PLoS Medicine* 2, e59.

    Examples
    --------
    Two towns; the second has its cases in the last two of four weeks:

    >>> found = scan_permutation(
    ...     [[4, 4, 4, 4], [0, 0, 2, 2]], [0, 5_000], [0, 0], rng=np.random.default_rng(1),
    ... )
    >>> first = found.clusters[0]
    >>> first.areas, first.first, first.last, first.observed, first.expected
    (array([1]), 2, 3, 4, 2.4)
    """
    counts = _cases(cases)
    if np.ndim(cases) != 2:
        raise SettingsError("the permutation model needs cases of (area, period)")
    total = int(counts.sum())
    mean = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / max(total, 1)
    areas, periods = counts.shape
    place, when = np.divmod(np.repeat(np.arange(counts.size), counts.ravel()), max(periods, 1))

    def draw() -> IntArray:
        shuffled = np.bincount(place * periods + rng.permutation(when), minlength=counts.size)
        return shuffled.reshape(areas, periods)

    weight = counts.sum(axis=1) if population is None else population
    points = plane_points(easting, northing)
    return _scan(counts, mean, points, weight, settings or ScanSettings(), draw, progress)


def _scan(
    cases: IntArray,
    expected: FloatArray,
    points: FloatArray,
    population: ArrayLike,
    settings: ScanSettings,
    draw: Draw,
    progress: Progress | None,
) -> Scan:
    people = np.asarray(population, dtype=np.float64)
    if not len(cases) == len(points) == people.size:
        raise SettingsError(
            f"cases of {len(cases)} areas, {len(points)} points and {people.size} populations are "
            "given; each area needs one"
        )
    if not (np.isfinite(people) & (people >= 0)).all():
        raise SettingsError("a population is missing or negative")
    total, periods = int(cases.sum()), cases.shape[1]
    if total == 0:
        return Scan((), 0, np.empty(0), stopped_early=False)
    longest = 1 if periods == 1 else settings.max_periods or max(periods // 2, 1)
    windows = Windows(periods, min(longest, periods), settings.prospective or periods == 1)
    zones = Zones.around(points, people, max_share=settings.max_share, max_areas=settings.max_areas)
    search = Search(zones, windows, expected, total)
    batch = search.batch_size()

    found = list(_clusters(search, cases, settings.clusters))
    highest = found[0].llr if found else 0.0
    maxima = _simulate(search, settings, draw, batch, highest, progress)
    stop = settings.stop_after if found else None
    stopped = False
    if stop is not None:
        reached = np.flatnonzero(maxima >= _level(highest))
        if len(reached) >= stop:
            stopped = True
            maxima = maxima[: reached[stop - 1] + 1]
    ranked = [_with_p(cluster, maxima) for cluster in found]
    if stopped and stop is not None:
        ranked[0] = replace(ranked[0], p_value=stop / len(maxima))
    return Scan(tuple(ranked), total, maxima, stopped)


def _simulate(
    search: Search,
    settings: ScanSettings,
    draw: Draw,
    batch: int,
    highest: float,
    progress: Progress | None,
) -> FloatArray:
    maxima: list[FloatArray] = []
    made = reached = 0
    n = len(search.zones.size)
    while made < settings.replicates:
        size = min(batch, settings.replicates - made)
        if settings.stop_after is not None:
            # Early stopping pays only if the first look comes early.
            size = min(size, max(2 * settings.stop_after, made))
        stored = search.store([draw() for _ in range(size)])
        best = np.zeros(size)
        for done, best_so_far in search.maxima(stored, workers=settings.workers):
            best = best_so_far
            if progress:
                progress("scan", made * n + done * size, settings.replicates * n)
        maxima.append(best)
        made += size
        reached += int((best >= _level(highest)).sum())
        if settings.stop_after is not None and reached >= settings.stop_after:
            break
    return np.concatenate(maxima) if maxima else np.empty(0)


def _clusters(search: Search, cases: IntArray, most: int) -> Iterator[Cluster]:
    """Yield the best cylinder, then the best that shares no area with those before."""
    order, size = search.zones.order, search.zones.size
    peaks = Peaks.of(search, cases)
    taken = np.zeros(len(cases), dtype=bool)
    open_zone = np.arange(order.shape[1]) < size[:, np.newaxis]
    for _ in range(most):
        highest, center, zone = peaks.highest(open_zone)
        if not highest > 0:
            return
        areas = order[center, : zone + 1].astype(np.int64)
        first, last = search.windows.bounds(int(peaks.run[center, zone]))
        observed = int(cases[areas, first : last + 1].sum())
        expected = float(search.expected[areas, first : last + 1].sum())
        rest = search.total - observed
        outside = rest / (search.total - expected) if expected < search.total else math.nan
        risk = observed / expected / outside if rest else math.inf
        yield Cluster(center, areas, first, last, observed, expected, risk, highest, math.nan)
        taken[areas] = True
        open_zone &= ~np.logical_or.accumulate(taken[order], axis=1)


def _level(llr: float) -> float:
    """Return the height at which a replicate counts as reaching one, rounding forgiven."""
    return llr - 1e-9 * max(llr, 1.0)


def _with_p(cluster: Cluster, maxima: FloatArray) -> Cluster:
    if not len(maxima):
        return cluster
    reached = int((maxima >= _level(cluster.llr)).sum())
    return replace(cluster, p_value=(1 + reached) / (1 + len(maxima)))


def _cases(cases: ArrayLike) -> IntArray:
    counts = np.asarray(cases, dtype=np.float64)
    if counts.ndim not in (1, 2):
        raise SettingsError(f"cases must be of (area) or (area, period), not of {counts.ndim} axes")
    if wrong := int((~np.isfinite(counts) | (counts < 0) | (counts != np.floor(counts))).sum()):
        raise SettingsError(
            f"{wrong} of {counts.size} counts of cases are missing, negative or no whole numbers; "
            "events spread over several periods cannot be scanned"
        )
    if counts.sum() >= 2**31:
        raise SettingsError(f"{counts.sum():.0f} cases are more than a scan can count (2^31)")
    return counts.reshape(len(counts), -1).astype(np.int64)
