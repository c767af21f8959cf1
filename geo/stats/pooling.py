"""Results over several fillings-in of what is not known, drawn together (Rubin's rules).

Arrays in, arrays out. Used where events without an exact place are given one by chance, several
times over: every filling-in is analyzed by itself, and the differences between them add to how
unsure the result is. Ratios are pooled as logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, divide


@dataclass(frozen=True, slots=True)
class Pooled:
    """What :func:`pool` finds.

    Attributes
    ----------
    estimate
        Mean of the estimates.
    within
        Mean of the variances.
    between
        Variance of the estimates.
    variance
        within + (1 + 1/m) between.
    df
        Degrees of freedom of its t distribution; infinite where all estimates are alike.
    missing_share
        About how much of the variance comes from what is not known: (1 + 1/m) between / variance.
    low, high
        Limits of the estimate.
    """

    estimate: FloatArray
    within: FloatArray
    between: FloatArray
    variance: FloatArray
    df: FloatArray
    missing_share: FloatArray
    low: FloatArray
    high: FloatArray


def pool(estimates: ArrayLike, variances: ArrayLike, *, confidence: float = 0.95) -> Pooled:
    """Draw the results of several fillings-in together.

    Parameters
    ----------
    estimates, variances
        Of each filling-in, along the last axis; ratios as logarithms.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    Pooled
        NaN where an estimate or a variance is missing or infinite: a ratio that is not defined in
        one filling-in has no pooled value.

    Raises
    ------
    SettingsError
        If there are fewer than two fillings-in, or a variance is negative.

    References
    ----------
    Rubin, D. B. (1987). *Multiple Imputation for Nonresponse in Surveys*, ch. 3. Wiley.

    Examples
    --------
    Between 1, within 1, and 1 + 4/3 of them in all:

    >>> found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> float(found.estimate), float(found.variance), float(found.df)
    (2.0, 2.3333333, 6.125)
    """
    check_confidence(confidence)
    given = (np.asarray(values, dtype=np.float64) for values in (estimates, variances))
    found, spread = np.broadcast_arrays(*given)
    if not found.ndim or (draws := found.shape[-1]) < 2:
        raise SettingsError(
            "fewer than two fillings-in were handed over; how much they differ shows from two on"
        )
    if (wrong := spread < 0).any():
        raise SettingsError(f"{wrong.sum()} variances are negative")
    sound = np.all(np.isfinite(found) & np.isfinite(spread), axis=-1, keepdims=True)
    found, spread = np.where(sound, found, np.nan), np.where(sound, spread, np.nan)

    estimate: FloatArray = np.mean(found, axis=-1)
    within: FloatArray = np.mean(spread, axis=-1)
    between: FloatArray = np.var(found, axis=-1, ddof=1)
    # Numbers that are alike have a mean that is off by a rounding, and so a trace of variance.
    between = np.where(np.ptp(found, axis=-1) == 0, 0.0, between)
    added = (1 + 1 / draws) * between
    variance = within + added
    with np.errstate(over="ignore"):  # so nearly alike that the number has no end
        df = np.where(added == 0, np.inf, (draws - 1) * (1 + divide(within, added)) ** 2)
    tail = (1 - confidence) / 2
    finite = np.where(np.isfinite(df), df, 1)
    reach = np.where(np.isinf(df), -scipy.special.ndtri(tail), -scipy.special.stdtrit(finite, tail))
    reach = reach * np.sqrt(variance)
    return Pooled(
        estimate=estimate,
        within=within,
        between=between,
        variance=variance,
        df=np.where(np.isnan(variance), np.nan, df),
        missing_share=np.where(variance == 0, 0.0, divide(added, variance)),
        low=estimate - reach,
        high=estimate + reach,
    )
