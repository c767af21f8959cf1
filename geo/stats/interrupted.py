"""A series with a break at a date known in advance: its level and slope before and after.

Arrays in, arrays out. A date that was found by looking at the series, as
:mod:`geo.stats.change_points` does, must not be tested here: it was chosen because the series
breaks there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.loglinear import LogLinearFit, default_lag, fit_log_linear
from geo.stats.rates import FloatArray, counts_and_exposure

LEAST_BEFORE = 12
LEAST_AFTER = 6
"""Months on either side of the break; with fewer, a slope is no more than a guess."""

_LEAST_TREND = 6


@dataclass(frozen=True, slots=True)
class InterruptedSeries:
    """What :func:`interrupted_series` finds.

    Attributes
    ----------
    names
        Of the coefficients: "rate" (at step 0, per unit of exposure), "trend" (per step, before),
        "transition" (only with one), "level" (the jump at the break), "slope" (what the trend after
        is a multiple of the trend before, per step).
    ratios
        For each name exp(coefficient) with quasi-Poisson limits; all NaN where there is no event
        on one side.
    newey_west_log_se
        For each name the standard error that also allows for correlation between months.
    expected
        Events of each month according to the model; NaN in months left out.
    without_break
        Events of each month had the trend before gone on. A projection, no more certain than the
        trend before is.
    """

    names: tuple[str, ...]
    ratios: RatioEstimate
    newey_west_log_se: FloatArray
    expected: FloatArray
    without_break: FloatArray

    def __getitem__(self, name: str) -> RatioEstimate:
        """Return the ratio of that name, each number by itself."""
        return _one(self.ratios, self.names.index(name))


def interrupted_series(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    break_at: int,
    settled_at: int | None = None,
    transition: Literal["level", "omit"] = "level",
    lag: int | None = None,
    confidence: float = 0.95,
) -> InterruptedSeries:
    """Fit a level and a slope before and after a date, to one series of months.

    ``log(rate) = a + b t + c [after] + d (t - start of after)``, quasi-Poisson. Where two dates
    matter (an arrest in July, open fighting in September), the months between them belong to
    neither side.

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, for one series in the order of time.
    break_at
        Position of the first month that is no longer "before".
    settled_at
        Position of the first month that is "after"; the months from `break_at` up to it are the
        transition. Without it there is none.
    transition
        "level" gives the months of the transition a level of their own, "omit" leaves them out.
    lag
        As in :func:`geo.stats.dispersion.newey_west_ratio`.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    InterruptedSeries
        Its "level" is the ratio of the rate right after the break to what the trend before leads
        one to expect there.

    Raises
    ------
    SettingsError
        If there are fewer than 12 months before or 6 after, or the positions are out of order.

    References
    ----------
    Bernal, J. L., Cummins, S., and Gasparrini, A. (2017). Interrupted time series regression for
    the evaluation of public health interventions. *International Journal of Epidemiology* 46,
    348-355.

    Examples
    --------
    A flat 4 a month; then 12, with each month twice the last:

    >>> series = [4] * 12 + [12, 24, 48, 96, 192, 384]
    >>> found = interrupted_series(series, 1, break_at=12)
    >>> found.names
    ('rate', 'trend', 'level', 'slope')
    >>> found.ratios.ratio.round(6)
    array([4., 1., 3., 2.])
    >>> float(found.without_break[-1])
    4.0
    """
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    if counts.ndim != 1:
        raise SettingsError(f"the series has the shape {counts.shape}; hand over one at a time")
    after_at = break_at if settled_at is None else settled_at
    if after_at < break_at:
        raise SettingsError(
            f"settled_at is {after_at} and break_at {break_at}; the months after start with or "
            "after the break"
        )
    step = np.arange(counts.size)
    before, after = step < break_at, step >= after_at
    between = ~before & ~after
    used = (times > 0) & ~np.isnan(counts)
    enough = int((before & used).sum()), int((after & used).sum())
    if enough[0] < LEAST_BEFORE or enough[1] < LEAST_AFTER:
        raise SettingsError(
            f"{enough[0]} months before the break and {enough[1]} after it; a slope on either side "
            f"needs at least {LEAST_BEFORE} and {LEAST_AFTER}. Compare two windows instead "
            "(geo change), or take in earlier months"
        )
    parts: dict[str, ArrayLike] = {"rate": np.ones(counts.size), "trend": step}
    if (between & used).any():
        if transition == "level":
            parts["transition"] = between
        else:
            times = np.where(between, np.nan, times)
    parts |= {"level": after, "slope": np.where(after, step - after_at, 0)}

    fit = fit_log_linear(np.column_stack(list(parts.values())), counts, times)
    steps = default_lag(counts.size) if lag is None else lag
    trend = fit.coefficients[0] + fit.coefficients[1] * step
    return InterruptedSeries(
        names=tuple(parts),
        ratios=_ratios(fit, confidence),
        newey_west_log_se=np.sqrt(np.maximum(np.diag(fit.newey_west_covariance(steps)), 0)),
        expected=fit.fitted,
        without_break=np.exp(trend) * times,
    )


def pre_trend(
    events: ArrayLike, exposure: ArrayLike, *, break_at: int, confidence: float = 0.95
) -> RatioEstimate:
    """Return by how much a series grew per month before the break.

    Parameters
    ----------
    events, exposure, break_at, confidence
        As in :func:`interrupted_series`; only months before the break are looked at.

    Returns
    -------
    RatioEstimate
        Its `ratio` is a month's rate over that of the month before, 1 without a trend;
        quasi-Poisson. An interval that holds 1 is no proof that there was no trend: read off
        which trends it does not exclude.

    Raises
    ------
    SettingsError
        If fewer than 6 months lie before the break.

    References
    ----------
    Roth, J. (2022). Pretest with caution: event-study estimates after testing for parallel
    trends. *American Economic Review: Insights* 4, 305-322.

    Examples
    --------
    >>> float(pre_trend([1, 2, 4, 8, 16, 32, 9, 9], 1, break_at=6).ratio)
    2.0
    """
    counts, times = counts_and_exposure(np.asarray(events, dtype=np.float64), exposure)
    counts, times = counts[:break_at], times[:break_at]
    if (months := int(((times > 0) & ~np.isnan(counts)).sum())) < _LEAST_TREND:
        raise SettingsError(
            f"{months} months before the break; a trend needs at least {_LEAST_TREND}. Take in "
            "earlier months"
        )
    step = np.arange(counts.size)
    fit = fit_log_linear(np.column_stack([np.ones(counts.size), step]), counts, times)
    return _one(_ratios(fit, confidence), 1)


def _one(found: RatioEstimate, here: int) -> RatioEstimate:
    """Return one of several ratios by itself."""
    return RatioEstimate(*(np.asarray(getattr(found, field.name)[here]) for field in fields(found)))


def _ratios(fit: LogLinearFit, confidence: float) -> RatioEstimate:
    return ratio_estimate(
        np.exp(fit.coefficients),
        np.sqrt(np.diag(fit.quasi_covariance())),
        np.asarray(float(fit.df)),
        dispersion=np.asarray(fit.pearson_dispersion),
        confidence=confidence,
        null_ratio=1.0,
    )
