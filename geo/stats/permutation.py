"""How unusual the neighbors of an area are, told by shuffling the values of all others.

Arrays in, arrays out. The own value of an area is held while the others are shuffled (conditional
permutation), so the test is of the neighborhood. Nothing is assumed of the shape of the values,
where the normal tail finds far too much in skewed ones.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.complete import (
    BoolArray,
    IntArray,
    complete_maps,
    is_constant,
)
from geo.stats.local import MIN_AREAS, Links
from geo.stats.rates import FloatArray

FEWEST_PERMUTATIONS = 39
"""With fewer, no two-sided p-value could reach 0.05."""

_CHUNK = 2**21
"""Drawn positions held at once: bounds the memory, whatever the number of permutations."""


class LocalP(NamedTuple):
    """Two-sided p-values of the two local statistics, and their side, shaped as the values.

    Attributes
    ----------
    gi_star
        Of Gi*, which is then a test of Gi: the own value adds the same to every permutation.
    local_moran
        Of local Moran's I. The same number, as I rises or falls with the sum of the neighbors;
        but 1 where the own value is the mean, as I is then 0 whatever the neighbors are.
    side
        1 where the neighbors are higher than in most draws, -1 where they are lower, 0 where
        neither. In skewed values it may differ from the sign of z, which knows the mean only.
    """

    gi_star: FloatArray
    local_moran: FloatArray
    side: FloatArray


def permutation_p(
    values: ArrayLike, links: Links, *, permutations: int = 999, rng: np.random.Generator
) -> LocalP:
    """Return conditional permutation p-values of Gi* and of local Moran's I.

    For each area, its value is held and as many others as it has neighbors are drawn, each at
    most once, from all other areas; p = (min(ge, le) + 1) / (permutations + 1), doubled and at
    most 1, where ge and le count the draws whose sum is at least, and at most, that of the
    neighbors. Ties count on both sides: an area among zeros is not cold where zeros are common.

    What is drawn, is drawn once for all areas and all maps: a permutation is a sequence of
    areas, and an area with k neighbors takes the first k of it that are not itself. Each p-value
    is that of independent draws; those of different areas and maps share their Monte Carlo error.

    Parameters
    ----------
    values
        One value an area, along the last axis; several maps over the same areas may be handed
        over together. Missing ones (NaN) are left out: the area is not tested and is nobody's
        neighbor.
    links
        From :func:`geo.stats.local.links_between`. The neighbors of one area must have the same
        weight.
    permutations
        Number of draws. The smallest p-value is 2 / (permutations + 1): too large to pass a
        correction for thousands of areas unless it is tens of thousands.
    rng
        Source of randomness. The result follows from its state, the values and the order of the
        areas; a map gives the same alone and among others.

    Returns
    -------
    LocalP
        NaN where nothing can be tested: the value is missing, no neighbor has one, all other
        areas are neighbors, all values are equal or fewer than three are known.

    Raises
    ------
    SettingsError
        If there are fewer than 39 permutations, or values or links cannot be used.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. *Geographical Analysis* 27,
    93-115. For the added one: Phipson, B., and Smyth, G. K. (2010). Permutation p-values should
    never be zero. *Statistical Applications in Genetics and Molecular Biology* 9, 39.

    Examples
    --------
    Ten areas in a row, the high values together on the left. The second has two high neighbors,
    as high a sum as 1 of the 36 pairs that can be drawn has, or 2/36 two-sided:

    >>> from geo.stats.local import links_between
    >>> left = list(range(9))
    >>> right = list(range(1, 10))
    >>> row = links_between(left + right, right + left, 10)
    >>> rng = np.random.default_rng(20240909)
    >>> p = permutation_p([9, 8, 9, 0, 1, 2, 0, 1, 2, 1], row, permutations=99_999, rng=rng)
    >>> round(2 / 36, 3), round(float(p.gi_star[1]), 3)
    (0.056, 0.055)

    An area without neighbors is not tested:

    >>> alone = links_between([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 5)
    >>> np.isnan(permutation_p([5, 4, 1, 0, 7], alone, rng=rng).gi_star)
    array([False, False, False, False,  True])
    """
    check_permutations(permutations)
    check_weights(links)
    seed = int(rng.integers(2**63))
    shape = np.shape(values)
    p = np.full((int(np.prod(shape[:-1])), links.shape[0]), np.nan)
    p_moran, side = p.copy(), p.copy()
    for group in complete_maps(values, links):
        # The same draws for each group, so that no map depends on the gaps of another.
        again = np.random.default_rng(seed)
        found, higher = _p_of_complete(group.values, group.links, permutations, again)
        group.put(found, into=p)
        group.put(higher, into=side)
        group.put(np.where(is_mean(group.values) & ~np.isnan(found), 1.0, found), into=p_moran)
    return LocalP(p.reshape(shape), p_moran.reshape(shape), side.reshape(shape))


def check_permutations(permutations: int) -> None:
    """Refuse a number of permutations that can show nothing.

    The smallest two-sided p-value of R permutations is 2 / (R + 1).
    """
    if permutations < FEWEST_PERMUTATIONS:
        raise SettingsError(
            f"{permutations} permutations cannot give a p-value below "
            f"{2 / (max(permutations, 0) + 1):.3g}; ask for {FEWEST_PERMUTATIONS} at least, for "
            "999 as a rule"
        )


def two_sided_permutation_p(at_least: IntArray, at_most: IntArray, permutations: int) -> FloatArray:
    """Return p-values from the numbers of permutations at least, and at most, as observed.

    Ties count on both sides, and the observed value counts as one of the permutations.

    Examples
    --------
    >>> two_sided_permutation_p(np.array([9, 50, 99]), np.array([90, 60, 99]), 99)
    array([0.2, 1. , 1. ])
    """
    p: FloatArray = 2 * (np.minimum(at_least, at_most) + 1) / (permutations + 1)
    return np.minimum(p, 1.0)


def _p_of_complete(
    values: FloatArray, links: Links, permutations: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return the p-values, and on which side of the draws the neighbors are."""
    n_areas = values.shape[1]
    # Whoever is linked to all others has the same sum in every permutation.
    degree = np.diff(links.indptr).astype(np.int64)
    tested = (degree > 0) & (degree < n_areas - 1) & (n_areas >= MIN_AREAS)
    degree = np.where(tested, degree, 0)
    p, side = np.full((2, *values.shape), np.nan)
    varied = ~is_constant(values)
    if not tested.any() or not varied.any():
        return p, side

    at_least, at_most = _count_extremes(values[varied], links, degree, permutations, rng)
    found = two_sided_permutation_p(at_least, at_most, permutations)
    p[varied] = np.where(tested, found, np.nan)
    side[varied] = np.where(tested, np.sign(at_most - at_least), np.nan)
    return p, side


def _count_extremes(
    values: FloatArray,
    links: Links,
    degree: IntArray,
    permutations: int,
    rng: np.random.Generator,
) -> tuple[IntArray, IntArray]:
    """Count the draws at least and at most as high as observed, for all maps and areas."""
    binary = links.astype(bool).astype(np.float64)
    observed = (binary @ values.T).T
    # Sums of the same values in another order differ by rounding, and must be ties.
    deepest = int(degree.max())
    rounding = 4 * np.finfo(np.float64).eps * (deepest + 1) ** 2
    slack = rounding * np.abs(values).max(axis=1)

    at_least = np.zeros(values.shape, dtype=np.int64)
    at_most = np.zeros(values.shape, dtype=np.int64)
    for start in range(0, permutations, _chunk_size(deepest)):
        size = min(_chunk_size(deepest), permutations - start)
        drawn = draw_sequences(len(degree), deepest + 1, size, rng)
        classes = [_class_of_degree(k, degree, drawn) for k in np.unique(degree[degree > 0])]
        for row, of_map in enumerate(values):
            low, high = observed[row] - slack[row], observed[row] + slack[row]
            _count_map(of_map, drawn, classes, (low, high), (at_least[row], at_most[row]))
    return at_least, at_most


class _Degree(NamedTuple):
    """The areas with one number of neighbors, and the draws that hold one of them."""

    neighbors: int
    areas: IntArray
    held_draw: IntArray
    held_area: IntArray


def _class_of_degree(neighbors: int, degree: IntArray, drawn: IntArray) -> _Degree:
    place, held_draw = np.nonzero(degree[drawn[:neighbors]] == neighbors)
    return _Degree(
        int(neighbors), np.flatnonzero(degree == neighbors), held_draw, drawn[place, held_draw]
    )


def _count_map(
    values: FloatArray,
    drawn: IntArray,
    classes: list[_Degree],
    bounds: tuple[FloatArray, FloatArray],
    counts: tuple[IntArray, IntArray],
) -> None:
    """Add to the counts of one map, going once through the drawn areas."""
    low, high = bounds
    at_least, at_most = counts
    size = drawn.shape[1]
    sums = np.zeros(size)
    following = 0
    for neighbors, areas, held_draw, held_area in classes:
        while following < neighbors:
            sums += values[drawn[following]]
            following += 1
        # All areas with as many neighbors are compared with the same sums ...
        ordered = np.sort(sums)
        at_least[areas] += size - np.searchsorted(ordered, low[areas], side="left")
        at_most[areas] += np.searchsorted(ordered, high[areas], side="right")
        # ... but for the few draws that hold the area itself, which takes the next one instead.
        before = sums[held_draw]
        after = before - values[held_area] + values[drawn[following, held_draw]]
        least, most = low[held_area], high[held_area]
        np.add.at(at_least, held_area, (after >= least).astype(np.int64) - (before >= least))
        np.add.at(at_most, held_area, (after <= most).astype(np.int64) - (before <= most))


def draw_sequences(n_areas: int, length: int, size: int, rng: np.random.Generator) -> IntArray:
    """Draw sequences of different areas: `length` rows, one column a sequence."""
    drawn = np.empty((length, size), dtype=np.int64)
    taken = np.empty((length, size), dtype=np.int64)  # the same, each column in ascending order
    for place in range(length):
        # The number-th of the areas that are left: step over those that are taken.
        pick = rng.integers(0, n_areas - place, size=size)
        for earlier in taken[:place]:
            pick += pick >= earlier
        drawn[place] = pick
        for earlier in taken[:place]:
            larger = np.maximum(earlier, pick)
            np.minimum(earlier, pick, out=earlier)
            pick = larger
        taken[place] = pick
    return drawn


def _chunk_size(deepest: int) -> int:
    return max(_CHUNK // (deepest + 1), 1)


def is_mean(values: FloatArray) -> BoolArray:
    """Return, for several complete maps, which values are the mean of their map."""
    deviation = np.abs(values - values.mean(axis=1, keepdims=True))
    largest = np.abs(values).max(axis=1, keepdims=True, initial=0.0)
    at_mean: BoolArray = deviation <= 8 * np.finfo(np.float64).eps * largest
    return at_mean


def check_weights(links: Links) -> None:
    """Refuse neighbors of unequal weight: a sum of draws can stand for equal ones only."""
    rows = np.repeat(np.arange(links.shape[0]), np.diff(links.indptr))
    first = links.data[links.indptr[rows]] if links.nnz else links.data
    if (unequal := (links.data != first) | ~(links.data > 0)).any():
        raise SettingsError(
            f"the neighbors of area {rows[unequal][0]} do not have the same weight above zero; "
            "draws from all areas can only stand for neighbors of equal weight: use links of "
            "weight 1"
        )
