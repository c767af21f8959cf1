"""Lines of the user's own, from files."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from geo.errors import CRSError, SourceError
from geo.sources.shape_file import read_shapes

ROAD = shapely.LineString([(-107.4, 24.8), (-106.4, 23.2)])


def roads(crs="EPSG:4326"):
    return gpd.GeoDataFrame({"name": ["road"]}, geometry=[ROAD], crs=crs)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson"])
def test_a_line_comes_back_with_its_reference_system(tmp_path, ending):
    path = tmp_path / f"carretera ñ{ending}"
    roads().to_crs("EPSG:6372").to_file(path) if ending != ".geojson" else roads().to_file(path)

    found = read_shapes(path)

    assert found.to_crs("EPSG:4326").iloc[0].equals_exact(ROAD, 1e-6)


def test_a_shapefile_without_prj_is_refused_with_the_cure(tmp_path):
    roads().to_file(tmp_path / "road.shp")
    (tmp_path / "road.prj").unlink()

    with pytest.raises(CRSError, match=r"Set CRS.*\.prj"):
        read_shapes(tmp_path / "road.shp")


def test_another_kind_of_file_under_a_known_ending_is_not_opened(tmp_path):
    path = tmp_path / "road.geojson"
    path.write_text("<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>")

    with pytest.raises(SourceError, match="not what its ending says"):
        read_shapes(path)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("road.kml", b"<kml/>", "ends in .gpkg", id="ending"),
        pytest.param("road.geojson", b'{"type": ', "cannot be read", id="cut"),
        pytest.param(
            "road.gpkg", b"SQLite format 3\x00" + b"\x00" * 200, "road.gpkg", id="damaged"
        ),
    ],
)
def test_a_file_that_holds_no_shapes_is_refused(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(SourceError, match=said):
        read_shapes(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        read_shapes(tmp_path / "none.gpkg")


def test_of_several_layers_one_must_be_named(tmp_path):
    path = tmp_path / "roads.gpkg"
    roads().to_file(path, layer="a")
    roads().to_file(path, layer="b")

    with pytest.raises(SourceError, match="several layers: a, b"):
        read_shapes(path)
    with pytest.raises(SourceError, match="no layer 'c'"):
        read_shapes(path, layer="c")
    assert len(read_shapes(path, layer="b")) == 1
