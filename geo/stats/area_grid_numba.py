"""The quick test of :mod:`geo.stats.area_grid`, compiled: same arithmetic, same answers.

Points are taken in batches that fit into the nearest cache, and each batch in passes: short ones
without a branch, which the compiler turns into instructions for many points at a time; and the
processor waits for the memory of many points together instead of one after another. Import this
module only where numba is installed.
"""

# ruff: noqa: ANN401  the compiler finds the types, and mypy does not follow it

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from geo.stats.area_grid import ASK, HEADER, LOOSE, AreaGrid, FloatArray, PlaceArray

_BATCH = 4_096
_LINE = np.int32(16)
"""Words that come from memory together."""

_SHARE = 65_536
"""Points for which another thread is worth waking."""

_TURNS = 4
"""Shares a thread takes, one after another, so that a slow one keeps no other waiting."""

_LOOSE = np.float64(LOOSE)
_ASK = np.int32(ASK)
_HEADER = np.int64(HEADER)


def look_up(
    grid: AreaGrid, lon: FloatArray, lat: FloatArray, found: PlaceArray, threads: int = 1
) -> bool:
    """Write into `found` what :func:`geo.stats.area_grid_numpy.look_up` would.

    Parameters
    ----------
    grid, lon, lat, found
        As there.
    threads
        Number of threads that share the points; the calling one is one of them.

    Returns
    -------
    bool
        As there.
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
    threads = min(threads, -(-len(lon) // _SHARE))
    if threads <= 1:
        return bool(_look_up(lon, lat, found, *fixed)[0])
    share = max(-(-len(lon) // (threads * _TURNS)), _SHARE)
    shares = iter([slice(start, start + share) for start in range(0, len(lon), share)])

    doubtful: list[int] = []

    def work() -> None:
        # Each takes the next share; the iterator hands none out twice.
        doubtful.extend(_look_up(lon[part], lat[part], found[part], *fixed)[0] for part in shares)

    _side_by_side(work, threads)
    return any(doubtful)


def _side_by_side(work: Callable[[], None], threads: int) -> None:
    """Let threads work, the calling one among them; what goes wrong in one is raised here.

    A pool of threads takes a quarter of a millisecond more, as long as 100,000 points.
    """
    errors: list[BaseException] = []

    def told() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 raised below, in the thread that asked
            errors.append(error)

    others = [threading.Thread(target=told, name="geo-look-up") for _ in range(threads - 1)]
    for other in others:
        other.start()
    told()
    for other in others:
        other.join()
    if errors:
        raise errors[0]


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
    shift, columns = np.int32(shift), np.int32(columns)
    last = np.int32((1 << shift) - 1)
    last_column = np.float64((columns << shift) - 1)
    last_row = np.float64((rows << shift) - 1)
    column = np.empty(_BATCH, np.int32)
    row = np.empty(_BATCH, np.int32)
    value = np.empty(_BATCH, np.int32)
    point = np.empty(_BATCH, np.int32)
    place = np.empty(_BATCH, np.int32)
    where = np.empty(_BATCH, np.int64)
    n_doubtful = 0
    touched = 0.0
    end = np.int32(records.size - 1)
    for begin in range(0, lon.size, _BATCH):
        # Each pass indexes a batch from 0: with `begin + k` the compiler would have to mind
        # numbers below 0, and would take one point at a time.
        size = min(_BATCH, lon.size - begin)
        x = lon[begin : begin + size]
        y = lat[begin : begin + size]
        answer = found[begin : begin + size]

        # The larger of 0 and what is no number is 0: the first block is empty.
        for k in range(size):
            c = (x[k] - west) * scale
            c = c if c > 0.0 else 0.0
            column[k] = np.int32(c if c < last_column else last_column)
        for k in range(size):
            r = (y[k] - south) * scale
            r = r if r > 0.0 else 0.0
            row[k] = np.int32(r if r < last_row else last_row)
        for k in range(size):
            value[k] = (row[k] >> shift) * columns + (column[k] >> shift)
        for k in range(size):
            value[k] = blocks[np.uint32(value[k])]
        for k in range(size):
            answer[k] = value[k] - np.int32(1)
        n_mixed = np.uint64(0)
        for k in range(size):
            point[n_mixed] = np.int32(k)
            n_mixed += np.uint64(value[k] < 0)

        for m in range(n_mixed):
            at = np.uint64(point[m])
            inner = ((row[at] & last) << shift) + (column[at] & last)
            where[m] = (np.int64(~value[at]) << np.int64(2 * shift)) + np.int64(inner)
        for m in range(n_mixed):
            place[m] = cells[np.uint64(where[m])]
        n_border = np.uint64(0)
        for m in range(n_mixed):
            at = np.uint64(point[m])
            cell = place[m]
            answer[at] = cell - 1
            point[n_border] = point[m]
            place[n_border] = first_border[np.uint64(~value[at])] + ~cell
            n_border += np.uint64(cell < 0)

        for m in range(n_border):
            place[m] = record_start[np.uint64(place[m])]
        # A record fills a line or two: both are asked for before one is waited for.
        for m in range(n_border):
            touched += record_floats[np.uint64(place[m])]
        for m in range(n_border):
            touched += record_floats[np.uint64(min(place[m] + _LINE, end))]
        for m in range(n_border):
            at = np.uint64(point[m])
            px = x[at] - (west + (column[at] + 0.5) * side)
            py = y[at] - (south + (row[at] + 0.5) * side)
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
                answer[at] = _ASK
                n_doubtful += 1
            elif held == 0:
                answer[at] = -1
            else:
                which = np.uint64(0)
                while held & 1 == 0:
                    held >>= 1
                    which += np.uint64(1)
                answer[at] = records[record + np.uint64(_HEADER) + which]
    return n_doubtful, touched
