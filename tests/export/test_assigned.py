"""Assigned events that are streamed are those of the table in memory, byte for byte."""

from __future__ import annotations

import contextlib
import io
import json
import sqlite3

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import geo
from geo.errors import BatchError, OutputError, SettingsError
from geo.export.assigned import assign_stream
from geo.export.table import csv_text, write_table
from geo.sample import make_sample
from geo.schema import EVENTS
from geo.study.locating import locate_events
from geo.study.parts import AssignedParts

KNOWN = {"geo_precision": "exact", "time_precision": "day"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Records of the sample, some of which repeat an id or cannot be read."""
    path = tmp_path_factory.mktemp("assigned") / "sample.csv"
    rows = make_sample().head(1500)
    rows.loc[7, "notes"] = "not kept"
    rows.loc[9, "actor1"] = "one\rtwo"
    pd.concat([rows, rows.iloc[100:103]]).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def expected(sample):
    return locate_events(sample).located.drop(columns="record")


def written(frame, path):
    return write_table(frame, path).read_bytes()


@pytest.mark.parametrize("rows", [5000, 400])
def test_files_are_those_of_the_table_in_memory(sample, expected, tmp_path, rows):
    for ending in ("csv", "parquet"):
        whole = written(expected, tmp_path / f"whole.{ending}")
        found = assign_stream(sample, tmp_path / f"stream.{ending}", rows=rows)

        assert (tmp_path / f"stream.{ending}").read_bytes() == whole
    assert found.ledger.counts()["quarantined"] > 3
    assert sum(found.how.values()) == len(expected)
    out = io.StringIO()
    assign_stream(sample, out, rows=rows)
    assert out.getvalue() == csv_text(expected)


def test_a_large_file_has_several_row_groups(sample, expected, tmp_path, monkeypatch):
    monkeypatch.setattr("geo.export.assigned.ROW_GROUP", 300)
    assign_stream(sample, tmp_path / "a.parquet", rows=250)

    read = gpd.read_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(read, expected.reset_index(drop=True))
    assert read.total_bounds.tolist() == expected.total_bounds.tolist()


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a"])
def test_what_was_interrupted_goes_on_and_ends_in_the_same_bytes(tmp_path, monkeypatch, name):
    from geo.study.stream import work

    plain = tmp_path / "plain.csv"  # nothing in it needs a second look
    spread = [i / 1000 for i in range(1500)]
    pd.DataFrame(
        {
            "event_date": "2024-01-05",
            "longitude": [-99.13 - one for one in spread],
            "latitude": [19.43 + one for one in spread],
            "event_type": ["Battles", "Riots"] * 750,
        }
    ).to_csv(plain, index=False)
    done = []

    def interrupted(batch, *rest):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(batch)
        return work(batch, *rest)

    options = {"rows": 250, "work": tmp_path / "w", **KNOWN}
    monkeypatch.setattr("geo.study.stream.work", interrupted)
    with pytest.raises(KeyboardInterrupt):
        assign_stream(plain, tmp_path / name, **options)
    monkeypatch.setattr("geo.study.stream.work", work)
    assert not (tmp_path / name).exists()
    parts = {path: path.stat().st_mtime_ns for path in (tmp_path / "w").glob("*.parquet")}
    assert len(parts) == 3
    spoiled = sorted(parts)[1]
    spoiled.write_bytes(spoiled.read_bytes()[:-9])

    assign_stream(plain, tmp_path / name, resume=True, **options)
    assign_stream(plain, tmp_path / "other" / name, rows=250, **KNOWN)

    kept = [path for path in parts if path.stat().st_mtime_ns == parts[path]]
    assert kept == [path for path in parts if path != spoiled]
    assert content(tmp_path / name) == content(tmp_path / "other" / name)


def content(path):
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    return {one.name: one.read_bytes() for one in paths}


def test_a_folder_of_parts_is_replaced_and_holds_every_row_once(sample, expected, tmp_path):
    goal = tmp_path / "assigned"
    assign_stream(sample, goal, rows=250)
    many = len(list(goal.glob("*.parquet")))
    assign_stream(sample, goal, rows=600)

    parts = sorted(goal.glob("*.parquet"))
    assert len(parts) < many
    rows = pd.concat([gpd.read_parquet(part) for part in parts], ignore_index=True)
    pd.testing.assert_frame_equal(rows, expected.reset_index(drop=True))
    assert len(pd.read_parquet(goal)) == len(expected)
    about = json.loads((goal / "_manifest.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in about["outputs"]] == [part.name for part in parts]
    assert about["records"]["used"] == len(expected)
    assert about["made_up"]


def test_parts_are_read_again_with_their_points(sample, tmp_path):
    goal = tmp_path / "assigned"
    assign_stream(sample, goal, rows=500)

    part = sorted(goal.glob("*.parquet"))[0]
    again = geo.read_events(part, keep="none")
    assert again.geometry.geom_equals(gpd.read_parquet(part).geometry).all()


def test_filters_and_areas_are_those_of_the_whole(sample, tmp_path):
    areas = geo.load_areas("municipality").query("cvegeo.str.startswith('25')")
    filters = {"since": "2024-01-01"}
    found = locate_events(sample, filters=filters)
    by_areas = geo.assign_areas(found.located[[*EVENTS.dtypes, "record", "geometry"]], areas)

    assign_stream(sample, tmp_path / "a.parquet", filters=filters, areas=areas, rows=300)

    read = gpd.read_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(read, by_areas.drop(columns="record").reset_index(drop=True))
    assert 0 < read["cvegeo"].notna().sum() < len(read)


def test_a_file_without_a_usable_record_gives_a_table_without_rows(tmp_path):
    (tmp_path / "a.csv").write_text("event_date,longitude,latitude\n2024-02-31,-99.1,19.4\n")

    assign_stream(tmp_path / "a.csv", tmp_path / "b.csv", **KNOWN)
    assign_stream(tmp_path / "a.csv", tmp_path / "b.parquet", **KNOWN)
    assign_stream(tmp_path / "a.csv", tmp_path / "b.gpkg", **KNOWN)

    empty = locate_events(tmp_path / "a.csv", **KNOWN).located.drop(columns="record")
    assert (tmp_path / "b.csv").read_bytes() == written(empty, tmp_path / "c.csv")
    assert (tmp_path / "b.parquet").read_bytes() == written(empty, tmp_path / "c.parquet")
    assert database(tmp_path / "b.gpkg") == database(write_table(empty, tmp_path / "c" / "b.gpkg"))


def test_a_batch_that_fails_is_named_and_nothing_is_written(sample, tmp_path, monkeypatch):
    from geo.study.stream import work

    def broken(batch, *rest):
        if 300 in batch.frame.index:
            raise RuntimeError("the disk said no")
        return work(batch, *rest)

    monkeypatch.setattr("geo.study.stream.work", broken)
    with pytest.raises(BatchError, match=r"1 batch failed(?s:.*)sample.csv, records \d+ to \d+: "):
        assign_stream(sample, tmp_path / "a.csv", rows=400, work=tmp_path / "w")
    assert not (tmp_path / "a.csv").exists()
    assert not list((tmp_path / "w").glob("*.half"))

    monkeypatch.setattr("geo.study.stream.work", work)
    assign_stream(sample, tmp_path / "a.csv", rows=400, work=tmp_path / "w", resume=True)
    assign_stream(sample, tmp_path / "b.csv", rows=400)
    assert content(tmp_path / "a.csv")["a.csv"] == content(tmp_path / "b.csv")["b.csv"]


def test_places_that_cannot_be_meant_are_refused_before_the_work(sample, tmp_path):
    rows = pd.read_csv(sample, dtype="str", keep_default_na=False)
    (tmp_path / "events").mkdir()
    rows.to_parquet(tmp_path / "events" / "a.parquet")
    with pytest.raises(OutputError, match="lies in the input"):
        assign_stream(tmp_path / "events", tmp_path / "events" / "out.parquet")
    with pytest.raises(SettingsError, match="lies in the input"):
        assign_stream(tmp_path / "events", tmp_path / "a.csv", work=tmp_path / "events" / "w")
    with pytest.raises(OutputError, match=r"not as \.shp"):
        assign_stream(sample, tmp_path / "a.shp")
    with pytest.raises(OutputError, match="is the input"):
        assign_stream(sample, sample)


def database(path):
    """The bytes of a GeoPackage but for how often it was changed, which SQLite counts twice."""
    content = bytearray(path.read_bytes())
    content[24:28] = content[92:96] = bytes(4)
    return bytes(content)


@pytest.mark.parametrize("rows", [5000, 400])
def test_a_geopackage_is_that_of_the_table_in_memory(sample, expected, tmp_path, rows):
    goal = tmp_path / 'events of "Sinaloa".gpkg'
    assign_stream(sample, goal, rows=rows)

    whole = write_table(expected, tmp_path / "whole" / goal.name)
    assert database(goal) == database(whole)
    read = gpd.read_file(goal, layer=goal.stem)
    pd.testing.assert_frame_equal(read, gpd.read_file(whole))
    assert read.crs == expected.crs
    assert len(read) == len(expected)
    assert [path.name for path in goal.parent.iterdir() if path.is_file()] == [goal.name]


def test_a_geopackage_from_which_something_is_missing_is_refused(sample, tmp_path, monkeypatch):
    write = pyogrio.write_arrow
    lost = "DELETE FROM rtree_a_geom WHERE id = 7"

    def losing(rows, path, **how):
        write(rows, path, **how)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute(lost)

    monkeypatch.setattr(pyogrio, "write_arrow", losing)
    with pytest.raises(OutputError, match=r"a\.gpkg cannot be written: it was not written whole"):
        assign_stream(sample, tmp_path / "a.gpkg", rows=500)
    lost = "DROP TABLE rtree_a_geom"
    with pytest.raises(OutputError, match=r"not written whole \(no such table"):
        assign_stream(sample, tmp_path / "a.gpkg", rows=500)
    assert not list(tmp_path.iterdir())


def test_a_part_that_is_lost_while_a_geopackage_is_written_is_told(sample, tmp_path, monkeypatch):
    tables = AssignedParts.tables

    def losing(parts):
        yield next(tables(parts))
        parts.paths[1].unlink()
        yield from tables(parts)

    monkeypatch.setattr(AssignedParts, "tables", losing)
    with pytest.raises(BatchError, match=r"000001\.parquet was deleted while the stream ran"):
        assign_stream(sample, tmp_path / "a.gpkg", rows=500)
    assert not list(tmp_path.iterdir())
