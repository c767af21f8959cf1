"""Label areas by how their hot and cold periods follow one another."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pandas as pd

from geo import periods
from geo.errors import PeriodWarning, SettingsError
from geo.stats import emerging, local, trend
from geo.steps.neighborhood import (
    LEVEL,
    PERMUTATIONS,
    SEED,
    Fdr,
    Inference,
    Neighborhoods,
    complete_rows,
)

TWO_YEARS = 1.99
"""Years, with room for the length of leap years and weeks."""

MORE_DRAWS = 10
"""So many times more are made where no single area and period could pass the adjustment."""


def find_emerging(
    measures: pd.DataFrame,
    neighbors: pd.DataFrame | None = None,
    *,
    value: str = "eb_rate",
    permutations: int = PERMUTATIONS,
    seed: int = SEED,
    fdr: Fdr = "bh",
) -> pd.DataFrame:
    """Label each area as a new, persistent, sporadic ... hotspot or coldspot, or as none.

    Gi* of every area in every period, with its neighbors of the same period, is compared with
    all areas in *all* periods, so that "high" means the same at the beginning and at the end. p is
    from conditional permutations within each period, as :func:`geo.steps.hotspots.find_hotspots`
    has them (over all periods, a month in which the whole country is calm would make every area
    cold), and adjusted over all of them; an area is hot with Gi* above zero and a q up to 0.05.
    Where the smallest p there is could not pass by itself, ten times as many draws are made
    (:func:`draws_of_cube`). A period in which all areas are equal has nothing unusual: p is 1.
    The trend is Mann and Kendall's, of the z-scores. The labels are those of
    :func:`geo.stats.emerging.emerging_patterns`.

    Parameters
    ----------
    measures
        A ``MEASURES`` table of ten complete periods or more, without a category. Periods that are
        not complete are left out.
    neighbors, value, permutations, seed, fdr
        As in :func:`geo.steps.hotspots.find_hotspots`.

    Returns
    -------
    DataFrame
        An ``EMERGING`` table, ascending by code. The pattern is missing where the last period, or
        all but nine, were not tested.

    Raises
    ------
    SchemaError
        If a table breaks its contract.
    SettingsError
        If there are fewer than ten complete periods, a period between is missing, there is a
        category, or as in :func:`geo.steps.hotspots.find_hotspots`.

    Warns
    -----
    DataWarning
        As in :func:`geo.steps.hotspots.find_hotspots`.
    PeriodWarning
        If the periods cover less than two years: a season may then look like a trend.

    References
    ----------
    Esri. *How Emerging Hot Spot Analysis works*. Documentation of ArcGIS Pro 3.

    Examples
    --------
    >>> from geo import schema
    >>> find_emerging(schema.MEASURES.empty())
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: emerging hotspots need 10 complete periods, and there are 0; count
    by a shorter period (month in place of year), or give data of a longer time
    """
    inference = Inference(permutations=permutations, seed=seed, fdr=fdr)
    whole = complete_rows(measures, value)
    _check_periods(whole)
    maps = Neighborhoods.of(whole, value, neighbors)
    shape = maps.values.shape
    cube = emerging.space_time_links(maps.links, shape[0])
    z = local.gi_star(maps.values.ravel(), cube)
    z[maps.alone.ravel()] = np.nan
    z = z.reshape(shape)
    p, side = local.two_sided_p(z), np.sign(z)
    if permutations:
        draws = draws_of_cube(permutations, int((~np.isnan(z)).sum()))
        more = dataclasses.replace(inference, permutations=draws)
        p, side = more.shuffled(maps.values, maps.links, maps.sizes)
        p = np.where(np.isnan(p), 1.0, p)
    p = np.where(np.isnan(z), np.nan, p)
    q = inference.adjusted(p.ravel()).reshape(shape)
    maps.warn_of_weak_maps(z, whole)
    hot = (q <= LEVEL) & (z > 0) & (side > 0)
    cold = (q <= LEVEL) & (z < 0) & (side < 0)
    tested = ~np.isnan(q)
    slope = trend.mann_kendall(np.where(tested, z, np.nan))
    patterns = emerging.emerging_patterns(
        hot, cold, slope.z, slope.p_value, tested=tested, level=LEVEL
    )
    return pd.DataFrame(
        {
            "cvegeo": maps.grid.codes.astype("str"),
            "pattern": pd.Series(patterns, dtype="str").where(patterns != ""),
            "periods": tested.sum(axis=0),
            "hot_periods": hot.sum(axis=0),
            "cold_periods": cold.sum(axis=0),
            "last_gi_star": z[-1],
            "last_q_value": q[-1],
            "trend_z": slope.z,
            "trend_p": slope.p_value,
        }
    )


def draws_of_cube(permutations: int, tests: int) -> int:
    """Return how many draws are made for so many areas and periods adjusted together.

    Examples
    --------
    >>> draws_of_cube(99_999, 2_465 * 36), draws_of_cube(99_999, 32 * 36)
    (999999, 99999)
    """
    if not permutations or 2 / (permutations + 1) * tests <= LEVEL:
        return permutations
    return (permutations + 1) * MORE_DRAWS - 1


def _check_periods(whole: pd.DataFrame) -> None:
    if "category" in whole.columns:
        raise SettingsError(
            "emerging hotspots are found for one category at a time; choose the rows of one and "
            "drop the column 'category'"
        )
    labels = sorted(whole["period"].unique())
    if len(labels) < emerging.FEWEST_PERIODS:
        raise SettingsError(
            f"emerging hotspots need {emerging.FEWEST_PERIODS} complete periods, and there are "
            f"{len(labels)}; count by a shorter period (month in place of year), or give data of "
            "a longer time"
        )
    windows = [periods.bounds(label) for label in labels]
    for label, (_, end), (start, _) in zip(labels, windows, windows[1:], strict=False):
        if end != start:
            raise SettingsError(
                f"after {label} a period is missing: the next one begins on {start.date()}. Give "
                "all periods, with 0 where nothing happened; count_events makes it so"
            )
    covered = whole.drop_duplicates("period")["years"].sum()
    if covered < TWO_YEARS:
        warnings.warn(
            f"the {len(labels)} periods cover {covered:.1f} years; under two years a season may "
            "look like a trend",
            PeriodWarning,
            stacklevel=3,
        )
