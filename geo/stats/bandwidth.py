"""How far to smooth: bandwidths for the density of events.

Points in meters in one plane. A bandwidth below the precision of the coordinates shows the
gazetteer, not the events; hence the floor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.density import KM2, bandwidths, density_at
from geo.stats.weights import plane_points

FloatArray = npt.NDArray[np.float64]

FLOOR_M = 10_000.0
"""Events placed at "the named town" are not known any better."""

_MANY = 2_000


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """A bandwidth, what the criterion alone would have given, and whether the floor decided."""

    bandwidth_m: float
    found_m: float
    at_floor: bool


def choose_bandwidth(
    easting: ArrayLike, northing: ArrayLike, area_km2: float, *, floor_m: float = FLOOR_M
) -> Bandwidth:
    """Choose the Gaussian bandwidth by the criterion of Cronie and van Lieshout.

    One over the density, summed over the events, has the size of the study area as its
    expectation; the bandwidth is the one at which the sum equals it. Nothing is assumed about
    the shape of the pattern, and no edge correction enters.

    Parameters
    ----------
    easting, northing
        Events, in meters.
    area_km2
        Size of the study area.
    floor_m
        No bandwidth below it is returned. Above 2,000 different points those within a tenth of
        the floor are taken as one.

    Returns
    -------
    Bandwidth

    Raises
    ------
    SettingsError
        If there is no event, a coordinate is missing, or the area or the floor is not above
        zero.

    References
    ----------
    Cronie, O., and van Lieshout, M. N. M. (2018). A non-model-based approach to bandwidth
    selection for kernel estimators of spatial intensity functions. *Biometrika* 105, 455-462.

    Examples
    --------
    Ten events at one point: their density there is 10 / (2 pi h²), and ten times one over it
    equals the area at h = sqrt(area / (2 pi)).

    >>> choose_bandwidth([0] * 10, [0] * 10, 62_831.85, floor_m=1_000).bandwidth_m.__round__(-1)
    100000.0
    >>> choose_bandwidth([0] * 10, [0] * 10, 100)
    Bandwidth(bandwidth_m=10000.0, found_m=3989.4, at_floor=True)
    """
    points = plane_points(easting, northing)
    for value, what in ((area_km2, "the area"), (floor_m, "the floor of the bandwidth")):
        if not value > 0 or not math.isfinite(value):
            raise SettingsError(f"{what} must be above zero and finite, not {value:g}")
    if not len(points):
        raise SettingsError("a bandwidth needs one event or more, 0 are given")
    places, many = np.unique(points, axis=0, return_counts=True)
    if len(places) > _MANY:
        cell = floor_m / 10
        places, many = np.unique(np.round(points / cell) * cell, axis=0, return_counts=True)

    def surplus(log_width: float) -> float:
        width = math.exp(log_width)
        density = density_at(
            places[:, 0], places[:, 1], places[:, 0], places[:, 1],
            bandwidth_m=width, weights=many,
        )  # fmt: skip
        return math.log(float((many / density).sum()) / area_km2)

    # The density at a place is at least that of its own events and at most that of all events
    # heaped there; so the answer lies between these two.
    most = math.log(math.sqrt(area_km2 * KM2 / (2 * math.pi)))
    least = most - math.log(len(places)) / 2
    hair = 1e-6
    found = math.exp(scipy.optimize.brentq(surplus, least - hair, most + hair, xtol=1e-6))
    return Bandwidth(max(found, floor_m), found, found < floor_m)


def scott_bandwidth(easting: ArrayLike, northing: ArrayLike) -> float:
    """Return Scott's rule of thumb: n^(-1/6) times the root mean variance of the two axes.

    Right for one normal cloud of events; far too wide for many towns. A yardstick, no default.

    Examples
    --------
    >>> round(scott_bandwidth([0, 2, 4], [0, 0, 0]), 4)
    1.1776
    """
    points = plane_points(easting, northing)
    if len(points) < 2:
        raise SettingsError(f"Scott's rule needs two events or more, {len(points)} are given")
    return float(len(points) ** (-1 / 6) * math.sqrt(points.var(axis=0, ddof=1).mean()))


def adaptive_bandwidths(
    easting: ArrayLike,
    northing: ArrayLike,
    *,
    pilot_m: float,
    at_most_m: float = math.inf,
    pilot: ArrayLike | None = None,
) -> FloatArray:
    """Return a bandwidth for each event: short where events are dense, long where they are few.

    Abramson's rule h * sqrt(G / f), where f is the density at the event by the pilot bandwidth h
    (the event itself included) and G the geometric mean of f over the events.

    Parameters
    ----------
    easting, northing
        Events, in meters.
    pilot_m
        Bandwidth of the Gaussian pilot density, and about the middle of those returned.
    at_most_m
        No bandwidth above it; a lone event would otherwise be spread over a whole state.
    pilot
        Densities at the events from elsewhere, such as
        :func:`geo.stats.surface.values_at` of a surface, where events are too many to be summed
        one by one.

    Returns
    -------
    array
        Meters; their geometric mean is `pilot_m` if `at_most_m` is infinite.

    References
    ----------
    Abramson, I. S. (1982). On bandwidth variation in kernel estimates - a square root law.
    *Annals of Statistics* 10, 1217-1223.

    Examples
    --------
    Four events at one point are four times as dense as the lone one, and spread half as far:

    >>> adaptive_bandwidths([0, 0, 0, 0, 9e6], [0] * 5, pilot_m=1_000).round(1)
    array([ 870.6,  870.6,  870.6,  870.6, 1741.1])
    """
    points = plane_points(easting, northing)
    bandwidths([pilot_m], 1)
    if not at_most_m >= pilot_m:
        raise SettingsError(
            f"bandwidths of at most {at_most_m:g} m cannot have the middle {pilot_m:g} m"
        )
    if not len(points):
        return np.empty(0)
    if pilot is None:
        places, back, many = np.unique(points, axis=0, return_inverse=True, return_counts=True)
        x, y = places.T
        density = density_at(x, y, x, y, bandwidth_m=pilot_m, weights=many)[back.ravel()]
    else:
        density = np.asarray(pilot, dtype=np.float64).ravel()
        if density.shape != (len(points),) or not (density > 0).all():
            raise SettingsError(
                f"the pilot must hold a density above zero for each of {len(points)} events"
            )
    middle = np.exp(np.log(density).mean())
    widths: FloatArray = np.minimum(pilot_m * np.sqrt(middle / density), at_most_m)
    return widths
