"""Hotspots, outliers and emerging labels where exposure says which areas are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo import schema
from geo.steps.emerging import draws_of_cube, find_emerging
from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers
from tests.board import measures_of

SIDE = 12
CODES = [f"20{number:03}" for number in range(1, SIDE * SIDE + 1)]
HOT = {CODES[r * SIDE + c] for r in range(3) for c in range(3)}
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
FEW = {"permutations": 9_999}


def board():
    """Return the ``NEIGHBORS`` table of 144 areas: three groups of 48."""
    pairs = [
        (CODES[a], CODES[b])
        for a in range(len(CODES))
        for b in range(len(CODES))
        if a != b and max(abs(a // SIDE - b // SIDE), abs(a % SIDE - b % SIDE)) == 1
    ]
    return pd.DataFrame(pairs, columns=["focal", "neighbor"], dtype="str")


def people():
    """Return exposures that grow from the first row to the last."""
    return np.arange(1, 145) * 1000.0


def rates(seed=5, hot=()):
    rng = np.random.default_rng(seed)
    return {code: rng.uniform(9, 11) + 90 * (code in hot) for code in CODES}


def measured(values=None, **columns):
    return measures_of(values or rates(), **{"exposure": people(), **columns})


def test_rates_that_differ_by_size_alone_are_no_hotspots():
    towns = {code: rate + 50 * (n >= 96) for n, (code, rate) in enumerate(rates().items())}
    known, unknown = measured(towns), measures_of(towns)

    by_size, by_all = (find_hotspots(table, board(), **FEW) for table in (known, unknown))

    # The last four rows are towns: the upper third, and one group.
    assert (by_all["gi_bin"] != 0).sum() > 60
    assert (by_size["gi_bin"] != 0).sum() == 0
    assert find_outliers(known, board(), **FEW)["is_outlier"].sum() == 0


def test_places_that_are_high_for_their_size_are_found():
    hotspots = find_hotspots(measured(rates(hot=HOT)), board()).set_index("cvegeo")

    middle = hotspots.loc[CODES[SIDE + 1]]
    # 8 of its neighbors are the 8 high ones of 47 others: C(47, 8) ways; no draw has them.
    assert middle["p_value"] == 2 / 100_000
    assert middle["gi_bin"] == 3
    assert set(hotspots.index[hotspots["gi_bin"] > 0]) <= HOT | {
        code for code in CODES[: 4 * SIDE] if int(code) % SIDE in (1, 2, 3, 4)
    }


def test_outliers_test_what_hotspots_test():
    table = measured(rates(hot=HOT - {CODES[SIDE + 1]}))

    outliers, hotspots = find_outliers(table, board()), find_hotspots(table, board())

    assert outliers["p_value"].tolist() == hotspots["p_value"].tolist()
    assert outliers.set_index("cvegeo").loc[CODES[SIDE + 1], "quadrant"] == "LH"
    assert outliers.set_index("cvegeo").loc[CODES[SIDE + 1], "is_outlier"]


def test_counts_change_places_among_areas_as_populous():
    towns = dict(zip(CODES, (people() / 1000).round(), strict=True))
    table = measured(rates(), events=[int(towns[code]) for code in CODES])

    by_size = find_hotspots(table, board(), value="events", **FEW)
    by_all = find_hotspots(table.drop(columns="exposure"), board(), value="events", **FEW)

    # Counts in step with people: a hotspot of people only, weaker where the like change places.
    assert (by_all["q_value"] <= 0.05).sum() > 2 * (by_size["q_value"] <= 0.05).sum()


@pytest.mark.parametrize(
    "exposure", [pytest.param(7.0, id="equal"), pytest.param(np.nan, id="not known")]
)
def test_without_an_exposure_to_tell_them_apart_all_areas_change_places(exposure):
    values = rates(hot=HOT)

    found = find_hotspots(measured(values, exposure=exposure), board(), **FEW)

    plain = find_hotspots(measures_of(values), board(), **FEW)
    assert found["p_value"].tolist() == plain["p_value"].tolist()


def test_order_of_rows_changes_nothing():
    table = measured(rates(hot=HOT))
    order = np.random.default_rng(1).permutation(len(table))
    for find in (find_hotspots, find_outliers):
        found = find(table, board(), **FEW)
        turned = find(table.iloc[order], board().iloc[::-1], **FEW).loc[table.index]
        pd.testing.assert_frame_equal(found, turned, check_exact=True)


def cube(hot_months=(), months=MONTHS):
    return pd.concat(
        [
            measured(rates(n, hot=HOT if month in hot_months else ()), period=month, years=1 / 12)
            for n, month in enumerate(months)
        ],
        ignore_index=True,
    )


def test_what_emerges_is_found_and_nothing_elsewhere():
    found = find_emerging(cube(MONTHS[-3:]), board()).set_index("cvegeo")

    schema.EMERGING.check(found.reset_index())
    assert found.loc[CODES[SIDE + 1], ["pattern", "hot_periods"]].tolist() == [
        "consecutive hotspot",
        3,
    ]
    assert (found["cold_periods"] == 0).all()
    assert set(found.loc[CODES[60:], "pattern"]) == {"no pattern"}


def test_month_in_which_all_places_are_high_has_no_place_that_is():
    table = cube()
    table.loc[table["period"] == MONTHS[-1], "eb_rate"] += 50

    found = find_emerging(table, board(), **FEW)

    assert set(found["pattern"]) == {"no pattern"}
    assert found["last_gi_star"].min() > 2  # against all months each is high


def test_e8_month_in_which_all_rates_are_equal_is_tested_and_has_nothing():
    table = cube(MONTHS[-4:-1])
    table.loc[table["period"] == MONTHS[-1], "eb_rate"] = 10.0

    found = find_emerging(table, board()).set_index("cvegeo")

    assert set(found["periods"]) == {24}
    assert set(found["last_q_value"]) == {1.0}
    assert set(found["pattern"]) == {"no pattern"}


def test_more_draws_are_made_where_a_single_place_could_not_pass():
    # 2 / 100,000 x 2,500 is 0.05: with one test more it is not reached.
    assert draws_of_cube(99_999, 2_500) == 99_999
    assert draws_of_cube(99_999, 2_501) == 999_999
    assert draws_of_cube(0, 88_740) == 0
