"""What draws and writes takes results, or a query, and says what makes them."""

from __future__ import annotations

import pandas as pd
import pytest

import geo
from geo.errors import SettingsError
from geo.study.run import results_of
from tests import studies

TAKERS = {
    "EventMap": lambda given, _: geo.EventMap(given),
    "draw_map": lambda given, folder: geo.draw_map(given, folder / "a.png"),
    "draw_series": lambda given, folder: geo.draw_series(given, folder / "a.png"),
    "write_tables": lambda given, folder: geo.write_tables(given, folder / "a"),
    "write_qgis": lambda given, folder: geo.write_qgis(given, folder / "a"),
}


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("given", [pd.DataFrame({"x": [1]}), "events.csv"], ids=["table", "path"])
def test_what_is_no_result_is_refused_with_what_makes_one(taker, given, tmp_path):
    with pytest.raises(SettingsError, match=rf"not a {type(given).__name__}; geo.run_study makes"):
        TAKERS[taker](given, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_query_is_drawn_and_written_like_a_study(tmp_path):
    asked = geo.query(studies.sample().located).within("Colima").in_period(2024)

    picture = geo.draw_series(asked, tmp_path / "series.png")
    folder = geo.write_tables(asked, tmp_path / "tables", formats=["csv"])

    assert picture.read_bytes().startswith(b"\x89PNG")
    states = pd.read_csv(folder / "tables" / "measures_state.csv", dtype={"cvegeo": str})
    assert states.set_index("cvegeo").loc["06", "events"] == asked.count()


def test_results_are_shown_in_a_few_lines():
    results = studies.sample()

    lines = repr(results).splitlines()

    assert lines[0] == f"Results of “{results.title['en']}”"
    assert lines[1] == results.summary()
    assert lines[2].startswith(f"{len(results.tables)} tables (.tables), ")
    assert len(lines) == 3
    assert results_of(results) is results
