"""The real file of UCDP GED against the counts that were made without `geo`."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

from geo.sources.events import Reading, read_events_with_ledger
from geo.steps.assign import assign_areas
from geo.steps.count import count_events
from tests import shared


@functools.cache
def reading() -> Reading:
    return read_events_with_ledger(shared.path("data/ucdp-ged-mexico.csv.gz"), keep="none")


@functools.cache
def located() -> pd.DataFrame:
    return assign_areas(reading().events)


def test_every_record_of_the_file_is_accounted_for():
    ledger = reading().ledger

    ledger.check(used=18_957)
    assert ledger.counts() == {"used": 18_957, "filtered": 0, "quarantined": 0}


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("02004", 2825),
        ("08037", 2684),
        ("25006", 839),
        ("12001", 762),
        ("11007", 550),
        ("11017", 382),
        ("11020", 368),
        ("19039", 359),
    ],
)
def test_plain_point_join_gives_the_reference_counts(code, events):
    assert (located()["point_cvegeo"] == code).sum() == events


def test_c6_seven_points_lie_outside_and_go_to_the_nearest_area():
    moved = located()[located()["assigned_by"] == "nearest"]
    inside = located()["point_cvegeo"].notna().sum() - len(moved)

    assert (len(moved), inside) == (7, 18_950)
    assert moved["distance_m"].between(200, 410).all()
    assert set(moved["cvegeo"]) == {"03008", "30114"}


def test_no_event_known_only_to_its_state_is_in_a_municipal_count():
    panel = count_events(located(), level="municipality", period="year")
    coarse = located()["geo_precision"].isin(["state", "fuzzy", "country", "water"])

    assert coarse.sum() == 1_048
    assert located().loc[coarse, "cvegeo"].isna().all()
    assert panel["events"].sum() == 18_957 - 1_048


def test_events_of_2023_count_for_a_state_where_one_is_known():
    year = located()[located()["event_date"].dt.year == 2023]

    assert (len(year), year["cve_ent"].notna().sum()) == (2_838, 2_833)
    # Fuzzy places without a named state would lift Michoacán from 4.67 to 4.69 per 100,000.
    assert (year["cve_ent"] == "16").sum() == 231
    assert np.isclose(231 / 4_950_601 * 1e5, 4.67, atol=0.005)
