"""The index of rectangles of a layer, as the standard wants it, and what keeps it up to date.

Edits in QGIS go through triggers; without them an edited shape would not be found where it is.
"""

from __future__ import annotations

import sqlite3

import numpy as np
import shapely

from geo.export.qgis.cells import GEOMETRY, quoted
from geo.export.qgis.parts import Layer

_INDEX = "http://www.geopackage.org/spec120/#extension_rtree"
_STRIPS_A_DEGREE = 8


def write_index(base: sqlite3.Connection, layer: Layer) -> None:
    """Write the index of rectangles of a layer, and the triggers that keep it up to date."""
    name, geometry = quoted(layer.name), quoted(GEOMETRY)
    index = quoted(f"rtree_{layer.name}_{GEOMETRY}")
    base.execute(f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)")
    shapes = layer.shapes if layer.shapes is not None else np.empty(0, dtype=object)
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    # Neighbors one after the other: a million points are indexed several times as fast.
    order = np.lexsort((boxes[:, 1], np.floor(boxes[:, 0] * _STRIPS_A_DEGREE)))
    rows = [
        (at + 1, west, east, south, north)
        for at, (west, south, east, north) in zip(
            order.tolist(), boxes[order].tolist(), strict=True
        )
        if not np.isnan(west)
    ]
    base.executemany(f"INSERT INTO {index} VALUES (?, ?, ?, ?, ?)", rows)
    base.execute(
        "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', ?, 'write-only')",
        (layer.name, GEOMETRY, _INDEX),
    )
    has = f"(NEW.{geometry} NOTNULL AND NOT ST_IsEmpty(NEW.{geometry}))"
    lacks = f"(NEW.{geometry} ISNULL OR ST_IsEmpty(NEW.{geometry}))"
    put = (
        f"INSERT OR REPLACE INTO {index} VALUES (NEW.fid, ST_MinX(NEW.{geometry}),"
        f" ST_MaxX(NEW.{geometry}), ST_MinY(NEW.{geometry}), ST_MaxY(NEW.{geometry}));"
    )
    drop = f"DELETE FROM {index} WHERE id = OLD.fid;"
    for kind, when, then in (
        ("insert", f"AFTER INSERT ON {name} WHEN {has}", put),
        ("update1", f"AFTER UPDATE OF {geometry} ON {name} WHEN OLD.fid = NEW.fid AND {has}", put),
        (
            "update2",
            f"AFTER UPDATE OF {geometry} ON {name} WHEN OLD.fid = NEW.fid AND {lacks}",
            drop,
        ),
        ("update3", f"AFTER UPDATE ON {name} WHEN OLD.fid != NEW.fid AND {has}", drop + put),
        (
            "update4",
            f"AFTER UPDATE ON {name} WHEN OLD.fid != NEW.fid AND {lacks}",
            f"DELETE FROM {index} WHERE id IN (OLD.fid, NEW.fid);",
        ),
        ("delete", f"AFTER DELETE ON {name} WHEN OLD.{geometry} NOTNULL", drop),
    ):
        trigger = quoted(f"rtree_{layer.name}_{GEOMETRY}_{kind}")
        base.execute(f"CREATE TRIGGER {trigger} {when} BEGIN {then} END")
