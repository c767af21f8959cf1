"""What lies outside a query is not asked: everything that the page says of an area says so."""

from __future__ import annotations

import csv
import io

import pytest

import geo
from geo.render.map import EventMap
from tests.browser.conftest import DESKTOP, PHONE
from tests.study.test_asked import events, strip

pytestmark = pytest.mark.browser

COLIMA = [f"060{number:02d}" for number in range(1, 11)]
OUTSIDE, CUT = "25006", "08037"
"""Culiacán, far from the border; Juárez, of which a strip is asked for."""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return EventMap(strip()).save(tmp_path_factory.mktemp("strip") / "map.html")


@pytest.fixture
def opened(path, open_page):
    found = open_page(path)
    yield found
    found.check_quiet()


def legend_rows(page):
    return dict(
        zip(
            page.locator(".legend .name").all_inner_texts(),
            page.locator(".legend .number").all_inner_texts(),
            strict=True,
        )
    )


def test_the_legend_counts_what_was_not_asked_apart(opened):
    shown = opened.look("legend")
    rows = legend_rows(opened.page)

    assert shown["notAsked"] == 2400
    assert shown["part"] == 65 == sum(shown["classes"])
    assert shown["noData"] == 0
    assert rows["Not asked"] == "2,400 areas"
    assert rows["Of these: asked in part"] == "65 areas"
    assert "That is not zero." in opened.page.locator("#geo-legend").inner_text()
    classes = opened.look("classes")
    assert (min(classes), classes.count(-2)) == (-2, 2400)


def test_every_measure_of_both_levels_has_the_class(opened):
    for level, outside in (("state", 26), ("municipality", 2400)):
        for measure in ("count", "share"):
            opened.look("set", {"level": level, "measure": measure, "selected": -1})
            shown = opened.look("legend")
            assert shown["notAsked"] == outside
            assert sum(shown["classes"]) + shown["noData"] + outside == len(opened.look("classes"))


def test_tooltip_panel_and_live_region_say_it(opened):
    left, top = opened.over("municipality", OUTSIDE)
    opened.page.mouse.move(left, top)
    tip = opened.page.locator("#geo-tip").inner_text()
    opened.look("choose", "municipality", OUTSIDE)
    panel = opened.page.locator("#geo-card").inner_text()
    live = opened.page.locator("#geo-live").inner_text()

    for said in (tip, panel, live):
        assert "not asked" in said
        assert "it is not zero" in said
        assert "No events" not in said
    assert opened.page.locator("#geo-card svg").count() == 0
    opened.look("choose", "municipality", CUT)
    panel = opened.page.locator("#geo-card").inner_text()
    assert "asks for a part of this area" in panel
    assert "NaN" not in panel
    assert opened.page.locator("#geo-card svg").count() > 0


def test_the_table_ranks_what_was_asked_and_its_file_has_no_zero_outside(opened):
    page = opened.page
    page.click("#geo-tools button:has-text('Table')")
    page.wait_for_selector("#geo-table[open]")
    first = page.locator("#geo-table tbody tr").first.inner_text()
    with page.expect_download() as download:
        page.click(".table-csv")
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = {row["CVEGEO"]: row for row in csv.DictReader(io.StringIO(text))}

    assert "in\u00a0part" in first
    assert len(rows) == 2465
    assert (rows[OUTSIDE]["Events"], rows[OUTSIDE]["Asked for"]) == ("", "not asked")
    assert (rows[CUT]["Asked for"], int(rows[CUT]["Events"]) > 0) == ("in part", True)
    assert sum(row["Events"] == "" for row in rows.values()) == 2400


def test_what_was_not_asked_is_gray_on_the_map_and_in_spanish_words(opened):
    opened.look("set", {"language": "es", "level": "state"})

    assert legend_rows(opened.page)["No consultado"] == "26 áreas"
    point = opened.look("pointOf", "state", "10")
    color = opened.page.evaluate(
        """({ x, y }) => {
          const canvas = document.querySelector('.areas canvas');
          const box = canvas.getBoundingClientRect();
          const map = document.getElementById('geo_map').getBoundingClientRect();
          const copy = new OffscreenCanvas(canvas.width, canvas.height);
          const context = copy.getContext('2d');
          context.drawImage(canvas, 0, 0);
          const ratio = canvas.width / box.width;
          const at = [(x + map.left - box.left) * ratio, (y + map.top - box.top) * ratio];
          return Array.from(context.getImageData(at[0], at[1], 1, 1).data);
        }""",
        point,
    )
    assert color == [0xC2, 0xC8, 0xCE, 255]


@pytest.fixture(scope="module")
def colima(tmp_path_factory):
    return EventMap(geo.query(events()).within("Colima")).save(
        tmp_path_factory.mktemp("colima") / "map.html"
    )


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_map_of_a_part_opens_on_that_part_and_keeps_to_it(colima, open_page, device):
    opened = open_page(colima, device)
    view = opened.look("view")

    # Without the islands of Manzanillo, 700 km out at sea.
    assert 18.7 < view["center"]["lat"] < 19.5
    assert -104.7 < view["center"]["lng"] < -103.5
    assert view["zoom"] >= 8
    left, top, right, bottom = opened.rectangle("#geo_map")
    for code in COLIMA:
        x, y = opened.over("municipality", code)
        assert left < x < right
        assert top < y < bottom
    size = opened.page.viewport_size
    opened.page.set_viewport_size({"width": size["width"], "height": size["height"] - 120})
    opened.page.wait_for_timeout(200)
    assert opened.look("view")["center"]["lng"] == pytest.approx(view["center"]["lng"], abs=0.05)
    opened.check_quiet()


def test_a_link_that_says_where_to_look_is_followed_in_a_map_of_a_part(colima, open_page):
    opened = open_page(colima, address="#view=23.6,-102,5")

    view = opened.look("view")
    assert view["zoom"] == pytest.approx(5, abs=0.01)
    assert view["center"]["lat"] == pytest.approx(23.6, abs=0.01)
    assert view["center"]["lng"] == pytest.approx(-102, abs=0.01)


def test_a_map_of_all_areas_opens_on_the_country(tmp_path, open_page):
    asked = geo.query(events()).of_type("Battles")
    opened = open_page(EventMap(asked).save(tmp_path / "map.html"))

    view = opened.look("view")
    assert view["zoom"] == pytest.approx(5, abs=0.3)
    assert view["center"]["lng"] == pytest.approx(-102, abs=0.1)


def test_the_strip_of_a_phone_has_it(path, open_page):
    opened = open_page(path, PHONE)

    assert "not asked" in opened.page.locator("#geo-strip").inner_text()
    opened.check_quiet()


def test_a_page_without_scripts_says_it(path, open_page):
    opened = open_page(path, DESKTOP, java_script_enabled=False)

    assert opened.page.locator("table.plain").first.inner_text().count("not asked") == 26
