"""Areas that are stored as arcs, each made a polygon when it is first asked for.

Where most points are settled by a grid, a few outside all areas ask for the shapes along the coast
and the borders alone; all shapes take six times the memory of the arcs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.sources.arcs import Arcs

IntArray = npt.NDArray[np.int64]

_MANY = 64
"""Areas from which on all are made at once, which is faster for each."""


class ArcShapes:
    """The polygons of areas, by their place in the order of the codes.

    Parameters
    ----------
    arcs
        The areas.

    Examples
    --------
    >>> from geo.sources.arcs import toy_arcs
    >>> shapes = ArcShapes(toy_arcs())
    >>> shapes[1].bounds, [shape.area for shape in shapes[np.array([1, 0, 1])]]
    ((1.0, 0.0, 2.0, 1.0), [1.0, 1.0, 1.0])
    >>> shapes.boxes()[0].bounds
    (0.0, 0.0, 1.0, 1.0)
    """

    def __init__(self, arcs: Arcs) -> None:
        self._arcs = arcs
        self._made = np.full(len(arcs.codes), None, dtype=object)

    def __getitem__(self, place: int | IntArray) -> Any:  # noqa: ANN401
        """Return the MultiPolygon at a place, or an array of those at several."""
        wanted = np.unique(place)
        new = wanted[shapely.is_missing(self._made[wanted])]
        if len(new) >= _MANY:
            self._made[new] = self._arcs.to_polygons()[new]
        else:
            for at in new.tolist():
                self._made[at] = self._arcs.select(at, at + 1).to_polygons()[0]
        return self._made[place]

    def boxes(self) -> npt.NDArray[np.object_]:
        """Return the smallest box with sides along the degrees around each area."""
        arcs = self._arcs
        used = np.where(arcs.ring_arcs >= 0, arcs.ring_arcs, ~arcs.ring_arcs)
        first_ring = np.searchsorted(arcs.ring_area, np.arange(len(arcs.codes)))
        first_arc = arcs.ring_start[first_ring]
        low, high = (
            [
                end.reduceat(end.reduceat(degrees, arcs.arc_start[:-1])[used], first_arc)
                for degrees in (arcs.lon, arcs.lat)
            ]
            for end in (np.minimum, np.maximum)
        )
        boxes: npt.NDArray[np.object_] = shapely.box(*low, *high)
        return boxes
