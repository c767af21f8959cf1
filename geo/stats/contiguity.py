"""Neighbors by a shared border: which of many shapes touch, within a tolerance.

Shapes in meters, in one plane (:func:`geo.crs.project`). Layers that were drawn with care still
miss their common borders by millimeters, and along some they overlap. Whoever asks for equal
corners or for a formal touch loses such neighbors; here a distance decides.

Pairs come as in :mod:`geo.stats.weights`, made for :func:`geo.stats.local.links_between`.
"""

from __future__ import annotations

import numpy as np
import shapely

from geo.errors import SettingsError
from geo.stats.locate import FloatArray, Geometries, IntArray
from geo.stats.weights import Pairs

_ROUNDING_M = 1e-6


def touching_shapes(shapes: Geometries, tolerance_m: float) -> Pairs:
    """Link all shapes that share a point, or miss each other by a tolerance at most.

    Parameters
    ----------
    shapes
        Polygons or multipolygons. Empty ones touch nothing.
    tolerance_m
        Largest distance between the borders of neighbors; 0 asks for a common point.

    Returns
    -------
    tuple of arrays
        Focal and neighbor of each link, both directions, ordered by focal and neighbor.

    Raises
    ------
    SettingsError
        If the tolerance is negative or not finite.

    Examples
    --------
    Two squares that meet in a corner, one 5 cm beside them and one far away:

    >>> squares = shapely.box([0, 1, 2.05, 9], [0, 1, 1, 9], [1, 2, 3.05, 10], [1, 2, 2, 10])
    >>> [positions.tolist() for positions in touching_shapes(squares, 0.1)]
    [[0, 1, 1, 2], [1, 0, 2, 1]]
    >>> [positions.tolist() for positions in touching_shapes(squares, 0)]
    [[0, 1], [1, 0]]
    """
    if not (np.isfinite(tolerance_m) and tolerance_m >= 0):
        raise SettingsError(f"the tolerance must be 0 meters or more, not {tolerance_m!r}")
    west, south, east, north = shapely.bounds(shapes).T
    margin = tolerance_m + _ROUNDING_M
    reach = shapely.box(west - margin, south - margin, east + margin, north + margin)
    first, second = shapely.STRtree(shapes).query(np.where(shapely.is_empty(shapes), None, reach))
    once = first < second
    first, second = first[once], second[once]

    # Of a pair the larger shape is the prepared one: a test then costs what the smaller one has.
    size = shapely.get_num_coordinates(shapes)
    larger = np.where(size[first] >= size[second], first, second)
    smaller = first + second - larger
    shapely.prepare(shapes)
    near = shapely.dwithin(shapes[larger], shapes[smaller], tolerance_m)
    focal = np.concatenate([larger[near], smaller[near]]).astype(np.int64)
    neighbor = np.concatenate([smaller[near], larger[near]]).astype(np.int64)
    order = np.lexsort((neighbor, focal))
    return focal[order], neighbor[order]


def nearest_shapes(shapes: Geometries, alone: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the shape that lies nearest to each of those that touch no other, and how far it is.

    Parameters
    ----------
    shapes
        Two or more polygons or multipolygons that are not empty.
    alone
        Positions of the shapes that touch no other.

    Returns
    -------
    tuple of arrays
        Position of the nearest other shape, the first where several are as near; meters.

    Examples
    --------
    >>> squares = shapely.box([0, 5, 9], [0, 0, 0], [1, 6, 10], [1, 1, 1])
    >>> nearest, meters = nearest_shapes(squares, np.array([0, 1]))
    >>> nearest.tolist(), meters.tolist()
    ([1, 2], [4.0, 3.0])
    """
    tree = shapely.STRtree(shapes)
    (which, found), meters = tree.query_nearest(
        shapes[alone], exclusive=True, return_distance=True, all_matches=True
    )
    order = np.lexsort((found, which))
    _, first = np.unique(which[order], return_index=True)
    return found[order][first].astype(np.int64), meters[order][first]
