"""Intervals by drawing the data anew, for what has no formula.

Arrays in, arrays out. Weeks are drawn in blocks, because violent weeks follow one another; deaths
are drawn with their event, because several come in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.decomposition import contributions, shares_of_change
from geo.stats.rates import FloatArray, check_confidence, counts_and_exposure, divide

REPLICATES = 1999
BLOCK_WEEKS = 4

_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class DecompositionIntervals:
    """Limits of the parts of a change, each a pair (low, high) of arrays, one number a category.

    Attributes
    ----------
    contribution
        Of :func:`geo.stats.decomposition.contributions`; infinite where the base window is so
        sparse that draws of it have no event.
    share_of_change
        Of :func:`geo.stats.decomposition.shares_of_change`; NaN where the draws do not agree
        whether the total rose or fell, because a share of a change of about nothing may be
        anything.
    share_base, share_comparison
        Of the category among all events of a window.
    share_difference
        Share in the comparison - share in the base.
    """

    contribution: tuple[FloatArray, FloatArray]
    share_of_change: tuple[FloatArray, FloatArray]
    share_base: tuple[FloatArray, FloatArray]
    share_comparison: tuple[FloatArray, FloatArray]
    share_difference: tuple[FloatArray, FloatArray]


def resample_weeks(
    weekly: ArrayLike,
    *,
    rng: np.random.Generator,
    block: int = BLOCK_WEEKS,
    replicates: int = REPLICATES,
) -> FloatArray:
    """Draw the sums of a window anew, from blocks of neighboring weeks (circular block bootstrap).

    Parameters
    ----------
    weekly
        Counts, weeks × categories, weeks in the order of time.
    rng
        Source of the draws.
    block
        Weeks of a block; each week may start one, and the first week follows the last. The last
        block is cut so that each draw has as many weeks as the window.
    replicates
        Number of draws.

    Returns
    -------
    array
        Sums, draws × categories. All categories of a week are drawn together.

    Raises
    ------
    SettingsError
        If the window is shorter than two blocks.

    References
    ----------
    Politis, D. N., and Romano, J. P. (1992). A circular block-resampling procedure for stationary
    data. In *Exploring the Limits of Bootstrap*, 263-270. Wiley.

    Examples
    --------
    Two in every week: whatever is drawn, four weeks have eight.

    >>> rng = np.random.default_rng(1)
    >>> resample_weeks([[2], [2], [2], [2]], rng=rng, block=2, replicates=3)
    array([[8.],
           [8.],
           [8.]])
    """
    counts, _ = counts_and_exposure(np.asarray(weekly, dtype=np.float64), 1.0)
    if counts.ndim != 2 or np.isnan(counts).any():
        raise SettingsError(
            f"weekly counts have the shape {counts.shape}; they must be weeks x categories, with 0 "
            "where there is no event"
        )
    weeks = counts.shape[0]
    if block < 1 or replicates < 1 or weeks < 2 * block:
        raise SettingsError(
            f"{weeks} weeks, blocks of {block} and {replicates} draws; a window needs at least two "
            "blocks, and there must be a draw. Take shorter blocks or a longer window"
        )
    starts = rng.integers(0, weeks, (replicates, -(-weeks // block)))
    drawn = (starts[:, :, np.newaxis] + np.arange(block)) % weeks
    drawn = drawn.reshape(replicates, -1)[:, :weeks]
    # How often each week was drawn; the sums are then one product of matrices.
    flat = (drawn + weeks * np.arange(replicates)[:, np.newaxis]).ravel()
    times = np.bincount(flat, minlength=replicates * weeks).reshape(replicates, weeks)
    sums: FloatArray = times @ counts
    return sums


def decomposition_intervals(
    base_weekly: ArrayLike,
    comparison_weekly: ArrayLike,
    *,
    base_exposure: float,
    comparison_exposure: float,
    rng: np.random.Generator,
    block: int = BLOCK_WEEKS,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
) -> DecompositionIntervals:
    """Return how sure the parts of a change are (block bootstrap over weeks, percentiles).

    Parameters
    ----------
    base_weekly, comparison_weekly
        Counts of either window, weeks × the same categories.
    base_exposure, comparison_exposure
        Of all categories together, as in :func:`geo.stats.decomposition.contributions`.
    rng, block, replicates
        As in :func:`resample_weeks`; the windows are drawn each by itself.
    confidence
        Share of the draws between the limits.

    Returns
    -------
    DecompositionIntervals
        A category without any event has limits of 0: the draws cannot tell that it might have had
        some.

    References
    ----------
    Efron, B., and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 8 and 13.

    Examples
    --------
    Every week alike, from 1 and 1 to 4 and 2: all draws are the same.

    >>> found = decomposition_intervals(
    ...     [[1, 1]] * 8, [[4, 2]] * 8, base_exposure=1, comparison_exposure=1,
    ...     rng=np.random.default_rng(1), replicates=99,
    ... )
    >>> found.contribution
    (array([1.5, 0.5]), array([1.5, 0.5]))
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    base, comparison = (
        resample_weeks(weekly, rng=rng, block=block, replicates=replicates)
        for weekly in (base_weekly, comparison_weekly)
    )
    if base.shape != comparison.shape:
        raise SettingsError(
            f"{base.shape[1]} categories in the base and {comparison.shape[1]} in the comparison; "
            "they must be the same in the same order"
        )
    sides = {
        "base_events": base,
        "base_exposure": np.full(replicates, base_exposure),
        "comparison_events": comparison,
        "comparison_exposure": np.full(replicates, comparison_exposure),
    }
    added = contributions(**sides)
    # A draw without a base event makes what grew infinitely many times the base.
    empty = np.isnan(added)
    added = np.where(empty & (comparison > 0), np.inf, np.where(empty, 0.0, added))

    parts = shares_of_change(**sides)
    change = comparison.sum(axis=1) / comparison_exposure - base.sum(axis=1) / base_exposure
    if min(np.mean(change >= 0), np.mean(change <= 0)) > tail:
        parts = np.full_like(parts, np.nan)

    share_base = divide(base, base.sum(axis=1, keepdims=True))
    share_comparison = divide(comparison, comparison.sum(axis=1, keepdims=True))
    return DecompositionIntervals(
        contribution=_limits(added, tail),
        share_of_change=_limits(parts, tail),
        share_base=_limits(share_base, tail),
        share_comparison=_limits(share_comparison, tail),
        share_difference=_limits(share_comparison - share_base, tail),
    )


def fatality_intervals(
    fatalities: ArrayLike,
    groups: ArrayLike,
    *,
    number_of_groups: int,
    rng: np.random.Generator,
    replicates: int = REPLICATES,
    confidence: float = 0.95,
) -> tuple[FloatArray, FloatArray]:
    """Return how sure sums of deaths are, by drawing events with their deaths.

    Each event is drawn a Poisson number of times with mean 1, so that how many events there are
    varies too (the bootstrap of a compound Poisson sum). Limits are percentiles.

    Parameters
    ----------
    fatalities
        Deaths of each event, events × estimates (low, best, high), or one number an event. Missing
        ones (not stated) add none. All estimates of an event are drawn together.
    groups
        Position of each event's area × period, from 0 up.
    number_of_groups
        How many groups there are, with those without events.
    rng
        Source of the draws.
    replicates
        Number of draws.
    confidence
        Share of the draws between the limits.

    Returns
    -------
    low, high
        Sums of deaths, groups × estimates (or one a group); divide by the exposure for a rate.
        The order of the events plays no part. Without any death `low` is 0 and `high` NaN: there
        is nothing to draw from. With fewer than ten events that have deaths they are too narrow.

    References
    ----------
    Efron, B., and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, ch. 13. For the
    number of draws: Hanley, J. A., and MacGibbon, B. (2006). Creating non-parametric bootstrap
    samples using Poisson frequencies. *Computer Methods and Programs in Biomedicine* 83, 57-62.

    Examples
    --------
    A hundred deaths in as many events, a hundred in one, and none. A Poisson number of mean 1 is
    0 to 3 in 98 of 100 cases:

    >>> low, high = fatality_intervals(
    ...     [1] * 100 + [100], [0] * 100 + [1], number_of_groups=3, rng=np.random.default_rng(2)
    ... )
    >>> bool(75 < low[0] < 85), bool(115 < high[0] < 125)
    (True, True)
    >>> low[1:], high[1:]
    (array([0., 0.]), array([300.,  nan]))
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    deaths, _ = counts_and_exposure(np.asarray(fatalities, dtype=np.float64), 1.0)
    codes = np.asarray(groups, dtype=np.int64)
    wide = np.nan_to_num(deaths if deaths.ndim == 2 else deaths[..., np.newaxis])
    if wide.ndim != 2 or codes.shape != wide.shape[:1] or replicates < 1:
        raise SettingsError(
            f"fatalities have the shape {deaths.shape}, groups {codes.shape}, and {replicates} "
            "draws are asked for; there must be one group an event, and a draw"
        )
    if (wrong := (codes < 0) | (codes >= number_of_groups)).any():
        raise SettingsError(
            f"{wrong.sum()} events have a group outside 0 to {number_of_groups - 1}, the first is "
            f"{codes[wrong][0]}"
        )
    low = np.zeros((number_of_groups, wide.shape[1]))
    high = np.full_like(low, np.nan)
    deadly = wide.any(axis=1)
    if deadly.any():
        for members, sums in _drawn_sums(wide[deadly], codes[deadly], rng, replicates):
            low[members], high[members] = _limits(sums, tail)
    # An estimate that is 0 throughout, although another one is not, is as unknown as no event.
    seen = np.zeros_like(low)
    np.add.at(seen, codes, wide)
    high = np.where(seen > 0, high, np.nan)
    return (low, high) if deaths.ndim == 2 else (low[:, 0], high[:, 0])


def _drawn_sums(
    deaths: FloatArray, codes: npt.NDArray[np.int64], rng: np.random.Generator, replicates: int
) -> Iterator[tuple[npt.NDArray[np.int64], FloatArray]]:
    """Yield groups and their drawn sums (draws × groups × estimates), some groups at a time."""
    # Events that are alike are drawn as one: the sum of Poisson numbers is a Poisson number.
    rows, alike = np.unique(np.column_stack([codes, deaths]), axis=0, return_counts=True)
    of_row, deaths = rows[:, 0].astype(np.int64), rows[:, 1:]
    first = np.flatnonzero(np.diff(of_row, prepend=-1))
    share = max(1, _AT_ONCE // replicates)
    at = 0
    while at < first.size:
        until = max(at + 1, int(np.searchsorted(first, first[at] + share, side="right")) - 1)
        stop = int(first[until]) if until < first.size else of_row.size
        here = slice(int(first[at]), stop)
        times = rng.poisson(alike[here], (replicates, stop - here.start))
        starts = first[at:until] - here.start
        sums = np.stack(
            [np.add.reduceat(times * column, starts, axis=1) for column in deaths[here].T], axis=-1
        )
        yield of_row[first[at:until]], sums
        at = until


def _limits(draws: FloatArray, tail: float) -> tuple[FloatArray, FloatArray]:
    """Return percentiles over the first axis, as values that were drawn (infinite ones too)."""
    low: FloatArray = np.quantile(draws, tail, axis=0, method="lower")
    high: FloatArray = np.quantile(draws, 1 - tail, axis=0, method="higher")
    return low, high
