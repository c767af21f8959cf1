"""Neighbors by distance: the k nearest, or all within a band.

Points in meters, in one plane (:func:`geo.crs.project`). Contiguity, the default everywhere, is
that of :mod:`geo.stats.contiguity`: computed once from the full boundaries, and shipped. A
distance band that leaves no municipality of Mexico alone reaches 227 km and joins hundreds; the
k nearest serve as the check on contiguity.

Links come as a pair of arrays, focal and neighbor, made for
:func:`geo.stats.local.links_between`.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Pairs: TypeAlias = tuple[IntArray, IntArray]
"""Positions of the focal and of the neighbor of each link."""

TIE_M = 1e-3
"""Distances that differ by less are the same distance."""

MAX_LINKS = 50_000_000
"""More links (of 16 bytes each) are not built."""


def nearest_neighbors(
    easting: ArrayLike, northing: ArrayLike, k: int, *, both_ways: bool = False
) -> Pairs:
    """Link each point to the k others that lie nearest.

    Neighbors at the same distance (to 1 mm, as points of one town or of a regular grid are) are
    taken in the order of the points, so that the result does not hang on rounding.

    Parameters
    ----------
    easting, northing
        Meters.
    k
        Number of neighbors of each point.
    both_ways
        Being nearest is not mutual. If set, a link in one direction is one in both, so that
        points have `k` neighbors or more.

    Returns
    -------
    tuple of arrays
        Focal and neighbor of each link, ordered by focal; then by distance or, if `both_ways`,
        by neighbor.

    Raises
    ------
    SettingsError
        If a coordinate is missing, or there are not more than `k` points.

    Examples
    --------
    Four points on a line, at 0, 1, 3 and 7 m:

    >>> focal, neighbor = nearest_neighbors([0, 1, 3, 7], [0, 0, 0, 0], 1)
    >>> neighbor
    array([1, 0, 1, 2])
    >>> focal, neighbor = nearest_neighbors([0, 1, 3, 7], [0, 0, 0, 0], 1, both_ways=True)
    >>> list(zip(focal.tolist(), neighbor.tolist()))
    [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)]
    """
    points = plane_points(easting, northing)
    n = len(points)
    if not 1 <= k < n:
        raise SettingsError(
            f"{k} nearest neighbors of {n} points are asked for; between 1 and {n - 1} can be had"
            if n > 1
            else f"nearest neighbors need two points or more, {n} is given"
        )
    _refuse_too_many(n * k, f"the {k} nearest neighbors of {n} points", "fewer neighbors")

    tree = scipy.spatial.cKDTree(points)
    reach, _ = tree.query(points, k=[k + 1])
    near = np.empty((n, k), dtype=np.int64)
    for focal, within in enumerate(reach[:, 0]):
        candidates = np.array(tree.query_ball_point(points[focal], within + 2 * TIE_M))
        candidates = candidates[candidates != focal]
        meters = np.hypot(*(points[candidates] - points[focal]).T)
        near[focal] = candidates[np.lexsort((candidates, np.round(meters / TIE_M)))[:k]]
    links = np.repeat(np.arange(n, dtype=np.int64), k), near.ravel()
    return _both_ways(*links, n) if both_ways else links


def within_distance(easting: ArrayLike, northing: ArrayLike, radius_m: float) -> Pairs:
    """Link all points that lie within a distance of each other, the limit included.

    Parameters
    ----------
    easting, northing
        Meters.
    radius_m
        Largest distance of a link.

    Returns
    -------
    tuple of arrays
        Focal and neighbor of each link, both directions, ordered by focal and neighbor. A point
        with nobody near enough has none.

    Raises
    ------
    SettingsError
        If a coordinate is missing, the distance is not above zero, or the links would be more
        than :data:`MAX_LINKS`; they are counted before they are built.

    Examples
    --------
    >>> focal, neighbor = within_distance([0, 1, 3, 7], [0, 0, 0, 0], 2)
    >>> list(zip(focal.tolist(), neighbor.tolist()))
    [(0, 1), (1, 0), (1, 2), (2, 1)]
    """
    points = plane_points(easting, northing)
    pairs = close_pairs(points, radius_m)
    return _both_ways(pairs[:, 0], pairs[:, 1], len(points))


def smallest_band(easting: ArrayLike, northing: ArrayLike) -> float:
    """Return the shortest band that leaves no point alone: the largest distance to the nearest.

    Examples
    --------
    >>> smallest_band([0, 1, 3, 7], [0, 0, 0, 0])
    4.0
    """
    points = plane_points(easting, northing)
    if len(points) < 2:
        raise SettingsError(f"a distance band needs two points or more, {len(points)} is given")
    _, nearest = scipy.spatial.cKDTree(points).query(points, k=[2])
    # Recomputed as within_distance does, so that the band holds its own last link.
    alone = nearest[:, 0] == np.arange(len(points))
    nearest[alone, 0] = scipy.spatial.cKDTree(points).query(points[alone], k=[1])[1][:, 0]
    return float(np.hypot(*(points[nearest[:, 0]] - points).T).max())


def close_pairs(points: FloatArray, radius_m: float) -> IntArray:
    """Return the pairs of rows of `points` that lie within a distance, each pair once.

    Parameters
    ----------
    points
        Array of easting and northing.
    radius_m
        Largest distance, included.

    Examples
    --------
    >>> close_pairs(np.array([[0.0, 0], [0, 3], [4, 3]]), 4).tolist()
    [[0, 1], [1, 2]]
    """
    if not radius_m > 0 or not np.isfinite(radius_m):
        raise SettingsError(f"the distance must be above zero and finite, not {radius_m:g} m")
    # The tree's own rounding must not lose a pair at the limit; the exact limit comes after.
    reach = radius_m * (1 + 1e-9)
    tree = scipy.spatial.cKDTree(points)
    count = (int(tree.count_neighbors(tree, reach)) - len(points)) if len(points) else 0
    _refuse_too_many(count, f"a distance of {radius_m:g} m", "a shorter distance")
    found = tree.query_pairs(reach, output_type="ndarray").astype(np.int64).reshape(-1, 2)
    apart = np.hypot(*(points[found[:, 0]] - points[found[:, 1]]).T)
    found = found[apart <= radius_m]
    ordered: IntArray = found[np.lexsort((found[:, 1], found[:, 0]))]
    return ordered


def plane_points(easting: ArrayLike, northing: ArrayLike) -> FloatArray:
    """Return coordinates as rows of easting and northing, refusing what cannot be measured.

    Examples
    --------
    >>> plane_points([1, 2], [3, 4]).tolist()
    [[1.0, 3.0], [2.0, 4.0]]
    """
    x, y = (np.asarray(given, dtype=np.float64).ravel() for given in (easting, northing))
    if x.shape != y.shape:
        raise SettingsError(f"{x.size} eastings and {y.size} northings are given; they go in pairs")
    points = np.column_stack([x, y])
    if missing := int((~np.isfinite(points)).any(axis=1).sum()):
        raise SettingsError(
            f"{missing} of {len(points)} points have no finite coordinate; leave them out and "
            "say so, distances cannot be taken from them"
        )
    return points


def _both_ways(focal: IntArray, neighbor: IntArray, n: int) -> Pairs:
    either = np.concatenate([focal * n + neighbor, neighbor * n + focal])
    rows, columns = np.divmod(np.unique(either), max(n, 1))
    return rows, columns


def _refuse_too_many(count: int, asked: str, cure: str) -> None:
    if count > MAX_LINKS:
        raise SettingsError(
            f"{asked} would give {count} links, more than the limit of {MAX_LINKS}; choose {cure}"
        )
