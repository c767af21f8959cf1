from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.sources.actor_names import read_actor_names
from geo.steps.emerging_actors import find_emerging_actors
from tests import toy
from tests.toy import LEFT, RIGHT

ARMY, GANG = "Military Forces of Mexico (2018-)", "Unidentified Gang (Mexico)"


def events(*rows):
    """Return events (code, day, actor1, actor2, number of them)."""
    return toy.located(
        {"code": code, "event_date": day, "actor1": first, "actor2": second}
        for code, day, first, second, times in rows
        for _ in range(times)
    )


def ask(located, **arguments):
    given = {"level": "municipality", "areas": toy.areas(), "data_through": "2024-12-31"}
    table = find_emerging_actors(located, **{**given, **arguments})
    schema.EMERGING_ACTORS.check(table)
    return table


def names(*rows):
    return read_actor_names(
        pd.DataFrame(rows, columns=["name", "alias", "from", "to", "successor"])
    )


STORY = events(
    (LEFT, "2022-01-01", "Old", "Gone", 6),
    (LEFT, "2023-01-01", "Old", ARMY, 6),
    (LEFT, "2023-01-02", GANG, None, 2),
    (LEFT, "2024-01-01", "Old", "New", 30),
    (LEFT, "2024-01-02", "Gone", GANG, 5),
    (LEFT, "2024-01-03", "Rare", None, 4),
    (LEFT, "2024-01-04", GANG, ARMY, 40),
    (RIGHT, "2024-01-05", "Old", None, 5),
)


def test_new_returned_growing_and_rare_groups_are_told_apart():
    table = ask(STORY).set_index(["cvegeo", "period", "actor"])

    assert table["emergence"].to_dict() == {
        (RIGHT, "2024", "Old"): "new",  # in that area
        (LEFT, "2022", "Gone"): "first period",
        (LEFT, "2022", "Old"): "first period",
        (LEFT, "2023", "Old"): "not flagged",
        (LEFT, "2024", "New"): "new",
        (LEFT, "2024", "Old"): "growing",
        (LEFT, "2024", "Gone"): "returned",
        (LEFT, "2024", "Rare"): "few events",
    }
    old = table.loc[(LEFT, "2024", "Old")]
    assert (old["events"], old["previous_events"], old["events_before"]) == (30, 6, 12)
    assert old["share"] == pytest.approx(30 / 79)
    # 6 events in 365 days and 30 in 366: each year counts as one.
    assert old["growth_ratio"] == pytest.approx(5)
    # The odds of the limits of Clopper and Pearson for 30 of 36, 0.67189 and 0.93628.
    assert (old["growth_low"], old["growth_high"]) == pytest.approx((2.0477, 14.6936), rel=1e-4)
    new = table.loc[(LEFT, "2024", "New")]
    assert (new["first_period"], new["periods_before"]) == ("2024", 2)
    assert np.isinf(new["growth_ratio"])
    assert pd.isna(table.loc[(LEFT, "2022", "Old"), "previous_events"])


def test_unidentified_groups_and_forces_are_never_flagged():
    assert not set(ask(STORY)["actor"]) & {GANG, ARMY}


def test_group_under_its_successors_name_is_not_new():
    located = events(
        (LEFT, "2023-01-01", "Front", None, 10),
        (LEFT, "2024-01-01", "Front North", "Front South", 8),
        (LEFT, "2024-01-02", "Front North", None, 4),
    )
    split = names(
        ("Front", None, None, None, "Front North"), ("Front", None, None, None, "Front South")
    )

    before = ask(located).set_index(["period", "actor"])
    after = ask(located, names=split).set_index(["period", "actor"])

    assert set(before.loc["2024", "emergence"]) == {"new"}
    assert set(after.loc["2024", "emergence"]) == {"not flagged"}
    # A fight between the two parts is one event of the line.
    assert after.loc["2024", "line_events"].tolist() == [12, 12]
    assert after.loc["2024", "events"].to_dict() == {"Front North": 12, "Front South": 8}
    assert set(after["line"]) == {"Front"}
    assert after.loc[("2024", "Front North"), "growth_ratio"] == pytest.approx(1.2)


def test_alias_is_the_group_that_it_means():
    located = events((LEFT, "2023-01-01", "A", None, 6), (LEFT, "2024-01-01", "The A", None, 6))

    table = ask(located, names=names(("A", "The A", None, None, None)))

    assert table["actor"].tolist() == ["A", "A"]
    assert table["emergence"].tolist() == ["first period", "not flagged"]


def test_e5_growth_in_an_incomplete_period_is_by_the_days_that_are_covered():
    located = events((LEFT, "2023-01-01", "A", None, 40), (LEFT, "2024-01-01", "A", None, 40))

    table = ask(located, data_through="2024-06-30").set_index("period")

    # 40 events in 182 of 366 days, against 40 in a year.
    assert table.loc["2024", "growth_ratio"] == pytest.approx(366 / 182, rel=1e-6)
    assert not table.loc["2024", "complete"]


def test_threshold_is_what_was_asked_for():
    flags = ask(STORY, least_events=3).set_index(["cvegeo", "period", "actor"])["emergence"]

    assert flags[(LEFT, "2024", "Rare")] == "new"


def test_no_group_gives_an_empty_table_and_order_of_events_changes_nothing():
    alone = events((LEFT, "2024-01-01", GANG, ARMY, 3))

    pd.testing.assert_frame_equal(ask(alone), schema.EMERGING_ACTORS.empty())
    pd.testing.assert_frame_equal(ask(STORY), ask(STORY.iloc[::-1]))
