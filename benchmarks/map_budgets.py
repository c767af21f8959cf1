"""Measure the map against its budgets, and the usual Folium maps beside it, in the same run.

Run as ``python benchmarks/map_budgets.py [runs [libraries]]`` with Chromium on the machine; medians
of so many runs (5); ``libraries`` as in ``map_beside.py``. Data are made
up: 50,000 events over all municipalities and 60 months.
"""

from __future__ import annotations

import dataclasses
import gzip
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from map_data import full_events
from playwright.sync_api import Browser, Page, sync_playwright

import geo
from geo.render.describe import describe
from geo.render.mapdata import MapData
from geo.render.timed import Timed
from geo.study.results import Results

EVENTS = 50_000
FLAGS = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SCREEN = {"width": 1280, "height": 800}

READY = """
window.violations = [];
addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
new MutationObserver((_, observer) => {
  if (!document.querySelector('[data-ready="1"]')) return;
  window.readyAt = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
STEP = """() => new Promise((done) => {
  const slider = document.getElementById('geo-time-at')
    || document.querySelector('input[type=range]');
  const begin = performance.now();
  const at = Number(slider.value);
  slider.value = at > Number(slider.min) ? at - 1 : at + 1;
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  const spent = performance.now() - begin;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done([spent, performance.now() - begin]);
    channel.port2.postMessage(0);
  });
})"""
FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const tick = (now) => {
    frames_.push(now - last);
    last = now;
    window.ticking = requestAnimationFrame(tick);
  };
  requestAnimationFrame((now) => { last = now; window.ticking = requestAnimationFrame(tick); });
}"""


class Watched:
    """A page, and what it asked for and complained of."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.requests, self.complaints = page, list[str](), list[str]()
        page.on("request", lambda r: r.url != path.as_uri() and self.requests.append(r.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@contextmanager
def opened(
    browser: Browser, path: Path, *, slower: float = 1, density: float = 1, wait: bool = True
) -> Iterator[Watched]:
    """Open a page offline; ours until it is ready."""
    context = browser.new_context(offline=True, viewport=SCREEN, device_scale_factor=density)
    page = context.new_page()
    page.set_default_timeout(60_000)
    if slower != 1:
        cdp = context.new_cdp_session(page)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(READY)
    watched = Watched(page, path)
    page.goto(path.as_uri())
    if wait:
        page.wait_for_selector('[data-ready="1"]')
    yield watched
    context.close()


def middle(values: list[float]) -> str:
    """Return the median, with the spread in brackets."""
    return f"{statistics.median(values):.4g} ({min(values):.4g} to {max(values):.4g})"


def timed(runs: int, work: Callable[[], Any]) -> tuple[list[float], list[float]]:
    """Return the seconds of so many runs on the wall, and those of the processor."""
    wall, processor = [], []
    for _ in range(runs):
        begin, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - begin)
        processor.append(time.process_time() - used)
    return wall, processor


def ready(browser: Browser, path: Path, slower: float) -> float:
    """Return the milliseconds from the begin of navigation to a page that answers."""
    with opened(browser, path, slower=slower) as watched:
        return float(watched.page.evaluate("window.readyAt"))


def pan(page: Page) -> list[float]:
    """Drag the map about and return the intervals between frames."""
    page.evaluate(FRAMES)
    page.mouse.move(700, 350)
    page.mouse.down()
    for at in range(60):
        page.mouse.move(700 + 120 * np.sin(at / 6), 350 + 60 * np.cos(at / 9))
        page.wait_for_timeout(8)
    page.mouse.up()
    page.evaluate("cancelAnimationFrame(window.ticking)")
    return [float(one) for one in page.evaluate("frames_")]


def heap_of(page: Page) -> float:
    """Return the megabytes of living objects of the scripts."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("HeapProfiler.collectGarbage")
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def renderers() -> dict[int, float]:
    """Return the resident megabytes of every process that draws pages."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" not in (folder / "cmdline").read_bytes():
                continue
            words = (folder / "status").read_text().split("VmRSS:")[1].split()
        except (OSError, IndexError):
            continue
        found[int(folder.name)] = int(words[0]) * 1024 / 1e6
    return found


def resident(browser: Browser, path: Path) -> float:
    """Return the memory of the process that draws the page at double density, after use."""
    before = set(renderers())
    with opened(browser, path, density=2) as watched:
        for _ in range(5):
            watched.page.evaluate(STEP)
        pan(watched.page)
        return max(used for pid, used in renderers().items() if pid not in before)


def without_tests(results: Results) -> MapData:
    """Return the map of counts and rates alone: no types, no actors, no hotspots, no windows."""
    data = describe(results)
    assert data.timed is not None
    whole = data.timed.atlas
    levels = {}
    for level, table in whole.levels.items():
        none = np.zeros_like(table.events)
        levels[level] = dataclasses.replace(
            table, gi_bin=None, outlier=None, targeted=none, stated=none,
            splits=dict.fromkeys(table.splits, (("all",), table.events[:, :, None])),
            actors=tuple(() for _ in table.codes),
        )  # fmt: skip
    atlas = dataclasses.replace(whole, levels=levels, base=None, comparison=None)
    return dataclasses.replace(data, timed=Timed(atlas=atlas, change={}))


def ours(results: Results, browser: Browser, folder: Path, runs: int) -> None:
    """Print the table of budgets."""
    path = folder / "map.html"
    write, used = timed(runs, lambda: geo.EventMap(results).save(path, points="coarse"))
    plain = folder / "plain.html"
    geo.EventMap(without_tests(results)).save(plain)
    normal = [ready(browser, path, 1) for _ in range(runs)]
    slow = [ready(browser, path, 4) for _ in range(runs)]
    steps: list[float] = []
    scripts: list[float] = []
    means, tails, heaps = [], [], []
    asked = complained = broken = 0
    for _ in range(runs):
        with opened(browser, path) as watched:
            page = watched.page
            for _ in range(11):
                spent, painted = page.evaluate(STEP)
                scripts.append(spent)
                steps.append(painted)
            frames = pan(page)
            means.append(float(np.mean(frames)))
            tails.append(float(np.percentile(frames, 95)))
            heaps.append(heap_of(page))
            asked += len(watched.requests)
            complained += len(watched.complaints)
            broken += page.evaluate("violations.length")
    memory = [resident(browser, path) for _ in range(runs)]
    page_bytes = path.read_bytes()
    rows = [
        ("whole page", "2.0 MB", f"{len(page_bytes) / 1e6:.2f} MB"),
        ("the same, gzipped", "1.4 MB", f"{len(gzip.compress(page_bytes, mtime=0)) / 1e6:.2f} MB"),
        ("counts and rates of 60 months alone", "0.75 MB",
         f"{plain.stat().st_size / 1e6:.2f} MB"),
        ("open to interactive", "1,000 ms", f"{middle(normal)} ms"),
        ("the same, processor 4 times slower", "3,500 ms", f"{middle(slow)} ms"),
        ("slider step to painted frame", "80 ms", f"{middle(steps)} ms"),
        ("of which scripts", "", f"{middle(scripts)} ms"),
        ("pan: mean interval of frames", "18 ms", f"{middle(means)} ms"),
        ("pan: 95th percentile", "34 ms", f"{middle(tails)} ms"),
        ("objects of the scripts", "30 MB", f"{middle(heaps)} MB"),
        ("renderer at double density, resident", "450 MB", f"{middle(memory)} MB"),
        ("writing the page from results", "2 s", f"{middle(write)} s"),
        ("of which processor", "", f"{middle(used)} s"),
        ("requests, complaints, violations", "0", f"{asked}, {complained}, {broken}"),
    ]  # fmt: skip
    print("| what | at most | measured |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


_WELL: dict[str, Any] = {
    "source": "Made-up events", "geo_precision": "exact", "time_precision": "day",
    "base": "2023", "comparison": "2024",
}  # fmt: skip


def main() -> None:
    """Make the results once, then measure."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    libraries = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    warnings.simplefilter("ignore")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no chromium on this machine; nothing was measured")
    from map_beside import beside

    results = geo.run_study(full_events(EVENTS), permutations=999, **_WELL)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        print(f"Chromium {browser.version}, {SCREEN['width']} x {SCREEN['height']}, {runs} runs\n")
        ours(results, browser, Path(name), runs)
        beside(results, browser, Path(name), libraries, runs)
        browser.close()


if __name__ == "__main__":
    main()
