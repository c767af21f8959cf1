"""Shapes that are made when they are asked for are those of all areas, and found by their boxes."""

import subprocess
import sys

import numpy as np
import pytest
import shapely

from geo.sources import boundaries
from geo.sources.arc_shapes import ArcShapes
from geo.stats.locate import AreaIndex


@pytest.fixture(scope="module")
def polygons():
    return np.asarray(boundaries.load_areas("municipality").geometry.array)


def lazy():
    return ArcShapes(boundaries.load_arcs("full"))


@pytest.mark.parametrize("places", [[2464, 0, 7, 7], range(100, 200)], ids=["few", "many"])
def test_shapes_made_late_have_the_same_vertices(polygons, places):
    place = np.array(places)
    assert shapely.to_wkb(lazy()[place]).tolist() == shapely.to_wkb(polygons[place]).tolist()


def test_boxes_are_those_of_the_shapes(polygons):
    np.testing.assert_array_equal(shapely.bounds(lazy().boxes()), shapely.bounds(polygons))


def test_the_nearest_area_and_its_distance_are_the_same(polygons):
    shapes = lazy()
    late = AreaIndex(shapes, shapely.STRtree(shapes.boxes()), {})
    random = np.random.default_rng(5)
    lon, lat = random.uniform(-112, -104, 300), random.uniform(21, 28, 300)
    at_once = AreaIndex.of(polygons)
    for found, expected in (
        (late.covering(lon, lat), at_once.covering(lon, lat)),
        (late.nearest(lon, lat, 5_000), at_once.nearest(lon, lat, 5_000)),
    ):
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_counting_in_a_stream_loads_nothing_that_it_does_not_use():
    code = (
        "import sys, geo; geo.count_stream\n"
        "heavy = {'pyogrio', 'rasterio', 'scipy.optimize', 'geo.study.run', 'geo.steps.query'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
