"""Where the events of the made-up sample lie: real municipalities, invented towns.

Real event data repeat the coordinates of a gazetteer: each municipality here has its seat and a
few towns, and every event lies exactly on one of them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

IntArray = npt.NDArray[np.int64]

CAPITALS = (
    "01001", "02002", "03003", "04002", "05030", "06002", "07101", "08019", "09015", "10005",
    "11015", "12029", "13048", "14039", "15106", "16053", "17007", "18017", "19039", "20067",
    "21114", "22014", "23004", "24028", "25006", "26030", "27004", "28041", "29033", "30087",
    "31050", "32056",
)  # fmt: skip
"""The municipality of each state's capital, where events of vague place are parked."""

NEAR_SHORE = (
    ("12001", -99.6951, 16.7068),
    ("30193", -96.1191, 19.2126),
    ("23001", -87.0103, 20.4318),
    ("06007", -104.2849, 19.0058),
    ("26029", -111.1205, 27.9719),
    ("04003", -91.4127, 18.8791),
)
"""Points in the sea, 0.3 to 0.5 km from the municipality named."""

OFF_SHORE = (
    ("30193", -96.0331, 19.2384),
    ("06007", -104.2849, 18.9198),
    ("16052", -102.4827, 17.9326),
    ("31059", -89.6822, 21.4314),
    ("04003", -91.4127, 18.9771),
    ("02001", -115.8895, 30.1928),
)
"""Points in the sea, about 9 km from the municipality named."""

_BORDERS = (
    ("09014", "09015"),
    ("14039", "14120"),
    ("15106", "15054"),
    ("19039", "19026"),
    ("21114", "21119"),
    ("16053", "16022"),
    ("11015", "11037"),
    ("20067", "20385"),
)


@dataclass(frozen=True, slots=True)
class Towns:
    """The towns of some municipalities: one row a town, the first of each is the seat."""

    table: pd.DataFrame
    first: dict[str, int]
    number: dict[str, int]

    def pick(self, cvegeo: pd.Series, rng: np.random.Generator) -> IntArray:
        """Return the row of the town of each event; the seat is the commonest."""
        first = cvegeo.map(self.first).to_numpy(dtype=np.int64)
        number = cvegeo.map(self.number).to_numpy(dtype=np.int64)
        # Squared: half of the events lie in the first three of ten towns.
        row: IntArray = first + np.floor(rng.random(len(cvegeo)) ** 2 * number).astype(np.int64)
        return row

    def seat(self, cvegeo: pd.Series) -> IntArray:
        """Return the row of the seat of each municipality."""
        row: IntArray = cvegeo.map(self.first).to_numpy(dtype=np.int64)
        return row


def make_towns(areas: gpd.GeoDataFrame, people: pd.Series, rng: np.random.Generator) -> Towns:
    """Return the seat and 1 to 11 more towns of each area, more where more people live.

    Parameters
    ----------
    areas
        An ``AREAS`` table of municipalities.
    people
        Their population, by ``cvegeo``.
    rng
        Where the towns lie is drawn from it.
    """
    rows: list[tuple[str, str, float, float]] = []
    first, number = {}, {}
    seats = shapely.point_on_surface(areas.geometry.to_numpy())
    for code, name, shape, seat in zip(
        areas["cvegeo"], areas["name"], areas.geometry, seats, strict=True
    ):
        wanted = int(np.clip(1 + people[code] // 50_000, 1, 11))
        shapely.prepare(shape)
        first[code] = len(rows)
        lon, lat = _inside(shape, np.array([[seat.x, seat.y]]))
        rows.append((code, as_ascii(name), lon, lat))
        for i, (lon, lat) in enumerate(_scattered(shape, wanted, rng), start=1):
            rows.append((code, f"Pueblo Inventado {i}", lon, lat))
        number[code] = len(rows) - first[code]
    table = pd.DataFrame(rows, columns=["cvegeo", "town", "lon", "lat"])
    return Towns(table, first, number)


def _inside(shape: shapely.Geometry, point: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return a point of the shape with as few decimals (4 to 7) as keep it inside."""
    for decimals in (4, 5, 6, 7):
        lon, lat = np.round(point[0], decimals)
        if shapely.contains_xy(shape, lon, lat):
            break
    return float(lon), float(lat)


def _scattered(
    shape: shapely.Geometry, number: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    low_lon, low_lat, high_lon, high_lat = shape.bounds
    lon = np.round(rng.uniform(low_lon, high_lon, 12 * number), 4)
    lat = np.round(rng.uniform(low_lat, high_lat, 12 * number), 4)
    good = np.flatnonzero(shapely.contains_xy(shape, lon, lat))[:number]
    return list(zip(lon[good].tolist(), lat[good].tolist(), strict=True))


def border_points(areas: gpd.GeoDataFrame) -> list[tuple[str, float, float]]:
    """Return points that are exact corners of two neighboring areas, with the lower code.

    Only pairs that are among `areas` and share a corner give a point.
    """
    shapes = areas.set_index("cvegeo").geometry
    points = []
    for low, high in (sorted(pair) for pair in _BORDERS):
        if {low, high} <= set(shapes.index):
            mine, theirs = (
                {tuple(corner) for corner in shapely.get_coordinates(shapes[code])}
                for code in (low, high)
            )
            if shared := sorted(mine & theirs):
                lon, lat = shared[len(shared) // 2]
                points.append((low, float(lon), float(lat)))
    return points


def as_ascii(name: str) -> str:
    """Return a name as ACLED writes it: without accents.

    Examples
    --------
    >>> as_ascii("Peñón Blanco")
    'Penon Blanco'
    """
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
