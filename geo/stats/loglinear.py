"""Log-linear (Poisson) models of counts, and how sure their coefficients are.

Arrays in, arrays out. The model is ``log(expected) = design @ coefficients + log(exposure)``, by
maximum likelihood. Its coefficients are right also for counts that vary more than Poisson ones;
only their standard errors are not, so four other covariances are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray, counts_and_exposure

BoolArray = npt.NDArray[np.bool_]

_MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class LogLinearFit:
    """A fitted log-linear model; made by :func:`fit_log_linear`.

    Attributes
    ----------
    coefficients
        One per column of the design; all NaN where the likelihood has no maximum.
    fitted
        Expected events of each row; NaN in rows that were left out.
    events, design
        What was fitted.
    used
        Which rows took part: those with a count and an exposure above zero.
    """

    coefficients: FloatArray
    fitted: FloatArray
    events: FloatArray
    design: FloatArray
    used: BoolArray

    @property
    def df(self) -> int:
        """Rows that took part, less coefficients."""
        return int(self.used.sum()) - self.coefficients.size

    @property
    def pearson_dispersion(self) -> float:
        """Pearson's estimate: 1 for Poisson counts, above 1 where they vary more (NaN: no df)."""
        if self.df <= 0 or not self.is_defined:
            return float("nan")
        squares = (self.events - self.fitted)[self.used] ** 2 / self.fitted[self.used]
        return float(squares.sum() / self.df)

    @property
    def is_defined(self) -> bool:
        """Whether the likelihood has a maximum."""
        return not bool(np.isnan(self.coefficients).any())

    @property
    def scores(self) -> FloatArray:
        """The score of each row; 0 in rows left out, so that lags keep their length."""
        residuals = np.where(self.used, self.events - self.fitted, 0.0)
        return self.design * residuals[:, np.newaxis]

    def poisson_covariance(self) -> FloatArray:
        """Return the covariance of the coefficients if the counts are Poisson ones."""
        if not self.is_defined:
            return np.full((self.coefficients.size,) * 2, np.nan)
        rows = self.design[self.used]
        information = rows.T @ (rows * self.fitted[self.used][:, np.newaxis])
        return np.asarray(np.linalg.inv(information), dtype=np.float64)

    def quasi_covariance(self, *, least_dispersion: float = 1.0) -> FloatArray:
        """Return the Poisson covariance times the dispersion (quasi-Poisson).

        Parameters
        ----------
        least_dispersion
            The dispersion is taken to be at least that: counts that happen to vary less than
            chance do not make the model surer. 0 leaves it as estimated.
        """
        # numpy's maximum, not Python's: it keeps a missing dispersion missing.
        dispersion = float(np.maximum(self.pearson_dispersion, least_dispersion))
        return self.poisson_covariance() * dispersion

    def robust_covariance(self) -> FloatArray:
        """Return the sandwich covariance HC0: right whatever the variance of each row."""
        return self._sandwich(self.scores.T @ self.scores)

    def newey_west_covariance(self, lag: int) -> FloatArray:
        """Return the covariance that also allows for correlation up to `lag` rows apart.

        Bartlett weights, no prewhitening, no small-sample factor (Newey and West 1987). The rows
        are one series in the order of time; months left out stay in it as gaps.
        """
        return self._sandwich(long_run_sum(self.scores, lag))

    def clustered_covariance(self, clusters: ArrayLike) -> FloatArray:
        """Return the covariance that allows for any correlation inside a cluster (HC0 form).

        Parameters
        ----------
        clusters
            A label for each row. With few clusters, or one that is treated, it is far too small.
        """
        _, codes = np.unique(np.asarray(clusters), return_inverse=True)
        sums = np.zeros((int(codes.max()) + 1, self.coefficients.size))
        np.add.at(sums, codes, self.scores)
        return self._sandwich(sums.T @ sums)

    def _sandwich(self, meat: FloatArray) -> FloatArray:
        bread = self.poisson_covariance()
        product: FloatArray = bread @ meat @ bread
        return product


def fit_log_linear(design: ArrayLike, events: ArrayLike, exposure: ArrayLike = 1.0) -> LogLinearFit:
    """Fit a log-linear model to counts by maximum likelihood.

    Iteratively reweighted least squares; the start is the data themselves.

    Parameters
    ----------
    design
        One row per count, one column per coefficient.
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`. Rows without a count or an exposure are left
        out.

    Returns
    -------
    LogLinearFit
        With coefficients NaN where the likelihood has no maximum: a group without any event has
        the logarithm of zero as its coefficient.

    Raises
    ------
    SettingsError
        If a column of the design is a sum of others, so that the model has no single answer.

    References
    ----------
    McCullagh, P., and Nelder, J. A. (1989). *Generalized Linear Models*, 2nd ed., ch. 6. For when
    there is a maximum: Correia, S., Guimarães, P., and Zylkin, T. (2019). arXiv:1903.01633.

    Examples
    --------
    Rates of 3 a month, then of 12:

    >>> fit = fit_log_linear([[1, 0], [1, 0], [1, 1], [1, 1]], [2, 4, 11, 13])
    >>> np.exp(fit.coefficients).round(6)
    array([3., 4.])
    >>> fit.fitted.round(6)
    array([ 3.,  3., 12., 12.])

    No event before: the ratio would be infinite.

    >>> fit_log_linear([[1, 0], [1, 0], [1, 1], [1, 1]], [0, 0, 11, 13]).coefficients
    array([nan, nan])
    """
    matrix = np.atleast_2d(np.asarray(design, dtype=np.float64))
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    if counts.ndim != 1 or matrix.shape[0] != counts.size:
        raise SettingsError(
            f"the design has {matrix.shape[0]} rows and there are {counts.size} counts; "
            "there must be one row for each count"
        )
    used = (times > 0) & ~np.isnan(counts)
    rows, observed, offset = matrix[used], counts[used], np.log(times[used])
    if (rank := int(np.linalg.matrix_rank(rows)) if rows.size else 0) < matrix.shape[1]:
        raise SettingsError(
            f"the {matrix.shape[1]} columns of the model hold only {rank} independent ones in "
            f"{rows.shape[0]} rows; leave a column out or add months"
        )
    fitted = np.full(counts.size, np.nan)
    if not _has_maximum(rows, observed):
        return LogLinearFit(np.full(matrix.shape[1], np.nan), fitted, counts, matrix, used)
    coefficients = weighted_steps(rows, observed, offset, alpha=0.0)
    fitted[used] = np.exp(rows @ coefficients + offset)
    return LogLinearFit(coefficients, fitted, counts, matrix, used)


def weighted_steps(
    rows: FloatArray, events: FloatArray, offset: FloatArray, *, alpha: float
) -> FloatArray:
    """Return the coefficients by iteratively reweighted least squares.

    The variance is ``mean + alpha * mean ** 2``: Poisson with `alpha` 0, else negative binomial.
    """
    mean = events + 0.5
    coefficients = np.zeros(rows.shape[1])
    for _ in range(_MOST_STEPS):
        root = np.sqrt(mean / (1 + alpha * mean))
        working = np.log(mean) - offset + (events - mean) / mean
        answer = np.linalg.lstsq(rows * root[:, np.newaxis], working * root, rcond=None)
        found = np.asarray(answer[0], dtype=np.float64)
        moved = float(np.abs(found - coefficients).max())
        coefficients = found
        mean = np.exp(rows @ coefficients + offset)
        if moved <= 1e-10 * (1 + float(np.abs(coefficients).max())):
            return coefficients
    raise SettingsError(
        f"the model did not settle in {_MOST_STEPS} steps; it has more columns than its "
        f"{int(events.sum())} events can bear: use fewer, or longer periods"
    )


def long_run_sum(scores: FloatArray, lag: int) -> FloatArray:
    """Sum the products of scores up to `lag` rows apart, with Bartlett weights.

    Parameters
    ----------
    scores
        Rows in the order of time, the second axis from the end; any maps before it.
    lag
        0 gives the plain sum of squares.

    Examples
    --------
    1 + 4 + 4, and twice 1 * 2 + 2 * 2 with weight one half:

    >>> long_run_sum(np.array([[1.0], [2.0], [2.0]]), 1)
    array([[15.]])
    """
    length = scores.shape[-2]
    if not 0 <= lag < length:
        raise SettingsError(f"lag is {lag}; it must lie between 0 and {length - 1}")
    summed: FloatArray = np.swapaxes(scores, -1, -2) @ scores
    for step in range(1, lag + 1):
        apart = np.swapaxes(scores[..., step:, :], -1, -2) @ scores[..., :-step, :]
        summed = summed + (1 - step / (lag + 1)) * (apart + np.swapaxes(apart, -1, -2))
    return summed


def default_lag(length: int) -> int:
    """Return the lag for a series of that length: ⌊4 (length / 100)^(2/9)⌋, at least 3.

    Examples
    --------
    >>> default_lag(24), default_lag(400)
    (3, 5)
    """
    return max(3, int(4 * (length / 100) ** (2 / 9)))


def _has_maximum(rows: FloatArray, events: FloatArray) -> bool:
    """Return whether no direction leaves rows with events alone and empties rows without any."""
    positive, empty = rows[events > 0], rows[events == 0]
    if positive.size and np.linalg.matrix_rank(positive) == rows.shape[1]:
        return True
    if not positive.size:
        return False
    answer = scipy.optimize.linprog(
        empty.sum(axis=0),
        A_eq=positive,
        b_eq=np.zeros(len(positive)),
        A_ub=np.vstack([empty, -empty]),
        b_ub=np.concatenate([np.zeros(len(empty)), np.ones(len(empty))]),
        bounds=(None, None),
    )
    return bool(answer.fun > -1e-9)
