"""Points that may be shown."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import crs
from geo.errors import SettingsError
from geo.steps.coarsen import coarse_places, show_points
from tests import toy

PLACE = st.tuples(st.floats(-117, -87), st.floats(14.6, 32.6))


def test_only_events_with_a_place_of_their_own_are_points_and_the_others_are_counted():
    events = toy.events(
        (-107.4, 24.8),
        (-107.4, 24.8),
        (-107.4, 24.8),
        None,
        geo_precision=["exact", "near", "municipality", "exact"],
    )
    shown, left_out = show_points(events, points="exact")
    assert shown.index.tolist() == events.index[:2].tolist()
    assert left_out == 2
    assert shown.geometry.iloc[0] == events.geometry.iloc[0]


def test_none_shows_no_event():
    shown, left_out = show_points(toy.events((-107.4, 24.8)), points="none")
    assert len(shown) == 0
    assert left_out == 1
    assert list(shown.columns) == list(toy.events((0.0, 0.0)).columns)


@given(PLACE)
def test_a_coarse_point_is_the_center_of_the_cell_that_holds_the_place(place):
    shown, _ = show_points(toy.events(place), points="coarse", cell_km=5)
    point = shown.geometry.iloc[0]
    east, north = crs.project(point.x, point.y)
    was_east, was_north = crs.project(*place)
    assert east % 5_000 == pytest.approx(2_500, abs=0.01)
    assert north % 5_000 == pytest.approx(2_500, abs=0.01)
    assert abs(east - was_east) <= 2_500.01
    assert abs(north - was_north) <= 2_500.01


def test_places_of_one_cell_cannot_be_told_apart():
    rng = np.random.default_rng(1)
    east, north = 2_000_000 + rng.uniform(0, 5_000, (2, 200))
    lon, lat = coarse_places(*crs.unproject(east, north))
    assert len(set(zip(lon, lat, strict=True))) == 1


def test_the_events_given_keep_their_places():
    events = toy.events((-107.4, 24.8))
    before = shapely.to_wkb(events.geometry.to_numpy()).tolist()
    show_points(events, points="coarse")
    assert shapely.to_wkb(events.geometry.to_numpy()).tolist() == before


def test_no_events_give_no_points():
    shown, left_out = show_points(toy.events(), points="coarse")
    assert (len(shown), left_out) == (0, 0)
    assert shown.crs == crs.STORED


@pytest.mark.parametrize("wrong", ["Exact", "jittered", ""])
def test_another_word_is_refused_and_the_words_are_told(wrong):
    with pytest.raises(SettingsError, match="'none', 'coarse', 'exact'"):
        show_points(toy.events((0.0, 0.0)), points=wrong)


@pytest.mark.parametrize("wrong", [0, -5, float("nan"), float("inf")])
def test_a_cell_without_a_width_is_refused(wrong):
    with pytest.raises(SettingsError, match="above 0"):
        show_points(toy.events((0.0, 0.0)), cell_km=wrong)
