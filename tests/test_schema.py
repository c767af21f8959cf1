"""Contracts of tables."""

from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.errors import CRSError, SchemaError


@pytest.mark.parametrize("table", schema.TABLES, ids=lambda t: t.name)
def test_empty_table_honors_its_own_contract(table):
    table.check(table.empty())


def test_every_fault_is_reported_at_once():
    panel = pd.DataFrame(
        {
            "cvegeo": ["01", "01"],
            "period": ["2024", "2024"],
            "events": [1.0, 2.0],
            "fatalities": [0, 0],
            "complete": [True, True],
            "years": [1.0, None],
        }
    )

    with pytest.raises(SchemaError) as caught:
        schema.PANEL.check(panel)

    assert str(caught.value).splitlines() == [
        "Not a valid panel table:",
        "- 'events' must hold integer, not float64",
        "- 'fatalities_unknown' is missing (events whose number of deaths is not stated)",
        "- 'years' is empty in 1 of 2 rows",
        "- 1 rows repeat the key cvegeo, period",
        "geo.count_events makes one of assigned events (geo.assign_areas)",
    ]


def test_another_kind_of_table_is_told_what_makes_the_one_that_is_meant():
    mine = pd.DataFrame({"day": ["2024-09-09"], "geometry": [None]})

    with pytest.raises(SchemaError) as caught:
        schema.EVENTS.check(mine)
    said = str(caught.value)
    assert said.startswith("This is no events table: it has 1 of its 17 columns and lacks event_id")
    assert "geo.read_events makes one of a file, and of a table of yours with columns=" in said
    assert "\n" not in said

    with pytest.raises(
        SchemaError, match=r"'cve_ent' is missing .*\n(.*\n)*geo.assign_areas makes"
    ):
        schema.ASSIGNED.check(schema.EVENTS.empty())


def test_category_is_part_of_the_key_where_there_is_one():
    row = {"cvegeo": "01", "period": "2024", "events": 0, "fatalities": 0}
    row |= {"fatalities_unknown": 0, "complete": True, "years": 1.0}
    panel = pd.DataFrame([row | {"category": "Battles"}, row | {"category": "Riots"}])

    schema.PANEL.check(panel)
    with pytest.raises(SchemaError, match="repeat the key cvegeo, period"):
        schema.PANEL.check(panel.drop(columns="category"))


def test_word_outside_its_list_is_named():
    events = schema.EVENTS.empty()
    row = pd.DataFrame({"geo_precision": ["precise"]})
    events = pd.concat([events, row]).astype({"geo_precision": "str"})

    with pytest.raises(SchemaError, match="'geo_precision' holds 'precise'; it may hold exact"):
        schema.EVENTS.check(events)


def test_c11_geometry_in_another_crs_is_refused():
    with pytest.raises(CRSError, match=r"must be in EPSG:4326 .* not in EPSG:6372"):
        schema.EVENTS.check(schema.EVENTS.empty().to_crs("EPSG:6372"))
