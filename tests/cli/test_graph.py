"""Pictures: ``geo graph``, ``geo map`` with the ending of a picture, and those of ``geo study``."""

from __future__ import annotations

import json
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from geo.cli import main


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def texts(path):
    nodes = ET.parse(path).getroot().iter("{http://www.w3.org/2000/svg}text")
    return " ".join("".join(node.itertext()) for node in nodes)


def test_example_of_the_help_runs_and_says_what_it_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = main.get_command(click.Context(main), "graph").help.replace("\b", "")
    call, *said = [line.strip() for line in text[text.index("$ geo ") :].strip().splitlines()]

    done = run(*shlex.split(call)[2:])

    assert done.exit_code == 0, done.output
    beginning = " ".join(said).removesuffix("...").strip()
    assert len(beginning) > 100
    assert beginning in " ".join(done.stderr.split())
    drawn = texts(tmp_path / "sinaloa.svg")
    assert "Sinaloa: events by month" in drawn
    assert "Base: 2023" in drawn


def test_graph_in_spanish_by_actors_speaks_spanish(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("graph", "sample", "--by", "actor_class", "--lang", "es", "-o", "a.svg")

    assert done.exit_code == 0, done.output
    assert "Datos inventados. a.svg: " in done.stderr
    assert "eventos, ene 2022" in done.stderr
    drawn = texts(tmp_path / "a.svg")
    assert "México: eventos por mes" in drawn
    assert "grupo contra grupo" in drawn


def test_map_draws_the_picture_that_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("map", "sample", "-o", "a.svg", "--level", "state", "--measure", "rate")

    assert done.exit_code == 0, done.output
    assert "Made-up data. a.svg: 12,037 events" in done.stderr
    assert "Rate by state, 2024" in texts(tmp_path / "a.svg")


def test_page_refuses_the_options_of_a_picture_before_any_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("map", "sample", "-o", "a.html", "--measure", "rate")

    assert done.exit_code != 0
    assert "a page shows every level and measure" in done.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "name"), [("map", "a.jpg"), ("graph", "a.html"), ("graph", "a")]
)
def test_other_endings_are_refused_before_any_work(command, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(command, "sample", "-o", name)

    assert done.exit_code != 0
    assert "must end in" in done.output


def test_study_writes_both_pictures_and_lists_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("study", "sample", "--out", "out")

    assert done.exit_code == 0, done.output
    outputs = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    listed = {entry["name"] for entry in outputs["outputs"]}
    assert {"map.html", "map.png", "series.png"} <= listed
    for name in ("map.png", "series.png"):
        assert (tmp_path / "out" / name).read_bytes().startswith(b"\x89PNG")


def events_file(tmp_path):
    rows = ["event_date,latitude,longitude,geo_precision,time_precision"]
    rows += [f"2024-{month:02}-03,24.809,-107.394,exact,day" for month in range(1, 13)]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_points_of_a_page_are_those_asked_for_and_exact_ones_warn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = events_file(tmp_path)
    held = {}

    for points in (None, "coarse", "exact"):
        asked = [] if points is None else ["--points", points]
        done = run("map", path, "-o", f"{points}.html", "--data-through", "2024-12-31", *asked)
        assert done.exit_code == 0, done.output
        held[points] = 'id="geo-block-points"' in Path(f"{points}.html").read_text("utf-8")
        assert ("Warning: the map holds the exact place" in done.stderr) is (points == "exact")

    assert held == {None: False, "coarse": True, "exact": True}


def test_points_are_for_pages_and_layers_must_be_known(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    picture = run("map", "sample", "-o", "a.png", "--points", "coarse")
    unknown = run("map", "sample", "-o", "a.html", "--layers", "scan,heat")

    assert (picture.exit_code, unknown.exit_code) == (1, 1)
    assert "draw a page (-o map.html)" in " ".join(picture.output.split())
    assert "layers = 'heat': choose emerging, scan, density" in unknown.output
