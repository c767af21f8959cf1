"""The map of a study over time shows what the study counted, by mouse, key and touch."""

from __future__ import annotations

import base64
import math
import re
from pathlib import Path

import numpy as np
import pytest

from geo.render.map import EventMap
from geo.stats import rates
from geo.study.atlas import rolling
from tests import studies
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

AREAS = {"state": 32, "municipality": 2465}
SLIDER = "#geo-time-at"


@pytest.fixture(scope="module")
def study_map(tmp_path_factory):
    path = tmp_path_factory.mktemp("time") / "study.html"
    return EventMap(studies.sample(), "en").save(path)


@pytest.fixture
def opened(study_map, open_page):
    return open_page(study_map)


def windows():
    return [(1, 0), (1, 35), (3, 20), (12, 11), (12, 35)]


def view(opened, **changes):
    return opened.look("values", changes)


def expected(measure, level, window, at):
    atlas = studies.sample().atlas
    shown = atlas.window_rates(level, window)
    column = at - (window - 1)
    return {"count": shown.events, "rate": shown.crude, "smoothed": shown.smoothed}[measure][
        :, column
    ]


@pytest.mark.parametrize("level", ["state", "municipality"])
@pytest.mark.parametrize("measure", ["count", "rate", "smoothed"])
def test_values_of_every_window_are_those_of_the_study(opened, level, measure):
    for window, at in windows():
        shown = view(opened, level=level, measure=measure, window=window, at=at, category="all")
        found = np.array([math.nan if value is None else value for value in shown])
        np.testing.assert_allclose(
            found, expected(measure, level, window, at), rtol=1e-11, atol=1e-12
        )


def test_a_category_counts_its_own_events(opened):
    atlas = studies.sample().atlas
    names, counts = atlas.levels["state"].splits["event_type"]
    for at, name in enumerate(names):
        shown = view(
            opened, level="state", measure="count", window=12, at=35, category=f"event_type:{at}"
        )
        assert shown == rolling(counts[:, :, at], 12)[:, 35].tolist(), name


def test_change_and_share_are_quotients_of_the_counts(opened):
    atlas = studies.sample().atlas
    table, lived = atlas.levels["state"], atlas.exposure("state")
    counts, people = rolling(table.events, 12), rolling(lived, 12)
    ratio = (counts[:, 35] / people[:, 35]) / (counts[:, 23] / people[:, 23])
    shown = view(
        opened, level="state", measure="change", window=12, at=35, category="all", base=[12, 23]
    )
    np.testing.assert_allclose(shown, ratio, rtol=1e-12)
    change = studies.sample().tables["change_state"].set_index("cvegeo")
    assert shown[24] == pytest.approx(change.loc["25", "rate_ratio"], rel=1e-12)
    share = rolling(table.targeted, 12)[:, 35] / rolling(table.stated, 12)[:, 35]
    shown = view(opened, level="state", measure="share", window=12, at=35)
    np.testing.assert_allclose(shown, share, rtol=1e-12)


def test_interval_of_a_rate_is_exact(opened):
    atlas = studies.sample().atlas
    at = atlas.levels["state"].codes.index("25")
    events = rolling(atlas.levels["state"].events, 12)[at, 35]
    lived = rolling(atlas.exposure("state"), 12)[at, 35]

    shown = opened.look("interval", "state", "25", 35, 12)

    low, high = rates.exact_interval(events, lived)
    assert (shown["low"], shown["high"]) == (pytest.approx(low), pytest.approx(high))


def test_legend_holds_every_area_in_every_measure_and_level(opened):
    for level, number in AREAS.items():
        for measure in ("count", "rate", "smoothed", "change", "share"):
            opened.look("set", {"level": level, "measure": measure})
            legend = opened.look("legend")
            assert sum(legend["classes"]) + legend["noData"] == number, (level, measure)


def test_slider_by_keyboard_changes_classes_picture_and_words(opened):
    page = opened.page
    before, picture = opened.look("classes"), opened.fingerprint()
    page.focus(SLIDER)

    page.keyboard.press("PageDown")

    assert opened.look("state")["at"] == 23
    assert page.inner_text("#geo-stamp") == "2023"
    assert opened.look("classes") != before
    assert opened.fingerprint() != picture
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#geo-stamp") == "February 2023 to January 2024"
    assert "February 2023 to January 2024" in page.get_attribute(SLIDER, "aria-valuetext")


def test_class_bounds_stay_the_same_over_time(opened):
    def bounds():
        return list(opened.page.locator("#geo-legend .name").all_inner_texts())

    first = bounds()
    opened.look("set", {"at": 20})
    assert bounds() == first


def test_hotspots_take_the_window_of_a_year_and_give_the_old_one_back(opened):
    page = opened.page
    opened.look("set", {"window": 3, "at": 30})

    page.click("#geo-measure-hotspots")
    assert opened.look("state")["window"] == 12
    bins = studies.sample().atlas.levels["municipality"].gi_bin[:, 30]
    shown = opened.look("values", {})
    assert [None if math.isnan(b) else b for b in bins] == [
        None if value is None or (isinstance(value, float) and math.isnan(value)) else value
        for value in shown
    ]
    page.click("#geo-measure-rate")
    assert opened.look("state")["window"] == 3


def test_search_finds_an_area_without_its_accents_at_the_other_level_too(opened):
    page = opened.page
    opened.look("set", {"level": "state"})
    page.fill("#geo-find", "merida yuc")
    page.wait_for_selector("#geo-found li")
    assert page.locator("#geo-found li").first.inner_text().split("\n")[0] == "Mérida"
    page.keyboard.press("Enter")

    assert opened.look("state")["level"] == "municipality"
    assert "Mérida" in page.inner_text("#geo-card h2")
    page.fill("#geo-find", "zzzz")
    assert page.inner_text("#geo-find-none") == "No area has that name."


def test_the_address_keeps_the_view_and_opens_it_again(opened, study_map, open_page):
    opened.look(
        "set",
        {"measure": "rate", "level": "state", "at": 20, "window": 3, "category": "event_type:1"},
    )
    opened.page.wait_for_timeout(600)
    fragment = opened.page.evaluate("location.hash")
    assert "measure=rate" in fragment

    again = open_page(study_map)
    again.page.goto(study_map.as_uri() + fragment)
    again.page.reload()
    again.page.wait_for_selector('[data-ready="1"]')

    state = again.look("state")
    for key, value in {
        "measure": "rate",
        "level": "state",
        "at": 20,
        "window": 3,
        "category": "event_type:1",
    }.items():
        assert state[key] == value, key


@pytest.mark.parametrize(
    "fragment",
    [
        "#measure=__proto__",
        "#level=x&at=9999",
        "#window=7",
        "#base=a-b",
        "#view=NaN,1e9,99",
        "#category=event_type:99",
        "#selected=%3Cscript%3E",
        "#language=fr",
        "#%00%ff",
    ],
)
def test_f2_a_hostile_address_changes_nothing(study_map, open_page, fragment):
    usual = open_page(study_map).look("state")
    opened = open_page(study_map)
    opened.page.goto(study_map.as_uri() + fragment)
    opened.page.reload()
    opened.page.wait_for_selector('[data-ready="1"]')

    state = opened.look("state")
    for key in ("measure", "level", "at", "window", "category", "language", "selected", "base"):
        assert state[key] == usual[key], key
    assert [c for c in opened.complaints if "ERR" in c] == []


def test_swipe_shows_two_windows_by_one_scale(opened):
    page = opened.page
    alone = opened.fingerprint()
    page.click("#geo-tools button:has-text('Compare')")

    assert page.inner_text(".swipe-before") == "◂ 2023"
    assert page.inner_text(".swipe-after") == "2024 ▸"
    middle = opened.fingerprint()
    assert middle != alone
    page.focus(".swipe-handle")
    page.keyboard.press("ArrowLeft")
    assert opened.fingerprint() != middle
    assert page.get_attribute(".swipe-handle", "aria-valuenow") == "48"
    page.click("#geo-tools button:has-text('Compare')")
    assert opened.fingerprint() == alone


def test_the_place_of_the_divider_stands_in_the_link(opened):
    page = opened.page
    page.click("#geo-tools button:has-text('Compare')")
    page.focus(".swipe-handle")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("split=40"))
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector('[data-ready="1"]')

    assert opened.look("state")["split"] == 0.4
    assert page.get_attribute(".swipe-handle", "aria-valuenow") == "40"


def test_names_make_room_for_the_words_at_the_divider(opened):
    """They lie over the United States, whose name would be read through them."""
    page = opened.page
    page.click("#geo-tools button:has-text('Compare')")
    frame = page.locator(".areas canvas").nth(1).bounding_box()

    def ink(box):
        return page.evaluate(
            """([x, y, width, height, left, top]) => {
              const canvas = document.querySelectorAll('.areas canvas')[1];
              const ratio = canvas.width / canvas.getBoundingClientRect().width;
              const copy = new OffscreenCanvas(canvas.width, canvas.height);
              const context = copy.getContext('2d');
              context.drawImage(canvas, 0, 0);
              const at = [(x - left) * ratio, (y - top) * ratio, width * ratio, height * ratio];
              const { data } = context.getImageData(...at);
              let drawn = 0;
              for (let k = 3; k < data.length; k += 4) if (data[k] > 100) drawn++;
              return drawn;
            }""",
            [*(box[key] for key in ("x", "y", "width", "height")), frame["x"], frame["y"]],
        )

    for name in (".swipe-before", ".swipe-after"):
        assert ink(page.locator(name).bounding_box()) == 0


def test_table_has_every_area_with_the_numbers_of_the_map(opened):
    page = opened.page
    opened.look("set", {"level": "state", "measure": "count"})
    page.click("#geo-tools button:has-text('Table')")
    page.wait_for_selector("#geo-table[open] tbody tr")

    assert page.locator("#geo-table tbody tr").count() == 32
    sinaloa = page.locator("#geo-table tbody tr", has_text="Sinaloa").first.inner_text()
    assert "600" in sinaloa
    assert page.locator("#geo-table th[aria-sort]").count() >= 1
    opened.check_quiet()


def test_table_is_saved_as_csv_that_no_spreadsheet_runs(opened):
    page = opened.page
    opened.look("set", {"level": "state"})
    page.click("#geo-tools button:has-text('Table')")
    with page.expect_download() as waiting:
        page.click("#geo-table button:has-text('CSV')")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")

    assert waiting.value.suggested_filename.endswith(".csv")
    assert len([line for line in text.splitlines() if line]) == 33
    assert "MADE-UP" in text.upper()
    assert not re.search(r"(?m)^[=+@]|,[=+@]", text)


def test_picture_is_a_png_with_map_and_legend(opened):
    page = opened.page
    with page.expect_download() as waiting:
        page.click("#geo-tools button:has-text('Picture')")
    data = Path(waiting.value.path()).read_bytes()

    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    colors = opened.look("colors")
    encoded = base64.b64encode(data).decode()
    seen = page.evaluate(
        """async ([data, colors]) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
          const found = new Set();
          for (let i = 0; i < pixels.length; i += 4) {
            const hex = (k) => pixels[i + k].toString(16).padStart(2, '0');
            found.add('#' + hex(0) + hex(1) + hex(2));
          }
          return [image.width, colors.filter((color) => found.has(color)).length];
        }""",
        [encoded, colors],
    )
    assert seen[0] >= 1200
    assert seen[1] == len(colors)


def test_print_gives_one_page(opened):
    data = opened.page.pdf(format="A4", landscape=True)

    assert len(re.findall(rb"/Type\s*/Page[^s]", data)) == 1


def test_phone_shows_panel_and_time_by_touch(study_map, open_page):
    opened = open_page(study_map, PHONE)
    page = opened.page
    x, y = opened.over("municipality", "25006")
    page.touchscreen.tap(x, y)

    assert page.is_visible("#geo-card")
    assert page.is_hidden("#geo-tip")
    assert page.is_visible(SLIDER)
    opened.check_quiet()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_control_has_a_name_and_every_word_is_there(study_map, open_page, language):
    opened = open_page(study_map, DESKTOP)
    if language == "es":
        opened.page.click("#geo-language")
    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a[href]')]
          .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() ||
            (e.labels && e.labels.length && e.labels[0].textContent.trim()) || e.title))
          .map((e) => e.outerHTML)"""
    )

    assert nameless == []
    opened.check_quiet()
