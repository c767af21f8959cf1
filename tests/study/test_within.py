"""A study of a source that covers a part of the country: elsewhere is not asked, never zero."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from click.testing import CliRunner

import geo
from geo.cli import main
from geo.errors import AreaError, GeoWarning, SettingsError
from geo.study import locate_events

COLUMNS = {"event_date": "fecha", "longitude": "x", "latitude": "y"}
HOW = {"columns": COLUMNS, "geo_precision": "exact", "time_precision": "day"}
CULIACAN, DURANGO = (-107.39123, 24.80912), (-104.65342, 24.02345)


def table(*, in_sinaloa=40, in_durango=0):
    points = [CULIACAN] * in_sinaloa + [DURANGO] * in_durango
    days = pd.date_range("2023-01-05", periods=len(points), freq="17D")
    return pd.DataFrame(
        {
            "fecha": days.strftime("%Y-%m-%d"),
            "x": [x + at * 0.0012345 for at, (x, _) in enumerate(points)],
            "y": [y for _, y in points],
        }
    )


def study(given, **settings):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeoWarning)
        return geo.run_study(given, **HOW, **settings)


def told(given, **settings):
    return [text for text in locate_events(given, **HOW, **settings).warnings if "lie in" in text]


def test_events_of_one_state_alone_are_told_with_the_cure():
    [said] = told(table())

    assert "all 40 events with a state lie in Sinaloa" in said
    assert '--within "Sinaloa"' in said


@pytest.mark.parametrize(
    ("given", "settings"),
    [
        pytest.param(table(in_durango=1), {}, id="a second state"),
        pytest.param(table(in_sinaloa=29), {}, id="few"),
        pytest.param(table(), {"within": "Sinaloa"}, id="kept to the state"),
        pytest.param(
            table().assign(tipo="a"),
            {"filters": {"event_types": ["a"]}, "columns": {**COLUMNS, "event_type": "tipo"}},
            id="chosen by what they are",
        ),
    ],
)
def test_other_events_are_not_told_so(given, settings):
    found = locate_events(given, **{**HOW, **settings})

    assert not [text for text in found.warnings if "lie in" in text]


def test_an_area_that_a_study_is_not_kept_to_is_not_asked_for():
    found = study(table(in_durango=3), within=["Sinaloa"])

    rates = found.tables["measures_state"].query("period == '2023'").set_index("cvegeo")
    assert rates.loc["25", "events"] == 22
    assert rates.loc["25", "crude_rate"] > 0
    assert rates.drop("25")["crude_rate"].isna().all()
    assert found.ledger.reasons().set_index("reason").loc["not_asked", "records"] == 3
    assert found.ledger.physical == 43
    assert found.settings.public()["filters"]["query"]["es"] == "eventos en Sinaloa"


def test_it_is_the_study_of_a_query_of_the_area():
    events = geo.read_events(table(in_durango=3), **HOW)

    kept, asked = (
        study(table(in_durango=3), within="25"),
        geo.run_study(geo.query(geo.assign_areas(events)).within("25")),
    )

    pd.testing.assert_frame_equal(
        kept.tables["measures_municipality"], asked.tables["measures_municipality"]
    )


def test_what_cannot_be_kept_to_an_area_is_refused(tmp_path):
    events = geo.read_events(table(), **HOW)
    table().to_csv(tmp_path / "e.csv", index=False)

    with pytest.raises(SettingsError, match="ask the query"):
        geo.run_study(geo.query(events), within="Sinaloa")
    with pytest.raises(SettingsError, match="read in batches"):
        study(tmp_path / "e.csv", within="Sinaloa", work=tmp_path / "kept")
    with pytest.raises(AreaError, match="Sinaloa"):
        study(table(), within="Sinalao")


def test_the_command_keeps_a_study_to_an_area(tmp_path):
    table(in_durango=3).to_csv(tmp_path / "e.csv", index=False)
    call = ["map", str(tmp_path / "e.csv"), "-o", str(tmp_path / "m.html"), "--within", "Sinaloa"]
    call += [f"--column={name}={column}" for name, column in COLUMNS.items()]

    said = CliRunner().invoke(main, [*call, "--geo-precision=exact", "--time-precision=day"])

    assert said.exit_code == 0, said.output
    assert "m.html: 40 events" in said.output
