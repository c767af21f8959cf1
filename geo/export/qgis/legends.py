"""The classes of the map for QGIS: its bounds, colors and names, in one legend everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from geo.export.qgis.renderers import Classes
from geo.export.qgis.words import word
from geo.render import palette, wording
from geo.render.chosen import Chosen
from geo.render.mapdata import MEASURES, Level, LevelData
from geo.render.paint import BINS, paint_of
from geo.render.text import Language
from geo.render.words import say
from geo.stats.breaks import ClassBreaks
from geo.study.labels import label

COLUMNS = {measure.key: measure.column for measure in MEASURES}

BIN_WORDS = ("cold_99", "cold_95", "cold_90", "not_significant", "hot_90", "hot_95", "hot_99")

NOT_TESTED = "not_tested"

_QUADRANTS = {
    "HH": "high among high",
    "LL": "low among low",
    "HL": "high among low",
    "LH": "low among high",
}

EDGE_MM: dict[Level, float] = {"state": 0.2, "municipality": 0.06}


def classes_of(chosen: Chosen) -> Classes:
    """Return the classes of a measure as the map has them."""
    few = (say(chosen.language, "legend.fewEvents"), "few_events") if chosen.marks_few else None
    return Classes(
        title=chosen.title,
        field=COLUMNS[chosen.measure],
        breaks=chosen.breaks,
        colors=chosen.colors,
        names=chosen.names,
        missing=chosen.missing,
        few=few,
        edge_mm=EDGE_MM[chosen.level],
    )


def bin_classes(language: Language) -> Classes:
    """Return the classes of hotspots."""
    return Classes(
        title=say(language, "measure.hotspots"),
        field="gi_class",
        values=BIN_WORDS,
        colors=tuple(palette.HOTSPOT[bin_] for bin_ in BINS),
        names=tuple(say(language, f"bin.{bin_}") for bin_ in BINS),
        missing=say(language, "legend.notTested"),
        missing_value=NOT_TESTED,
    )


def bin_words(bins: pd.Series) -> list[str]:
    """Return the word of each bin.

    Examples
    --------
    >>> bin_words(pd.Series([3, 0, pd.NA], dtype="Int64"))
    ['hot_99', 'not_significant', 'not_tested']
    """
    return [NOT_TESTED if pd.isna(one) else BIN_WORDS[int(one) + 3] for one in bins]


def words_classes(
    title: str,
    field_name: str,
    colors: Mapping[str, str],
    shown: Sequence[str],
    language: Language,
) -> Classes:
    """Return classes of a column of words of geo, in the colors of the map."""
    said = [
        word(language, "class.noOutlier") if name == "none" else spoken(name, language)
        for name in shown
    ]
    return Classes(
        title=title,
        field=field_name,
        values=tuple(shown),
        colors=tuple(colors[name] for name in shown),
        names=tuple(name[0].upper() + name[1:] for name in said),
        missing=say(language, "legend.notTested"),
        missing_value=NOT_TESTED,
    )


def spoken(name: str, language: Language) -> str:
    """Return a word of a table as people say it.

    Examples
    --------
    >>> spoken("HL", "en"), spoken("HL", "es"), spoken("new hotspot", "en")
    ('high among low', 'alto entre bajos', 'new hotspot')
    """
    return _QUADRANTS[name] if language == "en" and name in _QUADRANTS else label(name, language)


def classes_from(
    key: str,
    breaks: ClassBreaks,
    *,
    title: str,
    field_name: str,
    language: Language,
    marks_few: bool = False,
) -> Classes:
    """Return classes of a measure from bounds, with the colors and the names of the map."""
    measure = next(one for one in MEASURES if one.key == key)
    paint = paint_of(LevelData(pd.DataFrame(), {key: breaks}), measure)
    few = (say(language, "legend.fewEvents"), "few_events")
    return Classes(
        title=title,
        field=field_name,
        breaks=paint.breaks,
        colors=paint.colors,
        names=tuple(wording.class_name(language, paint, at) for at in range(len(paint.colors))),
        missing=say(language, "legend.noData"),
        few=few if marks_few and paint.colors else None,
    )
