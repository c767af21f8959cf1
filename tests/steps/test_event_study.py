from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import AreaError, ExposureError, ExposureWarning, PeriodError, SettingsError
from geo.steps.event_study import study_event
from tests.steps.series import measures

NEAR = pd.DataFrame({"focal": ["25", "10"], "neighbor": ["10", "25"]}, dtype="str")
# Eighteen months; in the last four the area in focus triples, while the others double in the last.
STATES = {
    "25": [10, 20] * 7 + [30, 30, 30, 60],
    "10": [12] * 17 + [24],
    "14": [5] * 17 + [10],
    "02": [8] * 17 + [16],
}
DATE = "2023-03-01"


def study(table, code="25", **arguments):
    given = {"event_date": DATE, "neighbors": NEAR, "months": 1}
    found = study_event(table, code, **{**given, **arguments})
    schema.EVENT_STUDY.check(found.table)
    schema.PRE_TRENDS.check(found.pre_trends)
    first = found.table[found.table["donors"] == found.table["donors"].iloc[0]]
    return first.set_index("period"), found.pre_trends.set_index("donors")


def test_each_month_is_held_against_the_others_and_the_last_one_before():
    table, trends = study(measures(STATES))

    assert table.index[[0, -1]].tolist() == ["2022-01", "2023-06"]
    # The reference, February 2023, has 20 events.
    assert table.loc["2023-02", ["phase", "ratio"]].tolist() == ["reference", 1]
    assert np.isnan(table.loc["2023-02", "ratio_low"])
    assert table.loc[["2023-01", "2022-12"], "ratio"].tolist() == pytest.approx([0.5, 1])
    assert table.loc["2023-03":"2023-06", "ratio"].tolist() == pytest.approx([1.5] * 4)
    assert table.loc[["2023-02", "2023-03", "2023-06"], "months_from_event"].tolist() == [-1, 0, 3]
    assert table["phase"].tolist() == ["before"] * 13 + ["reference"] + ["after"] * 4
    assert table.loc["2023-06", ["events", "donor_events"]].tolist() == [60, 50]
    row = trends.loc["all others"]
    assert row[["donor_areas", "months", "periods_before", "periods_after"]].tolist() == [
        3, 1, 14, 4,
    ]  # fmt: skip
    assert trends.index.tolist() == ["all others", "without neighbors"]


def test_limits_are_those_of_the_four_counts_with_the_scatter_of_the_donors():
    table, trends = study(measures(STATES))

    # The donors go alike, so the dispersion is taken to be 1: 1/30 + 1/20 + 1/25 + 1/25.
    assert trends.loc["all others", "dispersion"] == pytest.approx(0, abs=1e-9)
    reach = np.exp(1.959964 * np.sqrt(1 / 30 + 1 / 20 + 2 / 25))
    assert table.loc["2023-03", "ratio_low"] == pytest.approx(1.5 / reach)
    assert table.loc["2023-03", "ratio_high"] == pytest.approx(1.5 * reach)


def test_pre_trend_is_that_of_the_months_before_alone():
    # Double each month before, and nothing after.
    growing = {"25": [2**month for month in range(8)] + [0] * 10, "10": [9] * 18, "14": [5] * 18}
    _, trends = study(measures(growing), event_date="2022-09-01", donors=["10", "14"])

    assert trends.loc["chosen", "slope"] == pytest.approx(2)
    assert trends.loc["chosen", "joint_p"] < 0.01


def test_month_of_the_event_is_a_transition_unless_it_begins_on_its_first_day():
    table, _ = study(measures(STATES), event_date="2023-03-09")

    assert table.loc["2023-02":"2023-04", "phase"].tolist() == ["reference", "transition", "after"]
    assert table.loc["2023-03", "months_from_event"] == 0


def test_what_lies_between_two_dates_is_one_period_and_neither_before_nor_after():
    table, trends = study(
        measures(STATES), event_date="2023-03-09", transition_from="2023-01-25", donors=["10", "14"]
    )

    assert table.loc["2022-12", ["phase", "months_from_event"]].tolist() == ["reference", -3]
    between = table.loc["2023-01"]
    assert between[["phase", "months", "months_from_event"]].tolist() == ["transition", 3, -2]
    assert between["events"] == 10 + 20 + 30
    # 60 in three months against 20 in one, while the donors stay.
    assert between["ratio"] == pytest.approx(1)
    assert trends.loc["chosen", ["periods_before", "periods_after"]].tolist() == [12, 3]


def test_sparse_months_are_taken_together_and_those_left_over_are_left_out():
    sparse = {"25": [0, 1, 2] * 7 + [3] * 5, "10": [12] * 26, "14": [5] * 26}

    table, trends = study(
        measures(sparse), event_date="2023-09-01", months=None, donors=["10", "14"]
    )

    # 20 months before, of which the first two are left over; 6 after.
    assert table.index.tolist() == [
        "2022-03", "2022-06", "2022-09", "2022-12", "2023-03", "2023-06", "2023-09", "2023-12",
    ]  # fmt: skip
    assert table["months"].tolist() == [3] * 8
    assert table["months_from_event"].tolist() == [-18, -15, -12, -9, -6, -3, 0, 3]
    assert table["events"].tolist() == [3, 3, 3, 3, 3, 3, 8, 9]
    assert trends.loc["chosen", "months"] == 3


def test_many_events_are_looked_at_month_by_month():
    _, trends = study(measures(STATES), months=None)

    assert trends["months"].tolist() == [1, 1]


def test_reference_without_events_leaves_no_finite_ratio():
    table, trends = study(measures({**STATES, "25": [3] * 13 + [0] + [4] * 4}))

    assert np.isinf(table.loc["2023-03", "ratio"])
    assert np.isnan(table.loc["2023-03", "ratio_low"])
    assert trends.loc["all others", "slope"] < 1


def test_early_months_without_population_are_left_out_and_later_ones_refused():
    table = measures(STATES)
    early = table["period"].isin(["2022-01", "2022-02", "2022-03"])

    with pytest.warns(ExposureWarning, match="3 months before 2022-04 are left out"):
        found, _ = study(table.assign(exposure=table["exposure"].mask(early)))
    assert found.index[0] == "2022-04"
    with pytest.raises(ExposureError, match="25 is not known"):
        study(table.assign(exposure=table["exposure"].mask(table["period"] == "2022-09")))


def test_order_of_rows_does_not_matter():
    table = measures(STATES)
    shuffled = table.sample(frac=1, random_state=1)

    for one, other in zip(study(table), study(shuffled), strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        pytest.param({"event_date": "2022-06-01"}, PeriodError, "5 complete periods", id="early"),
        pytest.param({"event_date": "2023-07-01"}, PeriodError, "and 0 after", id="nothing after"),
        pytest.param({"months": 3}, PeriodError, "4 complete periods of 3 months", id="sparse"),
        pytest.param({"donors": ["10"]}, AreaError, "needs 2", id="one donor"),
        pytest.param({"donors": ["25", "10"]}, SettingsError, "its own measure", id="itself"),
        pytest.param({"code": "99"}, AreaError, "no area '99'", id="unknown"),
        pytest.param({"transition_from": "2023-04-01"}, PeriodError, "begins on", id="order"),
    ],
)
def test_what_cannot_be_studied_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        study(measures(STATES), **arguments)


def test_periods_that_are_no_months_are_refused():
    table = measures(STATES)
    quarters = table[table["period"].isin(["2022-01", "2022-04", "2022-07"])].copy()
    quarters["period"] = quarters["period"].map(
        {"2022-01": "2022-Q1", "2022-04": "2022-Q2", "2022-07": "2022-Q3"}
    )

    with pytest.raises(PeriodError, match="count by month"):
        study(quarters.astype({"period": "str"}), event_date="2022-07-01")
