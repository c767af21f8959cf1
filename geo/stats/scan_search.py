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
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
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
        rows = max(_CACHE // max(n, 1), 1)
        for start in range(0, n, rows):
            step = points[start : start + rows, np.newaxis] - points
            meters = np.round(np.hypot(step[..., 0], step[..., 1]) / TIE_M)
            here = np.arange(len(meters))
            meters[here, start + here] = -1.0  # an area is its own center, whoever shares its point
            near = np.argsort(meters, axis=1, kind="stable")[:, :most]
            order[start : start + rows] = near
            size[start : start + rows] = (np.cumsum(population[near], axis=1) <= limit).sum(axis=1)
        widest = int(size.max(initial=0))
        return cls(np.ascontiguousarray(order[:, :widest]), size)


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

    def bounds(self, position: int) -> tuple[int, int]:
        """Return the first and the last period of the run at a position among all runs."""
        if self.ending:
            return self.periods - 1 - position, self.periods - 1
        length = 1
        while position > self.periods - length:
            position -= self.periods - length + 1
            length += 1
        return position, position + length - 1


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


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best run of every zone of the data, and how high it is; both of (center, zone)."""

    llr: FloatArray
    run: CountArray


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Zones and windows over areas with an expected number of cases."""

    zones: Zones
    windows: Windows
    expected: FloatArray
    total: int

    def best(self, cases: IntArray) -> Best:
        """Work out every cylinder of one data set of (area, period)."""
        counts, expected = self.windows.stored(cases), self.windows.stored(self.expected)
        llr = np.zeros(self.zones.order.shape)
        run = np.zeros(self.zones.order.shape, dtype=np.int32)
        for center in np.flatnonzero(self.zones.size):
            members = self.zones.order[center, : self.zones.size[center]]
            observed = self._runs(np.cumsum(counts[members], axis=0))
            foreseen = np.maximum(self._runs(np.cumsum(expected[members], axis=0)), 0)
            ratio = log_likelihood_ratio(observed, foreseen, self.total)
            # Runs that differ by rounding alone are the same height: the first is taken.
            highest = ratio.max(axis=1, keepdims=True)
            which = (ratio >= highest * (1 - 1e-12)).argmax(axis=1)
            llr[center, : len(members)] = highest[:, 0]
            run[center, : len(members)] = which
        return Best(llr, run)

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

    def _runs(self, sums: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate(list(self.windows.runs(sums)), axis=1)

    def _warm_start(self, stored: SmallArray) -> FloatArray:
        """Return a height every replicate reaches somewhere, the higher the better."""
        best = np.zeros(stored.shape[-1])
        expected, base = self.windows.stored(self.expected), self._base()
        replicate = np.arange(stored.shape[-1])
        for center in np.flatnonzero(self.zones.size):
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
        return np.floor(np.interp(step, node, low) * (1 - 1e-12)).astype(np.int32)

    def _block(self, block: IntArray, stored: SmallArray, hurdle: CountArray) -> FloatArray:
        """Return the highest ratio of each replicate around some centers."""
        best = np.zeros(stored.shape[-1])
        expected, base = self.windows.stored(self.expected), self._base()
        least, most = np.iinfo(stored.dtype).min, np.iinfo(stored.dtype).max
        scale = _STEPS / math.sqrt(self.total) * (1 - 1e-12)
        zones_at_once = max(_CACHE // (stored.shape[1] * stored.shape[2]), 1)
        buffer = np.empty((zones_at_once, *stored.shape[1:]), dtype=stored.dtype)
        for center in block:
            members = self.zones.order[center, : self.zones.size[center]]
            bars = []
            for means, bases in zip(
                self.windows.runs(np.cumsum(expected[members], axis=0)),
                self.windows.runs(np.cumsum(base[members], axis=0)),
                strict=True,
            ):
                means = np.maximum(means, 0)
                over = hurdle[(np.sqrt(means) * scale).astype(np.int32)] - bases
                over = np.maximum(np.minimum(over, most), least).astype(stored.dtype)
                bars.append((means, bases, over[..., np.newaxis]))
            buffer[-1] = 0
            for start in range(0, len(members), zones_at_once):
                part = slice(start, start + zones_at_once)
                before = buffer[-1]
                for zone, area in enumerate(members[part]):
                    before = np.add(before, stored[area], out=buffer[zone])
                runs = self.windows.runs(buffer[: len(members[part])])
                for above, (means, bases, over) in zip(runs, bars, strict=True):
                    passed = above > over[part]
                    if passed.any():
                        at = np.flatnonzero(passed)
                        cylinder, replicate = np.divmod(at, passed.shape[-1])
                        observed = above.ravel()[at] + bases[part].ravel()[cylinder]
                        expect = means[part].ravel()[cylinder]
                        ratio = log_likelihood_ratio(observed, expect, self.total)
                        np.maximum.at(best, replicate, ratio)
        return best
