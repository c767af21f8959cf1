"""Dates at which a series changed, found without being told one.

Arrays in, arrays out. The search goes over every way to cut the series, so it finds the best one.
A date found here must not be tested afterwards as if it had been given in advance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, counts_and_exposure, divide

MOST_STEPS = 400
"""Of a series; the search takes time with the square of it."""


@dataclass(frozen=True, slots=True)
class ChangePoints:
    """What :func:`find_change_points` finds.

    Attributes
    ----------
    breaks
        Positions of the first step of each new segment; none where the series does not change.
    rates
        Rate of each segment, one more than there are breaks.
    objective
        Cost of all segments, and the penalty for each break; the least there is.
    """

    breaks: tuple[int, ...]
    rates: FloatArray
    objective: float


@dataclass(frozen=True, slots=True)
class BreakRange:
    """How far the date of a break may be off; made by :func:`break_ranges`.

    Attributes
    ----------
    low, high
        First and last position of the interval.
    share_at_break
        How many of the replicates found the very same position.
    """

    low: int
    high: int
    share_at_break: float


def find_change_points(
    events: ArrayLike,
    exposure: ArrayLike = 1.0,
    *,
    cost: Literal["poisson", "squares"] = "poisson",
    penalty: float | None = None,
    least_length: int = 3,
    dispersion: float = 1.0,
) -> ChangePoints:
    """Cut a series where its rate changes (optimal partitioning).

    The cut with the least sum of the segments' costs plus a penalty for each break. The cost of a
    segment is twice its negative Poisson log-likelihood, or its squared deviations.

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, for one series in the order of time, without
        gaps. With "squares", exposure plays no part.
    cost
        "poisson" for counts.
    penalty
        What a break must gain. Three times the logarithm of the number of steps unless given;
        for "squares" it must be, in the square of the series' unit.
    least_length
        Steps that a segment has at least.
    dispersion
        The Poisson cost is divided by it. With 1, a series that varies more than independent
        events breaks wherever it bursts; see :func:`dispersion_of_steps`.

    Returns
    -------
    ChangePoints
        Of two cuts equally good, that with the later last break.

    Raises
    ------
    SettingsError
        If there are more than 400 steps, fewer than `least_length`, or gaps.

    References
    ----------
    Jackson, B., et al. (2005). An algorithm for optimal partitioning of data on an interval.
    *IEEE Signal Processing Letters* 12, 105-108. Killick, R., Fearnhead, P., and Eckley, I. A.
    (2012). Optimal detection of changepoints with a linear computational cost. *Journal of the
    American Statistical Association* 107, 1590-1598. For the penalty: Zhang, N. R., and Siegmund,
    D. O. (2007). *Biometrics* 63, 22-32.

    Examples
    --------
    >>> found = find_change_points([2, 3, 2, 1, 2, 2, 9, 8, 9, 10, 9, 9])
    >>> found.breaks, found.rates
    ((6,), array([2., 9.]))
    """
    counts, times = _series(events, exposure, least_length)
    steps = counts.size
    if penalty is None:
        if cost == "squares":
            raise SettingsError(
                "a penalty in the square of the series' unit is needed with squares; "
                "4 log(steps) times its variance within segments is a usual one"
            )
        penalty = 3 * float(np.log(steps))
    if not 0 < dispersion < np.inf or penalty < 0:
        raise SettingsError(
            f"dispersion is {dispersion:g} and penalty {penalty:g}; the first must lie above 0 and "
            "the second not below"
        )
    summed = _from_zero(counts), _from_zero(times), _from_zero(counts**2)

    # best[k] is the least cost of the first k steps, with a penalty too many.
    best, previous = np.full(steps + 1, np.inf), np.zeros(steps + 1, dtype=np.int64)
    best[0] = -penalty
    for end in range(least_length, steps + 1):
        starts = np.arange(end - least_length + 1)
        n, t, squares = (part[end] - part[starts] for part in summed)
        if cost == "poisson":
            segment = _poisson_cost(n, t) / dispersion
        else:
            segment = squares - n**2 / (end - starts)
        whole = best[starts] + segment + penalty
        # Of equal costs the latest start; and a cut must gain more than rounding does.
        last = int(np.flatnonzero(whole <= whole.min() + 1e-12 * abs(whole.min()))[-1])
        best[end], previous[end] = whole[last], starts[last]

    breaks: list[int] = []
    end = steps
    while (start := int(previous[end])) > 0:
        breaks.append(start)
        end = start
    edges = np.array([0, *reversed(breaks), steps])
    n, t = np.diff(summed[0][edges]), np.diff(summed[1][edges])
    rates = divide(n, t) if cost == "poisson" else n / np.diff(edges)
    return ChangePoints(tuple(int(edge) for edge in edges[1:-1]), rates, float(best[steps]))


def dispersion_of_steps(events: ArrayLike, exposure: ArrayLike = 1.0) -> float:
    """Return how much more than independent events a series varies from one step to the next.

    The mean over neighboring steps of (difference of rates)² / (variance that chance gives it).
    A few lasting changes hardly raise it, bursts of one step do.

    Parameters
    ----------
    events, exposure
        As in :func:`find_change_points`.

    Returns
    -------
    float
        About 1 for independent events; never below 1, and 1 without any event.

    Examples
    --------
    Differences of 0, 0, 8, 0, 0: 64 over 2 + 10, in one of five pairs.

    >>> dispersion_of_steps([2, 2, 2, 10, 10, 10])
    1.0666667
    >>> dispersion_of_steps([2, 18, 2, 18])
    12.8
    """
    counts, times = _series(events, exposure, 2)
    rates = counts / times
    pooled = (counts[1:] + counts[:-1]) / (times[1:] + times[:-1])
    chance = pooled * (1 / times[1:] + 1 / times[:-1])
    ratios = np.nan_to_num(divide(np.diff(rates) ** 2, chance))
    return max(1.0, float(ratios[chance > 0].mean())) if (chance > 0).any() else 1.0


def break_ranges(
    events: ArrayLike,
    exposure: ArrayLike = 1.0,
    *,
    breaks: tuple[int, ...],
    rng: np.random.Generator,
    least_length: int = 3,
    confidence: float = 0.95,
    replicates: int = 1999,
) -> tuple[BreakRange, ...]:
    """Return for each break how far its date may be off (bootstrap).

    The steps on either side of a break, up to the next one, are drawn anew with replacement, and
    the break between them is looked for again (Poisson cost).

    Parameters
    ----------
    events, exposure, least_length
        As in :func:`find_change_points`.
    breaks
        As found by it.
    rng
        Source of the draws.
    confidence
        Share of the replicates that lie in the range.
    replicates
        Number of draws.

    Returns
    -------
    tuple of BreakRange
        One a break. They hold given that there is such a break; steps are drawn one by one, so a
        series that drifts has wider ranges in truth.

    References
    ----------
    Hušková, M., and Kirch, C. (2008). Bootstrapping confidence intervals for the change-point of
    time series. *Journal of Time Series Analysis* 29, 947-972.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> break_ranges([2, 3, 2, 1, 2, 2, 29, 28, 29, 30, 29, 29], breaks=(6,), rng=rng)
    (BreakRange(low=6, high=6, share_at_break=1.0),)
    """
    check_confidence(confidence)
    counts, times = _series(events, exposure, least_length)
    edges = [0, *breaks, counts.size]
    if replicates < 1 or min(np.diff(edges)) < least_length:
        raise SettingsError(
            f"breaks are {breaks} and replicates {replicates}; breaks must be in order, at least "
            f"{least_length} steps apart, and there must be a replicate"
        )
    ranges = []
    for start, at, end in zip(edges, breaks, edges[2:], strict=False):
        drawn = np.concatenate(
            [rng.integers(start, at, (replicates, at - start)),
             rng.integers(at, end, (replicates, end - at))], axis=1
        )  # fmt: skip
        n, t = np.cumsum(counts[drawn], axis=1), np.cumsum(times[drawn], axis=1)
        cuts = np.arange(least_length, end - start - least_length + 1)
        costs = _poisson_cost(n[:, cuts - 1], t[:, cuts - 1]) + _poisson_cost(
            n[:, -1:] - n[:, cuts - 1], t[:, -1:] - t[:, cuts - 1]
        )
        found = start + cuts[np.argmin(costs, axis=1)]
        tail = (1 - confidence) / 2
        low = np.quantile(found, tail, method="lower")
        high = np.quantile(found, 1 - tail, method="higher")
        ranges.append(BreakRange(int(low), int(high), float(np.mean(found == at))))
    return tuple(ranges)


def _series(
    events: ArrayLike, exposure: ArrayLike, least_length: int
) -> tuple[FloatArray, FloatArray]:
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    if counts.ndim != 1 or not 1 <= least_length <= counts.size <= MOST_STEPS:
        raise SettingsError(
            f"the series has the shape {counts.shape} and segments of at least {least_length} "
            f"steps; it must be one series of that many up to {MOST_STEPS}. Count by longer "
            "periods, or cut the window"
        )
    if (gaps := ~(times > 0) | np.isnan(counts)).any():
        raise SettingsError(
            f"{gaps.sum()} of {counts.size} steps have no count or no exposure, the first at "
            f"position {int(np.argmax(gaps))}; leave out what lies before or after the gap"
        )
    return counts, times


def _poisson_cost(events: FloatArray, exposure: FloatArray) -> FloatArray:
    cost: FloatArray = 2 * (events - scipy.special.xlogy(events, divide(events, exposure)))
    return cost


def _from_zero(values: FloatArray) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum(values)])
