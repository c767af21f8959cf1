"""A stream gives what reading everything at once gives, whatever its batches are."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geo
from geo.errors import GeoError
from geo.sample import make_sample
from geo.study.locating import locate_events
from geo.study.streaming import count_stream

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
    try:
        expected = whole(path, period="month", category="actor1", **options)
    except GeoError as error:
        with pytest.raises(type(error)) as caught:
            count_stream(path, period="month", category="actor1", rows=size, **options)
        assert str(caught.value) == str(error)
        return

    streamed = count_stream(path, period="month", category="actor1", rows=size, **options)

    assert_same(streamed, expected)
