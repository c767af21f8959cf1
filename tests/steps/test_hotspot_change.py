from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.errors import SettingsError
from geo.steps.hotspot_change import compare_hotspots


def hotspots(bins):
    """Return hotspots of 2023 and 2024 from pairs of bins by code."""
    rows = [
        (code, period, each)
        for code, pair in bins.items()
        for period, each in zip(("2023", "2024"), pair, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["cvegeo", "period", "gi_bin"])
    for name in ("value", "gi_star", "p_analytic", "p_value", "q_value"):
        table[name] = 0.5
    return table.astype(schema.HOTSPOTS.dtypes)[list(schema.HOTSPOTS.dtypes)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (0, 2, "new hotspot"),
        (1, 3, "new hotspot"),
        (2, 3, "hotspot in both"),
        (3, 1, "no longer a hotspot"),
        (0, -2, "new coldspot"),
        (-3, -2, "coldspot in both"),
        (-2, 0, "no longer a coldspot"),
        (-2, 2, "new hotspot"),
        (2, -2, "new coldspot"),
        (1, -1, "neither"),
        (pd.NA, 3, "not tested"),
        (3, pd.NA, "not tested"),
    ],
)
def test_what_became_of_an_area_follows_both_bins(before, after, expected):
    table = compare_hotspots(hotspots({"25006": (before, after)}), base="2023", comparison="2024")

    schema.HOTSPOT_CHANGE.check(table)
    assert table["difference"].tolist() == [expected]


def test_order_of_rows_plays_no_part():
    rows = hotspots({"25006": (0, 3), "25001": (3, 0), "10001": (0, 0)})

    table = compare_hotspots(rows, base="2023", comparison="2024")

    assert table["cvegeo"].tolist() == ["10001", "25001", "25006"]
    turned = compare_hotspots(rows[::-1], base="2023", comparison="2024")
    pd.testing.assert_frame_equal(table, turned)


def test_window_that_is_not_there_is_refused():
    with pytest.raises(SettingsError, match=r"no period '2022'; they have 2023, 2024"):
        compare_hotspots(hotspots({"25006": (0, 0)}), base="2022", comparison="2024")


def test_lower_bin_can_be_asked_for():
    table = compare_hotspots(
        hotspots({"25006": (0, 1)}), base="2023", comparison="2024", least_bin=1
    )

    assert table["difference"].tolist() == ["new hotspot"]
