"""``geo change``: the difference, other models, and months that follow one another."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from geo.cli import main

ASKED = ("change", "sample", "--base", "2023", "--comparison", "2024", "--focus", "Sinaloa")


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_change_says_the_difference_and_that_the_months_follow_one_another():
    done = run(*ASKED)

    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-2] == (
        "Made-up data. Sinaloa: difference +11.32 per 100,000 person-years, 95 % interval +2.17 to "
        "+21.05 (as dispersed as the months) and +9.51 to +13.15 (independent events); correlation "
        "of neighboring months 0.62: above 0.3, so the quasi-Poisson interval is too narrow; "
        "Newey-West allows for it (--method newey-west)"
    )


@pytest.mark.parametrize(
    ("method", "said", "own"),
    [
        ("newey-west", "Newey-West 95 % interval 1.09-5.63 (months up to 3 apart", ("lag", "3")),
        ("negative-binomial", "2.48 times, 95 % interval 1.50-4.11 (alpha 0.36)", ("alpha", "0.3")),
    ],
)
def test_another_method_is_said_and_written_beside(tmp_path, method, said, own):
    done = run(*ASKED, "--method", method, "-o", tmp_path / "change.csv")

    assert done.exit_code == 0, done.output
    assert said in done.stderr
    text = (tmp_path / "change.csv").read_text(encoding="utf-8-sig")
    rows = {row["cvegeo"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert rows["25"][own[0]].startswith(own[1])
    assert float(rows["25"]["quasi_low"]) == pytest.approx(1.196, abs=0.01)
    assert rows["25"]["correlated"] == "True"


def test_method_that_there_is_not_is_refused():
    done = run(*ASKED, "--method", "poisson")

    assert done.exit_code == 1
    assert "'quasi-poisson', 'negative-binomial', 'newey-west'" in done.stderr
