"""The legend of what is shown is seen without scrolling, whatever else the panel holds."""

from __future__ import annotations

import pytest

from geo.render.map import EventMap
from tests import studies

pytestmark = pytest.mark.browser

SIZES = {"1366x768": (1366, 768), "1366x800": (1366, 800)}
MEASURES = ("count", "rate", "smoothed", "change", "share", "hotspots", "outliers", "emerging")

SEEN = """() => {
  const box = document.getElementById('geo-legends');
  const frame = box.getBoundingClientRect();
  box.scrollTop = 0;
  const isSeen = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    const lowest = Math.min(frame.bottom, innerHeight);
    return top >= frame.top && bottom <= lowest && bottom > top &&
      left >= frame.left && right <= frame.right;
  };
  const parts = [...box.querySelectorAll('.legend-name, .legend-unit, li, .few label')]
    .filter((node) => !node.closest('[hidden]'));
  return [parts.length, parts.filter((node) => !isSeen(node)).map((node) => node.textContent)];
}"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    goal = tmp_path_factory.mktemp("legend") / "map.html"
    return EventMap(studies.layered(), "en", points="coarse").save(goal)


@pytest.mark.parametrize("size", SIZES)
def test_every_class_of_every_measure_is_in_sight_in_both_languages(path, open_page, size):
    width, height = SIZES[size]
    opened = open_page(path, {"viewport": {"width": width, "height": height}})
    hidden = {}
    for language in ("en", "es"):
        opened.look("set", {"language": language})
        for measure in MEASURES:
            opened.page.evaluate(f"document.getElementById('geo-measure-{measure}').click()")
            for layers in (False, True):
                opened.look("set", {"layerScan": layers, "layerPoints": layers})
                number, lost = opened.page.evaluate(SEEN)
                assert number >= 6, (language, measure)
                if lost:
                    hidden[language, measure, layers] = lost
    assert hidden == {}
    opened.look("set", {"layerDensity": True})
    number, lost = opened.page.evaluate(SEEN)
    assert (number >= 6, lost) == (True, [])
    opened.check_quiet()


def test_the_chosen_measure_stays_in_sight_above_a_long_legend(path, open_page):
    opened = open_page(path)
    opened.page.focus("#geo-measure-outliers")
    opened.page.keyboard.press("ArrowDown")

    assert opened.look("state")["measure"] == "emerging"
    bottom = opened.rectangle("label[for=geo-measure-emerging]")[3]
    assert bottom <= opened.rectangle("#geo-legends")[1]


def test_words_of_the_time_bar_are_not_cut_off(path, open_page):
    opened = open_page(path)
    for language in ("en", "es"):
        opened.look("set", {"language": language})
        for window in (1, 3, 12):
            cut = opened.page.eval_on_selector(
                f"#geo-window-{window} + span", "e => e.scrollWidth - e.clientWidth"
            )
            assert cut <= 0, (language, window)


def test_a_low_window_scrolls_the_panel_as_one(path, open_page):
    opened = open_page(path, {"viewport": {"width": 1024, "height": 500}})

    assert opened.page.eval_on_selector("#geo-panel", "e => e.scrollHeight > e.clientHeight")
    opened.page.locator("#geo-legend li").last.scroll_into_view_if_needed()
    assert opened.rectangle("#geo-legend li:last-child")[3] <= 500
