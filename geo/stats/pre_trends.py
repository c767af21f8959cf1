"""Whether an area and others went alike before a date.

Arrays in, arrays out. That they did is no proof that they would have gone on so, and with few
months little can be told: read off which differences the interval does not exclude.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.compared import Compared
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.loglinear import LogLinearFit, fit_log_linear
from geo.stats.rates import FloatArray

LEAST_PERIODS = 6


@dataclass(frozen=True, slots=True)
class PreTrend:
    """What :func:`relative_pre_trend` finds.

    Attributes
    ----------
    slope
        Growth of focus / donors from one period to the next; 1 where they go alike. With
        quasi-Poisson limits.
    f, p
        F that focus / donors is the same in all periods, and its p: the scatter of the ratio over
        the scatter of the donors around their own area and period effects.
    dispersion
        That scatter of the donors; 1 for independent events. Taken to be at least 1.
    """

    slope: RatioEstimate
    f: float
    p: float
    dispersion: float


def relative_pre_trend(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    donors: ArrayLike | None = None,
    confidence: float = 0.95,
) -> PreTrend:
    """Test whether the areas in focus went as the donors did, in periods before a date.

    Parameters
    ----------
    events, exposure, focus, donors
        As in :func:`geo.stats.did.did_ratio`, of the periods before the date alone; at least two
        donors.
    confidence
        Two-sided coverage of the limits.

    Returns
    -------
    PreTrend
        NaN where there are too few events for it.

    Raises
    ------
    SettingsError
        If there are fewer than 6 periods or 2 donors.

    References
    ----------
    Roth, J. (2022). Pretest with caution: event-study estimates after testing for parallel
    trends. *American Economic Review: Insights* 4, 305-322.

    Examples
    --------
    Doubling against others that stay:

    >>> found = relative_pre_trend(
    ...     [[1, 2, 4, 8, 16, 32], [9, 9, 9, 9, 9, 9], [5, 5, 5, 5, 5, 5]], 1, focus=[1, 0, 0]
    ... )
    >>> float(found.slope.ratio)
    2.0
    >>> found.p < 0.05
    True
    """
    panel = Compared.of(events, exposure, focus, donors)
    periods = panel.counts.shape[1]
    if periods < LEAST_PERIODS or panel.donors.sum() < 2:
        raise SettingsError(
            f"{periods} periods before the date and {int(panel.donors.sum())} donors; whether they "
            f"go alike shows from {LEAST_PERIODS} and 2 on. Take in earlier months"
        )
    pooled = [
        np.vstack([cells[areas].sum(axis=0) for areas in (panel.focus, panel.donors)])
        for cells in (panel.counts, panel.times)
    ]
    alike = _two_rows(*pooled, slope=False)
    sloped = _two_rows(*pooled, slope=True)
    of_donors = panel.two_way_fit(panel.donors, treated=None)
    nan = float("nan")
    scatter = nan if of_donors is None else of_donors.model.pearson_dispersion
    slope = ratio_estimate(nan, nan, nan, confidence=confidence)
    if sloped is not None:
        slope = ratio_estimate(
            np.exp(sloped.coefficients[-1]),
            np.sqrt(sloped.quasi_covariance()[-1, -1]),
            float(sloped.df),
            dispersion=sloped.pearson_dispersion,
            confidence=confidence,
        )
    if alike is None or of_donors is None or np.isnan(scatter):
        return PreTrend(slope, nan, nan, scatter)
    f = alike.pearson_dispersion / max(scatter, 1.0)
    p = float(scipy.special.fdtrc(alike.df, of_donors.model.df, f))
    return PreTrend(slope, f, p, scatter)


def _two_rows(events: FloatArray, exposure: FloatArray, *, slope: bool) -> LogLinearFit | None:
    """Fit an effect of each period and of the focus, and how that changes from one to the next."""
    there = np.flatnonzero((events.sum(axis=0) > 0) & (exposure > 0).all(axis=0))
    if there.size < 3 or not (events[:, there].sum(axis=1) > 0).all():
        return None
    in_focus = np.repeat([1.0, 0.0], there.size)[:, np.newaxis]
    columns = [np.tile(np.eye(there.size), (2, 1)), in_focus]
    if slope:
        columns.append(in_focus * np.tile(there, 2)[:, np.newaxis])
    fit = fit_log_linear(
        np.column_stack(columns), events[:, there].ravel(), exposure[:, there].ravel()
    )
    return fit if fit.is_defined else None
