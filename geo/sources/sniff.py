"""Find out what a file really is, by its content and not by its name."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from pathlib import Path

HEAD = 65_536
"""Bytes that are looked at."""

NAMES = {
    "empty": "an empty file",
    "folder": "a folder",
    "text": "delimited text (CSV)",
    "xlsx": "an XLSX workbook",
    "parquet": "a Parquet file",
    "geojson": "GeoJSON",
    "geopackage": "a GeoPackage",
    "shapefile": "a shapefile (.shp)",
    "gzip": "a gzip archive",
    "zip": "a zip archive",
    "html": "an HTML page (often a login or error page saved in place of the data)",
    "json-rows": "JSON that holds rows (as a service answers), not a table",
    "json": "JSON (often the error answer of a service saved in place of the data)",
    "xml": "XML",
    "kml": "KML",
    "vrt": "a GDAL virtual file (VRT), which makes the reader open other files",
    "pickle": "a Python pickle, which can run any program when it is opened",
    "xls": "an old Excel file (.xls) or a workbook with a password",
    "ods": "an OpenDocument spreadsheet",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "sqlite": "an SQLite database that is not a GeoPackage",
    "dbf": "a dBase table (.dbf)",
    "arrow": "an Arrow or Feather file",
    "r": "an R data file",
    "pdf": "a PDF",
    "bzip2": "a bzip2 archive",
    "xz": "an xz archive",
    "zstd": "a zstd archive",
    "7z": "a 7z archive",
    "rar": "a RAR archive",
    "image": "a picture",
    "binary": "a binary file of an unknown kind",
}
"""What :func:`what_is` can answer, in words."""

_MAGIC = (
    (b"PAR1", "parquet"),
    (b"PARE", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"\x00\x00\x27\x0a", "shapefile"),
    (b"%PDF", "pdf"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"ARROW1", "arrow"),
    (b"FEA1", "arrow"),
    (b"RDX", "r"),
    (b"RDA", "r"),
    (b"X\n\x00\x00\x00", "r"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)
_MARKUP = (
    (re.compile(r"<ogrvrt|<vrtdataset", re.I), "vrt"),
    (re.compile(r"<!doctype html|<html", re.I), "html"),
    (re.compile(r"<kml", re.I), "kml"),
    (re.compile(r"\A<\?xml|\A<!doctype|\A<gpx|\A<[a-z]+:[a-z]", re.I), "xml"),
    (re.compile(r"\A<(!--|head|body|meta|script|title|table|div|style)\b", re.I), "html"),
    (re.compile(r"\A<[a-z?!]", re.I), "xml"),
)
_JSON = re.compile(r"\A(\{\s*(\"|\}|\Z)|\[\s*([\[{\"\]]|-?\d|true|false|null|\Z))")
_GEOJSON = re.compile(r"\"type\"\s*:\s*\"(FeatureCollection|Feature)\"|\A\{\s*\"features\"\s*:")
_JSON_ROWS = re.compile(r"\A\[\s*\{|\"(data|Result|results|rows|records)\"\s*:\s*\[\s*\{")
_DBF_VERSIONS = frozenset({0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5})


def what_is(path: str | Path) -> str:
    """Return what the file really is: one of the keys of :data:`NAMES`.

    Only the content counts, never the name. A gzip archive is answered as ``"gzip"``, whatever it
    holds (:func:`what_is_packed` looks inside). ``"text"`` says no more than that the file can be
    delimited text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder, "events.csv")
    ...     _ = page.write_text("<!DOCTYPE html><title>Log in</title>")
    ...     what_is(page)
    'html'
    """
    path = Path(path)
    if path.is_dir():
        return "folder"
    with path.open("rb") as file:
        head = file.read(HEAD)
    kind = what_starts_with(head)
    return _inside_zip(path) if kind == "zip" else kind


def what_is_packed(path: str | Path) -> str:
    """Return what a gzip archive holds: a key of :data:`NAMES`, ``"binary"`` if it is damaged."""
    try:
        with gzip.open(path) as file:
            head = file.read1(HEAD)
    except (OSError, EOFError, zlib.error):
        return "binary"
    return what_starts_with(head)


def what_starts_with(head: bytes) -> str:
    r"""Return what begins with these bytes: a key of :data:`NAMES`.

    Examples
    --------
    >>> what_starts_with(b"id,date\n1,2024-01-01\n"), what_starts_with(b'{"error": "denied"}')
    ('text', 'json')
    """
    if not head:
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"SQLite format 3\x00"):
        return "geopackage" if head[68:72] in (b"GPKG", b"GP10", b"GP11") else "sqlite"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[0] == 0x80 and len(head) > 1 and 2 <= head[1] <= 5:
        return "pickle"
    if head[0] == 0x78 and len(head) > 1 and head[1] in (0x01, 0x5E, 0x9C, 0xDA):
        return _inside_zlib(head)
    if _is_dbf(head):
        return "dbf"
    return _kind_of_text(head)


def utf16_without_mark(head: bytes) -> str | None:
    r"""Return ``"utf-16-le"`` or ``"utf-16-be"`` if every other byte is nearly always zero.

    Examples
    --------
    >>> utf16_without_mark("fecha,año".encode("utf-16-le")), utf16_without_mark(b"fecha")
    ('utf-16-le', None)
    """
    head = head[: len(head) // 2 * 2]
    if len(head) < 4:
        return None
    even = head[::2].count(0) / (len(head) // 2)
    odd = head[1::2].count(0) / (len(head) // 2)
    if odd > 0.5 and even < 0.1:
        return "utf-16-le"
    if even > 0.5 and odd < 0.1:
        return "utf-16-be"
    return None


def _kind_of_text(head: bytes) -> str:
    start = _decoded(head)
    if start is None:
        return "binary"
    start = start.lstrip("\ufeff \t\r\n\x0b\x0c")
    if start.startswith("<"):
        for pattern, kind in _MARKUP:
            if pattern.search(start[:2000]):
                return kind
    if _JSON.match(start):
        if _GEOJSON.search(start):
            return "geojson"
        return "json-rows" if _JSON_ROWS.search(start) else "json"
    return "text"


def _decoded(head: bytes) -> str | None:
    """Return the head as text, good enough to look at; None if it is not text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if unmarked := utf16_without_mark(head):
        return head.decode(unmarked, "replace")
    control = sum(head.count(byte) for byte in (*range(9), *range(14, 27), *range(28, 32)))
    if control > 0.15 * len(head):
        return None
    return head.decode("utf-8", "replace")


def _is_dbf(head: bytes) -> bool:
    if len(head) < 65 or head[0] not in _DBF_VERSIONS or not 1 <= head[2] <= 12:
        return False
    header = int.from_bytes(head[8:10], "little")
    return header >= 65 and header % 32 in (1, 0, 8) and head[header - 1 : header] in (b"\r", b"")


def _inside_zlib(head: bytes) -> str:
    try:
        start = zlib.decompressobj().decompress(head, 16)
    except zlib.error:
        return _kind_of_text(head)
    return "pickle" if start[:1] == b"\x80" else "binary"


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if "xl/workbook.bin" in members:
        return "xlsb"
    if "[Content_Types].xml" in members and any(m.startswith("xl/") for m in members):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml"} <= members else "zip"
