import html
import re

import pytest

from geo.errors import SettingsError
from geo.render.map import EventMap
from geo.render.tiles import Tiles
from tests.hostile import strings
from tests.render.maps import toy_ground, toy_map
from tests.render.test_page import Page

DATA, GROUND = toy_map(), toy_ground()

GOOD = "https://tiles.example/{z}/{x}/{y}.png"
CREDIT = "© Example contributors"


def written(tiles=None):
    return EventMap(DATA, ground=GROUND).html(tiles=tiles)


def image_sources(text):
    policy = html.unescape(
        re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)[1]
    )
    [found] = [part for part in policy.split("; ") if part.startswith("img-src ")]
    return found.split()[1:]


@pytest.mark.parametrize(
    ("template", "origin"),
    [
        (GOOD, "https://tiles.example"),
        ("https://tiles.example:8443/a/{z}/{y}/{x}@2x.jpg", "https://tiles.example:8443"),
        ("https://xn--caf-dma.example/t?z={z}&x={x}&y={y}&key=a1", "https://xn--caf-dma.example"),
        ("http://127.0.0.1:8000/{z}/{x}/{y}.png", "http://127.0.0.1:8000"),
        ("http://localhost/{z}/{x}/{y}", "http://localhost"),
    ],
)
def test_the_policy_is_opened_for_images_of_the_one_host_and_for_nothing_else(template, origin):
    with_tiles, without = written(Tiles(template, CREDIT)), written()

    assert image_sources(without) == ["data:", "blob:"]
    assert image_sources(with_tiles) == ["data:", "blob:", origin]
    assert with_tiles.count("Content-Security-Policy") == 1
    assert Page(with_tiles).config["tiles"]["template"] == template
    assert Page(without).config["tiles"] is None


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("", "must be an address"),
        (None, "must be an address"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "several hosts"),
        ("http://tiles.example/{z}/{x}/{y}.png", "must begin with https"),
        ("ftp://tiles.example/{z}/{x}/{y}.png", "must begin with https"),
        ("javascript:alert(1)/{z}/{x}/{y}", "no address of tiles"),
        ("//tiles.example/{z}/{x}/{y}.png", "must begin with https"),
        ("file:///tiles/{z}/{x}/{y}.png", "must begin with https"),
        ("https://user:secret@tiles.example/{z}/{x}/{y}.png", "no user or password"),
        ("https://tiles.example/{z}/{x}/{y}.png#a", "no address of tiles"),
        ("https://Tiles.example/{z}/{x}/{y}.png", "small letters"),
        ("https://tiles.example/{z}/{x}.png", "once each"),
        ("https://tiles.example/{z}/{x}/{y}/{y}.png", "once each"),
        ("https://tiles.example/{z}/{x}/{y}{r}.png", "once each"),
        ("https://{z}.tiles.example/{x}/{y}.png", "small letters"),
        ("https://tiles.example; script-src */{z}/{x}/{y}", "no address of tiles"),
        ("https://tiles.example;script-src/{z}/{x}/{y}", "no address of tiles"),
        ("https://tiles.example,evil.example/{z}/{x}/{y}", "one host"),
        ("https://*.example/{z}/{x}/{y}", "no address of tiles"),
        ("https://ñ.example/{z}/{x}/{y}", "plain ASCII"),
        ("https://tiles.example:99999/{z}/{x}/{y}", "no address"),
        ("https:///{z}/{x}/{y}", "one host"),
        ("https://tiles.example/{z}/{x}/{y}" + "a" * 500, "500 characters"),
        ('https://tiles.example/{z}/{x}/{y}"><script>', "no address of tiles"),
    ],
)
def test_a_template_that_a_page_must_not_be_opened_to_is_refused(template, said):
    with pytest.raises(SettingsError, match=said):
        Tiles(template, CREDIT)


@pytest.mark.parametrize("text", strings())
def test_f2_no_hostile_text_is_taken_for_a_template(text):
    with pytest.raises(SettingsError, match="tiles"):
        Tiles(text, CREDIT)


@pytest.mark.parametrize("credit", ["", "  ", "\n", None])
def test_tiles_that_credit_nobody_are_refused(credit):
    with pytest.raises(SettingsError, match="whom to credit"):
        Tiles(GOOD, credit)


def test_a_template_alone_is_refused_with_the_cure():
    with pytest.raises(SettingsError, match=r"tiles=geo\.Tiles\("):
        EventMap(DATA, ground=GROUND).html(tiles=GOOD)


@pytest.mark.parametrize("zoom", [0, 23, 1.5, True, "9"])
def test_a_zoom_that_no_service_has_is_refused(zoom):
    with pytest.raises(SettingsError, match="1 to 22"):
        Tiles(GOOD, CREDIT, max_zoom=zoom)


def test_f2_a_hostile_credit_is_text_in_the_configuration():
    text = written(Tiles(GOOD, "</script><script>window.ran=1</script>"))

    assert "<script>window" not in text
    assert Page(text).config["tiles"]["attribution"] == "</script><script>window.ran=1</script>"
