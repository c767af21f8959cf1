"""Near repeats: pairs of events by how far apart they are in space and in time.

Points in meters in one plane, days as whole numbers. :func:`geo.stats.clusters.knox` asks whether
there are more close pairs than by chance for one reach; here every pair stands in one cell of a
small table, so that it shows how far and how long the effect reaches.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, divide
from geo.stats.weights import close_pairs, plane_points

IntArray = npt.NDArray[np.int64]
Progress = Callable[[str, int, int], None]

MAX_COMPARISONS = 60_000_000_000
"""Pairs times permutations; so many take some ten minutes."""

_BATCH = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class NearRepeats:
    """Pairs of events by band of distance (rows) and band of time (columns).

    Attributes
    ----------
    pairs
        How many pairs all events make.
    observed
        Pairs in each cell.
    expected
        Their mean over all ways to put the days on the places: pairs in the band of distance x
        pairs in the band of time / all pairs.
    p_value
        One-sided: (1 + shuffles with at least as many pairs) / (1 + shuffles); NaN where nothing
        is expected, or without shuffles.
    """

    pairs: int
    observed: IntArray
    expected: FloatArray
    p_value: FloatArray

    @property
    def ratio(self) -> FloatArray:
        """Return observed / expected, NaN where nothing is expected."""
        return divide(self.observed, self.expected)


def near_repeats(
    easting: ArrayLike,
    northing: ArrayLike,
    days: ArrayLike,
    *,
    reaches_m: Sequence[float],
    reaches_days: Sequence[int],
    permutations: int = 999,
    rng: np.random.Generator,
    progress: Progress | None = None,
) -> NearRepeats:
    """Count pairs of events by distance and time, and test each cell by shuffling the days.

    Each band ends with its reach, which it holds, and begins beyond the one before; the first
    band of distance holds distance 0, the first of time the same day. The places are held and the
    days shuffled over them, all cells at once. One-sided: fewer pairs than expected give a p near
    1.

    Parameters
    ----------
    easting, northing
        Meters.
    days
        Day of each event, whole numbers.
    reaches_m, reaches_days
        Upper ends of the bands, ascending. The first distance may be 0: the same coordinates.
    permutations
        Number of shuffles; 0 for the counts alone.
    rng
        Source of randomness.
    progress
        Told what is done, how many shuffles are, and how many there will be.

    Returns
    -------
    NearRepeats
        Zeros and missing p for fewer than two events.

    Raises
    ------
    SettingsError
        If a coordinate or day is missing, reaches do not ascend, or there would be more than
        :data:`MAX_COMPARISONS` comparisons or too many close pairs for the memory.

    References
    ----------
    Knox, E. G. (1964). The detection of space-time interactions. *Applied Statistics* 13, 25-29.
    Ratcliffe, J. H., and Rengert, G. F. (2008). Near-repeat patterns in Philadelphia shootings.
    *Security Journal* 21, 58-76.

    Examples
    --------
    Two pairs of events at one spot each, on consecutive days, a year between the pairs:

    >>> found = near_repeats([0, 0, 50, 50], [0, 0, 0, 0], [1, 2, 366, 367],
    ...     reaches_m=[0, 100], reaches_days=[7], permutations=99, rng=np.random.default_rng(1))
    >>> found.observed.tolist(), found.expected.round(2).tolist()
    ([[2], [0]], [[0.67], [1.33]])
    """
    points = plane_points(easting, northing)
    when = _whole_days(days, len(points))
    far, late = _reaches(reaches_m, "distance"), _reaches(reaches_days, "time")
    if permutations < 0:
        raise SettingsError(f"the number of permutations must be 0 or more, not {permutations}")
    n = len(points)
    shape = (len(far), len(late))
    if n < 2:
        nothing = np.full(shape, np.nan)
        return NearRepeats(0, np.zeros(shape, dtype=np.int64), np.zeros(shape), nothing)
    # The tree needs a reach above zero; at distance 0 the exact limit is applied below.
    near = close_pairs(points, max(float(far[-1]), 1e-3))
    apart = np.hypot(*(points[near[:, 0]] - points[near[:, 1]]).T)
    band: IntArray = np.asarray(np.searchsorted(far, apart, side="left"))
    near, band = near[band < len(far)], band[band < len(far)]
    if len(near) * permutations > MAX_COMPARISONS:
        raise SettingsError(
            f"{len(near):,} pairs within {far[-1]:g} m x {permutations:,} permutations are "
            f"{len(near) * permutations:.2g} comparisons; the limit is {MAX_COMPARISONS:.2g}. "
            "Choose fewer events (a focus, a filter), a shorter distance or fewer permutations"
        )
    order = np.argsort(band, kind="stable")
    edges = np.searchsorted(band[order], range(1, len(far)))
    # Each side of the pairs in one piece: the shuffles go through them again and again.
    sides = np.ascontiguousarray(near[order].T.astype(np.int32))
    groups = np.split(sides, edges, axis=1)

    observed = _count(when, groups, late)
    pairs = n * (n - 1) // 2
    ordered: npt.NDArray[np.int32] = np.sort(when)
    within: list[int] = [
        int(np.sum(np.searchsorted(ordered, ordered + reach, "right"))) - n * (n + 1) // 2
        for reach in late
    ]
    by_time = np.diff([0, *within])
    by_space = np.array([group.shape[1] for group in groups])
    expected = by_space.reshape(-1, 1) * (by_time / pairs)
    as_many = np.zeros(shape, dtype=np.int64)
    for done in range(permutations):
        as_many += _count(rng.permutation(when), groups, late) >= observed
        if progress and (done + 1) % 20 == 0:
            progress("near repeats", done + 1, permutations)
    p = np.full(shape, np.nan)
    if permutations:
        p = np.where(expected > 0, (1 + as_many) / (1 + permutations), np.nan)
    return NearRepeats(pairs, observed, expected, p)


def _count(
    when: npt.NDArray[np.int32], groups: list[npt.NDArray[np.int32]], late: FloatArray
) -> IntArray:
    """Count the pairs of each band of distance in each band of time."""
    within = np.zeros((len(groups), len(late)), dtype=np.int64)
    for row, group in enumerate(groups):
        for start in range(0, group.shape[1], _BATCH):
            first, second = group[:, start : start + _BATCH]
            gap = np.abs(when[first] - when[second])
            for column, reach in enumerate(late):
                within[row, column] += np.count_nonzero(gap <= reach)
    return np.diff(within, axis=1, prepend=0)


def _whole_days(days: ArrayLike, n: int) -> npt.NDArray[np.int32]:
    when = np.asarray(days, dtype=np.float64).ravel()
    if len(when) != n:
        raise SettingsError(f"{n} points and {len(when)} days are given; they go in pairs")
    if wrong := int((~np.isfinite(when) | (when != np.floor(when))).sum()):
        raise SettingsError(
            f"{wrong} of {n} events have no whole number as a day; leave them out and say so"
        )
    return (when - when.min(initial=np.inf) if n else when).astype(np.int32)


def _reaches(given: Sequence[float], what: str) -> FloatArray:
    reaches = np.asarray(given, dtype=np.float64).ravel()
    ascending = all(lower < upper for lower, upper in itertools.pairwise(reaches))
    if not len(reaches) or not ascending or not np.isfinite(reaches).all() or reaches[0] < 0:
        raise SettingsError(
            f"the bands of {what} end at [{', '.join(f'{reach:g}' for reach in reaches)}]; give "
            "one or more numbers from 0, each larger than the one before"
        )
    return reaches
