"""Every control of the page does what it is for, by mouse, by touch and by key.

The page has all that a page can have. What a reader can use is read from the page itself: a control
that is in no table fails, and so does a row of the table without a control.
"""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import DESKTOP, PHONE, USUAL, answer_tiles, open_in
from tests.browser.control_table import CARD, CONTROLS, LISTENERS, SHAPE
from tests.browser.controls import FOCUSABLE, FOUND, LISTENED, WAYS, drag, press

pytestmark = pytest.mark.browser

LANDED = {"measure": "count", "level": "municipality"}
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Waits until the page has its new size, and the map with it."""

KEPT = {"desktop": DESKTOP, "phone": PHONE}

CLIPBOARD = """
Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => {
  if (window.refuses) throw new Error('no clipboard');
  window.copied = text;
} } });
"""


@pytest.fixture(scope="module")
def pages(chromium, everything):
    """The page on a desktop and on a phone, each opened once."""
    opened, contexts = {}, []

    def page_on(device):
        if device not in opened:
            context = chromium.new_context(**(USUAL | KEPT[device]))
            contexts.append(context)
            answer_tiles(context)
            context.add_init_script(LISTENED + CLIPBOARD)
            context.set_default_timeout(4_000)
            opened[device] = open_in(context, everything)
            one = opened[device]
            one.page.wait_for_selector(".has-tiles", state="attached")
            one.start = one.look("state") | LANDED
            one.address = one.page.evaluate(
                "new Promise(r => setTimeout(() => r(location.hash), 400))"
            )
        return opened[device]

    yield page_on
    for context in contexts:
        context.close()


def begin_anew(opened):
    """Close all that is open and go back to the first view, without loading the page again."""
    page = opened.page
    page.mouse.move(5, 5)
    page.evaluate(
        """async ([start, address]) => {
          for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
          for (const node of document.querySelectorAll('.leaflet-popup-close-button')) node.click();
          for (const open of ['geo-panel', 'geo-tools-list']) {
            document.getElementById(open).classList.remove('open');
          }
          const background = document.getElementById('geo-background-on');
          if (!background.checked) background.click();
          const find = document.getElementById('geo-find');
          find.value = '';
          find.dispatchEvent(new Event('input'));
          geoMap.look.set({ language: 'en' });
          geoMap.look.set(start);
          const read = new Promise((done) => {
            window.addEventListener('hashchange', done, { once: true });
          });
          location.hash = address + '&' + performance.now();
          document.activeElement.blur();
          await read;
          Object.assign(window, { refuses: false, copied: '', printed: 0 });
        }""",
        [opened.start, opened.address],
    )
    opened.look("set", opened.start)
    opened.complaints.clear()


WITHIN = {
    "about": ["#geo-about-open"],
    "table": ["tools", "#geo-tool-table"],
    "link": ["tools", "#geo-tool-link"],
}


def go_to(opened, within, way, device):
    """Open the part of the page that holds a control, in the way that is tested."""
    if within == "tools" and device == "phone":
        press(opened, way, "#geo-tools-menu")
    elif within in ("panel", "found") and device == "phone":
        press(opened, way, "#geo-panel-open")
    if within == "link":
        opened.page.evaluate("window.refuses = true")
    for step in WITHIN.get(within, []):
        if step in ("tools", "panel"):
            go_to(opened, step, way, device)
        else:
            press(opened, way, step)
    if within == "table":
        opened.page.wait_for_selector("#geo-table[open] tbody tr")
    if within == "link":
        opened.page.wait_for_selector("#geo-link[open]")
    if within == "found":
        press(opened, way, "#geo-find", ())
        opened.page.keyboard.type("merida")
        opened.page.wait_for_selector("#geo-found li")


def use(opened, control, way):
    act = getattr(control, way)
    if act:
        act(opened, control)
    else:
        press(opened, way, control.selector if way == "keyboard" else control.pressed, control.keys)


def cases():
    for name, control in CONTROLS.items():
        for way in control.ways:
            device = control.on or ("phone" if way == "touch" else "desktop")
            yield pytest.param(name, way, device, id=f"{name} by {way}")


@pytest.mark.parametrize(("name", "way", "device"), list(cases()))
def test_control_does_what_it_is_for(pages, name, way, device):
    opened, control = pages(device), CONTROLS[name]
    begin_anew(opened)
    opened.look("set", dict(control.first))
    opened.page.evaluate(DRAWN)
    go_to(opened, control.within, way, device)
    if control.before:
        control.before(opened)
        opened.page.wait_for_timeout(50)
    opened.kept = {
        "view": opened.look("view"),
        "classes": opened.look("classes"),
        "colors": opened.look("colors"),
        "painted": None if control.paints is None else opened.fingerprint(control.paints),
    }
    if name in ("picture", "CSV"):
        with opened.page.expect_download() as waiting:
            use(opened, control, way)
        assert control.effect(waiting.value.path())
    else:
        assert not control.effect(opened), "what it is for was so before"
        use(opened, control, way)
        for _ in range(120):
            if control.effect(opened):
                break
            opened.page.wait_for_timeout(25)
        assert control.effect(opened)
    opened.check_quiet()


OPENED = {
    "first": "0",
    "all at once": "geoMap.look.set({ layerScan: true, layerPoints: true, compare: true })",
    "change": "geoMap.look.set({ measure: 'change' })",
    "rate": "geoMap.look.set({ measure: 'rate' })",
    "card": CARD,
    "sources": "document.getElementById('geo-about-open').click()",
    "table": "document.getElementById('geo-tool-table').click()",
    "link": "window.refuses = true; document.getElementById('geo-tool-link').click()",
    "popup": f"document.querySelector('{SHAPE}').dispatchEvent("
    + "new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))",
    "search": "document.getElementById('geo-find').value = 'm';"
    "document.getElementById('geo-find').dispatchEvent(new Event('input'))",
}


def test_every_control_of_the_page_stands_in_the_table(pages):
    opened = pages("desktop")
    known = {name: control.selector for name, control in CONTROLS.items()} | LISTENERS
    hit, strange = set(), set()
    for act in OPENED.values():
        begin_anew(opened)
        opened.page.evaluate(act)
        opened.page.wait_for_timeout(60)
        found = opened.page.evaluate(FOUND, [FOCUSABLE, known])
        hit |= set(found["hit"])
        strange |= set(found["strange"])

    assert strange == set()
    assert set(known) - hit == set()


def test_a_control_that_is_in_no_table_is_noticed(pages):
    opened = pages("desktop")
    known = {name: control.selector for name, control in CONTROLS.items()} | LISTENERS
    opened.page.evaluate(
        """() => {
          const made = document.createElement('div');
          made.id = 'stranger';
          made.addEventListener('click', () => {});
          document.getElementById('geo-stage').append(made);
        }"""
    )

    found = opened.page.evaluate(FOUND, [FOCUSABLE, known])["strange"]
    opened.page.evaluate("document.getElementById('stranger').remove()")

    assert [re.search(r'id="(\w+)"', one)[1] for one in found] == ["stranger"]


def test_tab_leads_to_every_control(pages):
    opened = pages("desktop")
    begin_anew(opened)
    opened.look("set", {"layerScan": True, "layerPoints": True, "compare": True, "measure": "rate"})
    opened.page.evaluate(CARD)
    stops = opened.page.evaluate(
        """() => [...document.querySelectorAll('#geo-app *')].filter((node) => {
          const isStop = node.tabIndex >= 0 && !node.disabled && !node.closest('dialog') &&
            node.getClientRects().length;
          return isStop && (node.type !== 'radio' || node.checked);
        }).map((node) => { node.dataset.stop = '1'; return node; }).length"""
    )
    opened.page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(stops + 2):
        opened.page.keyboard.press("Tab")
        at = opened.page.evaluate(
            """() => {
              const node = document.activeElement;
              node.dataset.reached = '1';
              const box = node.getBoundingClientRect();
              return [node.outerHTML.slice(0, 60), box.bottom > 0 && box.top < innerHeight];
            }"""
        )
        reached.add(tuple(at))

    left = opened.page.evaluate(
        "[...document.querySelectorAll('[data-stop]:not([data-reached])')]"
        ".map((node) => node.outerHTML.slice(0, 80))"
    )
    assert stops >= 40
    assert left == []
    assert all(is_seen for _, is_seen in reached)


def test_arrow_keys_lead_to_every_bubble_in_sight_and_back(pages):
    opened = pages("desktop")
    begin_anew(opened)
    opened.look("set", {"layerPoints": True})
    number = len(
        [
            one
            for one in opened.look("bubbles")
            if 0 <= one["left"] <= opened.look("view")["width"] and one["top"] >= 0
        ]
    )
    opened.page.focus("#geo-point")
    said = []
    while True:
        said.append(opened.page.get_attribute("#geo-point", "aria-label"))
        opened.page.keyboard.press("ArrowRight")
        if opened.page.get_attribute("#geo-point", "aria-label") == said[-1]:
            break

    assert len(said) == len(set(said)) == number
    assert said[0].startswith(f"Events on the map, 1 of {number}. ")
    totals = [int(re.search(r"([\d,]+) events?:", one)[1].replace(",", "")) for one in said]
    assert totals == sorted(totals, reverse=True)
    opened.page.keyboard.press("Escape")
    assert opened.page.is_hidden("#geo-tip")
    opened.page.keyboard.press("Home")
    assert opened.page.get_attribute("#geo-point", "aria-label") == said[0]
    opened.page.keyboard.press("Tab")
    assert opened.page.is_hidden("#geo-tip")


def test_a_link_brings_back_the_chosen_cluster(pages):
    opened = pages("desktop")
    begin_anew(opened)
    opened.look("set", {"layerScan": True})
    press(opened, "keyboard", "#geo-cluster-2")
    opened.page.wait_for_timeout(400)
    address = opened.page.evaluate("location.hash")
    seen_there = opened.look("view")
    assert "&layers=layerScan&cluster=2" in address

    begin_anew(opened)
    opened.page.wait_for_timeout(400)
    assert opened.look("state")["cluster"] == -1
    opened.page.evaluate("hash => { location.hash = hash; }", address)
    opened.page.wait_for_timeout(100)

    state_there = opened.look("state")
    assert (state_there["layerScan"], state_there["cluster"]) == (True, 2)
    assert opened.look("view")["zoom"] == pytest.approx(seen_there["zoom"], abs=0.01)
    assert opened.page.get_attribute("#geo-cluster-2", "aria-pressed") == "true"
    for wrong in ("99", "0", "__proto__", "1e0"):
        opened.page.evaluate(
            "hash => { location.hash = hash; }", f"#layers=layerScan&cluster={wrong}"
        )
        opened.page.wait_for_timeout(60)
        assert opened.look("state")["cluster"] == -1, wrong


def test_drawing_a_map_is_no_choice_of_an_area(pages):
    opened = pages("desktop")
    begin_anew(opened)
    x, y = opened.over("municipality", "08037")
    drag(opened, "mouse", (x, y), (x + 80, y + 30))

    assert opened.look("state")["selected"] == -1


def test_all_ways_are_used():
    assert {way for one in CONTROLS.values() for way in one.ways} == set(WAYS)
