from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import DataWarning, SettingsError
from geo.steps import neighborhood
from geo.steps.hotspots import find_hotspots
from geo.steps.moran import find_outliers, measure_clustering
from tests.board import BLOCK, CODES, board, hot_block, lone, measures_of

MIDDLE = CODES[27]


def outlier(rates):
    return find_outliers(measures_of(rates), board()).set_index("cvegeo").loc[MIDDLE]


def test_high_area_among_strikingly_low_ones_is_an_outlier():
    found = outlier(lone(around=0.0))

    assert found["quadrant"] == "HL"
    assert found["neighbor_mean"] == 0
    assert found["local_moran"] < 0
    assert found["p_value"] == 2 / 100_000  # no other eight of the 63 are all zero
    assert bool(found["is_outlier"])


def test_lone_extreme_area_among_ordinary_ones_is_high_among_low_and_no_significant_outlier():
    found = outlier(lone())

    assert found["quadrant"] == "HL"
    assert found["neighbor_mean"] == 11.5  # 10 + (1 + 3 + 0 + 2 + 1 + 3 + 0 + 2) / 8
    assert found["p_value"] > 0.1
    assert not found["is_outlier"]


def test_low_area_in_a_hot_block_is_an_outlier_of_the_other_kind():
    hole = CODES[9]
    rates = {**hot_block(), hole: 1.0}

    found = find_outliers(measures_of(rates), board()).set_index("cvegeo")

    assert found.loc[hole, ["quadrant", "is_outlier"]].tolist() == ["LH", True]
    # Those around it are alike: high among high, no outliers.
    assert set(found.loc[sorted(BLOCK - {hole}), "quadrant"]) <= {"HH", "HL"}
    assert found["is_outlier"].sum() == 1
    clusters = found.index[found["is_cluster"]]
    assert set(found.loc[clusters, "quadrant"]) == {"HH"}
    assert set(clusters) <= BLOCK - {hole}
    assert (found.loc[clusters, "q_value"] <= 0.05).all()


def test_what_hotspots_shuffled_outliers_do_not_shuffle_again(monkeypatch):
    asked = []
    shuffle = neighborhood.permutation_p
    monkeypatch.setattr(
        neighborhood,
        "permutation_p",
        lambda *given, **more: asked.append(given) or shuffle(*given, **more),
    )
    measured = measures_of({**hot_block(), CODES[0]: 8.25})

    first = find_hotspots(measured, board(), permutations=9_999)
    outliers = find_outliers(measured, board(), permutations=9_999)
    other = find_outliers(measured, board(), permutations=9_999, seed=1)

    assert len(asked) == 2
    assert first["p_value"].tolist() == outliers["p_value"].tolist() != other["p_value"].tolist()


def test_outliers_keep_their_contract_and_test_what_hotspots_test():
    measured = measures_of(hot_block())

    found, hotspots = find_outliers(measured, board()), find_hotspots(measured, board())

    schema.OUTLIERS.check(found)
    # The same draws of the same neighbors: one p for both (no area lies at the mean of the map).
    assert found["p_value"].tolist() == hotspots["p_value"].tolist()


def test_e1_e9_area_without_a_rate_or_a_neighbor_is_not_tested():
    rates = {**hot_block(), CODES[9]: np.nan, "23001": 500.0}

    with pytest.warns(DataWarning, match="no neighbor with a value"):
        found = find_outliers(measures_of(rates), board()).set_index("cvegeo")

    schema.OUTLIERS.check(found.reset_index())
    nothing = ["neighbor_mean", "local_moran", "p_value", "q_value", "quadrant", "is_outlier"]
    nothing.append("is_cluster")
    assert found.loc[[CODES[9], "23001"], nothing].isna().all(axis=None)
    # CODES[0] lost one of its three neighbors of 100; the mean is that of the other two.
    assert found.loc[CODES[0], "neighbor_mean"] == 100


def test_e8_equal_rates_have_no_outlier_and_empty_gives_empty():
    found = find_outliers(measures_of(dict.fromkeys(CODES, 3.0)), board())

    schema.OUTLIERS.check(found)
    assert found["is_outlier"].isna().all()
    schema.OUTLIERS.check(find_outliers(schema.MEASURES.empty()))


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.integers(0, 40) | st.just(np.nan), min_size=64, max_size=64),
    st.randoms(use_true_random=False),
)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_order_of_rows_changes_nothing_and_outliers_differ_from_their_neighbors(values, random):
    measured = measures_of(dict(zip(CODES, values, strict=True)))
    order = list(range(64))
    random.shuffle(order)

    found = find_outliers(measured, board(), permutations=999)

    shuffled = find_outliers(measured.iloc[order], board(), permutations=999)
    pd.testing.assert_frame_equal(shuffled.loc[measured.index], found, check_exact=True)
    outliers = found[found["is_outlier"].fillna(value=False)]
    mean = found["value"].mean()
    assert ((outliers["value"] > mean) != (outliers["neighbor_mean"] > mean)).all()


# --- the map as a whole -----------------------------------------------------------------------


def counts(events, people=1000.0, period="2024"):
    rates = dict(zip(CODES, events, strict=True))
    return measures_of(rates, period=period, events=list(events), exposure=people)


def test_events_in_one_half_are_clustered_and_their_shuffle_is_not():
    halves = [30] * 32 + [10] * 32
    mixed = np.random.default_rng(5).permutation(halves).tolist()

    table = measure_clustering(
        pd.concat([counts(halves), counts(mixed, period="2023")], ignore_index=True), board()
    )

    schema.CLUSTERING.check(table)
    assert table["period"].tolist() == ["2023", "2024"]
    assert table["events"].tolist() == [1280, 1280]
    assert table["areas"].tolist() == [64, 64]
    assert table.loc[1, "moran"] > 0.6
    assert table.loc[1, "p_greater"] == 1 / 10_000
    assert table.loc[0, "p_value"] > 0.05


def test_e1_areas_without_people_are_left_out_and_a_map_without_events_has_no_index():
    people = [np.nan, 0.0] + [1000.0] * 62
    measured = pd.concat(
        [counts(range(64), people=people), counts([0] * 64, period="2025")], ignore_index=True
    )

    table = measure_clustering(measured, board(), permutations=99).set_index("period")

    assert table.loc["2024", ["areas", "events"]].tolist() == [62, sum(range(2, 64))]
    assert table.loc["2025", "events"] == 0
    assert np.isnan(table.loc["2025", "moran"])


def test_global_test_without_permutations_is_refused():
    with pytest.raises(SettingsError, match="no other p"):
        measure_clustering(schema.MEASURES.empty(), permutations=0)
