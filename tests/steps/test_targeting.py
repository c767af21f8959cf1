from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import DataWarning, PrecisionWarning
from geo.steps.explain import explain_change
from geo.steps.targeting import compare_targeting, measure_targeting
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT


def events(*rows):
    """Return events (code, day, targeted, number of them)."""
    return toy.located(
        {"code": code, "event_date": day, "civilian_targeting": targeted}
        for code, day, targeted, times in rows
        for _ in range(times)
    )


def two_years(before, after):
    """Return monthly events (targeted, not) of 2023 and of 2024."""
    return events(
        *[
            (LEFT, f"{year}-{month:02}-05", is_targeted, number)
            for year, months in ((2023, before), (2024, after))
            for month, numbers in enumerate(months, 1)
            for is_targeted, number in zip((True, False), numbers, strict=True)
        ]
    )


def measure(located, **arguments):
    given = {"level": "municipality", "areas": toy.areas(), "data_through": "2024-12-31"}
    table = measure_targeting(located, **{**given, **arguments})
    schema.TARGETING.check(table)
    return table.set_index(["cvegeo", "period"])


def compare(located, **arguments):
    given = {"base": 2023, "comparison": 2024, "level": "municipality", "areas": toy.areas(),
             "data_through": "2024-12-31"}  # fmt: skip
    table = compare_targeting(located, **{**given, **arguments})
    schema.TARGETING_CHANGE.check(table)
    return table.set_index("cvegeo")


EVEN = two_years([(2, 8)] * 12, [(5, 5)] * 12)


def test_share_has_its_exact_interval_and_one_by_how_months_differ():
    row = measure(EVEN).loc[(LEFT, "2023")]

    assert row[["events", "targeted", "not_targeted", "not_stated"]].tolist() == [120, 24, 96, 0]
    assert row["share"] == 0.2
    # Clopper and Pearson for 24 of 120.
    assert (row["share_low"], row["share_high"]) == pytest.approx((0.13255, 0.28281), abs=1e-5)
    # All months alike: no dispersion, and twelve months cost (t of 119 / t of 11 df)² of the n.
    assert row["dispersion"] == 0
    # 120 * (1.98010 / 2.20099) ** 2 = 97.12, and Clopper and Pearson for 19.424 of these:
    assert (row["spread_low"], row["spread_high"]) == pytest.approx((0.1257, 0.2934), abs=1e-4)


def test_waves_make_the_interval_wider():
    waves = measure(two_years([(10, 0), (0, 10)] * 6, [(5, 5)] * 12)).loc[LEFT]

    # Every month is 5 off its mean of 5 with variance 2.5: 12 * 10 / 11.
    assert waves.loc["2023", "dispersion"] == pytest.approx(120 / 11)
    width = waves["spread_high"] - waves["spread_low"]
    assert width["2023"] > 2.5 * width["2024"]


def test_what_is_not_stated_is_counted_apart_and_in_no_share():
    located = events((LEFT, "2024-01-01", True, 1), (LEFT, "2024-01-02", None, 3),
                     (RIGHT, "2024-01-02", None, 2))  # fmt: skip

    with pytest.warns(DataWarning, match="5 of 6 events do not state"):
        table = measure(located)

    assert table.loc[(LEFT, "2024"), "share"] == 1
    assert table.loc[(LEFT, "2024"), ["events", "not_stated"]].tolist() == [4, 3]
    assert np.isnan(table.loc[(RIGHT, "2024"), ["share", "share_low"]].astype(float)).all()
    assert table.loc[(MIDDLE, "2024"), "events"] == 0


def test_shorter_periods_have_the_exact_interval_only():
    quarters = measure(EVEN, period="quarter")

    assert len(quarters) == 3 * 8
    assert quarters["spread_low"].isna().all()
    assert quarters.loc[(LEFT, "2023-Q1"), "share"] == 0.2


def test_events_known_to_the_year_count_but_have_no_month():
    loose = toy.located(
        [{"code": LEFT, "event_date": "2023-01-01", "civilian_targeting": True,
          "time_precision": "year"}]
    )  # fmt: skip
    located = pd.concat([EVEN, loose.assign(event_id="X")], ignore_index=True)

    with pytest.warns(PrecisionWarning, match="1 event is known to the year only"):
        row = measure(located).loc[(LEFT, "2023")]

    assert row["targeted"] == 25
    assert row["dispersion"] == 0


def test_incomplete_year_is_marked():
    table = measure(EVEN[EVEN["event_date"] < "2024-07-01"], data_through="2024-06-30")

    assert (
        table.loc[(LEFT, "2024"), "complete"] is np.False_
        or not table.loc[(LEFT, "2024"), "complete"]
    )
    assert table.loc[(LEFT, "2024"), "targeted"] == 30


def test_change_of_the_share_and_its_test_are_those_by_hand():
    row = compare(EVEN).loc[LEFT]

    assert row[["base_share", "comparison_share"]].tolist() == [0.2, 0.5]
    assert row["share_difference"] == pytest.approx(0.3)
    # From 0.13255-0.28281 and 0.40741-0.59259 (Clopper and Pearson for 60 of 120).
    assert row["difference_low"] == pytest.approx(0.3 - np.hypot(0.09259, 0.08281), abs=1e-4)
    assert row["difference_high"] == pytest.approx(0.3 + np.hypot(0.09259, 0.06745), abs=1e-4)
    # Targeting grew from 24 to 60, the rest fell from 96 to 60.
    assert row["ratio_of_ratios"] == pytest.approx(4)
    assert row["ror_quasi_low"] > 1
    assert row["q_value"] == row["ror_quasi_p"]  # the other areas have no event


def test_disproportion_is_that_of_explaining_the_change_of_one_area():
    located = two_years([(2, 8), (4, 1)] * 6, [(6, 5), (5, 9)] * 6)
    people = toy.population({LEFT: 1e5}, (2023, 2024))

    row = compare(located).loc[LEFT]
    explained = explain_change(
        located, base=2023, comparison=2024, by="civilian_targeting", focus=LEFT,
        population=people, data_through="2024-12-31", draws=99,
    ).set_index("category").loc["targeted"]  # fmt: skip

    for name in ("ratio_of_ratios", "ror_low", "ror_high", "fisher_p", "ror_quasi_p"):
        assert row[name] == pytest.approx(explained[name]), name


def test_area_without_events_or_with_one_kind_only_is_not_tested():
    located = events((LEFT, "2023-01-01", True, 3), (LEFT, "2024-01-01", True, 3),
                     (MIDDLE, "2023-01-01", False, 3), (MIDDLE, "2024-01-01", False, 3),
                     (RIGHT, "2023-01-01", True, 3), (RIGHT, "2024-01-01", False, 3))  # fmt: skip

    table = compare(located)
    alone = compare(located[located["cvegeo"] == RIGHT])

    assert table.loc[[LEFT, MIDDLE], ["fisher_p", "q_value", "ror_low"]].isna().all(axis=None)
    assert table.loc[[LEFT, MIDDLE], "share_difference"].tolist() == [0, 0]
    assert alone.loc[[LEFT, MIDDLE], ["share_difference", "q_value"]].isna().all(axis=None)
    assert table.loc[RIGHT, "fisher_p"] == pytest.approx(0.1)  # 1 of 20, doubled
    assert table.loc[RIGHT, "q_value"] == pytest.approx(0.1)
    assert table.loc[RIGHT, "share_difference"] == -1


def test_order_of_the_events_changes_nothing_and_nothing_gives_zeros():
    pd.testing.assert_frame_equal(measure(EVEN), measure(EVEN.iloc[::-1]))
    pd.testing.assert_frame_equal(compare(EVEN), compare(EVEN.iloc[::-1]))
    nothing = compare(schema.ASSIGNED.empty())
    assert nothing["comparison_targeted"].sum() == 0
    assert measure_targeting(schema.ASSIGNED.empty()).dtypes.astype(str).to_dict() == (
        schema.TARGETING.dtypes
    )
