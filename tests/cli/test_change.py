"""``geo change`` and ``geo explain``, as their help shows them."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from geo.cli import main

WINDOWS = ("--base", "2023", "--comparison", "2024")


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def rows_in(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_change_says_the_planted_ratio_its_intervals_and_the_claim(tmp_path):
    done = run(
        "change", "sample", *WINDOWS, "--focus", "Sinaloa", "--claim", "2.5",
        "--event-date", "2024-09-09", "-o", tmp_path / "change.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    said = done.stderr.splitlines()
    assert said[-3].startswith(
        "Made-up data. Sinaloa: 240 events in 2023, 600 in 2024; 7.64 and 18.95 per 100,000 "
        "person-years: 2.48 times (+148 %); 95 % interval 1.20-5.15 (quasi-Poisson, dispersion of "
        "monthly counts 21.2) and 2.13-2.89 (exact, for independent events); the claim of 2.5 "
        "times lies inside both"
    )
    assert (
        "from 2024-09-09 on 433 events: 5.75 times (4.90-6.76, exact) the rate of 2023" in said[-3]
    )
    assert said[-3].endswith("rank 1 of 32 by the lower limit")
    assert said[-1].startswith("Made-up data. 32 rows: ")
    assert said[-1].endswith("counted: all events")
    rows = {row["cvegeo"]: row for row in rows_in(tmp_path / "change.csv")}
    assert len(rows) == 32
    assert (rows["25"]["name"], rows["25"]["claim_inside_quasi"]) == ("Sinaloa", "True")
    assert rows["25"]["source"] == "MADE-UP DATA, no real event"


def test_the_claim_and_the_date_of_a_study_are_spoken_of_as_if_given_here(tmp_path):
    study = tmp_path / "study.toml"
    study.write_text(
        'events = "sample"\nbase = "2023"\ncomparison = "2024"\nfocus = "Sinaloa"\n'
        'claim = 2.5\nevent_date = "2024-09-09"\n',
        encoding="utf-8",
    )
    done = run("change", study, "-o", tmp_path / "change.csv")

    assert done.exit_code == 0, done.output
    told = next(line for line in done.stderr.splitlines() if "Sinaloa: 240 events" in line)
    assert "the claim of 2.5 times lies inside both" in told
    assert "from 2024-09-09 on 433 events: 5.75 times" in told


def test_change_of_each_class_of_actors_needs_no_further_option(tmp_path):
    done = run(
        "change", "sample", *WINDOWS, "--category", "actor_class", "-o", tmp_path / "change.csv"
    )

    assert done.exit_code == 0, done.output
    rows = rows_in(tmp_path / "change.csv")
    assert len(rows) == 32 * 5
    sinaloa = {row["category"]: row for row in rows if row["cvegeo"] == "25"}
    assert sum(int(row["comparison_events"]) for row in sinaloa.values()) == 600
    assert sinaloa["group against group"]["rank"] == "1"


def test_explain_says_the_planted_drivers_in_their_order(tmp_path):
    done = run("explain", "sample", *WINDOWS, "--focus", "Sinaloa", "-o", tmp_path / "e.csv")

    assert done.exit_code == 0, done.output
    said = done.stderr
    assert (
        "Made-up data. Sinaloa, 2024 against 2023: 240 and 600 events; counted: all events" in said
    )
    classes = next(line for line in said.splitlines() if line.startswith("By actor class"))
    places = [
        classes.index(word)
        for word in ("against civilians", "group against group", "security forces against group")
    ]
    assert places == sorted(places)
    assert (
        "Civilian targeting: 84 of 240 events (35 %), then 280 of 600 (47 %); it grew 1.62 times "
        "as much as the rest"
    ) in said
    assert ": disproportionate\n" in said
    assert "caused the change" in said.splitlines()[-1]
    assert "seed 20240909" in said.splitlines()[-1]
    rows = rows_in(tmp_path / "e.csv")
    for split in ("event_type", "actor_class", "civilian_targeting", "dyad", "municipality"):
        parts = [row for row in rows if row["split"] == split]
        assert sum(int(row["comparison_events"]) for row in parts) == 600
        assert sum(float(row["fold_contribution"]) for row in parts) == pytest.approx(2.481847)


def test_explain_crosses_two_columns(tmp_path):
    done = run(
        "explain", "sample", *WINDOWS, "--by", "event_type,civilian_targeting", "--draws", "99",
        "-o", tmp_path / "e.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    categories = {row["category"] for row in rows_in(tmp_path / "e.csv")}
    assert {"Battles | not targeted", "Riots | targeted"} <= categories


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["change", "sample"], "--base 2023", id="no windows"),
        pytest.param(["explain", "sample"], "--base 2023", id="nothing to explain"),
        pytest.param(
            ["change", "sample", *WINDOWS, "--claim", "0"], "above zero", id="claim of nothing"
        ),
        pytest.param(
            ["change", "sample", *WINDOWS, "--category", "kind"], "no column 'kind'", id="category"
        ),
        pytest.param(
            ["change", "sample", *WINDOWS, "--focus", "Sinaloa", "--level", "municipality"],
            "leave out one",
            id="focus of another level",
        ),
        pytest.param(
            ["explain", "sample", *WINDOWS, "--by", "a,b,c"], "two columns", id="three crossed"
        ),
        pytest.param(
            ["change", "sample", *WINDOWS, "--event-date", "2023-09-09"], "outside", id="early day"
        ),
    ],
)
def test_what_cannot_be_meant_is_refused_without_output(args, said):
    done = run(*args)

    assert done.exit_code != 0
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.output
