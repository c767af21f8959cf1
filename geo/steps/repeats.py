"""Test whether events near one another in space are near in time more often than by chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo import schema
from geo.stats import multiple, near_repeat
from geo.stats.near_repeat import Progress
from geo.steps.precise import PrecisePoints

REACHES_M = (0.0, 10_000.0, 25_000.0, 50_000.0)
"""Ends of the bands of distance. Coordinates are those of towns, so nothing finer than 10 km."""

REACHES_DAYS = (7, 14, 28)
"""Ends of the bands of time."""

PERMUTATIONS = 999
SEED = 20240909


def find_near_repeats(
    located: pd.DataFrame,
    *,
    reaches_m: Sequence[float] = REACHES_M,
    reaches_days: Sequence[int] = REACHES_DAYS,
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Count pairs of events by distance and time, and test each band (Knox, near repeat).

    Only events with an exact place and a known day are looked at. Gazetteers give all events of a
    town one point: a distance of 0 means the same town. Records of one day and place may be parts
    of one incident and raise the first band.

    By chance means that days have nothing to do with places: places are held and the days shuffled
    over them. What the whole country shares, trend and season, is in the shuffled days too; a shift
    of the violence from one region to another is not, and shows as nearness. The p is one-sided: a
    band with fewer pairs than expected has one near 1.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table. A near repeat is of one process: give the events of one region, or
        of one kind.
    reaches_m
        Ends of the bands of distance in meters, ascending, each included; 0 is a band of its own.
    reaches_days
        Ends of the bands of time in days; the first holds the same day.
    permutations
        Shuffles of the days, the same ones for all bands; 0 for the counts alone.
    seed
        Seed of the shuffles.
    progress
        Told how many shuffles are done, and how many there will be.

    Returns
    -------
    DataFrame
        A ``NEAR_REPEATS`` table, distance by distance. Ratio, p and q are missing where nothing is
        expected. Without events there are no rows.

    Raises
    ------
    SchemaError
        If `located` breaks its contract.
    SettingsError
        If no event has an exact place and day, reaches do not ascend, or there are too many pairs
        for the memory or the time; it is counted before the work.

    Warns
    -----
    PrecisionWarning
        If events are left out for the precision of their place or date.

    References
    ----------
    Knox, E. G. (1964). The detection of space-time interactions. *Applied Statistics* 13, 25-29.
    Johnson, S. D., et al. (2007). Space-time patterns of risk: a cross national assessment of
    residential burglary victimization. *Journal of Quantitative Criminology* 23, 201-219.

    Examples
    --------
    >>> len(find_near_repeats(schema.ASSIGNED.empty()))
    0
    """
    schema.ASSIGNED.check(located)
    points = PrecisePoints.of(located, what="near repeats")
    # The order of the events would decide which day a shuffle gives to which place.
    order = np.lexsort((points.northing, points.easting, points.days))
    found = near_repeat.near_repeats(
        points.easting[order],
        points.northing[order],
        points.days[order],
        reaches_m=reaches_m,
        reaches_days=reaches_days,
        permutations=permutations,
        rng=np.random.default_rng(seed),
        progress=progress,
    )
    if not len(order):
        return schema.NEAR_REPEATS.empty()
    far, late = len(reaches_m), len(reaches_days)
    q = multiple.benjamini_hochberg(found.p_value.ravel())
    table = pd.DataFrame(
        {
            "above_m": np.repeat([np.nan, *reaches_m[:-1]], late),
            "up_to_m": np.repeat(reaches_m, late),
            "after_days": pd.array([pd.NA, *reaches_days[:-1]] * far, dtype="Int64"),
            "up_to_days": np.tile(reaches_days, far),
            "events": len(order),
            "observed": found.observed.ravel(),
            "expected": found.expected.ravel(),
            "ratio": found.ratio.ravel(),
            "p_value": found.p_value.ravel(),
            "q_value": q,
            "permutations": permutations,
        }
    )
    return table.astype(schema.NEAR_REPEATS.dtypes)
