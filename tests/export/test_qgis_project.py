from __future__ import annotations

import getpass
import re
import socket
import zipfile
from pathlib import Path

import pytest

from geo.export.qgis.about import srs
from geo.export.qgis.project import BASE_MAP
from tests.export.qgis_folders import definition, project, written


def layers(root):
    return {one.findtext("id"): one for one in root.iter("maplayer")}


@pytest.fixture(params=["project", "definition"])
def root(request):
    return {"project": project, "definition": definition}[request.param](written())


def test_ids_are_long_enough_for_qgis_and_used_by_tree_themes_relations_and_page(root):
    known = set(layers(root))
    tree = [one.get("id") for one in root.findall("layer-tree-group")[0].iter("layer-tree-layer")]

    assert all(len(one) > 11 for one in known)
    assert sorted(tree) == sorted(known)
    used = {one.get("id") for one in root.iter("layer")} - {None}
    used |= {one.get("id") for one in root.iter("layer-tree-layer")}
    for relation in root.iter("relation"):
        used |= {relation.get("referencingLayer"), relation.get("referencedLayer")}
    assert used <= known


def test_every_layer_names_its_system_by_code_and_as_text(root):
    for layer in root.iter("maplayer"):
        block = layer.find("srs/spatialrefsys")
        assert block.findtext("authid") in ("EPSG:4326", "EPSG:6372", "EPSG:3857")
        assert block.findtext("wkt")
        assert block.find("proj4") is None


def test_layers_lie_beside_the_project_and_nowhere_else(root):
    for key, layer in layers(root).items():
        source = layer.findtext("datasource")
        if key.startswith(BASE_MAP):
            assert source.startswith("type=xyz&url=https://")
        else:
            assert re.match(r"\./(sample\.gpkg\|layername=\w+|density\.tif)\Z", source)


def test_themes_name_styles_that_there_are():
    root = project(written())
    known = layers(root)
    for preset in root.iter("visibility-preset"):
        for shown in preset:
            manager = known[shown.get("id")].find("map-layer-style-manager")
            if manager is not None:
                names = [one.get("name") for one in manager]
                assert shown.get("style") in names


def test_current_style_stands_in_the_layer_and_the_others_in_full(root):
    for layer in root.iter("maplayer"):
        manager = layer.find("map-layer-style-manager")
        if manager is None:
            continue
        assert layer.find("renderer-v2") is not None
        for style in manager:
            is_current = style.get("name") == manager.get("current")
            assert (style.find("qgis/renderer-v2") is None) == is_current


def test_base_map_is_there_and_off_and_not_in_the_layer_definition():
    tree = project(written()).find("layer-tree-group")
    leaf = next(one for one in tree.iter("layer-tree-layer") if one.get("id").startswith(BASE_MAP))
    checked = [
        one.get("name")
        for one in tree.iter("layer-tree-layer")
        if one.get("checked") == "Qt::Checked"
    ]

    assert leaf.get("checked") == "Qt::Unchecked"
    assert checked == ["Estados, 2024", "Municipios, 2024"]
    assert not [one for one in layers(definition(written())) if one.startswith(BASE_MAP)]


def test_paths_are_relative_and_the_clock_covers_the_periods_by_month():
    root = project(written())
    time = root.find("ProjectTimeSettings")

    assert root.findtext("properties/Paths/Absolute") == "false"
    assert root.findtext("properties/SpatialRefSys/ProjectionsEnabled") == "1"
    assert (time.get("timeStep"), time.get("timeStepUnit")) == ("1", "mon")
    assert time.findtext("TemporalRange/start") == "2022-01-01T00:00:00Z"
    assert time.findtext("TemporalRange/end") == "2024-12-31T23:59:59Z"


def test_states_and_municipalities_have_their_periods_by_code():
    found = {
        (one.get("referencingLayer").partition("_by_")[0], one.find("fieldRef").attrib.values())
        and one.get("id")
        for one in project(written()).iter("relation")
    }
    assert found == {
        "municipalities_by_year_municipalities",
        "municipalities_by_month_municipalities",
        "states_by_year_states",
        "states_by_month_states",
    }
    for field in project(written()).iter("fieldRef"):
        assert field.attrib == {"referencingField": "cvegeo", "referencedField": "cvegeo"}


def test_page_has_title_map_legend_scale_source_and_mark():
    page = project(written()).find("Layouts/Layout")
    items = {one.get("id"): one for one in page.findall("LayoutItem")}

    assert set(items) == {
        "map", "title", "subtitle", "mark", "legend", "notes", "scale", "source",
    }  # fmt: skip
    assert items["title"].get("labelText") == "DATOS INVENTADOS - Sinaloa: 2024 frente a 2023"
    assert items["mark"].get("labelText") == "DATOS INVENTADOS"
    assert "Fuente: Muestra inventada" in items["source"].get("labelText")
    assert "INEGI" in items["source"].get("labelText")
    assert items["legend"].get("map_uuid") == items["map"].get("uuid")
    assert items["scale"].get("mapUuid") == items["map"].get("uuid")
    assert page.find("PageCollection/LayoutItem").get("size") == "297,210,mm"


def test_no_file_tells_of_a_user_a_machine_or_a_place():
    folder = written()
    # A name of two letters stands somewhere in every file of some size.
    hidden = {str(folder), str(Path.cwd()), socket.gethostname(), getpass.getuser(), "/home/"}
    hidden = {one for one in hidden if len(one) > 4} | {"saveUser"}
    for path in folder.iterdir():
        data = path.read_bytes()
        if path.suffix == ".qgz":
            with zipfile.ZipFile(path) as archive:
                data = archive.read(archive.namelist()[0])
        assert not [one for one in hidden if one.encode() in data], path.name


def test_system_of_the_country_is_named_by_its_code():
    assert srs("EPSG:6372").findtext("authid") == "EPSG:6372"
    assert srs("EPSG:6372").findtext("geographicflag") == "false"
