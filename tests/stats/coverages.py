"""Areas to be found, hard points among them, and two ways to find them that are not `geo`'s."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import shapely

from geo.stats.area_grid_build import build_area_grid


def rings_of(shapes):
    """Return what `build_area_grid` wants, by plain loops."""
    lon, lat, start, owner = [], [], [0], []
    for area, shape in enumerate(shapes):
        for polygon in shapely.get_parts(shape) if shape is not None else []:
            for ring in [polygon.exterior, *polygon.interiors]:
                at = np.asarray(ring.coords)[:, :2]
                lon += at[:, 0].tolist()
                lat += at[:, 1].tolist()
                start.append(len(lon))
                owner.append(area)
    return (
        np.array(lon, dtype=np.float64),
        np.array(lat, dtype=np.float64),
        np.array(start, dtype=np.int64),
        np.array(owner, dtype=np.int64),
        len(shapes),
    )


def grid_of(shapes, side=None):
    return build_area_grid(*rings_of(shapes), side=side)


def by_shapely(shapes, lon, lat):
    """Return the lowest area that intersects each point, and how many do."""
    held = np.zeros((len(lon), len(shapes)), dtype=bool)
    finite = np.isfinite(lon) & np.isfinite(lat)
    for area, shape in enumerate(shapes):
        if shape is not None:
            shapely.prepare(shape)
            held[finite, area] = shapely.intersects_xy(shape, lon[finite], lat[finite])
    return _lowest(held)


def by_fractions(shapes, lon, lat):
    """Return the same in exact arithmetic: even-odd, and on a ring is inside."""
    lon_of, lat_of, start, owner, n = rings_of(shapes)
    held = np.zeros((len(lon), n), dtype=bool)
    for k, (x, y) in enumerate(zip(lon, lat, strict=True)):
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        px, py = Fraction(float(x)), Fraction(float(y))
        touches = np.zeros(n, dtype=bool)
        for ring in range(len(owner)):
            for i in range(start[ring], start[ring + 1] - 1):
                ax, ay, bx, by = (
                    Fraction(float(v)) for v in (lon_of[i], lat_of[i], lon_of[i + 1], lat_of[i + 1])
                )
                turn = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
                box = min(ax, bx) <= px <= max(ax, bx) and min(ay, by) <= py <= max(ay, by)
                touches[owner[ring]] |= turn == 0 and box
                if (ay > py) != (by > py) and (turn > 0) == (by > ay):
                    held[k, owner[ring]] ^= True
        held[k] |= touches
    return _lowest(held)


def _lowest(held):
    first = np.where(held.any(axis=1), held.argmax(axis=1) if held.shape[1] else 0, -1)
    return first.astype(np.int32), held.sum(axis=1).astype(np.int32)


def voronoi(rng, n=30):
    """Return the cells of random points, cut to a square: borders in all directions."""
    cells = shapely.voronoi_polygons(shapely.multipoints(rng.random((n, 2))))
    cut = [shapely.intersection(cell, shapely.box(0, 0, 1, 1)) for cell in cells.geoms]
    return np.array([c for c in cut if c.geom_type == "Polygon" and c.area > 0])


def squares(rng, n=5):
    """Return a grid of squares whose corners four of them share, in random order."""
    cells = [shapely.box(i, j, i + 1, j + 1) for i in range(n) for j in range(n)]
    return np.array(cells)[rng.permutation(n * n)]


def islands(rng, n=12):
    """Return areas of several parts, some with a hole, some of which another area fills."""
    shapes = []
    for k in range(n):
        x, y, radius = 4.0 * (k % 4), 4.0 * (k // 4), rng.uniform(0.5, 1.8)
        disk = shapely.Point(x, y).buffer(radius, quad_segs=int(rng.integers(2, 9)))
        hole = shapely.Point(x, y).buffer(radius / 2, quad_segs=3)
        if k % 3 == 0:
            shapes.append(disk)
        else:
            islet = shapely.box(x + 1.9, y, x + 1.95, y + rng.uniform(0.01, 1))
            shapes.append(shapely.MultiPolygon([disk.difference(hole), islet]))
            shapes += [hole] if k % 3 == 1 else []
    return np.array(shapes)[rng.permutation(len(shapes))]


def slivers(rng, n=15):
    """Return long thin areas side by side that overlap a little or leave gaps between them."""
    at = np.sort(rng.random(n + 1))
    shapes = []
    for left, right in itertools.pairwise(at):
        slip = rng.normal(0, 1e-9, 4)
        corners = [
            (left + slip[0], 0),
            (right + slip[1], 0),
            (right + slip[2], 9),
            (left + slip[3], 9),
        ]
        shapes.append(shapely.Polygon(corners))
    return np.array(shapes)[rng.permutation(n)]


def in_mexico(shapes):
    return shapely.transform(shapes, lambda at: at + np.array([-99.7, 18.6]))


KINDS = {
    kind.__name__: lambda rng, kind=kind: in_mexico(kind(rng))
    for kind in (voronoi, squares, islands, slivers)
}
"""All of them where longitudes and latitudes have the size that they have in Mexico. Next to zero
doubles are so fine that GEOS, too, rounds: there exact arithmetic is asked instead."""


def hard_points(rng, shapes, grid, n=150):
    """Return points on, next to and between the edges, on the lines of the grid, and far off."""
    edges = grid.edges[rng.integers(0, len(grid.edges), n)]
    a, b = edges[:, :2], edges[:, 2:]
    along = a + (b - a) * rng.random((n, 1))
    frame = grid.shape
    column, row = rng.integers(0, frame.n_lon, n), rng.integers(0, frame.n_lat, n)
    west, south, east, north = shapely.total_bounds(shapes)
    sets = [
        a,
        (a + b) / 2,
        along,
        *(np.nextafter(a, a + np.array(way)) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))),
        *(along + rng.normal(0, size, (n, 2)) for size in (1e-16, 1e-13, 1e-9, 1e-6)),
        np.column_stack([frame.west + column * frame.side, frame.south + row * frame.side]),
        np.column_stack([frame.middle_lon(column), frame.middle_lat(row)]),
        np.column_stack([a[:, 0], rng.uniform(south, north, n)]),
        np.column_stack([rng.uniform(west, east, n), a[:, 1]]),
        rng.uniform((west - 0.1, south - 0.1), (east + 0.1, north + 0.1), (n, 2)),
        np.array(
            [
                (np.nan, south),
                (west, np.nan),
                (np.inf, north),
                (west, -np.inf),
                (np.nan, np.inf),
                (1e300, -1e300),
                (5e-324, 5e-324),
                (-0.0, 0.0),
                (0.0, -5e-324),
            ]
        ),
    ]
    return np.ascontiguousarray(np.vstack(sets).T)
