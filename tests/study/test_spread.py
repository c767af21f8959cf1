"""Counting on several processes gives what one gives, also where a worker dies."""

from __future__ import annotations

import os
import signal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.errors import SettingsError
from geo.study.streaming import count_stream

distributed = pytest.importorskip("distributed", reason="Dask is not installed")

pytestmark = [
    pytest.mark.dask,
    pytest.mark.filterwarnings("ignore"),  # other packages warn while processes start and end
]

OPTIONS = {"level": "state", "period": "month", "category": "event_type"}
SETTINGS = {"geo_precision": "exact", "time_precision": "day"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three files with several row groups, some records of which are set aside."""
    random = np.random.default_rng(20240909)
    path = tmp_path_factory.mktemp("parts")
    for part in range(3):
        n = 4000
        days = np.datetime64("2023-01-01") + random.integers(0, 500, n)
        lat = random.uniform(15, 32, n)
        lat[::97] = np.nan
        table = pa.table(
            {
                "event_date": pa.array(days.astype("datetime64[D]")),
                "longitude": random.uniform(-117, -87, n),
                "latitude": lat,
                "event_type": random.choice(["Battles", "Riots", "Protests"], n),
                "fatalities": random.integers(0, 4, n),
            }
        )
        (path / f"year={part}").mkdir()
        pq.write_table(table, path / f"year={part}" / "part.parquet", row_group_size=1000)
    return path


def same(one, other):
    pd.testing.assert_frame_equal(one.panel, other.panel)
    pd.testing.assert_frame_equal(one.ledger.aside, other.ledger.aside)
    assert one.ledger.fates == other.ledger.fates
    assert one.ledger.physical == other.ledger.physical
    assert sorted(one.warnings) == sorted(other.warnings)
    pd.testing.assert_frame_equal(one.account, other.account)


def test_two_processes_give_what_one_gives(folder):
    here = count_stream(folder, rows=1000, **OPTIONS, **SETTINGS)
    there = count_stream(folder, rows=1000, engine="dask", **OPTIONS, **SETTINGS)

    same(there, here)
    assert here.ledger.counts()["quarantined"] == 3 * 42


def test_a_worker_that_is_killed_costs_no_row(folder):
    here = count_stream(folder, rows=1000, **OPTIONS, **SETTINGS)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        worker = next(iter(cluster.workers.values()))
        pid = worker.pid
        killed = []

        def kill_one():
            if not killed:
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)

        there = count_stream(
            folder,
            rows=1000,
            engine="dask",
            scheduler=cluster.scheduler_address,
            progress=lambda stage, _done, _total: kill_one() if stage == "spread" else None,
            **OPTIONS,
            **SETTINGS,
        )

    assert killed
    same(there, here)


def test_text_is_not_spread(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("event_date,longitude,latitude\n2024-01-05,-99.1,19.4\n")

    with pytest.raises(SettingsError, match=r"reads Parquet.*Write it as Parquet"):
        count_stream(path, engine="dask", **SETTINGS)


def test_a_scheduler_without_dask_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="scheduler is for engine='dask'"):
        count_stream(tmp_path, scheduler="tcp://127.0.0.1:1", **SETTINGS)
