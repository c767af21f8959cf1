from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import AreaError, ExposureWarning, PeriodWarning, SchemaError, SettingsError
from geo.steps.concentration import lorenz_curves, measure_concentration
from geo.steps.prediction import predict_periods


def panel(counts, **columns):
    """Return a panel from the events of each area by period, areas in order of a code."""
    rows = [
        (f"010{number:02}", period, events)
        for period, events_of in counts.items()
        for number, events in enumerate(events_of, 1)
    ]
    frame = pd.DataFrame(rows, columns=["cvegeo", "period", "events"])
    frame = frame.assign(fatalities=0, fatalities_unknown=0, complete=True, years=1.0)
    return frame.assign(**columns).astype(schema.PANEL.dtypes)


TEN = {"2023": [50, 30, 10, 5, 3, 1, 1, 0, 0, 0], "2024": [0] * 10}


def test_fewest_areas_with_four_fifths_of_the_events_and_the_indices_are_those_by_hand():
    table = measure_concentration(panel(TEN))

    schema.CONCENTRATION.check(table)
    first = table.iloc[0]
    assert first[["areas", "areas_with_events", "events", "fewest_areas"]].tolist() == [
        10, 7, 100, 2,
    ]  # fmt: skip
    assert first[["share_of_areas", "share_held"]].tolist() == [0.2, 0.8]
    # A fifth of ten areas is two of them; a twentieth is half of the first.
    assert first[["in_top_20", "in_top_5"]].tolist() == pytest.approx([0.8, 0.25])
    # Gini: 1 - sum of (cumulated share before + after) / 10, from the quietest on.
    held = np.cumsum([0, 0, 0, 0, 1, 1, 3, 5, 10, 30, 50]) / 100
    assert first["gini"] == pytest.approx(1 - (held[1:] + held[:-1]).sum() / 10)
    assert np.isnan(first["gini_people"])


def test_period_without_events_has_counts_and_no_shares():
    empty = measure_concentration(panel(TEN)).iloc[1]

    assert empty[["events", "fewest_areas", "areas_with_events"]].tolist() == [0, 0, 0]
    assert np.isnan(empty[["share_held", "in_top_20", "gini"]].astype(float)).all()


def test_one_event_each_in_few_of_many_areas_is_no_concentration():
    table = measure_concentration(panel({"2024": [1, 1, 0, 0]})).iloc[0]

    assert (table["gini"], table["gini_few"]) == (0.5, 0.0)


def test_events_as_people_have_no_concentration_by_people():
    people = [1000.0, 2000.0, 7000.0]
    table = measure_concentration(panel({"2024": [1, 2, 7]}, population=people)).iloc[0]

    assert table["gini"] == pytest.approx(0.4)
    assert table["gini_people"] == pytest.approx(0.0)


def test_events_where_nobody_is_known_to_live_are_left_out_by_people_and_counted():
    people = [1000.0, np.nan, 1000.0]

    with pytest.warns(ExposureWarning, match="2 events in 1 area without a known population"):
        table = measure_concentration(panel({"2024": [3, 2, 1]}, population=people)).iloc[0]

    assert table["events"] == 6
    assert table["gini_people"] == pytest.approx(0.25)


def test_lorenz_curves_begin_with_nothing_and_end_with_all():
    curves = lorenz_curves(panel({"2024": [3, 0, 1, 0]}, population=100.0))

    schema.LORENZ.check(curves)
    areas = curves[curves["by"] == "areas"]
    assert areas["share_of_base"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert areas["share_of_events"].tolist() == [0, 0, 0, 0.25, 1]
    assert curves["by"].value_counts().to_dict() == {"areas": 5, "people": 5}


def test_categories_are_told_apart_and_order_of_rows_changes_nothing():
    both = pd.concat(
        [panel({"2024": [4, 0]}).assign(category="a"), panel({"2024": [2, 2]}).assign(category="b")]
    ).astype({"category": "str"})

    table = measure_concentration(both)

    assert table[["category", "events", "gini"]].values.tolist() == [["a", 4, 0.5], ["b", 4, 0.0]]
    pd.testing.assert_frame_equal(table, measure_concentration(both.iloc[::-1]))


def test_no_rows_give_none_with_the_right_types_and_a_wrong_share_is_refused():
    for step, contract in (
        (measure_concentration, schema.CONCENTRATION),
        (lorenz_curves, schema.LORENZ),
    ):
        found = step(schema.PANEL.empty())
        assert found.dtypes.astype(str).to_dict() == contract.dtypes
    with pytest.raises(SettingsError, match="share"):
        measure_concentration(schema.PANEL.empty(), share=1.2)
    with pytest.raises(SchemaError):
        measure_concentration(panel(TEN).drop(columns="events"))


# --- does the hotspot hold the next period's events -----------------------------------------


def hotspots(bins, value=None):
    rows = [
        (f"010{number:02}", period, bin_)
        for period, bins_of in bins.items()
        for number, bin_ in enumerate(bins_of, 1)
    ]
    frame = pd.DataFrame(rows, columns=["cvegeo", "period", "gi_bin"])
    for name in ("gi_star", "p_analytic", "p_value", "q_value"):
        frame[name] = 0.5
    frame["value"] = 1.0 if value is None else value
    return frame.astype(schema.HOTSPOTS.dtypes)


AREAS = pd.DataFrame({"cvegeo": [f"010{n:02}" for n in range(1, 5)], "area_km2": [10, 20, 30, 40]})
YEARS = panel(
    {"2022": [9, 5, 1, 0], "2023": [6, 0, 2, 2], "2024": [1, 4, 5, 0]},
    population=[10.0, 20.0, 30.0, 40.0] * 3,
)
BINS = hotspots({"2022": [0, 3, 1, -3], "2023": [0, 0, 0, None]}, value=[2.0, 3, 9, 1, 0, 0, 0, 0])


def test_hits_rate_and_index_of_hotspots_and_lists_are_those_by_hand():
    table = predict_periods(BINS, YEARS, areas=AREAS)

    schema.PREDICTION.check(table)
    first = table[table["period"] == "2022"].set_index("rule")
    # The hotspot of 2022 is the second area, without an event in 2023; the highest value lies in
    # the third (30 of 100 km², 2 of 10 events), most events in the first (10 km², 6 events).
    assert first["hits"].to_dict() == {"hotspots": 0, "highest value": 2, "most events": 6}
    assert first["pai"].tolist() == pytest.approx([0, 0.2 / 0.3, 0.6 / 0.1])
    assert first["share_of_area"].tolist() == pytest.approx([0.2, 0.3, 0.1])
    assert first["share_of_people"].tolist() == pytest.approx([0.2, 0.3, 0.1])
    assert set(first["chosen"]) == {1}


def test_period_without_a_hotspot_foretells_nothing_and_has_no_index():
    second = predict_periods(BINS, YEARS, areas=AREAS).query("period == '2023'")

    assert second["chosen"].tolist() == [0, 0, 0]
    assert second["hit_rate"].tolist() == [0, 0, 0]
    assert second["pai"].isna().all()


def test_lower_bins_choose_more_areas():
    table = predict_periods(BINS, YEARS, areas=AREAS, least_bin=1)

    assert table[table["period"] == "2022"]["chosen"].tolist() == [2, 2, 2]


def test_only_complete_periods_that_follow_one_another_are_paired():
    unfinished = YEARS.assign(complete=YEARS["period"] != "2024").astype({"complete": "boolean"})

    assert set(predict_periods(BINS, unfinished, areas=AREAS)["period"]) == {"2022"}
    gap = YEARS[YEARS["period"] != "2023"]
    with pytest.warns(PeriodWarning, match="no two complete periods"):
        assert predict_periods(BINS, gap, areas=AREAS).empty


def test_what_cannot_be_predicted_is_refused():
    with pytest.raises(SettingsError, match="least_bin"):
        predict_periods(BINS, YEARS, areas=AREAS, least_bin=0)
    with pytest.raises(AreaError, match="01004"):
        predict_periods(BINS, YEARS, areas=AREAS.iloc[:3])
    with pytest.raises(SettingsError, match="category"):
        predict_periods(BINS, YEARS.assign(category="a"), areas=AREAS)
