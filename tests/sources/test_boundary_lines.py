"""The shipped borders and the coast."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo import crs
from geo.sources import boundaries
from geo.sources.boundary_lines import LINES, find_line, line_shape, load_lines

OFFICIAL_KM = {"us": 3152, "guatemala": 956, "belize": 278}
"""As the boundary commissions publish them; that of Belize with the bay (193 + 85)."""
NUMBERS = {"us": "840", "guatemala": "320", "belize": "084"}


def length(shape):
    return crs.GEOD.geometry_length(shape) / 1e3


@pytest.mark.parametrize(("line", "km"), OFFICIAL_KM.items())
def test_a_border_is_as_long_as_it_is_published(line, km):
    assert length(line_shape(line)) == pytest.approx(km, rel=0.02)


def test_borders_and_mainland_coast_make_one_ring_without_a_gap():
    ends = []
    for line in LINES:
        for part in shapely.get_parts(line_shape(line)):
            at = shapely.get_coordinates(part)
            if (at[0] != at[-1]).any():
                ends += [tuple(at[0]), tuple(at[-1])]

    assert len(ends) == 10  # three borders, two shores
    assert all(ends.count(end) == 2 for end in ends)


@pytest.mark.parametrize("line", LINES)
def test_every_vertex_is_one_of_the_shipped_states(line):
    states = boundaries.load_areas("state").geometry.to_numpy()
    known = {tuple(at) for at in np.round(shapely.get_coordinates(states), 7).tolist()}
    at = np.round(shapely.get_coordinates(line_shape(line)), 7).tolist()

    strange = [vertex for vertex in at if tuple(vertex) not in known]

    # A union adds a vertex where two layers cross between theirs.
    assert len(strange) <= 0.001 * len(at)


@pytest.mark.parametrize(("line", "number"), NUMBERS.items())
def test_a_border_lies_where_another_source_has_the_country(line, number):
    countries = boundaries.load_neighbor_countries().set_index("iso_number").geometry
    at = shapely.points(shapely.get_coordinates(line_shape(line)))

    degrees = shapely.distance(at, countries[number])

    assert degrees.max() < 0.3 if line == "belize" else degrees.max() < 0.05  # the bay is wide
    assert np.median(degrees) < 0.01 or line == "belize"


def test_the_coast_lies_away_from_the_land_borders_but_at_their_ends():
    coast = shapely.get_coordinates(line_shape("coast"))[::50]
    lon, lat = coast.T

    for line in NUMBERS:
        from geo.stats.lines import geodesic_line_distance

        near = geodesic_line_distance(lon, lat, line_shape(line)) < 5_000
        assert near.mean() < 0.01


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("US border", "us"),
        ("the U.S. Border", "us"),
        ("frontera con Estados Unidos", "us"),
        ("Frontera Norte", "us"),
        ("border with Guatemala", "guatemala"),
        ("la frontera con Belice", "belize"),
        ("COAST", "coast"),
        ("la costa", "coast"),
        ("Costa Rica", None),
        ("Texas border", None),
    ],
)
def test_a_line_is_known_by_its_names_in_both_languages(text, line):
    assert find_line(text) == line


def test_no_name_of_a_line_is_the_name_of_an_area():
    from geo.errors import AreaError
    from geo.sources.boundary_lines import _LINE_OF

    for name in _LINE_OF:
        with pytest.raises(AreaError):
            boundaries.find_area(name)


def test_callers_get_a_table_of_their_own():
    mine = load_lines()
    mine.loc[0, "line"] = "changed"

    assert load_lines()["line"].tolist() == list(LINES)
