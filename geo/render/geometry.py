"""Shared arcs in degrees → the grid of whole numbers that the page draws.

The grid is web mercator at zoom 10 (a step is 140 m in Mexico: no vertex moves by more than
a fifth of what the shipped outlines were simplified by), and whole numbers pack well. This is a
picture, never a measure: nothing is computed from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geo.render.codec import Block, columns_block
from geo.render.packed import Packed
from geo.sources.arcs import Arcs

ZOOM = 10
"""Zoom level whose pixels are the grid."""

WORLD = 256 * 2**ZOOM
"""Steps of the grid around the world."""

INNER, STATE, OUTER = 0, 1, 2
"""Kinds of border: inside one state, between two states, the edge of the country."""

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GridArcs:
    """Areas as rings of shared arcs on the grid, as :class:`geo.sources.arcs.Arcs` has them.

    `border` says of each arc whether it is :data:`INNER`, :data:`STATE` or :data:`OUTER`; `x` and
    `y` count in `grain` steps of the grid.
    """

    x: IntArray
    y: IntArray
    arc_start: IntArray
    ring_arcs: IntArray
    ring_start: IntArray
    ring_area: IntArray
    border: IntArray
    grain: int = 1


def to_grid(lon: FloatArray, lat: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the place of points on the grid: steps east of 180° W and south of the top.

    Examples
    --------
    >>> x, y = to_grid(np.array([-180.0, 0.0]), np.array([85.0511287798066, 0.0]))
    >>> x.tolist(), y.tolist()
    ([0, 131072], [0, 131072])
    """
    x = (np.asarray(lon) + 180) / 360 * WORLD
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * WORLD
    return np.rint(x).astype(np.int64), np.rint(y).astype(np.int64)


def on_grid(arcs: Arcs, *, states: bool = True, grain: int = 1) -> GridArcs:
    """Return the arcs on the grid, without vertices that repeat the one before.

    Both ends of an arc stay, so that rings still close and shared borders stay shared.

    Parameters
    ----------
    states
        The first two digits of the codes are a state; else every code is a country of its own.
    grain
        Steps of the grid that are one; what is only scenery need not be fine.

    Examples
    --------
    Two squares side by side, in two states: their common border is a state border.

    >>> from geo.sources.arcs import toy_arcs
    >>> on_grid(toy_arcs()).border.tolist()
    [1, 2, 2]
    """
    x, y = (np.rint(at / grain).astype(np.int64) for at in to_grid(arcs.lon, arcs.lat))
    start = np.asarray(arcs.arc_start)
    keep = np.ones(len(x), dtype=bool)
    keep[1:] = (np.diff(x) != 0) | (np.diff(y) != 0)
    keep[start[:-1]] = True
    keep[start[1:] - 1] = True
    kept_before = np.r_[0, np.cumsum(keep)]
    return GridArcs(
        x=x[keep],
        y=y[keep],
        arc_start=kept_before[start],
        ring_arcs=np.asarray(arcs.ring_arcs),
        ring_start=np.asarray(arcs.ring_start),
        ring_area=np.asarray(arcs.ring_area),
        border=border_kinds(arcs, states=states),
        grain=grain,
    )


def border_kinds(arcs: Arcs, *, states: bool) -> IntArray:
    """Return the kind of each arc, from the states of the rings that use it."""
    n_arcs = len(arcs.arc_start) - 1
    owners = [code[:2] if states else code for code in arcs.codes]
    state_of = np.unique(owners, return_inverse=True)[1]
    ring_of_use = np.repeat(np.arange(len(arcs.ring_area)), np.diff(arcs.ring_start))
    state = state_of[arcs.ring_area][ring_of_use]
    arc = np.where(arcs.ring_arcs >= 0, arcs.ring_arcs, ~arcs.ring_arcs)
    uses = np.bincount(arc, minlength=n_arcs)
    low = np.full(n_arcs, np.iinfo(np.int64).max)
    high = np.full(n_arcs, -1)
    np.minimum.at(low, arc, state)
    np.maximum.at(high, arc, state)
    return np.where(uses < 2, OUTER, np.where(low == high, INNER, STATE)).astype(np.int64)


def geometry_block(name: str, grid: GridArcs) -> Block:
    """Return the arcs as a block of the page.

    Nothing is said twice: where an arc begins follows from the rings, because each arc of a ring
    begins where the one before ends. The arcs are numbered in the order in which the rings first
    use them, and run the way they are used first.

    The columns are ``arc_length`` and ``border`` (one an arc), ``step_x`` and ``step_y`` (from
    vertex to vertex), ``ring_length`` and ``ring_area`` (one a ring), ``ring_arcs``, and
    ``first_x`` and ``first_y``. In ``ring_arcs`` 0 is the next arc that no ring had before; `n` is
    the arc `n` before that one, run backward, and `-n` the same, run forward. ``first_x`` and
    ``first_y`` say where each ring begins that has only new arcs. All places are in steps of
    ``grain``.
    """
    order, refs, first = _walked(grid)
    turned = order < 0
    arc = np.where(turned, ~order, order)
    length = np.diff(grid.arc_start)[arc]
    # Vertex by vertex in the new order: from the first one of the arc up, or from the last down.
    place = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    begin = np.where(turned, grid.arc_start[arc + 1] - 1, grid.arc_start[arc])
    vertex = np.repeat(begin, length) + np.repeat(np.where(turned, -1, 1), length) * place
    inside = place > 0
    return columns_block(
        name,
        {
            "grain": Packed("whole", np.array([grid.grain])),
            "arc_length": Packed("whole", length),
            "border": Packed("whole", grid.border[arc]),
            "first_x": Packed("delta", grid.x[first]),
            "first_y": Packed("delta", grid.y[first]),
            "step_x": Packed("signed", np.diff(grid.x[vertex], prepend=0)[inside]),
            "step_y": Packed("signed", np.diff(grid.y[vertex], prepend=0)[inside]),
            "ring_length": Packed("whole", np.diff(grid.ring_start)),
            "ring_area": Packed("delta", grid.ring_area),
            "ring_arcs": Packed("signed", refs),
        },
    )


def _walked(grid: GridArcs) -> tuple[IntArray, IntArray, IntArray]:
    """Return the arcs in the order of first use, the rings in these terms, and their beginnings.

    An arc that is used backward first is given as its complement. The beginnings are vertices:
    those of rings that have only new arcs.
    """
    number: dict[int, int] = {}
    order: list[int] = []
    refs: list[int] = []
    first: list[int] = []
    starts = grid.ring_start.tolist()
    used = grid.ring_arcs.tolist()
    for begin, end in pairwise(starts):
        ring = used[begin:end]
        if not any(max(ref, ~ref) in number for ref in ring):
            ref = ring[0]
            first.append(int(grid.arc_start[ref] if ref >= 0 else grid.arc_start[~ref + 1] - 1))
        for ref in ring:
            arc = max(ref, ~ref)
            if arc in number:
                same = order[number[arc]] == ref
                back = len(order) - number[arc]
                refs.append(-back if same else back)
            else:
                number[arc] = len(order)
                order.append(ref)
                refs.append(0)
    whole = (np.array(values, dtype=np.int64) for values in (order, refs, first))
    return next(whole), next(whole), next(whole)
