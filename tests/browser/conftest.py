"""A headless Chromium without a network, and pages whose every complaint is kept."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

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
              const context = canvas.getContext('2d');
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
              const words = new Uint32Array(data.buffer);
              let sum = 0;
              const colors = new Set();
              for (const word of words) { sum = (Math.imul(sum, 31) + word) | 0; colors.add(word); }
              return [sum, colors.size];
            }""",
            canvas,
        )

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


@pytest.fixture
def open_page(chromium):
    """Open a file offline and wait until it is ready; its context is closed after the test."""
    contexts = []

    def open_(path, device=DESKTOP, **options):
        settings = {"locale": "en-US", "timezone_id": "UTC", "reduced_motion": "reduce"}
        context = chromium.new_context(offline=True, **(settings | device | options))
        contexts.append(context)
        page = context.new_page()
        opened = Opened(page)

        def note_request(request):
            if request.url != path.as_uri():
                opened.requests.append(request.url)

        page.on("request", note_request)
        page.on("console", lambda message: opened.complaints.append(message.text))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.add_init_script(LISTEN)
        page.goto(path.as_uri())
        if options.get("java_script_enabled", True):
            page.wait_for_selector('[data-ready="1"]', timeout=30_000)
        return opened

    yield open_
    for context in contexts:
        context.close()
