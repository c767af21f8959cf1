from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

import geo
from geo import schema
from geo.errors import AreaError, PeriodError, SettingsError
from geo.steps.interrupted import find_pre_trend, interrupt_series
from geo.steps.trend import cut_series, find_breaks, find_trends
from tests.steps.series import measures

FLAT = [10, 12, 8, 11, 9, 10]


def breaks_of(table, **arguments):
    found = find_breaks(table, rng=np.random.default_rng(7), **arguments)
    schema.BREAKS.check(found)
    return found


@functools.cache
def sample():
    """Return the monthly measures of the states of the made-up sample."""
    reading = geo.make_sample()
    events = reading.groupby("event_id_cnty").first()
    months = events["event_date"].str[:7]
    sinaloa = events["admin1"] == "Sinaloa"
    labels = sorted(set(months))
    return measures(
        {
            "25": months[sinaloa].value_counts().reindex(labels, fill_value=0).tolist(),
            "10": months[events["admin1"] == "Durango"].value_counts().reindex(
                labels, fill_value=0
            ).tolist(),
        }
    )  # fmt: skip


def test_break_is_found_where_the_rate_jumps_and_its_numbers_are_those_of_the_segments():
    table = measures({"25": [*FLAT, *FLAT, 50, 54, 46, 55, 45, 50], "10": FLAT * 3})

    [row] = breaks_of(table).to_dict("records")

    assert (row["cvegeo"], row["number"], row["period"]) == ("25", 1, "2023-01")
    assert (row["period_low"], row["period_high"]) == ("2023-01", "2023-01")
    assert (row["periods_before"], row["periods_after"]) == (12, 6)
    assert (row["events_before"], row["events_after"]) == (120, 300)
    # 120 events in 12 months of 100,000 person-years: 10 per 100,000.
    assert row["rate_before"] == pytest.approx(10)
    assert row["rate_after"] == pytest.approx(50)
    assert row["rate_ratio"] == pytest.approx(5)


def test_planted_break_of_the_sample_is_found_in_september_2024_and_none_where_none_is():
    found = breaks_of(sample())

    assert found["cvegeo"].tolist() == ["25"]
    [row] = found.to_dict("records")
    assert row["period"] == "2024-09"
    assert "2024-08" <= row["period_low"] <= row["period_high"] <= "2024-10"
    assert row["rate_ratio"] == pytest.approx(5.5, abs=0.5)


def test_e5_incomplete_month_is_in_the_series_and_in_no_search():
    table = measures({"25": [*FLAT, *FLAT, 50, 54, 46, 55, 1]}, incomplete=1)

    found = breaks_of(table)
    series = cut_series(table, found, areas=["25"])

    schema.SERIES.check(series)
    assert found["periods_after"].tolist() == [4]
    assert series["segment"].tolist()[11:] == [1, 2, 2, 2, 2, pd.NA]
    assert series["segment_rate"].tolist()[11:13] == pytest.approx([10, 51.25])
    assert np.isnan(series["segment_rate"].iloc[-1])
    assert find_trends(table)["last"].tolist() == ["2023-04"]


def test_e1_without_population_the_rate_is_events_a_year():
    table = measures({"25": [*FLAT, *FLAT, 50, 54, 46, 55, 45, 50]}, people=np.nan)

    [row] = breaks_of(table).to_dict("records")

    assert (row["period"], row["rate_before"]) == ("2023-01", pytest.approx(120))
    assert find_trends(table)["slope"].notna().all()


def test_e8_series_of_zeros_and_of_equal_counts_have_no_break_and_no_trend():
    table = measures({"01": [0] * 12, "02": [5] * 12})

    assert breaks_of(table).empty
    trends = find_trends(table)
    schema.TREND.check(trends)
    assert trends["score"].tolist() == [0, 0]
    assert trends["p_value"].tolist() == [1, 1]
    assert trends["slope"].tolist() == [0, 0]


def test_trend_is_that_of_the_order_and_its_slope_is_per_year():
    table = measures({"25": [1, 2, 3, 4, 5, 6, 7, 8], "10": [5, 3, 6, 2, 7, 4, 5, 6]})

    row = find_trends(table).set_index("cvegeo").loc["25"]

    # All 28 pairs rise; one event a month more is one per 100,000 more a month, 12 a year.
    assert (row["score"], row["tau_b"], row["periods"], row["events"]) == (28, 1, 8, 36)
    assert row["slope"] == pytest.approx(12)
    # Two-sided, 2 of the 8! orders.
    assert row["p_exact"] == pytest.approx(2 / 40320)
    assert row["q_value"] == pytest.approx(2 * row["p_value"])


def test_series_of_unlike_length_have_the_trends_that_each_has_alone():
    counts = {"25": [1, 2, 3, 4, 5, 6, 7, 8], "10": [5, 3, 6, 2, 7], "08": [3, 1, 2, 2, 1, 3, 1, 0]}
    alone = {code: find_trends(measures({code: series})) for code, series in counts.items()}
    table = pd.concat(measures({code: series}) for code, series in counts.items())

    together = find_trends(table.reset_index(drop=True)).drop(columns="q_value")

    assert together["cvegeo"].tolist() == ["08", "10", "25"]
    assert together["score"].tolist() == [-11, 2, 28]
    for code, row in alone.items():
        here = together[together["cvegeo"] == code].reset_index(drop=True)
        pd.testing.assert_frame_equal(here, row.drop(columns="q_value"), check_exact=True)


def test_months_that_hold_a_date_belong_to_neither_side():
    table = measures({"25": [10] * 14 + [40] * 3 + [20] * 7}, first="2023-05-01")

    found = interrupt_series(table, "25", event_date="2024-09-09", transition_from="2024-07-25")

    schema.INTERRUPTED.check(found.terms)
    sides = dict(zip(found.series["period"], found.series["side"], strict=True))
    assert [sides[m] for m in ("2024-06", "2024-07", "2024-08", "2024-09", "2024-10")] == [
        "before", "between", "between", "between", "after",
    ]  # fmt: skip
    terms = found.terms.set_index("term")
    assert terms.index.tolist() == ["rate", "trend", "transition", "level", "slope", "pre-trend"]
    assert terms.loc["rate", "ratio"] == pytest.approx(10)
    assert terms.loc["transition", "ratio"] == pytest.approx(4)
    assert terms.loc["level", "ratio"] == pytest.approx(2)
    assert terms.loc["pre-trend", "ratio"] == pytest.approx(1)
    assert terms.loc["level", ["periods_before", "periods_between", "periods_after"]].tolist() == [
        14, 3, 7,
    ]  # fmt: skip
    assert found.series["without_break"].iloc[-1] == pytest.approx(10)


def test_date_on_the_first_of_a_month_leaves_no_transition():
    table = measures({"25": [10] * 12 + [20] * 6}, first="2023-01-01")

    found = interrupt_series(table, "25", event_date="2024-01-01")

    assert set(found.series["side"]) == {"before", "after"}
    assert "transition" not in set(found.terms["term"])


def test_too_short_an_after_is_refused_and_the_pre_trend_is_still_to_be_had():
    table = measures({"25": [10] * 12 + [20] * 5}, first="2023-01-01")

    with pytest.raises(SettingsError, match=r"12 months before the break and 5 after .* 12 and 6"):
        interrupt_series(table, "25", event_date="2024-01-01")
    alone = find_pre_trend(table, "25", event_date="2024-01-01")
    schema.INTERRUPTED.check(alone)
    assert alone["term"].tolist() == ["pre-trend"]


@pytest.mark.parametrize(
    ("ask", "error", "said"),
    [
        pytest.param(
            lambda t: breaks_of(t, areas=["99"]), AreaError, "no area '99'", id="unknown area"
        ),
        pytest.param(
            lambda t: breaks_of(t[t["period"] < "2022-06"]), SettingsError, "at least 6", id="short"
        ),
        pytest.param(
            lambda t: breaks_of(t[t["period"] != "2022-04"].assign(complete=True)),
            PeriodError,
            "gap after 2022-03",
            id="gap",
        ),
        pytest.param(
            lambda t: find_trends(t.assign(complete=False)), PeriodError, "complete", id="no period"
        ),
        pytest.param(
            lambda t: interrupt_series(
                t, "25", event_date="2022-03-01", transition_from="2022-05-01"
            ),
            PeriodError,
            "after the event",
            id="dates out of order",
        ),
    ],
)
def test_e10_what_cannot_be_done_is_refused_with_a_reason(ask, error, said):
    with pytest.raises(error, match=said):
        ask(measures({"25": FLAT * 2}))


def test_same_seed_same_dates_and_inputs_stay():
    table = measures({"25": [*FLAT, *FLAT, 15, 22, 18, 25, 14, 20]})
    before = table.copy(deep=True)

    pd.testing.assert_frame_equal(breaks_of(table), breaks_of(table))
    pd.testing.assert_frame_equal(table, before)
