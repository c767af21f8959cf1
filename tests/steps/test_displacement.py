from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import AreaError, ExposureError, ExposureWarning, PeriodError
from geo.steps.displacement import compare_ring
from tests.steps.series import measures

PAIRS = [("25", "10"), ("25", "08"), ("10", "32"), ("08", "05"), ("32", "01"), ("05", "19")]
NEAR = pd.DataFrame(
    [*PAIRS, *((b, a) for a, b in PAIRS)], columns=["focal", "neighbor"], dtype="str"
)
# Over 12 months each: the neighbors double, theirs stay, the two beyond grow by a half.
STATES = {
    "25": [10] * 12 + [5] * 12,
    "10": [10] * 12 + [20] * 12,
    "08": [5] * 12 + [10] * 12,
    "32": [8] * 24,
    "05": [4] * 24,
    "01": [6] * 12 + [9] * 12,
    "19": [2] * 12 + [3] * 12,
}


def ring(table, code="25", **arguments):
    given = {"base": "2022", "comparison": "2023", "neighbors": NEAR}
    found = compare_ring(table, code, **{**given, **arguments})
    schema.RING.check(found)
    return found.set_index("zone")


def test_zones_are_the_area_its_neighbors_theirs_and_the_rest():
    found = ring(measures(STATES))

    assert found.index.tolist() == ["focus", "ring 1", "ring 2", "beyond"]
    assert found["areas"].tolist() == [1, 2, 2, 2]
    assert found["base_events"].tolist() == [120, 180, 144, 96]
    assert found["comparison_events"].tolist() == [60, 360, 144, 144]
    assert found["ratio"].tolist() == pytest.approx([0.5, 2, 1, 1.5])
    # 180 events among 2 areas of 1.2 million people for a year.
    assert found.loc["ring 1", "base_rate"] == pytest.approx(7.5)


def test_ring_is_held_against_the_change_of_the_areas_beyond():
    found = ring(measures(STATES))

    assert found["relative_ratio"].tolist()[:3] == pytest.approx([1 / 3, 4 / 3, 2 / 3])
    # 180 would be 270 had they grown by a half.
    assert found["expected"].tolist()[:3] == pytest.approx([180, 270, 216])
    assert found["more"].tolist()[:3] == pytest.approx([-120, 90, -72])
    assert found.loc["beyond", ["relative_ratio", "expected", "more"]].isna().all()
    one = found.loc["ring 1"]
    assert one["relative_low"] < 4 / 3 < one["relative_high"]
    # Events beyond expectation and the ratio are one statement: 360 (1 - 1 / limit).
    assert one["more_low"] == pytest.approx(360 * (1 - 1 / one["relative_low"]))
    assert one["more_high"] == pytest.approx(360 * (1 - 1 / one["relative_high"]))


def test_intervals_are_exact_and_from_the_months():
    wild = {**STATES, "10": [0, 20] * 6 + [5, 35] * 6}
    found = ring(measures(wild)).loc["ring 1"]

    # 180 and 360 events; 2 times exp(-1.96 sqrt(1 / 180 + 1 / 360)) is 1.67.
    assert found["ratio_low"] == pytest.approx(1.67, abs=0.01)
    assert found["ratio_high"] == pytest.approx(2.41, abs=0.02)
    # Months of 5 and 25, 15 and 45: (12 * 100 / 15 + 12 * 225 / 30) / 22.
    assert found["dispersion"] == pytest.approx((80 + 90) / 22)
    assert found["quasi_low"] < found["ratio_low"]
    assert found["quasi_high"] > found["ratio_high"]


def test_short_windows_have_the_exact_interval_alone():
    found = ring(measures(STATES), base="2022-10-01/2022-12-31", comparison="2023-Q1")

    assert found["quasi_low"].isna().all()
    assert found["ratio_low"].notna().all()
    assert found["months_base"].tolist() == [3] * 4


def test_with_one_ring_the_next_areas_are_beyond():
    found = ring(measures(STATES), orders=1)

    assert found.index.tolist() == ["focus", "ring 1", "beyond"]
    assert found["areas"].tolist() == [1, 2, 4]


def test_works_for_municipalities():
    codes = {
        "25": "25006",
        "10": "25001",
        "08": "25002",
        "32": "25003",
        "05": "25004",
        "01": "25005",
        "19": "25007",
    }
    near = NEAR.replace(codes)
    found = ring(measures({codes[k]: v for k, v in STATES.items()}), "25006", neighbors=near)

    assert found["more"].tolist()[:3] == pytest.approx([-120, 90, -72])


def test_area_without_neighbors_has_rings_without_areas():
    found = ring(measures(STATES), neighbors=NEAR.iloc[:0])

    assert found["areas"].tolist() == [1, 0, 0, 6]
    assert found.loc["ring 1", ["ratio", "ratio_low", "relative_ratio", "more"]].isna().all()
    assert found.loc["ring 1", "base_events"] == 0


def test_e6_ring_without_events_before_has_no_finite_ratio():
    found = ring(measures({**STATES, "10": [0] * 12 + [2] * 12, "08": [0] * 24})).loc["ring 1"]

    assert found["ratio"] == np.inf
    assert found["ratio_low"] > 0
    assert found["expected"] == 0
    assert (found["more"], np.isnan(found["relative_low"])) == (24, True)


def test_area_without_population_is_left_out_and_named():
    table = measures(STATES)
    table.loc[(table["cvegeo"] == "08") & (table["period"] == "2022-03"), "exposure"] = np.nan

    with pytest.warns(ExposureWarning, match="1 of 7 areas.*08"):
        found = ring(table)

    assert found["areas"].tolist() == [1, 1, 2, 2]


def test_order_of_rows_does_not_matter():
    table = measures(STATES)

    pd.testing.assert_frame_equal(ring(table), ring(table.sample(frac=1, random_state=1)))


def test_focus_without_population_is_refused():
    table = measures(STATES)
    table.loc[table["cvegeo"] == "25", "exposure"] = np.nan

    with pytest.raises(ExposureError, match="25 is not known"):
        ring(table)


@pytest.mark.parametrize(
    ("keep", "arguments", "error", "said"),
    [
        pytest.param(["25", "10", "08"], {}, AreaError, "lies beyond", id="nothing beyond"),
        pytest.param(list(STATES), {"code": "99"}, AreaError, "no area '99'", id="unknown"),
        pytest.param(list(STATES), {"base": "2023"}, PeriodError, "overlap", id="overlap"),
    ],
)
def test_what_cannot_be_compared_is_refused(keep, arguments, error, said):
    with pytest.raises(error, match=said):
        ring(measures({code: STATES[code] for code in keep}), **arguments)
