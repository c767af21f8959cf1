"""GeoJSON, GeoPackage and Shapefile: points in degrees, everything else as text."""

from __future__ import annotations

import json
import shutil
import sqlite3

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, Point, Polygon

from geo.errors import CRSError, DataWarning, GeoError, SettingsError, SourceError
from geo.sources.records import read_records

SHAPES = [Point(-99.1, 19.4), None, MultiPoint([(-98.5, 20.25)]), LineString([(0, 0), (1, 1)])]


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def geojson(folder, *features, **members):
    path = folder / "events.geojson"
    whole = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    return path


def events(shapes=SHAPES, crs="EPSG:4326", **columns):
    ids = [f"e{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame({"id": ids, **columns}, geometry=shapes, crs=crs)


def geopackage(folder, frame, layer="events"):
    path = folder / "events.gpkg"
    frame.to_file(path, driver="GPKG", layer=layer)
    return path


def shapefile(folder, frame, **options):
    path = folder / "events.shp"
    frame.to_file(path, driver="ESRI Shapefile", **options)
    return path


def places(found):
    return found.frame[["longitude", "latitude"]].to_numpy().tolist()


def test_geojson_properties_are_the_text_of_the_file(tmp_path):
    path = tmp_path / "events.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "name": "x", "features": ['
        '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [-99.10, 19.4, 2240]},'
        ' "properties": {"cve": "01001", "n": 1.50, "big": 12345678901234567890,'
        ' "ok": true, "no": null, "list": ["a", "é"]}},'
        '{"type": "Feature", "geometry": null, "properties": {"cve": "2024-01-05", "new": "x"}}'
        "]}",
        encoding="utf-8",
    )

    found = read_records(path)

    assert found.frame.to_dict("records") == [
        {
            "cve": "01001", "n": "1.50", "big": "12345678901234567890", "ok": "true", "no": "",
            "list": '["a", "é"]', "new": "", "longitude": "-99.10", "latitude": "19.4",
        },
        {
            "cve": "2024-01-05", "n": "", "big": "", "ok": "", "no": "", "list": "", "new": "x",
            "longitude": "", "latitude": "",
        },
    ]  # fmt: skip
    assert (found.kind, found.line.tolist(), found.encoding) == ("geojson", [1, 2], "utf-8")


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}, "not_a_point"),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [1, 1]]}, "not_a_point"),
        ({"type": "Point", "coordinates": [1]}, "not_a_point"),
        ({"type": "Point", "coordinates": ["east", 1]}, "not_finite"),
        ({"type": "Point", "coordinates": [float("nan"), 1]}, "not_finite"),
        ("POINT (1 1)", "not_a_point"),
    ],
)
def test_geojson_without_one_point_is_rejected(tmp_path, geometry, reason):
    path = geojson(tmp_path, feature(point(-99, 19), id="a"), feature(geometry, id="b"))

    found = read_records(path)

    assert found.frame["id"].to_dict() == {1: "a"}
    assert found.rejected[["record", "line", "reason", "column"]].to_numpy().tolist() == [
        [2, 2, reason, "geometry"]
    ]


def test_geojson_ids_are_kept_and_lone_points_taken_out_of_their_collection(tmp_path):
    lone = {"type": "MultiPoint", "coordinates": [[-98.5, 20.25]]}
    path = geojson(tmp_path, {"id": 7, **feature(lone, n=1)})

    found = read_records(path)

    assert found.frame.to_numpy().tolist() == [["7", "1", "-98.5", "20.25"]]
    assert found.repairs == ("1 collection of one point read as that point",)


def test_geojson_with_an_old_member_crs_is_projected_also_if_it_comes_last(tmp_path):
    path = tmp_path / "events.geojson"
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::6372"}}
    one = feature(point(2_500_000, 0), id="a")
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [one], "crs": crs}), encoding="utf-8"
    )

    [[lon, lat]] = places(read_records(path))

    assert (float(lon), float(lat)) == pytest.approx((-102, 12), abs=1e-7)


@pytest.mark.parametrize("crs", [None, {"type": "link", "properties": {"href": "http://x"}}])
def test_c11_geojson_with_an_unknown_system_is_refused(tmp_path, crs):
    path = geojson(tmp_path, feature(point(1, 1), id="a"), crs=crs)

    with pytest.raises(CRSError, match="does not say"):
        read_records(path)


def test_a1_geojson_in_an_old_encoding_is_read(tmp_path):
    path = geojson(tmp_path, feature(point(-99, 19), place="Michoacán"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))

    found = read_records(path)

    assert found.frame["place"].tolist() == ["Michoacán"]
    assert found.repairs == ("decoded as windows-1252",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "FeatureCollection", "features": [{"type": "Feat', "cut or damaged GeoJSON"),
        ('{"type": "FeatureCollection", "features": []', "cut or damaged GeoJSON"),
        ('{"type": "Feature", "geometry": null, "properties": {}}', "no GeoJSON feature coll"),
        ('{"type": "FeatureCollection"}', "no GeoJSON feature collection"),
        ('{"type": "FeatureCollection", "features": []}', "no rows"),
        ('{"type": "FeatureCollection", "features": [7]}', "a feature that is no object"),
        ('{"type": "Feature", "properties": {}}\n{"type": "Feature"}', "one feature a line"),
        ('{"type": "FeatureCollection", "a": ' + "[" * 99_999, "nested too deeply|cut or damaged"),
    ],
)
def test_a13_broken_geojson_is_refused(tmp_path, text, says):
    path = tmp_path / "events.geojson"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(SourceError, match=says):
        read_records(path)


def test_geojson_is_read_across_the_ends_of_blocks(tmp_path, monkeypatch):
    path = geojson(
        tmp_path,
        *[feature(point(-99 + i / 8, 19), id=f"é{i}", n=i) for i in range(30)],
        total=12345,
    )
    monkeypatch.setattr("geo.sources.octets.BLOCK", 7)

    found = read_records(path)

    assert found.frame["id"].tolist() == [f"é{i}" for i in range(30)]
    assert places(found)[3] == ["-98.625", "19"]


def test_geopackage_attributes_become_text(tmp_path):
    frame = events(
        n=pd.array([1, None, 3, 4], dtype="Int64"),
        day=pd.to_datetime(["2024-09-09", None, "2024-01-05", "2024-01-06"]),
        place=["Culiacán", None, "", "x"],
        latitude=[1.0, 2.0, 3.0, 4.0],
    )

    found = read_records(geopackage(tmp_path, frame))

    assert found.frame.to_dict("list") == {
        "id": ["e0", "e1", "e2"],
        "n": ["1", "", "3"],
        "day": ["2024-09-09", "", "2024-01-05"],
        "place": ["Culiacán", "", ""],
        "longitude": ["-99.1", "", "-98.5"],
        "latitude": ["19.4", "", "20.25"],
    }
    assert found.rejected[["record", "line", "reason"]].to_numpy().tolist() == [
        [4, 4, "not_a_point"]
    ]
    assert (found.kind, found.sheet, len(found)) == ("geopackage", "events", 4)
    assert found.repairs == (
        "column latitude left out: the geometry counts",
        "1 collection of one point read as that point",
    )


def test_columns_of_geographic_files_are_chosen_with_the_coordinates(tmp_path):
    path = geopackage(tmp_path, events([Point(1, 2)], note=["x"]))

    assert list(read_records(path, columns=["id"]).frame) == ["id"]
    chosen = read_records(path, columns=lambda header: ["latitude", header[0]])
    assert chosen.frame.to_dict("list") == {"id": ["e0"], "latitude": ["2.0"]}


def test_c11_geopackage_points_in_metres_are_projected(tmp_path):
    path = geopackage(tmp_path, events([Point(2_500_000, 0)], "EPSG:6372"))

    [[lon, lat]] = places(read_records(path))

    assert (float(lon), float(lat)) == pytest.approx((-102, 12), abs=1e-7)


def test_several_layers_are_asked_about(tmp_path):
    geopackage(tmp_path, events([Point(1, 1)]), "2023")
    path = geopackage(tmp_path, events([Point(2, 2)]), "2024")

    with pytest.raises(SourceError, match=r"layers with features: '2023', '2024'\. Pass sheet="):
        read_records(path)
    assert places(read_records(path, sheet="2024")) == [["2.0", "2.0"]]
    with pytest.raises(SourceError, match="no layer '2025'"):
        read_records(path, sheet="2025")


def test_a_layer_of_areas_is_refused(tmp_path):
    square = Polygon([(0, 0), (1, 0), (1, 1)])

    with pytest.raises(SourceError, match="holds no points but other shapes"):
        read_records(geopackage(tmp_path, events([square, square])))


def test_c11_a_geopackage_without_a_system_is_refused(tmp_path):
    with pytest.warns(UserWarning, match="crs"):
        path = geopackage(tmp_path, events([Point(1, 1)], None))

    with pytest.raises(CRSError):
        read_records(path)


def test_a13_a_cut_geopackage_is_refused_with_the_byte(tmp_path):
    path = geopackage(tmp_path, events([Point(1, 1)]))
    path.write_bytes(path.read_bytes()[:50_000])

    with pytest.raises(SourceError, match="is cut: it ends at byte 50,000"):
        read_records(path)


def test_i4_a_geopackage_that_is_being_written_is_refused(tmp_path):
    path = geopackage(tmp_path, events([Point(1, 1)]))
    (tmp_path / "events.gpkg-wal").write_bytes(b"x")

    with pytest.raises(SourceError, match="open in another program"):
        read_records(path)


def test_f9_a_geopackage_with_tables_in_other_files_is_not_opened(tmp_path):
    path = geopackage(tmp_path, events([Point(1, 1)]))
    database = sqlite3.connect(path)
    database.execute("PRAGMA writable_schema = 1")
    database.execute(
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES ('table', 'far', "
        "'far', 0, 'CREATE VIRTUAL TABLE far USING VirtualOGR(''/etc/passwd'')')"
    )
    database.commit()
    database.close()

    with pytest.raises(SourceError, match="virtual table 'far'"):
        read_records(path)


def test_shapefile_attributes_become_text(tmp_path):
    frame = events(
        [Point(-99.1, 19.4), None, Point(-98, 20)], place=["Culiacán", "", None], n=[1, 2, 3]
    )

    found = read_records(shapefile(tmp_path, frame))

    assert found.frame.to_dict("list") == {
        "id": ["e0", "e1", "e2"],
        "place": ["Culiacán", "", ""],
        "n": ["1", "2", "3"],
        "longitude": ["-99.1", "", "-98.0"],
        "latitude": ["19.4", "", "20.0"],
    }
    assert (found.kind, found.encoding, found.repairs) == ("shapefile", "utf-8", ())


@pytest.mark.parametrize(
    ("written", "found", "says"),
    [
        ("UTF-8", "utf-8", "no .cpg file: decoded as utf-8"),
        ("ISO-8859-1", "cp1252", "no .cpg file: decoded as cp1252"),
    ],
)
def test_a14_without_cpg_the_accents_tell_the_encoding(tmp_path, written, found, says):
    path = shapefile(tmp_path, events([Point(1, 1)], place=["Michoacán"]), encoding=written)
    path.with_suffix(".cpg").unlink()

    records = read_records(path)

    assert records.frame["place"].tolist() == ["Michoacán"]
    assert (records.encoding, records.repairs) == (found, (says,))


def test_a14_a_cpg_that_lies_is_refused_and_can_be_overruled(tmp_path):
    path = shapefile(tmp_path, events([Point(1, 1)], place=["Michoacán"]), encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text("UTF-8")

    with pytest.raises(SourceError, match=r"events\.dbf is not UTF-8, as events\.cpg says"):
        read_records(path)
    assert read_records(path, encoding="latin-1").frame["place"].tolist() == ["Michoacán"]
    with pytest.raises(SettingsError, match="no encoding 'klingon'"):
        read_records(path, encoding="klingon")


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a14_a_missing_part_is_named(tmp_path, part):
    path = shapefile(tmp_path, events([Point(1, 1)]))
    path.with_suffix(part).unlink()

    with pytest.raises(SourceError, match=f"events{part} is missing"):
        read_records(path)


def test_a14_without_prj_the_system_is_asked_for(tmp_path):
    path = shapefile(tmp_path, events([Point(1, 1)]))
    path.with_suffix(".prj").unlink()

    with pytest.raises(CRSError, match=r"does not say in which .* \.prj"):
        read_records(path)


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_a13_a_cut_part_is_refused_with_the_byte(tmp_path, part):
    path = shapefile(tmp_path, events([Point(1, 1), Point(2, 2)]))
    cut = path.with_suffix(part)
    size = cut.stat().st_size
    cut.write_bytes(cut.read_bytes()[:-9])

    with pytest.raises(SourceError, match=f"events{part} is cut: it ends at byte {size - 9}"):
        read_records(path)


def test_a14_parts_of_two_files_are_refused(tmp_path):
    path = shapefile(tmp_path, events([Point(1, 1), Point(2, 2)]))
    (tmp_path / "other").mkdir()
    other = shapefile(tmp_path / "other", events([Point(1, 1)]))
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))

    with pytest.raises(SourceError, match=r"has 2 shapes but events\.dbf has 1 rows"):
        read_records(path)


def test_the_hash_of_a_shapefile_covers_its_attributes(tmp_path):
    path = shapefile(tmp_path, events([Point(1, 1)], place=["a"]))
    before = read_records(path)
    shapefile(tmp_path, events([Point(1, 1)], place=["b"]))

    assert read_records(path).sha256 != before.sha256


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["geojson", "gpkg", "shp", "dbf", "shx"]),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=5),
)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_damaged_files_give_an_error_or_an_account_never_a_crash(tmp_path, kind, changes):
    frame = events([Point(-99, 19), Point(-98, 20)], place=["León", "b"])
    if kind == "geojson":
        path = target = geojson(tmp_path, feature(point(1, 2), place="León"))
    elif kind == "gpkg":
        (tmp_path / "events.gpkg").unlink(missing_ok=True)
        path = target = geopackage(tmp_path, frame)
    else:
        path = shapefile(tmp_path, frame)
        target = path.with_suffix(f".{kind}")
    data = bytearray(target.read_bytes())
    for share, byte in changes:
        data[int(share * len(data))] = byte
    target.write_bytes(bytes(data))

    try:
        found = read_records(path)
    except GeoError as error:
        assert str(error)  # noqa: PT017
        return

    numbers = sorted([*found.frame.index, *found.rejected["record"]])
    assert numbers == list(range(1, len(found) + 1))


def test_a_warning_of_the_driver_is_passed_on(tmp_path):
    path = geopackage(tmp_path, events([Point(1, 1)], day=[pd.Timestamp("2024-09-09")]))
    database = sqlite3.connect(path)
    database.execute("DROP TRIGGER IF EXISTS rtree_events_geom_update1")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute(f'DROP TRIGGER "{name}"')
    database.execute("UPDATE events SET day = 'yesterday'")
    database.commit()
    database.close()

    with pytest.warns(DataWarning, match="yesterday"):
        read_records(path)
