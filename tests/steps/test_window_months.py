"""What the months say beside the exact interval: other models, differences, correlation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import PrecisionWarning, SettingsError
from geo.steps.compare import compare_windows
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 10_000}
WAVES = {2023: [0, 4] * 6, 2024: [2, 10] * 6}
TIDE = {
    2023: [1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 2, 2],
    2024: [3, 4, 6, 9, 12, 14, 12, 10, 9, 7, 5, 5],
}


def rows_of(months, code=LEFT):
    """Return that many events in the middle of each month."""
    return [
        {"code": code, "event_date": f"{year}-{month:02d}-15"}
        for year, counts in months.items()
        for month, number in enumerate(counts, 1)
        for _ in range(number)
    ]


def events(months, *more):
    return toy.located([*rows_of(months), *more])


def compare(located, base="2023", comparison="2024", **arguments):
    given = {
        "level": "municipality",
        "areas": toy.areas(),
        "population": toy.population(PEOPLE, [2021, 2022, 2023, 2024]),
        "data_from": "2021-01-01",
        "data_through": "2024-12-31",
    }
    change = compare_windows(located, base=base, comparison=comparison, **{**given, **arguments})
    schema.CHANGE.check(change)
    return change.set_index("cvegeo")


# --- other models -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "alpha", "ratio", "low", "high", "p"),
    [
        pytest.param(WAVES, 0.555088, 2.994967, 1.409614, 6.363321, 0.0043330, id="waves"),
        pytest.param(TIDE, 0.020474, 3.200380, 2.090876, 4.898632, 8.5095e-8, id="tide"),
    ],
)
def test_negative_binomial_is_that_of_another_program(months, alpha, ratio, low, high, p):
    """statsmodels 0.15: alpha by NegativeBinomial, the rest by GLM with that alpha."""
    left = compare(events(months), method="negative-binomial").loc[LEFT]

    assert left["alpha"] == pytest.approx(alpha, rel=1e-4)
    assert left[["model_ratio", "model_low", "model_high"]].tolist() == pytest.approx(
        [ratio, low, high], rel=1e-4
    )
    assert left["model_p"] == pytest.approx(p, rel=1e-2)


@pytest.mark.parametrize(
    ("months", "ratio", "low", "high"),
    [(WAVES, 3.0, 2.341161, 3.844246), (TIDE, 3.2, 1.956549, 5.233704)],
    ids=["waves", "tide"],
)
def test_newey_west_is_that_of_another_program(months, ratio, low, high):
    """statsmodels 0.15: Poisson GLM, HAC with 3 lags, no correction; t with 22 df."""
    left = compare(events(months), method="newey-west").loc[LEFT]

    assert left["lag"] == 3
    assert left[["model_ratio", "model_low", "model_high"]].tolist() == pytest.approx(
        [ratio, low, high], rel=1e-5
    )


@pytest.mark.parametrize("method", ["negative-binomial", "newey-west"])
def test_another_model_leaves_all_other_columns_as_they_are(method):
    plain = compare(events(WAVES))

    beside = compare(events(WAVES), method=method)

    pd.testing.assert_frame_equal(beside[plain.columns], plain)
    added = sorted(set(beside.columns) - set(plain.columns))
    own = "alpha" if method == "negative-binomial" else "lag"
    assert added == sorted([own, "model_high", "model_low", "model_p", "model_q", "model_ratio"])


def test_claim_is_held_against_the_model_too():
    # The log of 3.2 / 1.9 is 0.5213, 2.1975 errors of 0.2372 away; t with 22 df (scipy).
    left = compare(events(TIDE), method="newey-west", claim=1.9).loc[LEFT]

    assert not left["claim_inside_model"]
    assert left["claim_model_p"] == pytest.approx(0.0388, abs=1e-4)
    assert left["claim_inside_quasi"] == (left["quasi_low"] <= 1.9)


@pytest.mark.parametrize("method", ["negative-binomial", "newey-west"])
def test_areas_without_an_event_in_a_window_have_no_model_and_keep_their_exact_p(method):
    change = compare(events(WAVES, *rows_of({2024: [1] * 6}, RIGHT)), method=method)

    names = ["model_low", "model_high", "model_p"]
    assert change.loc[[RIGHT, MIDDLE], names].isna().all(axis=None)
    assert change.loc[RIGHT, "model_ratio"] == math.inf
    assert change.loc[RIGHT, "model_q"] == pytest.approx(change.loc[RIGHT, "p_value"])
    assert math.isnan(change.loc[MIDDLE, "model_q"])


@pytest.mark.parametrize("method", ["negative-binomial", "newey-west"])
def test_e10_with_fewer_than_12_months_a_side_no_model_is_fitted(method):
    change = compare(events(WAVES), base="2023-02-01/2023-12-31", method=method)

    own = "alpha" if method == "negative-binomial" else "lag"
    names = ["model_ratio", "model_low", "model_p", "model_q", own, "residual_correlation"]
    names += ["correlated", "difference_quasi_low"]
    assert change[names].isna().all(axis=None)
    assert change["difference_low"].notna().all()


def test_events_known_to_the_year_are_not_in_the_model():
    loose = [{"code": LEFT, "event_date": "2024-01-01", "time_precision": "year"}] * 24

    with pytest.warns(PrecisionWarning, match="24 events are known to the year only"):
        left = compare(events(WAVES, *loose), method="newey-west").loc[LEFT]

    assert left["rate_ratio"] == pytest.approx(4)
    assert left["model_ratio"] == pytest.approx(3)


def test_unknown_method_is_refused_by_name():
    with pytest.raises(SettingsError, match="'poisson' is not a method; choose quasi-poisson, "):
        compare(events(WAVES), method="poisson")


@pytest.mark.parametrize("method", ["quasi-poisson", "negative-binomial", "newey-west"])
def test_no_event_and_no_area_give_no_model_and_no_error(method):
    nothing = compare(schema.ASSIGNED.empty(), method=method)
    no_area = compare(schema.ASSIGNED.empty(), method=method, areas=toy.areas().iloc[:0])

    assert nothing["rate_ratio"].isna().all()
    assert no_area.empty
    assert nothing.dtypes.equals(no_area.dtypes)


# --- months that resemble the one before -----------------------------------------------------


@pytest.mark.parametrize(
    ("months", "correlation", "is_correlated"),
    [(WAVES, -0.958567, False), (TIDE, 0.726493, True)],
    ids=["up and down", "tide"],
)
def test_correlation_of_neighboring_months_is_told(months, correlation, is_correlated):
    left = compare(events(months)).loc[LEFT]

    assert left["residual_correlation"] == pytest.approx(correlation, abs=1e-5)
    assert left["correlated"] == is_correlated


def test_an_area_without_events_has_no_correlation():
    change = compare(events(TIDE))

    assert pd.isna(change.loc[MIDDLE, "correlated"])


def test_earlier_comparison_has_its_months_in_the_order_of_time():
    forth = compare(events(TIDE), method="newey-west").loc[LEFT]

    back = compare(events(TIDE), base="2024", comparison="2023", method="newey-west").loc[LEFT]

    assert back["residual_correlation"] == pytest.approx(forth["residual_correlation"])
    assert back["model_low"] == pytest.approx(1 / forth["model_high"])
    assert back["quasi_low"] == pytest.approx(1 / forth["quasi_high"])


def test_months_on_either_side_of_a_gap_are_no_neighbors():
    """2021 ends high and 2024 begins high; two years lie between."""
    far = {2021: [1] * 11 + [9], 2024: [9] + [1] * 11}
    near = {2023: far[2021], 2024: far[2024]}

    apart = compare(events(far), base="2021", method="newey-west").loc[LEFT]
    touching = compare(events(near), method="newey-west").loc[LEFT]

    # 20 events a year, 0.6 above nothing: only December with January agree much.
    assert touching["residual_correlation"] > apart["residual_correlation"] + 0.3
    assert apart["dispersion"] == pytest.approx(touching["dispersion"], rel=0.01)
    assert apart["lag"] == 3


# --- difference ------------------------------------------------------------------------------


def test_e6_difference_has_intervals_where_the_base_has_no_event():
    change = compare(events({2024: [5] * 12}))

    left = change.loc[LEFT]
    assert (left["rate_ratio"], left["rate_difference"]) == (math.inf, pytest.approx(60))
    # No event: up to 3.6889 before; 60 events: 45.79 to 77.23 (Garwood); per 100,000 of 100,000.
    assert left["difference_low"] == pytest.approx(60 - math.hypot(60 - 45.7862, 3.6889), abs=1e-3)
    assert left["difference_high"] == pytest.approx(77.2318, abs=1e-3)
    middle = change.loc[MIDDLE]
    assert middle["rate_difference"] == 0
    assert middle["difference_low"] == pytest.approx(-2 * 3.6889, abs=1e-3)
    assert middle["difference_high"] == pytest.approx(2 * 3.6889, abs=1e-3)
    assert np.isnan(middle["difference_quasi_low"])


def test_waves_make_the_interval_of_the_difference_wider():
    left = compare(events(WAVES)).loc[LEFT]

    # As with scipy.stats for 24 and 72 events, but for the dispersion: 2.5932 instead of 2.5.
    assert left["difference_quasi_low"] == pytest.approx(14.7, abs=1)
    assert left["difference_quasi_high"] == pytest.approx(84.0, abs=1)
    assert left["difference_low"] > left["difference_quasi_low"] + 5
    assert left["difference_high"] < left["difference_quasi_high"] - 5


def test_dispersion_of_one_window_counts_its_own_months_where_the_other_is_empty():
    left = compare(events({2024: [2, 10] * 6})).loc[LEFT]

    # Squares of 12 x 16 / 6 over 11 degrees of freedom; 72 events in a year, none before.
    assert left["difference_quasi_low"] == pytest.approx(41.3, abs=1)
    assert left["difference_quasi_high"] == pytest.approx(111.0, abs=1)


def test_rates_without_a_population_have_no_difference():
    people = toy.population({MIDDLE: 50_000, RIGHT: 10_000}, [2023, 2024])

    with pytest.warns(UserWarning, match=LEFT):
        left = compare(events(WAVES), population=people, method="newey-west").loc[LEFT]

    assert left.filter(like="difference").isna().all()
    assert left.filter(like="model").isna().all()
