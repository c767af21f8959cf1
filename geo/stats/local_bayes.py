"""Rates smoothed by other means than the global moments: by the neighborhood, by a gamma prior.

Arrays in, arrays out; areas lie along the last axis and each map is smoothed by itself. A rate
smoothed over its neighbors is to look at, and not to be tested for hotspots: the smoothing makes
the likeness of neighbors that the test would find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.local import Links
from geo.stats.rates import (
    FloatArray,
    check_confidence,
    counts_and_exposure,
    crude_rate,
    divide,
    is_known,
)

Deviations = Literal["focal", "own"]
"""The mean that neighbors deviate from: that around the focal area, or that around themselves."""

_SHAPES = (-12.0, 20.0)
"""Bounds of the logarithm of the shape that is searched for."""


def local_empirical_bayes_rate(
    events: ArrayLike,
    exposure: ArrayLike,
    links: Links,
    *,
    deviations: Deviations = "focal",
    per: float = 100_000,
) -> FloatArray:
    """Shrink crude rates toward the rate of the area and its neighbors together.

    The local estimator of Marshall (1991): mean and variance of the prior are those of the
    neighborhood, the area itself included.

    Parameters
    ----------
    events, exposure, per
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis.
    links
        From :func:`geo.stats.local.links_between`; only who is linked matters, not the weight.
    deviations
        ``"focal"`` measures the variance of a neighborhood around its own mean, as GeoDa and
        PySAL do. ``"own"`` takes each neighbor's deviation from the mean of the neighbor's
        neighborhood (Bailey and Gatrell 1995), the default of R's spdep; up to 39 % away.

    Returns
    -------
    array
        One rate an area, between its crude rate and that of its neighborhood. An area without
        neighbors keeps its crude rate; a neighborhood without events has 0. NaN where the
        exposure is zero or missing; such areas are nobody's neighbor.

    Raises
    ------
    SettingsError
        If counts do not fit the links, or `deviations` is unknown.
    ExposureError
        If an exposure is negative or infinite.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    *Applied Statistics* 40(2), 283-294. Bailey, T. C., and Gatrell, A. C. (1995). *Interactive
    spatial data analysis*. Longman, Harlow, 303-308.

    Examples
    --------
    Two areas of 100 with 10 and 30 events: mean 0.2, variance 0.01, of which chance explains
    0.2 / 100; so each keeps 0.008 / 0.01 of its distance from the mean. The third stands alone:

    >>> from geo.stats.local import links_between
    >>> pair = links_between([0, 1], [1, 0], 3)
    >>> local_empirical_bayes_rate([10, 30, 7], [100, 100, 100], pair, per=1)
    array([0.12, 0.28, 0.07])
    """
    if deviations not in ("focal", "own"):
        raise SettingsError(f"deviations is {deviations!r}; it must be 'focal' or 'own'")
    crude = crude_rate(events, exposure, per=1)
    counts, people = counts_and_exposure(events, exposure)
    if crude.ndim == 0 or crude.shape[-1] != links.shape[0]:
        raise SettingsError(
            f"events have the shape {crude.shape} and the links join {links.shape[0]} areas; "
            "areas must lie along the last axis"
        )
    known = is_known(counts, people)
    around = (links != 0).astype(np.float64) + scipy.sparse.eye_array(links.shape[0], format="csr")
    focal = np.repeat(np.arange(links.shape[0]), np.diff(around.indptr))
    member = around.indices

    def gather(of_members: FloatArray) -> FloatArray:
        """Add up, for each area, a value of each link to the area and its neighbors."""
        starts = around.indptr[:-1]
        summed: FloatArray = np.add.reduceat(of_members, starts, axis=-1) if len(starts) else crude
        return summed

    alive, rates = np.where(known, people, 0.0), np.where(known, crude, 0.0)
    exposed = gather(alive[..., member])
    mean = divide(gather((alive * rates)[..., member]), exposed)
    center = mean[..., focal] if deviations == "focal" else mean[..., member]
    center = np.nan_to_num(center)  # where nobody lives nearby, the weight is 0 as well
    squares = alive[..., member] * (rates[..., member] - center) ** 2
    number = gather(known[..., member].astype(np.float64))
    between = np.maximum(divide(gather(squares), exposed) - divide(mean * number, exposed), 0.0)

    weight = np.where(mean > 0, divide(between, between + divide(mean, people)), 0.0)
    smoothed: FloatArray = per * np.where(known, mean + weight * (crude - mean), np.nan)
    return smoothed


@dataclass(frozen=True, slots=True)
class GammaRates:
    """Rates smoothed by a gamma prior.

    Attributes
    ----------
    rate, rate_low, rate_high
        Mean and limits of the posterior of each area, per so many person-years.
    mean, shape
        Of the prior of each map; the mean is per person-year. The shape is infinite where the
        areas differ no more than chance would have them.
    log_likelihood
        Of each map at these.
    """

    rate: FloatArray
    rate_low: FloatArray
    rate_high: FloatArray
    mean: FloatArray
    shape: FloatArray
    log_likelihood: FloatArray


def poisson_gamma_rate(
    events: ArrayLike, exposure: ArrayLike, *, per: float = 100_000, confidence: float = 0.95
) -> GammaRates:
    """Shrink crude rates by a gamma prior that is fitted to the map, with posterior intervals.

    Underlying rates are taken as gamma distributed, so counts are negative binomial; mean and
    shape of the prior maximize the likelihood. The posterior of an area is
    Gamma(n + shape, P + shape / mean).

    Parameters
    ----------
    events, exposure, per
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis.
    confidence
        Probability that the posterior gives the interval.

    Returns
    -------
    GammaRates
        Rates are between the crude and the mean rate; NaN where the exposure is zero or missing.
        The interval takes the prior as known: with few areas it is too narrow. Where the shape
        is infinite it shrinks to the mean. Without any event the rates are 0 and have no
        interval (NaN): there is nothing to fit a prior to.

    References
    ----------
    Clayton, D., and Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative
    risks for use in disease mapping. *Biometrics* 43, 671-681.

    Examples
    --------
    >>> smoothed = poisson_gamma_rate([0, 90, 10], [10, 1_000, 1_000], per=1)
    >>> smoothed.rate.round(3)
    array([0.031, 0.089, 0.011])
    >>> smoothed.rate_low.round(3), smoothed.rate_high.round(3)
    (array([0.001, 0.072, 0.005]), array([0.111, 0.108, 0.018]))

    Spread that chance explains:

    >>> poisson_gamma_rate([5, 5, 6], [100, 100, 100], per=1).rate.round(4)
    array([0.0533, 0.0533, 0.0533])
    """
    check_confidence(confidence)
    crude_rate(events, exposure, per=per)  # refuses what cannot be used
    counts, people = counts_and_exposure(events, exposure)
    known = is_known(counts, people)
    fits = np.full((*counts.shape[:-1], 3), np.nan)
    for place in np.ndindex(counts.shape[:-1]):
        if known[place].any():
            fits[place] = _fit_gamma(counts[place][known[place]], people[place][known[place]])

    middle, form = fits[..., 0:1], fits[..., 1:2]
    finite = known & np.isfinite(form)
    posterior = np.where(finite, counts + form, np.nan)
    scale = divide(1.0, people + divide(form, middle))
    flat = np.where(known, np.broadcast_to(middle, counts.shape), np.nan)
    no_prior = np.where(np.isinf(form), flat, np.nan)
    tail = (1 - confidence) / 2
    low = np.where(finite, scipy.special.gammaincinv(posterior, tail) * scale, no_prior)
    high = np.where(finite, scipy.special.gammainccinv(posterior, tail) * scale, no_prior)
    rate = np.where(finite, posterior * scale, flat)
    return GammaRates(per * rate, per * low, per * high, fits[..., 0], fits[..., 1], fits[..., 2])


def _fit_gamma(counts: FloatArray, people: FloatArray) -> tuple[float, float, float]:
    """Return mean, shape and log-likelihood of the negative binomial that fits best."""
    overall = float(counts.sum() / people.sum())
    if overall == 0:
        return 0.0, np.nan, 0.0
    expected = overall * people
    poisson = float((scipy.special.xlogy(counts, expected) - expected).sum())
    constant = -float(scipy.special.gammaln(counts + 1).sum())
    # The slope of the likelihood where the prior has no variance.
    if ((counts - expected) ** 2 - counts).sum() <= 0:
        return overall, np.inf, poisson + constant

    rates, some = counts / people, counts[counts > 0]

    def mean_at(shape: float) -> float:
        """Return the best mean for a shape: where the score, which falls with it, is zero."""

        def score(mean: float) -> float:
            return float(((counts - mean * people) / (1 + mean * people / shape)).sum())

        return float(
            scipy.optimize.brentq(score, rates.min(), rates.max(), xtol=1e-300, rtol=1e-14)
        )

    def loss(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        expected = mean_at(shape) * people
        # gammaln(n + shape) - gammaln(shape), which would cancel where the shape is large.
        rising = scipy.special.gammaln(some) - scipy.special.betaln(some, shape)
        shares = scipy.special.xlogy(counts, expected / (shape + expected))
        return -float((shares - shape * np.log1p(expected / shape)).sum()) - float(rising.sum())

    best = scipy.optimize.minimize_scalar(
        loss, bounds=_SHAPES, method="bounded", options={"xatol": 1e-9}
    )
    shape = float(np.exp(best.x))
    return mean_at(shape), shape, -float(best.fun) + constant
