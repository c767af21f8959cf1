"""Mixtures, rings, seasons, months around a date and composition: on the sample, as commands."""

from __future__ import annotations

import csv
import io
import re
import shlex

import click
import pytest
from click.testing import CliRunner

from geo.cli import main

SINALOA = ("--focus", "Sinaloa")
WINDOWS = ("--base", "2023", "--comparison", "2024")
CAUSE = re.compile(r"\bcaus|because|\bdue to|displaced|causó|provoc|debid[oa] a|desplaz")


def run(*args):
    return CliRunner().invoke(main, [str(a) for a in args])


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline="")))


def examples_of(name):
    """Return the arguments and the beginning of the answer of every example of a help."""
    text = main.get_command(click.Context(main), name).help.replace("\b", "")
    for part in text.split("$ geo ")[1:]:
        call, *said = [line.strip() for line in f"$ geo {part}".splitlines()]
        yield shlex.split(call)[2:], " ".join(said).split("...")[0].strip()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(args, said, id=" ".join(args))
        for name in ("compare", "trend", "explain")
        for args, said in list(examples_of(name))[1:]
    ],
)
def test_further_examples_of_the_help_run_and_say_what_they_show(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(*args)

    assert done.exit_code == 0, done.output
    assert len(said) > 40
    assert said in " ".join(done.stderr.split())
    assert not CAUSE.search(done.stderr)
    table = done.stdout or (tmp_path / "parts.csv").read_text(encoding="utf-8")
    assert {row["source"] for row in rows_of(table)} == {"MADE-UP DATA, no real event"}


def test_mixture_of_other_states_does_not_show_the_planted_rise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(
        "compare", "sample", *SINALOA, *WINDOWS, "--synthetic", "--weights", "w.csv",
        "--series", "s.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    rows = {row["donors"]: row for row in rows_of(done.stdout)}
    assert list(rows) == ["all others", "without neighbors"]
    for row, number in zip(rows.values(), (31, 27), strict=True):
        assert (row["fits"], row["rank"], row["placebos"]) == ("True", "1", str(number))
        assert float(row["p_value"]) == pytest.approx(1 / (number + 1))
        # Planted: 2.5 times in 2024, and nothing anywhere else.
        assert 2 < float(row["ratio"]) < 3.2
    weights = rows_of((tmp_path / "w.csv").read_text(encoding="utf-8"))
    everyone = [row for row in weights if row["donors"] == "all others"]
    assert sum(float(row["weight"]) for row in everyone) == pytest.approx(1)
    assert {"name", "donor_name"} <= set(everyone[0])
    series = rows_of((tmp_path / "s.csv").read_text(encoding="utf-8"))
    gaps = {row["period"]: float(row["gap"]) for row in series if row["donors"] == "all others"}
    assert min(gaps[f"2024-{month}"] for month in ("10", "11", "12")) > 25
    assert abs(gaps["2024-08"]) < 5


def test_neighbors_of_the_planted_rise_stay_as_they_were():
    done = run("compare", "sample", *SINALOA, *WINDOWS, "--ring")

    rows = {row["zone"]: row for row in rows_of(done.stdout)}
    assert list(rows) == ["focus", "ring 1", "ring 2", "beyond"]
    assert sum(int(row["areas"]) for row in rows.values()) == 32
    assert float(rows["focus"]["relative_low"]) > 1
    for zone in ("ring 1", "ring 2"):
        assert float(rows[zone]["relative_low"]) < 1 < float(rows[zone]["relative_high"])


def test_ring_around_a_municipality_has_every_other_municipality():
    done = run("compare", "sample", "--focus", "Culiacán", *WINDOWS, "--ring")

    assert done.exit_code == 0, done.output
    rows = rows_of(done.stdout)
    assert sum(int(row["areas"]) for row in rows) == 2465
    assert rows[0]["cvegeo"] == "25006"


def test_planted_rise_is_in_the_months_after_and_in_none_before():
    done = run(
        "trend", "sample", *SINALOA, "--event-study", "--event-date", "2024-09-09",
        "--transition-from", "2024-07-25", "--donor", "Jalisco", "--donor", "Puebla",
        "--donor", "Oaxaca",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    rows = rows_of(done.stdout)
    assert [row["phase"] for row in rows] == (
        ["before"] * 29 + ["reference", "transition"] + ["after"] * 3
    )
    after = [row for row in rows if row["phase"] == "after"]
    assert all(float(row["ratio_low"]) > 1.5 for row in after)
    before = [row for row in rows if row["phase"] == "before"]
    assert all(float(row["ratio_low"]) < 1 for row in before)
    assert "(chosen)" in done.stderr


def test_planted_rise_is_no_season(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("trend", "sample", *SINALOA, "--season", "--tests", "all.csv")

    assert [row["month"] for row in rows_of(done.stdout)] == [str(n) for n in range(1, 13)]
    tests = rows_of((tmp_path / "all.csv").read_text(encoding="utf-8"))
    assert len(tests) == 32
    # Nothing is planted that comes back.
    assert sum(float(row["p_value"] or 1) <= 0.05 for row in tests) <= 1


def test_composition_of_the_planted_rise_is_all_rates(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run("explain", "sample", *SINALOA, *WINDOWS, "--composition", "--draws", "199")

    assert done.exit_code == 0, done.output
    rows = rows_of(done.stdout)
    assert len(rows) == 18
    # 236 and 586 events have a municipality; people grow alike, so all is of rates.
    assert sum(float(row["rate_effect"]) for row in rows) == pytest.approx(11.0, abs=0.05)
    assert sum(float(row["composition_effect"]) for row in rows) == pytest.approx(0, abs=1e-6)
    assert "no move from one to another shows" in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(
            ["compare", "sample", *SINALOA, *WINDOWS, "--synthetic"],
            "Sinaloa frente a una mezcla de 4 de 31 áreas (todas las demás)", id="synthetic",
        ),
        pytest.param(
            ["compare", "sample", *SINALOA, *WINDOWS, "--ring"],
            "Alrededor de Sinaloa, 2024 frente a 2023", id="ring",
        ),
        pytest.param(
            ["trend", "sample", *SINALOA, "--season"], "ninguna estacionalidad", id="season"
        ),
        pytest.param(
            ["trend", "sample", *SINALOA, "--event-study", "--event-date", "2024-09-01"],
            "cada mes frente a 2024-08", id="event study",
        ),
        pytest.param(
            ["explain", "sample", *WINDOWS, "--composition", "--draws", "99"],
            "México, 32 estados, 2024 frente a 2023", id="composition",
        ),
    ],
)  # fmt: skip
def test_sentences_are_in_spanish_on_demand(args, said, tmp_path):
    done = run(*args, "--lang", "es", "-o", tmp_path / "t.csv")

    assert done.exit_code == 0, done.output
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Warning: ")]
    assert said in " ".join(lines)
    assert not re.search(r"\b(events|interval|times|Made-up|against|months)\b", " ".join(lines))
    assert not CAUSE.search(" ".join(lines))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["compare", *SINALOA, *WINDOWS, "--ring", "--weights", "x.csv"],
                     "--weights goes with --synthetic", id="weights"),
        pytest.param(["compare", *SINALOA, *WINDOWS, "--synthetic", "--placebos", "x.csv"],
                     "--placebos goes without", id="placebos"),
        pytest.param(["compare", *SINALOA, *WINDOWS, "--ring", "--donor", "Jalisco"],
                     "--donor does not go with --ring", id="ring of donors"),
        pytest.param(["compare", *SINALOA, "--base", "2023-Q4", "--comparison", "2024",
                      "--synthetic"], "at least 12", id="short"),
        pytest.param(["trend", *SINALOA, "--event-study"], "--event-study needs", id="no date"),
        pytest.param(["trend", *SINALOA, "--season", "--event-date", "2024-09-09"],
                     "does not go with it", id="season of a date"),
        pytest.param(["trend", *SINALOA, "--season", "--breaks", "x.csv"],
                     "--breaks goes without", id="breaks"),
        pytest.param(["trend", *SINALOA, "--tests", "x.csv"], "--tests goes with", id="tests"),
        pytest.param(["trend", *SINALOA, "--donor", "Jalisco"], "--donor goes with", id="donor"),
        pytest.param(["trend", *SINALOA, "--season", "--since", "2023-01-01"], "24 complete months",
                     id="two years"),
        pytest.param(["trend", *SINALOA, "--season", "--period", "quarter"], "no months",
                     id="quarters"),
        pytest.param(["explain", *WINDOWS, "--composition", "--by", "dyad"], "do not go with",
                     id="by"),
        pytest.param(["explain", *WINDOWS, "--composition", "--focus", "Culiacán"],
                     "is a municipality", id="municipality"),
        pytest.param(["explain", "--composition"], "nothing is compared", id="no windows"),
    ],
)  # fmt: skip
def test_call_that_cannot_be_meant_ends_with_a_message(args, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(args[0], "sample", *args[1:])

    assert done.exit_code in (1, 2), done.output
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
