"""Surfaces as GeoTIFF: place, unit, nothing where nothing is known, and the same numbers."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import replace

import numpy as np
import pytest
import rasterio

from geo import crs
from geo.errors import OutputError
from geo.export.raster import NODATA, source_tags, write_surface
from geo.stats.grid import Grid
from geo.steps.land import plane_areas
from geo.steps.surface import event_density
from geo.study import locate_events
from tests.surfaces import MIDDLE, areas, located


@functools.cache
def surface():
    """Return the density of 30 events in the west and 10 in the east, of 2024."""
    events = located(*[MIDDLE] * 30, *[(-101.5, 23.2)] * 10)
    return event_density(
        events, window="2024", data_through="2024-12-31", areas=areas(), cell_m=2_000,
        bandwidth_m=12_000,
    )  # fmt: skip


@pytest.fixture
def written(tmp_path):
    return write_surface(surface(), tmp_path / "density.tif")


def test_file_is_a_cloud_optimized_geotiff_in_the_metric_crs(written):
    with rasterio.open(written) as file:
        assert file.driver == "GTiff"
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.crs.to_epsg() == 6372
        assert (file.count, file.dtypes) == (1, ("float32",))
        assert file.profile["tiled"]
        assert file.profile["compress"] == "deflate"


def test_j5_values_lie_where_the_events_are_without_half_a_cell_of_shift(written):
    grid = surface().grid
    with rasterio.open(written) as file:
        values = file.read(1)
        assert (file.transform.a, file.transform.e) == (2_000, -2_000)
        # The outer corner, at a multiple of the cell; not the center.
        assert (file.transform.c, file.transform.f) == (grid.west, grid.north)
        assert file.tags()["AREA_OR_POINT"] == "Area"
        row, column = np.unravel_index(values.argmax(), values.shape)
        easting, northing = file.xy(row, column)
        # The event itself: half a cell to either side at most.
        there = crs.project(*map(np.array, MIDDLE))
        assert abs(easting - there[0]) <= 1_000
        assert abs(northing - there[1]) <= 1_000
        [[sampled]] = file.sample([there])
    assert sampled == values[row, column]


def test_j5_file_has_the_numbers_of_the_surface(written):
    with rasterio.open(written) as file:
        read = file.read(1, masked=True)

    known = np.isfinite(surface().values)
    np.testing.assert_array_equal(~read.mask, known)
    np.testing.assert_allclose(read.compressed(), surface().values[known], rtol=1e-6)


def test_j5_density_times_area_times_years_is_the_number_of_events_of_each_square(written):
    with rasterio.open(written) as file:
        values = file.read(1, masked=True)
        columns = np.arange(file.width)
        easting = file.transform.c + (columns + 0.5) * file.transform.a
    total = float(values.sum(dtype=np.float64)) * 4
    assert total == pytest.approx(40, rel=1e-6)

    # West of the common border, and then east of it, as the vector data count them.
    west = plane_areas(areas()).set_index("cvegeo").geometry["25003"]
    border = west.bounds[2]
    western = float(values[:, easting < border].sum(dtype=np.float64)) * 4
    assert western == pytest.approx(30, rel=0.02)


def test_nothing_known_is_not_zero(written):
    with rasterio.open(written) as file:
        assert file.nodata == NODATA == -9999
        outside = file.read(1)[np.isnan(surface().values)]
        assert outside.size > 0
        assert set(outside.tolist()) == {NODATA}
        # Far from all events, but on land, there are no events, and that is a number.
        east, north = crs.project(-102.95, 23.95)
        [[sampled]] = file.sample([(float(east), float(north))])
    assert 0 <= sampled < 1e-3


def test_unit_band_period_and_method_stand_in_the_file(written):
    with rasterio.open(written) as file:
        assert file.descriptions == ("density of events, 2024",)
        assert file.units == ("events per km² per year",)
        tags = file.tags()
    assert (tags["PERIOD"], tags["EVENTS"], tags["LEFT_OUT"]) == ("2024", "40", "none")
    assert tags["UNIT"] == "events per km² per year"
    assert tags["METHOD"].startswith("Gaussian kernel, bandwidth 12.0 km (as given), Jones-Diggle")
    assert tags["TIFFTAG_IMAGEDESCRIPTION"] == "density of events, 2024 (events per km² per year)"
    assert "MADE_UP" not in tags


def test_made_up_data_are_marked_and_credits_are_kept(tmp_path):
    found = locate_events("sample")

    path = write_surface(surface(), tmp_path / "a.tif", tags=source_tags(found))

    with rasterio.open(path) as file:
        tags = file.tags()
    assert tags["MADE_UP"] == tags["SOURCE"] == "MADE-UP DATA, no real event"
    assert tags["TIFFTAG_IMAGEDESCRIPTION"].startswith("MADE-UP DATA")
    assert tags["TIFFTAG_COPYRIGHT"].startswith("MADE-UP DATA")
    assert "INEGI, Marco Geoestadístico" in tags["CREDITS"]


def test_overviews_are_means_of_what_is_known(tmp_path):
    grid = Grid(west=2_000_000, north=1_500_000, cell_m=1_000, rows=1_024, columns=1_024)
    board = 2.0 * (np.indices(grid.shape).sum(axis=0) % 2)
    board[:512, :512] = np.nan
    path = write_surface(replace(surface(), grid=grid, values=board), tmp_path / "board.tif")

    with rasterio.open(path) as file:
        assert file.overviews(1) == [2]
    with rasterio.open(path, overview_level=0) as half:
        values = half.read(1, masked=True)
    # Of each four cells two are 0 and two are 2; where nothing is known, nothing is.
    assert values.mask[:256, :256].all()
    assert values.mask.sum() == 256**2
    assert set(values.compressed().tolist()) == {1.0}


def test_same_surface_gives_the_same_bytes(tmp_path):
    digests = {
        hashlib.sha256(write_surface(surface(), tmp_path / name).read_bytes()).hexdigest()
        for name in ("a.tif", "b.TIFF")
    }

    assert len(digests) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tif", "b.TIFF"]


def test_file_that_exists_is_kept_unless_allowed(written):
    before = written.read_bytes()

    with pytest.raises(OutputError, match="exists"):
        write_surface(surface(), written)
    assert written.read_bytes() == before
    write_surface(surface(), written, overwrite=True, tags={"NOTE": "áé"})
    with rasterio.open(written) as file:
        assert file.tags()["NOTE"] == "áé"


def test_other_ending_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"as \.tif or \.tiff, not as \.png"):
        write_surface(surface(), tmp_path / "density.png")


def test_writing_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise rasterio.errors.RasterioIOError("disk")

    monkeypatch.setattr("geo.export.raster.rasterio.MemoryFile", fail)
    with pytest.raises(OutputError, match="cannot be made a GeoTIFF"):
        write_surface(surface(), tmp_path / "density.tif")
    assert list(tmp_path.iterdir()) == []
