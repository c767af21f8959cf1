import json
import re

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.errors import OutputError, SettingsError
from geo.render.map import EventMap
from geo.render.text import clean
from tests.hostile import strings
from tests.render.maps import toy_ground, toy_map

DATA, GROUND = toy_map(), toy_ground()

SAYS = re.compile(r"geoMap\.children\.say\((\w+), (\{.*\})\);")


def event_map():
    return EventMap(DATA, ground=GROUND)


def said_in(drawn):
    return [(name, json.loads(content)) for name, content in SAYS.findall(drawn.html())]


def test_what_is_said_of_a_shape_reaches_the_page_as_json():
    drawn = event_map()
    circle = folium.CircleMarker(
        (0.5, 0.5),
        popup=geo.Popup("one\n\n two ", title="T", fields={"Events": 12}),
        tooltip=geo.Tooltip("short"),
    )
    drawn.add_child(circle)

    assert [content for _, content in said_in(drawn)] == [
        {"kind": "popup", "title": "T", "lines": ["one", " two"], "fields": [["Events", "12"]]},
        {"kind": "tooltip", "title": "", "lines": ["short"], "fields": []},
    ]
    [name] = {name for name, _ in said_in(drawn)}
    assert f"var {name} = L.circleMarker" in drawn.html()


def test_the_same_children_give_the_same_bytes():
    def page():
        drawn = event_map()
        drawn.add_child(folium.CircleMarker((0.5, 0.5), popup=geo.Popup("a")))
        drawn.add_child(folium.PolyLine([(0, 0), (1, 1)], tooltip=geo.Tooltip("b")))
        return drawn.html()

    assert page() == page()


def test_f1_f2_hostile_text_cannot_leave_the_json_it_stands_in():
    drawn, texts = event_map(), [text for text in strings() if text.strip()]
    for text in texts:
        popup = geo.Popup(text, title=text, fields={text: text})
        drawn.add_child(folium.CircleMarker((0, 0), popup=popup, tooltip=geo.Tooltip(text)))
    page = drawn.html()
    script = page[page.rindex("<script>") + 8 : page.rindex("</script>")]

    assert not set("<&`'$") & set(script)
    assert "{{" not in script
    found = [content for _, content in said_in(drawn)]
    assert len(found) == 2 * len(texts)
    for text, popup, tooltip in zip(texts, found[::2], found[1::2], strict=True):
        assert popup["title"] == clean(text).strip()
        assert popup["fields"] == [[clean(text), clean(text)]]
        assert popup["lines"] == tooltip["lines"]


@given(st.text(min_size=1).filter(str.strip))
def test_f1_any_text_becomes_plain_ascii_json(text):
    try:
        popup = geo.Popup(text, title=text)
    except SettingsError:
        assert len(text.splitlines()) > 30
        return

    assert popup.in_script.isascii()
    assert not set("<>&'") & set(popup.in_script)
    assert json.loads(popup.in_script) == popup.said


@pytest.mark.parametrize("nothing", ["", "  \n "])
def test_a_popup_or_a_tooltip_that_says_nothing_is_refused(nothing):
    with pytest.raises(SettingsError, match="needs a text"):
        geo.Popup(nothing)
    with pytest.raises(SettingsError, match="needs a text"):
        geo.Tooltip(nothing)


def test_a_popup_that_says_too_much_is_refused():
    with pytest.raises(SettingsError, match="at most 30 lines and 30 fields, not 31 and 0"):
        geo.Popup("a\n" * 31)
    with pytest.raises(SettingsError, match="not 1 and 31"):
        geo.Popup("a", fields={str(n): n for n in range(31)})


def test_a_popup_of_the_whole_map_is_refused():
    drawn = event_map()
    drawn.add_child(geo.Popup("a"))

    with pytest.raises(OutputError, match="Popup: it says something of the whole map"):
        drawn.html()


def test_a_popup_for_all_shapes_of_a_group_is_written():
    drawn = event_map()
    group = folium.FeatureGroup("<b>").add_to(drawn)
    group.add_child(geo.Popup("of all"))
    folium.CircleMarker((0, 0)).add_to(group)

    [(name, _)] = said_in(drawn)
    assert f"var {name} = L.featureGroup" in drawn.html()
