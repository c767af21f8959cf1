from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import (
    AreaError,
    ExposureError,
    ExposureWarning,
    PeriodError,
    PeriodWarning,
    SettingsError,
)
from geo.steps.elsewhere import compare_elsewhere
from tests.steps.series import measures

NEAR = pd.DataFrame({"focal": ["25", "10"], "neighbor": ["10", "25"]}, dtype="str")
# Over 12 months each: 25 goes from 10 to 40 a month, 10 doubles, the others stay.
STATES = {
    "25": [10] * 12 + [40] * 12,
    "10": [10] * 12 + [20] * 12,
    "14": [20] * 12 + [20] * 12,
    "02": [5, 15] * 6 + [10] * 12,
}


def compare(table, code="25", **arguments):
    given = {"base": "2022", "comparison": "2023", "neighbors": NEAR}
    found = compare_elsewhere(table, code, **{**given, **arguments})
    schema.ELSEWHERE.check(found.table)
    schema.PLACEBOS.check(found.placebos)
    return found.table.set_index("donors"), found.placebos


def test_growth_is_divided_by_that_of_the_others_with_and_without_the_neighbors():
    table, _ = compare(measures(STATES))

    everyone, far = table.loc["all others"], table.loc["without neighbors"]
    assert everyone[["base_events", "comparison_events"]].tolist() == [120, 480]
    # 120 + 240 + 120 before, 240 + 240 + 120 after.
    assert everyone[["donor_base_events", "donor_comparison_events"]].tolist() == [480, 600]
    assert everyone["focus_ratio"] == pytest.approx(4)
    assert everyone["donor_ratio"] == pytest.approx(1.25)
    assert everyone["ratio"] == pytest.approx(3.2)
    assert everyone["two_way_ratio"] == pytest.approx(3.2)
    assert everyone["expected"] == pytest.approx(150)
    assert (far["donor_areas"], far["expected"]) == (2, pytest.approx(120))
    assert far["ratio"] == pytest.approx(4)
    assert far["ratio_low"] < 4 < far["ratio_high"]


def test_placebos_are_those_of_every_other_area_and_of_every_earlier_date():
    table, placebos = compare(measures(STATES))

    everyone = table.loc["all others"]
    shown = placebos[placebos["donors"] == "all others"].set_index("placebo")["ratio"]
    # 10 against 14 and 02: 2 / 1; 14 against 10 and 02: 1 / (360 / 240); 02: 1 / (480 / 360).
    assert shown[["10", "14", "02"]].tolist() == pytest.approx([2, 2 / 3, 3 / 4])
    assert (everyone["rank_in_space"], everyone["placebos_in_space"]) == (1, 3)
    assert everyone["p_in_space"] == pytest.approx(1 / 4)
    # Six months on either side leave one date, in July; nothing changes there.
    assert shown["2022-07"] == pytest.approx(1)
    assert (everyone["rank_in_time"], everyone["p_in_time"]) == (1, pytest.approx(1 / 2))


def test_area_that_changed_less_than_another_ranks_behind_it():
    table, _ = compare(measures(STATES), "10", neighbors=NEAR)

    row = table.loc["all others"]
    assert row["ratio"] == pytest.approx(2 / (840 / 480))
    assert row["rank_in_space"] == 4


def test_chosen_donors_stand_alone():
    table, _ = compare(measures(STATES), donors=["14", "02", "14"])

    assert table.index.tolist() == ["chosen"]
    assert table.loc["chosen", "donor_areas"] == 2


def test_only_whole_complete_months_count_and_the_rest_is_said():
    table = measures(STATES, incomplete=1)

    with pytest.warns(PeriodWarning, match="41 of 344 days of the window 2023-01-10/2023-12-19"):
        found, _ = compare(table, comparison="2023-01-10/2023-12-19")

    row = found.loc["all others"]
    assert (row["months_base"], row["months_comparison"]) == (12, 10)
    assert row["comparison_events"] == 400
    assert row["ratio"] == pytest.approx(3.2)


def test_e6_without_an_event_before_there_is_no_finite_ratio_and_no_interval():
    table, _ = compare(measures({**STATES, "25": [0] * 12 + [3] * 12}))

    row = table.loc["all others"]
    assert (row["ratio"], row["base_events"], row["expected"]) == (np.inf, 0, 0)
    assert np.isnan(row[["two_way_ratio", "ratio_low", "p_value"]].astype(float)).all()


def test_short_base_has_no_placebo_dates():
    table, placebos = compare(measures(STATES), base="2022-07-01/2022-12-31")

    assert pd.isna(table.loc["all others", "rank_in_time"])
    assert set(placebos["kind"]) == {"space"}


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        pytest.param({"code": "99"}, AreaError, "no area '99'", id="unknown focus"),
        pytest.param({"donors": ["14", "99"]}, AreaError, "no area '99'", id="unknown donor"),
        pytest.param({"donors": ["14"]}, AreaError, "needs 2", id="one donor"),
        pytest.param({"donors": ["25", "14"]}, SettingsError, "in focus and a donor", id="itself"),
        pytest.param({"base": "2023"}, PeriodError, "overlap", id="overlap"),
        pytest.param({"base": "2023", "comparison": "2022"}, PeriodError, "before", id="order"),
        pytest.param({"comparison": "2024"}, PeriodError, "no complete month", id="no month"),
    ],
)
def test_comparison_that_cannot_be_made_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        compare(measures(STATES), **arguments)


def test_e1_area_without_population_is_not_compared():
    table = measures(STATES)
    table.loc[table["cvegeo"] == "14", "exposure"] = np.nan

    with pytest.warns(ExposureWarning, match=r"1 of 3 donors .* left out: 14"):
        found, _ = compare(table, neighbors=NEAR.iloc[:0])

    assert found.loc["all others", "donor_areas"] == 2
    with pytest.raises(ExposureError, match="population of 14 is not known"):
        compare(table, "14")


def test_e10_too_many_donors_are_refused_before_work_starts():
    codes = [f"25{number:03}" for number in range(1, 203)]

    with pytest.raises(SettingsError, match=r"201 donors .* the limit is 200"):
        compare(measures({code: [1] * 24 for code in codes}), "25001")


def test_order_of_rows_changes_nothing_and_inputs_stay():
    table = measures(STATES)
    before = table.copy(deep=True)

    pd.testing.assert_frame_equal(compare(table.iloc[::-1])[0], compare(table)[0])
    pd.testing.assert_frame_equal(table, before)
