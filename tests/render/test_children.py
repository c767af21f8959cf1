import folium
import folium.plugins
import pytest
from branca.element import Element

from geo.errors import OutputError
from geo.render.map import EventMap
from tests.render.maps import toy_ground, toy_map


def event_map():
    return EventMap(toy_map(), ground=toy_ground())


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
        (lambda: folium.CircleMarker((0, 0), popup="x"), "Popup"),
        (lambda: folium.CircleMarker((0, 0), tooltip="x"), "Tooltip"),
        (lambda: folium.LayerControl(), "LayerControl"),
        (lambda: folium.plugins.Fullscreen(), "cdn"),
        (lambda: Element("<b>raw</b>"), "raw HTML"),
    ],
    ids=["tiles", "marker", "icon", "picture", "popup", "tooltip", "control", "plugin", "raw"],
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
