"""What a scan looks at: runs of periods, circles in groups, and how unlike chance a count is.

Circles around one center hold each other. So the count of a circle is at most that of any wider
one, and no fewer are expected than in any narrower one: one look at the widest, with what is
expected in the narrowest, says of a whole group of circles that none of them matters.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_TYPICAL = 0.25
"""Share of what is expected in a circle that is expected in a typical run."""

_WIDE = 0.6
"""Standard deviations that are expected more in the widest circle of a group, in such a run."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Runs of consecutive periods: all up to a length, or only those that end with the last."""

    periods: int
    longest: int
    ending: bool

    def stored(self, counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return running sums over the periods (axis 1), from which any run is one step away.

        Examples
        --------
        >>> Windows(3, 2, ending=True).stored(np.array([[1, 2, 4]])).tolist()
        [[4, 6]]
        >>> Windows(3, 2, ending=False).stored(np.array([[1, 2, 4]])).tolist()
        [[0, 1, 3, 7]]
        """
        if self.ending:
            return np.cumsum(counts[:, ::-1], axis=1)[:, : self.longest]
        sums = np.cumsum(counts, axis=1)
        return np.concatenate([np.zeros_like(sums[:, :1]), sums], axis=1)

    def runs(self, sums: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
        """Yield the sums of all runs, length by length, along axis 1.

        Examples
        --------
        >>> [run.tolist() for run in Windows(3, 2, ending=False).runs(np.array([[0, 1, 3, 7]]))]
        [[[1, 2, 4]], [[3, 6]]]
        """
        if self.ending:
            yield sums
            return
        for length in range(1, self.longest + 1):
            yield sums[:, length:] - sums[:, :-length]

    def of_run(self, sums: npt.NDArray[Any], *at: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return single sums: of an area, of the run at a position among all, of a replicate.

        Examples
        --------
        >>> both = Windows(3, 2, ending=False)
        >>> both.of_run(both.stored(np.array([[1, 2, 4]])), np.array([0, 0]), np.array([1, 4]))
        array([2, 6])
        """
        area, run, *rest = at
        if self.ending:
            return np.asarray(sums[(area, run, *rest)])
        start, stop = _ends_of_runs(self)
        return np.asarray(sums[(area, stop[run], *rest)] - sums[(area, start[run], *rest)])

    def bounds(self, position: int) -> tuple[int, int]:
        """Return the first and the last period of the run at a position among all runs."""
        if self.ending:
            return self.periods - 1 - position, self.periods - 1
        length = 1
        while position > self.periods - length:
            position -= self.periods - length + 1
            length += 1
        return position, position + length - 1


@functools.lru_cache(maxsize=8)
def _ends_of_runs(windows: Windows) -> tuple[IntArray, IntArray]:
    """Return the period each run begins with, and the one behind its last, length by length."""
    starts = [np.arange(windows.periods - length) for length in range(windows.longest)]
    start = np.concatenate(starts)
    length = np.repeat(np.arange(1, windows.longest + 1), [len(one) for one in starts])
    return start, start + length


def log_likelihood_ratio(observed: ArrayLike, expected: ArrayLike, total: float) -> FloatArray:
    """Return Kulldorff's log likelihood ratio of a cluster of high rates.

    c ln(c/E) + (C - c) ln((C - c)/(C - E)) where c > E, else 0; 0 ln 0 = 0.

    Parameters
    ----------
    observed, expected
        Cases in the cluster, and those expected there; expected are scaled to sum to `total`.
    total
        All cases.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. *Communications in Statistics - Theory and
    Methods* 26, 1481-1496.

    Examples
    --------
    >>> log_likelihood_ratio([14, 5, 20], [6.6666666667, 8, 10], 20).round(4)
    array([ 5.5961,  0.    , 13.8629])
    """
    c, e = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    inside = scipy.special.xlogy(
        c, np.divide(c, e, out=np.ones(np.broadcast(c, e).shape), where=e > 0)
    )
    rest = total - c
    outside = scipy.special.xlogy(
        rest, np.divide(rest, total - e, out=np.ones_like(inside), where=e < total)
    )
    ratio: FloatArray = np.where(c > e, np.maximum(inside + outside, 0), 0.0)
    return ratio


def groups_of_circles(foreseen: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and the last circle of each group around one center.

    Parameters
    ----------
    foreseen
        Cases expected in each circle, ascending.

    Examples
    --------
    >>> [ends.tolist() for ends in groups_of_circles(np.array([0.4, 0.8, 9, 10, 11, 90]))]
    [[0, 2, 5], [1, 4, 5]]
    """
    step = np.floor(2 * np.sqrt(_TYPICAL * np.maximum(foreseen, 0)) / _WIDE)
    last = np.flatnonzero(np.append(step[1:] != step[:-1], True))
    return np.append(0, last[:-1] + 1), last
