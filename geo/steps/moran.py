"""Find areas unlike their neighbors, and test whether neighbors are alike at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.errors import SettingsError
from geo.stats import local, moran
from geo.stats.eb_moran import eb_moran
from geo.steps.map_grid import MapGrid
from geo.steps.neighborhood import (
    LEVEL,
    PERMUTATIONS,
    SEED,
    Fdr,
    Inference,
    Neighborhoods,
    complete_rows,
    keyed,
    links_of,
)

FloatArray = npt.NDArray[np.float64]

GLOBAL_PERMUTATIONS = 9_999
"""A test a map needs no more: nothing is adjusted over thousands of areas."""


def find_outliers(
    measures: pd.DataFrame,
    neighbors: pd.DataFrame | None = None,
    *,
    value: str = "eb_rate",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    fdr: Fdr = "bh",
) -> pd.DataFrame:
    """Test in each period (and category) which areas are unlike their neighbors.

    The statistic is Anselin's local Moran's I with row-standardized weights. Its p is two-sided,
    from conditional permutations, and asks the same as that of
    :func:`geo.steps.hotspots.find_hotspots`: are the *neighbors* unusual? An outlier is an area
    above the mean of its map whose neighbors are lower than chance would have them (HL), or the
    reverse (LH). A high area among ordinary neighbors is HL by its quadrant and no significant
    outlier: nothing about its neighborhood is unusual, look at its rate and interval. In the same
    way a cluster is an area above the mean whose neighbors are higher than chance would have them
    (HH), or one below it among lower ones (LL).

    Parameters
    ----------
    measures, neighbors, value, permutations, seed, fdr
        As in :func:`geo.steps.hotspots.find_hotspots`.

    Returns
    -------
    DataFrame
        An ``OUTLIERS`` table: the rows of the complete periods, same index. All but the value is
        missing where an area was not tested.

    Raises
    ------
    SchemaError, SettingsError
        As in :func:`geo.steps.hotspots.find_hotspots`, with the same warnings.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. *Geographical Analysis* 27,
    93-115. Sokal, R. R., Oden, N. L., and Thomson, B. A. (1998). Local spatial autocorrelation in
    a biological model. *Geographical Analysis* 30, 331-354.

    Examples
    --------
    >>> outliers = find_outliers(schema.MEASURES.empty(), schema.NEIGHBORS.empty())
    >>> outliers.columns.tolist()[3:]
    ['neighbor_mean', 'local_moran', 'p_value', 'q_value', 'quadrant', 'is_outlier', 'is_cluster']
    """
    inference = Inference(permutations=permutations, seed=seed, fdr=fdr)
    whole = complete_rows(measures, value)
    found = keyed(whole, value)
    if not len(whole):
        return _with_results(found, np.empty(0, dtype=np.str_), *[np.empty(0)] * 5)

    maps = Neighborhoods.of(whole, value, neighbors)
    index = moran.local_moran(maps.values, maps.links)
    z = local.gi(maps.values, maps.links)
    p, side = local.two_sided_p(z), np.sign(z)
    if permutations:
        p, side = inference.shuffled(maps.values, maps.links, maps.sizes)
        inference.warn_if_coarse(p)
    p = np.where(np.isnan(index.index), np.nan, p)
    maps.warn_of_weak_maps(index.index, whole)
    lag = np.where(np.isnan(index.index), np.nan, _neighbor_means(maps))
    numbers = lag, index.index, p, inference.adjusted(p), side
    quadrant = moran.quadrants(maps.values, maps.links)[maps.grid.map, maps.grid.area]
    return _with_results(found, quadrant, *map(maps.grid.rows, numbers))


def _neighbor_means(maps: Neighborhoods) -> FloatArray:
    """Return the mean of those neighbors that have a value."""
    present = ~np.isnan(maps.values)
    number = local.count_neighbors(maps.values, maps.links)
    total = (maps.links @ np.where(present, maps.values, 0.0).T).T
    means: FloatArray = total / np.where(number > 0, number, np.nan)
    return means


def _with_results(
    found: pd.DataFrame,
    quadrant: npt.NDArray[np.str_],
    lag: FloatArray,
    index: FloatArray,
    p: FloatArray,
    q: FloatArray,
    side: FloatArray,
) -> pd.DataFrame:
    # The mean that quadrants go by need not be where the draws lie: both must agree.
    unlike = ((quadrant == "HL") & (side < 0)) | ((quadrant == "LH") & (side > 0))
    alike = ((quadrant == "HH") & (side > 0)) | ((quadrant == "LL") & (side < 0))
    tested = ~np.isnan(q)
    sure = (q <= LEVEL) & tested
    return found.assign(
        neighbor_mean=lag,
        local_moran=index,
        p_value=p,
        q_value=q,
        quadrant=pd.Series(quadrant, found.index, dtype="str").where(quadrant != ""),
        is_outlier=pd.arrays.BooleanArray(unlike & sure, ~tested),
        is_cluster=pd.arrays.BooleanArray(alike & sure, ~tested),
    )


def measure_clustering(
    measures: pd.DataFrame,
    neighbors: pd.DataFrame | None = None,
    *,
    permutations: int = GLOBAL_PERMUTATIONS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Test each map as a whole: whether neighbors have rates more alike than by chance.

    Moran's I of EB-standardized rates (Assunção and Reis), which allows for how well the rate of
    each area is known. Rates are made here from events and exposure.

    Parameters
    ----------
    measures
        A ``MEASURES`` table. Periods that are not complete are left out.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the same level unless given.
    permutations
        Number of shuffles of the whole map.
    seed
        Seed of the shuffles.

    Returns
    -------
    DataFrame
        A ``CLUSTERING`` table, one row a period (and category). Without events there is no I.

    Raises
    ------
    SchemaError
        If a table breaks its contract.
    SettingsError
        If there are fewer than 39 permutations, or no area has neighbors.

    References
    ----------
    Assunção, R. M., and Reis, E. A. (1999). A new proposal to adjust Moran's I for population
    density. *Statistics in Medicine* 18, 2147-2162.

    Examples
    --------
    >>> measure_clustering(schema.MEASURES.empty()).columns.tolist()
    ['period', 'areas', 'events', 'moran', 'p_greater', 'p_value', 'permutations']
    """
    if permutations < 1:
        raise SettingsError(f"permutations is {permutations}; the global test has no other p")
    Inference(permutations=permutations, seed=seed)
    whole = complete_rows(measures, "events")
    if not len(whole):
        return schema.CLUSTERING.empty()
    grid = MapGrid.of(whole)
    events, exposure = grid.maps(whole["events"]), grid.maps(whole["exposure"])
    rng = np.random.default_rng(seed)
    links = links_of(grid.codes, neighbors)
    found = eb_moran(events, exposure, links, permutations=permutations, rng=rng)
    known = (exposure > 0) & ~np.isnan(events)
    names = [name for name in ("period", "category") if name in whole.columns]
    # One row a map, in the order of the maps.
    first = pd.Series(grid.map).drop_duplicates().sort_values().index
    table = whole.iloc[first][names].reset_index(drop=True)
    return table.assign(
        areas=known.sum(axis=1),
        events=np.where(known, events, 0).sum(axis=1).astype(np.int64),
        moran=found.index,
        p_greater=found.p_greater,
        p_value=found.p_value,
        permutations=permutations,
    )
