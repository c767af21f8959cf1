"""A disk that is full, or a kill, at any write of any library leaves the old files whole."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geo.export.qgis import write as qgis
from tests.export.fault_inputs import EVERY, small
from tests.export.qgis_folders import rich
from tests.export.test_raster import surface

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    """Return a library that counts and refuses writes, compiled here."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("WRITES WERE NOT REFUSED ONE BY ONE: that takes Linux and a C compiler (cc)")
    path = tmp_path_factory.mktemp("shim") / "full_disk.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", path, HERE / "full_disk.c", "-ldl"], check=True
    )
    return path


def test_i2_a_disk_that_is_full_at_any_write_of_any_library_leaves_the_old_files_whole(
    shim, tmp_path
):
    content = qgis.content_of(rich(), "sample", language="en", points="none")
    given = tmp_path / "given"
    results = dataclasses.replace(small(), surface=surface())
    given.write_bytes(pickle.dumps((results, content, b"x" * 1_000_000, surface())))

    done = subprocess.run(
        [sys.executable, "-m", "tests.export.full_disk", given, tmp_path,
         os.environ.get("GEO_EVERY_WRITE", "0")],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "LD_PRELOAD": str(shim)},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-3000:]
    # Nothing that a library left half done speaks up later.
    assert "Exception ignored" not in done.stderr
    said = json.loads(done.stdout)
    alone = {"a.csv", "a.parquet", "a.gpkg", "streamed.gpkg", "a.tif", "a.html"}
    assert set(said) == {*EVERY, *alone, "qgis"}
    assert min(writes for writes, _ in said.values()) >= 1
    assert said["qgis"][0] >= 7
    assert said["streamed.gpkg"][0] > 10
    assert said["xlsx"][0] > 50
