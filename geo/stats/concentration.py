"""How few places hold how many events, and whether last period's hotspots held the next ones.

Counts in, shares out. A place is anything events are counted in: an area, a town, a grid cell.
Places without events belong to the count; leaving them out makes any pattern look spread out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Concentration:
    """The fewest places that hold at least a share of the events."""

    places: int
    share_of_places: float
    events: float
    share_of_events: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """How well flagged places foretold where events would be."""

    events: float
    hits: float
    hit_rate: float
    share_of_area: float
    pai: float


def fewest_places(events: ArrayLike, share: float = 0.8) -> Concentration:
    """Count the fewest places that hold at least a share of the events ("80-20").

    Parameters
    ----------
    events
        Events of each place, zero included.
    share
        Share of the events to be held.

    Returns
    -------
    Concentration
        Number and share of the places, and what they hold. Without events the shares of events
        are NaN and no place is needed.

    Raises
    ------
    SettingsError
        If a count is missing, negative or infinite, or the share is not in (0, 1].

    Examples
    --------
    Ten places; the first two hold 80 of 100 events:

    >>> fewest_places([50, 30, 10, 5, 3, 1, 1, 0, 0, 0])
    Concentration(places=2, share_of_places=0.2, events=80.0, share_of_events=0.8)
    """
    if not 0 < share <= 1:
        raise SettingsError(f"the share of the events must lie in (0, 1], not {share:g}")
    counts = np.sort(_counts(events))[::-1]
    total = math.fsum(counts)
    if total == 0:
        nothing = 0.0 if len(counts) else math.nan
        return Concentration(0, nothing, 0.0, math.nan)
    held = np.cumsum(counts)
    # A share such as 0.8 is not exact in binary: 80 of 100 are 80 %.
    enough = float(Fraction(share).limit_denominator(10**9) * Fraction(total))
    places = int(np.searchsorted(held, enough * (1 - 1e-12))) + 1
    places = min(places, int(np.count_nonzero(counts)))
    return Concentration(
        places, places / len(counts), float(held[places - 1]), float(held[places - 1]) / total
    )


def share_in_top(events: ArrayLike, places: float = 0.2) -> float:
    """Return the share of the events in the busiest share of places.

    Where the share of places is no whole number of places, the last place counts in part.

    Parameters
    ----------
    events
        As in :func:`fewest_places`.
    places
        Share of the places, in [0, 1].

    Returns
    -------
    float
        NaN without events.

    Examples
    --------
    >>> share_in_top([50, 30, 10, 5, 3, 1, 1, 0, 0, 0], 0.2)
    0.8
    >>> share_in_top([6, 2, 0], 0.5)
    0.875
    """
    if not 0 <= places <= 1:
        raise SettingsError(f"the share of the places must lie in [0, 1], not {places:g}")
    of_places, of_events = lorenz(events)
    return float(1 - np.interp(1 - places, of_places, of_events))


def lorenz(events: ArrayLike, exposure: ArrayLike | None = None) -> tuple[FloatArray, FloatArray]:
    """Return the Lorenz curve: the share of events in the quietest share of places.

    Parameters
    ----------
    events
        As in :func:`fewest_places`.
    exposure
        Weight of each place, such as its population or its area. Places are then ordered by
        events per exposure, and the curve runs over the share of the exposure. As a rule every
        place weighs the same.

    Returns
    -------
    tuple of arrays
        Share of places (of exposure) and share of events, both from 0 to 1, one point more than
        places with exposure. Without events the shares of events are NaN.

    Raises
    ------
    SettingsError
        If a count or an exposure is missing, negative or infinite, or there are events where
        there is no exposure.

    References
    ----------
    Lorenz, M. O. (1905). Methods of measuring the concentration of wealth. *Publications of the
    American Statistical Association* 9, 209-219.

    Examples
    --------
    >>> of_places, of_events = lorenz([3, 0, 1, 0])
    >>> of_places
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    >>> of_events
    array([0.  , 0.  , 0.  , 0.25, 1.  ])
    """
    counts = _counts(events)
    weights = np.ones_like(counts) if exposure is None else _counts(exposure, "exposures")
    if counts.shape != weights.shape:
        raise SettingsError(f"{counts.size} counts and {weights.size} exposures do not go together")
    if outside := int(((weights == 0) & (counts > 0)).sum()):
        raise SettingsError(f"{outside} places have events and no exposure; leave them out first")
    counts, weights = counts[weights > 0], weights[weights > 0]
    order = np.argsort(counts / weights, kind="stable")
    return _shares(weights[order]), _shares(counts[order])


def gini(
    events: ArrayLike, exposure: ArrayLike | None = None, *, few_events: bool = False
) -> float:
    """Return the Gini index: 0 if all places have the same, near 1 if one has all.

    Parameters
    ----------
    events, exposure
        As in :func:`lorenz`.
    few_events
        With fewer events than places some places must stay empty, and the plain index is high
        by arithmetic alone. If set, it is rescaled to be 0 where no place has more than one
        event. Only without `exposure`.

    Returns
    -------
    float
        Twice the area between the Lorenz curve and the diagonal; NaN without events.

    References
    ----------
    Bernasco, W., and Steenbeek, W. (2017). More places than crimes: implications for evaluating
    the law of crime concentration at place. *Journal of Quantitative Criminology* 33, 451-467.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([4, 0, 0, 0]), gini([3, 0, 1, 0])
    (0.0, 0.75, 0.625)

    Two events, each in a place of its own, are not concentrated:

    >>> gini([1, 1, 0, 0]), gini([1, 1, 0, 0], few_events=True)
    (0.5, 0.0)
    """
    if few_events and exposure is not None:
        raise SettingsError("few_events rescales by the number of places; leave the exposure out")
    of_places, of_events = lorenz(events, exposure)
    if np.isnan(of_events).any():
        return math.nan
    under = float((np.diff(of_places) * (of_events[1:] + of_events[:-1])).sum())
    # Rounding must not make an even spread negative.
    plain = max(1 - under, 0.0)
    places, total = len(of_places) - 1, math.fsum(_counts(events))
    if few_events and 0 < total < places:
        return max((plain - 1) * places / total + 1, 0.0)
    return plain


def predictive_accuracy(
    flagged: npt.NDArray[np.bool_], events: ArrayLike, area_km2: ArrayLike
) -> Prediction:
    """Tell how many of the next period's events lie in the places flagged before it.

    Parameters
    ----------
    flagged
        Whether each place was flagged, for instance as a hotspot of the last period.
    events
        Events of each place in the next period.
    area_km2
        Size of each place.

    Returns
    -------
    Prediction
        ``hit_rate`` is the share of events in flagged places; ``pai``, the prediction accuracy
        index, is the hit rate divided by the share of the area that was flagged: 1 is no better
        than chance, 5 means five times as many events a km² as overall. Without events both are
        NaN; without a flagged place the hit rate is 0 and the index NaN.

    Raises
    ------
    SettingsError
        If a count or an area is missing, negative or infinite, or no place has an area.

    References
    ----------
    Chainey, S., Tompson, L., and Uhlig, S. (2008). The utility of hotspot mapping for predicting
    spatial patterns of crime. *Security Journal* 21, 4-28.

    Examples
    --------
    One of four equal places was flagged, and 6 of the next 10 events happened there:

    >>> predictive_accuracy(np.array([True, False, False, False]), [6, 2, 2, 0], [5, 5, 5, 5])
    Prediction(events=10.0, hits=6.0, hit_rate=0.6, share_of_area=0.25, pai=2.4)
    """
    chosen = np.asarray(flagged)
    counts, area = _counts(events), _counts(area_km2, "areas")
    if chosen.dtype != np.bool_ or not chosen.shape == counts.shape == area.shape:
        raise SettingsError(
            f"flags {chosen.shape} of type {chosen.dtype}, counts {counts.shape} and areas "
            f"{area.shape} do not go together; give one true or false, one count and one area each"
        )
    total, whole = math.fsum(counts), math.fsum(area)
    if whole == 0:
        raise SettingsError("no place has an area above zero")
    hits, flagged_area = math.fsum(counts[chosen]), math.fsum(area[chosen])
    hit_rate = hits / total if total else math.nan
    # Multiplied out: the share of the area is often tiny, and is divided by once.
    pai = (hits * whole) / (total * flagged_area) if total and flagged_area else math.nan
    return Prediction(total, hits, hit_rate, flagged_area / whole, pai)


def _shares(values: FloatArray) -> FloatArray:
    held = np.concatenate([[0.0], np.cumsum(values)])
    if held[-1] == 0:
        return np.full(len(held), np.nan)
    shares: FloatArray = held / held[-1]
    return shares


def _counts(given: ArrayLike, what: str = "counts of events") -> FloatArray:
    counts = np.asarray(given, dtype=np.float64).ravel()
    if wrong := int((~np.isfinite(counts) | (counts < 0)).sum()):
        raise SettingsError(
            f"{wrong} of {len(counts)} {what} are missing, negative or infinite; a place without "
            "events has 0"
        )
    return counts
