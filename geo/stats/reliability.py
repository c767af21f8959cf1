"""Whether a rate rests on enough to be ranked or colored as an extreme.

The rule of the United States' National Center for Health Statistics (rates of fewer than 20
deaths are unreliable), and a floor for the population. Such rates are flagged, never deleted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.stats.rates import FloatArray

MIN_EVENTS = 20
"""Fewer events than this have a relative standard error above 22.4 %."""

MIN_POPULATION = 10_000
"""Fewer people than this are a small population."""


def relative_standard_error(events: ArrayLike) -> FloatArray:
    """Return the standard error of a Poisson rate as a share of the rate: 1 / sqrt(events).

    Returns
    -------
    array
        NaN without events: a rate of zero has an upper limit and no relative error.

    Examples
    --------
    >>> relative_standard_error([0, 1, 400])
    array([ nan, 1.  , 0.05])
    """
    counts = np.asarray(events, dtype=np.float64)
    error = np.full(counts.shape, np.nan)
    np.divide(1.0, np.sqrt(counts), out=error, where=counts > 0)
    return error


def has_few_events(events: ArrayLike) -> npt.NDArray[np.bool_]:
    """Return where there are fewer than :data:`MIN_EVENTS` events, none and missing included.

    Examples
    --------
    >>> has_few_events([0, 19, 20])
    array([ True,  True, False])
    """
    return ~(np.asarray(events, dtype=np.float64) >= MIN_EVENTS)


def has_small_population(population: ArrayLike) -> npt.NDArray[np.bool_]:
    """Return where there are fewer than :data:`MIN_POPULATION` people, or nobody knows.

    Examples
    --------
    >>> has_small_population([9_999, 10_000, float("nan")])
    array([ True, False,  True])
    """
    return ~(np.asarray(population, dtype=np.float64) >= MIN_POPULATION)


def is_reliable(events: ArrayLike, population: ArrayLike) -> npt.NDArray[np.bool_]:
    """Return where a rate has enough events and enough people.

    Examples
    --------
    >>> is_reliable([20, 20, 19], [10_000, 9_999, 500_000])
    array([ True, False, False])
    """
    return ~(has_few_events(events) | has_small_population(population))
