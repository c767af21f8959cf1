from __future__ import annotations

import numpy as np
import pytest

from geo.stats.reliability import (
    has_few_events,
    has_small_population,
    is_reliable,
    relative_standard_error,
)
from tests.shared import oracle


@pytest.mark.parametrize(
    ("events", "population", "reliable"),
    [
        pytest.param(20, 10_000, True, id="just enough of both"),
        pytest.param(19, 10_000, False, id="too few events"),
        pytest.param(20, 9_999, False, id="too few people"),
        pytest.param(0, 1_000_000, False, id="no events"),
        pytest.param(50, np.nan, False, id="E1 people not known"),
        pytest.param(50, 3, False, id="E2 three people"),
    ],
)
def test_e7_reliable_is_20_events_and_10_000_people(events, population, reliable):
    assert is_reliable([events], [population]).tolist() == [reliable]


def test_flags_agree_with_the_oracle():
    for row in oracle("reliability_flags")["cases"]:
        expected = np.nan if row["rse_percent"] is None else row["rse_percent"] / 100
        assert relative_standard_error(row["events"]) == pytest.approx(
            expected, rel=1e-12, nan_ok=True
        )
        assert has_few_events(row["events"]) == (row["flag"] != "ok")
        assert has_small_population(row["population"]) == row["small_population"]
