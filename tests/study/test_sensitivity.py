from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.sources.population import load_population
from geo.study.days import covered_days
from geo.study.gathering import gather
from geo.study.locating import locate_events
from geo.study.sensitivity import (
    DEATHS,
    NEAREST,
    OTHER_BASE,
    PRECISE,
    VARIANTS,
    WITHOUT_LARGEST,
    sensitivity,
)
from tests import studies, toy

QUESTIONS = (
    "change",
    "claim",
    "civilian targeting",
    "largest part by event type",
    "largest part by actors",
    "break",
    "elsewhere",
)


@pytest.fixture(scope="module")
def asked():
    """The sensitivity of the sample, by question and variant."""
    return studies.sample().tables["sensitivity"].set_index(["question", "variant"])


def ask(rows, **settings):
    given = {"base": "2023", "comparison": "2024", "focus": "Sinaloa", "data_through": "2024-12-31"}
    found = locate_events(toy.events(*[(-107.394, 24.809)] * len(rows), **columns(rows)),
                          **{**given, **settings})  # fmt: skip
    days = covered_days(found)
    return sensitivity(found, days, gather(found, days, draws=99), None)


def columns(rows):
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_every_question_is_asked_in_every_variant(asked):
    schema.SENSITIVITY.check(asked.reset_index())
    for question in QUESTIONS:
        for variant in VARIANTS[:-1]:
            assert asked.loc[(question, variant), "verdict"] != "not done"
    for variant in (PRECISE, NEAREST):
        assert asked.loc[("hotspots", variant), "flips"]


def test_what_flips_stands_first():
    flips = studies.sample().tables["sensitivity"]["flips"].fillna(value=False).tolist()

    assert flips == sorted(flips, reverse=True)
    assert any(flips)


def test_planted_change_is_found_in_every_variant_but_its_targeting_not_in_deaths(asked):
    change = asked.loc["change"]
    assert change["verdict"].eq("higher").all()
    assert asked.loc["claim", "verdict"].eq("inside").all()
    assert asked.loc["break", "verdict"].eq("2024-09").all()
    # In the sample, battles kill more than attacks on civilians do.
    assert asked.loc[("civilian targeting", DEATHS), "flips"]
    assert not asked.loc[("civilian targeting", OTHER_BASE), "flips"]


def test_main_columns_are_those_of_the_study(asked):
    row = studies.sample().tables["change_state"].set_index("cvegeo").loc["25"]

    assert asked.loc[("change", PRECISE), "main_value"] == row["rate_ratio"]
    assert asked.loc[("change", PRECISE), "main_verdict"] == "higher"


def test_only_exact_places_are_left_in_that_variant(asked):
    located = studies.sample().located
    exact = located[(located["geo_precision"] == "exact") & (located["cve_ent"] == "25")]
    years = exact["event_date"].dt.year.isin([2023, 2024]) & (exact["time_precision"] != "year")

    assert asked.loc[("change", PRECISE), "events"] == int(years.sum())


def test_without_its_largest_municipality_the_state_has_neither_its_events_nor_its_people(asked):
    located = studies.sample().located
    here = located[(located["cve_ent"] == "25") & located["event_date"].dt.year.isin([2023, 2024])]
    rest = here[here["cvegeo"] != "25006"]
    people = {
        level: load_population(level).set_index(["cvegeo", "year"])["population"]
        for level in ("state", "municipality")
    }
    left = {
        year: people["state"]["25", year] - people["municipality"]["25006", year]
        for year in (2023, 2024)
    }
    counts = rest["event_date"].dt.year.value_counts()

    row = asked.loc[("change", WITHOUT_LARGEST)]

    assert row["value"] == pytest.approx(counts[2024] / left[2024] / (counts[2023] / left[2023]))
    assert "Culiacán, Sinaloa" in row["note"]


def test_deaths_are_counted_each_and_have_no_exact_interval():
    # Ten events with 5 deaths each before, twenty with 5 each after; too few months for the other
    # interval. 31 days either way.
    rows = [{"event_date": "2023-01-01", "fatalities": 1.0}]
    rows += [{"event_date": f"2023-10-{day:02}", "fatalities": 5.0} for day in range(1, 11)]
    rows += [{"event_date": f"2023-12-{day:02}", "fatalities": 5.0} for day in range(1, 21)]
    found = ask(rows, base="2023-10", comparison="2023-12", data_through="2023-12-31").table
    change = found[(found["question"] == "change") & (found["variant"] == DEATHS)].iloc[0]

    assert change["events"] == 150
    assert change["value"] == pytest.approx(2.0)
    assert pd.isna(change["low"])
    assert change["verdict"] == "not defined"


def test_variant_that_says_nothing_is_listed_with_the_reason():
    rows = [{"event_date": f"2023-{month:02}-01", "fatalities": 0.0} for month in range(1, 13)]
    rows += [{"event_date": f"2024-{month:02}-15", "fatalities": 0.0} for month in range(1, 13)]
    found = ask(rows).table.set_index(["question", "variant"])

    assert found.loc[("change", PRECISE), "note"] == "every place is known exactly"
    assert found.loc[("change", DEATHS), "note"] == "no event has deaths"
    assert "the data begin on 2023-01-01" in found.loc[("change", OTHER_BASE), "note"]
    assert found.xs(PRECISE, level="variant")["flips"].isna().all()
    # Nothing is left of the state without Culiacán: that is no answer, not another one.
    assert found.loc[("change", WITHOUT_LARGEST), "verdict"] == "not defined"
    assert pd.isna(found.loc[("change", WITHOUT_LARGEST), "flips"])
    assert found.loc[("change", PRECISE), "verdict"] == "not done"


def test_areas_called_otherwise_are_listed_for_each_variant():
    table = studies.sample().tables["sensitivity_areas"]
    counts = studies.sample().tables["sensitivity"].set_index(["question", "variant"])["value"]

    for variant, rows in table.groupby("variant"):
        assert len(rows) == counts["hotspots", variant]
        assert (rows["verdict"] != rows["variant_verdict"]).all()
    assert set(table["variant"]) == {PRECISE, NEAREST}
