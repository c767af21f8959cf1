import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from geo.errors import SettingsError
from geo.study.graphing import MOST_NAMES, REST, Break, series_of
from tests import studies


@pytest.fixture(scope="module")
def results():
    return studies.sample()


def test_series_is_what_a_count_by_hand_gives(results):
    series = series_of(results)

    located = results.located
    here = located[(located["cve_ent"] == "25") & (located["time_precision"] != "year")]
    by_hand = here.groupby([here["event_date"].dt.strftime("%Y-%m"), "event_type"]).size()
    assert (series.area, series.by) == ("25", "event_type")
    assert (series.months[0], series.months[-1], len(series.months)) == ("2022-01", "2024-12", 36)
    found = {
        (month, name): int(series.counts[at, k])
        for at, month in enumerate(series.months)
        for k, name in enumerate(series.names)
        if series.counts[at, k]
    }
    assert found == by_hand.to_dict()
    assert series.counts.sum() + series.dateless == (located["cve_ent"] == "25").sum()


def test_categories_come_most_frequent_first_and_both_splits_count_the_same(results):
    types, classes = series_of(results), series_of(results, "actor_class")

    for series in (types, classes):
        totals = series.counts.sum(axis=0)
        assert (np.diff(totals) <= 0).all()
        assert (totals > 0).all()
    assert types.counts.sum(axis=1).tolist() == classes.counts.sum(axis=1).tolist()
    assert set(types.names) != set(classes.names)


def test_targeting_is_a_part_of_what_states_it_and_that_of_all(results):
    series = series_of(results)

    assert (series.targeted <= series.stated).all()
    assert (series.stated <= series.counts.sum(axis=1)).all()
    assert series.targeted.sum() > 0


def test_dates_windows_breaks_and_the_sentence_are_those_of_the_study(results):
    series = series_of(results)

    assert series.dates == (
        (dt.date(2024, 7, 25), "transition"), (dt.date(2024, 9, 9), "event"),
    )  # fmt: skip
    assert [window.label for window in series.windows] == ["2023", "2024"]
    assert [one.month for one in series.breaks] == ["2024-09"]
    assert series.sentence["en"].startswith("Sinaloa: 240 events in 2023, 600 in 2024")
    assert series.sentence["es"].startswith("Sinaloa: 240 eventos en 2023, 600 en 2024")


def test_country_is_the_sum_of_its_states_and_has_no_break_of_another_area(results):
    series = series_of(dataclasses.replace(results, focus=None))

    assert series.area is None
    assert series.counts.sum() == results.atlas.levels["state"].events.sum()
    assert (series.breaks, series.sentence) == ((), None)


def test_a_municipality_in_focus_is_counted_by_its_own_code(results):
    series = series_of(dataclasses.replace(results, focus="25006"))

    located = results.located
    assert series.counts.sum() + series.dateless == (located["cvegeo"] == "25006").sum()


def test_many_categories_are_drawn_together_and_none_is_lost(results):
    state = results.atlas.levels["state"]
    names = tuple(f"type {at}" for at in range(12))
    counts = np.zeros((*state.events.shape, 12), dtype=np.int64)
    counts[:, :, :] = np.arange(1, 13)
    other = dataclasses.replace(state, splits={**state.splits, "event_type": (names, counts)})
    atlas = dataclasses.replace(results.atlas, levels={**results.atlas.levels, "state": other})

    series = series_of(dataclasses.replace(results, atlas=atlas))

    # 12 + 11 + ... + 7 are kept; 6 + 5 + ... + 1 = 21 are together.
    assert series.names == (*(f"type {at}" for at in range(11, 5, -1)), REST)
    assert len(series.names) == MOST_NAMES + 1
    assert series.counts[0].tolist() == [12, 11, 10, 9, 8, 7, 21]


def test_breaks_without_a_date_are_none(results):
    table = results.tables["breaks"].iloc[:0]
    tables = {**results.tables, "breaks": table}

    assert series_of(dataclasses.replace(results, tables=tables)).breaks == ()
    without = {name: one for name, one in results.tables.items() if name != "breaks"}
    assert series_of(dataclasses.replace(results, tables=without)).breaks == ()
    assert Break("2024-09", "2024-08", "2024-10").month == "2024-09"
    assert isinstance(table, pd.DataFrame)


def test_what_cannot_be_is_refused(results):
    with pytest.raises(SettingsError, match="choose event_type or actor_class"):
        series_of(results, "color")
    with pytest.raises(SettingsError, match="the month of no event is known"):
        series_of(dataclasses.replace(results, atlas=None))
