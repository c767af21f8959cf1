"""The legend of a picture: each class with its color, its name and its number of areas."""

from __future__ import annotations

from dataclasses import dataclass

from geo.render.chosen import Chosen
from geo.render.circles import BADGE, Clusters, number_size
from geo.render.palette import MISSING, NOT_ASKED, lightness
from geo.render.sheet import INK, LINE, MUTED, PAPER, Sheet, text_width, wrapped
from geo.render.wording import percent, whole
from geo.render.words import say

MISSING_HATCH, MISSING_INK = "/" * 7, "#98a2ab"
FEW_HATCH = "." * 5
PART_HATCH = "\\" * 5
LINED_HATCH = "-" * 4

_NAME, _ROW, _NOTE = 8.6, 15.5, 6.9
_SWATCH, _SWATCH_GAP = 24.0, 8.0
_WIDEST = 260.0
"""A row of a legend is no wider: a number far from its name is hard to follow."""


def few_ink(color: str) -> str:
    """Return the color of the dots of "few events": the class's own, darker, or lighter on dark.

    Examples
    --------
    >>> few_ink("#ffffff"), few_ink("#000000")
    ('#9e9e9e', '#999999')
    """
    share, toward = (0.6, 255) if lightness(color) < 55 else (0.38, 0)
    parts = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (toward - part) * share):02x}" for part in parts)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the legend; one with a `mark` has a circle in place of a color."""

    color: str
    name: str
    number: str
    hatch: str | None = None
    ink: str = INK
    mark: str | None = None
    dashed: bool = False


def rows_of(chosen: Chosen) -> list[tuple[str, int]]:
    """Return the names of the classes and their numbers of areas, as the legend lists them.

    The highest class comes first, then areas without one, and those of which nothing was asked;
    together they are all areas.
    """
    classes = reversed(list(zip(chosen.names, chosen.counts, strict=True)))
    outside = [(say(chosen.language, "reach.outside"), len(chosen.outside))]
    return [*classes, (chosen.missing, chosen.no_data), *(outside if chosen.outside else [])]


def _rows(chosen: Chosen) -> list[_Row]:
    if chosen.contours is not None:
        shares = zip(chosen.colors, chosen.names, chosen.contours.shares, strict=True)
        return [_Row(color, name, percent(share)) for color, name, share in shares][::-1]
    rows = []
    for at, color in enumerate(chosen.colors):
        lines = LINED_HATCH if at in chosen.lined else None
        number = whole(chosen.counts[at])
        rows.append(_Row(color, chosen.names[at], number, lines, few_ink(color)))
    missing = _Row(MISSING, chosen.missing, whole(chosen.no_data), MISSING_HATCH, MISSING_INK)
    outside = _Row(NOT_ASKED, say(chosen.language, "reach.outside"), whole(len(chosen.outside)))
    return [*reversed(rows), missing, *([outside] if chosen.outside else [])]


def _cluster_rows(clusters: Clusters) -> list[_Row]:
    """Return a row a cluster, and what a line with dashes says if there is any."""
    rows = [_Row(INK, one.name, one.times, mark=str(one.rank)) for one in clusters.circles]
    if all(one.is_now for one in clusters.circles):
        return rows
    now, other = (clusters.now, False), (clusters.other, True)
    return [*rows, *(_Row(INK, said, "", mark="", dashed=dashed) for said, dashed in (now, other))]


def height_of(chosen: Chosen, width: float) -> float:
    """Return how high the legend is in so wide a column, in points."""
    column, beside = _columns(width)
    classes = _head_height(chosen, column)
    classes += sum(_row_height(row, column) for row in _rows(chosen))
    classes += sum(_row_height(row, column) + _APART for row in _marks(chosen))
    notes = len(_notes(chosen, beside or column)) * _NOTE * 1.36
    return max(classes, notes + 4) if beside else classes + notes + 10


def draw(sheet: Sheet, chosen: Chosen, left: float, top: float, width: float) -> None:
    """Draw the legend; where there is room beside the classes, the notes stand there."""
    column, beside = _columns(width)
    begin = top
    top = sheet.lines(left, top, _title(chosen, column), 10, face="bold")
    top = sheet.lines(left, top + 1, _unit(chosen, column), 7.6, color=MUTED)
    areas = say(chosen.language, "static.areas" if chosen.contours is None else "static.land")
    sheet.text(left + column, top + 9, areas, 7.2, color=MUTED, align="right")
    top += 13
    for row in _rows(chosen):
        top = _draw_row(sheet, row, left, top, column)
    for row in _marks(chosen):
        top = _draw_row(sheet, row, left, top + _APART, column)
    notes = _notes(chosen, beside or column)
    place = (left + column + _BESIDE_GAP, begin) if beside else (left, top + 6)
    sheet.lines(*place, notes, _NOTE, leading=1.36, color=MUTED)


_BESIDE_GAP, _APART, _SECTION = 28.0, 5.0, 3.0


def clusters_height(clusters: Clusters, width: float) -> float:
    """Return how high the list of clusters is in so wide a block, in points."""
    rows = max(height for _, height in _parted(clusters, width)) if clusters.circles else 0.0
    notes = len(wrapped(clusters.note, width, _NOTE)) * _NOTE * 1.36
    return _NAME * 1.32 + _SECTION + rows + notes + 4


def draw_clusters(sheet: Sheet, clusters: Clusters, left: float, top: float, width: float) -> None:
    """List the clusters in as many columns as there is room for, with a note below."""
    sheet.text(left, top + _NAME, clusters.title, _NAME, face="bold")
    beside = text_width(clusters.title, _NAME, "bold") + 8
    sheet.text(left + beside, top + _NAME, clusters.unit, _NOTE, color=MUTED)
    top += _NAME * 1.32 + _SECTION
    below = top
    parts = _parted(clusters, width)
    column = _column(width)
    for at, (rows, height) in enumerate(parts):
        place = top
        for row in rows:
            place = _draw_row(sheet, row, left + at * (column + _BESIDE_GAP), place, column)
        below = max(below, top + height)
    sheet.lines(
        left, below + 4, wrapped(clusters.note, width, _NOTE), _NOTE, leading=1.36, color=MUTED
    )


def _column(width: float) -> float:
    """Return the width of a column of clusters."""
    number = max(1, int((width + _BESIDE_GAP) // (_WIDEST * 0.85 + _BESIDE_GAP)))
    return (width - (number - 1) * _BESIDE_GAP) / number


def _parted(clusters: Clusters, width: float) -> list[tuple[list[_Row], float]]:
    """Return the rows of each column of a list of clusters, and its height."""
    column = _column(width)
    rows = _cluster_rows(clusters)
    number = round((width + _BESIDE_GAP) / (column + _BESIDE_GAP))
    share = -(-len(rows) // number)
    parts = [rows[at : at + share] for at in range(0, len(rows), share)] if rows else []
    return [(part, sum(_row_height(row, column) for row in part)) for part in parts]


def _columns(width: float) -> tuple[float, float]:
    """Return the width of the classes, and that of the notes beside them (0: below)."""
    column = min(width, _WIDEST)
    beside = width - column - _BESIDE_GAP
    return (column, beside) if beside > 120 else (column, 0.0)


def _marks(chosen: Chosen) -> list[_Row]:
    """Return what lies over classes: few events, and areas asked for in part."""
    if not chosen.colors:
        return []
    color = chosen.colors[len(chosen.colors) // 2]
    marks = [
        ("legend.fewEvents", chosen.few, FEW_HATCH, chosen.marks_few),
        ("reach.part", chosen.part, PART_HATCH, bool(chosen.part)),
    ]
    return [
        _Row(color, say(chosen.language, key), whole(len(areas)), hatch, few_ink(color))
        for key, areas, hatch, is_shown in marks
        if is_shown
    ]


def _name_lines(row: _Row, width: float) -> list[str]:
    """Return the name of a class in the lines that it needs beside its color and its number."""
    room = width - _SWATCH - _SWATCH_GAP - text_width(row.number, _NAME) - 8
    return wrapped(row.name, room, _NAME)


def _row_height(row: _Row, width: float) -> float:
    return _ROW + (len(_name_lines(row, width)) - 1) * _NAME * 1.2


def _draw_row(sheet: Sheet, row: _Row, left: float, top: float, width: float) -> float:
    height = _ROW - 4.5
    if row.mark is None:
        sheet.rectangle(left, top, _SWATCH, height, row.color)
        if row.hatch:
            sheet.rectangle(left, top, _SWATCH, height, "none", hatch=row.hatch, edge=row.ink)
        sheet.rectangle(left, top, _SWATCH, height, "none", edge_width=0.5, edge="#8a949d")
    else:
        _draw_mark(sheet, row, left + _SWATCH / 2, top + height / 2)
    baseline = top + height / 2 + _NAME * 0.36
    for at, line in enumerate(_name_lines(row, width)):
        sheet.text(left + _SWATCH + _SWATCH_GAP, baseline + at * _NAME * 1.2, line, _NAME)
    sheet.text(left + width, baseline, row.number, _NAME, align="right")
    below = top + _row_height(row, width)
    sheet.rectangle(left, below - 2.2, width, 0.4, LINE)
    return below


def _draw_mark(sheet: Sheet, row: _Row, x: float, y: float) -> None:
    """Draw a number in a disc, or a ring, as they stand on the map."""
    if not row.mark:
        sheet.disc(x, y, BADGE, "none", edge=row.color, edge_width=1.4, dashed=row.dashed)
        return
    sheet.disc(x, y, BADGE, row.color)
    size = number_size(int(row.mark))
    sheet.text(x, y + size * 0.36, row.mark, size, face="bold", color=PAPER, align="center")


def _title(chosen: Chosen, width: float) -> list[str]:
    return wrapped(chosen.title, width, 10, "bold")


def _unit(chosen: Chosen, width: float) -> list[str]:
    return wrapped(chosen.unit, width, 7.6)


def _head_height(chosen: Chosen, width: float) -> float:
    lines = len(_title(chosen, width)) * 10 + len(_unit(chosen, width)) * 7.6
    return lines * 1.32 + 14


def _notes(chosen: Chosen, width: float) -> list[str]:
    return [line for note in chosen.notes for line in wrapped(note, width, _NOTE)]
