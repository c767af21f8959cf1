"""Measure counting in a stream beside what a user would use instead, each in its own process.

Run as ``python benchmarks/streaming.py WHAT FILE``. ``text`` counts a CSV file in ACLED's layout
(``big_events.py`` writes one) and parses it with Arrow alone. ``points`` counts a Parquet file of
points, ``dask`` does so on two processes too, and ``counting`` counts it by grid cells instead of
municipalities, here and in DuckDB. ``write ROWS FILE`` writes such a file: 5 km around
municipalities, ten years, six types.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

TYPES = (
    "Battles",
    "Explosions/Remote violence",
    "Protests",
    "Riots",
    "Strategic developments",
    "Violence against civilians",
)
READ = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type",
    "sub_event_type", "actor1", "actor2", "civilian_targeting", "iso", "country", "admin1",
    "admin2", "latitude", "longitude", "geo_precision", "fatalities", "timestamp",
)  # fmt: skip
KNOWN = {"geo_precision": "exact", "time_precision": "day"}
BY = {"period": "month", "category": "event_type"}


def write_points(rows: int, path: Path) -> None:
    """Write points clustered around municipalities."""
    import shapely

    import geo

    random = np.random.default_rng(1)
    center = shapely.centroid(np.asarray(geo.load_areas("municipality").geometry.array))
    x, y = shapely.get_x(center), shapely.get_y(center)
    writer: pq.ParquetWriter | None = None
    for begin in range(0, rows, 1_000_000):
        n = min(1_000_000, rows - begin)
        at = random.integers(0, len(x), n)
        days = np.datetime64("2015-01-01") + random.integers(0, 3653, n)
        kind = pa.array(random.integers(0, len(TYPES), n).astype(np.int8))
        table = pa.table(
            {
                "longitude": x[at] + random.normal(0, 5 / 104, n),
                "latitude": y[at] + random.normal(0, 5 / 111, n),
                "event_date": pa.array(days.astype("M8[D]")),
                "event_type": pa.DictionaryArray.from_arrays(kind, pa.array(TYPES)),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()


def count_text(path: Path) -> str:
    """Count a file in ACLED's layout."""
    import geo

    return geo.count_stream(path, **BY).ledger.summary()


def parse_text(path: Path) -> str:
    """Parse the same columns with Arrow, and check nothing."""
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=1 << 22),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            include_columns=READ,
            column_types=dict.fromkeys(READ, pa.large_string()),
            strings_can_be_null=False,
        ),
    )
    return f"{sum(batch.num_rows for batch in reader):,} rows"


def count_points(path: Path) -> str:
    """Count points, placed and with an account of rows."""
    import geo

    found = geo.count_stream(path, **BY, **KNOWN)
    return f"{int(found.panel['events'].sum()):,} counted"


def count_dask(path: Path) -> str:
    """Count points on two processes."""
    import geo

    found = geo.count_stream(path, engine="dask", **BY, **KNOWN)
    return f"{int(found.panel['events'].sum()):,} counted"


def count_cube(path: Path) -> str:
    """Count rows by a grid cell, month and type: the counting alone."""
    from geo.periods import ordinals
    from geo.stats.cube import Cube

    whole: Cube | None = None
    for batch in pq.ParquetFile(path, pre_buffer=False).iter_batches(1_048_576):
        area = _cells(batch.column("longitude").to_numpy())
        days = batch.column("event_date").to_numpy(zero_copy_only=False)
        kind = batch.column("event_type").indices.to_numpy().astype(np.int64)
        number = ordinals(days, "month")
        part = Cube.of(area, number, kind, TYPES, np.zeros(len(area)), areas=2465)
        whole = part if whole is None else whole + part
    return "nothing" if whole is None else f"{int(whole.counts[0].sum()):,} counted"


def count_duckdb(path: Path) -> str:
    """Count the same rows by the same grid cell, month and type in SQL."""
    import duckdb

    rows = duckdb.sql(
        "SELECT cast(floor((longitude + 120) * 60) AS BIGINT) % 2465 AS area, "
        "date_trunc('month', event_date) AS month, event_type, count(*) AS n "
        f"FROM read_parquet('{path}') GROUP BY ALL"
    )
    return f"{rows.aggregate('sum(n)').fetchone()[0]:,} counted"


def _cells(longitude: np.ndarray) -> np.ndarray:
    return np.floor((longitude + 120) * 60).astype(np.int64) % 2465


ROUNDS: dict[str, tuple[Callable[[Path], str], ...]] = {
    "text": (count_text, parse_text),
    "points": (count_points,),
    "dask": (count_points, count_dask),
    "counting": (count_cube, count_duckdb),
}


def _measured(work: Callable[[Path], str], path: Path) -> None:
    began = time.perf_counter()
    said = work(path)
    wall = time.perf_counter() - began
    used, below = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = used.ru_utime + used.ru_stime + below.ru_utime + below.ru_stime
    peak = used.ru_maxrss / 1e6
    print(f"{work.__name__:14} {cpu:8.1f} s cpu {wall:8.1f} s wall {peak:6.2f} GB  {said}")


def main() -> None:
    """Measure what the arguments name."""
    what, *rest = sys.argv[1:]
    if what == "write":
        write_points(int(rest[0]), Path(rest[1]))
        return
    for work in ROUNDS[what]:
        # A process of its own, so that its peak memory is its own.
        process = multiprocessing.get_context("spawn").Process(
            target=_measured, args=(work, Path(rest[0]))
        )
        process.start()
        process.join()


if __name__ == "__main__":
    main()
