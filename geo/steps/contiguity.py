"""Find which areas are neighbors, for areas that the package does not ship."""

from __future__ import annotations

import warnings
from typing import Literal, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import crs, schema
from geo.errors import DataWarning, SchemaError, SettingsError
from geo.stats.contiguity import nearest_shapes, touching_shapes

TOLERANCE_M = 0.1
"""Borders of neighbors miss each other by millimeters; with INEGI's municipalities 5 mm to 10 m
give the same neighbors."""

Islands = Literal["leave", "nearest"]

_NAMED = 10


def find_neighbors(
    areas: gpd.GeoDataFrame, *, tolerance_m: float = TOLERANCE_M, islands: Islands = "leave"
) -> pd.DataFrame:
    """Return which areas share a border or a corner (queen contiguity).

    The neighbors of INEGI's states and municipalities are shipped
    (:func:`geo.sources.boundaries.load_neighbors`); this makes those of other areas. Give areas
    at full resolution: shapes simplified one by one no longer meet, and islands appear that are
    none.

    Parameters
    ----------
    areas
        An ``AREAS`` table of one level.
    tolerance_m
        Largest distance in meters between the borders of neighbors, in :data:`geo.crs.METRIC`.
    islands
        What becomes of areas that no other touches: ``"leave"`` leaves them without neighbors,
        and a test of neighborhoods does not test them; ``"nearest"`` makes the nearest area, the
        lower code where several are as near, a neighbor in both directions. Either way they are
        named.

    Returns
    -------
    DataFrame
        A ``NEIGHBORS`` table, both directions, ascending, for any step that takes one.

    Raises
    ------
    SchemaError, CRSError
        `areas` breaks its contract, holds an empty shape, or is not in longitude and latitude.
    SettingsError
        `areas` is of several levels, the tolerance is negative, or `islands` is no such word.

    Warns
    -----
    DataWarning
        If areas are islands; it names them, and whom they were joined to.

    Examples
    --------
    >>> from geo.sources.boundaries import load_areas
    >>> pairs = find_neighbors(load_areas("state").iloc[[1, 2, 24, 25]])
    >>> pairs.to_numpy().tolist()
    [['02', '03'], ['02', '26'], ['03', '02'], ['25', '26'], ['26', '02'], ['26', '25']]
    """
    schema.AREAS.check(areas)
    if islands not in get_args(Islands):
        raise SettingsError(f"islands is {islands!r}; choose 'leave' or 'nearest'")
    if len(levels := sorted(areas["level"].unique())) > 1:
        raise SettingsError(
            f"the areas are of the levels {', '.join(levels)}, and every area lies inside one of "
            "another level; give one level at a time"
        )
    ordered = areas.sort_values("cvegeo")
    codes = ordered["cvegeo"].to_numpy(dtype=object)
    if (empty := ordered.geometry.is_empty.to_numpy()).any():
        raise SchemaError(
            f"{empty.sum()} of {len(codes)} areas have an empty shape, the first is "
            f"{codes[empty][0]}; leave them out"
        )
    shapes = shapely.transform(ordered.geometry.to_numpy(), crs.project, interleaved=False)
    focal, neighbor = touching_shapes(shapes, tolerance_m)
    alone = np.setdiff1d(np.arange(len(codes)), focal)
    if len(alone) and len(codes) > 1 and islands == "nearest":
        nearest, meters = nearest_shapes(shapes, alone)
        _warn_of_joined(codes, alone, nearest, meters)
        focal = np.concatenate([focal, alone, nearest])
        neighbor = np.concatenate([neighbor, nearest, alone])
    elif len(alone):
        _warn_of_islands(codes[alone])
    table = pd.DataFrame({"focal": codes[focal], "neighbor": codes[neighbor]}, dtype="str")
    # Two islands may be the nearest to each other: that is one link, not two.
    return table.drop_duplicates().sort_values(["focal", "neighbor"], ignore_index=True)


def _warn_of_islands(codes: npt.NDArray[np.object_]) -> None:
    warnings.warn(
        f"{len(codes)} areas touch no other and have no neighbors: {_listed(list(codes))}. Join "
        "them to the nearest with islands='nearest'; if they should touch, the shapes are "
        "simplified or need a larger tolerance",
        DataWarning,
        stacklevel=3,
    )


def _warn_of_joined(
    codes: npt.NDArray[np.object_],
    alone: npt.NDArray[np.int64],
    nearest: npt.NDArray[np.int64],
    meters: npt.NDArray[np.float64],
) -> None:
    joined = [
        f"{codes[one]} to {codes[other]} ({apart / 1000:,.3g} km)"
        for one, other, apart in zip(alone, nearest, meters, strict=True)
    ]
    warnings.warn(
        f"{len(joined)} areas touch no other and are joined to the nearest: {_listed(joined)}",
        DataWarning,
        stacklevel=3,
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
