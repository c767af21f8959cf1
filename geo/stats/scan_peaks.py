"""The highest cylinders of the data themselves, worked out only where they may be the highest.

A report names a few clusters that share no area. So not every cylinder is worked out: of each
group of circles around a center one look says how high it can be at most
(:mod:`geo.stats.scan_cylinders`), and a group is gone through when that is above what has been
found. What is found is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.stats.scan_cylinders import (
    BoolArray,
    FloatArray,
    IntArray,
    groups_of_circles,
    log_likelihood_ratio,
)
from geo.stats.scan_search import Search

_MORE = 1 + 1e-9
"""What rounding may add to a ratio."""


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The best run of each circle that was gone through, and how high it is.

    Attributes
    ----------
    search
        Where is looked.
    counts, expected
        Running sums over the periods, by area.
    llr, run
        By center and circle: the highest ratio, 0 where it was not worked out, and its run.
    begin
        Where the groups of each center begin in the arrays that follow.
    first, last
        First and last circle of each group.
    most
        How high a circle of the group is at most.
    known
        Whether the group was gone through.
    """

    search: Search
    counts: IntArray
    expected: FloatArray
    llr: FloatArray
    run: npt.NDArray[np.int32]
    begin: IntArray
    first: IntArray
    last: IntArray
    most: FloatArray
    known: BoolArray

    @classmethod
    def of(cls, search: Search, cases: IntArray) -> Peaks:
        """Return the peaks of cases of (area, period), none of them worked out yet."""
        zones, windows = search.zones, search.windows
        counts, expected = windows.stored(cases), windows.stored(search.expected)
        begin, firsts, lasts, highest = [0], [], [], []
        for order, size in zip(zones.order, zones.size, strict=True):
            begin.append(begin[-1])
            if not size:
                continue
            foreseen = np.cumsum(expected[order[:size]], axis=0)
            first, last = groups_of_circles(foreseen[:, -1])
            observed = search.runs(np.cumsum(counts[order[:size]], axis=0)[last])
            fewest = search.runs(foreseen[first]) - 1e-9 * search.total
            fewest = np.maximum(fewest, np.finfo(np.float64).tiny)
            highest.append(log_likelihood_ratio(observed, fewest, search.total).max(axis=1))
            firsts.append(first)
            lasts.append(last)
            begin[-1] += len(first)
        most = np.concatenate([*highest, np.zeros(0)]) * _MORE
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            search,
            counts,
            expected,
            llr=np.zeros(zones.order.shape),
            run=np.zeros(zones.order.shape, dtype=np.int32),
            begin=np.array(begin),
            first=np.concatenate([*firsts, nothing]),
            last=np.concatenate([*lasts, nothing]),
            most=most,
            known=most <= 0,
        )

    def highest(self, is_open: BoolArray) -> tuple[float, int, int]:
        """Return the highest ratio of the circles that are open, its center, and which circle.

        Circles of the same areas around other centers differ by rounding: the first is taken. A
        circle is open only where all narrower ones around its center are.
        """
        groups = np.diff(self.begin)
        within = np.repeat(is_open.sum(axis=1), groups) > self.first
        while True:
            ratio = np.where(is_open, self.llr, 0.0)
            found = float(ratio.max(initial=0.0))
            waiting = within & ~self.known & (self.most >= found)
            if not waiting.any():
                break
            # The highest first: they may make others needless.
            self._go_through(waiting & (self.most >= self.most[waiting].max() / 2))
        if not found:
            return 0.0, 0, 0
        center, place = (int(at[0]) for at in np.nonzero(ratio >= found * (1 - 1e-12)))
        return found, center, place

    def _go_through(self, some: BoolArray) -> None:
        """Work out the circles of some groups, and of those between them around one center."""
        chosen = np.flatnonzero(some)
        centers = np.searchsorted(self.begin, chosen, side="right") - 1
        for center in np.unique(centers):
            of_center = chosen[centers == center]
            from_group, to_group = int(of_center[0]), int(of_center[-1])
            circles = slice(int(self.first[from_group]), int(self.last[to_group]) + 1)
            self._work_out(int(center), circles)
            self.known[from_group : to_group + 1] = True

    def _work_out(self, center: int, circles: slice) -> None:
        members = self.search.zones.order[center, : circles.stop]
        observed = self.search.runs(np.cumsum(self.counts[members], axis=0)[circles])
        foreseen = self.search.runs(np.cumsum(self.expected[members], axis=0)[circles])
        ratio = log_likelihood_ratio(observed, np.maximum(foreseen, 0), self.search.total)
        # Runs that differ by rounding alone are the same height: the first is taken.
        highest = ratio.max(axis=1, keepdims=True)
        self.llr[center, circles] = highest[:, 0]
        self.run[center, circles] = (ratio >= highest * (1 - 1e-12)).argmax(axis=1)
