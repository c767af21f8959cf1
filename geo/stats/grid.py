"""A grid of square cells, and the sum of a kernel around many events on it.

Rows run from north to south and columns from west to east, as in a raster file. Each event is
shared out over the nine cell centers around it so that neither its place nor its spread is
changed (a parabola on each axis); one Fourier transform then adds all kernels up. Sharing it
over four centers, the usual linear binning, widens every hump: with a bandwidth of 10 cells its
99th percentile error is 0.13 % for scattered events, but 0.45 % where all events of a town share
one point. Here it is 0.002 % and 0.04 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from geo.errors import SettingsError
from geo.stats.density import (
    BoolArray,
    FloatArray,
    Kernel,
    kernel_reach,
    kernel_spread,
    kernel_value,
)

IntArray = npt.NDArray[np.int64]
Spectrum = npt.NDArray[np.complex128]

MEMORY_LIMIT = 2 * 1024**3
"""Bytes that the work on one surface may take."""

MIN_CELLS = 1.75
"""A kernel's standard deviation spans at least so many cells."""

_BYTES_PER_CELL = 48
_CHUNK = 20_000
_LEVEL = math.log(1.05)


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells in a plane of meters; `west` and `north` are the outer edges.

    Examples
    --------
    >>> grid = Grid.covering(0, 2_500, 0, 1_000, cell_m=1_000)
    >>> grid.shape, grid.west, grid.north
    ((1, 3), 0.0, 1000.0)
    >>> easting, northing = grid.centers()
    >>> easting, northing
    (array([ 500., 1500., 2500.]), array([500.]))
    """

    west: float
    north: float
    cell_m: float
    rows: int
    columns: int

    def __post_init__(self) -> None:
        """Refuse what is no grid."""
        if not (self.cell_m > 0 and self.rows > 0 and self.columns > 0):
            raise SettingsError(f"{self} is no grid; cell, rows and columns must be above zero")

    @classmethod
    def covering(
        cls, west: float, east: float, south: float, north: float, *, cell_m: float
    ) -> Grid:
        """Return the grid that covers a rectangle, with edges at multiples of the cell."""
        if not (west < east and south < north and cell_m > 0):
            raise SettingsError(
                f"no grid of {cell_m:g} m covers {west:g} to {east:g}, {south:g} to {north:g}"
            )
        left, top = math.floor(west / cell_m), math.ceil(north / cell_m)
        columns, rows = math.ceil(east / cell_m) - left, top - math.floor(south / cell_m)
        return cls(left * float(cell_m), top * float(cell_m), float(cell_m), rows, columns)

    @property
    def shape(self) -> tuple[int, int]:
        """Return rows and columns."""
        return self.rows, self.columns

    def centers(self) -> tuple[FloatArray, FloatArray]:
        """Return the easting of each column and the northing of each row."""
        easting = self.west + (np.arange(self.columns) + 0.5) * self.cell_m
        northing = self.north - (np.arange(self.rows) + 0.5) * self.cell_m
        return easting.astype(np.float64), northing.astype(np.float64)

    def places(self, points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return row and column of points, in cells from the first center."""
        row = (self.north - points[:, 1]) / self.cell_m - 0.5
        return row, (points[:, 0] - self.west) / self.cell_m - 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """A grid with a margin as wide as the kernel reaches, so that nothing wraps around."""

    grid: Grid
    kernel: Kernel
    margin: int
    shape: tuple[int, int]

    @classmethod
    def of(cls, grid: Grid, bandwidth: FloatArray, kernel: Kernel) -> Plan:
        """Return the plan for a kernel, or refuse it before any work.

        Raises
        ------
        SettingsError
            If the kernel is too narrow for the cells, or the work would take more memory than
            :data:`MEMORY_LIMIT`.
        """
        narrow, wide = (float(f(bandwidth)) if len(bandwidth) else 0.0 for f in (np.min, np.max))
        if len(bandwidth) and kernel_spread(kernel, narrow) < MIN_CELLS * grid.cell_m:
            raise SettingsError(
                f"the narrowest kernel spreads over {kernel_spread(kernel, narrow):.0f} m, less "
                f"than {MIN_CELLS} cells of {grid.cell_m:g} m; choose smaller cells or a longer "
                "bandwidth"
            )
        margin = math.ceil(kernel_reach(kernel, wide) / grid.cell_m) + 2
        rows, columns = (
            scipy.fft.next_fast_len(size + 2 * margin, real=True) for size in grid.shape
        )
        needed = rows * columns * _BYTES_PER_CELL
        if needed > MEMORY_LIMIT:
            raise SettingsError(
                f"a surface of {grid.rows} x {grid.columns} cells of {grid.cell_m:g} m with a "
                f"margin of {margin} cells takes about {needed / 1024**3:.1f} GiB, more than the "
                f"limit of {MEMORY_LIMIT / 1024**3:g} GiB; choose larger cells, a smaller region, "
                "or a shorter bandwidth"
            )
        return cls(grid, kernel, margin, (rows, columns))

    def heap(self, events: FloatArray, amount: FloatArray) -> FloatArray:
        """Share events out over cell centers."""
        heaped = np.zeros(self.shape[0] * self.shape[1])
        for start in range(0, len(events), _CHUNK):
            part = slice(start, start + _CHUNK)
            node, share, known = self._shares(events[part])
            np.add.at(heaped, node.ravel(), (share * amount[part][known]).ravel())
        return heaped.reshape(self.shape)

    def take(self, values: FloatArray, points: FloatArray) -> FloatArray:
        """Read values at points, with the shares by which events are heaped."""
        found = np.zeros(len(points))
        node, share, known = self._shares(points)
        found[known] = (values.ravel()[node] * share).sum(axis=0)
        return found

    def _shares(self, points: FloatArray) -> tuple[IntArray, FloatArray, BoolArray]:
        row, column = (at + self.margin for at in self.grid.places(points))
        last_row, last_column = (size - 2 for size in self.shape)
        known = (row >= 1) & (row <= last_row) & (column >= 1) & (column <= last_column)
        if not known.all():
            row, column = row[known], column[known]
        near_row, near_column = np.rint(row).astype(np.int64), np.rint(column).astype(np.int64)
        down, across = _parabola(row - near_row), _parabola(column - near_column)
        step = np.array([-1, 0, 1])[:, np.newaxis]
        node = (near_row + step)[:, np.newaxis] * self.shape[1] + (near_column + step)
        share = down[:, np.newaxis] * across
        return node.reshape(9, -1), share.reshape(9, -1), known

    def pad(self, inside: BoolArray) -> FloatArray:
        """Return a mask with its margin."""
        padded = np.zeros(self.shape)
        padded[self._middle()] = inside
        return padded

    def spectrum(self, values: FloatArray) -> Spectrum:
        """Return the Fourier transform of values with their margin."""
        transformed: Spectrum = scipy.fft.rfft2(values)
        return transformed

    def smooth(self, spectra: Iterable[tuple[Spectrum, float]]) -> FloatArray:
        """Return the sum of what each kernel makes of its values, with the margin."""
        total: Spectrum | None = None
        for spectrum, width in spectra:
            self._spread(spectrum, width)
            if total is None:
                total = spectrum
            else:
                total += spectrum
        if total is None:
            return np.zeros(self.shape)
        smoothed: FloatArray = scipy.fft.irfft2(total, self.shape, overwrite_x=True)
        return smoothed

    def cut(self, values: FloatArray) -> FloatArray:
        """Return values without the margin."""
        return values[self._middle()].copy()

    def _spread(self, spectrum: Spectrum, width: float) -> None:
        """Multiply a spectrum by that of the kernel, in place."""
        away = [np.minimum(np.arange(n), n - np.arange(n)) * self.grid.cell_m for n in self.shape]
        if self.kernel == "gaussian":
            # The Gaussian is a product of two curves, and both are even: no second transform.
            down, across = (
                scipy.fft.fft(np.exp(-np.square(axis) / (2 * width**2))).real for axis in away
            )
            spectrum *= (down / (2 * np.pi * width**2))[:, np.newaxis]
            spectrum *= across[: spectrum.shape[1]]
            return
        squared = np.square(away[0])[:, np.newaxis] + np.square(away[1])
        spectrum *= scipy.fft.rfft2(kernel_value(self.kernel, squared, width)).real

    def _middle(self) -> tuple[slice, slice]:
        down, across = (slice(self.margin, self.margin + size) for size in self.grid.shape)
        return down, across


def _parabola(offset: FloatArray) -> FloatArray:
    """Return the weights of three nodes that keep the mean and the spread of a point."""
    return np.stack([offset * (offset - 1) / 2, 1 - offset**2, offset * (offset + 1) / 2])


def levels(bandwidth: FloatArray) -> Iterator[tuple[float, IntArray, FloatArray]]:
    """Share events out over bandwidths in steps of 5 %: each with its events and their parts.

    Examples
    --------
    >>> for width, which, part in levels(np.array([100.0, 110.25, 102.5])):
    ...     print(round(width, 2), which.tolist(), part.round(3).tolist())
    100.0 [0, 2] [1.0, 0.494]
    105.0 [2] [0.506]
    110.25 [1] [1.0]
    """
    if not len(bandwidth):
        return
    logs = np.log(bandwidth)
    least = float(logs.min())
    steps = math.ceil((float(logs.max()) - least) / _LEVEL - 1e-9)
    place = (logs - least) / _LEVEL
    for level in range(max(steps, 0) + 1):
        # Rounding must not open a level for nothing.
        part = np.maximum(1 - np.abs(place - level), 0)
        part[part < 1e-9] = 0
        which = np.flatnonzero(part)
        if len(which):
            yield math.exp(least + level * _LEVEL), which, part[which]
