"""``geo map``: the forms of a page, and what a picture shows."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile

import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.errors import GeoError
from geo.render.geometry import on_grid
from geo.render.ground import load_ground
from tests import studies
from tests.render.test_page import Page

SVG = "{http://www.w3.org/2000/svg}"
FILE = "event_date,longitude,latitude\n2024-09-09,-107.391,24.809\n2024-09-11,-107.402,24.796\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.csv").write_text(FILE, encoding="utf-8")

    def run_(*args):
        given = ["map", "events.csv", "--geo-precision", "exact", *args]
        return CliRunner().invoke(main, given)

    return run_


def test_a_page_is_written_plain_and_as_an_archive_with_tiles_and_detail(run, tmp_path):
    done = run(
        "-o", "a.html", "--plain", "--zip", "--detail", "low",
        "--tiles", "https://tiles.example/{z}/{x}/{y}.png", "--tiles-credit", "© Example",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    config = Page(text).config
    assert config["tiles"]["attribution"] == "© Example"
    assert {block["form"] for block in config["blocks"]} == {"text"}
    assert "img-src data: blob: https://tiles.example;" in text
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a.html"]
        assert archive.read("a.html").decode("utf-8") == text
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "a.zip", "events.csv"]


def test_a_page_is_packed_and_alone_unless_more_is_asked_for(run, tmp_path):
    done = run("-o", "a.html")

    assert done.exit_code == 0, done.output
    config = Page((tmp_path / "a.html").read_text(encoding="utf-8")).config
    assert config["tiles"] is None
    assert not any("form" in block for block in config["blocks"])
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["-o", "a.png", "--plain"], 1, "are for a page"),
        (["-o", "a.svg", "--zip"], 1, "are for a page"),
        (["-o", "a.png", "--detail", "high"], 1, "are for a page"),
        (["-o", "a.html", "--tiles", "https://t.example/{z}/{x}/{y}"], 1, "whom to credit"),
        (["-o", "a.html", "--tiles-credit", "x"], 1, "tiles_credit is given without tiles"),
        (["-o", "a.html", "--tiles", "http://t.example/{z}/{x}/{y}"], 1, "begin with https"),
        (["-o", "a.html", "--detail", "best"], 1, "'low', 'standard', 'high'"),
    ],
)
def test_options_that_cannot_be_meant_are_refused_before_any_work(run, tmp_path, args, code, said):
    done = run(*args)

    assert done.exit_code == code
    assert said in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["events.csv"]


def test_an_archive_that_is_there_is_kept(run, tmp_path):
    (tmp_path / "a.zip").write_text("mine", encoding="utf-8")

    done = run("-o", "a.html", "--zip")

    assert done.exit_code == 3
    assert "a.zip exists" in done.output
    assert (tmp_path / "a.zip").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "a.html").exists()


def many(number=40):
    """Rows of two years in two municipalities of Sinaloa and one of Jalisco, half are battles."""
    places = [(-107.391, 24.809), (-106.411, 23.249), (-103.35, 20.67)]
    rows = ["event_date,longitude,latitude,event_type,civilian_targeting"]
    for at in range(number):
        lon, lat = places[at % 3]
        kind = ("Battles", "Protests")[at % 2]
        whom = "Civilian targeting" if at % 4 == 0 else ""
        rows.append(f"{2023 + at % 2}-{1 + at % 12:02d}-15,{lon},{lat},{kind},{whom}")
    rows += ["2023-01-01,-107.391,24.809,Riots,", "2024-12-31,-107.391,24.809,Riots,"]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--measure", "share", "--level", "state"], "Civilian targeting by state, 2024"),
        (
            ["--measure", "change", "--base", "2023", "--comparison", "2024"],
            "Change by municipality, 2024 against 2023",
        ),
        (
            ["--state", "Sinaloa", "--category", "battles"],
            "Sinaloa · Battles: Rate by municipality",
        ),
        (["--state", "jal", "--size", "8 x 10", "--measure", "count"], "Jalisco · Events"),
    ],
    ids=lambda case: " ".join(case) if isinstance(case, list) else "",
)
def test_a_picture_shows_what_was_asked_for(run, tmp_path, args, said):
    (tmp_path / "events.csv").write_text(many(), encoding="utf-8")

    done = run("-o", "a.svg", "--period", "year", *args)

    assert done.exit_code == 0, done.output
    root = ET.parse(tmp_path / "a.svg").getroot()
    words = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    assert said in words
    if "--size" in args:
        _, _, width, height = map(float, root.get("viewBox").split())
        assert (width, height >= 720) == (8 * 72, True)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["--state", "Sinalona"],
            "no state is called 'Sinalona'; the nearest names are 25 Sinaloa",
        ),
        (["--state", "Culiacán"], "codes run from 01 to 32"),
        (["--size", "2x2"], "each between 4 and 60"),
        (["--size", "11x61"], "each between 4 and 60"),
        (["--size", "11"], "give it as 11x8"),
        (["--size=-4x8"], "give it as 11x8"),
        (["--size", "11x8in"], "give it as 11x8"),
        (["--measure", "beauty"], "'beauty' is not one of"),
        (["--points", "coarse"], "no single events"),
    ],
    ids=" ".join,
)
def test_what_no_picture_can_be_is_refused_before_any_work(run, tmp_path, args, said, monkeypatch):
    monkeypatch.setattr("geo.study.run_study", lambda *_, **__: pytest.fail("work was done"))

    done = run("-o", "a.png", *args)

    assert done.exit_code == 1
    assert said in done.output
    assert [p.name for p in tmp_path.iterdir()] == ["events.csv"]


@pytest.mark.parametrize("option", ["--state", "--category", "--size", "--measure", "--level"])
def test_options_of_a_picture_are_refused_for_a_page(run, option):
    value = {"--size": "8x8", "--measure": "rate", "--level": "state"}.get(option, "Sinaloa")

    done = run("-o", "a.html", option, value)

    assert done.exit_code == 1
    assert "or draw a picture" in done.output


def test_a_category_that_the_data_lack_is_refused_with_those_they_have(run, tmp_path):
    (tmp_path / "events.csv").write_text(many(), encoding="utf-8")

    done = run("-o", "a.png", "--category", "Batles")

    assert done.exit_code == 1
    assert "no category 'Batles'; choose Battles, Protests, Riots" in done.output
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    ("args", "asked"),
    [
        (["--measure", "density", "--layers", "scan"], ["scan", "density"]),
        (["--measure", "outliers"], None),
    ],
    ids=["density", "outliers"],
)
def test_a_picture_asks_the_study_for_what_it_shows(run, tmp_path, args, asked, monkeypatch):
    given = {}

    def made(*_, **settings):
        given.update(settings)
        return studies.layered()

    monkeypatch.setattr("geo.study.run_study", made)
    done = run("-o", "a.svg", *args)

    assert done.exit_code == 0, done.output
    assert given.get("layers") == asked
    root = ET.parse(tmp_path / "a.svg").getroot()
    said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    assert ("Density of events, " in said) is (asked is not None)
    assert "Clusters of a scan" in said


def test_layers_of_a_study_in_toml_stay_beside_the_one_of_a_measure(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.toml").write_text('events = "events.csv"\nlayers = ["scan"]\n', encoding="utf-8")
    given = {}

    def stop(*_, **settings):
        given.update(settings)
        raise GeoError("enough")

    monkeypatch.setattr("geo.study.run_study", stop)
    CliRunner().invoke(main, ["map", "s.toml", "-o", "a.png", "--measure", "emerging"])

    assert given["layers"] == ["scan", "emerging"]


def test_a_study_writes_the_page_that_its_file_and_its_options_ask_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "events.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "s.toml").write_text(
        'events = "events.csv"\ngeo_precision = "exact"\npermutations = 0\nout = "o"\nlang = "es"\n'
        'plain = true\nzip = true\npoints = "coarse"\ndetail = "high"\n'
        'tiles = "https://tiles.example/{z}/{x}/{y}.png"\ntiles_credit = "© Example"\n',
        encoding="utf-8",
    )

    done = CliRunner().invoke(main, ["study", "s.toml", "--detail", "low"])

    assert done.exit_code == 0, done.output
    text = (tmp_path / "o" / "map.html").read_text(encoding="utf-8")
    page = Page(text)
    assert {block["form"] for block in page.config["blocks"]} == {"text"}
    assert page.config["language"] == "es"
    assert page.config["tiles"]["attribution"] == "© Example"
    assert "points" in {block["name"] for block in page.config["blocks"]}
    # The option goes before the file.
    drawn = on_grid(load_ground("low").arcs)
    assert page.block("areas")["arc_length"].sum() == len(drawn.x)
    with zipfile.ZipFile(tmp_path / "o" / "map.zip") as archive:
        assert archive.read("map.html").decode("utf-8") == text
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text(encoding="utf-8"))
    assert {"map.html", "map.zip"} <= {entry["name"] for entry in manifest["outputs"]}
    assert "plain" not in json.dumps(manifest["settings"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('tiles = "https://t.example/{z}/{x}/{y}"', "tiles is given without tiles_credit"),
        ('tiles_credit = "x"', "tiles_credit is given without tiles"),
        ('detail = "best"', "choose low, standard, high"),
        ('plain = "yes"', "true or false is expected"),
    ],
)
def test_pages_that_no_study_can_write_are_refused(tmp_path, monkeypatch, line, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.toml").write_text(f'events = "events.csv"\n{line}\n', encoding="utf-8")

    done = CliRunner().invoke(main, ["study", "s.toml"])

    assert done.exit_code == 1
    assert said in done.output


def test_the_days_that_are_named_are_those_that_are_kept(run):
    done = run("-o", "a.html", "--period", "month", "--until", "2024-09-10")

    assert done.exit_code == 0, done.output
    assert "2024-09-09 to 2024-09-10" in done.output
