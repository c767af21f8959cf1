"""Density of events on a metric grid, for maps: fixed, adaptive, edge-corrected, relative.

The same as :mod:`geo.stats.density` at every cell center, within the error that
:mod:`geo.stats.grid` states. Who draws a surface no finer than the coordinates takes a bandwidth
of 10 km or more for events that are known by their town.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.density import (
    KM2,
    MIN_MASS,
    BoolArray,
    Edge,
    FloatArray,
    Kernel,
    amounts,
    bandwidths,
    check_kernel,
    event_mass,
    log_density_ratio,
)
from geo.stats.grid import Grid, Plan, levels
from geo.stats.weights import plane_points

_NOISE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """A study area on a grid: the cells that belong to it, such as the land.

    Examples
    --------
    The western half of a square; on its eastern edge half of a kernel lies inside:

    >>> grid = Grid(west=0, north=10_000, cell_m=100, rows=100, columns=100)
    >>> land = Mask(grid, np.broadcast_to(np.arange(100) < 50, (100, 100)))
    >>> points = np.array([[2_500.0, 5_000.0], [5_000.0, 5_000.0], [7_500.0, 5_000.0]])
    >>> land.mass(points, np.full(3, 500.0), "gaussian").round(3)
    array([1. , 0.5, 0. ])
    >>> land.holds(points)
    array([ True, False, False])
    """

    grid: Grid
    inside: BoolArray

    def __post_init__(self) -> None:
        """Refuse a mask that does not fit its grid."""
        if self.inside.shape != self.grid.shape or self.inside.dtype != np.bool_:
            raise SettingsError(
                f"the mask has shape {self.inside.shape} and type {self.inside.dtype}; the grid "
                f"needs true or false in shape {self.grid.shape}"
            )

    def holds(self, points: FloatArray) -> BoolArray:
        """Return whether the cell of each point belongs to the area."""
        row, column = (np.floor(at + 0.5).astype(np.int64) for at in self.grid.places(points))
        found = (row >= 0) & (row < self.grid.rows) & (column >= 0) & (column < self.grid.columns)
        found[found] = self.inside[row[found], column[found]]
        return found

    def mass(self, points: FloatArray, bandwidth_m: FloatArray, kernel: Kernel) -> FloatArray:
        """Return the share of the kernel around each point that lies in the area."""
        plan = Plan.of(self.grid, bandwidth_m, kernel)
        share = np.zeros(len(points))
        inside = plan.spectrum(plan.pad(self.inside))
        for width, which, part in levels(bandwidth_m):
            mass = plan.smooth([(inside.copy(), width)]) * self.grid.cell_m**2
            share[which] += part * plan.take(mass, points[which])
        return share


def density_surface(
    easting: ArrayLike,
    northing: ArrayLike,
    grid: Grid,
    *,
    bandwidth_m: ArrayLike,
    kernel: Kernel = "gaussian",
    weights: ArrayLike | None = None,
    area: Mask | None = None,
    edge: Edge = "none",
) -> FloatArray:
    """Return the density of events at the centers of a grid, in events per km².

    As :func:`geo.stats.density.density_at`, within 0.2 % of it where the kernel's standard
    deviation is 10 cells or more (within 1 % for the Epanechnikov kernel, which has a sharp rim).
    Events beyond the grid count as far as their kernel reaches
    into it.

    Parameters
    ----------
    easting, northing
        Events, in meters.
    grid
        Where the density is wanted.
    bandwidth_m, kernel, weights, edge
        As in :func:`geo.stats.density.density_at`. Bandwidths of single events are rounded to
        steps of 5 %, between which the event is shared out.
    area
        The study area on the same grid; outside of it the surface is missing.

    Returns
    -------
    array
        Rows from north to south. Values below 1e-12 of the highest are 0.

    Raises
    ------
    SettingsError
        Before any work, if it would take more memory than :data:`geo.stats.grid.MEMORY_LIMIT` or
        the kernel is too narrow for the cells; and as in :func:`geo.stats.density.density_at`.

    Examples
    --------
    >>> grid = Grid(west=-5_500, north=5_500, cell_m=1_000, rows=11, columns=11)
    >>> surface = density_surface([0], [0], grid, bandwidth_m=4_000)
    >>> surface[5, [5, 9]].round(5)
    array([0.00995, 0.00603])
    """
    events = plane_points(easting, northing)
    bandwidth = bandwidths(bandwidth_m, len(events))
    amount = amounts(weights, len(events))
    check_kernel(kernel, edge)
    if area is None and edge != "none":
        raise SettingsError(f"the edge correction {edge!r} needs a study area")
    if area is not None and area.grid != grid:
        raise SettingsError("the study area lies on another grid than the surface; make both alike")
    if edge == "uniform" and len(events) and np.ptp(bandwidth) > 0:
        raise SettingsError(
            "the uniform edge correction is for one bandwidth; with one an event use 'jones-diggle'"
        )
    plan = Plan.of(grid, bandwidth, kernel)
    if area is not None and edge == "jones-diggle":
        amount = amount / event_mass(area, events, bandwidth, kernel)

    heaps = (
        (plan.spectrum(plan.heap(events[which], amount[which] * part)), width)
        for width, which, part in levels(bandwidth)
    )
    surface = plan.cut(plan.smooth(heaps)) * KM2
    surface[surface < _NOISE * surface.max(initial=0)] = 0
    if area is None:
        return surface
    if edge == "uniform" and len(events):
        inside = plan.spectrum(plan.pad(area.inside))
        share = plan.cut(plan.smooth([(inside, float(bandwidth[0]))])) * grid.cell_m**2
        np.divide(surface, share, out=surface, where=share >= MIN_MASS)
        surface[share < MIN_MASS] = np.nan
    surface[~area.inside] = np.nan
    return surface


def log_ratio_surface(
    events: tuple[ArrayLike, ArrayLike],
    others: tuple[ArrayLike, ArrayLike],
    grid: Grid,
    *,
    bandwidth_m: float,
    kernel: Kernel = "gaussian",
    weights: ArrayLike | None = None,
    other_weights: ArrayLike | None = None,
    area: Mask | None = None,
) -> FloatArray:
    """Return the log of the density of events relative to that of others, on a grid.

    With people as the others it is the log relative risk; with the events of an earlier window
    the change surface. One bandwidth serves both, so that the uniform edge correction cancels.

    Parameters
    ----------
    events, others
        Easting and northing of each, in meters.
    grid, kernel, area
        As in :func:`density_surface`.
    bandwidth_m
        One for both.
    weights, other_weights
        What each counts; of others that stand for people, their number.

    Returns
    -------
    array
        Natural logarithm of the ratio of the two shares: 0 where as large a part of the events
        as of the others lies. Add log(number after / number before) to compare amounts. Missing
        where either density is 0, and outside the area.

    Examples
    --------
    Twice the events everywhere is no change of the pattern:

    >>> grid = Grid(west=-5_500, north=5_500, cell_m=1_000, rows=11, columns=11)
    >>> surface = log_ratio_surface(([0, 0], [0, 0]), ([0], [0]), grid, bandwidth_m=4_000)
    >>> bool(np.allclose(surface, 0))
    True
    """
    shares = []
    for (x, y), counted in ((events, weights), (others, other_weights)):
        total = amounts(counted, np.size(x)).sum()
        if not total > 0:
            raise SettingsError("a ratio needs events on both sides; one side has none")
        surface = density_surface(
            x, y, grid, bandwidth_m=float(bandwidth_m), kernel=kernel, weights=counted, area=area
        )
        shares.append(surface / total)
    return log_density_ratio(*shares)


def values_at(
    surface: FloatArray, grid: Grid, easting: ArrayLike, northing: ArrayLike
) -> FloatArray:
    """Return the values of a surface at points, linearly between cell centers.

    NaN beyond the outer centers, and where a center that counts is missing.

    Examples
    --------
    >>> grid = Grid(west=0, north=2, cell_m=1, rows=2, columns=2)
    >>> values_at(np.array([[1.0, 2.0], [3.0, 4.0]]), grid, [0.5, 1.0, 5], [1.5, 1.0, 1])
    array([1. , 2.5, nan])
    """
    if surface.shape != grid.shape:
        raise SettingsError(f"a surface of shape {surface.shape} is not on a grid of {grid.shape}")
    places = grid.places(plane_points(easting, northing))
    found: FloatArray = scipy.ndimage.map_coordinates(
        surface, places, order=1, mode="constant", cval=np.nan
    )
    return found
