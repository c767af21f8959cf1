"""No two outputs of one command go to one place, and all are refused before any work."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from geo.cli import main

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
