"""Whether some months of the year are higher than others, year after year.

Arrays in, arrays out. A season is what comes back; a single high month is none, and shows in the
dispersion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.loglinear import BoolArray, LogLinearFit, fit_log_linear
from geo.stats.rates import FloatArray, counts_and_exposure, divide

IntArray = npt.NDArray[np.int64]

MONTHS = 12
LEAST_YEARS = 3
LEAST_MONTHS = MONTHS * LEAST_YEARS
"""With two years, a month that is high in both may be so by chance too easily."""


@dataclass(frozen=True, slots=True)
class Season:
    """What :func:`seasonal_ratios` finds.

    Attributes
    ----------
    ratios
        One number a month of the year, January first: its rate over the geometric mean of the
        twelve. All NaN where a month of the year never has an event, or fewer than three years
        have any.
    f, df, p_years
        Quasi-likelihood F that all twelve are alike, beside an effect of each year, with 11 and
        `df` degrees of freedom, and its p. Growth that goes on within each year makes it too small.
    p_linear
        The same beside a steady growth in place of the years. A rise in one year may make it too
        small.
    p_ranks
        That the order of the months is another one each year (Friedman, with the F of Iman and
        Davenport), of whole years. One odd year alone does not make it small.
    p
        The largest of the three: that a season comes back is claimed where none says otherwise.
    dispersion
        Pearson's of the model with years and season.
    explained
        Share of the deviance around the years that the season takes.
    explained_by_chance
        What twelve months take of mere noise, on average: 11 / degrees of freedom without them.
    """

    ratios: RatioEstimate
    f: float
    df: int
    p_years: float
    p_linear: float
    p_ranks: float
    p: float
    dispersion: float
    explained: float
    explained_by_chance: float


def seasonal_ratios(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    month: ArrayLike,
    year: ArrayLike,
    confidence: float = 0.95,
) -> Season:
    """Return how high each month of the year is in a typical year, and whether that comes back.

    Quasi-Poisson with an effect of each month of the year and of each year. Growth within the years
    is part of the ratios: December lies above January where a series grows steadily.

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, one series of months.
    month
        1 to 12, of each of them.
    year
        The calendar year of each.
    confidence
        Two-sided coverage of the limits of each month by itself.

    Returns
    -------
    Season
        Months are taken as independent but for their dispersion.

    Raises
    ------
    SettingsError
        If there are fewer than 36 months with an exposure.

    References
    ----------
    McCullagh, P., and Nelder, J. A. (1989). *Generalized Linear Models*, 2nd ed., ch. 6 and 9.
    Iman, R. L., and Davenport, J. M. (1980). Approximations of the critical region of the Friedman
    statistic. *Communications in Statistics* A9, 571-595.

    Examples
    --------
    Every December has four times the events of another month, so 4 / 4^(1/12) the mean:

    >>> found = seasonal_ratios(
    ...     ([10] * 11 + [40]) * 3, 1, month=list(range(1, 13)) * 3, year=np.repeat([1, 2, 3], 12)
    ... )
    >>> found.ratios.ratio[[0, 11]].round(3)
    array([0.891, 3.564])
    """
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    of_year, years = np.asarray(month, dtype=np.int64), np.asarray(year, dtype=np.int64)
    if not counts.ndim == 1 or not counts.shape == of_year.shape == years.shape:
        raise SettingsError(
            f"the series has the shape {counts.shape}, month {of_year.shape} and year "
            f"{years.shape}; hand over one series, with month and year of each count"
        )
    if of_year.size and not (of_year.min() >= 1 and of_year.max() <= MONTHS):
        raise SettingsError("a month of the year lies between 1 and 12")
    used: BoolArray = (times > 0) & ~np.isnan(counts)
    if (number := int(used.sum())) < LEAST_MONTHS:
        raise SettingsError(
            f"{number} complete months; whether something comes back every year shows from "
            f"{LEAST_MONTHS} on ({LEAST_YEARS} years). Take in earlier months"
        )
    _, of_which = np.unique(years, return_inverse=True)
    in_year = np.bincount(of_which, weights=np.where(used, counts, 0))
    used &= in_year[of_which] > 0  # a year without any event says nothing of its months
    n, t, m, y = counts[used], times[used], of_year[used], years[used]
    events_of = np.bincount(m, weights=n, minlength=MONTHS + 1)[1:]
    if np.unique(y).size < LEAST_YEARS or not (events_of > 0).all():
        return _nothing(confidence)
    season = (m[:, np.newaxis] == np.arange(1, MONTHS)).astype(np.float64)
    season[m == MONTHS] = -1.0
    step = 12 * (y - y.min()) + m
    of_years = (y[:, np.newaxis] == np.unique(y)).astype(np.float64)
    by_years = _Pair.of(of_years, season, n, t)
    linear = _Pair.of(np.column_stack([np.ones(m.size), step - step.mean()]), season, n, t)
    if by_years is None or linear is None:
        return _nothing(confidence)
    return _told(by_years, linear, _rank_p(n / t, m, y), confidence)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A model without and with the season."""

    without: LogLinearFit
    fit: LogLinearFit

    @classmethod
    def of(
        cls, base: FloatArray, season: FloatArray, events: FloatArray, exposure: FloatArray
    ) -> _Pair | None:
        fit = fit_log_linear(np.column_stack([base, season]), events, exposure)
        without = fit_log_linear(base, events, exposure)
        return cls(without, fit) if fit.is_defined and without.is_defined else None

    @property
    def taken(self) -> float:
        return max(_deviance(self.without) - _deviance(self.fit), 0.0)

    @property
    def f(self) -> float:
        return self.taken / (MONTHS - 1) / max(self.fit.pearson_dispersion, 1.0)

    @property
    def p(self) -> float:
        return float(scipy.special.fdtrc(MONTHS - 1, self.fit.df, self.f))


def _told(by_years: _Pair, linear: _Pair, p_ranks: float, confidence: float) -> Season:
    fit, without = by_years.fit, by_years.without
    # Effects add up to nothing, so December's is what the others leave.
    spread = np.vstack([np.eye(MONTHS - 1), -np.ones(MONTHS - 1)])
    effects = slice(-(MONTHS - 1), None)
    covariance = spread @ fit.quasi_covariance()[effects, effects] @ spread.T
    ratios = ratio_estimate(
        np.exp(spread @ fit.coefficients[effects]),
        np.sqrt(np.diag(covariance)),
        float(fit.df),
        dispersion=fit.pearson_dispersion,
        confidence=confidence,
    )
    return Season(
        ratios=ratios,
        f=by_years.f,
        df=fit.df,
        p_years=by_years.p,
        p_linear=linear.p,
        p_ranks=p_ranks,
        # numpy's maximum keeps a missing one missing.
        p=float(np.max([by_years.p, linear.p, p_ranks])),
        dispersion=fit.pearson_dispersion,
        explained=float(divide(by_years.taken, _deviance(without))),
        explained_by_chance=(MONTHS - 1) / without.df,
    )


def _rank_p(rate: FloatArray, month: IntArray, year: IntArray) -> float:
    """Return Friedman's p of the whole years; NaN with fewer than three."""
    ranks = []
    for one in np.unique(year):
        here = year == one
        if here.sum() == MONTHS:
            ranks.append(scipy.stats.rankdata(rate[here][np.argsort(month[here])].round(12)))
    if len(ranks) < LEAST_YEARS:
        return float("nan")
    table = np.array(ranks)
    years = len(table)
    middle = (MONTHS + 1) / 2
    scatter = float((table**2).sum() - years * MONTHS * middle**2)
    if scatter <= 0:
        return 1.0  # all months alike in every year
    chi2 = (MONTHS - 1) * float(((table.sum(axis=0) - years * middle) ** 2).sum()) / scatter
    left = years * (MONTHS - 1) - chi2
    if left <= 1e-9:
        return float(np.finfo(np.float64).tiny)
    f = (years - 1) * chi2 / left
    return float(scipy.special.fdtrc(MONTHS - 1, (MONTHS - 1) * (years - 1), f))


def _deviance(fit: LogLinearFit) -> float:
    n, mean = fit.events[fit.used], fit.fitted[fit.used]
    return float(2 * np.sum(scipy.special.xlogy(n, n / mean) - (n - mean)))


def _nothing(confidence: float) -> Season:
    nan = float("nan")
    none = ratio_estimate(np.full(MONTHS, nan), nan, nan, confidence=confidence)
    return Season(none, nan, 0, nan, nan, nan, nan, nan, nan, nan)
