"""What lies around Mexico: neighboring countries and seas, from Natural Earth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

WINDOW = shapely.box(-125, 8, -80, 38)
"""Where a point may still be taken for one of Mexico's."""
DRAWN = shapely.box(-140, -5, -62, 56)
"""What a first view may show, also on a phone held upright: no straight edge of the land."""
MEXICO = "484"
NEIGHBORS = ("840", "320", "084")
"""Countries with a land border with Mexico, by ISO 3166 number."""
NEAR = (*NEIGHBORS, "340", "222", "192")
"""Countries near enough for a point at sea or beyond the border to be one of theirs."""
UNDERLAP_DEG = 0.1

COUNTRIES: dict[str, tuple[str, str, tuple[float, float] | None]] = {
    "840": ("United States", "Estados Unidos", (-101.0, 33.6)),
    "320": ("Guatemala", "Guatemala", None),
    "084": ("Belize", "Belice", None),
    "340": ("Honduras", "Honduras", None),
    "222": ("El Salvador", "El Salvador", None),
    "558": ("Nicaragua", "Nicaragua", None),
    "188": ("Costa Rica", "Costa Rica", None),
    "591": ("Panama", "Panamá", None),
    "192": ("Cuba", "Cuba", None),
    "136": ("Cayman Islands", "Islas Caimán", None),
    "124": ("Canada", "Canadá", None),
    "388": ("Jamaica", "Jamaica", None),
    "332": ("Haiti", "Haití", None),
    "214": ("Dominican Republic", "República Dominicana", None),
    "044": ("Bahamas", "Bahamas", None),
    "170": ("Colombia", "Colombia", None),
    "862": ("Venezuela", "Venezuela", None),
}
"""English and Spanish name of what is drawn, and where its label stands if not in its middle."""

SEAS: tuple[tuple[str, str, float, float, int], ...] = (
    ("Pacific Ocean", "Océano Pacífico", -110.5, 18.0, 1),
    ("Gulf of Mexico", "Golfo de México", -93.2, 24.6, 1),
    ("Caribbean Sea", "Mar Caribe", -84.3, 18.6, 1),
    ("Gulf of California", "Golfo de California", -111.2, 27.25, 2),
    ("Bay of Campeche", "Bahía de Campeche", -94.0, 19.9, 2),
    ("Gulf of Tehuantepec", "Golfo de Tehuantepec", -94.9, 15.1, 2),
)
"""English and Spanish name, longitude and latitude of the label, 1 for large and 2 for small."""


def drawn(atlas_50m: Path) -> tuple[pa.Table, dict[str, BaseGeometry]]:
    """Return names and shapes of what is drawn around Mexico.

    Returns
    -------
    Table
        ``kind`` (country, sea), ``code`` (ISO 3166 number, of a country), ``name_en``,
        ``name_es``, ``lon``, ``lat`` (of the label), ``rank`` (1 is written first).
    dict
        Shape of each country by its code, ascending, in degrees.

    Mexico itself is not among them. Its neighbors reach a tenth of a degree into it, because two
    sources never agree on a border and the sea would show between them: draw Mexico on top.
    """
    world = _countries(atlas_50m)
    rows: list[dict[str, Any]] = []
    shapes: dict[str, BaseGeometry] = {}
    for number, (english, spanish, place) in sorted(COUNTRIES.items()):
        shape = world[number]
        if number in NEIGHBORS:
            border = shapely.intersection(shape.boundary, world[MEXICO].boundary)
            strip = shapely.intersection(border.buffer(UNDERLAP_DEG, quad_segs=2), world[MEXICO])
            shape = shapely.union(shape, strip)
        shapes[number] = shape = _rounded(shapely.intersection(shape, DRAWN), 1e-4)
        lon, lat = place or _middle(shape)
        rows.append(
            {
                "kind": "country",
                "code": number,
                "name_en": english,
                "name_es": spanish,
                "lon": lon,
                "lat": lat,
                "rank": 1 if number in NEIGHBORS else 2,
            }
        )
    rows += [
        {
            "kind": "sea",
            "code": None,
            "name_en": english,
            "name_es": spanish,
            "lon": lon,
            "lat": lat,
            "rank": rank,
        }
        for english, spanish, lon, lat, rank in SEAS
    ]
    return pa.Table.from_pylist(rows), shapes


def countries(atlas_10m: Path, atlas_110m: Path) -> pa.Table:
    """Return the countries of the world but Mexico, to tell whose a point beyond the border is.

    ``iso_number``, ``name_en``, ``geometry`` (WKB, EPSG:4326). Fine around Mexico, coarse
    elsewhere.
    """
    near, far = _countries(atlas_10m), _countries(atlas_110m)
    names = _names(atlas_110m)
    rows = []
    for number in sorted(far):
        if number == MEXICO:
            continue
        shape = far[number]
        if number in NEAR:
            # The two scales differ along the edge of the window, which nobody will notice.
            shape = shapely.union(
                shapely.intersection(near[number], WINDOW), shapely.difference(shape, WINDOW)
            )
        shape = _rounded(shape, 1e-5)
        rows.append(
            {
                "iso_number": number,
                "name_en": names[number],
                "geometry": shapely.to_wkb(shape),
            }
        )
    return pa.Table.from_pylist(rows)


def _rounded(shape: BaseGeometry, grid: float) -> BaseGeometry:
    parts = shapely.get_parts(shapely.set_precision(shape, grid))
    areal = [part for part in parts if part.geom_type == "Polygon"]
    return shapely.normalize(shapely.multipolygons(areal))


def _middle(shape: BaseGeometry) -> tuple[float, float]:
    parts = shapely.get_parts(shape)
    largest = parts[np.argmax(shapely.area(parts))]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    lon, lat = np.round(shapely.get_coordinates(circle)[0], 3)
    return float(lon), float(lat)


def _names(atlas: Path) -> dict[str, str]:
    objects = json.loads(atlas.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    return {each["id"]: each["properties"]["name"] for each in objects if "id" in each}


def _countries(atlas: Path) -> dict[str, BaseGeometry]:
    """Return the countries of a TopoJSON file by ISO 3166 number."""
    topology = json.loads(atlas.read_text(encoding="utf-8"))
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> list[Any]:
        pieces = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in numbers]
        return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]).tolist()

    found: dict[str, BaseGeometry] = {}
    for each in topology["objects"]["countries"]["geometries"]:
        if "id" not in each or not each.get("arcs"):
            continue
        polygons = each["arcs"] if each["type"] == "MultiPolygon" else [each["arcs"]]
        rings = [[ring(numbers) for numbers in polygon] for polygon in polygons]
        # Islets that the file's grid has flattened are no polygons any more.
        shells = [[ring for ring in polygon if len(ring) > 3] for polygon in rings]
        pieces = [shapely.Polygon(shell[0], shell[1:]) for shell in shells if shell]
        if not pieces:
            continue
        shape = shapely.make_valid(shapely.multipolygons(pieces))
        # A country of several rows (Australia) is one country.
        found[each["id"]] = shapely.union(found.get(each["id"], shape), shape)
    return found
