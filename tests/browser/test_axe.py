"""What a checker of accessibility says of the page, in each of its states."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.render.map import EventMap
from tests import studies
from tests.browser.conftest import DESKTOP, PHONE, USUAL, answer_tiles, open_in
from tests.browser.control_table import SHAPE

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def evaluate(script):
    return lambda opened: opened.page.evaluate(script)


def click(name):
    return evaluate(f"document.getElementById('geo-{name}').click()")


def bubble(opened):
    """Point at the largest bubble: its tooltip is shown."""
    opened.look("set", {"layerPoints": True})
    one = opened.look("bubbles")[0]
    left, top, *_ = opened.rectangle("#geo_map")
    opened.page.mouse.move(left + one["left"], top + one["top"])
    assert opened.page.is_visible("#geo-tip.of-layer")


def area(opened):
    """Point at an area: its tooltip is shown."""
    opened.page.mouse.move(*opened.over("municipality", "08037"))
    assert opened.page.is_visible("#geo-tip")


def stop(opened):
    """Focus a bubble by key."""
    opened.look("set", {"layerPoints": True})
    opened.page.focus("#geo-point")
    assert opened.page.is_visible("#geo-tip.of-layer")


def shape_tooltip(opened):
    opened.page.focus(SHAPE)
    assert opened.page.is_visible(".geo-tooltip")


def popup(opened):
    opened.page.focus(SHAPE)
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector(".leaflet-popup")


def cluster(opened):
    opened.look("set", {"layerScan": True})
    opened.page.evaluate("document.getElementById('geo-cluster-1').click()")


def search(opened):
    opened.page.focus("#geo-find")
    opened.page.keyboard.type("mer")
    opened.page.wait_for_selector("#geo-found li")


def link(opened):
    opened.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: null })")
    opened.page.evaluate("document.getElementById('geo-tool-link').click()")
    opened.page.wait_for_selector("#geo-link[open]")


def method(opened):
    """The panel of sources and method with all that unfolds."""
    opened.page.evaluate("document.getElementById('geo-about-open').click()")
    opened.page.evaluate("document.querySelectorAll('#geo-about details').forEach(d => d.open = 1)")
    assert opened.page.locator("#geo-about pre:visible").count() == 2


ON = evaluate(
    "geoMap.look.set({ layerScan: true, layerDensity: true, layerPoints: true, cluster: 2 })"
)
COMPARED = evaluate("geoMap.look.set({ compare: true, layerPoints: true })")

STATES = {
    "first": (),
    "card": (evaluate("geoMap.look.choose('municipality', '25006')"),),
    "table": (click("tool-table"),),
    "compare": (COMPARED,),
    "method": (method,),
    "link": (link,),
    "search": (search,),
    "layers": (ON,),
    "cluster": (cluster,),
    "area": (area,),
    "bubble": (bubble,),
    "bubble by key": (stop,),
    "tooltip of a shape": (shape_tooltip,),
    "popup": (popup,),
    "labels": (click("measure-emerging"),),
    "Spanish": (click("language"),),
    "layers in Spanish": (click("language"), ON),
}
ON_A_PHONE = ("first", "card", "table", "compare", "method", "layers", "popup", "layers in Spanish")

PLAIN = {
    "first": (DESKTOP, ()),
    "phone": (PHONE, ()),
    "card": (DESKTOP, (evaluate("geoMap.look.choose('municipality', '25006')"),)),
}


@pytest.fixture(scope="module")
def study_map(tmp_path_factory):
    path = tmp_path_factory.mktemp("axe") / "study.html"
    return EventMap(studies.sample(), "en").save(path)


def asked(opened):
    """Return what axe finds."""
    opened.page.wait_for_timeout(100)
    if not opened.page.evaluate("typeof axe === 'object'"):
        opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]


def skip_without_axe():
    if not AXE.exists():
        pytest.skip("AXE DID NOT RUN: axe-core is not installed; make js installs it")


@pytest.mark.parametrize("name", PLAIN)
def test_axe_finds_nothing(study_map, open_page, name):
    skip_without_axe()
    device, acts = PLAIN[name]
    opened = open_page(study_map, device)
    for act in acts:
        act(opened)

    assert asked(opened) == []


@pytest.mark.parametrize(
    ("device", "name"),
    [("desktop", name) for name in STATES] + [("phone", name) for name in ON_A_PHONE],
)
def test_axe_finds_nothing_on_a_page_with_everything(chromium, everything, device, name):
    skip_without_axe()
    context = chromium.new_context(**(USUAL | {"desktop": DESKTOP, "phone": PHONE}[device]))
    answer_tiles(context)
    opened = open_in(context, everything)
    opened.page.wait_for_selector(".has-tiles", state="attached")
    for act in STATES[name]:
        act(opened)
    if device == "phone" and "layers" in name:
        opened.page.evaluate("document.getElementById('geo-panel-open').click()")

    found = asked(opened)
    context.close()

    assert found == []
