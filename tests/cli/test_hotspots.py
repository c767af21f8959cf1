from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.study.where import Settings, emerging_sentence, hotspot_sentence

HOW = Settings(value="eb_rate", permutations=99_999, seed=20240909, fdr="bh")


def run(*args):
    return CliRunner().invoke(main, ["hotspots", *map(str, args)])


def rows_in(path):
    return list(csv.DictReader(Path(path).read_text(encoding="utf-8-sig").splitlines()))


def example(which):
    """Return the arguments of an example of the help, and the beginning of what it says."""
    lines = [line.strip() for line in run("--help").output.splitlines()]
    places = [n for n, line in enumerate(lines) if line.startswith("$ geo hotspots")]
    start = places[which]
    said = [line for line in lines[start + 1 : [*places, None][which + 1]] if line]
    return lines[start].split()[3:], " ".join(said).split("...")[0].strip(" ,")


def test_example_of_the_help_finds_the_planted_hotspot(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example(0)

    done = run(*args)

    assert done.exit_code == 0, done.output
    last = done.stderr.splitlines()[-1]
    assert last.startswith(said)
    for part in (
        "p from 99,999 conditional permutations, seed 20240909, among areas of like population",
        "q after Benjamini-Hochberg",
        "EB Moran's I 0.098, one-sided p 0.0001 (9,999 permutations)",
    ):
        assert part in last
    rows = rows_in("hotspots.csv")
    assert len(rows) == 3 * 2465
    hot = [r for r in rows if r["period"] == "2024" and int(r["gi_bin"]) > 0]
    assert {r["state_name"] for r in hot} == {"Sinaloa"}
    assert all(float(r["p_value"]) < 0.001 for r in hot)
    assert not any(r["gi_bin"].startswith("-") for r in rows)  # no place is calm by plan
    assert {r["source"] for r in rows} == {"MADE-UP DATA, no real event"}


def test_example_of_the_help_finds_what_emerged_after_the_planted_day(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    args, said = example(1)

    done = run(*args)

    assert done.exit_code == 0, done.output
    assert said in done.stderr.splitlines()[-1]
    rows = {r["cvegeo"]: r for r in rows_in("emerging.csv")}
    assert len(rows) == 2465
    # The story begins on 9 September 2024: Culiacán is hot in three of the last four months.
    assert rows["25006"]["pattern"] == "consecutive hotspot"
    assert rows["25006"]["hot_periods"] == "3"
    states = {code[:2] for code, r in rows.items() if r["pattern"] == "consecutive hotspot"}
    assert "25" in states


@pytest.fixture
def acled(tmp_path):
    """Events in Culiacán and its neighbors, and one far away."""
    head = "event_date,latitude,longitude,geo_precision"
    near = [(24.809, -107.394), (24.63, -107.69), (23.92, -106.42), (24.35, -107.37)]
    rows = [f"2024-0{1 + k % 9}-11,{lat},{lon},exact" for k in range(9) for lat, lon in near]
    path = tmp_path / "events.csv"
    rows += ["2023-02-01,20.97,-89.62,exact", "2024-12-31,20.97,-89.62,exact"]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_seed_and_number_of_permutations_are_those_asked_for(acled):
    done = run(acled, "--permutations", "1999", "--seed", "7", "--value", "events", "--fdr", "by")

    assert done.exit_code == 0, done.output
    assert (
        "Gi* of events, a map of volume; p from 1,999 conditional permutations, seed 7, among"
        in done.stderr
    )
    assert "Benjamini-Yekutieli" in done.stderr
    assert "cannot give a p below 0.001" in done.stderr
    table = pd.read_csv(io.StringIO(done.stdout), dtype={"cvegeo": "str"})
    unusual = table["p_value"][table["p_value"] <= 0.02] * 2000
    assert unusual.round(6).isin(range(2, 42, 2)).all()
    assert (unusual.round() % 4 == 2).any()


def test_without_permutations_the_analytic_p_is_named(acled):
    done = run(acled, "--permutations", "0")

    assert "analytic p, without permutations" in done.stderr
    table = pd.read_csv(io.StringIO(done.stdout))
    assert table["p_value"].equals(table["p_analytic"])


@pytest.mark.parametrize(
    ("option", "columns"),
    [
        pytest.param("--outliers", {"quadrant", "is_outlier", "local_moran"}, id="outliers"),
        pytest.param("--nearest", {"verdict", "nearest_verdict"}, id="nearest"),
    ],
)
def test_other_tables_are_given_on_demand(acled, option, columns):
    done = run(acled, option, "--permutations", "0")

    assert done.exit_code == 0, done.output
    assert columns <= set(done.stdout.splitlines()[0].split(","))


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--emerging"], "need 10 complete periods, and there are 2", id="E10 short"),
        pytest.param(["--permutations", "5"], "ask for 39 at least", id="E10 few draws"),
        pytest.param(["--seed", "-1"], "seed", id="negative seed"),
        pytest.param(["--value", "q_value"], "q_value", id="no such value"),
    ],
)
def test_what_cannot_be_tested_is_refused_and_nothing_is_written(acled, args, said, tmp_path):
    done = run(acled, *args, "-o", tmp_path / "out.csv")

    assert done.exit_code == 1
    assert said in done.stderr
    assert not (tmp_path / "out.csv").exists()


# --- the sentence -----------------------------------------------------------------------------


def tables(bins, outliers=(False,), moran=0.25):
    table = pd.DataFrame({"period": "2024", "gi_bin": pd.array(bins, dtype="Int64")})
    older = pd.DataFrame({"period": "2023", "gi_bin": pd.array([3], dtype="Int64")})
    whole = {"moran": [moran], "p_greater": [0.03], "permutations": [9_999], "events": [1234]}
    return {
        "hotspots": pd.concat([older, table], ignore_index=True),
        "outliers": pd.DataFrame({"period": "2024", "is_outlier": list(outliers)}),
        "nearest": pd.DataFrame({"period": ["2023", "2024"]}),
        "clustering": pd.DataFrame({"period": ["2024"], **whole}),
    }


def test_sentence_speaks_of_the_latest_period_with_n_method_and_sensitivity():
    said = hotspot_sentence(tables([3, 2, 1, 0, -1, pd.NA], outliers=[True, False]), HOW)

    assert said == (
        "2024, 5 areas tested, 1,234 events: 3 hot at 90 % (2 at 95 %, 1 at 99 %), "
        "1 cold at 90 % (0 at 95 %, 0 at 99 %) (Gi* of eb_rate; p from 99,999 conditional "
        "permutations, seed 20240909, among areas of like population; q after "
        "Benjamini-Hochberg); outliers 1 (local Moran, q up to 0.05); EB Moran's I 0.250, "
        "one-sided p 0.03 (9,999 permutations); verdicts that change with the 8 "
        "nearest areas as neighbors: 1"
    )


def test_sentence_of_a_map_without_events_says_that_nothing_is_defined():
    said = hotspot_sentence(tables([pd.NA], moran=float("nan")), HOW)

    assert "0 areas tested" in said
    assert "none hot, none cold" in said
    assert "EB Moran's I not defined" in said


def test_emerging_sentence_counts_the_labels_most_frequent_first():
    emerging = pd.DataFrame(
        {
            "pattern": ["new hotspot", "no pattern", "sporadic coldspot", "new hotspot", None],
            "periods": 2,
        }
    )
    measures = pd.DataFrame({"period": ["2024-01", "2024-02"], "complete": [True, False]})

    said = emerging_sentence(emerging, measures, HOW)

    assert said.startswith(
        "2024-01 to 2024-01 (1 period), 5 areas: new hotspot 2, sporadic coldspot 1; 1 without a"
    )
    assert re.search(r"over all areas and periods together; trend by Mann-Kendall\)$", said)
