import pandas as pd
import pytest

from geo.render.map import EventMap
from geo.render.mapdata import LEVELS, Account, LeftOut, LevelData
from geo.render.paint import classes_of, few_events, legend_of, paints
from geo.render.text import Text
from geo.stats.breaks import make_breaks
from tests.browser.conftest import DESKTOP, PHONE
from tests.render.maps import country_map, toy_map
from tests.render.test_page import HOSTILE

pytestmark = pytest.mark.browser

WHOLE = {"notAsked": 0, "part": 0}
"""What a map of the whole country has none of."""

AREAS = {"state": 32, "municipality": 2465}


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return EventMap(country_map(), "en").save(tmp_path_factory.mktemp("map") / "country.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The country with hostile text wherever text can come from data."""
    data, payloads = country_map(), list(HOSTILE.values())
    mixed = " ".join(p for p in payloads if "\ud800" not in p)
    levels = {}
    for level, table in data.levels.items():
        names = [payloads[i % len(payloads)] for i in range(len(table.areas))]
        # Text dtype cannot hold half a character, a user's own table of objects can.
        column = pd.Series(names, dtype=object)
        areas = table.areas.assign(name=column, state_name=column)
        levels[level] = LevelData(areas, table.breaks)
    account = {f: getattr(data.account, f) for f in Account.__slots__}
    left_out = data.account.municipality_left_out
    account["municipality_left_out"] = (LeftOut(mixed, left_out[0].number),)
    described = toy_map(
        title=Text.same(mixed),
        subtitle=Text.same(mixed),
        levels=levels,
        account=Account(**account),
        source=mixed,
        accessed=mixed,
        filters=(Text.same(mixed),),
        method=(Text.same(mixed),),
        credits=data.credits,
        manifest={mixed: mixed},
    )
    return EventMap(described, "es").save(tmp_path_factory.mktemp("map") / "hostile.html")


def test_j1_the_page_opens_from_disk_without_a_request_or_a_complaint(country, open_page):
    opened = open_page(country)

    sums, colors = opened.fingerprint()
    assert sums != 0
    assert colors > 20
    assert opened.fingerprint(1)[1] > 20
    opened.check_quiet()


@pytest.mark.parametrize("device", [DESKTOP, PHONE, {"viewport": {"width": 1920, "height": 1080}}])
def test_the_first_view_shows_all_of_mexico(country, open_page, device):
    opened = open_page(country, device)

    left, top, right, bottom = opened.rectangle("#geo-stage")
    for code in ("02004", "23005", "07089", "08037"):  # Tijuana, Cancún, Tapachula, Juárez
        x, y = opened.over("municipality", code)
        assert left < x < right
        assert top < y < bottom


@pytest.mark.parametrize("level", LEVELS)
def test_legend_counts_are_those_of_python_and_add_up_to_all_areas(country, open_page, level):
    opened = open_page(country)
    data = country_map().levels[level]
    opened.page.click(f"#geo-level-{level}")

    for key, paint in paints(level, data).items():
        opened.page.click(f"#geo-measure-{key}")
        shown, expected = opened.look("legend"), legend_of(data, paint, areas=AREAS[level])
        assert shown == {
            "classes": list(expected.counts),
            "noData": expected.no_data,
            "few": expected.few_events,
            **WHOLE,
        }
        assert sum(shown["classes"]) + shown["noData"] == AREAS[level]
        assert opened.look("classes") == classes_of(data, paint).tolist()
        assert [bool(f) for f in opened.look("few")] == few_events(data, paint).tolist()
        written = opened.page.locator("#geo-legend ul .number").all_inner_texts()
        assert sum(int(t.split()[0].replace(",", "")) for t in written) == AREAS[level]
    opened.check_quiet()


def test_measure_and_level_change_map_and_legend_by_mouse(country, open_page):
    opened = open_page(country)
    seen = {opened.fingerprint()[0]}

    for control in ("measure-count", "level-state", "measure-rate", "level-municipality"):
        before = opened.page.inner_text("#geo-legend")
        opened.page.click(f"#geo-{control}")
        assert opened.page.inner_text("#geo-legend") != before
        seen.add(opened.fingerprint()[0])

    assert len(seen) == 5
    assert opened.look("state")["measure"] == "rate"


def test_measure_and_level_change_map_and_legend_by_keyboard(country, open_page):
    opened = open_page(country)
    keyboard = opened.page.keyboard
    before = opened.fingerprint()[0]

    opened.page.focus("#geo-measure-smoothed")
    keyboard.press("ArrowUp")
    assert opened.look("state")["measure"] == "rate"
    changed = opened.fingerprint()[0]
    keyboard.press("Tab")
    keyboard.press("ArrowLeft")

    assert opened.look("state")["level"] == "state"
    assert len({before, changed, opened.fingerprint()[0]}) == 3
    assert opened.page.evaluate("document.activeElement.id") == "geo-level-state"
    assert "Rate, State" in opened.page.inner_text("#geo-live")


def test_hotspots_are_of_municipalities_and_say_so_and_the_level_comes_back(country, open_page):
    opened = open_page(country)
    opened.page.click("#geo-level-state")

    opened.page.click("#geo-measure-hotspots")

    assert opened.look("state")["level"] == "municipality"
    assert opened.page.is_disabled("#geo-level-state")
    assert "municipalities only" in opened.page.inner_text("#geo-level-why")
    legend = opened.page.inner_text("#geo-legend")
    shuffled = "p from 99,999 conditional permutations"
    for words in ("FDR", "Benjamini–Hochberg", shuffled, "99 %", "Coldspot, 90 %"):
        assert words in legend
    assert "analytic" not in legend
    opened.page.click("#geo-measure-count")
    assert opened.look("state")["level"] == "state"


def test_pointing_at_an_area_shows_its_figures(country, open_page):
    opened = open_page(country)
    row = country_map().levels["municipality"].areas.set_index("cvegeo").loc["26048"]

    opened.page.mouse.move(*opened.over("municipality", "26048"))

    tip = opened.page.inner_text("#geo-tip")
    assert "Puerto Peñasco" in tip
    assert "Sonora · 2024" in tip
    assert f"{int(row['population']):,}" in tip
    assert f"{row['rate_low']:.2f} – {row['rate_high']:.2f}" in tip
    opened.page.mouse.move(5, 5)
    assert opened.page.is_hidden("#geo-tip")


def test_a_click_pins_an_area_and_escape_lets_it_go(country, open_page):
    opened = open_page(country)

    opened.page.mouse.click(*opened.over("municipality", "08037"))

    assert opened.page.inner_text("#geo-card h2") == "Juárez"
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#geo-card")


def test_every_area_is_reached_by_keyboard_and_read_out(country, open_page):
    opened = open_page(country)
    row = country_map().levels["municipality"].areas.set_index("cvegeo").loc["25006"]

    opened.page.focus("#geo-find")
    opened.page.keyboard.type("culiacan")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")

    assert opened.page.inner_text("#geo-card h2") == "Culiacán"
    said = opened.page.inner_text("#geo-live")
    assert said.startswith("Culiacán, Sinaloa. 2024. Events: ")
    assert f"Population: {int(row['population']):,}" in said
    left, top, right, bottom = opened.rectangle("#geo-stage")
    x, y = opened.over("municipality", "25006")
    assert left < x < opened.rectangle("#geo-card")[0]
    assert top < y < bottom
    assert right - left > 900


def test_an_area_without_a_population_has_no_rate_and_says_why(country, open_page):
    opened = open_page(country)
    areas = country_map().levels["municipality"].areas
    nowhere = areas.iloc[30]

    opened.page.click("#geo-measure-rate")
    opened.look("choose", "municipality", nowhere["cvegeo"])

    assert opened.look("classes")[30] == -1
    card = opened.page.inner_text("#geo-card")
    assert "Population\nno data" in card
    assert "The population is not known, so there is no rate." in card


def test_the_language_is_switched_everywhere(country, open_page):
    opened = open_page(country)
    opened.page.click("#geo-language")

    assert opened.page.get_attribute("html", "lang") == "es"
    assert opened.page.title() == "Eventos inventados"
    text = opened.page.inner_text("body")
    for words in ("Datos inventados", "Qué mostrar", "Leyenda", "Sin datos", "Fuentes y método"):
        assert words.lower() in text.lower()
    for words in ("Legend", "No data", "Smoothed", "Municipality", "Source"):
        assert words not in text
    opened.check_quiet()


def test_j6_the_caption_says_source_period_filters_and_what_is_left_out(country, open_page):
    opened = open_page(country)
    account = country_map().account

    caption = opened.page.inner_text("#geo-caption-words")

    assert "Jan 1, 2024 – Dec 31, 2024" in caption
    assert f"{account.for_municipality:,} count for a municipality" in caption
    assert f"{account.municipality_left_out[0].number:,} known only to the state" in caption
    assert "Filters: none" in caption
    assert "Source: made up by a rule, accessed date not stated" in caption
    assert "INEGI · CONAPO · Natural Earth · GeoNames" in opened.page.inner_text("#geo-credit-line")
    opened.page.click("#geo-about-open")
    about = opened.page.inner_text("#geo-about")
    assert "Marco Geoestadístico" in about
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#geo-about")


def test_made_up_data_are_marked_where_nobody_can_miss_it(country, open_page):
    for device in (DESKTOP, PHONE):
        opened = open_page(country, device)
        assert opened.page.is_visible("#geo-made-up")
        assert "Made-up data" in opened.page.inner_text("#geo-made-up").capitalize()


def test_j8_the_phone_has_a_legend_a_sheet_and_a_card_and_no_sideways_scroll(country, open_page):
    opened = open_page(country, PHONE)
    page = opened.page

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.is_visible("#geo-strip")
    page.tap("#geo-panel-open")
    assert page.get_attribute("#geo-panel-open", "aria-expanded") == "true"
    page.tap("#geo-level-state + span", force=True)
    page.tap("label[for=geo-measure-count]")
    page.tap("#geo-panel-close")
    assert opened.look("state")["level"] == "state"
    page.touchscreen.tap(*opened.over("state", "08"))
    assert page.inner_text("#geo-card h2") == "Chihuahua"
    assert page.is_hidden("#geo-tip")
    left, top, right, _ = opened.rectangle("#geo-card")
    assert left >= 0
    assert right <= 390
    _, y = opened.over("state", "08")
    assert y < top
    for selector in ("#geo-panel-open", "#geo-about-open", "#geo-card-close", "#geo-language"):
        box = opened.rectangle(selector)
        assert box[3] - box[1] >= 44
    opened.check_quiet()


def test_j8_at_320_pixels_nothing_is_cut_off_sideways(country, open_page):
    opened = open_page(country, {"viewport": {"width": 320, "height": 640}})

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 320
    opened.check_quiet()


def test_a_resized_window_shows_all_of_mexico_again(country, open_page):
    opened = open_page(country)
    opened.page.set_viewport_size({"width": 900, "height": 600})
    opened.page.wait_for_timeout(300)

    left, _, right, _ = opened.rectangle("#geo-stage")
    for code in ("02004", "23005"):
        assert left < opened.over("municipality", code)[0] < right


def test_every_control_has_a_name(country, open_page):
    opened = open_page(country)

    nameless = opened.page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, a[href]')]
          .filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() ||
            (e.labels && e.labels.length && e.labels[0].textContent.trim()) || e.title))
          .map((e) => e.outerHTML)"""
    )

    assert nameless == []


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_f1_f2_f3_hostile_text_is_shown_and_does_nothing(hostile, open_page, device):
    opened = open_page(hostile, device)
    page = opened.page

    assert HOSTILE["H"] in page.inner_text("#geo-title")
    assert HOSTILE["S"] in page.title()
    for index in range(len(HOSTILE)):
        code = country_map().levels["municipality"].areas["cvegeo"].iloc[index]
        opened.look("choose", "municipality", code)
        assert page.inner_text("#geo-card h2")
    x, y = opened.over("state", "08")
    page.evaluate("document.getElementById('geo-card-close').click()")
    if device is DESKTOP:
        page.mouse.move(x, y)
    page.evaluate("document.getElementById('geo-about-open').click()")
    assert HOSTILE["T"] in page.inner_text("#geo-about")
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('geo-language').click()")
    assert page.evaluate("window.ran") is None
    foreign = "img, svg:not(.outlines):not(.whisker):not(#geo-tools svg)"
    assert page.locator(foreign).count() == 0
    opened.check_quiet()


def test_e1_e8_a_map_of_one_level_with_zeros_and_without_population_is_drawn(open_page, tmp_path):
    areas = (
        country_map().levels["municipality"].areas.drop(columns=["gi_bin", "gi_star", "q_value"])
    )
    numbers = ["population", "exposure", "crude_rate", "rate_low", "rate_high", "eb_rate"]
    areas = areas.assign(events=0, **dict.fromkeys(numbers, float("nan")))
    breaks = {"count": make_breaks(areas["events"]), "rate": make_breaks(areas["crude_rate"])}
    data = toy_map(levels={"municipality": LevelData(areas, breaks)})

    opened = open_page(EventMap(data).save(tmp_path / "zeros.html"))

    assert opened.look("legend") == {"classes": [2465], "noData": 0, "few": 0, **WHOLE}
    opened.page.click("#geo-measure-rate")
    assert opened.look("legend") == {"classes": [], "noData": 2465, "few": 0, **WHOLE}
    opened.check_quiet()


def test_without_scripts_the_states_are_a_table(country, open_page):
    opened = open_page(country, java_script_enabled=False)

    assert opened.page.locator("table.plain").first.locator("tr").count() == 33
    assert opened.page.is_hidden("#geo-app")


def test_a_browser_that_cannot_unpack_data_by_itself_shows_the_same_map(country, chromium):
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream;")
    page.goto(country.as_uri())
    page.wait_for_selector('[data-ready="1"]', timeout=30_000)

    row = country_map().levels["municipality"].areas.set_index("cvegeo").loc["26048"]
    shown = page.evaluate("geoMap.look.value('municipality', 'crude_rate', '26048')")
    assert shown == row["crude_rate"]
    context.close()


DATED = {
    "day": ("Events in Sinaloa, from 2022-03-01 to 2024-09-30", 2),
    "range": ("Sinaloa: 2024-01-15/2024-03-31 against 2023-01-15/2023-03-31", 4),
    "months and years": ("Eventos de 2023-Q1–2023-Q3, 2024-W36 y 2019/2024: 2024-09", 6),
    "spelled": ("Violence in all of Mexico on Sep 9, 2024 and el 30 nov 2024", 2),
}


def broken_dates(opened):
    """How many dates the title has, and those of it and the caption that are on two lines."""
    return opened.page.evaluate(
        """() => {
          const found = { dates: 0, broken: [] };
          for (const node of document.querySelectorAll('h1 .date, p .date')) {
            if (node.closest('h1')) found.dates++;
            const tops = Array.from(node.getClientRects(), (box) => Math.round(box.top));
            if (new Set(tops).size > 1) found.broken.push(node.textContent);
          }
          return found;
        }"""
    )


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("kind", DATED)
def test_no_date_is_parted_at_the_end_of_a_line(tmp_path, open_page, kind, scripts):
    title, dates = DATED[kind]
    drawn = toy_map(title=Text.same(title), filters=(Text.same(f"{title}; {title}"),))
    path = EventMap(drawn).save(tmp_path / "map.html")
    opened = open_page(path, PHONE, java_script_enabled=scripts)

    heads = opened.page.locator("h1:visible")
    for width in range(320, 440, 12):
        opened.page.set_viewport_size({"width": width, "height": 844})
        assert broken_dates(opened) == {"dates": dates, "broken": []}
    assert heads.inner_text() == title
    copied = opened.page.evaluate(
        """() => {
          const head = [...document.querySelectorAll('h1')].find((node) => node.offsetParent);
          getSelection().selectAllChildren(head);
          return getSelection().toString();
        }"""
    )
    assert copied.strip() == title


def test_a_title_of_two_ranges_is_not_cut_on_a_phone(tmp_path, open_page):
    drawn = toy_map(title=Text.same(DATED["range"][0]))
    opened = open_page(EventMap(drawn).save(tmp_path / "map.html"), PHONE)

    assert opened.page.evaluate(
        """() => {
          const head = document.getElementById('geo-title');
          return head.scrollHeight <= head.clientHeight + 1;
        }"""
    )
