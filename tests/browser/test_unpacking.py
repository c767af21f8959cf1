"""Browsers that cannot unpack data by themselves show the same map."""

import re

import pytest

from geo.render.map import EventMap
from tests.render.maps import country_map

pytestmark = pytest.mark.browser

NONE = "delete window.DecompressionStream; delete window.CompressionStream;"
SEEN = """() => ({
  legend: geoMap.look.legend(),
  classes: geoMap.look.classes(),
  few: geoMap.look.few(),
  colors: geoMap.look.colors(),
})"""


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return EventMap(country_map(), "en").save(tmp_path_factory.mktemp("map") / "country.html")


@pytest.fixture
def opened_without_help(chromium):
    """Open a file in a browser that lacks DecompressionStream; returns page and complaints."""
    contexts = []

    def open_(path):
        context = chromium.new_context(offline=True, locale="en-US", timezone_id="UTC")
        contexts.append(context)
        page, complaints = context.new_page(), []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.add_init_script(NONE)
        page.goto(path.as_uri())
        return page, complaints

    yield open_
    for context in contexts:
        context.close()


def test_a_map_unpacked_by_our_own_script_is_the_one_the_browser_unpacks(
    country, open_page, opened_without_help
):
    with_help = open_page(country).page
    without, complaints = opened_without_help(country)
    without.wait_for_selector('[data-ready="1"]', timeout=30_000)

    assert without.evaluate("typeof DecompressionStream") == "undefined"
    assert with_help.evaluate("typeof DecompressionStream") == "function"
    for measure in ("count", "rate", "smoothed", "hotspots"):
        for page in (with_help, without):
            page.click(f"#geo-measure-{measure}")
        assert without.evaluate(SEEN) == with_help.evaluate(SEEN)
    assert without.evaluate(SEEN)["classes"]
    assert complaints == []


def test_a_damaged_file_says_so_where_our_own_script_unpacks_it(
    country, tmp_path, opened_without_help
):
    html = country.read_text(encoding="utf-8")
    block = re.search(r'id="geo-block-names"[^>]*>\s*([A-Za-z0-9+/=]+)', html)
    middle = (block.start(1) + block.end(1)) // 2
    other = "A" if html[middle] != "A" else "B"
    damaged = tmp_path / "damaged.html"
    damaged.write_text(html[:middle] + other + html[middle + 1 :], encoding="utf-8")

    page, complaints = opened_without_help(damaged)

    page.locator("#geo-trouble").wait_for()
    assert "damaged" in page.inner_text("#geo-trouble")
    assert any("packed data cannot be read" in complaint for complaint in complaints)
