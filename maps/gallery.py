"""Draw the pictures of `maps/gallery` from the made-up sample and from a study of UCDP GED.

Run as ``python maps/gallery.py [--ucdp FILE --accessed DAY]`` or ``make gallery [UCDP=FILE
ACCESSED=DAY]``, with Chromium on the machine. Every picture of a map is what the page itself
shows at an address that anybody can type; the network is off. Without the file of UCDP its
pictures stay as they are.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import geo
from geo.errors import DataWarning

HERE = Path(__file__).resolve().parent
MOST_BYTES = 250_000

DESK = {"viewport": {"width": 1400, "height": 1060}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
FLAGS = ["--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the map it is of, the address it is taken at, and the screen."""

    name: str
    of: str
    address: str
    device: dict[str, Any]


YEARS = "at=2024-12&window=12"
SHOTS = (
    Shot("sample-rate", "sample", f"level=municipality&measure=smoothed&{YEARS}", DESK),
    Shot("sample-rate-es", "sample", f"level=municipality&measure=smoothed&{YEARS}&lang=es", DESK),
    Shot(
        "sample-panel",
        "sample",
        f"level=municipality&measure=smoothed&{YEARS}&area=25006&view=24.6,-107.2,7",
        DESK,
    ),
    Shot(
        "sample-compare",
        "sample",
        f"level=municipality&measure=rate&{YEARS}&compare=2023-12&view=24.4,-106.7,7",
        DESK,
    ),
    Shot(
        "sample-hotspots",
        "sample",
        f"level=municipality&measure=hotspots&{YEARS}&layers=layerScan",
        DESK,
    ),
    Shot(
        "sample-density", "sample", f"level=state&measure=count&{YEARS}&layers=layerDensity", DESK
    ),
    Shot(
        "sample-phone-es",
        "sample",
        f"level=state&measure=rate&{YEARS}&layers=layerPoints&lang=es",
        PHONE,
    ),
    Shot(
        "ucdp-change",
        "ucdp",
        "level=state&measure=change&at=2023-12&window=12&area=11",
        DESK,
    ),
)


GRAPHS = {"sample-series": "en", "sample-series-es": "es"}
"""The months of the sample's focus, drawn without a browser."""


def study_sample() -> geo.Results:
    """Return the study of the made-up sample, with every layer."""
    return geo.run_study(
        "sample", base="2023", comparison="2024", focus="Sinaloa", event_date="2024-09-09",
        transition_from="2024-07-25", layers=["emerging", "scan", "density"], points="coarse",
    )  # fmt: skip


def draw_ucdp(folder: Path, events: Path, accessed: str | None) -> Path:
    """Draw the map of a study of organized violence in Guanajuato."""
    results = geo.run_study(
        str(events), base="2022", comparison="2023", focus="Guanajuato",
        filters={"since": "2018-01-01"},
        accessed=accessed, permutations=999,
    )  # fmt: skip
    return geo.EventMap(results).save(folder / "ucdp.html")


def take(browser: Browser, page_file: Path, shot: Shot) -> bytes:
    """Return what the page shows, as a PNG of at most 256 colors; nothing may be fetched."""
    context = browser.new_context(
        offline=True, locale="en-US", timezone_id="UTC", reduced_motion="reduce", **shot.device
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{page_file.as_uri()}#{shot.address}")
    page.wait_for_selector('[data-ready="1"]')
    # The view of the address is reached, and labels are placed, some frames after the page is
    # ready; two pictures that are alike say that it has come to rest.
    before, picture = b"", page.screenshot()
    while picture != before:
        page.wait_for_timeout(300)
        before, picture = picture, page.screenshot()
    context.close()
    if complaints:
        raise SystemExit(f"{shot.name}: the page complained: {'; '.join(complaints)}")
    return packed(picture)


def packed(png: bytes) -> bytes:
    """Return a picture in its 256 most frequent colors, so that those of a legend stay exact.

    Others, of the edges of letters and lines, become the nearest of them.
    """
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    whole = image.astype(np.int64) @ (65536, 256, 1)
    colors, at, count = np.unique(whole, return_inverse=True, return_counts=True)
    kept = colors[np.argsort(-count, kind="stable")[:256]]
    spread = [np.stack([c >> 16, c >> 8 & 255, c & 255], axis=1) for c in (colors, kept)]
    apart = ((spread[0][:, None, :] - spread[1][None, :, :]) ** 2).sum(axis=2)
    few = Image.fromarray(apart.argmin(axis=1)[at].reshape(whole.shape).astype(np.uint8), "P")
    few.putpalette(spread[1].astype(np.uint8).tobytes())
    out = io.BytesIO()
    few.save(out, "png", optimize=True)
    return out.getvalue()


def keep(name: str, picture: bytes) -> None:
    """Write a picture into the gallery, unless it is too large to be kept."""
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{name}.png has {len(picture):,} bytes, over {MOST_BYTES:,}")
    (HERE / "gallery" / f"{name}.png").write_bytes(picture)
    print(f"{name}.png: {len(picture):,} bytes")


def main() -> None:
    """Draw the maps, take the pictures, and say which were not taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ucdp", type=Path, help="UCDP GED as a CSV file")
    parser.add_argument("--accessed", help="day on which it was downloaded, as 2025-01-15")
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no chromium on this machine; the gallery needs it")
    warnings.simplefilter("ignore", DataWarning)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        sample = study_sample()
        pages = {"sample": geo.EventMap(sample).save(folder / "sample.html")}
        for graph, language in GRAPHS.items():
            drawn = geo.draw_series(sample, folder / f"{graph}.png", lang=language)
            keep(graph, packed(drawn.read_bytes()))
        if given.ucdp is not None:
            pages["ucdp"] = draw_ucdp(folder, given.ucdp, given.accessed)
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        for shot in SHOTS:
            if shot.of not in pages:
                print(
                    f"NOT TAKEN: {shot.name}.png; say make gallery UCDP=ged.csv ACCESSED=DAY",
                    file=sys.stderr,
                )
                continue
            keep(shot.name, take(browser, pages[shot.of], shot))
        browser.close()


if __name__ == "__main__":
    main()
