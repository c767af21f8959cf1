"""Before and after from monthly counts whose variance grows with the square of their mean.

Arrays in, arrays out. One series at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.stats.dispersion import checked_sides, expected_by_side
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.loglinear import BoolArray, weighted_steps
from geo.stats.rates import FloatArray, counts_and_exposure

_LOG_ALPHAS = np.log(10) * np.linspace(-6, 4, 41)


@dataclass(frozen=True, slots=True)
class NegativeBinomialRatio:
    """What :func:`negative_binomial_ratio` finds.

    Attributes
    ----------
    estimate
        The ratio with normal limits; its `dispersion` is that of the Poisson model.
    alpha
        Of the variance m + alpha m²; 0 where the counts vary no more than Poisson ones.
    log_likelihood
        Its maximum.
    """

    estimate: RatioEstimate
    alpha: float
    log_likelihood: float


def negative_binomial_ratio(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    after: ArrayLike,
    confidence: float = 0.95,
    null_ratio: float = 1.0,
) -> NegativeBinomialRatio:
    """Compare the months after with those before by a negative binomial model (NB2).

    Maximum likelihood; the standard error takes alpha as known, as ``MASS::glm.nb`` does. Months
    weigh more equally than in a Poisson model, so the ratio differs a little from that of the two
    rates where exposures differ.

    Parameters
    ----------
    events, exposure, after, confidence, null_ratio
        As in :func:`geo.stats.dispersion.poisson_ratio`, for one series.

    Returns
    -------
    NegativeBinomialRatio
        With the ratio 0 or infinite, and alpha NaN, where a side has no event.

    References
    ----------
    Hilbe, J. M. (2011). *Negative Binomial Regression*, 2nd ed. Cambridge University Press.

    Examples
    --------
    Months of equal length: the ratio is that of the means.

    >>> found = negative_binomial_ratio([1, 9, 2, 18, 42, 12], 1, after=[0, 0, 0, 1, 1, 1])
    >>> print(f"{found.estimate.ratio:.2f}, alpha {found.alpha:.2f}")
    6.00, alpha 0.32
    """
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    side = checked_sides(after, counts.shape)
    used = (times > 0) & ~np.isnan(counts)
    mean = expected_by_side(counts, times, after=side)[used]
    y, offset, x = counts[used], np.log(times[used]), side[used]
    before, behind = y[~x].sum(), y[x].sum()
    df = float(used.sum() - 2)
    if before == 0 or behind == 0 or df <= 0:
        return _without_limits(before, behind, times[used], x, confidence, null_ratio)

    rows = np.column_stack([np.ones(y.size), x])

    def fit(log_alpha: float) -> tuple[float, FloatArray]:
        alpha = float(np.exp(log_alpha))
        found = weighted_steps(rows, y, offset, alpha=alpha)
        return _log_likelihood(y, np.exp(rows @ found + offset), alpha), found

    steps = [fit(value)[0] for value in _LOG_ALPHAS]
    best = int(np.argmax(steps))
    near = _LOG_ALPHAS[max(best - 1, 0)], _LOG_ALPHAS[min(best + 1, _LOG_ALPHAS.size - 1)]
    answer = scipy.optimize.minimize_scalar(
        lambda value: -fit(float(value))[0], bounds=near, method="bounded", options={"xatol": 1e-9}
    )
    reached, coefficients = fit(float(answer.x))
    alpha = float(np.exp(answer.x))
    poisson = float(np.sum(scipy.special.xlogy(y, mean) - mean - scipy.special.gammaln(y + 1)))
    # At the edge of the search the likelihood is flat: the counts are no more than Poisson.
    if best == 0 or poisson >= reached:
        alpha, reached = 0.0, poisson
        coefficients = weighted_steps(rows, y, offset, alpha=0.0)
    fitted = np.exp(rows @ coefficients + offset)
    weight = fitted / (1 + alpha * fitted)
    variance = 1 / weight[~x].sum() + 1 / weight[x].sum()
    estimate = ratio_estimate(
        np.asarray(np.exp(coefficients[1])),
        np.asarray(np.sqrt(variance)),
        np.asarray(np.inf),
        dispersion=np.asarray(np.sum((y - mean) ** 2 / mean) / df),
        confidence=confidence,
        null_ratio=null_ratio,
    )
    return NegativeBinomialRatio(estimate, alpha, reached)


def _log_likelihood(y: FloatArray, mean: FloatArray, alpha: float) -> float:
    size = 1 / alpha
    rising = (
        scipy.special.gammaln(y + size) - scipy.special.gammaln(size) - scipy.special.xlogy(y, size)
    )
    terms = rising - scipy.special.gammaln(y + 1) + scipy.special.xlogy(y, mean)
    return float(np.sum(terms - (y + size) * np.log1p(alpha * mean)))


def _without_limits(
    before: float,
    behind: float,
    times: FloatArray,
    x: BoolArray,
    confidence: float,
    null_ratio: float,
) -> NegativeBinomialRatio:
    nothing = np.asarray(np.nan)
    exposed = bool(times[x].size and times[~x].size)
    if not exposed or before + behind == 0:
        ratio = np.nan
    elif before == 0:
        ratio = np.inf
    else:
        rate_before = before / times[~x].sum()
        ratio = behind / times[x].sum() / rate_before
    estimate = ratio_estimate(
        np.asarray(ratio),
        nothing,
        nothing,
        dispersion=nothing,
        confidence=confidence,
        null_ratio=null_ratio,
    )
    return NegativeBinomialRatio(estimate, float("nan"), float("nan"))
