"""The quick test of :mod:`geo.stats.area_grid`, compiled: same arithmetic, same answers.

Points are taken in batches that fit into the nearest cache, and each batch in passes, so that the
processor waits for the memory of many points at a time instead of one after another. Import this
module only where numba is installed.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def _look_up(  # type: ignore[no-untyped-def]  # noqa: ANN202, C901, PLR0913
    lon, lat, found, blocks, cells, first_border, record_start, records, record_bytes,  # noqa: ANN001
    record_floats, west, south, side, scale, shift, columns, rows,  # noqa: ANN001
):
    last = np.int32((1 << shift) - 1)
    n_lon, n_lat = np.float64(columns << shift), np.float64(rows << shift)
    point = np.empty(_BATCH, np.int32)
    place = np.empty(_BATCH, np.int32)
    inner = np.empty(_BATCH, np.int32)
    at = np.empty(_BATCH, np.int32)
    touched = 0.0
    for begin in range(0, lon.size, _BATCH):
        size = min(_BATCH, lon.size - begin)

        n_mixed = np.uint64(0)
        for j in range(size):
            column = (lon[begin + j] - west) * scale
            row = (lat[begin + j] - south) * scale
            inside = (column >= 0.0) & (row >= 0.0) & (column < n_lon) & (row < n_lat)
            c = np.int32(column if inside else 0.0)
            r = np.int32(row if inside else 0.0)
            value = blocks[np.uint64((r >> shift) * columns + (c >> shift))]
            value = value if inside else np.int32(0)
            found[begin + j] = value - 1
            point[n_mixed] = j
            place[n_mixed] = ~value
            inner[n_mixed] = ((r & last) << shift) + (c & last)
            n_mixed += np.uint64(value < 0)

        n_border = np.uint64(0)
        for k in range(np.int64(n_mixed)):
            j, block = point[np.uint64(k)], place[np.uint64(k)]
            value = np.int32(cells[np.uint64((np.int64(block) << (2 * shift)) + inner[np.uint64(k)])])
            found[begin + j] = value - 1
            point[n_border] = j
            place[n_border] = first_border[np.uint64(block)] + ~value
            n_border += np.uint64(value < 0)

        n = np.int64(n_border)
        for k in range(n):
            at[k] = record_start[np.uint64(place[np.uint64(k)])]
        for k in range(n):
            touched += record_floats[np.uint64(at[k])]
        for k in range(n):
            j = begin + point[np.uint64(k)]
            east, north = lon[j], lat[j]
            c = np.int32((east - west) * scale)
            r = np.int32((north - south) * scale)
            px = east - (west + (c + 0.5) * side)
            py = north - (south + (r + 0.5) * side)
            record = np.uint64(at[np.uint64(k)])
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
