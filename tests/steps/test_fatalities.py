"""Deaths and their rates: events drawn anew, never a Poisson interval."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import DataWarning, ExposureWarning, PrecisionWarning, SchemaError, SettingsError
from geo.stats.rates import exact_interval
from geo.steps.count import count_events
from geo.steps.denominator import area_exposure
from geo.steps.fatalities import measure_fatalities
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 81}


def event(code, deaths, low=None, high=None, day="2024-03-01", **more):
    return {
        "code": code,
        "event_date": day,
        "fatalities": deaths,
        "fatalities_low": low,
        "fatalities_high": high,
        **more,
    }


def deaths_of(rows, *, seed=1, people=PEOPLE, periods=("2024",), **how):
    given_days = {"first": "2024", "last": "2024", "data_through": "2024-12-31"}
    table = measure_fatalities(
        toy.located(rows),
        toy.exposure(people, periods),
        rng=np.random.default_rng(seed),
        areas=toy.areas(),
        **{**given_days, **how},
    )
    schema.FATALITY_RATES.check(table)
    return table


def best_of(table):
    return table[table["estimate"] == "best"].set_index("cvegeo")


def test_as_many_deaths_in_one_event_are_far_less_sure_than_in_a_hundred():
    best = best_of(deaths_of([event(LEFT, 1)] * 100 + [event(MIDDLE, 100)]))

    left, middle = best.loc[LEFT], best.loc[MIDDLE]
    # A Poisson number of mean 100 lies in 81 to 120, one of mean 1 in 0 to 3, in 95 of 100 cases.
    assert left["limit_low"] == pytest.approx(81, abs=3)
    assert left["limit_high"] == pytest.approx(120, abs=3)
    assert (middle["limit_low"], middle["limit_high"]) == (0, 300)
    assert middle["fatality_rate"] == 200
    assert (middle["rate_low"], middle["rate_high"]) == (0, 600)
    # Garwood would claim 81 to 122 of the one event.
    assert exact_interval(100, 50_000)[0] > 160
    assert best["deadly_events"].to_dict() == {MIDDLE: 1, RIGHT: 0, LEFT: 100}
    assert best["reliable"].to_dict() == {MIDDLE: False, RIGHT: False, LEFT: True}


def test_each_estimate_has_its_interval_and_the_wide_one_takes_the_ends():
    rows = [event(LEFT, 2, low=1, high=4)] * 50
    table = deaths_of(rows)

    left = table[table["cvegeo"] == LEFT].set_index("estimate")
    assert left.index.tolist() == ["low", "best", "high"]
    assert left["fatalities"].tolist() == [50, 100, 200]
    # All estimates of an event are drawn together.
    lowest = left.loc["low", "limit_low"]
    assert left["limit_low"].tolist() == [lowest, 2 * lowest, 4 * lowest]
    assert left["wide_low"].tolist() == [left.loc["low", "rate_low"]] * 3
    assert left["wide_high"].tolist() == [left.loc["high", "rate_high"]] * 3
    assert left.loc["best", "wide_low"] < left.loc["best", "rate_low"]
    assert left.loc["best", "wide_high"] > left.loc["best", "rate_high"]


def test_estimates_that_the_source_never_states_have_no_rows():
    table = deaths_of([event(LEFT, 3)])

    assert table["estimate"].unique().tolist() == ["best"]
    assert table[["wide_low", "wide_high"]].isna().all(axis=None)


def test_deaths_that_are_not_stated_are_counted_and_add_none():
    rows = [event(LEFT, 5), event(LEFT, None), event(MIDDLE, None), event(MIDDLE, None)]

    best = best_of(deaths_of(rows))

    assert best["fatalities_unknown"].to_dict() == {LEFT: 1, MIDDLE: 2, RIGHT: 0}
    assert best.loc[LEFT, "fatalities"] == 5
    # Nothing at all is known of the middle: not zero.
    names = ["fatalities", "limit_low", "limit_high", "fatality_rate", "rate_low", "rate_high"]
    assert best.loc[MIDDLE, names].isna().all()
    assert best.loc[MIDDLE, "events"] == 2


@pytest.mark.parametrize("rows", [[], [event(RIGHT, 0)]], ids=["no event", "nobody died"])
def test_without_a_death_the_sum_is_zero_and_has_no_upper_limit(rows):
    right = best_of(deaths_of(rows)).loc[RIGHT]

    assert right[["fatalities", "limit_low", "fatality_rate", "rate_low"]].tolist() == [0] * 4
    assert right[["limit_high", "rate_high"]].isna().all()
    assert not right["reliable"]


@pytest.mark.parametrize("people", [0.0, np.nan], ids=["E2 nobody", "E1 not known"])
def test_without_people_there_is_no_rate_and_the_deaths_stay(people):
    if np.isnan(people):
        with pytest.warns(ExposureWarning, match=LEFT):
            table = deaths_of([event(LEFT, 1)] * 20, people={**PEOPLE, LEFT: people})
    else:
        table = deaths_of([event(LEFT, 1)] * 20, people={**PEOPLE, LEFT: people})

    left = best_of(table).loc[LEFT]
    assert left["fatalities"] == 20
    assert left["limit_low"] > 0
    assert left[["fatality_rate", "rate_low", "rate_high"]].isna().all()
    assert not left["reliable"]


def test_e14_rates_are_annual_whatever_the_period():
    table = deaths_of(
        [event(LEFT, 4)],
        period="quarter",
        first="2024-Q1",
        last="2024-Q1",
        data_through="2024-03-31",
        periods=["2024-Q1"],
    )

    # 4 deaths in 91 of 366 days among 100,000 people.
    assert best_of(table).loc[LEFT, "fatality_rate"] == pytest.approx(4 * 366 / 91)


def test_the_events_of_the_panel_are_those_whose_deaths_are_summed():
    rows = [
        event(LEFT, 1),
        event(LEFT, 10, day="2023-12-31"),
        event(LEFT, 100, time_precision="year"),
        event("25", 1_000),
        event(None, 10_000),
    ]

    with pytest.warns(PrecisionWarning, match="1 of 2 events is not counted"):
        table = deaths_of(
            rows,
            period="quarter",
            first="2024-Q1",
            last="2024-Q1",
            periods=["2024-Q1"],
        )

    assert best_of(table)["fatalities"].to_dict() == {LEFT: 1, MIDDLE: 0, RIGHT: 0}
    assert best_of(table)["events"].sum() == 1


def test_deaths_per_km2_are_said_to_be_that():
    rows = [event(LEFT, 1)] * 20
    panel = count_events(
        toy.located(rows), first="2024", last="2024", data_through="2024-12-31", areas=toy.areas()
    )
    exposure = area_exposure(panel, areas=toy.areas())

    table = measure_fatalities(
        toy.located(rows), exposure, rng=np.random.default_rng(1), areas=toy.areas(), per=1,
        first="2024", last="2024", data_through="2024-12-31",
    )  # fmt: skip

    assert table["unit"].unique().tolist() == ["deaths per km2 and year"]
    assert best_of(table).loc[LEFT, "fatality_rate"] == pytest.approx(20 / 12_300)


def test_same_seed_gives_the_same_limits_and_another_one_others():
    rows = [event(LEFT, number % 7) for number in range(60)]

    one, same, other = (deaths_of(rows, seed=seed) for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(one, same)
    assert best_of(one).loc[LEFT, "limit_low"] == pytest.approx(
        best_of(other).loc[LEFT, "limit_low"], rel=0.05
    )
    assert not one.equals(other)


def test_estimates_in_the_wrong_order_are_told():
    with pytest.warns(DataWarning, match="1 events have estimates of deaths in the wrong order"):
        deaths_of([event(LEFT, 2, low=3, high=4)])


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"estimates": ["worst"]}, "give some of low, best, high"),
        ({"estimates": "best"}, "give some of low, best, high"),
        ({"draws": 0}, "at least one"),
    ],
)
def test_what_cannot_be_meant_is_refused(how, message):
    with pytest.raises(SettingsError, match=message):
        deaths_of([event(LEFT, 2)], **how)


def test_deaths_below_zero_are_refused_and_their_event_named():
    with pytest.raises(SchemaError, match=r"'fatalities_low' must be 0 or more.*-1 of event T0"):
        deaths_of([event(LEFT, 2, low=-1)])


def test_some_estimates_can_be_asked_for():
    table = deaths_of([event(LEFT, 2, low=1, high=4)], estimates=["high", "best"])

    assert table["estimate"].tolist() == ["best", "high"] * 3
    assert table["wide_low"].isna().all()


def test_empty_in_empty_out():
    table = measure_fatalities(
        schema.ASSIGNED.empty(), schema.EXPOSURE.empty(), rng=np.random.default_rng(1)
    )

    schema.FATALITY_RATES.check(table)
    assert table.empty


deadly = st.lists(
    st.tuples(
        st.sampled_from([LEFT, MIDDLE, RIGHT]),
        st.one_of(st.none(), st.integers(0, 40)),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=20, deadline=None)
@given(deadly, st.randoms(use_true_random=False))
def test_limits_hold_the_sum_and_the_order_of_the_events_changes_nothing(rows, random):
    events = [event(code, number, low=number, high=number) for code, number in rows]

    table = deaths_of(events, draws=199)

    turned = random.sample(events, len(events))
    pd.testing.assert_frame_equal(deaths_of(turned, draws=199), table)
    best = best_of(table)
    stated = sum(number for _, number in rows if number is not None)
    assert best["fatalities"].sum() == stated
    some = best[best["fatalities"] > 0]
    assert (some["limit_low"] <= some["fatalities"]).all()
    assert (some["limit_high"] >= some["fatalities"]).all()
    assert best["fatalities_unknown"].sum() == sum(number is None for _, number in rows)
    assert not any(math.isinf(value) for value in table["rate_high"])
