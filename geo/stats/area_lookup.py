"""Ask a grid of areas (:mod:`geo.stats.area_grid`) about points: the quick test, then the exact.

The answers are the same, bit for bit, with and without numba, on any number of threads, and
however the points are cut into batches.
"""

from __future__ import annotations

import functools
import importlib.util
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.errors import SettingsError
from geo.stats import area_grid_numpy
from geo.stats.area_grid import ASK, AreaGrid, Engine, IntArray, PlaceArray
from geo.stats.area_grid_exact import decide

WORTH_COMPILING = 200_000
"""From so many points on numba is used where it is installed: loading what it compiled takes
about as long as numpy needs for them."""


class Covering(NamedTuple):
    """Where points lie.

    Attributes
    ----------
    first
        Place of the first area that holds the point, -1 where none does.
    several
        Positions of the points that more than one area holds, ascending.
    how_many
        How many areas hold each of those.
    """

    first: PlaceArray
    several: IntArray
    how_many: PlaceArray


def find_areas(
    grid: AreaGrid,
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    *,
    engine: Engine = "auto",
    threads: int = 1,
) -> Covering:
    """Return the first area that holds each point, and the points that several hold.

    Parameters
    ----------
    grid
        The areas.
    lon, lat
        Degrees, of the same length. What is not finite lies in no area.
    engine
        ``"numpy"``, ``"numba"``, or ``"auto"``: numba for many points, where it is installed.
    threads
        Number of threads that share the points; numpy uses one.

    Raises
    ------
    SettingsError
        Coordinates of different lengths, an unknown engine, no thread, or numba asked for and not
        installed.

    Examples
    --------
    Two squares side by side; the second point lies on their border, the last is none:

    >>> from geo.stats.area_grid_build import build_area_grid
    >>> lon = np.array([0.0, 1, 1, 0, 0, 1, 2, 2, 1, 1])
    >>> lat = np.array([0.0, 0, 1, 1, 0, 0, 0, 1, 1, 0])
    >>> grid = build_area_grid(lon, lat, np.array([0, 5, 10]), np.array([0, 1]), 2)
    >>> found = find_areas(grid, [0.5, 1.0, 1.5, 3.0, np.nan], [0.5] * 5)
    >>> found.first.tolist(), found.several.tolist(), found.how_many.tolist()
    ([0, 0, 1, -1, -1], [1], [2])
    """
    lon, lat = (np.ascontiguousarray(values, dtype=np.float64) for values in (lon, lat))
    if lon.ndim != 1 or lon.shape != lat.shape:
        raise SettingsError(
            f"longitudes and latitudes must be two lists of one length; they have the shapes "
            f"{lon.shape} and {lat.shape}"
        )
    if threads < 1:
        raise SettingsError(f"at least one thread must work, not {threads}")
    first = np.empty(len(lon), dtype=np.int32)
    if _use_numba(engine, len(lon)):
        from geo.stats import area_grid_numba

        doubtful = area_grid_numba.look_up(grid, lon, lat, first, threads)
    else:
        doubtful = area_grid_numpy.look_up(grid, lon, lat, first)

    border, how_many = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int32)
    if doubtful:
        asked = np.flatnonzero(first == ASK)
        first[asked], how_many = decide(grid, lon[asked], lat[asked])
        border, how_many = asked[how_many > 1], how_many[how_many > 1]
    if not len(grid.shared):
        return Covering(first, border, how_many)
    whole = np.flatnonzero(first >= grid.n_areas[0])
    kind = grid.shared[first[whole] - grid.n_areas[0]]
    first[whole] = kind[:, 0]
    several = np.concatenate([border, whole])
    order = np.argsort(several)
    return Covering(first, several[order], np.concatenate([how_many, kind[:, 1]])[order])


def _use_numba(engine: Engine, n_points: int) -> bool:
    if engine not in ("auto", "numpy", "numba"):
        raise SettingsError(f"{engine!r} is no engine; choose auto, numpy or numba")
    if engine == "numba" and not _has_numba():
        raise SettingsError(
            "numba is not installed; install it with \"pip install 'geo[fast]'\", or let numpy "
            "do the work, which gives the same answers"
        )
    return engine == "numba" or (engine == "auto" and n_points >= WORTH_COMPILING and _has_numba())


@functools.cache
def _has_numba() -> bool:
    return importlib.util.find_spec("numba") is not None
