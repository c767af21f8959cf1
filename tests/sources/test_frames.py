"""A table in memory is read as a file of it is, and loses no row without a word."""

import datetime as dt
import decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import geo
from geo.errors import CRSError, DataWarning, SettingsError, SourceError
from geo.sources.events import read_events_with_ledger
from geo.sources.frames import NAME, read_frame
from geo.sources.records import read_records

COLUMNS = {"event_date": "day", "longitude": "x", "latitude": "y"}


def table(**changes):
    given = {
        "day": ["2024-09-09", "2024-09-11", "not a day", "2024-09-12"],
        "x": [-107.391, None, -107.4, -107.402],
        "y": [24.809, 24.8, 24.8, 24.796],
        "deaths": [1.0, None, 2.0, 0.0],
    }
    return pd.DataFrame(given | changes)


def reading(frame, **options):
    return read_events_with_ledger(
        frame, **({"columns": COLUMNS, "geo_precision": "exact"} | options)
    )


def test_every_row_has_one_fate_and_the_label_it_has_in_the_table():
    frame = table().set_index(pd.Index([30, 10, 40, 20]))
    found = reading(frame)

    records = found.ledger.records
    assert records["fate"].tolist() == ["used", "quarantined", "quarantined", "used"]
    assert records["line"].tolist() == [30, 10, 40, 20]
    assert set(records["file"]) == {NAME}
    assert records["value"].tolist()[2] == "not a day"
    assert frame.loc[40, "day"] == "not a day"
    assert found.events["record"].tolist() == [1, 4]


@pytest.mark.parametrize(
    "index",
    [["a", "b", "c", "d"], [1, 1, 2, 3], [-1, 0, 1, 2], [0.5, 1.5, 2.5, 3.5]],
    ids=["words", "repeated", "negative", "fractions"],
)
def test_a_row_whose_label_is_no_number_of_its_own_is_named_by_its_place(index):
    found = reading(table().set_index(pd.Index(index)))

    assert found.ledger.records["line"].tolist() == [1, 2, 3, 4]


def test_a_table_and_the_csv_of_it_give_the_same_events_and_fates(tmp_path):
    frame = table()
    frame.to_csv(tmp_path / "a.csv", index=False)
    of_table, of_file = reading(frame), reading(tmp_path / "a.csv")

    same = ["event_id", "event_date", "geometry", "geo_precision", "time_precision"]
    pd.testing.assert_frame_equal(of_table.events[same], of_file.events[same])
    same = ["record", "fate", "reason", "column", "value"]
    pd.testing.assert_frame_equal(of_table.ledger.records[same], of_file.ledger.records[same])
    assert of_table.ledger.records["line"].tolist() == [0, 1, 2, 3]
    assert of_file.ledger.records["line"].tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize("dtype", ["str", "string", "string[pyarrow]", "category", "object"])
def test_text_that_lies_in_several_pieces_is_read_as_text_in_one(dtype):
    whole = table(what=["Battles", "Riots", None, "Battles"]).astype({"day": dtype, "what": dtype})
    halves = [whole.iloc[:2].copy(), whole.iloc[2:].copy()]

    joined = read_frame(pd.concat(halves, ignore_index=True))

    pd.testing.assert_frame_equal(joined.frame, read_frame(whole).frame)


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
            st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_categories=["C"]))),
            st.booleans(),
            st.one_of(st.none(), st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1))),
        ),
        min_size=1,
    )
)
def test_every_cell_has_the_text_that_a_parquet_file_of_it_has(tmp_path_factory, rows):
    frame = pd.DataFrame(rows, columns=["number", "text", "flag", "time"])
    frame = frame.astype({"number": "float64", "text": "str", "time": "datetime64[us]"})
    path = tmp_path_factory.mktemp("frames") / "a.parquet"
    frame.to_parquet(path)

    of_table, of_file = read_frame(frame), read_records(path)

    assert of_table.frame.values.tolist() == of_file.frame.values.tolist()


def test_values_of_any_type_become_text_and_missing_ones_blank():
    mixed = [
        1, 2.5, 3.0, "a", None, np.nan, pd.NaT, pd.NA, True, np.int64(7), np.float64(8.0),
        dt.date(2024, 9, 9), dt.datetime(2024, 9, 9, 13), pd.Timestamp("2024-09-09"),
        decimal.Decimal("1.50"), "\ud800", [1, 2],
    ]  # fmt: skip
    frame = pd.DataFrame({"c": pd.Series(mixed, dtype=object)})

    assert read_frame(frame).frame["c"].tolist() == [
        "1", "2.5", "3", "a", "", "", "", "", "true", "7", "8", "2024-09-09",
        "2024-09-09 13:00:00", "2024-09-09", "1.50", "?", "[1, 2]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pd.Series([1, None], dtype="Int64"), ["1", ""]),
        (pd.Series(["a", None], dtype="category"), ["a", ""]),
        (pd.Series([5, None], dtype="category"), ["5", ""]),
        (pd.Series([True, None], dtype="boolean"), ["true", ""]),
        (pd.Series([1.0, np.nan]), ["1", ""]),
        (pd.Series(pd.period_range("2024-09", periods=2, freq="M")), ["2024-09", "2024-10"]),
        (pd.Series(pd.interval_range(0, 2)), ["(0, 1]", "(1, 2]"]),
        (pd.Series(pd.to_timedelta([1, None], unit="D")), ["1 days 00:00:00", ""]),
        (pd.Series(pd.to_datetime(["2024-09-09", None])), ["2024-09-09", ""]),
        (pd.Series(["", " a "]), ["", " a "]),
    ],
)
def test_types_of_pandas_become_text(values, texts):
    assert read_frame(pd.DataFrame({"c": values})).frame["c"].tolist() == texts


def test_the_table_that_was_given_is_not_changed():
    frame = table()
    before = frame.copy(deep=True)
    reading(frame)

    pd.testing.assert_frame_equal(frame, before)


def test_points_of_a_geodataframe_are_brought_to_degrees_and_odd_ones_set_aside():
    shapes = [shapely.Point(-107.39, 24.81), shapely.LineString([(0, 0), (1, 1)]), None]
    days = ["2024-09-09", "2024-09-10", "2024-09-11"]
    frame = gpd.GeoDataFrame({"event_date": days}, geometry=shapes, crs=4326).to_crs(6372)
    found = reading(frame.set_index(pd.Index([5, 6, 7])), columns=None)

    assert found.ledger.records["fate"].tolist() == ["used", "quarantined", "quarantined"]
    assert found.ledger.records["line"].tolist() == [5, 6, 7]
    [point] = found.events.geometry
    assert (point.x, point.y) == pytest.approx((-107.39, 24.81))


def test_a_geodataframe_that_does_not_say_where_its_points_are_is_refused():
    frame = gpd.GeoDataFrame({"event_date": ["2024-09-09"]}, geometry=[shapely.Point(0, 0)])

    with pytest.raises(CRSError, match=NAME):
        reading(frame, columns=None)
    with pytest.raises(SourceError, match="set_geometry"):
        reading(gpd.GeoDataFrame({"event_date": ["2024-09-09"]}), columns=None)


@pytest.mark.parametrize(
    ("frame", "options", "error", "said"),
    [
        (pd.DataFrame({"day": [], "x": [], "y": []}), {}, SourceError, "has no rows"),
        (table(), {"columns": None}, SourceError, "columns are not guessed"),
        (table(), {"columns": {"event_date": "when"}}, SourceError, "no column 'when'"),
        (
            pd.concat([table(), table()[["day"]]], axis=1),
            {},
            SourceError,
            "occurs twice|more than once",
        ),
        (table(), {"encoding": "utf-8"}, SettingsError, "encoding= has no meaning"),
        (table(), {"delimiter": ";"}, SettingsError, "delimiter= has no meaning"),
        (table(), {"sheet": "a"}, SettingsError, "sheet= has no meaning"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_name(frame, options, error, said):
    with pytest.raises(error, match=said):
        reading(frame, **options)


def test_several_tables_at_once_are_refused_with_the_cure():
    with pytest.raises(SettingsError, match="concat"):
        read_events_with_ledger([table(), table()], columns=COLUMNS)


def test_read_events_warns_of_rows_that_are_left_out():
    with pytest.warns(DataWarning, match=f"{NAME}: 2 records of 4 left out"):
        events = geo.read_events(table(), columns=COLUMNS, geo_precision="exact")

    assert len(events) == 2


def test_the_same_table_has_the_same_fingerprint_and_another_another():
    one, same, other = (read_frame(frame) for frame in (table(), table(), table(y=[1.0] * 4)))

    assert (one.sha256, one.size) == (same.sha256, same.size)
    assert one.sha256 != other.sha256


def test_a_study_of_a_table_accounts_for_every_row():
    results = geo.run_study(
        table(), columns=COLUMNS, geo_precision="exact", source="My list", permutations=0
    )

    assert results.ledger.counts() == {"used": 2, "filtered": 0, "quarantined": 2}
    assert results.facts.source == "My list"
    assert results.manifest["inputs"][0]["name"] == NAME
    assert len(results.manifest["inputs"][0]["sha256"]) == 64


def test_a_study_of_what_was_read_counts_what_a_study_of_the_table_counts():
    read = reading(table()).events
    of_table = geo.run_study(table(), columns=COLUMNS, geo_precision="exact", permutations=0)
    of_events = geo.run_study(read, permutations=0)

    for level in ("state", "municipality"):
        counted = [
            results.tables[f"measures_{level}"].set_index(["cvegeo", "period"])["events"]
            for results in (of_table, of_events)
        ]
        pd.testing.assert_series_equal(*counted)
