"""Bands of distance around a border, a coast or a line: their events, their people, their rates.

People are known by municipality. Of one that lies in several bands each gets the share that its
land has there, as if people lived evenly; between which numbers the truth can lie is told beside
it: the people of the municipalities that lie wholly in the band, and of all that reach into it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import crs, schema
from geo.errors import SettingsError
from geo.periods import Window
from geo.sources import boundaries
from geo.sources import population as populations
from geo.stats import rates
from geo.steps import windows
from geo.steps.land import covering_grid
from geo.steps.query_index import BoolArray, FloatArray
from geo.steps.query_target import Target, meters_of

IntArray = npt.NDArray[np.int64]

CELL_M = 1_000.0
"""Width of the cells that the land is shared out by."""


def edges_of(km: Sequence[float | str]) -> FloatArray:
    """Return the edges of bands in meters, ascending from 0.

    Raises
    ------
    SettingsError
        A distance that cannot be meant, or edges that do not rise.
    """
    edges = [meters_of(one) for one in km]
    if not edges or edges[0] > 0:
        edges = [0.0, *edges]
    if len(edges) < 2 or any(a >= b for a, b in pairwise(edges)):
        raise SettingsError(f"the edges of bands must rise, as in [25, 50, 100]; found {list(km)}")
    return np.array(edges)


def distance_bands(
    found: gpd.GeoDataFrame,
    measured: BoolArray,
    target: Target,
    edges: FloatArray,
    window: Window,
    *,
    areas: frozenset[str] | None = None,
    population: populations.Source | None = None,
    nearest_year: bool = False,
) -> pd.DataFrame:
    """Return events, people and rates by distance.

    Parameters
    ----------
    found
        An ``ASSIGNED`` table.
    measured
        Which of its events have a place that is measured; the others are left out.
    target
        What the distance is measured to.
    edges
        Meters. A band holds its outer edge and not its inner one; the first holds 0.
    window
        The days that are counted.
    areas
        Areas whose people and land count; all unless given.
    population, nearest_year
        As in :func:`geo.sources.population.load_exposure`.

    Returns
    -------
    DataFrame
        A ``DISTANCE_BANDS`` table.
    """
    inside = windows.counted_in(found, window, concerned=pd.Series(measured, index=found.index))
    counted = found[inside]
    lon, lat = counted.geometry.x.to_numpy(), counted.geometry.y.to_numpy()
    band = _band(target, lon, lat, edges)
    deaths = counted["fatalities"].to_numpy(dtype=np.float64)

    codes = pd.Index(boundaries.area_codes()["cvegeo"])
    table = populations.load_population("municipality", population)
    schema.POPULATION.check(table)
    by_year = windows.population_by_year(table, codes)
    windows.check_years(by_year, window, nearest_year=nearest_year)
    lived = windows.person_years(by_year, window)
    shares = _shares(target, edges)
    if areas is not None:
        shares = shares * np.array([code in areas or code[:2] in areas for code in codes])[:, None]
    km2 = boundaries.area_sizes()["area_km2"].to_numpy(dtype=np.float64)[:, None]
    people = np.nan_to_num(lived)[:, None] / window.years
    exposure = (np.nan_to_num(lived)[:, None] * shares).sum(axis=0)

    def summed(weights: FloatArray | None = None) -> IntArray:
        held = band >= 0
        each = None if weights is None else weights[held]
        count = np.bincount(band[held], weights=each, minlength=len(edges) - 1)
        return count.astype(np.int64)

    events = summed()
    low, high = rates.exact_interval(events, exposure)
    return pd.DataFrame(
        {
            "from_km": edges[:-1] / 1e3,
            "to_km": edges[1:] / 1e3,
            "events": events,
            "fatalities": summed(np.nan_to_num(deaths)),
            "fatalities_unknown": summed(np.isnan(deaths).astype(np.float64)),
            "land_km2": (shares * km2).sum(axis=0),
            "population": exposure / window.years,
            "population_low": (people * (shares >= 1)).sum(axis=0),
            "population_high": (people * (shares > 0)).sum(axis=0),
            "exposure": exposure,
            "crude_rate": rates.crude_rate(events, exposure),
            "rate_low": low,
            "rate_high": high,
        }
    ).astype(schema.DISTANCE_BANDS.dtypes)


def _band(target: Target, lon: FloatArray, lat: FloatArray, edges: FloatArray) -> IntArray:
    """Return the band of each point, -1 beyond the last."""
    band = np.full(len(lon), -1, dtype=np.int64)
    for number in range(len(edges) - 2, -1, -1):
        band[target.within(lon, lat, float(edges[number + 1]))] = number
    return band


def _shares(target: Target, edges: FloatArray) -> FloatArray:
    """Return the share of the land of each municipality in each band."""
    land = _land()
    band = _band(target, land.lon, land.lat, edges)
    bands = len(edges) - 1
    held = band >= 0
    cells = np.bincount(land.area[held] * bands + band[held], minlength=land.areas * bands)
    whole = np.bincount(land.area, minlength=land.areas)
    return np.asarray(cells.reshape(land.areas, bands) / whole[:, None], dtype=np.float64)


class _Land(NamedTuple):
    """Cells of land: degrees of their centers, the place of their municipality, how many are."""

    lon: FloatArray
    lat: FloatArray
    area: IntArray
    areas: int


@functools.cache
def _land() -> _Land:
    from rasterio import Affine, features  # only here: it takes long to load

    # Simplified by 500 m, which cells of 1 km do not see; borders stay shared.
    areas = boundaries.display_geometry("municipality")
    plane = areas[["cvegeo", "geometry"]].to_crs(crs.METRIC)
    grid = covering_grid(plane, CELL_M)
    transform = Affine(grid.cell_m, 0, grid.west, 0, -grid.cell_m, grid.north)
    burnt = features.rasterize(
        ((shape, number) for number, shape in enumerate(plane.geometry)),
        out_shape=grid.shape,
        transform=transform,
        fill=-1,
        dtype="int16",
    )
    row, column = np.nonzero(burnt >= 0)
    easting, northing = grid.centers()
    lon, lat = crs.unproject(easting[column], northing[row])
    area = burnt[row, column].astype(np.int64)
    # Some are smaller than a cell; each has its label's place at least.
    missing = np.setdiff1d(np.arange(len(areas)), area)
    labels = boundaries.load_labels("municipality")
    return _Land(
        np.concatenate([lon, labels["lon"].to_numpy()[missing]]),
        np.concatenate([lat, labels["lat"].to_numpy()[missing]]),
        np.concatenate([area, missing]),
        len(areas),
    )
