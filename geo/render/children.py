"""Folium children that a map may carry, and those that it must refuse, with the reason.

A child may draw shapes. It may not fetch anything (the page stands alone) and it may not write
text: Folium puts text into scripts and markup, where text from data would run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import folium
import folium.raster_layers
from branca.element import CssLink, Element, Html, JavascriptLink

from geo.errors import OutputError
from geo.render.figure import Verbatim

_WRITES_TEXT: tuple[type[Element], ...] = (
    folium.Popup,
    folium.Tooltip,
    folium.GeoJsonPopup,
    folium.GeoJsonTooltip,
    folium.DivIcon,
    folium.LayerControl,
    Html,
)


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
    name = child._name
    for asset in _assets(child):
        yield f"{name}: it fetches {asset}, and a page of geo fetches nothing"
    if isinstance(child, _WRITES_TEXT):
        yield (
            f"{name}: Folium writes its text into a script, where text from data would run; "
            "areas have their own tooltip"
        )
    elif type(child) is folium.Marker:
        yield f"{name}: it fetches Leaflet's marker picture; use folium.CircleMarker"
    elif type(child) is Element or isinstance(child, Verbatim):
        yield f"{name}: raw HTML, of which nobody knows what it holds"


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
    folium.CustomIcon: lambda child: str(child.options.get("icon_url")),
    folium.Icon: lambda _: "the icon font of Leaflet.awesome-markers (use folium.CircleMarker)",
    folium.GeoJson: lambda child: "" if child.embed else str(child.embed_link),
}
"""What an element fetches, by its kind; the more special kinds stand first."""
