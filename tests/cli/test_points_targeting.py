"""Clusters, concentration, targeting, emerging groups and Gi: the examples in their help."""

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


def examples_of(name):
    """Return the arguments and the beginning of the answer of each example of a help."""
    text = main.get_command(click.Context(main), name).help.replace("\b", "")
    for part in text.split("$ geo ")[1:]:
        call, *said = [line.strip() for line in part.splitlines()]
        yield shlex.split(call), " ".join(said).strip().removesuffix("...").strip()


def rows_in(path):
    text = path.read_text(encoding="utf-8").lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


EXAMPLES = [
    pytest.param(args, said, id=f"{name} {number}")
    for name, kept in (
        ("clusters", slice(None)),
        ("concentration", slice(None)),
        ("targeting", slice(None)),
        ("actors", slice(1, None)),
        ("hotspots", slice(2, None)),
    )
    for number, (args, said) in enumerate(list(examples_of(name))[kept])
]


@pytest.mark.parametrize(("args", "said"), EXAMPLES)
def test_example_of_the_help_runs_and_says_what_it_shows(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(*args)

    assert done.exit_code == 0, done.output
    assert len(said) > 50
    assert said in " ".join(done.stderr.split())
    assert not re.search(r"\bcaus|because|\bdue to", done.stderr)
    written = rows_in(tmp_path / args[args.index("-o") + 1])
    assert {row["source"] for row in written} == {"MADE-UP DATA, no real event"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ["targeting", "sample", "--focus", "Sinaloa", "--base", "2023", "--comparison", "2024"],
            "creció más que lo demás: su crecimiento es 1.62 veces el de los demás eventos",
            id="targeting",
        ),
        pytest.param(
            ["actors", "sample", "--emerging"], "México, 2024: nuevos Cartel del", id="emerging"
        ),
        pytest.param(
            ["concentration", "sample", "--permutations", "0"],
            "2024: 265 de 2,465 áreas (10.8 %) reúnen el 80 % de 4,231 eventos",
            id="concentration",
        ),
        pytest.param(
            ["clusters", "sample", "--focus", "25006"],
            "una distancia de 0 significa el mismo poblado",
            id="clusters",
        ),
    ],
)
def test_sentence_is_in_the_language_asked_for(args, said):
    done = run(*args, "--lang", "es")

    assert done.exit_code == 0, done.output
    assert "Datos inventados. " in done.stderr
    assert said in done.stderr
    assert done.stdout.splitlines()[0].endswith(",source")


def test_planted_factions_are_new_unless_a_table_of_names_says_whose_they_are(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    north = "Cartel del Ejemplo Norte"
    (tmp_path / "names.csv").write_text(
        f"name,alias,from,to,successor\n{north},,,,{north}: Faccion Una\n"
        f"{north},,,,{north}: Faccion Otra\n",
        encoding="utf-8",
    )
    ask = ["actors", "sample", "--focus", "Sinaloa", "--emerging"]

    plain = run(*ask, "-o", "plain.csv")
    named = run(*ask, "--actors", "names.csv", "-o", "named.csv")

    assert plain.exit_code == named.exit_code == 0, named.output

    def flags(name):
        rows = rows_in(tmp_path / name)
        here = [r for r in rows if (r["cvegeo"], r["period"]) == ("25", "2024")]
        return {r["actor"]: r["emergence"] for r in here if r["actor"].startswith(north)}

    assert flags("plain.csv")[f"{north}: Faccion Una"] == "new"
    assert set(flags("named.csv").values()) == {"growing"}
    assert not any(
        "Unidentified" in row["actor"] or "Forces" in row["actor"]
        for row in rows_in(tmp_path / "plain.csv")
    )


def test_curves_and_labels_are_written_beside(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    clusters = run("clusters", "sample", "--focus", "Sinaloa", "--labels", "l.csv", "-o", "c.csv")
    curves = run("concentration", "sample", "--level", "state", "--lorenz", "z.csv", "-o", "s.csv")

    assert clusters.exit_code == curves.exit_code == 0, curves.output
    labels, found = rows_in(tmp_path / "l.csv"), rows_in(tmp_path / "c.csv")
    inside = [row for row in labels if row["cluster"] not in ("", "0")]
    assert len(inside) == sum(int(row["events"]) for row in found)
    assert {row["left_out"] for row in labels if not row["cluster"]} == {
        "place not exact", "day not known",
    }  # fmt: skip
    assert len(rows_in(tmp_path / "z.csv")) == 3 * 2 * 33


def test_map_of_counts_says_that_it_is_one_of_volume(tmp_path):
    done = run(
        "hotspots", "sample", "--value", "events", "--permutations", "0",
        "-o", tmp_path / "volume.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert "Gi* of events, a map of volume" in done.stderr
    assert {row["tested"] for row in rows_in(tmp_path / "volume.csv")} == {
        "events (a volume, not a rate)"
    }


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ["clusters", "sample", "--repeats", "--labels", "l.csv"], "makes no clusters", id="both"
        ),
        pytest.param(["clusters", "sample", "--reach-km", "0"], "above zero", id="no reach"),
        pytest.param(
            ["concentration", "sample", "--prediction", "--lorenz", "z.csv"],
            "no curves",
            id="curve",
        ),
        pytest.param(["concentration", "sample", "--share", "2"], "(0, 1]", id="share"),
        pytest.param(
            ["hotspots", "sample", "--statistic", "gi", "--emerging"], "gi_star", id="emerging gi"
        ),
        pytest.param(["targeting", "sample", "--base", "2023"], "comparison", id="one window"),
    ],
)
def test_call_that_cannot_be_meant_ends_with_a_message(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(*args)

    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
