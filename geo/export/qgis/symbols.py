"""Symbols of QGIS as XML: fills, hatches, dots, markers; properties in both forms it has had.

QGIS up to 3.16 reads ``<prop k v>`` only, and one of 4 may stop reading it, so each property is
written both ways. Hatches are lines and dots of their own in millimeters, not patterns of pixels,
which a printer would draw too fine to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from geo.render.palette import MISSING, lightness

EDGE = "#5d564e"
"""Line between areas, as on the map."""

HATCH = "#98a2ab"
"""Lines over an area without data, as on the map."""


def color(hexadecimal: str, opacity: float = 1.0) -> str:
    """Return a color as QGIS writes it.

    Examples
    --------
    >>> color("#f6f3ec"), color("#000000", 0.5)
    ('246,243,236,255', '0,0,0,128')
    """
    red, green, blue = (int(hexadecimal[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def options(parent: Element, properties: Mapping[str, str]) -> None:
    """Put properties into an element, in both forms."""
    chosen = SubElement(parent, "Option", type="Map")
    for name, value in properties.items():
        SubElement(chosen, "Option", type="QString", name=name, value=value)
    for name, value in properties.items():
        SubElement(parent, "prop", k=name, v=value)


def symbol(kind: str, name: str) -> Element:
    """Return a symbol without layers."""
    return Element("symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")


def _layer(parent: Element, of: str, properties: Mapping[str, str]) -> Element:
    layer = SubElement(parent, "layer", {"class": of, "enabled": "1", "locked": "0", "pass": "0"})
    options(layer, properties)
    return layer


def fill(name: str, ground: str | None, *, edge: str = EDGE, width: float = 0.06) -> Element:
    """Return an area in one color with a thin edge; without a color, the edge alone."""
    made = symbol("fill", name)
    _layer(
        made,
        "SimpleFill",
        {
            "color": color(ground or "#ffffff", 1.0 if ground else 0.0),
            "style": "solid" if ground else "no",
            "joinstyle": "round",
            "outline_color": color(edge, 0.6 if ground else 1.0),
            "outline_style": "solid",
            "outline_width": f"{width:g}",
            "outline_width_unit": "MM",
        },
    )
    return made


def missing(name: str, *, width: float = 0.06) -> Element:
    """Return an area without data: gray, hatched."""
    made = fill(name, MISSING, width=width)
    return _lined(made, name, at=1, angle="45", ground=HATCH)


def crossed(name: str) -> Element:
    """Return the lines of "asked in part", to lie over the color of a class."""
    made = symbol("fill", name)
    return _lined(made, name, at=0, angle="-45", ground="#28323c", opacity=0.5)


def _lined(
    made: Element, name: str, *, at: int, angle: str, ground: str, opacity: float = 1.0
) -> Element:
    """Add lines to a fill as its layer `at`."""
    lines = _layer(
        made,
        "LinePatternFill",
        {
            "angle": angle,
            "color": color(ground, opacity),
            "distance": "1.3",
            "distance_unit": "MM",
            "line_width": "0.22",
            "line_width_unit": "MM",
            "offset": "0",
        },
    )
    line = SubElement(lines, "symbol", type="line", name=f"@{name}@{at}", alpha="1")
    _layer(
        line,
        "SimpleLine",
        {
            "capstyle": "square",
            "line_color": color(ground, opacity),
            "line_style": "solid",
            "line_width": "0.22",
            "line_width_unit": "MM",
        },
    )
    return made


def dots(name: str) -> Element:
    """Return the dots of "few events", to lie over the color of a class."""
    made = symbol("fill", name)
    pattern = _layer(
        made,
        "PointPatternFill",
        {
            "distance_x": "1.2",
            "distance_x_unit": "MM",
            "distance_y": "1.2",
            "distance_y_unit": "MM",
            "displacement_x": "0.6",
            "displacement_x_unit": "MM",
        },
    )
    inner = SubElement(pattern, "symbol", type="marker", name=f"@{name}@0", alpha="1")
    _layer(inner, "SimpleMarker", _marker("circle", "#463127", 0.3, 0.65, None))
    return made


def marker(
    name: str, ground: str, *, size: float = 1.6, shape: str = "circle", opacity: float = 0.8
) -> Element:
    """Return a point in one color, with an edge that parts it from its like."""
    made = symbol("marker", name)
    edge = "#ffffff" if lightness(ground) < 60 else "#4a4a4a"
    _layer(made, "SimpleMarker", _marker(shape, ground, size, opacity, edge))
    return made


def _marker(
    shape: str, ground: str, size: float, opacity: float, edge: str | None
) -> dict[str, str]:
    return {
        "color": color(ground, opacity),
        "name": shape,
        "size": f"{size:g}",
        "size_unit": "MM",
        "outline_color": color(edge or ground, 0.7),
        "outline_style": "solid" if edge else "no",
        "outline_width": "0.08",
        "outline_width_unit": "MM",
    }


def outlined(name: str, ground: str) -> Element:
    """Return an area with a strong edge and a thin veil, through which the map below is seen."""
    made = symbol("fill", name)
    _layer(
        made,
        "SimpleFill",
        {
            "color": color(ground, 0.3),
            "style": "solid",
            "joinstyle": "round",
            "outline_color": color(ground),
            "outline_style": "solid",
            "outline_width": "0.7",
            "outline_width_unit": "MM",
        },
    )
    return made
