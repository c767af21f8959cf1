"""Events as points of the page: places, and how many events of which month and type are there.

Nothing of an event but its place, its month (its day, where points are exact), its type and its
class of actors is in here. With ``points="none"`` there is no block at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import periods
from geo.errors import SchemaError
from geo.render.codec import Block, columns_block
from geo.render.geometry import to_grid
from geo.render.packed import Packed
from geo.render.text import clean
from geo.schema import TIME_PRECISION
from geo.steps.categories import split_events
from geo.steps.coarsen import CELL_KM, Points, coarse_places, show_points
from geo.steps.count import TOO_COARSE
from geo.study.atlas import SPLITS, Atlas

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class EventPoints:
    """Events that are shown as points.

    Attributes
    ----------
    points
        ``"coarse"`` or ``"exact"``.
    x, y
        Place of each event on the grid of the page.
    month
        Position of its month; NaN where that is not known, or not on the map.
    day
        Days since the first day of the months of the map; of exact points only.
    precision
        Position in :data:`geo.schema.TIME_PRECISION`.
    split
        For each split its categories, and the position of that of each event.
    first
        First day of the months of the map; None without any.
    left_out
        Events of the map that have no place of their own.
    cell_km
        Width of a cell of coarse points.
    """

    points: Points
    x: IntArray
    y: IntArray
    month: FloatArray
    day: IntArray
    precision: IntArray
    split: Mapping[str, tuple[tuple[str, ...], IntArray]]
    first: str | None
    left_out: int
    cell_km: float = CELL_KM

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.x)

    @property
    def dateless(self) -> int:
        """Number of events that are in no month of the map."""
        return int(np.isnan(self.month).sum())


def event_points(
    located: gpd.GeoDataFrame, atlas: Atlas | None, points: Points
) -> EventPoints | None:
    """Return the events that are shown as points; None for ``"none"``.

    Only events that count for a state are on the map, and only those whose place is known to a
    spot are points; the others are counted.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    atlas
        The months and categories of the map.
    points
        How they are shown.
    """
    if points == "none":
        show_points(located.iloc[:0], points=points)
        return None
    counted = located[located["cve_ent"].notna().to_numpy(dtype=bool)]
    shown, left_out = show_points(counted, points="exact")
    shapes = shown.geometry.to_numpy()
    lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
    x, y = to_grid(*(coarse_places(lon, lat) if points == "coarse" else (lon, lat)))
    month, first = _months(shown, atlas)
    days = pd.to_datetime(shown["event_date"])
    begin = pd.Timestamp(first) if first is not None else days.min()
    split = {}
    for by in SPLITS:
        code, found = pd.factorize(split_events(shown, by), sort=True)
        names = _names(found, by, atlas)
        place = np.array([names.index(name) for name in found], dtype=np.int64)
        split[by] = (names, place[code])
    precise = shown["time_precision"].map({word: at for at, word in enumerate(TIME_PRECISION)})
    return EventPoints(
        points=points,
        x=x,
        y=y,
        month=month,
        day=(days - begin).dt.days.to_numpy(dtype=np.int64) if len(days) else np.empty(0, "int64"),
        precision=precise.to_numpy(dtype=np.int64),
        split=split,
        first=None if not len(days) else str(begin.date()),
        left_out=left_out,
    )


def _months(shown: gpd.GeoDataFrame, atlas: Atlas | None) -> tuple[FloatArray, str | None]:
    """Return the position of the month of each event, counted as the map counts it."""
    if atlas is None:
        return np.full(len(shown), np.nan), None
    labels = pd.Index(atlas.months)
    at = labels.get_indexer(pd.Index(periods.labels(shown["event_date"], "month")))
    known = (at >= 0) & ~shown["time_precision"].isin(TOO_COARSE["month"]).to_numpy(dtype=bool)
    first = str(periods.bounds(atlas.months[0])[0].date())
    return np.where(known, at, np.nan).astype(np.float64), first


def _names(have: Sequence[str], by: str, atlas: Atlas | None) -> tuple[str, ...]:
    """Return the categories of the map, and behind them those that only points have."""
    names = () if atlas is None else atlas.levels["state"].splits[by][0]
    return (*names, *(name for name in have if name not in names))


def points_config(shown: EventPoints) -> dict[str, Any]:
    """Return what the page is told of the points."""
    return {
        "points": shown.points,
        "cellKm": shown.cell_km,
        "events": len(shown),
        "leftOut": shown.left_out,
        "dateless": shown.dateless,
        "first": shown.first,
        "precisions": list(TIME_PRECISION),
        "types": [clean(name) for name in shown.split["event_type"][0]],
        "classes": [clean(name) for name in shown.split["actor_class"][0]],
    }


def points_block(shown: EventPoints) -> Block:
    """Return the points as places from north to south, each with its events in order of time.

    Raises
    ------
    SchemaError
        The arrays do not have one entry an event.
    """
    columns = {name: which for name, (_, which) in shown.split.items()}
    lengths = {len(values) for values in (shown.x, shown.y, shown.month, *columns.values())}
    if len(lengths) > 1:
        raise SchemaError("points need a place, a month and a category for each event")
    month = np.where(np.isnan(shown.month), -1, shown.month).astype(np.int64)
    kind, side = columns["event_type"], columns["actor_class"]
    exact = shown.points == "exact"
    day = shown.day if exact else np.zeros(len(shown), dtype=np.int64)
    precision = shown.precision if exact else np.zeros(len(shown), dtype=np.int64)
    order = np.lexsort((precision, side, kind, day, month, shown.x, shown.y))
    x, y, month = shown.x[order], shown.y[order], month[order]
    new = np.ones(len(x), dtype=bool)
    new[1:] = (np.diff(x) != 0) | (np.diff(y) != 0)
    starts = np.flatnonzero(new)
    packed = {
        "x": Packed("delta", x[starts]),
        "y": Packed("delta", y[starts]),
        "events": Packed("whole", np.diff([*starts, len(x)])),
        "month": Packed("whole", month + 1),
        "type": Packed("whole", kind[order]),
        "class": Packed("sparse", side[order]),
    }
    if exact:
        packed["day"] = Packed("signed", day[order])
        packed["precision"] = Packed("sparse", precision[order])
    return columns_block("points", packed)
