"""What the sentences of a change claim, and what they do not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo.steps.explain import explain_change
from geo.study.change_words import ratio_sentence, split_sentence, targeting_sentence
from tests import toy
from tests.toy import LEFT

ROW = {
    "base_events": 10, "comparison_events": 25, "base_rate": 1.0, "comparison_rate": 2.5,
    "rate_ratio": 2.5, "ratio_low": 1.16, "ratio_high": 5.83, "quasi_low": 0.9,
    "quasi_high": 6.94, "dispersion": 1.9,
}  # fmt: skip


def sentence(**changed):
    row = pd.Series({**ROW, **changed}, dtype=object)
    return ratio_sentence(row, "Sinaloa", base="2023", comparison="2024")


def test_e6_without_an_event_in_the_base_no_ratio_is_said():
    said = sentence(base_events=0, rate_ratio=np.inf, ratio_low=0.92, ratio_high=np.inf)

    assert "no event in the base, so no ratio; at least 0.92 times" in said
    assert "%" not in said.split("(95 %)")[0]
    assert "inf" not in said


def test_e1_without_a_ratio_it_is_said_why():
    said = sentence(rate_ratio=np.nan)

    assert said.endswith("no ratio: no event in either window, or no population")


def test_short_windows_say_that_their_interval_takes_events_as_independent():
    said = sentence(quasi_low=np.nan, quasi_high=np.nan, dispersion=np.nan)

    assert "1.16-5.83 (exact, for independent events; too few months or events" in said


@pytest.mark.parametrize(
    ("exact", "quasi", "where"),
    [
        (True, True, "inside both"),
        (False, True, "inside the first and outside the second"),
        (True, False, "outside the first and inside the second"),
        (False, False, "outside both"),
        (True, pd.NA, "inside it"),
        (False, pd.NA, "outside it"),
    ],
)
def test_claim_is_placed_in_each_interval_in_the_order_they_are_said(exact, quasi, where):
    claimed = {"claim": 2.0, "claim_inside": exact, "claim_inside_quasi": quasi}

    said = sentence(**claimed, claim_p=0.01, claim_quasi_p=0.0004)

    assert f"the claim of 2 times lies {where} (p against it" in said
    assert ("below 0.001 and 0.01" in said) is (quasi is not pd.NA)


def test_claim_of_an_area_without_an_interval_is_left_open():
    said = sentence(
        rate_ratio=np.inf, claim=2.0, claim_inside=pd.NA, claim_inside_quasi=pd.NA,
        claim_p=np.nan, claim_quasi_p=np.nan,
    )  # fmt: skip

    assert "nothing can be said of the claim of 2 times" in said


def split(*rows):
    located = toy.located(
        [
            {"code": LEFT, "event_date": day, "civilian_targeting": targeted}
            for targeted, day, number in rows
            for _ in range(number)
        ]
    )
    return explain_change(
        located, base="2023", comparison="2024", by="civilian_targeting", focus="25",
        population=toy.population({"25": 100_000}, [2023, 2024]), data_from="2023-01-01",
        data_through="2024-12-31", draws=99,
    )  # fmt: skip


MONTHS = [f"{month:02d}-15" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        pytest.param((2, 8), (12, 8), ": disproportionate", id="more than the rest"),
        pytest.param((5, 5), (6, 5), ": not shown to be disproportionate", id="about as the rest"),
        pytest.param((8, 2), (8, 12), ": it grew less than the rest", id="less than the rest"),
    ],
)
def test_targeting_is_disproportionate_only_if_the_interval_lies_above_one(before, after, verdict):
    rows = [
        (targeted, f"{year}-{day}", number)
        for year, numbers in ((2023, before), (2024, after))
        for day in MONTHS
        for targeted, number in zip((True, False), numbers, strict=True)
    ]

    said = targeting_sentence(split(*rows))

    assert said.endswith(verdict)


def test_growth_of_everything_alike_is_no_disproportion():
    rows = [(flag, f"{year}-{day}", n) for year, n in ((2023, 2), (2024, 9)) for day in MONTHS
            for flag in (True, False)]  # fmt: skip

    table = split(*rows)

    assert "grew" not in split_sentence(table, "civilian_targeting")
    assert targeting_sentence(table).endswith("not shown to be disproportionate")


def test_category_that_is_new_is_said_to_be_new():
    rows = [(False, f"2023-{day}", 5) for day in MONTHS]
    rows += [(flag, f"2024-{day}", 5) for day in MONTHS for flag in (True, False)]

    said = split_sentence(split(*rows), "civilian_targeting")

    assert "targeted, new with 60 events (at least" in said
    assert "inf" not in said
