"""Parquet behind a URL is counted and assigned as the same files are, and no secret is shown."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from geo.cli import main
from geo.errors import SettingsError, SourceError
from geo.export.assigned import assign_stream
from geo.sources.records import read_records
from geo.sources.remote import Remote, clean, files_at
from geo.study import run_study
from geo.study.settings import Study
from geo.study.streaming import count_stream

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")

KNOWN = {"geo_precision": "exact", "time_precision": "day"}


def table(part):
    random = np.random.default_rng(part)
    return pa.table(
        {
            "event_date": pa.array(np.datetime64("2024-01-01") + random.integers(0, 300, 200)),
            "longitude": random.uniform(-107, -99, 200),
            "latitude": np.where(np.arange(200) % 50, random.uniform(19, 25, 200), np.nan),
            "event_type": random.choice(["Battles", "Riots"], 200),
        }
    )


@pytest.fixture
def folder(tmp_path):
    """Two files, here and in the memory that fsspec keeps."""
    memory = fsspec.filesystem("memory")
    (tmp_path / "events").mkdir()
    for part in range(2):
        path = tmp_path / "events" / f"{part}.parquet"
        pq.write_table(table(part), path, row_group_size=70)
        memory.pipe_file(f"/bucket/events/{part}.parquet", path.read_bytes())
    memory.pipe_file("/bucket/events/_temporary/9.parquet", b"half")
    memory.pipe_file("/bucket/other/a.csv", b"event_date,longitude,latitude\n")
    yield tmp_path / "events"
    memory.rm("/bucket", recursive=True)


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_urls_give_what_the_files_give(folder, tmp_path, scheme):
    url = "memory://bucket/events" if scheme == "memory" else folder.as_uri()
    options = {"period": "month", "category": "event_type", "rows": 70}
    here = count_stream(folder, **options, **KNOWN)
    there = count_stream(url, **options, **KNOWN)

    pd.testing.assert_frame_equal(there.panel, here.panel)
    pd.testing.assert_frame_equal(there.ledger.aside, here.ledger.aside)
    assert there.inputs == here.inputs
    assert here.ledger.counts()["quarantined"] == 8
    for name, source in (("here", folder), ("there", url)):
        assign_stream(source, tmp_path / f"{name}.csv", rows=70, **KNOWN)
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()


@pytest.mark.usefixtures("folder")
def test_one_file_behind_a_url_is_counted_by_the_command(tmp_path):
    done = CliRunner().invoke(
        main,
        ["count", "memory://bucket/events/0.parquet", "--geo-precision", "exact",
         "--time-precision", "day", "--level", "state", "-o", str(tmp_path / "a.csv")],
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert "200 records: 196 used, 0 filtered, 4 quarantined" in done.stderr


def test_geoparquet_behind_a_url_is_read_alone_and_in_a_folder(folder):
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/bucket/new/0.geoparquet", (folder / "0.parquet").read_bytes())

    for url in ("memory://bucket/new/0.geoparquet", "memory://bucket/new"):
        assert count_stream(url, **KNOWN).ledger.counts()["used"] == 196


@pytest.mark.usefixtures("folder")
def test_what_is_not_there_or_no_parquet_is_named():
    with pytest.raises(SourceError, match=r"there is no file memory://bucket/none\.parquet"):
        count_stream("memory://bucket/none.parquet", **KNOWN)
    with pytest.raises(SourceError, match=r"no Parquet file \(\.parquet\) under memory://bucket/o"):
        count_stream("memory://bucket/other", **KNOWN)
    with pytest.raises(SourceError, match=r"not named as Parquet.*download it first"):
        count_stream("memory://bucket/other/a.csv", **KNOWN)
    with pytest.raises(SourceError, match="leads through another file"):
        count_stream("simplecache::memory://bucket/events", **KNOWN)
    with pytest.raises(SourceError, match=r"9\.parquet is cut"):
        count_stream("memory://bucket/events/_temporary/9.parquet", **KNOWN)


def test_a_system_that_is_not_known_is_named():
    with pytest.raises((SourceError, SettingsError), match=r"nosuch://bucket/a\.parquet cannot be"):
        count_stream("nosuch://bucket/a.parquet", **KNOWN)


class Refusing:
    """A file system that says more than it should."""

    storage_options = {"key": "AKIA-open", "client_kwargs": {"token": "sesame-sesame"}}  # noqa: RUF012

    def open(self, path, mode):  # noqa: ARG002
        raise PermissionError(
            "403 for sftp://me:hunter2@host/a?sig=abc, key AKIA-open, token sesame-sesame"
        )


def test_secrets_are_in_no_message_and_in_no_manifest():
    url = "sftp://me:hunter2@host/events/a.parquet?sig=abc"
    file = Remote("sftp://host/events/a.parquet", "/events/a.parquet", Refusing())

    with pytest.raises(SourceError) as refused:
        file.open()

    shown = [str(refused.value), repr(file), str(file), str(Study.of({"events": url}).public())]
    with pytest.raises(SourceError, match="not a local file") as local:
        read_records(url)
    shown += [str(local.value)]
    shown += [clean(f"no {url}"), str(refused.value.__cause__)]
    for secret in ("hunter2", "sig=abc", "AKIA-open", "sesame"):
        assert not any(secret in text for text in shown)
    assert "403 for sftp://host/a key ***, token ***" in shown[0]


def test_a_url_that_cannot_be_reached_keeps_its_secret(capsys):
    pytest.importorskip("requests")
    with pytest.raises((SourceError, SettingsError)) as refused:
        files_at("webhdfs://me:hunter2@127.0.0.1:1/a.parquet")

    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in capsys.readouterr().err


def test_a_file_behind_a_url_travels_to_other_processes():
    [file] = files_at_memory()

    again = pickle.loads(pickle.dumps(file))

    assert (again.label, again.name) == (file.label, "a.parquet")


def test_readers_of_one_file_in_memory_do_not_move_one_another():
    [file] = files_at_memory()

    with file.open() as one, file.open() as other:
        assert one.read(2) == b"PA"
        assert other.read() == b"PAR1"
        assert one.read() == b"R1"


def files_at_memory():
    fsspec.filesystem("memory").pipe_file("/alone/a.parquet", b"PAR1")
    return files_at("memory://alone/a.parquet")


def test_a_study_of_a_url_is_that_of_its_files(folder):
    here, there = (
        run_study(place, base="2024-01", comparison="2024-09", permutations=0, **KNOWN)
        for place in (folder, "memory://bucket/events")
    )

    assert here.summary() == there.summary()
    assert len(here.located) == 392
    for name in ("measures_state", "account", "change_municipality"):
        pd.testing.assert_frame_equal(here.tables[name], there.tables[name])
    assert [one["sha256"] for one in here.manifest["inputs"]] == [
        one["sha256"] for one in there.manifest["inputs"]
    ]
