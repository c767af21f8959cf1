"""Over how many groups the violence is spread, and how many of them are new.

Arrays in, arrays out. Counts of each actor or dyad lie along the last axis; each map (an area, a
period) stands for itself. Events without a known group are left out before, and their share told.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.loglinear import BoolArray
from geo.stats.rates import FloatArray, counts_and_exposure, divide


def concentration(counts: ArrayLike, *, unbiased: bool = False) -> FloatArray:
    """Return how likely two events have the same group (Herfindahl-Hirschman, HHI).

    Parameters
    ----------
    counts
        Events of each group.
    unbiased
        Two different events, Σ n (n - 1) / (N (N - 1)): with few events the plain form, Σ (n / N)²,
        is too high.

    Returns
    -------
    array
        1 with a single group; NaN without events (unbiased: with fewer than two).

    References
    ----------
    Simpson, E. H. (1949). Measurement of diversity. *Nature* 163, 688. Rhoades, S. A. (1993). The
    Herfindahl-Hirschman index. *Federal Reserve Bulletin* 79, 188.

    Examples
    --------
    >>> float(concentration([2, 1, 1]))
    0.375
    >>> float(concentration([2, 1, 1], unbiased=True))
    0.1666667
    """
    events = _counts(counts)
    everything = np.sum(events, axis=-1)
    if unbiased:
        pairs = np.sum(events * (events - 1), axis=-1)
        return divide(pairs, everything * (everything - 1))
    return divide(np.sum(events**2, axis=-1), everything**2)


def effective_number(counts: ArrayLike) -> FloatArray:
    """Return how many groups of equal size would be as concentrated: 1 / HHI.

    Parameters
    ----------
    counts
        Events of each group.

    Returns
    -------
    array
        1 with a single group, as many as there are with groups of equal size; NaN without events.

    References
    ----------
    Laakso, M., and Taagepera, R. (1979). "Effective" number of parties. *Comparative Political
    Studies* 12, 3-27.

    Examples
    --------
    >>> effective_number([[5, 5, 0], [8, 1, 1]]).round(2)
    array([2.  , 1.52])
    """
    return divide(1, concentration(counts))


def effective_number_shannon(counts: ArrayLike) -> FloatArray:
    """Return exp(entropy): an effective number in which small groups weigh more.

    Parameters
    ----------
    counts
        Events of each group.

    Returns
    -------
    array
        Never below :func:`effective_number`; NaN without events.

    References
    ----------
    Hill, M. O. (1973). Diversity and evenness: a unifying notation and its consequences. *Ecology*
    54, 427-432.

    Examples
    --------
    >>> effective_number_shannon([[5, 5, 0], [8, 1, 1]]).round(2)
    array([2.  , 1.89])
    """
    shares = _shares(_counts(counts))
    number: FloatArray = np.exp(np.sum(scipy.special.entr(shares), axis=-1))
    return number


def rarefied_groups(counts: ArrayLike, *, events: ArrayLike) -> FloatArray:
    """Return how many groups are to be expected among so many events drawn at random.

    A period with more events shows more groups even if nothing changes. Draw the larger period
    down to the size of the smaller one, and compare then.

    Parameters
    ----------
    counts
        Events of each group, whole numbers.
    events
        How many to draw, one number or one a map.

    Returns
    -------
    array
        NaN where there are not so many events.

    References
    ----------
    Hurlbert, S. H. (1971). The nonconcept of species diversity. *Ecology* 52, 577-586.

    Examples
    --------
    Two of three events, where two groups have 2 and 1: 1 and 2 or 2 and 1 of three pairs.

    >>> float(rarefied_groups([2, 1], events=2))
    1.6666667
    >>> float(rarefied_groups([2, 1], events=3))
    2.0
    """
    groups = _counts(counts)
    if (groups != np.floor(groups)).any():
        raise SettingsError("a count is no whole number; only whole events can be drawn")
    everything = np.sum(groups, axis=-1)[..., np.newaxis]
    drawn = np.asarray(events, dtype=np.float64)[..., np.newaxis]
    rest = everything - groups
    possible = (drawn >= 0) & (drawn <= everything)
    # The chance that a group has none of the events drawn.
    can_miss = possible & (rest >= drawn)
    safe_rest, safe_all = np.where(can_miss, rest, 0), np.where(can_miss, everything, 0)
    size = np.where(can_miss, drawn, 0)
    missed = np.exp(_log_choices(safe_rest, size) - _log_choices(safe_all, size))
    expected = np.sum(np.where(groups > 0, 1 - np.where(can_miss, missed, 0.0), 0.0), axis=-1)
    return np.where(possible[..., 0], expected, np.nan)


def rarefied_concentration(counts: ArrayLike, *, events: ArrayLike) -> FloatArray:
    """Return the HHI to be expected among so many events drawn at random.

    1/n + (1 - 1/n) times the unbiased form: HHI falls as events are added, although the groups
    stay the same, and this is what it would be with `events` of them.

    Parameters
    ----------
    counts, events
        As in :func:`rarefied_groups`.

    Returns
    -------
    array
        NaN where there are not so many events, or none are drawn.

    Examples
    --------
    Two events of three: the same group in one of three pairs, 1 then and 1/2 else.

    >>> float(rarefied_concentration([2, 1], events=2))
    0.6666667
    """
    groups = _counts(counts)
    drawn = np.asarray(events, dtype=np.float64)
    alone = divide(1, drawn)
    same = np.where(drawn == 1, 0.0, concentration(groups, unbiased=True))
    enough = drawn <= np.sum(groups, axis=-1)
    return np.where(enough, alone + (1 - alone) * same, np.nan)


@dataclass(frozen=True, slots=True)
class Turnover:
    """What :func:`turnover` finds.

    Attributes
    ----------
    is_new, is_ended
        Of each group: whether it has events only after, or only before.
    share_in_new
        Share of the events after that have a new group.
    share_in_ended
        Share of the events before that have a group without events after.
    replaced
        Share of new and ended groups among all groups of both windows.
    moved
        Share of the events that would have to change their group for the shares before to become
        those after: half the sum of the differences.
    """

    is_new: BoolArray
    is_ended: BoolArray
    share_in_new: FloatArray
    share_in_ended: FloatArray
    replaced: FloatArray
    moved: FloatArray


def turnover(base: ArrayLike, comparison: ArrayLike) -> Turnover:
    """Compare the groups of two windows.

    A group that goes on under another name counts as ended and as new, unless the names were
    made one before.

    Parameters
    ----------
    base, comparison
        Events of each group in either window, the same groups in the same order.

    Returns
    -------
    Turnover
        Shares are NaN where a window has no events.

    Examples
    --------
    >>> found = turnover([6, 4, 0], [5, 0, 5])
    >>> found.is_new, found.is_ended
    (array([False, False,  True]), array([False,  True, False]))
    >>> float(found.share_in_new), float(found.share_in_ended)
    (0.5, 0.4)
    >>> float(found.replaced), float(found.moved)
    (0.6666667, 0.5)
    """
    before, after = np.broadcast_arrays(_counts(base), _counts(comparison))
    is_new, is_ended = (before == 0) & (after > 0), (before > 0) & (after == 0)
    either = np.sum((before > 0) | (after > 0), axis=-1)
    share_before, share_after = _shares(before), _shares(after)
    return Turnover(
        is_new=is_new,
        is_ended=is_ended,
        share_in_new=np.sum(np.where(is_new, share_after, share_after * 0), axis=-1),
        share_in_ended=np.sum(np.where(is_ended, share_before, share_before * 0), axis=-1),
        replaced=divide(np.sum(is_new | is_ended, axis=-1), either),
        moved=np.sum(np.abs(share_after - share_before), axis=-1) / 2,
    )


def _counts(counts: ArrayLike) -> FloatArray:
    events, _ = counts_and_exposure(np.atleast_1d(np.asarray(counts, dtype=np.float64)), 1.0)
    if np.isnan(events).any():
        raise SettingsError("a count is missing (NaN); a group without events has 0")
    return events


def _shares(events: FloatArray) -> FloatArray:
    return divide(events, np.sum(events, axis=-1, keepdims=True))


def _log_choices(things: FloatArray, drawn: FloatArray) -> FloatArray:
    """Return the logarithm of the ways to draw so many, but for a part that cancels."""
    ways: FloatArray = scipy.special.gammaln(things + 1) - scipy.special.gammaln(things - drawn + 1)
    return ways
