"""What a checker of accessibility says of the page, in each of its states."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.render.map import EventMap
from tests import studies
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

STATES = {
    "desktop": (DESKTOP, "1"),
    "phone": (PHONE, "1"),
    "panel": (DESKTOP, "geoMap.look.choose('municipality', '25006')"),
    "panel on a phone": (PHONE, "geoMap.look.choose('municipality', '25006')"),
    "table": (DESKTOP, "document.querySelector('#geo-tools button').click()"),
    "compare": (DESKTOP, "geoMap.look.set({ compare: true })"),
    "sources": (DESKTOP, "document.getElementById('geo-about-open').click()"),
    "Spanish": (DESKTOP, "document.getElementById('geo-language').click()"),
}
ON = "geoMap.look.set({ layerScan: true, layerDensity: true, layerPoints: true, cluster: 2 })"
LAYERS = {
    "layers": (DESKTOP, ON),
    "layers on a phone": (PHONE, f"{ON}; document.getElementById('geo-panel-open').click()"),
    "layers in Spanish": (DESKTOP, f"{ON}; document.getElementById('geo-language').click()"),
    "labels": (DESKTOP, "document.getElementById('geo-measure-emerging').click()"),
}


@pytest.fixture(scope="module")
def study_map(tmp_path_factory):
    path = tmp_path_factory.mktemp("axe") / "study.html"
    return EventMap(studies.sample(), "en").save(path)


@pytest.fixture(scope="module")
def layered_map(tmp_path_factory):
    path = tmp_path_factory.mktemp("axe") / "layered.html"
    return EventMap(studies.layered(), "en", points="coarse").save(path)


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(study_map, open_page, name):
    look(open_page, study_map, *STATES[name])


@pytest.mark.parametrize("name", LAYERS)
def test_axe_finds_nothing_with_layers_on(layered_map, open_page, name):
    look(open_page, layered_map, *LAYERS[name])


def look(open_page, path, device, act):
    if not AXE.exists():
        pytest.skip("AXE DID NOT RUN: axe-core is not installed; make js installs it")
    opened = open_page(path, device)
    opened.page.evaluate(act)
    opened.page.wait_for_timeout(200)

    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")

    told = [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]
    assert told == []
