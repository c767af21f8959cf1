"""The quick test of :mod:`geo.stats.area_grid`, compiled: same arithmetic, same answers.

Points are taken in batches that fit into the nearest cache, and each batch in passes, so that the
processor waits for the memory of many points at a time instead of one after another. Import this
module only where numba is installed.
"""

# ruff: noqa: ANN401  the compiler finds the types, and mypy does not follow it

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np

from geo.stats.area_grid import ASK, HEADER, LOOSE, AreaGrid, FloatArray, PlaceArray

_BATCH = 4_096
_SHARE = 65_536
_LOOSE = np.float64(LOOSE)
_ASK = np.int32(ASK)
_HEADER = np.int64(HEADER)


def look_up(
    grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray, threads: int = 1
) -> None:
    """Write into `found` what :func:`geo.stats.area_grid.look_up` would.

    Parameters
    ----------
    grid, lon, lat, found
        As there.
    threads
        Number of threads that share the points.
    """
    frame = grid.shape
    fixed = (
        grid.blocks,
        grid.cells,
        grid.first_border,
        grid.record_start,
        grid.records,
        grid.records.view(np.uint8),
        grid.records.view(np.float32),
        frame.west,
        frame.south,
        frame.side,
        frame.scale,
        frame.shift,
        frame.columns,
        frame.rows,
    )
    if threads == 1 or len(lon) <= _SHARE:
        _look_up(lon, lat, found, *fixed)
        return
    parts = [slice(start, start + _SHARE) for start in range(0, len(lon), _SHARE)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda part: _look_up(lon[part], lat[part], found[part], *fixed), parts):
            pass


# No fastmath: the error bounds hold for arithmetic as written.
@numba.njit(nogil=True, cache=True)
def _look_up(  # noqa: C901, PLR0913
    lon: Any,
    lat: Any,
    found: Any,
    blocks: Any,
    cells: Any,
    first_border: Any,
    record_start: Any,
    records: Any,
    record_bytes: Any,
    record_floats: Any,
    west: Any,
    south: Any,
    side: Any,
    scale: Any,
    shift: Any,
    columns: Any,
    rows: Any,
) -> Any:
    last = np.int32((1 << shift) - 1)
    last_column = np.float64((columns << shift) - 1)
    last_row = np.float64((rows << shift) - 1)
    point = np.empty(_BATCH, np.int32)
    place = np.empty(_BATCH, np.int32)
    inner = np.empty(_BATCH, np.int32)
    touched = 0.0
    for batch in range(0, lon.size, _BATCH):
        begin = np.uint64(batch)
        size = min(_BATCH, lon.size - batch)

        n_mixed = np.uint64(0)
        for k in range(size):
            j = begin + np.uint64(k)
            column = (lon[j] - west) * scale
            row = (lat[j] - south) * scale
            # The larger of 0 and what is no number is 0: the first block is empty.
            column = column if column > 0.0 else 0.0
            row = row if row > 0.0 else 0.0
            c = np.int32(column if column < last_column else last_column)
            r = np.int32(row if row < last_row else last_row)
            value = blocks[np.uint64((r >> shift) * columns + (c >> shift))]
            found[j] = value - 1
            point[n_mixed] = k
            place[n_mixed] = ~value
            inner[n_mixed] = ((r & last) << shift) + (c & last)
            n_mixed += np.uint64(value < 0)

        n_border = np.uint64(0)
        for m in range(n_mixed):
            k, block = point[m], place[m]
            cell = (np.uint64(block) << np.uint64(2 * shift)) + np.uint64(inner[m])
            value = np.int32(cells[cell])
            found[begin + np.uint64(k)] = value - 1
            point[n_border] = k
            place[n_border] = first_border[np.uint64(block)] + ~value
            n_border += np.uint64(value < 0)

        for m in range(n_border):
            place[m] = record_start[np.uint64(place[m])]
        for m in range(n_border):
            touched += record_floats[np.uint64(place[m])]
        for m in range(n_border):
            j = begin + np.uint64(point[m])
            east, north = lon[j], lat[j]
            c = np.int32((east - west) * scale)
            r = np.int32((north - south) * scale)
            px = east - (west + (c + 0.5) * side)
            py = north - (south + (r + 0.5) * side)
            record = np.uint64(place[m])
            n_edges = np.uint64(records[record])
            head = records[record + np.uint64(1)]
            held = head & np.int32(255)
            doubtful = (head >> 8) & 1 != 0
            bits_at = record + np.uint64(_HEADER + (head >> 16))
            edge = bits_at + ((n_edges + np.uint64(3)) >> np.uint64(2))
            bits_at = bits_at << np.uint64(2)
            if doubtful:
                n_edges = np.uint64(0)
            for e in range(n_edges):
                ax = np.float64(record_floats[edge])
                ay = np.float64(record_floats[edge + np.uint64(1)])
                bx = np.float64(record_floats[edge + np.uint64(2)])
                by = np.float64(record_floats[edge + np.uint64(3)])
                nearest = min(
                    min(ax * py - ay * px, px * by - py * bx),
                    (by - ay) * (px - ax) - (bx - ax) * (py - ay),
                )
                length = abs(ax) + abs(ay)
                doubt = _LOOSE * (length + abs(bx) + abs(by)) * (side + length)
                bits = np.int32(record_bytes[bits_at + np.uint64(e)])
                held ^= bits if nearest > doubt else np.int32(0)
                doubtful |= abs(nearest) <= doubt
                edge += np.uint64(4)
            if doubtful or held & (held - 1) != 0:
                found[j] = _ASK
            elif held == 0:
                found[j] = -1
            else:
                which = np.uint64(0)
                while held & 1 == 0:
                    held >>= 1
                    which += np.uint64(1)
                found[j] = records[record + np.uint64(_HEADER) + which]
    return touched
