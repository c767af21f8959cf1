from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import DataWarning, PeriodWarning, SchemaError, SettingsError
from geo.steps.hotspots import find_hotspots, gi_bins
from tests import toy

SIDE = 8
CODES = [f"25{number:03}" for number in range(1, SIDE * SIDE + 1)]
CORNER = CODES[2 * SIDE + 2]
BLOCK = {CODES[r * SIDE + c] for r in range(3) for c in range(3)}


def board():
    """Return the queen neighbors of a board of 8 x 8 municipalities."""
    pairs = [
        (CODES[a], CODES[b])
        for a in range(len(CODES))
        for b in range(len(CODES))
        if a != b and max(abs(a // SIDE - b // SIDE), abs(a % SIDE - b % SIDE)) == 1
    ]
    return pd.DataFrame(pairs, columns=["focal", "neighbor"], dtype="str")


def measures_of(rates, period="2024", **columns):
    frame = pd.DataFrame({"cvegeo": list(rates), "eb_rate": list(map(float, rates.values()))})
    frame = frame.assign(
        period=period, events=1, fatalities=0, fatalities_unknown=0, complete=True, years=1.0
    )
    return frame.assign(**columns).astype({**schema.PANEL.dtypes})


def hot_block(high=100.0, low=10.0):
    return {code: high if code in BLOCK else low + number % 3 for number, code in enumerate(CODES)}


def test_block_of_high_rates_is_a_hotspot_and_the_rest_is_none():
    hotspots = find_hotspots(measures_of(hot_block()), board()).set_index("cvegeo")

    schema.HOTSPOTS.check(hotspots.reset_index())
    # The inner corner of the block has more low areas around it than high ones: 4 of 9 high, so
    # z = (4 - 81 / 64) / (0.3476 * sqrt((64 * 9 - 81) / 63)) = 2.81, and q is near 0.03.
    assert hotspots.index[hotspots["gi_bin"] == 3].tolist() == sorted(BLOCK - {CORNER})
    assert hotspots.index[hotspots["gi_bin"] == 2].tolist() == [CORNER]
    assert (hotspots["gi_bin"] >= 0).all()
    assert (hotspots["q_value"] >= hotspots["p_analytic"]).all()


def test_block_of_low_rates_is_a_coldspot():
    hotspots = find_hotspots(measures_of(hot_block(high=0, low=100)), board())

    assert set(hotspots["cvegeo"][hotspots["gi_bin"] == -3]) == BLOCK - {CORNER}


def test_e12_bins_follow_q_and_not_p():
    z = np.array([9.0, -9.0, 3.0, 2.0, 1.0, np.nan])
    q = np.array([0.01, 0.011, 0.05, 0.10, 0.101, np.nan])

    assert gi_bins(z, q).tolist() == [3, -2, 2, 1, 0, pd.NA]


def test_e1_area_without_a_rate_is_not_tested_and_nobodys_neighbor():
    rates = hot_block()
    gone = CODES[9]
    with_gap = measures_of({**rates, gone: np.nan})

    hotspots = find_hotspots(with_gap, board()).set_index("cvegeo")

    assert hotspots.loc[gone, ["gi_star", "p_analytic", "q_value", "gi_bin"]].isna().all()
    without = find_hotspots(with_gap[with_gap["cvegeo"] != gone], board()).set_index("cvegeo")
    pd.testing.assert_frame_equal(hotspots.drop(gone), without, rtol=1e-12)


def test_e9_area_without_a_neighbor_is_not_tested_and_named():
    rates = {**hot_block(), "23001": 500.0}

    with pytest.warns(DataWarning, match="1 areas have no neighbor with a value.*: 23001"):
        hotspots = find_hotspots(measures_of(rates), board()).set_index("cvegeo")

    assert hotspots.loc["23001", ["gi_star", "p_analytic", "q_value", "gi_bin"]].isna().all()
    assert hotspots["q_value"].notna().sum() == 64


@pytest.mark.parametrize("rate", [0.0, 7.1])
def test_e8_equal_rates_are_not_defined_and_not_an_error(rate):
    hotspots = find_hotspots(measures_of(dict.fromkeys(CODES, rate)), board())

    schema.HOTSPOTS.check(hotspots)
    assert hotspots["gi_bin"].isna().all()
    assert hotspots["value"].tolist() == [rate] * 64


def test_e5_incomplete_period_is_left_out():
    both = pd.concat(
        [measures_of(hot_block()), measures_of(hot_block(), period="2025", complete=False)],
        ignore_index=True,
    )

    assert set(find_hotspots(both, board())["period"]) == {"2024"}


def test_e5_without_a_complete_period_there_is_nothing_to_test():
    with pytest.warns(PeriodWarning, match="no period is complete"):
        hotspots = find_hotspots(measures_of(hot_block(), complete=False), board())

    schema.HOTSPOTS.check(hotspots)
    assert len(hotspots) == 0


def test_each_period_and_category_is_tested_by_itself():
    quiet = {code: rate**0.5 for code, rate in hot_block().items()}
    maps = [
        measures_of(rates, period=period, category=category)
        for period, category, rates in [
            ("2023", "Battles", hot_block()),
            ("2024", "Battles", quiet),
            ("2024", "Riots", dict(reversed(hot_block().items()))),
        ]
    ]

    hotspots = find_hotspots(pd.concat(maps, ignore_index=True), board())

    alone = pd.concat([find_hotspots(one, board()) for one in maps], ignore_index=True)
    pd.testing.assert_frame_equal(hotspots, alone, rtol=1e-12)


def test_few_areas_are_told():
    measured = measures_of({toy.LEFT: 1, toy.MIDDLE: 5, toy.RIGHT: 9})

    with pytest.warns(DataWarning, match="fewer than 30 areas are tested in 1 of 1 maps"):
        find_hotspots(measured, toy.neighbors())


def test_a_map_of_zeros_is_told():
    events = [1] * 12 + [0] * 52

    with pytest.warns(DataWarning, match="more than 80% of the areas have no event in 1 of 1"):
        find_hotspots(measures_of(hot_block(), events=events), board())


@pytest.mark.parametrize(
    ("neighbors", "error", "message"),
    [
        pytest.param([("01", "02"), ("02", "01")], SettingsError, "no two", id="other level"),
        pytest.param([], SettingsError, "no two of the 64 areas", id="none"),
        pytest.param([(CODES[0], CODES[0])], SchemaError, CODES[0], id="its own neighbor"),
        pytest.param([(CODES[0], CODES[1])] * 2, SchemaError, "repeat the key", id="repeated"),
    ],
)
def test_neighbors_that_are_none_are_refused(neighbors, error, message):
    table = pd.DataFrame(neighbors, columns=["focal", "neighbor"], dtype="str")

    with pytest.raises(error, match=message):
        find_hotspots(measures_of(hot_block()), table)


def test_value_that_is_no_column_of_numbers_is_refused():
    measured = measures_of(hot_block())
    for value in ("rate", "cvegeo"):
        with pytest.raises(SettingsError, match=f"'{value}' is no column of numbers.*eb_rate"):
            find_hotspots(measured, board(), value=value)


def test_codes_of_neither_level_need_neighbors():
    with pytest.raises(SettingsError, match="neither states"):
        find_hotspots(measures_of({"A": 1, "B": 2}))


def test_empty_in_empty_out():
    hotspots = find_hotspots(schema.MEASURES.empty())

    schema.HOTSPOTS.check(hotspots)
    assert len(hotspots) == 0


def test_input_is_not_changed_and_index_is_kept():
    measured = measures_of(hot_block()).iloc[::-1]
    before = measured.copy(deep=True)

    hotspots = find_hotspots(measured, board())

    pd.testing.assert_frame_equal(measured, before)
    assert hotspots.index.equals(measured.index)


def test_shipped_neighbors_are_the_default():
    rates = {code: float(number) for number, code in enumerate(sorted(_all_municipalities()))}

    hotspots = find_hotspots(measures_of(rates))

    assert len(hotspots) == 2_465
    assert hotspots["gi_bin"].notna().all()  # no municipality is without a neighbor


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(0, 40) | st.just(np.nan), min_size=64, max_size=64),
    st.randoms(use_true_random=False),
)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_order_of_rows_changes_nothing_and_bins_agree_with_q(values, random):
    measured = measures_of(dict(zip(CODES, values, strict=True)))
    order = list(range(64))
    random.shuffle(order)

    hotspots = find_hotspots(measured, board())

    shuffled = find_hotspots(measured.iloc[order], board().iloc[::-1]).loc[measured.index]
    pd.testing.assert_frame_equal(shuffled, hotspots, check_exact=True)
    tested = hotspots.dropna(subset="gi_star")
    hot = tested["q_value"] <= 0.10
    assert (hot == (tested["gi_bin"] != 0)).all()
    assert (np.sign(tested["gi_star"])[hot] == np.sign(tested["gi_bin"])[hot]).all()


def _all_municipalities():
    from geo.sources.boundaries import area_codes

    return area_codes("municipality")["cvegeo"]
