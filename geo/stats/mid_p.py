"""The ratio of two rates by the mid-P method: less cautious than the exact one.

Arrays in, arrays out. The observed outcome counts with half its probability.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.loglinear import BoolArray
from geo.stats.rates import FloatArray, counts_and_exposure
from geo.stats.ratios import exact_ratio_interval, rate_ratio

_BEYOND = 60.0


def mid_p_ratio_interval(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Return the mid-P interval of a ratio of two Poisson rates.

    It covers the stated share of cases about on average, where the exact interval covers at least
    that share in every case.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure, confidence
        As in :func:`geo.stats.ratios.exact_ratio_interval`.

    Returns
    -------
    low, high
        Limits, never outside the exact ones. `high` is infinite where the base has no event,
        `low` is 0 where the comparison has none; both are NaN where the ratio is.

    References
    ----------
    Rothman, K. J., Greenland, S., and Lash, T. L. (2008). *Modern Epidemiology*, 3rd ed., ch. 14.

    Examples
    --------
    Five after none: half of p⁵ is 0.025 at odds of 1.219, against 0.916 of the exact limit.

    >>> low, high = mid_p_ratio_interval(
    ...     base_events=[10, 0], base_exposure=[1, 1],
    ...     comparison_events=[25, 5], comparison_exposure=[1, 1],
    ... )
    >>> low.round(2), high.round(2)
    (array([1.22, 1.22]), array([5.44,  inf]))
    """
    sides = (base_events, base_exposure, comparison_events, comparison_exposure)
    before, after, scale = _odds(*sides)
    exact = exact_ratio_interval(
        base_events=base_events,
        base_exposure=base_exposure,
        comparison_events=comparison_events,
        comparison_exposure=comparison_exposure,
        confidence=confidence,
    )
    tail = (1 - confidence) / 2
    # The search runs over log odds; an open end is closed far beyond any limit.
    least, most = (
        np.clip(np.log(np.where(limit > 0, limit, np.nan) / scale), -np.inf, np.inf)
        for limit in exact
    )
    least = np.where(after > 0, least, most - _BEYOND)
    most = np.where(before > 0, most, least + _BEYOND)
    low = _bisect(lambda odds: _mid_tail(after, before, odds) < tail, least, most)
    high = _bisect(lambda odds: _mid_tail(before, after, -odds) > tail, least, most)
    missing = np.isnan(exact[0])
    low = np.where(after > 0, np.exp(low) * scale, 0.0)
    high = np.where(before > 0, np.exp(high) * scale, np.inf)
    return np.where(missing, np.nan, low), np.where(missing, np.nan, high)


def mid_p_ratio_p(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    null_ratio: float = 1.0,
) -> FloatArray:
    """Return the two-sided mid-P value of a ratio: the smaller tail, doubled.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure, null_ratio
        As in :func:`geo.stats.ratios.exact_ratio_p`.

    Returns
    -------
    array
        p-values that agree with :func:`mid_p_ratio_interval`; NaN where the ratio is.

    Examples
    --------
    Five events and none, at even odds: twice half of 1/32.

    >>> mid_p_ratio_p(
    ...     base_events=[0, 1], base_exposure=[1, 1],
    ...     comparison_events=[5, 1], comparison_exposure=[1, 1],
    ... )
    array([0.03125, 1.     ])
    """
    if not 0 < null_ratio < np.inf:
        raise SettingsError(f"null_ratio is {null_ratio:g}; a ratio lies above zero")
    before, after, scale = _odds(base_events, base_exposure, comparison_events, comparison_exposure)
    odds = np.log(null_ratio / scale)
    smaller = np.minimum(_mid_tail(after, before, odds), _mid_tail(before, after, -odds))
    p = np.clip(2 * smaller, np.finfo(np.float64).tiny, 1.0)
    ratio = rate_ratio(
        base_events=base_events,
        base_exposure=base_exposure,
        comparison_events=comparison_events,
        comparison_exposure=comparison_exposure,
    )
    return np.where(np.isnan(ratio), np.nan, p)


def _odds(
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return both counts, and by what the odds of an event being after make the ratio."""
    before, time_before = counts_and_exposure(base_events, base_exposure)
    after, time_after = counts_and_exposure(comparison_events, comparison_exposure)
    before, time_before, after, time_after = np.broadcast_arrays(
        before, time_before, after, time_after
    )
    known = (time_before > 0) & (time_after > 0)
    scale = np.where(known, time_before, np.nan) / np.where(known, time_after, np.nan)
    return before, after, scale


def _mid_tail(count: FloatArray, other: FloatArray, log_odds: FloatArray) -> FloatArray:
    """Return the probability of more than `count`, and half that of `count` itself."""
    share, rest = scipy.special.expit(log_odds), scipy.special.expit(-log_odds)

    def at_least(least: FloatArray, others: FloatArray) -> FloatArray:
        # The incomplete beta function, from the side on which the share keeps its digits.
        near = scipy.special.betainc(np.maximum(least, 1), np.maximum(others, 1), share)
        far = scipy.special.betaincc(np.maximum(others, 1), np.maximum(least, 1), rest)
        tail: FloatArray = np.where(share < rest, near, far)
        return tail

    or_more = np.where(count > 0, at_least(count, other + 1), 1.0)
    more = np.where(other > 0, at_least(count + 1, other), 0.0)
    half: FloatArray = (or_more + more) / 2
    return half


def _bisect(
    is_below: Callable[[FloatArray], BoolArray], low: FloatArray, high: FloatArray
) -> FloatArray:
    for _ in range(64):
        middle = (low + high) / 2
        below = is_below(middle)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
