"""The clusters of a scan over the areas of a picture: circles with a number, and their list."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import crs
from geo.render import wording
from geo.render.ground import Ground
from geo.render.mapdata import Level, Period
from geo.render.scan_layer import scan_content
from geo.render.sheet import INK, font
from geo.render.text import Language
from geo.render.words import say
from geo.steps.scan import ScanResults

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SURE = 0.05
"""Greatest p of a cluster that is drawn; the page draws the same."""

LEAST, BADGE = 11.0, 5.6
"""Radii in points: of the smallest circle, and of a number."""

_BEYOND = 3.0
"""A circle is so much larger than the areas it holds, in points."""


@dataclass(frozen=True, slots=True)
class Circle:
    """One cluster: its rank, its place in the plane in meters, and what the legend says of it."""

    rank: int
    east: float
    north: float
    radius_m: float
    is_now: bool
    name: str
    times: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """The clusters that are drawn, likeliest first, and the words that go with them."""

    circles: tuple[Circle, ...]
    title: str
    unit: str
    now: str
    other: str
    note: str
    method: str


def clusters_of(
    scan: ScanResults, ground: Ground, language: Language, period: Period,
    *, state: str | None = None,
) -> Clusters:  # fmt: skip
    """Return the clusters of a scan that are not likely to be chance.

    Parameters
    ----------
    scan
        What :func:`geo.find_clusters` returned.
    ground
        The areas that are drawn.
    language
        Of the words.
    period
        What the picture shows; a cluster without a day in it is drawn with dashes.
    state
        Code of a state: clusters around its areas alone.

    Raises
    ------
    SchemaError, SettingsError
        The scan is of areas that are not drawn.
    """
    codes: Mapping[Level, Sequence[str]] = {
        "state": ground.codes("state"), "municipality": ground.codes("municipality"),
    }  # fmt: skip
    told = scan_content(scan, codes)
    level: Level = told["level"]
    sure = [one for one in told["clusters"] if one["p"] is None or one["p"] <= SURE]
    drawn = [one for one in sure if state is None or codes[level][one["center"]][:2] == state]
    window = ""
    if told["start"] is not None:
        window = wording.days_name(language, told["start"], told["end"])
    return Clusters(
        circles=tuple(_circle(one, ground, level, language, period) for one in drawn),
        title=say(language, "layer.scan"),
        unit=say(language, "scan.unit"),
        now=say(language, "scan.now"),
        other=say(language, "scan.other"),
        note=say(language, "scan.note" if drawn else "scan.none"),
        method=_method(told, window, language),
    )


def _circle(
    told: Mapping[str, Any], ground: Ground, level: Level, language: Language, period: Period
) -> Circle:
    row = ground.named(level).iloc[told["center"]]
    east, north = crs.project(np.array([row["lon"]]), np.array([row["lat"]]))
    name = wording.one_line(row["name"])
    if level == "municipality":
        states = ground.named("state")["name"]
        name = f"{name}, {wording.one_line(states[str(row.name)[:2]])}"
    return Circle(
        rank=told["rank"],
        east=float(east[0]),
        north=float(north[0]),
        radius_m=told["radiusKm"] * 1_000,
        is_now=told["start"] < period.end.isoformat() and told["end"] > period.start.isoformat(),
        name=f"{name} · {wording.days_name(language, told['start'], told['end'])}",
        times=say(language, "fact.times", ratio=_ratio(told["observed"] / told["expected"])),
    )


def _ratio(value: float) -> str:
    """Return a ratio with as many decimals as say something."""
    return f"{value:,.{1 if value >= 10 else 2}f}"


def _method(told: Mapping[str, Any], window: str, language: Language) -> str:
    parts = [
        say(language, f"scan.method.{told['over']}", window=window),
        say(language, f"scan.model.{told['model']}"),
    ]
    if told["share"] is not None:
        parts.append(say(language, "scan.share", share=wording.percent(told["share"])))
    if told["replicates"]:
        fills = {"replicates": wording.whole(told["replicates"]), "seed": told["seed"]}
        parts.append(say(language, "scan.replicates", **fills))
        if told["dispersion"] is not None:
            parts.append(say(language, "scan.dispersed"))
    else:
        parts.append(say(language, "scan.noReplicates"))
    return " ".join(parts)


def number_size(rank: int) -> float:
    """Return the size of the letters of a number in its disc, in points."""
    return 7.4 if rank < 10 else 6.0


def draw_circles(axes: Axes, clusters: Clusters, scale: float) -> list[tuple[float, float]]:
    """Draw the circles, the likeliest last; return the places of their numbers in the plane.

    Parameters
    ----------
    axes
        In meters.
    clusters
        What is drawn.
    scale
        Points of a meter.
    """
    from matplotlib.patches import Circle as Ring

    badges = []
    for circle in reversed(clusters.circles):
        radius = max(circle.radius_m + _BEYOND / scale, LEAST / scale)
        for color, width, dashes in (
            ("#ffffff", 3.4, "solid"),
            (INK, 1.4, "solid" if circle.is_now else (0, (3.2, 2.4))),
        ):
            axes.add_patch(
                Ring(
                    (circle.east, circle.north), radius, fill=False, edgecolor=color,
                    linewidth=width, linestyle=dashes, alpha=0.9 if width > 3 else 1,
                )
            )  # fmt: skip
        place = _badge_place(axes, circle, radius, (BADGE + 1) / scale)
        axes.plot(
            *place, marker="o", color=INK, markersize=2 * BADGE, markeredgecolor="#ffffff",
            markeredgewidth=1.0, linestyle="none",
        )  # fmt: skip
        axes.text(
            *place, str(circle.rank), color="#ffffff", ha="center", va="center_baseline",
            parse_math=False, fontproperties=font(number_size(circle.rank), "bold"), clip_on=True,
        )  # fmt: skip
        badges.append(place)
    return badges


def _badge_place(axes: Axes, circle: Circle, radius: float, room: float) -> tuple[float, float]:
    """Return the place of a number on its circle: the upper right, or where it is in the frame."""
    side = radius * math.sqrt(0.5)
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    places = [
        (circle.east + east * side, circle.north + north * side)
        for east, north in ((1, 1), (-1, 1), (1, -1), (-1, -1))
    ]
    for east, north in places:
        if left + room < east < right - room and bottom + room < north < top - room:
            return east, north
    return places[0]
