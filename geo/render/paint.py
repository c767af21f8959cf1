"""From values to classes and colors: the legend and the map are painted by the same hand.

The page classifies again in the browser, from the same bounds; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.render import palette
from geo.render.mapdata import Level, LevelData, Measure
from geo.stats.breaks import ClassBreaks

NO_DATA = -1
"""Class of an area without a value."""

NOT_ASKED = -2
"""Class of an area of which nothing was asked."""

BINS = (-3, -2, -1, 0, 1, 2, 3)
"""Gi* bins in the order of their classes."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Paint:
    """How one measure is colored: a color for each class, lowest class first."""

    measure: Measure
    colors: tuple[str, ...]
    breaks: ClassBreaks | None


@dataclass(frozen=True, slots=True)
class Legend:
    """How many areas each class holds; with those without a value they are all areas.

    `few_events` counts areas that are in one of the classes already.
    """

    counts: tuple[int, ...]
    no_data: int
    few_events: int


def paint_of(data: LevelData, measure: Measure) -> Paint:
    """Return the colors of a measure.

    Examples
    --------
    >>> import pandas as pd
    >>> from geo.render.mapdata import MEASURES
    >>> data = LevelData(pd.DataFrame(), {"count": ClassBreaks(bounds=(0, 5), zero_class=True)})
    >>> paint_of(data, MEASURES[0]).colors
    ('#f6f3ec', '#f77e52')
    """
    if measure.kind == "bins":
        return Paint(measure, tuple(palette.HOTSPOT[bin_] for bin_ in BINS), None)
    breaks = data.breaks[measure.key]
    above_zero = len(breaks) - breaks.zero_class
    zero = (palette.ZERO,) if breaks.zero_class else ()
    ramp = palette.sequential(above_zero) if above_zero else ()
    return Paint(measure, zero + ramp, breaks)


def classes_of(data: LevelData, paint: Paint) -> IntArray:
    """Return the class of each row of the table; :data:`NO_DATA` where there is no value.

    Raises
    ------
    SettingsError
        A value lies outside the classes.
    """
    values = data.areas[paint.measure.column].to_numpy(dtype=np.float64, na_value=np.nan)
    if paint.breaks is None:
        return np.where(np.isnan(values), NO_DATA, np.nan_to_num(values) + 3).astype(np.int64)
    return paint.breaks.classify(values)


def few_events(data: LevelData, paint: Paint) -> npt.NDArray[np.bool_]:
    """Return where a rate is drawn that rests on few events or few people.

    Zero is not marked: it is a class of its own, and its color already says "none".
    """
    if not paint.measure.marks_few_events:
        return np.zeros(len(data.areas), dtype=bool)
    reliable = data.areas["reliable"].to_numpy(dtype=np.float64, na_value=np.nan) == 1
    some = data.areas["events"].to_numpy(dtype=np.float64, na_value=np.nan) > 0
    marked: npt.NDArray[np.bool_] = ~reliable & some & (classes_of(data, paint) != NO_DATA)
    return marked


def legend_of(data: LevelData, paint: Paint, *, areas: int) -> Legend:
    """Return how many of so many areas each class holds.

    Parameters
    ----------
    areas
        Areas that are drawn; those without a row in the table have no data.
    """
    classes = classes_of(data, paint)
    counts = np.bincount(classes[classes >= 0], minlength=len(paint.colors))
    return Legend(
        counts=tuple(counts.tolist()),
        no_data=areas - int(counts.sum()),
        few_events=int(few_events(data, paint).sum()),
    )


def paints(level: Level, data: LevelData) -> dict[str, Paint]:
    """Return the colors of every measure that a level can show."""
    return {measure.key: paint_of(data, measure) for measure in data.measures(level)}
