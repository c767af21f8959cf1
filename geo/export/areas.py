"""Tables of areas with the shape of each area: GeoParquet, GeoJSON, FlatGeobuf.

The shapes are those of the map, simplified: good for looking and overlaying, not for deciding
where a point lies (:func:`geo.load_areas` has those).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import STORED
from geo.cvegeo import DIGITS, Level
from geo.export.text import is_text
from geo.sources.boundaries import area_codes, display_geometry

Shaped = Literal["geoparquet", "geojson", "flatgeobuf"]
SHAPED: tuple[Shaped, ...] = get_args(Shaped)
"""The formats that hold shapes."""

ENDINGS: dict[Shaped, str] = {
    "geoparquet": "parquet",
    "geojson": "geojson",
    "flatgeobuf": "fgb",
}

_DECIMALS = 6
"""Of a coordinate in GeoJSON: a tenth of a meter."""


def level_of_areas(frame: pd.DataFrame, key: tuple[str, ...]) -> Level | None:
    """Return the level whose areas a table has, all of them; None for any other table.

    Parameters
    ----------
    frame
        A table.
    key
        The columns that identify its rows: the area, or area and period.

    Examples
    --------
    >>> from geo.sources.boundaries import area_codes
    >>> level_of_areas(area_codes("state"), ("cvegeo",))
    'state'
    >>> level_of_areas(area_codes("state").head(3), ("cvegeo",)) is None
    True
    """
    if not {"cvegeo"} <= set(key) <= {"cvegeo", "period", "category", "estimate"}:
        return None
    codes = frame["cvegeo"].drop_duplicates()
    for level in DIGITS:
        if set(codes) == set(area_codes(level)["cvegeo"]):  # type: ignore[arg-type]
            return level  # type: ignore[return-value]
    return None


def with_shapes(frame: pd.DataFrame, level: Level) -> gpd.GeoDataFrame:
    """Return a table with the shape of the area of each row, in its order.

    Parameters
    ----------
    frame
        A table with ``cvegeo``.
    level
        The level of its areas.
    """
    shapes = display_geometry(level).set_index("cvegeo").geometry
    found = shapes.reindex(frame["cvegeo"]).to_numpy()
    # Rings as RFC 7946 has them: outside counterclockwise.
    turned = shapely.orient_polygons(found, exterior_cw=False)
    plain = pd.DataFrame(frame).reset_index(drop=True)
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(turned, crs=STORED), crs=STORED)


def write_shaped(frame: gpd.GeoDataFrame, path: Path, *, kind: Shaped, layer: str) -> None:
    """Write a table with shapes into one file."""
    if kind == "geoparquet":
        frame.to_parquet(path, index=False, compression="zstd", schema_version="1.1.0")
    elif kind == "geojson":
        _write_geojson(frame, path)
    else:
        _write_flatgeobuf(frame, path, layer)


def _write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a feature collection as RFC 7946 has it, a feature a line.

    Numbers that are not finite are null; text stays text, even where it looks like JSON.
    """
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        mark = "\n"
        for feature in _features(frame):
            stream.write(mark + feature)
            mark = ",\n"
        stream.write("\n]}\n")


def _features(frame: gpd.GeoDataFrame) -> Iterator[str]:
    rounded = shapely.set_precision(frame.geometry.to_numpy(), 10.0**-_DECIMALS, mode="pointwise")
    shapes = shapely.to_geojson(rounded)
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    names = [str(name) for name in plain.columns]
    columns = [_json_values(plain[name]) for name in plain.columns]
    for shape, *row in zip(shapes, *columns, strict=True):
        # ASCII only: no character that ends a line for some readers, or that UTF-8 lacks.
        properties = json.dumps(dict(zip(names, row, strict=True)), allow_nan=False)
        yield f'{{"type": "Feature", "properties": {properties}, "geometry": {shape or "null"}}}'


def _json_values(values: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return [None if pd.isna(day) else _day(day) for day in values]
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        return [number if np.isfinite(number) else None for number in numbers.tolist()]
    return [None if pd.isna(value) else value for value in values.tolist()]


def _day(moment: pd.Timestamp) -> str:
    return str(moment.date() if moment == moment.normalize() else moment.isoformat())


def _write_flatgeobuf(frame: gpd.GeoDataFrame, path: Path, layer: str) -> None:
    whole = frame.copy()
    for name in whole.columns:
        if name != whole.geometry.name and is_text(whole[name]):
            # The format ends a text at a NUL.
            whole[name] = whole[name].astype("str").str.replace("\0", "\ufffd", regex=False)
    # In memory first: on a disk that fills up, GDAL may leave the last features out and not say so.
    made = io.BytesIO()
    whole.to_file(made, driver="FlatGeobuf", layer=layer, engine="pyogrio", use_arrow=True)
    path.write_bytes(made.getbuffer())
