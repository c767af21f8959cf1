"""A density of events, as the page draws it: the ground between lines of equal density.

The surface lies on a grid in meters and the page in web mercator. Lines are drawn where the
surface crosses the bounds of its classes, and the lines are put on the grid of the page: they stay
sharp at every zoom, and take a few kilobytes.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import contourpy
import numpy as np
import numpy.typing as npt
import scipy
import shapely

from geo import crs
from geo.errors import SettingsError
from geo.periods import Window
from geo.render.codec import Block, columns_block
from geo.render.geometry import to_grid
from geo.render.packed import Packed
from geo.stats.breaks import ClassBreaks, make_breaks
from geo.steps.canvas import OUTSIDE, PLACE_KNOWN_TO
from geo.steps.surface import AT_SEA, Surface

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

PER_KM2 = 1_000.0
"""Square kilometers that events are told for: per single one the numbers are too small to read."""

MOST_COLUMNS = 400
"""Columns of the grid that lines are drawn on; a kernel is wider than these by far."""

STEPS = 5
"""At least so many cells in a bandwidth."""

_REASONS = {OUTSIDE: "outside", AT_SEA: "at_sea"}


def check_density(surface: Surface) -> None:
    """Raise :exc:`~geo.errors.SettingsError` unless the surface is one of densities."""
    if surface.kind != "density":
        raise SettingsError(
            f"the map draws a density, and this surface shows {surface.kind}; make one with "
            "geo.event_density, or write this one with geo density"
        )


def density_breaks(surface: Surface) -> ClassBreaks:
    """Return the classes of a density, in events per 1,000 km² and year."""
    return make_breaks(surface.values[np.isfinite(surface.values)] * PER_KM2)


def density_config(surface: Surface) -> dict[str, Any]:
    """Return what the page is told of a density."""
    breaks = density_breaks(surface)
    known = surface.values[np.isfinite(surface.values)] * PER_KM2
    counts = _classes(breaks, known)
    window = Window.parse(surface.window)
    chosen = surface.chosen
    return {
        "bounds": list(inner_bounds(breaks)),
        "shares": (counts / max(1, counts.sum())).tolist(),
        "start": str(window.start.date()),
        "end": str(window.end.date()),
        "kernel": surface.kernel,
        "bandwidthKm": surface.bandwidth_m / 1_000,
        "chosen": "given" if chosen is None else "floor" if chosen.at_floor else "criterion",
        "adaptive": surface.adaptive,
        "events": surface.events,
        "leftOut": [
            {"reason": _reason(why), "number": int(number)}
            for why, number in surface.left_out.items()
        ],
    }


def _reason(why: str) -> str:
    """Return the word for why an event is not in a surface.

    Examples
    --------
    >>> _reason("place known to: state"), _reason("outside the study area")
    ('known.state', 'outside')
    """
    if why.startswith(PLACE_KNOWN_TO):
        return f"known.{why.removeprefix(PLACE_KNOWN_TO)}"
    return _REASONS.get(why, why)


def inner_bounds(breaks: ClassBreaks) -> tuple[float, ...]:
    """Return the bounds between two classes; zero is in the lowest one."""
    return breaks.bounds[1:-1]


def _classes(breaks: ClassBreaks, values: FloatArray) -> IntArray:
    classes = np.searchsorted(np.asarray(inner_bounds(breaks)), values, side="left")
    return np.bincount(classes, minlength=len(inner_bounds(breaks)) + 1)


def density_block(surface: Surface) -> Block:
    """Return the ground above each bound as rings on the grid of the page.

    ``level`` says of each ring which bound it is of. Rings of one level are filled by the even-odd
    rule, so that a ring within another is a hole.
    """
    levels: list[int] = []
    lengths: list[int] = []
    xs: list[IntArray] = []
    ys: list[IntArray] = []
    above, slack = rings_above(surface)
    for level, rings in enumerate(above):
        for ring in rings:
            x, y = _on_page(ring, slack)
            if len(x) < 3:
                continue
            levels.append(level)
            lengths.append(len(x))
            xs.append(x)
            ys.append(y)
    none = np.empty(0, dtype=np.int64)
    return columns_block(
        "density",
        {
            "level": Packed("whole", np.array(levels, dtype=np.int64)),
            "length": Packed("whole", np.array(lengths, dtype=np.int64)),
            "x": Packed("delta", np.concatenate([none, *xs])),
            "y": Packed("delta", np.concatenate([none, *ys])),
        },
    )


def rings_above(surface: Surface) -> tuple[list[list[FloatArray]], float]:
    """Return the ground above each bound as closed rings in meters, and how far they may move.

    A ring within another is a hole, and runs the other way.
    """
    easting, northing, values = _filled(surface)
    bounds = inner_bounds(density_breaks(surface))
    if min(values.shape) < 2:
        return [[] for _ in bounds], 0.0
    maker = contourpy.contour_generator(
        easting, northing, values, fill_type=contourpy.FillType.OuterOffset
    )
    above = [
        [
            points[start:end]
            for points, offsets in zip(*maker.filled(bound / PER_KM2, np.inf), strict=True)
            for start, end in pairwise(offsets)
        ]
        for bound in bounds
    ]
    return above, abs(easting[1] - easting[0]) / 8


def _filled(surface: Surface) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return eastings, northings and densities of fewer cells, continued past the coast.

    The page shows the land only; a line that ended on the coast of the cells would show these.
    """
    values = surface.values
    missing = ~np.isfinite(values)
    if missing.all():
        filled = np.zeros_like(values)
    else:
        nearest = scipy.ndimage.distance_transform_edt(
            missing, return_distances=False, return_indices=True
        )
        filled = values[tuple(nearest)]
    grid = surface.grid
    fine = int(surface.bandwidth_m / STEPS / grid.cell_m)
    step = max(1, min(fine, -(-grid.columns // MOST_COLUMNS)))
    easting, northing = grid.centers()
    return easting[::step], northing[::step], filled[::step, ::step]


def _on_page(ring: FloatArray, slack: float) -> tuple[IntArray, IntArray]:
    """Return a ring on the grid of the page, with as few corners as `slack` meters allow."""
    line = shapely.get_coordinates(shapely.simplify(shapely.linestrings(ring), slack))
    lon, lat = crs.unproject(line[:-1, 0].copy(), line[:-1, 1].copy())
    return to_grid(lon, lat)
