import dataclasses

import numpy as np
import pytest
import shapely

from geo import crs
from geo.render.ground import load_ground
from geo.render.shapes import shapes_of
from geo.sources import boundaries
from geo.sources.arcs import Arcs, toy_arcs


def area_km2(rings):
    """The area of rings by the shoelace formula: holes run the other way, so they count less."""
    twice = 0.0
    for ring in rings:
        east, north = (ring - ring[0]).T
        twice += (east[:-1] * north[1:] - east[1:] * north[:-1]).sum()
    return twice / 2e6


@pytest.fixture(scope="module")
def arcs():
    return load_ground().arcs


@pytest.mark.parametrize("level", ["state", "municipality"])
def test_areas_of_the_country_have_the_size_that_they_have(arcs, level):
    shapes = shapes_of(arcs, level, tolerance_m=1)
    known = boundaries.load_areas(level).set_index("cvegeo")["area_km2"]

    found = {code: area_km2(rings) for code, rings in shapes.rings.items()}

    assert sorted(found) == sorted(known.index)
    ratio = np.array([found[code] / known[code] for code in known.index])
    # The plane is off by 1.4 % at most, and display shapes are simplified to 500 m.
    assert np.abs(np.median(ratio) - 1) < 0.02
    assert (ratio > 0.5).all()
    assert sum(found.values()) == pytest.approx(known.sum(), rel=0.015)


def test_every_ring_is_closed_also_when_lines_lose_vertices(arcs):
    for level in ("state", "municipality"):
        shapes = shapes_of(arcs, level, tolerance_m=5_000)
        for rings in shapes.rings.values():
            assert all((ring[0] == ring[-1]).all() and len(ring) >= 3 for ring in rings)


def test_a_state_is_the_union_of_its_municipalities(arcs):
    towns = shapes_of(arcs, "municipality", tolerance_m=1)
    states = shapes_of(arcs, "state", tolerance_m=1)

    for code in ("25", "20", "09"):
        parts = sum(area_km2(r) for c, r in towns.rings.items() if c.startswith(code))
        assert area_km2(states.rings[code]) == pytest.approx(parts, rel=1e-9)


def test_a_hole_is_cut_out_however_its_ring_was_stored():
    # A square of 4 degrees with a hole of 2 that is another state; both rings run the same way.
    outer = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]
    inner = [(1, 1), (3, 1), (3, 3), (1, 3), (1, 1)]
    lon, lat = np.array(outer + inner, dtype=float).T
    arcs = Arcs(
        lon=lon - 102, lat=lat + 20,
        arc_start=np.array([0, 5, 10]), ring_arcs=np.array([0, 1, 1]),
        ring_start=np.array([0, 1, 2, 3]), ring_area=np.array([0, 0, 1]),
        ring_part=np.array([0, 0, 0]), codes=("01001", "02001"),
    )  # fmt: skip

    def flat(corners):
        lon, lat = np.array(corners, dtype=float).T
        easting, northing = crs.project(lon - 102, lat + 20)
        return shapely.Polygon(np.column_stack([easting, northing])).area / 1e6

    for level, codes in (("municipality", ("01001", "02001")), ("state", ("01", "02"))):
        rings = shapes_of(arcs, level, tolerance_m=1).rings
        assert area_km2(rings[codes[0]]) == pytest.approx(flat(outer) - flat(inner))
        assert area_km2(rings[codes[1]]) == pytest.approx(flat(inner))


def test_borders_inside_a_state_are_told_apart_and_gone_at_the_level_of_states():
    one_state = dataclasses.replace(toy_arcs(), codes=("01001", "01002"))

    towns = shapes_of(one_state, "municipality", tolerance_m=1)
    states = shapes_of(one_state, "state", tolerance_m=1)

    assert (len(towns.inner), len(towns.state), len(towns.outer)) == (1, 0, 2)
    assert (len(states.inner), list(states.rings)) == (0, ["01"])
    assert area_km2(states.rings["01"]) == pytest.approx(
        sum(area_km2(rings) for rings in towns.rings.values())
    )
