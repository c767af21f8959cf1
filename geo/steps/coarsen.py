"""Points that may be shown: on the centers of a coarse grid, or where the source has them."""

from __future__ import annotations

from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo import crs, schema
from geo.errors import SettingsError

Points = Literal["none", "coarse", "exact"]
"""How events are shown as points; not at all, unless the author asks."""

POINTS: tuple[Points, ...] = ("none", "coarse", "exact")

CELL_KM = 5.0
"""Width of the cells of coarse points."""

PLACED = ("exact", "near")
"""How well a place must be known to be shown as a point: other points stand for a whole area."""


class Shown(NamedTuple):
    """The events that are shown as points, and the number of those that are not.

    ``points`` has the rows and columns of the events that have a place of their own, with the
    geometry as it is shown; ``left_out`` counts the others.
    """

    points: gpd.GeoDataFrame
    left_out: int


def show_points(
    events: gpd.GeoDataFrame, *, points: Points = "coarse", cell_km: float = CELL_KM
) -> Shown:
    """Return the events that have a place of their own, as points that may be shown.

    Coarse points lie on the centers of square cells in :data:`geo.crs.METRIC`: nobody's door can
    be read off them, events of one cell share a point, and a point may lie in a neighboring area
    or at sea (its columns still say the area it counts for). They are for drawing only; statistics
    use the places of the source.

    Parameters
    ----------
    events
        An ``EVENTS`` or ``ASSIGNED`` table.
    points
        ``"none"``, ``"coarse"`` or ``"exact"``. Terms of use may forbid passing exact points on.
    cell_km
        Width of the cells of coarse points, in km.

    Returns
    -------
    Shown
        Events whose place is known exactly or nearly, in their order and with their index, and
        how many others there are.

    Raises
    ------
    SettingsError
        If `points` is another word, or `cell_km` is not a number above zero.

    Examples
    --------
    >>> events = schema.EVENTS.empty()
    >>> points, left_out = show_points(events)
    >>> len(points), left_out
    (0, 0)
    """
    schema.EVENTS.check(events)
    if points not in POINTS:
        raise SettingsError(f"points is {points!r}; it can be {', '.join(map(repr, POINTS))}")
    if not (np.isfinite(cell_km) and cell_km > 0):
        raise SettingsError(f"cell_km is {cell_km!r}; it must be a number of kilometers above 0")
    if points == "none":
        return Shown(events.iloc[:0], len(events))
    placed = events["geo_precision"].isin(PLACED) & events.geometry.notna()
    shown = events[placed]
    if points == "coarse":
        places = shown.geometry.to_numpy()
        lon, lat = coarse_places(shapely.get_x(places), shapely.get_y(places), cell_km=cell_km)
        moved = gpd.GeoSeries(shapely.points(lon, lat), index=shown.index, crs=crs.STORED)
        shown = shown.set_geometry(moved.rename(events.geometry.name))
    return Shown(shown, len(events) - len(shown))


def coarse_places(
    lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64], *, cell_km: float = CELL_KM
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the centers of the cells that points lie in, in degrees.

    Examples
    --------
    >>> lon, lat = coarse_places(np.array([-107.394, -107.401]), np.array([24.809, 24.812]))
    >>> bool(lon[0] == lon[1]), bool(lat[0] == lat[1])
    (True, True)
    """
    width = cell_km * 1_000
    east, north = crs.project(lon, lat)
    center_east = (np.floor(east / width) + 0.5) * width
    center_north = (np.floor(north / width) + 0.5) * width
    return crs.unproject(center_east, center_north)
