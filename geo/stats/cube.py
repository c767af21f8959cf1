"""A dense grid of counts that grows in time and in groups, and can be added to another.

Counting into a dense grid and adding the grids of batches is both faster than grouping rows and
needs no memory that grows with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

_INT32 = 2**31

MEASURES = ("events", "fatalities", "fatalities_unknown")


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Counts by group, time and area, and the measures of :data:`MEASURES`.

    Parameters
    ----------
    first
        Number of the first time.
    groups
        Names of the groups.
    counts
        Measure x group x time x area, whole numbers of any width; of 64 bits once cubes are added.

    Examples
    --------
    >>> one = Cube.of(np.array([1, 0]), np.array([7, 9]), np.array([0, 0]), ["a"],
    ...               np.array([2.0, np.nan]), areas=2)
    >>> two = Cube.of(np.array([1]), np.array([6]), np.array([0]), ["b"], np.array([0.0]), areas=2)
    >>> both = one + two
    >>> both.first, both.groups, both.counts.shape, both.counts.sum(axis=(1, 2, 3)).tolist()
    (6, ('a', 'b'), (3, 2, 4, 2), [3, 2, 1])
    """

    first: int
    groups: tuple[str, ...]
    counts: IntArray

    @classmethod
    def of(
        cls,
        area: npt.NDArray[np.intp],
        time: IntArray,
        group: npt.NDArray[np.intp],
        groups: Sequence[str],
        deaths: FloatArray | None,
        *,
        areas: int,
    ) -> Cube:
        """Count events.

        Parameters
        ----------
        area, time, group
            Place of the area, number of the period and place of the group of each event.
        groups
            Names of the groups.
        deaths
            Whole numbers, NaN where none is stated; None where none is stated at all.
        areas
            Number of areas.
        """
        first = int(time.min()) if len(time) else 0
        times = int(time.max()) - first + 1 if len(time) else 0
        size = len(groups) * times * areas
        cell = group * times
        cell += time
        cell -= first
        cell *= areas
        cell += area
        # Half the memory, wherever no sum can be too large for it.
        most = len(cell) if deaths is None else max(len(cell), np.nansum(deaths))
        counts = np.empty((3, size), dtype=np.int32 if most < _INT32 else np.int64)
        counts[0] = np.bincount(cell, minlength=size)
        if deaths is None:
            counts[1], counts[2] = 0, counts[0]
            return cls(first, tuple(groups), counts.reshape(3, len(groups), times, areas))
        stated = ~np.isnan(deaths)
        if stated.all():
            counts[2] = 0
            counts[1] = np.bincount(cell, weights=deaths, minlength=size) if deaths.any() else 0
        else:
            counts[1] = np.bincount(cell[stated], weights=deaths[stated], minlength=size)
            counts[2] = np.bincount(cell[~stated], minlength=size)
        return cls(first, tuple(groups), counts.reshape(3, len(groups), times, areas))

    @property
    def times(self) -> int:
        """Number of periods from the first to the last."""
        return int(self.counts.shape[2])

    def __add__(self, other: Cube) -> Cube:
        """Return the counts of both; this one's memory is used where it is large enough."""
        if not other.times:
            return self
        if not self.times:
            return other
        groups = tuple(dict.fromkeys((*self.groups, *other.groups)))
        first = min(self.first, other.first)
        last = max(self.first + self.times, other.first + other.times)
        whole = self
        if self.counts.dtype != np.int64:
            whole = Cube(self.first, self.groups, self.counts.astype(np.int64))
        if groups != self.groups or first != self.first or last - first != self.times:
            shape = (len(MEASURES), len(groups), last - first, self.counts.shape[3])
            whole = Cube(first, groups, np.zeros(shape, dtype=np.int64))
            whole._put(self)
        whole._put(other)
        return whole

    def _put(self, part: Cube) -> None:
        begin = part.first - self.first
        for at, name in enumerate(part.groups):
            here = self.counts[:, self.groups.index(name), begin : begin + part.times]
            here += part.counts[:, at]

    def taken(self, times: IntArray, groups: Sequence[str]) -> IntArray:
        """Return measure x area x time x group, zero where nothing was counted.

        Parameters
        ----------
        times
            Numbers of the periods.
        groups
            Names of the groups.
        """
        shape = (len(MEASURES), self.counts.shape[3], len(times), len(groups))
        found = np.zeros(shape, dtype=np.int64)
        place = times - self.first
        inside = np.flatnonzero((place >= 0) & (place < self.times))
        for at, name in enumerate(groups):
            if name in self.groups:
                part = self.counts[:, self.groups.index(name)][:, place[inside]]
                found[:, :, inside, at] = part.transpose(0, 2, 1)
        return found
