"""Whether a series rises or falls, and how fast, told by order and not by size.

Arrays in, arrays out. Periods lie along the first axis, in order and of equal length; areas, where
there are several series, along the last. Missing values (NaN) are left out and leave their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.local import two_sided_p
from geo.stats.rates import FloatArray, check_confidence

EXACT_BELOW = 10
"""With fewer values, and no ties, the p-value is also worked out exactly."""

_PAIRS = 2**22
"""Slopes held at once."""


@dataclass(frozen=True, slots=True)
class MannKendall:
    """Mann-Kendall test of each series; every array has one number a series.

    Attributes
    ----------
    score
        S: pairs of periods in which the later value is higher, less those in which it is lower.
    variance
        Of S if there is no trend, corrected for ties.
    z
        (S - sign(S)) / sqrt(variance), and 0 where S is 0.
    p_value
        Two-sided, by the normal tail; poor below about ten values. 1 for a constant series.
    p_exact
        Two-sided, from all orders of the values; NaN with ties or from ten values on.
    tau_a, tau_b
        Kendall's tau: S as a share of all pairs, and of the pairs that are not tied (NaN for a
        constant series).
    """

    score: FloatArray
    variance: FloatArray
    z: FloatArray
    p_value: FloatArray
    p_exact: FloatArray
    tau_a: FloatArray
    tau_b: FloatArray


def mann_kendall(series: ArrayLike) -> MannKendall:
    """Test each series for a trend that goes one way, whatever its form.

    The test takes the values as independent. Where each period resembles the one before, its
    p-value is too small.

    Parameters
    ----------
    series
        Values, periods along the first axis. Missing ones (NaN) are left out.

    Returns
    -------
    MannKendall
        All NaN where fewer than two values are known.

    Raises
    ------
    SettingsError
        If values hold infinity.

    References
    ----------
    Mann, H. B. (1945). Nonparametric tests against trend. *Econometrica* 13, 245-259. Kendall,
    M. G. (1975). *Rank correlation methods*. Griffin, London.

    Examples
    --------
    Four values, six pairs, of which five rise and one falls. The variance is
    4 * 3 * (2 * 4 + 5) / 18, and two-sided 8 of the 24 orders are as far from none:

    >>> found = mann_kendall([1, 3, 2, 4])
    >>> [float(part) for part in (found.score, found.variance, found.z, found.p_exact)]
    [4.0, 8.667, 1.019, 0.333]
    >>> float(mann_kendall([5, 5, 5]).p_value)
    1.0
    """
    values = _checked(series)
    known = ~np.isnan(values)
    n = known.sum(axis=0).astype(np.float64)
    score = np.zeros(values.shape[1])
    ties = np.zeros(values.shape[1])  # sum of t (t - 1) (2 t + 5) over the groups of t equal values
    tied_pairs = np.zeros(values.shape[1])
    for place, value in enumerate(values):
        later = values[place + 1 :]
        score += (later > value).sum(axis=0) - (later < value).sum(axis=0, dtype=np.float64)
        equal = (values == value).sum(axis=0)
        ties += np.where(known[place], (equal - 1) * (2 * equal + 5), 0)
        tied_pairs += np.where(known[place], equal - 1, 0) / 2

    tested = n >= 2
    missing = np.where(tested, 1.0, np.nan)
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    z = (score - np.sign(score)) / np.sqrt(np.where(variance > 0, variance, 1.0)) * missing
    pairs = np.where(tested, n * (n - 1) / 2, np.nan)
    untied = pairs - tied_pairs
    tau_b = score / np.sqrt(np.where(untied > 0, pairs * untied, np.nan))
    exact = np.where(tied_pairs == 0, _exact_p(score, n), np.nan)
    return MannKendall(
        *(
            part.reshape(np.shape(series)[1:])[()]
            for part in (
                score * missing,
                variance * missing,
                z,
                two_sided_p(z),
                exact,
                score / pairs,
                tau_b,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class SenSlope:
    """Theil-Sen slope of each series, in units of the value per period, and its interval."""

    slope: FloatArray
    slope_low: FloatArray
    slope_high: FloatArray


def theil_sen(series: ArrayLike, *, confidence: float = 0.95) -> SenSlope:
    """Return the median of the slopes between all pairs of periods.

    A few wild values do not move it. Where more than half of the pairs are tied, as in a series
    of mostly zeros, it is 0 however the rest may rise.

    Parameters
    ----------
    series
        As in :func:`mann_kendall`.
    confidence
        Two-sided coverage of the interval, by the normal approximation to the score.

    Returns
    -------
    SenSlope
        NaN where fewer than two values are known. The limits are slopes of pairs, or infinite
        where the series is too short to set one.

    References
    ----------
    Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. *Journal of
    the American Statistical Association* 63, 1379-1389. Gilbert, R. O. (1987). *Statistical
    methods for environmental pollution monitoring*. Van Nostrand Reinhold, New York, 217-219.

    Examples
    --------
    Slopes 1, 2, 17/3, 3, 8 and 13: the median lies between 3 and 17/3:

    >>> float(theil_sen([0, 1, 4, 17]).slope)
    4.33
    >>> theil_sen([[1, 9], [2, 9], [float("nan"), 9], [4, 9]]).slope
    array([1., 0.])
    """
    check_confidence(confidence)
    values = _checked(series)
    variance = np.atleast_1d(mann_kendall(values).variance)
    first, second = np.triu_indices(len(values), k=1)
    results = np.full((3, values.shape[1]), np.nan)
    block = max(_PAIRS // max(len(first), 1), 1)
    for start in range(0, values.shape[1], block):
        part = slice(start, start + block)
        slopes = (values[second, part] - values[first, part]) / (second - first)[:, np.newaxis]
        results[:, part] = _median_and_limits(np.sort(slopes, axis=0), variance[part], confidence)
    return SenSlope(*(part.reshape(np.shape(series)[1:])[()] for part in results))


def _median_and_limits(
    slopes: FloatArray, variance: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the median of the slopes of each series, in ascending order, and its interval."""
    number = (~np.isnan(slopes)).sum(axis=0)  # missing ones come last
    tested = number > 0

    def ranked(rank: npt.NDArray[np.int64]) -> FloatArray:
        """Return the slopes of a rank, counted from 1; beyond the last there is infinity."""
        place = np.clip(rank, 1, np.maximum(number, 1)) - 1
        found = np.take_along_axis(slopes, place[np.newaxis], axis=0)[0]
        beyond = np.where(rank < 1, -np.inf, np.where(rank > number, np.inf, found))
        return np.where(tested, beyond, np.nan)

    if not len(slopes):
        return (np.full(len(number), np.nan),) * 3
    middle = (ranked((number + 1) // 2) + ranked(number // 2 + 1)) / 2
    reach = -scipy.special.ndtri((1 - confidence) / 2) * np.sqrt(np.where(tested, variance, 0.0))
    # Outward to whole ranks, so that the interval holds at least what it says.
    low = ranked(np.floor((number - reach) / 2).astype(np.int64))
    high = ranked(np.ceil((number + reach) / 2).astype(np.int64) + 1)
    return middle, low, high


def _exact_p(score: FloatArray, n: FloatArray) -> FloatArray:
    """Return the share of orders of n different values with a score as far from 0, two-sided."""
    p = np.full(score.shape, np.nan)
    for size in range(2, EXACT_BELOW):
        # Orders by their number of falling pairs, which is (pairs - S) / 2.
        orders = np.ones(1)
        for length in range(2, size + 1):
            orders = np.convolve(orders, np.ones(length))
        share = np.cumsum(orders) / orders.sum()
        here = n == size
        falling = ((len(orders) - 1 - np.abs(score[here])) / 2).astype(np.int64)
        p[here] = np.minimum(2 * share[falling], 1.0)
    return p


def _checked(series: ArrayLike) -> FloatArray:
    values = np.asarray(series, dtype=np.float64)
    if values.ndim == 0:
        raise SettingsError(f"a series is asked for, and {values[()]:g} is one number")
    if np.isinf(values).any():
        raise SettingsError("values hold infinity; a value that is not known is missing (NaN)")
    return values.reshape(len(values), int(np.prod(values.shape[1:])))
