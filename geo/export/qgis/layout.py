"""A page to print: title, map, legend, scale, source and date, on A4 across."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from geo.export.qgis.parts import Content, fit
from geo.export.qgis.renderers import key
from geo.export.qgis.symbols import color

VIEW = (850_000.0, 250_000.0, 4_145_000.0, 2_420_000.0)
"""West, south, east and north of the country with a margin, in :data:`geo.crs.METRIC`."""

_LABEL, _MAP, _PICTURE, _LEGEND, _SCALE, _PAGE = 65641, 65639, 65640, 65642, 65646, 65638
_MARGIN = 10.0
_WIDTH, _HEIGHT = 297.0, 210.0
_LEGEND_WIDTH = 66.0
_MARK = "#ffd34d"
_TITLE_SIGNS = 52
"""Of a title so long as this there is room for 17 points; a longer one is written smaller."""


def layout(content: Content, layer_id: Callable[[Content, str], str]) -> Element:
    """Return the layout, which shows the first theme."""
    said, theme = content.said, content.themes[0]
    made = Element("Layout", name=f"A4: {fit(theme.title)}", units="mm", printResolution="300")
    pages = SubElement(made, "PageCollection")
    pages.append(_item(content, _PAGE, "page", (0, 0, _WIDTH, _HEIGHT), background="true"))
    foot = _HEIGHT - 27.0
    top = 24.0
    area = (_MARGIN, top, _WIDTH - 2 * _MARGIN - _LEGEND_WIDTH - 4, foot - top - 3)
    drawn = _map(content, area, fit(theme.title))
    side = _MARGIN + area[2] + 4
    title = fit(said.title)
    size = round(min(17.0, max(8.0, _TITLE_SIGNS * 17 / len(title))), 1)
    head = _label(content, "title", title, (_MARGIN, 8, 204, 9), size=size, bold=True)
    below = _label(content, "subtitle", fit(theme.note), (_MARGIN, 16.5, 218, 6), size=9)
    made.extend([drawn, head, below])
    if said.made_up:
        made.append(
            _label(
                content, "mark", fit(said.made_up), (side - 4, 8, _LEGEND_WIDTH + 4, 10),
                size=11, bold=True, ground=_MARK, align=4,
            )
        )  # fmt: skip
    made.append(_legend(content, layer_id, (side, top, _LEGEND_WIDTH, foot - top - 64)))
    made.append(
        _label(
            content, "notes", "\n".join(fit(line) for line in said.notes),
            (side, foot - 62, _LEGEND_WIDTH, 44), size=6.5, valign=64,
        )
    )  # fmt: skip
    made.append(_scale(content, (side, foot - 14, _LEGEND_WIDTH, 11)))
    lines = "\n".join(fit(line) for line in (said.subtitle, *said.source, said.method))
    credit = " · ".join(fit(line) for line in said.credits)
    made.append(
        _label(
            content, "source", f"{lines}\n{credit}",
            (_MARGIN, foot, _WIDTH - 2 * _MARGIN, _HEIGHT - foot - 5), size=6,
        )
    )  # fmt: skip
    return made


def _uuid(content: Content, name: str) -> str:
    return key(content.name, "layout", name)


def _item(
    content: Content,
    kind: int,
    name: str,
    box: tuple[float, float, float, float],
    *,
    background: str = "false",
    ground: str = "#ffffff",
    frame: str = "false",
    **more: str,
) -> Element:
    left, top, width, height = box
    place = f"{left:g},{top:g},mm"
    made = Element(
        "LayoutItem",
        {**more, "type": str(kind)},
        id=name,
        uuid=_uuid(content, name),
        templateUuid=_uuid(content, name),
        position=place,
        positionOnPage=place,
        size=f"{width:g},{height:g},mm",
        referencePoint="0",
        itemRotation="0",
        positionLock="false",
        visibility="1",
        zValue=str(_Z[kind]),
        opacity="1",
        blendMode="0",
        excludeFromExports="0",
        background=background,
        frame=frame,
        frameJoinStyle="miter",
        outlineWidthM="0.2,mm",
        groupUuid="",
    )
    _color(made, "FrameColor", "#aab6c1")
    _color(made, "BackgroundColor", ground)
    return made


_Z = {_PAGE: 0, _MAP: 1, _LABEL: 3, _LEGEND: 2, _SCALE: 4}


def _color(parent: Element, name: str, hexadecimal: str) -> None:
    red, green, blue, alpha = color(hexadecimal).split(",")
    SubElement(parent, name, red=red, green=green, blue=blue, alpha=alpha)


def _label(
    content: Content,
    name: str,
    text: str,
    box: tuple[float, float, float, float],
    *,
    size: float,
    bold: bool = False,
    ground: str | None = None,
    align: int = 1,
    valign: int = 32,
) -> Element:
    made = _item(
        content,
        _LABEL,
        name,
        box,
        background="true" if ground else "false",
        ground=ground or "#ffffff",
        labelText=text,
        htmlState="0",
        halign=str(align),
        valign="128" if ground else str(valign),
        marginX="0",
        marginY="0",
    )
    _font(made, "LabelFont", size, bold=bold)
    _color(made, "FontColor", "#17212b")
    _style(made, size, bold=bold)
    return made


def _font(parent: Element, name: str, size: float, *, bold: bool = False) -> None:
    weight = 75 if bold else 50
    # Of no family: Qt takes the one of the machine.
    SubElement(parent, name, description=f"Sans Serif,{size:g},-1,5,{weight},0,0,0,0,0", style="")


def _style(parent: Element, size: float, *, bold: bool = False) -> None:
    """Write the size once more, where QGIS from 3.26 on looks for it."""
    SubElement(
        parent,
        "text-style",
        fontSize=f"{size:g}",
        fontSizeUnit="Point",
        fontWeight="75" if bold else "50",
        textColor=color("#17212b"),
        textOpacity="1",
        multilineHeight="1",
    )


def _map(content: Content, box: tuple[float, float, float, float], theme: str) -> Element:
    made = _item(
        content,
        _MAP,
        "map",
        box,
        background="true",
        ground="#eef3f6",
        frame="true",
        followPreset="true",
        followPresetName=theme,
        keepLayerSet="false",
        drawCanvasItems="true",
        mapRotation="0",
        mapFlags="0",
        isTemporal="0",
        labelMargin="0,mm",
    )
    west, south, east, north = _framed(box)
    SubElement(made, "Extent", xmin=repr(west), ymin=repr(south), xmax=repr(east), ymax=repr(north))
    SubElement(made, "LayerSet")
    return made


def _framed(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return what of the plane a frame shows that holds :data:`VIEW`."""
    west, south, east, north = VIEW
    wide = max((east - west) / box[2], (north - south) / box[3])
    middle = (west + east) / 2, (south + north) / 2
    half = box[2] * wide / 2, box[3] * wide / 2
    return middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]


def _legend(
    content: Content,
    layer_id: Callable[[Content, str], str],
    box: tuple[float, float, float, float],
) -> Element:
    made = _item(
        content,
        _LEGEND,
        "legend",
        box,
        map_uuid=_uuid(content, "map"),
        title="",
        columnCount="1",
        splitLayer="0",
        equalColumnWidth="0",
        symbolWidth="6",
        symbolHeight="3.4",
        symbolAlignment="1",
        titleAlignment="1",
        wrapChar="",
        boxSpace="0",
        columnSpace="2",
        lineSpacing="0.6",
        fontColor="#17212b",
        rasterBorder="1",
        rasterBorderColor="0,0,0,255",
        rasterBorderWidth="0",
        wmsLegendWidth="50",
        wmsLegendHeight="25",
        resizeToContents="1",
        legendFilterByAtlas="0",
        minSymbolSize="0",
        maxSymbolSize="0",
    )
    styles = SubElement(made, "styles")
    for name, size, margin in (
        ("title", 10, {"marginBottom": "2"}),
        ("group", 9, {"marginTop": "2"}),
        ("subgroup", 8.5, {"marginTop": "3"}),
        ("symbol", 7.5, {"marginTop": "1.1"}),
        ("symbolLabel", 7.5, {"marginTop": "1", "marginLeft": "2"}),
    ):
        style = SubElement(
            styles, "style", {"name": name, "alignment": "1", "indent": "0", **margin}
        )
        _font(style, "styleFont", size, bold=name == "subgroup")
        _style(style, size, bold=name == "subgroup")
    tree = SubElement(made, "layer-tree-group")
    SubElement(SubElement(tree, "customproperties"), "Option")
    for name, style_name in content.themes[0].shown:
        layer = content.layer(name)
        heading = layer.title if len(layer.styles) == 1 else f"{layer.title}: {style_name}"
        leaf = SubElement(
            tree,
            "layer-tree-layer",
            id=layer_id(content, name),
            name=fit(layer.title),
            providerKey="ogr",
            checked="Qt::Checked",
            expanded="1",
        )
        kept = SubElement(SubElement(leaf, "customproperties"), "Option", type="Map")
        for option, value in (
            ("cached_name", fit(layer.title)),
            ("legend/title-label", fit(heading)),
        ):
            SubElement(kept, "Option", type="QString", name=option, value=value)
    return made


def _scale(content: Content, box: tuple[float, float, float, float]) -> Element:
    made = _item(
        content,
        _SCALE,
        "scale",
        box,
        mapUuid=_uuid(content, "map"),
        style="Line Ticks Up",
        unitType="km",
        unitLabel="km",
        numUnitsPerSegment="250",
        numMapUnitsPerScaleBarUnit="1",
        numSegments="2",
        numSegmentsLeft="0",
        segmentSizeMode="0",
        minBarWidth="50",
        maxBarWidth="150",
        height="2",
        subdivisionsHeight="1",
        numSubdivisions="1",
        labelBarSpace="1.5",
        boxContentSpace="0",
        alignment="0",
        labelVerticalPlacement="0",
        labelHorizontalPlacement="0",
        outlineWidth="0.3",
        lineJoinStyle="miter",
        lineCapStyle="square",
    )
    _font(made, "scaleBarFont", 7.5)
    _style(made, 7.5)
    _color(made, "fillColor", "#17212b")
    _color(made, "strokeColor", "#17212b")
    return made
