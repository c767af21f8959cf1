"""What an area would look like if it had gone on as a mixture of others (synthetic control).

Arrays in, arrays out. The mixture is chosen to resemble the area before the event; how well it does
so is part of the result, and so is how the same recipe fares on areas where nothing happened. It
says "higher than expected from the others", never why.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.loglinear import BoolArray
from geo.stats.rates import FloatArray, divide


@dataclass(frozen=True, slots=True)
class SyntheticControl:
    """What :func:`synthetic_control` finds.

    Attributes
    ----------
    weights
        One a donor; none below 0, and all together 1.
    expected
        The mixture's rate in each month.
    pre_error, post_error
        Root mean squared difference (RMSPE) between area and mixture before and after.
    error_ratio
        post_error / pre_error; infinite where the mixture fits perfectly before.
    ratio
        Mean rate of the area after / that of the mixture; NaN where that is 0.
    """

    weights: FloatArray
    expected: FloatArray
    pre_error: float
    post_error: float
    error_ratio: float
    ratio: float


@dataclass(frozen=True, slots=True)
class SyntheticPlacebos:
    """What :func:`synthetic_placebos` finds.

    Attributes
    ----------
    error_ratios
        Of each donor as if it were the area in focus; NaN where it was left out.
    rank
        1 where no donor has an error ratio as high as the area in focus.
    p
        rank / (donors that took part + 1).
    """

    error_ratios: FloatArray
    rank: int
    p: float


def synthetic_control(focus: ArrayLike, donors: ArrayLike, *, after: ArrayLike) -> SyntheticControl:
    """Mix donors so that they resemble an area before an event, and compare after it.

    Parameters
    ----------
    focus
        Rate of the area in each month.
    donors
        Rates of the donors, donors × months. Rates, not counts: a mixture cannot be larger than
        its largest part.
    after
        Of each month, whether it lies after the event.

    Returns
    -------
    SyntheticControl
        Where several mixtures fit equally well, one of them. A `pre_error` that is large beside
        the area's own rate means that no mixture resembles it, and then the rest means little.

    Raises
    ------
    SettingsError
        If a rate is missing, there are fewer than two donors, or no month lies on a side.

    References
    ----------
    Abadie, A., Diamond, A., and Hainmueller, J. (2010). Synthetic control methods for comparative
    case studies. *Journal of the American Statistical Association* 105, 493-505.

    Examples
    --------
    A quarter of the first and three quarters of the second, and one third more after:

    >>> found = synthetic_control(
    ...     [7, 10, 12], [[4, 16, 0], [8, 8, 12], [9, 30, 3]], after=[False, False, True]
    ... )
    >>> found.weights.round(6)
    array([0.25, 0.75, 0.  ])
    >>> found.expected.round(6)
    array([ 7., 10.,  9.])
    >>> round(found.ratio, 6)
    1.333333
    """
    area, others, side = _checked(focus, donors, after)
    return _control(area, others, side)


def synthetic_placebos(
    focus: ArrayLike,
    donors: ArrayLike,
    *,
    after: ArrayLike,
    most_pre_error: float = np.inf,
) -> SyntheticPlacebos:
    """Ask of every donor what is asked of the area in focus, and rank the error ratios.

    Each donor in turn is mixed from the other donors; the area in focus stays out.

    Parameters
    ----------
    focus, donors, after
        As in :func:`synthetic_control`; at least three donors.
    most_pre_error
        Donors whose mixture fits worse before than so many times that of the area in focus are
        left out; Abadie and others use 20, 5 and 2 (of squared errors).

    Returns
    -------
    SyntheticPlacebos
        p is NaN where no error ratio is defined.

    Examples
    --------
    >>> flat = [[4, 5, 4, 5, 4, 5], [6, 6, 7, 7, 6, 6], [5, 4, 5, 4, 5, 4], [7, 6, 6, 7, 7, 6]]
    >>> found = synthetic_placebos(
    ...     [5, 5, 6, 5, 50, 60], flat, after=[False, False, False, False, True, True]
    ... )
    >>> found.rank, found.p
    (1, 0.2)
    """
    area, others, side = _checked(focus, donors, after)
    if len(others) < 3:
        raise SettingsError(
            f"{len(others)} donors; placebos need at least three, so that each can be mixed from "
            "two others"
        )
    own = _control(area, others, side)
    ratios = np.full(len(others), np.nan)
    for donor in range(len(others)):
        found = _control(others[donor], np.delete(others, donor, axis=0), side)
        if found.pre_error <= most_pre_error * own.pre_error or np.isinf(most_pre_error):
            ratios[donor] = found.error_ratio
    there = ratios[~np.isnan(ratios)]
    rank = 1 + int(np.sum(there >= own.error_ratio))
    p = float("nan") if np.isnan(own.error_ratio) else rank / (there.size + 1)
    return SyntheticPlacebos(ratios, rank, p)


def _control(area: FloatArray, others: FloatArray, side: BoolArray) -> SyntheticControl:
    weights = _mixture(area[~side], others[:, ~side])
    expected: FloatArray = weights @ others
    squares = (area - expected) ** 2
    scale = float(np.abs(area).max() + np.abs(others).max())
    before, after = (float(np.sqrt(squares[months].mean())) for months in (~side, side))
    # Below the precision of the weights a difference is none.
    before, after = (0.0 if error <= 1e-9 * scale else error for error in (before, after))
    perfect = float("inf") if after > 0 else float("nan")
    error_ratio = after / before if before > 0 else perfect
    mean = float(expected[side].mean())
    ratio = float(divide(area[side].mean(), mean if mean > 1e-9 * scale else np.nan))
    return SyntheticControl(weights, expected, before, after, error_ratio, ratio)


def _mixture(area: FloatArray, others: FloatArray) -> FloatArray:
    """Return the weights, none below 0 and with sum 1, that bring the others nearest to the area.

    With them a mixture's difference from the area is the mixture of the differences; the mixture
    nearest to the origin is, up to a factor, a nonnegative least-squares solution.
    """
    differences = (others - area[np.newaxis]).T
    scale = float(np.abs(differences).max()) or 1.0
    system = np.vstack([differences / scale, np.ones(len(others))])
    target = np.concatenate([np.zeros(area.size), [1.0]])
    solution = np.asarray(
        scipy.optimize.nnls(system, target, maxiter=100 * len(others))[0], dtype=np.float64
    )
    weights: FloatArray = solution / solution.sum()
    return weights


def _checked(
    focus: ArrayLike, donors: ArrayLike, after: ArrayLike
) -> tuple[FloatArray, FloatArray, BoolArray]:
    area, others = np.asarray(focus, dtype=np.float64), np.asarray(donors, dtype=np.float64)
    side: BoolArray = np.asarray(after, dtype=bool)
    if others.ndim != 2 or area.shape != others.shape[1:] or side.shape != area.shape:
        raise SettingsError(
            f"the area's rates have the shape {area.shape}, the donors' {others.shape} and after "
            f"{side.shape}; they must be months, donors x months, and months"
        )
    if len(others) < 2 or side.all() or not side.any():
        raise SettingsError(
            f"{len(others)} donors, {int((~side).sum())} months before and {int(side.sum())} "
            "after; there must be two donors and a month on either side"
        )
    if (missing := int((~np.isfinite(others)).sum() + (~np.isfinite(area)).sum())) > 0:
        raise SettingsError(
            f"{missing} rates are missing or infinite; leave those donors or months out"
        )
    return area, others, side
