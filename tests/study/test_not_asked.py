"""What lies outside a query is not asked: no map, table or file may show it as zero events."""

from __future__ import annotations

import dataclasses
import importlib.util
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

import geo
from geo.errors import GeoWarning, SchemaError
from geo.export.qgis.content import content_of
from geo.render import legend
from geo.render.choices import choose_any
from geo.render.choosing import choose
from geo.render.describe import describe
from geo.render.ground import load_ground
from geo.render.mapdata import LEVELS
from geo.render.noscript import area_table, top_table
from geo.render.packed import decode_columns
from geo.render.timed import timed_blocks, timed_breaks
from geo.sources import boundaries
from geo.steps.reach import EVERYWHERE, Reach
from tests.study.test_asked import country, events, results, strip

CODES = {level: boundaries.area_codes(level)["cvegeo"].tolist() for level in LEVELS}
AREAS = {"state": 32, "municipality": 2465}


def test_areas_outside_are_not_asked_and_those_inside_keep_their_counts():
    data, tables = describe(results()), results().tables

    assert data.reach.part == frozenset()
    for level, inside in (("state", 1), ("municipality", 18)):
        table = data.levels[level].areas.set_index("cvegeo")["events"]
        known = table.dropna()
        assert set(known.index.str[:2]) == {"25"}
        assert len(known) == inside
        measured = tables[f"measures_{level}"].query("period == '2024'").set_index("cvegeo")
        pd.testing.assert_series_equal(
            known, measured["events"].loc[known.index], check_dtype=False
        )
        assert data.reach.outside >= set(CODES[level]) - set(known.index)


def test_areas_that_a_distance_cuts_are_asked_in_part_and_keep_their_counts():
    data = describe(strip())
    towns = data.levels["municipality"].areas.set_index("cvegeo")["events"]
    states = {code for code in data.reach.part if len(code) == 2}

    # The six states on the border, whole in none.
    assert states == {"02", "05", "08", "19", "26", "28"}
    assert towns["02004"] > 0  # Tijuana
    assert {"02004", "08037", "19005"} <= data.reach.part
    # Within reach of the border and without an event: zero is what was found there.
    assert (towns.dropna() == 0).any()
    assert {"25006", "09", "08019"} <= data.reach.outside
    assert np.isnan(towns["25006"])


def test_a_state_of_which_one_municipality_is_asked_is_asked_in_part():
    reach = geo.query(events()).within("Culiacán, Sinaloa").reach

    assert reach.part == {"25"}
    assert "25006" not in reach.outside
    assert len(reach.outside) == 31 + 2464


@pytest.mark.parametrize(
    ("ask", "outside", "part"),
    [
        (lambda q: q.of_type("Battles"), set(), set()),
        (lambda q: q - q.within("Sinaloa"), {"25", "25006"}, set()),
        (lambda q: q.within("Sinaloa") | q.within("Sonora"), {"08"}, set()),
        (lambda q: q.within("Sinaloa") & q.near("US border", km=50), {"25", "26"}, set()),
        (
            lambda q: q.within("Sinaloa").in_period(2023) | q.within("Sonora").in_period(2024),
            {"08"}, {"25", "25006", "26"},
        ),
        (lambda q: q.near("US border", km=50) | q.within("Sinaloa"), {"09"}, {"25006", "02004"}),
        (lambda q: q.nearest(20, "US border"), {"09", "25006"}, {"02"}),
        (lambda q: q.in_busy_areas(200), {"31", "31050"}, {"25"}),
    ],
    ids=["kind", "but not", "or", "nowhere", "uneven", "strip or state", "nearest", "busy"],
)  # fmt: skip
def test_a_query_knows_where_it_asks(ask, outside, part):
    reach = ask(geo.query(events())).reach

    assert outside <= reach.outside
    assert part <= reach.part
    assert not reach.part & reach.outside
    if not outside:
        assert reach == EVERYWHERE


def test_a_shape_cuts_the_areas_under_it_and_not_those_that_it_touches():
    states = boundaries.load_areas("state").set_index("cvegeo").geometry
    reach = geo.query(events()).within(states[["06"]]).reach

    assert reach.part == {"06"} | {code for code in CODES["municipality"] if code[:2] == "06"}
    assert "14" in reach.outside


def test_a_place_in_the_midst_of_an_area_is_in_that_area():
    label = boundaries.load_labels("municipality").set_index("cvegeo").loc["08037"]
    place = shapely.Point(label["lon"], label["lat"])
    reach = geo.query(events()).near(place, km=0.1, crs="EPSG:4326").reach

    assert reach.part == {"08", "08037"}


def test_an_area_with_events_was_asked_whatever_the_query_tells():
    reach = Reach(outside=frozenset({"25", "26"}))

    assert reach.with_events_of({"26"}) == Reach(frozenset({"26"}), frozenset({"25"}))
    assert reach.with_events_of({"08"}) is reach


@pytest.mark.parametrize("level", LEVELS)
def test_classes_are_made_of_what_was_asked(level):
    timed = describe(results()).timed
    inside = timed.asked(level)
    sums = timed.atlas.levels[level].events[inside][:, -12:].sum(axis=1)
    breaks = timed_breaks(timed, level)["count"][12]["all"]

    assert inside.sum() == {"state": 1, "municipality": 18}[level]
    assert breaks.bounds[0] <= sums.min()
    assert breaks.bounds[-1] >= sums.max()
    if level == "state":
        assert not breaks.zero_class  # the only area has events


@pytest.mark.parametrize("measure", ["count", "rate", "smoothed"])
@pytest.mark.parametrize("level", LEVELS)
def test_a_picture_has_a_class_of_what_was_not_asked(level, measure):
    chosen = choose(describe(results()), level, measure, "en", CODES[level])
    rows = legend.rows_of(chosen)

    assert rows[-1] == ("Not asked", AREAS[level] - {"state": 1, "municipality": 18}[level])
    assert sum(number for _, number in rows) == AREAS[level]
    assert not set(chosen.classes) & chosen.outside
    assert chosen.no_data == 0
    assert chosen.notes[0].startswith("Not asked")


def test_a_picture_of_a_strip_marks_what_is_asked_in_part():
    chosen = choose(describe(strip()), "state", "count", "es", CODES["state"])

    assert len(chosen.part) == 6
    assert chosen.part == set(chosen.classes)
    assert chosen.notes[0].startswith("Consultadas en parte")
    assert legend.rows_of(chosen)[-1] == ("No consultado", 26)


def test_a_category_and_a_state_have_no_zero_outside_either():
    data = describe(results())
    battles = choose(data, "municipality", "count", "en", CODES["municipality"], category="Battles")
    durango = choose_any(data, "municipality", "count", "en", CODES["municipality"], state="10")

    assert {code[:2] for code in battles.classes} == {"25"}
    assert len(battles.outside) == 2447
    assert (durango.classes, durango.no_data, len(durango.outside)) == ({}, 0, 39)


def test_a_picture_of_the_whole_country_is_as_it_was():
    chosen = choose(describe(country()), "state", "count", "en", CODES["state"])

    assert chosen.outside == chosen.part == frozenset()
    assert len(legend.rows_of(chosen)) == len(chosen.names) + 1


def test_the_page_is_told_of_each_area_what_was_asked():
    data = describe(strip())
    blocks = {block.name: block for block in timed_blocks(data.timed, CODES)}
    told = decode_columns(blocks["counts-state"].data)["asked"]

    assert {code for code, at in zip(CODES["state"], told, strict=True) if at == 1} == {
        "02", "05", "08", "19", "26", "28"
    }  # fmt: skip
    assert set(told) == {1, 2}
    whole = {b.name: b for b in timed_blocks(describe(country()).timed, CODES)}
    assert "asked" not in decode_columns(whole["counts-state"].data)


def test_the_tables_without_scripts_say_so_and_rank_what_was_asked_only():
    data = describe(strip())
    states, top = area_table(data, "es"), top_table(data, "es")

    assert states.count("no consultado") == 26
    assert states.index("Nuevo León") < states.index("no consultado")
    assert "no consultado" not in top


def test_the_small_picture_has_the_gray_of_what_was_not_asked():
    import io

    from PIL import Image

    from geo.render import palette
    from geo.render.preview import make_preview

    shown = make_preview(describe(results()), load_ground("standard"), "en")
    colors = Image.open(io.BytesIO(shown.png)).convert("RGB").getcolors(1 << 20)
    gray = tuple(bytes.fromhex(palette.NOT_ASKED.removeprefix("#")))
    assert max(number for number, color in colors if color == gray) > 5_000


def test_a_description_by_hand_has_no_number_where_nothing_was_asked():
    data = describe(results())
    table = data.levels["state"]
    zeros = dataclasses.replace(table, areas=table.areas.fillna({"events": 0}))

    with pytest.raises(SchemaError, match="empty in areas of which nothing was asked"):
        dataclasses.replace(data, levels={"state": zeros}).check()
    with pytest.raises(SchemaError, match="whole number from 0 in every row"):
        dataclasses.replace(data, reach=EVERYWHERE).check()


@pytest.fixture(scope="module")
def layers():
    content = content_of(strip(), "strip", language="es", points="none")
    return {layer.name: layer for layer in content.layers}


def test_numbers_of_events_are_empty_in_qgis_where_nothing_was_asked(layers):
    assert {"states", "municipalities", "states_by_year", "municipalities_by_month"} <= set(layers)
    asked = layers["municipalities"].rows.set_index("cvegeo")["asked"]
    assert asked.value_counts().to_dict() == {"not_asked": 2400, "part": 65}
    for layer in layers.values():
        if layer.shape != "area":
            continue
        outside = layer.rows["cvegeo"].map(
            pd.concat([asked, layers["states"].rows.set_index("cvegeo")["asked"]])
        )
        assert layer.rows["events"][outside == "not_asked"].isna().all()
        assert layer.rows["events"][outside != "not_asked"].notna().all()
        assert "asked" in {field.name for field in layer.all_fields}


def test_styles_in_qgis_have_a_class_of_what_was_not_asked_and_a_mark_of_parts(layers):
    [style] = layers["municipalities"].styles
    rules = {rule.get("label"): rule.get("filter") for rule in style.renderer.iter("rule")}

    assert rules["No consultado"] == "\"asked\" = 'not_asked'"
    assert rules["Sin datos"] == '"events" IS NULL AND NOT ("asked" = \'not_asked\')'
    assert rules["De estas: consultadas en parte"].startswith("\"asked\" = 'part'")


def test_layers_of_the_whole_country_have_no_word_of_it():
    content = content_of(country(), "all", language="en", points="none")

    for layer in content.layers:
        assert "asked" not in {field.name for field in layer.all_fields}


def test_the_dictionary_tells_of_every_table_that_has_a_zero_where_nothing_was_asked():
    path = Path(__file__).resolve().parents[2] / "docs" / "make_tables.py"
    spec = importlib.util.spec_from_file_location("make_tables", path)
    told = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(told)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        query = geo.query(events()).within("Sinaloa")
        found = geo.run_study(query, base=2023, comparison=2024, permutations=99)

    outside = describe(found).reach.outside
    names = {
        re.sub("_(state|municipality)$", "", name.replace("fatalities", "fatality_rates"))
        for name, table in found.tables.items()
        if {"cvegeo"} < set(table.columns)
        and any("events" in column for column in table.columns)
        and (table["cvegeo"].isin(outside)).any()
    }
    assert {"measures", "change", "fatality_rates"} <= names <= set(told.WITH_OUTSIDE)
    for language, said in (("en", "nothing was asked"), ("es", "no se consultó")):
        assert said in told.INTRODUCTION[language]
        sections = told.dictionary(language).split("\n## ")
        noted = {one.split()[0] for one in sections if told.OUTSIDE[language] in one}
        assert noted == set(told.WITH_OUTSIDE)
