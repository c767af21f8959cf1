"""The difference of two rates: how many events more per so many people and year.

Arrays in, arrays out. It is there also where the base has no event and no ratio can be told.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, counts_and_exposure, crude_rate, divide


def rate_difference(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    per: float = 100_000,
) -> FloatArray:
    """Subtract the base rate from the comparison rate.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`geo.stats.ratios.rate_ratio`.
    per
        The difference is per so many units of exposure.

    Returns
    -------
    array
        The difference; NaN where an exposure is zero or missing.

    Examples
    --------
    >>> rate_difference(
    ...     base_events=[12, 0], base_exposure=[3, 3],
    ...     comparison_events=[20, 4], comparison_exposure=[1, 1], per=1,
    ... )
    array([16.,  4.])
    """
    after = crude_rate(comparison_events, comparison_exposure, per=per)
    return after - crude_rate(base_events, base_exposure, per=per)


def rate_difference_interval(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    dispersion: ArrayLike = 1.0,
    df: ArrayLike = np.inf,
    per: float = 100_000,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Return an interval of the difference of two rates, from the limits of either rate (MOVER).

    With rates r and limits l and u of base (0) and comparison (1), it reaches from
    d - √((r₁ - l₁)² + (u₀ - r₀)²) to d + √((u₁ - r₁)² + (r₀ - l₀)²). The limits are Garwood's,
    which hold for few events and for none, where a standard error is 0.

    Where events come in waves, each count says as much as the count / dispersion independent
    events would: the limits are then those of that many, and the normal tail is that of the t
    distribution. The standard error of a large count is so the quasi-Poisson one. Of simulated
    years whose months are negative binomial (alpha 0.5, 1 to 50 events a month) it holds the
    difference in 93 to 96 of 100 cases, where the interval for independent events does in 33 to 87.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure, per
        As in :func:`rate_difference`.
    dispersion
        Variance of counts / their mean; 1 for independent events. Values below 1 count as 1;
        where it is missing, so are the limits.
    df
        Degrees of freedom that the dispersion was estimated with; infinite for a known one.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    low, high
        Limits; NaN where an exposure is zero or missing. They are never equal: without an event
        on either side the difference is 0 and may be up to the upper limit of either rate.

    References
    ----------
    Zou, G. Y., and Donner, A. (2008). Construction of confidence limits about effect measures: a
    general approach. *Statistics in Medicine* 27, 1693-1702. For two Poisson rates: Li, H.-Q.,
    Tang, M.-L., Poon, W.-Y., and Tang, N.-S. (2011). Confidence intervals for difference between
    two Poisson rates. *Communications in Statistics - Simulation and Computation* 40, 1478-1493.

    Examples
    --------
    Ten events, then 25; none, then eight; none at all:

    >>> low, high = rate_difference_interval(
    ...     base_events=[10, 0, 0], base_exposure=1,
    ...     comparison_events=[25, 8, 0], comparison_exposure=1, per=1,
    ... )
    >>> low.round(2), high.round(2)
    (array([ 2.83,  2.15, -3.69]), array([27.99, 15.76,  3.69]))
    """
    check_confidence(confidence)
    scatter = np.maximum(np.asarray(dispersion, dtype=np.float64), 1.0)
    tail = _normal_tail(np.asarray(df, dtype=np.float64), (1 - confidence) / 2)
    sides = []
    for events, exposure in (
        (base_events, base_exposure),
        (comparison_events, comparison_exposure),
    ):
        rate = crude_rate(events, exposure, per=per)
        counts, lived = counts_and_exposure(events, exposure)
        effective = counts / scatter
        low = np.where(effective == 0, 0.0, scipy.special.gammaincinv(effective, tail))
        high = scipy.special.gammainccinv(effective + 1, tail)
        scale = per * divide(scatter, lived)
        sides.append((rate, rate - low * scale, high * scale - rate))
    (before, down_before, up_before), (after, down_after, up_after) = sides
    difference = after - before
    low = difference - np.hypot(down_after, up_before)
    return low, difference + np.hypot(up_after, down_before)


def _normal_tail(df: FloatArray, tail: float) -> FloatArray:
    """Return the tail of the normal distribution where the t distribution has that tail."""
    if (df <= 0).any():
        raise SettingsError(
            "df must be above zero: with two months a side nothing is left to estimate how much "
            "they vary"
        )
    finite = np.isfinite(df)
    reach = scipy.special.stdtrit(np.where(finite, df, 1.0), tail)
    return np.where(finite, scipy.special.ndtr(reach), tail)
