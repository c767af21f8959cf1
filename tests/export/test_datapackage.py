"""``datapackage.json`` is a data package, and what it says of the files is so."""

from __future__ import annotations

import dataclasses
import getpass
import hashlib
import json
import re
import socket

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from geo.errors import SchemaError
from geo.export.dictionary import contract_of, describe
from geo.export.tables import write_tables
from tests import studies, tables

TYPES = {"string", "date", "integer", "number", "boolean", "geojson"}
CAST = {
    "string": lambda _: True,
    "date": lambda cell: re.fullmatch(r"\d{4}-\d\d-\d\d", cell),
    "integer": lambda cell: re.fullmatch(r"-?\d+", cell),
    "number": lambda cell: re.fullmatch(r"-?(inf|\d+(\.\d*)?(e[+-]?\d+)?)", cell),
    "boolean": lambda cell: cell in ("True", "False"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = studies.sample()
    settings = dataclasses.replace(made.settings, keep_assigned=True)
    return write_tables(
        dataclasses.replace(made, settings=settings),
        tmp_path_factory.mktemp("package") / "out",
        formats=("csv", "parquet", "geojson", "flatgeobuf"),
        codes=("iso", "pcode"),
    )


@pytest.fixture(scope="module")
def package(folder):
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def test_package_keeps_the_rules_of_frictionless_data(package):
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert package["profile"] == "data-package"
    assert package["resources"]
    for entry in package["sources"]:
        assert entry["title"]
        assert entry.get("path", "https://").startswith("https://")
    for entry in package["licenses"]:
        assert entry["name"]
        assert entry.get("path", "https://").startswith("https://")
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    for resource in package["resources"]:
        assert re.fullmatch(r"[-a-z0-9._/]+", resource["name"])
        assert not re.match(r"/|[a-z]+:|.*\.\.", resource["path"])
        schema = resource["schema"]
        columns = [field["name"] for field in schema["fields"]]
        assert len(set(columns)) == len(columns)
        assert {field["type"] for field in schema["fields"]} <= TYPES
        assert set(schema.get("primaryKey", [])) <= set(columns)
        for key in schema.get("foreignKeys", []):
            assert key["fields"] in columns
            assert key["reference"]["resource"] in names


def test_package_lists_every_table_of_the_folder_with_its_size_and_hash(folder, package):
    listed = {resource["path"]: resource for resource in package["resources"]}
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".parquet", ".geojson", ".fgb")
    }

    assert set(listed) == set(found)
    for name, path in found.items():
        content = path.read_bytes()
        assert listed[name]["bytes"] == len(content)
        assert listed[name]["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_columns_of_every_file_are_those_of_its_schema_in_their_order(folder, package):
    for resource in package["resources"]:
        fields = [field["name"] for field in resource["schema"]["fields"]]
        path = folder / resource["path"]
        if resource["format"] == "csv":
            found = pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns.tolist()
        elif resource["format"] == "parquet":
            found = pq.read_schema(path).names
        elif resource["format"] == "geojson":
            found = [*tables.features(path)[0]["properties"], "geometry"]
        else:
            continue
        assert found == fields, resource["name"]


def test_cells_of_every_csv_are_of_the_type_and_within_the_limits_that_the_schema_states(
    folder, package
):
    for resource in package["resources"]:
        if resource["format"] != "csv":
            continue
        frame = pd.read_csv(
            folder / resource["path"], dtype="str", encoding="utf-8-sig",
            keep_default_na=False, na_values=[""],
        )  # fmt: skip
        assert len(frame) == resource["rows"]
        for field in resource["schema"]["fields"]:
            cells = frame[field["name"]].dropna().unique()
            where = (resource["name"], field["name"])
            assert all(CAST[field["type"]](cell) for cell in cells), where
            limits = field.get("constraints", {})
            assert set(cells) <= set(limits.get("enum", cells)), where
            assert not (limits.get("required") and frame[field["name"]].isna().any()), where
        key = resource["schema"].get("primaryKey")
        assert key is None or not frame.duplicated(key).any(), resource["name"]


def test_keys_lead_to_the_table_of_areas(folder, package):
    areas = set(tables.read(folder, "csv", "areas")["cvegeo"])
    assert len(areas) == 32 + 2465
    led = [r for r in package["resources"] if "foreignKeys" in r["schema"]]

    assert {r["format"] for r in led} == {"csv", "parquet"}
    assert len(led) > 40
    for resource in led:
        [key] = resource["schema"]["foreignKeys"]
        assert key["reference"] == {"resource": f"areas.{resource['format']}", "fields": "cvegeo"}
        if resource["format"] == "parquet" and resource["path"].startswith("tables/"):
            codes = pd.read_parquet(folder / resource["path"])["cvegeo"].dropna()
            assert set(codes) <= areas, resource["name"]


def test_every_column_of_a_study_has_a_meaning_and_every_count_and_rate_a_unit(package):
    plain = []
    for resource in package["resources"]:
        assert resource["description"], resource["name"]
        for field in resource["schema"]["fields"]:
            described = field.get("description") or field["name"] == "geometry"
            assert described, (resource["name"], field["name"])
            if field["type"] in ("integer", "number") and "unit" not in field:
                plain.append(field["name"])
    counts = re.compile(r"(.*_)?(events|exposure|population|years|fatalities|km2|rate)$")
    assert sorted({name for name in plain if counts.match(name)}) == ["hit_rate"]


@pytest.mark.parametrize(
    ("table", "column", "unit"),
    [
        ("measures_state", "crude_rate", "events per 100,000 person-years"),
        ("fatalities_state", "rate_low", "deaths per 100,000 person-years"),
        ("change_state", "difference_low", "events per 100,000 person-years"),
        ("targeting_change", "difference_low", None),
        ("measures_state", "population", "people"),
        ("measures_state", "events", "events"),
        ("change_state", "rate_ratio", None),
        ("trends", "slope", "events per 100,000 person-years, per year"),
        ("concentration", "areas_with_events", "areas"),
    ],
)
def test_units_are_those_of_the_table(package, table, column, unit):
    [resource] = [r for r in package["resources"] if r["name"] == f"{table}.csv"]
    [field] = [f for f in resource["schema"]["fields"] if f["name"] == column]

    assert field.get("unit") == unit


def test_package_holds_no_clock_no_user_and_no_path(package, folder):
    text = json.dumps(package)

    for word in (str(folder.parent), "/tmp", "/home", socket.gethostname(), "created"):
        assert word not in text, word
    assert getpass.getuser() not in re.findall(r"\w+", text)
    assert package["made_up"] is True
    assert "MADE-UP DATA" in package["title"]


def test_sources_and_licenses_are_those_that_must_be_credited(package):
    titles = [entry["title"] for entry in package["sources"]]

    assert titles == studies.sample().credit_lines("en")
    assert {"CC-BY-4.0", "MIT", "other-pd"} <= {entry["name"] for entry in package["licenses"]}


def test_sheets_of_a_workbook_are_resources_of_one_file(tmp_path):
    kept = {"account": studies.sample().tables["account"]}
    made = dataclasses.replace(studies.sample(), tables=kept, findings=())

    folder = write_tables(made, tmp_path / "out", formats=["xlsx"])

    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    found = [r for r in package["resources"] if r["format"] == "xlsx"]
    names = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True).sheetnames
    assert [r["dialect"]["sheet"] for r in found] == names[2:] == ["areas", "account"]
    assert {r["path"] for r in found} == {"tables.xlsx"}


def test_contract_of_every_table_of_the_sample_is_kept_by_it():
    for name, frame in studies.sample().tables.items():
        contract = contract_of(name)
        assert contract is not None, name
        try:
            contract.check(frame)
        except SchemaError as error:  # the message names the table
            pytest.fail(f"{name}: {error}")


def test_column_that_is_no_contracts_is_described_by_what_it_holds():
    frame = pd.DataFrame(
        {
            "a": [1], "b": [1.5], "c": [True], "d": pd.to_datetime(["2024-01-01"]), "e": ["x"],
        }
    )  # fmt: skip

    found = describe("my own", frame)

    assert [f.kind for f in found.fields] == ["level", "number", "claim", "date", "text"]
    assert found.key == ()
    assert found.meaning == ""
