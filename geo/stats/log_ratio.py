"""A ratio with the limits that the standard error of its logarithm gives it.

Arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, check_confidence, divide


@dataclass(frozen=True, slots=True)
class RatioEstimate:
    """A ratio of two rates and how sure it is; each an array with one number a series.

    Attributes
    ----------
    ratio
        Comparison rate / base rate: infinite without an event in the base, 0 without one in the
        comparison, NaN without any.
    log_se
        Standard error of its logarithm. It and all below are NaN where the ratio is not a number
        between zero and infinity; :func:`geo.stats.ratios.exact_ratio_interval` still has a limit.
    low, high
        Limits of the ratio.
    p
        Two-sided p-value of the ratio that was put to the test (1 unless another was asked for).
    dispersion
        Pearson's estimate from the months: 1 for independent events.
    df
        Degrees of freedom of the t distribution; infinite where limits are normal ones.
    """

    ratio: FloatArray
    log_se: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray
    dispersion: FloatArray
    df: FloatArray


def ratio_estimate(
    ratio: ArrayLike,
    log_se: ArrayLike,
    df: ArrayLike,
    *,
    dispersion: ArrayLike = np.nan,
    confidence: float = 0.95,
    null_ratio: float = 1.0,
) -> RatioEstimate:
    """Put limits and a p-value to a ratio whose logarithm has that standard error.

    Parameters
    ----------
    ratio, log_se, df, dispersion
        As in :class:`RatioEstimate`; `df` infinite for normal limits.
    confidence
        Two-sided coverage, above 0 and below 1.
    null_ratio
        The ratio that is put to the test.

    Returns
    -------
    RatioEstimate
        With NaN wherever the ratio is 0, infinite or missing, or `df` is not above zero.

    Examples
    --------
    >>> found = ratio_estimate([2.0, 0.0], 0.5, np.inf)
    >>> found.low.round(2), found.high.round(2)
    (array([0.75,  nan]), array([5.33,  nan]))
    """
    check_confidence(confidence)
    if not 0 < null_ratio < np.inf:
        raise SettingsError(f"null_ratio is {null_ratio:g}; a ratio lies above zero")
    given = (np.asarray(values, dtype=np.float64) for values in (ratio, log_se, df, dispersion))
    ratios, errors, freedom, scatter = np.broadcast_arrays(*given)
    sound = (ratios > 0) & np.isfinite(ratios) & (freedom > 0)
    log_ratio = np.log(np.where(sound, ratios, np.nan))
    errors = np.where(sound, errors, np.nan)
    is_t = np.isfinite(freedom)
    finite_df = np.where(is_t & (freedom > 0), freedom, 1)
    tail = (1 - confidence) / 2
    reach = np.where(is_t, -scipy.special.stdtrit(finite_df, tail), -scipy.special.ndtri(tail))
    distance = np.abs(log_ratio - np.log(null_ratio))
    # An error of nothing: any distance at all is beyond it.
    z = np.where(errors > 0, divide(distance, errors), np.where(distance > 0, np.inf, 0.0))
    z = np.where(np.isnan(errors), np.nan, z)
    p = 2 * np.where(is_t, scipy.special.stdtr(finite_df, -z), scipy.special.ndtr(-z))
    return RatioEstimate(
        ratio=ratios,
        log_se=errors,
        low=np.asarray(np.exp(log_ratio - reach * errors)),
        high=np.asarray(np.exp(log_ratio + reach * errors)),
        p=np.where(np.isnan(p), np.nan, np.maximum(p, np.finfo(np.float64).tiny)),
        dispersion=scatter,
        df=freedom,
    )
