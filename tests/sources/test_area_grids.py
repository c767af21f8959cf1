"""A kept grid is used only if it is whole, and of these areas and this version."""

from __future__ import annotations

import pickle
from dataclasses import fields

import numpy as np
import pytest
import shapely

from geo.errors import DataWarning
from geo.sources import area_grids
from geo.sources.arcs import toy_arcs
from geo.sources.area_grids import Rings, grid_of, keep_grid, kept_grid, path
from geo.stats.area_lookup import find_areas

SHAPES = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])


@pytest.fixture(autouse=True)
def _fresh(tmp_path, monkeypatch):
    monkeypatch.setenv("GEO_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(area_grids, "_READY", {})


@pytest.fixture
def kept():
    rings = Rings.of(SHAPES)
    where = keep_grid(rings.key(), rings.grid())
    assert where == path(rings.key())
    return where


def same(one, other):
    for field in fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        assert (left.dtype, left.shape) == (right.dtype, right.shape), field.name
        np.testing.assert_array_equal(left, right)


def test_kept_grid_is_the_one_that_was_written(kept):
    rings = Rings.of(SHAPES)

    found = kept_grid(rings.key())

    same(found, rings.grid())
    assert find_areas(found, [0.5, 1.0, 1.5], [0.5] * 3).first.tolist() == [0, 0, 1]
    assert not found.cells.flags.writeable
    assert kept.stat().st_mode & 0o077 == 0
    assert [p.name for p in kept.parent.iterdir()] == [kept.name]


@pytest.mark.usefixtures("kept")
def test_mapped_grid_can_be_sent_to_another_process():
    found = kept_grid(Rings.of(SHAPES).key())

    same(pickle.loads(pickle.dumps(found)), found)


def test_nothing_kept_is_no_fault():
    assert kept_grid(Rings.of(SHAPES).key()) is None


def flip(at):
    def change(content):
        content[at] ^= 1
        return content

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda c: c[:0], id="empty"),
        pytest.param(lambda c: c[:10], id="cut in the first line"),
        pytest.param(lambda c: c[:200], id="cut in the description"),
        pytest.param(lambda c: c[:-1], id="cut by one byte"),
        pytest.param(lambda c: c + b"\0", id="longer by one byte"),
        pytest.param(flip(3), id="another kind of file"),
        pytest.param(flip(20), id="length of the description"),
        pytest.param(flip(-1), id="last byte"),
        pytest.param(flip(5_000), id="a byte of an array"),
        pytest.param(lambda c: c.replace(b'"version": 1', b'"version": 2'), id="version"),
        pytest.param(lambda c: c.replace(b"<i4", b"<u4", 1), id="type of an array"),
        pytest.param(lambda c: c.replace(b'"start": 64', b'"start": 65', 1), id="place"),
        pytest.param(lambda c: c.replace(b"records", b"recordz"), id="name of an array"),
        pytest.param(lambda _: b"\x80\x04." * 100, id="a pickle"),
    ],
)
def test_i5_file_that_was_changed_is_removed_and_made_anew(kept, change):
    before = bytearray(kept.read_bytes())
    changed = bytes(change(bytearray(before)))
    assert changed != before
    kept.write_bytes(changed)
    rings = Rings.of(SHAPES)

    with pytest.warns(DataWarning, match=r"not used but removed .* made anew"):
        found = grid_of(rings, keep=True, check=lambda _: None)

    same(found, rings.grid())
    assert kept.read_bytes() == before


def test_i5_file_of_other_areas_under_this_name_is_not_used(kept):
    other = Rings.of(SHAPES[::-1])
    path(other.key()).write_bytes(kept.read_bytes())

    with pytest.warns(DataWarning, match="of other areas"):
        assert kept_grid(other.key()) is None


def test_key_tells_areas_apart_by_vertex_order_and_number():
    moved = shapely.box(1, 0, 2, np.nextafter(1, 2))
    keys = {
        Rings.of(shapes).key()
        for shapes in (
            SHAPES,
            SHAPES[::-1],
            np.array([SHAPES[0], moved]),
            np.append(SHAPES, None),
            SHAPES[:1],
        )
    }

    assert len(keys) == 5


def test_rings_of_arcs_are_those_of_their_polygons():
    arcs = toy_arcs()

    assert Rings.of_arcs(arcs).key() == Rings.of(arcs.to_polygons()).key()


def test_folder_that_cannot_be_written_costs_time_only(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("GEO_CACHE_DIR", str(blocked))
    rings = Rings.of(SHAPES)

    assert keep_grid(rings.key(), rings.grid()) is None
    with pytest.warns(DataWarning):
        found = grid_of(rings, keep=True, check=lambda _: None)
    same(found, rings.grid())


def test_full_disk_leaves_no_part_of_a_file(kept, monkeypatch):
    kept.unlink()

    def full(*_):
        yield b"some"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(area_grids, "_pieces", full)
    rings = Rings.of(SHAPES)

    assert keep_grid(rings.key(), rings.grid()) is None
    assert list(kept.parent.iterdir()) == []


def test_old_versions_and_the_longest_unused_are_removed(kept):
    (kept.parent / "areas-v0-0123.grid").write_bytes(b"old")
    (kept.parent / "mine.txt").write_text("the user's")
    for n in range(12):
        shapes = np.array([shapely.box(0, 0, 1, n + 2)])
        keep_grid(Rings.of(shapes).key(), Rings.of(shapes).grid())

    left = sorted(p.name for p in kept.parent.iterdir())

    assert "mine.txt" in left
    assert not any("-v0-" in name for name in left)
    assert len(left) == 1 + 8


def test_grid_is_made_once_a_process_and_checked_before_it_is_kept(monkeypatch):
    made = []
    original = Rings.grid
    monkeypatch.setattr(Rings, "grid", lambda self: made.append(1) or original(self))
    rings = Rings.of(SHAPES)

    def refuse(_):
        raise ValueError("overlap")

    with pytest.raises(ValueError, match="overlap"):
        grid_of(rings, keep=True, check=refuse)
    assert not path(rings.key()).exists()
    one = grid_of(rings, keep=True, check=lambda _: None)
    assert grid_of(rings, keep=True, check=refuse) is one
    assert len(made) == 2
