"""``geo rates``: intervals, smoothing, denominators and deaths, as the help shows them."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from geo.cli import main

STATES = ("rates", "sample", "--level", "state")


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def rows_in(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_rates_per_km2_say_so_and_that_small_areas_lead(tmp_path):
    done = run(*STATES, "--denominator", "km2", "-o", tmp_path / "density.csv")

    assert done.exit_code == 0, done.output
    assert (
        "Warning: of the 3 areas with the most events per km2, 2 are among the tenth with the "
        "fewest km2 (09, 17): small areas, as towns are, lead a ranking by density"
    ) in done.stderr
    assert done.stderr.splitlines()[-1].endswith("; rates are events per km2 and year")
    rows = rows_in(tmp_path / "density.csv")
    row = next(row for row in rows if (row["cvegeo"], row["period"]) == ("25", "2024"))
    assert row["unit"] == "events per km2 and year"
    assert float(row["crude_rate"]) == pytest.approx(600 / 57_370, rel=1e-4)
    assert row["reliable"] == "True"


def test_rates_per_a_figure_of_the_user(tmp_path):
    table = tmp_path / "homes.csv"
    lines = [f"{number:02d},{number * 1_000},{number}" for number in range(1, 33)]
    table.write_text("cvegeo,homes,other\n" + "\n".join(lines) + "\n", encoding="utf-8")

    done = run(
        *STATES, "--denominator", table, "--denominator-column", "homes", "--per", "100",
        "-o", tmp_path / "rates.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    rows = rows_in(tmp_path / "rates.csv")
    row = next(row for row in rows if (row["cvegeo"], row["period"]) == ("25", "2024"))
    assert float(row["crude_rate"]) == pytest.approx(100 * 600 / 25_000)
    assert row["unit"] == "events per 100 homes and year"


def test_output_never_replaces_the_table_of_the_denominator(tmp_path):
    table = tmp_path / "homes.csv"
    table.write_text("cvegeo,homes\n25,1000\n", encoding="utf-8")

    done = run(*STATES, "--denominator", table, "-o", table, "--overwrite")

    assert done.exit_code != 0
    assert table.read_text(encoding="utf-8") == "cvegeo,homes\n25,1000\n"


def test_deaths_have_intervals_from_events_drawn_anew(tmp_path):
    done = run(*STATES, "--fatalities", "--draws", "499", "-o", tmp_path / "deaths.csv")

    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-1] == (
        "Made-up data. 32 areas x 3 periods: 7,150 deaths in 4,249 of 12,031 events; 8 events do "
        "not state a number and add none. 95 % intervals from events drawn 499 times (seed "
        "20240909); 0 rows without a stated death have no upper limit"
    )
    rows = rows_in(tmp_path / "deaths.csv")
    assert len(rows) == 96
    for row in rows:
        assert float(row["rate_low"]) <= float(row["fatality_rate"]) <= float(row["rate_high"])


def test_other_intervals_and_smoothed_rates_are_columns_of_the_table(tmp_path):
    done = run(
        *STATES, "--interval", "mid-p", "--smoothing", "local", "--smoothing", "gamma",
        "-o", tmp_path / "rates.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    row = next(r for r in rows_in(tmp_path / "rates.csv") if r["cvegeo"] == "25")
    assert float(row["gamma_low"]) < float(row["gamma_rate"]) < float(row["gamma_high"])
    assert float(row["local_eb_rate"]) > 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["--denominator", "none.csv"], "none.csv does not exist", id="no file"),
        pytest.param(["--denominator-column", "homes"], "--denominator FILE", id="no table"),
        pytest.param(["--fatalities", "--interval", "mid-p"], "leave out", id="deaths, mid-P"),
        pytest.param(["--fatalities", "--smoothing", "gamma"], "leave out", id="deaths, smooth"),
        pytest.param(["--interval", "wald"], "'byar'", id="interval"),
        pytest.param(["--per", "0"], "per is 0", id="per nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_without_output(args, said):
    done = run(*STATES, *args)

    assert done.exit_code != 0
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.output


def test_figures_of_another_level_are_refused(tmp_path):
    table = tmp_path / "homes.csv"
    table.write_text("cvegeo,homes\n25006,1000\n", encoding="utf-8")

    done = run(*STATES, "--denominator", table)

    assert done.exit_code != 0
    assert "codes of a municipality, and rates are asked for by state" in done.stderr
