from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import warnings
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from geo import schema
from geo.attribution import ACLED, MADE_UP
from geo.errors import (
    AreaError,
    BalanceError,
    DataWarning,
    ExposureError,
    PeriodError,
    SettingsError,
    SourceError,
)
from geo.ledger import Ledger
from geo.steps.hotspots import find_hotspots
from geo.study import Study, change_sentence, locate_events, run_study
from geo.study.account import account_of, check_account
from tests import shared, studies

INF, NAN = float("inf"), float("nan")
HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
    "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,tags,timestamp"
)


def acled_row(number, date, *, lon=-107.394, lat=24.809, state="Sinaloa", precision=1):
    return (
        f"MEX{number},{date},{date[:4]},1,Political violence,Battles,Armed clash,Group A,,"
        f"Political militia,Group B,,Political militia,Political militia-Political militia,,484,"
        f"North America,Mexico,{state},Culiacan,,Culiacan,{lat},{lon},{precision},Paper,"
        f"Subnational,A note,0,,1736000000"
    )


@pytest.fixture
def acled(tmp_path):
    """Four events in Culiacán, one known only to the state, one at sea; 2023 and 2024."""
    rows = [
        acled_row(1, "2023-01-02"),
        acled_row(2, "2023-12-30"),
        acled_row(3, "2024-09-09"),
        acled_row(4, "2024-12-31"),
        acled_row(5, "2024-10-01", precision=3),
        acled_row(6, "2024-10-02", lon=-112.0, lat=20.0, state="Sinaloa"),
        acled_row(7, "2024-02-31"),
    ]
    path = tmp_path / "acled.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def number(account, step, outcome, reason=""):
    rows = account[
        (account["step"] == step) & (account["outcome"] == outcome) & (account["reason"] == reason)
    ]
    return int(rows["number"].sum())


# --- settings -------------------------------------------------------------------------------


def test_settings_are_read_from_toml_with_paths_relative_to_it(tmp_path):
    file = tmp_path / "sinaloa.toml"
    file.write_text(
        'events = ["a.csv", "b.csv"]\nbase = 2023\ncomparison = "2024"\naccessed = 2025-01-15\n'
        'population = "people.csv"\n[filters]\nsince = 2023-01-01\n'
        '[columns]\nevent_date = "fecha"\n',
        encoding="utf-8",
    )

    study = Study.from_toml(file)

    assert study.events == (str(tmp_path / "a.csv"), str(tmp_path / "b.csv"))
    assert study.population == tmp_path / "people.csv"
    assert study.out == tmp_path / "out" / "sinaloa"
    assert (study.base, study.comparison, study.accessed) == ("2023", "2024", "2025-01-15")
    assert study.filters == {"since": dt.date(2023, 1, 1)}
    assert study.columns == {"event_date": "fecha"}


def test_shipped_study_of_the_sample_is_valid():
    file = Path(__file__).resolve().parents[1] / "maps" / "sample.toml"

    study = Study.from_toml(file)

    assert study.is_sample
    assert study.out == file.parent / "out" / "sample"
    assert (study.base, study.comparison, study.focus) == ("2023", "2024", "Sinaloa")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            'events="a"\nfocuss="x"', r"no setting 'focuss'; did you mean 'focus'", id="typo"
        ),
        pytest.param('events="a"\nqqq=1', "there are events, title", id="nothing near"),
        pytest.param(
            'events="a"\n[filters]\nevent_type="x"',
            r"no setting 'filters\.event_type'; did you mean 'filters\.event_types'",
            id="typo in a filter",
        ),
        pytest.param('base="2023"', "'events' is missing", id="no events"),
        pytest.param(
            'events="a"\nbase="2023"', "base is given without comparison", id="one window"
        ),
        pytest.param('events="a"\nperiod="decade"', "choose year, quarter", id="period"),
        pytest.param(
            'events="a"\nbase="2023-13"\ncomparison="2024"',
            "'2023-13' is not a period",
            id="window",
        ),
        pytest.param('events="a"\nnearest_year="yes"', "true or false", id="claim"),
        pytest.param('events="a"\nseed=1.5', "a whole number", id="seed"),
        pytest.param('events="a"\nseed=-1', "seed = -1: give 0 or more", id="seed below zero"),
        pytest.param('events="a"\ntolerance_m=-1', "0 to 100,000 meters", id="tolerance"),
        pytest.param('events="a"\ntolerance_m=nan', "0 to 100,000 meters", id="tolerance nan"),
        pytest.param('events="a"\ntitle=["x"]', "text is expected", id="title"),
        pytest.param(
            'events=["sample", "a.csv"]', "cannot be read together", id="sample and files"
        ),
        pytest.param("events=[]", "no file of events", id="empty list"),
        pytest.param('events="a"\nlang="fr"', "choose en, es", id="language"),
        pytest.param('events = "a', "not a TOML file", id="broken"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(tmp_path, text, expected):
    file = tmp_path / "study.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError, match=expected) as caught:
        Study.from_toml(file)
    assert "study.toml" in str(caught.value)


def test_study_in_toml_is_never_read_as_a_file_of_events(tmp_path):
    with pytest.raises(SettingsError, match=r"b\.toml describes a study and is given alone"):
        locate_events([tmp_path / "a.csv", tmp_path / "b.toml"])


def test_all_faults_of_a_study_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        Study(events=(), base="2023", period="decade", lang="fr")
    assert str(caught.value).count("\n- ") == 4


def test_toml_that_is_not_there_is_said():
    with pytest.raises(SettingsError, match="cannot be read"):
        Study.from_toml("no-such.toml")


def test_settings_given_by_hand_go_before_those_of_the_file(tmp_path):
    file = tmp_path / "study.toml"
    file.write_text('events="sample"\nbase="2023"\ncomparison="2024"\n[filters]\nfatal_only=true\n')

    found = locate_events(file, base="2022", filters={"since": "2022-01-01"})

    assert found.settings.base == "2022"
    assert found.settings.comparison == "2024"
    assert found.settings.filters == {"fatal_only": True, "since": "2022-01-01"}


# --- the whole run --------------------------------------------------------------------------


def test_planted_story_is_found():
    results = studies.sample()
    sinaloa = results.tables["change_state"].set_index("cvegeo").loc["25"]

    assert (sinaloa["base_events"], sinaloa["comparison_events"]) == (240, 600)
    # 2.5 times the events of 0.7 % more people; limits of the exact interval by hand from R.
    assert sinaloa["rate_ratio"] == pytest.approx(2.5 * 3142699 / 3165686, rel=1e-12)
    assert 2.1 < sinaloa["ratio_low"] < 2.2
    assert 2.8 < sinaloa["ratio_high"] < 3.0
    ranked = results.tables["change_state"].sort_values("ratio_low", ascending=False)
    assert ranked["cvegeo"].iloc[0] == "25"


def test_summary_says_what_was_found_in_one_line():
    assert studies.sample().summary() == (
        "MADE-UP DATA. Sinaloa: 240 events in 2023, 600 in 2024 (2.50 times as many); 7.64 and "
        "18.95 per 100,000 person-years: 2.48 times (+148 %; 95 % interval 1.20-5.15 as "
        "months vary, 2.13-2.89 if events were independent). "
        "12,161 records: 12,037 used, 4 filtered, 120 quarantined"
    )


def test_every_table_keeps_its_contract():
    tables = studies.sample().tables

    for level in ("state", "municipality"):
        schema.MEASURES.check(tables[f"measures_{level}"])
        schema.CHANGE.check(tables[f"change_{level}"])
    schema.HOTSPOTS.check(tables["hotspots_municipality"])
    schema.OUTLIERS.check(tables["outliers_municipality"])
    schema.ASSIGNED.check(studies.sample().located)
    assert len(tables["measures_state"]) == 32 * 3
    assert len(tables["measures_municipality"]) == 2465 * 3


def test_e4_states_and_municipalities_and_account_agree_to_the_event():
    results = studies.sample()
    account, tables = results.tables["account"], results.tables

    assert account[account["step"] == "records"]["number"].sum() == results.ledger.physical
    for level in ("state", "municipality"):
        assert account[account["step"] == level]["number"].sum() == len(results.located)
        counted = tables[f"measures_{level}"]["events"].sum()
        assert number(account, f"panel {level}", "counted") == counted
    only_state = number(account, "municipality", "unassigned", "state_only")
    unknown = number(account, "municipality", "unassigned", "unknown_precision")
    assert (
        tables["measures_state"]["events"].sum()
        == tables["measures_municipality"]["events"].sum() + only_state + unknown
    )


def test_no_table_holds_an_event_but_the_conflicts_that_must_be_looked_at():
    results = studies.sample()

    for name, table in results.tables.items():
        assert not {"geometry", "notes", "actor1"} & set(table.columns), name
    assert set(results.tables["conflicts"].columns) == {
        "event_id", "admin1", "point_cvegeo", "cve_ent", "cvegeo",
    }  # fmt: skip


def test_made_up_data_are_labelled_and_acled_is_not_credited():
    results = studies.sample()

    assert results.made_up
    assert results.credits[0] is MADE_UP
    assert ACLED not in results.credits
    assert results.title["en"].startswith("MADE-UP DATA")
    assert results.title["es"].startswith("DATOS INVENTADOS")
    assert results.manifest["made_up"] is True


def test_j9_manifest_has_no_clock_path_or_user_and_is_plain(tmp_path, acled):
    text = json.dumps(run_study(acled, population=None).manifest)

    assert str(tmp_path) not in text
    assert "acled.csv" in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)


def test_hotspots_are_of_complete_periods_only(acled):
    results = run_study(acled, data_through="2025-03-31")

    assert set(results.tables["measures_state"]["period"]) == {"2023", "2024", "2025"}
    assert set(results.tables["hotspots_municipality"]["period"]) == {"2023", "2024"}


def test_hotspots_of_the_sample_are_where_the_story_was_planted():
    hotspots = studies.sample().tables["hotspots_municipality"]

    hot = hotspots[(hotspots["period"] == "2024") & (hotspots["gi_bin"] > 0)]
    assert len(hot) >= 3
    assert set(hot["cvegeo"].str[:2]) == {"25"}
    assert not (hotspots["gi_bin"] < 0).any()


def test_e11_permutations_and_seed_of_the_study_reach_the_hotspots_and_the_manifest():
    results = run_study("sample", permutations=999, seed=5, hotspot_periods=1)

    table = results.tables["hotspots_municipality"]
    measured = results.tables["measures_municipality"]
    latest = measured[measured["period"] == "2024"].reset_index(drop=True)
    with pytest.warns(DataWarning, match="999 permutations cannot give"):
        direct = find_hotspots(latest, permutations=999, seed=5)
    pd.testing.assert_series_equal(table["p_value"], direct["p_value"])
    assert table["p_value"].notna().any()
    assert results.manifest["settings"]["permutations"] == 999
    assert any("999 permutations cannot give a p below 0.002" in w for w in results.warnings)


@pytest.mark.parametrize("permutations", [-1, 38])
def test_e10_permutations_that_can_show_nothing_are_refused(permutations):
    with pytest.raises(SettingsError, match=f"permutations = {permutations}.*cannot give"):
        Study(events=("a.csv",), permutations=permutations)


def test_acled_file_is_counted_by_hand(acled):
    results = run_study(acled, base=2023, comparison=2024, focus="Culiacán", accessed="2025-01-15")

    state = results.tables["measures_state"].set_index(["cvegeo", "period"])["events"]
    town = results.tables["measures_municipality"].set_index(["cvegeo", "period"])["events"]
    assert (state["25", "2023"], state["25", "2024"]) == (2, 3)
    assert (town["25006", "2023"], town["25006", "2024"]) == (2, 2)
    assert results.ledger.counts() == {"used": 6, "filtered": 0, "quarantined": 1}
    account = results.tables["account"]
    assert number(account, "records", "quarantined", "impossible_date") == 1
    assert number(account, "municipality", "unassigned", "state_only") == 1
    assert number(account, "municipality", "unassigned", "offshore") == 1
    assert results.credits[0] is ACLED
    assert "accessed 2025-01-15" in results.credit_lines("en")[0]
    assert results.focus == "25006"
    assert not results.made_up


def test_filters_are_in_the_ledger_with_their_reason(acled):
    found = locate_events(acled, filters={"since": "2024-01-01"})

    assert found.ledger.counts() == {"used": 4, "filtered": 2, "quarantined": 1}
    reasons = found.ledger.reasons().set_index("reason")
    assert reasons.loc["before_since", "records"] == 2
    assert reasons.loc["before_since", "column"] == "event_date"
    assert found.ledger.records.loc[0, "fate"] == "filtered"


def test_quiet_periods_at_the_edge_of_the_data_are_zeros(acled):
    results = run_study(acled, filters={"until": "2023-12-31"})

    assert set(results.tables["measures_state"]["period"]) == {"2023"}

    late = run_study(acled, filters={"geo_precisions": ["state"]})
    state = late.tables["measures_state"].set_index(["cvegeo", "period"])["events"]
    assert (state["25", "2023"], state["25", "2024"]) == (0, 1)


def test_e5_filter_that_begins_inside_a_period_is_refused(acled):
    with pytest.raises(SettingsError, match="begins on 2024-01-01, so its rate would be too low"):
        run_study(acled, filters={"since": "2024-09-09"})

    months = run_study(acled, period="month", filters={"since": "2024-09-01"})
    assert sorted(set(months.tables["measures_state"]["period"])) == [
        "2024-09", "2024-10", "2024-11", "2024-12",
    ]  # fmt: skip


def test_e5_data_that_begin_inside_a_period_are_warned_of(tmp_path):
    rows = [acled_row(i, f"2023-{9 + i % 4:02d}-{1 + i % 28:02d}") for i in range(120)]
    path = tmp_path / "late.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")

    results = run_study(path)

    assert any("the data seem to begin on 2023-09-" in said for said in results.warnings)


@pytest.mark.parametrize("since", ["2023-02-01", "2023-12-15"])
def test_e5_filter_inside_the_first_period_is_refused_though_the_data_begin_days_later(
    acled, since
):
    """The file begins on 2 January: once that hid that most of the year was filtered out."""
    with pytest.raises(SettingsError, match="begins on 2023-01-01, so its rate would be too low"):
        run_study(acled, filters={"since": since})


@pytest.mark.parametrize(
    ("since", "is_warned"), [("2023-08-01", True), ("2024-01-01", False)], ids=["same", "later"]
)
def test_e5_filter_before_data_that_begin_late_does_not_hide_the_warning(
    tmp_path, since, is_warned
):
    rows = [acled_row(i, f"{2023 + i % 2}-{9 + i % 4:02d}-{1 + i % 28:02d}") for i in range(120)]
    path = tmp_path / "late.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")

    results = run_study(path, filters={"since": since})

    assert any("the data seem to begin" in said for said in results.warnings) is is_warned


def test_a14_shapefile_is_studied_as_any_file(tmp_path):
    path = tmp_path / "points.shp"
    points = gpd.points_from_xy([-107.394], [24.809])
    frame = gpd.GeoDataFrame({"event_date": ["2024-05-01"]}, geometry=points, crs=4326)
    frame.to_file(path)

    found = locate_events(path, geo_precision="exact")

    assert found.located["cvegeo"].tolist() == ["25006"]
    [entry] = found.source.inputs
    parts = [path.with_suffix(end) for end in (".shp", ".shx", ".dbf", ".prj", ".cpg")]
    assert (entry["name"], entry["bytes"]) == ("points.shp", sum(p.stat().st_size for p in parts))


def test_c8_d4_states_that_the_source_names_otherwise_or_wrongly_are_warned_of(tmp_path):
    rows = [
        acled_row(1, "2024-01-01", state="Jalisco"),
        acled_row(2, "2024-01-02", state="Sinalao", precision=3),
        acled_row(3, "2024-01-03", state=""),
        acled_row(4, "2024-01-04", state="Edomex", precision=3),
    ]
    path = tmp_path / "names.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")

    found = locate_events(path)

    assert found.located["cve_ent"].tolist() == ["25", "25", "25", "15"]
    said = [warning for warning in found.warnings if warning.startswith("admin1")]
    assert said == [
        "admin1: 2 events lie in another state than the one that the source names; the name "
        "counts where the place is known only to the state, else the point",
        "admin1: 1 event with a name that is of no state, such as 'Sinalao'; taken as not stated",
    ]


def test_several_files_are_one_study(tmp_path, acled):
    more = tmp_path / "more.csv"
    more.write_text("\n".join([HEADER, acled_row(8, "2024-05-05")]) + "\n", encoding="utf-8")

    results = run_study([acled, more])

    assert results.ledger.physical == 8
    assert len(results.located) == 7
    assert [entry["name"] for entry in results.manifest["inputs"]] == ["acled.csv", "more.csv"]


def test_table_of_events_can_be_studied_without_a_file():
    located = studies.sample().located
    events = gpd.GeoDataFrame(located[[c.name for c in schema.EVENTS.columns]])

    results = run_study(events, base=2023, comparison=2024, focus="25")

    again = results.tables["change_state"].set_index("cvegeo").loc["25"]
    assert (again["base_events"], again["comparison_events"]) == (240, 600)
    assert results.made_up
    assert results.ledger.counts()["used"] == 12_037
    assert len(results.manifest["inputs"][0]["sha256"]) == 64


def test_tables_of_events_put_together_are_studied_though_their_index_repeats():
    located = studies.sample().located
    events = gpd.GeoDataFrame(located[[c.name for c in schema.EVENTS.columns]]).iloc[:40]
    joined = pd.concat([events[:20].reset_index(drop=True), events[20:].reset_index(drop=True)])
    before = joined.copy()

    results = run_study(joined, data_through="2024-12-31")

    assert len(results.located) == 40
    assert joined.equals(before)


def test_own_population_takes_the_place_of_the_shipped_one(tmp_path, acled):
    table = tmp_path / "people.csv"
    codes = studies.sample().tables["change_municipality"]["cvegeo"]
    rows = [f"{code},{year},1000" for code in codes for year in (2023, 2024)]
    table.write_text("cvegeo,year,population\n" + "\n".join(rows) + "\n", encoding="utf-8")

    results = run_study(acled, population=table, base=2023, comparison=2024)

    town = results.tables["measures_municipality"].set_index(["cvegeo", "period"])
    assert town.loc[("25006", "2023"), "crude_rate"] == 200.0
    change = results.tables["change_state"].set_index("cvegeo")
    assert change.loc["25", "base_exposure"] == 18_000
    assert results.manifest["population"]["name"] == "people.csv"
    assert "people.csv" in "".join(results.credit_lines("en"))
    assert "CONAPO" not in "".join(results.credit_lines("en"))


def test_population_of_states_alone_is_refused(tmp_path, acled):
    table = tmp_path / "people.csv"
    rows = [f"{code:02d},{year},1000" for code in range(1, 33) for year in (2023, 2024)]
    table.write_text("cvegeo,year,population\n" + "\n".join(rows) + "\n", encoding="utf-8")

    with pytest.raises(ExposureError, match="holds states"):
        run_study(acled, population=table)


def test_e3_years_without_population_are_refused_with_the_cure(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("\n".join([HEADER, acled_row(1, "2011-05-05")]), encoding="utf-8")

    with pytest.raises(ExposureError, match=r"2011.*--nearest-year.*--since"):
        run_study(path)

    borrowed = run_study(path, nearest_year=True)
    assert any("nearest" in said for said in borrowed.warnings)


def test_e3_e1_period_without_population_keeps_its_counts_and_has_no_rate(tmp_path):
    path = tmp_path / "long.csv"
    rows = [acled_row(1, "2011-05-05"), acled_row(2, "2016-05-05"), acled_row(3, "2016-12-31")]
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")

    results = run_study(path)

    for level in ("state", "municipality"):
        table = results.tables[f"measures_{level}"]
        by_year = table.groupby("period")[["events", "crude_rate"]].agg(
            {"events": "sum", "crude_rate": "count"}
        )
        assert by_year.loc["2011"].tolist() == [1, 0]
        assert by_year.loc["2014"].tolist() == [0, 0]
        assert by_year.loc["2016", "events"] == 2
        assert by_year.loc["2016", "crude_rate"] == {"state": 32, "municipality": 2465}[level]
        assert not table.loc[table["period"] < "2015", "reliable"].any()
    [said] = [w for w in results.warnings if "no population is known" in w]
    assert "2011 to 2014 (4 periods)" in said
    assert "--nearest-year" in said


def test_nothing_left_to_study_is_said_with_the_reasons(acled):
    with pytest.raises(SettingsError, match=r"no event is left.*before_since \(6\)"):
        run_study(acled, filters={"since": "2025-01-01"})


def test_window_outside_the_data_is_refused(acled):
    with pytest.raises(PeriodError):
        run_study(acled, base=2019, comparison=2020)


def test_d3_focus_that_may_be_several_places_is_refused_before_reading():
    with pytest.raises(AreaError, match="Juárez"):
        run_study("no-such-file.csv", focus="Benito Juárez")


def test_file_that_is_not_there_is_said():
    with pytest.raises(SourceError, match=r"no-such-file\.csv"):
        run_study("no-such-file.csv")


def test_warnings_of_steps_go_with_the_results_and_not_to_the_caller(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("\n".join([HEADER, acled_row(1, "2011-05-05")]), encoding="utf-8")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = run_study(path, nearest_year=True)
    assert any("nearest" in said for said in results.warnings)


def test_i7_progress_is_told_in_order(acled):
    stages = []

    run_study(acled, base=2023, comparison=2024, progress=lambda stage, *_: stages.append(stage))

    assert list(dict.fromkeys(stages))[-8:] == [
        "assign", "count", "hotspots", "compare", "parts", "place", "sensitivity", "map"
    ]  # fmt: skip


def test_results_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        studies.sample().made_up = False


# --- the account ----------------------------------------------------------------------------


def test_account_that_loses_an_event_is_refused():
    rows = [("records", "used", "", 2), ("state", "inside", "", 1)]
    account = pd.DataFrame(rows, columns=["step", "outcome", "reason", "number"])

    with pytest.raises(BalanceError, match="2 events were used, but 1 are in the account"):
        check_account(account, physical=2)


def test_account_of_a_panel_with_more_events_than_were_assigned_is_refused():
    ledger = Ledger.of_used("a.csv", [], [])
    panel = schema.PANEL.empty()
    doubled = pd.DataFrame({"cvegeo": ["25"], "events": [1]})

    assert (
        number(account_of(ledger, schema.ASSIGNED.empty(), {"state": panel}), "records", "used")
        == 0
    )
    with pytest.raises(BalanceError, match="1 events are in the state panel, but only 0"):
        account_of(ledger, schema.ASSIGNED.empty(), {"state": doubled})


@pytest.mark.parametrize(
    ("values", "language", "expected"),
    [
        (
            (0, 5, 0.0, 1.0, INF, 0.92, INF, NAN, NAN), "en",
            "at least 0.92 times (95 %), no event before",
        ),
        ((0, 0, 0.0, 0.0, NAN, NAN, NAN, NAN, NAN), "en", "no ratio"),
        (
            (10, 25, 1.0, 2.5, 2.5, 1.16, 5.83, NAN, NAN), "es",
            "2.50 veces (+150 %; intervalo de 95 % 1.16-5.83 si los eventos fueran independientes)",
        ),
        (
            (10, 25, 1.0, 2.5, 2.5, 1.16, 5.83, 1.02, 6.11), "es",
            "intervalo de 95 % 1.02-6.11 según varían los meses, 1.16-5.83 si los eventos fueran",
        ),
    ],
    ids=["E6 base of zero", "E6 both zero", "few months", "Spanish"],
)  # fmt: skip
def test_e6_change_is_said_without_a_percentage_of_nothing(values, language, expected):
    names = [
        "base_events", "comparison_events", "base_rate", "comparison_rate",
        "rate_ratio", "ratio_low", "ratio_high", "quasi_low", "quasi_high",
    ]  # fmt: skip
    row = pd.Series(values, index=names)

    said = change_sentence(row, "X", base="2023", comparison="2024", language=language)

    assert expected in said
    assert "nan" not in said
    assert "inf" not in said


def test_counts_are_put_in_proportion_only_where_the_windows_are_equally_long():
    values = [10, 25, 1.0, 7.5, 7.5, 3.5, 17.5, NAN, NAN]
    names = [
        "base_events", "comparison_events", "base_rate", "comparison_rate",
        "rate_ratio", "ratio_low", "ratio_high", "quasi_low", "quasi_high",
    ]  # fmt: skip
    row = pd.Series(values, index=names)

    year = change_sentence(row, "X", base="2023", comparison="2024")
    third = change_sentence(row, "X", base="2023", comparison="2024-09-01/2024-12-31")

    assert "(2.50 times as many)" in year
    assert "as many" not in third


def test_real_file_gives_the_reference_rates_of_2023():
    path = shared.path("data/ucdp-ged-mexico.csv.gz")

    results = run_study(path, filters={"since": "2015-01-01"})

    assert results.ledger.physical == 18_957
    state = results.tables["measures_state"]
    rates = state[state["period"] == "2023"].set_index("cvegeo")["crude_rate"].round(2)
    expected = {
        "12": 15.93, "02": 11.99, "11": 9.51, "08": 9.50, "32": 7.19, "25": 5.38, "16": 4.67,
    }  # fmt: skip
    assert rates[list(expected)].to_dict() == expected
    assert state.loc[state["period"] == "2023", "events"].sum() == 2_833
