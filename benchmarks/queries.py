"""Measure queries on a million events, beside what geopandas would do for the same answer.

``python benchmarks/queries.py [events]`` prints a table. The events are made up: normal around
INEGI's 2,465 municipalities, by population, with areas. Each query is a new one; the first of all
makes the indexes (columns as numbers, coordinates, the zone around the border), and is told apart.
"""

from __future__ import annotations

import resource
import sys
import time
import warnings
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd

import geo
from geo import crs, schema
from geo.errors import GeoWarning
from geo.sources import boundaries
from geo.stats.line_index import LineIndex

SEED = 20240909
EVENTS = 1_000_000
ROUNDS = 7
TYPES = ("Battles", "Protests", "Riots", "Violence against civilians")


def made_up_events(number: int) -> gpd.GeoDataFrame:
    """Return an ``ASSIGNED`` table, one in twenty known to the municipality only."""
    rng = np.random.default_rng(SEED)
    labels = boundaries.load_labels()
    people = geo.load_population("municipality")
    people = people[people["year"] == 2024].set_index("cvegeo")["population"]
    share = people[labels["cvegeo"]].to_numpy()
    town = rng.choice(len(labels), number, p=share / share.sum())
    lon = labels["lon"].to_numpy()[town] + rng.normal(0, 0.05, number)
    lat = labels["lat"].to_numpy()[town] + rng.normal(0, 0.05, number)
    days = pd.Timestamp("2018-01-01") + pd.to_timedelta(rng.integers(0, 2557, number), unit="D")
    frame = pd.DataFrame(index=range(number))
    frame["event_id"] = [f"E{n:07d}" for n in range(number)]
    frame["event_date"] = days
    frame["event_type"] = rng.choice(TYPES, number)
    for name in ("sub_event_type", "disorder_type", "admin1", "admin2"):
        frame[name] = None
    frame["actor1"] = rng.choice([f"Group {n}" for n in range(200)], number)
    frame["actor2"] = rng.choice([f"Group {n}" for n in range(200)], number)
    frame["civilian_targeting"] = rng.random(number) < 0.4
    for name in ("fatalities", "fatalities_low", "fatalities_high"):
        frame[name] = rng.poisson(0.7, number).astype(float)
    frame["time_precision"] = "day"
    frame["geo_precision"] = np.where(rng.random(number) < 0.05, "municipality", "exact")
    frame["source"] = "made up"
    frame = frame.astype({k: v for k, v in schema.EVENTS.dtypes.items() if k in frame})
    points = gpd.points_from_xy(lon, lat, crs="EPSG:4326")
    return geo.assign_areas(gpd.GeoDataFrame(frame, geometry=points))


def timed(task: Callable[[], object], rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Return the wall and the processor times of several runs, in seconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        begin, worked = time.perf_counter(), time.process_time()
        task()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - worked)
    return wall, cpu


def told(what: str, times: tuple[list[float], list[float]]) -> str:
    """Return a line: median and spread of the wall, median of the processor."""
    wall, cpu = ([1_000 * second for second in part] for part in times)
    return (
        f"| {what} | {np.median(wall):,.0f} ms ({min(wall):,.0f} to {max(wall):,.0f}) | "
        f"{np.median(cpu):,.0f} ms | {len(wall)} |"
    )


def buffered(events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the events near the border as a user of geopandas would find them."""
    line = gpd.GeoSeries([boundaries.line_shape("us")], crs="EPSG:4326").to_crs(crs.METRIC)
    strip = gpd.GeoDataFrame(geometry=line.buffer(50_000))
    placed = events[events["geo_precision"] == "exact"].to_crs(crs.METRIC)
    return gpd.sjoin(placed, strip, predicate="intersects")


def compare(events: gpd.GeoDataFrame) -> str:
    """Return how the two answers differ, and that geodesic distances explain all of it."""
    ours = geo.query(events).near("US border", km=50).to_frame()
    theirs = buffered(events)
    differ = list(set(ours["event_id"]) ^ set(theirs["event_id"]))
    rows = events.set_index("event_id").loc[differ]
    meters = LineIndex.of(boundaries.line_shape("us")).distance(
        rows.geometry.x.to_numpy(), rows.geometry.y.to_numpy()
    )
    right = (meters <= 50_000) == np.isin(differ, ours["event_id"].to_numpy())
    span = f"{meters.min() / 1e3:.2f} to {meters.max() / 1e3:.2f} km" if len(meters) else "none"
    return (
        f"{len(ours):,} events near, {len(theirs):,} by the buffer in the plane; {len(differ):,} "
        f"differ, at geodesic distances of {span}; ours is right in {int(right.sum()):,} of them"
    )


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore", GeoWarning)
    events = made_up_events(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
    base = geo.query(events)

    def by_place() -> object:
        return base.within("Culiacán, Sinaloa").between("2023-01-01", "2023-12-31").to_frame()

    def by_state() -> object:
        return base.within("Sinaloa").since("2024-01-01").of_type("Battles").to_frame()

    def near() -> object:
        return base.near("US border", km=50).to_frame()

    print(f"{len(events):,} events, {geo.__version__}")
    print(told("by place and dates, first", timed(by_place, 1)))
    print(told("by place and dates", timed(by_place)))
    print(told("by state, date and type", timed(by_state)))
    print(told('near("US border", km=50), first', timed(near, 1)))
    ours = timed(near)
    print(told('near("US border", km=50)', ours))
    kms = iter(np.arange(51, 51 + ROUNDS))
    print(
        told(
            "the same, each a new distance",
            timed(lambda: base.near("US border", next(kms)).to_frame()),
        )
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB")
    theirs = timed(lambda: buffered(events), 2)
    print(told("geopandas buffer and sjoin", theirs))
    print(f"ratio {np.median(theirs[0]) / np.median(ours[0]):.0f} (wall), "
          f"{np.median(theirs[1]) / np.median(ours[1]):.0f} (processor)")  # fmt: skip
    print(compare(events))


if __name__ == "__main__":
    main()
