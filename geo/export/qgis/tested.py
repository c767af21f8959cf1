"""The layers of what was tested or compared: hotspots and change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.export.qgis.areas import joined, on_codes
from geo.export.qgis.fields import fields
from geo.export.qgis.legends import NOT_TESTED, bin_classes, bin_words, classes_from, words_classes
from geo.export.qgis.parts import CODE, Layer
from geo.export.qgis.reach import emptied
from geo.export.qgis.renderers import Classes
from geo.export.qgis.words import word
from geo.render import wording
from geo.render.choosing import choose
from geo.render.chosen import CHANGE, measures_of
from geo.render.label_colors import EMERGING, OUTLIER
from geo.render.mapdata import Level, MapData
from geo.render.text import Language
from geo.render.words import say
from geo.sources import boundaries
from geo.stats.breaks import make_breaks
from geo.study.atlas import OUTLIERS, outlier_classes
from geo.study.results import Results

CHANGE_WORDS = ("to_0.25", "to_0.5", "to_0.8", "to_1.25", "to_2", "to_4", "above_4")

TOO_FEW = "too_few"


def hotspot_layer(results: Results, data: MapData, language: Language) -> Layer | None:
    """Return the hotspots of the latest period; None where none were looked for in it.

    With them go outliers of the same period, and the labels of emerging hotspots.
    """
    if not data.levels["municipality"].has_hotspots:
        return None
    period, codes = data.period.label, boundaries.area_codes("municipality")[CODE].tolist()
    hot, out = (
        on_codes(table[table["period"] == period], codes)
        for table in (
            results.tables["hotspots_municipality"],
            results.tables["outliers_municipality"],
        )
    )
    rows = hot[[CODE, "value", "gi_star", "p_value", "q_value", "gi_bin"]].assign(
        period=period,
        gi_class=bin_words(hot["gi_bin"]),
        outlier_class=[
            NOT_TESTED if np.isnan(at) else OUTLIERS[int(at)] for at in outlier_classes(out)
        ],
        outlier_q=out["q_value"],
    )
    names = [
        CODE, "period", "value", "gi_star", "p_value", "q_value", "gi_bin", "gi_class",
        "outlier_class", "outlier_q",
    ]  # fmt: skip
    classes = [
        bin_classes(language),
        words_classes(
            word(language, "style.outliers"), "outlier_class", OUTLIER, OUTLIERS, language
        ),
    ]
    if results.emerging is not None:
        labels = on_codes(results.emerging.table, codes)["pattern"].fillna(NOT_TESTED)
        rows = rows.assign(emerging=labels)
        names.append("emerging")
        title = say(language, "measure.emerging")
        found = [name for name in EMERGING if (labels == name).any()]
        classes.append(words_classes(title, "emerging", EMERGING, found, language))
    chosen = choose(data, "municipality", "hotspots", language, codes)
    return joined(
        "hotspots",
        "municipality",
        word(language, "layer.hotspots", period=wording.period_name(language, period)),
        " ".join((f"{chosen.unit}.", *chosen.notes)),
        fields(tuple(names), language),
        emptied(rows, codes, data.reach),
        classes,
        language,
        reach=data.reach,
    )


def change_layer(results: Results, data: MapData, level: Level, language: Language) -> Layer | None:
    """Return the change of the study's windows; None where the map has none either."""
    if CHANGE not in measures_of(data, level):
        return None
    codes = boundaries.area_codes(level)[CODE].tolist()
    chosen = choose(data, level, CHANGE, language, codes)
    table = on_codes(results.tables[f"change_{level}"], codes)
    names = (
        CODE, "base_events", "comparison_events", "base_rate", "comparison_rate", "rate_ratio",
        "ratio_low", "ratio_high", "quasi_low", "quasi_high", "p_value", "q_value", "reliable",
        "change_class",
    )  # fmt: skip
    rows = table[list(names[:-1])].assign(
        change_class=[
            CHANGE_WORDS[chosen.classes[code]] if code in chosen.classes else TOO_FEW
            for code in codes
        ]
    )
    ratio = Classes(
        title=chosen.title,
        field="change_class",
        values=CHANGE_WORDS,
        colors=chosen.colors,
        names=chosen.names,
        missing=chosen.missing,
        missing_value=TOO_FEW,
    )
    asked = emptied(table, codes, data.reach)
    counts = tuple(
        _count_classes(word(language, f"style.{which}"), asked, f"{which}_events", language)
        for which in ("base", "comparison")
    )
    base, comparison = (window.label for window in results.settings.windows or ())
    windows = say(
        language,
        "static.against",
        base=wording.window_name(language, base),
        comparison=wording.window_name(language, comparison),
    )
    return joined(
        f"change_{level}",
        level,
        word(language, f"layer.change.{level}", windows=windows),
        " ".join((chosen.shown, f"{chosen.unit}.", *chosen.notes)),
        fields(names, language),
        emptied(rows, codes, data.reach),
        (ratio, *counts),
        language,
        reach=data.reach,
    )


def _count_classes(title: str, table: pd.DataFrame, column: str, language: Language) -> Classes:
    breaks = make_breaks(table[column].to_numpy(dtype=np.float64, na_value=np.nan), whole=True)
    return classes_from("count", breaks, title=title, field_name=column, language=language)
