from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import ExposureError, ExposureWarning, SchemaError
from geo.stats.bayes import empirical_bayes_rate
from geo.steps.count import count_events
from geo.steps.measure import add_rates
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 81}


def panel_of(counts, period="2024", **columns):
    """Return a panel with that many events in each area."""
    frame = pd.DataFrame({"cvegeo": list(counts), "events": list(counts.values())})
    frame = frame.assign(
        period=period, fatalities=0, fatalities_unknown=0, complete=True, years=1.0
    )
    return frame.assign(**columns).astype({**schema.PANEL.dtypes})


def row_of(measured, code):
    return measured.set_index("cvegeo").loc[code]


def test_rates_of_the_toy_country_are_those_worked_out_by_hand():
    measured = add_rates(panel_of({LEFT: 30, MIDDLE: 0, RIGHT: 1}), toy.exposure(PEOPLE, ["2024"]))

    schema.MEASURES.check(measured)
    left, middle, right = (row_of(measured, code) for code in (LEFT, MIDDLE, RIGHT))
    assert left["crude_rate"] == pytest.approx(30.0)
    assert left["rate_low"] == pytest.approx(20.2409, abs=1e-4)
    assert left["rate_high"] == pytest.approx(42.8269, abs=1e-4)
    # 31 events among 150,081 people, 100,000 of them here.
    assert left["expected"] == pytest.approx(31 * 100_000 / 150_081)
    assert left["ratio"] == pytest.approx(30 / (31 * 100_000 / 150_081))
    assert (middle["crude_rate"], middle["rate_low"]) == (0, 0)
    assert middle["rate_high"] == pytest.approx(3.6889 * 2, abs=1e-3)
    assert right["crude_rate"] == pytest.approx(1_234.57, abs=0.01)
    assert measured["reliable"].tolist() == [True, False, False]


def test_e7_tiny_municipality_keeps_its_rate_but_is_smoothed_and_flagged():
    measured = add_rates(
        panel_of({LEFT: 300, MIDDLE: 20, RIGHT: 1}), toy.exposure(PEOPLE, ["2024"])
    )

    tiny = row_of(measured, RIGHT)
    assert tiny["crude_rate"] == measured["crude_rate"].max()
    assert tiny["eb_rate"] < tiny["crude_rate"] / 4
    assert tiny["rate_high"] / tiny["rate_low"] > 100
    assert not tiny["reliable"]


@pytest.mark.parametrize("people", [0.0, np.nan], ids=["E2 nobody", "E1 not known"])
def test_without_exposure_every_measure_is_missing_and_the_count_stays(people):
    exposure = toy.exposure({**PEOPLE, MIDDLE: people}, ["2024"])
    panel = panel_of({LEFT: 30, MIDDLE: 7, RIGHT: 1})
    without = panel[panel["cvegeo"] != MIDDLE]

    named = f".*{MIDDLE} \\(2024\\)" if np.isnan(people) else ".*population of 0 and 7 events"
    with pytest.warns(ExposureWarning, match=f"1 of 3 rows{named}"):
        measured = add_rates(panel, exposure)

    middle = row_of(measured, MIDDLE)
    assert middle["events"] == 7
    names = ["crude_rate", "rate_low", "rate_high", "expected", "ratio", "eb_rate"]
    assert middle[names].isna().all()
    assert not middle["reliable"]
    others = measured[measured["cvegeo"] != MIDDLE]
    pd.testing.assert_frame_equal(
        others[names], add_rates(without, toy.exposure(PEOPLE, ["2024"]))[names]
    )


def test_e1_area_that_the_exposure_does_not_list_has_no_rate_and_is_named():
    exposure = toy.exposure({LEFT: 100_000}, ["2024"])

    with pytest.warns(ExposureWarning, match=f"{MIDDLE} \\(2024\\), {RIGHT} \\(2024\\)"):
        measured = add_rates(panel_of({LEFT: 1, MIDDLE: 2, RIGHT: 3}), exposure)

    assert measured["crude_rate"].isna().tolist() == [False, True, True]


def test_e1_rate_that_is_missing_is_not_reliable():
    exposure = toy.exposure(PEOPLE, ["2024"])
    exposure.loc[exposure["cvegeo"] == LEFT, "exposure"] = np.nan

    with pytest.warns(ExposureWarning, match=LEFT):
        measured = add_rates(panel_of(dict.fromkeys(PEOPLE, 50)), exposure)

    assert measured["population"].notna().all()
    assert measured["reliable"].tolist() == [False, True, False]


def test_e3_period_without_a_population_has_no_rate_and_is_named():
    panel = pd.concat([panel_of(dict.fromkeys(PEOPLE, 1), period=p) for p in ("2023", "2030")])
    panel = panel.reset_index(drop=True)

    with pytest.warns(ExposureWarning, match="3 of 6 rows.*2030"):
        measured = add_rates(panel, toy.exposure(PEOPLE, ["2023"]))

    assert measured["crude_rate"].isna().tolist() == [False] * 3 + [True] * 3


def test_exposure_of_other_periods_altogether_is_refused():
    with pytest.raises(ExposureError, match=r"no row of the panel has an exposure.*2024-Q1"):
        add_rates(panel_of(dict.fromkeys(PEOPLE, 1)), toy.exposure(PEOPLE, ["2024-Q1", "2024-Q2"]))


@pytest.mark.parametrize("people", [-1.0, np.inf])
def test_e2_impossible_population_is_refused_and_named(people):
    exposure = toy.exposure({**PEOPLE, RIGHT: people}, ["2024"])

    with pytest.raises(ExposureError, match=f"1 rows: {RIGHT} \\(2024\\)"):
        add_rates(panel_of(dict.fromkeys(PEOPLE, 1)), exposure)


def test_panel_that_lacks_an_area_in_a_period_is_refused():
    panel = pd.concat([panel_of(dict.fromkeys(PEOPLE, 1), period=p) for p in ("2023", "2024")])

    with pytest.raises(SchemaError, match="lacks 1 of 2 x 3 rows"):
        add_rates(panel.iloc[1:], toy.exposure(PEOPLE, ["2023", "2024"]))


def test_e5_cut_period_has_the_rate_of_the_days_covered():
    panel = panel_of(dict.fromkeys(PEOPLE, 10), complete=False, years=0.25)

    measured = add_rates(panel, toy.exposure(PEOPLE, ["2024"]))

    left = row_of(measured, LEFT)
    assert (left["population"], left["exposure"]) == (100_000, 25_000)
    assert left["crude_rate"] == pytest.approx(40.0)


def test_each_period_and_category_is_a_map_of_its_own():
    maps = [
        panel_of(counts, period=period, category=category)
        for period in ("2023", "2024")
        for category, counts in (
            ("Battles", {LEFT: 30, MIDDLE: 2, RIGHT: 0}),
            ("Riots", {LEFT: 0, MIDDLE: 0, RIGHT: 1}),
        )
    ]
    panel = pd.concat(maps, ignore_index=True)

    measured = add_rates(panel, toy.exposure(PEOPLE, ["2023", "2024"]))

    alone = [add_rates(one, toy.exposure(PEOPLE, ["2023", "2024"])) for one in maps]
    pd.testing.assert_frame_equal(measured, pd.concat(alone, ignore_index=True))
    totals = measured.groupby(["period", "category"])[["events", "expected"]].sum()
    assert totals["expected"].tolist() == pytest.approx(totals["events"].tolist())


def test_e8_one_area_and_no_event_is_a_rate_of_zero():
    measured = add_rates(panel_of({LEFT: 0}), toy.exposure(PEOPLE, ["2024"]))

    assert measured[["crude_rate", "eb_rate", "expected"]].values.tolist() == [[0, 0, 0]]
    assert measured["ratio"].isna().all()


def test_empty_in_empty_out():
    measured = add_rates(schema.PANEL.empty(), schema.EXPOSURE.empty())

    schema.MEASURES.check(measured)
    assert len(measured) == 0


def test_inputs_are_not_changed_and_other_columns_stay():
    panel = panel_of(dict.fromkeys(PEOPLE, 1), note="x").set_index(pd.Index([7, 3, 5]))
    exposure = toy.exposure(PEOPLE, ["2024"])
    before = panel.copy(deep=True), exposure.copy(deep=True)

    measured = add_rates(panel, exposure)

    pd.testing.assert_frame_equal(panel, before[0])
    pd.testing.assert_frame_equal(exposure, before[1])
    assert measured.index.tolist() == [7, 3, 5]
    assert measured["note"].tolist() == ["x"] * 3


counts = st.lists(st.integers(0, 200), min_size=6, max_size=6)


@settings(deadline=None, max_examples=25)
@given(counts, st.permutations(range(6)))
def test_order_of_rows_changes_nothing_and_smoothed_rates_are_those_of_the_map(numbers, order):
    people = {LEFT: 250_000.1, MIDDLE: 12_345.6, RIGHT: 81.7}
    panel = pd.concat(
        [
            panel_of(dict(zip(people, numbers[:3], strict=True)), period="2023"),
            panel_of(dict(zip(people, numbers[3:], strict=True)), period="2024"),
        ],
        ignore_index=True,
    )
    exposure = toy.exposure(people, ["2024", "2023"])

    measured = add_rates(panel, exposure)

    shuffled = add_rates(panel.iloc[order], exposure).loc[panel.index]
    pd.testing.assert_frame_equal(shuffled, measured, check_exact=True)
    np.testing.assert_allclose(
        measured["eb_rate"].iloc[3:], empirical_bayes_rate(numbers[3:], [*people.values()])
    )


def test_e11_rates_are_the_same_to_the_last_bit_whatever_the_order_of_rows():
    people = {f"25{number:03}": number**3.7 for number in range(1, 200)}
    panel = panel_of({code: number % 17 for number, code in enumerate(people)})
    exposure = toy.exposure(people, ["2024"])
    shuffled = np.random.default_rng(20240909).permutation(len(panel))

    measured = add_rates(panel.iloc[shuffled], exposure).loc[panel.index]

    pd.testing.assert_frame_equal(measured, add_rates(panel, exposure), check_exact=True)


def test_counted_panel_and_its_rates_fit_together():
    located = toy.located([(LEFT, "2024-01-01"), (LEFT, "2024-03-31"), (RIGHT, "2024-12-31")])
    panel = count_events(located, period="quarter", areas=toy.areas())
    exposure = toy.exposure(PEOPLE, [f"2024-Q{n}" for n in (1, 2, 3, 4)], years=0.25)

    measured = add_rates(panel, exposure)

    first = measured.query("cvegeo == @LEFT and period == '2024-Q1'").iloc[0]
    # Two events in 91 of 366 days among 100,000 people.
    assert first["crude_rate"] == pytest.approx(2 * 366 / 91)
