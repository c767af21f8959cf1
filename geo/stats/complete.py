"""Maps without gaps: each group of maps that miss the same areas, with the links that remain.

Arrays in, arrays out. Statistics that join neighbors are written for complete maps only; this is
where areas without a value are taken out, with all their links.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.typing import ArrayLike

from geo.stats.local import Links, as_maps
from geo.stats.rates import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CompleteMaps:
    """Maps that have a value in the same areas.

    Attributes
    ----------
    maps, areas
        Positions, in the values given, of these maps and of the areas that have a value.
    values
        One row a map, one column an area.
    links
        Between these areas only.
    """

    maps: IntArray
    areas: IntArray
    values: FloatArray
    links: Links

    def put(self, results: FloatArray, into: FloatArray) -> None:
        """Write results of these maps to their place in an array of all maps and areas."""
        into[np.ix_(self.maps, self.areas)] = results


def complete_maps(values: ArrayLike, links: Links) -> Iterator[CompleteMaps]:
    """Yield groups of maps that have a value in the same areas; usually it is one group.

    Maps without any value are in none.

    Parameters
    ----------
    values
        One value an area, along the last axis; NaN where it is missing.
    links
        From :func:`geo.stats.local.links_between`.

    Raises
    ------
    SettingsError
        If values do not fit the links or hold infinity.

    Examples
    --------
    >>> from geo.stats.local import links_between
    >>> row = links_between([0, 1, 1, 2], [1, 0, 2, 1], 3)
    >>> for group in complete_maps([[1, 2, 3], [4, float("nan"), 6]], row):
    ...     print(group.maps, group.areas, group.links.nnz)
    [1] [0 2] 0
    [0] [0 1 2] 4
    """
    given = as_maps(values, links)
    if not given.size:
        return
    patterns, which = np.unique(~np.isnan(given), axis=0, return_inverse=True)
    for number, present in enumerate(patterns):
        if not present.any():
            continue
        maps = np.flatnonzero(which == number)
        areas = np.flatnonzero(present)
        left = links if present.all() else links[areas][:, areas]
        yield CompleteMaps(maps, areas, given[np.ix_(maps, areas)], left)


def row_standardized(links: Links) -> Links:
    """Return the links with weights that add up to 1 for each area that has a neighbor.

    Examples
    --------
    >>> from geo.stats.local import links_between
    >>> row_standardized(links_between([0, 1, 1, 2], [1, 0, 2, 1], 4)).toarray()
    array([[0. , 1. , 0. , 0. ],
           [0.5, 0. , 0.5, 0. ],
           [0. , 1. , 0. , 0. ],
           [0. , 0. , 0. , 0. ]])
    """
    standardized: Links = links.copy()
    sums = np.asarray(links.sum(axis=1))
    standardized.data = links.data / np.repeat(sums, np.diff(links.indptr))
    return standardized


def is_constant(values: FloatArray) -> BoolArray:
    """Return, for each of several complete maps, whether all its values are equal."""
    constant: BoolArray = values.max(axis=1, initial=-np.inf) <= values.min(axis=1, initial=np.inf)
    return constant
