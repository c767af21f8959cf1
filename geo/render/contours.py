"""A density of events as the ground between lines of equal density, in the plane of pictures.

The page draws the same lines (:mod:`geo.render.density_layer`), on a grid of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.render import palette, wording
from geo.render.density_layer import check_density, density_config, rings_above
from geo.render.text import Language
from geo.render.words import say
from geo.steps.surface import Surface

Rings = tuple[npt.NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Contours:
    """A density as classes of the ground, lowest first.

    Attributes
    ----------
    above
        The ground above each bound between two classes, as closed rings in meters; a hole runs the
        other way than what it is cut from.
    colors, names, shares
        Of each class: color, name and part of the land.
    period, sentence, method
        Words: of which days it is, what it is, and how it was made.
    """

    above: tuple[Rings, ...]
    colors: tuple[str, ...]
    names: tuple[str, ...]
    shares: tuple[float, ...]
    period: str
    sentence: str
    method: str


def contours_of(surface: Surface, language: Language) -> Contours:
    """Return a density as a picture shows it, in the classes and the words of the page.

    Raises
    ------
    SettingsError
        The surface shows no density.
    """
    check_density(surface)
    told = density_config(surface)
    bounds = tuple(told["bounds"])
    above, _ = rings_above(surface)
    fills = {
        "window": wording.days_name(language, told["start"], told["end"]),
        "events": wording.whole(told["events"]),
        "km": f"{told['bandwidthKm']:,.1f}".removesuffix(".0"),
    }
    return Contours(
        above=tuple(map(tuple, above)),
        colors=palette.sequential(len(bounds) + 1),
        names=_names(bounds, language),
        shares=tuple(told["shares"]),
        period=fills["window"],
        sentence=say(language, "density.sentence", **fills),
        method=_method(told, fills, language),
    )


def _names(bounds: tuple[float, ...], language: Language) -> tuple[str, ...]:
    if not bounds:
        return (say(language, "density.same"),)
    said = [wording.bound(one) for one in bounds]
    between = (say(language, "class.above", low=low, high=high) for low, high in pairwise(said))
    return (
        say(language, "class.upTo", high=said[0]),
        *between,
        say(language, "density.over", low=said[-1]),
    )


def _method(told: dict[str, Any], fills: dict[str, str], language: Language) -> str:
    parts = [
        say(
            language,
            "density.method",
            **fills,
            kernel=say(language, f"density.kernel.{told['kernel']}"),
            chosen=say(language, f"density.chosen.{told['chosen']}"),
        )
    ]
    if told["adaptive"]:
        parts.append(say(language, "density.adaptive"))
    if number := sum(one["number"] for one in told["leftOut"]):
        reasons = "; ".join(
            f"{wording.whole(one['number'])} {say(language, 'density.left.' + one['reason'])}"
            for one in told["leftOut"]
        )
        left = say(language, "caption.leftOut", number=wording.whole(number), reasons=reasons)
        parts.append(left)
    return " ".join(parts)
