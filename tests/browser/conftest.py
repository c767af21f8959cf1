"""A headless Chromium without a network, and pages whose every complaint is kept."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import folium
import pytest
from PIL import Image

import geo
from geo.render.map import EventMap
from tests import studies

DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LISTEN = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
"""


@dataclass
class Opened:
    """A page that is ready, and what it asked for and complained of."""

    page: object
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    def look(self, what, *arguments):
        """Ask the page's own window for tests."""
        return self.page.evaluate(
            "([what, given]) => geoMap.look[what](...given)", [what, list(arguments)]
        )

    def fingerprint(self, canvas=0):
        """A number that changes when a canvas does, and how many colors it holds."""
        return self.page.evaluate(
            """(which) => {
              const canvas = document.querySelectorAll('.areas canvas')[which];
              /* Of a copy: a canvas that is read is drawn more slowly from then on. */
              const copy = new OffscreenCanvas(canvas.width, canvas.height);
              const context = copy.getContext('2d', { willReadFrequently: true });
              context.drawImage(canvas, 0, 0);
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
              const words = new Uint32Array(data.buffer);
              let sum = 0;
              const colors = new Set();
              for (const word of words) { sum = (Math.imul(sum, 31) + word) | 0; colors.add(word); }
              return [sum, colors.size];
            }""",
            canvas,
        )

    def rested(self, canvas=0):
        """The fingerprint once it stays: labels are placed some frames after the page is ready."""
        before, now = None, self.fingerprint(canvas)
        while now != before:
            self.page.wait_for_timeout(200)
            before, now = now, self.fingerprint(canvas)
        return now

    def rectangle(self, selector):
        """Left, top, right and bottom of an element on the screen."""
        return self.page.eval_on_selector(
            selector,
            "e => (({ left, top, right, bottom }) => [left, top, right, bottom])"
            "(e.getBoundingClientRect())",
        )

    def over(self, level, code):
        """The place on the screen of the label of an area."""
        point = self.look("pointOf", level, code)
        left, top, *_ = self.rectangle("#geo_map")
        return left + point["x"], top + point["y"]

    def check_quiet(self):
        """Nothing was asked for, and nothing complained."""
        assert self.requests == []
        assert self.complaints == []
        assert self.page.evaluate("window.violations") == []


TILES = "https://tiles.example"


@pytest.fixture(scope="session")
def everything(tmp_path_factory):
    """A page that has all that a page can have: layers, a background, shapes of the author."""
    drawn = EventMap(studies.layered(), "en", points="coarse")
    port = geo.Popup("Ships call here.", title="Port", fields={"Ships": "12"})
    place = folium.CircleMarker((25.5, -94), popup=port, tooltip=geo.Tooltip("Port"))
    road = folium.PolyLine([(30, -95), (31, -90)], tooltip=geo.Tooltip("Road"))
    for shape in (place, road):
        shape.add_to(drawn)
    path = tmp_path_factory.mktemp("everything") / "map.html"
    return drawn.save(path, tiles=geo.Tiles(TILES + "/{z}/{x}/{y}.png", "© Example"))


def answer_tiles(context):
    """Answer for the server of tiles, without a network."""
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), (214, 226, 214)).save(stream, "PNG")
    context.route(
        TILES + "/**",
        lambda route: route.fulfill(content_type="image/png", body=stream.getvalue()),
    )


def open_in(context, path):
    """Open a file in a context and wait until it is ready; every complaint is kept."""
    page = context.new_page()
    opened = Opened(page)

    def note_request(request):
        if request.url != path.as_uri() and not request.url.startswith((TILES, "blob:")):
            opened.requests.append(request.url)

    page.on("request", note_request)
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.add_init_script(LISTEN)
    page.goto(path.as_uri())
    page.wait_for_selector('[data-ready="1"]', timeout=30_000)
    return opened


USUAL = {"locale": "en-US", "timezone_id": "UTC", "reduced_motion": "reduce"}


@pytest.fixture
def open_page(chromium):
    """Open a file offline and wait until it is ready; its context is closed after the test."""
    contexts = []

    def open_(path, device=DESKTOP, *, address="", **options):
        context = chromium.new_context(offline=True, **(USUAL | device | options))
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page)

        def note_request(request):
            if request.url != path.as_uri() + address:
                opened.requests.append(request.url)

        page.on("request", note_request)
        page.on("console", lambda message: opened.complaints.append(message.text))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.add_init_script(LISTEN)
        page.goto(path.as_uri() + address)
        if options.get("java_script_enabled", True):
            page.wait_for_selector('[data-ready="1"]', timeout=30_000)
        return opened

    yield open_
    for context in contexts:
        context.close()
