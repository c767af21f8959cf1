"""Measure how fast points get their municipality, beside other tools, and that all agree.

``python benchmarks/assign.py`` measures, checks and prints; with ``--write`` it also writes its
parts of ``benchmarks/README.md`` and the plot. Everything runs in one process, by turns, after one
run of each that is not counted. ``--stage times`` or ``--stage check`` does half of it, as the
check may run beside other work. Needs ``pip install -e '.[benchmarks]'``.
"""

from __future__ import annotations

import argparse
import importlib.resources
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.sources import area_grids, boundaries
from geo.sources.area_grids import Rings
from geo.stats.area_grid import AreaGrid
from geo.stats.area_lookup import find_areas
from geo.stats.locate import AreaIndex
from geo.steps.placing import locate_points

SEED = 20240909
KM = 1 / 111.2
LASTS = 0.3
"""Seconds of a round at least."""

HERE = Path(__file__).parent
MARKS = ("<!-- made by benchmarks/assign.py: {} -->", "<!-- end of {} -->")
YARDSTICK = "geopandas `sjoin`, `within`"
OURS = "`geo`, numba, two threads"

Place = np.ndarray
Answer = Callable[[], Place]


@dataclass
class Tool:
    """One way to place the points, and the seconds of its rounds."""

    name: str
    answer: Answer
    n: int
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Measure one round: as many runs as last some tenths of a second together."""
        runs = 0
        wall, cpu = time.perf_counter(), time.process_time()
        while runs == 0 or time.perf_counter() - wall < LASTS:
            self.answer()
            runs += 1
        self.wall.append((time.perf_counter() - wall) / runs)
        self.cpu.append((time.process_time() - cpu) / runs)

    def nanoseconds(self, seconds: list[float]) -> np.ndarray:
        """Return the time a point of each round."""
        return np.array(seconds) / self.n * 1e9


def centers() -> np.ndarray:
    """Return where the names of the municipalities stand, inside each."""
    labels = boundaries.load_labels("municipality")
    return labels[["lon", "lat"]].to_numpy()


def clustered(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return points scattered by 5 km around municipalities drawn with equal chance."""
    around = centers()
    return around[rng.integers(0, len(around), n)] + rng.normal(0, 5 * KM, (n, 2))


def uniform(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return points anywhere in the bounding box of the country."""
    west, south, east, north = shapely.total_bounds(polygons())
    return np.column_stack([rng.uniform(west, east, n), rng.uniform(south, north, n)])


def polygons() -> np.ndarray:
    """Return the municipalities at full resolution, ascending by code."""
    return np.asarray(boundaries.load_areas("municipality").geometry.array)


def adversarial(rng: np.random.Generator, grid: AreaGrid, n: int) -> np.ndarray:
    """Return points on vertices and edges, next to them, and on the lines of the grid."""
    share = -(-n // 18)
    pick = grid.edges[rng.integers(0, len(grid.edges), share)]
    a, b = pick[:, :2], pick[:, 2:]
    along = a + (b - a) * rng.random((share, 1))
    frame = grid.shape
    column, row = rng.integers(0, frame.n_lon, share), rng.integers(0, frame.n_lat, share)
    middle = np.column_stack([frame.middle_lon(column), frame.middle_lat(row)])
    lines = np.column_stack([frame.west + column * frame.side, frame.south + row * frame.side])
    sets = [a, b, (a + b) / 2, along, middle, lines]
    sets += [np.nextafter(a, a + np.array(way)) for way in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    sets += [along + rng.normal(0, size, a.shape) for size in 10.0 ** -np.arange(7, 15)]
    return np.vstack(sets)[:n]


def brute_force(lon: np.ndarray, lat: np.ndarray) -> Place:
    """Return the lowest municipality that intersects each point, by prepared polygons."""
    first, _ = AreaIndex.of(polygons()).covering(lon, lat)
    return first


def mismatches(points: np.ndarray, grid: AreaGrid) -> int:
    """Return in how many points numpy or numba disagree with brute force."""
    wrong = 0
    for part in np.array_split(points, max(1, len(points) // 2_000_000)):
        lon, lat = np.ascontiguousarray(part.T)
        right = brute_force(lon, lat)
        for engine in ("numpy", "numba"):
            found = find_areas(grid, lon, lat, engine=engine, threads=2).first
            wrong += int((found != right).sum())
    return wrong


def tools(points: np.ndarray, grid: AreaGrid, slow: int) -> list[Tool]:
    """Return every tool with its input ready: what is measured is the placing alone."""
    lon, lat = np.ascontiguousarray(points.T)
    areas = boundaries.load_areas("municipality")[["geometry"]]
    areas["place"] = np.arange(len(areas))
    frame = gpd.GeoDataFrame(
        {"id": np.arange(len(lon))}, geometry=gpd.points_from_xy(lon, lat), crs=areas.crs
    )

    def ours(engine: str, threads: int) -> Answer:
        return lambda: find_areas(grid, lon, lat, engine=engine, threads=threads).first

    shapes = np.asarray(frame.geometry.array)

    def sjoin() -> Place:
        # The points are new each time, as they are to a user: geopandas keeps the tree that it
        # makes of them. The polygons stay prepared.
        new = gpd.GeoDataFrame(frame[["id"]], geometry=gpd.GeoSeries(shapes, crs=areas.crs))
        joined = gpd.sjoin(new, areas, how="inner", predicate="within")
        return _filled(len(frame), joined["id"], joined["place"])

    found = [
        Tool(YARDSTICK, sjoin, len(lon)),
        Tool("`geo`, numpy", ours("numpy", 1), len(lon)),
        Tool("`geo`, numba, one core", ours("numba", 1), len(lon)),
        Tool(OURS, ours("numba", 2), len(lon)),
        Tool("`geo.locate_points`, to codes", lambda: locate_points(lon, lat).codes, len(lon)),
    ]
    found.append(Tool("sedonadb, `ST_Intersects`, two threads", sedona(frame, areas), len(frame)))
    few = frame.iloc[:slow]
    found.append(Tool("polars-st `sjoin`, `within`", polars(few, areas), len(few)))
    found.append(Tool("DuckDB spatial, `ST_Intersects`", duck(few, areas), len(few)))
    return found


def _filled(n: int, point: object, place: object) -> Place:
    """Return the lowest place of each point, -1 where a join has none."""
    first = np.full(n, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(first, np.asarray(point), np.asarray(place, dtype=np.int32))
    return np.where(first == np.iinfo(np.int32).max, -1, first)


def sedona(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Answer:
    """Return how sedonadb joins: with as many threads as there are.

    From Parquet into its own memory, it shares the points among threads; a GeoDataFrame handed
    over stays in one piece, which takes it nearly twice the time.
    """
    import sedonadb

    session = sedonadb.connect()
    session.create_data_frame(areas).to_view("areas", overwrite=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points.parquet"
        points.to_parquet(path, row_group_size=8192)
        session.read_parquet(str(path)).to_memtable().to_view("points", overwrite=True)
    join = (
        "SELECT points.id, areas.place FROM points "
        "JOIN areas ON ST_Intersects(areas.geometry, points.geometry)"
    )

    def answer() -> Place:
        table = pa.table(session.sql(join))
        return _filled(len(points), table["id"], table["place"])

    return answer


def polars(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Answer:
    """Return how polars-st joins."""
    import polars_st as st

    left = st.GeoDataFrame(
        {"id": points["id"].to_numpy(), "geometry": points.geometry.to_wkb().tolist()}
    )
    right = st.GeoDataFrame(
        {"place": areas["place"].to_numpy(), "geometry": areas.geometry.to_wkb().tolist()}
    )

    def answer() -> Place:
        joined = left.st.sjoin(right, on="geometry", how="inner", predicate="within")
        return _filled(len(points), joined["id"], joined["place"])

    return answer


def duck(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> Answer:
    """Return how DuckDB joins; its extension comes as a package, none is downloaded."""
    import duckdb

    session = duckdb.connect()
    package = importlib.resources.files("duckdb_extension_spatial")
    [extension] = Path(str(package)).glob("extensions/*/spatial.duckdb_extension")
    session.execute(f"LOAD '{extension}'")
    for name, column, table in (("areas", "place", areas), ("points", "id", points)):
        rows = pa.table({column: table[column].to_numpy(), "wkb": table.geometry.to_wkb().tolist()})
        session.register("given", rows)
        session.execute(
            f"CREATE TABLE {name} AS SELECT {column}, ST_GeomFromWKB(wkb) AS geometry FROM given"
        )
    join = (
        "SELECT points.id, areas.place FROM points "
        "JOIN areas ON ST_Intersects(areas.geometry, points.geometry)"
    )

    def answer() -> Place:
        found = session.execute(join).fetchnumpy()
        return _filled(len(points), found["id"], found["place"])

    return answer


def measure(points: np.ndarray, grid: AreaGrid, rounds: int, slow: int) -> list[Tool]:
    """Return the tools with the seconds of all rounds; refuse if their answers differ."""
    found = tools(points, grid, slow)
    right = brute_force(*np.ascontiguousarray(points.T))
    for tool in found:
        # "Within" leaves out a point that lies on a border; there is none among these.
        if differ := int((tool.answer() != right[: tool.n]).sum()):
            sys.exit(f"{tool.name}: {differ} of {tool.n:,} answers differ")
    for _ in range(rounds):
        for tool in found:
            tool.run()
    return found


def table(title: str, found: list[Tool]) -> str:
    """Return the rows of one kind of points as Markdown."""
    yard = found[0]
    rows = [
        f"| {title} | ns a point: median (spread) | times `sjoin` | by processor time | points |",
        "|---|---|---|---|---|",
    ]
    for tool in found:
        ns = tool.nanoseconds(tool.wall)
        wall = np.median(yard.nanoseconds(yard.wall) / ns)
        cpu = np.median(yard.nanoseconds(yard.cpu) / tool.nanoseconds(tool.cpu))
        rows.append(
            f"| {tool.name} | {np.median(ns):,.3g} ({ns.min():,.3g} to {ns.max():,.3g}) "
            f"| {wall:,.3g} | {cpu:,.3g} | {tool.n:,} |"
        )
    return "\n".join(rows)


def plot(results: dict[str, list[Tool]], path: Path) -> None:
    """Draw the points a second of every tool, on a scale of powers of ten."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4), layout="constrained")
    names = [tool.name.replace("`", "") for tool in next(iter(results.values()))]
    height = 0.8 / len(results)
    for k, (kind, found) in enumerate(results.items()):
        speed = [1e3 / np.median(tool.nanoseconds(tool.wall)) for tool in found]
        axes.barh(np.arange(len(names)) + k * height, speed, height, label=kind)
    axes.set_yticks(np.arange(len(names)) + 0.4 - height / 2, names)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("million points a second")
    axes.legend(frameon=False, fontsize="small")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=90)
    plt.close(figure)


def stream(n: int) -> float:
    """Return the nanoseconds a point of reading two doubles and writing a whole number."""
    lon, lat = np.ones((2, n))
    out = np.empty(n, dtype=np.int32)
    seconds = []
    for _ in range(7):
        begun = time.perf_counter()
        np.add(lon, lat, out=out, casting="unsafe")
        seconds.append(time.perf_counter() - begun)
    return float(np.median(seconds)) / n * 1e9


def index_rows() -> str:
    """Return what the index costs: making, keeping, loading, size."""
    rings = Rings.of_arcs(boundaries.load_arcs("full"))
    making, loading = [], []
    for _ in range(3):
        begun = time.perf_counter()
        grid = rings.grid()
        making.append(time.perf_counter() - begun)
    area_grids.keep_grid("benchmark", grid)
    for _ in range(5):
        begun = time.perf_counter()
        area_grids.kept_grid("benchmark")
        loading.append(time.perf_counter() - begun)
    area_grids.path("benchmark").unlink()
    cells = len(grid.edge_start) - 1
    return "\n".join(
        [
            "| the index | goal | figure |",
            "|---|---|---|",
            f"| making it, from rings in memory | 15 s | {_spread(making)} |",
            f"| loading it from the cache, SHA-256 checked | 0.5 s | {_spread(loading)} |",
            f"| on disk, mapped into memory | | {grid.size / 1e6:.0f} MB, not in the wheel |",
            f"| border cells; edges in them | | {cells:,}; {len(grid.cell_edges):,} |",
        ]
    )


def start_rows() -> str:
    """Return how long Python takes to import `geo`, and the command to help, as processes."""
    rows = ["| starting | goal | figure |", "|---|---|---|"]
    for name, goal, code in (
        ("`import geo`", "0.5 s", "import geo"),
        ("`geo --help`", "0.7 s", "from geo.cli import main; main(['--help'])"),
        ("Python alone", "", "pass"),
    ):
        seconds = []
        for _ in range(7):
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - begun)
        rows.append(f"| {name} | {goal} | {_spread(seconds)} |")
    return "\n".join(rows)


def _spread(seconds: list[float]) -> str:
    return f"{np.median(seconds):.2g} s ({min(seconds):.2g} to {max(seconds):.2g})"


def main() -> None:
    """Measure, check and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--slow", type=int, default=100_000, help="points for the slowest tools")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--random", type=int, default=1_000_000, help="random points to check")
    parser.add_argument("--adversarial", type=int, default=250_000, help="hard points to check")
    parser.add_argument("--ucdp", type=Path, help="a CSV of UCDP GED, repeated to --points")
    parser.add_argument("--stage", choices=("all", "times", "check"), default="all")
    parser.add_argument("--write", action="store_true", help="write README.md and assign.png")
    given = parser.parse_args()
    grid = area_grids.shipped_grid()
    if given.stage != "check":
        times = _times(given, grid)
        if given.write:
            write_part("times", times)
    if given.stage != "times":
        text, wrong = _check(given, grid)
        if given.write:
            write_part("check", text)
        if wrong:
            sys.exit("answers differ")


def _times(given: argparse.Namespace, grid: AreaGrid) -> str:
    rng = np.random.default_rng(SEED)
    kinds = {
        "clustered around municipalities (5 km)": clustered(rng, given.points),
        "uniform over the bounding box": uniform(rng, given.points),
    }
    if given.ucdp:
        real = pd.read_csv(given.ucdp, usecols=["longitude", "latitude"])
        kinds["events of UCDP, repeated"] = np.resize(
            real[["longitude", "latitude"]].to_numpy(), (given.points, 2)
        )
    results: dict[str, list[Tool]] = {}
    parts = []
    for kind, points in kinds.items():
        results[kind] = measure(points, grid, given.rounds, given.slow)
        parts.append(table(kind, results[kind]))
        print(parts[-1] + "\n", flush=True)
    parts.append(
        "Before the rounds every tool gave the answers of prepared polygons (`intersects`, lowest "
        f"code) for all its points. Medians of {given.rounds} rounds. Reading two doubles and "
        f"writing a whole number takes {stream(given.points):.2g} ns a point: no table can be "
        "faster."
    )
    parts += [index_rows(), start_rows()]
    print("\n\n".join(parts[-3:]))
    if given.write:
        plot(results, HERE / "assign.png")
    return "\n\n".join(parts)


def _check(given: argparse.Namespace, grid: AreaGrid) -> tuple[str, int]:
    rng = np.random.default_rng(SEED + 1)
    half = given.random // 2
    wrong = mismatches(uniform(rng, half), grid) + mismatches(clustered(rng, half), grid)
    hard = mismatches(adversarial(rng, grid, given.adversarial), grid)
    text = (
        f"Against prepared polygons (`intersects`, lowest code): {wrong} mismatches in "
        f"{2 * half:,} random points, {hard} in {given.adversarial:,} on or next to borders, numpy "
        "and numba each."
    )
    print(text)
    return text, wrong + hard


def write_part(name: str, text: str) -> None:
    """Put a text between its marks in README.md."""
    begin, end = (mark.format(name) for mark in MARKS)
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    readme.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
