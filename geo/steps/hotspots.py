"""Find areas that are high, or low, together with their neighbors."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import DataWarning, PeriodWarning, SchemaError, SettingsError
from geo.sources import boundaries
from geo.stats import local, multiple
from geo.steps.measure import MapGrid

FloatArray = npt.NDArray[np.float64]

BIN_LEVELS = (0.10, 0.05, 0.01)
"""q-values up to these make a hotspot of bin 1, 2 and 3 (90, 95 and 99 %)."""

FEW_AREAS = 30
MANY_ZEROS = 0.8

_LEVEL: dict[int, Level] = {2: "state", 5: "municipality"}


def find_hotspots(
    measures: pd.DataFrame, neighbors: pd.DataFrame | None = None, *, value: str = "eb_rate"
) -> pd.DataFrame:
    """Test in each period (and category) where high values lie together.

    The statistic is Getis and Ord's Gi* with the area itself included and all weights 1. Its p is
    two-sided and analytic, from the normal tail, which is generous where rates are very skewed.
    q-values are adjusted (Benjamini-Hochberg) over all areas tested in one map.

    The default value is the empirical Bayes rate: counts find the big cities and crude rates the
    tiny places. Results do not depend on the order of the rows.

    Parameters
    ----------
    measures
        A ``MEASURES`` table. Periods that are not complete are left out. Only its areas are
        compared: give all areas of the country, also where only some are of interest.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the same level unless given. Areas that are
        not in `measures` are passed over.
    value
        The column to be tested.

    Returns
    -------
    DataFrame
        A ``HOTSPOTS`` table: the rows of the complete periods, same index. ``gi_bin`` is 1, 2 or
        3 for hotspots at 90, 95 and 99 % (q up to 0.10, 0.05, 0.01), the same below zero for
        coldspots, and 0 for neither. All but the value is missing where an area was not tested:
        it has no value, no neighbor with a value, or all values of the map are equal.

    Raises
    ------
    SchemaError
        If a table breaks its contract, or an area is its own neighbor.
    SettingsError
        If `value` is no column of numbers, or no area has neighbors.

    Warns
    -----
    DataWarning
        If areas with a value have no neighbor, fewer than 30 areas are tested in a map, or more
        than 80 % of its areas are without an event: the normal tail is then poor.
    PeriodWarning
        If no period is complete.

    Examples
    --------
    >>> hotspots = find_hotspots(schema.MEASURES.empty(), schema.NEIGHBORS.empty())
    >>> hotspots.columns.tolist()
    ['cvegeo', 'period', 'value', 'gi_star', 'p_analytic', 'q_value', 'gi_bin']
    """
    schema.PANEL.check(measures)
    if value not in measures.columns or not pd.api.types.is_numeric_dtype(measures[value]):
        numeric = measures.select_dtypes("number").columns
        raise SettingsError(
            f"{value!r} is no column of numbers to look for hotspots in; there are "
            f"{', '.join(map(str, numeric))} (rates are added by add_rates)"
        )
    whole = measures[measures["complete"].fillna(value=False).to_numpy(dtype=bool)]
    if len(measures) and not len(whole):
        warnings.warn(
            "no period is complete: there is nothing to look for hotspots in",
            PeriodWarning,
            stacklevel=2,
        )
    keys = [name for name in ("cvegeo", "period", "category") if name in measures.columns]
    found = whole[keys].assign(value=whole[value].astype("float64"))
    if not len(whole):
        return _with_results(found, *[np.empty(0)] * 3)

    grid = MapGrid.of(whole)
    links = _links(grid.codes, neighbors)
    maps = grid.maps(found["value"])
    z = local.gi_star(maps, links)
    alone = ~np.isnan(maps) & (local.count_neighbors(maps, links) == 0)
    z[alone] = np.nan
    p = local.two_sided_p(z)
    _warn_of_isolates(grid.codes[alone.any(axis=0)])
    _warn_of_weak_maps(z, grid.maps(whole["events"]))
    return _with_results(found, *map(grid.rows, (z, p, multiple.benjamini_hochberg(p))))


def gi_bins(z: FloatArray, q: FloatArray) -> pd.arrays.IntegerArray:
    """Return the bin of each test: its sign, and how many of :data:`BIN_LEVELS` it passes.

    Examples
    --------
    >>> gi_bins(np.array([4.0, -2.5, 1.0, np.nan]), np.array([0.01, 0.04, 0.5, np.nan])).tolist()
    [3, -2, 0, <NA>]
    """
    tested = ~np.isnan(q)
    passed = sum((q <= limit).astype(np.int64) for limit in BIN_LEVELS)
    bins = np.where(tested, np.sign(np.where(tested, z, 0)) * passed, 0).astype(np.int64)
    return pd.arrays.IntegerArray(bins, ~tested)


def _with_results(found: pd.DataFrame, z: FloatArray, p: FloatArray, q: FloatArray) -> pd.DataFrame:
    return found.assign(gi_star=z, p_analytic=p, q_value=q, gi_bin=gi_bins(z, q))


def _links(codes: pd.Index, neighbors: pd.DataFrame | None) -> local.Links:
    if neighbors is None:
        neighbors = boundaries.load_neighbors(_level_of(codes))
    schema.NEIGHBORS.check(neighbors)
    own = neighbors["focal"] == neighbors["neighbor"]
    if own.any():
        raise SchemaError(
            f"{int(own.sum())} areas are listed as their own neighbor, the first is "
            f"{neighbors['focal'][own].iloc[0]}; leave these rows out"
        )
    focal = codes.get_indexer(pd.Index(neighbors["focal"].astype("str")))
    other = codes.get_indexer(pd.Index(neighbors["neighbor"].astype("str")))
    here = (focal >= 0) & (other >= 0)
    if not here.any():
        raise SettingsError(
            f"no two of the {len(codes)} areas are neighbors; the measures have codes like "
            f"{codes[0]!r}, the neighbors like "
            f"{neighbors['focal'].iloc[0] if len(neighbors) else 'none'!r}. Give neighbors of the "
            "same level"
        )
    return local.links_between(focal[here], other[here], len(codes))


def _level_of(codes: pd.Index) -> Level:
    lengths = {len(code) for code in codes}
    if len(lengths) != 1 or not lengths <= set(_LEVEL):
        raise SettingsError(
            f"the codes have {', '.join(map(str, sorted(lengths)))} characters, so they are "
            "neither states (2) nor municipalities (5); give neighbors"
        )
    return _LEVEL[lengths.pop()]


def _warn_of_isolates(codes: pd.Index) -> None:
    if len(codes):
        more = f" and {len(codes) - 10} more" if len(codes) > 10 else ""
        warnings.warn(
            f"{len(codes)} areas have no neighbor with a value and are not tested: "
            f"{', '.join(codes[:10])}{more}",
            DataWarning,
            stacklevel=3,
        )


def _warn_of_weak_maps(z: FloatArray, events: FloatArray) -> None:
    tested = ~np.isnan(z)
    number = tested.sum(axis=1)
    if small := int(((number > 0) & (number < FEW_AREAS)).sum()):
        warnings.warn(
            f"fewer than {FEW_AREAS} areas are tested in {small} of {len(z)} maps: Gi* says "
            "little there",
            DataWarning,
            stacklevel=3,
        )
    empty = ((events == 0) & tested).sum(axis=1)
    if quiet := int(((number >= FEW_AREAS) & (empty > MANY_ZEROS * number)).sum()):
        warnings.warn(
            f"more than {MANY_ZEROS:.0%} of the areas have no event in {quiet} of {len(z)} maps: "
            "p-values are rough there, longer periods are better",
            DataWarning,
            stacklevel=3,
        )
