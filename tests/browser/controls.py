"""Every control of the map's page: what it is, how it is used, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Effect = Callable[[Any], bool]

WAYS = ("mouse", "touch", "keyboard")

LISTENED = """
window.listening = new Set();
const { addEventListener } = EventTarget.prototype;
const heard = ['click', 'change', 'input', 'keydown', 'pointerdown'];
EventTarget.prototype.addEventListener = function (kind, ...rest) {
  if (heard.includes(kind) && this instanceof Element) window.listening.add(this);
  return addEventListener.call(this, kind, ...rest);
};
window.printed = 0;
window.print = () => {
  window.dispatchEvent(new Event('beforeprint'));
  window.printed += document.querySelectorAll('#geo-print canvas').length;
  window.dispatchEvent(new Event('afterprint'));
};
window.copied = '';
"""
"""Notes which elements listen to a reader, and stands for the printer."""

FOCUSABLE = (
    "a, button, input, select, textarea, summary, iframe, audio, video, [tabindex], [role=button], "
    "[role=slider], [role=option], [role=checkbox], [role=tab], [role=link], [contenteditable]"
)

FOUND = """([focusable, known]) => {
  const all = new Set(document.querySelectorAll(focusable));
  for (const node of window.listening) if (node.isConnected) all.add(node);
  const names = Object.entries(known);
  const hit = new Set();
  const strange = new Set();
  for (const node of all) {
    const found = names.filter(([, selector]) => node.matches(selector));
    for (const [name] of found) hit.add(name);
    if (!found.length) strange.add(node.outerHTML.slice(0, 120));
  }
  return { hit: [...hit], strange: [...strange] };
}"""
"""The names of the controls that are there, and what is in no table."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control, and what must be true after its use and not before.

    Attributes
    ----------
    selector
        What of the page it is.
    effect
        What must hold after it was used, and not before.
    within
        The part of the page that is opened first, in the way that is tested.
    first
        The state that is set first.
    before
        What is done first, in the page of the test.
    keys
        What is pressed on it.
    mouse, touch, keyboard
        How it is used where a press in its middle or the keys are not it.
    ways
        The ways there are to use it.
    paints
        The canvas that it changes, where pixels are compared.
    on
        The size of the window, where it is on phones only; else a desktop, and a phone for touch.
    """

    selector: str
    effect: Effect
    within: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)
    before: Callable[[Any], None] | None = None
    keys: tuple[str, ...] = ("Enter",)
    target: str = ""
    mouse: Callable[[Any, Any], None] | None = None
    touch: Callable[[Any, Any], None] | None = None
    keyboard: Callable[[Any, Any], None] | None = None
    ways: tuple[str, ...] = WAYS
    paints: int | None = None
    on: str = ""

    @property
    def pressed(self) -> str:
        """What is pressed: the control, or the words that stand for it."""
        return self.target or self.selector


# ---- what must come of it ----


def state(**wanted: Any) -> Effect:
    """Return whether the state of the page is as wanted."""
    return lambda opened: {key: opened.look("state")[key] for key in wanted} == wanted


def seen(selector: str, words: str = "") -> Effect:
    """Return whether something is seen, and says these words."""

    def effect(opened: Any) -> bool:
        found = opened.page.locator(selector).locator("visible=true")
        return found.count() > 0 and words in found.first.inner_text()

    return effect


def gone(selector: str) -> Effect:
    """Return whether nothing of it is seen."""
    return lambda opened: not seen(selector)(opened)


def value(selector: str, script: str) -> Effect:
    """Return what a script says of an element."""
    return lambda opened: (
        opened.page.locator(selector).count() > 0
        and bool(opened.page.eval_on_selector(selector, script))
    )


def either(*effects: Effect) -> Effect:
    """Return whether any holds."""
    return lambda opened: any(effect(opened) for effect in effects)


def titled(selector: str, words: str) -> Effect:
    """Return whether a control is called so."""
    return lambda opened: opened.page.get_attribute(selector, "title") == words


def both(*effects: Effect) -> Effect:
    """Return whether all hold."""
    return lambda opened: all(effect(opened) for effect in effects)


def painted(measure: str) -> Effect:
    """Return whether map and legend show a measure, with classes of its own."""
    return lambda opened: (
        opened.look("state")["measure"] == measure
        and opened.page.is_checked(f"#geo-measure-{measure}")
        and opened.look("classes") != opened.kept["classes"]
    )


def view(of: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]) -> Effect:
    """Return whether where the map looks is related to where it looked."""
    return lambda opened: of(opened.kept["view"], opened.look("view"))


def moved(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return before["zoom"] == now["zoom"] and before["center"] != now["center"]


def nearer(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return now["zoom"] > before["zoom"]


def farther(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    return now["zoom"] < before["zoom"]


def sorted_by(key: str) -> Effect:
    """Return whether the table is sorted by a column."""
    return value(f"#geo-table th[data-key={key}]", "e => e.hasAttribute('aria-sort')")


# ---- how it is used ----


def middle(opened: Any, selector: str) -> tuple[float, float]:
    """Return the middle of what is seen of a control, which nothing may lie over."""
    node = opened.page.locator(selector).first
    node.scroll_into_view_if_needed()
    x, y, hit = node.evaluate(
        """async (node) => {
          /* Words that come late may still move it: it is pressed where it stays. */
          const frame = () => new Promise(requestAnimationFrame);
          const place = () => JSON.stringify(node.getBoundingClientRect());
          for (let k = 0, was = ''; k < 30 && was !== place(); k++) {
            was = place();
            await frame();
            await frame();
          }
          const { left, top, right, bottom } = node.getBoundingClientRect();
          const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
          const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
          const over = document.elementFromPoint(x, y);
          const is = node.contains(over) || Boolean(over && over.contains(node)) ||
            Boolean(node.labels && [...node.labels].some((label) => label.contains(over)));
          return [x, y, is || node.tagName === 'path'];
        }"""
    )
    assert hit, f"something lies over {selector}"
    return x, y


def point(opened: Any, way: str, x: float, y: float) -> None:
    """Press a place of the screen."""
    if way == "touch":
        opened.page.touchscreen.tap(x, y)
    else:
        opened.page.mouse.click(x, y)


def press(opened: Any, way: str, selector: str, keys: tuple[str, ...] = ("Enter",)) -> None:
    """Press a control by mouse or finger, or focus it and press keys."""
    if way == "keyboard":
        opened.page.locator(selector).first.focus()
        for key in keys:
            opened.page.keyboard.press(key)
    else:
        point(opened, way, *middle(opened, selector))


def fingers(opened: Any, *paths: tuple[tuple[float, float], tuple[float, float]]) -> None:
    """Draw fingers from one place to another."""
    cdp = opened.page.context.new_cdp_session(opened.page)
    send = "Input.dispatchTouchEvent"

    def places(share: float) -> list[dict[str, float]]:
        return [
            {"x": x0 + share * (x1 - x0), "y": y0 + share * (y1 - y0), "id": n}
            for n, ((x0, y0), (x1, y1)) in enumerate(paths)
        ]

    cdp.send(send, {"type": "touchStart", "touchPoints": places(0)})
    for step in range(1, 9):
        cdp.send(send, {"type": "touchMove", "touchPoints": places(step / 8)})
    cdp.send(send, {"type": "touchEnd", "touchPoints": []})
    cdp.detach()


def drag(opened: Any, way: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw the pointer or a finger from one place to another."""
    if way == "touch":
        fingers(opened, (start, end))
        return
    opened.page.mouse.move(*start)
    opened.page.mouse.down()
    opened.page.mouse.move(*end, steps=6)
    opened.page.mouse.up()


def dragged(dx: float, dy: float, share: float = 0.5) -> dict[str, Callable[[Any, Any], None]]:
    """Return how a control is drawn by mouse and finger from its middle."""

    def by(way: str) -> Callable[[Any, Any], None]:
        def act(opened: Any, control: Control) -> None:
            opened.page.locator(control.pressed).first.scroll_into_view_if_needed()
            left, top, right, bottom = opened.rectangle(control.pressed)
            x, y = left + share * (right - left), (top + bottom) / 2
            drag(opened, way, (x, y), (x + dx, y + dy))

        return act

    return {"mouse": by("mouse"), "touch": by("touch")}


def chosen(index: int) -> dict[str, Callable[[Any, Any], None]]:
    """Return how an entry of a list of the browser's own is taken.

    What opens is no part of the page: after the press the entry is taken as the browser does it.
    """

    def by(way: str) -> Callable[[Any, Any], None]:
        def act(opened: Any, control: Control) -> None:
            point(opened, way, *middle(opened, control.selector))
            opened.page.select_option(control.selector, index=index)

        return act

    return {"mouse": by("mouse"), "touch": by("touch")}


def typed(text: str) -> dict[str, Callable[[Any, Any], None]]:
    """Return how a field is filled: pressed or focused, then typed into."""

    def by(way: str) -> Callable[[Any, Any], None]:
        def act(opened: Any, control: Control) -> None:
            press(opened, way, control.selector, ())
            opened.page.keyboard.type(text)

        return act

    return {way: by(way) for way in WAYS}


def at_area(code: str, level: str = "municipality") -> dict[str, Callable[[Any, Any], None]]:
    """Return how an area of the map is pressed."""

    def by(way: str) -> Callable[[Any, Any], None]:
        return lambda opened, _: point(opened, way, *opened.over(level, code))

    return {"mouse": by("mouse"), "touch": by("touch")}


def on_screen(opened: Any, one: Mapping[str, float]) -> tuple[float, float]:
    """Return the place on the screen of something drawn on the map."""
    left, top, *_ = opened.rectangle("#geo_map")
    return left + one["left"], top + one["top"]


def bubble(opened: Any) -> tuple[float, float]:
    """Return the place of the largest bubble that nothing lies over."""
    return on_screen(opened, opened.look("bubbles")[0])


def saved(start: bytes) -> Callable[[Path], bool]:
    """Return whether a file begins so."""
    return lambda path: path.read_bytes().startswith(start)
