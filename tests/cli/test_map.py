"""``geo map``: the forms of a page."""

from __future__ import annotations

import zipfile

import pytest
from click.testing import CliRunner

from geo.cli import main
from tests.render.test_page import Page

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
        (["-o", "a.html", "--tiles-credit", "x"], 1, "without --tiles"),
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
