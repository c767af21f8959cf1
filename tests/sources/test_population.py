"""Population by year and person-years by period, shipped and given."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import cvegeo, schema
from geo.errors import AreaError, ExposureError, ExposureWarning, SettingsError, SourceError
from geo.sources import boundaries
from geo.sources.population import load_exposure, load_population
from tests import shared

STATES = list(cvegeo.STATES)


def every_state(people, years=(2023, 2024)):
    """Return a table that gives every state as many people in each year."""
    return pd.DataFrame(
        [(code, year, people) for code in STATES for year in years],
        columns=["cvegeo", "year", "population"],
    )


def every_municipality(people, years=(2023,)):
    """Return a table that gives every municipality as many people in each year."""
    codes = boundaries.area_codes()["cvegeo"]
    return pd.DataFrame(
        [(code, year, people) for code in codes for year in years],
        columns=["cvegeo", "year", "population"],
    )


def written(tmp_path, text, name="population.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# Shipped


@pytest.mark.parametrize(("level", "areas"), [("state", 32), ("municipality", 2465)])
def test_shipped_table_has_every_area_in_every_year(level, areas):
    people = load_population(level)

    schema.POPULATION.check(people)
    assert sorted(set(people["year"])) == list(range(2015, 2027))
    assert len(people) == areas * 12
    assert (people["population"] > 0).all()


def test_shipped_state_figures_are_the_published_ones():
    people = load_population("state").set_index(["cvegeo", "year"])

    totals = people.groupby("year")["population"].sum()
    assert totals[2015] == 122_368_490
    assert totals[2020] == 128_209_170
    assert totals[2024] == 132_274_416
    assert totals[2026] == 134_407_258
    assert people.loc[("25", 2023), "population"] == 3_142_699
    assert people.loc[("25", 2019), "origin"] == "estimated"
    assert people.loc[("25", 2020), "origin"] == "projected"


def test_municipal_figures_add_up_to_their_state_in_every_year():
    people = load_population("municipality")

    sums = people.groupby([people["cvegeo"].str[:2], "year"])["population"].sum()

    states = load_population("state").set_index(["cvegeo", "year"])["population"]
    np.testing.assert_allclose(sums.to_numpy(), states.to_numpy(), rtol=1e-14)
    assert set(people["origin"]) == {"apportioned"}


def test_municipal_figure_is_the_census_share_of_the_state():
    people = load_population("municipality").set_index(["cvegeo", "year"])["population"]

    # Census: Culiacán 1,003,530 of Sinaloa's 3,026,943; Sinaloa in the middle of 2024: 3,165,686.
    assert people["25006", 2024] == pytest.approx(1_003_530 / 3_026_943 * 3_165_686, rel=1e-14)


def test_apportioned_figures_are_as_near_to_conapo_as_the_documentation_says():
    theirs = pd.read_parquet(shared.path("data/conapo-population-municipal-2015-2026.parquet"))
    with pytest.warns(ExposureWarning, match="10 municipalities made after"):
        conapo = load_population("municipality", theirs)

    both = load_population("municipality").merge(conapo, on=["cvegeo", "year"])
    error = (both["population_x"] / both["population_y"] - 1).abs().groupby(both["year"])

    assert len(both) == 2465 * 12
    median, high = error.median(), error.quantile(0.9)
    assert {year: round(median[year], 3) for year in (2016, 2020, 2024, 2026)} == {
        2016: 0.033,
        2020: 0.003,
        2024: 0.028,
        2026: 0.040,
    }
    assert {year: round(high[year], 2) for year in (2020, 2024, 2026)} == {
        2020: 0.01,
        2024: 0.07,
        2026: 0.11,
    }


def test_a_caller_cannot_change_the_shipped_figures():
    mine = load_population("state")
    mine.loc[:, "population"] = 0

    assert load_population("state")["population"].sum() > 1e9


def test_unknown_level_is_refused():
    with pytest.raises(SettingsError, match="choose state or municipality"):
        load_population("country")


# Person-years


@pytest.mark.parametrize(
    ("label", "period"),
    [
        ("common year = exactly 1", "year"),
        ("leap year = exactly 1", "year"),
        ("Feb 2023", "month"),
        ("Feb 2024", "month"),
        ("2024Q3", "quarter"),
        ("month cut by data_through", "month"),
    ],
)
def test_person_years_are_those_of_the_oracle(label, period):
    oracle = shared.oracle("person_time")
    [case] = [case for case in oracle["cases"] if case["label"] == label]

    exposure = load_exposure(
        "state",
        period=period,
        first=case["start"],
        last=case["end"],
        data_through=case["data_through"],
        population=every_state(case["population"]),
    )

    assert len(exposure) == 32
    tolerance = oracle["tolerance"]["rel"]
    np.testing.assert_allclose(exposure["exposure"], case["person_years"], rtol=tolerance)
    np.testing.assert_allclose(exposure["years"], case["years"], rtol=tolerance)
    np.testing.assert_allclose(exposure["population"], case["population"], rtol=tolerance)
    assert (exposure["origin"] == "given").all()


def test_week_over_a_new_year_takes_each_day_with_the_population_of_its_year():
    table = every_state(0, years=(2024, 2025))
    table.loc[table["year"] == 2024, "population"] = 366_000
    table.loc[table["year"] == 2025, "population"] = 730_000

    exposure = load_exposure(
        "state", period="week", first="2024-12-30", last="2024-12-30", population=table
    )

    # Monday and Tuesday in 2024: 2 / 366 of 366,000; five days in 2025: 5 / 365 of 730,000.
    assert exposure["period"].unique().tolist() == ["2025-W01"]
    np.testing.assert_allclose(exposure["exposure"], 2_000 + 10_000, rtol=1e-14)
    np.testing.assert_allclose(exposure["years"], 2 / 366 + 5 / 365, rtol=1e-14)
    np.testing.assert_allclose(exposure["population"], 12_000 / (2 / 366 + 5 / 365), rtol=1e-14)


@pytest.mark.parametrize("period", ["year", "quarter", "month", "week", "acled-week"])
def test_default_periods_are_the_whole_ones_within_the_years_of_the_population(period):
    exposure = load_exposure("state", period=period)

    schema.EXPOSURE.check(exposure)
    number = {"year": 12, "quarter": 48, "month": 144, "week": 625, "acled-week": 625}
    assert exposure["period"].nunique() == number[period]
    assert len(exposure) == 32 * number[period]
    assert exposure["exposure"].notna().all()


def test_parts_of_a_year_have_the_person_years_of_the_year():
    months = load_exposure(period="month", first="2024-01-01", last="2024-12-31")
    year = load_exposure(period="year", first="2024-01-01", last="2024-12-31")

    sums = months.groupby("cvegeo")["exposure"].sum()

    np.testing.assert_allclose(sums.to_numpy(), year["exposure"].to_numpy(), rtol=1e-12)
    assert months["cvegeo"].is_monotonic_increasing


def test_periods_after_the_data_are_left_out_and_types_stay():
    exposure = load_exposure(
        "state", period="month", first="2024-09-01", last="2024-09-30", data_through="2024-08-20"
    )

    assert len(exposure) == 0
    schema.EXPOSURE.check(exposure)


def test_e3_year_without_population_is_refused_and_the_known_years_are_named():
    with pytest.raises(ExposureError, match=r"no population for 2014; .* 2015 to 2026") as error:
        load_exposure("state", first="2014-01-01", last="2014-12-31")

    assert "nearest_year=True" in str(error.value)


def test_e3_nearest_year_stands_in_only_where_it_is_allowed_and_is_marked():
    with pytest.warns(ExposureWarning, match="2026 for 2027"):
        exposure = load_exposure(
            "state", period="month", first="2026-12-01", last="2027-01-31", nearest_year=True
        )

    sinaloa = exposure[exposure["cvegeo"] == "25"]
    assert sinaloa["origin"].tolist() == ["projected", "nearest year"]
    assert sinaloa["population"].iloc[0] == sinaloa["population"].iloc[1]


def test_period_over_2019_and_2020_has_the_origin_of_the_later_year():
    exposure = load_exposure("state", period="week", first="2019-12-30", last="2019-12-30")

    assert set(exposure["origin"]) == {"projected"}


# Given


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("cvegeo,year,population\n25,2023,1000\n", "utf-8", id="plain"),
        pytest.param("CVEGEO,Año,Población\n25,2023,1000\n", "utf-8-sig", id="Spanish, BOM"),
        pytest.param("CVEGEO,AÑO,POB\n25,2023,1000\n", "latin-1", id="A1 latin-1"),
        pytest.param("cvegeo;year;population\n25;2023;1000\n", "utf-8", id="A7 semicolon"),
        pytest.param(
            " Clave\tANO\tPOB_MIT_MUN \n25\t2023\t1000\n", "utf-8", id="CONAPO's names, tab"
        ),
        pytest.param('cvegeo,year,population\n25,2023,"1,000"\n', "utf-8", id="B1 thousands"),
        pytest.param("year,note,population,cvegeo\n2023,x,1000.0,25.0\n", "utf-8", id="floats"),
    ],
)
def test_own_table_is_read_whatever_its_headers_and_encoding(tmp_path, text, encoding):
    path = written(tmp_path, text, encoding=encoding)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ExposureWarning)
        people = load_population("state", path)

    schema.POPULATION.check(people)
    assert people.to_numpy().tolist() == [["25", 2023, 1000.0, "given"]]


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "frame"])
def test_own_table_may_be_parquet_a_workbook_or_in_memory(tmp_path, kind):
    table = every_state(1_000)
    if kind == "parquet":
        table.to_parquet(tmp_path / "p.parquet")
    elif kind == "xlsx":
        table.to_excel(tmp_path / "p.xlsx", index=False)
    given_table = table if kind == "frame" else tmp_path / f"p.{kind}"

    people = load_population("state", given_table)

    assert len(people) == 64
    assert people["population"].sum() == 64_000


def test_d1_codes_that_lost_their_zero_are_repaired():
    table = every_municipality(10).assign(cvegeo=lambda t: t["cvegeo"].astype("int64"))

    assert load_population("municipality", table)["cvegeo"].tolist() == sorted(
        boundaries.area_codes()["cvegeo"]
    )


@pytest.mark.parametrize("bad", ["-5", "many", "inf", "1e999", "12.345.678", "3,5"])
def test_e2_figure_that_is_no_number_of_people_is_refused_with_its_row(tmp_path, bad):
    path = written(tmp_path, f'cvegeo,year,population\n01,2023,10\n25,2023,"{bad}"\n')

    with pytest.raises(ExposureError, match="negative or no number") as error:
        load_population("state", path)

    assert f"row 3 '{bad}'" in str(error.value)


@pytest.mark.parametrize("bad", ["20x3", "2023.5", "", "23"])
def test_year_that_is_none_is_refused_with_its_row(tmp_path, bad):
    path = written(tmp_path, f"cvegeo,year,population\n01,{bad},10\n")

    with pytest.raises(ExposureError, match="row 2") as error:
        load_population("state", path)

    assert "2024" in str(error.value)


@pytest.mark.parametrize("code", ["25999", "33001", "Sinaloa", "25"])
def test_d6_code_of_no_municipality_is_refused_with_its_row(tmp_path, code):
    path = written(tmp_path, f"cvegeo,year,population\n25006,2023,10\n{code},2023,10\n")

    with pytest.raises(AreaError, match="row 3"):
        load_population("municipality", path)


def test_code_of_no_municipality_of_any_edition_is_refused():
    table = pd.DataFrame({"cvegeo": ["25555"], "year": [2023], "population": [10]})

    with pytest.raises(AreaError, match="25555"):
        load_population("municipality", table)


def test_two_figures_for_one_area_and_year_are_refused(tmp_path):
    text = "CLAVE,SEXO,ANO,POB_TOTAL\n25,M,2023,10\n25,H,2023,12\n"

    with pytest.raises(ExposureError, match=r"second population.*both sexes"):
        load_population("state", written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cvegeo,year\n25,2023\n", "population"),
        ("cvegeo,year,people\n25,2023,1\n", "no column population"),
        ("cvegeo,year,population,Year\n25,2023,1,2023\n", "2 columns for year"),
        ("cvegeo,year,population,year\n25,2023,1,2023\n", "2 columns for year"),
        ("cvegeo,year,population\n25,2023,1,9\n", "cannot be read"),
        ("cvegeo,year,population\n", "no rows"),
        ("cvegeo,year,population\n25,2023,\n", "no figure at all"),
        ("<html><body>login</body></html>\n", "HTML"),
        ("", "empty"),
    ],
)
def test_a11_file_that_is_no_population_table_is_refused(tmp_path, text, words):
    with pytest.raises((SourceError, ExposureError), match=words):
        load_population("state", written(tmp_path, text))


def test_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        load_population("state", tmp_path / "absent.csv")


def test_d7_people_of_a_new_municipality_count_with_its_parent():
    table = every_municipality(100)
    new = pd.DataFrame({"cvegeo": ["02006", "25019"], "year": [2023, 2023], "population": [7, 30]})

    with pytest.warns(ExposureWarning, match="02006 to 02001, 25019 to 25006"):
        people = load_population("municipality", pd.concat([new, table]))

    by_code = people.set_index("cvegeo")["population"]
    assert len(people) == 2465
    assert (by_code["02001"], by_code["25006"], by_code["25001"]) == (107, 130, 100)


def test_d7_a_part_is_not_taken_for_the_whole_where_the_parent_has_no_figure():
    table = every_municipality(100)
    table = table[table["cvegeo"] != "25006"]
    new = pd.DataFrame({"cvegeo": ["25019"], "year": [2023], "population": [30]})

    with pytest.warns(ExposureWarning):
        people = load_population("municipality", pd.concat([table, new]))

    assert "25006" not in set(people["cvegeo"])
    with pytest.warns(ExposureWarning):
        exposure = load_exposure(
            first="2023-01-01", last="2023-12-31", population=pd.concat([table, new])
        )
    assert exposure.set_index("cvegeo").loc["25006", ["population", "exposure"]].isna().all()


def test_e1_missing_figures_are_listed_and_give_no_exposure():
    table = every_state(1_000)
    table.loc[(table["cvegeo"] == "25") & (table["year"] == 2024), "population"] = np.nan

    with pytest.warns(ExposureWarning, match=r"1 areas have no population .*: 25"):
        exposure = load_exposure("state", period="month", population=table)

    sinaloa = exposure[exposure["cvegeo"] == "25"]
    known = sinaloa["period"].str.startswith("2023")
    assert sinaloa.loc[known, "exposure"].notna().all()
    assert sinaloa.loc[~known, ["population", "exposure", "origin"]].isna().all(axis=None)
    assert (sinaloa["years"] > 0).all()
    assert exposure.loc[exposure["cvegeo"] != "25", "exposure"].notna().all()


def test_e2_zero_people_are_zero_person_years():
    exposure = load_exposure("state", population=every_state(0))

    assert (exposure["exposure"] == 0).all()


def test_municipal_table_gives_states_their_sums_only_where_complete():
    table = every_municipality(10, years=(2023, 2024))
    table = table[~((table["cvegeo"] == "25006") & (table["year"] == 2024))]

    with pytest.warns(ExposureWarning, match=r": 25"):
        people = load_population("state", table)

    by_key = people.set_index(["cvegeo", "year"])["population"]
    assert by_key["25", 2023] == 18 * 10
    assert ("25", 2024) not in by_key.index
    assert by_key["20", 2024] == 570 * 10


def test_table_of_states_does_not_serve_municipalities():
    with pytest.raises(ExposureError, match="holds states"):
        load_population("municipality", every_state(10))


@given(st.lists(st.integers(0, 10**8), min_size=32, max_size=32), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(people, random):
    table = every_state(0, years=(2023,)).assign(population=people)
    rows = list(range(32))
    random.shuffle(rows)

    shuffled = load_population("state", table.iloc[rows])

    pd.testing.assert_frame_equal(shuffled, load_population("state", table))
    assert shuffled["population"].tolist() == people


@pytest.mark.parametrize("last", ["2024-09-09", "2024-02-29", "2024-12-30"])
def test_within_one_year_the_population_is_that_years_figure_to_the_last_digit(last):
    part = load_exposure("state", first="2024-01-01", last=last, data_through=last)
    figures = load_population("state").query("year == 2024").set_index("cvegeo")["population"]

    np.testing.assert_array_equal(part["population"], figures.reindex(part["cvegeo"]))
    np.testing.assert_allclose(part["population"] * part["years"], part["exposure"], rtol=1e-14)
