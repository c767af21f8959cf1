"""``geo count``: what it writes, what it says, and what it keeps."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

import geo
from geo.cli import main


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return geo.write_sample(tmp_path_factory.mktemp("count") / "sample.csv")


def test_counts_and_account_are_those_of_the_sample(sample, tmp_path):
    done = run(
        "count", sample, "--period", "month", "--category", "event_type", "--since", "2023-01-01",
        "-o", tmp_path / "counts.parquet", "--ledger", tmp_path / "aside.csv",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    reading = geo.read_events_with_ledger(sample, keep="none")
    kept, left_out = geo.filter_events(reading.events, since="2023-01-01")
    panel = geo.count_events(geo.assign_areas(kept), period="month", category="event_type")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "counts.parquet"), panel)
    counts = reading.ledger.counts()
    assert done.stderr.splitlines()[-1] == (
        f"Made-up data. {reading.ledger.physical:,} records: {len(kept):,} used, "
        f"{counts['filtered'] + len(left_out):,} filtered, {counts['quarantined']:,} quarantined; "
        f"{panel['events'].sum():,} counted"
    )
    aside = pd.read_csv(tmp_path / "aside.csv")
    assert (aside["fate"] == "quarantined").sum() == counts["quarantined"]
    assert (aside["reason"] == "before_since").sum() == len(left_out)


def test_the_sample_itself_is_not_streamed():
    done = run("count", "sample")

    assert done.exit_code == 1
    assert "write it with 'geo sample' first" in done.stderr


def test_a_run_is_resumed_from_its_folder(sample, tmp_path):
    options = ("--level", "state", "--work", tmp_path / "kept")
    first = run("count", sample, *options, "-o", tmp_path / "a.csv")
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    again = run("count", sample, *options, "--resume", "-o", tmp_path / "b.csv")

    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert kept
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
