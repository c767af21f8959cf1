"""``geo query``: the examples of its help, distances, files, SQL and what is refused."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import pytest
import shapely

from tests.cli.test_actors_trend_compare import example_of, run


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def test_example_of_the_help_runs_and_says_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example_of("query")

    done = run(*args)

    assert done.exit_code == 0, done.output
    assert said in " ".join(done.stderr.split())
    rows = rows_of((tmp_path / "strip.csv").read_text(encoding="utf-8"))
    assert sum(int(row["events"]) for row in rows) == 302
    assert {row["source"] for row in rows} == {"MADE-UP DATA, no real event"}


def test_sql_and_json_give_rows_words_and_what_is_left_out():
    done = run(
        "query", "sample", "--within", "Culiacán", "--sql",
        "select count(*) as n from events", "--json", "--lang", "es",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["query"]["es"] == "eventos en Culiacán, Sinaloa"
    assert told["rows"] == [{"n": told["events"]}]
    assert told["left_out"] > 0
    assert told["made_up"] is True
    assert (
        f"{told['left_out']} eventos cuya área no se conoce con tanto detalle podrían pertenecer y "
        "quedan fuera\n"
    ) in done.stderr


def test_a_corridor_along_a_file_and_the_distance_to_it(tmp_path):
    road = gpd.GeoSeries([shapely.LineString([(-107.39, 24.8), (-106.42, 23.24)])], crs="EPSG:4326")
    road.to_file(tmp_path / "mex-15.gpkg")
    path = tmp_path / "mex-15.gpkg"

    done = run(
        "query", "sample", "--along", path, "--km", "10", "--distance", "--to", path,
        "-o", tmp_path / "corridor.gpkg",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert "within 10 km along “mex-15”" in done.stderr
    found = gpd.read_file(tmp_path / "corridor.gpkg")
    assert len(found) > 0
    assert found["distance_to_m"].max() <= 10_000


@pytest.mark.parametrize(
    ("args", "key"),
    [
        (["--rate", "--within", "Sinaloa", "--in", "2024"], "crude_rate"),
        (["--series", "month", "--type", "Battles"], "complete"),
        (["--bands", "25,50", "--to", "US border", "--in", "2024"], "population_low"),
        (["--count", "state", "--count", "year"], "cve_ent"),
        (["--nearest", "3", "--to", "coast"], "event_id"),
    ],
)
def test_every_kind_of_answer_is_a_table(args, key):
    done = run("query", "sample", *args)

    assert done.exit_code == 0, done.output
    assert key in rows_of(done.stdout)[0]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--near", "coast"], "--near needs --km"),
        (["--nearest", "3"], "--nearest needs --to"),
        (["--count", "state", "--rate"], "choose one of"),
        (["--within", "Juárez"], "08037 Juárez, Chihuahua"),
        (["--along", "coast", "--km", "-4"], "0 km or more"),
        (["--along", "none.gpkg", "--km", "4"], "cannot be read"),
        (["--sql", "drop table events"], "one SELECT statement"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_written(args, said, tmp_path):
    done = run("query", "sample", *args, "-o", tmp_path / "out.csv")

    assert done.exit_code in (1, 2)
    assert said in " ".join(done.stderr.split())
    assert not list(tmp_path.iterdir())


def test_nothing_found_is_said_and_no_error(tmp_path):
    done = run("query", "sample", "--since", "2200-01-01", "-o", tmp_path / "none.csv")

    assert done.exit_code == 0, done.output
    assert "0 events since 2200-01-01" in done.stderr
    assert rows_of((tmp_path / "none.csv").read_text(encoding="utf-8")) == []
