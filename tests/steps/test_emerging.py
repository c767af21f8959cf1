from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import PeriodWarning, SettingsError
from geo.steps.emerging import find_emerging
from tests.board import BLOCK, CODES, board, measures_of

MIDDLE = CODES[9]
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]


def cube(hot_months, months=MONTHS, years=1 / 12, **columns):
    """Return 64 areas by months of noise, with the block high in some months."""
    rng = np.random.default_rng(7)
    return pd.concat(
        [
            measures_of(
                {
                    code: rng.uniform(9, 11) + 90 * (month in hot_months and code in BLOCK)
                    for code in CODES
                },
                period=month,
                years=years,
                **columns,
            )
            for month in months
        ],
        ignore_index=True,
    )


def pattern(hot_months):
    found = find_emerging(cube(hot_months), board()).set_index("cvegeo")
    schema.EMERGING.check(found.reset_index())
    return found


@pytest.mark.parametrize(
    ("hot_months", "label"),
    [
        pytest.param(MONTHS[-1:], "new hotspot", id="last only"),
        pytest.param(MONTHS[-4:], "consecutive hotspot", id="the last four"),
        pytest.param([*MONTHS[2:5], *MONTHS[-2:]], "sporadic hotspot", id="on and off"),
        pytest.param(MONTHS[:-1], "historical hotspot", id="all but the last"),
        pytest.param(MONTHS[:6], "no pattern", id="long ago"),
    ],
)
def test_block_gets_the_label_of_its_months_and_far_areas_none(hot_months, label):
    found = pattern(hot_months)

    assert found.loc[MIDDLE, "pattern"] == label
    assert found.loc[MIDDLE, "hot_periods"] == len(hot_months)
    assert found.loc[MIDDLE, "periods"] == 24
    assert found.loc[CODES[-1], "pattern"] == "no pattern"


def test_hot_means_the_same_in_every_period():
    # Each month alone would have its hotspot; against all months only the high ones have.
    measured = cube(MONTHS[-3:])
    low = measured["period"].isin(MONTHS[:-3]) & measured["cvegeo"].isin(BLOCK)
    measured.loc[low, "eb_rate"] = 10.9

    found = find_emerging(measured, board()).set_index("cvegeo")

    assert found.loc[MIDDLE, ["pattern", "hot_periods"]].tolist() == ["consecutive hotspot", 3]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        pytest.param({"months": MONTHS[:9]}, "need 10 complete periods, and there are 9", id="9"),
        pytest.param({"complete": False}, "there are 0", id="incomplete"),
        pytest.param({"category": "Battles"}, "one category at a time", id="category"),
        pytest.param(
            {"months": [*MONTHS[:5], *MONTHS[6:]]}, "after 2023-05 a period is missing", id="gap"
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::geo.errors.PeriodWarning")
def test_e10_cubes_without_a_trend_to_speak_of_are_refused(given, message):
    with pytest.raises(SettingsError, match=message):
        find_emerging(cube([], **given), board())


def test_under_two_years_a_season_may_look_like_a_trend():
    with pytest.warns(PeriodWarning, match=r"12 periods cover 1\.0 years"):
        find_emerging(cube([], months=MONTHS[:12]), board(), permutations=999)


def test_e1_area_without_a_rate_in_the_last_period_has_no_pattern():
    measured = cube(MONTHS[-4:])
    gone = (measured["cvegeo"] == MIDDLE) & (measured["period"] == MONTHS[-1])
    measured.loc[gone, "eb_rate"] = np.nan

    found = find_emerging(measured, board()).set_index("cvegeo")

    assert pd.isna(found.loc[MIDDLE, "pattern"])
    assert found.loc[MIDDLE, "periods"] == 23


def test_order_of_rows_changes_nothing():
    measured = cube(MONTHS[-4:])

    found = find_emerging(measured, board(), permutations=9_999)

    turned = find_emerging(measured.iloc[::-1], board(), permutations=9_999)
    pd.testing.assert_frame_equal(found, turned, check_exact=True)
