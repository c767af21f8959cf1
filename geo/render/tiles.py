"""A background that the author of a map asks for: tiles from a host, with the credit they need.

It is the one thing that a page may fetch, and only if its author says so: whoever opens such a
page tells the host that they do, and which part of the country they look at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from geo.errors import SettingsError
from geo.render.text import clean

LOOPBACK = ("localhost", "127.0.0.1")
"""Hosts that may be asked without encryption: this computer."""

_PLACES = ("z", "x", "y")
_BRACES = re.compile(r"\{([^{}]*)\}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?&=%+,@!{}]+")
_LONGEST = 500
_ZOOMS = range(1, 23)


@dataclass(frozen=True, slots=True)
class Tiles:
    """A background of map tiles under the areas.

    Without it a page fetches nothing, and that is the better page: it opens offline, and nobody
    learns who reads it. A page with tiles says on itself which host it asks, and lets the reader
    switch that off; where tiles do not arrive, the ground that every map has is shown.

    Many tile services forbid their use from a file, or answer only with a key; a key in the
    template can be read by all who get the page.

    Parameters
    ----------
    template
        Address of a tile, with ``{z}``, ``{x}`` and ``{y}`` in its path or query:
        ``"https://tiles.example/{z}/{x}/{y}.png"``. One host, ``https`` only (``http`` for this
        computer).
    attribution
        Whom the page credits for the tiles, as the terms of the service ask; plain text.
    max_zoom
        Closest zoom for which the service has tiles, 1 to 22.

    Raises
    ------
    SettingsError
        The template or the attribution cannot be used; the message says why.

    Examples
    --------
    >>> tiles = Tiles("https://tiles.example/{z}/{x}/{y}.png", "© Example contributors")
    >>> tiles.origin, tiles.host
    ('https://tiles.example', 'tiles.example')
    >>> Tiles("https://{s}.tiles.example/{z}/{x}/{y}.png", "© Example contributors")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: tiles: {s} stands for several hosts, and a page opens itself to one;
    write one of them into the template, as in https://a.tiles.example/{z}/{x}/{y}.png
    """

    template: str
    attribution: str
    max_zoom: int = 19
    origin: str = field(init=False)
    host: str = field(init=False)

    def __post_init__(self) -> None:
        """Refuse what a page must not be opened to."""
        address = _checked(self.template)
        if not isinstance(self.attribution, str) or not clean(self.attribution).strip():
            raise SettingsError(
                "tiles: say whom to credit for them, as their terms ask: "
                'Tiles(template, attribution="© ..."), or --tiles-credit'
            )
        if isinstance(self.max_zoom, bool) or self.max_zoom not in _ZOOMS:
            raise SettingsError(f"tiles: max_zoom={self.max_zoom!r} is no whole number, 1 to 22")
        object.__setattr__(self, "host", str(address.hostname))
        object.__setattr__(self, "origin", f"{address.scheme}://{address.netloc}")

    def public(self) -> dict[str, Any]:
        """Return what the page is told."""
        return {
            "template": self.template,
            "attribution": clean(self.attribution).strip(),
            "maxZoom": self.max_zoom,
            "host": self.host,
        }


def given_tiles(tiles: object) -> Tiles | None:
    """Return the tiles that were given; a template alone is refused, as it credits nobody.

    Examples
    --------
    >>> given_tiles("https://tiles.example/{z}/{x}/{y}.png")
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: tiles: say whom to credit for them: tiles=geo.Tiles("https://...",
    attribution="© ...")
    """
    if tiles is None or isinstance(tiles, Tiles):
        return tiles
    raise SettingsError(
        'tiles: say whom to credit for them: tiles=geo.Tiles("https://...", attribution="© ...")'
    )


def _checked(template: object) -> SplitResult:
    if not isinstance(template, str) or not template:
        raise SettingsError(f"tiles: the template must be an address, not {template!r}")
    shown = clean(template, 120)
    if "{s}" in template:
        one = shown.replace("{s}", "a")
        raise SettingsError(
            "tiles: {s} stands for several hosts, and a page opens itself to one; write one of "
            f"them into the template, as in {one}"
        )
    if len(template) > _LONGEST or not _ALLOWED.fullmatch(template):
        raise SettingsError(
            f"tiles: {shown!r} is no address of tiles; write it in plain ASCII without spaces and "
            f"quotes, in at most {_LONGEST} characters (other characters as %XX, a host as xn--...)"
        )
    address = _split(template)
    found = _BRACES.findall(address.path + "?" + address.query)
    if sorted(found) != sorted(_PLACES) or template.count("{") != 3 or template.count("}") != 3:
        raise SettingsError(
            f"tiles: {shown!r} must hold {{z}}, {{x}} and {{y}} once each, behind the host, and no "
            "other braces"
        )
    return address


def _split(template: str) -> SplitResult:
    shown = clean(template, 120)
    try:
        address = urlsplit(template)
        host, port = address.hostname or "", address.port
    except ValueError as error:
        raise SettingsError(f"tiles: {shown!r} is no address: {error}") from error
    if address.scheme != "https" and not (address.scheme == "http" and host in LOOPBACK):
        raise SettingsError(
            f"tiles: {shown!r} must begin with https://, so that nobody on the way can read or "
            "change what is fetched"
        )
    # The host goes into the policy of the page, letter for letter.
    netloc = host if port is None else f"{host}:{port}"
    if not _HOST.fullmatch(host) or address.netloc != netloc or address.fragment:
        raise SettingsError(
            f"tiles: {shown!r} must name one host in small letters, with a port if need be, and no "
            "user or password"
        )
    return address
