from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import DataWarning, SettingsError
from geo.steps.categories import actor_classes, dyads, keep_largest, split_events
from tests import toy
from tests.toy import LEFT


def parties(one, two):
    return pd.DataFrame({"inter1": pd.Series([one], dtype="str"), "inter2": two}).astype("str")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Political militia", "Rebel group", "group against group"),
        ("3", "4", "group against group"),
        ("State forces", "Political militia", "security forces against group"),
        ("Identity militia", "State forces", "security forces against group"),
        ("3.0", "1.0", "security forces against group"),
        ("Political militia", "Civilians", "against civilians"),
        ("State forces", "Civilians", "against civilians"),
        ("7", "8", "against civilians"),
        ("Rioters", "Civilians", "protests and riots"),
        ("State forces", "Protesters", "protests and riots"),
        ("Protesters", None, "protests and riots"),
        ("State forces", "State forces", "other"),
        ("External/Other forces", "Political militia", "other"),
        ("Political militia", None, "other"),
        ("1", "0", "other"),
        (None, None, "other"),
    ],
)
def test_types_of_actors_say_who_met_whom(one, two, expected):
    assert actor_classes(parties(one, two)).tolist() == [expected]


def test_without_types_of_actors_their_names_say_it():
    located = toy.located([
        {"code": LEFT, "event_date": "2024-01-01", "actor1": one, "actor2": two}
        for one, two in (
            ("Military Forces of Mexico (2018-)", "Unidentified Gang (Mexico)"),
            ("Sinaloa Cartel", "Civilians (Mexico)"),
            ("Protesters (Mexico)", None),
        )
    ])  # fmt: skip

    assert actor_classes(located).tolist() == [
        "security forces against group", "against civilians", "protests and riots"
    ]  # fmt: skip


def test_unknown_type_of_actor_is_told_and_not_guessed():
    with pytest.warns(DataWarning, match=r"1 events have a type .* \(Martians\)"):
        found = actor_classes(parties("Martians", "Civilians"))

    assert found.tolist() == ["against civilians"]


def test_who_struck_first_plays_no_part_in_a_dyad():
    one = pd.Series(["B", "A", None, "C", None], dtype="str")
    two = pd.Series(["A", "B", "C", None, None], dtype="str")

    found = dyads(pd.DataFrame({"actor1": one, "actor2": two}))

    assert found.tolist() == ["A / B", "A / B", "C", "C", "not stated"]


def targeted(*values):
    rows = [
        {"code": LEFT, "event_date": "2024-01-01", "civilian_targeting": value} for value in values
    ]
    return toy.located(rows)


def test_targeting_that_is_not_stated_is_not_taken_for_none():
    found = split_events(targeted(True, False, None), "civilian_targeting")

    assert found.tolist() == ["targeted", "not targeted", "not stated"]


def test_municipality_is_named_and_events_of_the_state_alone_stay():
    located = toy.located([("25006", "2024-01-01"), ("25", "2024-01-01")])

    found = split_events(located, "municipality")

    assert found.tolist() == ["Culiacán, Sinaloa (25006)", "known only to the state"]


def test_overlapping_categories_are_refused_with_the_way_out():
    located = targeted(True, True, False)
    masks = {
        "Battles": located["event_type"] == "Battles",
        "targeting": located["civilian_targeting"],
    }

    with pytest.raises(SettingsError, match=r"2 events are in 'Battles' and in 'targeting'.*cross"):
        split_events(located, masks)


def test_events_in_none_of_the_categories_are_all_other():
    located = targeted(True, None, False)

    found = split_events(located, {"targeting": located["civilian_targeting"]})

    assert found.tolist() == ["targeting", "all other", "all other"]


@pytest.mark.parametrize(
    "by",
    [
        pytest.param("kind", id="no such column"),
        pytest.param(("event_type", "event_type"), id="a column with itself"),
        pytest.param({"some": pd.Series([True])}, id="truth values of other events"),
    ],
)
def test_splits_that_cannot_be_meant_are_refused(by):
    with pytest.raises(SettingsError):
        split_events(targeted(True, False), by)


def test_what_is_not_stated_is_never_joined_with_the_small_ones():
    names = pd.Series(["a"] * 3 + ["b"] * 2 + ["c"] * 2 + ["not stated"], dtype="str")

    found = keep_largest(names, names.notna(), 2)

    assert found.tolist() == ["a"] * 3 + ["b"] * 2 + ["all other"] * 2 + ["not stated"]


def test_events_without_any_second_party_have_a_class():
    located = toy.located([{"code": toy.LEFT, "event_date": "2024-01-01", "actor2": None}])

    assert actor_classes(located).tolist() == ["other"]
