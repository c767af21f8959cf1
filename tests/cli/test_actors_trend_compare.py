"""Actors, trend, compare and surge: the examples in their help, on the sample."""

from __future__ import annotations

import csv
import io
import re
import shlex

import click
import pytest
from click.testing import CliRunner

from geo.cli import main


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def example_of(name):
    """Return the arguments and the beginning of the answer that a help shows."""
    context = click.Context(main)
    text = main.get_command(context, name).help.replace("\b", "")
    first = text[text.index("$ geo ") :].split("$ geo ")[1]
    call, *said = [line.strip() for line in f"$ geo {first}".splitlines()]
    return shlex.split(call)[2:], " ".join(said).strip()


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


@pytest.mark.parametrize("name", ["actors", "trend", "compare", "surge"])
def test_example_of_the_help_runs_and_says_what_it_shows(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example_of(name)

    done = run(*args)

    assert done.exit_code == 0, done.output
    beginning = said.removesuffix("...").strip()
    assert len(beginning) > 100
    assert beginning in " ".join(done.stderr.split())
    assert not re.search(r"\bcaus|because|\bdue to", done.stderr)
    written = tmp_path / {"actors": "groups.csv", "surge": "surges.csv"}.get(name, "none")
    table = done.stdout or written.read_text(encoding="utf-8")
    assert {row["source"] for row in rows_of(table)} == {"MADE-UP DATA, no real event"}


def test_trend_finds_the_planted_break_and_writes_its_tables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(
        "trend", "sample", "--focus", "Sinaloa", "--event-date", "2024-05-01",
        "--transition-from", "2024-03-15", "--breaks", "b.csv", "--terms", "t.csv",
        "--trends", "all.csv", "-o", "s.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    tables = {
        name: rows_of((tmp_path / f"{name}.csv").read_text(encoding="utf-8"))
        for name in ("b", "t", "all", "s")
    }
    assert [row["period"] for row in tables["b"]] == ["2024-09"]
    assert [row["term"] for row in tables["t"]] == [
        "rate", "trend", "transition", "level", "slope", "pre-trend",
    ]  # fmt: skip
    assert (len(tables["all"]), len(tables["s"])) == (32, 36)
    assert "8 months after the date, 2 of transition" in done.stderr
    assert "seed 20240909" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["trend", "sample"], "--focus", id="no focus"),
        pytest.param(
            ["trend", "sample", "--focus", "Sinaloa", "--terms", "t.csv"],
            "--event-date",
            id="terms",
        ),
        pytest.param(["compare", "sample", "--focus", "Sinaloa"], "two windows", id="no window"),
        pytest.param(
            ["compare", "sample", "--focus", "Sinaloa", "--base", "2023", "--comparison", "2024",
             "--event-date", "2024-09-09"], "either two windows", id="both",
        ),
        pytest.param(
            ["actors", "sample", "--actors", "none.csv"], "does not exist", id="no names"
        ),
        pytest.param(
            ["actors", "sample", "--focus", "Culiacán", "--level", "state"],
            "is a municipality", id="level",
        ),
    ],
)  # fmt: skip
def test_call_that_cannot_be_meant_ends_with_a_message(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(*args)

    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_aliases_and_successors_change_what_actors_counts(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    north = "Cartel del Ejemplo Norte"
    (tmp_path / "actors.csv").write_text(
        "name,alias,from,to,successor\n"
        f"{north},{north}: Faccion Una,2024-09-09,,\n"
        f"{north},,,,{north}: Faccion Otra\n"
        "Los Ficticios,Banda Inventada,,,\n",
        encoding="utf-8",
    )

    plain = run("actors", "sample", "--dyads", "plain.csv")
    named = run("actors", "sample", "--actors", "actors.csv", "--dyads", "named.csv")

    def sinaloa(done):
        rows = [row for row in rows_of(done.stdout) if row["cvegeo"] == "25"]
        return {row["period"]: row for row in rows}

    assert plain.exit_code == named.exit_code == 0, named.output
    before, after = sinaloa(plain)["2024"], sinaloa(named)["2024"]
    # The two factions are one group and its successor; two other groups are one.
    assert (before["groups"], after["groups"]) == ("9", "7")
    assert before["events"] == after["events"] == "600"
    pairs = rows_of((tmp_path / "named.csv").read_text(encoding="utf-8"))
    shown = {row["dyad"]: row for row in pairs if row["cvegeo"] == "25" and row["period"] == "2024"}
    assert shown[f"{north} / {north}: Faccion Otra"]["events"] == "105"
    assert not any("Faccion Una" in dyad or "Banda" in dyad for dyad in shown)
