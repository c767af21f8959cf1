from __future__ import annotations

import functools
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import SettingsError
from geo.sources.actor_names import read_actor_names
from geo.steps.actor_kinds import kind_of_actor
from geo.steps.actor_names import rename_actors
from geo.steps.actors import find_dyads, measure_fragmentation
from geo.steps.categories import dyads as dyads_to_explain
from geo.steps.count import count_events
from tests import shared, toy
from tests.toy import LEFT, MIDDLE, RIGHT

ARMY, GANG, PEOPLE = "Military Forces of Mexico (2018-)", "Unidentified Gang (Mexico)", "Civilians"


def events(*rows):
    """Return events (code, day, actor1, actor2), each so often as a fifth entry says."""
    return toy.located(
        {"code": code, "event_date": day, "actor1": first, "actor2": second}
        for code, day, first, second, *times in rows
        for _ in range(times[0] if times else 1)
    )


def names(*rows):
    return read_actor_names(
        pd.DataFrame(rows, columns=["name", "alias", "from", "to", "successor"])
    )


def ask(step, located, **arguments):
    given_ = {"level": "municipality", "areas": toy.areas(), "data_through": "2024-12-31"}
    table = step(located, **{**given_, **arguments})
    schema.DYADS.check(table) if step is find_dyads else schema.FRAGMENTATION.check(table)
    return table


fragmentation = functools.partial(ask, measure_fragmentation)
pairs = functools.partial(ask, find_dyads)

TWO_YEARS = events(
    (LEFT, "2023-01-01", "A", "B", 6),
    (LEFT, "2023-02-01", ARMY, "B", 2),
    (LEFT, "2023-03-01", "C", GANG, 2),
    (LEFT, "2023-04-01", "A", None, 1),
    (LEFT, "2024-01-01", "B", "A", 3),
    (LEFT, "2024-02-01", "C", PEOPLE, 1),
    (LEFT, "2024-03-01", None, None, 1),
    (RIGHT, "2024-03-01", GANG, PEOPLE, 4),
    (None, "2024-03-01", "A", "B", 1),
)


def test_an_opponent_is_the_same_on_either_side_and_every_event_of_an_area_is_in_one_pair():
    table = pairs(TWO_YEARS)

    left = table[table["cvegeo"] == LEFT]
    assert left[["period", "dyad", "kinds", "events", "status"]].values.tolist() == [
        ["2023", "A / B", "group / group", 6, "first period"],
        ["2023", f"B / {ARMY}", "group / state forces", 2, "first period"],
        ["2023", f"C / {GANG}", "group / unidentified group", 2, "first period"],
        ["2023", "A", "group", 1, "first period"],
        ["2024", "A / B", "group / group", 3, "continued"],
        ["2024", f"C / {PEOPLE}", "civilians / group", 1, "new"],
        ["2024", "not stated", "not stated", 1, "new"],
        ["2024", "A", "group", 0, "ended"],
        ["2024", f"B / {ARMY}", "group / state forces", 0, "ended"],
        ["2024", f"C / {GANG}", "group / unidentified group", 0, "ended"],
    ]  # fmt: skip
    assert table.loc[table["cvegeo"] == RIGHT, "events"].tolist() == [4]


def test_fragmentation_is_of_identified_groups_and_the_others_are_a_share():
    left = fragmentation(TWO_YEARS).set_index(["cvegeo", "period"]).loc[(LEFT, "2023")]

    # A in 7 events, B in 8, C in 2; the gang in 2; all 11 events have a group.
    assert left[["events", "group_events", "appearances", "unidentified", "groups"]].tolist() == [
        11, 11, 17, 2, 3,
    ]  # fmt: skip
    assert left["hhi"] == pytest.approx((49 + 64 + 4) / 289)
    assert left["hhi_unbiased"] == pytest.approx((42 + 56 + 2) / (17 * 16))
    assert left["effective_number"] == pytest.approx(289 / 117)
    # Clopper and Pearson for 2 of 19.
    assert left["unidentified_share"] == pytest.approx(2 / 19)
    assert left["share_low"] == pytest.approx(0.01301216)
    assert left["share_high"] == pytest.approx(0.33137666)


def test_e8_area_without_a_group_has_counts_and_no_concentration():
    table = fragmentation(TWO_YEARS).set_index(["cvegeo", "period"])

    middle, right = table.loc[(MIDDLE, "2024")], table.loc[(RIGHT, "2024")]
    assert len(table) == 6
    assert (middle["events"], middle["groups"], middle["dyads"], middle["new_dyads"]) == (
        0,
        0,
        0,
        0,
    )
    assert np.isnan(middle[["hhi", "effective_number", "unidentified_share"]].astype(float)).all()
    assert (right["group_events"], right["unidentified"], right["unidentified_share"]) == (4, 4, 1)
    assert right["share_low"] == pytest.approx(0.3976354)  # 0.025 ** (1 / 4)
    assert right["share_high"] == 1
    assert np.isnan(right["hhi"])


def test_new_and_ended_pairs_are_those_of_named_opponents_against_the_period_before():
    table = fragmentation(TWO_YEARS).set_index(["cvegeo", "period"])

    first, second = table.loc[(LEFT, "2023")], table.loc[(LEFT, "2024")]
    # A-B and B-Army before; A-B and C-Civilians after.
    assert (first["dyads"], pd.isna(first["new_dyads"])) == (2, True)
    assert (second["dyads"], second["new_dyads"], second["ended_dyads"]) == (2, 1, 1)
    assert second["share_in_new"] == pytest.approx(1 / 4)
    assert second["share_replaced"] == pytest.approx(2 / 3)
    assert second["share_moved"] == pytest.approx(1 / 4)


def test_e5_in_an_incomplete_period_no_pair_has_ended_yet():
    table = fragmentation(TWO_YEARS, data_through="2024-06-30").set_index(["cvegeo", "period"])
    status = pairs(TWO_YEARS, data_through="2024-06-30")["status"]

    second = table.loc[(LEFT, "2024")]
    assert not second["complete"]
    assert second["new_dyads"] == 1
    assert pd.isna(second["ended_dyads"])
    assert np.isnan(second["share_moved"])
    assert "ended" not in set(status)


def test_periods_are_compared_after_drawing_the_larger_down_to_the_smaller():
    located = events(
        (LEFT, "2023-01-01", "A", None, 6),
        (LEFT, "2023-01-02", "B", None, 4),
        (LEFT, "2024-01-01", "A", None, 60),
        (LEFT, "2024-01-02", "B", None, 39),
        (LEFT, "2024-01-03", "C", None, 1),
        (RIGHT, "2024-01-03", "C", None, 9),
    )

    table = fragmentation(located).set_index(["cvegeo", "period"])

    left = table.loc[LEFT]
    assert left["rarefied_to"].tolist() == [10, 10]
    assert left["groups_rarefied"].tolist() == pytest.approx([2, 2.09474158])
    assert left.loc["2023", "hhi_rarefied"] == pytest.approx(0.52)
    assert pd.isna(table.loc[(RIGHT, "2024"), "rarefied_to"])
    assert np.isnan(table.loc[(RIGHT, "2024"), "groups_rarefied"])


def test_alias_holds_on_its_days_and_spelling_plays_no_part():
    table = names(
        ("Northern Cartel", "Cártel del Norte", "", "2023-12-31", ""),
        ("Northern Cartel (new)", "cartel del norte", "2024-01-01", "", ""),
    )
    located = events(
        (LEFT, "2023-12-31", "CARTEL DEL NORTE", "B"),
        (LEFT, "2024-01-01", "Cartel del Norte", "B"),
        (LEFT, "2024-01-01", "Cartel del Norte II", None),
    )

    renamed = rename_actors(located, table)

    assert renamed["actor1"].tolist() == [
        "Northern Cartel", "Northern Cartel (new)", "Cartel del Norte II",
    ]  # fmt: skip
    assert located["actor1"].iloc[0] == "CARTEL DEL NORTE"
    schema.ASSIGNED.check(renamed)


def test_pair_that_goes_on_under_its_successors_name_is_not_new():
    located = events(
        (LEFT, "2023-01-01", "A", ARMY, 5),
        (LEFT, "2024-01-01", "A1", ARMY, 3),
        (LEFT, "2024-01-01", "A2", ARMY, 2),
        (LEFT, "2024-01-01", "A1", "A2", 5),
    )
    split = names(("A", "", "", "2023-12-31", "A1"), ("A", "", "", "2023-12-31", "A2"))

    without = fragmentation(located).iloc[3]
    told = fragmentation(located, names=split).iloc[3]
    status = pairs(located, names=split).set_index(["period", "dyad"])["status"]

    assert (without["period"], without["cvegeo"], without["new_dyads"]) == ("2024", RIGHT, 0)
    left = fragmentation(located).set_index(["cvegeo", "period"]).loc[(LEFT, "2024")]
    assert (left["new_dyads"], left["ended_dyads"], left["share_in_new"]) == (3, 1, 1)
    assert told["groups"] == 0
    left = fragmentation(located, names=split).set_index(["cvegeo", "period"]).loc[(LEFT, "2024")]
    assert (left["new_dyads"], left["ended_dyads"], left["share_in_new"]) == (1, 0, 0.5)
    assert left["groups"] == 2
    assert status.to_dict() == {
        ("2023", f"A / {ARMY}"): "first period",
        ("2024", "A1 / A2"): "new",
        ("2024", f"A1 / {ARMY}"): "continued",
        ("2024", f"A2 / {ARMY}"): "continued",
    }


def test_group_on_both_sides_appears_once_in_an_event():
    table = names(("A", "A North", "", "", ""), ("A", "A South", "", "", ""))
    located = events((LEFT, "2024-01-01", "A North", "A South", 2), (LEFT, "2024-01-01", "B", None))

    row = fragmentation(located, names=table).set_index("cvegeo").loc[LEFT]

    assert (row["appearances"], row["groups"], row["dyads"]) == (3, 2, 1)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param(
            [("A", "x", "", "2024-05-01", ""), ("B", "X", "2024-05-01", "", "")],
            "'x' means 'A' and 'B' on the same days",
            id="two groups on one day",
        ),
        pytest.param(
            [("A", "x", "", "", ""), ("B", "A", "", "", "")],
            "'x' means 'A', which itself means 'B'",
            id="alias of an alias",
        ),
    ],
)
def test_name_that_could_mean_two_groups_is_refused(rows, said):
    with pytest.raises(SettingsError, match=said):
        rename_actors(TWO_YEARS, names(*rows))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Unidentified Armed Group (Mexico)", "unidentified group"),
        ("Hombres armados no identificados", "unidentified group"),
        ("Military Forces of the United States (2021-)", "state forces"),
        ("Policia Comunitaria de Guerrero", "group"),
        ("Policía Estatal", "state forces"),
        ("EZLN: Ejercito Zapatista de Liberacion Nacional", "group"),
        ("Ejercito Zapatista de Liberacion Nacional", "group"),
        ("Private Security Forces (Mexico)", "other forces"),
        ("Civilians (Guatemala)", "civilians"),
        ("Civil Defense Group", "civilians"),
        ("Protesters (Mexico)", "protesters"),
        ("Rioters (Mexico)", "rioters"),
        ("Sinaloa Cartel", "group"),
        ("", "not stated"),
        (None, "not stated"),
    ],
)
def test_kind_of_actor_follows_from_how_its_name_begins(name, kind):
    assert kind_of_actor(name) == kind


def test_numbers_are_those_of_the_oracle():
    case = shared.oracle("fragmentation")["cases"][0]
    rows = [
        (LEFT, day, *dyad.replace("Police", ARMY).split("|"), n)
        for day, side in (("2023-01-01", "before"), ("2024-01-01", "after"))
        for dyad, n in case[side].items()
    ]  # fmt: skip

    row = fragmentation(events(*rows)).set_index(["cvegeo", "period"]).loc[(LEFT, "2024")]

    assert row["new_dyads"] == len(case["new"])
    assert row["ended_dyads"] == len(case["gone"])
    assert row["share_in_new"] == case["share_of_after_in_new"]


actors = st.sampled_from(["A", "B", "C / D", GANG, ARMY, PEOPLE, None])
drawn = st.lists(
    st.tuples(
        st.sampled_from([LEFT, RIGHT, "25", None]),
        st.sampled_from(["2022-05-01", "2023-05-01", "2024-05-01"]),
        actors,
        actors,
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=20)
@given(drawn, st.integers(0, 99))
def test_pairs_hold_every_event_of_the_panel_whatever_the_order_of_rows(rows, seed):
    located = events(*rows, (LEFT, "2022-01-01", "A", "B"))
    shuffled = located.sample(frac=1, random_state=random.Random(seed).randrange(1000))

    table, groups = pairs(located, level="state", areas=toy.states()), fragmentation(
        located, level="state", areas=toy.states()
    )  # fmt: skip
    panel = count_events(
        located, level="state", period="year", areas=toy.states(), data_through="2024-12-31"
    )

    assert table["events"].sum() == panel["events"].sum() == groups["events"].sum()
    assert set(table.loc[table["events"] > 0, "dyad"]) == set(
        dyads_to_explain(located[located["cve_ent"].notna()])
    )
    pd.testing.assert_frame_equal(
        table, pairs(shuffled, level="state", areas=toy.states()), check_like=False
    )
    known = groups["hhi"].dropna()
    assert ((known * groups.loc[known.index, "groups"]) >= 1 - 1e-12).all()
    assert (known <= 1).all()
