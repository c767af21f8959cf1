from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.errors import PrecisionWarning, SettingsError
from geo.stats import clusters as arithmetic
from geo.steps.clusters import cluster_points
from geo.steps.repeats import find_near_repeats
from tests import toy
from tests.toy import LEFT, MIDDLE

NEAR = {"reach_m": 10_000, "reach_days": 7, "min_events": 3}
EAST = 0.05
"""Degrees of longitude on the equator: about 5.6 km."""


def events(*rows):
    """Return events (longitude, day of January 2024, columns) on latitude 24."""
    located = toy.located(
        {"code": row[2].get("code", LEFT) if len(row) > 2 else LEFT,
         "event_date": pd.Timestamp("2024-01-01") + pd.Timedelta(days=row[1]),
         **{k: v for k, v in (row[2] if len(row) > 2 else {}).items() if k != "code"}}
        for row in rows
    )  # fmt: skip
    points = toy.events(*[(-107 + row[0], 24.0) for row in rows]).geometry
    return located.set_geometry(points.set_axis(located.index))


STORY = events(
    (0.0, 0, {"fatalities": 2.0}),
    (0.0, 3, {"fatalities": None}),
    (EAST, 5, {"code": MIDDLE, "fatalities": 1.0}),
    (0.0, 60),
    (3.0, 2),
)


def test_events_near_in_space_and_time_are_one_cluster_and_the_rest_are_none():
    found = cluster_points(STORY, **NEAR)

    schema.CLUSTERED.check(found.events)
    schema.CLUSTERS.check(found.clusters)
    assert found.events["cluster"].tolist() == [1, 1, 1, 0, 0]
    [cluster] = found.clusters.to_dict("records")
    assert (cluster["events"], cluster["core_events"], cluster["places"]) == (3, 3, 2)
    assert (cluster["first_day"], cluster["last_day"]) == (
        pd.Timestamp("2024-01-01"),
        pd.Timestamp("2024-01-06"),
    )
    assert cluster["days"] == 6
    assert (cluster["fatalities"], cluster["fatalities_unknown"]) == (3, 1)
    assert (cluster["cvegeo"], cluster["cvegeo_share"]) == (LEFT, pytest.approx(2 / 3))
    # A third of the way: 0.05 / 3 degrees; 5.09 km apart at latitude 24, farthest two thirds.
    assert cluster["longitude"] == pytest.approx(-107 + EAST / 3, abs=1e-4)
    assert cluster["latitude"] == pytest.approx(24.0, abs=1e-4)
    assert cluster["radius_m"] == pytest.approx(5_090 * 2 / 3, rel=0.01)


def test_cluster_of_one_town_has_one_place_and_no_radius():
    found = cluster_points(events((0.1, 0), (0.1, 1), (0.1, 2)), **NEAR)

    assert found.clusters[["places", "radius_m"]].values.tolist() == [[1, 0.0]]
    assert found.piled == 0  # fewer than five share the coordinates


def test_imprecise_events_are_left_out_and_counted_and_never_in_a_cluster():
    located = events(
        (0, 0), (0, 1), (0, 2),
        (0, 1, {"geo_precision": "municipality"}),
        (0, 1, {"geo_precision": "near", "time_precision": "month"}),
        (0, 1, {"time_precision": "week"}),
    )  # fmt: skip

    with pytest.warns(PrecisionWarning, match="3 of 6 events are left out of clusters") as caught:
        found = cluster_points(located, **NEAR)

    assert "2 whose place is not known exactly, 1 with an exact place whose day" in str(
        caught[0].message
    )
    assert found.events["cluster"].tolist()[:3] == [1, 1, 1]
    assert found.events["cluster"][3:].isna().all()
    assert found.events["left_out"].tolist()[3:] == [
        "place not exact", "place not exact", "day not known",
    ]  # fmt: skip


def test_without_a_precise_event_the_cure_is_named():
    with pytest.raises(SettingsError, match=r"none of the 1 events .* geo_precision=\"exact\""):
        cluster_points(events((0, 0, {"geo_precision": "state"})), **NEAR)


def test_event_without_a_point_is_not_looked_at():
    located = events((0, 0), (0, 1), (0, 2), (0, 3))
    located.loc[3, "geometry"] = None

    with pytest.warns(PrecisionWarning, match="1 of 4"):
        assert cluster_points(located, **NEAR).clusters["events"].tolist() == [3]


def test_order_of_the_events_changes_nothing():
    turned = STORY.iloc[::-1]

    found, again = cluster_points(STORY, **NEAR), cluster_points(turned, **NEAR)

    pd.testing.assert_frame_equal(found.clusters, again.clusters)
    pd.testing.assert_frame_equal(found.events, again.events.sort_index())


def test_too_many_pairs_are_refused_before_they_are_built(monkeypatch):
    monkeypatch.setattr(arithmetic, "MAX_PAIRS", 1)

    with pytest.raises(SettingsError, match="shorter reach"):
        cluster_points(STORY, **NEAR)


@pytest.mark.parametrize("wrong", [{"reach_m": 0}, {"reach_days": -1}, {"min_events": 0}])
def test_reach_that_cannot_be_meant_is_refused(wrong):
    with pytest.raises(SettingsError):
        cluster_points(STORY, **{**NEAR, **wrong})


# --- near repeats -----------------------------------------------------------------------------


def test_near_repeats_count_the_pairs_of_each_band_once():
    table = find_near_repeats(STORY, permutations=99)

    schema.NEAR_REPEATS.check(table)
    assert len(table) == 4 * 3
    cells = table.set_index(["up_to_m", "up_to_days"])["observed"]
    # One town: days 0, 3 and 60 make 3; its neighbor at 5 km on day 5 is 5, 2 and 55 days off.
    assert cells.loc[(0.0, 7)] == 1
    assert cells.loc[(10_000.0, 7)] == 2
    assert cells.sum() == 3
    first = table.iloc[0]
    assert pd.isna(first["above_m"])
    assert pd.isna(first["after_days"])
    # 3 pairs of the same coordinates; 6 of all 10 pairs lie within 7 days.
    assert first["expected"] == pytest.approx(3 * 6 / 10)
    far = table[table["up_to_m"] == 50_000]
    assert far["p_value"].isna().all()  # no pair is so far apart: nothing is expected


def test_near_repeats_do_not_depend_on_the_order_of_the_events():
    pd.testing.assert_frame_equal(
        find_near_repeats(STORY, permutations=99),
        find_near_repeats(STORY.iloc[::-1], permutations=99),
    )


def test_waves_in_towns_are_found_and_q_is_not_below_p():
    rows = [(2.0 * town, 40 * town + day) for town in range(8) for day in (0, 1, 2)]

    table = find_near_repeats(events(*rows)).set_index(["up_to_m", "up_to_days"])

    assert table.loc[(0.0, 7), "observed"] == 24
    assert table.loc[(0.0, 7), "p_value"] == 0.001
    tested = table["p_value"].notna()
    assert (table["q_value"][tested] >= table["p_value"][tested]).all()
