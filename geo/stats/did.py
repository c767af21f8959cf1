"""How an area changed compared with others (difference in differences, as a ratio).

Arrays in, arrays out. Counts are a table of areas × months. The result says that an area changed
more than the others, not why; it rests on the others showing how it would have changed. How often
such a ratio comes by itself, :mod:`geo.stats.placebos` tells.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.compared import Compared, checked_window, ratio_of_growth
from geo.stats.log_ratio import RatioEstimate, ratio_estimate
from geo.stats.rates import divide
from geo.stats.ratios import rate_ratio


@dataclass(frozen=True, slots=True)
class TwoWay:
    """What :func:`two_way_did` finds.

    Attributes
    ----------
    estimate
        The ratio with quasi-Poisson limits.
    clustered_log_se
        Standard error with areas as clusters. Far too small with one area in focus: no limits are
        made of it, it is here to compare with other software.
    """

    estimate: RatioEstimate
    clustered_log_se: float


def did_ratio(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    after: ArrayLike,
    donors: ArrayLike | None = None,
    confidence: float = 0.95,
) -> RatioEstimate:
    """Divide the growth of the areas in focus by the growth of other areas.

    (focus after / focus before) / (donors after / donors before), of the rates of all areas and
    months of each together.

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, areas × months. Cells without a count or an
        exposure are left out.
    focus
        Of each area, whether it is in focus.
    after
        Of each month, whether it belongs to the comparison window.
    donors
        Of each area, whether it is compared with; all others unless given.
    confidence
        Two-sided coverage, above 0 and below 1.

    Returns
    -------
    RatioEstimate
        With limits that hold for independent events alone; :func:`two_way_did` and the placebos
        are more honest. 0, infinite or NaN where a sum is 0.

    References
    ----------
    Angrist, J. D., and Pischke, J.-S. (2009). *Mostly Harmless Econometrics*, ch. 5. Ciani, E.,
    and Fisher, P. (2019). *Journal of Econometric Methods* 8(1).

    Examples
    --------
    From 10 to 40, while the others go from 20 to 40; the variance is 1/10 + 1/40 + 1/20 + 1/40.

    >>> found = did_ratio(
    ...     [[5, 5, 20, 20], [10, 10, 20, 20]], 1, focus=[True, False], after=[0, 0, 1, 1]
    ... )
    >>> print(f"{found.ratio:.1f} ({found.low:.2f} to {found.high:.2f})")
    2.0 (0.83 to 4.81)
    """
    panel = Compared.of(events, exposure, focus, donors)
    side = checked_window(after, panel.counts.shape[1])
    ratio = panel.growth_ratio(panel.focus, panel.donors, before=~side, after=side)
    sums = [
        panel.sums(areas, months)[0]
        for areas in (panel.focus, panel.donors)
        for months in (~side, side)
    ]
    log_se = np.sqrt(divide(1, sums).sum())
    return ratio_estimate(ratio, log_se, np.inf, confidence=confidence)


def two_way_did(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    after: ArrayLike,
    donors: ArrayLike | None = None,
    confidence: float = 0.95,
) -> TwoWay:
    """Return the same ratio from a model with an effect of each area and each month.

    Quasi-Poisson, with the t distribution of cells - coefficients degrees of freedom. Where the
    exposure of each area stays the same, the ratio is that of :func:`did_ratio`.

    Parameters
    ----------
    events, exposure, focus, after, donors, confidence
        As in :func:`did_ratio`. Areas without any event say nothing of a change and are left out,
        as are months in which none of the areas has an event.

    Returns
    -------
    TwoWay
        NaN where the area in focus or the donors have no events on one side.

    References
    ----------
    Wooldridge, J. M. (2023). Simple approaches to nonlinear difference-in-differences with panel
    data. *Econometrics Journal* 26, C31-C66.

    Examples
    --------
    >>> found = two_way_did(
    ...     [[5, 5, 20, 20], [9, 11, 18, 22]], 1, focus=[True, False], after=[0, 0, 1, 1]
    ... )
    >>> float(found.estimate.ratio)
    2.0
    """
    panel = Compared.of(events, exposure, focus, donors)
    side = checked_window(after, panel.counts.shape[1])
    treated = panel.focus[:, np.newaxis] & side
    fit = panel.two_way_fit(panel.focus | panel.donors, treated=treated)
    if fit is None:
        nothing = ratio_estimate(np.nan, np.nan, np.nan, confidence=confidence)
        return TwoWay(nothing, float("nan"))
    estimate = ratio_estimate(
        np.exp(fit.model.coefficients[-1]),
        np.sqrt(fit.model.quasi_covariance()[-1, -1]),
        float(fit.model.df),
        dispersion=fit.model.pearson_dispersion,
        confidence=confidence,
    )
    clustered = fit.model.clustered_covariance(fit.area)[-1, -1]
    # Rounding may leave a little less than nothing.
    return TwoWay(estimate, float(np.sqrt(np.maximum(clustered, 0))))


def event_study(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    reference: ArrayLike,
    donors: ArrayLike | None = None,
    confidence: float = 0.95,
) -> RatioEstimate:
    """Return for each month how the areas in focus stand to the others, against a reference.

    (focus / donors in the month) / (focus / donors in the reference), of rates. Before the event
    the ratios should be about 1; that they are is no proof that they would have stayed so.

    Parameters
    ----------
    events, exposure, focus, donors, confidence
        As in :func:`did_ratio`; at least two donors.
    reference
        Of each month, whether it belongs to the reference: the last month before the event alone,
        or several where months have few events.

    Returns
    -------
    RatioEstimate
        One number a month; NaN in a reference of a single month. The dispersion is that of the
        donors around their area and month effects; limits take it to be at least 1.

    References
    ----------
    Angrist, J. D., and Pischke, J.-S. (2009). *Mostly Harmless Econometrics*, 5.2.

    Examples
    --------
    >>> event_study(
    ...     [[10, 10, 30], [10, 10, 20], [10, 10, 10]], 1, focus=[1, 0, 0], reference=[0, 1, 0]
    ... ).ratio
    array([ 1., nan,  2.])
    """
    panel = Compared.of(events, exposure, focus, donors)
    months = checked_window(reference, panel.counts.shape[1])
    if panel.donors.sum() < 2:
        raise SettingsError("an event study needs two donors: their scatter is its yardstick")
    growth, variance = [], np.zeros(months.size)
    for areas in (panel.focus, panel.donors):
        n0, t0 = panel.sums(areas, months)
        n, t = panel.counts[areas].sum(axis=0), panel.times[areas].sum(axis=0)
        growth.append(
            rate_ratio(base_events=n0, base_exposure=t0, comparison_events=n, comparison_exposure=t)
        )
        variance = variance + divide(1, n) + divide(1, n0)
    ratio = ratio_of_growth(*growth)
    if months.sum() == 1:
        ratio[months] = np.nan
    fit = panel.two_way_fit(panel.donors, treated=None)
    dispersion = np.nan if fit is None else fit.model.pearson_dispersion
    log_se = np.sqrt(np.fmax(dispersion, 1.0) * variance)
    return ratio_estimate(ratio, log_se, np.inf, dispersion=dispersion, confidence=confidence)
