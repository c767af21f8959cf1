"""The layer of events: points that may be shown, by type, as a heat map, by deaths."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.export.qgis.fields import fields
from geo.export.qgis.parts import Layer, Style, Temporal, fit
from geo.export.qgis.renderers import heat, of_points
from geo.export.qgis.words import word
from geo.render import wording
from geo.render.palette import MISSING, sequential
from geo.render.text import Language
from geo.sources import boundaries
from geo.steps.coarsen import CELL_KM, Points, show_points
from geo.study.labels import label

TYPE_COLORS = (
    "#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7", "#56b4e9", "#002080",
)  # fmt: skip
"""Colors of the types as in the charts of the map: those of Okabe and Ito (2008), and navy."""

OTHER, OTHER_COLOR = "other", "#646464"
LONGEST_CELL = 250
"""Characters of a cell of text; the rest is cut with a mark."""

DEATHS = ((1, 1, "1"), (2, 4, "2–4"), (5, 9, "5–9"), (10, None, "10+"))
"""Classes of the number of deaths: from, to, name."""

_SHOWN = (
    "date", "event_type", "sub_event_type", "fatalities", "civilian_targeting", "geo_precision",
    "time_precision", "cvegeo", "municipality", "state", "type_class", "death_class",
)  # fmt: skip
_EXACT = ("event_id", "actor1", "actor2")


def event_layer(located: gpd.GeoDataFrame, points: Points, language: Language) -> Layer | None:
    """Return the events as points; None where none are asked for.

    Coarse points go without ids and actors: they are meant to be passed on.
    """
    if points == "none":
        return None
    shown, left_out = show_points(located, points=points)
    shown = shown.sort_values(["event_date", "event_id"], kind="stable")
    types = [one or "" for one in _cells(shown["event_type"])]
    classes = type_classes(types, language)
    known = {value for value, _, _ in classes}
    rows = pd.DataFrame(
        {
            "date": shown["event_date"].to_numpy(),
            "event_type": types,
            "sub_event_type": _cells(shown["sub_event_type"]),
            "fatalities": shown["fatalities"].to_numpy(),
            "civilian_targeting": shown["civilian_targeting"].to_numpy(),
            "geo_precision": shown["geo_precision"].to_numpy(),
            "time_precision": shown["time_precision"].to_numpy(),
            "cvegeo": shown["cvegeo"].to_numpy(),
            "municipality": _names("municipality", shown["cvegeo"]),
            "state": _names("state", shown["cve_ent"]),
            "type_class": [one if one in known else OTHER for one in types],
            "death_class": death_classes(shown["fatalities"]),
        }
    )
    names: tuple[str, ...] = _SHOWN
    if points == "exact":
        names = (*_EXACT, *_SHOWN)
        for name in _EXACT:
            rows[name] = _cells(shown[name])
    said = word(language, f"points.{points}", km=f"{CELL_KM:g}")
    return Layer(
        name="events",
        title=word(language, "layer.events"),
        abstract=word(language, "abstract.events", left_out=wording.whole(left_out), points=said),
        shape="point",
        fields=fields(names, language),
        rows=rows[list(names)],
        shapes=shown.geometry.to_numpy(),
        styles=(
            Style(word(language, "style.type"), of_points("type_class", classes, size=1.7)),
            Style(word(language, "style.heat"), heat(sequential(5))),
            Style(word(language, "style.deaths"), _by_deaths(language)),
        ),
        temporal=Temporal("date", None),
        display="format_date(\"date\", 'yyyy-MM-dd')",
    )


def type_classes(types: Sequence[str], language: Language) -> list[tuple[str, str, str]]:
    """Return value, name and color of each class of types, the most frequent first.

    Examples
    --------
    >>> type_classes(["Riots", "Riots", "Protests"], "es")
    [('Riots', 'Disturbios', '#0072b2'), ('Protests', 'Protestas', '#d55e00')]
    """
    count = pd.Series(list(types), dtype="str").value_counts()
    ordered = sorted(count.index, key=lambda name: (-int(count[name]), name))
    frequent = ordered if len(ordered) <= len(TYPE_COLORS) else ordered[: len(TYPE_COLORS)]
    made = [
        (name, label(name, language), color)
        for name, color in zip(frequent, TYPE_COLORS, strict=False)
        if name != OTHER
    ]
    if len(made) < len(ordered) or not made:
        made.append((OTHER, word(language, "class.other"), OTHER_COLOR))
    return made


def death_classes(deaths: pd.Series) -> list[str]:
    """Return the class of each number of deaths.

    Examples
    --------
    >>> death_classes(pd.Series([0, 1, 4, 12, float("nan")]))
    ['none', '1', '2–4', '10+', 'not_stated']
    """
    number = deaths.to_numpy(dtype=np.float64, na_value=np.nan)
    tests = [np.isnan(number), number == 0]
    names = ["not_stated", "none"]
    for low, high, name in DEATHS:
        tests.append((number >= low) & (number <= (np.inf if high is None else high)))
        names.append(name)
    return [str(one) for one in np.select(tests, names, default="not_stated")]


def _by_deaths(language: Language) -> Element:
    colors = sequential(len(DEATHS))
    classes = [
        ("none", word(language, "class.noDeath"), "#f6f3ec"),
        *((name, name, color) for (_, _, name), color in zip(DEATHS, colors, strict=True)),
        ("not_stated", word(language, "class.notStated"), MISSING),
    ]
    return of_points("death_class", classes, size=1.7)


def _cells(texts: pd.Series) -> list[str | None]:
    """Return texts as QGIS shows them, each different one made once."""
    at, different = pd.factorize(texts)
    made = [*(fit(text)[:LONGEST_CELL] for text in different), None]
    return [made[number] for number in at.tolist()]  # -1, the last, is what is missing


def _names(level: str, codes: pd.Series) -> list[str | None]:
    areas = boundaries.area_codes("state" if level == "state" else "municipality")
    names = dict(zip(areas["cvegeo"], areas["name"], strict=True))
    return [names.get(code) for code in codes.to_numpy(dtype=object)]
