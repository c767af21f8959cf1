"""Density of events at given points: the exact sum of a kernel around every event.

Points in meters in one plane (:func:`geo.crs.project`), densities in events per km². For maps,
:mod:`geo.stats.surface` gives the same on a grid, within a stated error and far sooner.

`bandwidth_m` is the standard deviation of the Gaussian kernel. The quartic and the Epanechnikov
kernel end at their radius, and there `bandwidth_m` is that radius, as in the heatmap of QGIS: a
quartic kernel of radius R spreads events as far as a Gaussian of R / 2.83 does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.weights import plane_points

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Kernel: TypeAlias = Literal["gaussian", "quartic", "epanechnikov"]
Edge: TypeAlias = Literal["none", "uniform", "jones-diggle"]

KM2 = 1e6
"""Square meters in a km²."""

MAX_PAIRS = 4_000_000_000
"""More pairs of an event and a point (about a minute of work) are not summed."""

MIN_MASS = 0.01
"""Where less of the kernel lies in the study area, there is no edge-corrected value."""

_BATCH = 2_000_000
_SPREAD = {"gaussian": 1.0, "quartic": 1 / math.sqrt(8), "epanechnikov": 1 / math.sqrt(6)}
_REACH = {"gaussian": 6.8, "quartic": 1.0, "epanechnikov": 1.0}


class StudyArea(Protocol):
    """The region events are observed in."""

    def holds(self, points: FloatArray) -> BoolArray:
        """Return whether each row of easting and northing lies in the region."""

    def mass(self, points: FloatArray, bandwidth_m: FloatArray, kernel: Kernel) -> FloatArray:
        """Return the share of the kernel around each point that lies in the region."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A study area with straight edges along the axes, in meters.

    Examples
    --------
    >>> area = Rectangle(0, 100, 0, 50)
    >>> points = np.array([[50.0, 25.0], [0.0, 25.0], [0.0, 0.0], [-1.0, 0.0]])
    >>> area.holds(points)
    array([ True,  True,  True, False])
    >>> area.mass(points, np.full(4, 1.0), "gaussian").round(3)
    array([1.   , 0.5  , 0.25 , 0.079])
    """

    west: float
    east: float
    south: float
    north: float

    def __post_init__(self) -> None:
        """Refuse a region without size."""
        if not (self.west < self.east and self.south < self.north):
            raise SettingsError(f"{self} holds no area; west < east and south < north must be")

    def holds(self, points: FloatArray) -> BoolArray:
        """Return whether each point lies in the region, its edges included."""
        x, y = points.T
        inside: BoolArray = (x >= self.west) & (x <= self.east)
        inside &= (y >= self.south) & (y <= self.north)
        return inside

    def mass(self, points: FloatArray, bandwidth_m: FloatArray, kernel: Kernel) -> FloatArray:
        """Return the share of the Gaussian kernel around each point that lies in the region."""
        if kernel != "gaussian":
            raise SettingsError(
                f"the edges of a rectangle are worked out for the Gaussian kernel, not for the "
                f"{kernel} one; use a mask on a grid (geo.stats.surface.Mask)"
            )
        x, y = points.T / bandwidth_m
        west, east = self.west / bandwidth_m - x, self.east / bandwidth_m - x
        south, north = self.south / bandwidth_m - y, self.north / bandwidth_m - y
        across: FloatArray = _between(west, east) * _between(south, north)
        return across


def density_at(
    easting: ArrayLike,
    northing: ArrayLike,
    at_easting: ArrayLike,
    at_northing: ArrayLike,
    *,
    bandwidth_m: ArrayLike,
    kernel: Kernel = "gaussian",
    weights: ArrayLike | None = None,
    area: StudyArea | None = None,
    edge: Edge = "none",
) -> FloatArray:
    """Return the density of events at points, in events per km².

    Parameters
    ----------
    easting, northing
        Events, in meters.
    at_easting, at_northing
        Where the density is wanted, in meters.
    bandwidth_m
        One for all, or one for each event (:func:`geo.stats.bandwidth.adaptive_bandwidths`).
    kernel
        Shape of the hump around an event.
    weights
        What each event counts; 1 as a rule.
    area, edge
        What to do about events that would have been seen beyond the edge of the study area.
        ``"uniform"`` divides by the share of the kernel around the point that lies inside;
        ``"jones-diggle"`` lets each event count 1 / (share of its kernel inside), so that the
        density adds up to the number of events. Events must lie in the area then.

    Returns
    -------
    array
        0 where there are no events, all zero for no events at all. NaN outside the study area
        and, with the uniform correction, where less than 1 % of the kernel lies inside.

    Raises
    ------
    SettingsError
        If a coordinate is missing, a bandwidth is not above zero, events lie outside the study
        area, or the sum would take more than :data:`MAX_PAIRS` terms.

    References
    ----------
    Silverman, B. W. (1986). *Density Estimation for Statistics and Data Analysis*.
    Diggle, P. (1985). A kernel method for smoothing point process data. *Applied Statistics* 34,
    138-147.
    Jones, M. C. (1993). Simple boundary correction for kernel density estimation. *Statistics and
    Computing* 3, 135-146.

    Examples
    --------
    One event, looked at from where it happened: 1 / (2 pi) per km² at 1 km.

    >>> density_at([0], [0], [0, 1000], [0, 0], bandwidth_m=1000).round(4)
    array([0.1592, 0.0965])
    >>> density_at([0], [0], [0, 1000], [0, 0], bandwidth_m=1000, kernel="quartic").round(4)
    array([0.9549, 0.    ])

    On the edge of the area half of it is cut off:

    >>> here = Rectangle(0, 9e4, -9e4, 9e4)
    >>> density_at([0], [0], [0, -1], [0, 0], bandwidth_m=1000, area=here, edge="uniform").round(4)
    array([0.3183,    nan])
    """
    events = plane_points(easting, northing)
    at = plane_points(at_easting, at_northing)
    bandwidth = bandwidths(bandwidth_m, len(events))
    amount = amounts(weights, len(events))
    check_kernel(kernel, edge)
    if area is None and edge != "none":
        raise SettingsError(f"the edge correction {edge!r} needs a study area")
    if area is not None and edge == "jones-diggle":
        amount = amount / event_mass(area, events, bandwidth, kernel)
    found = KM2 * _kernel_sum(at, events, bandwidth, amount, kernel)
    if area is not None:
        if edge == "uniform":
            if np.ptp(bandwidth) > 0:
                raise SettingsError(
                    "the uniform edge correction is for one bandwidth; with one an event use "
                    "'jones-diggle'"
                )
            width = np.full(len(at), bandwidth[0] if len(bandwidth) else 1.0)
            share = area.mass(at, width, kernel)
            found = np.divide(found, share, out=np.full(len(at), np.nan), where=share >= MIN_MASS)
        found = np.where(area.holds(at), found, np.nan)
    return found


def log_density_ratio(upper: ArrayLike, lower: ArrayLike) -> FloatArray:
    """Return the log of the ratio of two densities, each as a share of its own total.

    With events above and people below it is the log relative risk: 0 where there are as many
    events as the share of people there would have, log 2 where twice as many. With the events
    after and before a date it is the change surface. Both densities must come from one bandwidth
    and the same points; then an equal bias, and the uniform edge correction, cancel out.

    Parameters
    ----------
    upper, lower
        Densities divided by the number of events (of people) they are made of, or of any two
        quantities whose ratio is meant.

    Returns
    -------
    array
        Natural logarithm; NaN where either density is zero or missing: far from all events, or
        from all people, a ratio would be noise.

    References
    ----------
    Kelsall, J. E., and Diggle, P. J. (1995). Non-parametric estimation of spatial variation in
    relative risk. *Statistics in Medicine* 14, 2335-2342.

    Examples
    --------
    >>> log_density_ratio([0.2, 0.1, 0.0], [0.1, 0.1, 0.1]).round(3)
    array([0.693, 0.   ,   nan])
    """
    above, below = (np.asarray(given, dtype=np.float64) for given in (upper, lower))
    if above.shape != below.shape:
        raise SettingsError(f"densities of the shapes {above.shape} and {below.shape} are compared")
    both = (above > 0) & (below > 0)
    ratio: FloatArray = np.full(above.shape, np.nan)
    ratio[both] = np.log(above[both]) - np.log(below[both])
    return ratio


def kernel_value(kernel: Kernel, squared: FloatArray, bandwidth: FloatArray | float) -> FloatArray:
    """Return the height of a kernel at squared distances from its center, per m².

    Examples
    --------
    >>> kernel_value("quartic", np.array([0.0, 1.0, 4.0]), 2.0).round(4)
    array([0.2387, 0.1343, 0.    ])
    """
    width = np.square(bandwidth)
    if kernel == "gaussian":
        return np.asarray(np.exp(-squared / (2 * width)) / (2 * np.pi * width))
    left = np.maximum(1 - squared / width, 0)
    if kernel == "quartic":
        return np.asarray(3 / (np.pi * width) * left**2)
    return np.asarray(2 / (np.pi * width) * left)


def kernel_spread(kernel: Kernel, bandwidth: float) -> float:
    """Return the standard deviation of a kernel along an axis.

    Examples
    --------
    >>> round(kernel_spread("quartic", 10_000))
    3536
    """
    return _SPREAD[kernel] * bandwidth


def kernel_reach(kernel: Kernel, bandwidth: float) -> float:
    """Return the distance beyond which a kernel is zero, or below 1e-10 of its height.

    Examples
    --------
    >>> kernel_reach("quartic", 10_000.0)
    10000.0
    """
    return _REACH[kernel] * bandwidth


def bandwidths(given: ArrayLike, n: int) -> FloatArray:
    """Return one bandwidth for each of `n` events, refusing what is not above zero.

    Examples
    --------
    >>> bandwidths(500, 2)
    array([500., 500.])
    """
    width = np.asarray(given, dtype=np.float64)
    if width.ndim and width.shape != (n,):
        raise SettingsError(f"{width.size} bandwidths for {n} events are given; give 1 or {n}")
    if not (np.isfinite(width) & (width > 0)).all():
        raise SettingsError("a bandwidth must be above zero and finite, in meters")
    return np.broadcast_to(width, (n,)).astype(np.float64)


def amounts(weights: ArrayLike | None, n: int) -> FloatArray:
    """Return what each of `n` events counts, refusing what is missing or negative.

    Examples
    --------
    >>> amounts(None, 2)
    array([1., 1.])
    """
    if weights is None:
        return np.ones(n)
    amount = np.asarray(weights, dtype=np.float64).ravel()
    if len(amount) != n:
        raise SettingsError(f"{len(amount)} weights for {n} events are given; give one each")
    if wrong := int((~np.isfinite(amount) | (amount < 0)).sum()):
        raise SettingsError(f"{wrong} of {n} weights are missing, negative or infinite")
    return amount


def check_kernel(kernel: str, edge: str) -> None:
    """Refuse names that are no kernel or no edge correction."""
    for value, known, what in (
        (kernel, get_args(Kernel), "kernel"),
        (edge, get_args(Edge), "edge correction"),
    ):
        if value not in known:
            raise SettingsError(f"{value!r} is no {what}; choose one of {', '.join(known)}")


def event_mass(
    area: StudyArea, events: FloatArray, bandwidth: FloatArray, kernel: Kernel
) -> FloatArray:
    """Return the share of each event's kernel inside a study area, refusing events outside of it.

    A mask on a grid is a staircase: an event a few meters beyond it is no fault. What counts is
    that enough of the kernel lies inside to divide by.
    """
    share = area.mass(events, bandwidth, kernel)
    if outside := int((share < MIN_MASS).sum()):
        raise SettingsError(
            f"{outside} of {len(events)} events lie outside the study area; leave them out and "
            "say so, or choose a larger area"
        )
    return share


def _kernel_sum(
    at: FloatArray, events: FloatArray, bandwidth: FloatArray, amount: FloatArray, kernel: Kernel
) -> FloatArray:
    # Events of one town share a point: they are summed before, not a thousand times after.
    unique, back = np.unique(np.column_stack([events, bandwidth]), axis=0, return_inverse=True)
    heap = np.bincount(back.ravel(), amount, len(unique))
    if (terms := len(unique) * len(at)) > MAX_PAIRS:
        raise SettingsError(
            f"the density of events at {len(unique)} places, wanted at {len(at)} points, takes "
            f"{terms} terms, more than the limit of {MAX_PAIRS}; use a grid (geo.stats.surface)"
        )
    found = np.zeros(len(at))
    rows = max(_BATCH // max(len(unique), 1), 1)
    for start in range(0, len(at), rows):
        here = at[start : start + rows]
        squared = np.square(here[:, :1] - unique[:, 0]) + np.square(here[:, 1:] - unique[:, 1])
        found[start : start + rows] = kernel_value(kernel, squared, unique[:, 2]) @ heap
    return found


def _between(low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the normal probability between two limits, without loss in the tails."""
    flip = low > 0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    share: FloatArray = scipy.special.ndtr(high) - scipy.special.ndtr(low)
    return share
