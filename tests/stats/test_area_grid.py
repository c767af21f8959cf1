"""The grid of areas says what asking every polygon would say, always."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats import area_lookup
from geo.stats.area_grid import ASK
from geo.stats.area_grid_numpy import look_up
from geo.stats.area_lookup import find_areas
from tests.stats.coverages import (
    KINDS,
    by_fractions,
    by_shapely,
    grid_of,
    hard_points,
    rings_of,
    squares,
    voronoi,
)

ENGINES = [
    "numpy",
    pytest.param(
        "numba", marks=pytest.mark.skipif(not area_lookup._has_numba(), reason="needs numba")
    ),
]


def counts(found):
    how_many = (found.first >= 0).astype(np.int32)
    how_many[found.several] = found.how_many
    return how_many


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(st.integers(0, 2**32), st.sampled_from([None, 0.011, 0.25, 3.0]))
def test_grid_says_what_every_polygon_says(kind, engine, seed, side):
    rng = np.random.default_rng(seed)
    shapes = KINDS[kind](rng)
    grid = grid_of(shapes, side)
    lon, lat = hard_points(rng, shapes, grid)

    found = find_areas(grid, lon, lat, engine=engine)

    first, how_many = by_shapely(shapes, lon, lat)
    np.testing.assert_array_equal(found.first, first)
    np.testing.assert_array_equal(counts(found), how_many)


# Corners on a coarse lattice make edges through vertices, middles and each other; the smallest
# doubles make differences that other arithmetic rounds away.
corner = st.sampled_from(
    [-1.0, -0.5, -0.0, 0.0, 5e-324, 1e-300, 1e-16, 0.1, 0.3, 0.5, 1.0, 1.0 + 2**-52]
)
triangle = st.lists(st.tuples(corner, corner), min_size=3, max_size=3, unique=True)


@settings(max_examples=150)
@given(
    st.lists(triangle, min_size=1, max_size=4),
    st.lists(st.tuples(corner, corner), max_size=12),
    st.sampled_from([None, 0.5, 4.0]),
)
def test_grid_is_exact_down_to_the_smallest_doubles(triangles, points, side):
    shapes = np.array([shapely.Polygon(corners) for corners in triangles])
    lon, lat = np.array(points, dtype=np.float64).reshape(-1, 2).T

    found = find_areas(grid_of(shapes, side), lon, lat)

    first, how_many = by_fractions(shapes, lon, lat)
    np.testing.assert_array_equal(found.first, first)
    np.testing.assert_array_equal(counts(found), how_many)


@pytest.mark.parametrize("kind", KINDS)
def test_numba_equals_numpy_bit_for_bit_on_any_number_of_threads(kind):
    numba_lookup = pytest.importorskip("geo.stats.area_grid_numba").look_up
    rng = np.random.default_rng(7)
    shapes = KINDS[kind](rng)
    grid = grid_of(shapes)
    # Enough that several threads share them.
    lon, lat = (np.tile(part, 60) for part in hard_points(rng, shapes, grid))
    assert len(lon) > 100_000
    plain, alone, shared = (np.full(len(lon), -9, dtype=np.int32) for _ in range(3))

    look_up(grid, lon, lat, plain)
    numba_lookup(grid, lon, lat, alone)
    numba_lookup(grid, lon, lat, shared, threads=3)

    assert plain.tobytes() == alone.tobytes() == shared.tobytes()
    assert (plain == ASK).any()
    assert (plain >= 0).any()


def test_answers_do_not_depend_on_the_batch_or_the_order(monkeypatch):
    rng = np.random.default_rng(11)
    shapes = voronoi(rng)
    grid = grid_of(shapes)
    lon, lat = hard_points(rng, shapes, grid)
    whole = find_areas(grid, lon, lat, engine="numpy")
    order = rng.permutation(len(lon))

    for name, size in {"BATCH": 7, "BORDER": 5, "FEW": 2, "_GATHERED": 40}.items():
        monkeypatch.setattr(f"geo.stats.area_grid_numpy.{name}", size)
    monkeypatch.setattr("geo.stats.area_grid_exact._PAIRS", 50)
    cut = find_areas(grid, lon, lat, engine="numpy")
    shuffled = find_areas(grid, lon[order], lat[order], engine="numpy")

    np.testing.assert_array_equal(cut.first, whole.first)
    np.testing.assert_array_equal(counts(cut), counts(whole))
    np.testing.assert_array_equal(shuffled.first, whole.first[order])
    np.testing.assert_array_equal(counts(shuffled), counts(whole)[order])


@pytest.mark.parametrize("engine", ENGINES)
def test_one_cell_tells_more_areas_apart_than_a_record_holds(engine):
    # Twenty wedges meet in one point; eight fit into a record.
    turn = np.linspace(0, 2 * np.pi, 21)
    rim = np.column_stack([np.cos(turn), np.sin(turn)])
    shapes = np.array([shapely.Polygon([(0, 0), rim[k], rim[k + 1]]) for k in range(20)])
    grid = grid_of(shapes)
    rng = np.random.default_rng(1)
    lon, lat = rng.normal(0, 1e-5, (2, 2_000))

    found = find_areas(grid, np.append(lon, 0.0), np.append(lat, 0.0), engine=engine)

    first, _ = by_shapely(shapes, lon, lat)
    np.testing.assert_array_equal(found.first[:-1], first)
    assert (found.first[-1], found.how_many[-1]) == (0, 20)


@pytest.mark.parametrize("engine", ENGINES)
def test_areas_that_lie_on_each_other_are_counted_everywhere(engine):
    shapes = np.array([shapely.box(3, 3, 4, 4), shapely.box(0, 0, 10, 10), shapely.box(2, 2, 5, 5)])
    grid = grid_of(shapes, 0.1)
    lon = np.array([3.5, 2.5, 1.0, 3.0, 5.0, 11.0])

    found = find_areas(grid, lon, lon, engine=engine)

    assert found.first.tolist() == [0, 1, 1, 0, 1, -1]
    assert counts(found).tolist() == [3, 2, 1, 3, 2, 0]


def test_rings_that_cross_themselves_hold_what_an_odd_number_surrounds():
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    lon, lat = np.array([0.5, 1.5, 1.0, 1.0]), np.array([1.0, 1.0, 0.4, 1.0])

    assert find_areas(grid_of(np.array([bow_tie])), lon, lat).first.tolist() == [0, 0, -1, 0]


def test_no_areas_and_no_points_give_empty_answers():
    nothing = grid_of(np.array([]))
    some = grid_of(squares(np.random.default_rng(0)))

    assert find_areas(nothing, [0.0, np.nan], [0.0, 1.0]).first.tolist() == [-1, -1]
    found = find_areas(some, [], [])
    assert (len(found.first), found.first.dtype) == (0, np.int32)
    assert (len(found.several), len(found.how_many)) == (0, 0)


def test_an_area_without_a_ring_holds_nothing_and_keeps_its_place():
    shapes = np.array([None, shapely.box(0, 0, 1, 1)], dtype=object)

    assert find_areas(grid_of(shapes), [0.5], [0.5]).first.tolist() == [1]


def test_grid_that_was_pickled_gives_the_same_answers():
    rng = np.random.default_rng(3)
    shapes = voronoi(rng)
    grid = grid_of(shapes)
    lon, lat = hard_points(rng, shapes, grid)

    again = pickle.loads(pickle.dumps(grid))

    np.testing.assert_array_equal(
        find_areas(again, lon, lat).first, find_areas(grid, lon, lat).first
    )


def test_grid_cannot_be_written_to():
    grid = grid_of(squares(np.random.default_rng(0)))

    with pytest.raises(ValueError, match="read-only"):
        grid.cells[0] = 1


def test_order_of_the_rings_changes_no_answer():
    rng = np.random.default_rng(5)
    shapes = voronoi(rng)
    lon, lat, start, owner, n = rings_of(shapes)
    parts = [slice(start[k], start[k + 1]) for k in range(len(owner))]
    order = rng.permutation(len(owner))
    length = np.diff(start)[order]
    from geo.stats.area_grid_build import build_area_grid

    other = build_area_grid(
        np.concatenate([lon[parts[k]] for k in order]),
        np.concatenate([lat[parts[k]] for k in order]),
        np.concatenate([[0], np.cumsum(length)]),
        owner[order],
        n,
    )

    points = hard_points(rng, shapes, other)
    np.testing.assert_array_equal(
        find_areas(other, *points).first, find_areas(grid_of(shapes), *points).first
    )


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lat": [1.0]}, "one length"),
        ({"lon": [[1.0, 2.0]], "lat": [[1.0, 2.0]]}, "one length"),
        ({"engine": "cupy"}, "no engine"),
        ({"threads": 0}, "at least one thread"),
    ],
)
def test_questions_that_cannot_be_meant_are_refused(given, message):
    grid = grid_of(squares(np.random.default_rng(0)))

    with pytest.raises(SettingsError, match=message):
        find_areas(grid, **({"lon": [1.0, 2.0], "lat": [1.0, 2.0]} | given))


def test_numba_asked_for_and_not_there_names_what_to_install(monkeypatch):
    monkeypatch.setattr(area_lookup, "_has_numba", lambda: False)
    grid = grid_of(squares(np.random.default_rng(0)))

    with pytest.raises(SettingsError, match=r"geo\[fast\]"):
        find_areas(grid, [1.0], [1.0], engine="numba")
    many = np.full(area_lookup.WORTH_COMPILING, 0.5)
    assert (find_areas(grid, many, many).first >= 0).all()
