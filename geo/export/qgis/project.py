"""The project and the layer definition: the same tree and layers, with relative paths only."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from geo import crs
from geo.export.qgis.about import about_element, srs
from geo.export.qgis.layout import VIEW, layout
from geo.export.qgis.parts import CODE, Content, Group, Layer, Raster, as_text, fit
from geo.export.qgis.renderers import key
from geo.export.qgis.stylesheet import DOCTYPE, VERSION, style_element, style_parts

BASE_MAP = "base_map"
BASE_MAP_URL = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
BASE_MAP_TITLE = "OpenStreetMap"
BASE_MAP_CREDIT = "© OpenStreetMap contributors (ODbL)"
RASTER = "density"


def project_archive(content: Content) -> bytes:
    """Return the project as a ``.qgz``: an archive with one document and no clock."""
    stream = io.BytesIO()
    entry = zipfile.ZipInfo(f"{content.name}.qgs", date_time=(1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, project_document(content))
    return stream.getvalue()


def project_document(content: Content) -> str:
    """Return the project as the text of a ``.qgs``."""
    return DOCTYPE + as_text(_project(content))


def layer_definition(content: Content) -> str:
    """Return tree and layers as the text of a ``.qlr``, to be dragged into another project."""
    root = Element("qlr")
    root.append(_tree(content, base_map=False))
    layers = SubElement(root, "maplayers")
    layers.extend(_layers(content, base_map=False))
    return DOCTYPE.replace("qgis PUBLIC", "qgis-layer-definition PUBLIC") + as_text(root)


def layer_id(content: Content, name: str) -> str:
    """Return the id of a layer: the same each time, and long enough for QGIS to keep it.

    An id of fewer than 11 characters is thrown away, and tree, relations and themes with it.
    """
    return f"{name}_{key(content.name, name)[1:-1].replace('-', '_')}"


def _project(content: Content) -> Element:
    root = Element("qgis", version=VERSION, projectname=fit(content.said.title))
    SubElement(root, "homePath", path="")
    SubElement(root, "title").text = fit(content.said.title)
    SubElement(root, "projectCrs").append(srs(crs.METRIC))
    root.append(_tree(content, base_map=True))
    root.append(_relations(content))
    canvas = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    canvas.append(_rectangle("extent"))
    SubElement(canvas, "rotation").text = "0"
    SubElement(canvas, "destinationsrs").append(srs(crs.METRIC))
    layers = SubElement(root, "projectlayers")
    layers.extend(_layers(content, base_map=True))
    order = SubElement(root, "layerorder")
    for name, _ in _members(content):
        SubElement(order, "layer", id=layer_id(content, name))
    root.append(_properties())
    root.append(_themes(content))
    root.append(_about(content))
    layouts = SubElement(root, "Layouts")
    if content.themes:
        layouts.append(layout(content, layer_id))
    _clock(root, content)
    return root


def _members(content: Content) -> Iterator[tuple[str, bool]]:
    for group in content.groups:
        yield from group.members


def _tree(content: Content, *, base_map: bool) -> Element:
    root = Element("layer-tree-group")
    SubElement(SubElement(root, "customproperties"), "Option")
    whole = SubElement(
        root, "layer-tree-group", name=fit(content.said.title), checked="Qt::Checked", expanded="1"
    )
    for group in content.groups:
        _branch(whole, group, content)
    if base_map:
        root.append(_leaf(content, BASE_MAP, BASE_MAP_TITLE, checked=False, provider="wms"))
    return root


def _branch(parent: Element, group: Group, content: Content) -> None:
    opened = any(checked for _, checked in group.members)
    branch = SubElement(
        parent,
        "layer-tree-group",
        name=fit(group.title),
        checked="Qt::Checked",
        expanded=str(int(opened)),
    )
    for name, checked in group.members:
        is_raster = name == RASTER
        title = content.raster.title if is_raster and content.raster else None
        branch.append(
            _leaf(
                content,
                name,
                title or content.layer(name).title,
                checked=checked,
                provider="gdal" if is_raster else "ogr",
            )
        )


def _leaf(content: Content, name: str, title: str, *, checked: bool, provider: str) -> Element:
    return Element(
        "layer-tree-layer",
        id=layer_id(content, name),
        name=fit(title),
        providerKey=provider,
        checked="Qt::Checked" if checked else "Qt::Unchecked",
        expanded=str(int(checked)),
    )


def _layers(content: Content, *, base_map: bool) -> Iterator[Element]:
    for layer in content.layers:
        yield _vector(content, layer)
    if content.raster is not None:
        yield _raster(content, content.raster)
    if base_map:
        yield _base_map(content)


def _vector(content: Content, layer: Layer) -> Element:
    current = content.current.get(layer.name, layer.styles[0].name)
    shape = {"point": ("Point", "Point"), "area": ("Polygon", "MultiPolygon")}[layer.shape]
    made = Element(
        "maplayer",
        type="vector",
        geometry=shape[0],
        wkbType=shape[1],
        styleCategories="AllStyleCategories",
        labelsEnabled=str(int(layer.labels is not None)),
        hasScaleBasedVisibilityFlag="0",
        simplifyDrawingHints="1",
        simplifyDrawingTol="1",
        simplifyMaxScale="1",
        simplifyLocal="1",
        # Values that a view joins cannot be edited; nobody is led to try.
        readOnly=str(int(layer.base is not None)),
    )
    _text(made, "id", layer_id(content, layer.name))
    _text(made, "datasource", f"./{content.name}.gpkg|layername={layer.name}")
    _text(made, "layername", fit(layer.title))
    SubElement(made, "srs").append(srs(crs.STORED))
    made.append(about_element(layer, content.said))
    _text(made, "provider", "ogr").set("encoding", "UTF-8")
    manager = SubElement(made, "map-layer-style-manager", current=current)
    for style in layer.styles:
        kept = SubElement(manager, "map-layer-style", name=style.name)
        # The current style stands in the layer itself.
        if style.name != current:
            kept.append(style_element(layer, style))
    shown = next(style for style in layer.styles if style.name == current)
    made.extend(style_parts(layer, shown))
    return made


def _raster(content: Content, raster: Raster) -> Element:
    made = Element(
        "maplayer",
        type="raster",
        styleCategories="AllStyleCategories",
        hasScaleBasedVisibilityFlag="0",
    )
    _text(made, "id", layer_id(content, RASTER))
    _text(made, "datasource", f"./{raster.file}")
    _text(made, "layername", fit(raster.title))
    SubElement(made, "srs").append(srs(crs.METRIC))
    made.append(about_element(raster, content.said))
    _text(made, "provider", "gdal")
    made.append(copy.deepcopy(raster.pipe))
    _text(made, "blendMode", "0")
    return made


def _base_map(content: Content) -> Element:
    made = Element("maplayer", type="raster", hasScaleBasedVisibilityFlag="0")
    _text(made, "id", layer_id(content, BASE_MAP))
    _text(
        made,
        "datasource",
        f"type=xyz&url={BASE_MAP_URL}&zmax=19&zmin=0&crs=EPSG3857",
    )
    _text(made, "layername", BASE_MAP_TITLE)
    _text(made, "attribution", BASE_MAP_CREDIT)
    SubElement(made, "srs").append(srs("EPSG:3857"))
    about = SubElement(made, "resourceMetadata")
    _text(about, "title", BASE_MAP_TITLE)
    _text(about, "rights", BASE_MAP_CREDIT)
    _text(made, "provider", "wms")
    pipe = SubElement(made, "pipe")
    SubElement(pipe, "rasterrenderer", type="singlebandcolordata", band="1", opacity="1")
    return made


def _relations(content: Content) -> Element:
    made = Element("relations")
    for name, refers, referred in content.relations:
        relation = SubElement(
            made,
            "relation",
            id=f"{refers}_{referred}",
            name=fit(name),
            referencingLayer=layer_id(content, refers),
            referencedLayer=layer_id(content, referred),
            strength="Association",
        )
        SubElement(relation, "fieldRef", referencingField=CODE, referencedField=CODE)
    return made


def _themes(content: Content) -> Element:
    made = Element("visibility-presets")
    for theme in content.themes:
        preset = SubElement(made, "visibility-preset", name=fit(theme.title))
        for name, style in theme.shown:
            SubElement(
                preset,
                "layer",
                id=layer_id(content, name),
                visible="1",
                style=style,
                expanded="1",
            )
    return made


def _properties() -> Element:
    made = Element("properties")
    for group, name, kind, value in (
        ("Paths", "Absolute", "bool", "false"),
        ("SpatialRefSys", "ProjectionsEnabled", "int", "1"),
        ("Measure", "Ellipsoid", "QString", "EPSG:7019"),
        ("Measurement", "DistanceUnits", "QString", "kilometers"),
        ("Measurement", "AreaUnits", "QString", "km2"),
    ):
        place = made.find(group)
        place = SubElement(made, group) if place is None else place
        SubElement(place, name, type=kind).text = value
    return made


def _about(content: Content) -> Element:
    made = Element("projectMetadata")
    said = content.said
    for name, text in (
        ("identifier", content.name),
        ("parentidentifier", ""),
        ("language", "SPA" if said.language == "es" else "ENG"),
        ("type", "project"),
        ("title", fit(said.title)),
        ("abstract", "\n\n".join(fit(line) for line in (said.subtitle, *said.source, said.method))),
    ):
        _text(made, name, text)
    SubElement(made, "links")
    _text(made, "author", "")
    return made


def _clock(root: Element, content: Content) -> None:
    view = SubElement(root, "ProjectViewSettings", UseProjectScales="0")
    west, south, east, north = (repr(one) for one in VIEW)
    extent = SubElement(view, "DefaultViewExtent", xmin=west, ymin=south, xmax=east, ymax=north)
    extent.append(srs(crs.METRIC))
    if content.clock is None:
        return
    clock = content.clock
    made = SubElement(
        root,
        "ProjectTimeSettings",
        timeStep=str(clock.step),
        timeStepUnit=clock.unit,
        frameRate="1",
        cumulativeTemporalRange="0",
    )
    covered = SubElement(made, "TemporalRange")
    _text(covered, "start", f"{clock.start:%Y-%m-%dT%H:%M:%S}Z")
    _text(covered, "end", f"{clock.end:%Y-%m-%dT%H:%M:%S}Z")


def _rectangle(name: str) -> Element:
    made = Element(name)
    for corner, value in zip(("xmin", "ymin", "xmax", "ymax"), VIEW, strict=True):
        _text(made, corner, repr(value))
    return made


def _text(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = text
    return made
