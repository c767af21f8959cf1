from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import periods, schema
from geo.errors import PeriodError, PeriodWarning
from geo.steps.surge import find_surges


def weekly(counts, *, incomplete=0, kind="acled-week"):
    """Return a ``PANEL`` of weeks from lists of events by area."""
    length = len(next(iter(counts.values())))
    last = pd.Timestamp("2023-01-07") + pd.Timedelta(weeks=length - 1)
    labels = periods.calendar(kind, "2023-01-07", last)["period"]
    parts = [
        pd.DataFrame({"cvegeo": code, "period": labels, "events": events})
        for code, events in counts.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    table["fatalities"] = table["fatalities_unknown"] = 0
    table["complete"] = ~table["period"].isin(labels[length - incomplete :])
    table["years"] = 7 / 365
    return table.astype(schema.PANEL.dtypes)


def surges(panel):
    table = find_surges(panel)
    schema.SURGES.check(table)
    return table.set_index(["cvegeo", "rule"])


def month(*events):
    with pytest.warns(PeriodWarning, match="too few for week against year and month against year"):
        table = surges(weekly({"25": list(events)}))
    return table.loc[("25", "week against month")]


@pytest.mark.parametrize(
    ("before", "now", "level", "flag", "guarded"),
    [
        pytest.param([3, 3, 3, 3], 6, "large increase", True, False, id="twice as many"),
        pytest.param([3, 3, 3, 3], 5, "large increase", False, False, id="less than twice"),
        pytest.param([10] * 4, 12, "moderate increase", False, False, id="+20 %"),
        pytest.param([10] * 4, 11, "limited change", False, False, id="+10 % is limited"),
        pytest.param([8] * 4, 10, "moderate increase", False, False, id="+25 % is moderate"),
        pytest.param([8] * 4, 6, "limited change", False, False, id="-25 % is limited"),
        pytest.param([10] * 4, 7, "large decrease", False, False, id="-30 %"),
        pytest.param([0, 1, 0, 0], 1, "limited change", False, True, id="E7 one event for one"),
        pytest.param([2] * 4, 5, "limited change", True, True, id="mean of 2, 5 now"),
        pytest.param([2] * 4, 6, "large increase", True, False, id="mean of 2, 6 now"),
        pytest.param([1, 1, 1, 0], 9, "large increase", False, True, id="mean below one"),
        pytest.param([0] * 4, 0, "limited change", False, True, id="E8 nothing at all"),
    ],
)
def test_levels_and_flags_follow_the_rules_and_their_guards(before, now, level, flag, guarded):
    row = month(*before, now)

    assert (row["level"], row["flag"], row["guarded"]) == (level, flag, guarded)
    assert (row["events"], row["base_events"]) == (now, sum(before))


def test_interval_stands_beside_the_flag_and_tells_a_doubling_by_chance():
    row = month(3, 3, 3, 3, 6)

    assert row["ratio"] == pytest.approx(2)
    # Clopper and Pearson for 6 of 18: 0.13343 and 0.59008; the odds times four.
    assert row["ratio_low"] == pytest.approx(0.6159, abs=1e-4)
    assert row["ratio_high"] == pytest.approx(5.7579, abs=1e-4)
    assert row["p_value"] > 0.05


def test_e6_without_an_event_before_there_is_a_lower_limit_and_no_flag():
    row = month(0, 0, 0, 0, 9)

    assert (row["ratio"], row["ratio_high"]) == (np.inf, np.inf)
    assert row["ratio_low"] > 1
    assert (row["level"], row["flag"]) == ("large increase", False)


def test_month_is_compared_with_the_52_weeks_before_it():
    table = surges(weekly({"25": [5] * 52 + [10] * 4, "10": [5] * 56}))

    threat = table.loc[("25", "month against year")]
    assert (threat["events"], threat["base_events"], threat["base_weeks"]) == (40, 260, 52)
    assert threat["ratio"] == pytest.approx(2)
    assert threat["flag"]
    assert pd.isna(threat["level"])
    year = table.loc[("25", "week against year")]
    assert (year["events"], year["base_events"]) == (10, 5 * 49 + 30)
    assert (year["level"], year["flag"]) == ("large increase", False)
    assert not table.loc["10"]["flag"].any()


def test_e5_week_that_is_not_over_is_left_out():
    with pytest.warns(PeriodWarning):
        table = surges(weekly({"25": [3, 3, 3, 3, 9, 1]}, incomplete=1))

    assert table["events"].tolist() == [9]
    assert table["period"].tolist() == ["2023-02-04"]


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        pytest.param(weekly({"25": [1] * 4}), "4 complete weeks", id="too short"),
        pytest.param(weekly({"25": [1] * 5}).drop(index=2), "gap after", id="gap"),
        pytest.param(
            weekly({"25": [1] * 5}).assign(period=[f"2023-0{n}" for n in range(1, 6)]),
            "2023-01 is no week",
            id="months",
        ),
    ],
)
def test_panel_that_is_no_series_of_weeks_is_refused(panel, said):
    with pytest.raises(PeriodError, match=said):
        find_surges(panel.astype(schema.PANEL.dtypes))
