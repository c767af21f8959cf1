from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import AreaError, ExposureError, ExposureWarning, PeriodError, SettingsError
from geo.steps.synthetic import synthetic_area
from tests.steps.series import measures

NEAR = pd.DataFrame({"focal": ["25", "10"], "neighbor": ["10", "25"]}, dtype="str")
A, B, C, D = ([4, 16] * 12, [12, 8] * 12, [30, 2] * 12, [7, 9, 40] * 8)
# Half of 14 and half of 02 before; twice that after.
MIXED = [
    (a + b) // 2 * (1 if month < 12 else 2) for month, (a, b) in enumerate(zip(A, B, strict=True))
]
STATES = {"25": MIXED, "10": D, "14": A, "02": B, "31": C}


def mix(table, code="25", **arguments):
    given = {"base": "2022", "comparison": "2023", "neighbors": NEAR}
    found = synthetic_area(table, code, **{**given, **arguments})
    schema.SYNTHETIC.check(found.table)
    schema.SYNTHETIC_WEIGHTS.check(found.weights)
    schema.SYNTHETIC_SERIES.check(found.series)
    return found


def test_area_that_is_a_mixture_is_taken_apart_and_held_against_it_after():
    found = mix(measures(STATES))

    row = found.table.set_index("donors").loc["all others"]
    weights = found.weights[found.weights["donors"] == "all others"].set_index("donor")["weight"]
    assert weights.to_dict() == pytest.approx({"02": 0.5, "14": 0.5, "10": 0, "31": 0}, abs=1e-9)
    assert (row["donor_areas"], row["mixed_areas"]) == (4, 2)
    # 8 and 12 events in turn among 100,000 person-years a month, twice that after.
    assert (row["base_rate"], row["synthetic_base_rate"]) == pytest.approx((10, 10))
    assert (row["comparison_rate"], row["synthetic_comparison_rate"]) == pytest.approx((20, 10))
    assert (row["ratio"], row["pre_ratio"], row["pre_error"]) == pytest.approx((2, 1, 0))
    # The gap is 8 and 12 in turn: the root of (64 + 144) / 2.
    assert row["post_error"] == pytest.approx(np.sqrt(104))
    assert row["fits"]
    assert (row["base_events"], row["comparison_events"]) == (120, 240)
    assert (row["rank"], row["placebos"], row["p_value"]) == (1, 4, pytest.approx(1 / 5))


def test_series_shows_rate_mixture_and_gap_of_every_month():
    series = mix(measures(STATES)).series
    rows = series[series["donors"] == "all others"].reset_index(drop=True)

    assert rows["period"].tolist()[::12] == ["2022-01", "2023-01"]
    assert rows["phase"].tolist() == ["before"] * 12 + ["after"] * 12
    assert rows.loc[[0, 1, 12, 13], "rate"].tolist() == pytest.approx([8, 12, 16, 24])
    assert rows.loc[[0, 1, 12, 13], "synthetic_rate"].tolist() == pytest.approx([8, 12, 8, 12])
    assert rows.loc[[0, 12, 13], "gap"].tolist() == pytest.approx([0, 8, 12], abs=1e-9)


def test_months_in_neither_window_are_shown_and_play_no_part():
    table = measures(
        {code: [50, 1, *events] for code, events in STATES.items()}, first="2021-11-01"
    )

    found = mix(table)

    rows = found.series[found.series["donors"] == "all others"]
    assert rows["phase"].tolist() == ["neither"] * 2 + ["before"] * 12 + ["after"] * 12
    assert found.table.loc[0, "pre_error"] == pytest.approx(0)


def test_neighbors_are_left_out_in_the_second_set_and_chosen_donors_stand_alone():
    found = mix(measures(STATES))
    chosen = mix(measures(STATES), donors=["31", "14", "02"])

    assert found.table["donors"].tolist() == ["all others", "without neighbors"]
    assert found.table["donor_areas"].tolist() == [4, 3]
    assert "10" not in set(
        found.weights.loc[found.weights["donors"] == "without neighbors", "donor"]
    )
    assert chosen.table["donors"].tolist() == ["chosen"]
    assert chosen.table.loc[0, "ratio"] == pytest.approx(2)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([200] * 24, id="above every other area"),
        pytest.param([1, 1, 1, 1, 1, 60] * 4, id="waves of its own"),
    ],
)
def test_mixture_that_does_not_resemble_the_area_is_said_not_to_fit(events):
    row = mix(measures({**STATES, "25": events})).table.iloc[0]

    assert not row["fits"]
    assert row["pre_error_share"] > 0.5 or row["pre_ratio"] > 1.25


def test_mixture_at_the_right_level_that_misses_the_months_does_not_fit():
    table = measures({**STATES, "25": [20, 0] * 12})

    row = mix(table, donors=["10", "14", "02"]).table.iloc[0]

    assert row["pre_ratio"] == pytest.approx(1, abs=0.2)
    assert row["pre_error_share"] > 0.5
    assert not row["fits"]


def test_donor_that_jumps_by_itself_ranks_before_the_area():
    jump = {**STATES, "31": [9, 10, 11] * 4 + [900] * 12, "25": [9, 9, 10, 12] * 3 + [12] * 12}

    row = mix(measures(jump)).table.iloc[0]

    assert row["rank"] > 1
    assert row["p_value"] == pytest.approx(row["rank"] / 5)


def test_area_without_events_has_no_share_and_does_not_fit():
    row = mix(measures({**STATES, "25": [0] * 24})).table.iloc[0]

    assert np.isnan(row["pre_error_share"])
    assert (row["pre_ratio"], row["ratio"]) == (0, 0)
    assert not row["fits"]


def test_order_of_rows_does_not_matter():
    table = measures(STATES)

    for one, other in zip(mix(table), mix(table.sample(frac=1, random_state=1)), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_donor_without_population_is_left_out_and_named():
    table = measures(STATES)
    table.loc[table["cvegeo"] == "31", "exposure"] = np.nan

    with pytest.warns(ExposureWarning, match=r"1 of 4 donors \(chosen\).*31"):
        found = mix(table, donors=["14", "02", "31", "10"])

    assert "31" not in set(found.weights["donor"])


def test_focus_without_population_is_refused():
    table = measures(STATES)
    table.loc[table["cvegeo"] == "25", "exposure"] = np.nan

    with pytest.raises(ExposureError, match="25 is not known"):
        mix(table)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        pytest.param({"base": "2022-02-01/2022-12-31"}, PeriodError, "11 complete", id="short"),
        pytest.param({"donors": ["14", "02"]}, AreaError, "needs 3", id="two donors"),
        pytest.param({"donors": ["25", "14", "02"]}, SettingsError, "its own measure", id="itself"),
        pytest.param({"comparison": "2024"}, PeriodError, "no complete month", id="no month after"),
        pytest.param({"code": "99"}, AreaError, "no area '99'", id="unknown focus"),
    ],
)  # fmt: skip
def test_what_cannot_be_mixed_is_refused_with_its_cure(arguments, error, said):
    with pytest.raises(error, match=said):
        mix(measures(STATES), **arguments)
