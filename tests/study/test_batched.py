"""A study that reads its files in batches is the study that reads them at once."""

from __future__ import annotations

import dataclasses
import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.cli import main
from geo.errors import GeoError, OutputError, SettingsError
from geo.sample import make_sample
from geo.study import run_study, stream
from geo.study.batched import is_large, locate_batched
from geo.study.given import study_of
from geo.study.locating import locate_events
from geo.study.telling import collected, silent, told
from tests.sources.rows import UCDP_GED, ged, write

KEEP = ("inter1", "inter2")


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("batched") / "sample.csv"
    make_sample().iloc[::4].to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def clean(sample):
    """Rows none of which repeats another, so that no batch needs a second look."""
    rows = pd.read_csv(sample, dtype="str", keep_default_na=False)
    path = sample.with_name("clean.csv")
    rows.drop_duplicates("event_id_cnty").head(900).to_csv(path, index=False)
    return path


def in_batches(files, rows, **options):
    with collected() as caught:
        found = locate_batched(study_of(files, options), silent, keep=KEEP, rows=rows)
    return found, told(found.source.warnings, caught)


def assert_same(files, rows, **options):
    whole = locate_events(files, keep=KEEP, **options)
    found, warnings = in_batches(files, rows, **options)
    assert list(found.located.columns) == list(whole.located.columns)
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.located.drop(columns="geometry")),
        pd.DataFrame(whole.located.drop(columns="geometry")).reset_index(drop=True),
    )
    for axis in ("x", "y"):
        np.testing.assert_array_equal(
            getattr(found.located.geometry, axis), getattr(whole.located.geometry, axis)
        )
    assert found.located.crs == whole.located.crs
    pd.testing.assert_frame_equal(found.ledger.records, whole.ledger.records)
    pd.testing.assert_frame_equal(
        found.ledger.left_out(), whole.ledger.left_out(), check_categorical=False
    )
    pd.testing.assert_frame_equal(found.ledger.reasons(), whole.ledger.reasons())
    assert found.ledger.summary() == whole.ledger.summary()
    # Which is told first may depend on the batch in which each first occurs.
    assert sorted(warnings) == sorted(whole.warnings)
    ours, theirs = (
        {f.name: getattr(one.source, f.name) for f in dataclasses.fields(one.source)}
        for one in (found, whole)
    )
    days, other_days = ours.pop("days"), theirs.pop("days")
    np.testing.assert_array_equal(days.days, other_days.days)
    np.testing.assert_array_equal(days.counts, other_days.counts)
    del ours["warnings"], theirs["warnings"]  # compared above, with those of the steps
    for one in (ours, theirs):
        facts = one["facts"]
        one["facts"] = dataclasses.replace(facts, repairs=tuple(sorted(facts.repairs)))
    assert ours == theirs


@pytest.mark.parametrize("rows", [7000, 333])
def test_the_events_the_ledger_and_every_word_are_the_same(sample, rows):
    assert_same(sample, rows)


def test_what_a_filter_leaves_out_is_in_the_ledger_and_in_the_days(sample):
    assert_same(sample, 400, filters={"since": "2024-11-01", "event_types": ["Battles"]})


def test_several_files_that_share_records_are_read_as_one(sample, tmp_path):
    rows = pd.read_csv(sample, dtype="str", keep_default_na=False)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    rows.head(900).to_csv(one, index=False)
    rows.iloc[800:1500].to_csv(two, index=False)

    assert_same([one, two], 250)


@pytest.mark.parametrize(("status", "last"), [("Clear", "2023-12-31"), ("Check", "2023-09-09")])
def test_a_yearly_release_of_ucdp_covers_its_last_year_to_the_end(tmp_path, status, last):
    rows = ged({"id": "1", "date_start": "2022-05-01", "date_end": "2022-05-01"}, {"id": "2"})
    rows[1]["code_status"] = status
    path = write(tmp_path / "ged.csv", rows, UCDP_GED)

    assert_same(path, 1)
    assert in_batches(path, 1)[0].source.facts.data_through == last


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"),
        st.sampled_from(["2024-01-05", "05/06/2024", "13/06/2024", "2024-13-01", "", "2023-05"]),
        st.sampled_from([("-99.13", "19.43"), ("19.43", "-99.13"), ("", ""), ("-105.0", "18.0")]),
        st.sampled_from(["0", "1", "", "10+"]),
    ),
    min_size=1,
    max_size=12,
)


@given(rows=ROWS, size=st.integers(1, 5))
@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_batches_of_any_size_give_what_the_whole_gives(tmp_path, rows, size):
    path = tmp_path / "events.csv"
    pd.DataFrame(
        {
            "event_id": [row[0] for row in rows],
            "event_date": [row[1] for row in rows],
            "longitude": [row[2][0] for row in rows],
            "latitude": [row[2][1] for row in rows],
            "fatalities": [row[3] for row in rows],
            "geo_precision": "exact",
            "time_precision": "day",
        }
    ).to_csv(path, index=False)
    refused, refused_too = (
        refusal(work) for work in (lambda: locate_events(path), lambda: in_batches(path, size))
    )
    assert refused_too == refused
    if refused is None:
        assert_same(path, size)


def refusal(work):
    try:
        work()
    except GeoError as error:
        return type(error), str(error)
    return None


def test_a_study_has_the_same_tables_and_the_same_manifest(sample, monkeypatch):
    options = {
        "base": 2023, "comparison": 2024, "focus": "Sinaloa", "permutations": 99,
        "period": "quarter",
    }  # fmt: skip
    whole = run_study(sample, **options)
    monkeypatch.setattr("geo.study.batched.LARGE", 1)
    batched = run_study(sample, **options)

    assert type(batched.ledger) is not type(whole.ledger)
    assert set(batched.tables) == set(whole.tables)
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(batched.tables[name], table, check_categorical=False)
    assert json.dumps(batched.manifest) == json.dumps(whole.manifest)
    assert batched.warnings == whole.warnings
    assert batched.summary() == whole.summary()


@pytest.fixture
def worked(monkeypatch):
    """The first records of the batches that were worked on; ``stop`` interrupts at so many."""
    work = stream.work

    class Noticed(list):
        stop = 0

        def __call__(self, batch, *rest):
            self.append(int(batch.frame.index[0]))
            if len(self) == self.stop:
                raise KeyboardInterrupt
            return work(batch, *rest)

    noticed = Noticed()
    monkeypatch.setattr(stream, "work", noticed)
    return noticed


def test_a_reading_that_was_interrupted_goes_on_where_it_was(sample, tmp_path, worked):
    study = study_of(sample, {})
    options = {"rows": 400, "work": tmp_path / "w"}
    worked.stop = 5
    with pytest.raises(KeyboardInterrupt):
        locate_batched(study, silent, **options)
    worked.clear()
    worked.stop = 0

    found = locate_batched(study, silent, resume=True, **options)

    assert worked[0] == 1601  # the four before are kept
    whole = locate_events(sample)
    assert found.located["event_id"].tolist() == whole.located["event_id"].tolist()
    assert found.ledger.summary() == whole.ledger.summary()


def test_made_up_rows_in_the_layout_of_acled_are_not_worked_on_twice(clean, worked):
    """Their first batch tells whose data they are, under the name that ACLED gives the id."""
    found = locate_batched(study_of(clean, {}), silent, rows=300)

    assert worked == [1, 301, 601]
    assert found.source.credit.key == "made-up"


def test_a_folder_of_parts_is_studied_as_its_files_are(tmp_path, sample):
    rows = pd.read_csv(sample, dtype="str", keep_default_na=False)
    folder = tmp_path / "parts"
    folder.mkdir()
    for number, at in enumerate((0, 1000)):
        rows.iloc[at : at + 1000].to_parquet(folder / f"part-{number}.parquet", index=False)

    parts = locate_events(folder)
    files = locate_events(sorted(folder.iterdir()))

    assert parts.ledger.summary() == files.ledger.summary()
    assert parts.located["event_id"].tolist() == files.located["event_id"].tolist()
    pd.testing.assert_frame_equal(parts.ledger.records, files.ledger.records)


@pytest.mark.parametrize(
    ("files", "large"),
    [
        (["small.csv"], False),
        (["large.csv"], True),
        (["small.csv", "half.csv", "half.csv"], True),
        (["packed.parquet"], True),
        (["packed.GeoParquet"], True),
        (["packed.csv.gz"], True),
        (["nowhere.csv"], False),
        (["."], True),
        (["s3://bucket/events.parquet"], True),
    ],
)
def test_large_files_folders_and_addresses_are_read_in_batches(tmp_path, monkeypatch, files, large):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("geo.study.batched.LARGE", 1000)
    for name, size in (("small", 10), ("half", 500), ("large", 1000)):
        (tmp_path / f"{name}.csv").write_bytes(bytes(size))
    for kind in ("parquet", "GeoParquet", "csv.gz"):
        (tmp_path / f"packed.{kind}").write_bytes(bytes(200))

    assert is_large(files) is large


def test_what_is_in_memory_has_nothing_to_go_on_with(tmp_path):
    with pytest.raises(SettingsError, match=r"in memory already"):
        run_study(make_sample().head(5), work=tmp_path)
    with pytest.raises(SettingsError, match=r"needs the folder work="):
        run_study("events.csv", resume=True)


def test_the_command_keeps_what_it_read_and_uses_it_again(tmp_path, clean, worked):
    options = ["study", str(clean), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "w")]
    first = CliRunner().invoke(main, options)
    again = CliRunner().invoke(main, [*options, "--resume"])

    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert first.output == again.output
    assert worked == [1]
    ledger = pd.read_csv(tmp_path / "out" / "ledger.csv", dtype="str")
    assert len(ledger) == 900


def test_i2_a_place_for_finished_parts_that_cannot_be_written_is_told(clean, tmp_path, monkeypatch):
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(OutputError, match=r"cannot be the folder .* File exists; give --work"):
        run_study(clean, work=taken)
    assert taken.read_text() == "mine"

    def full(path, _):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"kept in .*w: No space left on device; make room"):
        run_study(clean, work=tmp_path / "w")
    assert not list((tmp_path / "w").glob("*.npz"))
