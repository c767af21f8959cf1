"""A sheet of paper to draw on: text that stays text, lines that fit, files without a clock.

The only file that knows matplotlib's settings. It is imported where something is drawn and not
before, because that takes longer than ``geo --help`` may. Places on a sheet are points (1/72 inch)
from its upper left corner.
"""

from __future__ import annotations

import contextlib
import functools
import io
import itertools
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import geo
from geo.errors import OutputError, SettingsError
from geo.render.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

Face: TypeAlias = Literal["normal", "bold", "italic"]
Color: TypeAlias = str

FORMATS = (".png", ".svg", ".pdf")
"""Endings of the files that a picture can be written to."""

DPI = 200
"""Dots per inch of a PNG."""

SMALLEST, LARGEST = 4.0, 60.0
"""Least and greatest side of a sheet, in inches."""

INK, MUTED, LINE = "#17212b", "#4a5560", "#dce2e7"
PAPER, SEA, LAND, COAST = "#ffffff", "#dbe6ee", "#f1eee7", "#c9c5bb"
ACCENT = "#1a5a8c"
MADE_UP, MADE_UP_INK = "#ffd34d", "#2b2100"

_LETTER = 0.56
"""Usual width of a letter or blank, as a share of the size of the type."""

_FILES = {"normal": "DejaVuSans", "bold": "DejaVuSans-Bold", "italic": "DejaVuSans-Oblique"}


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Draw with our own settings, whatever those of the user are, and give theirs back.

    Dollar signs are dollar signs; in SVG and PDF text is text that can be found and copied.
    """
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        **{name: value for name, value in mpl.rcParamsDefault.items() if name != "backend"},
        "font.family": ["DejaVu Sans"],
        "text.parse_math": False,
        "svg.fonttype": "none",
        "svg.hashsalt": "geo",
        "pdf.fonttype": 42,
        "hatch.linewidth": 0.7,
        "path.simplify": False,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # A character that the font lacks is drawn as a box; nothing else is wrong then.
        warnings.filterwarnings("ignore", message="(?s).*missing from")
        yield


@functools.cache
def _font_file(face: Face) -> str:
    import matplotlib as mpl

    return str(Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{_FILES[face]}.ttf")


def font(size: float, face: Face = "normal") -> FontProperties:
    """Return a face of DejaVu Sans, which comes with matplotlib: no other font is looked for."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        family="DejaVu Sans",
        weight="bold" if face == "bold" else "normal",
        style="italic" if face == "italic" else "normal",
        size=size,
        fname=_font_file(face),
    )


@functools.lru_cache(maxsize=20_000)
def text_width(text: str, size: float, face: Face = "normal") -> float:
    """Return how wide a text is, in points."""
    from matplotlib.ft2font import FT2Font, LoadFlags

    drawn = FT2Font(_font_file(face))
    drawn.set_size(100, 72)
    drawn.set_text(text, 0, flags=LoadFlags.NO_HINTING)
    return float(drawn.get_width_height()[0]) / 64 / 100 * size


def wrapped(text: str, width: float, size: float, face: Face = "normal") -> list[str]:
    """Return a text in lines that are no wider than `width` points.

    A word that is too long for a line is cut where it must be.
    """
    lines: list[str] = []
    words = text.split()
    while words:
        number = _fitting(words, width, size, face)
        if not number:
            *full, words[0] = _cut(words[0], width, size, face)
            lines += full
            number = max(_fitting(words, width, size, face), 1)
        lines.append(" ".join(words[:number]))
        words = words[number:]
    return lines


def _fitting(words: Sequence[str], width: float, size: float, face: Face) -> int:
    """Return how many of the first words fit into a line.

    Measuring is slow, so it begins where a line of letters of the usual width would end.
    """
    ends = itertools.accumulate(len(word) + 1 for word in words)
    number = sum(1 for _ in itertools.takewhile(lambda end: end * _LETTER * size <= width, ends))

    def fits(number: int) -> bool:
        return text_width(" ".join(words[:number]), size, face) <= width

    while number < len(words) and fits(number + 1):
        number += 1
    while number and not fits(number):
        number -= 1
    return number


def _cut(word: str, width: float, size: float, face: Face) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, face) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def shortened(text: str, width: float, size: float, face: Face = "normal") -> str:
    """Return a text that is no wider than `width` points, cut with a mark if it must be."""
    if text_width(text, size, face) <= width:
        return text
    while text and text_width(f"{text}…", size, face) > width:
        text = text[:-1]
    return f"{text}…"


class Sheet:
    """Paper of a fixed size, in points from the upper left corner.

    Parameters
    ----------
    width, height
        In points.
    """

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self.figure: Figure = Figure(figsize=(width / 72, height / 72), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Return axes that fill a rectangle."""
        box = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        return self.figure.add_axes(box)

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        *,
        face: Face = "normal",
        color: Color = INK,
        align: Literal["left", "center", "right"] = "left",
    ) -> None:
        """Write one line of text, as it is."""
        self.figure.text(
            x / self.width, 1 - baseline / self.height, text, color=color, ha=align,
            va="baseline", fontproperties=font(size, face), parse_math=False,
        )  # fmt: skip

    def rectangle(
        self,
        left: float,
        top: float,
        width: float,
        height: float,
        color: Color,
        *,
        edge: Color = "none",
        edge_width: float = 0,
        hatch: str | None = None,
    ) -> None:
        """Fill a rectangle; the color of a hatch is that of the edge."""
        from matplotlib.patches import Rectangle

        self.figure.add_artist(
            Rectangle(
                (left / self.width, 1 - (top + height) / self.height),
                width / self.width, height / self.height, transform=self.figure.transFigure,
                facecolor=color, edgecolor=edge, linewidth=edge_width, hatch=hatch,
            )
        )  # fmt: skip

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        color: Color,
        *,
        edge: Color = "none",
        edge_width: float = 0,
        dashed: bool = False,
    ) -> None:
        """Fill a circle around a point, or draw its edge."""
        from matplotlib.patches import Ellipse

        self.figure.add_artist(
            Ellipse(
                (x / self.width, 1 - y / self.height), 2 * radius / self.width,
                2 * radius / self.height, transform=self.figure.transFigure, facecolor=color,
                edgecolor=edge, linewidth=edge_width, linestyle=(0, (3.2, 2.4)) if dashed else "-",
            )
        )  # fmt: skip

    def stroke(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: Color,
        width: float,
        *,
        dashes: Literal["solid", "dashed", "dotted"] = "solid",
    ) -> None:
        """Draw a line from a point to another; what is filled later lies over it."""
        from matplotlib.lines import Line2D

        self.figure.add_artist(
            Line2D(
                [start[0] / self.width, end[0] / self.width],
                [1 - start[1] / self.height, 1 - end[1] / self.height],
                transform=self.figure.transFigure, color=color, linewidth=width,
                linestyle=dashes, solid_capstyle="butt", zorder=1,
            )
        )  # fmt: skip

    def lines(
        self,
        x: float,
        top: float,
        lines: Sequence[str],
        size: float,
        *,
        leading: float = 1.32,
        face: Face = "normal",
        color: Color = INK,
    ) -> float:
        """Write lines below one another; return where the next would begin."""
        for line in lines:
            self.text(x, top + size * 0.95, line, size, face=face, color=color)
            top += size * leading
        return top

    def save(self, path: str | os.PathLike[str], *, title: str) -> Path:
        """Write the sheet; the ending of the path says how. The same sheet gives the same bytes.

        Raises
        ------
        OutputError
            An ending that is not known, or a place that cannot be written.
        """
        kind = check_ending(path)
        stream = io.BytesIO()
        made_by = f"geo {geo.__version__}"
        metadata: dict[str, dict[str, str | None]] = {
            "png": {"Software": made_by, "Title": title},
            "svg": {"Creator": made_by, "Date": None, "Title": title},
            "pdf": {"Creator": made_by, "Producer": None, "CreationDate": None, "Title": title},
        }
        self.figure.savefig(stream, format=kind, dpi=DPI, facecolor=PAPER, metadata=metadata[kind])
        written = stream.getvalue()
        return write_whole(path, _shorter(written) if kind == "svg" else written)


_OUTLINE = re.compile(rb'<path[^>]* d="[^"]*"')
_DIGITS = re.compile(rb"(\.\d\d)\d+")


def _shorter(svg: bytes) -> bytes:
    """Return a drawing whose outlines have two decimals of a point; half the size, same look."""
    return _OUTLINE.sub(lambda outline: _DIGITS.sub(rb"\1", outline[0]), svg)


def check_ending(path: str | os.PathLike[str]) -> str:
    """Return the kind of picture that a path asks for: ``png``, ``svg`` or ``pdf``.

    Raises
    ------
    OutputError
        The ending is another.

    Examples
    --------
    >>> check_ending("map.PNG")
    'png'
    """
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise OutputError(
            f"{Path(path).name} must end in {', '.join(FORMATS)}, so that it is known what to draw"
        )
    return ending[1:]


def check_size(size: tuple[float, float]) -> tuple[float, float]:
    """Return the sides of a sheet in points, from inches.

    Raises
    ------
    SettingsError
        The sides are no two numbers between :data:`SMALLEST` and :data:`LARGEST`.

    Examples
    --------
    >>> check_size((10, 7.5))
    (720.0, 540.0)
    """
    if len(size) != 2 or not all(SMALLEST <= side <= LARGEST for side in size):
        raise SettingsError(
            f"size={size!r}: give width and height of the picture in inches, each between "
            f"{SMALLEST:g} and {LARGEST:g}"
        )
    return float(size[0]) * 72, float(size[1]) * 72
