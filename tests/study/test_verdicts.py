from __future__ import annotations

import dataclasses
import math

import pandas as pd
import pytest

from geo.periods import Window
from geo.study.verdicts import (
    BREAK,
    Verdict,
    break_verdict,
    change_verdict,
    claim_verdict,
    differs,
    largest_verdict,
    targeting_verdict,
)

NAN = math.nan
YEAR = Window.parse("2024")


def row(**columns):
    usual = {
        "base_events": 10, "comparison_events": 20, "rate_ratio": 2.0, "ratio_low": 1.1,
        "ratio_high": 4.0, "quasi_low": NAN, "quasi_high": NAN,
    }  # fmt: skip
    return pd.Series({**usual, **columns})


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        pytest.param({}, "higher", id="exact, where there is no other"),
        pytest.param(
            {"quasi_low": 0.8, "quasi_high": 5.0},
            "not told apart from no change",
            id="quasi-Poisson goes before exact",
        ),
        pytest.param({"ratio_low": 0.2, "ratio_high": 0.9}, "lower", id="lower"),
        pytest.param({"ratio_low": 2.0, "ratio_high": math.inf}, "higher", id="from zero"),
        pytest.param({"ratio_low": NAN, "ratio_high": NAN}, "not defined", id="no ratio"),
        pytest.param({"ratio_low": 1.0, "ratio_high": 3.0}, "not told apart from no change",
                     id="limit at 1"),
    ],
)  # fmt: skip
def test_change_is_told_by_the_interval_that_is_reported_first(columns, expected):
    assert change_verdict(row(**columns)).verdict == expected


@pytest.mark.parametrize(
    ("claim", "expected"), [(1.1, "inside"), (4.0, "inside"), (4.1, "outside"), (0.5, "outside")]
)
def test_claim_is_held_against_that_interval(claim, expected):
    assert claim_verdict(row(claim=claim)).verdict == expected


def explained(*rows):
    names = ["category", "base_events", "comparison_events", "contribution", "ratio_of_ratios",
             "ror_low", "ror_high"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names)
    return table.assign(
        contribution_low=NAN, contribution_high=NAN, ror_quasi_low=NAN, ror_quasi_high=NAN
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.2, 2.0, "disproportionate"),
        (0.9, 2.0, "not shown to be disproportionate"),
        (0.2, 0.8, "grew less than the rest"),
    ],
)
def test_targeting_is_disproportionate_only_where_the_interval_lies_above_one(low, high, expected):
    table = explained(
        ("targeted", 84, 280, 0.8, 1.6, low, high), ("not targeted", 156, 320, 0.7, 0.6, 0.4, 0.9)
    )

    verdict = targeting_verdict(table)

    assert (verdict.verdict, verdict.events) == (expected, 840)


def test_targeting_that_is_never_stated_is_not_defined():
    assert targeting_verdict(explained(("not stated", 1, 2, 1.0, NAN, NAN, NAN))).verdict == (
        "not defined"
    )


def test_largest_part_of_a_fall_is_the_one_that_falls_most():
    table = explained(
        ("Battles", 10, 2, -0.4, 1, 1, 1), ("Riots", 8, 9, 0.05, 1, 1, 1),
        ("Protests", 2, 1, -0.05, 1, 1, 1),
    )  # fmt: skip

    assert largest_verdict(table, "largest").verdict == "Battles"


def test_parts_without_a_base_have_no_largest():
    table = explained(("Battles", 0, 2, NAN, 1, 1, 1))

    assert largest_verdict(table, "largest").verdict == "not defined"


def test_break_of_the_verdict_is_the_largest_inside_the_comparison_window():
    breaks = pd.DataFrame(
        {"period": ["2023-03", "2024-02", "2024-09"], "rate_ratio": [9.0, 1.5, 0.2]}
    )
    series = pd.DataFrame({"events": [3, 4]})

    verdict = break_verdict(breaks, series, YEAR)

    assert (verdict.verdict, verdict.value, verdict.events) == ("2024-09", 0.2, 7)
    assert break_verdict(breaks.head(1), series, YEAR).verdict == "no break"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024-09", "2024-10", False),
        ("2024-12", "2025-01", False),
        ("2024-09", "2024-11", True),
        ("2024-09", "no break", True),
        ("no break", "no break", False),
    ],
)
def test_break_a_month_apart_is_no_other_verdict(one, other, expected):
    verdict = Verdict(question=BREAK, verdict=one, value=1.0, low=NAN, high=NAN, events=1)

    assert differs(verdict, dataclasses.replace(verdict, verdict=other)) is expected
