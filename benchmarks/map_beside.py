"""The usual maps of the same figures, each measured as our page is.

They fetch their libraries when they are opened. With a folder that holds these (by the last part of
their addresses, as ``leaflet.js``) the requests are answered from it at once, so that there is
something to measure; without it only what is shown with the network off is told.
"""

from __future__ import annotations

import gzip
import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import folium
import geopandas as gpd
import map_budgets as budgets
import numpy as np
import pandas as pd
from folium.plugins import TimeSliderChoropleth
from playwright.sync_api import Browser, Page, Route

import geo
from geo.render.ground import load_ground
from geo.study.results import Results

AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
SLOWER = 4

DRAWN = """
const look = () => {
  if (document.querySelectorAll('path.leaflet-interactive').length < 2000) {
    requestAnimationFrame(look);
    return;
  }
  requestAnimationFrame(() => setTimeout(() => { window.drawnAt = performance.now(); }, 0));
};
requestAnimationFrame(look);
"""
SHOWN = """() => {
  const paths = document.querySelectorAll('path.leaflet-interactive');
  if (paths.length > 2000) return 'all areas';
  const drawn = (canvas) => canvas.width && canvas.getContext('2d')
    .getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value);
  return [...document.querySelectorAll('canvas')].some(drawn) ? 'all areas' : 'nothing';
}"""


def stock(results: Results) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """Give the usual maps of the same rates over the same shapes."""
    arcs = load_ground().arcs
    rates = results.atlas.window_rates("municipality", 12).smoothed
    codes = list(results.atlas.levels["municipality"].codes)
    shapes = gpd.GeoDataFrame({"cvegeo": list(arcs.codes)}, geometry=arcs.to_polygons(), crs=4326)
    rate = pd.Series(rates[:, -1], index=codes)
    areas = shapes.assign(rate=shapes["cvegeo"].map(rate))

    def choropleth(path: Path) -> None:
        map_ = folium.Map([23.6, -102.5], zoom_start=5)
        folium.Choropleth(
            areas.to_json(), data=areas, columns=["cvegeo", "rate"],
            key_on="feature.properties.cvegeo",
        ).add_to(map_)  # fmt: skip
        map_.save(path)

    def explore(path: Path) -> None:
        areas.explore("rate").save(path)

    def slider(path: Path) -> None:
        map_ = folium.Map([23.6, -102.5], zoom_start=5)
        counts = dict(zip(codes, results.atlas.levels["municipality"].events, strict=True))
        begin = [int(pd.Timestamp(month).timestamp()) for month in results.atlas.months]
        shades = ["#fee5d9", "#fcae91", "#fb6a4a", "#cb181d"]
        styles = {
            str(at): {
                str(day): {"color": shades[min(int(number), 3)], "opacity": 0.8}
                for day, number in zip(begin, counts[code], strict=True)
            }
            for at, code in enumerate(areas["cvegeo"])
        }
        TimeSliderChoropleth(areas.to_json(), styledict=styles).add_to(map_)
        map_.save(path)

    yield "`folium.Choropleth`, one period", choropleth
    yield "`GeoDataFrame.explore`, one period", explore
    yield "`TimeSliderChoropleth`, counts of 60 months", slider


@contextmanager
def opened(
    browser: Browser, path: Path, libraries: Path, *, slower: float = 1, density: float = 1
) -> Iterator[Page]:
    """Open a page, whatever it fetches answered at once, until its areas are drawn."""
    context = browser.new_context(viewport=budgets.SCREEN, device_scale_factor=density)
    page = context.new_page()
    page.set_default_timeout(120_000)

    def answer(route: Route) -> None:
        file = libraries / route.request.url.split("?")[0].rsplit("/", 1)[-1]
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(body="")

    page.route(lambda url: url.startswith("http"), answer)
    if slower != 1:
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    is_ours = "geo-config" in path.read_text(encoding="utf-8")
    page.add_init_script(budgets.READY if is_ours else DRAWN)
    page.goto(path.as_uri())
    while page.evaluate("window.readyAt || window.drawnAt || 0") == 0:
        page.wait_for_timeout(50)
    yield page
    context.close()


def resident(browser: Browser, path: Path, libraries: Path) -> float:
    """Return the memory of the process that draws the page at double density, after a drag."""
    before = set(budgets.renderers())
    with opened(browser, path, libraries, density=2) as page:
        budgets.pan(page)
        return max(used for pid, used in budgets.renderers().items() if pid not in before)


def figures(browser: Browser, path: Path, libraries: Path, runs: int) -> list[str]:
    """Return what a page weighs and takes, as cells of a table."""
    written = path.read_bytes()
    cells = [
        f"{len(written) / 1e6:.2f}",
        f"{len(gzip.compress(written, mtime=0)) / 1e6:.2f}",
    ]
    for slower, times in ((1, runs), (SLOWER, max(1, runs // 2))):
        taken = []
        for _ in range(times):
            with opened(browser, path, libraries, slower=slower) as page:
                taken.append(float(page.evaluate("window.readyAt || window.drawnAt")))
        cells.append(_span(taken, 0))
    steps: list[float] = []
    means, tails, heaps = [], [], []
    for _ in range(max(1, runs // 2)):
        with opened(browser, path, libraries) as page:
            if page.query_selector("input[type=range]"):
                steps += [float(page.evaluate(budgets.STEP)[1]) for _ in range(7)]
            frames = budgets.pan(page)
            means.append(float(np.mean(frames)))
            tails.append(float(np.percentile(frames, 95)))
            heaps.append(budgets.heap_of(page))
    cells += [_span(steps, 0) if steps else "no slider", _span(means, 1), _span(tails, 1)]
    cells += [_span(heaps, 1)]
    cells.append(_span([resident(browser, path, libraries) for _ in range(2)], 0))
    with opened(browser, path, libraries) as page:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        cells.append(str(len(found["violations"])))
    return cells


def _span(values: list[float], decimals: int) -> str:
    middle = f"{statistics.median(values):,.{decimals}f}"
    return f"{middle} ({min(values):,.{decimals}f} to {max(values):,.{decimals}f})"


NAMES = (
    "MB", "MB gzipped", "open to drawn, ms", f"the same, processor {SLOWER} times slower",
    "slider step to painted frame, ms", "pan: mean interval of frames, ms",
    "pan: 95th percentile, ms", "objects of the scripts, MB",
    "renderer at double density, MB", "violations found by axe", "writing: wall, s",
    "writing: processor, s", "requests offline", "complaints offline", "shown offline",
)  # fmt: skip


def beside(
    results: Results, browser: Browser, folder: Path, libraries: Path | None, runs: int
) -> None:
    """Print what our page and the usual maps weigh, take and show."""
    maps: list[tuple[str, Callable[[Path], object]]] = [
        ("`geo`, everything", lambda path: geo.EventMap(results).save(path, points="coarse")),
        *stock(results),
    ]
    columns = []
    for at, (_, build) in enumerate(maps):
        path = folder / f"beside-{at}.html"
        build(path)
        wall, used = budgets.timed(3, lambda build=build, path=path: build(path))  # type: ignore[misc]
        cells = (
            ["not run"] * (len(NAMES) - 5)
            if libraries is None
            else figures(browser, path, libraries, runs)
        )
        cells += [_span(wall, 1), _span(used, 1)]
        with budgets.opened(browser, path, wait=False) as watched:
            watched.page.wait_for_timeout(4_000)
            cells += [str(len(watched.requests)), str(len(watched.complaints))]
            cells.append(str(watched.page.evaluate(SHOWN)))
        columns.append(cells)
    print(f"\n| what | {' | '.join(name for name, _ in maps)} |")
    print(f"|---{'|---' * len(maps)}|")
    for name, *cells in zip(NAMES, *columns, strict=True):
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
