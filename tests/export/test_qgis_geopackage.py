from __future__ import annotations

import contextlib
import dataclasses
import itertools
import sqlite3
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from geo.export.qgis.cells import blobs_of
from geo.export.qgis.content import content_of
from geo.export.qgis.geopackage import ABOUT_STANDARD, geopackage
from geo.export.qgis.parts import Field, Layer, Said, Style, fit
from geo.export.qgis.project import layer_definition, project_document
from geo.export.qgis.renderers import of_points
from tests.export.qgis_folders import database, rich, styles, written
from tests.hostile import strings

LAYERS = [
    "events",
    "municipalities",
    "states",
    "clusters",
    "hotspots",
    "change_municipality",
    "change_state",
    "municipalities_by_year",
    "municipalities_by_month",
    "states_by_year",
    "states_by_month",
]
BOX = (-119, 14, -86, 33)


@pytest.fixture
def base():
    with contextlib.closing(database(written())) as opened:
        yield opened


def shape_of(blob):
    """Read a geometry by hand, as the standard says."""
    assert blob[:3] == b"GP\x00"
    head = {0: 8, 1: 40}[(blob[3] >> 1) & 7]
    assert int.from_bytes(blob[4:8], "little") == 4326
    return shapely.from_wkb(blob[head:])


def test_file_is_a_sound_database_and_says_that_it_is_a_geopackage_1_2(base):
    assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert base.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert base.execute("PRAGMA user_version").fetchone() == (10200,)


def test_layers_stand_points_first_and_periods_last(base):
    rows = base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
    assert [name for (name,) in rows] == LAYERS


def test_every_table_that_a_reader_sees_is_registered(base):
    seen = {
        name
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table','view')")
        if not name.startswith(("gpkg_", "rtree_", "sqlite_"))
    }
    known = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
    assert seen == known


@pytest.mark.parametrize("name", LAYERS)
def test_layer_has_valid_shapes_of_one_kind_within_mexico(base, name):
    kind, srs = base.execute(
        "SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?", [name]
    ).fetchone()
    shapes = [shape_of(blob) for (blob,) in base.execute(f"SELECT geom FROM {name} LIMIT 3000")]

    assert srs == 4326
    assert {shape.geom_type.upper() for shape in shapes} == {kind}
    assert shapely.is_valid(shapes).all()
    west, south, east, north = shapely.total_bounds(shapes)
    assert BOX[0] < west < east < BOX[2]
    assert BOX[1] < south < north < BOX[3]


@pytest.mark.parametrize("name", LAYERS)
def test_another_reader_finds_the_same_rows_and_system(base, name):
    found = pyogrio.read_info(written() / "sample.gpkg", layer=name)
    (number,) = base.execute(f"SELECT count(*) FROM {name}").fetchone()

    assert found["features"] == number > 0
    assert found["crs"] == "EPSG:4326"
    assert found["fid_column"] in ("fid", "OGC_FID")


@pytest.mark.parametrize("name", ["events", "municipalities", "states", "clusters"])
def test_index_holds_the_rectangle_of_every_shape(base, name):
    rows = base.execute(
        f"SELECT t.geom, r.minx, r.miny, r.maxx, r.maxy FROM {name} t"
        f" JOIN rtree_{name}_geom r ON r.id = t.fid"
    ).fetchall()
    (number,) = base.execute(f"SELECT count(*) FROM {name}").fetchone()

    assert len(rows) == number
    for blob, *box in rows[:200]:
        west, south, east, north = shape_of(blob).bounds
        # The index has single precision, rounded outward.
        assert box[0] <= west <= east <= box[2]
        assert box[1] <= south <= north <= box[3]
        np.testing.assert_allclose(box, [west, south, east, north], atol=1e-4)


def test_j3_totals_are_those_of_the_study(base):
    results = rich()
    account = results.tables["account"]

    def counted(level):
        rows = account[(account["step"] == f"panel {level}") & (account["outcome"] == "counted")]
        return int(rows["number"].sum())

    def total(layer):
        return base.execute(f"SELECT sum(events) FROM {layer}").fetchone()[0]

    assert total("municipalities_by_year") == counted("municipality") == 11_825
    assert total("states_by_year") == counted("state")
    for level in ("municipality", "state"):
        name = {"municipality": "municipalities", "state": "states"}[level]
        monthly = int(results.atlas.levels[level].events.sum())
        assert total(f"{name}_by_month") == monthly
        latest = results.tables[f"measures_{level}"].query("period == '2024'")
        assert total(name) == latest["events"].sum()
    shown, left_out = base.execute(
        "SELECT count(*), (SELECT description FROM gpkg_contents WHERE table_name = 'events')"
        " FROM events"
    ).fetchone()
    assert f"{len(results.located) - shown} no se muestran" in left_out


def test_figures_of_an_area_are_those_of_its_table(base):
    rows = rich().tables["measures_municipality"].query("period == '2024'")
    one = rows.set_index("cvegeo").loc["25006"]
    found = base.execute(
        "SELECT name, state_name, events, crude_rate, rate_low, rate_high, eb_rate"
        " FROM municipalities WHERE cvegeo = '25006'"
    ).fetchone()

    assert found == (
        "Culiacán",
        "Sinaloa",
        one["events"],
        *one[["crude_rate", "rate_low", "rate_high", "eb_rate"]],
    )


def test_view_joins_each_value_to_the_shape_of_its_area(base):
    rows = base.execute(
        "SELECT v.geom = a.geom, v.name = a.name, v.state_name = a.state_name"
        " FROM municipalities_by_year v JOIN municipalities a USING (cvegeo)"
    ).fetchall()

    assert len(rows) == 3 * 2465
    assert set(rows) == {(1, 1, 1)}


def test_shapes_are_stored_once(base):
    tables = {
        name
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("gpkg_", "rtree_", "sqlite_"))
    }
    with_shape = {
        name
        for name in tables
        if "geom" in [row[1] for row in base.execute(f"PRAGMA table_info({name})")]
    }
    assert with_shape == {"events", "municipalities", "states", "clusters"}


@pytest.mark.parametrize(
    "name", ["municipalities_by_year", "municipalities_by_month", "states_by_month"]
)
def test_periods_are_naive_times_that_end_a_second_before_the_next_begins(base, name):
    kinds = {row[1]: row[2] for row in base.execute(f"PRAGMA table_info({name})")}
    spans = base.execute(f'SELECT DISTINCT start, "end" FROM {name} ORDER BY start').fetchall()

    assert (kinds["start"], kinds["end"]) == ("DATETIME", "DATETIME")
    for start, end in spans:
        assert start.endswith("-01T00:00:00.000")
        assert end.endswith("T23:59:59.000")
    second = pd.Timedelta(seconds=1)
    for (_, end), (start, _) in itertools.pairwise(spans):
        assert pd.Timestamp(end) + second == pd.Timestamp(start)


def test_events_have_a_naive_time(base):
    (one,) = base.execute("SELECT min(date) FROM events").fetchone()
    assert one == "2022-01-01T00:00:00.000"


def test_every_layer_has_one_default_style_that_qgis_finds(base):
    columns = [row[1] for row in base.execute("PRAGMA table_info(layer_styles)")]
    rows = base.execute(
        "SELECT f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleSLD,"
        " useAsDefault FROM layer_styles"
    ).fetchall()

    assert columns == [
        "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column",
        "styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui",
        "update_time",
    ]  # fmt: skip
    assert {row[:2] + row[3:5] for row in rows} == {("", "", "geom", "")}
    defaults = [name for _, _, name, _, _, default in rows if default]
    assert sorted(defaults) == sorted(LAYERS)
    assert len(rows) > 2 * len(LAYERS)


def test_styles_use_columns_that_there_are_and_list_them_all(base):
    for (layer, name), root in styles(base).items():
        columns = [row[1] for row in base.execute(f"PRAGMA table_info({layer})")]
        listed = [alias.get("field") for alias in root.iter("alias")]
        assert listed == [one for one in columns if one not in ("fid", "OGC_FID", "geom")]
        temporal = root.find("temporal")
        if temporal is not None:
            used = {temporal.get("startField"), temporal.get("endField")} - {""}
            assert used <= set(columns), (layer, name)
            assert temporal.get("limitMode") == "1"
        points = layer == "events"
        assert root.findtext("layerGeometryType") == ("0" if points else "2")


def test_properties_of_symbols_stand_in_both_forms(base):
    for root in styles(base).values():
        for layer in root.iter("layer"):
            new = {o.get("name"): o.get("value") for o in layer.find("Option").iter("Option")}
            old = {p.get("k"): p.get("v") for p in layer.findall("prop")}
            del new[None]
            assert new == old
            assert old


def test_no_font_is_named(base):
    for (text,) in base.execute("SELECT styleQML FROM layer_styles"):
        assert "fontFamily" not in text


@pytest.mark.parametrize(
    ("lang", "alias", "meaning"),
    [
        ("es", "Tasa por 100 mil hab.", "Eventos por 100,000 personas-año"),
        ("en", "Rate per 100,000", "Events per 100,000 person-years"),
    ],
)
def test_columns_have_names_and_meanings_in_the_language(lang, alias, meaning):
    with contextlib.closing(database(written(lang))) as base:
        found = base.execute(
            "SELECT title, description FROM gpkg_data_columns"
            " WHERE table_name = 'municipalities' AND column_name = 'crude_rate'"
        ).fetchone()
        style = next(iter(styles(base).values()))
    assert found == (alias, meaning)
    assert style.find("aliases") is not None


def test_j6_every_layer_says_source_period_method_credits_and_that_data_are_made_up(base):
    rows = base.execute(
        "SELECT r.table_name, m.md_standard_uri, m.metadata FROM gpkg_metadata_reference r"
        " JOIN gpkg_metadata m ON m.id = r.md_file_id"
    ).fetchall()

    assert [name for name, _, _ in rows] == LAYERS
    for _, standard, text in rows:
        root = ElementTree.fromstring(text)
        assert standard == ABOUT_STANDARD
        assert root.findtext("language") == "SPA"
        abstract = root.findtext("abstract")
        assert abstract.startswith("DATOS INVENTADOS")
        assert "Fuente: Muestra inventada" in abstract
        assert root.findtext("extent/temporal/period/start") == "2022-01-01T00:00:00"
        assert root.findtext("extent/temporal/period/end") == "2024-12-31T23:59:59"
        assert any("INEGI" in one.text for one in root.iter("rights"))
        assert any("CC BY 4.0" in one.text for one in root.iter("license"))
        assert len(root.findtext("history")) > 500


def test_number_that_is_infinite_is_empty(base):
    ratios = rich().tables["change_municipality"].set_index("cvegeo")["rate_ratio"]
    infinite = ratios.index[np.isinf(ratios)]
    found = dict(base.execute("SELECT cvegeo, rate_ratio FROM change_municipality"))

    assert len(infinite) > 100
    assert {found[code] for code in infinite} == {None}


def test_area_without_a_row_has_no_data_and_is_still_there():
    results = rich()
    table = results.tables["measures_municipality"]
    less = table[table["cvegeo"] != "25006"]
    tables = {**results.tables, "measures_municipality": less}
    content = content_of(
        dataclasses.replace(results, tables=tables), "x", language="en", points="none"
    )
    rows = content.layer("municipalities").rows.set_index("cvegeo")

    assert len(rows) == 2465
    assert np.isnan(rows.loc["25006", "crude_rate"])
    assert pd.isna(rows.loc["25006", "events"])


def test_empty_and_missing_shapes_are_null():
    shapes = np.array([None, shapely.Point(), shapely.Point(-100, 20)], dtype=object)
    empty, missing, point = blobs_of(shapes)

    assert empty is missing is None
    assert shape_of(point).wkt == "POINT (-100 20)"


HOSTILE = [*strings(), "ñ'\"${}", "a]]>b&c", "\x00\x01\x1f", "'; DROP TABLE gpkg_contents; --"]


def hostile_layers():
    """Return a layer for each hostile text, which is everything there is to name in it."""
    said = content_of(rich(), "x", language="en", points="none").said
    said = dataclasses.replace(said, title="\n".join(HOSTILE[:50]), credits=tuple(HOSTILE))
    assert isinstance(said, Said)
    layers = []
    for at, text in enumerate(HOSTILE[:120]):
        # No system of tables can hold NUL in a name.
        name = f"{at} {text}".replace("\x00", "")[:250]
        column = f"f {text}".replace("\x00", "")[:250]
        cell = fit(text)
        layers.append(
            Layer(
                name=name,
                title=fit(name),
                abstract=fit(text),
                shape="point",
                fields=(Field(column, "text", fit(text), fit(text)),),
                rows=pd.DataFrame({column: [cell]}),
                shapes=np.array([shapely.Point(-100, 20)], dtype=object),
                styles=(
                    Style(fit(text), of_points(column, [(cell, text, "#000000")], size=1)),
                    Style(f"2 {fit(text)}", of_points(column, [(cell, text, "#fff000")], size=1)),
                ),
            )
        )
    return said, tuple(layers)


def test_f5_hostile_names_and_texts_are_names_and_texts(tmp_path):
    said, layers = hostile_layers()
    content = dataclasses.replace(
        content_of(rich(), "x", language="en", points="none"),
        layers=layers,
        groups=(),
        themes=(),
        relations=(),
        current={},
        said=said,
        raster=None,
    )
    path = tmp_path / "x.gpkg"
    path.write_bytes(geopackage(content))
    with contextlib.closing(sqlite3.connect(path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [
            name
            for (name,) in base.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
            )
        ]
        assert names == [layer.name for layer in layers]
        for layer in layers:
            quoted = '"' + layer.name.replace('"', '""') + '"'
            (row,) = base.execute(f"SELECT * FROM {quoted}").fetchall()
            assert row[2] == layer.rows.iloc[0, 0]
        for (layer_name, _), root in styles(base).items():
            layer = next(one for one in layers if one.name == layer_name)
            # A category is drawn only if it is the cell, to the last character.
            assert root.find(".//category").get("value") == layer.rows.iloc[0, 0]
    for document in (project_document(content), layer_definition(content)):
        root = ElementTree.fromstring(document)
        assert len(root.findall(".//maplayer[@type='vector']")) == len(layers)
        for element in root.iter():
            for text in (element.text, element.tail, *element.attrib.values()):
                assert "[%" not in (text or "")
