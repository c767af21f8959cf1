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


@pytest.fixture(scope="module")
def study_map(tmp_path_factory):
    path = tmp_path_factory.mktemp("axe") / "study.html"
    return EventMap(studies.sample(), "en").save(path)


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing(study_map, open_page, name):
    if not AXE.exists():
        pytest.skip("AXE DID NOT RUN: axe-core is not installed; make js installs it")
    device, act = STATES[name]
    opened = open_page(study_map, device)
    opened.page.evaluate(act)
    opened.page.wait_for_timeout(200)

    opened.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = opened.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")

    told = [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]
    assert told == []
