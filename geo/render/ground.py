"""What every map of the country stands on: shapes, names, cities, neighbors, seas."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd

from geo.errors import SchemaError, SettingsError
from geo.render.codec import Block, columns_block, json_block
from geo.render.geometry import geometry_block, on_grid, to_grid
from geo.render.mapdata import LEVELS, Level
from geo.render.packed import Packed
from geo.render.shapes import thinned
from geo.render.text import clean
from geo.sources import boundaries
from geo.sources.arcs import Arcs
from geo.study.settings import Detail

SHORT_STATES: Mapping[str, str] = {
    "05": "Coahuila",
    "09": "CDMX",
    "15": "Edo. Méx.",
    "16": "Michoacán",
    "30": "Veracruz",
}
"""Names of states that are too long to be written on them."""

DETAILS: tuple[Detail, ...] = get_args(Detail)

_LOW_M = 1000.0
"""What the low detail takes from the standard one, in meters; the two add up."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Shapes and names, before they are packed.

    Attributes
    ----------
    arcs
        Municipalities for display, sharing their borders.
    context
        Neighboring countries and their coasts.
    labels
        For each level: cvegeo, name, lon, lat.
    places
        Names of countries and seas: kind, name_en, name_es, lon, lat, rank (1 is written first).
    cities
        name, lon, lat, rank (0 for the national capital, 1 for large cities, 2 for others).
    """

    arcs: Arcs
    context: Arcs
    labels: Mapping[Level, pd.DataFrame]
    places: pd.DataFrame
    cities: pd.DataFrame

    def codes(self, level: Level) -> tuple[str, ...]:
        """Return the codes of the areas that are drawn at a level, ascending."""
        if level == "municipality":
            return self.arcs.codes
        return tuple(sorted({code[:2] for code in self.arcs.codes}))

    def named(self, level: Level) -> pd.DataFrame:
        """Return the labels of the areas that are drawn, in the order of their codes.

        Raises
        ------
        SchemaError
            An area has no label.
        """
        codes = list(self.codes(level))
        table = self.labels[level].set_index("cvegeo").reindex(codes)
        if missing := table.index[table["lon"].isna()].tolist():
            raise SchemaError(f"{len(missing)} areas have no label: {', '.join(missing[:5])}")
        return table


_AROUND = 4
"""Grain of the neighbors: their outlines are of a scale of 1 : 50 million."""


@functools.cache
def load_ground(detail: Detail = "standard") -> Ground:
    """Return the shapes and names that `geo` ships.

    Parameters
    ----------
    detail
        How far borders may lie from where they are: ``"standard"`` 500 m, ``"high"`` 250 m,
        ``"low"`` 1.5 km.

    Raises
    ------
    SettingsError
        Another detail.
    """
    return Ground(
        arcs=_arcs(detail),
        context=boundaries.load_basemap_arcs(),
        labels={level: boundaries.load_labels(level) for level in LEVELS},
        places=pd.DataFrame(boundaries.load_basemap().drop(columns="geometry")),
        cities=boundaries.load_cities(),
    )


def _arcs(detail: Detail) -> Arcs:
    if detail not in DETAILS:
        raise SettingsError(f"{detail!r} is not a detail; choose {', '.join(DETAILS)}")
    if detail == "high":
        return boundaries.load_arcs("fine")
    arcs = boundaries.load_arcs("display")
    return thinned(arcs, _LOW_M) if detail == "low" else arcs


def ground_blocks(ground: Ground, names: Mapping[Level, Mapping[str, str]]) -> list[Block]:
    """Return the blocks that every map starts with.

    The codes of the areas are numbers in their block of labels: 9002 is 09002.

    Parameters
    ----------
    names
        Names to show instead of the shipped ones, by level and code.
    """
    return [
        geometry_block("areas", on_grid(ground.arcs)),
        geometry_block("context", on_grid(ground.context, states=False, grain=_AROUND)),
        json_block(
            "names", {level: _names(ground, level, names.get(level, {})) for level in LEVELS}
        ),
        *(columns_block(f"labels-{level}", _label_points(ground, level)) for level in LEVELS),
        json_block("places", {"places": _places(ground.places), "cities": _cities(ground.cities)}),
    ]


def _names(ground: Ground, level: Level, given: Mapping[str, str]) -> dict[str, Any]:
    table = ground.named(level)
    shown = {code: given.get(code, name) for code, name in table["name"].items()}
    # A name that somebody gave is written as it was given.
    short = {
        code: SHORT_STATES[code]
        for code, name in table["name"].items()
        if code in SHORT_STATES and shown[code] == name
    }
    return {
        "name": [clean(name) for name in shown.values()],
        "short": short,
    }


def _label_points(ground: Ground, level: Level) -> dict[str, Packed]:
    table = ground.named(level)
    x, y = to_grid(table["lon"].to_numpy(dtype=float), table["lat"].to_numpy(dtype=float))
    codes = np.array([int(code) for code in table.index], dtype=np.int64)
    return {"code": Packed("delta", codes), "x": Packed("delta", x), "y": Packed("delta", y)}


def _places(places: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = places.sort_values("rank", kind="stable")
    x, y = to_grid(ordered["lon"].to_numpy(dtype=float), ordered["lat"].to_numpy(dtype=float))
    return [
        {
            "kind": place.kind,
            "en": place.name_en,
            "es": place.name_es,
            "rank": int(place.rank),
            "x": east,
            "y": south,
        }
        for place, east, south in zip(ordered.itertuples(), x.tolist(), y.tolist(), strict=True)
    ]


def _cities(cities: pd.DataFrame) -> list[dict[str, Any]]:
    ordered = cities.sort_values(["rank", "population"], ascending=[True, False], kind="stable")
    x, y = to_grid(ordered["lon"].to_numpy(dtype=float), ordered["lat"].to_numpy(dtype=float))
    return [
        {"name": clean(name), "rank": int(rank), "x": east, "y": south}
        for name, rank, east, south in zip(
            ordered["name"], ordered["rank"], x.tolist(), y.tolist(), strict=True
        )
    ]
