"""The layers of areas: shapes with the figures of the latest period, and what is joined to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import periods
from geo.errors import SettingsError
from geo.export.qgis import symbols
from geo.export.qgis.fields import field, fields
from geo.export.qgis.legends import EDGE_MM, classes_of
from geo.export.qgis.parts import CODE, Field, Labels, Layer, Shapes, Style, Temporal
from geo.export.qgis.reach import columns_of, emptied, told, words_of
from geo.export.qgis.renderers import Classes, by_rules, renderer_of
from geo.export.qgis.words import word
from geo.render import wording
from geo.render.choosing import choose
from geo.render.chosen import measures_of
from geo.render.ground import SHORT_STATES
from geo.render.mapdata import Level, MapData
from geo.render.text import Language
from geo.sources import boundaries
from geo.steps.reach import EVERYWHERE, Reach
from geo.study.results import Results

NAMES: dict[Level, str] = {"state": "states", "municipality": "municipalities"}
"""Names of the layers of areas; all that joins values to areas joins them to these."""

ORDER = ("smoothed", "rate", "count")
"""Styles of an area; the first is what the map shows at first, too."""

_SHORT = ", ".join(f"'{code}', '{name}'" for code, name in SHORT_STATES.items())
LABELS: dict[Level, Labels] = {
    "state": Labels(f'coalesce(map_get(map({_SHORT}), "cvegeo"), "name")', 7.5, 0, bold=True),
    "municipality": Labels('"name"', 6.5, 1_200_000),
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
