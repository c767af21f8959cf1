from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.errors import SettingsError, SourceError
from geo.sources.actor_names import read_actor_names


def write(folder, text, encoding="utf-8"):
    path = folder / "actors.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a7_table_is_read_whatever_its_delimiter_and_encoding(tmp_path, delimiter, encoding):
    lines = ["Name,Alias,From,To,Successor", "Facción Uno,Grupo Ñ,2024-01-02,,", ",,,,", "B,,,,C"]
    path = write(tmp_path, "\r\n".join(lines).replace(",", delimiter), encoding)

    table = read_actor_names(path)

    schema.ACTOR_NAMES.check(table)
    assert table["name"].tolist() == ["Facción Uno", "B"]
    assert table["alias"].tolist()[0] == "Grupo Ñ"
    assert table["from"].tolist()[0] == pd.Timestamp("2024-01-02")
    assert table["successor"].tolist()[1] == "C"


def test_every_row_that_cannot_be_meant_is_named_at_once(tmp_path):
    path = write(
        tmp_path,
        "name,alias,from,to\n,x,,\nA,,,\nB,y,2024-02-30,\n\nC,z,2024-02-02,2024-02-01\n",
    )

    with pytest.raises(SettingsError) as caught:
        read_actor_names(path)

    assert str(caught.value).splitlines() == [
        "actors.csv cannot be used:",
        "- row 4: 'from' '2024-02-30' is not a date; write it as 2024-09-09",
        "- row 2: 'name' is empty",
        "- row 3: 'A' has neither an alias nor a successor",
        "- row 6: it ends (2024-02-01) before it begins (2024-02-02)",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("alias,from\nx,\n", "has the columns alias, from; expected", id="no name"),
        pytest.param("name,alias,kind\nx,y,z\n", "alias, kind; expected", id="unknown column"),
        pytest.param("name,alias,ALIAS\nx,y,z\n", "each once", id="twice"),
        pytest.param("name,alias\nA, B,c\n", "row 2 has more fields than the header", id="comma"),
        pytest.param("PK\x03\x04", "is", id="A11 not what it claims"),
    ],
)
def test_file_that_is_no_such_table_is_refused(tmp_path, text, said):
    with pytest.raises(SourceError, match=said):
        read_actor_names(write(tmp_path, text))


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        read_actor_names(tmp_path / "none.csv")
