from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import AreaError, PeriodError, SettingsError
from geo.steps.season import find_season
from tests.steps.series import measures

# January has four times another month, each year; the other area has no season.
YEAR = [40] + [10] * 11
STATES = {"25": YEAR * 3, "10": [10] * 36, "14": [0] * 36}


def season(table, **arguments):
    found = find_season(table, **arguments)
    schema.SEASON.check(found.table)
    schema.SEASONALITY.check(found.strength)
    return found.table.set_index(["cvegeo", "month"]), found.strength.set_index("cvegeo")


def test_month_that_is_high_every_year_is_found():
    table, strength = season(measures(STATES))

    mean = 4 ** (1 / 12)
    assert table.loc[("25", 1), "ratio"] == pytest.approx(4 / mean)
    assert table.loc[("25", 7), "ratio"] == pytest.approx(1 / mean)
    assert table.loc[("25", 1), ["months", "events"]].tolist() == [3, 120]
    assert table.loc[("25", 1), "ratio_low"] > 1
    row = strength.loc["25"]
    assert row[["first", "last", "months", "events"]].tolist() == ["2022-01", "2024-12", 36, 450]
    assert row["p_value"] < 1e-6
    assert (row["high_month"], row["high_to_low"]) == (1, pytest.approx(4))
    assert row["explained"] == pytest.approx(1)


def test_area_whose_months_are_alike_has_no_season():
    table, strength = season(measures(STATES))

    assert table.loc["10", "ratio"].tolist() == pytest.approx([1] * 12)
    assert strength.loc["10", ["p_years", "p_linear", "p_ranks", "p_value"]].tolist() == (
        pytest.approx([1, 1, 1, 1])
    )


def test_rise_late_in_one_year_is_no_season():
    table, strength = season(measures({"25": [20] * 32 + [110] * 4}))

    assert table.loc[("25", 12), "ratio"] > 1.5
    assert strength.loc["25", "p_value"] > 0.05


def test_area_without_events_has_rows_and_no_ratio():
    table, strength = season(measures(STATES))

    assert table.loc["14", "events"].sum() == 0
    assert table.loc["14", ["ratio", "ratio_low"]].isna().all(axis=None)
    assert strength.loc["14", ["p_value", "high_to_low"]].isna().all()
    assert pd.isna(strength.loc["14", "high_month"])


def test_only_the_areas_asked_for_are_looked_at_and_order_does_not_matter():
    table = measures(STATES)
    found = season(table, areas=["25"])
    shuffled = season(table.sample(frac=1, random_state=1), areas=["25"])

    assert found[1].index.tolist() == ["25"]
    for one, other in zip(found, shuffled, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_incomplete_months_do_not_count():
    _, strength = season(measures({"25": [*YEAR * 3, 500]}, incomplete=1))

    assert strength.loc["25", ["last", "months"]].tolist() == ["2024-12", 36]


def test_years_without_population_count_by_their_length():
    table = measures(STATES)
    table["exposure"] = np.nan
    found, _ = season(table, areas=["25"])

    assert found.loc[("25", 1), "ratio"] == pytest.approx(4 / 4 ** (1 / 12))


def test_e1_less_than_three_years_are_refused_and_nothing_gives_nothing():
    with pytest.raises(SettingsError, match=r"35 complete months.*3 years"):
        season(measures({"25": [3] * 36}, incomplete=1))

    table, strength = find_season(schema.MEASURES.empty())
    assert (len(table), len(strength)) == (0, 0)


def test_other_areas_and_other_periods_are_refused():
    table = measures(STATES)
    with pytest.raises(AreaError, match="no area '99'"):
        season(table, areas=["99"])
    quarters = table[table["period"] == "2022-01"].assign(period="2022-Q1")
    with pytest.raises(PeriodError, match="no months"):
        season(quarters.astype({"period": "str"}))
