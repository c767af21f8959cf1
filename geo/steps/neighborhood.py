"""What all tests of neighborhoods share: which rows are tested, over which links, how adjusted.

A map is one period (and category). Each map is tested by itself, over all its areas at once.
"""

from __future__ import annotations

import hashlib
import math
import warnings
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import (
    DataWarning,
    PeriodWarning,
    SchemaError,
    SettingsError,
)
from geo.sources import boundaries
from geo.stats import local, multiple
from geo.stats.like_permutation import like_permutation_p
from geo.stats.permutation import check_permutations, permutation_p
from geo.steps.map_grid import MapGrid

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

Fdr = Literal["bh", "by"]
"""How q-values are made: Benjamini-Hochberg, or Benjamini-Yekutieli under any dependence."""

PERMUTATIONS = 99_999
"""So many let a single area of 2,465 reach a q of 0.05: 2 / 100,000 x 2,465 is 0.049."""

SEED = 20240909

LEVEL = 0.05
"""A find is called significant with a q up to this."""

FEW_AREAS = 30
MANY_ZEROS = 0.8

_LEVEL: dict[int, Level] = {2: "state", 5: "municipality"}

_NEVER_TESTED = {
    "local_eb_rate": "it is smoothed over the neighbors, which makes neighbors alike whether or "
    "not they were: every such test finds what the smoothing made. Test 'eb_rate'",
}


def complete_rows(measures: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the rows of the complete periods of a ``MEASURES`` table that has the value.

    Raises
    ------
    SchemaError
        If the table breaks the contract of a ``PANEL``.
    SettingsError
        If `value` is no column of numbers, or one that must not be tested.

    Warns
    -----
    PeriodWarning
        If no period is complete.
    """
    schema.PANEL.check(measures)
    if value in _NEVER_TESTED:
        raise SettingsError(f"{value!r} must not be tested: {_NEVER_TESTED[value]}")
    if value not in measures.columns or not pd.api.types.is_numeric_dtype(measures[value]):
        numeric = measures.select_dtypes("number").columns
        raise SettingsError(
            f"{value!r} is no column of numbers to look for hotspots in; there are "
            f"{', '.join(map(str, numeric))} (rates are added by add_rates)"
        )
    whole = measures[measures["complete"].fillna(value=False).to_numpy(dtype=bool)]
    if len(measures) and not len(whole):
        warnings.warn(
            "no period is complete: there is nothing to look for hotspots in",
            PeriodWarning,
            stacklevel=3,
        )
    return whole


def keyed(whole: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the key of each row, and what is tested as the column ``value``."""
    keys = [name for name in ("cvegeo", "period", "category") if name in whole.columns]
    return whole[keys].assign(value=whole[value].astype("float64"))


@dataclass(frozen=True, slots=True)
class Neighborhoods:
    """The values of all maps, and the links between their areas.

    Attributes
    ----------
    grid
        Where each row stands in maps x areas.
    values
        Maps x areas; NaN where there is no value.
    links
        Between the areas.
    alone
        Maps x areas: has a value, and no neighbor that has one.
    sizes
        Maps x areas: the exposure; nothing where the rows have none.
    """

    grid: MapGrid
    values: FloatArray
    links: local.Links
    alone: BoolArray
    sizes: FloatArray | None

    @classmethod
    def of(cls, whole: pd.DataFrame, value: str, neighbors: pd.DataFrame | None) -> Neighborhoods:
        """Return the neighborhoods of rows from :func:`complete_rows`.

        Raises
        ------
        SettingsError
            If no area has neighbors, or there are fewer than 30 areas.

        Warns
        -----
        DataWarning
            If areas have no neighbor with a value.
        """
        grid = MapGrid.of(whole)
        links = links_of(grid.codes, neighbors)
        if len(grid.codes) < FEW_AREAS:
            raise SettingsError(
                f"a local statistic over {len(grid.codes)} areas says nothing; {FEW_AREAS} are "
                "needed. Give all areas of the country, also where only some are of interest"
            )
        values = grid.maps(whole[value])
        alone = ~np.isnan(values) & (local.count_neighbors(values, links) == 0)
        _warn_of_isolates(grid.codes[alone.any(axis=0)])
        sizes = grid.maps(whole["exposure"]) if "exposure" in whole.columns else None
        return cls(grid, values, links, alone, sizes)

    def warn_of_weak_maps(self, z: FloatArray, whole: pd.DataFrame) -> None:
        """Warn of maps with few tested areas, and of maps with hardly an event."""
        events = self.grid.maps(whole["events"])
        tested = ~np.isnan(z)
        number = tested.sum(axis=1)
        if small := int(((number > 0) & (number < FEW_AREAS)).sum()):
            warnings.warn(
                f"fewer than {FEW_AREAS} areas are tested in {small} of {len(z)} maps: local "
                "statistics say little there",
                DataWarning,
                stacklevel=3,
            )
        empty = ((events == 0) & tested).sum(axis=1)
        if quiet := int(((number >= FEW_AREAS) & (empty > MANY_ZEROS * number)).sum()):
            warnings.warn(
                f"more than {MANY_ZEROS:.0%} of the areas have no event in {quiet} of {len(z)} "
                "maps: there is little to tell areas apart by, longer periods are better",
                DataWarning,
                stacklevel=3,
            )


_REMEMBERED = 64
_SHUFFLED: dict[bytes, tuple[FloatArray, FloatArray]] = {}
"""What the last permutations of single maps gave, the oldest first."""


def _fingerprints(
    values: FloatArray, links: local.Links, sizes: FloatArray | None, *numbers: int
) -> list[bytes]:
    """Return for each map what has the same value only for the same question."""
    of_all = hashlib.sha256(repr((values.shape[1:], links.shape, numbers)).encode())
    for array in (links.data, links.indices, links.indptr):
        of_all.update(f"{array.dtype.str} {array.shape}".encode())
        of_all.update(np.ascontiguousarray(array).data)
    found = []
    for number, row in enumerate(values):
        digest = of_all.copy()
        for array in (row,) if sizes is None else (row, sizes[number]):
            digest.update(f"{array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
        found.append(digest.digest())
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """How p- and q-values are made.

    Attributes
    ----------
    permutations
        Number of conditional permutations; 0 takes p from the normal tail.
    seed
        Seed of the draws.
    fdr
        How the p-values of one map are adjusted.
    """

    permutations: int = PERMUTATIONS
    seed: int = SEED
    fdr: Fdr = "bh"

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.permutations != 0:
            check_permutations(self.permutations)
        if self.seed < 0:
            raise SettingsError(f"the seed is {self.seed}; give a whole number from 0")
        if self.fdr not in get_args(Fdr):
            raise SettingsError(
                f"fdr is {self.fdr!r}; choose 'bh' (Benjamini-Hochberg) or 'by' "
                "(Benjamini-Yekutieli)"
            )

    def shuffled(
        self, values: FloatArray, links: local.Links, sizes: FloatArray | None
    ) -> tuple[FloatArray, FloatArray]:
        """Return two-sided permutation p-values of the neighborhoods, and their side.

        Areas change places with those of like size; with all, where sizes are not known. The side
        is 1 where the neighbors are higher than in most draws, -1 where they are lower.

        Hotspots and outliers of the same map have the same p, and a map the same among others:
        the last answers are kept.
        """
        keys = _fingerprints(values, links, sizes, self.permutations, self.seed)
        known = {key: _SHUFFLED[key] for key in keys if key in _SHUFFLED}
        new = [place for place, key in enumerate(keys) if key not in known]
        if new:
            rng = np.random.default_rng(self.seed)
            if sizes is None:
                found = permutation_p(values[new], links, permutations=self.permutations, rng=rng)
            else:
                found = like_permutation_p(
                    values[new], links, sizes=sizes[new], permutations=self.permutations, rng=rng
                )
            for place, one, its_side in zip(new, found.gi_star, found.side, strict=True):
                known[keys[place]] = one, its_side
        _SHUFFLED.update(known)
        while len(_SHUFFLED) > max(_REMEMBERED, len(known)):
            _SHUFFLED.pop(next(iter(_SHUFFLED)), None)
        p, side = (np.array([known[key][part] for key in keys]) for part in (0, 1))
        return p.reshape(values.shape), side.reshape(values.shape)

    def adjusted(self, p: FloatArray) -> FloatArray:
        """Return the q-values of the p-values along the last axis."""
        if self.fdr == "by":
            return multiple.benjamini_yekutieli(p)
        return multiple.benjamini_hochberg(p)

    def warn_if_coarse(self, p: FloatArray) -> None:
        """Warn if no area of a map could pass alone, however unusual its neighbors are."""
        tests = int((~np.isnan(p)).sum(axis=-1).max(initial=0))
        if not self.permutations or not tests:
            return
        smallest = 2 / (self.permutations + 1)
        factor = sum(1 / k for k in range(1, tests + 1)) if self.fdr == "by" else 1.0
        together = math.ceil(smallest * tests * factor / LEVEL)
        if together > 1:
            warnings.warn(
                f"{self.permutations:,} permutations cannot give a p below {smallest:.2g}: of "
                f"{tests:,} areas tested together, {together:,} must reach it for any to have a "
                f"q up to {LEVEL:g}. More permutations find more",
                DataWarning,
                stacklevel=3,
            )


def links_of(codes: pd.Index, neighbors: pd.DataFrame | None) -> local.Links:
    """Return the links between areas; the shipped ones of their level unless given.

    Raises
    ------
    SchemaError
        If the table breaks the contract of ``NEIGHBORS``, or an area is its own neighbor.
    SettingsError
        If no two of the areas are neighbors.
    """
    if neighbors is None:
        neighbors = boundaries.load_neighbors(level_of(codes))
    schema.NEIGHBORS.check(neighbors)
    own = neighbors["focal"] == neighbors["neighbor"]
    if own.any():
        raise SchemaError(
            f"{int(own.sum())} areas are listed as their own neighbor, the first is "
            f"{neighbors['focal'][own].iloc[0]}; leave these rows out"
        )
    focal = codes.get_indexer(pd.Index(neighbors["focal"].astype("str")))
    other = codes.get_indexer(pd.Index(neighbors["neighbor"].astype("str")))
    here = (focal >= 0) & (other >= 0)
    if not here.any():
        raise SettingsError(
            f"no two of the {len(codes)} areas are neighbors; the measures have codes like "
            f"{codes[0]!r}, the neighbors like "
            f"{neighbors['focal'].iloc[0] if len(neighbors) else 'none'!r}. Give neighbors of the "
            "same level"
        )
    return local.links_between(focal[here], other[here], len(codes))


def level_of(codes: pd.Index) -> Level:
    """Return the level that codes are of.

    Examples
    --------
    >>> level_of(pd.Index(["25001", "25006"]))
    'municipality'
    """
    lengths = {len(code) for code in codes}
    if len(lengths) != 1 or not lengths <= set(_LEVEL):
        raise SettingsError(
            f"the codes have {', '.join(map(str, sorted(lengths)))} characters, so they are "
            "neither states (2) nor municipalities (5); give neighbors"
        )
    return _LEVEL[lengths.pop()]


def _warn_of_isolates(codes: pd.Index) -> None:
    if len(codes):
        more = f" and {len(codes) - 10} more" if len(codes) > 10 else ""
        warnings.warn(
            f"{len(codes)} areas have no neighbor with a value and are not tested: "
            f"{', '.join(codes[:10])}{more}",
            DataWarning,
            stacklevel=4,
        )
