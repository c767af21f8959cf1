"""What a scan will cost, and how far its p-values may be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.stats.scan import FloatArray, ScanSettings
from geo.stats.scan_cylinders import Windows
from geo.stats.scan_search import Zones

_CYLINDERS_A_SECOND = 1.5e8
"""Cylinders of simulated data that one thread searches; slow machines take twice as long."""

_SECONDS_A_CYLINDER = 1e-7
"""For the data themselves, each cylinder of which is worked out."""


@dataclass(frozen=True, slots=True)
class Cost:
    """How many cylinders a scan looks at, and about how long that takes."""

    cylinders: int
    seconds: float


def scan_cost(
    points: FloatArray, population: FloatArray, periods: int, settings: ScanSettings
) -> Cost:
    """Return what a scan will cost, before it begins.

    Parameters
    ----------
    points
        Easting and northing of each area, in meters.
    population
        What the share of a circle is a share of.
    periods
        Number of periods.
    settings
        How far the scan looks.

    Examples
    --------
    Four areas of as many people, two in a circle at most; runs of 1 or 2 of 4 periods:

    >>> line = np.array([[0.0, 0], [1, 0], [2, 0], [9, 0]])
    >>> scan_cost(line, np.ones(4), 4, ScanSettings(replicates=0)).cylinders
    56
    """
    zones = Zones.around(
        points, population, max_share=settings.max_share, max_areas=settings.max_areas
    )
    return _cost(int(zones.size.sum()), periods, settings)


def most_cost(areas: int, periods: int, settings: ScanSettings) -> Cost:
    """Return what a scan costs at most, if every circle could hold every area.

    Examples
    --------
    >>> most_cost(4, 4, ScanSettings(replicates=0)).cylinders
    112
    """
    return _cost(areas * min(areas, settings.max_areas or areas), periods, settings)


def _cost(circles: int, periods: int, settings: ScanSettings) -> Cost:
    longest = min(1 if periods == 1 else settings.max_periods or max(periods // 2, 1), periods)
    windows = Windows(periods, longest, settings.prospective or periods == 1)
    length = np.arange(1, windows.longest + 1)
    runs = windows.longest if windows.ending else int((periods - length + 1).sum())
    cylinders = circles * runs
    simulated = cylinders * settings.replicates / _CYLINDERS_A_SECOND / settings.workers
    return Cost(cylinders, cylinders * _SECONDS_A_CYLINDER + simulated)


def space_time_dispersion(cases: ArrayLike) -> float:
    """Return how much counts of (area, period) vary, as a multiple of independent events.

    Pearson's chi-square around what areas and periods would have if they had nothing to do with
    each other, over its expectation. What is always so in an area, or in a period everywhere, is
    no dispersion; a cluster in space and time is, so this errs on the safe side.

    Parameters
    ----------
    cases
        Whole numbers of (area, period).

    Returns
    -------
    float
        1 on average for independent events, however few. NaN with fewer than two areas or
        periods that have any.

    References
    ----------
    Haldane, J. B. S. (1940). The mean and variance of chi-square, when used as a test of
    homogeneity, when expectations are small. *Biometrika* 31, 346-355.

    Examples
    --------
    Expected are 2 in each cell; chi-square is 4 x 2² / 2 = 8, and 8 / 7 is expected of it:

    >>> space_time_dispersion([[4, 0], [0, 4]])
    7.0
    >>> space_time_dispersion([[3, 0]])
    nan
    """
    counts = np.asarray(cases, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    areas, periods = counts.shape
    total = float(counts.sum())
    if areas < 2 or periods < 2 or total < 2:
        return float("nan")
    mean = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total
    chi_square = float((np.square(counts - mean) / mean).sum())
    ratio: float = chi_square * (total - 1) / (total * (areas - 1) * (periods - 1))
    return ratio
