"""The fast reader gives what the strict reader gives, or nothing."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import SourceError
from geo.sources import delimited, octets
from geo.sources.records import read_records
from geo.sources.regular import read_regular

HEADER = ["id", "note", "n"]


def run(text, keep=(0, 1, 2), header=HEADER):
    return read_regular(text.encode(), header, list(keep), ",")


def test_whole_records_are_read_and_the_rest_is_left():
    found = run('7,"a, ""b""\nc",1\r\n8,,"2"\n9,"d\n')

    assert [array.to_pylist() for array in found.arrays] == [
        ["7", "8"],
        ['a, "b"\nc', ""],
        ["1", "2"],
    ]
    assert (found.lines.tolist(), found.breaks, found.length) == ([0, 2], 3, 25)
    assert (found.inner, found.first_cells) == (['c",1\r'], ["7", "8"])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("7,a,1\n8,b\n", id="too few fields"),
        pytest.param("7,a,1\n8,b,2,3\n", id="too many fields"),
        pytest.param("7,a,1\n\n8,b,2\n", id="blank line"),
        pytest.param('7,5" pipe and 6" pipe,1\n', id="quotes inside a cell"),
        pytest.param('7,"a" b,1\n', id="text after a quote"),
        pytest.param("7,a\rb,1\n", id="lone CR"),
        pytest.param("7,a\0b,1\n", id="NUL"),
        pytest.param(f"7,{'x' * 1_000_001},1\n", id="endless cell"),
        pytest.param("7,a,1\nid,note,n\n", id="header once more"),
        pytest.param('"id","note","n"\n', id="header once more, in quotes"),
        pytest.param("\ufeff7,a,1\n", id="byte order mark"),
    ],
)
def test_whatever_is_odd_is_left_to_the_strict_reader(text):
    assert run(text) is None


def test_nothing_is_read_where_no_record_ends():
    found = run("7,a")

    assert (found.arrays, found.length, found.breaks) == ([], 0, 0)


SWALLOWED = 'MEX1,"a,1\nMEX2,b",2'
ODD = [
    SWALLOWED,
    "7,a,b,c,d",
    "short",
    '8,"open,1',
    '9,in "quotes" here,1',
    '10,"x" y,1',
    "id,note,n",
    "",
]
cell = st.text(alphabet='a9,"\n\r é\u2028', max_size=6)
record = st.tuples(st.integers(0, 99).map("MEX{}".format), cell, cell)


@settings(
    derandomize=True, max_examples=200, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(
    rows=st.lists(st.one_of(record, record, record, st.sampled_from(ODD)), min_size=1, max_size=25),
    end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(8, 80),
    last=st.sampled_from(["", "\n"]),
)
def test_both_readers_give_the_same_records(tmp_path, rows, end, block, last):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    text.write(",".join(HEADER) + end)
    for row in rows:
        if isinstance(row, str):
            text.write(row + end)
        else:
            writer.writerow(row)
    path = tmp_path / "events.csv"
    path.write_bytes((text.getvalue().rstrip("\r\n") + last).encode())

    def read():
        try:
            return read_records(path, delimiter=",", columns=["id", "n"])
        except SourceError as error:
            return str(error)

    with pytest.MonkeyPatch.context() as patch:
        # Small blocks, and only a few lines to find the header in, leave the rest to be read fast.
        patch.setattr(octets, "BLOCK", block)
        patch.setattr(delimited, "_SAMPLE_LINES", 3)
        fast = read()
        patch.setattr(delimited, "read_regular", lambda *_: None)
        strict = read()

    if isinstance(strict, str):
        assert fast == strict
        return
    pd.testing.assert_frame_equal(fast.frame, strict.frame)
    pd.testing.assert_frame_equal(fast.rejected, strict.rejected)
    assert fast.line.tolist() == strict.line.tolist()
    assert (fast.physical_lines, fast.repairs) == (strict.physical_lines, strict.repairs)
