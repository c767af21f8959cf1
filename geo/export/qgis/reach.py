"""What a query asked for, in the layers of areas: a column, empty numbers, classes of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from geo.cvegeo import DIGITS, Level
from geo.export.qgis.renderers import ASKED, NOT_ASKED, PART, Classes
from geo.render.text import Language
from geo.render.words import say
from geo.steps.reach import Reach

COUNTED = ("events", "fatalities", "base_events", "comparison_events")
"""Numbers that are empty where nothing was asked: there, zero would be read as a finding."""

WORDED = ("gi_class", "outlier_class", "emerging", "change_class")
"""Columns of words that say it themselves."""


def columns_of(reach: Reach) -> tuple[str, ...]:
    """Return the columns that areas have of what was asked; none of the whole country."""
    return (ASKED,) if reach else ()


def words_of(codes: Iterable[str], reach: Reach) -> list[str]:
    """Return whether each area was asked for.

    Examples
    --------
    >>> words_of(["06", "25"], Reach(outside=frozenset({"25"})))
    ['whole', 'not_asked']
    """
    return [
        NOT_ASKED if code in reach.outside else PART if code in reach.part else "whole"
        for code in codes
    ]


def emptied(rows: pd.DataFrame, codes: Sequence[str] | pd.Series, reach: Reach) -> pd.DataFrame:
    """Return rows without numbers of events where nothing was asked.

    Parameters
    ----------
    rows
        Of a layer.
    codes
        The area of each row.
    reach
        Which areas were asked for.

    Examples
    --------
    >>> rows = pd.DataFrame({"events": [3, 0], "gi_class": ["hot_99", "not_tested"]})
    >>> emptied(rows, ["06", "25"], Reach(outside=frozenset({"25"}))).values.tolist()
    [[3.0, 'hot_99'], [nan, 'not_asked']]
    """
    if not reach.outside:
        return rows
    outside = np.array([code in reach.outside for code in codes], dtype=bool)
    counts = {name: rows[name].astype("float64").mask(outside) for name in COUNTED if name in rows}
    words = {name: rows[name].mask(outside, NOT_ASKED) for name in WORDED if name in rows}
    return rows.assign(**counts, **words)


def told(classes: Classes, reach: Reach, level: Level, language: Language) -> Classes:
    """Return classes with those of areas of a level that were not asked for, or in part."""

    def some(areas: frozenset[str]) -> bool:
        return any(len(code) == DIGITS[level] for code in areas)

    outside = say(language, "reach.outside") if some(reach.outside) else ""
    part = say(language, "reach.part") if some(reach.part) else ""
    return dataclasses.replace(classes, outside=outside, part=part)
