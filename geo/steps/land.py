"""The land on a grid: which cells belong to a study area, by their center."""

from __future__ import annotations

import functools

import geopandas as gpd
import numpy as np

from geo import crs
from geo.errors import SettingsError
from geo.sources import boundaries
from geo.stats.grid import Grid
from geo.stats.surface import Mask

KM2 = 1e6


def plane_areas(areas: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Return the code and the shape of areas in meters (:data:`geo.crs.METRIC`).

    Parameters
    ----------
    areas
        An ``AREAS`` table; the states of the country unless given.

    Examples
    --------
    >>> land = plane_areas()
    >>> len(land), round(float(land.area.sum()) / KM2, -3)
    (32, 1956000.0)
    """
    if areas is None:
        return _country()
    if not len(areas):
        raise SettingsError("a study area needs one area or more; 0 are given")
    return areas[["cvegeo", "geometry"]].to_crs(crs.METRIC)


def covering_grid(land: gpd.GeoDataFrame, cell_m: float) -> Grid:
    """Return the grid that covers areas in meters, its edges at multiples of the cell."""
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise SettingsError(f"a cell must be longer than 0 m, not {cell_m:g}")
    west, south, east, north = land.total_bounds
    return Grid.covering(west, east, south, north, cell_m=cell_m)


def land_mask(land: gpd.GeoDataFrame, grid: Grid) -> Mask:
    """Return the cells whose center lies in one of the areas.

    Examples
    --------
    A square of 2 km, and a cell that only touches it:

    >>> import shapely
    >>> square = gpd.GeoDataFrame(
    ...     {"cvegeo": ["25"]}, geometry=[shapely.box(0, 0, 2_000, 2_400)], crs=crs.METRIC
    ... )
    >>> land_mask(square, covering_grid(square, 1_000)).inside.astype(int).tolist()
    [[0, 0], [1, 1], [1, 1]]
    """
    from rasterio import Affine, features  # only here: it takes long to load

    # Affine itself: the function of rasterio that makes one uses an operator affine deprecates.
    transform = Affine(grid.cell_m, 0, grid.west, 0, -grid.cell_m, grid.north)
    burnt = features.rasterize(
        ((shape, 1) for shape in land.geometry),
        out_shape=grid.shape,
        transform=transform,
        dtype="uint8",
    )
    inside = burnt.astype(np.bool_)
    if not inside.any():
        raise SettingsError(
            f"no center of a cell of {grid.cell_m:g} m lies in the study area; choose smaller cells"
        )
    return Mask(grid, inside)


@functools.cache
def _country() -> gpd.GeoDataFrame:
    states = boundaries.load_areas("state")
    return states[["cvegeo", "geometry"]].to_crs(crs.METRIC)
