from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.study.spoken_points import (
    concentration_sentence,
    prediction_sentence,
    repeats_sentence,
)
from geo.study.spoken_targeting import (
    emerging_actors_sentence,
    shares_sentence,
    targeting_change_sentence,
)


def table_of(contract, *rows):
    empty = dict.fromkeys(contract.dtypes)
    frame = pd.DataFrame([{**empty, **row} for row in rows])
    return frame.astype({name: kind for name, kind in contract.dtypes.items() if name in frame})


BAND = {"up_to_m": 0.0, "up_to_days": 7, "events": 40, "observed": 6, "expected": 2.0,
        "ratio": 3.0, "p_value": 0.001, "q_value": 0.002, "permutations": 999}  # fmt: skip


def test_bands_without_more_pairs_than_by_chance_are_not_told():
    fewer = BAND | {"ratio": 0.4, "up_to_days": 14, "after_days": 7}
    doubtful = BAND | {"q_value": 0.06, "up_to_m": 10_000.0, "above_m": 0.0}

    some = repeats_sentence(table_of(schema.NEAR_REPEATS, BAND, fewer, doubtful), "X", seed=1)
    none = repeats_sentence(table_of(schema.NEAR_REPEATS, fewer, doubtful), "X", seed=1)

    assert "1 hold more pairs than by chance (q up to 0.05): same coordinates, 0-7 days: 6" in some
    assert "km" not in some
    assert "no band holds more pairs than by chance" in none
    assert "(Knox, one-sided, seed 1)" in none


def test_next_band_begins_the_day_after_and_names_its_distance():
    row = BAND | {"above_m": 0.0, "up_to_m": 10_000.0, "after_days": 7, "up_to_days": 14}
    far = row | {"above_m": 10_000.0, "up_to_m": 25_000.0}

    said = repeats_sentence(table_of(schema.NEAR_REPEATS, row, far), "X", seed=1, language="es")

    assert "0-10 km, 8-14 días: 6 pares por 2.0 esperados (3.00 veces, p = 0.001)" in said
    assert "10-25 km, 8-14 días" in said


def test_concentration_is_told_beside_the_period_before_and_not_of_an_unfinished_one():
    row = {"period": "2023", "areas": 10, "areas_with_events": 5, "events": 100, "fewest_areas": 2,
           "share_of_areas": 0.2, "share_held": 0.8, "in_top_20": 0.8, "in_top_5": 0.25,
           "gini": 0.7, "gini_few": 0.7, "complete": True}  # fmt: skip
    early = row | {"period": "2022", "events": 0}
    next_ = row | {"period": "2024", "fewest_areas": 1, "share_of_areas": 0.1, "events": 90}
    unfinished = row | {"period": "2025", "complete": False}

    said = concentration_sentence(table_of(schema.CONCENTRATION, early, row, next_, unfinished))
    alone = concentration_sentence(table_of(schema.CONCENTRATION, early, row))

    assert said == (
        "2024: 1 of 10 areas (10.0 %) hold 80 % of 90 events; the busiest 20 % hold 80 %, the "
        "busiest 5 % 25 %; Gini 0.700 (0.700 allowing for few events); 2023: 20.0 % of the areas, "
        "n = 100"
    )
    assert alone.endswith("allowing for few events)")


def test_period_without_a_hotspot_is_said_to_foretell_nothing():
    rows = [
        {"period": "2023", "next_period": "2024", "rule": rule, "areas": 9, "chosen": 0,
         "events": 5, "hits": 0, "hit_rate": 0.0, "share_of_area": 0.0}
        for rule in schema.PREDICTION_RULES
    ]  # fmt: skip

    assert prediction_sentence(table_of(schema.PREDICTION, *rows)) == (
        "2023 has no hotspot, so nothing is foretold for 2024 (5 events)"
    )


CHANGE = {
    "cvegeo": "25", "base_targeted": 1, "base_not_targeted": 3, "base_not_stated": 2,
    "comparison_targeted": 3, "comparison_not_targeted": 1, "comparison_not_stated": 0,
    "base_share": 0.25, "comparison_share": 0.75, "share_difference": 0.5,
    "difference_low": -0.2, "difference_high": 0.9, "ratio_of_ratios": 9.0, "ror_low": 0.2,
    "ror_high": float("inf"), "fisher_p": 0.49, "q_value": 0.49,
}  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        pytest.param({}, "not told apart from the rest", id="holds 1"),
        pytest.param({"ror_low": 1.1}, "grew more than the rest", id="above 1"),
        pytest.param({"ror_low": 0.1, "ror_high": 0.9}, "grew less than the rest", id="below 1"),
        pytest.param(
            {"ror_low": 1.1, "ror_quasi_low": 0.9, "ror_quasi_high": 4.0, "ror_quasi_p": 0.08},
            "not told apart from the rest", id="by months it holds 1",
        ),
    ],
)  # fmt: skip
def test_verdict_follows_the_interval_by_months_where_there_is_one(limits, verdict):
    table = table_of(schema.TARGETING_CHANGE, CHANGE | limits)

    said = targeting_change_sentence(table, "25", base="2023", comparison="2024")

    assert said.startswith(
        "Sinaloa: 1 of 4 events (25.0 %) targeted civilians in 2023, 3 of 4 (75.0 %) in 2024: "
        "+50.0 points (95 % interval -20.0 to +90.0, from exact limits); 2 not stated; " + verdict
    )


def test_share_of_a_period_that_states_nothing_is_not_called_zero():
    row = {"cvegeo": "25", "period": "2024", "events": 7, "targeted": 0, "not_targeted": 0,
           "not_stated": 7, "complete": True}  # fmt: skip

    said = shares_sentence(table_of(schema.TARGETING, row), "25")

    assert said.endswith("in 2024 none states it (n = 7)")


def test_p_that_rounds_to_nothing_is_not_called_zero():
    row = {"cvegeo": "25", "period": "2024", "actor": "A", "line": "A", "events": 90,
           "share": 0.5, "line_events": 90, "previous_events": 9, "events_before": 9,
           "periods_before": 1, "first_period": "2023", "growth_ratio": 10.0, "growth_low": 5.0,
           "growth_high": 22.0, "p_value": 1e-16, "q_value": 1e-15, "emergence": "growing",
           "complete": True}  # fmt: skip

    said = emerging_actors_sentence(table_of(schema.EMERGING_ACTORS, row), None, "Mexico")

    assert "growing A, Sinaloa (90 events after 9, 10.00 times as many a year" in said
    assert "q = <0.0001)" in said


def test_groups_of_an_incomplete_period_are_not_told():
    row = {"cvegeo": "25", "actor": "A", "line": "A", "events": 9, "share": 0.5, "line_events": 9,
           "events_before": 0, "first_period": "2024"}  # fmt: skip
    last = row | {"period": "2024", "periods_before": 1, "emergence": "new", "complete": True}
    late = row | {"period": "2025", "periods_before": 2, "emergence": "growing", "complete": False}

    table = table_of(schema.EMERGING_ACTORS, last, late)

    assert emerging_actors_sentence(table, "25", "Sinaloa") == (
        "Sinaloa, 2024: new A (9 events, 50 % of all) (at least 5 events; 1 identified groups, 1 "
        "earlier periods). New is a name that the source did not give before"
    )
    assert "no group is new" in emerging_actors_sentence(table, "08", "Chihuahua")
