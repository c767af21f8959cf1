from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from geo.errors import SchemaError
from geo.render.config import setup_block
from geo.render.describe import describe, timed_of
from geo.render.ground import load_ground
from geo.render.packed import decode_columns
from geo.render.timed import (
    ALL,
    RATIO_BOUNDS,
    Timed,
    timed_blocks,
    timed_breaks,
    timed_config,
)
from geo.stats.breaks import make_breaks
from geo.study.atlas import count_limits, make_atlas, rolling
from geo.study.locating import locate_events
from tests import studies, toy

LEVELS = ("state", "municipality")


@pytest.fixture(scope="module")
def timed():
    return timed_of(studies.sample())


@pytest.fixture(scope="module")
def codes():
    return {level: load_ground().codes(level) for level in LEVELS}


@pytest.fixture(scope="module")
def blocks(timed, codes):
    return {block.name: block for block in timed_blocks(timed, codes)}


def test_counts_travel_unchanged_and_sum_to_the_events(timed, codes, blocks):
    for level in LEVELS:
        columns = decode_columns(blocks[f"counts-{level}"].data)
        table = timed.atlas.levels[level]
        shape = (len(codes[level]), len(timed.atlas.months))
        order = [table.codes.index(code) for code in codes[level]]
        types = range(len(timed.categories["event_type"]))
        sums = sum(columns[f"event_type:{at}"].reshape(shape) for at in types)
        np.testing.assert_array_equal(sums, table.events[order])
        stated = sums - columns["unstated"].reshape(shape)
        np.testing.assert_array_equal(stated, table.stated[order])
        np.testing.assert_array_equal(columns["targeted"].reshape(shape), table.targeted[order])


def test_the_first_class_of_actors_is_what_the_others_leave(timed, codes, blocks):
    for level in LEVELS:
        columns = decode_columns(blocks[f"counts-{level}"].data)
        table = timed.atlas.levels[level]
        names = timed.categories["actor_class"]
        rows = [codes[level].index(code) for code in table.codes]
        shape = (len(codes[level]), len(timed.atlas.months))
        others = sum(columns[f"actor_class:{at}"].reshape(shape)[rows] for at in (1, 2, 3, 4))

        assert len(names) == 5
        assert "actor_class:0" not in columns
        first = timed.counts(level, "actor_class", names[0])
        np.testing.assert_array_equal(table.events - others, first)


def test_where_hardly_any_event_states_its_target_those_that_do_are_counted(timed, codes):
    levels = {
        level: dataclasses.replace(table, stated=table.targeted // 9, targeted=table.targeted // 9)
        for level, table in timed.atlas.levels.items()
    }
    other = Timed(atlas=dataclasses.replace(timed.atlas, levels=levels), change={})
    blocks = {block.name: block for block in timed_blocks(other, codes)}
    columns = decode_columns(blocks["counts-state"].data)

    assert "unstated" not in columns
    assert columns["stated"].sum() == levels["state"].stated.sum() > 0


def test_people_of_a_municipality_are_its_part_of_the_state_in_the_census(timed, codes, blocks):
    towns = decode_columns(blocks["counts-municipality"].data)
    states = decode_columns(blocks["counts-state"].data)
    place = {code: at for at, code in enumerate(codes["state"])}
    of_state = np.array([place[code[:2]] for code in codes["municipality"]])
    total = np.bincount(of_state, weights=towns["census"])

    table = timed.atlas.levels["municipality"]
    order = [table.codes.index(code) for code in codes["municipality"]]
    for at in range(len(timed.atlas.calendar_years)):
        made = towns["census"] * states[f"people:{at}"][of_state] / total[of_state]
        np.testing.assert_array_equal(made, table.population[order, at])
    assert "share" not in towns


@pytest.mark.parametrize(("years", "column"), [(slice(None), "share"), (slice(1), "people:0")])
def test_other_people_than_those_of_the_census_travel_as_they_are(timed, codes, years, column):
    levels = dict(timed.atlas.levels)
    towns = levels["municipality"]
    people = towns.population.copy()
    people[0, years] *= 2
    levels["municipality"] = dataclasses.replace(towns, population=people)
    other = Timed(atlas=dataclasses.replace(timed.atlas, levels=levels), change={})

    blocks = {block.name: block for block in timed_blocks(other, codes)}
    found = decode_columns(blocks["counts-municipality"].data)

    assert column in found
    assert "census" not in found


def test_limits_are_those_of_python_to_eight_decimals(blocks):
    found = decode_columns(blocks["limits"].data)
    low, high = count_limits(len(found["low"]) - 1)

    np.testing.assert_allclose(found["low"], low, rtol=0, atol=5.1e-9)
    np.testing.assert_allclose(found["high"], high, rtol=0, atol=5.1e-9)


def test_classes_hold_every_value_of_every_window(timed):
    for level in LEVELS:
        made = timed_breaks(timed, level)
        for span in timed.spans:
            shown = timed.atlas.window_rates(level, span)
            for key, values in (("count", shown.events), ("rate", shown.crude),
                                ("smoothed", shown.smoothed)):  # fmt: skip
                breaks = made[key][span][ALL]
                classes = breaks.classify(values)
                assert (classes[np.isfinite(values)] >= 0).all()
                assert classes.max() < len(breaks)


def test_classes_are_made_of_the_sums_of_every_window_and_of_their_rates(timed):
    atlas, level, span = timed.atlas, "municipality", 3
    made = timed_breaks(timed, level)
    lived = sum(atlas.exposure(level)[:, at : len(atlas.months) - 2 + at] for at in range(span))
    for by, names in timed.categories.items():
        for number, name in enumerate(names):
            months = timed.counts(level, by, name)
            sums = sum(months[:, at : len(atlas.months) - 2 + at] for at in range(span))
            key = f"{by}:{number}"
            assert made["count"][span][key] == make_breaks(sums, whole=True)
            assert made["rate"][span][key] == make_breaks(100_000 * (sums / lived))


def test_classes_of_a_category_are_of_its_own_counts(timed):
    made = timed_breaks(timed, "state")
    rare = timed.categories["event_type"].index("Explosions/Remote violence")

    counts = rolling(timed.counts("state", "event_type", "Explosions/Remote violence"), 12)
    assert made["count"][12][f"event_type:{rare}"].bounds[-1] == counts[:, 11:].max()
    assert made["count"][12][ALL].bounds[-1] > counts.max()


def test_only_changes_with_enough_events_are_told(codes, blocks):
    columns = decode_columns(blocks["change-municipality"].data)
    change = studies.sample().tables["change_municipality"].set_index("cvegeo")
    told = change["base_events"] + change["comparison_events"] >= 5

    assert [codes["municipality"][at] for at in columns["area"]] == [
        code for code in codes["municipality"] if told[code]
    ]
    at = [codes["municipality"][at] for at in columns["area"]].index("25006")
    assert columns["ratio"][at] == change.loc["25006", "rate_ratio"]


def test_infinite_ratio_travels_as_minus_one(codes, blocks):
    columns = decode_columns(blocks["change-municipality"].data)
    change = studies.sample().tables["change_municipality"].set_index("cvegeo")
    named = [codes["municipality"][at] for at in columns["area"]]
    infinite = [code for code in named if np.isinf(change.loc[code, "rate_ratio"])]

    assert infinite
    assert all(columns["ratio"][named.index(code)] == -1 for code in infinite)


def test_months_windows_and_days_are_told(timed):
    config = timed_config(timed)

    assert config["months"]["labels"][0] == "2022-01"
    assert (config["spans"], config["hotspotSpan"]) == ([1, 3, 12], 12)
    assert (config["base"], config["comparison"]) == ([12, 23], [24, 35])
    assert config["events"] == [
        {"day": "2024-07-25", "kind": "transition"},
        {"day": "2024-09-09", "kind": "event"},
    ]
    assert config["prior"]["state"]["12"]["mean"][:11] == [None] * 11


def test_classes_of_change_are_symmetric_on_the_scale_of_ratios():
    assert [1 / bound for bound in RATIO_BOUNDS[::-1]] == pytest.approx(list(RATIO_BOUNDS))


def test_areas_that_are_not_drawn_are_refused(timed, codes):
    fewer = {**codes, "state": codes["state"][:-1]}

    with pytest.raises(SchemaError, match="1 areas of the state level are not in the boundaries"):
        timed_blocks(timed, fewer)


def test_same_study_gives_the_same_bytes(timed, codes, blocks):
    again = {block.name: block.data for block in timed_blocks(timed, codes)}

    assert again == {name: block.data for name, block in blocks.items()}
    data = describe(studies.sample())
    assert setup_block(data).data == setup_block(data).data


def test_short_data_have_short_windows_only():
    events = toy.events(*[(-107.394, 24.809)] * 2, event_date=["2023-01-05", "2023-02-05"])
    found = locate_events(events, permutations=0, data_through="2023-02-28")

    timed = Timed(atlas=make_atlas(found), change={})
    assert timed.spans == (1,)
    assert timed_config(timed)["hotspotSpan"] is None
    assert not timed.has_hotspots("municipality")
