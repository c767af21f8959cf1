"""What a layer says of itself: source, period, method, credits, as QGIS keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from pyproj import CRS

from geo import crs
from geo.export.qgis.parts import Layer, Raster, Said, fit
from geo.export.qgis.stylesheet import VERSION

KEYWORDS = {"en": ("events", "rates", "Mexico"), "es": ("eventos", "tasas", "México")}


def about_document(
    layer: Layer | Raster, said: Said, extent: Sequence[float | None] = ()
) -> Element:
    """Return the document about a layer, for a GeoPackage."""
    root = Element("qgis", version=VERSION)
    root.extend(_about(layer, said, extent))
    return root


def about_element(layer: Layer | Raster, said: Said) -> Element:
    """Return the same as the element of a layer in a project."""
    made = Element("resourceMetadata")
    made.extend(_about(layer, said, ()))
    return made


def abstract_of(layer: Layer | Raster, said: Said) -> str:
    """Return what a layer shows, whose data it rests on and how it was made."""
    parts = [*([said.made_up] if said.made_up else []), layer.abstract, *said.source, said.method]
    return "\n\n".join(fit(part) for part in parts if part)


def _about(layer: Layer | Raster, said: Said, extent: Sequence[float | None]) -> list[Element]:
    name = layer.name if isinstance(layer, Layer) else layer.file
    made = [
        _text("identifier", name),
        _text("parentidentifier", ""),
        _text("language", "SPA" if said.language == "es" else "ENG"),
        _text("type", "dataset"),
        _text("title", fit(layer.title)),
        _text("abstract", abstract_of(layer, said)),
    ]
    keywords = Element("keywords", vocabulary="gmd:topicCategory")
    keywords.extend(_text("keyword", word) for word in KEYWORDS[said.language])
    made += [keywords, Element("links"), _text("fees", "")]
    made += [_text("rights", fit(line)) for line in said.credits]
    made += [_text("license", fit(line)) for line in said.licences]
    made += [_text("encoding", "UTF-8")]
    reference = Element("crs")
    reference.append(srs(crs.STORED if isinstance(layer, Layer) else crs.METRIC))
    made.append(reference)
    covered = Element("extent")
    if extent and all(one is not None for one in extent):
        west, south, east, north = (repr(one) for one in extent)
        SubElement(
            covered,
            "spatial",
            crs=crs.STORED,
            dimensions="2",
            minx=west,
            miny=south,
            maxx=east,
            maxy=north,
            minz="0",
            maxz="0",
        )
    period = SubElement(SubElement(covered, "temporal"), "period")
    first, last = said.period
    SubElement(period, "start").text = f"{first.isoformat()}T00:00:00"
    SubElement(period, "end").text = f"{last.isoformat()}T23:59:59"
    return [*made, covered, _text("history", fit(said.history))]


def srs(name: str) -> Element:
    """Return a coordinate reference system as a block that every version reads rightly.

    Its text and the id of another system together: QGIS then goes by the text. A PROJ string is
    left out, because QGIS would take that first and end at another system.
    """
    system = CRS.from_user_input(name)
    made = Element("spatialrefsys", nativeFormat="Wkt")
    made.append(_text("wkt", system.to_wkt()))
    made.append(_text("srsid", "1"))
    made.append(_text("srid", str(system.to_epsg())))
    made.append(_text("authid", name))
    made.append(_text("description", system.name))
    made.append(_text("geographicflag", "true" if system.is_geographic else "false"))
    return made


def _text(name: str, text: str) -> Element:
    made = Element(name)
    made.text = text
    return made
