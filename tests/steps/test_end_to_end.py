"""Made-up events through all steps, against figures worked out elsewhere."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from scipy import stats

from geo import schema
from geo.steps.assign import assign_areas
from geo.steps.compare import compare_windows
from geo.steps.count import count_events
from geo.steps.explain import explain_change
from geo.steps.levels import check_levels
from geo.steps.measure import add_rates
from tests import shared, toy

PRECISION = {1: "exact", 2: "near", 3: "state"}
TIME = {1: "day", 2: "week", 3: "month"}


@pytest.fixture(scope="module")
def known():
    return shared.oracle("end_to_end")


@pytest.fixture(scope="module")
def located(known):
    raw = pd.read_csv(shared.path(f"oracles/{known['events_csv']}"))
    events = toy.events(
        *zip(raw["longitude"], raw["latitude"], strict=True),
        event_date=raw["event_date"],
        event_type=raw["event_type"],
        admin1=raw["admin1"],
        fatalities=raw["fatalities"],
        geo_precision=raw["geo_precision"].map(PRECISION),
        time_precision=raw["time_precision"].map(TIME),
    )
    assert len(events) == known["n_events"]
    return assign_areas(gpd.GeoDataFrame(events))


def people(known):
    return {row["cve_ent"]: row["population"] for row in known["states"]}


def test_state_counts_rates_and_intervals_agree(known, located):
    codes = pd.DataFrame({"cvegeo": list(people(known))}, dtype="str")
    panel = count_events(
        located, level="state", areas=codes, first="2023", last="2024", data_through="2024-12-31"
    )

    measured = add_rates(panel, toy.exposure(people(known), ["2023", "2024"]))

    by_key = measured.set_index(["cvegeo", "period"])
    for row in known["states"]:
        for year in ("2023", "2024"):
            found = by_key.loc[row["cve_ent"], year]
            assert found["events"] == row[f"events_{year}"]
            assert found["crude_rate"] == pytest.approx(row[f"rate_{year}"], rel=1e-9)
            assert [found["rate_low"], found["rate_high"]] == pytest.approx(
                row[f"ci_{year}"], rel=1e-9
            )


def test_months_and_quarters_of_the_focus_state_agree(known, located):
    for kind in ("month", "quarter"):
        panel = count_events(located, level="state", period=kind, data_through="2024-12-31")
        focus = panel[panel["cvegeo"] == known["focus_state"]].set_index("period")["events"]
        expected = known["focus"][f"by_{kind}"]
        assert {label.replace("-Q", "Q"): n for label, n in focus.items()} == expected


def test_municipal_counts_leave_out_what_is_only_known_to_the_state(known, located):
    years = {"first": "2023", "last": "2024", "data_through": "2024-12-31"}
    municipal = count_events(located, **years)
    states = count_events(located, level="state", **years)

    focus = municipal[municipal["cvegeo"].str.startswith(known["focus_state"])]
    counts = focus[focus["events"] > 0].set_index(["cvegeo", "period"])["events"].to_dict()
    expected = known["focus"]["municipal_counts_geo_precision_1_2"]
    assert counts == {
        (code, year[1:]): n for code, row in expected.items() for year, n in row.items() if n
    }
    checked = check_levels(located, states, municipal)
    of_focus = checked[checked["cvegeo"] == known["focus_state"]]
    assert of_focus["state_only_events"].sum() == known["focus"]["excluded_from_municipal"]


@pytest.mark.parametrize("windows", ["years", "event"])
def test_ratio_interval_and_p_agree(known, located, windows):
    population = toy.population(people(known), [2023, 2024])
    codes = pd.DataFrame({"cvegeo": list(people(known))}, dtype="str")
    if windows == "years":
        base, comparison = "2023", "2024"
        expected = {row["cve_ent"]: row["change"] for row in known["states"]}
    else:
        base, comparison = "2023-09-01/2024-08-31", "2024-09-01/2024-12-31"
        expected = {known["focus_state"]: known["focus"]["event_window"]}

    change = compare_windows(
        located,
        base=base,
        comparison=comparison,
        areas=codes,
        population=population,
        data_through="2024-12-31",
    )

    schema.CHANGE.check(change)
    for code, row in expected.items():
        [found] = change[change["cvegeo"] == code].to_dict("records")
        assert (found["base_events"], found["comparison_events"]) == (row["before"], row["after"])
        for name, key in [("rate_ratio", "ratio"), ("ratio_low", "lo"), ("ratio_high", "hi")]:
            assert found[name] == pytest.approx(row[key], rel=1e-9)
        assert found["p_value"] == pytest.approx(row["p_exact_doubled"], rel=1e-9)


@pytest.fixture(scope="module")
def explain(known, located):
    def made(by):
        return explain_change(
            located,
            base="2023",
            comparison="2024",
            focus=known["focus_state"],
            by=by,
            population=toy.population(people(known), [2023, 2024]),
            data_through="2024-12-31",
            draws=1,
        ).set_index("category")

    return made


def test_parts_of_the_change_agree(known, explain):
    parts = explain("event_type")

    schema.EXPLAINED.check(parts.reset_index())
    expected = known["focus"]["decomposition_event_type"]
    assert set(parts.index) == {row["event_type"] for row in expected}
    for row in expected:
        found = parts.loc[row["event_type"]]
        assert found[["base_events", "comparison_events"]].tolist() == [row["before"], row["after"]]
        for name, key in [
            ("contribution", "contribution_to_relative_change"),
            ("share_of_change", "share_of_change"),
            ("rate_ratio", "own_ratio"),
        ]:
            assert found[name] == pytest.approx(row[key], rel=1e-9)


def test_growth_of_civilian_targeting_against_the_rest_and_the_whole_agrees(
    known, explain, located
):
    targeted = located["event_type"] == "Violence against civilians"
    expected = known["focus"]["civilian_targeting"]

    found = explain({"targeted": targeted}).loc["targeted"]

    assert found[["base_events", "comparison_events"]].tolist() == [
        expected["category_before"],
        expected["category_after"],
    ]
    assert found["rate_ratio"] == pytest.approx(expected["own_ratio"], rel=1e-9)
    assert found["ratio_of_ratios"] == pytest.approx(expected["ror_vs_rest"], rel=1e-9)
    assert found["share_ratio"] == pytest.approx(expected["ror_vs_total"], rel=1e-9)
    # R's p adds up the less likely tables; ours is the smaller tail doubled, and never below half.
    counts = [
        [expected["category_after"], expected["category_before"]],
        [expected["rest_after"], expected["rest_before"]],
    ]
    assert stats.fisher_exact(counts).pvalue == pytest.approx(expected["fisher_p"], rel=1e-9)
    assert expected["fisher_p"] <= found["fisher_p"] <= 2 * expected["fisher_p"]
