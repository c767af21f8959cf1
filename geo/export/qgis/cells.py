"""Names, values and shapes as SQLite and the standard of GeoPackages take them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np
import pandas as pd
import shapely

from geo.export.qgis.parts import Kind, Shapes

GEOMETRY = "geom"
"""Name of the column with the shapes, the one that GDAL uses."""

SRS = 4326
Extent: TypeAlias = tuple[float | None, float | None, float | None, float | None]


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever is in it.

    Examples
    --------
    >>> quoted('a"; DROP TABLE b')
    '"a""; DROP TABLE b"'
    """
    return '"' + name.replace('"', '""') + '"'


def blobs_of(shapes: Shapes) -> Iterator[bytes | None]:
    """Return each geometry as the standard's blob: a head, a rectangle (of areas), plain WKB."""
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    plain = shapely.to_wkb(shapes, byte_order=1)
    for shape, (west, south, east, north), wkb in zip(shapes, boxes.tolist(), plain, strict=True):
        if shape is None or shape.is_empty:
            yield None
        elif shape.geom_type == "Point":
            yield struct.pack("<2sBBi", b"GP", 0, 1, SRS) + wkb
        else:
            yield struct.pack("<2sBBi4d", b"GP", 0, 3, SRS, west, east, south, north) + wkb


def extent_of(shapes: Shapes | None) -> Extent:
    """Return west, south, east, north of all shapes; nothing where there is none."""
    if shapes is None or not len(shapes):
        return None, None, None, None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return (None, None, None, None) if np.isnan(west) else (west, south, east, north)


def cells(values: pd.Series, kind: Kind) -> list[object]:
    """Return a column as SQLite takes it; missing and infinite are NULL.

    Examples
    --------
    >>> cells(pd.Series([1.5, float("nan"), float("inf")]), "number")
    [1.5, None, None]
    >>> cells(pd.Series(pd.to_datetime(["2024-02-29 23:59:59", None])), "date")
    ['2024-02-29T23:59:59.000', None]
    """
    missing = values.isna().to_numpy()
    make: Callable[[pd.Series], Iterable[object]] = _CELLS[kind]
    made = list(make(values))
    return [None if gone else one for gone, one in zip(missing, made, strict=True)]


def _numbers(values: pd.Series) -> list[object]:
    plain = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return [one if np.isfinite(one) else None for one in plain.tolist()]


def _times(values: pd.Series) -> list[object]:
    at, different = pd.factorize(values)
    made: list[object] = [*pd.DatetimeIndex(different).strftime("%Y-%m-%dT%H:%M:%S.000"), None]
    return [made[number] for number in at.tolist()]  # -1, the last, is what is missing


_CELLS: dict[Kind, Callable[[pd.Series], Iterable[object]]] = {
    "text": lambda values: [str(one) for one in values.to_numpy(dtype=object)],
    "integer": lambda values: values.fillna(0).to_numpy(dtype=np.int64).tolist(),
    "number": _numbers,
    "date": _times,
    "claim": lambda values: [int(bool(one)) for one in values.fillna(value=False)],
}
