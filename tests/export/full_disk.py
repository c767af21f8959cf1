"""Write every kind of file while the disk is full from the n-th write on, or be killed there.

    LD_PRELOAD=full_disk.so python -m tests.export.full_disk GIVEN FOLDER EVERY

Run by :mod:`tests.export.test_full_disk`. Prints how many writes each writer makes and how many of
them were refused or killed in; ends with an error where an old file is not whole. With EVERY 1 no
write is passed over; else about 8 a writer.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import json
import os
import pickle
import sys
import warnings
from pathlib import Path

from geo.errors import GeoWarning, OutputError
from geo.export.assigned_geopackage import write_parts_as_geopackage
from geo.export.folder import write_file
from geo.export.qgis import write as qgis
from geo.export.raster import write_surface
from geo.export.table import write_table
from geo.export.tables import write_tables
from geo.render.files import write_whole
from geo.schema import ASSIGNED
from geo.study.outcome import Outcome
from geo.study.parts import AssignedParts, Parts
from tests.export.fault_inputs import EVERY, digest

A_WRITER = 8


@functools.cache
def disk():
    """Return what the shim offers; it is there only in the process that is begun with it."""
    shim = ctypes.CDLL(None)
    shim.full_from.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
    shim.writes_seen.restype = ctypes.c_long
    return shim


def writers(given, out):
    """Return what writes, by name: into a folder or a file of its own."""
    results, content, package, surface = given
    points = results.located.head(200)
    qgis.content_of = lambda *_, **__: content
    qgis.geopackage = lambda _: package

    def tables(kind):
        return lambda: write_tables(results, out / kind, formats=[kind])

    def table(ending):
        return lambda: write_table(points, out / f"a.{ending}", overwrite=True)

    return {
        **{kind: tables(kind) for kind in EVERY},
        **{f"a.{ending}": table(ending) for ending in ("csv", "parquet", "gpkg")},
        "streamed.gpkg": streamed(points, out),
        "a.tif": lambda: write_surface(surface, out / "a.tif", overwrite=True),
        "a.html": lambda: write_whole(out / "a.html", "x" * 100_000),
        "qgis": lambda: qgis.write_qgis(results, out / "qgis", name="sample", points="coarse"),
    }


def streamed(points, out):
    """Return what writes assigned events as a stream does, from a part that lies elsewhere."""
    kept = Parts(out.parent)
    located = points.drop(columns=set(points.columns) - {*ASSIGNED.dtypes, "record", "geometry"})

    def give(sink):
        sink(located.assign(line=located["record"]))
        return Outcome()

    kept.made((0, 0), give)
    parts = AssignedParts([kept.path((0, 0))])

    def fill(path):
        write_parts_as_geopackage(parts, path, layer="streamed")

    return lambda: write_file(out / "streamed.gpkg", fill, overwrite=True)


def refused(write):
    """Write on the full disk; say whether that is told with the cure."""
    try:
        write()
    except OutputError as error:
        said = str(error)
        return ("disk is full" in said or "No space left" in said) and ".geo-" not in said
    return False


def killed(write, mark, at):
    """Write in a process that is killed in the n-th write; say whether it was."""
    child = os.fork()
    if not child:
        disk().full_from(mark, at, 1)
        write()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(given, folder, every):
    """Try each writer at its writes."""
    warnings.simplefilter("ignore", GeoWarning)
    out = Path(folder) / "out"
    out.mkdir()
    mark = str(out).encode()
    said = {}
    for name, write in writers(pickle.loads(Path(given).read_bytes()), out).items():
        write()
        gc.collect()  # what a writer before left open is no write of this one
        disk().full_from(mark, 0, 0)
        write()
        number = disk().writes_seen()
        old = digest(out)
        step = 1 if every == "1" else max(1, -(-number // A_WRITER))
        # The last writes are those that a library makes while it closes a file.
        tried = sorted({*range(1, number + 1, step), number})
        for at in tried:
            disk().full_from(mark, at, 0)
            told = refused(write)
            disk().full_from(None, 0, 0)
            if told:
                assert digest(out) == old, (name, at)
            else:
                write()
                assert digest(out) == old, (name, at, "again")
                raise AssertionError(f"{name}: write {at} of {number} failed, and it was not said")
        for at in tried[:: max(1, len(tried) // 4)]:
            assert killed(write, mark, at), (name, at)
            assert {k: v for k, v in digest(out).items() if ".geo-" not in k} == old, (name, at)
        write()
        assert digest(out) == old, (name, "after a kill")
        said[name] = [number, len(tried)]
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
