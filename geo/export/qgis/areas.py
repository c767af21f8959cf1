"""The layers of areas: the latest period, hotspots, change."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import periods
from geo.errors import SettingsError
from geo.export.qgis import symbols
from geo.export.qgis.fields import field, fields
from geo.export.qgis.parts import CODE, Field, Labels, Layer, Shapes, Style, Temporal
from geo.export.qgis.reach import columns_of, emptied, told, words_of
from geo.export.qgis.renderers import Classes, by_rules, renderer_of
from geo.export.qgis.words import word
from geo.render import palette, wording
from geo.render.chosen import CHANGE, Chosen, choose, measures_of
from geo.render.ground import SHORT_STATES
from geo.render.label_colors import EMERGING, OUTLIER
from geo.render.mapdata import MEASURES, Level, LevelData, MapData
from geo.render.paint import BINS, paint_of
from geo.render.text import Language
from geo.render.words import say
from geo.sources import boundaries
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.steps.reach import EVERYWHERE, Reach
from geo.study.atlas import OUTLIERS, outlier_classes
from geo.study.labels import label
from geo.study.results import Results

NAMES: dict[Level, str] = {"state": "states", "municipality": "municipalities"}
"""Names of the layers of areas; all that joins values to areas joins them to these."""

COLUMNS = {measure.key: measure.column for measure in MEASURES}
ORDER = ("smoothed", "rate", "count")
"""Styles of an area; the first is what the map shows at first, too."""

BIN_WORDS = ("cold_99", "cold_95", "cold_90", "not_significant", "hot_90", "hot_95", "hot_99")
NOT_TESTED = "not_tested"
CHANGE_WORDS = ("to_0.25", "to_0.5", "to_0.8", "to_1.25", "to_2", "to_4", "above_4")
TOO_FEW = "too_few"
_SHORT = ", ".join(f"'{code}', '{name}'" for code, name in SHORT_STATES.items())
LABELS: dict[Level, Labels] = {
    "state": Labels(f'coalesce(map_get(map({_SHORT}), "cvegeo"), "name")', 7.5, 0, bold=True),
    "municipality": Labels('"name"', 6.5, 1_200_000),
}

_QUADRANTS = {
    "HH": "high among high",
    "LL": "low among low",
    "HL": "high among low",
    "LH": "low among high",
}
_MEASURED = (
    "events", "fatalities", "population", "exposure", "crude_rate", "rate_low", "rate_high",
    "eb_rate",
)  # fmt: skip


def area_shapes(level: Level) -> gpd.GeoDataFrame:
    """Return the areas of a level as they are drawn: valid multipolygons, ascending by code."""
    areas = boundaries.display_geometry(level)
    return areas.set_geometry(gpd.GeoSeries(mended(areas.geometry.to_numpy()), crs=areas.crs))


def mended(shapes: Shapes) -> Shapes:
    """Return shapes as valid multipolygons; lines and points that mending leaves over go.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> (shape,) = mended(np.array([bow_tie]))
    >>> shape.geom_type, shape.is_valid, len(shape.geoms), shape.area
    ('MultiPolygon', True, 2, 0.5)
    """
    whole = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    made = np.empty(len(whole), dtype=object)
    for at, shape in enumerate(whole):
        made[at] = shapely.MultiPolygon(list(_polygons(shape)))
    return made


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    if isinstance(shape, shapely.Polygon):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, shapely.MultiPolygon | shapely.GeometryCollection):
        return [one for part in shape.geoms for one in _polygons(part)]
    return []


def area_layer(results: Results, data: MapData, level: Level, language: Language) -> Layer:
    """Return the areas of a level with their figures of the latest period."""
    shapes = area_shapes(level)
    codes = tuple(shapes[CODE])
    have = measures_of(data, level)
    chosen = {key: choose(data, level, key, language, codes) for key in ORDER if key in have}
    few = chosen["rate"].few if "rate" in chosen else frozenset()
    measures = results.tables[f"measures_{level}"]
    latest = on_codes(measures[measures["period"] == data.period.label], codes)
    begin, end = period_times(pd.Series([data.period.label]))
    rows = latest[[*_MEASURED, "complete"]].assign(
        cvegeo=list(codes),
        name=shapes["name"].to_numpy(),
        state_name=shapes["state_name"].to_numpy(),
        area_km2=shapes["area_km2"].to_numpy(),
        period=data.period.label,
        start=begin.iloc[0],
        end=end.iloc[0],
        few_events=[code in few for code in codes],
        asked=words_of(codes, data.reach),
    )
    of_state = () if level == "state" else ("state_name",)
    names = (
        CODE, "name", *of_state, *columns_of(data.reach), "area_km2", "period", "start", "end",
        "complete", *_MEASURED, "few_events",
    )  # fmt: skip
    period = wording.period_name(language, data.period.label)
    styles = [
        Style(one.title, renderer_of(told(classes_of(one), data.reach, level, language)))
        for one in chosen.values()
    ]
    if level == "state":
        name = word(language, "style.borders")
        edge = symbols.fill("0", None, edge="#39424c", width=0.3)
        styles.append(Style(name, by_rules("borders", [("TRUE", name, edge)])))
    return Layer(
        name=NAMES[level],
        title=word(language, f"layer.{level}", period=period),
        abstract=word(language, "abstract.areas", unit=chosen["count"].shown),
        shape="area",
        fields=fields(names, language),
        rows=emptied(rows, codes, data.reach),
        shapes=shapes.geometry.to_numpy(),
        styles=tuple(styles),
        labels=LABELS[level],
        display='"name"',
    )


def on_codes(table: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the rows of a table in the order of the areas; an area without a row is empty.

    Raises
    ------
    SettingsError
        The table has an area that is not drawn.
    """
    if strange := sorted(set(table[CODE]) - set(codes)):
        raise SettingsError(
            f"{len(strange)} areas are not in the boundaries: {', '.join(strange[:5])}; take the "
            "codes from geo.load_areas()"
        )
    return table.set_index(CODE).reindex(list(codes)).reset_index()


def period_times(labels: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the first and the last second of periods, without a time zone.

    Examples
    --------
    >>> begin, end = period_times(pd.Series(["2024-02"]))
    >>> str(begin[0]), str(end[0])
    ('2024-02-01 00:00:00', '2024-02-29 23:59:59')
    """
    known = {label: periods.bounds(label) for label in labels.unique()}
    start = {label: begin for label, (begin, _) in known.items()}
    end = {label: after - pd.Timedelta(seconds=1) for label, (_, after) in known.items()}
    return pd.to_datetime(labels.map(start)), pd.to_datetime(labels.map(end))


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
        _words_classes(
            word(language, "style.outliers"), "outlier_class", OUTLIER, OUTLIERS, language
        ),
    ]
    if results.emerging is not None:
        labels = on_codes(results.emerging.table, codes)["pattern"].fillna(NOT_TESTED)
        rows = rows.assign(emerging=labels)
        names.append("emerging")
        title = say(language, "measure.emerging")
        found = [name for name in EMERGING if (labels == name).any()]
        classes.append(_words_classes(title, "emerging", EMERGING, found, language))
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


def _words_classes(
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


def joined(
    name: str,
    level: Level,
    title: str,
    abstract: str,
    columns: tuple[Field, ...],
    rows: pd.DataFrame,
    classes: Sequence[Classes],
    language: Language,
    *,
    temporal: Temporal | None = None,
    reach: Reach = EVERYWHERE,
) -> Layer:
    """Return a layer of values that a view joins to the areas of a level."""
    of_state = () if level == "state" else ("state_name",)
    taken = ("name", *of_state, *columns_of(reach))
    return Layer(
        name=name,
        title=title,
        abstract=abstract,
        shape="area",
        fields=columns,
        rows=rows,
        shapes=None,
        base=NAMES[level],
        taken=tuple(field(one, language) for one in taken),
        of_period=() if temporal is None else ("period", "start", "end", "complete"),
        styles=tuple(
            Style(one.title, renderer_of(dataclasses.replace(one, edge_mm=EDGE_MM[level])))
            for one in (told(one, reach, level, language) for one in classes)
        ),
        labels=LABELS[level],
        temporal=temporal,
        display='"name"' if temporal is None else '"name" || \' \' || "period"',
    )
