"""Folders for QGIS that several tests look at, written once a process."""

from __future__ import annotations

import dataclasses
import functools
import json
import sqlite3
import tempfile
import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from geo.errors import GeoWarning
from geo.export.qgis.write import write_qgis
from geo.steps.scan import find_clusters
from geo.steps.surface import event_density
from tests.studies import sample

_KEPT = []


@functools.cache
def rich():
    """Return the sample with a scan of states and a coarse density, which take a second."""
    results = sample()
    states = results.tables["measures_state"].drop(columns=["name", "state_name"])
    with warnings.catch_warnings():
        # What the scan and the density say of these data is no matter here.
        warnings.simplefilter("ignore", GeoWarning)
        scan = find_clusters(states, max_shares=(0.5,), replicates=19)
        surface = event_density(results.located, window="2024", cell_m=20_000)
    return dataclasses.replace(results, scan=scan, surface=surface)


@functools.cache
def written(lang="es", points="coarse"):
    """Return the folder of the sample in a language."""
    place = tempfile.TemporaryDirectory()
    _KEPT.append(place)
    return write_qgis(rich(), Path(place.name) / "qgis", lang=lang, points=points, name="sample")


def database(folder, name="sample"):
    """Open the GeoPackage of a folder, to be read only."""
    path = Path(folder) / f"{name}.gpkg"
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def project(folder, name="sample"):
    """Return the root of the project of a folder."""
    with zipfile.ZipFile(Path(folder) / f"{name}.qgz") as archive:
        assert archive.namelist() == [f"{name}.qgs"]
        return ElementTree.fromstring(archive.read(f"{name}.qgs"))


def definition(folder, name="sample"):
    """Return the root of the layer definition of a folder."""
    return ElementTree.fromstring((Path(folder) / f"{name}.qlr").read_text(encoding="utf-8"))


def styles(base):
    """Return the root of each style, by layer and name."""
    rows = base.execute("SELECT f_table_name, styleName, styleQML FROM layer_styles")
    return {(layer, name): ElementTree.fromstring(qml) for layer, name, qml in rows}


def manifest(folder):
    """Return the manifest of a folder."""
    return json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))
