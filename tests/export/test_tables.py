from __future__ import annotations

import dataclasses
import hashlib
import json

import geopandas as gpd
import pandas as pd
import pytest

from geo.errors import OutputError
from geo.export.table import csv_text, write_table
from geo.export.tables import credits_text, write_tables
from tests import studies


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_tables(studies.sample(), tmp_path_factory.mktemp("study") / "out")


def digest(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_folder_holds_tables_ledger_credits_and_manifest(folder):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}

    assert {"manifest.json", "ledger.csv", "CREDITS.txt"} <= names
    for table in (
        "account", "assignment", "measures_state", "measures_municipality",
        "hotspots_municipality", "outliers_municipality", "change_state", "change_municipality",
        "left_out", "pileups", "conflicts",
    ):  # fmt: skip
        assert {f"tables/{table}.csv", f"tables/{table}.parquet"} <= names
    assert "assigned.parquet" not in names


def test_manifest_lists_every_other_file_with_its_hash(folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    listed = {entry["name"]: entry["sha256"] for entry in manifest["outputs"]}
    found = digest(folder)
    found.pop("manifest.json")
    assert listed == found
    assert manifest["made_by"] == "geo"


def test_j9_two_writings_of_the_same_results_are_the_same_bytes(folder, tmp_path):
    again = write_tables(studies.sample(), tmp_path / "elsewhere")

    assert digest(again) == digest(folder)


def test_j3_totals_are_the_same_in_every_output(folder):
    results = studies.sample()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    csv = pd.read_csv(folder / "tables" / "measures_state.csv", dtype={"cvegeo": "str"})
    parquet = pd.read_parquet(folder / "tables" / "measures_state.parquet")
    ledger = pd.read_csv(folder / "ledger.csv", dtype="str")

    counted = next(
        row["number"]
        for row in manifest["account"]
        if (row["step"], row["outcome"]) == ("panel state", "counted")
    )
    assert counted == csv["events"].sum() == parquet["events"].sum() == 12_031
    assert (ledger["fate"] == "used").sum() == results.ledger.counts()["used"] == 12_037
    assert len(ledger) == results.ledger.physical
    assert csv["crude_rate"].tolist() == parquet["crude_rate"].tolist()


def test_j6_every_table_says_that_it_is_made_up(folder):
    for path in [*(folder / "tables").iterdir(), folder / "ledger.csv"]:
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
        else:
            table = pd.read_csv(path, dtype="str")
        assert table.columns[-1] == "source", path.name
        assert set(table["source"]) <= {"MADE-UP DATA, no real event"}, path.name
    assert "MADE-UP DATA" in (folder / "CREDITS.txt").read_text(encoding="utf-8")
    assert "DATOS INVENTADOS" in (folder / "CREDITS.txt").read_text(encoding="utf-8")


def test_j6_real_data_name_their_source_and_day():
    made_up = studies.sample()
    settings = dataclasses.replace(made_up.settings, accessed="2025-01-15")
    results = dataclasses.replace(made_up, made_up=False, settings=settings)

    from geo.export.table import with_source

    said = with_source(results.tables["account"], results)["source"].unique().tolist()

    assert said == ["Made-up sample, accessed 2025-01-15"]
    for word in ("INEGI", "CONAPO", "Natural Earth", "GeoNames"):
        assert word in credits_text(results)


def test_csv_opens_with_accents_in_a_spreadsheet(folder):
    text = (folder / "tables" / "measures_municipality.csv").read_bytes()

    assert text.startswith(b"\xef\xbb\xbfcvegeo,")
    assert "Culiacán" in text.decode("utf-8-sig")
    assert b"\r" not in text


def test_f4_no_cell_of_any_csv_would_run(folder):
    for path in folder.rglob("*.csv"):
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
        for column in table:
            starts = table[column].str[:1]
            risky = table.loc[starts.isin(["=", "+", "-", "@", "\t", "\r"]), column]
            assert risky.str.fullmatch(r"[+-]\d+(\.\d+)?(e[+-]?\d+)?").all(), (path.name, column)


def test_j7_no_note_id_or_row_of_an_event_is_written_and_actors_only_with_their_counts(folder):
    counted = {"dyads", "emerging_actors", "explained_dyad", "findings", "hallazgos"}
    actors = ("Cartel del Ejemplo", "Los Ficticios", "Unidentified Gang")
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            words = ("MADE UP: On", "window.hit", *(() if path.stem in counted else actors))
            for word in words:
                assert word.encode() not in content, (path.name, word)
    for name in ("dyads", "emerging_actors", "explained_dyad"):
        frame = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        assert not {"event_id", "event_date", "longitude", "latitude", "notes"} & set(frame.columns)
        assert "events" in frame.columns or "comparison_events" in frame.columns


def test_assigned_events_are_written_where_the_study_asks_for_them(tmp_path):
    made_up = studies.sample()
    settings = dataclasses.replace(made_up.settings, keep_assigned=True)

    folder = write_tables(dataclasses.replace(made_up, settings=settings), tmp_path / "out")

    assert len(gpd.read_parquet(folder / "assigned.parquet")) == 12_037


def test_further_files_are_written_and_listed(tmp_path):
    folder = write_tables(
        studies.sample(), tmp_path / "out", more={"map.html": lambda path: path.write_text("map")}
    )

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "map.html" in {entry["name"] for entry in manifest["outputs"]}


def test_g5_folder_of_the_input_is_refused(tmp_path):
    made_up = studies.sample()
    events = tmp_path / "data" / "events.csv"
    events.parent.mkdir()
    events.write_text("x")
    settings = dataclasses.replace(made_up.settings, events=(str(events),))

    with pytest.raises(OutputError, match="holds the input"):
        write_tables(dataclasses.replace(made_up, settings=settings), tmp_path / "data")
    assert list(events.parent.iterdir()) == [events]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.gpkg"])
def test_one_table_is_written_by_its_ending(tmp_path, name):
    located = studies.sample().located.head(5)

    path = write_table(located, tmp_path / name)

    if name.endswith(".csv"):
        read = pd.read_csv(path, encoding="utf-8-sig")
        assert read["longitude"].tolist() == located.geometry.x.tolist()
    else:
        read = gpd.read_parquet(path) if name.endswith("parquet") else gpd.read_file(path)
        assert read.geometry.x.tolist() == located.geometry.x.tolist()
    assert read["event_id"].tolist() == located["event_id"].tolist()


def test_table_of_an_unknown_kind_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"\.csv, \.parquet, \.gpkg, not as \.docx"):
        write_table(pd.DataFrame(), tmp_path / "a.docx")
    with pytest.raises(OutputError, match="no points"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "a.gpkg")
    assert list(tmp_path.iterdir()) == []


def test_f4_csv_of_one_table_is_neutral_unless_raw_is_asked_for(tmp_path):
    frame = pd.DataFrame({"notes": ["=1+1"], "change": [-5]})

    safe = write_table(frame, tmp_path / "safe.csv").read_text(encoding="utf-8-sig")
    bare = write_table(frame, tmp_path / "raw.csv", raw=True).read_text(encoding="utf-8-sig")

    assert safe == "notes,change\n'=1+1,-5\n"
    assert bare == "notes,change\n=1+1,-5\n"


def test_csv_text_has_coordinates_and_no_byte_order_mark():
    text = csv_text(studies.sample().located.head(1))

    assert text.startswith("event_id,")
    assert text.splitlines()[0].endswith("longitude,latitude")


def test_empty_table_is_a_header(tmp_path):
    path = write_table(pd.DataFrame({"a": pd.Series(dtype="str")}), tmp_path / "a.csv")

    assert path.read_text(encoding="utf-8-sig") == "a\n"
