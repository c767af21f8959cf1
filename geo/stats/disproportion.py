"""Did one category grow more than the rest? A test of its share, not of its growth.

Arrays in, arrays out. Every function takes the same four counts; exposure plays no part, because
it is the same for the category and for the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.dispersion import checked_sides
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.rates import FloatArray, counts_and_exposure, divide


def ratio_of_ratios(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
) -> FloatArray:
    """Divide the growth of a category by the growth of all else.

    Parameters
    ----------
    category_base, category_comparison
        Events of the category in the base and in the comparison window.
    rest_base, rest_comparison
        All other events. They must not hold the category's.

    Returns
    -------
    array
        1 where the category's share stays as it was, 2 where it grew twice as much as the rest.
        Infinite or 0 where a count is 0, NaN where that leaves nothing to divide.

    References
    ----------
    Altman, D. G., and Bland, J. M. (2003). Interaction revisited: the difference between two
    estimates. *BMJ* 326, 219.

    Examples
    --------
    The category grew threefold, the rest 1.5-fold; then a category that is new:

    >>> ratio_of_ratios(
    ...     category_base=[10, 0], category_comparison=[30, 5],
    ...     rest_base=[20, 20], rest_comparison=[30, 30],
    ... )
    array([ 2., inf])
    """
    a0, a1, b0, b1 = _counts(category_base, category_comparison, rest_base, rest_comparison)
    above, below = a1 * b0, a0 * b1
    return np.where((below == 0) & (above > 0), np.inf, divide(above, below))


def disproportion(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
    confidence: float = 0.95,
) -> RatioEstimate:
    """Return the ratio of ratios with limits that hold for independent events (Wald).

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`ratio_of_ratios`.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    RatioEstimate
        Limits are NaN where a count is 0; :mod:`geo.stats.fisher` has limits for these too.

    Examples
    --------
    1/10 + 1/30 + 1/20 + 1/30 is 0.2167, its root 0.4655:

    >>> found = disproportion(
    ...     category_base=10, category_comparison=30, rest_base=20, rest_comparison=30
    ... )
    >>> print(f"{found.ratio:.2f} ({found.low:.2f} to {found.high:.2f})")
    2.00 (0.80 to 4.98)
    """
    counts = _counts(category_base, category_comparison, rest_base, rest_comparison)
    ratio = ratio_of_ratios(
        category_base=category_base,
        category_comparison=category_comparison,
        rest_base=rest_base,
        rest_comparison=rest_comparison,
    )
    variance = sum((divide(1, count) for count in counts), start=np.zeros(()))
    return ratio_estimate(ratio, np.sqrt(variance), np.inf, confidence=confidence)


def share_ratio(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
    confidence: float = 0.95,
) -> RatioEstimate:
    """Divide the category's share of all events in the comparison by that in the base.

    For the sentence "from 28 % to 34 % of events". It is the growth of the category over that of
    the total, which holds the category itself, and so lies nearer to 1 than the ratio of ratios.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison, confidence
        As in :func:`disproportion`.

    Returns
    -------
    RatioEstimate
        Infinite or 0 where the category has no events in one window; limits are NaN there.

    References
    ----------
    Katz, D., Baptista, J., Azen, S. P., and Pike, M. C. (1978). Obtaining confidence intervals
    for the risk ratio in cohort studies. *Biometrics* 34, 469-474.

    Examples
    --------
    From 140 of 500 to 420 of 1250 events:

    >>> found = share_ratio(
    ...     category_base=140, category_comparison=420, rest_base=360, rest_comparison=830
    ... )
    >>> print(f"{found.ratio:.2f} ({found.low:.2f} to {found.high:.2f})")
    1.20 (1.02 to 1.41)
    """
    a0, a1, b0, b1 = _counts(category_base, category_comparison, rest_base, rest_comparison)
    base, comparison = divide(a0, a0 + b0), divide(a1, a1 + b1)
    ratio = np.where((base == 0) & (comparison > 0), np.inf, divide(comparison, base))
    variance = divide(1, a1) - divide(1, a1 + b1) + divide(1, a0) - divide(1, a0 + b0)
    # Rounding may leave a little less than nothing where every event is of the category.
    return ratio_estimate(ratio, np.sqrt(np.maximum(variance, 0)), np.inf, confidence=confidence)


def overdispersed_disproportion(
    category_events: ArrayLike,
    rest_events: ArrayLike,
    *,
    after: ArrayLike,
    confidence: float = 0.95,
    least_dispersion: float = 1.0,
) -> RatioEstimate:
    """Return the ratio of ratios, as surely as the category's share varies between months.

    The interaction of category and window in a quasi-Poisson model of monthly counts with an
    effect of each month, in closed form: given the month's total, the category's count is a
    share of it, and what makes a month violent altogether plays no part.

    Parameters
    ----------
    category_events, rest_events
        Counts, months along the last axis. Months without any event, or with a missing count,
        say nothing about shares and are left out.
    after, confidence, least_dispersion
        As in :func:`geo.stats.dispersion.quasi_poisson_ratio`.

    Returns
    -------
    RatioEstimate
        The ratio is that of :func:`ratio_of_ratios` of the sums; its limits have the t
        distribution of months - 2 degrees of freedom, and are NaN where a sum is 0. False alarms
        at 5 % are 5 %, or 6 to 7 % where shares scatter most in the months with most events.

    References
    ----------
    McCullagh, P., and Nelder, J. A. (1989). *Generalized Linear Models*, 2nd ed., 4.5 and 6.4.

    Examples
    --------
    Shares of 1/2, 1/6 and 1/3 before, two thirds always after:

    >>> found = overdispersed_disproportion(
    ...     [3, 1, 2, 8, 8, 8], [3, 5, 4, 4, 4, 4], after=[0, 0, 0, 1, 1, 1]
    ... )
    >>> print(f"{found.ratio:.1f} ({found.low:.2f} to {found.high:.2f}), {found.dispersion:.3f}")
    4.0 (0.73 to 21.90), 0.375
    """
    category, rest = np.broadcast_arrays(
        *(counts_and_exposure(events, 1.0)[0] for events in (category_events, rest_events))
    )
    side = checked_sides(after, category.shape)
    everything = category + rest
    used = everything > 0
    category, rest = np.where(used, category, 0.0), np.where(used, rest, 0.0)
    everything = category + rest
    a0, a1, b0, b1 = (
        np.sum(counts, axis=-1, where=here) for counts in (category, rest) for here in (~side, side)
    )
    share = np.where(
        side, divide(a1, a1 + b1)[..., np.newaxis], divide(a0, a0 + b0)[..., np.newaxis]
    )
    squares = divide((category - everything * share) ** 2, everything * share * (1 - share))
    df = np.sum(used, axis=-1) - 2.0
    dispersion = divide(np.sum(np.nan_to_num(squares), axis=-1), df)
    ratio = ratio_of_ratios(
        category_base=a0, category_comparison=a1, rest_base=b0, rest_comparison=b1
    )
    variance = divide(1, a0) + divide(1, a1) + divide(1, b0) + divide(1, b1)
    log_se = np.sqrt(np.maximum(dispersion, least_dispersion) * variance)
    return ratio_estimate(ratio, log_se, df, dispersion=dispersion, confidence=confidence)


def _counts(*given: ArrayLike) -> tuple[FloatArray, ...]:
    arrays = np.broadcast_arrays(*(counts_and_exposure(counts, 1.0)[0] for counts in given))
    if any(np.isnan(counts).any() for counts in arrays):
        raise SettingsError(
            "a count is missing (NaN); whether a share changed shows only where both windows are "
            "known. Leave the category out"
        )
    return tuple(arrays)
