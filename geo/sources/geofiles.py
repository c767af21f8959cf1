"""Read the points of a GeoPackage or a shapefile as text, and check before what GDAL would open.

GDAL is given only files that were found by their content to be GeoPackage or Shapefile, so none
of its other drivers is ever used.
"""

from __future__ import annotations

import codecs
import sqlite3
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely

from geo.errors import DataWarning, GeoError, SettingsError, SourceError, counted
from geo.sources.columnar import add_batch, text_column
from geo.sources.encodings import plausible_encoding
from geo.sources.gather import ColumnChoice, Gathered, Gatherer, choose_columns, shown
from geo.sources.geojson import read_geojson
from geo.sources.points import replace_names, to_degrees

__all__ = ["parts_of", "read_geojson", "read_geopackage", "read_shapefile"]

_BATCH = 32_768
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# NameError: pyogrio raises one where a definition of coordinates is damaged.
_FAULTS = (
    RuntimeError,
    OSError,
    ValueError,
    NameError,
    pa.ArrowException,
    shapely.errors.ShapelyError,
)
_HARMLESS_MODULES = ("rtree", "fts3", "fts4", "fts5")
_CODE_PAGES = {"88591": "latin-1", "ANSI 1252": "cp1252", "ANSI1252": "cp1252"}


def read_geopackage(
    path: Path,
    *,
    layer: str | None = None,
    columns: ColumnChoice = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Gathered:
    """Return all features of one layer: their attributes and their points in degrees.

    Parameters
    ----------
    path
        A GeoPackage.
    layer
        Name of the layer; needed if several have a geometry and features.
    columns
        The columns to keep.
    progress
        Called with the share that is done.

    Raises
    ------
    SourceError
        If the file is damaged, is being written, or refers to other files; if no layer or more
        than one can be meant.
    CRSError
        If the layer has no known coordinate reference system.
    """
    import pyogrio  # with GDAL, which other files need not wait for

    check_database(path)
    try:
        layers = pyogrio.list_layers(path)
        spatial = [str(name) for name, kind in layers if kind is not None]
        if layer is not None:
            if layer not in spatial:
                raise SourceError(
                    f"{path.name} has no layer {shown(layer)!r} with a geometry; it has "
                    f"{', '.join(map(repr, map(shown, spatial)))}."
                )
            filled = [layer]
        else:
            filled = [name for name in spatial if _has_features(path, name)]
        if len(filled) > 1:
            raise SourceError(
                f"{path.name} has several layers with features: "
                f"{', '.join(map(repr, map(shown, filled)))}. Pass sheet= with the name of one."
            )
        if not filled:
            raise SourceError(f"{path.name} has no layer with points in it.")
    except GeoError:
        raise
    except _FAULTS as error:
        raise _damaged(path, error) from error
    return _read(path, filled[0], columns, progress)


def read_shapefile(
    path: Path,
    *,
    encoding: str | None = None,
    columns: ColumnChoice = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Gathered:
    """Return all features of a shapefile: their attributes and their points in degrees.

    Without a ``.cpg`` file the text is tried as UTF-8, then as an old encoding that makes
    plausible Spanish of it.

    Parameters
    ----------
    path
        The ``.shp`` file; the others lie beside it.
    encoding
        Encoding of the text, where the user knows it.
    columns
        The columns to keep.
    progress
        Called with the share that is done.

    Raises
    ------
    SourceError
        If a part is missing, cut or does not fit the others, or if the encoding is not clear.
    CRSError
        If there is no ``.prj`` file.
    """
    parts = parts_of(path)
    deleted = _check_parts(parts)
    to_degrees(parts[".prj"].read_text("latin-1") if ".prj" in parts else None, path.name)
    codec, words = _encoding_of(parts, encoding)
    repairs = [words] if words else []
    if deleted:
        repairs.append(f"{counted(deleted, 'row')} marked as deleted left out")
    return _read(path, None, columns, progress, encoding=codec, repairs=repairs)


def parts_of(path: Path) -> dict[str, Path]:
    """Return the files of a shapefile by their suffix, in lower case.

    Raises
    ------
    SourceError
        If ``.shx`` or ``.dbf`` is missing.
    """
    beside = {p.suffix.lower(): p for p in sorted(path.parent.iterdir()) if p.stem == path.stem}
    beside[".shp"] = path
    if missing := [part for part in (".shx", ".dbf") if part not in beside]:
        raise SourceError(
            f"{path.name} is not whole: {' and '.join(path.stem + part for part in missing)} is "
            "missing. A shapefile is several files of one name; copy all of them."
        )
    return {part: beside[part] for part in _PARTS if part in beside}


def _read(
    path: Path,
    layer: str | None,
    columns: ColumnChoice,
    progress: Callable[[float], None],
    *,
    encoding: str | None = None,
    repairs: Sequence[str] = (),
) -> Gathered:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            gathered = _read_layer(path, layer, columns, progress, encoding, list(repairs))
        except GeoError:
            raise
        except _FAULTS as error:
            raise _damaged(path, error) from error
    for message in sorted({shown(one.message, 200) for one in caught}):
        warnings.warn(f"{path.name}: {message}", DataWarning, stacklevel=3)
    if gathered.frame.empty and (gathered.rejected["reason"] == "not_a_point").any():
        raise SourceError(
            f"{path.name} holds no points but other shapes. Events are needed as points."
        )
    return gathered


def _read_layer(
    path: Path,
    layer: str | None,
    columns: ColumnChoice,
    progress: Callable[[float], None],
    encoding: str | None,
    repairs: list[str],
) -> Gathered:
    import pyogrio

    about = pyogrio.read_info(path, layer, encoding=encoding, force_feature_count=True)
    if about["driver"] not in ("GPKG", "ESRI Shapefile"):
        raise SourceError(f"{path.name} would be opened as {about['driver']}, which is not read.")
    header = [str(field) for field in about["fields"]]
    transformer = to_degrees(about["crs"], path.name)
    names, kept, gone = replace_names(header)
    repairs += [f"column {shown(column)} left out: the geometry counts" for column in gone]
    keep = choose_columns(names, columns, path.name)
    gatherer = Gatherer(names, keep)
    wanted = [header[kept[i]] for i in keep if i < len(kept)]
    total = max(int(about["features"]), 1)
    at = singles = 0
    with pyogrio.open_arrow(
        path, layer, columns=wanted, encoding=encoding, batch_size=_BATCH, use_pyarrow=True
    ) as (meta, reader):
        geometry = meta["geometry_name"] or "wkb_geometry"
        for batch in reader:
            shapes = shapely.from_wkb(np.asarray(batch.column(geometry).to_pylist(), dtype=object))
            arrays = [text_column(batch.column(name)) for name in wanted]
            singles += add_batch(gatherer, arrays, shapes, transformer, at, batch.num_rows)
            at += batch.num_rows
            progress(at / total)
    if at != about["features"]:
        raise SourceError(
            f"{path.name} promises {about['features']:,} features but holds {at:,}: it is damaged."
        )
    if singles:
        repairs.append(f"{counted(singles, 'collection')} of one point read as that point")
    return gatherer.finish(physical_lines=at, repairs=repairs, encoding=encoding, sheet=layer)


def _has_features(path: Path, layer: str) -> bool:
    import pyogrio

    return bool(pyogrio.read_info(path, layer, force_feature_count=True)["features"])


def _damaged(path: Path, error: BaseException) -> SourceError:
    return SourceError(
        f"{path.name} cannot be read, it may be cut or damaged: {shown(error, 200)}. "
        "Export it again."
    )


def check_database(path: Path) -> None:
    """Refuse a GeoPackage that is being written, cut, or has tables that lie in other files."""
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise SourceError(
            f"{path.name} is open in another program, and its last changes lie in "
            f"{journal.name}. Close that program (QGIS) first."
        )
    with path.open("rb") as file:
        head = file.read(100)
    page = int.from_bytes(head[16:18], "big")
    pages, size = int.from_bytes(head[28:32], "big"), path.stat().st_size
    expected = (65_536 if page == 1 else page) * pages
    if size < expected:
        raise SourceError(
            f"{path.name} is cut: it ends at byte {size:,} of {expected:,}. Copy it again."
        )
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with sqlite3.connect(address, uri=True) as database:
            made = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE sql LIKE 'create virtual table%'"
            ).fetchall()
        database.close()
    except (sqlite3.Error, ValueError) as error:
        raise _damaged(path, error) from error
    for name, sql in made:
        module = str(sql).lower().rpartition(" using ")[2].strip().partition("(")[0].strip()
        if module not in _HARMLESS_MODULES:
            raise SourceError(
                f"{path.name} has a virtual table {shown(name)!r} ({shown(module)}), which may "
                "lie in another file. It is not opened; export the layer to a new GeoPackage."
            )


def _check_parts(parts: dict[str, Path]) -> int:
    """Refuse parts that are cut or do not fit; return how many rows are marked as deleted."""
    for part in (".shp", ".shx"):
        with parts[part].open("rb") as file:
            head = file.read(100)
        promised, size = 2 * int.from_bytes(head[24:28], "big"), parts[part].stat().st_size
        if size < max(promised, 100):
            raise _cut(parts[part], size, max(promised, 100))
    shapes = (parts[".shx"].stat().st_size - 100) // 8
    with parts[".dbf"].open("rb") as file:
        head = file.read(32)
        rows, start, width = _dbf_layout(head)
        promised, size = start + rows * width, parts[".dbf"].stat().st_size
        if len(head) < 32 or size < promised:
            raise _cut(parts[".dbf"], size, max(promised, 32))
        if shapes != rows:
            raise SourceError(
                f"{parts['.shp'].name} has {shapes:,} shapes but {parts['.dbf'].name} has "
                f"{rows:,} rows: they do not belong together."
            )
        file.seek(start)
        step = max(1, (1 << 24) // max(width, 1)) * width
        deleted, left = 0, rows * width
        while left > 0 and (block := file.read(min(step, left))):
            deleted += block[::width].count(b"*")
            left -= len(block)
    return deleted


def _dbf_layout(head: bytes) -> tuple[int, int, int]:
    """Return the number of rows, the byte of the first one, and the bytes of each."""
    rows, start, width = (head[4:8], head[8:10], head[10:12])
    return (
        int.from_bytes(rows, "little"),
        int.from_bytes(start, "little"),
        int.from_bytes(width, "little"),
    )


def _cut(path: Path, size: int, promised: int) -> SourceError:
    return SourceError(
        f"{path.name} is cut: it ends at byte {size:,} of {promised:,}. Copy all files again."
    )


def _encoding_of(parts: dict[str, Path], asked: str | None) -> tuple[str, str]:
    """Return the encoding of the text in the ``.dbf`` file, and the words that report it."""
    data = _text_bytes(parts[".dbf"])
    said = asked
    if said is None and ".cpg" in parts:
        said = parts[".cpg"].read_text("latin-1").strip("\ufeff\x00 \t\r\n")
        said = _CODE_PAGES.get(said.upper(), said) or None
    if said is not None:
        try:
            name = codecs.lookup(f"cp{said}" if said.isdigit() else said).name
            data.decode(name)
        except LookupError as error:
            if asked is not None:
                raise SettingsError(f"there is no encoding {shown(asked)!r}") from error
        except ValueError as error:
            origin = "encoding=" if asked else parts[".cpg"].name
            raise SourceError(
                f"{parts['.dbf'].name} is not {shown(said)}, as {origin} says "
                f"({shown(error, 120)}). Pass the right encoding=, for example windows-1252."
            ) from error
        else:
            return name, f"decoded as {name}, as asked" if asked else ""
    if data.isascii():
        return "utf-8", ""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        codec = plausible_encoding(data)
        if codec is None:
            raise SourceError(
                f"{parts['.shp'].name} does not say how its text is encoded (no .cpg file), and "
                "no encoding makes plausible text of it. Pass encoding=."
            ) from error
        return codec, f"no .cpg file: decoded as {codec}"
    return "utf-8", "no .cpg file: decoded as utf-8"


def _text_bytes(path: Path) -> bytes:
    """Return the rows of a ``.dbf`` file that hold anything but ASCII, joined."""
    with path.open("rb") as file:
        head = file.read(32)
        _, start, width = _dbf_layout(head)
        file.seek(start)
        pieces = []
        while width and (block := file.read(width * 4096)):
            if not block.isascii():
                rows = (block[i : i + width] for i in range(0, len(block), width))
                pieces += [row for row in rows if not row.isascii()]
    return b" ".join(pieces)
