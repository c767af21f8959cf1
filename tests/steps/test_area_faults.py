"""Areas in which a point could not be placed are refused, and told."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.errors import CRSError, DataWarning, SchemaError
from geo.sources import boundaries
from geo.steps.area_faults import check_shapes
from geo.steps.placing import finder_of, locate_points
from tests.steps.test_placing import areas

WEST, EAST = shapely.box(-100, 20, -99.5, 20.5), shapely.box(-99.5, 20, -99, 20.5)
BOW_TIE = shapely.Polygon([(-100, 20), (-99, 21), (-99, 20), (-100, 21)])
ENDLESS = shapely.Polygon([(-100, 20), (-99, 20), (-99, np.inf)])


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        pytest.param([], "it has no row", id="empty set"),
        pytest.param([WEST, None], "geometry' is empty in 1 of 2", id="c12 null"),
        pytest.param([WEST, shapely.Polygon()], "1 of 2 have no shape: 00002", id="c12 empty"),
        pytest.param([WEST, EAST.exterior], "1 of 2 are no polygons", id="c12 line"),
        pytest.param([BOW_TIE], "00001 crosses itself .*would change its area", id="c12 bow tie"),
        pytest.param([ENDLESS], "1 of 1 have coordinates that are no numbers", id="c15 infinite"),
        pytest.param(
            [shapely.box(-179, 0, 179, 1), EAST], "cut it where it crosses the 180th", id="180"
        ),
        pytest.param([WEST, shapely.box(-99.6, 20, -99, 20.5)], "overlap in 1 place", id="c13"),
        pytest.param([WEST, WEST], "00001 and 00002, ", id="c13 twice the same"),
        pytest.param(
            [WEST, shapely.box(-99.9, 20.1, -99.8, 20.2)], "overlap in 1 place", id="c13 inside"
        ),
    ],
)
def test_areas_that_cannot_be_used_are_refused(shapes, message):
    with pytest.raises(SchemaError, match=message):
        finder_of(areas(*shapes))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        pytest.param(shapely.box(2.4e6, 1.1e6, 2.5e6, 1.2e6), "cannot be degrees", id="c11 meters"),
        pytest.param(shapely.box(20, -100, 21, -99), "latitude comes first", id="c11 order"),
        pytest.param(shapely.box(-1e300, 0, 1e300, 1), "cannot be degrees", id="c15 huge"),
    ],
)
def test_c11_coordinates_that_are_no_degrees_are_refused(shape, message):
    with pytest.raises(CRSError, match=message):
        finder_of(areas(shape))


def test_c11_areas_without_a_reference_system_are_refused():
    given = areas(WEST)

    with pytest.raises(CRSError, match="EPSG:4326"):
        finder_of(given.set_crs(None, allow_override=True))


def test_c13_all_faults_are_told_at_once():
    with pytest.raises(SchemaError) as caught:
        finder_of(areas(WEST, BOW_TIE, shapely.Polygon(), EAST.exterior))

    assert "00003" in str(caught.value)
    assert "00004" in str(caught.value)


def test_c13_overlap_below_the_tolerance_goes_to_the_lower_code():
    # 0.0002 degrees of longitude at 20 degrees north are 21 m.
    given = areas(WEST, shapely.box(-99.5002, 20, -99, 20.5))

    assert locate_points([-99.5001], [20.2], areas=given).tolist() == ["00001"]


def test_c13_enclosed_gap_is_told_and_stays_a_gap():
    ring = shapely.box(-100, 20, -99, 21).difference(shapely.box(-99.6, 20.4, -99.4, 20.6))

    with pytest.warns(DataWarning, match=r"enclose 1 gap .* at -99\.5000, 20\.5000"):
        finder = finder_of(areas(ring))
    assert finder.covering(np.array([-99.5, -99.9]), np.array([20.5, 20.5])).first.tolist() == [
        -1,
        0,
    ]


def test_c13_gap_narrower_than_the_tolerance_is_let_pass():
    finder_of(
        areas(
            shapely.box(-100, 20, -99.5001, 20.5),
            EAST,
            shapely.box(-100, 20.5, -99, 21),
            shapely.box(-100, 19.5, -99, 20),
        )
    )


def test_squares_that_share_a_border_through_their_middle_do_not_overlap():
    finder_of(areas(*(shapely.box(k / 10, 0, (k + 1) / 10, 0.1) for k in range(4))))


@pytest.mark.parametrize("state", ["09", "25"])
def test_shipped_areas_of_a_state_are_without_fault(state):
    every = boundaries.load_areas("municipality")

    finder_of(every[every["cve_ent"] == state])


def test_c12_areas_broken_by_rounding_are_let_pass():
    every = boundaries.load_areas("municipality")
    broken = every[~every.geometry.is_valid]

    assert len(broken) > 20
    check_shapes(broken)
