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
from geo.export.assigned import assign_stream
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
        n = 1200
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
        pq.write_table(table, path / f"year={part}" / "part.parquet", row_group_size=300)
    return path


def same(one, other):
    pd.testing.assert_frame_equal(one.panel, other.panel)
    pd.testing.assert_frame_equal(one.ledger.aside, other.ledger.aside)
    assert one.ledger.fates == other.ledger.fates
    assert one.ledger.physical == other.ledger.physical
    assert sorted(one.warnings) == sorted(other.warnings)
    pd.testing.assert_frame_equal(one.account, other.account)


def test_two_processes_give_what_one_gives(folder):
    here = count_stream(folder, rows=300, **OPTIONS, **SETTINGS)
    there = count_stream(folder, rows=300, engine="dask", **OPTIONS, **SETTINGS)

    same(there, here)
    assert here.ledger.counts()["quarantined"] == 3 * 13


@pytest.fixture(scope="module")
def cluster():
    """Two workers, which are replaced when they are killed."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


class Killer:
    """Kills a worker when the first batch is done."""

    def __init__(self, cluster):
        self.pid = next(iter(cluster.workers.values())).pid
        self.is_done = False

    def __call__(self, stage, _done, _total):
        if stage == "spread" and not self.is_done:
            os.kill(self.pid, signal.SIGKILL)
            self.is_done = True


def test_a_worker_that_is_killed_costs_no_row(folder, cluster):
    here = count_stream(folder, rows=300, **OPTIONS, **SETTINGS)
    killer = Killer(cluster)

    there = count_stream(
        folder,
        rows=300,
        engine="dask",
        scheduler=cluster.scheduler_address,
        progress=killer,
        **OPTIONS,
        **SETTINGS,
    )

    assert killer.is_done
    same(there, here)


def test_a_worker_that_is_killed_doubles_no_assigned_row(folder, cluster, tmp_path):
    here = assign_stream(folder, tmp_path / "here.parquet", rows=300, **SETTINGS)
    killer = Killer(cluster)

    there = assign_stream(
        folder,
        tmp_path / "there.parquet",
        rows=300,
        engine="dask",
        scheduler=cluster.scheduler_address,
        work=tmp_path / "work",
        progress=killer,
        **SETTINGS,
    )

    assert killer.is_done
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()
    pd.testing.assert_frame_equal(there.ledger.aside, here.ledger.aside)
    assert there.ledger.fates == here.ledger.fates
    assert there.how == here.how
    rows = pd.read_parquet(tmp_path / "there.parquet")
    assert len(rows) == rows["event_id"].nunique() == here.ledger.counts()["used"]


def test_text_is_not_spread(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("event_date,longitude,latitude\n2024-01-05,-99.1,19.4\n")

    with pytest.raises(SettingsError, match=r"reads Parquet.*Write it as Parquet"):
        count_stream(path, engine="dask", **SETTINGS)


def test_a_scheduler_without_dask_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="scheduler is for engine='dask'"):
        count_stream(tmp_path, scheduler="tcp://127.0.0.1:1", **SETTINGS)
