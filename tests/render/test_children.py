import folium
import folium.plugins
import numpy as np
import pytest
from branca.element import Element, IFrame

from geo.errors import OutputError
from geo.render.map import EventMap
from tests.render.maps import toy_ground, toy_map

DATA, GROUND = toy_map(), toy_ground()


SQUARE = {
    "type": "Feature",
    "properties": {"n": 1},
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
}
POINT = {
    "type": "Feature",
    "properties": {"n": 1},
    "geometry": {
        "type": "GeometryCollection",
        "geometries": [{"type": "MultiPoint", "coordinates": [[0, 0]]}],
    },
}


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def event_map():
    return EventMap(DATA, ground=GROUND)


def test_a_shape_of_folium_can_be_added_and_is_written():
    drawn = event_map()
    drawn.add_child(folium.CircleMarker((0.5, 0.5), radius=3))

    assert "L.circleMarker" in drawn.html()


@pytest.mark.parametrize(
    ("child", "named"),
    [
        (lambda: folium.TileLayer("https://t.example/{z}/{x}/{y}.png", attr="x"), "t.example"),
        (lambda: folium.Marker((0, 0)), "marker picture"),
        (lambda: folium.Marker((0, 0), icon=folium.Icon()), "awesome-markers"),
        (
            lambda: folium.Marker((0, 0), icon=folium.CustomIcon("https://i.example/i.png")),
            "i.example",
        ),
        (lambda: folium.CircleMarker((0, 0), popup="x"), r"Popup: .*use geo\.Popup\("),
        (lambda: folium.CircleMarker((0, 0), tooltip="x"), r"Tooltip: .*use geo\.Tooltip\("),
        (
            lambda: folium.GeoJson(SQUARE, tooltip=folium.GeoJsonTooltip(["n"])),
            r"GeoJsonTooltip: .*geo\.Tooltip of its own",
        ),
        (
            lambda: folium.GeoJson(SQUARE, popup=folium.GeoJsonPopup(["n"])),
            r"GeoJsonPopup: .*fields=",
        ),
        (lambda: folium.GeoJson(POINT), "GeoJson: for its points .*marker=folium.CircleMarker"),
        (lambda: folium.GeoJson(POINT, marker=folium.Marker()), "GeoJson: for its points"),
        (lambda: folium.GeoJson(collection(POINT)), "GeoJson: for its points"),
        (lambda: folium.GeoJson(SQUARE, on_each_feature=folium.JsCode("f")), "on_each_feature"),
        (
            lambda: folium.GeoJson(
                collection(SQUARE | {"properties": {"a;window.ran=1": 1}}),
                style_function=lambda _: {},
            ),
            "'a;window.ran=1' of a property",
        ),
        (lambda: folium.ClickForMarker("x"), "ClickForMarker: .*script of its own"),
        (lambda: folium.ClickForLatLng("x"), "ClickForLatLng: .*script of its own"),
        (lambda: folium.plugins.FloatImage("https://i.example/i.png"), "FloatImage: .*i.example"),
        (lambda: folium.LinearColormap(["red", "blue"]), "d3"),
        (lambda: folium.plugins.HeatMap([(0, 0)]), "HeatMap: it fetches .*heat"),
        (lambda: folium.plugins.MarkerCluster(), "MarkerCluster: it fetches .*cluster"),
        (
            lambda: folium.raster_layers.ImageOverlay("https://i.example/a.png", [[0, 0], [1, 1]]),
            "ImageOverlay: it fetches https://i.example/a.png",
        ),
        (
            lambda: folium.raster_layers.WmsTileLayer("https://w.example/wms", "a"),
            "WmsTileLayer: it fetches https://w.example/wms",
        ),
        (lambda: IFrame("<b>"), "raw HTML"),
        (lambda: folium.LayerControl(), "LayerControl"),
        (lambda: folium.plugins.Fullscreen(), "cdn"),
        (lambda: Element("<b>raw</b>"), "raw HTML"),
    ],
)
def test_f2_a_child_that_fetches_or_writes_text_is_refused_by_name(child, named):
    drawn = event_map()
    drawn.add_child(child())

    with pytest.raises(OutputError, match=named):
        drawn.html()


@pytest.mark.parametrize("slot", ["header", "html", "script"])
def test_f2_raw_text_in_the_page_around_the_map_is_refused(slot):
    drawn = event_map()
    getattr(drawn.get_root(), slot).add_child(Element("<script>alert(1)</script>"))

    with pytest.raises(OutputError, match="raw HTML"):
        drawn.html()


def test_f2_a_style_function_cannot_close_the_script():
    drawn = event_map()
    square = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
    }
    shape = folium.GeoJson(
        square, style_function=lambda _: {"color": "</script><script>alert(1)</script>"}
    )
    drawn.add_child(shape)

    with pytest.raises(OutputError, match="of its own"):
        drawn.html()


def test_f3_braces_in_the_data_of_a_child_are_not_run():
    drawn = event_map()
    point = {
        "type": "Feature",
        "properties": {"note": "{{ 7 * 7 }}"},
        "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    }
    drawn.add_child(folium.GeoJson(point))

    assert '"note": "{{ 7 * 7 }}"' in drawn.html()


def test_other_maps_keep_their_assets():
    event_map()

    assert any("leaflet" in address for _, address in folium.Map.default_js)


@pytest.mark.parametrize(
    "child",
    [
        lambda: folium.Circle((0, 0), radius=9),
        lambda: folium.PolyLine([(0, 0), (1, 1)]),
        lambda: folium.Polygon([(0, 0), (1, 1), (0, 1)]),
        lambda: folium.Rectangle([(0, 0), (1, 1)]),
        lambda: folium.FeatureGroup("x"),
        lambda: folium.GeoJson(SQUARE),
        lambda: folium.GeoJson(POINT, marker=folium.CircleMarker()),
        lambda: folium.GeoJson(
            collection(SQUARE), style_function=lambda _: {"color": "#00f", "weight": 2}
        ),
    ],
)
def test_shapes_that_need_nothing_are_written(child):
    drawn = event_map()
    drawn.add_child(child())

    assert drawn.html().count("L.") > event_map().html().count("L.")


def test_a_marker_whose_picture_is_in_the_page_is_written():
    drawn = event_map()
    icon = folium.CustomIcon(np.zeros((2, 2, 4)), icon_size=(9, 9))
    drawn.add_child(folium.Marker((0, 0), icon=icon))

    assert "data:image/png;base64," in drawn.html()


def test_a_marker_whose_shadow_is_not_in_the_page_is_refused():
    drawn = event_map()
    icon = folium.CustomIcon(np.zeros((2, 2, 4)), shadow_image="https://i.example/s.png")
    drawn.add_child(folium.Marker((0, 0), icon=icon))

    with pytest.raises(OutputError, match=r"i\.example/s\.png"):
        drawn.html()
