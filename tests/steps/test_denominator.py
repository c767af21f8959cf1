"""Rates of something else than people: per km2, per household, per kilometer of road."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import ExposureError, ExposureWarning, SchemaError
from geo.steps.count import count_events
from geo.steps.denominator import area_exposure, given_exposure
from geo.steps.measure import add_rates
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT

CODES = (LEFT, MIDDLE, RIGHT)
SIZES = pd.DataFrame({"cvegeo": CODES, "area_km2": [100.0, 400.0, 50.0]})
PEOPLE = {LEFT: 100_000, MIDDLE: 50_000, RIGHT: 81}


def panel_of(events, period="2024", years=1.0, **columns):
    frame = pd.DataFrame({"cvegeo": CODES, "events": events, "period": period, "years": years})
    frame = frame.assign(fatalities=0, fatalities_unknown=0, complete=True, **columns)
    return frame.astype(schema.PANEL.dtypes)


def figures(values=(10.0, 20.0, 40.0), name="households", **columns):
    return pd.DataFrame({"cvegeo": CODES, name: values, **columns})


# --- km2 --------------------------------------------------------------------------------------


def test_events_per_km2_and_year_are_said_to_be_that():
    panel = panel_of([50, 100, 1])
    people = toy.exposure(PEOPLE, ["2024"])

    exposure = area_exposure(panel, areas=SIZES, people=people)
    measured = add_rates(panel, exposure, per=1)

    schema.EXPOSURE.check(exposure)
    schema.MEASURES.check(measured)
    assert measured["crude_rate"].tolist() == [0.5, 0.25, 0.02]
    assert measured["unit"].unique().tolist() == ["events per km2 and year"]
    # 50 events: 37.11 to 65.92 (Garwood), on 100 km2.
    assert measured.loc[0, "rate_low"] == pytest.approx(0.371111, abs=1e-5)
    # Reliable is a matter of events and people, whatever they are divided by.
    assert measured["reliable"].tolist() == [True, True, False]
    assert measured["population"].tolist() == [100_000, 50_000, 81]


def test_half_a_year_has_half_the_exposure_so_that_rates_are_annual():
    panel = panel_of([50, 100, 1], period="2024-H1x", years=0.5)

    exposure = area_exposure(panel, areas=SIZES)

    assert exposure["exposure"].tolist() == [50, 200, 25]
    assert add_rates(panel, exposure, per=1)["crude_rate"].tolist() == [1.0, 0.5, 0.04]


def test_without_people_no_density_is_reliable():
    measured = add_rates(panel_of([50, 100, 1]), area_exposure(panel_of([50, 100, 1]), areas=SIZES))

    assert not measured["reliable"].any()
    assert measured["population"].isna().all()
    assert measured["unit"][0] == "events per 100,000 km2 and year"


def many(events):
    """Return ten areas of 10 to 100 km2, or households; the first is the smallest."""
    codes = [f"25{number:03}" for number in range(1, 11)]
    panel = pd.DataFrame({"cvegeo": codes, "events": events, "period": "2024", "years": 1.0})
    panel = panel.assign(fatalities=0, fatalities_unknown=0, complete=True)
    sizes = pd.DataFrame({"cvegeo": codes, "area_km2": [10.0 * n for n in range(1, 11)]})
    return panel.astype(schema.PANEL.dtypes), sizes


def test_e7_small_areas_that_lead_the_ranking_are_named():
    panel, sizes = many([30] * 10)
    with pytest.warns(
        ExposureWarning,
        match=r"of the 1 areas with the most events per km2, 1 .* \(25001\): small areas, as towns "
        "are, lead a ranking by density",
    ):
        area_exposure(panel, areas=sizes)
    panel, sizes = many([1] + [30] * 9)
    assert len(area_exposure(panel, areas=sizes)) == 10


def test_e7_few_events_over_few_units_that_lead_the_ranking_are_named():
    panel, sizes = many([15] + [5] * 9)

    with pytest.warns(ExposureWarning, match=r"\(25001\): where area_km2 are few, one event makes"):
        given_exposure(panel, sizes, column="area_km2")
    panel, sizes = many([40] + [5] * 9)
    assert len(given_exposure(panel, sizes, column="area_km2")) == 10


def test_sizes_of_the_boundaries_are_taken_unless_others_are_given():
    located = toy.located([("25006", "2024-01-01")])
    panel = count_events(located, first=2024, last=2024, data_through="2024-12-31")

    exposure = area_exposure(panel)

    assert len(exposure) == 2465
    assert exposure["exposure"].sum() == pytest.approx(1_960_000, rel=0.01)


# --- a figure of the user ---------------------------------------------------------------------


def test_rates_are_per_unit_of_the_users_figure():
    panel = panel_of([50, 100, 20])

    exposure = given_exposure(panel, figures(), column="households")
    measured = add_rates(panel, exposure, per=1_000)

    assert measured["crude_rate"].tolist() == [5_000, 5_000, 500]
    assert measured["unit"].unique().tolist() == ["events per 1,000 households and year"]
    assert measured["origin"].isna().all()


def test_figures_may_change_by_calendar_year_and_a_period_takes_each_by_its_days():
    table = pd.concat([figures(year=2024), figures((30.0, 20.0, 80.0), year=2025)])
    panel = panel_of([1, 2, 1], period="2025-W01", years=7 / 365)

    exposure = given_exposure(panel, table, column="households")

    # 2 of its 7 days (of 366) lie in 2024, 5 (of 365) in 2025.
    mean = (10 * 2 / 366 + 30 * 5 / 365) / (2 / 366 + 5 / 365)
    assert exposure["exposure"][0] == pytest.approx(mean * 7 / 365)


def test_figures_may_change_by_period():
    table = pd.concat([figures(period="2024-Q1"), figures((20.0, 40.0, 80.0), period="2024-Q2")])
    panel = panel_of([1, 2, 1], period="2024-Q2", years=0.25)

    assert given_exposure(panel, table, column="households")["exposure"].tolist() == [5, 10, 20]


def test_categories_share_the_figure_of_their_area():
    panel = pd.concat(
        [panel_of([50, 100, 20], category=kind) for kind in ("Battles", "Riots")],
        ignore_index=True,
    )

    exposure = given_exposure(panel, figures(), column="households")

    assert len(exposure) == 3
    assert add_rates(panel, exposure, per=1)["crude_rate"].tolist() == [5, 5, 0.5] * 2


def test_e1_area_without_a_figure_has_no_rate_and_is_named_with_what_is_missing():
    table = figures((10.0, np.nan, 40.0))
    panel = panel_of([50, 100, 20])
    exposure = given_exposure(panel, table, column="households")

    with pytest.warns(
        ExposureWarning, match=f"no denominator \\(households\\) is known for 1 of 3.*{MIDDLE}"
    ):
        measured = add_rates(panel, exposure, per=1)

    assert measured["crude_rate"].isna().tolist() == [False, True, False]


def test_e2_events_where_the_figure_is_zero_have_no_rate():
    panel = panel_of([50, 100, 20])
    exposure = given_exposure(panel, figures((10.0, 0.0, 40.0)), column="households")

    with pytest.warns(ExposureWarning, match=r"denominator \(households\) of 0 and 100 events"):
        measured = add_rates(panel, exposure, per=1)

    assert np.isnan(measured["crude_rate"][1])


def test_areas_that_the_panel_has_not_are_named():
    table = pd.concat([figures(), pd.DataFrame({"cvegeo": ["09015"], "households": [1.0]})])

    with pytest.warns(ExposureWarning, match="for 1 areas that the panel has not .* 09015"):
        given_exposure(panel_of([50, 100, 20]), table, column="households")


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        pytest.param(figures((1.0, -1.0, 2.0)), ExposureError, f"first is {MIDDLE}", id="negative"),
        pytest.param(figures((1.0, np.inf, 2.0)), ExposureError, "infinite in 1", id="infinite"),
        pytest.param(figures(name="roads"), SchemaError, "no column 'households'", id="column"),
        pytest.param(figures(("a", "b", "c")), SchemaError, "must hold numbers", id="text"),
        pytest.param(
            pd.concat([figures(), figures()]), SchemaError, "3 rows give an area a sec", id="twice"
        ),
        pytest.param(
            figures(year=2019), ExposureError, "no row of the panel has a figure", id="other year"
        ),
    ],
)
def test_figures_that_cannot_be_used_are_refused(table, error, message):
    with pytest.raises(error, match=message):
        given_exposure(panel_of([1, 1, 1]), table, column="households")


def test_sizes_must_have_their_columns():
    with pytest.raises(SchemaError, match="'area_km2'"):
        area_exposure(panel_of([1, 1, 1]), areas=SIZES[["cvegeo"]])


def test_two_units_in_one_exposure_are_refused():
    panel = panel_of([50, 100, 20])
    exposure = given_exposure(panel, figures(), column="households")
    exposure.loc[0, "unit"] = "km2"

    with pytest.raises(ExposureError, match="one unit throughout; found households, km2"):
        add_rates(panel, exposure)


def test_empty_in_empty_out_and_inputs_stay():
    empty = area_exposure(schema.PANEL.empty(), areas=SIZES)
    schema.EXPOSURE.check(empty)
    assert empty.empty
    panel, table = panel_of([50, 100, 20]), figures(year=2024)
    before = panel.copy(deep=True), table.copy(deep=True)

    given_exposure(panel, table, column="households")

    pd.testing.assert_frame_equal(panel, before[0])
    pd.testing.assert_frame_equal(table, before[1])


def test_order_of_rows_changes_no_rate():
    panel = panel_of([50, 100, 20])
    turned = panel.iloc[[2, 0, 1]]

    one = add_rates(panel, given_exposure(panel, figures(), column="households"))
    other = add_rates(turned, given_exposure(turned, figures().iloc[::-1], column="households"))

    pd.testing.assert_frame_equal(other.loc[panel.index], one)
