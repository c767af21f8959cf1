"""What is written in any format comes back: types, gaps, codes, accents, hostile texts, totals."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import re
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from geo.errors import OutputError, SettingsError
from geo.export.areas import level_of_areas
from geo.export.notes import notes_of
from geo.export.qgis.content import content_of
from geo.export.tables import WORKBOOK, write_tables
from geo.export.workbook import CUT, LONGEST_CELL
from geo.render.map import EventMap
from geo.schema.meanings import meaning_in
from geo.sources.boundaries import area_codes, display_geometry
from geo.study import run_study
from tests import hostile, shared, studies, tables
from tests.render.test_page import Page

EVERY = (*tables.TABULAR, *tables.SHAPED)
STATES = area_codes("state")


def with_tables(made):
    """Return the results of the sample with other tables."""
    return dataclasses.replace(studies.sample(), tables=made, findings=())


def digest(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def typed():
    """Return a table of all states with every kind of column, gaps among them."""
    number = np.linspace(-1.5, 99.123456789012345, len(STATES))
    number[:3] = [np.nan, np.inf, -np.inf]
    level = pd.array(range(len(STATES)), dtype="Int64")
    level[4] = pd.NA
    claim = pd.array([True, False, pd.NA, True] * 8, dtype="boolean")
    day = pd.Series(pd.date_range("2024-02-27", periods=len(STATES), unit="us"))
    day[1] = pd.NaT
    text = pd.Series(["Ñuu Savi", None, "  two  blanks ", "a\nb", *STATES["name"][4:]], dtype="str")
    return STATES.assign(
        period=pd.Series("2024", index=STATES.index, dtype="str"),
        code=pd.Series([f"{n:03d}" for n in range(len(STATES))], dtype="str"),
        text=text,
        number=number,
        whole=np.arange(len(STATES), dtype="int64") - 3,
        level=level,
        claim_inside=claim,
        event_date=day,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = with_tables({"change_state": typed()})
    return write_tables(made, tmp_path_factory.mktemp("typed") / "out", formats=EVERY)


def plain(value):
    """Return a value without the clothes of a library; None where it is missing."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, pd.Timestamp | dt.datetime):
        return value.date()
    return int(value) if isinstance(value, np.integer) else value


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_of_column_comes_back_with_its_gaps_and_codes(folder, kind):
    given = typed()
    found = tables.read(folder, kind, "change_state").set_index("cvegeo").loc[given["cvegeo"]]

    for name in given.columns.drop("cvegeo"):
        expected = [plain(value) for value in given[name]]
        values = [plain(value) for value in found[name]]
        if name == "event_date":
            values = [dt.date.fromisoformat(v) if isinstance(v, str) else v for v in values]
        if name == "number":
            if kind == "geojson":  # RFC 8259 knows no infinity
                expected = [None if v is None or np.isinf(v) else v for v in expected]
            values = [None if v is None else float(v) for v in values]
            assert [v is None for v in values] == [v is None for v in expected]
            pairs = [p for p in zip(values, expected, strict=True) if p[0] is not None]
            # A workbook has 16 digits; every other format all of them.
            tolerance = 1e-15 if kind == "xlsx" else 0
            np.testing.assert_allclose(*zip(*pairs, strict=True), rtol=tolerance, atol=0)
        else:
            assert values == expected, (kind, name)


def test_parquet_keeps_the_types_too(folder):
    given = typed()
    for kind in ("parquet", "geoparquet"):
        found = tables.read(folder, kind, "change_state")
        assert found[given.columns].dtypes.astype("str").tolist() == (
            given.dtypes.astype("str").tolist()
        )


def test_cells_of_a_workbook_have_the_type_they_look_like(folder):
    book = openpyxl.load_workbook(folder / WORKBOOK)
    sheet = book["change_state"]
    head = [cell.value for cell in sheet[1]]
    row = dict(zip(head, sheet[6], strict=True))

    assert row["cvegeo"].data_type == "s"
    assert (row["cvegeo"].value, row["cvegeo"].number_format) == ("05", "@")
    assert row["code"].value == "004"
    assert row["event_date"].is_date
    assert row["event_date"].number_format == "yyyy-mm-dd"
    assert row["claim_inside"].data_type == "b"
    assert row["number"].data_type == "n"
    assert row["level"].value is None
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(head)).column_letter}33"
    assert sheet.column_dimensions["B"].width > 15


def test_workbook_tells_source_period_method_and_credits_first_and_then_its_columns(folder):
    sheets = tables.sheets(folder)
    names = list(sheets)

    assert names == ["notes", "columns", "areas", "change_state"]
    notes = " ".join(str(cell) for cell in sheets["notes"].to_numpy().ravel())
    for word in ("MADE-UP DATA", "Made-up sample; accessed: date not stated", "2022-01-01 / "
                 "2024-12-31", "INEGI", "CONAPO", "12,161 records", "interval"):  # fmt: skip
        assert word in notes, word
    columns = sheets["columns"].set_index(["table", "column"])
    row = columns.loc[("change_state", "event_date")]
    assert row["may be empty"] == "yes"
    [area] = columns.loc[[("areas", "area_km2")]].to_numpy().tolist()
    assert area == ["number", "km2", None, "area on the ellipsoid", None]


@pytest.mark.parametrize("language", ["en", "es"])
def test_notes_name_the_days_that_the_study_keeps(language):
    results = run_study(
        "sample", filters={"since": "2023-01-01", "until": "2024-06-30"}, permutations=0
    )

    assert "2023-01-01 / 2024-06-30" in dict(notes_of(results, language)).values()
    said = content_of(results, "a", language=language, points="none").said
    assert said.period == (dt.date(2023, 1, 1), dt.date(2024, 6, 30))


def test_workbook_and_package_of_a_spanish_study_are_in_spanish(tmp_path):
    kept = ("measures_state", "change_state", "trends")
    made = with_tables({name: studies.sample().tables[name] for name in kept})
    made = dataclasses.replace(made, settings=dataclasses.replace(made.settings, lang="es"))

    folder = write_tables(made, tmp_path / "out", formats=["xlsx"])

    sheets = tables.sheets(folder)
    assert list(sheets)[:2] == ["notas", "columnas"]
    text = " ".join(str(cell) for cell in sheets["notas"].to_numpy().ravel())
    assert "DATOS INVENTADOS" in text
    assert "Una celda vacía es un dato desconocido" in text
    columns = sheets["columnas"].set_index(["tabla", "columna"])
    [rate] = columns.loc[[("measures_state", "eb_rate")]].to_numpy().tolist()
    assert rate == [
        "número", "eventos por 100,000 personas-año", "sí",
        "tasa suavizada, de Bayes empírico (Marshall)", None,
    ]  # fmt: skip
    [table] = columns.loc[[("change_state", None)], "contiene"]
    assert table == "una fila por área: comparación de dos ventanas"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    said = {resource["title"]: resource for resource in package["resources"]}
    assert said["measures_state"]["description"] == "el panel con sus tasas"
    fields = {field["name"]: field for field in said["trends"]["schema"]["fields"]}
    assert fields["slope"]["description"] == "pendiente de Sen de la tasa, por año"
    assert fields["slope"]["unit"] == "eventos por 100,000 personas-año, por año"
    for resource in said.values():
        texts = [field.get("description", "") for field in resource["schema"]["fields"]]
        english = [text for text in texts if meaning_in("es", text) != text]
        assert english == [], resource["name"]


def test_j9_every_format_has_the_same_bytes_whenever_it_is_written(folder, tmp_path):
    again = write_tables(with_tables({"change_state": typed()}), tmp_path / "o", formats=EVERY)

    assert digest(again) == digest(folder)
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}
        assert b"1980-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_geojson_keeps_rfc_7946(folder):
    found = tables.features(folder / "areas" / "change_state.geojson")

    assert len(found) == 32
    for feature in found:
        assert list(feature) == ["type", "properties", "geometry"]
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.geom_type == "MultiPolygon"
        for part in shape.geoms:
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)
        west, south, east, north = shape.bounds
        assert -119 < west < east < -86
        assert 14 < south < north < 33
    text = (folder / "areas" / "change_state.geojson").read_text(encoding="utf-8")
    assert '"crs"' not in text
    assert not re.search(r"\d\.\d{7}", text.split('"coordinates"')[1].split("]")[0])


@pytest.mark.parametrize("kind", tables.SHAPED)
def test_shapes_are_those_of_the_map_in_the_stored_reference_system(folder, kind):
    found = tables.read(folder, kind, "change_state").set_index("cvegeo")
    shown = display_geometry("state").set_index("cvegeo")

    assert found.crs.to_epsg() == 4326
    assert found.geometry.is_valid.all()
    assert set(found.index) == set(shown.index)
    for code, shape in found.geometry.items():
        # GeoJSON has its coordinates to a tenth of a meter.
        assert shape.symmetric_difference(shown.geometry[code]).area < 1e-5, code


@pytest.mark.parametrize("kind", EVERY)
def test_empty_tables_are_written_and_read(tmp_path, kind):
    empty = {name: frame.iloc[:0] for name, frame in studies.sample().tables.items()}

    folder = write_tables(with_tables(empty), tmp_path / "out", formats=[kind])

    if kind in tables.TABULAR:
        found = tables.read(folder, kind, "measures_state")
        assert len(found) == 0
        assert "crude_rate" in found.columns
    else:
        assert list((folder / "areas").iterdir()) == [folder / "areas" / f"areas.{kind}"] or (
            not list((folder / "areas").iterdir())
        )


# Hostile texts -----------------------------------------------------------------------------------

STRINGS = [
    *hostile.strings(),
    "a\x00b",
    "bell\x07",
    "a\r\nb",
    "a\rb",
    "'=kept",
    "\ufffe",
    "x" * 40_000,
]


def unfriendly():
    """Return a table of all states, over and over, with a hostile text in every text field."""
    rounds = -(-len(STRINGS) // len(STATES))
    rows = pd.concat([STATES.assign(period=f"p{n:03d}") for n in range(rounds)], ignore_index=True)
    texts = pd.Series((STRINGS * 2)[: len(rows)], dtype="str")
    return rows.assign(
        name=texts, state_name=texts, text=texts, events=np.arange(len(rows), dtype="int64"),
        **{"=cmd|'/C calc'!A0": texts, "'; DROP TABLE x; --": texts, "]]>${x}": texts},
    ).astype({"period": "str"})  # fmt: skip


HOSTILE_NAMES = (
    "../../etc/passwd", "CON", "con", "a/b", "<script>", "x" * 250, "'; DROP TABLE a; --",
    "\x00\x07", "  ", "ñandú", "history", "]]>", "=1+1", "..",
)  # fmt: skip


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    small = pd.DataFrame({"a": pd.Series(["=1+1"], dtype="str")})
    made = with_tables({"measures_state": unfriendly(), **dict.fromkeys(HOSTILE_NAMES, small)})
    return write_tables(made, tmp_path_factory.mktemp("hostile") / "out", formats=EVERY)


def expected_text(kind, text):
    if kind == "flatgeobuf":
        return text.replace("\0", "\ufffd")
    if kind == "xlsx":
        text = re.sub("\r\n?", "\n", text)
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
        text = f" {text}" if text.startswith("<r>") and text.endswith("</r>") else text
        return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT
    return text


@pytest.mark.parametrize("kind", EVERY)
def test_f2_hostile_texts_come_back_as_texts_from_every_field(attacked, kind):
    given = unfriendly()
    key = ["cvegeo", "period"]
    found = tables.read(attacked, kind, "measures_state")
    if kind == "geojson":  # GDAL ends a text at a NUL when it reads one
        rows = tables.features(attacked / "areas" / "measures_state.geojson")
        found = pd.DataFrame([row["properties"] for row in rows])
    if kind == "csv":
        found.columns = [tables.restore(name) for name in found.columns]
    found = found.set_index(key).loc[list(map(tuple, given[key].to_numpy()))].reset_index()

    assert found["events"].tolist() == given["events"].tolist()
    for name in (
        "name",
        "state_name",
        "text",
        "=cmd|'/C calc'!A0",
        "'; DROP TABLE x; --",
        "]]>${x}",
    ):
        values = found[name].tolist()
        if kind == "xlsx":
            values = [tables.unescaped(value) for value in values]
        assert values == [expected_text(kind, text) for text in given[name]], (kind, name)


def test_f4_no_part_of_a_workbook_is_a_formula_a_link_or_code(attacked):
    with zipfile.ZipFile(attacked / WORKBOOK) as book:
        for name in book.namelist():
            text = book.read(name).decode("utf-8")
            assert not re.search(r"<(f|hyperlink|externalLink|oleObject|ddeLink)\b", text), name
            assert "vba" not in name.lower()
            assert "external" not in name.lower()
    book = openpyxl.load_workbook(attacked / WORKBOOK)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "b", "d"}


def test_f4_text_that_looks_like_a_formula_stays_text_after_it_was_edited(attacked):
    sheet = openpyxl.load_workbook(attacked / WORKBOOK)["measures_state"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    risky = [c for c in cells if isinstance(c.value, str) and c.value[:1] in set("=+-@")]

    assert len(risky) > 20
    assert all(cell.quotePrefix and cell.number_format == "@" for cell in risky)


def test_f4_csv_runs_nowhere_unless_raw_is_asked_for(attacked, tmp_path):
    made = with_tables({"mine": pd.DataFrame({"=a": pd.Series(["=1+1", "-5", "@x"], dtype="str")})})

    safe = (attacked / "tables" / "measures_state.csv").read_text(encoding="utf-8-sig")
    raw = write_tables(made, tmp_path / "raw", formats=["csv"], raw=True) / "tables" / "mine.csv"

    assert not re.search(r'(?:^|,)"?[=@]', safe, flags=re.MULTILINE)
    lines = [line.split(",")[0] for line in raw.read_text(encoding="utf-8-sig").splitlines()]
    assert lines == ["=a", "=1+1", "-5", "@x"]


def test_g6_names_of_tables_make_names_of_files_that_stay_in_the_folder(attacked):
    for path in attacked.rglob("*"):
        assert re.fullmatch(r"[a-z0-9_-]+(\.[a-z]+)?|CREDITS\.txt", path.name), path.name
        assert path.stem not in ("con", "nul")
        assert len(path.name) < 120
    files = list((attacked / "tables").glob("*.csv"))
    assert len(files) == 2 + len(HOSTILE_NAMES)
    assert len({path.name.lower() for path in files}) == len(files)
    assert sorted(path.name for path in attacked.parent.iterdir()) == ["out"]


def test_names_of_sheets_are_short_and_apart(attacked):
    names = openpyxl.load_workbook(attacked / WORKBOOK, read_only=True).sheetnames

    assert len(names) == 4 + len(HOSTILE_NAMES)
    assert len({name.lower() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


# Refusals ----------------------------------------------------------------------------------------


def test_a_table_too_long_for_a_sheet_is_refused_before_anything_is_written(tmp_path):
    made = with_tables({"measures_state": pd.DataFrame({"cvegeo": ["01"] * 1_048_576})})

    with pytest.raises(OutputError, match=r"measures_state has 1,048,576 rows .*1,048,575.*csv or"):
        write_tables(made, tmp_path / "out", formats=["xlsx"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"formats": ["docx"]}, "'docx' is no format of tables; choose of csv, xlsx"),
        ({"formats": "csv"}, r"'csv' is one text; give a list of formats, as \['csv'\]"),
        ({"formats": []}, "no format is given; choose some of csv"),
        ({"codes": ["iso2"]}, "'iso2' is no code of tables; choose of iso, pcode"),
    ],
)
def test_formats_and_codes_that_are_not_known_are_refused(tmp_path, given, said):
    with pytest.raises(SettingsError, match=said):
        write_tables(with_tables({}), tmp_path / "out", **given)
    assert list(tmp_path.iterdir()) == []


def test_only_tables_of_all_areas_get_shapes():
    key = ("cvegeo", "period")

    assert level_of_areas(STATES.assign(period="2024"), key) == "state"
    assert level_of_areas(STATES.iloc[1:].assign(period="2024"), key) is None
    assert level_of_areas(STATES, ("cvegeo", "dyad")) is None
    assert level_of_areas(STATES, ()) is None
    assert level_of_areas(STATES.iloc[:0], ("cvegeo",)) is None


def test_codes_of_iso_and_of_humanitarian_data_stand_behind_the_code_of_the_area(tmp_path):
    towns = area_codes("municipality")
    made = with_tables(
        {"change_municipality": towns, "account": studies.sample().tables["account"]}
    )

    folder = write_tables(made, tmp_path / "o", formats=["csv", "geojson"], codes=["iso", "pcode"])

    found = tables.read(folder, "csv", "change_municipality")
    assert found.columns.tolist()[:3] == ["cvegeo", "iso_3166_2", "pcode"]
    row = found.set_index("cvegeo").loc["25006"]
    assert (row["iso_3166_2"], row["pcode"]) == ("MX-SIN", "MX25006")
    assert "pcode" not in tables.read(folder, "csv", "account").columns
    [culiacan] = [
        f["properties"]
        for f in tables.features(folder / "areas" / "change_municipality.geojson")
        if f["properties"]["cvegeo"] == "25006"
    ]
    assert (culiacan["iso_3166_2"], culiacan["pcode"]) == ("MX-SIN", "MX25006")
    areas = tables.read(folder, "csv", "areas").set_index("cvegeo")
    assert areas["iso_3166_2"].nunique() == 32
    assert areas.loc["09", ["iso_3166_2", "pcode"]].tolist() == ["MX-CMX", "MX09"]


# Totals ------------------------------------------------------------------------------------------


def totals(results, folder):
    """Return the events of both levels in every file, and in the page of the map."""
    write_tables(results, folder, formats=EVERY)
    page = Page(EventMap(results).html())
    found = {}
    for level in ("state", "municipality"):
        name = f"measures_{level}"
        sums = {kind: int(tables.read(folder, kind, name)["events"].sum()) for kind in EVERY}
        columns = page.block(f"counts-{level}")
        split = [values for key, values in columns.items() if key.startswith("event_type:")]
        sums["map"] = int(sum(np.sum(values) for values in split))
        sums["atlas"] = int(results.atlas.levels[level].events.sum())
        found[level] = sums
    return found


def of_counts(results):
    """Return results with the tables of counts only: the others hold no events of all areas."""
    kept = {k: v for k, v in results.tables.items() if k.startswith(("measures_", "account"))}
    return dataclasses.replace(results, tables=kept)


def test_j3_totals_are_the_same_in_every_format_and_on_the_map(tmp_path):
    found = totals(of_counts(studies.sample()), tmp_path / "out")

    account = studies.sample().tables["account"].set_index(["step", "outcome"])["number"]
    assert set(found["state"].values()) == {12_031} == {int(account["panel state", "counted"])}
    counted = int(account["panel municipality", "counted"])
    assert set(found["municipality"].values()) == {counted}
    assert 10_000 < counted < 12_031


def test_j3_totals_of_the_real_file_are_the_same_in_every_format_and_on_the_map(tmp_path):
    path = shared.path("data/ucdp-ged-mexico.csv.gz")
    days = {"since": "2023-01-01", "until": "2023-12-31"}
    results = run_study(path, filters=days, period="month", permutations=0)

    found = totals(of_counts(results), tmp_path / "out")

    account = results.tables["account"].set_index(["step", "outcome"])["number"]
    begun = pd.read_csv(path, usecols=["date_start"], dtype="str")["date_start"].str[:4]
    for level, sums in found.items():
        assert set(sums.values()) == {int(account[f"panel {level}", "counted"])}, sums
    assert (
        1_500 < found["municipality"]["csv"] < found["state"]["csv"] < int((begun == "2023").sum())
    )
