"""Other intervals and other smoothed rates, beside those that are always there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import ExposureWarning, MethodWarning, SettingsError
from geo.steps.emerging import find_emerging
from geo.steps.hotspots import find_hotspots
from geo.steps.measure import add_rates
from geo.steps.moran import find_outliers
from tests import toy
from tests.board import board, hot_block, measures_of
from tests.toy import LEFT, MIDDLE, RIGHT

EVEN = {LEFT: 100, MIDDLE: 100, RIGHT: 100}
PAIR = pd.DataFrame([(LEFT, MIDDLE), (MIDDLE, LEFT)], columns=["focal", "neighbor"], dtype="str")


def panel_of(counts, period="2024"):
    frame = pd.DataFrame({"cvegeo": list(counts), "events": list(counts.values())})
    frame = frame.assign(
        period=period, fatalities=0, fatalities_unknown=0, complete=True, years=1.0
    )
    return frame.astype(schema.PANEL.dtypes)


def rates_of(counts, people=EVEN, **how):
    measured = add_rates(panel_of(counts), toy.exposure(people, ["2024"]), **{"per": 1, **how})
    schema.MEASURES.check(measured)
    return measured.set_index("cvegeo")


# --- intervals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "low", "high", "top_of_none"),
    [
        # Garwood 1936; mid-P by roots of scipy.stats.poisson, of nothing ln 20; Byar by epitools.
        pytest.param("exact", 4.795389, 18.390356, 3.688879, id="exact"),
        pytest.param("mid-p", 5.079522, 17.824854, 2.995732, id="mid-P"),
        pytest.param("byar", 5.133632, 17.740483, np.nan, id="Byar"),
    ],
)
def test_interval_is_the_one_that_is_asked_for(interval, low, high, top_of_none):
    counts = {LEFT: 10, MIDDLE: 0, RIGHT: 30}
    if interval == "byar":
        with pytest.warns(MethodWarning, match="1 of 3 rates rest on fewer"):
            found = rates_of(counts, dict.fromkeys(EVEN, 1), interval=interval)
    else:
        found = rates_of(counts, dict.fromkeys(EVEN, 1), interval=interval)

    left = found.loc[LEFT, ["rate_low", "rate_high"]].tolist()
    assert left == pytest.approx([low, high], abs=1e-3)
    assert found.loc[MIDDLE, "rate_high"] == pytest.approx(top_of_none, nan_ok=True, abs=1e-5)
    assert found["crude_rate"].tolist() == [10, 0, 30]


def test_byar_is_given_from_five_events_on_and_warns_of_no_area_without_people():
    counts = {LEFT: 5, MIDDLE: 4, RIGHT: 0}

    with pytest.warns() as told:
        found = rates_of(counts, {LEFT: 100, MIDDLE: 100, RIGHT: 0}, interval="byar")

    assert [str(w.message)[:58] for w in told if w.category is MethodWarning] == [
        "Byar's interval is good from 5 events on; 1 of 3 rates res"
    ]
    assert found["rate_low"].isna().tolist() == [False, True, True]


def test_interval_that_there_is_not_is_refused():
    with pytest.raises(SettingsError, match="'wald'; choose exact, mid-p, byar"):
        rates_of({LEFT: 1, MIDDLE: 1, RIGHT: 1}, interval="wald")


# --- smoothing --------------------------------------------------------------------------------


def test_without_asking_there_is_no_other_smoothed_rate():
    found = rates_of({LEFT: 10, MIDDLE: 30, RIGHT: 7})

    assert not {"local_eb_rate", "gamma_rate", "unit"} & set(found.columns)


def test_local_rate_is_shrunk_toward_the_neighbors_and_a_lone_area_keeps_its_own():
    found = rates_of({LEFT: 10, MIDDLE: 30, RIGHT: 7}, smoothing=["local"], neighbors=PAIR)

    # Mean 0.2, variance 0.01, of which chance explains 0.2 / 100: 0.8 of the distance stays.
    assert found["local_eb_rate"].to_dict() == pytest.approx(
        {LEFT: 0.12, MIDDLE: 0.28, RIGHT: 0.07}
    )


def test_gamma_rate_lies_between_crude_and_overall_inside_its_interval():
    people = {LEFT: 10, MIDDLE: 1_000, RIGHT: 1_000}
    found = rates_of({LEFT: 0, MIDDLE: 90, RIGHT: 10}, people, smoothing=["gamma"])

    assert found["gamma_rate"].round(3).tolist() == [0.031, 0.089, 0.011]
    assert (found["gamma_low"] < found["gamma_rate"]).all()
    assert (found["gamma_rate"] < found["gamma_high"]).all()
    # Without an event the exact interval ends at 0.369; the map says more.
    assert found.loc[LEFT, "gamma_high"] == pytest.approx(0.111, abs=1e-3)
    assert found.loc[LEFT, "rate_high"] == pytest.approx(0.3689, abs=1e-3)


def test_both_are_per_as_many_people_as_the_other_rates():
    counts, people = {LEFT: 10, MIDDLE: 30, RIGHT: 7}, {LEFT: 90, MIDDLE: 110, RIGHT: 300}
    one = rates_of(counts, people, smoothing=["local", "gamma"], neighbors=toy.neighbors())
    many = rates_of(
        counts, people, smoothing=("gamma", "local"), neighbors=toy.neighbors(), per=100_000
    )

    for name in ("local_eb_rate", "gamma_rate", "gamma_low", "gamma_high", "eb_rate"):
        assert (many[name] / one[name]).tolist() == pytest.approx([100_000] * 3)


def test_area_without_people_has_no_smoothed_rate_and_changes_no_other():
    people = {LEFT: 100, MIDDLE: 100, RIGHT: np.nan}
    with pytest.warns(ExposureWarning, match=RIGHT):
        found = rates_of(
            {LEFT: 10, MIDDLE: 30, RIGHT: 7},
            people,
            smoothing=["local", "gamma"],
            neighbors=toy.neighbors(),
        )

    assert found.loc[RIGHT, ["local_eb_rate", "gamma_rate", "gamma_high"]].isna().all()
    assert found.loc[LEFT, "local_eb_rate"] == pytest.approx(0.12)


def test_without_an_event_rates_are_zero_and_the_gamma_prior_has_no_interval():
    found = rates_of(
        dict.fromkeys(EVEN, 0), smoothing=["local", "gamma"], neighbors=toy.neighbors()
    )

    assert found[["local_eb_rate", "gamma_rate"]].eq(0).all(axis=None)
    assert found[["gamma_low", "gamma_high"]].isna().all(axis=None)


def test_empty_in_empty_out_with_the_columns_asked_for():
    found = add_rates(schema.PANEL.empty(), schema.EXPOSURE.empty(), smoothing=["local", "gamma"])

    names = ["local_eb_rate", "gamma_rate", "gamma_low", "gamma_high"]
    assert (found[names].dtypes == "float64").all()


@pytest.mark.parametrize("asked", ["local", ["bym2"]], ids=["text", "unknown"])
def test_smoothing_that_there_is_not_is_refused(asked):
    with pytest.raises(SettingsError, match="give some of 'local', 'gamma'"):
        rates_of({LEFT: 1, MIDDLE: 1, RIGHT: 1}, smoothing=asked)


@pytest.mark.parametrize("test", [find_hotspots, find_outliers, find_emerging])
def test_rate_smoothed_over_neighbors_is_refused_by_every_test_of_neighbors(test):
    measures = measures_of(hot_block()).assign(local_eb_rate=1.0)

    with pytest.raises(SettingsError, match="'local_eb_rate' must not be tested: it is smoothed"):
        test(measures, board(), value="local_eb_rate")


numbers = st.lists(st.integers(0, 200), min_size=6, max_size=6)


@settings(deadline=None, max_examples=15)
@given(numbers, st.permutations(range(6)))
def test_order_of_rows_changes_nothing_and_each_period_is_a_map_of_its_own(counts, order):
    people = {LEFT: 250_000.1, MIDDLE: 12_345.6, RIGHT: 81.7}
    maps = [
        panel_of(dict(zip(people, counts[at : at + 3], strict=True)), period)
        for at, period in ((0, "2023"), (3, "2024"))
    ]
    panel = pd.concat(maps, ignore_index=True)
    exposure = toy.exposure(people, ["2024", "2023"])
    how = {"smoothing": ["local", "gamma"], "neighbors": toy.neighbors()}

    measured = add_rates(panel, exposure, **how)

    shuffled = add_rates(panel.iloc[order], exposure, **how).loc[panel.index]
    pd.testing.assert_frame_equal(shuffled, measured, check_exact=True)
    alone = pd.concat([add_rates(one, exposure, **how) for one in maps], ignore_index=True)
    pd.testing.assert_frame_equal(alone, measured)
