"""SQL over events and areas: the same answers as pandas, and nothing but reading."""

from __future__ import annotations

import sys

import geopandas as gpd
import pandas as pd
import pytest

import geo
from geo.errors import SettingsError
from geo.sources import boundaries
from geo.steps import query_sql
from tests import toy

SECRET = pd.DataFrame({"word": ["hidden"]})


def events():
    return geo.assign_areas(
        toy.events(
            (-107.39, 24.8), (-107.40, 24.81), (-117.02, 32.51),
            event_date=["2023-05-01", "2024-05-01", "2024-06-01"],
            fatalities=[1.0, None, 3.0],
            actor1=["O'Brien; DROP TABLE events; --", "ñ ${x}", None],
        )
    )  # fmt: skip


def test_a_join_by_code_is_that_of_pandas():
    found = geo.sql(
        "select name, count(*) as n, sum(fatalities) as deaths from events "
        "join municipalities using (cvegeo) group by name order by name",
        events(),
    )

    assert found.values.tolist() == [["Culiacán", 2, 1.0], ["Tijuana", 1, 3.0]]
    assert found.dtypes.astype(str).tolist() == ["str", "int64", "float64"]


def test_text_dates_and_missing_values_come_back_as_they_went():
    found = geo.sql(
        "select event_id, event_date, actor1, fatalities from events order by 1", events()
    )

    expected = events()[["event_id", "event_date", "actor1", "fatalities"]]
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected))


def test_a_spatial_join_is_sjoin_and_gives_shapes():
    found = geo.sql(
        "select e.event_id, s.name, e.geometry from events e join states s "
        "on st_within(e.geometry, s.geometry) order by 1",
        events(),
    )

    assert isinstance(found, gpd.GeoDataFrame)
    assert found.crs == "EPSG:4326"
    assert found["name"].tolist() == ["Sinaloa", "Sinaloa", "Baja California"]
    assert found.geometry.geom_equals(events().geometry).all()


def test_what_a_query_finds_can_be_asked():
    asked = geo.query(events()).within("Sinaloa")

    assert geo.sql("select count(*) as n from events", asked)["n"].tolist() == [2]


@pytest.mark.parametrize(
    ("table", "rows"),
    [("states", 32), ("municipalities", 2465), ("lines", 4), ("neighbors", 14444 + 134)],
)
def test_shipped_tables_are_there(table, rows):
    assert geo.sql(f"select count(*) as n from {table}")["n"].tolist() == [rows]


def test_people_are_there_at_both_levels():
    found = geo.sql("select population from population where cvegeo = '25' and year = 2024")

    assert found["population"].tolist() == [3165686.0]


def test_own_tables_go_before_the_shipped_ones():
    mine = pd.DataFrame({"cvegeo": ["25"], "note": ["mine"]})

    found = geo.sql("select note from states join states2 using (cvegeo)", tables={
        "states": mine, "states2": mine[["cvegeo"]],
    })  # fmt: skip

    assert found["note"].tolist() == ["mine"]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from events",
        "drop view events",
        "insert into events select * from events",
        "create table x as select 1",
        "select 1; select 2",
        "copy (select 1) to 'out.csv'",
        "attach 'other.db'",
        "install httpfs",
        "load spatial",
        "set enable_external_access = true",
        "",
    ],
)
def test_only_one_select_is_run(statement, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match="SELECT"):
        geo.sql(statement, events())

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{file}')",
        "'{file}'",
        '"{file}"',
        "read_text('{file}')",
        "READ_BLOB('{file}')",
        "glob('{folder}/*')",
        "st_read('{file}')",
        "\"ST_Read\"('{file}')",
        "ST_ReadSHP('{file}')",
        "parquet_scan('{file}')",
        "pandas_scan(1)",
        "'https://localhost/a.csv'",
        "SECRET",
        "query('from read_csv(''{file}'')')",
    ],
)
def test_no_file_network_or_variable_can_be_read(source, tmp_path):
    file = tmp_path / "events.csv"
    file.write_text("word\nhidden\n")

    with pytest.raises(SettingsError) as told:
        geo.sql(f"select * from {source.format(file=file, folder=tmp_path)}")

    assert "hidden" not in str(told.value)


def test_a_wrong_statement_is_told_with_the_tables():
    with pytest.raises(SettingsError, match=r"evnts does not exist.*the tables are events"):
        geo.sql("select * from evnts", events())


def test_events_that_are_asked_for_must_be_given():
    with pytest.raises(SettingsError, match="pass them"):
        geo.sql("select * from events")


@pytest.mark.parametrize("name", ['x"; drop view events; --', "a b", "1a", ""])
def test_a_name_of_a_table_is_a_name(name):
    with pytest.raises(SettingsError, match="no name of a table"):
        geo.sql("select 1", tables={name: SECRET})


def test_hostile_names_of_columns_are_only_names():
    table = gpd.GeoDataFrame(
        {'a"b; drop': [1]}, geometry=boundaries.load_lines().geometry.iloc[:1]
    ).rename_geometry('shape"; drop table x; --')

    found = geo.sql("select count(*) as n, 'geometry' as g from own", tables={"own": table})

    assert found["n"].tolist() == [1]


def test_without_duckdb_the_cure_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(SettingsError, match=r"pip install 'geo\[sql\]'"):
        geo.sql("select 1")


def test_without_the_spatial_package_tables_have_no_geometry_and_the_cure_is_told(monkeypatch):
    monkeypatch.setattr(query_sql, "_spatial_file", lambda _: None)

    assert "geometry" not in geo.sql("select * from events", events())
    with pytest.raises(SettingsError, match=r"pip install 'geo\[spatial\]'") as told:
        geo.sql("select st_point(1, 2)", events())
    assert "INSTALL" not in str(told.value)


def test_nothing_is_fetched_or_written(monkeypatch, tmp_path):
    """The extension comes from its package: no home folder and no network is touched."""
    import socket

    def refuse(*_, **__):
        raise AssertionError("network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    geo.sql("select st_point(longitude, latitude) as p from events", events())

    assert not list(tmp_path.rglob("*"))
