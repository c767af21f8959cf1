"""The zone around a line on a grid of degrees: cells wholly inside, wholly outside, and unsure.

Cells are split where bounds of the distance leave them undecided, so that most of a million
points are answered by looking one number up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Bounds = Callable[[FloatArray, FloatArray, float], tuple[FloatArray, FloatArray]]

_OUTSIDE, _INSIDE, _UNSURE = 0, 1, 2
_LEAST_DEG, _MOST_DEG = 1 / 128, 1 / 4
_CELLS_A_RADIUS = 10
_LEVELS = 6
_MOST_CELLS = 4_000_000

_SMALLEST_RADIUS = 6_335_000.0
"""Below the tightest curve of any ellipsoid of the Earth."""
_DEGREE_M = 111_700.0
"""Above the length of any degree."""


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """What is known of each cell of a grid; made by :func:`zone_around`."""

    west: float
    south: float
    cell: float
    states: npt.NDArray[np.uint8]

    def look_up(self, lon: FloatArray, lat: FloatArray) -> tuple[BoolArray, BoolArray]:
        """Return which points are surely inside, and which are not sure."""
        rows, columns = self.states.shape
        x, y = (lon - self.west) / self.cell, (lat - self.south) / self.cell
        held = np.flatnonzero((x >= 0) & (x < columns) & (y >= 0) & (y < rows))
        state = self.states[y[held].astype(np.int64), x[held].astype(np.int64)]
        inside, unsure = np.zeros((2, len(lon)), dtype=bool)
        inside[held[state == _INSIDE]] = True
        unsure[held[state == _UNSURE]] = True
        return inside, unsure


def zone_around(line: FloatArray, meters: float, half_m: float, bounds: Bounds) -> Zone | None:
    """Return the zone within a distance of a line, on a grid that holds all of it.

    Parameters
    ----------
    line
        Points of the line in degrees, no farther than `half_m` from any other place of it.
    meters
        The distance.
    bounds
        Gives of points distances to the line that they are not nearer, and not farther than;
        beyond a limit the first may be infinite.

    Returns
    -------
    Zone, or None
        None where the zone goes around the globe or over a pole.
    """
    frame = _frame(line, meters + 2 * half_m)
    if frame is None:
        return None
    west, south, east, north = frame
    wanted = 2.0 ** np.floor(np.log2(max(meters, 1) / _DEGREE_M / _CELLS_A_RADIUS))
    cell = float(np.clip(wanted, _LEAST_DEG, _MOST_DEG))
    while (east - west) * (north - south) / cell**2 > _MOST_CELLS:
        cell *= 2
    coarse = 2 ** (_LEVELS - 1)
    rows, columns = (
        int(np.ceil(width / (cell * coarse))) * coarse for width in (north - south, east - west)
    )
    zone = Zone(west, south, cell, np.full((rows, columns), _OUTSIDE, dtype=np.uint8))
    row, column = (
        part.ravel() for part in np.mgrid[0:rows:coarse, 0:columns:coarse].astype(np.int64)
    )
    size = coarse
    while len(row):
        lon, lat = west + (column + size / 2) * cell, south + (row + size / 2) * cell
        reach = _reach(lat, size * cell)
        nearer, farther = bounds(lon, lat, meters + float(reach.max()))
        inside = farther + reach <= meters
        unsure = ~inside & (nearer - reach <= meters)
        _fill(zone.states, row[inside], column[inside], size, _INSIDE)
        row, column = row[unsure], column[unsure]
        if size == 1:
            zone.states[row, column] = _UNSURE
            break
        size //= 2
        row, column = (
            (part[:, None] + size * step).ravel()
            for part, step in ((row, np.array([0, 0, 1, 1])), (column, np.array([0, 1, 0, 1])))
        )
    return zone


def _frame(line: FloatArray, meters: float) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of all that lies within a distance of a line."""
    angle = meters / _SMALLEST_RADIUS
    (west, south), (east, north) = line.min(axis=0), line.max(axis=0)
    share = np.sin(min(angle, np.pi / 2)) / np.cos(np.radians(max(abs(south), abs(north))))
    if not share < 1:
        return None
    wide, high = np.degrees(np.arcsin(share)) + 1e-6, np.degrees(angle) + 1e-6
    frame = (west - wide, south - high, east + wide, north + high)
    if frame[0] < -180 or frame[2] > 180 or frame[1] < -89 or frame[3] > 89:
        return None
    return float(frame[0]), float(frame[1]), float(frame[2]), float(frame[3])


def _reach(lat: FloatArray, width: float) -> FloatArray:
    """Return how far any point of a cell may lie from its center, in meters."""
    widest = np.cos(np.radians(np.maximum(np.abs(lat) - width / 2, 0)))
    return np.asarray(_DEGREE_M * width / 2 * np.hypot(1, widest) * 1.01 + 1, dtype=np.float64)


def _fill(
    states: npt.NDArray[np.uint8], row: IntArray, column: IntArray, size: int, state: int
) -> None:
    step = np.arange(size)
    states[row[:, None, None] + step[:, None], column[:, None, None] + step] = state
