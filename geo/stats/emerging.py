"""Emerging hotspots: how the hot and cold periods of an area follow one another.

Arrays in, arrays out. Periods lie along the first axis, in order, and areas along the last.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.complete import BoolArray
from geo.stats.local import Links

FEWEST_PERIODS = 10
"""With fewer periods there is no trend to speak of."""

NO_PATTERN = "no pattern"
KINDS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
PATTERNS = (
    *(f"{kind} hotspot" for kind in KINDS),
    *(f"{kind} coldspot" for kind in KINDS),
    NO_PATTERN,
)
"""All labels."""


def emerging_patterns(
    hot: ArrayLike,
    cold: ArrayLike,
    trend_z: ArrayLike,
    trend_p: ArrayLike,
    *,
    tested: ArrayLike | None = None,
    level: float = 0.05,
) -> npt.NDArray[np.str_]:
    """Label each area by the pattern of its hot and cold periods.

    With "mostly" for at least 90 % of the periods, the first that fits, for hotspots:

    ============ ==============================================================================
    historical   mostly hot, but not in the last period
    intensifying mostly hot, the last included, and z rising significantly
    diminishing  mostly hot, the last included, and z falling significantly
    persistent   mostly hot, the last included, without a significant trend
    oscillating  hot in the last period, and cold in some earlier one
    new          hot in the last period, and in no other
    consecutive  hot in the last periods, two at least, without a break, and in no other
    sporadic     hot in the last period, on and off before
    ============ ==============================================================================

    Coldspots mirror it: an intensifying coldspot has a *falling* z. They come after the hotspots:
    an area mostly cold, and hot in the last period, is an oscillating hotspot. Esri's text fits
    both "new" and "oscillating" to a first hot period after a cold one; here it is oscillating.

    Parameters
    ----------
    hot, cold
        Whether each area (last axis) is significantly hot, or cold, in each period (first axis),
        adjusted for the number of tests.
    trend_z, trend_p
        Of the Mann-Kendall test of each area's z-scores, from
        :func:`geo.stats.trend.mann_kendall`. Missing ones (NaN) are no significant trend.
    tested
        Whether the area was tested in the period; left out, all were. Periods without a test do
        not count.
    level
        A trend with a p up to this is significant.

    Returns
    -------
    array
        One of ``PATTERNS`` an area; empty where the last period or all but nine were not tested.

    Raises
    ------
    SettingsError
        If there are fewer than ten periods, something is hot and cold at once or is either
        without having been tested, the arrays do not fit, or the level is not between 0 and 1.

    References
    ----------
    Esri. *How Emerging Hot Spot Analysis works*. Documentation of ArcGIS Pro 3.

    Examples
    --------
    Three areas and twelve periods: hot in the last two, hot in all, and cold, then hot:

    >>> never, once = [0] * 12, [0] * 11 + [1]
    >>> hot = np.transpose([[0] * 10 + [1, 1], [1] * 12, once])
    >>> cold = np.transpose([never, never, [1] + [0] * 11])
    >>> emerging_patterns(hot, cold, trend_z=[1, -3, 0], trend_p=[0.3, 0.003, 1]).tolist()
    ['consecutive hotspot', 'diminishing hotspot', 'oscillating hotspot']
    """
    is_hot, is_cold, known = _checked(hot, cold, tested)
    z, p = (np.asarray(given, dtype=np.float64) for given in (trend_z, trend_p))
    if not z.shape == p.shape == is_hot.shape[1:]:
        raise SettingsError(
            f"trend_z and trend_p have the shapes {z.shape} and {p.shape}; one number is expected "
            f"for each of the areas, {is_hot.shape[1:]}"
        )
    if not 0 < level < 1:
        raise SettingsError(f"level is {level:g}; it must lie between 0 and 1, as 0.05")

    trend = np.where(p <= level, np.sign(z), 0.0)
    labels = np.full(is_hot.shape[1:], NO_PATTERN, dtype=object)
    for name, shown, other, rise in (
        ("hotspot", is_hot, is_cold, trend),
        ("coldspot", is_cold, is_hot, -trend),
    ):
        for kind, fits in _kinds(shown, other, rise, known).items():
            labels[fits & (labels == NO_PATTERN)] = f"{kind} {name}"
    labels[~known[-1] | (known.sum(axis=0) < FEWEST_PERIODS)] = ""
    return labels.astype(np.str_)


def space_time_links(links: Links, periods: int, *, steps_back: int = 0) -> Links:
    """Return the links of all areas in all periods, for one statistic over the whole cube.

    With it, each area in each period is compared with the values of all periods: values of shape
    (periods, areas), flattened in that order, are one map of periods * areas values.

    Parameters
    ----------
    links
        Between areas, from :func:`geo.stats.local.links_between`.
    periods
        Number of periods.
    steps_back
        How many earlier periods are neighbors too: of each, the area itself and its neighbors.
        0 joins areas of the same period only.

    Examples
    --------
    Two areas, two periods; with a step back, the second period looks at the first:

    >>> from geo.stats.local import links_between
    >>> pair = links_between([0, 1], [1, 0], 2)
    >>> space_time_links(pair, 2, steps_back=1).toarray().astype(int)
    array([[0, 1, 0, 0],
           [1, 0, 0, 0],
           [1, 1, 0, 1],
           [1, 1, 1, 0]])
    """
    if periods < 1 or steps_back < 0:
        raise SettingsError(
            f"there are {periods} periods and {steps_back} steps back; one period is needed at "
            "least, and steps back cannot be fewer than 0"
        )
    earlier = links + scipy.sparse.eye_array(links.shape[0], format="csr")
    cube: Links = scipy.sparse.csr_array(
        scipy.sparse.kron(scipy.sparse.eye_array(periods), links, format="csr")
    )
    for step in range(1, min(steps_back, periods - 1) + 1):
        before = scipy.sparse.eye_array(periods, k=-step)
        cube = cube + scipy.sparse.csr_array(scipy.sparse.kron(before, earlier, format="csr"))
    return cube


def _kinds(
    shown: BoolArray, other: BoolArray, rise: npt.NDArray[np.float64], known: BoolArray
) -> dict[str, BoolArray]:
    """Return which areas fit each kind; several may fit, the first is meant."""
    number = shown.sum(axis=0)
    mostly = 10 * number >= 9 * known.sum(axis=0)  # exact, where a share of 0.9 would be rounded
    last = shown[-1]
    # The run at the end: known periods after the last one that is not shown.
    broken = known & ~shown
    after = np.cumsum(broken[::-1], axis=0)[::-1] == 0
    run = (after & shown).sum(axis=0)
    return {
        "historical": mostly & ~last,
        "intensifying": mostly & (rise > 0),
        "diminishing": mostly & (rise < 0),
        "persistent": mostly,
        "oscillating": last & other.any(axis=0),
        "new": last & (number == 1),
        "consecutive": last & (run == number),
        "sporadic": last,
    }


def _checked(
    hot: ArrayLike, cold: ArrayLike, tested: ArrayLike | None
) -> tuple[BoolArray, BoolArray, BoolArray]:
    is_hot, is_cold = np.asarray(hot, dtype=bool), np.asarray(cold, dtype=bool)
    known = np.ones_like(is_hot) if tested is None else np.asarray(tested, dtype=bool)
    if not is_hot.shape == is_cold.shape == known.shape or is_hot.ndim != 2:
        raise SettingsError(
            f"hot, cold and tested have the shapes {is_hot.shape}, {is_cold.shape} and "
            f"{known.shape}; all must be periods by areas"
        )
    if len(is_hot) < FEWEST_PERIODS:
        raise SettingsError(
            f"there are {len(is_hot)} periods; emerging hotspots need {FEWEST_PERIODS} at least, "
            "and two years of months to be relied on: take shorter periods or a longer time"
        )
    if (both := is_hot & is_cold).any():
        raise SettingsError(f"{both.sum()} of {both.size} area periods are both hot and cold")
    if (untested := (is_hot | is_cold) & ~known).any():
        raise SettingsError(
            f"{untested.sum()} of {untested.size} area periods are hot or cold and not tested"
        )
    return is_hot, is_cold, known
