import dataclasses
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.render.geometry import INNER, OUTER, STATE, geometry_block, on_grid, to_grid
from geo.render.packed import decode_columns
from geo.sources import boundaries
from geo.sources.arcs import toy_arcs


def rings(columns):
    """Decode a block to rings as the page does: lists of (x, y)."""
    starts = np.r_[0, np.cumsum(columns["arc_length"])]
    steps = np.column_stack([columns["step_x"], columns["step_y"]])
    arcs = []
    for k, (a, b) in enumerate(pairwise(starts)):
        inner = steps[a - k : b - k - 1]
        arcs.append(np.r_[np.zeros((1, 2), dtype=int), np.cumsum(inner, axis=0)])
    begin, fresh, made = {}, 0, []
    first = iter(zip(columns["first_x"], columns["first_y"], strict=True))
    ends = np.r_[0, np.cumsum(columns["ring_length"])]
    for a, b in pairwise(ends):
        ring = []
        for n in columns["ring_arcs"][a:b]:
            ring.append(fresh if n == 0 else ~(fresh - n) if n > 0 else fresh + n)
            fresh += n == 0
        known = next((at for at, ref in enumerate(ring) if max(ref, ~ref) in begin), None)
        here = np.array(next(first)) if known is None else None
        for ref in ring[known or 0 :] + ring[: known or 0]:
            k = max(ref, ~ref)
            across = arcs[k][-1]
            if k not in begin:
                begin[k] = here if ref >= 0 else here - across
            here = begin[k] + (across if ref >= 0 else 0)
        runs = [(arcs[max(ref, ~ref)] + begin[max(ref, ~ref)])[:: 1 if ref >= 0 else -1]
                for ref in ring]  # fmt: skip
        for one, other in pairwise([*runs, runs[0]]):
            assert one[-1].tolist() == other[0].tolist()
        made.append([tuple(point) for run in runs for point in run[:-1].tolist()])
    assert next(first, None) is None
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

    back_lon = x[0] / 2**18 * 360 - 180
    back_lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y[0] / 2**18))))
    assert abs(back_lon - lon) <= 360 / 2**18 / 2 + 1e-9
    assert abs(back_lat - lat) <= 360 / 2**18 / 2 + 1e-9


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


def test_all_rings_of_the_country_travel_unchanged():
    grid = on_grid(boundaries.load_arcs("display"))

    decoded = rings(decode_columns(geometry_block("areas", grid).data))

    spans = list(pairwise(grid.arc_start.tolist()))
    for at, (begin, end) in enumerate(pairwise(grid.ring_start.tolist())):
        ring = []
        for ref in grid.ring_arcs[begin:end].tolist():
            a, b = spans[max(ref, ~ref)]
            arc = list(zip(grid.x[a:b].tolist(), grid.y[a:b].tolist(), strict=True))
            ring += (arc if ref >= 0 else arc[::-1])[:-1]
        assert decoded[at] == ring
