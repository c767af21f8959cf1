"""Write layers as one GeoPackage 1.2, the same bytes for the same layers.

The file is made in memory and handed over whole, so that a disk that is full or a process that is
killed meets one single write. What is written is what GDAL writes, and QGIS expects: naive times,
one kind of geometry a table, an index of rectangles, names and meanings of columns, styles with
every column that QGIS looks for, and a document about each layer.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from geo.errors import OutputError
from geo.export.qgis.about import about_document
from geo.export.qgis.cells import GEOMETRY, SRS, Extent, blobs_of, cells, extent_of, quoted
from geo.export.qgis.parts import CODE, Content, Field, Kind, Layer, Said, as_text
from geo.export.qgis.rtree import write_index
from geo.export.qgis.stylesheet import style_document

_TYPE: dict[Kind, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "date": "DATETIME",
    "claim": "BOOLEAN",
}
_SHAPE = {"point": "POINT", "area": "MULTIPOLYGON"}

_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)

_FRAME = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
 organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
 description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
 identifier TEXT UNIQUE, description TEXT DEFAULT '',
 last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
 CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
 geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
 CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
 CONSTRAINT uk_gc_table_name UNIQUE (table_name),
 CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
 CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
 definition TEXT NOT NULL, scope TEXT NOT NULL,
 CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT,
 title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
 CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
 CONSTRAINT fk_gdc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
 CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
 md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
 mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT,
 column_name TEXT, row_id_value INTEGER,
 timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
 md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
 CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
 CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
 f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
 f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
 useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
 update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""

_SCHEMA = "http://www.geopackage.org/spec120/#extension_schema"
_ABOUT = "http://www.geopackage.org/spec120/#extension_metadata"
ABOUT_STANDARD = "http://mrcc.com/qgis.dtd"
"""What QGIS looks for to find its own kind of document about a layer."""


def geopackage(content: Content) -> bytes:
    """Return a GeoPackage with all layers of a folder.

    Raises
    ------
    OutputError
        This Python's SQLite cannot make one.
    """
    base = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _write(base, content)
        return bytes(base.serialize())
    except (sqlite3.Error, AttributeError) as error:
        raise OutputError(
            f"the GeoPackage cannot be made ({error}); geo needs a Python whose SQLite has the "
            "R*Tree module and can serialize, as those of python.org and of Debian do"
        ) from error
    finally:
        base.close()


PERIODS = "periods"
PERIOD = "period_id"
"""The table of periods, and the column of values that says of which they are."""


def values_table(layer: Layer) -> str:
    """Return the name of the table that holds the rows of a layer."""
    return layer.name if layer.base is None else f"{layer.name}_values"


def _write(base: sqlite3.Connection, content: Content) -> None:
    base.execute("PRAGMA page_size = 4096")
    base.execute("PRAGMA application_id = 1196444487")
    base.execute("PRAGMA user_version = 10200")
    base.execute("PRAGMA foreign_keys = ON")
    base.executescript(_FRAME)
    base.execute("BEGIN")
    base.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
        [
            ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian"),
            ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic"),
            ("WGS 84 geodetic", SRS, "EPSG", SRS, _WGS84, "longitude and latitude in degrees"),
        ],
    )
    for table, standard in (
        ("gpkg_data_columns", _SCHEMA),
        ("gpkg_metadata", _ABOUT),
        ("gpkg_metadata_reference", _ABOUT),
    ):
        kind = "gpkg_schema" if standard == _SCHEMA else "gpkg_metadata"
        base.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
            (table, kind, standard),
        )
    extents: dict[str, Extent] = {}
    periods = _write_periods(base, content)
    for layer in content.layers:
        _write_layer(base, _with_period(layer, periods), content.said, extents)
    if periods:
        _register(base, PERIODS, "", content.said)
    _register(base, "layer_styles", "", content.said)
    for layer in content.layers:
        _write_styles(base, layer, content.said)
    base.execute("COMMIT")


def _write_layer(
    base: sqlite3.Connection, layer: Layer, said: Said, extents: dict[str, Extent]
) -> None:
    table = values_table(layer)
    shape = "" if layer.shapes is None else f", {quoted(GEOMETRY)} {_SHAPE[layer.shape]}"
    stored = _stored(layer)
    columns = ", ".join(f"{quoted(f.name)} {_TYPE[f.kind]}" for f in stored)
    base.execute(
        f"CREATE TABLE {quoted(table)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
        f"{shape}, {columns})"
    )
    values = [cells(layer.rows[field.name], field.kind) for field in stored]
    blobs = [] if layer.shapes is None else [list(blobs_of(layer.shapes))]
    marks = ", ".join("?" * (len(values) + len(blobs)))
    names = ", ".join([quoted(GEOMETRY)] * len(blobs) + [quoted(field.name) for field in stored])
    base.executemany(
        f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", zip(*blobs, *values, strict=True)
    )
    if layer.base is None:
        extents[layer.name] = extent_of(layer.shapes)
    else:
        extents[layer.name] = extents[layer.base]
        _write_view(base, layer)
        _register(base, table, layer.title, said)
    base.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, layer.title, layer.abstract, said.stamp, *extents[layer.name], SRS),
    )
    base.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
        (layer.name, GEOMETRY, _SHAPE[layer.shape], SRS),
    )
    if layer.shapes is not None:
        write_index(base, layer)
    base.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (layer.name, field.name, alias, alias, field.meaning)
            for field, alias in zip(layer.all_fields, _unlike(layer.all_fields), strict=True)
        ],
    )
    about = as_text(about_document(layer, said, extents[layer.name]))
    made = base.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES ('dataset', ?, 'text/xml', ?)",
        (ABOUT_STANDARD, about),
    )
    base.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
        (layer.name, said.stamp, made.lastrowid),
    )


def _unlike(fields: Sequence[Field]) -> Iterator[str]:
    """Return the aliases; the standard wants each of them once a table."""
    seen: set[str] = set()
    for field in fields:
        alias = field.alias if field.alias not in seen else f"{field.alias} ({field.name})"
        seen.add(alias)
        yield alias


def _register(base: sqlite3.Connection, table: str, description: str, said: Said) -> None:
    """Make a table without shapes known: QGIS lists every one, and opens those that are known."""
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
        " last_change, srs_id) VALUES (?, 'attributes', ?, ?, ?, 0)",
        (table, table, description, said.stamp),
    )


_Period: TypeAlias = tuple[object, ...]


def _periods_of(layer: Layer) -> list[_Period]:
    kinds = {field.name: field.kind for field in layer.fields}
    columns = [cells(layer.rows[name], kinds[name]) for name in layer.of_period]
    return list(zip(*columns, strict=True))


def _write_periods(base: sqlite3.Connection, content: Content) -> dict[_Period, int]:
    """Write each period once, for the views of all layers; return the number of each."""
    timed = [layer for layer in content.layers if layer.of_period]
    if not timed:
        return {}
    number: dict[_Period, int] = {}
    for layer in timed:
        for period in _periods_of(layer):
            number.setdefault(period, len(number) + 1)
    fields = {field.name: field for field in timed[0].fields}
    shown = [fields[name] for name in timed[0].of_period]
    columns = ", ".join(f"{quoted(field.name)} {_TYPE[field.kind]}" for field in shown)
    base.execute(
        f"CREATE TABLE {PERIODS} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {columns})"
    )
    marks = ", ".join("?" * (len(shown) + 1))
    base.executemany(
        f"INSERT INTO {PERIODS} VALUES ({marks})", [(at, *one) for one, at in number.items()]
    )
    return number


def _with_period(layer: Layer, number: Mapping[_Period, int]) -> Layer:
    """Return a layer whose rows say by number of which period they are."""
    if not layer.of_period:
        return layer
    rows = layer.rows.assign(**{PERIOD: [number[period] for period in _periods_of(layer)]})
    return dataclasses.replace(layer, rows=rows)


def _stored(layer: Layer) -> tuple[Field, ...]:
    """Return the columns of the table that holds the rows of a layer."""
    if not layer.of_period:
        return layer.fields
    own = tuple(field for field in layer.fields if field.name not in layer.of_period)
    return (own[0], Field(PERIOD, "integer", PERIOD, PERIOD), *own[1:])


def _write_view(base: sqlite3.Connection, layer: Layer) -> None:
    """Join values to the areas of another layer: no shape is stored twice.

    Periods come first, so that a step of the clock reads those values alone that it shows.
    """
    table, areas = quoted(values_table(layer)), quoted(str(layer.base))
    parts = [f"v.fid AS OGC_FID, a.{quoted(GEOMETRY)} AS {quoted(GEOMETRY)}"]
    owner = {field.name: "a" for field in layer.taken} | dict.fromkeys(layer.of_period, "p")
    parts += [
        f"{owner.get(field.name, 'v')}.{quoted(field.name)} AS {quoted(field.name)}"
        for field in layer.all_fields
    ]
    source = f"{table} v"
    if layer.of_period:
        source = f"{PERIODS} p CROSS JOIN {table} v ON v.{PERIOD} = p.fid"
        index = quoted(f"{values_table(layer)}_{PERIOD}")
        base.execute(f"CREATE INDEX {index} ON {table} ({PERIOD})")
    base.execute(
        f"CREATE VIEW {quoted(layer.name)} AS SELECT {', '.join(parts)} FROM {source}"
        f" JOIN {areas} a ON a.{quoted(CODE)} = v.{quoted(CODE)}"
    )
    index = quoted(f"{layer.base}_{CODE}")
    base.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {areas} ({quoted(CODE)})")


def _write_styles(base: sqlite3.Connection, layer: Layer, said: Said) -> None:
    for at, style in enumerate(layer.styles):
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
            " owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', NULL, ?)",
            (
                layer.name,
                GEOMETRY,
                style.name,
                style_document(layer, style),
                at == 0,
                f"{layer.title}: {style.name}",
                said.stamp,
            ),
        )
