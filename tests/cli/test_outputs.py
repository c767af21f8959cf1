"""No two outputs of one command go to one place, and all are refused before any work."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from geo.cli import main


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


OUTPUTS = ("output", "ledger", "dyads", "labels", "lorenz", "placebos", "weights", "series",
           "breaks", "trends", "terms", "tests", "tables", "qgis")  # fmt: skip
"""Options that name a file or a folder to write; `geo study` has one, `--out`."""


def outputs():
    """Return each command with the options that name what it writes."""
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        options = [
            one.opts[-1]
            for one in command.params
            if one.name in OUTPUTS and isinstance(one.type, click.Path)
        ]
        if name not in ("graph", "map", "density", "sample", "study"):
            yield name, options


PAIRS = [
    (name, one, other)
    for name, options in outputs()
    for at, one in enumerate(options)
    for other in options[at + 1 :]
]


@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_two_outputs_of_one_name_are_refused_before_any_work(
    name, one, other, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").symlink_to(".")
    args = [name, "sample", one, "same.csv", other, "here/same.csv"]

    done = CliRunner().invoke(main, args)

    assert done.exit_code == 1, done.output
    assert f"{one} and {other} both name here/same.csv" in " ".join(done.stderr.split())
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


@pytest.mark.parametrize(("name", "options"), list(outputs()))
def test_an_output_that_exists_is_refused_before_any_work(name, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").write_text("mine")
    for option in options:
        done = CliRunner().invoke(main, [name, "no such file", option, "mine.csv"])

        assert done.exit_code == 3, done.output
        assert "mine.csv" in done.stderr
        assert (tmp_path / "mine.csv").read_text() == "mine"


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """A folder of parts, none of which can be read, to be in."""
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "part-000.csv").write_text("no table\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("more", [(), ("-o", "results"), ("-o", "deep/results")])
def test_results_inside_the_folder_that_is_read_are_refused_before_it_is_read(parts, more):
    done = run("study", ".", *more)

    assert done.exit_code == 3
    assert "lies in the input ., and would be read with it the next time" in done.stderr
    assert [path.name for path in parts.iterdir()] == ["part-000.csv"]


def test_a_study_file_is_held_to_the_same(parts):
    study = parts.parent / "study.toml"
    study.write_text('events = "parts"\nout = "parts/results"\n', encoding="utf-8")

    for more in ((), ("-o", "results")):
        done = run("study", study, *more)
        assert done.exit_code == 3
        assert "lies in the input" in done.stderr
    done = run("map", study, "-o", "map.html")
    assert "lies in the input" in done.stderr
