"""Find areas that are high, or low, together with their neighbors."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import SettingsError
from geo.stats import local
from geo.steps.neighborhood import (
    PERMUTATIONS,
    SEED,
    Fdr,
    Inference,
    Neighborhoods,
    complete_rows,
    keyed,
)

FloatArray = npt.NDArray[np.float64]

Statistic = Literal["gi_star", "gi"]
"""With the area itself (Gi*), or without (Gi)."""

BIN_LEVELS = (0.10, 0.05, 0.01)
"""q-values up to these make a hotspot of bin 1, 2 and 3 (90, 95 and 99 %)."""


def find_hotspots(
    measures: pd.DataFrame,
    neighbors: pd.DataFrame | None = None,
    *,
    value: str = "eb_rate",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    fdr: Fdr = "bh",
    statistic: Statistic = "gi_star",
) -> pd.DataFrame:
    """Test in each period (and category) where high values lie together.

    The statistic is Getis and Ord's Gi* with the area itself included and all weights 1. Its p is
    two-sided and from conditional permutations: the value of the area is held, the others are
    shuffled among areas of like exposure (:mod:`geo.stats.like_permutation`; among all where the
    table has none, or fewer than 80 areas). So it is the *neighbors* that are tested, and a lone
    extreme area is no hotspot (:func:`geo.steps.moran.find_outliers`). ``p_analytic`` is beside
    it, from the normal tail: on skewed rates it finds far too much. q-values are adjusted over all
    areas tested in one map.

    Smoothed rates are not exchangeable, only those of areas of like exposure are: populous places
    stray farther from the mean, and lie together. Nor are counts. In a map of volume z says where
    the events are, and what passes the test has more, or fewer, than places as populous.

    The default value is the empirical Bayes rate: crude rates are highest in tiny places and counts
    in the big cities. Results do not depend on the order of the rows.

    Parameters
    ----------
    measures
        A ``MEASURES`` table. Periods that are not complete are left out. Only its areas are
        compared: give all areas of the country, also where only some are of interest.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the same level unless given. Areas that are
        not in `measures` are passed over.
    value
        The column to be tested. ``"local_eb_rate"`` is refused: smoothing over neighbors makes
        the likeness that the test would find.
    permutations
        Number of draws, the same ones for all maps. Fewer than some 40 times the number of
        areas keep a single area from passing the adjustment. Where p is not small there are fewer
        (:func:`geo.stats.like_permutation.like_permutation_p`). 0 takes p from the normal tail.
    seed
        Seed of the draws.
    fdr
        ``"bh"`` (Benjamini-Hochberg) or ``"by"`` (Benjamini-Yekutieli: stricter, and right
        whatever the dependence between the tests).
    statistic
        ``"gi_star"``, or ``"gi"``: the area itself is left out, so that z is of what the
        permutations test. The table then has ``gi`` as well, and ``p_analytic`` and ``gi_bin``
        are of it: a high area among strikingly low ones is cold.

    Returns
    -------
    DataFrame
        A ``HOTSPOTS`` table: the rows of the complete periods, same index. ``gi_bin`` is 1, 2 or
        3 for hotspots at 90, 95 and 99 % (q up to 0.10, 0.05, 0.01), the same below zero for
        coldspots, and 0 for neither; it is 0, too, where Gi* and the neighbors point to different
        sides (a high area among strikingly low ones). All but the value is missing where an area
        was not tested: it has no value, no neighbor with a value, or all values of the map are
        equal.

    Raises
    ------
    SchemaError
        If a table breaks its contract, or an area is its own neighbor.
    SettingsError
        If `value` is no column of numbers or smoothed over neighbors, no area has neighbors, there
        are fewer than 30 areas or fewer than 39 permutations.

    Warns
    -----
    DataWarning
        If areas with a value have no neighbor, fewer than 30 areas are tested in a map, or more
        than 80 % of its areas are without an event, or the permutations are too few for a
        single area to pass.
    PeriodWarning
        If no period is complete.

    References
    ----------
    Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional
    issues and an application. *Geographical Analysis* 27, 286-306. For the adjustment: Caldas de
    Castro, M., and Singer, B. H. (2006). *Geographical Analysis* 38, 180-208.

    Examples
    --------
    >>> from geo import schema
    >>> hotspots = find_hotspots(schema.MEASURES.empty(), schema.NEIGHBORS.empty())
    >>> hotspots.columns.tolist()
    ['cvegeo', 'period', 'value', 'gi_star', 'p_analytic', 'p_value', 'q_value', 'gi_bin']
    """
    if statistic not in get_args(Statistic):
        raise SettingsError(f"statistic is {statistic!r}; choose 'gi_star' or 'gi'")
    test = Inference(permutations=permutations, seed=seed, fdr=fdr)
    whole = complete_rows(measures, value)
    found = keyed(whole, value)
    if not len(whole):
        nothing = np.empty(0)
        return _with_results(found, statistic, *[nothing] * 6)

    maps = Neighborhoods.of(whole, value, neighbors)
    z_star = local.gi_star(maps.values, maps.links)
    z_star[maps.alone] = np.nan
    z = z_star if statistic == "gi_star" else local.gi(maps.values, maps.links)
    p_analytic = local.two_sided_p(z)
    p, side = p_analytic, np.sign(z)
    if permutations:
        p, side = test.shuffled(maps.values, maps.links, maps.sizes)
        p = np.where(np.isnan(z), np.nan, p)
        test.warn_if_coarse(p)
    maps.warn_of_weak_maps(z, whole)
    results = z_star, z, p_analytic, p, test.adjusted(p), side
    return _with_results(found, statistic, *map(maps.grid.rows, results))


def gi_bins(z: FloatArray, q: FloatArray, side: FloatArray) -> pd.arrays.IntegerArray:
    """Return the bin of each test: its sign, and how many of :data:`BIN_LEVELS` it passes.

    `side` is the sign of what q is of. Where it is not that of z, the bin is 0.

    Examples
    --------
    >>> z, q = np.array([4.0, -2.5, 1.0, np.nan, 2.0]), np.array([0.01, 0.04, 0.5, np.nan, 0.01])
    >>> gi_bins(z, q, side=np.array([1, -1, 1, np.nan, -1])).tolist()
    [3, -2, 0, <NA>, 0]
    """
    tested = ~np.isnan(q)
    passed = sum((q <= limit).astype(np.int64) for limit in BIN_LEVELS)
    sign = np.where(tested & (np.sign(z) == side), np.sign(np.where(tested, z, 0)), 0)
    bins = np.where(tested, sign * passed, 0).astype(np.int64)
    return pd.arrays.IntegerArray(bins, ~tested)


def _with_results(
    found: pd.DataFrame,
    statistic: Statistic,
    z_star: FloatArray,
    z: FloatArray,
    p_analytic: FloatArray,
    p: FloatArray,
    q: FloatArray,
    side: FloatArray,
) -> pd.DataFrame:
    found = found.assign(gi_star=z_star)
    if statistic == "gi":
        found = found.assign(gi=z)
    return found.assign(p_analytic=p_analytic, p_value=p, q_value=q, gi_bin=gi_bins(z, q, side))
