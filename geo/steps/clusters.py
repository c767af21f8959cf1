"""Group events that lie densely in space and in time. A description: chance makes clusters too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import crs, schema
from geo.errors import BalanceError
from geo.stats import clusters as arithmetic
from geo.steps.precise import PrecisePoints

FloatArray = npt.NDArray[np.float64]


class PointClusters(NamedTuple):
    """What :func:`cluster_points` finds.

    Attributes
    ----------
    events
        A ``CLUSTERED`` table: the cluster of every event.
    clusters
        A ``CLUSTERS`` table: one row a cluster.
    piled
        How many of the events that were looked at lie on coordinates that 5 or more share: those
        of a town's name.
    """

    events: pd.DataFrame
    clusters: pd.DataFrame
    piled: int


def cluster_points(
    located: pd.DataFrame, *, reach_m: float, reach_days: float, min_events: int
) -> PointClusters:
    """Group events within so many meters and so many days of one another (ST-DBSCAN).

    An event with at least `min_events` events near it, itself included, is a core event; near core
    events share a cluster, and an event near one of them is its border. Near is within both
    reaches, limits included.

    Only events with an exact place and a known day are looked at. Gazetteers give all events of a
    town one point, so that a distance of 0 means the same town and not the same spot: a cluster
    with one coordinate (``places``) is one named place with many events in few days.

    Labels say where events are dense, not that there are more than by chance
    (:func:`geo.steps.repeats.find_near_repeats` tests that).

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    reach_m
        How far is near, in meters (:data:`geo.crs.METRIC`).
    reach_days
        How many days apart is near.
    min_events
        Events that make a place and time dense.

    Returns
    -------
    PointClusters
        ``events``, a ``CLUSTERED`` table with the index of `located`: number of the cluster, 0 for
        none, missing where the event was not looked at. ``clusters``, a ``CLUSTERS`` table in
        order of number, which is that of the first core event.

    Raises
    ------
    SchemaError
        If `located` breaks its contract.
    SettingsError
        If a setting is not above zero, no event has an exact place and day, or too many pairs of
        events are near each other (:data:`geo.stats.clusters.MAX_PAIRS`); it is counted before
        any is built.

    Warns
    -----
    PrecisionWarning
        If events are left out for the precision of their place or date.

    References
    ----------
    Birant, D., and Kut, A. (2007). ST-DBSCAN: an algorithm for clustering spatial-temporal data.
    *Data & Knowledge Engineering* 60, 208-221.

    Examples
    --------
    >>> found = cluster_points(
    ...     schema.ASSIGNED.empty(), reach_m=10_000, reach_days=7, min_events=5
    ... )
    >>> len(found.events), len(found.clusters)
    (0, 0)
    """
    schema.ASSIGNED.check(located)
    points = PrecisePoints.of(located, what="clusters of points")
    found = arithmetic.cluster_events(
        points.easting,
        points.northing,
        points.days,
        reach_m=reach_m,
        reach_days=reach_days,
        min_events=min_events,
    )
    label = np.zeros(len(located), dtype=np.int64)
    core = np.zeros(len(located), dtype=bool)
    label[points.used], core[points.used] = found.label, found.is_core
    events = pd.DataFrame(
        {
            "event_id": located["event_id"].astype("str"),
            "cluster": pd.arrays.IntegerArray(label, ~points.used),
            "is_core": pd.arrays.BooleanArray(core, ~points.used),
            "left_out": points.why_not,
        },
        index=located.index,
    )
    table = _clusters(located[points.used], points, found)
    if int(table["events"].sum()) != int((found.label > 0).sum()):
        raise BalanceError(
            f"{int((found.label > 0).sum())} events have a cluster, but the clusters hold "
            f"{int(table['events'].sum())}"
        )
    return PointClusters(events, table, points.piled)


def _clusters(
    located: pd.DataFrame, points: PrecisePoints, found: arithmetic.Clusters
) -> pd.DataFrame:
    inside = found.label > 0
    if not inside.any():
        return schema.CLUSTERS.empty()
    deaths = located["fatalities"].to_numpy(dtype=np.float64)
    rows = pd.DataFrame(
        {
            "cluster": found.label,
            "easting": points.easting,
            "northing": points.northing,
            "day": located["event_date"].to_numpy(),
            "core": found.is_core,
            "cvegeo": located["cvegeo"].to_numpy(),
            "deaths": np.nan_to_num(deaths),
            "unknown": np.isnan(deaths),
        }
    )[inside]
    # Sums of the same numbers in another order differ by rounding.
    rows = rows.sort_values(["cluster", "day", "easting", "northing"], kind="stable")
    grouped = rows.groupby("cluster")
    easting, northing = grouped["easting"].mean(), grouped["northing"].mean()
    apart = np.hypot(
        rows["easting"] - rows["cluster"].map(easting),
        rows["northing"] - rows["cluster"].map(northing),
    )
    first, last = grouped["day"].min(), grouped["day"].max()
    lon, lat = crs.unproject(easting.to_numpy(), northing.to_numpy())
    table = pd.DataFrame(
        {
            "events": grouped.size(),
            "core_events": grouped["core"].sum(),
            "places": rows.drop_duplicates(["cluster", "easting", "northing"])
            .groupby("cluster")
            .size(),
            "first_day": first,
            "last_day": last,
            "days": (last - first).dt.days + 1,
            "longitude": lon,
            "latitude": lat,
            "radius_m": apart.groupby(rows["cluster"]).max(),
            "fatalities": grouped["deaths"].sum(),
            "fatalities_unknown": grouped["unknown"].sum(),
        }
    )
    # The mean of equal coordinates may differ from them by rounding.
    table["radius_m"] = table["radius_m"].where(table["places"] > 1, 0.0)
    table = table.join(_main_area(rows)).reset_index()
    return table[list(schema.CLUSTERS.dtypes)].astype(schema.CLUSTERS.dtypes)


def _main_area(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the municipality with most events of each cluster; the lower code where two have."""
    counted = rows.groupby(["cluster", "cvegeo"]).size().rename("most").reset_index()
    ordered = counted.sort_values(["cluster", "most", "cvegeo"], ascending=[True, False, True])
    main = ordered.drop_duplicates("cluster").set_index("cluster")
    share = main["most"] / rows.groupby("cluster").size().reindex(main.index)
    return pd.DataFrame({"cvegeo": main["cvegeo"], "cvegeo_share": share})
