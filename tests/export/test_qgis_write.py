from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

import geo
from geo.errors import DataWarning, OutputError, SettingsError
from geo.export.qgis import write as module
from geo.export.qgis.write import write_qgis
from geo.export.tables import write_tables
from geo.steps.coarsen import show_points
from tests.export.qgis_folders import (
    database,
    definition,
    manifest,
    project,
    rich,
    sample,
    styles,
    written,
)
from tests.hostile import strings

FILES = [
    "CREDITS.txt",
    "density.qml",
    "density.tif",
    "manifest.json",
    "sample.gpkg",
    "sample.qgz",
    "sample.qlr",
]


def whole(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}


def test_folder_holds_what_it_says_and_its_manifest_lists_it():
    assert sorted(whole(written())) == FILES
    said = manifest(written())
    assert (said["made_by"], said["kind"], said["lang"], said["points"]) == (
        "geo", "qgis", "es", "coarse",
    )  # fmt: skip
    assert [one["name"] for one in said["outputs"]] == [one for one in FILES if "json" not in one]
    assert geo.write_qgis is write_qgis


def test_j9_same_results_give_the_same_bytes(tmp_path):
    again = write_qgis(rich(), tmp_path / "other", lang="es", name="sample")

    assert whole(again) == whole(written())


def test_writing_anew_replaces_and_doubles_nothing(tmp_path):
    folder = tmp_path / "qgis"
    write_qgis(rich(), folder, lang="en", name="sample")
    (folder / "mine.qgz").write_bytes(b"mine")
    (folder / "sample.gpkg-wal").write_bytes(b"of the old file")
    (folder / "sample.gpkg-shm").write_bytes(b"of the old file")

    write_qgis(rich(), folder, lang="es", name="sample")

    found = whole(folder)
    assert found.pop("mine.qgz") == b"mine"
    # A log of the old database would be played into the new one.
    assert found == whole(written())


def test_another_name_leaves_no_file_of_the_old_one(tmp_path):
    write_qgis(sample(), tmp_path / "q", name="old")
    write_qgis(sample(), tmp_path / "q", name="new")

    assert sorted(path.name for path in (tmp_path / "q").iterdir()) == [
        "CREDITS.txt", "manifest.json", "new.gpkg", "new.qgz", "new.qlr",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ('Culiacán: "ñ" \'; DROP TABLE', "culiacan-n-drop-table"),
        ("x" * 250, "x" * 60),
        ("CON", "con-1"),
        ("\x00/\n", "study"),
    ],
)
def test_g6_name_of_the_files_is_a_plain_one(tmp_path, name, expected):
    folder = write_qgis(sample(), tmp_path / "q", name=name)

    assert (folder / f"{expected}.gpkg").is_file()
    assert {path.parent for path in tmp_path.rglob("*.qgz")} == {folder}


def test_name_is_made_of_the_title_unless_given(tmp_path):
    folder = write_qgis(sample(), tmp_path / "q", lang="es")

    assert (folder / "sinaloa-2024-frente-a-2023.qgz").is_file()


def test_results_of_a_study_are_not_replaced(tmp_path):
    folder = write_tables(sample(), tmp_path / "study")
    before = sorted(path.name for path in folder.iterdir())

    with pytest.raises(OutputError, match="holds other results of geo"):
        write_qgis(sample(), folder, overwrite=True)
    assert sorted(path.name for path in folder.iterdir()) == before


def test_g4_folder_of_others_is_refused_and_untouched(tmp_path):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "thesis.txt").write_text("mine")

    with pytest.raises(OutputError, match="--overwrite"):
        write_qgis(sample(), tmp_path / "q")
    write_qgis(sample(), tmp_path / "q", overwrite=True)
    assert (tmp_path / "q" / "thesis.txt").read_text() == "mine"


def test_language_and_points_that_there_are_not_are_refused_before_the_work(tmp_path):
    with pytest.raises(SettingsError, match="maps speak"):
        write_qgis(sample(), tmp_path / "q", lang="fr")
    with pytest.raises(SettingsError, match="points is 'all'"):
        write_qgis(sample(), tmp_path / "q", points="all")
    assert list(tmp_path.iterdir()) == []


class Writes:
    """Counts the writes of files and breaks one of them half way."""

    def __init__(self, monkeypatch):
        self.number, self.breaks_at = 0, None
        write_bytes = Path.write_bytes

        def bytes_(path, data):
            self.count(lambda: write_bytes(path, data[: len(data) // 2]))
            return write_bytes(path, data)

        monkeypatch.setattr(Path, "write_bytes", bytes_)

    def count(self, half):
        self.number += 1
        if self.number == self.breaks_at:
            half()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_i2_disk_that_is_full_at_any_write_leaves_the_old_folder_whole(tmp_path, monkeypatch):
    folder = write_qgis(rich(), tmp_path / "q", lang="en", name="sample")
    before = whole(folder)
    # The content is the same for each attempt; it is made once.
    content = module.content_of(rich(), "sample", language="es", points="coarse")
    package = module.geopackage(content)
    monkeypatch.setattr(module, "content_of", lambda *_, **__: content)
    monkeypatch.setattr(module, "geopackage", lambda _: package)
    writes = Writes(monkeypatch)
    write_qgis(rich(), tmp_path / "other", lang="es", name="sample")
    number = writes.number
    assert number == len(FILES)

    for at in range(1, number + 1):
        writes.number, writes.breaks_at = 0, at
        with pytest.raises(OutputError, match="disk is full"):
            write_qgis(rich(), folder, lang="es", name="sample")
        assert whole(folder) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "q"]

    writes.breaks_at = None
    write_qgis(rich(), folder, lang="es", name="sample")
    assert whole(folder) == whole(written())


KILLED = textwrap.dedent(
    """
    import pickle, sys
    from pathlib import Path
    from geo.export.qgis import write as module

    results, content, package = pickle.loads(Path(sys.argv[1]).read_bytes())
    module.content_of = lambda *_, **__: content
    module.geopackage = lambda _: package
    print("ready", flush=True)
    while True:
        module.write_qgis(results, sys.argv[2], name="sample")
    """
)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_i1_killed_at_any_moment_the_folder_is_whole(tmp_path):
    import pickle

    results = dataclasses.replace(rich(), surface=None)
    content = module.content_of(results, "sample", language="en", points="coarse")
    given = tmp_path / "given"
    given.write_bytes(pickle.dumps((results, content, module.geopackage(content))))
    folder = tmp_path / "q"
    expected = whole(write_qgis(results, folder, name="sample"))
    for number in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(given), str(folder)], stdout=subprocess.PIPE
        )
        process.stdout.readline()
        time.sleep(0.01 + 0.074 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert whole(folder) == expected


def test_points_are_none_or_coarse_or_exact(tmp_path):
    results = sample()
    by_id = results.located.set_index("event_id").geometry

    none = write_qgis(results, tmp_path / "none", points="none", name="x")
    with contextlib.closing(database(none, "x")) as base:
        assert not base.execute(
            "SELECT 1 FROM sqlite_master WHERE name LIKE '%events%' AND type = 'table'"
        ).fetchall()

    exact = gpd.read_file(
        write_qgis(results, tmp_path / "exact", points="exact", name="x") / "x.gpkg", layer="events"
    )
    there = by_id[exact["event_id"]]
    np.testing.assert_array_equal(exact.geometry.x, there.x)

    coarse = gpd.read_file(written() / "sample.gpkg", layer="events")
    shown, left_out = show_points(results.located, points="coarse")
    assert len(coarse) == len(shown) == len(results.located) - left_out
    cells = set(zip(shown.geometry.x, shown.geometry.y, strict=True))
    assert set(zip(coarse.geometry.x, coarse.geometry.y, strict=True)) <= cells
    assert not {"event_id", "actor1", "actor2", "source"} & set(coarse.columns)


def test_very_many_events_are_no_points_unless_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_POINTS", 12_036)
    with pytest.warns(DataWarning, match="12,037 events are too many .* points='coarse'"):
        folder = write_qgis(sample(), tmp_path / "q", name="sample")
    assert manifest(folder)["points"] == "none"
    assert "events" not in manifest(folder)["layers"]

    write_qgis(sample(), folder, name="sample", points="coarse")  # a warning would be an error

    assert manifest(folder)["layers"]["events"] > 11_000


def test_j7_coarse_folder_holds_no_id_actor_or_place_of_the_source():
    results = rich()
    files = b"\n".join(
        data for name, data in whole(written()).items() if name.endswith((".gpkg", ".qlr"))
    )
    ids = results.located["event_id"]
    actors = {name for name in results.located["actor1"].dropna() if "(" in name}

    # All ids in one pass, not one pass an id.
    assert ids.str.fullmatch(r"MADEUP\d{6}").all()
    assert not set(re.findall(rb"MADEUP\d{6}", files)) & {one.encode() for one in ids}
    assert len(actors) > 5
    assert not [one for one in actors if one.encode() in files]
    exact = results.located.geometry
    coarse = gpd.read_file(written() / "sample.gpkg", layer="events").geometry
    assert not set(exact.x) & set(coarse.x)


def test_hostile_events_are_shown_as_text(tmp_path):
    results = sample()
    texts = strings()
    located = results.located.copy()
    located["event_type"] = np.resize(np.array(texts, dtype=object), len(located)).astype(str)
    located["event_type"] = located["event_type"].astype("str")
    located["actor1"] = located["event_type"]
    settings = dataclasses.replace(results.settings, title="[%env('HOME')%] ]]>&\x00")
    title = {"en": settings.title, "es": settings.title}
    hostile = dataclasses.replace(results, located=located, settings=settings, title=title)

    folder = write_qgis(hostile, tmp_path / "q", points="exact", name="x")

    with contextlib.closing(database(folder, "x")) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        known = dict(base.execute("SELECT type_class, count(*) FROM events GROUP BY 1"))
        for (layer, _), root in styles(base).items():
            if layer == "events" and root.find(".//categories") is not None:
                values = {one.get("value") for one in root.iter("category")}
                assert values <= set(known) or "none" in values
        first = next(one for (layer, _), one in styles(base).items() if layer == "events")
        assert {one.get("value") for one in first.iter("category")} == set(known)
    for root in (project(folder, "x"), definition(folder, "x")):
        for element in root.iter():
            for text in (element.text, *element.attrib.values()):
                assert "[%" not in (text or "")


def test_study_without_windows_or_months_has_the_layers_that_it_can(tmp_path):
    results = sample()
    tables = {k: v for k, v in results.tables.items() if not k.startswith("change_")}
    settings = dataclasses.replace(
        results.settings,
        base=None, comparison=None, event_date=None, transition_from=None, claim=None,
    )  # fmt: skip
    less = dataclasses.replace(results, tables=tables, settings=settings, atlas=None)
    folder = write_qgis(less, tmp_path / "q", points="none", name="x")

    names = [
        one.findtext("datasource").rpartition("=")[2]
        for one in definition(folder, "x").iter("maplayer")
    ]
    assert names == [
        "municipalities", "states", "hotspots", "municipalities_by_year", "states_by_year",
    ]  # fmt: skip
    assert project(folder, "x").find("ProjectTimeSettings").get("timeStepUnit") == "y"
