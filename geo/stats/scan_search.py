"""The search of a scan statistic: every cylinder of areas and periods, many data sets at once.

The likelihood ratio of a cylinder rises with its count. So, to find the highest one of a
replicate, no logarithm is needed: for each cylinder there is a count that it must pass to beat
what every replicate has reached already, and passing is one comparison of whole numbers. Counts
of many replicates lie side by side, as what they are above or below the expected number, which is
small enough for two bytes; and they grow from zone to zone by the counts of one area more. What
passes, a few in a thousand, is worked out exactly; the result is the exact maximum.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.errors import SettingsError
from geo.stats.scan_cylinders import (
    FloatArray,
    IntArray,
    Windows,
    groups_of_circles,
    log_likelihood_ratio,
)

CountArray = npt.NDArray[np.int32]
SmallArray = npt.NDArray[np.int16] | npt.NDArray[np.int32]

MEMORY_LIMIT = 2 * 1024**3
"""Bytes that the zones and the replicates worked on at once may take."""

TIE_M = 1e-3
"""Distances that differ by less are the same distance."""

_BATCH_BYTES = 192 * 1024**2
_BATCH = 256
_CACHE = 1 << 17
_NODES = 1_024
_STEPS = 1 << 16
_RAISE = 1.02
_BLOCK = 32
_WARM = 8


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Circles around each area: the areas in order of distance, and how many may be taken."""

    order: npt.NDArray[np.int32]
    size: IntArray

    @classmethod
    def around(
        cls,
        points: FloatArray,
        population: FloatArray,
        *,
        max_share: float,
        max_areas: int | None = None,
    ) -> Zones:
        """Return the circles that hold at most a share of the population.

        Areas are added in order of distance (to 1 mm; then in the order given) for as long as
        the population allows. An area that alone exceeds the share is the center of none.

        Examples
        --------
        >>> line = np.array([[0.0, 0], [1, 0], [2, 0], [9, 0]])
        >>> zones = Zones.around(line, np.ones(4), max_share=0.5)
        >>> zones.order.tolist(), zones.size.tolist()
        ([[0, 1], [1, 0], [2, 1], [3, 2]], [2, 2, 2, 2])
        """
        n = len(points)
        most = min(n, max_areas or n)
        if (needed := 16 * n * most) > MEMORY_LIMIT:
            raise SettingsError(
                f"circles of up to {most} of {n} areas take about {needed / 1024**3:.1f} GiB, "
                f"more than the limit of {MEMORY_LIMIT / 1024**3:g} GiB; set max_areas, to 250 "
                "for example"
            )
        limit = max_share * population.sum() * (1 + 1e-12)
        order = np.empty((n, most), dtype=np.int32)
        size = np.empty(n, dtype=np.int64)
        place = np.arange(n)
        rows = max(_CACHE // max(n, 1), 1)
        for start in range(0, n, rows):
            step = points[start : start + rows, np.newaxis] - points
            meters = np.round(np.hypot(step[..., 0], step[..., 1]) / TIE_M)
            here = np.arange(len(meters))
            meters[here, start + here] = -1.0  # an area is its own center, whoever shares its point
            # Distance and position in one number, all different: to sort these is several times as
            # fast as to look for the order of distances and keep that of equal ones.
            near = np.sort(meters.astype(np.int64) * n + place, axis=1)[:, :most] % n
            order[start : start + rows] = near
            size[start : start + rows] = (np.cumsum(population[near], axis=1) <= limit).sum(axis=1)
        widest = int(size.max(initial=0))
        return cls(np.ascontiguousarray(order[:, :widest]), size)


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Zones and windows over areas with an expected number of cases."""

    zones: Zones
    windows: Windows
    expected: FloatArray
    total: int

    def batch_size(self) -> int:
        """Return how many replicates are worked on at once."""
        width = self.windows.longest if self.windows.ending else self.windows.periods + 1
        one = self._kind().itemsize * len(self.expected) * width
        if one > MEMORY_LIMIT:
            raise SettingsError(
                f"one replicate of {len(self.expected)} areas and {self.windows.periods} periods "
                f"takes {one / 1024**3:.1f} GiB, more than the limit of "
                f"{MEMORY_LIMIT / 1024**3:g} GiB; choose longer periods or larger areas"
            )
        return int(min(max(_BATCH_BYTES // one, 1), _BATCH if width > 1 else 4 * _BATCH))

    def store(self, replicates: list[IntArray]) -> SmallArray:
        """Return running sums of replicates of (area, period) above the base, on a last axis."""
        base = self._base()
        stored = np.empty((*base.shape, len(replicates)), dtype=self._kind())
        for place, cases in enumerate(replicates):
            np.subtract(
                self.windows.stored(cases), base, out=stored[..., place], casting="same_kind"
            )
        return stored

    def _base(self) -> IntArray:
        """Return the expected running sums as whole numbers, so that no rounding is carried on."""
        base: IntArray = np.rint(self.windows.stored(self.expected)).astype(np.int64)
        return base

    def _kind(self) -> np.dtype[np.int16] | np.dtype[np.int32]:
        """Return two bytes where a count 12 standard deviations from the expected one fits."""
        farthest = 12 * math.sqrt(self.total) + len(self.expected)
        return np.dtype(np.int16) if farthest < np.iinfo(np.int16).max else np.dtype(np.int32)

    def maxima(self, stored: SmallArray, *, workers: int = 1) -> Iterator[tuple[int, FloatArray]]:
        """Yield, as the search goes on, the centers done and the highest ratio of each replicate.

        The last one yielded is final.
        """
        best = self._warm_start(stored)
        level, hurdle = -1.0, np.empty(0, dtype=np.int32)
        centers = np.flatnonzero(self.zones.size)
        blocks = [centers[at : at + _BLOCK] for at in range(0, len(centers), _BLOCK)]
        running: list[tuple[int, Future[FloatArray]]] = []
        with ThreadPoolExecutor(max_workers=workers) as pool:
            for done, block in enumerate(blocks):
                if float(best.min()) > max(level * _RAISE, level):
                    level = float(best.min())
                    hurdle = self._hurdles(level)
                found = pool.submit(self._block, block, stored, hurdle)
                running.append((done, found))
                if len(running) == 2 * workers or done == len(blocks) - 1:
                    for place, future in running:
                        np.maximum(best, future.result(), out=best)
                        yield int(blocks[place][-1]) + 1, best
                    running.clear()
        if not blocks:
            yield 0, best

    def runs(self, sums: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the sums of all runs, along axis 1."""
        return np.concatenate(list(self.windows.runs(sums)), axis=1)

    def _warm_start(self, stored: SmallArray) -> FloatArray:
        """Return a height every replicate reaches somewhere, the higher the better."""
        best = np.zeros(stored.shape[-1])
        expected, base = self.windows.stored(self.expected), self._base()
        replicate = np.arange(stored.shape[-1])
        for center in np.flatnonzero(self.zones.size)[::_WARM]:
            one = slice(center, center + 1)
            runs = (self.windows.runs(sums[one]) for sums in (stored, expected, base))
            for (above,), (means,), (bases,) in zip(*runs, strict=True):
                # The ratio is about twice the square of this; good enough to choose by.
                counts = above + bases[:, np.newaxis].astype(np.float32)
                root = np.sqrt(np.maximum(means, 0)).astype(np.float32)
                run = (np.sqrt(counts) - root[:, np.newaxis]).argmax(axis=0)
                observed = above[run, replicate] + bases[run]
                ratio = log_likelihood_ratio(observed, means[run], self.total)
                np.maximum(best, ratio, out=best)
        return best

    def _hurdles(self, level: float) -> CountArray:
        """Return the highest count that does not beat a level, by the root of the expected count.

        The count is a concave function of the expected one, as the likelihood ratio is jointly
        convex in both: straight lines between the nodes never lie above it.
        """
        total = float(self.total)
        node = total * np.append(0, np.geomspace(1e-9, 1, _NODES - 1))
        low, high = node.copy(), np.full(_NODES, total)
        for _ in range(40):
            middle = (low + high) / 2
            beats = log_likelihood_ratio(middle, node, total) > level
            high, low = np.where(beats, middle, high), np.where(beats, low, middle)
        # Rounded down to the step below, which makes the hurdle lower, never higher.
        step = total * (np.arange(_STEPS + 2) / _STEPS) ** 2
        counts = np.floor(np.interp(step, node, low) * (1 - 1e-12)).astype(np.int32)
        # Ascending, to the last unit: a hurdle of fewer expected cases is never the higher one.
        lowest: CountArray = np.minimum.accumulate(counts[::-1])[::-1]
        return lowest

    def _block(self, block: IntArray, stored: SmallArray, hurdle: CountArray) -> FloatArray:
        """Return the highest ratio of each replicate around some centers."""
        best = np.zeros(stored.shape[-1])
        expected, base = self.windows.stored(self.expected), self._base()
        at_once = max(_CACHE // (stored.shape[1] * stored.shape[2]), 1)
        # The first row holds what the circle before the first group does.
        sums = np.zeros((1 + at_once, *stored.shape[1:]), dtype=stored.dtype)
        for center in block:
            members = self.zones.order[center, : self.zones.size[center]]
            means = np.cumsum(expected[members], axis=0)
            around = _Around(
                members, means, np.cumsum(base[members], axis=0), *groups_of_circles(means[:, -1])
            )
            sums[0] = 0
            for start in range(0, len(around.first), at_once):
                groups = around.of_groups(slice(start, start + at_once))
                groups.add_up(stored, into=sums)
                self._raise(best, groups, stored, sums, hurdle)
                sums[0] = sums[len(groups.first)]
        return best

    def _raise(
        self,
        best: FloatArray,
        around: _Around,
        stored: SmallArray,
        sums: SmallArray,
        hurdle: CountArray,
    ) -> None:
        """Raise the best of each replicate to what circles of some groups reach."""
        # So little less that rounding cannot lift the hurdle of a group over that of a circle.
        fewest = self.runs(around.means[around.first]) - 1e-9 * self.total
        over = self._to_pass(fewest, hurdle) - self.runs(around.bases[around.last])
        least, most = np.iinfo(stored.dtype).min, np.iinfo(stored.dtype).max
        over = np.clip(over, least, most).astype(stored.dtype)[..., np.newaxis]
        found, before = [], 0
        for above in self.windows.runs(sums[1 : 1 + len(around.first)]):
            of_length = slice(before, before + above.shape[1])
            cell, replicate = np.divmod(np.flatnonzero(above > over[:, of_length]), above.shape[2])
            group, position = np.divmod(cell, above.shape[1])
            found.append((group, before + position, replicate))
            before = of_length.stop
        group, run, replicate = (np.concatenate(part) for part in zip(*found, strict=True))
        if not len(group):
            return
        which, circle = around.circles_of(group)
        sum_of = self.windows.of_run
        more = sum_of(stored, around.members[circle], run[which], replicate[which])
        observed = _running(more, which) + sum_of(sums, group, run, replicate)[which]
        observed += sum_of(around.bases, circle, run[which])
        expect = np.maximum(sum_of(around.means, circle, run[which]), 0)
        passed = observed > self._to_pass(expect, hurdle)
        ratio = log_likelihood_ratio(observed[passed], expect[passed], self.total)
        np.maximum.at(best, replicate[which[passed]], ratio)

    def _to_pass(self, means: FloatArray, hurdle: CountArray) -> CountArray:
        """Return the highest counts that do not beat the level, where so many are expected."""
        scale = _STEPS / math.sqrt(self.total) * (1 - 1e-12)
        counts: CountArray = hurdle[(np.sqrt(np.maximum(means, 0)) * scale).astype(np.int32)]
        return counts


def _running(more: npt.NDArray[Any], which: IntArray) -> IntArray:
    """Return running sums that begin anew with each number of `which`, which ascends.

    Examples
    --------
    >>> _running(np.array([1, 2, 3, 4]), np.array([0, 0, 1, 1])).tolist()
    [1, 3, 3, 7]
    """
    total = np.cumsum(more, dtype=np.int64)
    begin = np.flatnonzero(np.diff(which, prepend=-1))
    running: IntArray = total - (total - more)[begin][which]
    return running


@dataclass(frozen=True, slots=True, eq=False)
class _Around:
    """The circles around one center, by the position of the area that each has more.

    Attributes
    ----------
    members
        The areas in order of distance.
    means, bases
        Expected running sums of each circle, and the whole numbers that counts are held against.
    first, last
        First and last circle of each group.
    """

    members: npt.NDArray[np.int32]
    means: FloatArray
    bases: IntArray
    first: IntArray
    last: IntArray

    def of_groups(self, some: slice) -> _Around:
        """Return the same with some of the groups only."""
        return replace(self, first=self.first[some], last=self.last[some])

    def add_up(self, stored: SmallArray, *, into: SmallArray) -> None:
        """Write the sums of the widest circle of each group behind the row of what was before."""
        before = into[0]
        for row, first, last in zip(into[1:], self.first, self.last, strict=False):
            for area in self.members[first : last + 1]:
                before = np.add(before, stored[area], out=row)

    def circles_of(self, groups: IntArray) -> tuple[IntArray, IntArray]:
        """Return all circles of some groups, and for each at which of the groups it is."""
        number = self.last[groups] - self.first[groups] + 1
        which = np.repeat(np.arange(len(groups)), number)
        within = np.arange(len(which)) - np.repeat(np.cumsum(number) - number, number)
        return which, self.first[groups][which] + within
