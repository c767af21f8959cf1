import numpy as np
import pytest

from geo.errors import SourceError
from geo.sources.numbers import plain, read_counts
from tests.sources.rows import text

NAN = float("nan")


@pytest.mark.parametrize(
    "cell",
    ["10+", "unknown", "-1", "3.5", "≥5", "1e309", "inf", "-0", "1e12", "5 or 6", "０", "0x10"],
)
def test_b6_b7_a_count_that_cannot_be_read_is_not_stated_and_never_zero(cell):
    counts = read_counts(text("4", cell), column="fatalities")

    np.testing.assert_array_equal(counts.values, [4, NAN])
    assert counts.unreadable.tolist() == [False, True]


@pytest.mark.parametrize("cell", ["", "  ", "nan", "NA", "N/D", None])
def test_b6_a_blank_count_is_not_stated_and_no_fault(cell):
    counts = read_counts(text("0", cell), column="fatalities")

    np.testing.assert_array_equal(counts.values, [0, NAN])
    assert not counts.unreadable.any()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        pytest.param(["1,234", "5"], [1234, 5], id="comma between thousands"),
        pytest.param(["1.234", "5"], [1234, 5], id="point between thousands"),
        pytest.param(["2.000", "0.0"], [2, 0], id="point is a decimal point elsewhere"),
        pytest.param(["1.234", "3.5"], [NAN, NAN], id="decimal point and not whole"),
        pytest.param(["1,234,567"], [NAN], id="more than anyone believes"),
        pytest.param(["3.0", "1E+01", " 7 "], [3, 10, 7], id="as a spreadsheet saves them"),
    ],
)
def test_b1_thousands_are_read_where_the_column_allows_one_reading(cells, values):
    np.testing.assert_array_equal(read_counts(text(*cells), column="best").values, values)


def test_b1_a_count_with_two_readings_is_refused():
    with pytest.raises(SourceError, match=r"'2\.000', which may mean 2 or 2000"):
        read_counts(text("2.000", "7"), column="fatalities")


@pytest.mark.parametrize("times", [1, 400], ids=["once", "repeated"])
def test_numbers_are_read_alike_whether_they_repeat_or_not(times):
    cells = ["-99.13", " 7 ", None, "\N{MINUS SIGN}3", "1e309", "nan", "19,43", ""]
    values = [-99.13, 7, NAN, -3, np.inf, NAN, NAN, NAN]

    np.testing.assert_array_equal(plain(text(*cells * times)), values * times)
