"""Write assigned events that do not fit into memory as a GeoPackage.

The layer is that of :func:`geo.export.table.write_table`: the same rows, types, index and words in
the tables of the format.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyogrio

from geo.crs import STORED
from geo.errors import GeoError
from geo.export.table import NO_CLOCK
from geo.study.parts import AssignedParts

_SHAPE = "geometry"
_PROBE = 1 << 20
"""Bytes that are written to hear why others could not be."""

# A journal would only stand beside a file that nobody sees before it is whole.
_HOW = {"OGR_CURRENT_DATE": NO_CLOCK, "OGR_SQLITE_JOURNAL": "OFF"}


def write_parts_as_geopackage(
    parts: AssignedParts,
    path: Path,
    *,
    layer: str,
    done: Callable[[int], None] = lambda _: None,
) -> None:
    """Write assigned events as one layer of points, with an index of rectangles.

    Parameters
    ----------
    parts
        The events.
    path
        The file; it must not exist.
    layer
        Name of the layer.
    done
        Told how many rows are written.

    Raises
    ------
    OSError
        The place cannot be written, or the file that was made is not whole.
    BatchError
        A part is gone.
    """
    rows = _Rows(parts, done)

    def write(goal: Path, given: Iterable[pa.RecordBatch]) -> None:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(rows.schema, given),
            goal,
            layer=layer,
            driver="GPKG",
            geometry_name=_SHAPE,
            geometry_type="Point" if rows.number else "Unknown",
            crs=STORED,
        )

    pyogrio.set_gdal_config_options(_HOW)
    try:
        write(path, rows)
        fault = _fault_of(path, rows, write)
    except (RuntimeError, ValueError, pa.ArrowException) as error:
        if rows.fault is not None:
            raise rows.fault from error
        raise _refused(path, str(error)) from error
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(_HOW))
    if fault:
        raise _refused(path, fault)


class _Rows:
    """The rows of all parts; keeps what goes wrong with them, of which GDAL tells only the text."""

    def __init__(self, parts: AssignedParts, done: Callable[[int], None]) -> None:
        self._parts, self._done = parts, done
        plain = parts.schema
        at = plain.get_field_index(_SHAPE)
        self.schema = plain.set(at, pa.field(_SHAPE, plain.field(at).type)).remove_metadata()
        self.number = parts.rows
        self.fault: GeoError | None = None

    def none(self) -> list[pa.RecordBatch]:
        """Return no rows."""
        return list(self.schema.empty_table().to_batches())

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        written = 0
        try:
            for table in self._parts.tables():
                yield from table.cast(self.schema).to_batches()
                written += table.num_rows
                self._done(written)
        except GeoError as error:
            self.fault = error
            raise


def _refused(path: Path, said: str) -> OSError:
    """Return why a file was not written: what the system says of one write more, or what GDAL says.

    GDAL tells of a full disk in many words, or not at all.
    """
    probe = path.with_name(f".geo-part-{os.getpid()}-probe")
    try:
        probe.write_bytes(bytes(_PROBE))
    except OSError as error:
        return error
    finally:
        probe.unlink(missing_ok=True)
    return OSError(errno.EIO, said)


def _fault_of(
    path: Path, rows: _Rows, write: Callable[[Path, Iterable[pa.RecordBatch]], None]
) -> str:
    """Return what is wrong with a file: on a full disk GDAL may leave out the index, unsaid.

    The tables, the index and what keeps it up must be those of a file without rows, which is
    written elsewhere; and every row must be in the table, the index and the count.
    """
    with tempfile.TemporaryDirectory(prefix="geo-empty-") as folder:
        empty = Path(folder) / "empty.gpkg"
        write(empty, rows.none())
        expected = _made_of(empty)
    try:
        if _made_of(path) != expected:
            return "it was not written whole"
        with closing(_opened(path)) as base:
            [(layer, index)] = base.execute(
                "SELECT table_name, 'rtree_' || table_name || '_' || column_name "
                "FROM gpkg_geometry_columns"
            )
            asked = {
                f"SELECT count(*) FROM {_quoted(layer)}": rows.number,
                f"SELECT count(*) FROM {_quoted(f'{index}_rowid')}": rows.number,
                "SELECT max(feature_count) FROM gpkg_ogr_contents": rows.number,
                "SELECT count(max_x) FROM gpkg_contents": int(rows.number > 0),
                f"SELECT rtreecheck('{index.replace(chr(39), chr(39) * 2)}')": "ok",
            }
            found = {question: base.execute(question).fetchone()[0] for question in asked}
    except (sqlite3.Error, ValueError) as error:
        return f"it was not written whole ({error})"
    return "" if found == asked else "it was not written whole"


def _made_of(path: Path) -> list[tuple[str, ...]]:
    """Return the tables, indexes and triggers of a database, and what the format says of layers."""
    with closing(_opened(path)) as base:
        return [
            *base.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name"),
            *base.execute("SELECT * FROM gpkg_extensions ORDER BY 1, 2, 3"),
            *base.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"),
        ]


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
