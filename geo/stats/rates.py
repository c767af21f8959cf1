"""Rates of counted events, and what is to be expected by chance.

Arrays in, arrays out. Counts may be fractional (imprecise dates spread over weeks). Where several
maps are handed over at once, areas lie along the last axis and each map stands for itself.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import ExposureError, SettingsError

FloatArray = npt.NDArray[np.float64]


def crude_rate(events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000) -> FloatArray:
    """Divide events by exposure.

    Parameters
    ----------
    events
        Number of events.
    exposure
        Person-years; with it, the rate is annual whatever the length of the period.
    per
        The rate is per so many person-years.

    Returns
    -------
    array
        The rate; NaN where the exposure is zero or missing, 0 where there are no events.

    Raises
    ------
    ExposureError
        If an exposure is negative or infinite.
    SettingsError
        If a count is negative or infinite, or `per` is not above zero.

    Examples
    --------
    >>> crude_rate([3, 0, 1], [1_000, 500, 0])
    array([300.,   0.,  nan])
    """
    _check_per(per)
    events, exposure = counts_and_exposure(events, exposure)
    return per * divide(events, exposure)


def expected_events(events: ArrayLike, exposure: ArrayLike) -> FloatArray:
    """Return the events each area would have at the overall rate of its map.

    Internal standardization: the overall rate is that of all areas with a known exposure, so
    that expected and observed events have the same sum.

    Parameters
    ----------
    events, exposure
        As in :func:`crude_rate`, areas along the last axis.

    Returns
    -------
    array
        Expected events; NaN where the exposure is zero or missing.

    Examples
    --------
    Eight events among 400 people; the area of 100 should have two of them:

    >>> expected_events([5, 3, 7], [100, 300, 0])
    array([ 2.,  6., nan])
    """
    events, exposure = counts_and_exposure(events, exposure)
    known = is_known(events, exposure)
    overall = divide(total(events, known), total(exposure, known))
    return np.where(known, exposure * overall, np.nan)


def standardized_ratio(events: ArrayLike, exposure: ArrayLike) -> FloatArray:
    """Return events / expected events: 1 is "as overall", 2 is twice that.

    Parameters
    ----------
    events, exposure
        As in :func:`crude_rate`, areas along the last axis.

    Returns
    -------
    array
        The ratio; NaN where the exposure is zero or missing, and where no area of the map has
        an event.

    Examples
    --------
    >>> standardized_ratio([5, 3, 7], [100, 300, 0])
    array([2.5, 0.5, nan])
    """
    counts, _ = counts_and_exposure(events, exposure)
    return divide(counts, expected_events(events, exposure))


def exact_interval(
    events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the exact Poisson interval of a rate (Garwood).

    Right for events that happen independently of one another. It is not for deaths, of which
    several come in one event.

    Parameters
    ----------
    events, exposure, per
        As in :func:`crude_rate`.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    low, high
        Limits of the rate; `low` is 0 without events. NaN where the exposure is zero or missing.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. *Biometrika* 28, 437-442.

    Examples
    --------
    No event in 100,000 person-years is compatible with a rate of up to 3.69:

    >>> low, high = exact_interval([0, 10], [100_000, 100_000])
    >>> low.round(2), high.round(2)
    (array([0. , 4.8]), array([ 3.69, 18.39]))
    """
    return _interval(_garwood, events, exposure, per, confidence)


def mid_p_interval(
    events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the mid-P Poisson interval of a rate: less cautious than the exact one.

    It covers the stated share of cases on average, where the exact interval covers at least that
    share in every case.

    Parameters
    ----------
    events, exposure, per, confidence
        As in :func:`exact_interval`.

    Returns
    -------
    low, high
        As in :func:`exact_interval`.

    References
    ----------
    Cohen, G. R., and Yang, S.-Y. (1994). Mid-P confidence intervals for the Poisson expectation.
    *Statistics in Medicine* 13, 2189-2203.

    Examples
    --------
    >>> low, high = mid_p_interval([0, 10], [100_000, 100_000])
    >>> low.round(2), high.round(2)
    (array([0.  , 5.08]), array([ 3.  , 17.82]))
    """
    return _interval(_mid_p, events, exposure, per, confidence)


def byar_interval(
    events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return Byar's approximate Poisson interval of a rate, in its mid-P form.

    Half an event is added to the count (Rothman and Boice 1979), as the R package epitools does.
    Good from about five events on; offered to reproduce published figures.

    Parameters
    ----------
    events, exposure, per, confidence
        As in :func:`exact_interval`.

    Returns
    -------
    low, high
        As in :func:`exact_interval`.

    Examples
    --------
    >>> low, high = byar_interval([0, 10], [100_000, 100_000])
    >>> low.round(2), high.round(2)
    (array([0.  , 5.13]), array([ 2.46, 17.74]))
    """
    return _interval(_byar, events, exposure, per, confidence)


def counts_and_exposure(events: ArrayLike, exposure: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as arrays of one shape, and refuse what cannot be a count or an exposure.

    Missing values (NaN) are let through.

    Raises
    ------
    ExposureError
        If an exposure is negative or infinite.
    SettingsError
        If a count is negative or infinite.
    """
    counts, people = np.broadcast_arrays(
        np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    )
    if (wrong := (people < 0) | np.isinf(people)).any():
        raise ExposureError(
            f"{wrong.sum()} of {people.size} exposures are negative or infinite, the first is "
            f"{people[wrong][0]:g}; an exposure is a number of person-years, and missing (NaN) "
            "where it is not known"
        )
    if (wrong := (counts < 0) | np.isinf(counts)).any():
        raise SettingsError(
            f"{wrong.sum()} of {counts.size} counts of events are negative or infinite, the first "
            f"is {counts[wrong][0]:g}; count events with geo.count_events"
        )
    return counts, people


def is_known(events: FloatArray, exposure: FloatArray) -> npt.NDArray[np.bool_]:
    """Return where there is a rate: the exposure is above zero and the count is not missing."""
    return (exposure > 0) & ~np.isnan(events)


def total(values: FloatArray, known: npt.NDArray[np.bool_]) -> FloatArray:
    """Sum each map over its known areas; the last axis stays, with length 1."""
    summed: FloatArray = np.sum(values, axis=-1, keepdims=True, where=known)
    return summed


def divide(numerator: ArrayLike, denominator: ArrayLike) -> FloatArray:
    """Divide, with NaN wherever the denominator is zero or missing."""
    above, below = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    quotient = np.full(above.shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def check_confidence(confidence: float) -> None:
    """Refuse a confidence that is not a share between 0 and 1."""
    if not 0 < confidence < 1:
        raise SettingsError(
            f"confidence is {confidence:g}; it must lie between 0 and 1, as 0.95 for 95 %"
        )


def _check_per(per: float) -> None:
    if not (0 < per < np.inf):
        raise SettingsError(f"per is {per:g}; it must be above zero, as 100_000")


# Limits of the expected number of events, given a count and the probability in each tail.
_Limits = Callable[[FloatArray, float], tuple[FloatArray, FloatArray]]


def _interval(
    limits: _Limits, events: ArrayLike, exposure: ArrayLike, per: float, confidence: float
) -> tuple[FloatArray, FloatArray]:
    check_confidence(confidence)
    _check_per(per)
    events, exposure = counts_and_exposure(events, exposure)
    # Counts repeat a lot (most are 0): each is worked out once.
    distinct, where = np.unique(events, return_inverse=True)
    low, high = limits(distinct, (1 - confidence) / 2)
    where = where.reshape(events.shape)
    return per * divide(low[where], exposure), per * divide(high[where], exposure)


def _garwood(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    # The chi-squared quantiles of the formula, written as quantiles of the gamma distribution.
    low = np.where(counts == 0, 0.0, scipy.special.gammaincinv(counts, tail))
    return low, scipy.special.gammainccinv(counts + 1, tail)


def _mid_p(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    def upper_tail(mean: FloatArray) -> FloatArray:
        half: FloatArray = scipy.special.gammainc(counts + 1, mean) + scipy.special.gammainc(
            counts, mean
        )
        return half / 2

    def lower_tail(mean: FloatArray) -> FloatArray:
        half: FloatArray = scipy.special.gammaincc(counts + 1, mean) + scipy.special.gammaincc(
            counts, mean
        )
        return half / 2

    # Both limits lie within the exact ones.
    exact_low, exact_high = _garwood(counts, tail)
    low = _bisect(lambda mean: upper_tail(mean) < tail, exact_low, exact_high)
    high = _bisect(lambda mean: lower_tail(mean) > tail, exact_low, exact_high)
    return np.where(counts == 0, 0.0, low), high


def _bisect(
    is_below: Callable[[FloatArray], npt.NDArray[np.bool_]], low: FloatArray, high: FloatArray
) -> FloatArray:
    for _ in range(64):  # halves the interval to the last bit of a double
        middle = (low + high) / 2
        below = is_below(middle)
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _byar(counts: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    half_more = counts + 0.5
    step = scipy.special.ndtri(1 - tail) / (3 * np.sqrt(half_more))
    center = 1 - 1 / (9 * half_more)
    low: FloatArray = half_more * np.maximum(center - step, 0) ** 3
    high: FloatArray = half_more * (center + step) ** 3
    return np.where(counts == 0, 0.0, low), high
