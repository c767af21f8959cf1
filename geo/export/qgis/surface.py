"""A surface as a raster layer: colors of the map over its values."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

import numpy as np

from geo.export.qgis.parts import Raster
from geo.export.qgis.symbols import options
from geo.export.qgis.words import word
from geo.render import palette
from geo.render.text import Language
from geo.render.wording import bound
from geo.stats.breaks import make_breaks
from geo.steps.surface import Surface

FILE = "density.tif"
STYLE = "density.qml"


def surface_raster(surface: Surface, language: Language) -> Raster:
    """Return how a surface is drawn, and what is said of it."""
    return Raster(
        file=FILE,
        title=word(language, f"layer.{surface.kind}"),
        abstract=f"{surface.band}: {surface.unit}. {surface.method}",
        pipe=_pipe(stops(surface)),
    )


def stops(surface: Surface) -> list[tuple[float, str, int]]:
    """Return values and colors between which QGIS mixes; nearly nothing is transparent.

    A density has the colors of rates; a logarithm of a ratio those of change, with the middle at
    0 and both ends equally far.
    """
    known = surface.values[np.isfinite(surface.values)]
    if surface.kind == "density":
        positive = known[known > 0]
        breaks = make_breaks(positive) if len(positive) else make_breaks([1.0])
        bounds = sorted({*breaks.bounds})
        colors = palette.sequential(max(1, len(bounds) - 1))
        made = [(0.0, colors[0], 0)]
        made += [
            (value, colors[min(at, len(colors) - 1)], 255 if at else 90)
            for at, value in enumerate(bounds)
        ]
        return [one for at, one in enumerate(made) if not at or one[0] > made[at - 1][0]]
    reach = float(np.abs(known).max()) if len(known) else 1.0
    reach = float(f"{max(reach, 0.1):.2g}")
    count = len(palette.RATIO)
    return [
        (reach * (2 * at / (count - 1) - 1), color, 230) for at, color in enumerate(palette.RATIO)
    ]


def _pipe(stops: list[tuple[float, str, int]]) -> Element:
    low, high = stops[0][0], stops[-1][0]
    pipe = Element("pipe")
    renderer = SubElement(
        pipe,
        "rasterrenderer",
        type="singlebandpseudocolor",
        band="1",
        opacity="1",
        alphaBand="-1",
        nodataColor="",
        classificationMin=repr(low),
        classificationMax=repr(high),
    )
    SubElement(renderer, "rasterTransparency")
    shader = SubElement(SubElement(renderer, "rastershader"), "colorrampshader")
    for name, value in (
        ("colorRampType", "INTERPOLATED"),
        ("classificationMode", "1"),
        ("minimumValue", repr(low)),
        ("maximumValue", repr(high)),
        ("clip", "0"),
        ("labelPrecision", "6"),
    ):
        shader.set(name, value)
    ramp = SubElement(shader, "colorramp", type="gradient", name="[source]")
    options(
        ramp,
        {
            "color1": _color(stops[0]),
            "color2": _color(stops[-1]),
            "discrete": "0",
            "rampType": "gradient",
            "stops": ":".join(
                f"{(one[0] - low) / (high - low):.6g};{_color(one)}" for one in stops[1:-1]
            ),
        },
    )
    for at, color, alpha in stops:
        SubElement(
            shader,
            "item",
            value=repr(float(at)),
            label=bound(float(f"{at:.3g}")),
            color=color,
            alpha=str(alpha),
        )
    SubElement(pipe, "brightnesscontrast", brightness="0", contrast="0", gamma="1")
    SubElement(pipe, "huesaturation", saturation="0", grayscaleMode="0", colorizeOn="0")
    SubElement(pipe, "rasterresampler", maxOversampling="2", zoomedInResampler="bilinear")
    return pipe


def _color(stop: tuple[float, str, int]) -> str:
    _, color, alpha = stop
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{alpha}"
