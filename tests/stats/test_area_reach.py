"""What is said to be far from all areas is far from all of them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import GEOD
from geo.stats.area_reach import may_be_near
from geo.stats.locate import AreaIndex
from tests.stats.coverages import KINDS, grid_of


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(st.integers(0, 2**32), st.sampled_from([0.011, 0.25, 3.0]), st.floats(1.0, 900_000.0))
def test_no_point_in_reach_is_left_out(kind, seed, side, within_m):
    rng = np.random.default_rng(seed)
    shapes = KINDS[kind](rng)
    grid = grid_of(shapes, side)
    west, south, east, north = shapely.total_bounds(shapes)
    lon = rng.uniform(west - 10, east + 10, 300)
    lat = rng.uniform(south - 10, north + 10, 300)
    is_out = ~shapely.intersects_xy(shapely.union_all(shapely.buffer(shapes, 0)), lon, lat)
    lon, lat = lon[is_out], lat[is_out]

    near = may_be_near(grid, lon, lat, within_m)

    place, _ = AreaIndex.of(shapes).nearest(lon, lat, within_m)
    assert near[place >= 0].all()


def test_points_far_off_are_left_out_at_every_latitude():
    shapes = np.array([shapely.box(10, 50, 12, 52)])
    grid = grid_of(shapes, 0.01)
    lon, lat = np.array([13.0, 12.2, 12.1, 11.0]), np.array([51.0, 51.0, 51.0, 60.0])
    _, _, meters = GEOD.inv(lon[:3], lat[:3], [12.0] * 3, lat[:3])

    assert np.round(meters, -3).tolist() == [70_000, 14_000, 7_000]
    # A block is 0.16 degrees: one more may be asked about on each side, no more.
    assert may_be_near(grid, lon, lat, 7_100).tolist() == [False, True, True, False]
    assert may_be_near(grid, lon, lat, 71_000).tolist() == [True, True, True, False]
    assert may_be_near(grid, lon, lat, 1e7).all()
