"""Pages in every form: plain, without scripts, with shapes of the author, over tiles."""

from __future__ import annotations

import http.server
import io
import threading

import folium
import numpy as np
import pytest
from PIL import Image

import geo
from geo.render.map import EventMap
from tests.browser.test_unpacking import NONE, SEEN
from tests.hostile import strings
from tests.render.maps import country_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reach")


@pytest.fixture(scope="module")
def pages(folder):
    drawn = EventMap(country_map())
    return {plain: drawn.save(folder / f"{plain}.html", plain=plain) for plain in (False, True)}


def test_a_plain_page_shows_what_the_packed_one_shows(pages, open_page):
    packed, plain = (open_page(pages[one]) for one in (False, True))

    assert plain.page.evaluate(SEEN) == packed.page.evaluate(SEEN)
    assert plain.page.evaluate(SEEN)["classes"]
    plain.check_quiet()


def test_a_plain_page_needs_no_help_of_the_browser(pages, chromium):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.add_init_script(NONE)
    page.goto(pages[True].as_uri())
    page.wait_for_selector('[data-ready="1"]', timeout=30_000)

    assert page.evaluate("typeof DecompressionStream") == "undefined"
    assert sum(page.evaluate("geoMap.look.legend()")["classes"]) > 2000
    context.close()


def test_a_plain_page_that_was_cut_says_so(pages, folder, chromium):
    text = pages[True].read_text(encoding="utf-8")
    at = text.index('id="geo-block-names"') + 3000
    (folder / "cut.html").write_text(text[:at] + text[at + 1 :], encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto((folder / "cut.html").as_uri())

    page.locator("#geo-trouble").wait_for()
    assert "damaged" in page.inner_text("#geo-trouble")
    context.close()


@pytest.mark.parametrize("plain", [False, True])
def test_without_scripts_a_picture_and_two_tables_are_seen(pages, open_page, plain):
    opened = open_page(pages[plain], java_script_enabled=False)
    page = opened.page

    image = page.locator("noscript img")
    assert image.is_visible()
    assert image.evaluate("e => e.naturalWidth") > 500
    assert page.locator("table.plain").count() == 2
    assert page.locator("table.plain").nth(1).locator("tr").count() == 21
    assert page.is_hidden("#geo-app")
    assert opened.requests in ([], [image.get_attribute("src")])


def test_with_scripts_nothing_of_that_is_there(pages, open_page):
    page = open_page(pages[False]).page

    assert page.locator("img, table.plain").count() == 0


@pytest.fixture(scope="module")
def said(folder):
    texts = [text for text in strings() if text.strip()]
    drawn = EventMap(country_map())
    group = folium.FeatureGroup(texts[0]).add_to(drawn)
    for n, text in enumerate(texts):
        popup = geo.Popup(text, title=text, fields={text: text})
        place = (20 + n % 20 * 0.3, -110 + n // 20 * 0.8)
        folium.CircleMarker(place, popup=popup, tooltip=geo.Tooltip(text)).add_to(group)
    folium.PolyLine([(30, -95), (31, -90)], popup=geo.Popup("line")).add_to(drawn)
    folium.Polygon([(28, -93), (29, -90), (27, -90)], fill=True, popup=geo.Popup("area")).add_to(
        drawn
    )
    shape = {"type": "LineString", "coordinates": [[-94, 26], [-90, 26]]}
    folium.GeoJson(shape).add_child(geo.Popup("geojson")).add_to(drawn)
    return drawn.save(folder / "said.html"), len(texts)


def test_f1_what_shapes_say_is_reached_by_mouse_and_stays_text(said, open_page):
    opened = open_page(said[0])
    page = opened.page

    for name in ("line", "area", "geojson"):
        page.locator(f'path[aria-label="{name}"]').click(force=True)
        page.wait_for_selector(f'.leaflet-popup[aria-label="{name}"]')
        assert page.locator(".leaflet-popup .said").last.inner_text() == name
    assert opened.look("state")["selected"] == -1
    opened.check_quiet()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_f1_every_shape_is_reached_by_keyboard_and_hostile_words_do_nothing(
    motion, said, open_page
):
    path, number = said
    opened = open_page(path)
    page = opened.page
    page.emulate_media(reduced_motion=motion)
    page.reload()
    page.wait_for_selector('.geo-child[tabindex="0"]')

    assert page.locator('.geo-child[tabindex="0"]').count() == 1
    page.focus('.geo-child[tabindex="0"]')
    for _ in range(number):
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.className") == "leaflet-popup-close-button"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.classList.contains('geo-child')")
        page.keyboard.press("ArrowRight")

    assert page.evaluate("document.activeElement.getAttribute('aria-label')") in (
        "line", "area", "geojson",
    )  # fmt: skip
    assert page.evaluate("window.ran") is None
    assert page.locator("iframe, img, base, form").count() == 0
    opened.check_quiet()


@pytest.fixture
def tile_server():
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), (0, 200, 0)).save(stream, "PNG")
    asked, answer = [], {"status": 200}

    class Tiles(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers.get("Referer")))
            self.send_response(answer["status"])
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(stream.getvalue() if answer["status"] == 200 else b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png", asked, answer
    server.shutdown()
    thread.join()
    server.server_close()


def opened_with_tiles(chromium, folder, template):
    path = EventMap(country_map()).save(
        folder / "tiles.html", tiles=geo.Tiles(template, "© <b>Example</b>")
    )
    context = chromium.new_context(reduced_motion="reduce")
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector('[data-ready="1"]', timeout=30_000)
    return context, page, complaints


@pytest.mark.network
def test_tiles_are_fetched_credited_and_can_be_switched_off(chromium, folder, tile_server):
    template, asked, _ = tile_server
    context, page, complaints = opened_with_tiles(chromium, folder, template)

    page.wait_for_selector(".has-tiles .leaflet-tile-loaded", state="attached")
    assert page.inner_text(".tile-credit") == "Background: © <b>Example</b>"
    assert "127.0.0.1" in page.inner_text(".tiles-note")
    assert float(page.eval_on_selector(".areas canvas", "e => getComputedStyle(e).opacity")) < 0.9
    assert {referer for _, referer in asked} == {None}

    page.uncheck("#geo-background-on")
    assert page.locator(".leaflet-tile").count() == 0
    assert page.eval_on_selector(".areas canvas", "e => getComputedStyle(e).opacity") == "1"
    assert page.is_hidden(".tile-credit")
    assert complaints == []
    context.close()


@pytest.mark.network
def test_the_picture_holds_no_tile(chromium, folder, tile_server):
    template, _, _ = tile_server
    context, page, complaints = opened_with_tiles(chromium, folder, template)
    page.wait_for_selector(".has-tiles .leaflet-tile-loaded", state="attached")

    def greens(png):
        red, green, blue = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), int).T
        return int((green - np.maximum(red, blue) > 60).sum())

    page.wait_for_timeout(500)
    assert greens(page.screenshot()) > 10_000
    with page.expect_download() as waiting:
        page.click("#geo-tool-picture")
    assert greens(waiting.value.path().read_bytes()) == 0
    assert complaints == []
    context.close()


@pytest.mark.network
def test_where_tiles_do_not_arrive_the_ground_of_every_map_is_seen(chromium, folder, tile_server):
    template, asked, answer = tile_server
    answer["status"] = 503
    context, page, complaints = opened_with_tiles(chromium, folder, template)
    for _ in range(50):
        if asked:
            break
        page.wait_for_timeout(100)

    assert asked
    assert page.locator(".has-tiles").count() == 0
    assert page.is_hidden(".tile-credit")
    assert all("Failed to load resource" in complaint for complaint in complaints)
    context.close()
