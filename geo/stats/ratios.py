"""The ratio of two rates: how many times as high is one as the other.

Arrays in, arrays out. A ratio of 2.5 is "2.5 times", which is +150 %, never "+250 %".
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, counts_and_exposure


def rate_ratio(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> FloatArray:
    """Divide the comparison rate by the base rate.

    Parameters
    ----------
    base_events, base_exposure
        Events and exposure before, or of the group that is compared with.
    comparison_events, comparison_exposure
        Events and exposure after, in the same unit of exposure.

    Returns
    -------
    array
        The ratio. Infinite where only the base has no event, 0 where only the comparison has
        none; NaN where both have none, or an exposure is zero or missing.

    Examples
    --------
    Twelve events in a year, then 20 in four months:

    >>> rate_ratio(
    ...     base_events=[12, 0], base_exposure=[3, 3],
    ...     comparison_events=[20, 4], comparison_exposure=[1, 1],
    ... )
    array([ 5., inf])
    """
    before, time_before, after, time_after = _checked(
        base_events, base_exposure, comparison_events, comparison_exposure
    )
    defined = _is_defined(before, time_before, after, time_after)
    ratio = np.full(before.shape, np.nan)
    np.divide(after * time_before, before * time_after, out=ratio, where=defined & (before > 0))
    ratio[defined & (before == 0)] = np.inf
    return ratio


def exact_ratio_interval(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Return the exact interval of a ratio of two Poisson rates.

    Given the sum of both counts, the comparison count is binomial; the Clopper-Pearson limits of
    its share are turned into limits of the ratio. Right for independent events: where events
    come in bursts, it is too narrow.

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`rate_ratio`.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    low, high
        Limits. `high` is infinite where the base has no event, `low` is 0 where the comparison
        has none; both are NaN where the ratio is.

    References
    ----------
    Przyborowski, J., and Wilenski, H. (1940). Homogeneity of results in testing samples from
    Poisson series. *Biometrika* 31, 313-323.

    Examples
    --------
    >>> low, high = exact_ratio_interval(
    ...     base_events=[10, 0], base_exposure=[1, 1],
    ...     comparison_events=[25, 5], comparison_exposure=[1, 1],
    ... )
    >>> low.round(2), high.round(2)
    (array([1.16, 0.92]), array([5.83,  inf]))
    """
    check_confidence(confidence)
    before, time_before, after, time_after = _checked(
        base_events, base_exposure, comparison_events, comparison_exposure
    )
    defined = _is_defined(before, time_before, after, time_after)
    tail = (1 - confidence) / 2
    scale = time_before / time_after
    # Odds are share / rest, with the rest as a quantile of its own: 1 - share would lose digits.
    low = _quantile_odds(after, before + 1, tail) * scale
    # The upper limit is the lower one of the ratio turned round.
    high = np.full(before.shape, np.inf)
    np.divide(scale, _quantile_odds(before, after + 1, tail), out=high, where=before > 0)
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def exact_ratio_p(
    *,
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
    null_ratio: float = 1.0,
) -> FloatArray:
    """Return the two-sided p-value of a ratio: the smaller binomial tail, doubled.

    It agrees with :func:`exact_ratio_interval`: p is at most 0.05 exactly where `null_ratio`
    lies outside the 95 % interval. (The p that R and scipy print adds up the less likely
    outcomes and need not agree.)

    Parameters
    ----------
    base_events, base_exposure, comparison_events, comparison_exposure
        As in :func:`rate_ratio`.
    null_ratio
        The ratio that is put to the test.

    Returns
    -------
    array
        p-values; NaN where the ratio is.

    References
    ----------
    Fay, M. P. (2010). Two-sided exact tests and matching confidence intervals for discrete data.
    *R Journal* 2(1), 53-58.

    Examples
    --------
    >>> exact_ratio_p(
    ...     base_events=[10, 1, 0], base_exposure=[1, 1, 1],
    ...     comparison_events=[25, 1, 0], comparison_exposure=[1, 1, 1],
    ... ).round(4)
    array([0.0167, 1.    ,    nan])
    """
    if not (0 < null_ratio < np.inf):
        raise SettingsError(f"null_ratio is {null_ratio:g}; a ratio lies above zero")
    before, time_before, after, time_after = _checked(
        base_events, base_exposure, comparison_events, comparison_exposure
    )
    defined = _is_defined(before, time_before, after, time_after)
    weight_after, weight_before = null_ratio * time_after, time_before
    share = weight_after / (weight_after + weight_before)
    rest = weight_before / (weight_after + weight_before)
    p = np.minimum(2 * np.minimum(_tail(after, before, share), _tail(before, after, rest)), 1.0)
    # A tail of many thousand events underflows; a probability is never zero.
    return np.where(defined, np.maximum(p, np.finfo(np.float64).tiny), np.nan)


def _checked(
    base_events: ArrayLike,
    base_exposure: ArrayLike,
    comparison_events: ArrayLike,
    comparison_exposure: ArrayLike,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    before, time_before = counts_and_exposure(base_events, base_exposure)
    after, time_after = counts_and_exposure(comparison_events, comparison_exposure)
    before, time_before, after, time_after = np.broadcast_arrays(
        before, time_before, after, time_after
    )
    # Without exposure there is no ratio; NaN says so in every formula, and warns of nothing.
    time_before = np.where(time_before > 0, time_before, np.nan)
    time_after = np.where(time_after > 0, time_after, np.nan)
    return before, time_before, after, time_after


def _is_defined(
    before: FloatArray, time_before: FloatArray, after: FloatArray, time_after: FloatArray
) -> npt.NDArray[np.bool_]:
    with_exposure: npt.NDArray[np.bool_] = ~np.isnan(time_before) & ~np.isnan(time_after)
    some_events: npt.NDArray[np.bool_] = before + after > 0
    return with_exposure & some_events


def _quantile_odds(a: FloatArray, b: FloatArray, tail: float) -> FloatArray:
    """Return x / (1 - x) for the lower `tail` quantile x of Beta(a, b); 0 where a is 0."""
    share = scipy.special.betaincinv(np.maximum(a, 1), b, tail)
    rest = scipy.special.betainccinv(b, np.maximum(a, 1), tail)
    return np.where(a > 0, share / rest, 0.0)


def _tail(count: FloatArray, other: FloatArray, share: FloatArray) -> FloatArray:
    """Return the probability of `count` or more out of both, at that share."""
    return np.where(count > 0, scipy.special.betainc(np.maximum(count, 1), other + 1, share), 1.0)
