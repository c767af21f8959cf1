from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.export.table import csv_text
from geo.export.text import neutral, neutral_table, restore, slug

# What spreadsheets look at, and what surrounds it.
cells = st.text(
    st.sampled_from("=+-@'\t\r\n ＝aé1.,\"|;") | st.characters(codec="utf-8"), max_size=8
)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=CMD|' /C calc'!A0", "'=CMD|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(1,1)", "'@SUM(1,1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("-99.13", "-99.13"),
        ("+5", "+5"),
        ("Culiacán", "Culiacán"),
        ("'tis", "'tis"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_f4_cell_that_a_spreadsheet_would_run_becomes_text(cell, expected):
    assert neutral(cell) == expected


@given(cells)
def test_f4_neutralizing_can_be_undone_for_every_text(cell):
    assert restore(neutral(cell)) == cell


@given(cells)
def test_f4_no_cell_that_runs_is_left(cell):
    safe = neutral(cell)

    runs = safe[:1] in {"=", "+", "-", "@", "\t", "\r"} and safe != ""
    assert not runs or re.fullmatch(r"[+-]\d+(\.\d+)?", safe)


@given(st.lists(cells, max_size=5))
def test_f4_neutral_csv_comes_back_as_it_was(texts):
    frame = pd.DataFrame({"notes": pd.array(texts, dtype="str"), "change": -1})

    rows = list(csv.DictReader(io.StringIO(csv_text(frame), newline="")))

    assert [restore(row["notes"]) for row in rows] == texts
    assert [row["change"] for row in rows] == ["-1"] * len(texts)


def test_f4_negative_numbers_stay_numbers_and_missing_stays_empty():
    frame = pd.DataFrame({"change": [-1.5, None], "name": pd.array(["-", None], dtype="str")})

    assert csv_text(frame) == "change,name\n-1.5,'-\n,\n"


def test_f4_column_names_and_categories_are_neutral_too():
    frame = pd.DataFrame({"=name": pd.Categorical(["=a", "b", "=a"])})

    safe = neutral_table(frame)

    assert list(safe.columns) == ["'=name"]
    assert safe["'=name"].tolist() == ["'=a", "b", "'=a"]
    assert frame["=name"].tolist() == ["=a", "b", "=a"]


def test_f4_raw_leaves_every_cell_alone():
    assert csv_text(pd.DataFrame({"a": ["=1"]}), raw=True) == "a\n=1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Culiacán, Sinaloa", "culiacan-sinaloa"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\x", "c-users-x"),
        ("CON", "con-1"),
        ("lpt9", "lpt9-1"),
        ("Ñuu Savi", "nuu-savi"),
        ("...", "study"),
        ("", "study"),
        ("a" * 300, "a" * 60),
    ],
)
def test_g4_g6_slug_is_a_name_for_every_system(text, expected):
    assert slug(text) == expected


@given(st.text())
def test_g6_slug_never_leaves_its_folder(text):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
