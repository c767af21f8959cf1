"""Give each event the state and the municipality it counts for, once, or the reason why not.

Two questions are kept apart: in which municipality the point lies (geometry, exact), and for
which area the event may count (the gate: a place that is only known to the state never counts
for the municipality that its point happens to fall in).
"""

from __future__ import annotations

import functools
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import cvegeo, schema
from geo.errors import BalanceError, SettingsError
from geo.sources import boundaries
from geo.sources.area_grids import Rings
from geo.stats.area_grid import AreaGrid
from geo.stats.area_lookup import find_areas
from geo.steps.placing import Finder, check_tolerance, finder_of, shipped_finder

TOLERANCE_M = 2_000.0
"""How far from the nearest area a point may lie and still be given to it."""

Conflicts = Literal["point", "admin1"]

_MUNICIPAL = ("exact", "near", "municipality")
_REASON = {
    "state": "state_only",
    "fuzzy": "fuzzy_place",
    "country": "country_only",
    "water": "country_only",
    "unknown": "unknown_precision",
}


class _Places(NamedTuple):
    """Where the points lie, whatever they may count for."""

    municipality: pd.Series
    state: pd.Series
    how: npt.NDArray[np.object_]
    distance_m: npt.NDArray[np.float64]
    why_not: pd.Series


def assign_areas(
    events: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame | None = None,
    *,
    tolerance_m: float = TOLERANCE_M,
    conflicts: Conflicts = "point",
) -> gpd.GeoDataFrame:
    """Add to each event the state and the municipality it counts for.

    A point on a border goes to the lower code. A point outside every area, but within
    `tolerance_m`, goes to the nearest one and says how far that is; farther out it has none.

    The gate: places known exactly, nearly or to their municipality count by their point. A place
    known only to its state counts for the state that the source names (by the point where it
    names none) and for no municipality; so does a place whose precision is not stated. A fuzzy
    place counts for the state that the source names, if it names one. A place known only to the
    country counts for neither.

    Parameters
    ----------
    events
        An ``EVENTS`` table.
    areas
        An ``AREAS`` table of municipalities; INEGI's of September 2019 unless given.
    tolerance_m
        Largest geodesic distance in meters to the nearest area; 0 switches moving off.
    conflicts
        What an event counts for whose source names another state than the one its point lies
        in: the areas of its ``"point"``, or the state ``"admin1"`` and then no municipality.
        Either way it is marked.

    Returns
    -------
    GeoDataFrame
        An ``ASSIGNED`` table: `events`, same rows and index, with ``cve_ent``, ``cvegeo``,
        ``assigned_by``, ``distance_m``, ``reason``, ``point_cvegeo`` and ``conflict``.

    Raises
    ------
    SchemaError, CRSError
        A table breaks its contract, or is not in longitude and latitude.
    SettingsError
        A negative tolerance or an unknown way to settle conflicts.

    Examples
    --------
    >>> events = schema.EVENTS.empty()
    >>> list(assign_areas(events).columns[-7:])
    ['cve_ent', 'cvegeo', 'assigned_by', 'distance_m', 'reason', 'point_cvegeo', 'conflict']
    """
    _check(events, tolerance_m, conflicts)
    finder = shipped_finder() if areas is None else finder_of(areas)
    return _assigned(events, finder, tolerance_m, conflicts)


def assign_by(
    events: gpd.GeoDataFrame,
    finder: Finder,
    *,
    tolerance_m: float = TOLERANCE_M,
    conflicts: Conflicts = "point",
) -> gpd.GeoDataFrame:
    """Do what :func:`assign_areas` does, by areas that were made ready before.

    Parameters
    ----------
    events, tolerance_m, conflicts
        As in :func:`assign_areas`.
    finder
        The areas (:func:`geo.steps.placing.finder_of`), for one table of events after the other.

    Raises
    ------
    SchemaError, SettingsError
        As in :func:`assign_areas`.

    Examples
    --------
    >>> len(assign_by(schema.EVENTS.empty(), shipped_finder()))
    0
    """
    _check(events, tolerance_m, conflicts)
    return _assigned(events, finder, tolerance_m, conflicts)


def _check(events: gpd.GeoDataFrame, tolerance_m: float, conflicts: str) -> None:
    schema.EVENTS.check(events)
    check_tolerance(tolerance_m)
    if conflicts not in ("point", "admin1"):
        raise SettingsError(f"conflicts are settled by 'point' or 'admin1', not by {conflicts!r}")


def _assigned(
    events: gpd.GeoDataFrame, finder: Finder, tolerance_m: float, conflicts: Conflicts
) -> gpd.GeoDataFrame:
    places = _locate(events, finder, tolerance_m)
    named = cvegeo.state_codes(events["admin1"])
    precision = events["geo_precision"].astype("str")

    conflict = named.notna() & places.state.notna() & (named != places.state)
    by_point = precision.isin(_MUNICIPAL) & places.municipality.notna()
    if conflicts == "admin1":
        by_point &= ~conflict
    # Only where the source vouches for a state: a country or a stretch of water has none.
    by_name = ~by_point & named.notna() & _counts_by_name(precision, places, conflict, conflicts)
    by_centroid = ~by_point & ~by_name & precision.isin(["state", "unknown"]) & places.state.notna()

    state = places.state.where(by_point | by_centroid).where(~by_name, named)
    how = np.where(by_point | by_centroid, places.how, np.where(by_name, "admin1", "none"))
    located = events.assign(
        cve_ent=state.astype("str"),
        cvegeo=places.municipality.where(by_point).astype("str"),
        assigned_by=pd.Series(how, index=events.index, dtype="str"),
        distance_m=np.where(by_point | by_centroid, places.distance_m, np.nan),
        reason=_reasons(precision, places, by_point, conflict).astype("str"),
        point_cvegeo=places.municipality.astype("str"),
        conflict=conflict.astype("boolean"),
    )
    _balance(events, located)
    return located


def _counts_by_name(
    precision: pd.Series, places: _Places, conflict: pd.Series, conflicts: Conflicts
) -> pd.Series:
    loose = precision.isin(["state", "fuzzy", "unknown"])
    pointless = precision.isin(_MUNICIPAL) & (places.why_not == "no_coordinates")
    settled = precision.isin(_MUNICIPAL) & conflict if conflicts == "admin1" else False
    return loose | pointless | settled


def _reasons(
    precision: pd.Series, places: _Places, by_point: pd.Series, conflict: pd.Series
) -> pd.Series:
    gate = precision.map(_REASON).astype("str")
    # A precise place without a municipality is held back by its point, or by the conflict.
    reason = gate.where(gate.notna(), places.why_not).where(~by_point)
    held = ~by_point & reason.isna() & conflict
    return reason.mask(held, "conflict")


class Placed(NamedTuple):
    """Where points lie.

    Attributes
    ----------
    first
        Place of the area of each point, -1 where it has none.
    border
        Positions of the points that several areas hold.
    moved, moved_m
        Positions of the points outside every area that were moved to the nearest, and how far.
    lost, is_abroad
        Positions of the known points without an area, and whether each lies in another country.
    """

    first: npt.NDArray[np.int32]
    border: npt.NDArray[np.int64]
    moved: npt.NDArray[np.int64]
    moved_m: npt.NDArray[np.float64]
    lost: npt.NDArray[np.int64]
    is_abroad: npt.NDArray[np.bool_]


def place_points(
    finder: Finder,
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    tolerance_m: float = TOLERANCE_M,
) -> Placed:
    """Return where points lie, the geometry alone: what :func:`assign_areas` goes by.

    Parameters
    ----------
    finder
        The areas.
    lon, lat
        Degrees; what is not finite lies nowhere.
    tolerance_m
        As in :func:`assign_areas`.

    Examples
    --------
    >>> placed = place_points(shipped_finder(), np.array([-99.13, np.nan]), np.array([19.43, 0.0]))
    >>> placed.first.tolist()[1], placed.lost.tolist()
    (-1, [])
    """
    first, border, _ = finder.covering(lon, lat)
    outside = np.flatnonzero((first < 0) & np.isfinite(lon) & np.isfinite(lat))
    moved, moved_m = outside[:0], np.empty(0)
    if tolerance_m > 0 and len(outside):
        near, meters = finder.nearest(lon[outside], lat[outside], tolerance_m)
        first[outside] = near
        moved, moved_m = outside[near >= 0], meters[near >= 0]
        outside = outside[near < 0]
    abroad = np.zeros(len(outside), dtype=bool)
    if len(outside):
        abroad = find_areas(_other_countries(), lon[outside], lat[outside]).first >= 0
    return Placed(first, border, moved, moved_m, outside, abroad)


def _locate(events: gpd.GeoDataFrame, finder: Finder, tolerance_m: float) -> _Places:
    lon, lat = _coordinates(events)
    placed = place_points(finder, lon, lat, tolerance_m)
    first = placed.first
    distance = np.where(first >= 0, 0.0, np.nan)
    distance[placed.moved] = placed.moved_m
    how = np.where(first >= 0, "inside", "none").astype(object)
    how[placed.border] = "border"
    how[placed.moved] = "nearest"
    why = np.full(len(lon), None, dtype=object)
    why[~(np.isfinite(lon) & np.isfinite(lat))] = "no_coordinates"
    why[placed.lost] = np.where(placed.is_abroad, "other_country", "offshore")
    return _Places(
        municipality=_pick(finder.codes, first, events.index),
        state=_pick(finder.states, first, events.index),
        how=how,
        distance_m=distance,
        why_not=pd.Series(why, index=events.index, dtype="str"),
    )


def _coordinates(
    events: gpd.GeoDataFrame,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    shapes = np.asarray(events.geometry.array)
    usable = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
    points = shapes.copy()
    points[~usable] = None
    return shapely.get_x(points), shapely.get_y(points)


def _pick(
    codes: npt.NDArray[np.object_], place: npt.NDArray[np.int32], index: pd.Index
) -> pd.Series:
    # Of what lies nowhere the place is -1, the last.
    return pd.Series(pd.array([*codes, None], dtype="str").take(place), index=index)


@functools.cache
def _other_countries() -> AreaGrid:
    return Rings.of(np.asarray(boundaries.load_neighbor_countries().geometry.array)).grid()


def _balance(events: gpd.GeoDataFrame, located: gpd.GeoDataFrame) -> None:
    """Refuse a result in which an event is lost, doubled, or neither placed nor explained."""
    if not located.index.equals(events.index):
        raise BalanceError(f"{len(events)} events went in, {len(located)} came out")
    unexplained = located["cvegeo"].isna() & located["reason"].isna()
    contradictory = located["cvegeo"].notna() & located["reason"].notna()
    if unexplained.any() or contradictory.any():
        raise BalanceError(
            f"{int(unexplained.sum())} events have no municipality and no reason, "
            f"{int(contradictory.sum())} have both"
        )


def assignment_account(located: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return how many events count at each level, how they got there, and why others do not.

    Returns
    -------
    DataFrame
        ``level`` (state, municipality), ``outcome`` (inside, border, nearest, admin1,
        unassigned), ``reason``, ``events``. At each level the events add up to all events.

    Examples
    --------
    >>> located = assign_areas(schema.EVENTS.empty())
    >>> int(assignment_account(located)["events"].sum())
    0
    """
    parts = []
    for level, column in (("state", "cve_ent"), ("municipality", "cvegeo")):
        placed = located[column].notna()
        parts.append(
            pd.DataFrame(
                {
                    "level": level,
                    "outcome": located["assigned_by"].where(placed, "unassigned"),
                    "reason": located["reason"].where(~placed).fillna(""),
                }
            )
        )
    long = pd.concat(parts, ignore_index=True)
    return long.groupby(["level", "outcome", "reason"]).size().rename("events").reset_index()


def pileups(events: gpd.GeoDataFrame, *, at_least: int = 20, share: float = 0.005) -> pd.DataFrame:
    """Return the coordinates that carry suspiciously many events.

    Gazetteers give every event of a town the same point, and events of unknown place often get
    the point of the capital: such a point is a name, not a place, and surfaces and point
    clusters must not be read there.

    Parameters
    ----------
    events
        An ``EVENTS`` table.
    at_least, share
        A coordinate is listed when it carries at least so many events and at least this share
        of all events with coordinates.

    Returns
    -------
    DataFrame
        ``longitude``, ``latitude``, ``events``, ``share``, ``imprecise`` (events there whose
        place is known only to the municipality or worse), most events first.
    """
    lon, lat = _coordinates(events)
    loose = ~events["geo_precision"].isin(["exact", "near"]).to_numpy()
    points = pd.DataFrame({"longitude": lon, "latitude": lat, "imprecise": loose})
    points = points[np.isfinite(lon) & np.isfinite(lat)]
    table = (
        points.groupby(["longitude", "latitude"])["imprecise"]
        .agg(events="size", imprecise="sum")
        .reset_index()
    )
    table["share"] = table["events"] / max(len(points), 1)
    listed = table[(table["events"] >= at_least) & (table["share"] >= share)]
    return listed.sort_values(
        ["events", "longitude", "latitude"], ascending=[False, True, True], ignore_index=True
    )[["longitude", "latitude", "events", "share", "imprecise"]]
