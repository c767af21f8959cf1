import numpy as np
import pytest

from geo.errors import SettingsError
from geo.render.geometry import border_kinds, geometry_block, on_grid
from geo.render.ground import DETAILS, load_ground
from geo.render.map import EventMap
from geo.render.shapes import shapes_of
from tests.render.maps import toy_ground, toy_map


@pytest.fixture(scope="module")
def grounds():
    return {detail: load_ground(detail) for detail in DETAILS}


def test_more_detail_has_more_vertices_and_takes_more_bytes(grounds):
    vertices = [len(grounds[detail].arcs.lon) for detail in ("low", "standard", "high")]
    sizes = [
        len(geometry_block("areas", on_grid(grounds[detail].arcs)).payload)
        for detail in ("low", "standard", "high")
    ]

    assert vertices[0] < 0.5 * vertices[1] < 0.35 * vertices[2]
    assert sizes[0] < 120_000 < 180_000 < sizes[1] < 210_000 < sizes[2] < 300_000


def test_every_detail_has_the_same_areas_and_the_same_borders(grounds):
    usual = grounds["standard"].arcs
    for ground in grounds.values():
        arcs = ground.arcs
        assert arcs.codes == usual.codes
        assert set(arcs.ring_area.tolist()) == set(range(2465))
        kinds = np.bincount(border_kinds(arcs, states=True))
        assert kinds.tolist() == np.bincount(border_kinds(usual, states=True)).tolist()


def test_every_detail_draws_every_municipality_and_every_state(grounds):
    for ground in grounds.values():
        for level, number in (("municipality", 2465), ("state", 32)):
            shapes = shapes_of(ground.arcs, level, tolerance_m=1)
            assert len(shapes.rings) == number
            assert all(len(ring) >= 4 for rings in shapes.rings.values() for ring in rings)


def test_low_detail_lets_no_ring_shrink_to_less_than_half_or_turn_round(grounds):
    before, after = (areas_of(grounds[detail].arcs) for detail in ("standard", "low"))

    assert (np.sign(before) == np.sign(after)).all()
    assert (np.abs(after) >= 0.5 * np.abs(before)).all()


def areas_of(arcs):
    """The area of each ring by the shoelace formula, negative where it runs clockwise."""
    vertices, ring = arcs.ring_vertices()
    x, y = arcs.lon[vertices] + 100, arcs.lat[vertices] - 20
    ends = np.flatnonzero(np.diff(ring, append=-1))
    after = np.arange(1, len(ring) + 1)
    after[ends] = np.r_[0, ends[:-1] + 1]
    return np.add.reduceat(x * y[after] - x[after] * y, np.r_[0, ends[:-1] + 1]) / 2


def test_a_detail_that_there_is_not_is_refused():
    with pytest.raises(SettingsError, match="choose low, standard, high"):
        load_ground("best")
    with pytest.raises(SettingsError, match="choose low, standard, high"):
        EventMap(toy_map()).html(detail="best")


def test_a_detail_of_shapes_that_were_given_is_refused():
    drawn = EventMap(toy_map(), ground=toy_ground())

    with pytest.raises(SettingsError, match="was given ground="):
        drawn.html(detail="high")
