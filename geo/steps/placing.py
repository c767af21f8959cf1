"""Say in which area points lie: geometry alone, exact, for millions of points.

Which area an *event* counts for is another question (:mod:`geo.steps.assign`).
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import schema
from geo.cvegeo import DIGITS, Level
from geo.errors import SettingsError
from geo.sources import area_grids, boundaries
from geo.sources.area_grids import Rings
from geo.stats.area_grid import AreaGrid, Engine
from geo.stats.area_lookup import Covering, find_areas
from geo.stats.area_reach import may_be_near
from geo.stats.locate import AreaIndex
from geo.steps.area_faults import check_coverage, check_shapes

WORTH_BUILDING = 50_000
"""Points from which on the grid of the shipped areas is made, once, if it is not there yet: for
fewer, asking the polygons themselves is done sooner. The answers are the same."""

WORTH_KEEPING = 200_000
"""Vertices from which on the grid of a user's areas is kept for the next time."""

ONE_AT_A_TIME = threading.Lock()
"""Held by threads that ask polygons: what makes those ready is made while they are asked."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Finder:
    """Areas that can be asked which of them holds a point.

    Attributes
    ----------
    codes, states
        Code of each area, ascending, and of its state.
    kind
        The codes as categories.
    index
        Returns the polygons as an index: for few points, and for the nearest.
    grid
        Returns the grid; None if it would have to be made first and the points (their number is
        given) are not worth that.
    """

    codes: npt.NDArray[np.object_]
    states: npt.NDArray[np.object_]
    kind: pd.CategoricalDtype
    index: Callable[[], AreaIndex]
    grid: Callable[[int], AreaGrid | None]

    def covering(self, lon: FloatArray, lat: FloatArray, engine: Engine = "auto") -> Covering:
        """Return the first area that holds each point, and the points that several hold."""
        grid = self.grid(len(lon))
        if grid is not None:
            return find_areas(grid, lon, lat, engine=engine, threads=processors())
        with ONE_AT_A_TIME:
            first, covering = self.index().covering(lon, lat)
        several = np.flatnonzero(covering > 1)
        return Covering(first.astype(np.int32), several, covering[several].astype(np.int32))

    def nearest(
        self, lon: FloatArray, lat: FloatArray, within_m: float
    ) -> tuple[IntArray, FloatArray]:
        """Return for each point outside all areas the nearest, as :meth:`AreaIndex.nearest`."""
        place = np.full(len(lon), -1, dtype=np.int64)
        meters = np.full(len(lon), np.nan)
        grid = self.grid(len(lon))
        asked = (
            np.arange(len(lon))
            if grid is None
            else np.flatnonzero(may_be_near(grid, lon, lat, within_m))
        )
        if len(asked):
            with ONE_AT_A_TIME:
                place[asked], meters[asked] = self.index().nearest(lon[asked], lat[asked], within_m)
        return place, meters


def locate_points(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    level: Level = "municipality",
    *,
    areas: gpd.GeoDataFrame | None = None,
    tolerance_m: float = 0.0,
    engine: Engine = "auto",
) -> pd.Categorical:
    """Return the code of the area that each point lies in.

    At full resolution, exactly: a point on a border goes to the lower code. The first call with
    many points makes an index of the areas (some seconds) and keeps it in the user's cache folder
    (or ``GEO_CACHE_DIR``). With numba (``pip install 'geo[fast]'``) it is two to three times as
    fast; the answers are the same.

    Parameters
    ----------
    lon, lat
        Degrees, of the same length. What is missing or not finite lies in no area.
    level
        ``"municipality"`` or ``"state"``.
    areas
        An ``AREAS`` table of municipalities, or of any other areas; INEGI's of September 2019
        unless given. A state then is the first two digits of the code, or ``cve_ent``.
    tolerance_m
        Points outside every area, but within so many meters, go to the nearest;
        :func:`assign_areas` does so within 2,000.
    engine
        ``"numpy"``, ``"numba"``, or ``"auto"``: numba for many points, where it is installed.

    Returns
    -------
    Categorical
        The code of each point, missing where no area holds it; categories are the codes of all
        areas, ascending.

    Raises
    ------
    SchemaError, CRSError
        `areas` breaks its contract, overlaps, or is not in longitude and latitude.
    SettingsError
        An unknown level or engine, coordinates that do not match, or a negative tolerance.

    Examples
    --------
    The cathedral of Culiacán, a place in Texas, and nowhere:

    >>> locate_points([-107.394, -99.0, None], [24.809, 31.0, 20.0])[:1].tolist()
    ['25006']
    >>> locate_points([-107.394, -99.0, None], [24.809, 31.0, 20.0], "state").isna().tolist()
    [False, True, True]
    """
    if level not in DIGITS:
        raise SettingsError(f"{level!r} is not a level; choose {' or '.join(DIGITS)}")
    check_tolerance(tolerance_m)
    finder = shipped_finder() if areas is None else finder_of(areas)
    lon, lat = _degrees(lon, "longitudes"), _degrees(lat, "latitudes")
    if lon.shape != lat.shape:
        raise SettingsError(f"{len(lon)} longitudes and {len(lat)} latitudes are no points")
    first = finder.covering(lon, lat, engine).first
    if tolerance_m > 0:
        outside = np.flatnonzero((first < 0) & np.isfinite(lon) & np.isfinite(lat))
        first[outside], _ = finder.nearest(lon[outside], lat[outside], tolerance_m)
    if level == "municipality":
        return pd.Categorical.from_codes(first, dtype=finder.kind, validate=False)
    states, state = np.unique(finder.states.astype(str), return_inverse=True)
    kind = pd.CategoricalDtype(pd.Index(states, dtype="str"))
    return pd.Categorical.from_codes(np.append(state, -1)[first], dtype=kind, validate=False)


def check_tolerance(tolerance_m: float) -> None:
    """Raise unless a tolerance is a number of meters."""
    if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
        raise SettingsError(f"the tolerance must be 0 meters or more, not {tolerance_m!r}")


@functools.cache
def shipped_finder() -> Finder:
    """Return the finder of INEGI's municipalities of September 2019."""
    codes = boundaries.area_codes("municipality")["cvegeo"]
    return Finder(
        codes.to_numpy(dtype=object),
        codes.str[:2].to_numpy(dtype=object),
        _kind(codes),
        _shipped_index,
        _shipped_grid,
    )


def finder_of(areas: gpd.GeoDataFrame) -> Finder:
    """Return the finder of areas given by the user.

    Raises
    ------
    SchemaError, CRSError
        The table breaks its contract, areas overlap, or they are not in longitude and latitude.
    """
    schema.AREAS.check(areas)
    check_shapes(areas)
    ordered = areas.sort_values("cvegeo")
    codes = ordered["cvegeo"].to_numpy(dtype=object)
    states = ordered["cve_ent"] if "cve_ent" in ordered else ordered["cvegeo"].str[:2]
    shapes = np.asarray(ordered.geometry.array)
    grid = _grid_of(shapes, codes)
    index = functools.cache(lambda: AreaIndex.of(shapes))
    kind = _kind(ordered["cvegeo"])
    return Finder(codes, states.to_numpy(dtype=object), kind, index, lambda _: grid)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _degrees(values: npt.ArrayLike, what: str) -> FloatArray:
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        return values
    try:
        degrees = np.asarray(pd.to_numeric(pd.Series(values)), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"the {what} are no list of numbers: {error}") from error
    return degrees


def _kind(codes: pd.Series) -> pd.CategoricalDtype:
    return pd.CategoricalDtype(pd.Index(codes, dtype="str", name=None))


@functools.cache
def _shipped_index() -> AreaIndex:
    shapes = boundaries.late_shapes()
    # Whose box holds a point is all that the tree is asked.
    return AreaIndex(shapes, shapely.STRtree(shapes.boxes()), {})


def _shipped_grid(n_points: int) -> AreaGrid | None:
    if n_points >= WORTH_BUILDING:
        return area_grids.shipped_grid()
    return area_grids.ready_shipped_grid()


def _grid_of(shapes: npt.NDArray[np.object_], codes: npt.NDArray[np.object_]) -> AreaGrid:
    rings = Rings.of(shapes)
    if len(rings.lon) >= WORTH_KEEPING and area_grids.is_shipped(rings):
        return area_grids.shipped_grid()
    return area_grids.grid_of(
        rings,
        keep=len(rings.lon) >= WORTH_KEEPING,
        check=lambda grid: check_coverage(grid, shapes, codes),
    )
