from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.errors import SettingsError
from geo.study import run_study
from geo.study.atlas import HOTSPOT_SPAN, OUTLIERS
from geo.study.attempts import Attempts
from geo.study.layers import Made, make_layers
from geo.study.locating import locate_events
from geo.study.settings import Study
from geo.study.telling import silent
from tests import studies, toy

CULIACAN = (-107.394, 24.809)


def test_nothing_is_made_unless_it_is_asked_for():
    results = studies.sample()

    assert (results.emerging, results.scan, results.surface) == (None, None, None)
    assert not {"emerging_municipality", "scan_clusters", "scan_areas"} & set(results.tables)


def test_what_is_asked_for_is_made_of_quarters_and_stands_among_the_tables():
    results = studies.layered()

    emerging = results.emerging
    assert (emerging.kind, emerging.first, emerging.last) == ("quarter", "2022-Q1", "2024-Q4")
    assert emerging.periods == 12
    schema.EMERGING.check(emerging.table)
    assert (results.scan.first, results.scan.last) == ("2022-Q1", "2024-Q4")
    schema.SCAN_CLUSTERS.check(results.tables["scan_clusters"])
    pd.testing.assert_series_equal(
        results.tables["emerging_municipality"]["pattern"], emerging.table["pattern"]
    )
    # The planted story: more events in Sinaloa from the second half of 2024 on.
    first = results.scan.clusters.iloc[0]
    assert first["center"].startswith("25")
    assert (first["first"], first["last"]) == ("2024-Q3", "2024-Q4")
    assert results.manifest["settings"]["layers"] == ["emerging", "scan", "density"]


def test_density_is_of_the_window_of_comparison():
    events = toy.events(
        *[CULIACAN] * 40,
        event_date=[f"{2023 + at % 2}-{1 + at % 12:02}-03" for at in range(40)],
    )
    results = run_study(
        events, base=2023, comparison=2024, permutations=0, layers=["density"],
        data_through="2024-12-31",
    )  # fmt: skip

    assert results.surface.window == "2024"
    assert results.surface.events == 20
    assert results.scan is None


def test_layer_that_a_step_refuses_is_left_out_with_the_reason():
    events = toy.events(*[CULIACAN] * 3, event_date=["2024-01-02", "2024-02-02", "2024-03-02"])
    results = run_study(events, permutations=0, layers="emerging", data_through="2024-03-31")

    assert results.emerging is None
    assert "10 complete periods" in results.not_done["emerging"]
    assert any("layer 'emerging' could not be made" in one for one in results.warnings)


def test_few_quarters_are_looked_at_by_month():
    events = toy.events(
        *[CULIACAN] * 24, event_date=[f"{2023 + at // 12}-{1 + at % 12:02}-03" for at in range(24)]
    )
    found = locate_events(events, permutations=0, layers=["emerging"], data_through="2024-12-31")
    with pytest.warns(UserWarning, match="no event"):
        made = make_layers(found, silent, Attempts())

    assert (made.emerging.kind, made.emerging.periods) == ("month", 24)


def test_layer_that_there_is_not_is_refused():
    with pytest.raises(SettingsError, match="layers = 'heat': choose emerging, scan, density"):
        Study.of({"events": "a.csv", "layers": ["scan", "heat"]})
    with pytest.raises(SettingsError, match="points = 'all': choose none, coarse, exact"):
        Study.of({"events": "a.csv", "points": "all"})
    assert Study.of({"events": "a.csv", "layers": "scan"}).layers == ("scan",)
    assert Made().tables() == {}


def test_outliers_of_a_window_are_those_of_the_study_in_its_year():
    results = studies.sample()
    table = results.tables["outliers_municipality"]
    codes = list(results.atlas.levels["municipality"].codes)

    for year, at in (("2023", 23), ("2024", 35)):
        rows = table[table["period"] == year].set_index("cvegeo").loc[codes]
        sure = (rows["is_outlier"] | rows["is_cluster"]).to_numpy(dtype=bool)
        expected = np.where(sure, rows["quadrant"], "none")
        found = results.atlas.levels["municipality"].outlier[:, at]
        assert [OUTLIERS[int(one)] for one in found] == expected.tolist()
    assert np.isnan(results.atlas.levels["municipality"].outlier[:, : HOTSPOT_SPAN - 1]).all()
    assert results.atlas.levels["state"].outlier is None
