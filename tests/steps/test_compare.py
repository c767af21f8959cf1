from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import (
    AreaError,
    ExposureError,
    ExposureWarning,
    PeriodError,
    PeriodWarning,
    PrecisionWarning,
    SettingsError,
)
from geo.steps.compare import compare_windows
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 10_000}


def compare(located, base="2023", comparison="2024", **arguments):
    given = {
        "level": "municipality",
        "areas": toy.areas(),
        "population": toy.population(PEOPLE, [2023, 2024]),
        "data_through": "2024-12-31",
    }
    change = compare_windows(located, base=base, comparison=comparison, **{**given, **arguments})
    schema.CHANGE.check(change)
    return change.set_index("cvegeo")


def events(*counts):
    """Return that many events (code, day, number) spread over nothing but their day."""
    return toy.located([(code, day) for code, day, number in counts for _ in range(number)])


TWO_YEARS = events(
    (LEFT, "2023-01-01", 10),
    (LEFT, "2024-06-01", 25),
    (RIGHT, "2024-12-31", 5),
    ("25", "2024-01-01", 1),
)


def test_ratio_interval_and_p_are_those_of_the_two_counts():
    left = compare(TWO_YEARS).loc[LEFT]

    assert (left["base_events"], left["comparison_events"]) == (10, 25)
    assert left["rate_ratio"] == pytest.approx(2.5)
    assert left["ratio_low"] == pytest.approx(1.15961897)
    assert left["ratio_high"] == pytest.approx(5.83271320)
    assert left["p_value"] == pytest.approx(0.01667385)
    assert (left["base_rate"], left["comparison_rate"]) == (pytest.approx(10), pytest.approx(25))


def test_e6_without_an_event_in_the_base_there_is_a_lower_limit_and_no_percentage():
    change = compare(TWO_YEARS)

    right, middle = change.loc[RIGHT], change.loc[MIDDLE]
    assert (right["rate_ratio"], right["ratio_high"]) == (np.inf, np.inf)
    assert right["ratio_low"] == pytest.approx(0.91635586)
    assert middle[["rate_ratio", "ratio_low", "ratio_high", "p_value", "q_value"]].isna().all()


def test_e12_q_is_adjusted_over_the_areas_that_have_a_p():
    change = compare(TWO_YEARS)

    # Two tests: p of 0.0167 (doubled) and 0.0625.
    assert change.loc[LEFT, "q_value"] == pytest.approx(2 * 0.01667385)
    assert change.loc[RIGHT, "q_value"] == pytest.approx(0.0625)


def test_events_known_only_to_the_state_count_for_states():
    change = compare(
        TWO_YEARS,
        level="state",
        areas=toy.states(),
        population=toy.population({"25": 110_000, "10": 50_000}, [2023, 2024]),
    )

    assert change.loc["25", ["base_events", "comparison_events"]].tolist() == [10, 31]


def test_windows_of_unequal_length_are_compared_by_rate():
    located = events((LEFT, "2023-01-01", 12), (LEFT, "2024-10-01", 20))
    change = compare(located, comparison="2024-09-01/2024-12-31")

    # 20 events in 122 of 366 days against 12 in a year: five times.
    assert change.loc[LEFT, "rate_ratio"] == pytest.approx(5.0)
    assert change.loc[LEFT, "comparison_exposure"] == pytest.approx(100_000 / 3)


def test_e14_person_years_weight_each_calendar_year_by_its_days():
    table = pd.concat(
        [
            toy.population(dict.fromkeys(PEOPLE, 1_000), [2023]),
            toy.population(dict.fromkeys(PEOPLE, 2_000), [2024]),
        ],
        ignore_index=True,
    )
    located = events((LEFT, "2023-01-09", 1), (LEFT, "2023-12-30", 1))

    change = compare(located, base="2023-01", comparison="2023-12-22/2024-01-10", population=table)

    assert change.loc[LEFT, "comparison_exposure"] == pytest.approx(
        1_000 * 10 / 365 + 2_000 * 10 / 366
    )


def test_e5_window_that_reaches_past_the_data_is_cut_and_told():
    located = events((LEFT, "2023-01-01", 10), (LEFT, "2024-03-01", 5))

    with pytest.warns(
        PeriodWarning, match="window 2024 reaches past the data.*2024-01-01/2024-06-30"
    ):
        change = compare(located, data_through="2024-06-30")

    assert change.loc[LEFT, "comparison_exposure"] == pytest.approx(100_000 * 182 / 366)


@pytest.mark.parametrize(
    ("base", "comparison", "message"),
    [
        pytest.param("2024-01-01/2024-06-30", "2024", "overlap", id="overlap"),
        pytest.param("2021", "2024", "window 2021 ends before the first event", id="before"),
        pytest.param("2023", "2026", "window 2026 lies outside the data", id="after"),
        pytest.param("2023-13", "2024", "is not a period", id="no window"),
    ],
)
def test_windows_of_which_nothing_can_be_said_are_refused(base, comparison, message):
    with pytest.raises(PeriodError, match=message):
        compare(TWO_YEARS, base=base, comparison=comparison)


def test_events_later_than_the_data_reach_are_refused():
    with pytest.raises(PeriodError, match="5 events are later than data_through"):
        compare(TWO_YEARS, data_through="2024-12-30")


def test_data_that_begin_inside_the_base_are_told():
    days = pd.date_range("2023-09-01", "2024-12-31", freq="2D").strftime("%Y-%m-%d")

    with pytest.warns(
        PeriodWarning, match="first event is of 2023-09-01, well after the window 2023"
    ):
        compare(events(*((LEFT, day, 1) for day in days)))


def test_e6_a_base_in_which_nothing_happened_can_be_said_to_be_covered():
    located = events((LEFT, "2024-06-01", 25))

    change = compare(located, data_from="2023-01-01")

    assert change.loc[LEFT, ["base_events", "rate_ratio"]].tolist() == [0, np.inf]


def test_e5_base_is_cut_where_the_data_are_said_to_begin():
    located = events((LEFT, "2023-07-02", 10), (LEFT, "2024-06-01", 25))

    with pytest.warns(PeriodWarning, match="cut to 2023-07-02/2023-12-31"):
        change = compare(located, data_from="2023-07-02")

    assert change.loc[LEFT, "base_exposure"] == pytest.approx(100_000 * 183 / 365)
    with pytest.raises(PeriodError, match="window 2022 lies outside the data, which begin on"):
        compare(located, base="2022", data_from="2023-07-02")
    with pytest.raises(PeriodError, match="10 events are earlier than data_from"):
        compare(located, data_from="2023-07-03")


def test_event_that_may_lie_on_either_side_of_an_edge_is_left_out_and_told():
    rows = [
        {"code": LEFT, "event_date": "2023-01-01"},
        {"code": LEFT, "event_date": "2024-09-01", "time_precision": "month"},
        {"code": LEFT, "event_date": "2024-10-01", "time_precision": "month"},
    ]

    with pytest.warns(PrecisionWarning, match="1 event is not counted in the window 2024-09-09"):
        change = compare(toy.located(rows), comparison="2024-09-09/2024-12-31")

    assert change.loc[LEFT, "comparison_events"] == 1


def test_month_that_reaches_past_the_end_of_a_window_is_on_neither_side():
    row = {"code": LEFT, "event_date": "2024-09-01", "time_precision": "month"}
    located = toy.located([{"code": LEFT, "event_date": "2023-01-01"}, row])

    with pytest.warns(PrecisionWarning) as told:
        change = compare(located, base="2023-01-01/2024-09-08", comparison="2024-09-09/2024-12-31")

    assert len(told) == 2
    assert change.loc[LEFT, ["base_events", "comparison_events"]].tolist() == [1, 0]


def test_the_earlier_window_may_be_the_comparison():
    change = compare(TWO_YEARS, base="2024", comparison="2023")

    assert change.loc[LEFT, "rate_ratio"] == pytest.approx(0.4)


def test_e1_area_without_a_population_has_no_ratio_and_is_named():
    people = toy.population({LEFT: 100_000, MIDDLE: 50_000}, [2023, 2024])

    with pytest.warns(ExposureWarning, match=f"1 of 3 areas; it has no ratio: {RIGHT}"):
        change = compare(TWO_YEARS, population=people)

    assert np.isnan(change.loc[RIGHT, "rate_ratio"])
    assert change.loc[RIGHT, "comparison_events"] == 5
    assert change.loc[LEFT, "q_value"] == pytest.approx(change.loc[LEFT, "p_value"])


def test_e3_year_without_a_population_is_refused_unless_the_nearest_may_stand_in():
    people = toy.population(PEOPLE, [2023])

    with pytest.raises(ExposureError, match="needs the population of 2024; the table has 2023"):
        compare(TWO_YEARS, population=people)
    with pytest.warns(ExposureWarning, match="nearest year"):
        change = compare(TWO_YEARS, population=people, nearest_year=True)
    assert change.loc[LEFT, "rate_ratio"] == pytest.approx(2.5)


@pytest.mark.parametrize("people", [-1.0, np.inf])
def test_e2_impossible_population_is_refused(people):
    table = toy.population({**PEOPLE, LEFT: people}, [2023, 2024])

    with pytest.raises(ExposureError, match=f"in 2 rows, the first is {LEFT} in 2023"):
        compare(TWO_YEARS, population=table)


def test_event_in_an_area_that_is_not_compared_is_refused():
    with pytest.raises(AreaError, match="09015"):
        compare(events((LEFT, "2023-01-01", 1), ("09015", "2024-01-01", 1)))


def test_without_an_event_every_area_is_there_and_none_has_a_ratio():
    change = compare(schema.ASSIGNED.empty())

    assert change["rate_ratio"].isna().tolist() == [True] * 3
    assert change["comparison_events"].tolist() == [0] * 3


def test_order_of_rows_changes_nothing_and_inputs_stay():
    before = TWO_YEARS.copy(deep=True)

    shuffled = compare(TWO_YEARS.iloc[::-1], areas=toy.areas().iloc[::-1])

    pd.testing.assert_frame_equal(shuffled, compare(TWO_YEARS))
    pd.testing.assert_frame_equal(TWO_YEARS, before)


# --- what the ratio is worth ------------------------------------------------------------------


def in_months(code, year, counts):
    """Return so many events in the middle of each month of a year."""
    return [(code, f"{year}-{month:02d}-15", number) for month, number in enumerate(counts, 1)]


WAVES = in_months(LEFT, 2023, [0, 4] * 6), in_months(LEFT, 2024, [2, 10] * 6)


def test_e6_difference_of_rates_is_there_without_an_event_in_the_base():
    change = compare(TWO_YEARS)

    assert change.loc[LEFT, "rate_difference"] == pytest.approx(15)
    assert change.loc[RIGHT, "rate_difference"] == pytest.approx(50)
    assert change.loc[MIDDLE, "rate_difference"] == 0


def test_waves_within_the_year_make_the_quasi_interval_the_wider_one():
    left = compare(events(*WAVES[0], *WAVES[1])).loc[LEFT]

    # 24 and 72 events; squares (12 x 4 / 2 + 12 x 16 / 6) over 22 degrees of freedom, but for
    # the unequal lengths of the months.
    assert left["dispersion"] == pytest.approx(56 / 22, rel=0.06)
    reach = 2.073873 * math.sqrt(left["dispersion"] * (1 / 24 + 1 / 72))
    assert left["rate_ratio"] == pytest.approx(3)
    assert left["quasi_low"] == pytest.approx(3 / math.exp(reach))
    assert left["quasi_high"] == pytest.approx(3 * math.exp(reach))
    assert left["quasi_low"] < left["ratio_low"]
    assert left["quasi_q"] == pytest.approx(left["quasi_p"])


@pytest.mark.parametrize("day", ["01", "28"])
def test_first_and_last_days_of_a_month_belong_to_it(day):
    located = events(*((c, d[:8] + day, n) for c, d, n in [*WAVES[0], *WAVES[1]]))

    moved, middle = (compare(e).loc[LEFT] for e in (located, events(*WAVES[0], *WAVES[1])))

    assert moved["dispersion"] == middle["dispersion"]


@pytest.mark.parametrize(
    ("base", "comparison"),
    [("2023-02-01/2023-12-31", "2024"), ("2023", "2024-01-01/2024-12-30")],
    ids=["11 months before", "a day short after"],
)
def test_e10_with_fewer_than_12_months_a_side_there_is_only_the_exact_interval(base, comparison):
    left = compare(events(*WAVES[0], *WAVES[1]), base=base, comparison=comparison).loc[LEFT]

    assert left[["quasi_low", "quasi_high", "quasi_p", "quasi_q", "dispersion"]].isna().all()
    assert left["ratio_low"] > 0


def test_events_known_to_the_year_count_in_the_ratio_and_not_in_the_dispersion():
    rows = [
        {"code": LEFT, "event_date": day}
        for _, day, number in [*WAVES[0], *WAVES[1]]
        for _ in range(number)
    ]
    loose = [{"code": LEFT, "event_date": "2024-01-01", "time_precision": "year"}] * 24
    alone = compare(toy.located(rows)).loc[LEFT]

    with pytest.warns(PrecisionWarning, match="24 events are known to the year only"):
        left = compare(toy.located(rows + loose)).loc[LEFT]

    assert left["rate_ratio"] == pytest.approx(4)
    assert left["dispersion"] == pytest.approx(alone["dispersion"])
    reach = 2.073873 * math.sqrt(left["dispersion"] * (1 / 24 + 1 / 96))
    assert left["quasi_low"] == pytest.approx(4 / math.exp(reach))


@pytest.mark.parametrize(("claim", "inside", "p"), [(2.5, True, 1.0), (1.15, False, 0.047224)])
# 1.15: twice the binomial tail of 25 or more out of 35 at 1.15 / 2.15 (scipy).
def test_claim_is_inside_or_outside_the_interval_with_its_p(claim, inside, p):
    change = compare(TWO_YEARS, claim=claim)

    left = change.loc[LEFT]
    assert (left["claim"], left["claim_inside"]) == (claim, inside)
    assert left["claim_p"] == pytest.approx(p, abs=1e-6)
    assert bool(left["claim_p"] > 0.05) is inside
    # Nothing happened in the middle, so nothing can be said of the claim.
    assert change.loc[MIDDLE, ["claim_inside", "claim_inside_quasi", "claim_p"]].isna().all()


@pytest.mark.parametrize("claim", [0, -2, math.inf, math.nan])
def test_claim_that_is_no_ratio_is_refused(claim):
    with pytest.raises(SettingsError, match="a ratio lies above zero"):
        compare(TWO_YEARS, claim=claim)


def test_a_year_dilutes_what_began_in_september():
    """(2.5 - 244/366) / (122/366) = 5.5: the year says 2.5 times, the months since say 5.5."""
    located = events(
        (LEFT, "2023-03-01", 4), (LEFT, "2023-09-01", 2),
        (LEFT, "2024-08-31", 4), (LEFT, "2024-09-01", 11),
    )  # fmt: skip

    left = compare(located, event_date="2024-09-01").loc[LEFT]

    assert left["rate_ratio"] == pytest.approx(2.5)
    assert (left["aligned_events"], left["same_days_events"]) == (11, 2)
    assert left["aligned_ratio"] == pytest.approx(5.5)
    # 122 of 366 days against 122 of 365.
    assert left["same_days_ratio"] == pytest.approx(5.5 * 366 / 365)
    assert left["aligned_low"] < 5.5 < left["aligned_high"]


def test_same_days_are_missing_where_the_base_does_not_hold_them():
    change = compare(TWO_YEARS, base="2023-01-01/2023-06-30", event_date="2024-06-01")

    left = change.loc[LEFT]
    assert left[["same_days_events", "same_days_ratio", "same_days_low"]].isna().all()
    # 25 events in 214 of 366 days against 10 in 181 of 365.
    assert left["aligned_ratio"] == pytest.approx(25 / (214 / 366) / (10 / (181 / 365)))


def test_event_on_the_first_day_of_the_comparison_makes_the_same_ratio():
    left = compare(TWO_YEARS, event_date="2024-01-01").loc[LEFT]

    assert left["aligned_ratio"] == pytest.approx(2.5)
    assert left["same_days_ratio"] == pytest.approx(2.5)


@pytest.mark.parametrize("day", ["2023-12-31", "2025-01-01"])
def test_event_date_outside_the_comparison_is_refused(day):
    with pytest.raises(PeriodError, match="lies outside the comparison window 2024"):
        compare(TWO_YEARS, event_date=day)


def test_e7_one_event_in_a_tiny_municipality_tops_no_ranking():
    people = toy.population({LEFT: 100_000, MIDDLE: 50_000, RIGHT: 81}, [2023, 2024])
    located = events(
        (LEFT, "2023-01-01", 10), (LEFT, "2024-06-01", 25), (RIGHT, "2024-12-31", 30),
        (MIDDLE, "2023-02-02", 20), (MIDDLE, "2024-02-02", 20),
    )  # fmt: skip

    change = compare(located, population=people)

    assert change.loc[[LEFT, MIDDLE], "rank"].tolist() == [1, 2]
    assert change["rank"].isna().tolist() == [False, True, False]
    assert change["reliable"].to_dict() == {MIDDLE: True, LEFT: True, RIGHT: False}


def test_ranking_goes_by_the_lower_limit_and_not_by_the_ratio():
    located = events(
        (LEFT, "2023-01-01", 4), (LEFT, "2024-01-01", 16),
        (MIDDLE, "2023-01-01", 200), (MIDDLE, "2024-01-01", 600),
    )  # fmt: skip

    change = compare(located, base="2023-01", comparison="2024-01")

    assert change.loc[LEFT, "rate_ratio"] > change.loc[MIDDLE, "rate_ratio"]
    assert change.loc[[LEFT, MIDDLE], "rank"].tolist() == [2, 1]


def by_type(*rows):
    return toy.located(
        [
            {"code": code, "event_date": day, "event_type": kind}
            for code, day, kind, number in rows
            for _ in range(number)
        ]
    )


def test_every_area_has_a_row_for_every_category_over_the_same_people():
    located = by_type(
        (LEFT, "2023-01-01", "Battles", 10), (LEFT, "2024-01-01", "Battles", 25),
        (RIGHT, "2024-01-01", "Riots", 2), (RIGHT, "2024-01-01", None, 1),
    )  # fmt: skip

    change = compare(located, category="event_type").reset_index()

    assert len(change) == 3 * 3
    seen = change.set_index(["cvegeo", "category"])
    assert seen.loc[(LEFT, "Battles"), "rate_ratio"] == pytest.approx(2.5)
    assert seen.loc[(LEFT, "Riots"), ["base_events", "comparison_events"]].tolist() == [0, 0]
    assert seen.loc[(RIGHT, "not stated"), "comparison_events"] == 1
    assert seen.loc[LEFT, "base_exposure"].tolist() == [100_000] * 3


def test_category_without_a_single_event_gives_no_row_and_no_error():
    located = by_type((LEFT, "2022-06-01", "Battles", 3), (LEFT, "2022-12-31", "Riots", 2))

    change = compare(located, category="event_type", data_from="2022-01-01")

    assert len(change) == 0


def test_unknown_category_is_refused():
    with pytest.raises(SettingsError, match="there is no column 'kind'"):
        compare(TWO_YEARS, category="kind")


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([LEFT, MIDDLE, RIGHT]),
            st.sampled_from(["2023-01-31", "2023-12-31", "2024-01-01", "2024-02-29"]),
            st.sampled_from(["Battles", "Riots", None]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_categories_add_up_to_the_area_whatever_the_order_of_the_events(rows, random):
    located = by_type(*((code, day, kind, 1) for code, day, kind in rows))
    given_days = {"data_from": "2023-01-01", "event_date": "2024-02-29"}
    whole = compare(located, **given_days)

    split = compare(located, category="event_type", **given_days)
    turned = random.sample(range(len(located)), len(located))
    again = compare(located.iloc[turned], category="event_type", **given_days)

    pd.testing.assert_frame_equal(split, again)
    for column in ("base_events", "comparison_events", "aligned_events"):
        sums = split[column].groupby(level=0).sum().reindex(whole.index, fill_value=0)
        assert sums.tolist() == whole[column].tolist()
