"""Grids of areas that are ready to be asked, kept in the user's cache folder.

A file holds arrays and nothing that could run. It is used only if its version, its key and the
SHA-256 of its content are what they must be; otherwise the grid is made anew, and a warning says
so. Files are mapped into memory: processes of one machine share them.

The folder is the user's cache folder of the system, or ``GEO_CACHE_DIR``. Where it cannot be
written, the grid is made for the process alone.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import mmap
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import platformdirs
import shapely

from geo.errors import DataWarning
from geo.sources import boundaries, shipped
from geo.sources.arcs import Arcs
from geo.stats.area_grid import AreaGrid, FloatArray, IntArray
from geo.stats.area_grid_build import build_area_grid

VERSION = 1
"""Of the arrays and of what they mean; another one is made anew."""

_MAGIC = b"geo area grid\n"
_ALIGN = 64
_KEPT = 8
_PIECE = 2**20


_REMEMBERED = 4
_READY: dict[str, AreaGrid] = {}
"""The grids of this process, by key, the oldest first."""


class _UnusableError(Exception):
    """A file that must not be used; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """Areas as rings in degrees, and a key that is theirs alone.

    ``ring_start`` has one entry more than there are rings; ``ring_area`` is the place of the area
    of each ring in the order of the codes.
    """

    lon: FloatArray
    lat: FloatArray
    ring_start: IntArray
    ring_area: IntArray
    n_areas: int

    @classmethod
    def of(cls, shapes: npt.NDArray[np.object_]) -> Rings:
        """Return the rings of polygons and multipolygons, in the order of their codes.

        Examples
        --------
        >>> rings = Rings.of(np.array([shapely.box(0, 0, 1, 1)]))
        >>> rings.ring_start.tolist(), rings.ring_area.tolist()
        ([0, 5], [0])
        """
        parts, area = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        vertices, ring = shapely.get_coordinates(rings, return_index=True)
        start = np.searchsorted(ring, np.arange(len(rings) + 1))
        return cls(
            np.ascontiguousarray(vertices[:, 0]),
            np.ascontiguousarray(vertices[:, 1]),
            start.astype(np.int64),
            area[part].astype(np.int64),
            len(shapes),
        )

    @classmethod
    def of_arcs(cls, arcs: Arcs) -> Rings:
        """Return the rings of areas that are stored as arcs.

        Examples
        --------
        >>> from geo.sources.arcs import toy_arcs
        >>> Rings.of_arcs(toy_arcs()).lon.tolist()
        [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0]
        """
        vertices, ring = arcs.ring_vertices()
        begin = np.searchsorted(ring, np.arange(arcs.n_rings + 1))
        closed = np.insert(vertices, begin[1:], vertices[begin[:-1]])
        start = begin + np.arange(arcs.n_rings + 1)
        return cls(arcs.lon[closed], arcs.lat[closed], start, arcs.ring_area, len(arcs.codes))

    def key(self) -> str:
        """Return a fingerprint: other areas, or the same in another order, have another."""
        digest = hashlib.sha256(str(self.n_areas).encode())
        for array in (self.lon, self.lat, self.ring_start, self.ring_area):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def grid(self) -> AreaGrid:
        """Return the grid of the areas, made now."""
        return build_area_grid(self.lon, self.lat, self.ring_start, self.ring_area, self.n_areas)


def ready_shipped_grid() -> AreaGrid | None:
    """Return the grid of the shipped municipalities, None where it would have to be made."""
    key = _shipped_key()
    if key not in _READY and (kept := kept_grid(key)) is not None:
        _remember(key, kept)
    return _READY.get(key)


def shipped_grid() -> AreaGrid:
    """Return the grid of the shipped municipalities; making it takes some seconds, once."""
    grid = ready_shipped_grid()
    if grid is None:
        grid = Rings.of_arcs(boundaries.load_arcs("full")).grid()
        keep_grid(_shipped_key(), grid)
        _remember(_shipped_key(), grid)
    return grid


def is_shipped(rings: Rings) -> bool:
    """Return whether these are the shipped municipalities, in their order."""
    ours = boundaries.area_codes("municipality")
    if rings.n_areas != len(ours):
        return False
    return rings.key() == Rings.of_arcs(boundaries.load_arcs("full")).key()


def grid_of(rings: Rings, *, keep: bool, check: Callable[[AreaGrid], None]) -> AreaGrid:
    """Return the grid of areas: from this process, from its file, or made now.

    Parameters
    ----------
    rings
        The areas.
    keep
        Whether the grid is kept in a file.
    check
        Called with a grid that was made now, before it is kept; what it raises is raised.
    """
    key = rings.key()
    if key not in _READY:
        grid = kept_grid(key) if keep else None
        if grid is None:
            grid = rings.grid()
            check(grid)
            if keep:
                keep_grid(key, grid)
        _remember(key, grid)
    return _READY[key]


def _remember(key: str, grid: AreaGrid) -> None:
    while len(_READY) >= _REMEMBERED:
        _READY.pop(next(iter(_READY)))
    _READY[key] = grid


@functools.cache
def _shipped_key() -> str:
    stored = shipped.path(boundaries.ARC_FILES["full"]).read_bytes()
    return hashlib.sha256(b"the municipalities of " + stored).hexdigest()


def folder() -> Path:
    """Return the folder of the files, which need not exist."""
    return Path(os.environ.get("GEO_CACHE_DIR") or platformdirs.user_cache_path("geo"))


def path(key: str) -> Path:
    """Return where the grid of a key is kept."""
    return folder() / f"areas-v{VERSION}-{key[:32]}.grid"


def kept_grid(key: str) -> AreaGrid | None:
    """Return the grid of a key from its file; None where there is none that may be used.

    Warns
    -----
    DataWarning
        If there is a file that is damaged or from another version.
    """
    where = path(key)
    try:
        grid = _read(where, key)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, _UnusableError) as error:
        warnings.warn(
            f"{where}: this index of areas is not used but removed ({error}); it is made anew, "
            "which changes no result",
            DataWarning,
            stacklevel=2,
        )
        with contextlib.suppress(OSError):
            where.unlink()
        return None
    with contextlib.suppress(OSError):
        os.utime(where)
    return grid


def keep_grid(key: str, grid: AreaGrid) -> Path | None:
    """Write the grid of a key, and remove those of other versions and the longest unused.

    Returns
    -------
    Path or None
        Where it lies; None where the folder cannot be written.
    """
    where = path(key)
    try:
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=where.parent, prefix=".areas-", suffix=".part")
    except OSError:
        return None
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in _pieces(key, grid):
                file.write(piece)
        # Whoever reads meanwhile has the old file or the new one, never a part of one.
        Path(name).replace(where)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        return None
    _tidy(where)
    return where


def _pieces(key: str, grid: AreaGrid) -> Iterator[bytes | memoryview]:
    arrays: list[dict[str, Any]] = []
    digest = hashlib.sha256()
    end = 0
    for field in fields(grid):
        array = getattr(grid, field.name)
        gap = -end % _ALIGN
        arrays.append(
            {
                "name": field.name,
                "dtype": array.dtype.str,
                "shape": list(array.shape),
                "start": end + gap,
            }
        )
        digest.update(bytes(gap))
        digest.update(np.ascontiguousarray(array).data)
        end += gap + array.nbytes
    head = {"version": VERSION, "key": key, "arrays": arrays}
    digest.update(_canonical(head))
    told = json.dumps(head | {"sha256": digest.hexdigest()}).encode()
    yield _MAGIC
    yield len(told).to_bytes(8, "little")
    yield told
    yield bytes(-(len(_MAGIC) + 8 + len(told)) % _ALIGN)
    written = 0
    for entry, field in zip(arrays, fields(grid), strict=True):
        yield bytes(entry["start"] - written)
        array = np.ascontiguousarray(getattr(grid, field.name))
        if array.nbytes:
            yield array.data.cast("B")
        written = entry["start"] + array.nbytes


def _canonical(head: dict[str, Any]) -> bytes:
    return json.dumps({name: head[name] for name in ("version", "key", "arrays")}).encode()


def _read(where: Path, key: str) -> AreaGrid:
    with where.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise _UnusableError("it does not begin as one")
        length = int.from_bytes(file.read(8), "little")
        size = os.fstat(file.fileno()).st_size
        if length > size:
            raise _UnusableError("it is cut short")
        head = json.loads(file.read(length))
        begin = file.tell() + -file.tell() % _ALIGN
        if head["version"] != VERSION or head["key"] != key:
            raise _UnusableError("it is of another version or of other areas")
        # Read, not through the map: pages that no question touches stay out of the process.
        digest = hashlib.sha256()
        file.seek(begin)
        while piece := file.read(_PIECE):
            digest.update(piece)
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))[begin:]
    digest.update(_canonical(head))
    if digest.hexdigest() != head["sha256"]:
        raise _UnusableError("its SHA-256 is not the one it states: damaged or changed")
    expected = [field.name for field in fields(AreaGrid)]
    if [entry["name"] for entry in head["arrays"]] != expected:
        raise _UnusableError("it does not hold the arrays of this version")
    return AreaGrid(**{entry["name"]: _array(content, entry) for entry in head["arrays"]})


def _array(content: memoryview, entry: dict[str, Any]) -> npt.NDArray[Any]:
    dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
    count = int(np.prod(shape, dtype=np.int64))
    if not count:
        return np.zeros(shape, dtype=dtype)
    return np.frombuffer(content, dtype, count, offset=entry["start"]).reshape(shape)


def _tidy(newest: Path) -> None:
    """Remove what other versions left, and all but the last few used of this one."""
    with contextlib.suppress(OSError):
        found = [p for p in newest.parent.glob("areas-v*.grid") if p != newest]
        old = [p for p in found if not p.name.startswith(f"areas-v{VERSION}-")]
        ours = sorted(set(found) - set(old), key=lambda p: p.stat().st_mtime, reverse=True)
        for unused in [*old, *ours[_KEPT - 1 :]]:
            unused.unlink()
