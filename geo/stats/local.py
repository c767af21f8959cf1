"""Local statistics: where high values lie among high ones, and low among low.

Arrays in, arrays out. Areas lie along the last axis; several maps over the same areas are worked
out in one go, each for itself. Missing values leave their map with all their links.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import scipy
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.rates import FloatArray

Links: TypeAlias = "scipy.sparse.csr_array"
"""Weights between areas: row = focal area, column = neighbor, nothing on the diagonal."""

MIN_AREAS = 3
"""With fewer values there is no local statistic."""

_CACHE = 1 << 16
"""Values worked on at once: so many stay close to the processor."""


def links_between(focal: ArrayLike, neighbor: ArrayLike, n_areas: int) -> Links:
    """Return the links of weight 1 between areas that are named by their position.

    Parameters
    ----------
    focal, neighbor
        Positions, from 0, of the two areas of each link. Both directions are to be given.
    n_areas
        Number of areas, those without a neighbor included.

    Raises
    ------
    SettingsError
        If a position does not exist, an area is its own neighbor or a link comes twice.

    Examples
    --------
    Three areas in a row:

    >>> links_between([0, 1, 1, 2], [1, 0, 2, 1], 3).toarray().astype(int)
    array([[0, 1, 0],
           [1, 0, 1],
           [0, 1, 0]])
    """
    rows = np.asarray(focal, dtype=np.int64)
    columns = np.asarray(neighbor, dtype=np.int64)
    both = np.concatenate([rows, columns])
    if len(both) and (both.min() < 0 or both.max() >= n_areas):
        raise SettingsError(
            f"links name positions {both.min()} to {both.max()}; with {n_areas} areas they must "
            f"lie between 0 and {n_areas - 1}"
        )
    if (own := rows == columns).any():
        raise SettingsError(
            f"{own.sum()} links join an area to itself, the first is area {rows[own][0]}; leave "
            "them out, the statistic adds the area itself where it should"
        )
    if repeated := len(rows) - len(np.unique(rows * n_areas + columns)):
        raise SettingsError(f"{repeated} of {len(rows)} links are repeated; give each once")
    return scipy.sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_areas, n_areas))


def gi_star(values: ArrayLike, links: Links) -> FloatArray:
    """Return Getis and Ord's Gi* as a z-score: how unusual an area is with its neighbors.

    The area itself is included, with weight 1. Mean and variance are those under randomization
    (all values shuffled over all areas). The z-score does not change when the weights of an
    area, its own included, are multiplied by a constant.

    Parameters
    ----------
    values
        One value an area, along the last axis. Missing ones (NaN) are left out: the area is not
        tested and is nobody's neighbor.
    links
        From :func:`links_between`.

    Returns
    -------
    array
        z-scores. NaN where the value is missing, and where the statistic is not defined: for
        fewer than three values, for values that are all equal, and for an area that is linked
        to all others. An area without neighbors is compared by its own value alone;
        :func:`count_neighbors` tells which these are.

    References
    ----------
    Ord, J. K., and Getis, A. (1995). Local spatial autocorrelation statistics: distributional
    issues and an application. *Geographical Analysis* 27, 286-306.

    Examples
    --------
    Five areas in a row, high at the left:

    >>> row = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)
    >>> gi_star([9, 8, 1, 0, 2], row).round(2)
    array([ 1.96,  1.31, -0.65, -1.96, -1.31])
    >>> gi_star([4, 4, 4, 4, 4], row)
    array([nan, nan, nan, nan, nan])
    """
    own = scipy.sparse.eye_array(links.shape[0], format="csr")
    return _getis_ord(values, links, own)


def gi(values: ArrayLike, links: Links) -> FloatArray:
    """Return Getis and Ord's Gi as a z-score: how unusual the neighbors of an area are.

    The area itself is left out, of the sum as of the mean and the variance. It is what a
    permutation of Gi* with the own value held tests.

    Parameters
    ----------
    values, links
        As in :func:`gi_star`.

    Returns
    -------
    array
        z-scores; NaN as in :func:`gi_star`, and for areas without neighbors.

    Examples
    --------
    >>> row = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)
    >>> gi([9, 8, 1, 0, 2], row).round(2)
    array([ 1.69,  0.98, -0.34, -1.71, -1.12])
    """
    nothing = scipy.sparse.csr_array(links.shape)
    return _getis_ord(values, links, nothing)


def count_neighbors(values: ArrayLike, links: Links) -> npt.NDArray[np.int64]:
    """Count the neighbors of each area that have a value.

    Examples
    --------
    >>> row = links_between([0, 1, 1, 2], [1, 0, 2, 1], 3)
    >>> count_neighbors([5, float("nan"), 5], row)
    array([0, 2, 0])
    """
    present = ~np.isnan(as_maps(values, links))
    linked = (links != 0).astype(np.int64)
    counted: npt.NDArray[np.int64] = (linked @ present.astype(np.int64).T).T
    return counted.reshape(np.shape(values))


def two_sided_p(z: ArrayLike) -> FloatArray:
    """Return the probability of a z-score at least as far from zero, by the normal tail.

    Examples
    --------
    >>> two_sided_p([0, -1.96, float("nan")]).round(3)
    array([1.  , 0.05,  nan])
    """
    distance = np.abs(np.asarray(z, dtype=np.float64))
    # The tail underflows 38 standard deviations out; a probability is never zero.
    p: FloatArray = np.maximum(2 * scipy.special.ndtr(-distance), np.finfo(np.float64).tiny)
    return p


def _getis_ord(values: ArrayLike, links: Links, own: Links) -> FloatArray:
    given = as_maps(values, links)
    z = np.full(given.shape, np.nan)
    if not given.size:
        return z.reshape(np.shape(values))
    weights = links + own
    rows = max(_CACHE // given.shape[1], 1)
    for start in range(0, len(given), rows):
        part = slice(start, start + rows)
        _standardize(given[part], weights, includes_self=own.nnz > 0, out=z[part])
    return z.reshape(np.shape(values))


def _standardize(
    given: FloatArray, weights: Links, *, includes_self: bool, out: FloatArray
) -> None:
    """Write the z-scores of some maps into `out`, where they are defined."""
    present = ~np.isnan(given)
    # The set a value is compared with: all values, or all but the area's own.
    n = present.sum(axis=1, keepdims=True) - (0 if includes_self else 1)
    centered = np.where(present, given - _mean(given, present), 0.0)
    squares = (centered**2).sum(axis=1, keepdims=True)
    # The first map speaks for all where all miss the same areas; most miss none.
    once = present[:1] if (present == present[:1]).all() else present
    linked = (weights @ once.T.astype(np.float64)).T
    linked_squares = (weights.power(2) @ once.T.astype(np.float64)).T
    unusual = np.ascontiguousarray((weights @ centered.T).T)
    if includes_self:
        variance = squares / np.maximum(n, 1)
    else:
        mean = -centered / np.maximum(n, 1)
        variance = (squares - np.square(centered)) / np.maximum(n, 1) - mean**2
        unusual -= linked * mean

    # Rounding must not turn "not defined" into a number: all values of the set equal, or all
    # areas of the set linked.
    spread = n[: len(once)] * linked_squares - linked**2
    defined = (linked > 0) & (spread > 1e-9 * n[: len(once)] * linked_squares)
    tested = present & defined & (n >= (MIN_AREAS if includes_self else MIN_AREAS - 1))
    tested &= ~_is_constant(given, present, without_own=not includes_self)
    scale = np.sqrt(np.maximum(variance / np.maximum(n - 1, 1), 0))
    scale = scale * np.sqrt(np.maximum(spread, 0))
    np.divide(unusual, scale, out=out, where=tested)


def _mean(values: FloatArray, present: npt.NDArray[np.bool_]) -> FloatArray:
    count = present.sum(axis=1, keepdims=True)
    summed: FloatArray = np.sum(values, axis=1, keepdims=True, where=present)
    mean: FloatArray = summed / np.maximum(count, 1)
    return mean


def _is_constant(
    values: FloatArray, present: npt.NDArray[np.bool_], *, without_own: bool
) -> npt.NDArray[np.bool_]:
    """Return, for each area, whether the set it is compared with has one value only."""
    lowest = np.where(present, values, np.inf).min(axis=1, keepdims=True)
    highest = np.where(present, values, -np.inf).max(axis=1, keepdims=True)
    if not without_own:
        constant: npt.NDArray[np.bool_] = lowest == highest
        return constant
    # Without its own value: all but the lowest are equal, or all but the highest.
    is_lowest, is_highest = values == lowest, values == highest
    others = present.sum(axis=1, keepdims=True) - 1
    lowest_out = is_lowest & (is_highest.sum(axis=1, keepdims=True) >= others)
    highest_out = is_highest & (is_lowest.sum(axis=1, keepdims=True) >= others)
    either: npt.NDArray[np.bool_] = lowest_out | highest_out
    return either


def as_maps(values: ArrayLike, links: Links) -> FloatArray:
    """Return values as maps x areas, or refuse what cannot be laid on the areas of `links`."""
    given = np.asarray(values, dtype=np.float64)
    if given.ndim == 0 or given.shape[-1] != links.shape[0]:
        raise SettingsError(
            f"values have the shape {given.shape} and the links join {links.shape[0]} areas; "
            "areas must lie along the last axis"
        )
    if np.isinf(given).any():
        raise SettingsError("values hold infinity; a value that is not known is missing (NaN)")
    return given.reshape(math.prod(given.shape[:-1]), given.shape[-1])
