"""Parquet: typed columns become the text that a careful writer of CSV would have written."""

from __future__ import annotations

import datetime as dt
import decimal
import io

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPoint, Point, Polygon

from geo.errors import CRSError, GeoError, SourceError
from geo.sources.columnar import text_column
from geo.sources.records import read_records


def save(folder, table, name="events.parquet"):
    path = folder / name
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize(
    ("column", "text"),
    [
        pytest.param(pa.array(["01001", "", None, "NA"]), ["01001", "", "", "NA"], id="text"),
        pytest.param(pa.array([484, None, -1]), ["484", "", "-1"], id="integer"),
        pytest.param(
            pa.array([484.0, 19.4326, None, float("nan"), -0.0, 1e300, float("inf")]),
            ["484", "19.4326", "", "", "-0", "1e+300", "inf"],
            id="float",
        ),
        pytest.param(pa.array([123_456_789_012.0]), ["123456789012"], id="long whole float"),
        pytest.param(pa.array([0.1], pa.float32()), ["0.1"], id="short float"),
        pytest.param(pa.array([True, False, None]), ["true", "false", ""], id="boolean"),
        pytest.param(pa.array([dt.date(2024, 9, 9), None]), ["2024-09-09", ""], id="date"),
        pytest.param(
            pa.array([dt.datetime(2024, 9, 9), dt.datetime(2024, 9, 9, 13, 5), None]),
            ["2024-09-09", "2024-09-09 13:05:00", ""],
            id="timestamp",
        ),
        pytest.param(
            pa.array([0, 1_000_000], pa.timestamp("us", "UTC")),
            ["1970-01-01", "1970-01-01 00:00:01+00:00"],
            id="timestamp in UTC",
        ),
        pytest.param(
            pa.array([0], pa.timestamp("us", "America/Hermosillo")),
            ["1969-12-31 17:00:00-07:00"],
            id="timestamp with zone",
        ),
        pytest.param(pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"], id="category"),
        pytest.param(pa.array([decimal.Decimal("1.50")]), ["1.50"], id="decimal"),
        pytest.param(pa.array([["a", "é"], None]), ['["a", "é"]', ""], id="list"),
        pytest.param(pa.array([b"\x01\xff"]), ["01ff"], id="bytes"),
        pytest.param(pa.nulls(2), ["", ""], id="nothing"),
        pytest.param(pa.chunked_array([["a"], ["b"]]), ["a", "b"], id="chunks"),
    ],
)
def test_typed_columns_become_text(column, text):
    assert text_column(column).to_pylist() == text


@settings(derandomize=True)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_read_back_as_the_same_numbers(values):
    text = text_column(pa.array(values, pa.float64())).to_pylist()

    assert [float(number) for number in text] == values


def test_rows_are_numbered_through_and_columns_chosen(tmp_path):
    path = save(tmp_path, pa.table({"id": ["a", "b"], "note": ["x", None], "n": [1, 2]}))

    found = read_records(path, columns=["id", "n"])

    assert found.frame.to_dict("list") == {"id": ["a", "b"], "n": ["1", "2"]}
    assert (found.kind, found.line.tolist(), found.physical_lines) == ("parquet", [1, 2], 2)


def test_a13_a_cut_parquet_file_is_refused_with_the_byte(tmp_path):
    path = save(tmp_path, pa.table({"id": list(range(1000))}))
    path.write_bytes(path.read_bytes()[:500])

    with pytest.raises(SourceError, match=r"cut: .* ends at byte 500"):
        read_records(path)


def test_a_parquet_file_damaged_inside_is_refused(tmp_path):
    path = save(tmp_path, pa.table({"id": [str(i) for i in range(1000)]}))
    data = bytearray(path.read_bytes())
    data[-60:-8] = bytes(52)
    path.write_bytes(bytes(data))

    with pytest.raises(SourceError, match="damaged Parquet file"):
        read_records(path)


def test_a5_a_parquet_file_without_rows_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no rows"):
        read_records(save(tmp_path, pa.table({"id": pa.array([], pa.string())})))


def test_f6_a_cell_of_more_than_a_megabyte_is_rejected(tmp_path):
    path = save(tmp_path, pa.table({"id": ["a", "b"], "note": ["x" * 1_000_001, "y"]}))

    found = read_records(path)

    assert found.frame["id"].to_dict() == {2: "b"}
    assert found.rejected[["record", "reason"]].to_numpy().tolist() == [[1, "cell_too_long"]]


def geoparquet(folder, geometry, crs):
    path = folder / "events.parquet"
    frame = pd.DataFrame({"id": [f"e{i}" for i in range(len(geometry))]})
    gpd.GeoDataFrame(frame, geometry=geometry, crs=crs).to_parquet(path)
    return path


def test_points_of_geoparquet_become_longitude_and_latitude(tmp_path):
    square = Polygon([(0, 0), (1, 0), (0, 1)])
    two = MultiPoint([(-98, 20), (-97, 21)])
    shapes = [Point(-99.1, 19.4), None, MultiPoint([(-98, 20)]), square, two]

    found = read_records(geoparquet(tmp_path, shapes, "EPSG:4326"))

    assert found.frame.to_dict("list") == {
        "id": ["e0", "e1", "e2"],
        "longitude": ["-99.1", "", "-98.0"],
        "latitude": ["19.4", "", "20.0"],
    }
    assert found.rejected[["record", "reason", "column"]].to_numpy().tolist() == [
        [4, "not_a_point", "geometry"],
        [5, "not_a_point", "geometry"],
    ]
    assert found.repairs == ("1 collection of one point read as that point",)


def test_c11_points_in_metres_are_projected(tmp_path):
    # The origin of INEGI's projection: 12° N, 102° W has easting 2,500,000, northing 0.
    found = read_records(geoparquet(tmp_path, [Point(2_500_000, 0)], "EPSG:6372"))

    assert float(found.frame["longitude"].iloc[0]) == pytest.approx(-102, abs=1e-7)
    assert float(found.frame["latitude"].iloc[0]) == pytest.approx(12, abs=1e-7)


def test_c11_points_without_a_known_system_are_refused(tmp_path):
    with pytest.raises(CRSError, match="does not say in which coordinate reference system"):
        read_records(geoparquet(tmp_path, [Point(0, 0)], None))


def _seed():
    buffer = io.BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "n": [1, 2]}), buffer)
    return buffer.getvalue()


SEED = _seed()


@settings(
    derandomize=True, max_examples=150, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.tuples(st.integers(4, len(SEED) - 5), st.integers(0, 255)), max_size=4))
def test_damaged_parquet_gives_an_error_or_records_never_a_crash(tmp_path, changes):
    data = bytearray(SEED)
    for place, byte in changes:
        data[place] = byte
    path = tmp_path / "events.parquet"
    path.write_bytes(bytes(data))

    try:
        found = read_records(path)
    except GeoError as error:
        assert str(error)  # noqa: PT017
        return

    assert len(found) >= 1
