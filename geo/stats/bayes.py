"""Rates drawn toward the overall rate, the more the less is known of an area.

Arrays in, arrays out; areas lie along the last axis and each map (one period, one kind of event)
is smoothed by itself. A change is never computed from two smoothed rates: they are drawn by
different amounts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo.stats.rates import FloatArray, counts_and_exposure, crude_rate, divide, is_known, total


def empirical_bayes_rate(
    events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000
) -> FloatArray:
    """Shrink crude rates toward the overall rate, most where the exposure is least.

    The global, method-of-moments estimator of Marshall (1991). The variance between areas is
    estimated as what is left of the observed spread after the part that chance explains; where
    chance explains all of it, every area takes the overall rate.

    Chance is that of Poisson counts, as in GeoDa and by default in R's spdep. spdep's
    ``family="binomial"`` takes it as that of so many of the people, which shrinks a little less.

    Parameters
    ----------
    events, exposure, per
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis.

    Returns
    -------
    array
        One rate per area, always between the area's crude rate and the overall rate; NaN where
        the exposure is zero or missing. Such areas change no other.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    *Applied Statistics* 40(2), 283-294.

    Examples
    --------
    Three villages of 100, one event apart. That much spread is chance, so all three get the
    overall rate, 16 / 300:

    >>> empirical_bayes_rate([5, 5, 6], [100, 100, 100], per=1).round(4)
    array([0.0533, 0.0533, 0.0533])

    A village of 10 with one event is pulled to the overall rate; a city barely moves:

    >>> empirical_bayes_rate([1, 900, 100], [10, 10_000, 10_000], per=1).round(3)
    array([0.062, 0.09 , 0.01 ])

    Nobody lives in the second area:

    >>> empirical_bayes_rate([0, 2], [50, 0], per=1)
    array([ 0., nan])
    """
    crude = crude_rate(events, exposure, per=1)
    counts, people = counts_and_exposure(events, exposure)
    known = is_known(counts, people)
    overall, between = (moment[..., np.newaxis] for moment in prior_moments(events, exposure))

    chance = divide(overall, people)
    # Without any event both are zero, and every area is at the overall rate already.
    weight = np.where(overall > 0, divide(between, between + chance), 0.0)
    smoothed: FloatArray = per * np.where(known, overall + weight * (crude - overall), np.nan)
    return smoothed


def prior_moments(events: ArrayLike, exposure: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the mean and the variance of the underlying rates of each map (Marshall).

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis.

    Returns
    -------
    mean, variance
        Per person-year, one of each a map. Both are NaN where no area has an exposure. A
        variance that comes out below zero (the areas differ less than chance would have them)
        is 0: left negative, it would push rates away from the mean, past zero.

    Examples
    --------
    >>> mean, variance = prior_moments([10, 30], [100, 100])
    >>> float(mean), float(variance)
    (0.2, 0.008)
    >>> float(prior_moments([5, 5, 6], [100, 100, 100])[1])
    0.0
    """
    counts, people = counts_and_exposure(events, exposure)
    known = is_known(counts, people)
    exposed = total(people, known)
    mean = divide(total(counts, known), exposed)
    deviations = people * (divide(counts, people) - mean) ** 2
    spread = divide(total(deviations, known), exposed)
    # The mean over the areas, divided last: overall / (exposed / number of areas).
    chance = divide(mean * known.sum(axis=-1, keepdims=True), exposed)
    variance = np.maximum(spread - chance, 0.0)
    return mean[..., 0], variance[..., 0]
