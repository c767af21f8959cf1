"""The land borders and the coast as lines: the rim of the country, cut where its kind changes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from geo.crs import GEOD

FloatArray = npt.NDArray[np.float64]

ENDS: dict[str, tuple[float, float]] = {
    "pacific, north": (-117.1232302, 32.5343339),
    "gulf": (-97.1470097, 25.9546908),
    "caribbean": (-87.8564868, 18.1813387),
    "belize and guatemala": (-89.1517138, 17.8156143),
    "pacific, south": (-92.2267519, 14.5320984),
}
"""Where one kind of rim becomes another: the initial monument of the US border, the mouth of the
Rio Bravo, that of the Boca Bacalar Chico, the meeting of three countries, the mouth of the
Suchiate; as vertices of the layer."""

BORDERS: dict[str, tuple[str, str]] = {
    "us": ("pacific, north", "gulf"),
    "guatemala": ("belize and guatemala", "pacific, south"),
    "belize": ("caribbean", "belize and guatemala"),
}
"""The ends of each land border, clockwise around the country."""

SHORES: tuple[tuple[str, str], ...] = (("gulf", "caribbean"), ("pacific, south", "pacific, north"))
NEAR_M = 50.0
"""How far from the layer an end may lie."""


def lines_table(states: npt.NDArray[np.object_], scale: float, credit: str) -> pa.Table:
    """Return one row a part of a line: ``line``, ``lon``, ``lat``, in units of ``1 / scale``.

    Parameters
    ----------
    states
        The states as stored.
    scale
        Units a degree.
    credit
        Stands in the metadata.
    """
    country = shapely.union_all(shapely.make_valid(states))
    rings = shapely.get_exterior_ring(shapely.get_parts(country))
    vertices = [shapely.get_coordinates(ring)[:-1] for ring in rings]
    largest = int(np.argmax([len(each) for each in vertices]))
    mainland = vertices[largest]
    if shapely.is_ccw(rings[largest]):
        mainland = mainland[::-1]
    at = {name: _vertex(mainland, place) for name, place in ENDS.items()}
    parts = [(name, _between(mainland, at[a], at[b])) for name, (a, b) in BORDERS.items()]
    parts += [("coast", _between(mainland, at[a], at[b])) for a, b in SHORES]
    islands = [each for number, each in enumerate(vertices) if number != largest]
    islands.sort(key=lambda each: tuple(each.min(axis=0)))
    parts += [("coast", np.vstack([each, each[:1]])) for each in islands]
    units = [(name, np.round(each * scale).astype(np.int64)) for name, each in parts]
    table = pa.table(
        {
            "line": [name for name, _ in units],
            "lon": [each[:, 0] for _, each in units],
            "lat": [each[:, 1] for _, each in units],
        }
    )
    return table.replace_schema_metadata({"scale": str(scale), "credit": credit})


def _vertex(ring: FloatArray, place: tuple[float, float]) -> int:
    lon, lat = (np.full(len(ring), degrees) for degrees in place)
    meters = np.asarray(GEOD.inv(ring[:, 0], ring[:, 1], lon, lat)[2])
    nearest = int(meters.argmin())
    if meters[nearest] > NEAR_M:
        raise SystemExit(
            f"No vertex within {NEAR_M:g} m of {place}, but at {meters[nearest]:.0f} m"
        )
    return nearest


def _between(ring: FloatArray, first: int, last: int) -> FloatArray:
    return ring[first : last + 1] if first < last else np.vstack([ring[first:], ring[: last + 1]])
