"""A stream gives what reading everything at once gives, whatever its batches are."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geo
from geo.errors import BatchError, GeoError, PeriodError, SettingsError, SourceError
from geo.export.assigned import assign_stream
from geo.sample import make_sample
from geo.study.locating import locate_events
from geo.study.streaming import count_stream
from tests import toy

OPEN = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def written(folder, rows, name="events.csv", **options):
    path = folder / name
    pd.DataFrame(rows).to_csv(path, index=False, **options)
    return path


def whole(given_files, *, level="municipality", period="month", category=None, **options):
    """What the functions for tables in memory give."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = locate_events(given_files, **options)
        panel = geo.count_events(found.located, level=level, period=period, category=category)
    said = [str(one.message) for one in caught]
    return found, panel, said


def assert_same(streamed, expected):
    found, panel, said = expected
    pd.testing.assert_frame_equal(streamed.panel, panel)
    assert streamed.ledger.physical == found.ledger.physical
    assert streamed.ledger.counts() == found.ledger.counts()
    records = found.ledger.records
    odd = records[records["fate"].ne("used") | records["reason"].notna()]
    odd = odd.astype({"fate": "str", "file": "str"}).reset_index(drop=True)
    pd.testing.assert_frame_equal(streamed.ledger.aside, odd)
    pd.testing.assert_frame_equal(
        streamed.ledger.reasons(), found.ledger.reasons(), check_dtype=False
    )
    assert sorted(streamed.repairs) == sorted(found.source.facts.repairs)
    assert sorted(streamed.warnings) == sorted({*found.warnings, *said})
    account = found.account[found.account["step"].isin(["state", "municipality"])]
    assert streamed.account["events"].sum() == account["number"].sum()
    assert sorted(streamed.account.itertuples(index=False, name=None)) == sorted(
        account[["step", "outcome", "reason", "number"]].itertuples(index=False, name=None)
    )
    assert streamed.made_up == found.made_up


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("stream") / "sample.csv"
    make_sample().head(3000).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("rows", [7000, 1000, 333])
def test_the_sample_is_counted_the_same_in_batches(sample, rows):
    streamed = count_stream(sample, period="month", category="event_type", rows=rows)

    assert_same(streamed, whole(sample, period="month", category="event_type"))
    assert streamed.ledger.counts()["quarantined"] > 0


DATES = st.sampled_from(
    ["2024-01-05", "2024-02-06 10:00", "05/06/2024", "13/06/2024", "2024-13-01", "", "45300",
     "20240305", "3 de mayo de 2024", "2023-05"]
)  # fmt: skip
PLACES = st.sampled_from(
    [("-99.13", "19.43"), ("-107.39", "24.81"), ("19.43", "-99.13"), ("99.13", "19.43"), ("", ""),
     ("0", "0"), ("-99,13", "19,43"), ("-105.0", "18.0"), ("abc", "19"), ("-99.1332", "19.4326")]
)  # fmt: skip
DEATHS = st.sampled_from(["0", "1", "", "10+", "1,234", "2.000", "3", "-1"])
ROWS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), DATES, PLACES, DEATHS, st.sampled_from("xy")),
    min_size=1,
    max_size=14,
)


@given(
    rows=ROWS, size=st.integers(1, 6), with_time=st.booleans(), order=st.sampled_from(["dmy", None])
)
@settings(max_examples=30, deadline=None, suppress_health_check=OPEN)
def test_batches_of_any_size_give_what_the_whole_gives(tmp_path, rows, size, with_time, order):
    table = pd.DataFrame(
        {
            "event_id": [row[0] for row in rows],
            "event_date": [row[1] for row in rows],
            "longitude": [row[2][0] for row in rows],
            "latitude": [row[2][1] for row in rows],
            "fatalities": [row[3] for row in rows],
            "actor1": [row[4] for row in rows],
            "geo_precision": "exact",
            "time_precision": "day",
        }
    )
    if with_time:
        table["timestamp"] = [str(1704844800 + 86400 * 40 * i) for i in range(len(rows))]
    path = written(tmp_path, table)
    options = {"date_order": order} if order else {}
    expected, error = outcome(lambda: whole(path, period="month", category="actor1", **options))

    streamed, other = outcome(
        lambda: count_stream(path, period="month", category="actor1", rows=size, **options)
    )

    assert (type(other), str(other)) == (type(error), str(error))
    if expected is not None:
        assert_same(streamed, expected)


def outcome(work):
    try:
        return work(), None
    except GeoError as error:
        return None, error


def test_an_interrupted_stream_goes_on_where_it_was(sample, tmp_path, monkeypatch):
    expected = whole(sample, period="month", category="event_type")
    done, work = [], streaming_work()

    def interrupted(batch, *rest):
        if len(done) == 4:
            raise KeyboardInterrupt
        done.append(batch)
        return work(batch, *rest)

    monkeypatch.setattr("geo.study.stream.work", interrupted)
    options = {"period": "month", "category": "event_type", "rows": 300, "work": tmp_path / "w"}
    with pytest.raises(KeyboardInterrupt):
        count_stream(sample, **options)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "w").iterdir()}
    assert len(kept) == 4

    again = []
    monkeypatch.setattr(
        "geo.study.stream.work", lambda batch, *rest: again.append(batch) or work(batch, *rest)
    )
    streamed = count_stream(sample, resume=True, **options)

    assert_same(streamed, expected)
    first = {name for name in kept if (tmp_path / "w" / name).stat().st_mtime_ns == kept[name]}
    assert first == set(kept)  # a first look is not taken again, nor lost to a second one


@pytest.mark.parametrize("rounds", [0, 2, 5, 7])
def test_what_came_of_a_second_look_is_not_worked_on_again(tmp_path, monkeypatch, rounds):
    """Five batches, each looked at twice for its dates, three once more for ids that repeat."""
    n = 20
    rows = {
        "event_id": [f"e{i % 11}" for i in range(n)],
        "event_date": ["03/04/2024"] * (n - 1) + ["25/04/2024"],
        "longitude": ["-99.1332"] * n,
        "latitude": ["19.4326"] * n,
        "geo_precision": "exact",
        "time_precision": "day",
    }
    path, work = written(tmp_path, rows), streaming_work()
    worked, stop = [], [0]

    def counting(*given):
        if len(worked) == stop[0]:
            raise KeyboardInterrupt
        worked.append(given)
        return work(*given)

    monkeypatch.setattr("geo.study.stream.work", counting)

    def run(most, name="w", **options):
        worked.clear()
        stop[0] = most
        found = assign_stream(
            path, tmp_path / f"{name}.csv", rows=4, work=tmp_path / name, overwrite=True, **options
        )
        return len(worked), found

    all_looks, expected = run(-1)
    assert all_looks > 2 * 5
    assert run(-1, resume=True)[0] == 0

    if rounds:
        with pytest.raises(KeyboardInterrupt):
            run(rounds, "x")
        left, found = run(-1, "x", resume=True)
        assert left == all_looks - rounds
        assert (tmp_path / "x.csv").read_bytes() == (tmp_path / "w.csv").read_bytes()
        pd.testing.assert_frame_equal(found.ledger.aside, expected.ledger.aside)


def test_a_part_that_an_earlier_look_wrote_is_written_again(tmp_path):
    rows = {
        "event_date": ["03/04/2024"] * 5 + ["25/04/2024"],
        "longitude": ["-99.1332"] * 6,
        "latitude": ["19.4326"] * 6,
        "geo_precision": "exact",
        "time_precision": "day",
    }
    path, kept = written(tmp_path, rows), tmp_path / "w"
    options = {"rows": 2, "work": kept, "overwrite": True}
    assign_stream(path, tmp_path / "a.csv", **options)
    part = kept / "batch-0000-000001.parquet"
    whole, other = part.read_bytes(), (kept / "batch-0000-000000.parquet").read_bytes()
    part.write_bytes(other)

    assign_stream(path, tmp_path / "b.csv", resume=True, **options)

    assert part.read_bytes() == whole
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_what_is_kept_of_another_input_or_damaged_is_not_used(tmp_path):
    rows = {"event_date": ["2024-01-05"] * 6, "longitude": ["-99.1332"] * 6}
    rows |= {"latitude": ["19.4326"] * 6, "geo_precision": "exact", "time_precision": "day"}
    path = written(tmp_path, rows)
    options = {"rows": 2, "work": tmp_path / "w", "level": "state"}
    assert count_stream(path, **options).panel["events"].sum() == 6
    for file in (tmp_path / "w").iterdir():
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))
    assert count_stream(path, resume=True, **options).panel["events"].sum() == 6

    written(tmp_path, pd.DataFrame(rows).head(4))
    found = count_stream(path, resume=True, **options)
    assert found.panel["events"].sum() == 4
    assert found.ledger.physical == 4


def test_a_batch_that_fails_is_named_and_the_others_are_kept(tmp_path, monkeypatch):
    rows = {"event_date": ["2024-01-05"] * 6, "longitude": ["-99.1332"] * 6}
    rows |= {"latitude": ["19.4326"] * 6, "geo_precision": "exact", "time_precision": "day"}
    path = written(tmp_path, rows)
    work = streaming_work()

    def broken(batch, *rest):
        if 3 in batch.frame.index:
            raise RuntimeError("the disk said no")
        return work(batch, *rest)

    monkeypatch.setattr("geo.study.stream.work", broken)
    options = {"rows": 2, "work": tmp_path / "w", "level": "state"}
    with pytest.raises(
        BatchError, match=r"1 batch failed(?s:.*)events.csv, records 3 to 4: the disk said no"
    ):
        count_stream(path, **options)
    assert len(list((tmp_path / "w").glob("*.npz"))) == 2

    monkeypatch.setattr("geo.study.stream.work", work)
    assert count_stream(path, resume=True, **options).panel["events"].sum() == 6


def streaming_work():
    from geo.study.stream import work

    return work


def test_a_folder_of_parquet_is_one_table(sample, tmp_path):
    rows = pd.read_csv(sample, dtype=str, keep_default_na=False)
    for part, begin in enumerate(range(0, len(rows), 1000)):
        (tmp_path / f"part={part}").mkdir()
        rows[begin : begin + 1000].to_parquet(tmp_path / f"part={part}" / "a.parquet")
    (tmp_path / "_SUCCESS").touch()
    files = sorted(tmp_path.rglob("*.parquet"))

    streamed = count_stream(tmp_path, period="month", category="event_type", rows=400)

    assert_same(streamed, whole(files, period="month", category="event_type"))


def test_filters_and_their_typos_are_those_of_the_whole(sample):
    filters = {"event_types": ["battles"], "since": "2023-06-01"}
    streamed = count_stream(sample, period="month", rows=500, filters=filters)

    assert_same(streamed, whole(sample, period="month", filters=filters))
    with pytest.raises(SettingsError, match=r"no event has 'Batles' \(event_types\); found: 'Bat"):
        count_stream(sample, period="month", rows=500, filters={"event_types": ["Batles"]})


def test_what_cannot_be_meant_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="no column 'notes' to count by"):
        count_stream(tmp_path, category="notes")
    with pytest.raises(SettingsError, match="needs the folder work="):
        count_stream(tmp_path, resume=True)
    with pytest.raises(SourceError, match="folder without a file of Parquet"):
        count_stream(tmp_path)
    with pytest.raises(SettingsError, match="no engine 'spark'"):
        count_stream(tmp_path, engine="spark")
    with pytest.raises(PeriodError, match="not a kind of period"):
        count_stream(tmp_path, period="day")


def test_areas_of_the_user_are_made_ready_once(tmp_path, monkeypatch):
    from geo.study import batch_work

    rows = {"event_date": ["2024-01-05"] * 6, "longitude": [0.5, 1.5, 2.5, 0.5, 1.0, 9.0]}
    rows |= {"latitude": [0.5] * 6, "geo_precision": "exact", "time_precision": "day"}
    path = written(tmp_path, rows)
    made, finder_of = [], batch_work.finder_of
    monkeypatch.setattr(
        batch_work, "finder_of", lambda areas: made.append(len(areas)) or finder_of(areas)
    )

    found = count_stream(path, level="municipality", areas=toy.areas(), rows=1)
    assert made == [3]
    counts = found.panel.set_index("cvegeo")["events"].to_dict()
    assert counts == {toy.LEFT: 2, toy.MIDDLE: 2, toy.RIGHT: 1}

    # Others of the same codes are others.
    moved = toy.areas()
    moved["geometry"] = moved.geometry.translate(xoff=1)
    found = count_stream(path, level="municipality", areas=moved, rows=1)
    assert made == [3, 3]
    counts = found.panel.set_index("cvegeo")["events"].to_dict()
    assert counts == {toy.LEFT: 2, toy.MIDDLE: 1, toy.RIGHT: 0}


TYPED = st.lists(
    st.tuples(
        st.sampled_from([-99.1332, -107.394, -105.0, 19.4, 99.13, 0.0, float("nan"), -60.0, 5e5]),
        st.sampled_from([19.4326, 24.809, 18.0, -99.1, 0.0, float("nan"), 31.0, 2e6]),
        st.sampled_from(["2024-01-05", "2024-02-29", "2023-05-31", "1850-01-01", "NaT"]),
        st.sampled_from([0.0, 1.0, 3.5, -1.0, float("nan"), 2e6]),
        st.sampled_from(["Battles", " ", None, "Riots "]),
    ),
    min_size=1,
    max_size=24,
)


# A batch takes a fifth of a second however few its rows are: few batches, and many rows in each.
@given(rows=TYPED, parts=st.integers(1, 3), coded=st.booleans())
@settings(max_examples=12, deadline=None, suppress_health_check=OPEN)
def test_typed_points_are_counted_as_their_text_is(tmp_path, rows, parts, coded):
    kinds = pa.array([row[4] for row in rows], pa.string())
    table = pa.table(
        {
            "longitude": pa.array([row[0] for row in rows]),
            "latitude": pa.array([row[1] for row in rows]),
            "event_date": pa.array(np.array([row[2] for row in rows], "M8[D]")),
            "fatalities": pa.array([row[3] for row in rows]),
            "event_type": kinds.dictionary_encode() if coded else kinds,
        }
    )
    path = tmp_path / "points.parquet"
    pq.write_table(table, path, row_group_size=-(-len(rows) // parts))
    options = {"period": "month", "category": "event_type"}
    precise = {"geo_precision": "exact", "time_precision": "day"}
    expected, error = outcome(lambda: whole(path, **options, **precise))

    streamed, other = outcome(lambda: count_stream(path, rows=1, **options, **precise))

    assert (type(other), str(other)) == (type(error), str(error))
    if expected is not None:
        assert_same(streamed, expected)


def test_a_folder_of_csv_is_its_files_one_after_the_other(sample, tmp_path):
    rows = pd.read_csv(sample, dtype=str, keep_default_na=False).head(900)
    for part, begin in enumerate(range(0, len(rows), 400)):
        written(tmp_path, rows[begin : begin + 800], f"part-{part:03}.csv")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "README.md").touch()
    files = sorted(tmp_path.glob("*.csv"))
    options = {"period": "month", "category": "event_type"}

    streamed = count_stream(tmp_path, rows=300, **options)
    named = count_stream(files, rows=300, **options)

    assert_same(named, whole(files, **options))
    pd.testing.assert_frame_equal(streamed.panel, named.panel)
    pd.testing.assert_frame_equal(streamed.ledger.aside, named.ledger.aside)
    assert streamed.inputs == named.inputs
    assert [one["name"] for one in named.inputs] == [file.name for file in files]
    assert set(streamed.warnings) - set(named.warnings) == {
        f"{tmp_path.name}: 1 file in the folder not read, as the name is of no part of a table: "
        "README.md"
    }
    found, _, said = whole(tmp_path, **options)
    assert sorted({*found.warnings, *said}) == sorted(streamed.warnings)
