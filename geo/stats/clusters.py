"""Events close in space and in time: clusters of them, and whether there are more than by chance.

Points in meters in one plane, dates as numbers of days. Only places and days that are known
exactly belong here. Gazetteers give all events of a town one point, so that "close in space"
often means "in the same town".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.weights import close_pairs, plane_points

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Progress = Callable[[str, int, int], None]

MAX_PAIRS = 50_000_000
"""More pairs of close events (of 16 bytes each) are not built."""

_BATCH = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The cluster of each event, and whether it is inside of it or at its border.

    `label` counts from 1, in the order of the first core event; 0 is noise.
    """

    label: IntArray
    is_core: BoolArray

    @property
    def count(self) -> int:
        """Return how many clusters there are."""
        return int(self.label.max(initial=0))


@dataclass(frozen=True, slots=True)
class Knox:
    """Pairs of events that are close, as found and as expected."""

    pairs: int
    close_space: int
    close_time: int
    close_both: int
    expected: float
    ratio: float
    p_poisson: float
    p_value: float
    permutations: int


def cluster_events(
    easting: ArrayLike,
    northing: ArrayLike,
    days: ArrayLike,
    *,
    reach_m: float,
    reach_days: float,
    min_events: int,
) -> Clusters:
    """Group events that lie densely in space and in time (ST-DBSCAN).

    Two events are near each other if they are within `reach_m` *and* within `reach_days`, both
    limits included: DBSCAN on the larger of the two distances, each divided by its reach. An
    event with `min_events` near it, itself included, is a core event; near core events share a
    cluster; an event that is only near one is its border. A border event near several clusters
    goes to the one with the nearest core event, then the earliest, so that the order of the
    events changes nothing.

    Labels are a description, not a test: chance makes clusters too. :func:`knox` tests.

    Parameters
    ----------
    easting, northing
        Meters.
    days
        Day of each event, as a number.
    reach_m, reach_days
        How near is near.
    min_events
        Events that make a place and time dense.

    Returns
    -------
    Clusters
        Empty for no events.

    Raises
    ------
    SettingsError
        If a coordinate or day is missing, a setting is not above zero, or more than
        :data:`MAX_PAIRS` pairs of places and days would be near each other.

    References
    ----------
    Birant, D., and Kut, A. (2007). ST-DBSCAN: an algorithm for clustering spatial-temporal data.
    *Data & Knowledge Engineering* 60, 208-221. Without its test of other attributes.

    Examples
    --------
    Three events within two days and 200 m, one a month later at the same spot:

    >>> found = cluster_events(
    ...     [0, 100, 200, 100], [0, 0, 0, 0], [1, 2, 3, 33],
    ...     reach_m=100, reach_days=2, min_events=3,
    ... )
    >>> found.label, found.is_core
    (array([1, 1, 1, 0]), array([False,  True, False, False]))
    """
    points = plane_points(easting, northing)
    when = _days(days, len(points))
    _check_reach(reach_m, reach_days)
    if min_events < 1:
        raise SettingsError(f"min_events must be 1 or more, not {min_events}")
    if not len(points):
        return Clusters(np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))

    # Events on one spot and day have the same neighbors: they are looked at once. Sorted by
    # day, place follows place in the order that settles ties.
    unique, back, many = np.unique(
        np.column_stack([when, points]), axis=0, return_inverse=True, return_counts=True
    )
    first, second, apart = _near(unique, reach_m, reach_days)
    n = len(unique)
    around = many + np.bincount(first, many[second], n) + np.bincount(second, many[first], n)
    core = around >= min_events

    joined = core[first] & core[second]
    graph = scipy.sparse.coo_array((np.ones(joined.sum()), (first[joined], second[joined])), (n, n))
    _, component = scipy.sparse.csgraph.connected_components(graph, directed=False)
    label = np.zeros(n, dtype=np.int64)
    # Components are numbered by their first core place, which comes first in time.
    names, place = np.unique(component[core], return_index=True)
    rank = np.empty(n, dtype=np.int64)
    rank[names[np.argsort(place)]] = np.arange(1, len(names) + 1)
    label[core] = rank[component[core]]

    out_in, in_out = ~core[first] & core[second], core[first] & ~core[second]
    border = np.concatenate([first[out_in], second[in_out]])
    inner = np.concatenate([second[out_in], first[in_out]])
    gap = np.concatenate([apart[out_in], apart[in_out]])
    # The nearest is written last, and stays; places are sorted by day, so ties go to the earliest.
    nearest = np.lexsort((inner, gap, border))[::-1]
    label[border[nearest]] = label[inner[nearest]]
    back = back.ravel()
    return Clusters(label[back], core[back])


def knox(
    easting: ArrayLike,
    northing: ArrayLike,
    days: ArrayLike,
    *,
    reach_m: float,
    reach_days: float,
    permutations: int = 999,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> Knox:
    """Test whether events close in space are also close in time more often than by chance.

    Pairs of events within `reach_m` and within `reach_days` are counted, both limits included.
    By chance means that dates have nothing to do with places: the places are held and the dates
    shuffled over them. The test is one-sided; fewer close pairs than expected give a p near 1.
    Trends and seasons are in the shuffled dates too, but a shift of violence from one region to
    another counts as interaction.

    Parameters
    ----------
    easting, northing, days, reach_m, reach_days
        As in :func:`cluster_events`.
    permutations
        Shuffles of the dates; 0 for the Poisson p alone.
    rng
        Source of randomness.
    progress
        Told what is done, how many shuffles are, and how many there will be.

    Returns
    -------
    Knox
        ``p_value`` is (1 + shuffles with at least as many close pairs) / (1 + shuffles);
        ``p_poisson`` the chance of at least as many if the count were Poisson (the R package
        surveillance gives that of more). Without a pair the ratio and both p are NaN.

    Raises
    ------
    SettingsError
        If a coordinate or day is missing, a reach is not above zero, or more than
        :data:`MAX_PAIRS` pairs are close in space.

    References
    ----------
    Knox, E. G. (1964). The detection of space-time interactions. *Applied Statistics* 13, 25-29.
    Johnson, S. D., et al. (2007). Space-time patterns of risk: a cross national assessment of
    residential burglary victimization. *Journal of Quantitative Criminology* 23, 201-219.

    Examples
    --------
    Two pairs of events a meter apart, each on consecutive days, a year between the pairs:

    >>> found = knox([0, 1, 50, 51], [0, 0, 0, 0], [1, 2, 366, 367], reach_m=5, reach_days=7,
    ...              permutations=99, rng=np.random.default_rng(1))
    >>> found.close_space, found.close_time, found.close_both, round(found.expected, 3)
    (2, 2, 2, 0.667)
    """
    points = plane_points(easting, northing)
    when = _days(days, len(points))
    _check_reach(reach_m, reach_days)
    if permutations < 0:
        raise SettingsError(f"the number of permutations must be 0 or more, not {permutations}")
    n = len(points)
    pairs = n * (n - 1) // 2
    near = close_pairs(points, reach_m) if n else np.empty((0, 2), dtype=np.int64)
    ordered = np.sort(when)
    close_time = int((np.searchsorted(ordered, ordered + reach_days, "right") - np.arange(n)).sum())
    close_time -= n
    close_both = _count_close(when, near, reach_days)
    if not pairs:
        return Knox(0, 0, 0, 0, 0.0, math.nan, math.nan, math.nan, 0)

    expected = len(near) * close_time / pairs
    as_many = 0
    for done in range(permutations):
        as_many += _count_close(rng.permutation(when), near, reach_days) >= close_both
        if progress and (done + 1) % 100 == 0:
            progress("knox", done + 1, permutations)
    return Knox(
        pairs=pairs,
        close_space=len(near),
        close_time=close_time,
        close_both=close_both,
        expected=expected,
        ratio=close_both / expected if expected else math.nan,
        p_poisson=poisson_tail(close_both, expected),
        p_value=(1 + as_many) / (1 + permutations) if permutations else math.nan,
        permutations=permutations,
    )


def poisson_tail(observed: int, expected: float) -> float:
    """Return the chance that a Poisson count is as large as observed, or larger.

    Examples
    --------
    Knox's children with leukemia: 5 close pairs, 25 * 152 / 4560 expected.

    >>> round(poisson_tail(5, 25 * 152 / 4560), 4)
    0.0017
    >>> poisson_tail(0, 2.5)
    1.0
    """
    return float(scipy.special.pdtrc(observed - 1, expected)) if observed > 0 else 1.0


def _count_close(when: FloatArray, near: IntArray, reach_days: float) -> int:
    close = 0
    for start in range(0, len(near), _BATCH):
        first, second = near[start : start + _BATCH].T
        close += int((np.abs(when[first] - when[second]) <= reach_days).sum())
    return close


def _near(
    unique: FloatArray, reach_m: float, reach_days: float
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return pairs of near rows of (day, easting, northing), and the larger scaled distance."""
    scaled = unique / [reach_days, reach_m, reach_m]
    tree = scipy.spatial.cKDTree(scaled)
    # A square in place of the circle, and a hair more than the reach: cut to size below.
    reach = 1 + 1e-9
    count = (int(tree.count_neighbors(tree, reach, p=np.inf)) - len(unique)) // 2
    if count > MAX_PAIRS:
        raise SettingsError(
            f"within {reach_m:g} m and {reach_days:g} days lie {count} pairs of events, more than "
            f"the limit of {MAX_PAIRS}; choose a shorter reach, or fewer events"
        )
    found = tree.query_pairs(reach, p=np.inf, output_type="ndarray").reshape(-1, 2)
    first, second = found.astype(np.int64).T
    step = np.abs(unique[first] - unique[second])
    meters, gap = np.hypot(step[:, 1], step[:, 2]), step[:, 0]
    near = (meters <= reach_m) & (gap <= reach_days)
    larger = np.maximum(meters / reach_m, gap / reach_days)
    return first[near], second[near], larger[near]


def _days(days: ArrayLike, n: int) -> FloatArray:
    when = np.asarray(days, dtype=np.float64).ravel()
    if len(when) != n:
        raise SettingsError(f"{n} points and {len(when)} days are given; they go in pairs")
    if missing := int((~np.isfinite(when)).sum()):
        raise SettingsError(f"{missing} of {n} events have no day; leave them out and say so")
    return when


def _check_reach(reach_m: float, reach_days: float) -> None:
    for value, unit in ((reach_m, "m"), (reach_days, "days")):
        if not value > 0 or not math.isfinite(value):
            raise SettingsError(f"the reach must be above zero and finite, not {value:g} {unit}")
