"""Fisher's exact test of disproportion: for few events, and where a count is zero.

Arrays in, arrays out. Given the events of each window and of each category, the category's events
in the comparison follow Fisher's noncentral hypergeometric distribution, with the ratio of ratios
as its odds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence

_TIES = 1e-7


def fisher_p(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
) -> FloatArray:
    """Return the two-sided p-value of Fisher's test: the smaller tail, doubled.

    It agrees with :func:`fisher_interval`.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`geo.stats.disproportion.ratio_of_ratios`, whole numbers.

    Returns
    -------
    array
        p-values; 1 where a window or a category is empty, so that nothing else was possible.

    References
    ----------
    Agresti, A. (2013). *Categorical Data Analysis*, 3rd ed., 3.5. Fay, M. P. (2010). Two-sided
    exact tests and matching confidence intervals for discrete data. *R Journal* 2(1), 53-58.

    Examples
    --------
    Three of three after, none of three before: 1 of the 20 ways to choose three of six, doubled.

    >>> float(fisher_p(category_base=0, category_comparison=3, rest_base=3, rest_comparison=0))
    0.1
    """

    def doubled(table: _Table) -> float:
        at, chances = table.at, table.chances(0.0)
        return 2 * min(float(chances[: at + 1].sum()), float(chances[at:].sum()))

    counts = (category_base, category_comparison, rest_base, rest_comparison)
    return _probabilities(_of_each(doubled, *counts))


def fisher_p_as_r(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
) -> FloatArray:
    """Return the p-value that R and scipy print: the sum of all outcomes no more likely.

    It can be below 0.05 although the interval holds 1. Offered to reproduce published figures.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`fisher_p`.

    Returns
    -------
    array
        p-values.

    Examples
    --------
    >>> fisher_p_as_r(
    ...     category_base=[0], category_comparison=[3], rest_base=[3], rest_comparison=[0]
    ... )
    array([0.1])
    """

    def no_more_likely(table: _Table) -> float:
        chances = table.chances(0.0)
        # Outcomes as likely as this one, but for rounding, count as no more likely (as in R).
        return float(chances[chances <= chances[table.at] * (1 + _TIES)].sum())

    counts = (category_base, category_comparison, rest_base, rest_comparison)
    return _probabilities(_of_each(no_more_likely, *counts))


def mid_p_fisher(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
) -> FloatArray:
    """Return the two-sided mid-P value: what was seen counts half; the smaller tail, doubled.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`fisher_p`.

    Returns
    -------
    array
        p-values, less cautious than the exact ones.

    Examples
    --------
    >>> mid_p_fisher(
    ...     category_base=[0], category_comparison=[3], rest_base=[3], rest_comparison=[0]
    ... )
    array([0.05])
    """

    def halved(table: _Table) -> float:
        at, chances = table.at, table.chances(0.0)
        seen = float(chances[at]) / 2
        return 2 * min(float(chances[:at].sum()) + seen, float(chances[at + 1 :].sum()) + seen)

    counts = (category_base, category_comparison, rest_base, rest_comparison)
    return _probabilities(_of_each(halved, *counts))


def fisher_interval(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Return the exact conditional interval of the ratio of ratios.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`fisher_p`.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    low, high
        The ratios at which a tail has half of what `confidence` leaves. `low` is 0 where the
        category could not have fewer events in the comparison, `high` infinite where it could
        not have more.

    Examples
    --------
    >>> low, high = fisher_interval(
    ...     category_base=4, category_comparison=18, rest_base=21, rest_comparison=40
    ... )
    >>> print(f"{low:.2f} to {high:.2f}")
    0.65 to 10.74
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2

    def low(table: _Table) -> float:
        if table.at == 0:
            return 0.0
        return _crossing(lambda odds: float(table.chances(odds)[table.at :].sum()) - tail)

    def high(table: _Table) -> float:
        if table.at == table.log_weights.size - 1:
            return float("inf")
        return _crossing(lambda odds: tail - float(table.chances(odds)[: table.at + 1].sum()))

    counts = (category_base, category_comparison, rest_base, rest_comparison)
    return _of_each(low, *counts), _of_each(high, *counts)


def conditional_ratio_of_ratios(
    *,
    category_base: ArrayLike,
    category_comparison: ArrayLike,
    rest_base: ArrayLike,
    rest_comparison: ArrayLike,
) -> FloatArray:
    """Return the conditional maximum-likelihood estimate that R prints with Fisher's test.

    A little nearer to 1 than :func:`geo.stats.disproportion.ratio_of_ratios`, which is the one to
    report. Offered to reproduce published figures.

    Parameters
    ----------
    category_base, category_comparison, rest_base, rest_comparison
        As in :func:`fisher_p`.

    Returns
    -------
    array
        The ratio at which what was seen is also what is expected; 0 or infinite at the ends, NaN
        where nothing else was possible.

    Examples
    --------
    >>> found = conditional_ratio_of_ratios(
    ...     category_base=4, category_comparison=18, rest_base=21, rest_comparison=40
    ... )
    >>> print(f"{found:.2f}")
    2.34
    """

    def estimate(table: _Table) -> float:
        last = table.log_weights.size - 1
        if last == 0:
            return float("nan")
        if table.at in (0, last):
            return 0.0 if table.at == 0 else float("inf")
        places = np.arange(last + 1)
        return _crossing(lambda odds: float(table.chances(odds) @ places) - table.at)

    counts = (category_base, category_comparison, rest_base, rest_comparison)
    return _of_each(estimate, *counts)


class _Table:
    """The outcomes that are possible with the same margins, in order, and the one seen."""

    def __init__(self, a0: float, a1: float, b0: float, b1: float) -> None:
        comparison, base, category = a1 + b1, a0 + b0, a0 + a1
        first = max(0.0, category - base)
        outcomes = np.arange(first, min(category, comparison) + 1)
        self.at = int(a1 - first)
        self.log_weights: FloatArray = -(
            scipy.special.gammaln(outcomes + 1)
            + scipy.special.gammaln(comparison - outcomes + 1)
            + scipy.special.gammaln(category - outcomes + 1)
            + scipy.special.gammaln(base - category + outcomes + 1)
        )
        self._places = np.arange(outcomes.size)

    def chances(self, log_odds: float) -> FloatArray:
        """Return the probability of each outcome at that ratio of ratios."""
        logs = self.log_weights + log_odds * self._places
        weights = np.exp(logs - logs.max())
        chances: FloatArray = weights / weights.sum()
        return chances


def _crossing(rising: Callable[[float], float]) -> float:
    """Return the ratio at whose logarithm a rising function is zero."""
    reach = 1.0
    while rising(-reach) > 0 or rising(reach) < 0:
        reach *= 2
    return float(np.exp(scipy.optimize.brentq(rising, -reach, reach, xtol=1e-12, rtol=1e-12)))


def _probabilities(found: FloatArray) -> FloatArray:
    """Keep rounding and underflow out: a probability is neither above 1 nor zero."""
    return np.clip(found, np.finfo(np.float64).tiny, 1.0)


def _of_each(of_table: Callable[[_Table], float], *counts: ArrayLike) -> FloatArray:
    arrays = np.broadcast_arrays(*(np.asarray(count, dtype=np.float64) for count in counts))
    for array in arrays:
        if (wrong := ~((array >= 0) & (array == np.floor(array)))).any():
            raise SettingsError(
                f"{wrong.sum()} of {array.size} counts are no whole numbers from 0 up, the first "
                f"is {array[wrong][0]:g}; the exact test counts whole events"
            )
    found = [of_table(_Table(*cells)) for cells in zip(*(a.flat for a in arrays), strict=True)]
    return np.array(found, dtype=np.float64).reshape(arrays[0].shape)
