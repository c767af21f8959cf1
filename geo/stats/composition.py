"""How sure the two parts of a difference of rates are: what rates did, and what moving people did.

Arrays in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.stats.bootstrap import BLOCK_WEEKS, REPLICATES, resample_weeks
from geo.stats.decomposition import kitagawa
from geo.stats.rates import FloatArray, check_confidence

_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class CompositionIntervals:
    """Limits of :func:`geo.stats.decomposition.kitagawa`, each a pair (low, high).

    Attributes
    ----------
    rate_effect, composition_effect
        Of each area.
    rate_total, composition_total
        Of all areas together.
    """

    rate_effect: tuple[FloatArray, FloatArray]
    composition_effect: tuple[FloatArray, FloatArray]
    rate_total: tuple[float, float]
    composition_total: tuple[float, float]


def composition_intervals(
    base_weekly: ArrayLike,
    comparison_weekly: ArrayLike,
    *,
    base_exposure: ArrayLike,
    comparison_exposure: ArrayLike,
    rng: np.random.Generator,
    block: int = BLOCK_WEEKS,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
    per: float = 100_000,
) -> CompositionIntervals:
    """Draw blocks of weeks anew and split the difference of each draw.

    The people are taken as known, so the limits of what moving people did only say how sure the
    rates are that it is weighed with.

    Parameters
    ----------
    base_weekly, comparison_weekly
        Counts of either window, weeks × areas.
    base_exposure, comparison_exposure, per
        As in :func:`geo.stats.decomposition.kitagawa`.
    rng, block, replicates
        As in :func:`geo.stats.bootstrap.resample_weeks`; the windows are drawn each by itself.
    confidence
        Share of the draws between the limits.

    Returns
    -------
    CompositionIntervals
        Percentiles. An area that has no event in a window has none in any draw.

    Examples
    --------
    Weeks that are all alike leave nothing to chance:

    >>> found = composition_intervals(
    ...     [[1, 3]] * 8, [[2, 3]] * 8, base_exposure=[8, 8], comparison_exposure=[8, 8],
    ...     rng=np.random.default_rng(1), replicates=99, per=1,
    ... )
    >>> found.rate_total
    (0.5, 0.5)
    """
    check_confidence(confidence)
    drawn = [
        resample_weeks(weekly, rng=rng, block=block, replicates=replicates)
        for weekly in (base_weekly, comparison_weekly)
    ]
    step = max(1, _AT_ONCE // max(drawn[0].shape[1], 1))
    parts = [
        kitagawa(
            base_events=drawn[0][start : start + step],
            base_exposure=base_exposure,
            comparison_events=drawn[1][start : start + step],
            comparison_exposure=comparison_exposure,
            per=per,
        )
        for start in range(0, replicates, step)
    ]
    effects = [np.concatenate(part) for part in zip(*parts, strict=True)]
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    totals = [np.quantile(np.nansum(effect, axis=1), tails) for effect in effects]
    areas = [np.quantile(effect, tails, axis=0) for effect in effects]
    return CompositionIntervals(
        *((low, high) for low, high in areas),
        *((float(low), float(high)) for low, high in totals),
    )
