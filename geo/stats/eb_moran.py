"""Whether neighbors have alike rates, when some rates are known far better than others.

Arrays in, arrays out. Areas lie along the last axis and each map stands for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.stats.complete import complete_maps, is_constant, row_standardized
from geo.stats.local import MIN_AREAS, Links
from geo.stats.permutation import check_permutations, two_sided_permutation_p
from geo.stats.rates import FloatArray, counts_and_exposure, divide, is_known, total

_CHUNK = 2**18
"""Shuffled values held at once: so many stay close to the processor."""


@dataclass(frozen=True, slots=True)
class EbMoran:
    """Moran's I of standardized rates, as a number a map.

    Attributes
    ----------
    index
        I of the standardized rates. NaN where these are all equal or nobody has a neighbor.
    p_greater
        Share of shuffled maps with I at least as high: the test of clustering.
    p_value
        The same, two-sided.
    """

    index: FloatArray
    p_greater: FloatArray
    p_value: FloatArray


def eb_standardized(events: ArrayLike, exposure: ArrayLike) -> FloatArray:
    """Return rates less the overall rate, in units of their standard deviation.

    z_i = (r_i - b) / sqrt(v_i), v_i = a + b / P_i. The variance a between areas is taken as
    estimated, below zero too, as Assunção and Reis have it; where this leaves v_i below zero, it
    is b / P_i. (For smoothing a negative variance is set to 0, see
    :func:`geo.stats.bayes.prior_moments`.)

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis.

    Returns
    -------
    array
        NaN where the exposure is zero or missing, and for maps without any event.

    References
    ----------
    Assunção, R. M., and Reis, E. A. (1999). A new proposal to adjust Moran's I for population
    density. *Statistics in Medicine* 18, 2147-2162.

    Examples
    --------
    b = 0.2, a = 0.01 - 0.002, and v = 0.008 + 0.002, the same for both:

    >>> eb_standardized([10, 30], [100, 100])
    array([-1.,  1.])
    """
    counts, people = counts_and_exposure(events, exposure)
    known = is_known(counts, people)
    exposed = total(people, known)
    overall = divide(total(counts, known), exposed)
    rates = divide(counts, people)
    spread = divide(total(people * (rates - overall) ** 2, known), exposed)
    between = spread - divide(overall * known.sum(axis=-1, keepdims=True), exposed)
    chance = divide(overall, people)
    variance = np.where(between + chance < 0, chance, between + chance)
    # Equal rates may differ in the last bit, and nothing but that must not make a pattern.
    distance = rates - overall
    distance = np.where(np.abs(distance) <= 8 * np.finfo(np.float64).eps * overall, 0.0, distance)
    standardized = divide(distance, np.sqrt(np.where(variance > 0, variance, np.nan)))
    return np.where(known, standardized, np.nan)


def eb_moran(
    events: ArrayLike,
    exposure: ArrayLike,
    links: Links,
    *,
    permutations: int = 9999,
    rng: np.random.Generator,
) -> EbMoran:
    """Test whether neighbors have alike rates, allowing for how well each rate is known.

    Moran's I of :func:`eb_standardized` rates, with the standardized rates shuffled over all
    areas of the map.

    Parameters
    ----------
    events, exposure
        As in :func:`geo.stats.rates.crude_rate`, areas along the last axis. Areas without
        exposure are left out; areas without neighbors count, without a lag.
    links
        From :func:`geo.stats.local.links_between`; row-standardized here.
    permutations
        Number of shuffles, the same for all maps. The smallest two-sided p-value is
        2 / (permutations + 1).
    rng
        Source of randomness.

    Raises
    ------
    SettingsError
        If there are fewer than 39 permutations or counts cannot be used.
    ExposureError
        If an exposure is negative or infinite.

    Examples
    --------
    Twelve villages in a row, events in one half only:

    >>> from geo.stats.local import links_between
    >>> left = list(range(11))
    >>> right = list(range(1, 12))
    >>> row = links_between(left + right, right + left, 12)
    >>> rng = np.random.default_rng(20240909)
    >>> found = eb_moran([9, 8, 9, 7, 9, 8] + [1] * 6, [100] * 12, row, permutations=999, rng=rng)
    >>> float(found.index), float(found.p_greater)
    (0.80, 0.001)
    """
    check_permutations(permutations)
    standardized = eb_standardized(events, exposure)
    seed = int(rng.integers(2**63))
    shape = standardized.shape[:-1]
    results = np.full((3, int(np.prod(shape))), np.nan)
    for group in complete_maps(standardized, links):
        if not group.links.nnz or len(group.areas) < MIN_AREAS:
            continue
        varied = ~is_constant(group.values)
        weights = row_standardized(group.links)
        deviation = group.values[varied]
        deviation = deviation - deviation.mean(axis=1, keepdims=True)
        products = (deviation * (weights @ deviation.T).T).sum(axis=1)
        scale = len(group.areas) / weights.sum() / (deviation**2).sum(axis=1)

        at_least, at_most = np.zeros((2, len(deviation)), dtype=np.int64)
        slack = 1e-10 * (deviation**2).sum(axis=1)
        shuffler = np.random.default_rng(seed)
        size = max(_CHUNK // len(group.areas), 1)
        for start in range(0, permutations, size):
            orders = np.tile(np.arange(len(group.areas)), (min(size, permutations - start), 1))
            orders = np.ascontiguousarray(shuffler.permuted(orders, axis=1).T)
            for row, of_map in enumerate(deviation):
                shuffled = of_map[orders]
                product = np.einsum("ij,ij->j", shuffled, weights @ shuffled)
                at_least[row] += (product >= products[row] - slack[row]).sum()
                at_most[row] += (product <= products[row] + slack[row]).sum()
        place = group.maps[varied]
        results[0, place] = scale * products
        results[1, place] = (at_least + 1) / (permutations + 1)
        results[2, place] = two_sided_permutation_p(at_least, at_most, permutations)
    return EbMoran(*(part.reshape(shape)[()] for part in results))
