import io
import os
import re
import zipfile

import pytest

from geo.errors import OutputError
from geo.render.files import safe_name, write_whole, zip_of
from tests.hostile import strings


def test_g4_a_name_with_spaces_and_accents_is_written(tmp_path):
    path = write_whole(tmp_path / "año 2024.html", "ñ")

    assert path.read_bytes() == b"\xc3\xb1"


@pytest.mark.parametrize("name", ["", "none/map.html"], ids=["a folder", "in no folder"])
def test_g4_a_place_that_cannot_be_written_is_refused(tmp_path, name):
    with pytest.raises(OutputError, match="folder"):
        write_whole(tmp_path / name, "x")


def test_i1_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_whole(target, "new")

    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Sinaloa año 2024.html", "Sinaloa-ano-2024.html"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\x.html", "x.html"),
        ("con.html", "map-con.html"),
        ("LPT1.a.html", "map-LPT1.a.html"),
        ("\u202egnp.exe", "gnp.exe"),
        ("日本.html", "map.html"),
        ("<img src=x>.html", "img-src-x.html"),
        ("a" * 300 + ".html", "a" * 80 + ".html"),
        ("", "map"),
    ],
)
def test_a_name_inside_an_archive_can_be_unpacked_anywhere(name, inside):
    assert safe_name(name) == inside


@pytest.mark.parametrize("text", strings())
def test_g4_no_hostile_name_leaves_the_folder_into_which_it_is_unpacked(text):
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", safe_name(text + ".html"))


def test_an_archive_says_nothing_of_when_and_where_it_was_made():
    packed = zip_of("map.html", "ñ" * 1000)

    assert packed == zip_of("map.html", "ñ" * 1000)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        [entry] = archive.infolist()
        assert archive.testzip() is None
        assert archive.read(entry).decode("utf-8") == "ñ" * 1000
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert (entry.create_system, entry.external_attr >> 16) == (3, 0o644)
    assert len(packed) < 300
