"""Every control of the page does by a finger what it does by mouse and key."""

from __future__ import annotations

import pytest

from geo.render.map import EventMap
from tests import studies
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    goal = tmp_path_factory.mktemp("touch") / "map.html"
    return EventMap(studies.sample(), "en").save(goal)


@pytest.fixture
def opened(path, open_page):
    return open_page(path, PHONE)


def tap(opened, selector):
    """Touch the middle of what can be seen of a control, as a finger does."""
    node = opened.page.locator(selector)
    node.scroll_into_view_if_needed()
    left, top, right, bottom = opened.rectangle(selector)
    opened.page.touchscreen.tap((left + right) / 2, (top + bottom) / 2)


@pytest.mark.parametrize(
    "measure", ["count", "rate", "change", "share", "hotspots", "outliers", "smoothed"]
)
def test_a_measure_is_chosen_by_touch(opened, measure):
    opened.look("set", {"measure": "count" if measure == "smoothed" else "smoothed"})
    before = opened.look("classes")
    tap(opened, "#geo-panel-open")
    tap(opened, f"label[for=geo-measure-{measure}]")

    assert opened.look("state")["measure"] == measure
    assert opened.look("classes") != before
    opened.check_quiet()


def test_level_and_colors_and_language_are_chosen_by_touch(opened):
    page = opened.page
    tap(opened, "#geo-panel-open")
    for level in ("state", "municipality"):
        before = opened.look("classes")
        tap(opened, f"#geo-level-{level} + span")
        assert opened.look("state")["level"] == level
        assert opened.look("classes") != before
    before = opened.look("colors")
    page.select_option("#geo-palette", index=1)
    assert opened.look("colors") != before
    tap(opened, "#geo-panel-close")
    assert page.get_attribute("#geo-panel-open", "aria-expanded") == "false"
    tap(opened, "#geo-language")
    assert page.get_attribute("html", "lang") == "es"
    opened.check_quiet()


def test_time_is_moved_and_its_window_chosen_by_touch(opened):
    left, top, right, bottom = opened.rectangle("#geo-time-at")
    at = opened.look("state")["at"]
    opened.page.touchscreen.tap(left + 0.5 * (right - left), (top + bottom) / 2)
    assert opened.look("state")["at"] < at

    for window in (1, 3, 12):
        tap(opened, f"label:has(#geo-window-{window})")
        assert opened.look("state")["window"] == window
    opened.check_quiet()


def test_compare_is_opened_and_its_handle_dragged_by_touch(opened):
    page = opened.page
    tap(opened, "#geo-tools-menu")
    tap(opened, "#geo-tool-compare")
    assert opened.look("state")["compare"] is True
    before = opened.fingerprint()
    left, top, right, bottom = opened.rectangle(".swipe-handle")
    x, y = (left + right) / 2, (top + bottom) / 2
    cdp = page.context.new_cdp_session(page)
    send = "Input.dispatchTouchEvent"
    cdp.send(send, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        cdp.send(send, {"type": "touchMove", "touchPoints": [{"x": x - 12 * step, "y": y}]})
    cdp.send(send, {"type": "touchEnd", "touchPoints": []})

    assert int(page.get_attribute(".swipe-handle", "aria-valuenow")) < 40
    assert opened.fingerprint() != before
    assert opened.requests == []


def test_table_and_sources_are_opened_and_closed_by_touch(opened):
    page = opened.page
    tap(opened, "#geo-tools-menu")
    tap(opened, "#geo-tool-table")
    page.wait_for_selector("#geo-table[open] tbody tr")
    tap(opened, "#geo-table button.close")
    assert page.is_hidden("#geo-table")
    tap(opened, "#geo-about-open")
    assert page.is_visible("#geo-about")
    tap(opened, "#geo-about button.close")
    assert page.is_hidden("#geo-about")
    opened.check_quiet()


def test_picture_is_taken_by_touch(opened):
    tap(opened, "#geo-tools-menu")
    with opened.page.expect_download() as waiting:
        tap(opened, "#geo-tool-picture")

    assert waiting.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
