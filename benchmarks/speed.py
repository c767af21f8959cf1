"""Measure the statistics whose size can hurt, beside what else computes them.

``python benchmarks/speed.py`` measures all and prints a table; with names, only those:
gi-star, permutations, many-permutations, neighbors, density, prospective, prospective-all,
retrospective, early-stop. Needs ``pip install -e '.[benchmarks]'``.

Each runs in a process of its own, together with its alternative and by turns with it, after one
run of each that is not counted. Peak memory is that of our run, read before the alternative is
loaded. All data are made up, over INEGI's 2,465 municipalities.
"""

from __future__ import annotations

import functools
import json
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from geo import crs
from geo.sources import boundaries
from geo.sources.population import load_population
from geo.stats import local, scan
from geo.stats.density import density_at
from geo.stats.grid import Grid
from geo.stats.permutation import permutation_p
from geo.stats.surface import density_surface, values_at
from geo.steps.contiguity import find_neighbors

SEED = 20240909
MONTHS = 120
SCAN_MONTHS = 60
SCAN_CASES = 676_284
EVENTS = 1_000_000

Task = Callable[[], object]


@dataclass(frozen=True)
class Times:
    """Seconds of several runs."""

    cpu: list[float]
    wall: list[float]

    def words(self, times: float = 1.0) -> str:
        """Return the medians and the spread, each multiplied where only a part was run."""
        cpu, wall = ([times * second for second in seconds] for seconds in (self.cpu, self.wall))
        spread = f" ({_seconds(min(cpu))} to {_seconds(max(cpu))})" if len(cpu) > 1 else ""
        return f"{_seconds(np.median(cpu))}{spread} / {_seconds(np.median(wall))}"


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    other: str
    ratio: str
    runs: int
    memory: str
    note: str


def _seconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB"


def _run(task: Task, times: Times) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    task()
    times.cpu.append(time.process_time() - cpu)
    times.wall.append(time.perf_counter() - wall)


def by_turns(tasks: list[Task], rounds: int) -> list[Times]:
    """Run tasks one after the other, round by round."""
    measured = [Times([], []) for _ in tasks]
    for _ in range(rounds):
        for task, times in zip(tasks, measured, strict=True):
            _run(task, times)
    return measured


def compared(
    what: str, ours: Times, other: Times, memory: str, note: str, *, times: float = 1.0
) -> Row:
    """Return the line of a task and its alternative, of which a part was run."""
    ratio = times * np.median(other.cpu) / np.median(ours.cpu)
    return Row(what, ours.words(), other.words(times), f"{ratio:.3g}", len(ours.cpu), memory, note)


def municipal_links() -> local.Links:
    """Return the shipped neighbors."""
    codes = pd.Index(boundaries.area_codes()["cvegeo"])
    pairs = boundaries.load_neighbors()
    focal, neighbor = (codes.get_indexer(pairs[name]) for name in ("focal", "neighbor"))
    return local.links_between(focal, neighbor, len(codes))


def made_up_rates(n_areas: int) -> np.ndarray:
    """Return skewed monthly rates, a third of them zero."""
    rng = np.random.default_rng(SEED)
    people = rng.lognormal(9.5, 1.4, n_areas)
    risk = 1.2e-4 * rng.lognormal(0, 1, n_areas)
    return 1e5 * rng.poisson(people * risk, (MONTHS, n_areas)) / people


def esda_weights(links: local.Links) -> object:
    """Return the same links as libpysal holds them."""
    from libpysal.weights import W

    rows = np.split(links.indices, links.indptr[1:-1])
    return W({place: row.tolist() for place, row in enumerate(rows)}, silence_warnings=True)


def measure_gi_star() -> Row:
    """Analytic Gi* of all months; of the alternative, 2 months a round."""
    links = municipal_links()
    rates = made_up_rates(links.shape[0])
    z = local.gi_star(rates, links)
    memory = _peak()

    from esda.getisord import G_Local

    weights, part = esda_weights(links), 2

    def loop() -> list[np.ndarray]:
        return [
            G_Local(month, weights, transform="B", star=True, permutations=0).Zs
            for month in rates[:part]
        ]

    far = float(np.abs(np.array(loop()) - z[:part]).max())
    ours, other = by_turns([lambda: local.gi_star(rates, links), loop], 15)
    return compared(
        f"analytic Gi*, 2,465 areas x {MONTHS} months",
        ours,
        other,
        memory,
        f"esda G_Local, {part} of {MONTHS} months run, multiplied; z-scores differ by {far:.0e}",
        times=MONTHS / part,
    )


def measure_permutations() -> Row:
    """999 conditional permutations for both statistics; of the alternative, 12 months a round."""
    links = municipal_links()
    rates = made_up_rates(links.shape[0])

    def task() -> object:
        return permutation_p(rates, links, permutations=999, rng=np.random.default_rng(SEED))

    task()
    memory = _peak()

    from esda.getisord import G_Local
    from esda.moran import Moran_Local

    weights, part = esda_weights(links), 12
    weights.transform = "R"
    settings = {"permutations": 999, "n_jobs": 1, "keep_simulations": False, "seed": SEED}
    binary = esda_weights(links)

    def loop() -> None:
        for month in rates[:part]:
            G_Local(month, binary, transform="B", star=True, **settings)
            Moran_Local(month, weights, **settings)

    loop()
    ours, other = by_turns([task, loop], 5)
    return compared(
        f"999 permutations of Gi* and local Moran, 2,465 areas x {MONTHS} months",
        ours,
        other,
        memory,
        f"esda with numba, compiled before, {part} of {MONTHS} months run, multiplied",
        times=MONTHS / part,
    )


def measure_many_permutations() -> Row:
    """99,999 conditional permutations for one map; of the alternative, 9,999."""
    links = municipal_links()
    rates = made_up_rates(links.shape[0])[0]

    def task() -> object:
        return permutation_p(rates, links, permutations=99_999, rng=np.random.default_rng(SEED))

    task()
    memory = _peak()

    from esda.getisord import G_Local

    weights = esda_weights(links)

    def loop() -> None:
        G_Local(
            rates, weights, transform="B", star=True, permutations=9_999, n_jobs=1, seed=SEED,
            keep_simulations=False,
        )  # fmt: skip

    loop()
    ours, other = by_turns([task, loop], 5)
    return compared(
        "99,999 permutations of one map, 2,465 areas",
        ours,
        other,
        memory,
        "esda G_Local with numba, compiled before, 9,999 permutations run, multiplied",
        times=10,
    )


def measure_neighbors() -> Row:
    """Queen contiguity at full resolution, from degrees."""
    areas = boundaries.load_areas()
    found = find_neighbors(areas)
    same = found.equals(boundaries.load_neighbors())
    memory = _peak()

    from libpysal.graph import Graph

    counted = Graph.build_contiguity(areas, rook=False).n_edges
    ours, other = by_turns(
        [lambda: find_neighbors(areas), lambda: Graph.build_contiguity(areas, rook=False)], 5
    )
    return compared(
        "neighbors of 2,465 areas",
        ours,
        other,
        memory,
        f"libpysal Graph.build_contiguity, {counted:,} links; ours {len(found):,}, the shipped "
        f"ones: {same}",
    )


def _towns() -> tuple[np.ndarray, np.ndarray]:
    places = boundaries.load_labels()
    return crs.project(places["lon"].to_numpy(), places["lat"].to_numpy())


def measure_density() -> Row:
    """Measure a surface of a million events, and its error against the exact sum."""
    from scipy import ndimage

    rng = np.random.default_rng(SEED)
    towns = np.column_stack(_towns())
    grid = Grid.covering(911_000, 4_083_000, 319_000, 2_349_000, cell_m=1_000)
    scattered = towns[rng.integers(0, len(towns), EVENTS)] + rng.normal(0, 5_000, (EVENTS, 2))
    piled = towns[rng.integers(0, len(towns), EVENTS)]
    center_x, center_y = grid.centers()

    def smooth(points: np.ndarray) -> np.ndarray:
        return density_surface(*points.T, grid, bandwidth_m=10_000)

    def error(points: np.ndarray, surface: np.ndarray) -> float:
        row, column = (np.rint(at).astype(int) for at in grid.places(points))
        inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
        cells = np.unique(np.column_stack([row, column])[inside], axis=0)
        cells = cells[rng.choice(len(cells), 300, replace=False)]
        at = center_x[cells[:, 1]], center_y[cells[:, 0]]
        exact = density_at(*points.T, *at, bandwidth_m=10_000)
        return float(np.quantile(np.abs(values_at(surface, grid, *at) / exact - 1), 0.99))

    def filtered() -> np.ndarray:
        row, column = (np.rint(at).astype(int) for at in grid.places(scattered))
        inside = (row >= 0) & (row < grid.rows) & (column >= 0) & (column < grid.columns)
        counts = np.zeros(grid.shape)
        np.add.at(counts, (row[inside], column[inside]), 1.0)
        return ndimage.gaussian_filter(counts, 10, mode="constant", truncate=6.8)

    surface = smooth(scattered)
    memory = _peak()
    errors = [error(scattered, surface), error(piled, smooth(piled))]
    others = error(scattered, filtered())
    ours, other = by_turns([lambda: smooth(scattered), filtered], 7)
    return compared(
        f"density of 1,000,000 events, {grid.rows:,} x {grid.columns:,} cells of 1 km",
        ours,
        other,
        memory,
        f"events counted by cell and scipy's gaussian_filter; 99th percentile error at 300 cells "
        f"{errors[0]:.3%} ({errors[1]:.3%} with all events on {len(towns):,} points), theirs "
        f"{others:.2%}",
    )


def _scan(settings: scan.ScanSettings, *, planted: bool = True) -> Task:
    """Return the scan of monthly cases by population, a cluster of 15 areas among them."""
    east, north = _towns()
    people = load_population()
    people = people[people["year"] == people["year"].max()].set_index("cvegeo")["population"]
    people = people.reindex(boundaries.area_codes()["cvegeo"]).to_numpy(dtype=np.float64)
    expected = np.repeat(people[:, np.newaxis], SCAN_MONTHS, axis=1)
    rng = np.random.default_rng(SEED)
    mean = expected * SCAN_CASES / expected.sum()
    if planted:
        near = np.argsort(np.hypot(east - east[1720], north - north[1720]))[:15]
        mean[near, -10:] *= 1.15
    cases = rng.poisson(mean)
    told = []

    def task() -> scan.Scan:
        found = scan.scan_poisson(
            cases, expected, east, north, settings=settings, rng=np.random.default_rng(SEED),
            progress=lambda *at: told.append(at),
        )  # fmt: skip
        if not told:
            raise RuntimeError("the scan told nothing of its progress")
        return found

    return task


SCANS = {
    "prospective": (
        f"scan, 2,465 areas x {SCAN_MONTHS} months, prospective, 999 replicates",
        "circles of up to 250 areas, up to 30 months, two threads",
        scan.ScanSettings(prospective=True, max_areas=250, workers=2),
    ),
    "prospective-all": (
        "the same, circles of up to half of the population",
        "up to 30 months, two threads",
        scan.ScanSettings(prospective=True, workers=2),
    ),
    "retrospective": (
        f"scan, 2,465 areas x {SCAN_MONTHS} months, retrospective, 999 replicates",
        "circles of up to 250 areas, up to 12 months, two threads",
        scan.ScanSettings(max_periods=12, max_areas=250, workers=2),
    ),
    "early-stop": (
        "the same without a cluster, stopped when 10 replicates reach the data",
        "circles of up to 250 areas, up to 12 months, two threads",
        scan.ScanSettings(max_periods=12, max_areas=250, workers=2, stop_after=10),
    ),
}


def measure_scan(name: str) -> Row:
    """Scan in space and time, with and without limits."""
    what, note, settings = SCANS[name]
    task = _scan(settings, planted=settings.stop_after is None)
    rounds = 3 if name == "prospective" else 1
    (times,) = by_turns([task], rounds)
    return Row(what, times.words(), "", "", rounds, _peak(), note)


MEASURES: dict[str, Callable[[], Row]] = {
    "gi-star": measure_gi_star,
    "permutations": measure_permutations,
    "many-permutations": measure_many_permutations,
    "neighbors": measure_neighbors,
    "density": measure_density,
    **{name: functools.partial(measure_scan, name) for name in SCANS},
}
HEADER = (
    "| what | `geo`: processor (spread) / wall | alternative: processor (spread) / wall | ratio "
    "| runs | peak memory | how |\n|---|---|---|---|---|---|---|"
)


def main(names: list[str]) -> None:
    """Measure each in a process of its own and print the table."""
    if unknown := set(names) - set(MEASURES):
        sys.exit(
            f"{', '.join(sorted(unknown))}: not measured here; there are {', '.join(MEASURES)}"
        )
    print(HEADER, flush=True)
    for name in names or MEASURES:
        answer = subprocess.run(
            [sys.executable, __file__, "--one", name], check=True, stdout=subprocess.PIPE, text=True
        )
        row = Row(**json.loads(answer.stdout.splitlines()[-1]))
        print("| " + " | ".join(str(cell) for cell in asdict(row).values()) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        warnings.simplefilter("ignore")
        print(json.dumps(asdict(MEASURES[sys.argv[2]]())))
    else:
        main(sys.argv[1:])
