import os

import pytest

from geo.errors import OutputError
from geo.render.files import write_whole


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
