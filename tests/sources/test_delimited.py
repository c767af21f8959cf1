"""Strict reading of delimited text: nothing shifted, filled, merged or lost."""

from __future__ import annotations

import pytest

from geo.errors import SettingsError, SourceError
from geo.sources import delimited
from geo.sources.records import read_records


def read(folder, content, **options):
    path = folder / "events.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_records(path, **options)


def cells(found):
    return found.frame.to_numpy().tolist()


def broken(found, *columns):
    return [tuple(row) for row in found.rejected[list(columns)].to_numpy()]


def test_a4_a_nul_byte_rejects_its_record_and_no_other(tmp_path):
    found = read(tmp_path, "id,note\n7,fine\n8,a\0b\n9,fine\n")

    assert cells(found) == [["7", "fine"], ["9", "fine"]]
    assert broken(found, "record", "line", "reason") == [(2, 3, "nul_byte")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a6_every_kind_of_line_end_is_read(tmp_path, end):
    found = read(tmp_path, end.join(["id,note", "7,a", "8,b", ""]))

    assert cells(found) == [["7", "a"], ["8", "b"]]
    assert (found.line.tolist(), found.physical_lines) == ([2, 3], 3)


def test_a6_mixed_line_ends_are_read(tmp_path):
    found = read(tmp_path, "id,note\r\n7,a\n8,b\r9,c\r\n")

    assert cells(found) == [["7", "a"], ["8", "b"], ["9", "c"]]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_a6_separators_of_unicode_do_not_end_a_record(tmp_path, sign):
    found = read(tmp_path, f"id,note\n7,two{sign}lines\n8,b\n")

    assert cells(found) == [["7", f"two{sign}lines"], ["8", "b"]]


@pytest.mark.parametrize(
    ("delimiter", "says"),
    [
        (",", ()),
        (";", ("delimiter is semicolon",)),
        ("\t", ("delimiter is tab",)),
        ("|", ("delimiter is |",)),
    ],
)
def test_a7_the_delimiter_is_found_and_stated(tmp_path, delimiter, says):
    rows = [["id", "lat", "note"], ["7", "19.4", "a"], ["8", "20.1", "b"]]

    found = read(tmp_path, "\n".join(delimiter.join(row) for row in rows))

    assert [list(found.frame), *cells(found)] == rows
    assert (found.delimiter, found.repairs) == (delimiter, says)


def test_a7_decimal_commas_are_no_delimiter(tmp_path):
    found = read(tmp_path, "id;lat;lon\n7;19,43;-99,13\n8;20,10;-98,70\n")

    assert cells(found) == [["7", "19,43", "-99,13"], ["8", "20,10", "-98,70"]]


def test_a7_lists_inside_cells_are_no_delimiter(tmp_path):
    found = read(tmp_path, "id,tags\n7,armed; crowd\n8,armed; women\n9,armed; local\n")

    assert cells(found) == [["7", "armed; crowd"], ["8", "armed; women"], ["9", "armed; local"]]


@pytest.mark.parametrize("first", ["sep=;", "\ufeffSEP=;", '"sep=;"'])
def test_a7_the_line_that_excel_writes_decides(tmp_path, first):
    found = read(tmp_path, f"{first}\r\na,b;c\r\n1,2;3\r\n")

    assert (list(found.frame), cells(found)) == (["a,b", "c"], [["1,2", "3"]])
    assert found.line.tolist() == [3]
    assert "first line 'sep=' left out" in found.repairs


def test_a7_two_possible_delimiters_are_asked_about(tmp_path):
    content = "a,b;c\nx,y;z\nu,v;w\n"

    with pytest.raises(SourceError, match=r"comma \(2 .*\) or semicolon \(2 .*Pass delimiter="):
        read(tmp_path, content)
    assert list(read(tmp_path, content, delimiter=";").frame) == ["a,b", "c"]
    with pytest.raises(SettingsError, match="one character"):
        read(tmp_path, content, delimiter=";;")


def test_a7_a_title_with_commas_over_decimal_commas_is_asked_about(tmp_path):
    rows = "".join(f"{i};19,{i}\n" for i in range(1, 10))

    with pytest.raises(SourceError, match=r"comma \(2 columns, header in line 1\) or semicolon"):
        read(tmp_path, f"Events, Mexico\nid;lat\n{rows}")


def test_a7_one_column_has_no_delimiter(tmp_path):
    found = read(tmp_path, "cvegeo\n01001\n01002\n")

    assert (cells(found), found.delimiter) == ([["01001"], ["01002"]], None)


def test_a8_quotes_that_merge_three_rows_reject_all_three(tmp_path):
    found = read(
        tmp_path,
        "id,date,note,deaths\n"
        "MEX1,2024-01-01,fine,0\n"
        'MEX2,2024-01-02,"note one,5\n'
        "MEX3,2024-01-03,note two,6\n"
        'MEX4,2024-01-04,note three",7\n'
        "MEX5,2024-01-05,fine,1\n",
    )

    assert found.frame["id"].to_dict() == {1: "MEX1", 5: "MEX5"}
    assert broken(found, "record", "line", "reason", "value") == [
        (2, 3, "swallowed_lines", 'MEX2,2024-01-02,"note one,5'),
        (3, 4, "swallowed_lines", "MEX3,2024-01-03,note two,6"),
        (4, 5, "swallowed_lines", 'MEX4,2024-01-04,note three",7'),
    ]
    assert len(found) == 5


def test_a8_a_note_of_several_lines_is_one_record(tmp_path):
    note = "First, there were shots.\nThen, it was quiet, they say, for a day.\n\nEnd"

    found = read(tmp_path, f'id,date,note\nMEX1,2024-01-01,"{note}"\nMEX2,2024-01-02,b\n')

    assert cells(found) == [["MEX1", "2024-01-01", note], ["MEX2", "2024-01-02", "b"]]
    assert (found.line.tolist(), found.frame.index.tolist()) == ([2, 6], [1, 2])


def test_a8_text_after_a_closing_quote_is_rejected(tmp_path):
    found = read(tmp_path, 'id,note,n\n7,"he said "no" twice",1\n8,"a ""b"" c",2\n9,d,3\n')

    assert cells(found) == [["8", 'a "b" c', "2"], ["9", "d", "3"]]
    assert broken(found, "line", "reason") == [(2, "stray_quote")]


def test_a8_a_quote_inside_a_cell_without_quotes_is_a_quote(tmp_path):
    found = read(tmp_path, 'id,note\n7,5" pipe\n8,the "red" car\n')

    assert cells(found) == [["7", '5" pipe'], ["8", 'the "red" car']]


def test_a8_a_quote_that_is_never_closed_rejects_every_line_to_the_end(tmp_path):
    found = read(tmp_path, 'id,note\nMEX1,a\nMEX2,"b\nMEX3,c\nMEX4,d\n')

    assert cells(found) == [["MEX1", "a"]]
    assert broken(found, "line", "reason") == [
        (3, "unclosed_quote"),
        (4, "unclosed_quote"),
        (5, "unclosed_quote"),
    ]


def test_a8_a_quote_that_swallows_megabytes_refuses_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "OPEN_LIMIT", 1000)
    rows = "".join(f"MEX{i},a\n" for i in range(2, 500))

    with pytest.raises(SourceError, match="the quote opened in line 2 is not closed"):
        read(tmp_path, f'id,note\nMEX1,"b\n{rows}')


def test_a9_rows_of_the_wrong_length_are_rejected_and_never_shifted(tmp_path):
    found = read(
        tmp_path,
        "id,lat,lon\n7,extra,19.4,-99.1\n8,20.1,-98.7\n9,21.0\n10,22.5,-97.0\n11,23,-96,\n",
    )

    assert cells(found) == [["8", "20.1", "-98.7"], ["10", "22.5", "-97.0"]]
    assert found.frame.index.tolist() == [2, 4]
    assert broken(found, "record", "line", "reason", "value") == [
        (1, 2, "too_many_fields", "7,extra,19.4,-99.1"),
        (3, 4, "too_few_fields", "9,21.0"),
        (5, 6, "too_many_fields", "11,23,-96,"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            "id,lat\n7,19,x\n8,20,y\n9,21,z\n",
            "header in line 1 has 2 names, but most rows have 3",
            id="a name too few",
        ),
        pytest.param(
            "id,lat,lon\n7,a\n8,b\n9,c\n",
            "header in line 1 has 3 names, but most rows have 2",
            id="a name too many",
        ),
        pytest.param(
            "id,place,kind\nMEX7,León,riot,x\nMEX8,Mérida,riot,x\n",
            "header in line 1 has 3 names, but most rows have 4",
            id="nothing but words",
        ),
    ],
)
def test_a9_a_header_that_does_not_fit_the_rows_is_refused(tmp_path, content, says):
    with pytest.raises(SourceError, match=says):
        read(tmp_path, content)


def test_a10_a_header_below_a_title_is_found(tmp_path):
    found = read(
        tmp_path,
        "Events of 2024\nSource: the ministry, the press\n\nid,date,lat,lon\n7,2024-01-05,19,-99\n"
        "8,2024-01-06,20,-98\n",
    )

    assert cells(found) == [["7", "2024-01-05", "19", "-99"], ["8", "2024-01-06", "20", "-98"]]
    assert found.line.tolist() == [5, 6]
    assert found.repairs == ("header found in line 4",)


def test_a10_a_title_that_is_filled_up_with_delimiters_is_a_title(tmp_path):
    found = read(tmp_path, "Events,,,\nid,date,lat,lon\n7,2024-01-05,19,-99\n")

    assert list(found.frame) == ["id", "date", "lat", "lon"]


def test_a10_padded_and_empty_names_are_repaired(tmp_path):
    found = read(tmp_path, " id ,,\u00a0date\n7,x,2024-01-05\n")

    assert list(found.frame) == ["id", "column 2", "date"]
    assert found.repairs == ("spaces around 2 column names left out", "column 2 has no name")


def test_a10_a_name_that_stands_twice_is_refused_only_if_it_is_needed(tmp_path):
    content = "id,note,deaths,note\n7,a,3,b\n"

    with pytest.raises(SourceError, match=r"'note' in columns 2 and 4\. Rename"):
        read(tmp_path, content)
    assert cells(read(tmp_path, content, columns=["id", "deaths"])) == [["7", "3"]]


def test_a10_two_lines_of_names_are_refused(tmp_path):
    rows = "".join(f"{i},2024-01-0{i},3\n" for i in range(1, 6))

    with pytest.raises(SourceError, match="header can be line 1 or line 2"):
        read(tmp_path, f"Number,Day,Dead\nid,date,deaths\n{rows}")


def test_a10_a_first_record_of_nothing_but_words_is_no_header(tmp_path):
    found = read(tmp_path, "id,place,deaths\nMEX1,León,unknown\nMEX2,Mérida,3\nMEX3,Toluca,0\n")

    assert found.frame["id"].tolist() == ["MEX1", "MEX2", "MEX3"]


def test_a10_a_file_without_names_is_refused(tmp_path):
    with pytest.raises(SourceError, match="line 1 looks like a record"):
        read(tmp_path, "7,2024-01-05,19.4\n8,2024-01-06,20.1\n")


def test_a10_years_can_be_names(tmp_path):
    assert list(read(tmp_path, "cvegeo,2015,2020\n01001,5,6\n").frame) == ["cvegeo", "2015", "2020"]


def test_a10_the_header_of_a_second_file_is_not_a_record(tmp_path):
    found = read(tmp_path, "id,date\n7,2024-01-05\nid,date\n8,2024-01-06\n")

    assert found.frame["id"].tolist() == ["7", "8"]
    assert broken(found, "record", "line", "reason") == [(2, 3, "repeated_header")]


def test_a13_a_record_cut_at_the_end_is_rejected_with_the_byte(tmp_path):
    content = "id,date,note\n7,2024-01-05,a\n8,2024-0"

    found = read(tmp_path, content)

    assert found.frame["id"].tolist() == ["7"]
    assert broken(found, "record", "line", "reason", "value") == [
        (2, 3, "cut", "at byte 36: 8,2024-0")
    ]


def test_a13_a_record_cut_inside_a_quoted_note_is_rejected(tmp_path):
    found = read(tmp_path, 'id,date,note\n7,2024-01-05,a\n8,2024-01-06,"shots we')

    assert broken(found, "line", "reason") == [(3, "cut")]


def test_a13_a_record_cut_inside_a_letter_is_rejected_though_it_has_all_fields(tmp_path):
    found = read(tmp_path, "id,place\n7,León\n8,Mé".encode()[:-1])

    assert cells(found) == [["7", "León"]]
    assert broken(found, "line", "reason") == [(3, "cut")]


def test_f6_a_cell_of_more_than_a_megabyte_is_rejected(tmp_path):
    found = read(tmp_path, f"id,note\n7,{'x' * 1_000_000}\n8,{'x' * 1_000_001}\n9,c\n")

    assert found.frame["id"].tolist() == ["7", "9"]
    assert broken(found, "line", "reason") == [(3, "cell_too_long")]
    assert len(found.rejected["value"][0]) == 200


def test_f6_more_than_ten_thousand_columns_are_refused(tmp_path):
    names = ",".join(f"c{i}" for i in range(10_001))

    with pytest.raises(SourceError, match="10,001 columns; at most 10,000"):
        read(tmp_path, f"{names}\n{',' * 10_000}\n")


def test_blank_lines_are_no_records_but_rows_of_blank_cells_are(tmp_path):
    found = read(tmp_path, 'id,note\n\n7,a\n  \n,\n8,b\n" \n "\n\n')

    assert cells(found) == [["7", "a"], ["", ""], ["8", "b"]]
    assert found.line.tolist() == [3, 5, 6]
    assert found.repairs == ("5 blank lines passed over",)


def test_a_footer_is_rejected_with_its_line(tmp_path):
    found = read(tmp_path, "id,date,note\n7,2024-01-05,a\n8,2024-01-06,b\nTotal: 2\n")

    assert broken(found, "record", "line", "reason", "value") == [
        (3, 4, "too_few_fields", "Total: 2")
    ]


def test_records_keep_their_numbers_over_many_batches(tmp_path):
    rows = [f"MEX{i},a" if i % 1000 else f"MEX{i},a,b" for i in range(1, 20_001)]

    found = read(tmp_path, "\n".join(["id,note", *rows]))

    assert (len(found), len(found.rejected)) == (20_000, 20)
    assert found.rejected["record"].tolist() == list(range(1000, 20_001, 1000))
    assert found.rejected["line"].tolist() == list(range(1001, 20_002, 1000))
    assert all(f"MEX{i}" == name for i, name in found.frame["id"].items())
    assert (found.line == found.frame.index + 1).all()
