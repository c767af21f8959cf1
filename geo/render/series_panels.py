"""The panels of a series graph: stacked bars, and those of events that targeted civilians."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geo.periods import Window
from geo.render import wording
from geo.render.palette import CATEGORIES
from geo.render.sheet import LINE, MUTED, PAPER, Sheet, font
from geo.render.text import Language
from geo.render.words import say
from geo.study.graphing import MonthlySeries

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

TARGETED, BASE, COMPARISON = "#7a1f3d", "#3f6486", "#8f6414"
STRIP, STRIP_NAME = 56.0, 24.0
"""Height of the lower panel and of its name, in points."""

_AXIS, _NAME, _BAR = 7.4, 8.0, 0.84
_MOST_NAMED = 48
"""With more months than this, only years are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where the panels stand on the sheet, and where a day stands in them."""

    sheet: Sheet
    left: float
    top: float
    width: float
    bottom: float
    months: tuple[str, ...]

    def x(self, place: float) -> float:
        """Return where a place among the months is on the sheet."""
        return self.left + self.width * place / len(self.months)


def draw_panels(plot: Plot, series: MonthlySeries, language: Language, strip: float) -> None:
    """Draw the bars and, where `strip` has a height, the panel below them."""
    sheet, height = plot.sheet, plot.bottom - plot.top - strip
    bars = sheet.axes(plot.left, plot.top, plot.width, height)
    _prepare(bars, series, named=not strip)
    _draw_stack(bars, series, language)
    sheet.text(plot.left - 5, plot.top - 5, say(language, "graph.axis"), _AXIS, color=MUTED,
               align="right")  # fmt: skip
    _scale_counts(bars, series.counts.sum(axis=1), 5)
    if not strip:
        return
    below = sheet.axes(plot.left, plot.bottom - STRIP, plot.width, STRIP)
    _prepare(below, series, named=True)
    _draw_bars(below, series, series.targeted, np.zeros(len(series.months)), TARGETED)
    _scale_counts(below, series.targeted, 2)
    sheet.text(
        plot.left, plot.bottom - STRIP - 6, say(language, "graph.targeted"), _NAME, face="bold",
        color=TARGETED,
    )  # fmt: skip


def _prepare(axes: Axes, series: MonthlySeries, *, named: bool) -> None:
    """Set months, grid and the shade of the windows; months are named under the lowest panel."""
    number = len(series.months)
    axes.set_xlim(0, number)
    axes.set_facecolor("none")
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set(color="#8a949d", linewidth=0.8)
    axes.tick_params(axis="both", length=0, pad=4)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_xticks([])
    for window, color in windows_of(series):
        first, last = span_of(window, series.months)
        axes.axvspan(first, last, color=color, alpha=0.1, linewidth=0, zorder=0)
    years = [at for at, month in enumerate(series.months) if at and month.endswith("-01")]
    for at in years:
        axes.axvline(at, color="#c3ccd3", linewidth=0.6, zorder=0.5)
    if named:
        _name_months(axes, series.months)


def _name_months(axes: Axes, months: Sequence[str]) -> None:
    from matplotlib.transforms import ScaledTranslation

    figure = axes.figure
    few = len(months) <= _MOST_NAMED

    def write(place: float, down: float, text: str, size: float) -> None:
        shift = ScaledTranslation(0, -down / 72, figure.dpi_scale_trans)
        axes.text(
            place, 0, text, transform=axes.get_xaxis_transform() + shift, ha="center",
            va="baseline", color=MUTED, fontproperties=font(size), parse_math=False,
        )  # fmt: skip

    if few:
        for at, month in enumerate(months):
            write(at + 0.5, 10, str(int(month[5:7])), 6.4)
    years = sorted({month[:4] for month in months})
    for year in years:
        places = [at for at, month in enumerate(months) if month.startswith(year)]
        if len(places) >= (2 if few else 5):
            write((places[0] + places[-1] + 1) / 2, 20 if few else 12, year, 7.8)


def _draw_stack(axes: Axes, series: MonthlySeries, language: Language) -> None:
    bottom = np.zeros(len(series.months))
    for at in range(len(series.names)):
        counts = series.counts[:, at]
        _draw_bars(axes, series, counts, bottom, CATEGORIES[at])
        bottom = bottom + counts
    if not bottom.any():
        axes.text(
            0.5, 0.5, say(language, "graph.none"), transform=axes.transAxes, ha="center",
            va="center", color=MUTED, fontproperties=font(11), parse_math=False,
        )  # fmt: skip


def _draw_bars(
    axes: Axes, series: MonthlySeries, counts: IntArray, bottom: FloatArray, color: str
) -> None:
    """Draw bars, hollow where the data do not cover the month."""
    place = np.arange(len(series.months)) + 0.5
    seam = 0.5 if len(series.months) <= 60 else 0.25
    for whole, face, edge, width in (
        (True, color, PAPER, seam),
        (False, PAPER, color, 0.9),
    ):
        shown = (series.complete == whole) & (counts > 0)
        if shown.any():
            axes.bar(
                place[shown], counts[shown], _BAR, bottom[shown], color=face, edgecolor=edge,
                linewidth=width,
            )  # fmt: skip


def _scale_counts(axes: Axes, counts: IntArray, ticks: int) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_ylim(0, max(1, int(counts.max(initial=0))) * 1.06)
    axes.yaxis.set_major_locator(MaxNLocator(ticks, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.whole(value)))
    for text in axes.get_yticklabels():
        text.set(fontproperties=font(_AXIS), color=MUTED)


def windows_of(series: MonthlySeries) -> list[tuple[Window, str]]:
    """Return the windows that lie within the months, with their colors."""
    if series.windows is None:
        return []
    known = zip(series.windows, (BASE, COMPARISON), strict=True)
    return [(w, color) for w, color in known if np.diff(span_of(w, series.months))[0] > 0]


def span_of(window: Window, months: Sequence[str]) -> tuple[float, float]:
    """Return where a window begins and ends among the months, cut at theirs."""
    first, last = (
        min(max(wording.day_place(one.date(), months), 0.0), float(len(months)))
        for one in (window.start, window.end)
    )
    return first, last
