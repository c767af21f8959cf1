from __future__ import annotations

import pandas as pd
import pytest

from geo import schema
from geo.errors import SchemaError
from geo.sources.boundaries import area_codes
from geo.steps.hotspots import find_hotspots
from geo.steps.nearest import changed_verdicts, nearest_areas
from tests.board import measures_of

ANALYTIC = {"permutations": 0}
CULIACAN = "25006"


def country(hot):
    return measures_of(
        {code: 100.0 if code in hot else 1.0 for code in area_codes("municipality")["cvegeo"]}
    )


def test_nearest_areas_are_neighbors_both_ways_and_eight_at_least():
    pairs = nearest_areas("municipality")

    schema.NEIGHBORS.check(pairs)
    assert pairs["focal"].nunique() == 2_465
    assert pairs.groupby("focal").size().min() == 8
    both = set(zip(pairs["focal"], pairs["neighbor"], strict=True))
    assert both == {(neighbor, focal) for focal, neighbor in both}


def test_nothing_is_listed_where_every_verdict_holds():
    measured = country(hot={code for code in area_codes()["cvegeo"] if code < "16"})
    hotspots = find_hotspots(measured, nearest_areas(), **ANALYTIC)

    changed = changed_verdicts(measured, hotspots, **ANALYTIC)

    schema.CHANGED_VERDICTS.check(changed)
    assert len(changed) == 0


def test_area_that_is_hot_with_shared_borders_only_is_listed_with_both_verdicts():
    measured = country(hot={CULIACAN})
    hotspots = find_hotspots(measured, **ANALYTIC)
    touching = set(hotspots["cvegeo"][hotspots["gi_bin"] > 0])
    again = find_hotspots(measured, nearest_areas(), **ANALYTIC)
    near = set(again["cvegeo"][again["gi_bin"] > 0])
    assert touching != near  # else nothing is tested here

    changed = changed_verdicts(measured, hotspots, **ANALYTIC).set_index("cvegeo")

    assert set(changed.index) == touching ^ near
    for code in touching - near:
        assert changed.loc[code, ["verdict", "nearest_verdict"]].tolist() == ["hotspot", "neither"]
    assert (changed["verdict"] != changed["nearest_verdict"]).all()


def test_hotspots_of_other_measures_are_refused():
    measured = country(hot={CULIACAN})
    hotspots = find_hotspots(measured, **ANALYTIC)

    with pytest.raises(SchemaError, match="2464 rows that are not the 2465 rows"):
        changed_verdicts(measured, hotspots.iloc[1:], **ANALYTIC)
    with pytest.raises(SchemaError, match="give the table that find_hotspots made"):
        changed_verdicts(measured, hotspots.assign(period="2023"), **ANALYTIC)


def test_verdicts_do_not_hang_on_the_order_of_the_rows():
    measured = country(hot={CULIACAN})
    hotspots = find_hotspots(measured, **ANALYTIC)

    changed = changed_verdicts(measured, hotspots, **ANALYTIC)

    turned = changed_verdicts(measured.iloc[::-1], hotspots.iloc[::-1], **ANALYTIC)
    pd.testing.assert_frame_equal(changed, turned)
