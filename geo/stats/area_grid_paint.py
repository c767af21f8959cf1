"""Say of every cell of a grid which areas hold its middle."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.stats.area_edges import Spans, Touched, stretch
from geo.stats.area_grid import Frame, IntArray, PlaceArray

_STRIP = 4_000_000
"""Cells that are painted at a time."""

_COUNT_BITS = 20


class Painted(NamedTuple):
    """What every cell is, and the areas that hold the middles of border cells."""

    blocks: IntArray
    cells: IntArray
    shared: PlaceArray
    border: IntArray
    border_area: IntArray


def paint_cells(
    frame: Frame, spans: Spans, touched: Touched, block_at: IntArray, n_areas: int
) -> Painted:
    """Return what every block and every cell is, `block_at` being the blocks with border cells."""
    side = 1 << frame.shift
    blocks = np.zeros((frame.rows, frame.columns), dtype=np.int64)
    cells = np.zeros((len(block_at), side, side), dtype=np.int64)
    holders = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))]
    block_row, block_column = np.divmod(block_at, frame.columns)
    by_row = np.argsort(touched.row, kind="stable")
    row_in_order = touched.row[by_row]
    step = max(1, _STRIP // (frame.n_lon * side))
    for begin in range(0, frame.rows, step):
        end = min(begin + step, frame.rows)
        first, last = begin * side, end * side
        here = slice(*np.searchsorted(spans.row, (first, last)))
        strip = Spans(spans.row[here] - first, spans.area[here], spans.begin[here], spans.end[here])
        border = by_row[slice(*np.searchsorted(row_in_order, (first, last)))]
        at = (touched.row[border] - first) * frame.n_lon + touched.column[border]
        value, found = _paint_strip(strip, last - first, frame.n_lon, at)
        holders.append((border[found[0]], found[1]))
        image = value.reshape(end - begin, side, frame.columns, side)
        blocks[begin:end] = image[:, 0, :, 0]
        mixed = np.flatnonzero((begin <= block_row) & (block_row < end))
        cells[mixed] = image[block_row[mixed] - begin, :, block_column[mixed], :]
    shared = _name_shared(blocks, cells, n_areas)
    border, border_area = (np.concatenate(parts) for parts in zip(*holders, strict=True))
    return Painted(blocks.ravel(), cells.ravel(), shared, border, border_area)


def _paint_strip(
    spans: Spans, n_rows: int, n_columns: int, border: IntArray
) -> tuple[IntArray, tuple[IntArray, IntArray]]:
    """Return the value of all cells of some rows, and who holds the middles of border cells.

    The value is 0 outside, one more than the area where there is one, and below 0 where several
    areas hold the middle. Holders are pairs: a position in `border`, an area.
    """
    width = n_columns + 1
    begin, end = spans.row * width + spans.begin, spans.row * width + spans.end
    number = np.zeros(n_rows * width, dtype=np.int32)
    np.add.at(number, begin, 1)
    np.add.at(number, end, -1)
    total = np.zeros(n_rows * width, dtype=np.int64)
    np.add.at(total, begin, spans.area + 1)
    np.add.at(total, end, -spans.area - 1)
    number = np.cumsum(number, out=number).reshape(n_rows, width)[:, :-1].ravel()
    value = np.cumsum(total, out=total).reshape(n_rows, width)[:, :-1].ravel()

    single = np.flatnonzero(number[border] == 1)
    positions, areas = [single], [value[border[single]] - 1]
    if len(number) and number.max() > 1:
        which, at = stretch(np.arange(len(spans.row)), spans.begin, spans.end - 1)
        cell, area = spans.row[which] * n_columns + at, spans.area[which]
        several = number[cell] > 1
        cell, area = cell[several], area[several]
        position = np.full(len(value), -1, dtype=np.int64)
        position[border] = np.arange(len(border))
        at_border = position[cell] >= 0
        positions.append(position[cell[at_border]])
        areas.append(area[at_border])
        order = np.argsort(-area, kind="stable")  # the lowest is written last, and stays
        value[cell[order]] = -1 - (area[order] << _COUNT_BITS) - number[cell[order]]
    return value, (np.concatenate(positions), np.concatenate(areas))


def _name_shared(blocks: IntArray, cells: IntArray, n_areas: int) -> PlaceArray:
    """Return the kinds of cells that several areas hold, and number them in place."""
    codes = np.unique(np.concatenate([blocks[blocks < 0], cells[cells < 0]]))
    for values in (blocks, cells):
        several = values < 0
        values[several] = n_areas + 1 + np.searchsorted(codes, values[several])
    first, how_many = np.divmod(-1 - codes, 1 << _COUNT_BITS)
    return np.column_stack([first, how_many]).astype(np.int32)
