"""Hostile text in every field that reaches the page: it is shown, and does nothing."""

from __future__ import annotations

import csv
import io

import pytest

from geo.export.text import neutral
from geo.render.map import EventMap
from geo.sources.boundaries import load_labels
from geo.study import run_study
from tests import toy
from tests.browser.conftest import DESKTOP, PHONE
from tests.hostile import strings

pytestmark = pytest.mark.browser

EACH = 5
"""Actors that a panel shows."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study whose actors, types, classes, source and title are hostile, and where each is."""
    texts = strings()
    labels = load_labels("municipality").iloc[: -(-len(texts) // EACH)]
    points, actors, types = [], [], []
    for number, text in enumerate(texts):
        row = labels.iloc[number // EACH]
        for month in (1, 6):
            points.append((row["lon"], row["lat"], f"2024-{month:02}-03"))
            actors.append(text)
            types.append(texts[number % 7])
    events = toy.events(
        *[(lon, lat) for lon, lat, _ in points],
        event_date=[day for *_, day in points],
        actor1=actors,
        actor2=[None] * len(actors),
        event_type=types,
        source=texts[5],
    )
    results = run_study(
        events, permutations=0, title=texts[4], source=texts[24], accessed="2025-01-15",
        data_through="2024-12-31",
    )  # fmt: skip
    path = tmp_path_factory.mktemp("hostile") / "map.html"
    return EventMap(results, "es", points="coarse").save(path), labels["cvegeo"].tolist()


def test_there_are_more_than_two_hundred_and_each_is_another():
    assert len(strings()) >= 200


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_f1_f2_hostile_actors_types_and_titles_are_shown_as_text(made, open_page, device):
    path, codes = made
    opened = open_page(path, device)
    page = opened.page
    shown = []

    opened.look("set", {"measure": "count", "window": 12, "at": 11})
    for code in codes:
        opened.look("choose", "municipality", code)
        shown += page.locator("#geo-card .actors li span").all_text_contents()
    for k in range(7):
        opened.look("set", {"category": f"event_type:{k}"})
    opened.look("set", {"layerPoints": True, "category": "all"})
    legend = page.locator("#geo-legend-points .name").all_text_contents()
    assert any("<" in text for text in legend)
    for code in codes[:12]:
        page.mouse.move(*opened.over("municipality", code))
    page.evaluate("document.getElementById('geo-about-open').click()")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#geo-tools button').click()")
    page.keyboard.press("Escape")
    page.evaluate("document.getElementById('geo-language').click()")
    opened.look("set", {"category": "all"})

    assert len(shown) >= 200
    assert any("<script>" in text for text in shown)
    assert any("${" in text for text in shown)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('iframe, img, base, form').length") == 0
    opened.check_quiet()


def test_f4_hostile_cells_of_the_csv_that_the_page_saves_run_nowhere_and_come_back(made, open_page):
    page = open_page(made[0]).page
    cells = strings()
    rows = [[text, f"{text}, {text}", 7] for text in cells]

    said = page.evaluate("(rows) => geoMap.files.csv(rows)", rows)

    back = list(csv.reader(io.StringIO(said.removeprefix("\ufeff"), newline="")))
    assert len(back) == len(rows) >= 200
    for (first, second, number), text in zip(back, cells, strict=True):
        assert first == neutral(text)
        assert second == neutral(f"{text}, {text}")
        assert number == "7"
