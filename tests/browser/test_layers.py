"""Layers over the map: by mouse, key and touch, in the address, the picture and the caption."""

from __future__ import annotations

import numpy as np
import pytest

from geo.render.map import EventMap
from geo.steps.coarsen import PLACED
from tests import studies
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

LAYERS = {"scan": "layerScan", "density": "layerDensity", "points": "layerPoints"}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    goal = tmp_path_factory.mktemp("layers") / "map.html"
    return EventMap(studies.layered(), "en", points="coarse").save(goal)


@pytest.fixture
def opened(path, open_page):
    return open_page(path)


def texts(opened, selector):
    return opened.page.locator(selector).all_text_contents()


def test_layers_are_off_until_a_reader_turns_them_on(opened):
    state = opened.look("state")

    assert opened.look("layers") == list(LAYERS.values())
    assert [state[key] for key in LAYERS.values()] == [False] * 3
    assert opened.page.locator("#geo-layers input:checked").count() == 0
    assert opened.page.locator("#geo-layer-legends > *").count() == 0
    opened.check_quiet()


@pytest.mark.parametrize(("name", "canvas"), [("scan", 1), ("density", 0), ("points", 1)])
def test_a_box_draws_its_layer_and_takes_it_away_by_mouse_and_key(opened, name, canvas):
    before = opened.rested(canvas)

    opened.page.click(f"#geo-{name}")
    drawn = opened.fingerprint(canvas)
    assert drawn != before
    assert opened.page.locator(f"#geo-legend-{name}").is_visible()
    opened.page.focus(f"#geo-{name}")
    opened.page.keyboard.press("Space")
    assert opened.rested(canvas) == before
    assert opened.page.evaluate("document.activeElement.id") == f"geo-{name}"


def test_points_of_each_window_and_category_are_the_events_of_the_study(opened):
    results = studies.layered()
    events = results.located[
        results.located["geo_precision"].isin(PLACED) & results.located["cve_ent"].notna()
    ]
    names = results.atlas.levels["state"].splits["event_type"][0]
    month = events["event_date"].dt.strftime("%Y-%m")
    opened.page.click("#geo-points")
    opened.look("set", {"measure": "count"})

    for window, at in ((12, 35), (3, 20), (1, 0)):
        inside = month.isin(results.atlas.months[at - window + 1 : at + 1])
        inside &= events["time_precision"] != "year"
        expected = [int((events["event_type"][inside] == name).sum()) for name in names]
        opened.look("set", {"window": window, "at": at})
        assert opened.look("pointTotals") == expected
        assert sum(one["number"] for one in opened.look("bubbles")) == sum(expected)
        opened.look("set", {"category": "event_type:1"})
        assert opened.look("pointTotals") == [n if k == 1 else 0 for k, n in enumerate(expected)]
        opened.look("set", {"category": "all"})


def test_points_are_bubbles_far_away_and_single_places_near(opened):
    opened.page.click("#geo-points")
    assert max(one["places"] for one in opened.look("bubbles")) > 5

    opened.page.evaluate("location.hash = '#layers=layerPoints&view=19.4,-99.1,9'")
    opened.page.wait_for_timeout(400)
    assert opened.look("bubbles")
    assert max(one["places"] for one in opened.look("bubbles")) == 1


def test_tooltip_of_a_bubble_adds_up_to_its_number(opened):
    opened.page.click("#geo-points")
    x, y = opened.over("municipality", "25006")

    box = None
    for dx in range(-40, 41, 8):
        for dy in range(-40, 41, 8):
            opened.page.mouse.move(x + dx, y + dy)
            if opened.page.locator("#geo-tip.of-layer").count():
                box = texts(opened, "#geo-tip li b")
                break
        if box:
            break
    number = int(opened.page.text_content("#geo-tip strong").split()[0].replace(",", ""))
    assert sum(int(one.replace(",", "")) for one in box) == number
    opened.page.keyboard.press("Escape")
    opened.check_quiet()


def test_density_takes_the_place_of_the_colors_and_of_their_legend(opened):
    opened.page.click("#geo-density")

    assert opened.page.locator("#geo-legend").is_hidden()
    shares = texts(opened, "#geo-legend-density .number")
    assert sum(float(one.split()[0]) for one in shares) == pytest.approx(100, abs=2)
    words = opened.page.text_content("#geo-legend-density")
    assert "bandwidth" in words
    assert "per 1,000 km²" in words
    assert "2022 to 2024" in opened.page.text_content("#geo-stamp")
    x, y = opened.over("municipality", "25006")
    opened.page.mouse.move(x, y)
    assert "Density here: " in opened.page.text_content("#geo-tip .tip-layer")
    opened.page.click("#geo-density")
    assert opened.page.locator("#geo-legend").is_visible()
    opened.check_quiet()


def test_density_and_two_windows_exclude_each_other(opened):
    opened.page.click("#geo-tool-compare")
    opened.page.click("#geo-density")
    assert opened.look("state")["compare"] is False
    opened.page.click("#geo-tool-compare")
    state = opened.look("state")
    assert (state["compare"], state["layerDensity"]) == (True, False)
    assert not opened.page.is_checked("#geo-density")


def test_list_of_clusters_has_the_figures_of_the_scan_and_leads_to_them(opened):
    clusters = studies.layered().scan.clusters
    opened.page.click("#geo-scan")

    shown = texts(opened, ".cluster")
    assert len(shown) == len(clusters)
    for row, words in zip(clusters.itertuples(), shown, strict=True):
        assert f"{row.areas:,} area" in words
        assert f"{row.observed:,} events" in words
        assert f"{row.observed / row.expected:.2f} times" in words
        assert f"p {row.p_dispersed:g}" in words
    zoom = opened.look("view")["zoom"]
    opened.page.focus("#geo-cluster-1")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_timeout(300)
    assert opened.look("state")["cluster"] == 1
    assert opened.look("view")["zoom"] > zoom
    assert opened.page.get_attribute("#geo-cluster-1", "aria-pressed") == "true"
    assert opened.page.evaluate("document.activeElement.id") == "geo-cluster-1"
    assert "Cluster 1" in opened.page.text_content("#geo-live")


def test_clusters_of_other_months_are_told_apart(opened):
    clusters = studies.layered().scan.clusters
    opened.page.click("#geo-scan")
    opened.look("set", {"window": 12, "at": 11})

    now = {one["rank"] for one in opened.look("clusters") if one["now"]}

    assert now == set(clusters["rank"][clusters["first"].str.startswith("2022")])
    opened.look("set", {"at": 35})
    now = {one["rank"] for one in opened.look("clusters") if one["now"]}
    assert now == set(clusters["rank"][clusters["last"].str.startswith("2024")])
    assert now != set(clusters["rank"])


def test_outliers_and_labels_are_painted_as_the_study_has_them(opened):
    results = studies.layered()
    opened.page.click("#geo-measure-outliers")
    outlier = results.atlas.levels["municipality"].outlier[:, 35]
    assert opened.look("classes") == [-1 if np.isnan(one) else int(one) for one in outlier]
    assert opened.look("state")["window"] == 12

    opened.page.click("#geo-measure-emerging")
    found = results.emerging.table["pattern"].value_counts()
    legend = opened.look("legend")
    assert sorted(legend["classes"]) == sorted(found.tolist())
    assert sum(legend["classes"]) + legend["noData"] == 2465
    assert len(texts(opened, "#geo-legend li.class")) == len(found)
    assert "January 2022 to December 2024" in opened.page.text_content("#geo-stamp")
    assert opened.page.is_disabled("#geo-time-at")
    opened.check_quiet()


def test_table_has_the_words_of_both_and_sorts_by_them(opened):
    opened.page.click("#geo-tool-table")
    heads = " ".join(texts(opened, "#geo-table th[scope=col]"))

    assert "Local Moran" in heads
    assert "Emerging label" in heads
    cells = " ".join(texts(opened, "#geo-table tbody tr:first-child td"))
    assert "Not significant" in cells or "among" in cells
    opened.check_quiet()


def test_density_is_not_drawn_again_when_the_time_moves(opened):
    opened.page.click("#geo-density")
    opened.page.evaluate(
        "const { fill } = CanvasRenderingContext2D.prototype; window.fills = 0;"
        "CanvasRenderingContext2D.prototype.fill = function (...given) {"
        " window.fills++; return fill.apply(this, given); }; null"
    )
    opened.look("set", {"at": 30})
    assert opened.page.evaluate("window.fills") < 50
    opened.look("set", {"palette": "viridis"})
    assert opened.page.evaluate("window.fills") > 0


def test_chosen_cluster_is_seen_on_a_phone(path, open_page):
    opened = open_page(path, PHONE)
    opened.page.click("#geo-panel-open")
    opened.page.check("#geo-scan")
    opened.page.click("#geo-cluster-1")

    opened.page.wait_for_selector("#geo-panel:not(.open)", state="attached")
    assert opened.look("state")["cluster"] == 1
    opened.check_quiet()


def test_address_brings_back_layers_and_passes_over_what_there_is_not(path, open_page):
    first = open_page(path)
    first.page.click("#geo-scan")
    first.page.click("#geo-points")
    first.page.wait_for_timeout(500)
    address = first.page.evaluate("location.hash")
    assert "layers=layerScan.layerPoints" in address

    again = open_page(path)
    again.page.evaluate("hash => { location.hash = hash; }", address)
    again.page.wait_for_timeout(300)
    state = again.look("state")
    assert [state[key] for key in LAYERS.values()] == [True, False, True]
    again.page.evaluate("location.hash = '#layers=layerDensity.__proto__.playing'")
    again.page.wait_for_timeout(300)
    state = again.look("state")
    assert [state[key] for key in LAYERS.values()] == [False, True, False]
    assert state["playing"] is False
    again.check_quiet()


def test_picture_and_caption_say_what_lies_over_the_map(opened):
    plain = picture(opened)
    opened.look("set", dict.fromkeys(LAYERS.values(), True))

    layered = picture(opened)
    caption = opened.page.text_content("#geo-caption-words")

    assert layered[:8] == b"\x89PNG\r\n\x1a\n"
    assert len(layered) > len(plain)
    for words in ("Scan of 2022 to 2024", "bandwidth", "events as points"):
        assert words in caption
    opened.page.click("#geo-about-open")
    about = opened.page.text_content("#geo-about")
    for words in (
        "Kulldorff",
        "Cronie and van Lieshout",
        "grid of 5 km",
        "local Moran",
        "quarters",
    ):
        assert words in about
    opened.check_quiet()


def picture(opened):
    with opened.page.expect_download() as download:
        opened.page.click("#geo-tool-picture")
    return download.value.path().read_bytes()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_boxes_and_clusters_can_be_tapped_in_both_languages(path, open_page, device):
    opened = open_page(path, device)
    if device is PHONE:
        opened.page.click("#geo-panel-open")
    for name in LAYERS:
        opened.page.check(f"#geo-{name}")
    sizes = opened.page.evaluate(
        "Array.from(document.querySelectorAll('#geo-layers label, .cluster'))"
        ".map((node) => node.getBoundingClientRect().height)"
    )
    if device is PHONE:
        assert min(sizes) >= 44
    opened.page.evaluate("document.getElementById('geo-language').click()")
    assert "Conglomerados" in opened.page.text_content("#geo-layers")
    assert "cuadrícula" in opened.page.text_content("#geo-layer-legends")
    opened.check_quiet()


def test_exact_points_say_so_on_the_page(tmp_path, open_page):
    made = EventMap(studies.layered(), "en", points="exact").save(tmp_path / "exact.html")
    opened = open_page(made)

    opened.page.click("#geo-points")

    assert "may forbid passing this map on" in opened.page.text_content("#geo-legend-points")
    opened.check_quiet()


def test_map_without_layers_has_no_box(tmp_path, open_page):
    opened = open_page(EventMap(studies.sample(), "en").save(tmp_path / "plain.html"))

    assert opened.page.locator("#geo-layers").is_hidden()
    opened.page.evaluate("location.hash = '#layers=layerScan'")
    opened.page.wait_for_timeout(300)
    assert opened.look("state")["layerScan"] is False
    opened.check_quiet()


def test_map_of_one_period_can_have_layers(tmp_path, open_page):
    from tests.render.maps import country_map

    results = studies.layered()
    made = EventMap(country_map(), clusters=results.scan, density=results.surface)
    opened = open_page(made.save(tmp_path / "static.html"))

    opened.page.click("#geo-scan")
    opened.page.click("#geo-density")

    assert opened.page.locator(".cluster").count() == len(results.scan.clusters)
    assert all(one["now"] for one in opened.look("clusters"))
    assert "layers=layerScan.layerDensity" in opened.page.evaluate(
        "new Promise((done) => setTimeout(() => done(location.hash), 500))"
    )
    opened.check_quiet()


def test_everything_stays_well_below_the_limit_of_its_size(path):
    text = path.read_bytes()

    assert len(text) < 1_200_000
