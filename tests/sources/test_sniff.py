"""What a file really is."""

from __future__ import annotations

import gzip
import pickle
import sqlite3
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.sources.sniff import NAMES, what_is, what_is_packed, what_starts_with


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"id,date\n1,2\n", "text"),
        ("id,año\n".encode("utf-16"), "text"),
        ("id,año\n".encode("utf-16-le"), "text"),
        ("año,número\n".encode("latin-1"), "text"),
        (b"[id],[date]\n1,2\n", "text"),
        (b"id,note\n1,a\x00b\n2,plain words that go on\n", "text"),
        (b"<script,id\n", "html"),
        (b"\xef\xbb\xbf\r\n<!-- saved --><HTML><body>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html><html>', "html"),
        (b"<table><tr><td>id</td></tr></table>", "html"),
        (b'<?xml version="1.0"?><gpx></gpx>', "xml"),
        (b'<?xml version="1.0"?>\n<kml xmlns="x">', "kml"),
        (b"<OGRVRTDataSource>", "vrt"),
        (b"<VRTDataset>", "vrt"),
        (b'{"error": "no"}', "json"),
        (b'["id", "date"]', "json"),
        (b' {"type": "FeatureCollection", "features": []}', "geojson"),
        (b'{"features": [], "type": "FeatureCollection"}', "geojson"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PAR1", "parquet"),
        (b"SQLite format 3\x00" + bytes(84), "sqlite"),
        (b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(28), "geopackage"),
        (b"\x00\x00\x27\x0a" + bytes(96), "shapefile"),
        (pickle.dumps([1]), "pickle"),
        (pickle.dumps([1], protocol=2), "pickle"),
        (zlib.compress(pickle.dumps([1])), "pickle"),
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (bytes(range(32)) * 9, "binary"),
    ],
)
def test_content_tells_the_kind(head, kind):
    assert what_starts_with(head) == kind


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        (["[Content_Types].xml", "xl/workbook.xml"], "xlsx"),
        (["[Content_Types].xml", "xl/workbook.bin"], "xlsb"),
        (["mimetype", "content.xml"], "ods"),
        (["events.shp", "events.dbf"], "zip"),
    ],
)
def test_a11_the_members_of_a_zip_archive_tell_the_kind(tmp_path, members, kind):
    path = tmp_path / "events.csv"
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "x")

    assert what_is(path) == kind


def test_a_database_is_not_a_geopackage(tmp_path):
    path = tmp_path / "events.gpkg"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE events (id TEXT)")
    database.commit()
    database.close()

    assert what_is(path) == "sqlite"


def test_a_folder_is_a_folder(tmp_path):
    assert what_is(tmp_path) == "folder"


def test_a_gzip_archive_is_looked_into(tmp_path):
    path = tmp_path / "events.csv.gz"
    path.write_bytes(gzip.compress(b"<html>"))
    assert (what_is(path), what_is_packed(path)) == ("gzip", "html")

    path.write_bytes(b"\x1f\x8b\x08 no archive")
    assert what_is_packed(path) == "binary"


@settings(derandomize=True, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_with_a_name(data):
    assert what_starts_with(data) in NAMES
