"""A small picture of the map: for a notebook, and for a page whose scripts are off.

It shows what the page shows first. Colors are few, so the file is, too.
"""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geo.render import legend, wording
from geo.render.choosing import choose
from geo.render.chosen import Chosen, first_choice
from geo.render.country import draw_country
from geo.render.ground import Ground
from geo.render.mapdata import MapData
from geo.render.palette import MISSING, NOT_ASKED
from geo.render.sheet import (
    INK,
    LAND,
    MADE_UP,
    MADE_UP_INK,
    MUTED,
    PAPER,
    SEA,
    Sheet,
    drawing,
    wrapped,
)
from geo.render.text import Language, clean
from geo.render.words import say

WIDTH, MAP_HEIGHT = 436.0, 178.0
"""Width of the picture and height of the map in it, in points (of which a pixel has 0.8)."""

_PIXELS = 92
_GROUND = (SEA, LAND, PAPER, INK, MUTED, MADE_UP, MADE_UP_INK, MISSING)
_BETWEEN = (
    (PAPER, INK, 0.33),
    (PAPER, INK, 0.66),
    (MADE_UP, MADE_UP_INK, 0.5),
    (SEA, MUTED, 0.5),
    (LAND, MUTED, 0.5),
)
"""Colors of the edges of letters: a ground, an ink and the share of the ink."""

_EDGE, _LEGEND, _GAP = 8.0, 158.0, 10.0
_HEADING, _BAND = 10.0, 7.5


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture as PNG, its size in pixels, and what it shows in words."""

    png: bytes
    width: int
    height: int
    heading: str

    @property
    def address(self) -> str:
        """The picture as an address that holds it."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode('ascii')}"


@functools.lru_cache(maxsize=4)
def make_preview(data: MapData, ground: Ground, language: Language) -> Preview:
    """Draw the map small, as the page shows it first.

    The same map gives the same bytes; it is drawn once for a page, its plain form and a notebook.

    Raises
    ------
    SettingsError
        The description has no level or no measure that could be drawn.
    """
    level, measure = first_choice(data, None, None)
    chosen = choose(data, level, measure, language, ground.codes(level))
    heading = wording.one_line(clean(chosen.heading))
    with drawing():
        sheet = _drawn(data, ground, chosen, heading, language)
        png, width, height = _few_colors(sheet, _colors_of(chosen))
    return Preview(png, width, height, heading)


def _drawn(
    data: MapData, ground: Ground, chosen: Chosen, heading: str, language: Language
) -> Sheet:
    inside = WIDTH - 2 * _EDGE
    said = wrapped(say(language, "madeUp.long"), inside, _BAND, "bold") if data.made_up else []
    band = len(said) * _BAND * 1.32 + 7 if said else 0.0
    title = wrapped(heading, inside, _HEADING, "bold")[:2]
    top = band + _EDGE + len(title) * _HEADING * 1.32 + 4
    legend_height = legend.height_of(chosen, _LEGEND)
    sheet = Sheet(WIDTH, top + max(MAP_HEIGHT, legend_height) + _EDGE)
    if said:
        sheet.rectangle(0, 0, WIDTH, band, MADE_UP)
        sheet.lines(_EDGE, 3.5, said, _BAND, face="bold", color=MADE_UP_INK)
    sheet.lines(_EDGE, band + _EDGE, title, _HEADING, face="bold")
    width = inside - _LEGEND - _GAP
    draw_country(
        sheet.axes(_EDGE, top, width, MAP_HEIGHT), ground, chosen, language, width, MAP_HEIGHT
    )
    legend.draw(sheet, chosen, _EDGE + width + _GAP, top, _LEGEND)
    return sheet


def _colors_of(chosen: Chosen) -> list[str]:
    """Return the colors of the picture: classes, their dots, ground, inks and edges of letters."""
    marked = chosen.few or chosen.part
    dots = [legend.few_ink(color) for color in chosen.colors] if marked else []
    dots += [NOT_ASKED] if chosen.outside else []
    edges = [_mixed(*between) for between in _BETWEEN]
    return list(dict.fromkeys([*chosen.colors, *_GROUND, legend.MISSING_INK, *dots, *edges]))


def _mixed(ground: str, ink: str, share: float) -> str:
    below, above = (bytes.fromhex(color.removeprefix("#")) for color in (ground, ink))
    parts = (round(b + share * (a - b)) for b, a in zip(below, above, strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _few_colors(sheet: Sheet, exact: Iterable[str]) -> tuple[bytes, int, int]:
    """Return a sheet as a PNG that has only the `exact` colors, and its size.

    A class so has the color of its legend; any other color becomes the nearest of them.
    """
    from PIL import Image

    stream = io.BytesIO()
    sheet.figure.savefig(stream, format="png", dpi=_PIXELS, metadata={"Software": None})
    with Image.open(io.BytesIO(stream.getvalue())) as drawn:
        image = drawn.convert("RGB")
    palette = np.array([list(bytes.fromhex(color.removeprefix("#"))) for color in exact])
    pixels = np.asarray(image, dtype=np.int64).reshape(-1, 3)
    codes, at = np.unique(pixels @ (65536, 256, 1), return_inverse=True)
    colors = np.column_stack([codes >> 16, codes >> 8 & 255, codes & 255])
    far = ((colors[:, None] - palette[None]) ** 2).sum(axis=2)
    nearest = far.argmin(axis=1)[at].astype(np.uint8).reshape(image.height, image.width)
    few = Image.fromarray(nearest, mode="P")
    few.putpalette(palette.astype(np.uint8).tobytes())
    written = io.BytesIO()
    few.save(written, format="PNG", optimize=True)
    return written.getvalue(), few.width, few.height
