"""How often a change like the one in focus comes by itself: elsewhere, or earlier.

Arrays in, arrays out. With one area in focus no standard error is honest; so the same question is
asked of areas and of dates where nothing is to be found, and the answers are ranked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.compared import Compared, checked_window
from geo.stats.rates import FloatArray


@dataclass(frozen=True, slots=True)
class Placebos:
    """What :func:`placebos_in_space` and :func:`placebos_in_time` find.

    Attributes
    ----------
    ratio
        Of the areas and the date in focus.
    ratios
        Of each placebo; NaN where there is none, or it has no ratio.
    rank
        1 where no placebo is as far from 1 (2 is as far as 1/2), 2 where one is, and so on.
    p
        rank / (placebos + 1): with 19 placebos never below 0.05. NaN without a ratio.
    """

    ratio: float
    ratios: FloatArray
    rank: int
    p: float


def placebos_in_space(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    after: ArrayLike,
    donors: ArrayLike | None = None,
) -> Placebos:
    """Ask of every donor what is asked of the areas in focus, and rank the answers.

    Each donor in turn is compared with the other donors; the areas in focus stay out.

    Parameters
    ----------
    events, exposure, focus, after, donors
        As in :func:`geo.stats.did.did_ratio`; at least two donors.

    Returns
    -------
    Placebos
        `ratios` has one number an area. Small areas swing more by chance, so the rank of a large
        one is cautious. A donor without events in both windows is no placebo.

    References
    ----------
    Abadie, A., Diamond, A., and Hainmueller, J. (2010). Synthetic control methods for comparative
    case studies. *Journal of the American Statistical Association* 105, 493-505.

    Examples
    --------
    The first grew fivefold; of three donors none grew that much or shrank to a fifth.

    >>> counts = [[10, 10, 50, 50], [10, 10, 10, 10], [9, 9, 12, 12], [8, 8, 7, 7]]
    >>> found = placebos_in_space(counts, 1, focus=[1, 0, 0, 0], after=[0, 0, 1, 1])
    >>> found.rank, found.p
    (1, 0.25)
    """
    panel = Compared.of(events, exposure, focus, donors)
    side = checked_window(after, panel.counts.shape[1])
    if panel.donors.sum() < 2:
        raise SettingsError(
            "placebos in space need two donors: each is compared with the others; choose more"
        )
    ratios = np.full(panel.focus.size, np.nan)
    for donor in np.flatnonzero(panel.donors):
        alone = np.arange(panel.focus.size) == donor
        ratios[donor] = panel.growth_ratio(alone, panel.donors & ~alone, before=~side, after=side)
    ratio = panel.growth_ratio(panel.focus, panel.donors, before=~side, after=side)
    return _ranked(ratio, ratios)


def placebos_in_time(
    events: ArrayLike,
    exposure: ArrayLike,
    *,
    focus: ArrayLike,
    after: ArrayLike,
    donors: ArrayLike | None = None,
    least_months: int = 6,
) -> Placebos:
    """Ask of every earlier date what is asked of the date in focus, and rank the answers.

    Only months of the base window take part: those before each date are compared with those from
    it on.

    Parameters
    ----------
    events, exposure, focus, after, donors
        As in :func:`geo.stats.did.did_ratio`.
    least_months
        Months of the base window on either side of a date.

    Returns
    -------
    Placebos
        `ratios` has one number a month, at the first month after the placebo date. Neighboring
        dates share most of their months, so p is a description more than a test.

    Raises
    ------
    SettingsError
        If the base window is shorter than twice `least_months`.

    Examples
    --------
    >>> counts = [[10, 9, 11, 10, 40, 40], [10, 10, 10, 10, 10, 10]]
    >>> found = placebos_in_time(
    ...     counts, 1, focus=[1, 0], after=[0, 0, 0, 0, 1, 1], least_months=2
    ... )
    >>> found.ratio, found.ratios.round(3), found.p
    (4.0, array([  nan,   nan, 1.105,   nan,   nan,   nan]), 0.5)
    """
    panel = Compared.of(events, exposure, focus, donors)
    side = checked_window(after, panel.counts.shape[1])
    base = np.flatnonzero(~side)
    if least_months < 1 or base.size < 2 * least_months:
        raise SettingsError(
            f"the base window has {base.size} months; placebo dates with {least_months} months on "
            f"either side need at least {2 * max(least_months, 1)}"
        )
    months = np.arange(side.size)
    ratios = np.full(side.size, np.nan)
    for first in base[least_months : base.size - least_months + 1]:
        ratios[first] = panel.growth_ratio(
            panel.focus,
            panel.donors,
            before=~side & (months < first),
            after=~side & (months >= first),
        )
    ratio = panel.growth_ratio(panel.focus, panel.donors, before=~side, after=side)
    return _ranked(ratio, ratios)


def _ranked(ratio: float, ratios: FloatArray) -> Placebos:
    with np.errstate(divide="ignore"):
        distances, distance = np.abs(np.log(ratios)), float(np.abs(np.log(ratio)))
    there = distances[~np.isnan(distances)]
    # A placebo that is as far, but for rounding, counts as one.
    rank = 1 + int(np.sum(there >= distance * (1 - 1e-12)))
    p = float("nan") if np.isnan(distance) else rank / (there.size + 1)
    return Placebos(ratio, ratios, rank, p)
