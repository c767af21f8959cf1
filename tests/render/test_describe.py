import dataclasses
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from geo.attribution import ACLED
from geo.errors import SettingsError
from geo.render.describe import account_of, describe, filters_in_words, latest_period, level_data
from geo.render.map import EventMap
from geo.render.mapdata import LeftOut
from geo.study.settings import Study
from tests import studies
from tests.render.maps import toy_ground

NAN = float("nan")
ROWS = [
    # cvegeo, period, complete, events, people, rate, low, high, eb
    ("01001", "2023", True, 4, 1000.0, 400.0, 108.9, 1024.0, 380.0),
    ("02001", "2023", True, 0, 2000.0, 0.0, 0.0, 184.4, 90.0),
    ("01001", "2024", False, 9, 1000.0, 900.0, 411.5, 1708.0, 850.0),
    ("02001", "2024", False, 1, NAN, NAN, NAN, NAN, NAN),
]
ACCOUNT = [
    ("records", "used", "", 14),
    ("records", "filtered", "event_type", 2),
    ("records", "quarantined", "impossible_date", 1),
    ("records", "quarantined", "no_date", 3),
    ("state", "inside", "", 13),
    ("state", "unassigned", "offshore", 1),
    ("municipality", "inside", "", 12),
    ("municipality", "unassigned", "offshore", 1),
    ("municipality", "unassigned", "state_only", 1),
    ("panel state", "counted", "", 13),
    ("panel state", "not counted", "", 0),
    ("panel municipality", "counted", "", 10),
    ("panel municipality", "not counted", "", 2),
]


def measures(rows=ROWS, digits=5):
    columns = "cvegeo period complete events population crude_rate rate_low rate_high eb_rate"
    frame = pd.DataFrame(rows, columns=columns.split())
    return frame.assign(
        cvegeo=frame["cvegeo"].str[:digits],
        name=frame["cvegeo"].map({"01001": "Oeste", "02001": "Este"}),
        state_name="S",
        exposure=frame["population"],
        reliable=pd.array([False] * len(frame), dtype="boolean"),
    )


def results(**changes):
    hotspots = pd.DataFrame(
        {
            "cvegeo": ["01001", "02001"],
            "period": "2023",
            "gi_bin": pd.array([2, 0], dtype="Int64"),
            "gi_star": [2.2, 0.1],
            "q_value": [0.03, 0.9],
        }
    )
    tables = {
        "measures_state": measures(digits=2),
        "measures_municipality": measures(),
        "hotspots_municipality": hotspots,
        "account": pd.DataFrame(ACCOUNT, columns=["step", "outcome", "reason", "number"]),
    }
    given = {
        "tables": tables,
        "settings": Study(events=("a.csv",), accessed="2025-01-15", filters={"fatal_only": True}),
        "focus": None,
        "facts": SimpleNamespace(source="ACLED", first_day="2023-01-01", data_through="2024-06-30"),
        "warnings": ("places: 3 events are imprecise",),
        "made_up": False,
        "credits": (ACLED,),
        "manifest": {"seed": 1},
        "atlas": None,
    }
    return SimpleNamespace(**(given | changes))


def test_the_map_shows_the_latest_complete_period():
    data = describe(results())

    assert data.period.label == "2023"
    assert data.period.complete
    assert data.levels["municipality"].areas["events"].tolist() == [4, 0]
    assert data.levels["municipality"].areas["gi_bin"].tolist() == [2, 0]
    assert not data.levels["state"].has_hotspots


def test_e5_without_a_complete_period_the_latest_is_shown_and_said_to_be_incomplete():
    only = measures(ROWS[2:])

    period = latest_period(only)

    assert (period.label, period.complete) == ("2024", False)
    assert (str(period.start), str(period.end)) == ("2024-01-01", "2025-01-01")


def test_no_period_at_all_is_refused():
    with pytest.raises(SettingsError, match="no period"):
        latest_period(measures([]))


def test_classes_cover_the_values_shown_and_missing_has_none():
    data = level_data(measures(), "2024")

    assert data.breaks["count"].counts(data.areas["events"]).sum() == 2
    assert data.breaks["rate"].counts(data.areas["crude_rate"]).sum() == 1


def test_hotspots_of_another_period_are_not_shown():
    tables = results().tables["hotspots_municipality"]

    assert not level_data(measures(), "2024", tables).has_hotspots


@pytest.mark.parametrize(
    ("permutations", "en", "es"),
    [
        pytest.param(
            99_999,
            "two-sided p from 99,999 conditional permutations (seed 7)",
            "p de dos colas con 99,999 permutaciones condicionales (semilla 7)",
            id="permutations",
        ),
        pytest.param(
            0,
            "two-sided analytic p (no permutations)",
            "p analítico de dos colas (sin permutaciones)",
            id="normal tail",
        ),
    ],
)
def test_e12_the_method_says_which_p_the_hotspots_have(permutations, en, es):
    settings = Study(events=("a.csv",), permutations=permutations, seed=7)

    data = describe(results(settings=settings))

    [said] = [text for text in data.method if "Gi*" in text.en]
    assert en in said.en
    assert es in said.es
    assert "{" not in said.en + said.es
    assert data.permutations == permutations


def test_hotspots_without_a_word_on_their_p_are_refused():
    data = dataclasses.replace(describe(results()), permutations=None)

    with pytest.raises(SettingsError, match="say how many permutations"):
        data.check()


def test_the_account_of_the_map_is_that_of_the_study():
    account = account_of(results().tables["account"])

    account.check()
    assert (account.physical, account.used, account.filtered, account.quarantined) == (20, 14, 2, 4)
    assert account.quarantined_reasons == (LeftOut("no_date", 3), LeftOut("impossible_date", 1))
    assert account.municipality_left_out == (
        LeftOut("offshore", 1),
        LeftOut("state_only", 1),
        LeftOut("outside_periods", 2),
    )


def test_filters_are_said_in_both_languages_and_those_that_are_off_are_not():
    filters = filters_in_words(
        {"event_types": ("Battles", "Riots"), "fatal_only": True, "civilian_targeting": False}
    )

    assert [f.es for f in filters] == [
        "tipo de evento: Battles, Riots",
        "solo eventos con al menos una muerte",
    ]


def test_j6_source_day_of_access_method_and_warnings_reach_the_page():
    page = EventMap(describe(results()), "en", ground=toy_ground()).html()
    page = re.sub(r"</?(?:span|wbr)\b[^>]*>", "", page)  # what holds dates together

    for words in (
        "Source: ACLED, accessed Jan 15, 2025.",
        "Filters: only events with at least one death.",
        "Armed Conflict Location &amp; Event Data (ACLED), acleddata.com; accessed 2025-01-15",
        "places: 3 events are imprecise",
        "Garwood 1936",
    ):
        assert words in page


def test_subtitle_tells_the_days_that_are_used_and_not_all_of_the_file():
    results = studies.sample()
    filters = {"since": "2023-03-01", "until": "2024-06-30"}
    fewer = dataclasses.replace(
        results, settings=dataclasses.replace(results.settings, filters=filters)
    )

    assert describe(results).subtitle.en.endswith("data from Jan 1, 2022 to Dec 31, 2024")
    assert describe(fewer).subtitle.en.endswith("data from Mar 1, 2023 to Jun 30, 2024")
    assert describe(fewer).subtitle.es.endswith("datos del 1 mar 2023 al 30 jun 2024")
