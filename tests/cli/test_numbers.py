"""Numbers with decimals, as English and as Spanish readers write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.cli.numbers import read_number

CLI = Path(main.callback.__code__.co_filename).parent


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.5", 2.5),
        ("2,5", 2.5),
        (" 2,5 ", 2.5),
        ("-0,75", -0.75),
        (",5", 0.5),
        ("12,50", 12.5),
        ("0,125", 0.125),
        ("1,2345", 1.2345),
        ("1234,500", 1234.5),
        ("1500", 1500.0),
        ("1e-3", 0.001),
    ],
)
def test_a_comma_before_decimals_is_a_point(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,500", "'1,500' may be 1.500 or 1500; write it as 1.5 or as 1500"),
        ("-12,000", "'-12,000' may be -12.000 or -12000; write it as -12 or as -12000"),
        ("999,999", "write it as 999.999 or as 999999"),
        ("1,500,000", "is no number; write it as 2.5 or 2,5, without thousands marked"),
        ("1.500,5", "is no number"),
        ("1,500.5", "is no number"),
        ("2,", "is no number"),
        ("many", "'many' is no number"),
        ("", "'' is no number"),
        ("2,5e3", "is no number"),
    ],
)
def test_what_may_be_two_numbers_or_none_is_refused_with_the_cure(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read_number(text)


def test_a_claim_with_a_comma_is_the_one_with_a_point(tmp_path):
    asked = ("change", "sample", "--base", "2023", "--comparison", "2024", "--focus", "Sinaloa")
    tables = []
    for claim in ("2.5", "2,5"):
        done = run(*asked, "--claim", claim, "-o", tmp_path / f"{claim}.csv")
        assert done.exit_code == 0, done.output
        assert "claim of 2.5 times" in " ".join(done.stderr.split())
        tables.append((tmp_path / f"{claim}.csv").read_bytes())

    assert tables[0] == tables[1]


def test_a_claim_that_may_be_thousands_is_refused_before_the_work():
    done = run("study", "missing.csv", "--claim", "1,500")

    assert done.exit_code == 1
    assert "Invalid value for '--claim': '1,500' may be 1.500 or 1500" in done.stderr


def test_every_option_with_decimals_takes_a_comma():
    left = [path.name for path in CLI.glob("*.py") if "type=float" in path.read_text("utf-8")]

    assert left == []
