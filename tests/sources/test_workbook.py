"""XLSX: one sheet, its cells as text, and a word for everything that is odd."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from geo.errors import DataWarning, GeoError, SourceError
from geo.sources import workbook
from geo.sources.records import read_records

DAY = dt.datetime(2024, 9, 9)


def save(folder, book, name="events.xlsx"):
    path = folder / name
    book.save(path)
    return path


def book_of(*rows, title="Data"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def edited(path, member, old, new):
    """Write a workbook again with a piece of one member changed."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert re.search(old, members[member])
    members[member] = re.sub(old, new, members[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a12_cells_become_text(tmp_path):
    path = save(
        tmp_path,
        book_of(
            ["id", "day", "deaths", "lat", "checked", "note"],
            ["007", DAY, 3, 19.4326, True, "Culiacán\nline two"],
            ["008", dt.datetime(2024, 9, 9, 13, 5), 2.0, -99, False, None],
        ),
    )

    found = read_records(path)

    assert found.frame.to_numpy().tolist() == [
        ["007", "2024-09-09", "3", "19.4326", "TRUE", "Culiacán\nline two"],
        ["008", "2024-09-09 13:05:00", "2", "-99", "FALSE", ""],
    ]
    assert (found.kind, found.sheet, found.line.tolist()) == ("xlsx", "Data", [2, 3])
    assert (len(found), found.physical_lines, found.repairs) == (2, 3, ())


def test_a12_dates_of_the_1904_system_are_the_same_days(tmp_path):
    book = book_of(["id", "day"], ["7", None])
    book.epoch = CALENDAR_MAC_1904
    book.active["B2"] = DAY

    found = read_records(save(tmp_path, book))

    assert found.frame["day"].tolist() == ["2024-09-09"]
    assert found.repairs == ("dates count from 1904",)


def test_a12_several_sheets_with_data_are_asked_about(tmp_path):
    book = book_of(["id", "n"], ["7", 1], title="2023")
    book.create_sheet("notes")
    second = book.create_sheet("2024")
    second.append(["id", "n"])
    second.append(["8", 2])
    path = save(tmp_path, book)

    with pytest.raises(SourceError, match=r"sheets with data: '2023', '2024'\. Pass sheet="):
        read_records(path)
    assert read_records(path, sheet="2024").frame["id"].tolist() == ["8"]
    with pytest.raises(SourceError, match="no sheet '2025'; it has '2023', 'notes', '2024'"):
        read_records(path, sheet="2025")


def test_a12_the_only_sheet_with_data_is_read(tmp_path):
    book = book_of(title="empty")
    page = book.create_sheet("Data")
    page.append(["id", "n"])
    page.append(["7", 1])

    assert read_records(save(tmp_path, book)).sheet == "Data"


def test_a12_cached_errors_stay_visible(tmp_path):
    path = save(tmp_path, book_of(["id", "deaths"], ["7", "#REF!"], ["8", "#N/A"]))

    assert read_records(path).frame["deaths"].tolist() == ["#REF!", "#N/A"]


def test_a12_formulas_give_what_was_calculated_last(tmp_path):
    path = save(tmp_path, book_of(["id", "deaths"], ["7", "=1+2"], ["8", 4]))
    edited(path, SHEET, rb"<v ?/>|<v></v>", b"<v>3</v>")

    assert read_records(path).frame["deaths"].tolist() == ["3", "4"]


def test_a12_formulas_that_were_never_calculated_are_refused(tmp_path):
    path = save(tmp_path, book_of(["id", "deaths"], ["7", "=1+2"], ["8", "=2+2"]))

    with pytest.raises(SourceError, match="2 formulas that were never calculated"):
        read_records(path)


def test_a12_hidden_rows_are_read_and_said(tmp_path):
    book = book_of(["id", "n"], ["7", 1], ["8", 2], ["9", 3])
    book.active.row_dimensions[3].hidden = True

    with pytest.warns(DataWarning, match="1 hidden rows were read"):
        found = read_records(save(tmp_path, book))

    assert found.frame["id"].tolist() == ["7", "8", "9"]
    assert found.repairs == ("1 hidden rows were read like all others",)


def test_a12_merged_cells_are_said(tmp_path):
    book = book_of(["id", "state", "n"], ["7", "Sonora", 1], ["8", None, 2])
    book.active.merge_cells("B2:B3")

    with pytest.warns(DataWarning, match="1 merged cells"):
        found = read_records(save(tmp_path, book))

    assert found.frame["state"].tolist() == ["Sonora", ""]


def test_a12_a_sheet_that_is_full_to_its_last_row_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROW_LIMIT", 3)

    with pytest.warns(DataWarning, match=r"ends at row 3, the last there can be: cut\?"):
        read_records(save(tmp_path, book_of(["id", "n"], ["7", 1], ["8", 2])))


def test_a12_a_wrong_range_in_the_file_hides_no_rows(tmp_path):
    path = save(tmp_path, book_of(["id", "n"], ["7", 1], ["8", 2]))
    edited(path, SHEET, rb'<dimension ref="A1:B3" ?/>', b'<dimension ref="A1:A1"/>')

    assert read_records(path).frame.to_numpy().tolist() == [["7", "1"], ["8", "2"]]
    assert len(read_records(path, sheet="Data")) == 2


def test_a10_a_title_above_the_header_is_passed_over(tmp_path):
    path = save(
        tmp_path,
        book_of(["Events of 2024"], [], ["id", "day", "n"], ["7", DAY, 1], [], ["8", DAY, None]),
    )

    found = read_records(path)

    assert found.frame.to_numpy().tolist() == [["7", "2024-09-09", "1"], ["8", "2024-09-09", ""]]
    assert found.line.tolist() == [4, 6]
    assert found.repairs == ("header found in row 3",)


def test_a9_a_cell_beside_the_table_rejects_its_row(tmp_path):
    rows = [["id", "n"], ["7", 1], ["8", 2, None, "check!"], ["9", 3]]

    found = read_records(save(tmp_path, book_of(*rows)))

    assert found.frame["id"].to_dict() == {1: "7", 3: "9"}
    assert found.rejected.to_numpy().tolist() == [
        [2, 3, "too_many_fields", "", "8 | 2 |  | check!"]
    ]


def test_a5_a_workbook_without_rows_is_refused(tmp_path):
    with pytest.raises(SourceError, match="its sheets are empty"):
        read_records(save(tmp_path, book_of()))
    with pytest.raises(SourceError, match="no rows below the header in row 1"):
        read_records(save(tmp_path, book_of(["id", "n"])))


def test_a13_a_cut_workbook_is_refused_with_the_byte(tmp_path):
    path = save(tmp_path, book_of(["id", "n"], ["7", 1]))
    path.write_bytes(path.read_bytes()[:3000])

    with pytest.raises(SourceError, match="zip archive"):
        read_records(path)
    with pytest.raises(SourceError, match="no whole archive up to its last byte 3,000"):
        workbook.read_workbook(path)


def test_f8_xml_with_entities_is_not_opened(tmp_path):
    path = save(tmp_path, book_of(["id", "n"], ["7", 1]))
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet'
    edited(path, SHEET, rb"<worksheet", bomb)

    with pytest.raises(SourceError, match="document type of its own"):
        read_records(path)


def test_g2_a_workbook_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "RATIO_FROM", 1_000_000)
    path = save(tmp_path, book_of(["id", "n"], ["7", 1]))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(5_000_000))

    with pytest.raises(SourceError, match="200 times"):
        read_records(path)

    monkeypatch.setattr(workbook, "SIZE_LIMIT", 4_000_000)
    monkeypatch.setattr(workbook, "RATIO_LIMIT", 1_000_000)
    with pytest.raises(SourceError, match="at most 4,000,000 bytes"):
        read_records(path)


def test_a_layout_that_refuses_the_header_is_heard(tmp_path):
    def refuse(header):
        raise GeoError(f"no such layout: {header}")

    with pytest.raises(GeoError, match=r"no such layout: \['id', 'n'\]"):
        read_records(save(tmp_path, book_of(["id", "n"], ["7", 1])), columns=refuse)


cell = st.one_of(
    st.none(),
    st.text("aé9 <&\"'=", max_size=6).filter(lambda text: not text.startswith("=")),
    st.integers(-(10**9), 10**9),
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(st.tuples(cell, cell), max_size=8), st.integers(0, 3))
def test_every_row_with_a_cell_is_one_record(tmp_path_factory, rows, blank):
    table = [[f"MEX{i}", *row] for i, row in enumerate(rows, 1)]
    book = book_of(["id", "note", "n"], ["MEX0", "first", 1], *[[] for _ in range(blank)], *table)

    found = read_records(save(tmp_path_factory.mktemp("xlsx"), book))

    expected = [["" if c is None else str(c) for c in row] for row in table]
    assert found.frame.to_numpy().tolist()[1:] == expected
    assert found.line.tolist()[1:] == [3 + blank + i for i in range(len(rows))]


def _seed():
    buffer = io.BytesIO()
    book_of(["id", "n"], ["7", 1], ["8", 2]).save(buffer)
    return buffer.getvalue()


SEED = _seed()


@settings(
    derandomize=True, max_examples=150, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), max_size=6))
def test_damaged_workbooks_give_an_error_or_records_never_a_crash(tmp_path, changes):
    data = bytearray(SEED)
    for place, byte in changes:
        data[place] = byte
    path = tmp_path / "events.xlsx"
    path.write_bytes(bytes(data))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            found = read_records(path)
        except GeoError as error:
            assert str(error)  # noqa: PT017
            return

    assert len(found) >= 1
