"""Folium children that a map may carry, and those that it must refuse, with the reason.

A child may draw shapes. It may not fetch anything (the page stands alone) and it may not write
text: Folium puts text into scripts and markup, where text from data would run. What a child says
is said by our own :class:`~geo.render.popups.Popup` and :class:`~geo.render.popups.Tooltip`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import folium
import folium.elements
import folium.features
import folium.plugins
import folium.raster_layers
from branca.colormap import ColorMap
from branca.element import CssLink, Div, Element, Figure, Html, IFrame, JavascriptLink

from geo.errors import OutputError
from geo.render.figure import Verbatim
from geo.render.popups import Popup, Tooltip

_SAID_BY_US: Mapping[type[Element], str] = {
    folium.Popup: 'use geo.Popup("text")',
    folium.Tooltip: 'use geo.Tooltip("text")',
    folium.GeoJsonPopup: "give each shape a geo.Popup with fields={...} of its own",
    folium.GeoJsonTooltip: "give each shape a geo.Tooltip of its own",
    folium.LayerControl: "the page has its own controls; add only what is to be seen",
    folium.DivIcon: "use folium.CircleMarker with a geo.Tooltip",
    Html: 'use geo.Popup("text")',
}
"""Elements whose text Folium writes into a script, and what to take instead."""

_RAW: tuple[type[Element], ...] = (Div, Figure, IFrame, Verbatim)
_SCRIPTED: tuple[type[Element], ...] = (
    folium.ClickForMarker,
    folium.ClickForLatLng,
    folium.elements.EventHandler,
)
_PLAIN_KEY = re.compile(r"feature\.(id|properties\.[A-Za-z_][A-Za-z0-9_]*)")
_PICTURE = "it fetches Leaflet's marker picture"


def walk(element: Element) -> Iterator[Element]:
    """Give all children of an element and theirs, in order."""
    for child in element._children.values():
        yield child
        yield from walk(child)


def check_children(root: Element) -> None:
    """Raise :exc:`~geo.errors.OutputError` if a child cannot go into a page that stands alone.

    Raises
    ------
    OutputError
        A child needs something from the network, or writes text into a script. All such children
        are named, with what they need.

    Examples
    --------
    >>> from branca.element import Figure
    >>> figure = Figure()
    >>> _ = folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="x").add_to(figure)
    >>> check_children(figure)
    Traceback (most recent call last):
    ...
    geo.errors.OutputError: The map cannot carry:
    - TileLayer: it fetches https://tiles.example/{z}/{x}/{y}.png, and a page of geo fetches nothing
    """
    faults = list(dict.fromkeys(f for child in walk(root) for f in _faults(child)))
    if faults:
        raise OutputError("The map cannot carry:\n- " + "\n- ".join(faults))


def _faults(child: Element) -> Iterator[str]:
    name = type(child).__name__
    for asset in _assets(child):
        yield f"{name}: it fetches {asset}, and a page of geo fetches nothing"
    if isinstance(child, (Popup, Tooltip)):
        if isinstance(child._parent, (folium.Map, Figure)):
            yield f"{name}: it says something of the whole map; add it to a shape"
    elif cure := next((cure for kind, cure in _SAID_BY_US.items() if isinstance(child, kind)), ""):
        yield (
            f"{name}: Folium writes its text into a script, where text from data would run; {cure}"
        )
    elif type(child) is folium.Marker and child.icon is None:
        yield f"{name}: {_PICTURE}; use folium.CircleMarker"
    elif isinstance(child, folium.GeoJson):
        yield from _faults_of_shapes(child)
    elif isinstance(child, _SCRIPTED):
        yield f"{name}: it puts a script of its own into the page; use a shape with a geo.Popup"
    elif type(child) is Element or isinstance(child, _RAW):
        yield f"{name}: raw HTML, of which nobody knows what it holds"


def _faults_of_shapes(child: folium.GeoJson) -> Iterator[str]:
    name = type(child).__name__
    if child.on_each_feature is not None:
        yield f"{name}: on_each_feature is a script of its own; use a geo.Popup"
    if _has_points(child.data) and type(child.marker) in (type(None), folium.Marker):
        yield f"{name}: for its points {_PICTURE}; give marker=folium.CircleMarker()"
    key = getattr(child, "feature_identifier", "feature.id")
    if not _PLAIN_KEY.fullmatch(key):
        yield (
            f"{name}: Folium writes the name {key.removeprefix('feature.properties.')!r} of a "
            "property into a script, where it would run; rename it to letters, digits and _"
        )


def _has_points(shapes: object) -> bool:
    """Return whether GeoJSON holds points anywhere."""
    if not isinstance(shapes, Mapping):
        return False
    if shapes.get("type") in ("Point", "MultiPoint"):
        return True
    inner = [shapes.get("geometry"), *(shapes.get("features") or ())]
    return any(_has_points(one) for one in [*inner, *(shapes.get("geometries") or ())])


def _first_outside(*addresses: object) -> str:
    given = [str(address) for address in addresses if address is not None]
    return next((one for one in given if not one.startswith("data:image/")), "")


def _assets(child: Element) -> Iterator[str]:
    if isinstance(child, (JavascriptLink, CssLink)):
        yield child.url
    # Classes list their assets as (name, address).
    for kind in ("default_js", "default_css"):
        for _, address in getattr(child, kind, ()):
            yield str(address)
    for types, asset in _NEEDS.items():
        if isinstance(child, types):
            address = asset(child)
            if address and not address.startswith("data:image/"):
                yield address
            return


_NEEDS: dict[type[Element], Callable[[Any], str]] = {
    folium.raster_layers.WmsTileLayer: lambda child: str(child.url),
    folium.TileLayer: lambda child: str(child.tiles),
    folium.raster_layers.ImageOverlay: lambda child: str(child.url),
    folium.raster_layers.VideoOverlay: lambda child: str(child.video_url),
    folium.CustomIcon: lambda child: _first_outside(
        child.options.get("icon_url"), child.options.get("shadow_url")
    ),
    folium.Icon: lambda _: "the icon font of Leaflet.awesome-markers (use folium.CircleMarker)",
    folium.GeoJson: lambda child: "" if child.embed else str(child.embed_link),
    folium.plugins.FloatImage: lambda child: str(child.image),
    ColorMap: lambda _: "the script d3 (the page has its own legend)",
}
"""What an element fetches, by its kind; the more special kinds stand first."""
