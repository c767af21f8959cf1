"""The style of a layer as QGIS keeps it: a document in a GeoPackage, elements in a project."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from geo.export.qgis.parts import Field, Labels, Layer, Style, Temporal, as_text, fit
from geo.export.qgis.symbols import color

VERSION = "3.16.0-Hannover"
"""The version that files say they are of: each later one reads them without a word."""

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def style_document(layer: Layer, style: Style) -> str:
    """Return a style as the text of a QML document."""
    return DOCTYPE + as_text(style_element(layer, style))


def style_element(layer: Layer, style: Style) -> Element:
    """Return a style as an element of its own."""
    root = Element(
        "qgis",
        version=VERSION,
        styleCategories="AllStyleCategories",
        labelsEnabled=str(int(layer.labels is not None)),
        hasScaleBasedVisibilityFlag="0",
    )
    root.extend(style_parts(layer, style))
    return root


def style_parts(layer: Layer, style: Style) -> Iterator[Element]:
    """Yield the elements of a style, for a document or for a layer of a project."""
    if layer.temporal is not None:
        yield _temporal(layer.temporal)
    yield copy.deepcopy(style.renderer)
    if layer.labels is not None:
        yield _labeling(layer.labels)
    opacity = Element("layerOpacity")
    opacity.text = "1"
    yield opacity
    fields = layer.all_fields
    widgets = Element("fieldConfiguration")
    for field in fields:
        widgets.append(_widget(field))
    yield widgets
    aliases = Element("aliases")
    for at, field in enumerate(fields):
        SubElement(aliases, "alias", field=field.name, name=fit(field.alias), index=str(at))
    yield aliases
    display = Element("previewExpression")
    display.text = layer.display
    yield display
    kind = Element("layerGeometryType")
    kind.text = "0" if layer.shape == "point" else "2"
    yield kind


def _widget(field: Field) -> Element:
    made = Element("field", name=field.name, configurationFlags="None")
    if field.kind == "number" and field.decimals is not None:
        widget = SubElement(made, "editWidget", type="Range")
        chosen = SubElement(SubElement(widget, "config"), "Option", type="Map")
        SubElement(chosen, "Option", type="int", name="Precision", value=str(field.decimals))
    elif field.kind == "date":
        widget = SubElement(made, "editWidget", type="DateTime")
        chosen = SubElement(SubElement(widget, "config"), "Option", type="Map")
        for name, value in (("display_format", "yyyy-MM-dd"), ("field_format", "yyyy-MM-dd")):
            SubElement(chosen, "Option", type="QString", name=name, value=value)
    else:
        SubElement(SubElement(made, "editWidget", type="TextEdit"), "config")
    return made


def _temporal(temporal: Temporal) -> Element:
    return Element(
        "temporal",
        enabled="1",
        mode="1" if temporal.end is None else "2",
        startField=temporal.start,
        endField=temporal.end or "",
        startExpression="",
        endExpression="",
        durationField="",
        # A period ends with the last second of its last day, which belongs to it.
        limitMode="1",
        accumulate="0",
        fixedDuration="1" if temporal.end is None else "0",
        durationUnit="d",
    )


def _labeling(labels: Labels) -> Element:
    made = Element("labeling", type="simple")
    settings = SubElement(made, "settings", calloutType="simple")
    # No font is named: one that the reader's machine lacks would raise a warning over the map.
    text = SubElement(
        settings,
        "text-style",
        fieldName=labels.text,
        isExpression="1",
        fontSize=f"{labels.size:g}",
        fontSizeUnit="Point",
        fontWeight="75" if labels.bold else "50",
        textColor=color("#2f3a45"),
        textOpacity="1",
        multilineHeight="1",
    )
    SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.7",
        bufferSizeUnits="MM",
        bufferColor=color("#ffffff"),
        bufferOpacity="0.8",
        bufferJoinStyle="128",
        bufferNoFill="1",
    )
    SubElement(
        settings, "placement", placement="1", centroidWhole="1", centroidInside="1", priority="5"
    )
    SubElement(
        settings,
        "rendering",
        scaleVisibility=str(int(labels.from_scale > 0)),
        scaleMin=str(labels.from_scale),
        scaleMax="1",
        obstacle="0",
        fontMinPixelSize="3",
        fontMaxPixelSize="10000",
    )
    return made


def raster_document(pipe: Element) -> str:
    """Return the style of a raster as the text of a QML document."""
    root = Element(
        "qgis",
        version=VERSION,
        styleCategories="AllStyleCategories",
        hasScaleBasedVisibilityFlag="0",
    )
    root.append(copy.deepcopy(pipe))
    blend = SubElement(root, "blendMode")
    blend.text = "0"
    return DOCTYPE + as_text(root)
