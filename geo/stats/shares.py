"""Shares of events: how sure they are, also where events come in waves, and how they differ.

Arrays in, arrays out. A share is events of one kind / all events whose kind is stated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, counts_and_exposure, divide

LEAST_PARTS = 6
"""With fewer parts of time that have events, how much shares vary among them is not estimated."""


class SpreadShare(NamedTuple):
    """What :func:`spread_share_interval` finds, one number a series."""

    low: FloatArray
    high: FloatArray
    dispersion: FloatArray


def share_interval(
    counted: ArrayLike, everything: ArrayLike, *, confidence: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the exact interval of a share (Clopper and Pearson), for independent events.

    Parameters
    ----------
    counted
        Events of the kind. Numbers that are not whole are taken as they are: an effective number.
    everything
        All events.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    low, high
        Limits; NaN without events.

    Raises
    ------
    SettingsError
        If there are more events of the kind than events.

    References
    ----------
    Clopper, C. J., and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. *Biometrika* 26, 404-413.

    Examples
    --------
    None, one and all of 10:

    >>> low, high = share_interval([0, 1, 10, 0], [10, 10, 10, 0])
    >>> low.round(4), high.round(4)
    (array([0.    , 0.0025, 0.6915,    nan]), array([0.3085, 0.445 , 1.    ,    nan]))
    """
    check_confidence(confidence)
    counts, whole = counts_and_exposure(counted, everything)
    if (over := counts > whole * (1 + 1e-12)).any():
        raise SettingsError(
            f"{int(over.sum())} shares are of more events than there are; the part must be counted "
            "among all"
        )
    tail = (1 - confidence) / 2
    rest = np.maximum(whole - counts, 0.0)
    known = whole > 0
    some, others = known & (counts > 0), known & (rest > 0)
    low = scipy.special.betaincinv(np.where(some, counts, 1), np.where(some, rest + 1, 1), tail)
    high = scipy.special.betainccinv(
        np.where(others, counts + 1, 1), np.where(others, rest, 1), tail
    )
    return (
        np.where(known, np.where(some, low, 0.0), np.nan),
        np.where(known, np.where(others, high, 1.0), np.nan),
    )


def spread_share_interval(
    counted: ArrayLike, everything: ArrayLike, *, confidence: float = 0.95
) -> SpreadShare:
    """Return an interval of a share as wide as the share varies between parts of time.

    The events of one wave resemble each other, so that they say less than as many independent
    ones. The dispersion is Pearson's: Σ (x - n p)² / (n p (1 - p)) over the parts with events,
    divided by their number less 1, where p is the share of all. The interval is Clopper and
    Pearson's of an effective number of events, n / dispersion, lowered once more because the
    dispersion itself is estimated from few parts, and never above n (Korn and Graubard).

    Parameters
    ----------
    counted, everything
        Events of the kind and all events in parts of time, as months, along the last axis. Parts
        without events say nothing of the share.
    confidence
        As in :func:`share_interval`.

    Returns
    -------
    SpreadShare
        Limits and dispersion; NaN with fewer than :data:`LEAST_PARTS` parts with events. Where all
        events are of the kind, or none are, shares do not vary and the dispersion is missing: the
        limits are then those of n less what few parts cost.

    References
    ----------
    Korn, E. L., and Graubard, B. I. (1998). Confidence intervals for proportions with small
    expected number of positive counts estimated from survey data. *Survey Methodology* 24,
    193-201.

    Examples
    --------
    Half of 60 events, as half of every month's, and as all of every other month's:

    >>> even = spread_share_interval([5] * 6, [10] * 6)
    >>> waves = spread_share_interval([10, 0] * 3, [10] * 6)
    >>> print(f"{even.low:.2f} {even.high:.2f} {even.dispersion:.0f}")
    0.33 0.67 0
    >>> print(f"{waves.low:.2f} {waves.high:.2f} {waves.dispersion:.0f}")
    0.04 0.96 12
    """
    check_confidence(confidence)
    counts, whole = counts_and_exposure(counted, everything)
    used = whole > 0
    counts, whole = np.where(used, counts, 0.0), np.where(used, whole, 0.0)
    part, total = counts.sum(axis=-1), whole.sum(axis=-1)
    parts = used.sum(axis=-1)
    share = divide(part, total)
    mean = whole * share[..., np.newaxis]
    squares = divide((counts - mean) ** 2, mean * (1 - share[..., np.newaxis]))
    dispersion = divide(np.sum(np.nan_to_num(squares), axis=-1), parts - 1.0)
    dispersion = np.where((share > 0) & (share < 1), dispersion, np.nan)

    enough = (parts >= LEAST_PARTS) & (total > 1)
    tail = (1 - confidence) / 2
    by_events = scipy.special.stdtrit(np.where(enough, total - 1, 1.0), tail)
    by_parts = scipy.special.stdtrit(np.where(enough, parts - 1.0, 1.0), tail)
    effective = total / np.fmax(dispersion, 1.0) * (by_events / by_parts) ** 2
    effective = np.where(enough, np.minimum(effective, total), 0.0)
    low, high = share_interval(np.nan_to_num(share) * effective, effective, confidence=confidence)
    return SpreadShare(low, high, np.where(enough, dispersion, np.nan))


def share_difference_interval(
    *,
    base: tuple[ArrayLike, ArrayLike, ArrayLike],
    comparison: tuple[ArrayLike, ArrayLike, ArrayLike],
) -> tuple[FloatArray, FloatArray]:
    """Return the interval of the difference of two shares from the limits of either (MOVER).

    With shares p and limits l and u of base (0) and comparison (1), it reaches from
    d - √((p₁ - l₁)² + (u₀ - p₀)²) to d + √((u₁ - p₁)² + (p₀ - l₀)²), where d is p₁ - p₀.

    Parameters
    ----------
    base, comparison
        Share, lower and upper limit, of the same coverage, which is that of the result.

    Returns
    -------
    low, high
        Between -1 and 1; NaN where a share or a limit is.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions: comparison of eleven methods. *Statistics in Medicine* 17, 873-890 (his method
    10, there with Wilson's limits). Zou, G. Y., and Donner, A. (2008). *Statistics in Medicine*
    27, 1693-1702.

    Examples
    --------
    From 30 % (20 to 41) to 50 % (38 to 62): 20 points less √(12² + 11²), and more √(12² + 10²).

    >>> low, high = share_difference_interval(base=(0.3, 0.2, 0.41), comparison=(0.5, 0.38, 0.62))
    >>> print(f"{low:.3f} {high:.3f}")
    0.037 0.356
    """
    before, low_before, high_before = (np.asarray(one, dtype=np.float64) for one in base)
    after, low_after, high_after = (np.asarray(one, dtype=np.float64) for one in comparison)
    difference = after - before
    low = difference - np.hypot(after - low_after, high_before - before)
    high = difference + np.hypot(high_after - after, before - low_before)
    return np.maximum(low, -1.0), np.minimum(high, 1.0)
