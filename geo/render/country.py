"""The country in its frame: areas by class, borders, neighbors, seas, names and a scale.

Whatever is drawn over the whole map is drawn in this order, so that borders lie on areas and names
on borders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo import crs
from geo.render import legend, palette
from geo.render.chosen import Chosen
from geo.render.circles import BADGE, draw_circles
from geo.render.ground import SHORT_STATES, Ground
from geo.render.paint import NO_DATA, NOT_ASKED
from geo.render.shapes import Rings, Shapes, shapes_of
from geo.render.sheet import COAST, INK, LAND, SEA, font, text_width
from geo.render.text import Language
from geo.render.wording import one_line

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Outline

    from geo.render.contours import Contours

_UNDER, _INNER, _STATE = "#b9b2a6", "#5d564e", "#39424c"
_COUNTRY_NAME, _SEA_NAME, _STATE_NAME = "#7d8791", "#7d97ad", "#2f3a45"
_CONTOUR = "#2e1a12"
_OTHERS = "#e4e1da"
"""Other states than the one that a picture is cut to."""

_ROOM = 0.035
"""Free room around the country, as a part of its size."""

_WIDE = 700.0
"""Width of a map, in points, from which bays and small neighbors have names."""

_NARROW = 300.0
"""Width of a map, in points, up to which municipalities have no lines, and names less room."""

_OVERHANG, _NARROW_OVERHANG = 1.5, 1.0
"""A state whose name is wider than so many times itself goes without."""

_CITY, _TOWN, _TOWN_NAME = 6.4, 5.6, "#26313c"
_METERS_AT_ZOOM_0 = 156_543.03 * 0.916
"""Meters of a pixel of the page at zoom 0, in the middle of Mexico."""

_PIXELS = 0.75
"""Points of a pixel of the page."""

_CITIES_FROM, _MORE_CITIES_FROM = 6.0, 7.25
"""Zoom of the page from which it shows cities, and all of them."""

_SHOWN_PT = 0.12
"""Finest step that is drawn, in points."""


@dataclass(frozen=True, slots=True)
class _View:
    """What the frame shows of the plane, and how many points a meter is."""

    left: float
    bottom: float
    right: float
    top: float
    scale: float


def _view(points: np.ndarray, width: float, height: float) -> _View:
    """Return the view that holds all points and fills the frame."""
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    room = 1 + 2 * _ROOM
    scale = min(width / ((right - left) * room), height / ((top - bottom) * room))
    east, north = (left + right) / 2, (bottom + top) / 2
    half_width, half_height = width / scale / 2, height / scale / 2
    return _View(
        east - half_width, north - half_height, east + half_width, north + half_height, scale
    )


def _view_of(ground: Ground, state: str | None, width: float, height: float) -> _View:
    """Return the view of the country, or that of one state."""
    if state is None:
        points = np.column_stack(crs.project(ground.arcs.lon, ground.arcs.lat))
    else:
        coarse = shapes_of(ground.arcs, "state", tolerance_m=1_000)
        points = np.concatenate(coarse.rings[state])
    return _view(points, width, height)


def draw_country(
    axes: Axes, ground: Ground, chosen: Chosen, language: Language, width: float, height: float
) -> None:
    """Draw all areas into axes of so many points, in their colors, with what is around them."""
    view = _view_of(ground, chosen.state, width, height)
    tolerance = _SHOWN_PT / view.scale
    shapes = shapes_of(ground.arcs, chosen.level, tolerance_m=tolerance)
    states = shapes_of(ground.arcs, "state", tolerance_m=tolerance)
    around = shapes_of(ground.context, "state", tolerance_m=tolerance * 2, states=False)
    axes.set_xlim(view.left, view.right)
    axes.set_ylim(view.bottom, view.top)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(SEA)
    for spine in axes.spines.values():
        spine.set(color="#aab6c1", linewidth=0.7)
    _fill(axes, around.rings.values(), LAND)
    _stroke(axes, (*around.state, *around.outer), COAST, 0.6)
    _fill(axes, states.rings.values(), _UNDER)
    if chosen.contours is None:
        _draw_areas(axes, shapes, chosen)
    else:
        _draw_density(axes, states, chosen, chosen.contours)
    _draw_borders(axes, shapes, inner=width > _NARROW and chosen.contours is None)
    names = _Names(axes, view, width, height)
    if chosen.clusters is not None:
        names.keep_free(draw_circles(axes, chosen.clusters, view.scale), BADGE + 1.5)
    names.draw_cities(ground)
    if chosen.state is not None:
        names.draw_municipalities(ground, shapes, chosen.state)
    names.draw(ground, states, language)
    _draw_scale(axes, view, width)


def _draw_areas(axes: Axes, shapes: Shapes, chosen: Chosen) -> None:
    """Fill the areas class by class: neighbors of one class then have no seam between them."""
    of_class: dict[int, list[str]] = {}
    others = [] if chosen.state is None else [c for c in shapes.rings if c[:2] != chosen.state]
    _fill(axes, [shapes.rings[code] for code in others], _OTHERS)
    for code in shapes.rings:
        if chosen.state in (None, code[:2]):
            missing = NOT_ASKED if code in chosen.outside else NO_DATA
            of_class.setdefault(chosen.classes.get(code, missing), []).append(code)
    for at, codes in sorted(of_class.items()):
        rings = [shapes.rings[code] for code in codes]
        if at == NOT_ASKED:
            _fill(axes, rings, palette.NOT_ASKED)
            continue
        if at == NO_DATA:
            _fill(axes, rings, palette.MISSING)
            _fill(axes, rings, "none", hatch=legend.MISSING_HATCH, ink=legend.MISSING_INK)
            continue
        color = chosen.colors[at]
        _fill(axes, rings, color)
        if at in chosen.lined:
            _fill(axes, rings, "none", hatch=legend.LINED_HATCH, ink=legend.few_ink(color))
        few = [shapes.rings[code] for code in codes if code in chosen.few]
        if few:
            _fill(axes, few, "none", hatch=legend.FEW_HATCH, ink=legend.few_ink(color))
        if part := [shapes.rings[code] for code in codes if code in chosen.part]:
            _fill(axes, part, "none", hatch=legend.PART_HATCH, ink=legend.few_ink(color))


def _draw_density(axes: Axes, states: Shapes, chosen: Chosen, contours: Contours) -> None:
    """Fill the land by classes of density, each over the one below, with lines between them."""
    from matplotlib.patches import PathPatch

    asked = [code for code in states.rings if chosen.state in (None, code)]
    _fill(axes, [states.rings[code] for code in states.rings if code not in asked], _OTHERS)
    outline = _outline((ring for code in asked for ring in states.rings[code]), closed=True)
    if outline is None:
        return
    land = PathPatch(outline, facecolor=contours.colors[0], linewidth=0)
    axes.add_artist(land)
    for rings, color in zip(contours.above, contours.colors[1:], strict=True):
        for artist in (
            _fill(axes, [rings], color),
            _stroke(axes, rings, _CONTOUR, 0.5, alpha=0.62),
        ):
            if artist is not None:
                artist.set_clip_path(land)


def _draw_borders(axes: Axes, shapes: Shapes, *, inner: bool) -> None:
    if inner:
        _stroke(axes, shapes.inner, _INNER, 0.14, alpha=0.55)
    _stroke(axes, (*shapes.state, *shapes.outer), _STATE, 0.55 if shapes.inner else 0.65)


def _outline(lines: Iterable[np.ndarray], *, closed: bool) -> Outline | None:
    from matplotlib.path import Path as Outline

    given = list(lines)
    if not given:
        return None
    codes = []
    for line in given:
        code = np.full(len(line), Outline.LINETO, dtype=np.uint8)
        code[0] = Outline.MOVETO
        if closed:
            code[-1] = Outline.CLOSEPOLY
        codes.append(code)
    return Outline(np.concatenate(given), np.concatenate(codes))


def _fill(
    axes: Axes, areas: Iterable[Rings], color: str, *, hatch: str | None = None, ink: str = INK
) -> Artist | None:
    from matplotlib.patches import PathPatch

    outline = _outline((ring for rings in areas for ring in rings), closed=True)
    if outline is None:
        return None
    return axes.add_artist(
        PathPatch(outline, facecolor=color, edgecolor=ink, linewidth=0, hatch=hatch)
    )


def _stroke(
    axes: Axes, lines: Rings, color: str, width: float, *, alpha: float = 1
) -> Artist | None:
    from matplotlib.patches import PathPatch

    outline = _outline(lines, closed=False)
    if outline is None:
        return None
    return axes.add_artist(
        PathPatch(
            outline,
            fill=False,
            edgecolor=color,
            linewidth=width,
            alpha=alpha,
            joinstyle="round",
            capstyle="round",
        )
    )


class _Names:
    """Names on the map: important ones first, none over another or over the edge."""

    def __init__(self, axes: Axes, view: _View, width: float, height: float) -> None:
        self.axes, self.view, self.width, self.height = axes, view, width, height
        self.taken: list[tuple[float, float, float, float]] = []
        self.cities: set[str] = set()

    def keep_free(self, places: Iterable[tuple[float, float]], radius: float) -> None:
        """Write no name within so many points of places in the plane."""
        for east, north in places:
            x = (east - self.view.left) * self.view.scale
            y = (north - self.view.bottom) * self.view.scale
            self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def draw(self, ground: Ground, states: Shapes, language: Language) -> None:
        """Write the names of states, neighbors and seas."""
        # The scale stands in the lower left corner.
        self.taken.append((0, 0, 130, 26))
        small = 6.6 if self.width > 420 else 5.4
        overhang = _OVERHANG if self.width > _NARROW else _NARROW_OVERHANG
        named = ground.named("state")
        for code in sorted(named.index, key=lambda code: (-_extent(states.rings[code]), code)):
            row = named.loc[code]
            name = SHORT_STATES.get(code, one_line(row["name"]))
            every = np.concatenate(states.rings[code])
            room = float(np.ptp(every[:, 0])) * self.view.scale
            if text_width(name, small) > overhang * room:
                continue
            self._write(name, row["lon"], row["lat"], small, _STATE_NAME, "#ffffff", fits=1.15)
        places = ground.places.sort_values("rank", kind="stable")
        # Names of bays and small neighbors lie over coasts where the map is small.
        for place in places[places["rank"] <= (2 if self.width > _WIDE else 1)].itertuples():
            name = one_line(place.name_es if language == "es" else place.name_en)
            if place.kind == "sea":
                self._write(name, place.lon, place.lat, small + 1.2, _SEA_NAME, SEA, italic=True)
            else:
                self._write(name.upper(), place.lon, place.lat, small, _COUNTRY_NAME, LAND)

    def draw_cities(self, ground: Ground) -> None:
        """Mark the cities that the page shows at this scale, each with its name beside."""
        zoom = np.log2(_METERS_AT_ZOOM_0 * self.view.scale / _PIXELS)
        if zoom < _CITIES_FROM:
            return
        most = 1 if zoom < _MORE_CITIES_FROM else int(ground.cities["rank"].max())
        wanted = ground.cities[ground.cities["rank"] <= most]
        wanted = wanted.sort_values(["rank", "population"], ascending=[True, False], kind="stable")
        size = _CITY
        for city in wanted.itertuples():
            name = one_line(city.name)
            beside = text_width(name, size) / 2 + 5
            ways = ((beside, 0.0), (-beside, 0.0), (0.0, 7.5), (0.0, -7.5))
            if any(
                self._write(name, city.lon, city.lat, size, INK, "#ffffff", moved=way)
                for way in ways
            ):
                x, y = self._place(city.lon, city.lat)
                self.taken.append((x - 3, y - 3, x + 3, y + 3))
                self.axes.plot(
                    *self._plane(city.lon, city.lat), marker="o", color=INK, markersize=3.2,
                    markeredgecolor="#ffffff", markeredgewidth=0.7, linestyle="none",
                )  # fmt: skip
                self.cities.add(name)

    def draw_municipalities(self, ground: Ground, shapes: Shapes, state: str) -> None:
        """Write the names of a state's municipalities, the largest first, where they fit."""
        named = ground.named("municipality")
        codes = [code for code in shapes.rings if code.startswith(state)]
        for code in sorted(codes, key=lambda code: (-_extent(shapes.rings[code]), code)):
            row = named.loc[code]
            name = one_line(row["name"])
            room = float(np.ptp(np.concatenate(shapes.rings[code])[:, 0])) * self.view.scale
            # The city of the same name stands there already.
            if name in self.cities or text_width(name, _TOWN) > _OVERHANG * room:
                continue
            self._write(name, row["lon"], row["lat"], _TOWN, _TOWN_NAME, "#ffffff")

    def _plane(self, lon: float, lat: float) -> tuple[float, float]:
        easting, northing = crs.project(np.array([lon]), np.array([lat]))
        return float(easting[0]), float(northing[0])

    def _place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place is in the frame, in points."""
        east, north = self._plane(lon, lat)
        x = (east - self.view.left) * self.view.scale
        return x, (north - self.view.bottom) * self.view.scale

    def _write(
        self, name: str, lon: float, lat: float, size: float, color: str, halo: str, *,
        italic: bool = False, fits: float = 1.0, moved: tuple[float, float] = (0.0, 0.0),
    ) -> bool:  # fmt: skip
        """Write a name if there is room for it; return whether there was."""
        from matplotlib.patheffects import Stroke

        x, y = (at + by for at, by in zip(self._place(lon, lat), moved, strict=True))
        east, north = self._plane(lon, lat)
        place = east + moved[0] / self.view.scale, north + moved[1] / self.view.scale
        half = text_width(name, size, "italic" if italic else "normal") / 2 * fits
        box = (x - half, y - size * 0.62, x + half, y + size * 0.62)
        inside = box[0] > 3 and box[2] < self.width - 3 and box[1] > 3 and box[3] < self.height - 3
        if not inside or any(_overlap(box, other) for other in self.taken):
            return False
        self.taken.append(box)
        effects = [Stroke(linewidth=2.0, foreground=halo, alpha=0.8)]
        # The halo becomes an outline; the name itself is written over it and stays text.
        for under in (effects, None):
            self.axes.text(
                *place, name, color=color, path_effects=under, ha="center", va="center_baseline",
                parse_math=False, fontproperties=font(size, "italic" if italic else "normal"),
            )  # fmt: skip
        return True


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _extent(rings: Rings) -> float:
    """Return the width times the height of what rings hold."""
    every = np.concatenate(rings)
    return float(np.prod(every.max(axis=0) - every.min(axis=0)))


def _draw_scale(axes: Axes, view: _View, width: float) -> None:
    """Draw a bar of a round length, at most a fifth of the map's width."""
    longest = width / 5 / view.scale / 1000
    power = 10 ** np.floor(np.log10(longest))
    length = max(step * power for step in (1, 2, 3, 5) if step * power <= longest)
    left, bottom = view.left + 10 / view.scale, view.bottom + 9 / view.scale
    right = left + length * 1000
    tick = 3 / view.scale
    axes.plot(
        [left, left, right, right], [bottom + tick, bottom, bottom, bottom + tick],
        color=INK, linewidth=1, solid_capstyle="butt", solid_joinstyle="miter",
    )  # fmt: skip
    axes.text(
        left, bottom + 4.5 / view.scale, f"{length:,g} km", fontproperties=font(6.8), color=INK,
        parse_math=False,
    )  # fmt: skip
