"""What a change is made of: parts that add up exactly to it.

Arrays in, arrays out. Categories lie along the last axis; they must not overlap, and together hold
every event. The parts are arithmetic: they say where the change took place, not what caused it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo.stats.rates import FloatArray, counts_and_exposure, divide, total

_NO_CHANGE = 1e-12


def contributions(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> FloatArray:
    """Return what each category adds to the relative change.

    (comparison rate - base rate of the category) / base rate of all; the sum is ratio - 1.

    Parameters
    ----------
    base_events, comparison_events
        Events of each category in the base and in the comparison window, categories along the
        last axis.
    base_exposure, comparison_exposure
        Exposure of all of them together, one number a map; without a population, years.

    Returns
    -------
    array
        0.72 for "72 of the +150 points"; below zero for what fell. NaN where the base has no
        event at all, or an exposure is zero or missing.

    Examples
    --------
    From 10 events to 25, +150 %: 130 points from the first category, 20 from the second.

    >>> contributions(
    ...     base_events=[5, 5], base_exposure=1, comparison_events=[18, 7], comparison_exposure=1
    ... )
    array([1.3, 0.2])
    """
    base, comparison = _rates(base_events, base_exposure, comparison_events, comparison_exposure)
    return divide(comparison - base, _sum(base))


def fold_contributions(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> FloatArray:
    """Return how much of the ratio each category fills: a stacked bar that ends at 2.5.

    Comparison rate of the category / base rate of all; the sum is the ratio.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`contributions`.

    Returns
    -------
    array
        Never below zero; NaN as in :func:`contributions`.

    Examples
    --------
    >>> fold_contributions(
    ...     base_events=[5, 5], base_exposure=1, comparison_events=[18, 7], comparison_exposure=1
    ... )
    array([1.8, 0.7])
    """
    base, comparison = _rates(base_events, base_exposure, comparison_events, comparison_exposure)
    return divide(comparison, _sum(base))


def shares_of_change(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> FloatArray:
    """Return each category's share of the change; the sum is 1.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`contributions`.

    Returns
    -------
    array
        Below 0 or above 1 where categories move against one another: print the contributions
        then. NaN where the rate of all did not change.

    Examples
    --------
    >>> shares_of_change(
    ...     base_events=[5, 5], base_exposure=1, comparison_events=[17, 8], comparison_exposure=1
    ... )
    array([0.8, 0.2])

    One up by 40, one down by 20:

    >>> shares_of_change(
    ...     base_events=[50, 50], base_exposure=1, comparison_events=[90, 30],
    ...     comparison_exposure=1,
    ... )
    array([ 2., -1.])
    """
    base, comparison = _rates(base_events, base_exposure, comparison_events, comparison_exposure)
    change = _sum(comparison) - _sum(base)
    still = np.abs(change) <= _NO_CHANGE * np.maximum(_sum(comparison), _sum(base))
    size = np.where(still, np.nan, np.abs(change))
    return divide((comparison - base) * np.sign(change), size)


def log_contributions(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> FloatArray:
    """Return what each category adds to the logarithm of the ratio (LMDI).

    With L(a, b) = (a - b) / ln(a / b): L(rates of the category) / L(rates of all) times the
    logarithm of the category's ratio. Base and comparison may change places: only the sign does.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`contributions`.

    Returns
    -------
    array
        The sum is the logarithm of the ratio. NaN for the whole map where a category has events
        in one window alone; a category without any adds 0.

    References
    ----------
    Ang, B. W. (2005). The LMDI approach to decomposition analysis: a practical guide. *Energy
    Policy* 33, 867-871.

    Examples
    --------
    Both double: each adds its share of ln 2.

    >>> log_contributions(
    ...     base_events=[1, 3], base_exposure=1, comparison_events=[2, 6], comparison_exposure=1
    ... ).round(4)
    array([0.1733, 0.5199])
    """
    base, comparison = _rates(base_events, base_exposure, comparison_events, comparison_exposure)
    one_sided = np.any((base > 0) != (comparison > 0), axis=-1, keepdims=True)
    # The category's mean times the logarithm of its ratio is its change.
    parts = divide(comparison - base, _logarithmic_mean(_sum(base), _sum(comparison)))
    return np.where(one_sided, np.nan, parts)


def kitagawa(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    per: float = 100_000,
) -> tuple[FloatArray, FloatArray]:
    """Split a difference of two rates into what rates did and what moving people did.

    Areas lie along the last axis. With each area's rate m and share of the exposure s: the mean
    of both s times the change of m, and the mean of both m times the change of s.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        Events and exposure of each area.
    per
        As in :func:`geo.stats.rates.crude_rate`.

    Returns
    -------
    rate_effect, composition_effect
        One of each an area; all together are the difference of the rates. An area without
        exposure in both windows has NaN; where one has exposure in one window alone, its rate
        is not known and so the whole map is NaN.

    References
    ----------
    Kitagawa, E. M. (1955). Components of a difference between two rates. *Journal of the American
    Statistical Association* 50, 1168-1194.

    Examples
    --------
    Rates stay 1 and 3 per person; a tenth of the people moves to where the rate is 3:

    >>> rates, moves = kitagawa(
    ...     base_events=[50, 150], base_exposure=[50, 50],
    ...     comparison_events=[40, 180], comparison_exposure=[40, 60], per=1,
    ... )
    >>> rates, moves.round(6)
    (array([0., 0.]), array([-0.1,  0.3]))
    """
    before, people_before = counts_and_exposure(base_events, base_exposure)
    after, people_after = counts_and_exposure(comparison_events, comparison_exposure)
    inhabited = (people_before > 0) | (people_after > 0)
    share_before, share_after = (
        divide(people, total(people, inhabited)) for people in (people_before, people_after)
    )
    rate_before, rate_after = divide(before, people_before), divide(after, people_after)
    rate_effect = (share_before + share_after) / 2 * (rate_after - rate_before)
    composition_effect = (rate_before + rate_after) / 2 * (share_after - share_before)
    broken = np.any(inhabited & np.isnan(rate_effect), axis=-1, keepdims=True)
    unknown = broken | ~inhabited
    return (
        np.where(unknown, np.nan, per * rate_effect),
        np.where(unknown, np.nan, per * composition_effect),
    )


def _rates(
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """Return the rates of each category in both windows, over the exposure of all."""
    sides = []
    for events, exposure in (
        (base_events, base_exposure),
        (comparison_events, comparison_exposure),
    ):
        each = np.asarray(exposure, dtype=np.float64)[..., np.newaxis]
        counts, times = counts_and_exposure(events, each)
        sides.append(divide(counts, times))
    base, comparison = np.broadcast_arrays(*sides)
    return base, comparison


def _sum(rates: FloatArray) -> FloatArray:
    everything: FloatArray = np.sum(rates, axis=-1, keepdims=True)
    return everything


def _logarithmic_mean(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return (second - first) / ln(second / first), and their value where both are alike."""
    growth = divide(second - first, first)
    ended = growth == -1
    # log1p keeps the digits of rates that are nearly alike.
    logs = np.abs(np.log1p(np.where(ended, 0.0, growth)))
    stretch = np.where(ended, 0.0, divide(np.abs(growth), logs))
    return np.where(growth == 0, first, first * stretch)
