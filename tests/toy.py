"""A toy country small enough to check by hand.

1 +-------+-------+-------+
  | 25003 | 10001 | 25002 |      three municipalities in two states; 25003 and 25002 touch only
0 +-------+-------+-------+      10001 (codes out of order, so that no test passes by luck)
  0       1       2       3      degrees of longitude and latitude

Functions, not fixtures, so that properties can use them. No two calls share a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geo import schema

LEFT, MIDDLE, RIGHT = "25003", "10001", "25002"
MUNICIPALITIES = (LEFT, MIDDLE, RIGHT)
STATES = ("25", "10")
_STATE_NAMES = {"25": "Sinaloa", "10": "Durango"}
_KM2 = 12_300.0


def areas() -> gpd.GeoDataFrame:
    """Return the ``AREAS`` table of the three municipalities."""
    boxes = [shapely.MultiPolygon([shapely.box(x, 0, x + 1, 1)]) for x in range(3)]
    return gpd.GeoDataFrame(
        {
            "cvegeo": pd.Series(MUNICIPALITIES, dtype="str"),
            "name": pd.Series(["Left", "Middle", "Right"], dtype="str"),
            "state_name": pd.Series([_STATE_NAMES[c[:2]] for c in MUNICIPALITIES], dtype="str"),
            "level": pd.Series("municipality", index=range(3), dtype="str"),
            "area_km2": _KM2,
            "cve_ent": pd.Series([c[:2] for c in MUNICIPALITIES], dtype="str"),
        },
        geometry=boxes,
        crs="EPSG:4326",
    )


def states() -> pd.DataFrame:
    """Return the codes of the two states."""
    return pd.DataFrame({"cvegeo": pd.Series(STATES, dtype="str")})


def neighbors() -> pd.DataFrame:
    """Return the ``NEIGHBORS`` table: the middle touches both others."""
    pairs = [(LEFT, MIDDLE), (MIDDLE, LEFT), (MIDDLE, RIGHT), (RIGHT, MIDDLE)]
    return pd.DataFrame(pairs, columns=["focal", "neighbor"], dtype="str")


_USUAL: dict[str, Any] = {
    "event_date": "2024-01-01",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "disorder_type": "Political violence",
    "actor1": "Group A",
    "actor2": "Group B",
    "civilian_targeting": False,
    "fatalities": 0.0,
    "fatalities_low": None,
    "fatalities_high": None,
    "time_precision": "day",
    "geo_precision": "exact",
    "admin1": None,
    "admin2": None,
    "source": "ACLED",
}


def events(*rows: tuple[float, float] | None, **columns: Any) -> gpd.GeoDataFrame:
    """Return an ``EVENTS`` table with one event a point (longitude, latitude; None: no point).

    Every column can be given, as one value for all events or as one an event.
    """
    frame = pd.DataFrame(index=range(len(rows)))
    frame["event_id"] = [f"T{number}" for number in range(len(rows))]
    for name, usual in _USUAL.items():
        given = columns.pop(name, usual)
        frame[name] = list(given) if isinstance(given, list | tuple | pd.Series) else given
    for name, given in columns.items():
        frame[name] = given
    points = [shapely.Point(row) if row is not None else None for row in rows]
    return gpd.GeoDataFrame(_typed(frame, schema.EVENTS), geometry=points, crs="EPSG:4326")


def located(rows: Iterable[Mapping[str, Any] | tuple[str | None, str]]) -> gpd.GeoDataFrame:
    """Return an ``ASSIGNED`` table from (code, date) pairs, or from columns by name.

    A code of 5 digits is a municipality, one of 2 digits a state known without a municipality,
    None no area at all.
    """
    given = [
        dict(row) if isinstance(row, Mapping) else {"code": row[0], "event_date": row[1]}
        for row in rows
    ]
    codes = [row.pop("code") for row in given]
    frame = events(*([(0.5, 0.5)] * len(given)))
    for name in sorted({name for row in given for name in row}):
        usual = _USUAL.get(name)
        frame[name] = pd.Series([row.get(name, usual) for row in given], index=frame.index)
    frame["cve_ent"] = [code[:2] if code else None for code in codes]
    frame["cvegeo"] = [code if code and len(code) == 5 else None for code in codes]
    frame["assigned_by"] = [
        "none" if not code else "inside" if len(code) == 5 else "admin1" for code in codes
    ]
    frame["distance_m"] = [0.0 if code and len(code) == 5 else None for code in codes]
    frame["reason"] = [
        "offshore" if not code else None if len(code) == 5 else "state_only" for code in codes
    ]
    frame["point_cvegeo"] = frame["cvegeo"]
    frame["conflict"] = False
    return _typed(frame, schema.ASSIGNED)


def exposure(people: Mapping[str, float], periods: Iterable[str], years: float = 1.0):
    """Return an ``EXPOSURE`` table with the same population in every period."""
    rows = [
        (code, period, float(number), number * years, years, "given")
        for code, number in people.items()
        for period in periods
    ]
    names = ["cvegeo", "period", "population", "exposure", "years", "origin"]
    return pd.DataFrame(rows, columns=names).astype(schema.EXPOSURE.dtypes)


def population(people: Mapping[str, float], years: Iterable[int]) -> pd.DataFrame:
    """Return a ``POPULATION`` table with the same population in every year."""
    rows = [
        (code, year, float(number), "given") for code, number in people.items() for year in years
    ]
    names = ["cvegeo", "year", "population", "origin"]
    return pd.DataFrame(rows, columns=names).astype(schema.POPULATION.dtypes)


def _typed(frame: pd.DataFrame, table: schema.Table) -> Any:
    return frame.astype({name: kind for name, kind in table.dtypes.items() if name in frame})
