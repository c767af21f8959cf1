from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import PeriodError, SettingsError
from geo.ledger import Ledger
from geo.steps.filter import REASONS, filter_events
from tests import toy

HERE = [(0.5, 0.5)] * 4


def events():
    return toy.events(
        *HERE,
        event_date=["2023-12-31", "2024-01-01", "2024-06-30", "2024-07-01"],
        event_type=["Battles", "Riots", None, "Battles"],
        sub_event_type=["Armed clash", "Mob violence", None, "Armed clash"],
        disorder_type=["Political violence", "Demonstrations", None, "Political violence"],
        actor1=["Sinaloa Cartel", "Rioters", None, "Police"],
        actor2=["Police", None, None, "CJNG"],
        civilian_targeting=[True, False, None, True],
        fatalities=[2.0, 0.0, None, 1.0],
        geo_precision=["exact", "near", "state", "exact"],
        time_precision=["day", "week", "month", "day"],
        source=["ACLED", "ACLED", "UCDP GED", "ACLED"],
        record=[11, 12, 13, 14],
    )


@pytest.mark.parametrize(
    ("conditions", "kept", "left_out"),
    [
        pytest.param({}, [0, 1, 2, 3], {}, id="no condition"),
        pytest.param(
            {"since": "2024-01-01", "until": "2024-06-30"},
            [1, 2],
            {11: "before_since", 14: "after_until"},
            id="both days are kept",
        ),
        pytest.param(
            {"event_types": "battles"}, [0, 3], {12: "event_type", 13: "event_type"}, id="one word"
        ),
        pytest.param(
            {"sub_event_types": ["Mob violence", "Armed clash"]},
            [0, 1, 3],
            {13: "sub_event_type"},
            id="several words, missing is none of them",
        ),
        pytest.param(
            {"disorder_types": ["Demonstrations"]},
            [1],
            {11: "disorder_type", 13: "disorder_type", 14: "disorder_type"},
            id="disorder",
        ),
        pytest.param({"actors": "police"}, [0, 3], {12: "actor", 13: "actor"}, id="either party"),
        pytest.param(
            {"sources": "UCDP GED"}, [2], dict.fromkeys([11, 12, 14], "source"), id="source"
        ),
        pytest.param(
            {"civilian_targeting": True},
            [0, 3],
            {12: "not_civilian_targeting", 13: "not_civilian_targeting"},
            id="civilians",
        ),
        pytest.param(
            {"fatal_only": True},
            [0, 3],
            {12: "not_fatal", 13: "fatalities_not_stated"},
            id="B6 deaths not stated are not none",
        ),
        pytest.param(
            {"geo_precisions": ["exact", "fuzzy"]},
            [0, 3],
            {12: "geo_precision", 13: "geo_precision"},
            id="place known exactly",
        ),
        pytest.param(
            {"time_precisions": "day"},
            [0, 3],
            {12: "time_precision", 13: "time_precision"},
            id="day known",
        ),
        pytest.param(
            {"event_types": "Battles", "since": "2024-01-01"},
            [3],
            {11: "before_since", 12: "event_type", 13: "event_type"},
            id="the first condition not met is the reason",
        ),
    ],
)
def test_event_is_kept_or_left_out_with_a_reason(conditions, kept, left_out):
    filtered = filter_events(events(), **conditions)

    assert filtered.kept.index.tolist() == kept
    assert filtered.left_out.to_dict() == left_out
    assert set(left_out.values()) <= set(REASONS)


def test_left_out_records_go_into_the_ledger():
    ledger = Ledger.of_used("a.csv", [11, 12, 13, 14], [2, 3, 4, 5])
    left_out = filter_events(events(), event_types="Battles").left_out

    account = ledger.set_aside(left_out.index, fate="filtered", reason=left_out)

    assert account.counts() == {"used": 2, "filtered": 2, "quarantined": 0}


def test_events_without_record_numbers_are_told_by_their_index():
    frame = events().drop(columns="record").set_index(pd.Index(["a", "b", "c", "d"]))

    assert filter_events(frame, sources="UCDP GED").left_out.index.tolist() == ["a", "b", "d"]


def test_b12_words_that_do_not_occur_are_refused_all_at_once_with_those_that_do():
    with pytest.raises(SettingsError) as fault:
        filter_events(events(), event_types=["Batles", "Riots"], geo_precisions="precise")

    assert "'Batles' (event_types); found: 'Battles', 'Riots'" in str(fault.value)
    assert "'precise' (geo_precisions); found: 'exact', 'near'" in str(fault.value)


def test_of_many_actors_the_nearest_are_shown():
    many = toy.events(*[(0.5, 0.5)] * 30, actor1=[f"Militia {n:02}" for n in range(30)])

    with pytest.raises(SettingsError, match=r"found: 'Group B', 30 more"):
        filter_events(many, actors="Gruop A")


def test_of_many_actors_of_which_none_is_near_some_are_shown():
    many = toy.events(*[(0.5, 0.5)] * 30, actor1=[f"Militia {n:02}" for n in range(30)])

    with pytest.raises(SettingsError, match=r"found: 'Group B', 'Militia 00', .*, 11 more"):
        filter_events(many, actors="CJNG")


def test_an_empty_list_is_refused():
    with pytest.raises(SettingsError, match="event_types is empty"):
        filter_events(events(), event_types=[])


def test_days_the_wrong_way_round_are_refused():
    with pytest.raises(PeriodError, match=r"until \(2023-01-01\) is before since"):
        filter_events(events(), since="2024-01-01", until="2023-01-01")


def test_empty_in_empty_out():
    kept, left_out = filter_events(schema.EVENTS.empty(), event_types="Battles", fatal_only=True)

    schema.EVENTS.check(kept)
    assert len(kept) == len(left_out) == 0


def test_input_is_not_changed():
    frame = events()

    filter_events(frame, fatal_only=True, since="2024-01-01")

    pd.testing.assert_frame_equal(frame, events())


@settings(deadline=None, max_examples=25)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "since": st.sampled_from(["2023-12-31", "2024-01-01", "2024-08-01"]),
            "until": st.sampled_from(["2024-08-01", "2024-09-01"]),
            "event_types": st.sampled_from(["Battles", ["Riots", "Battles"]]),
            "actors": st.sampled_from(["Police", "Rioters"]),
            "fatal_only": st.booleans(),
            "civilian_targeting": st.booleans(),
        },
    ),
    st.permutations(range(4)),
)
def test_every_event_is_kept_or_left_out_once_whatever_the_order(conditions, order):
    frame = events()

    kept, left_out = filter_events(frame.iloc[order], **conditions)

    assert sorted([*kept["record"], *left_out.index]) == [11, 12, 13, 14]
    assert left_out.sort_index().equals(filter_events(frame, **conditions).left_out.sort_index())
