"""``geo export``: the tables of a study in the formats that are asked for."""

from __future__ import annotations

import json
import shlex

import click
import pandas as pd
import pytest
from click.testing import CliRunner

from geo.cli import main
from tests import tables


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_example_of_the_help_runs_and_says_what_it_wrote(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = main.get_command(click.Context(main), "export").help.replace("\b", "")
    call, said, *_ = [line.strip() for line in text[text.index("$ geo ") :].strip().splitlines()]

    done = run(*shlex.split(call)[2:])

    assert done.exit_code == 0, done.output
    assert said in done.stderr.splitlines()
    folder = tmp_path / "for-gis"
    found = tables.read(folder, "csv", "measures_state")
    assert found.columns.tolist()[:3] == ["cvegeo", "iso_3166_2", "pcode"]
    [first, *_] = tables.features(folder / "areas" / "measures_state.geojson")
    assert first["properties"]["pcode"].startswith("MX")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {r["format"] for r in package["resources"]} == {"csv", "geojson"}
    assert not (folder / "tables.xlsx").exists()


def test_example_of_qgis_runs_and_says_what_it_wrote(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = main.get_command(click.Context(main), "export").help.replace("\b", "")
    _, _, call, said = [line.strip() for line in text[text.index("$ geo ") :].strip().splitlines()]

    done = run(*shlex.split(call)[2:])

    assert done.exit_code == 0, done.output
    assert said in done.stderr.splitlines()
    names = sorted(path.suffix for path in (tmp_path / "in-qgis").iterdir())
    assert names == [".gpkg", ".json", ".qgz", ".qlr", ".txt"]


def test_an_export_that_is_repeated_replaces_and_never_doubles(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    events = pd.DataFrame(
        {
            "event_id": ["1", "2", "3"], "event_date": "2024-03-01", "latitude": 24.8,
            "longitude": -107.39, "event_type": "=1+1",
        }
    )  # fmt: skip
    events.to_csv("mine.csv", index=False)
    call = (
        "export", "mine.csv", "--tables", "out", "--source", "Mine", "--geo-precision", "exact",
        "--time-precision", "day",
    )  # fmt: skip

    first = run(*call, "--format", "csv,xlsx,parquet")
    again = run(*call, "--format", "csv", "--lang", "es")

    assert first.exit_code == 0, first.output
    assert "out: 9 tables of 3 events, as csv, xlsx and parquet" in first.stderr
    assert again.exit_code == 0, again.output
    assert not (tmp_path / "out" / "tables.xlsx").exists()
    assert not list((tmp_path / "out").rglob("*.parquet"))
    assert tables.read(tmp_path / "out", "csv", "measures_state")["events"].sum() == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "out"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 1, "say what to write, and where: --tables FOLDER, --qgis FOLDER"),
        (("--points", "exact", "--tables", "o"), 1, "--points is of the folder for QGIS"),
        (("--tables", "o", "--qgis", "./o"), 1, "--tables and --qgis both name o"),
        (("--qgis", "o", "--layers", "heat"), 1, "'heat' is none of emerging, scan, density"),
        (("--qgis", "thesis"), 3, "holds files that geo did not make"),
        (("--tables", "o", "--format", "docx"), 1, "'docx' is none of csv, xlsx, parquet"),
        (("--tables", "o", "--format", ","), 1, "give some of csv, xlsx"),
        (("--tables", "o", "--codes", "iso,fips"), 1, "'fips' is none of iso, pcode"),
        (("--tables", "thesis"), 3, "holds files that geo did not make"),
        (("--tables", "file"), 3, "is a file; give a folder"),
        (("--tables", "."), 3, "is the folder you are in"),
        (("--tables", "CON"), 3, "Windows keeps for itself"),
        (("--tables", "a\u202eb"), 3, "a character that is not seen (U+202E)"),
        (("--tables", "x" * 300), 3, "a name of 300 bytes"),
    ],
)
def test_mistakes_are_refused_before_any_work(args, code, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")

    done = run("export", "missing.csv", *args)

    assert done.exit_code == code, done.output
    assert said in " ".join(done.output.split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "thesis"]


def test_order_and_case_of_formats_do_not_matter_and_none_is_written_twice(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("export", "sample", "--tables", "out", "--format", "CSV, csv", "--codes", "")

    assert done.exit_code == 0, done.output
    assert done.stderr.rstrip().endswith("as csv")
    assert "pcode" not in tables.read(tmp_path / "out", "csv", "measures_state").columns
