from __future__ import annotations

import pandas as pd
import pytest

from geo.errors import AreaError, ExposureError, SourceError
from geo.sources.denominator import read_denominator


def file_of(tmp_path, text):
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_years_and_figures_are_read_as_they_are_meant(tmp_path):
    path = file_of(
        tmp_path, 'CVEGEO;Año;Nombre;Viviendas\n1001;2020;Aguascalientes;"246,259"\n9002;2020;x;\n'
    )

    table, column, level = read_denominator(path)

    assert (column, level) == ("Viviendas", "municipality")
    assert table["cvegeo"].tolist() == ["01001", "09002"]
    assert table["year"].tolist() == [2020, 2020]
    assert table["Viviendas"].tolist()[0] == 246_259
    assert pd.isna(table["Viviendas"][1])


def test_column_may_be_named_whatever_its_case_and_accents(tmp_path):
    path = file_of(tmp_path, "cvegeo,Periodo,Hogares,Kilómetros\n25,2024-Q1,10,2.5\n")

    table, column, level = read_denominator(path, "kilometros")

    assert (column, level) == ("Kilómetros", "state")
    assert table.to_dict("records") == [{"cvegeo": "25", "period": "2024-Q1", "Kilómetros": 2.5}]


@pytest.mark.parametrize(
    ("text", "column", "error", "message"),
    [
        pytest.param("cvegeo,a,b\n25,1,2\n", None, SourceError, "2 columns that may be", id="two"),
        pytest.param("cvegeo,name\n25,x\n", None, SourceError, "0 columns .* none", id="none"),
        pytest.param("cvegeo,a\n25,1\n", "b", SourceError, "0 columns named 'b'", id="other"),
        pytest.param("state,a\n25,1\n", None, SourceError, "no column cvegeo", id="no code"),
        pytest.param(
            "cvegeo,year,period,a\n25,2024,2024,1\n", None, SourceError, "year and a period",
            id="both times",
        ),
        pytest.param("cvegeo,a\n77,1\n", None, AreaError, "row 2 '77'", id="no such code"),
        pytest.param("cvegeo,a\n25,-1\n", None, ExposureError, "a that is negative", id="negative"),
        pytest.param("cvegeo,a\n25,x\n", None, ExposureError, "row 2 'x'", id="no number"),
    ],
)  # fmt: skip
def test_file_that_cannot_be_meant_is_refused(tmp_path, text, column, error, message):
    with pytest.raises(error, match=message):
        read_denominator(file_of(tmp_path, text), column)


def test_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match="does not exist; give the path of a table of a denom"):
        read_denominator(tmp_path / "none.csv")
