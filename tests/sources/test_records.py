"""The public entry: dispatch by content, refusals, and what every kind of file promises."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, SettingsError, SourceError
from geo.sources import octets, records
from geo.sources.records import read_records
from tests import shared

TABLE = "id,date,place\nMEX7,2024-01-05,Culiacán\nMEX8,2024-01-06,León\n"


def written(folder, content, name="events.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_cells_are_the_text_of_the_file_and_a_blank_is_not_missing(tmp_path):
    path = written(tmp_path, 'cvegeo,name,deaths\n01001,"NA",\n 02 ,null,1.50\n')

    found = read_records(path)

    assert found.frame.to_dict("list") == {
        "cvegeo": ["01001", " 02 "],
        "name": ["NA", "null"],
        "deaths": ["", "1.50"],
    }
    assert [str(dtype) for dtype in found.frame.dtypes] == ["str", "str", "str"]
    assert found.frame.index.dtype == np.int64
    assert (found.file, found.kind, found.encoding, found.delimiter) == (
        "events.csv", "csv", "utf-8", ",",
    )  # fmt: skip
    assert (len(found), found.physical_lines, found.repairs) == (2, 3, ())


def test_hash_and_size_are_those_of_the_file(tmp_path):
    found = read_records(written(tmp_path, b"a,b\n1,2\n"))

    # printf 'a,b\n1,2\n' | sha256sum
    assert found.sha256 == "492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470"
    assert found.size == 8


def test_columns_are_chosen_by_name_or_from_the_header(tmp_path):
    path = written(tmp_path, TABLE)

    assert list(read_records(path, columns={"place", "id"}).frame) == ["id", "place"]
    assert list(read_records(path, columns=lambda header: header[1:]).frame) == ["date", "place"]
    with pytest.raises(SourceError, match="has no column 'notes'; it has: id, date, place"):
        read_records(path, columns=["notes"])


def test_progress_rises_to_the_size_of_the_file(tmp_path):
    path = written(tmp_path, TABLE)
    seen = []

    read_records(path, progress=lambda done, total: seen.append((done, total)))

    assert seen == sorted(seen)
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def _workbook():
    book = openpyxl.Workbook()
    book.active.append(["id"])
    book.active.append(["7"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _parquet():
    buffer = io.BytesIO()
    pd.DataFrame({"id": ["7"]}).to_parquet(buffer)
    return buffer.getvalue()


def _zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("events.csv", TABLE)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(_workbook, r"is an XLSX workbook .* Rename it to events\.xlsx", id="xlsx"),
        pytest.param(_parquet, r"is a Parquet file .* Rename it to events\.parquet", id="parquet"),
        pytest.param(
            lambda: gzip.compress(TABLE.encode()),
            r"is a gzip archive .* Rename it to events\.csv\.gz",
            id="gzip",
        ),
        pytest.param(_zip, "is a zip archive. Unpack it", id="zip"),
        pytest.param(
            lambda: b"\n <!DOCTYPE html><html><title>Log in</title>",
            "is an HTML page .* It begins: <!DOCTYPE html><html><title>Log in",
            id="login page",
        ),
        pytest.param(
            lambda: b'{"status": 403, "error": "access denied"}',
            'is JSON .* It begins: {"status": 403, "error": "access denied"}',
            id="error answer",
        ),
        *[
            pytest.param(
                lambda begin=begin: (
                    begin + b'{"event_id_cnty": "MEX1", "event_date": "2024-09-09"}]'
                ),
                r"JSON that holds rows .* Ask the service for CSV \(ACLED: _format=csv\)",
                id=f"rows of {whose}",
            )
            for whose, begin in [
                ("ACLED's service", b'{"status": 200, "success": true, "count": 1, "data": ['),
                ("UCDP's service", b'{"TotalCount": 1, "NextPageUrl": "", "Result": ['),
                ("nobody", b"["),
            ]
        ],
        pytest.param(lambda: b'<?xml version="1.0"?><kml></kml>', "is KML", id="F8 kml"),
        pytest.param(
            lambda: b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource>",
            "virtual file",
            id="F9 vrt",
        ),
        pytest.param(lambda: pickle.dumps({"a": 1}), "is a Python pickle", id="F10 pickle"),
        pytest.param(lambda: b"\x00\x01\x02\x03" * 99, "binary file", id="binary"),
    ],
)
def test_a11_a_file_that_is_not_csv_is_named(tmp_path, content, says):
    with pytest.raises(SourceError, match=says):
        read_records(written(tmp_path, content()))


def test_a11_text_under_the_name_of_a_workbook_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"is delimited text \(CSV\) and not an XLSX workbook"):
        read_records(written(tmp_path, TABLE, "events.xlsx"))


def test_a11_gzip_is_read_under_its_own_name(tmp_path):
    path = written(tmp_path, gzip.compress(TABLE.encode()), "events.csv.gz")

    found = read_records(path)

    assert found.kind == "csv"
    assert found.frame["place"].tolist() == ["Culiacán", "León"]
    assert found.size == path.stat().st_size


def test_a11_what_a_gzip_archive_holds_is_named(tmp_path):
    path = written(tmp_path, gzip.compress(_workbook()), "events.csv.gz")

    with pytest.raises(SourceError, match="gzip archive that holds a zip archive"):
        read_records(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", r"empty file", id="no bytes"),
        pytest.param(b"id,date\n", "no rows", id="header only"),
        pytest.param(b"id,date", "no rows", id="header without line end"),
        pytest.param(b"\n \n\n", "no rows", id="blank lines"),
    ],
)
def test_a5_a_file_without_records_is_refused(tmp_path, content, says):
    with pytest.raises(SourceError, match=says):
        read_records(written(tmp_path, content))


def test_a5_a_missing_line_end_at_the_end_is_accepted(tmp_path):
    found = read_records(written(tmp_path, "id,date\n7,2024-01-05"))

    assert found.frame.to_numpy().tolist() == [["7", "2024-01-05"]]
    assert found.rejected.empty


@pytest.mark.parametrize(
    "where",
    [
        "http://example.org/events.csv",
        "https://example.org/events.csv",
        "s3://bucket/events.gpkg",
        "/vsicurl/http://example.org/events.gpkg",
        "/vsizip/events.zip/events.shp",
        "vsizip/events.zip",
        "file:///etc/passwd",
        "<OGRVRTDataSource/>",
    ],
)
def test_f9_what_is_not_a_local_file_is_refused(where):
    with pytest.raises(SourceError, match="not a local file"):
        read_records(where)


@pytest.mark.parametrize("name", ["events.pkl", "events.joblib", "EVENTS.PICKLE"])
def test_f10_pickle_is_refused_by_its_name(tmp_path, name):
    with pytest.raises(SourceError, match="never loaded"):
        read_records(written(tmp_path, TABLE, name))


def test_a_name_that_is_not_utf8_is_refused_with_the_cure(tmp_path):
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/a\xf1o.csv")
    try:
        Path(odd).write_text(TABLE)
    except OSError:
        pytest.skip("the system has no such names")

    with pytest.raises(
        SourceError, match=r"a\\udcf1o.csv is a name that is not UTF-8 .* Rename it"
    ):
        read_records(odd)


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(SourceError, match="there is no file"):
        read_records(tmp_path / "nowhere.csv")
    with pytest.raises(SourceError, match="is not a file"):
        read_records(tmp_path)


def test_options_that_mean_nothing_are_refused(tmp_path):
    with pytest.raises(SettingsError, match="sheet= has no meaning for delimited text"):
        read_records(written(tmp_path, TABLE), sheet="Data")
    with pytest.raises(SettingsError, match="delimiter= has no meaning for a Parquet file"):
        read_records(written(tmp_path, _parquet(), "a.parquet"), delimiter=";")


@pytest.mark.parametrize("name", ["events.csv", "events.csv.gz"])
def test_a15_a_text_that_changes_while_it_is_read_is_refused(tmp_path, name, monkeypatch):
    packed = name.endswith("gz")
    before, after = TABLE.encode(), TABLE.replace("MEX8", "MEX9").encode()
    path = written(tmp_path, gzip.compress(before) if packed else before, name)
    examine = records.examine

    def examine_then_change(*args, **options):
        text = examine(*args, **options)
        written(tmp_path, gzip.compress(after) if packed else after, name)
        return text

    monkeypatch.setattr(records, "examine", examine_then_change)

    with pytest.raises(SourceError, match="changed while it was read"):
        read_records(path)


def test_a15_a_typed_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = written(tmp_path, _parquet(), "events.parquet")

    def change(header):
        pd.DataFrame({"id": ["9"]}).to_parquet(path)
        return header

    with pytest.raises(SourceError, match="changed while it was read"):
        read_records(path, columns=change)


def test_a13_a_cut_gzip_archive_is_refused_with_the_byte(tmp_path):
    whole = gzip.compress(TABLE.encode() * 50)
    path = written(tmp_path, whole[:-20], "events.csv.gz")

    with pytest.raises(SourceError, match=f"ends at byte {len(whole) - 20} in the middle"):
        read_records(path)


def test_a_damaged_gzip_archive_is_refused(tmp_path):
    whole = bytearray(gzip.compress(TABLE.encode() * 50))
    whole[-6] ^= 0xFF  # the check sum

    with pytest.raises(SourceError, match="damaged gzip"):
        read_records(written(tmp_path, bytes(whole), "events.csv.gz"))


def test_g2_a_gzip_archive_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(octets, "UNPACKED_LIMIT", 1 << 20)
    path = written(tmp_path, gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000), "events.csv.gz")

    with pytest.raises(SourceError, match="more than 200 times its size"):
        read_records(path)


def test_f7_control_characters_do_not_reach_a_message(tmp_path):
    path = written(tmp_path, '{"error": "\x1b[31mdenied\x1b[0m"}')

    with pytest.raises(SourceError) as caught:
        read_records(path)

    assert "\x1b" not in str(caught.value)


def test_ucdp_file_of_18957_records_is_read_whole():
    found = read_records(shared.path("data/ucdp-ged-mexico.csv.gz"))

    assert (len(found), len(found.frame), found.frame.shape[1]) == (18957, 18957, 49)
    assert found.frame.index[-1] == 18957


def test_a1_a_real_latin1_file_is_read_with_its_accents():
    found = read_records(shared.path("data/sesnsp-estatal-2026-01-03-latin1.csv"))

    assert len(found) == 3648
    assert found.frame.columns[0] == "Año"
    assert "Michoacán de Ocampo" in set(found.frame["Entidad"])
    assert found.repairs == ("decoded as windows-1252",)


TRICKY = st.text(alphabet="aé9 ,;|\t\"'\n\r\u2028\x85\x0b=", max_size=8)
NAMES = ["id", "place", "notes"]


@settings(
    derandomize=True, max_examples=150, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(
    rows=st.lists(st.tuples(TRICKY, TRICKY), min_size=1, max_size=12),
    # Old versions of the csv module leave a lone CR unquoted unless lines end in CR LF.
    style=st.sampled_from(
        [
            ("\n", csv.QUOTE_ALL),
            ("\r", csv.QUOTE_ALL),
            ("\r\n", csv.QUOTE_ALL),
            ("\r\n", csv.QUOTE_MINIMAL),
        ]
    ),
)
def test_what_the_csv_module_writes_is_read_back_exactly(tmp_path, rows, style):
    end, quoting = style
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=end, quoting=quoting)
    writer.writerow(NAMES)
    # Ids that no line inside a cell can look like.
    table = [[f"MEX-{i}", *row] for i, row in enumerate(rows)]
    writer.writerows(table)
    path = written(tmp_path, buffer.getvalue())

    found = read_records(path, delimiter=",")

    assert found.frame.to_numpy().tolist() == table
    assert found.rejected.empty
    assert len(found) == len(rows)


@settings(
    derandomize=True, max_examples=150, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(
    rows=st.lists(
        st.lists(st.text(alphabet="aé9 .", max_size=5), min_size=1, max_size=5),
        min_size=1,
        max_size=15,
    )
)
def test_every_line_is_one_record_whatever_its_length(tmp_path, rows):
    lines = [",".join([f"MEX{i}", *row]) for i, row in enumerate(rows)]
    path = written(tmp_path, "\n".join(["id,a,b", *lines]) + "\n")

    try:
        found = read_records(path, delimiter=",")
    except SourceError as error:
        # Most rows are not as long as the header: it is not said which name is whose.
        assert "most rows have" in str(error)  # noqa: PT017
        return

    whole = [i for i, row in enumerate(rows) if len(row) == 2]
    assert found.frame.index.tolist() == [i + 1 for i in whole]
    assert found.line.tolist() == [i + 2 for i in whole]
    assert len(found) == len(rows)
    assert sorted([*found.line, *found.rejected["line"]]) == list(range(2, len(rows) + 2))


SEED = (
    'id,date,"notes, long",deaths\r\n'
    'MEX1,2024-01-05,"in Culiacán, ""El Centro"", two\nlines",3\r\n'
    "MEX2,2024-01-06,señor,0\r\n"
    'MEX3,2024-01-07,"",1\r\n'
    'MEX4,2024-01-08,"a, b",2\r\n'
).encode()


@settings(
    derandomize=True, max_examples=400, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, len(SEED) - 1),
            st.one_of(st.binary(max_size=3), st.sampled_from([b'"', b"\n", b",", b"\0", b"\xff"])),
        ),
        max_size=4,
    ),
    end=st.integers(1, len(SEED)),
)
def test_damaged_bytes_give_an_error_or_an_account_never_a_crash(tmp_path, changes, end):
    data = bytearray(SEED[:end])
    for place, new in changes:
        data[place : place + 1] = new
    path = written(tmp_path, bytes(data))

    try:
        found = read_records(path)
    except GeoError as error:
        assert str(error)  # noqa: PT017
        return

    numbers = [*found.frame.index, *found.rejected["record"]]
    assert sorted(numbers) == list(range(1, len(found) + 1))
    assert all(len(text) <= 200 for text in found.rejected["value"])
    # Every id that opens a line starts a record, or is inside one: none is gone.
    kept = " ".join(found.frame.to_numpy().ravel().tolist() + found.rejected["value"].tolist())
    for number in b"1234":
        if b"\nMEX%c," % number in data and found.encoding == "utf-8" and b"\0" not in data:
            header_line = data.index(b"\nMEX%c," % number) < data.find(b"\n")
            assert header_line or f"MEX{chr(number)}" in kept


def test_geojson_that_is_an_error_body_is_not_taken_for_events(tmp_path):
    path = written(tmp_path, json.dumps({"type": "Error", "message": "no"}), "a.geojson")

    with pytest.raises(SourceError, match="is JSON"):
        read_records(path)
