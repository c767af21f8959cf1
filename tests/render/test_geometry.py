import dataclasses
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.render.codec import decode_columns
from geo.render.geometry import INNER, OUTER, STATE, geometry_block, on_grid, to_grid
from geo.sources import boundaries
from geo.sources.arcs import toy_arcs


def rings(columns):
    """Decode a block to rings as the page does: lists of (x, y)."""
    starts = np.r_[0, np.cumsum(columns["arc_length"])]
    inside = np.ones(starts[-1], dtype=bool)
    inside[starts[:-1]] = False
    steps = {"x": np.zeros(starts[-1], dtype=int), "y": np.zeros(starts[-1], dtype=int)}
    arcs = []
    for axis in "xy":
        steps[axis][inside] = columns[f"step_{axis}"]
    for k, (a, b) in enumerate(pairwise(starts)):
        x = columns["first_x"][k] + np.cumsum(steps["x"][a:b])
        y = columns["first_y"][k] + np.cumsum(steps["y"][a:b])
        arcs.append(list(zip(x.tolist(), y.tolist(), strict=True)))
    ends = np.r_[0, np.cumsum(columns["ring_length"])]
    made = []
    for a, b in pairwise(ends):
        ring = []
        for ref in columns["ring_arcs"][a:b]:
            ring += (arcs[ref] if ref >= 0 else arcs[~ref][::-1])[:-1]
        made.append(ring)
    return made


def test_the_page_gets_the_squares_that_went_in():
    columns = decode_columns(geometry_block("areas", on_grid(toy_arcs())).data)

    west, east = rings(columns)

    x, y = to_grid(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0]))
    assert set(west) == {(x[i], y[j]) for i in (0, 1) for j in (0, 1)}
    assert set(east) == {(x[i], y[j]) for i in (1, 2) for j in (0, 1)}
    assert columns["ring_area"].tolist() == [0, 1]


def test_a_border_between_municipalities_of_one_state_is_no_state_border():
    together = dataclasses.replace(toy_arcs(), codes=("01001", "01002"))
    apart = dataclasses.replace(toy_arcs(), codes=("01001", "02001"))

    assert on_grid(together).border.tolist() == [INNER, OUTER, OUTER]
    assert on_grid(apart).border.tolist() == [STATE, OUTER, OUTER]


def test_vertices_that_fall_together_are_dropped_and_ends_are_kept():
    arcs = toy_arcs()
    fine = dataclasses.replace(
        arcs,
        lon=np.insert(arcs.lon, 1, [1.0 + 1e-7, 1.0]),
        lat=np.insert(arcs.lat, 1, [1e-7, 0.5]),
        arc_start=arcs.arc_start + np.array([0, 2, 2, 2]),
    )

    grid = on_grid(fine)

    assert np.diff(grid.arc_start).tolist() == [3, 4, 4]
    ends = [(grid.x[i], grid.y[i]) for i in (0, 6, 7)]
    assert ends == [ends[0]] * 3


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_a_place_on_the_grid_is_less_than_a_step_from_where_it_is(lon, lat):
    x, y = to_grid(np.array([lon]), np.array([lat]))

    back_lon = x[0] / 2**20 * 360 - 180
    back_lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y[0] / 2**20))))
    assert abs(back_lon - lon) <= 360 / 2**20 / 2 + 1e-9
    assert abs(back_lat - lat) <= 360 / 2**20 / 2 + 1e-9


def test_all_areas_of_the_country_keep_a_ring_and_all_state_borders_are_found():
    arcs = boundaries.load_arcs("display")

    grid = on_grid(arcs)

    assert set(grid.ring_area) == set(range(2465))
    ring = np.repeat(np.arange(len(grid.ring_area)), np.diff(grid.ring_start))
    arc = np.where(grid.ring_arcs >= 0, grid.ring_arcs, ~grid.ring_arcs)
    state = np.array([code[:2] for code in arcs.codes])[grid.ring_area][ring]
    sides = {}
    for k, code in zip(arc.tolist(), state.tolist(), strict=True):
        sides.setdefault(k, []).append(code)
    for k, codes in sides.items():
        expected = OUTER if len(codes) == 1 else INNER if len(set(codes)) == 1 else STATE
        assert grid.border[k] == expected
