"""The months of two windows that are compared: how much they vary, and what that says of a ratio.

Where both windows have at least :data:`geo.steps.windows.LEAST_MONTHS` months. Shorter ones leave
every estimate missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import PrecisionWarning, SettingsError
from geo.stats import dispersion, log_ratio, multiple, ratios
from geo.stats.differences import rate_difference_interval
from geo.stats.log_ratio import RatioEstimate
from geo.stats.loglinear import default_lag
from geo.stats.negative_binomial import negative_binomial_ratio
from geo.steps import windows
from geo.steps.window_counts import WindowCounts
from geo.steps.windows import BoolArray, FloatArray

Method = Literal["quasi-poisson", "negative-binomial", "newey-west"]
"""How an interval allows for months that vary more than independent events would."""

CORRELATED = 0.3
"""Months whose residuals one month apart correlate more than that depend on each other."""

Sides = Mapping[str, Any]
"""Events and exposure of both windows, as :func:`geo.stats.ratios.rate_ratio` asks for them."""


def check_method(method: str) -> None:
    """Raise :exc:`~geo.errors.SettingsError` for a method that there is not.

    Examples
    --------
    >>> check_method("newey-west")
    """
    if method not in get_args(Method):
        raise SettingsError(f"{method!r} is not a method; choose {', '.join(get_args(Method))}")


@dataclass(frozen=True, slots=True, eq=False)
class WindowMonths:
    """Monthly counts of rows in the order of time, and the totals of both windows.

    Attributes
    ----------
    events, exposure
        Rows x months. Between windows that do not meet lie months without a count, so that
        nothing is taken for neighbors that is not.
    after
        Which months belong to the comparison.
    total
        All events and exposures.
    loose
        Rows with events that are known to the year only.
    """

    events: FloatArray
    exposure: FloatArray
    after: BoolArray
    total: Sides
    loose: BoolArray

    @classmethod
    def of(cls, counts: WindowCounts, by_year: pd.DataFrame, sides: Sides) -> WindowMonths:
        """Count the events of each month.

        Parameters
        ----------
        counts
            The events of the windows.
        by_year
            People, from :func:`geo.steps.windows.population_by_year`.
        sides
            The totals.

        Warns
        -----
        PrecisionWarning
            If events cannot be put into a month.
        """
        ordered = sorted((counts.base, counts.comparison), key=lambda window: window.start)
        months = [windows.months_of(window) for window in ordered]
        after = np.repeat(
            [window is counts.comparison for window in ordered], list(map(len, months))
        )
        if not all(windows.has_months(window) for window in ordered):
            nothing = np.empty((counts.size, 0))
            return cls(nothing, nothing, after[:0], sides, np.zeros(counts.size, dtype=bool))
        every = months[0] + months[1]
        lived = counts.spread(
            np.column_stack([windows.person_years(by_year, month) for month in every])
        )
        events = counts.by_month(every)
        loose = sides["base_events"] + sides["comparison_events"] - events.sum(axis=1)
        if loose.any():
            warnings.warn(
                f"{windows.loose_events(int(loose.sum()))} how much the months differ",
                PrecisionWarning,
                stacklevel=3,
            )
        first, second = ordered
        years = second.start.year - first.last.year
        apart = 12 * years + second.start.month - first.last.month - 1
        if apart > 0:
            seam = [len(months[0])] * min(apart, default_lag(len(every)))
            events, lived = (np.insert(array, seam, np.nan, axis=1) for array in (events, lived))
            after = np.insert(after, seam, after[0])
        return cls(events, lived, after, sides, loose > 0)

    @property
    def are_enough(self) -> bool:
        """Whether both windows have enough months."""
        return bool(self.after.size)

    def adjusted(self, p: FloatArray, exact_p: FloatArray) -> FloatArray:
        """Return q-values; the exact p stands in where a window has no event."""
        if not self.are_enough:
            return p
        return multiple.benjamini_hochberg(np.where(np.isnan(p), exact_p, p))

    def quasi_ratio(self, null_ratio: float, confidence: float) -> RatioEstimate:
        """Return the quasi-Poisson estimate of each row."""
        if not self.are_enough:
            return self._nothing()
        found = dispersion.quasi_poisson_ratio(
            self.events,
            self.exposure,
            after=self.after,
            confidence=confidence,
            null_ratio=null_ratio,
        )
        if not self.loose.any():
            return found
        # The same estimate, of all events: those without a month say nothing of the dispersion.
        before, after = self.total["base_events"], self.total["comparison_events"]
        with np.errstate(divide="ignore"):
            variance = np.fmax(found.dispersion, 1.0) * (1 / before + 1 / after)
        return log_ratio.ratio_estimate(
            ratios.rate_ratio(**self.total),
            np.sqrt(variance),
            found.df,
            dispersion=found.dispersion,
            confidence=confidence,
            null_ratio=null_ratio,
        )

    def quasi_difference(self, confidence: float) -> tuple[FloatArray, FloatArray]:
        """Return limits of the rate difference that allow for how much the months vary.

        The dispersion is that of the windows with events: months of a window without any are
        all alike and say nothing of it. Without an event in either there are no limits.
        """
        if not self.are_enough:
            nothing = np.full(len(self.events), np.nan)
            return nothing, nothing
        found = self.quasi_ratio(1.0, confidence)
        used = ~np.isnan(self.events) & (self.exposure > 0)
        df = np.zeros(len(self.events))
        for side in (~self.after, self.after):
            some = np.nansum(self.events[:, side], axis=1) > 0
            df += np.where(some, used[:, side].sum(axis=1) - 1.0, 0.0)
        scatter = np.full(len(df), np.nan)
        np.divide(found.dispersion * found.df, df, out=scatter, where=df > 0)
        return rate_difference_interval(
            **self.total, dispersion=scatter, df=np.where(df > 0, df, np.inf), confidence=confidence
        )

    def correlation(self) -> FloatArray:
        """Return how much each row's months resemble the month before (lag-1, residuals)."""
        if not self.are_enough:
            return np.full(len(self.events), np.nan)
        return dispersion.residual_correlation(self.events, self.exposure, after=self.after)

    def model_ratio(
        self, method: Method, confidence: float
    ) -> tuple[RatioEstimate, dict[str, npt.NDArray[Any]]]:
        """Return the estimate of another model, and its ``alpha`` or ``lag``.

        It is of the months alone: events known to the year only are not in it.
        """
        rows = len(self.events)
        if method == "newey-west":
            lag = default_lag(int((~np.isnan(self.events)).any(axis=0).sum()))
            lags = np.full(rows, lag if self.are_enough else -1, dtype=np.int64)
            column = {"lag": pd.arrays.IntegerArray(lags, lags < 0)}
            if not self.are_enough:
                return self._nothing(), column
            found = dispersion.newey_west_ratio(
                self.events, self.exposure, after=self.after, lag=lag, confidence=confidence
            )
            return found, column
        if not self.are_enough:
            return self._nothing(), {"alpha": np.full(rows, np.nan)}
        fits = [
            negative_binomial_ratio(counts, lived, after=self.after, confidence=confidence)
            for counts, lived in zip(self.events, self.exposure, strict=True)
        ]
        estimate = log_ratio.ratio_estimate(
            np.array([fit.estimate.ratio for fit in fits], dtype=np.float64),
            np.array([fit.estimate.log_se for fit in fits], dtype=np.float64),
            np.inf,
            dispersion=np.array([fit.estimate.dispersion for fit in fits], dtype=np.float64),
            confidence=confidence,
        )
        return estimate, {"alpha": np.array([fit.alpha for fit in fits], dtype=np.float64)}

    def _nothing(self) -> RatioEstimate:
        nothing = np.full(len(self.events), np.nan)
        return log_ratio.ratio_estimate(nothing, nothing, nothing)
