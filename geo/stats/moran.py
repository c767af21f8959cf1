"""Moran's I: whether neighbors are alike, on the whole map and around each area.

Arrays in, arrays out. Areas lie along the last axis; several maps over the same areas are worked
out in one go, each for itself. Missing values leave their map with all their links. Weights are
row-standardized here: the neighbors of an area have a weight of 1 together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.errors import SettingsError
from geo.stats.complete import CompleteMaps, complete_maps, is_constant, row_standardized
from geo.stats.local import MIN_AREAS, Links
from geo.stats.rates import FloatArray

Randomization = Literal["conditional", "total"]
"""What is shuffled: all other values with the own one held, or all values."""
Divisor = Literal["n", "n-1"]
"""Divisor of the variance that I is divided by."""


@dataclass(frozen=True, slots=True)
class LocalMoran:
    """Local Moran's I of each area; all arrays have the shape of the values.

    Attributes
    ----------
    index
        I: above zero among alike, below zero where an area differs from its neighbors. NaN where
        the value is missing, no neighbor has one, or all values are equal.
    expectation, variance
        Of I under randomization.
    z
        Standardized I. NaN also where I is the same whatever is shuffled: the own value is the
        mean (conditional only), all others are equal or all others are neighbors.
    """

    index: FloatArray
    expectation: FloatArray
    variance: FloatArray
    z: FloatArray


def local_moran(
    values: ArrayLike,
    links: Links,
    *,
    randomization: Randomization = "conditional",
    divisor: Divisor = "n",
) -> LocalMoran:
    """Return local Moran's I with its mean and variance under randomization.

    I = z_i / m2 times the mean of z over the neighbors, z being the deviation from the mean of
    the map and m2 the variance of the map.

    Parameters
    ----------
    values
        One value an area, along the last axis. Missing ones (NaN) are left out: the area has no
        I and is nobody's neighbor. Areas without neighbors count in mean and variance.
    links
        From :func:`geo.stats.local.links_between`.
    randomization
        ``"conditional"`` holds the own value and shuffles the others; its z is that of
        :func:`geo.stats.local.gi`, with the sign of the own deviation. ``"total"`` shuffles all
        values, as Anselin (1995) had it, and gives another z.
    divisor
        Of m2: ``"n"`` (spdep) or ``"n-1"`` (GeoDa, PySAL). I differs by (n - 1) / n, z does not.

    Raises
    ------
    SettingsError
        If a setting is unknown, values do not fit the links or hold infinity.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association. *Geographical Analysis* 27,
    93-115. Sokal, R. R., Oden, N. L., and Thomson, B. A. (1998). Local spatial autocorrelation in
    a biological model. *Geographical Analysis* 30, 331-354.

    Examples
    --------
    Five areas in a row, mean 4 and variance 14. The first deviates by 5, its neighbor by 4, so
    I = 5 * 4 / 14:

    >>> from geo.stats.local import links_between
    >>> row = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)
    >>> moran = local_moran([9, 8, 1, 0, 2], row)
    >>> moran.index.round(2)
    array([ 1.43,  0.29, -0.  ,  0.71,  0.57])
    >>> moran.z.round(2)
    array([1.69, 0.98, 0.34, 1.71, 1.12])
    >>> local_moran([4, 4, 4, 4, 4], row).index
    array([nan, nan, nan, nan, nan])
    """
    _check("randomization", randomization, ("conditional", "total"))
    _check("divisor", divisor, ("n", "n-1"))
    shape = np.shape(values)
    results = np.full((4, int(np.prod(shape[:-1])), links.shape[0]), np.nan)
    for group in complete_maps(values, links):
        n = len(group.areas)
        if n < MIN_AREAS:
            continue
        parts = _local_parts(group, randomization)
        shrink = (n - 1) / n if divisor == "n-1" else 1.0
        scales = (shrink, shrink, shrink**2, 1.0)
        for part, scale, into in zip(parts, scales, results, strict=True):
            group.put(part * scale, into=into)
    return LocalMoran(*(part.reshape(shape) for part in results))


def quadrants(values: ArrayLike, links: Links) -> npt.NDArray[np.str_]:
    """Say of each area whether it, and then its neighbors, are high or low.

    Parameters
    ----------
    values, links
        As in :func:`local_moran`.

    Returns
    -------
    array
        ``"HH"``, ``"LL"``, ``"HL"`` (high among low) or ``"LH"``, H being above the mean of the
        map; the mean itself is low. Empty where local Moran's I is missing. It says nothing of
        significance.

    Examples
    --------
    >>> from geo.stats.local import links_between
    >>> row = links_between([0, 1, 1, 2, 2, 3], [1, 0, 2, 1, 3, 2], 5)
    >>> quadrants([9, 8, 1, 1, 0], row).tolist()
    ['HH', 'HH', 'LH', 'LL', '']
    """
    shape = np.shape(values)
    named = np.full((int(np.prod(shape[:-1])), links.shape[0]), "", dtype="<U2")
    for group in complete_maps(values, links):
        if len(group.areas) < MIN_AREAS:
            continue
        deviation, lag = _deviation_and_lag(group)
        own = np.where(deviation > 0, "H", "L")
        names = np.strings.add(own, np.where(lag > 0, "H", "L"))
        has_index = _is_varied(group) & (np.diff(group.links.indptr) > 0)
        named[np.ix_(group.maps, group.areas)] = np.where(has_index, names, "")
    return named.reshape(shape)


@dataclass(frozen=True, slots=True)
class GlobalMoran:
    """Moran's I of each map, as a number a map.

    Attributes
    ----------
    index
        I. NaN where all values are equal or nobody has a neighbor.
    expectation, variance
        Of I under randomization.
    z
        Standardized I; its two-sided p is :func:`geo.stats.local.two_sided_p`.
    """

    index: FloatArray
    expectation: FloatArray
    variance: FloatArray
    z: FloatArray


def global_moran(values: ArrayLike, links: Links) -> GlobalMoran:
    """Return Moran's I of whole maps, with its mean and variance under randomization.

    It is context for values that are equally well known. For rates of areas of unlike size use
    :func:`geo.stats.eb_moran.eb_moran`.

    Parameters
    ----------
    values, links
        As in :func:`local_moran`. Areas without neighbors count in the mean and in the variance
        of the values and not in their number, as R's spdep has it by default.

    Raises
    ------
    SettingsError
        If values do not fit the links or hold infinity.

    References
    ----------
    Cliff, A. D., and Ord, J. K. (1981). *Spatial processes*. Pion, London, 42-46.

    Examples
    --------
    >>> from geo.stats.local import links_between
    >>> row = links_between([0, 1, 1, 2, 2, 3, 3, 4], [1, 0, 2, 1, 3, 2, 4, 3], 5)
    >>> moran = global_moran([9, 8, 1, 0, 2], row)
    >>> float(moran.index), float(moran.expectation)
    (0.60, -0.25)
    """
    shape = np.shape(values)[:-1]
    results = np.full((4, int(np.prod(shape))), np.nan)
    for group in complete_maps(values, links):
        results[:, group.maps] = _global_parts(group)
    return GlobalMoran(*(part.reshape(shape)[()] for part in results))


def _global_parts(group: CompleteMaps) -> FloatArray:
    parts = np.full((4, len(group.maps)), np.nan)
    weights = row_standardized(group.links)
    n = int((np.diff(weights.indptr) > 0).sum())
    varied = _is_varied(group)[:, 0]
    if n < 2:
        return parts
    deviation, lag = _deviation_and_lag(group)
    deviation, lag = deviation[varied], lag[varied]
    squares = (deviation**2).sum(axis=1)
    expectation = -1 / (n - 1)
    parts[0, varied] = n / weights.sum() * (deviation * lag).sum(axis=1) / squares
    parts[1, varied] = expectation
    if n <= 3:  # the variance divides by n - 3
        return parts

    s0 = weights.sum()
    s1 = ((weights + weights.T).power(2)).sum() / 2
    s2 = ((weights.sum(axis=1) + weights.sum(axis=0)) ** 2).sum()
    kurtosis = len(group.areas) * (deviation**4).sum(axis=1) / squares**2
    normal = n * (s1 * (n**2 - 3 * n + 3) - n * s2 + 3 * s0**2)
    tails = kurtosis * (s1 * (n**2 - n) - 2 * n * s2 + 6 * s0**2)
    variance = (normal - tails) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expectation**2
    parts[2, varied] = variance
    # Where all are neighbors of all, I is the same whatever is shuffled.
    known = variance > 1e-12
    scale = np.sqrt(np.where(known, variance, 1.0))
    parts[3, varied] = np.where(known, (parts[0, varied] - expectation) / scale, np.nan)
    return parts


def _local_parts(
    group: CompleteMaps, randomization: Randomization
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return I, its mean, its variance and z of complete maps, the variance divided by n."""
    deviation, lag = _deviation_and_lag(group)
    n = len(group.areas)
    degree = np.diff(group.links.indptr)
    has_index = _is_varied(group) & (degree > 0)
    weights = row_standardized(group.links)
    squared = np.asarray(weights.power(2).sum(axis=1))
    m2 = np.where(_is_varied(group), (deviation**2).mean(axis=1, keepdims=True), 1.0)
    index = deviation * lag / m2

    if randomization == "conditional":
        # Sokal, Oden and Thomson (1998), A7 and A8, the weights of an area summing to 1.
        expectation = -(deviation**2) / ((n - 1) * m2)
        others = m2 - deviation**2 / (n - 1)
        unlinked = squared - 1 / (n - 1)
        variance = (deviation / m2) ** 2 * n / (n - 2) * unlinked * others
        own = np.abs(deviation) > 1e-12 * np.abs(group.values).max(axis=1, keepdims=True)
        shuffles = own & (others > 1e-9 * m2) & (degree < n - 1)
    else:
        # Anselin (1995), equations 13 and 14.
        kurtosis = (deviation**4).mean(axis=1, keepdims=True) / m2**2
        expectation = np.full_like(deviation, -1 / (n - 1))
        same = squared * (n - kurtosis) / (n - 1)
        pairs = (1 - squared) * (2 * kurtosis - n) / ((n - 1) * (n - 2))
        variance = same + pairs - 1 / (n - 1) ** 2
        shuffles = variance > 1e-12

    variance = np.maximum(variance, 0.0)
    scale = np.sqrt(np.where(shuffles & (variance > 0), variance, np.nan))
    z = (index - expectation) / scale
    missing = np.where(has_index, 1.0, np.nan)
    return index * missing, expectation * missing, variance * missing, z * missing


def _deviation_and_lag(group: CompleteMaps) -> tuple[FloatArray, FloatArray]:
    """Return the deviations from the mean of each map, and their mean over the neighbors."""
    deviation = group.values - group.values.mean(axis=1, keepdims=True)
    lag: FloatArray = (row_standardized(group.links) @ deviation.T).T
    return deviation, lag


def _is_varied(group: CompleteMaps) -> npt.NDArray[np.bool_]:
    varied: npt.NDArray[np.bool_] = ~is_constant(group.values)[:, np.newaxis]
    return varied


def _check(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}; it must be {' or '.join(map(repr, known))}")
