"""Kulldorff's scan of tables: which clusters, how sure, and what is refused."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import AreaError, DataWarning, ExposureWarning, PeriodError, SettingsError
from geo.steps.scan import find_clusters
from geo.study.part import measured, study_part
from tests.steps.series import measures

CODES = ("25006", "25001", "25003", "10001", "25002", "10039")
KM = (0, 1, 2, 3.5, 7, 8)


def places(codes=CODES, east_km=KM):
    """Return points in a row, on the central meridian's parallel, about so far east."""
    return pd.DataFrame({"cvegeo": codes, "lon": [-102 + km / 103 for km in east_km], "lat": 22.0})


def row_of_places(*counts, **how):
    """Return measures of the places in a row, as many people in each."""
    return measures(dict(zip(CODES, counts, strict=True)), **how)


def scan(table, **how):
    asked = {"max_shares": [0.5], "replicates": 0, "places": places(), **how}
    return find_clusters(table, **asked)


def first(found):
    return found.clusters.iloc[0]


# --- what is found ----------------------------------------------------------------------------


def test_spatial_scan_finds_the_cluster_worked_out_by_hand():
    # 20 events, 6 places of as many people, 3.33 expected in each. The first two: 14 for 6.67,
    # LLR 14 ln(14 / 6.667) + 6 ln(6 / 13.333) = 10.387 - 4.791 = 5.596.
    found = scan(row_of_places([8], [6], [3], [1], [1], [1]), over="space")

    best = first(found)
    assert (best["center"], best["areas"], best["observed"]) == ("25006", 2, 14)
    assert best["expected"] == pytest.approx(20 / 3)
    assert best["llr"] == pytest.approx(5.596, abs=0.001)
    # 2.1 times as expected inside, 0.45 times outside.
    assert best["relative_risk"] == pytest.approx(2.1 / 0.45)
    assert np.isnan(best["p_value"])
    members = found.areas[found.areas["rank"] == 1]
    assert members["cvegeo"].tolist() == ["25001", "25006"]
    assert members["observed"].tolist() == [6, 8]
    assert members["expected"].tolist() == pytest.approx([10 / 3, 10 / 3])
    assert members["distance_km"].tolist() == pytest.approx([1, 0], abs=0.02)


def test_space_takes_all_periods_as_one():
    together = scan(row_of_places([8], [6], [3], [1], [1], [1]), over="space")
    split = scan(row_of_places([3, 5], [6, 0], [1, 2], [1, 0], [0, 1], [1, 0]), over="space")

    assert first(split)["llr"] == pytest.approx(first(together)["llr"])
    assert (first(split)["first"], first(split)["last"]) == ("2022-01", "2022-02")
    assert (split.periods, split.first, split.last) == (2, "2022-01", "2022-02")


def test_cluster_in_time_is_found_where_it_begins_and_where_it_ends():
    quiet = [1, 1, 1, 1, 1, 1]
    found = scan(row_of_places([1, 1, 9, 9, 1, 1], quiet, quiet, quiet, quiet, quiet))

    best = first(found)
    assert (best["center"], best["areas"]) == ("25006", 1)
    assert (best["first"], best["last"], best["observed"]) == ("2022-03", "2022-04", 18)
    assert best["expected"] == pytest.approx(52 * 2 / 36)


def test_prospective_scan_sees_only_what_goes_on_in_the_last_period():
    quiet = [1, 1, 1, 1, 1, 1]
    past = [1, 1, 30, 1, 1, 1]
    found = scan(row_of_places(past, quiet, quiet, quiet, quiet, [1, 1, 1, 1, 6, 6]),
                 over="prospective")  # fmt: skip

    assert set(found.clusters["last"]) == {"2022-06"}
    assert (first(found)["center"], first(found)["first"]) == ("10039", "2022-05")


def test_place_that_is_always_high_is_no_cluster_of_the_permutation_model():
    high, quiet = [9, 9, 9, 9], [1, 1, 1, 1]
    table = row_of_places(high, quiet, quiet, quiet, quiet, quiet)

    assert scan(table, model="permutation", max_shares=[0.9]).clusters.empty
    assert first(scan(table))["center"] == "25006"


def test_prospective_scan_finds_the_story_planted_in_the_sample():
    found = find_clusters(
        sample(), over="prospective", max_shares=[0.1], max_areas=100, replicates=19
    )

    best = first(found)
    assert best["center"].startswith("25")
    assert (best["first"], best["last"]) == ("2024-09", "2024-12")
    assert best["relative_risk"] > 5
    assert best["p_value"] == pytest.approx(1 / 20)
    members = found.areas[found.areas["rank"] == 1]
    sinaloa = members["cvegeo"].str.startswith("25")
    assert "25006" in set(members["cvegeo"])
    assert members["observed"][sinaloa].sum() > 0.9 * best["observed"]


def test_permutation_model_finds_the_planted_story_without_a_population():
    panel = sample()[list(schema.PANEL.dtypes)]

    found = find_clusters(
        panel, over="prospective", model="permutation", max_shares=[0.1], replicates=0
    )

    # Its circle may be drawn around a place across the gulf, so the events are looked at.
    members = found.areas[found.areas["rank"] == 1]
    sinaloa = members["cvegeo"].str.startswith("25")
    assert members["observed"][sinaloa].sum() > 0.8 * first(found)["observed"]
    assert first(found)["first"] == "2024-09"


def test_areas_without_an_event_take_no_part_in_the_permutation_model():
    table = row_of_places([1, 1, 6], [2, 2, 0], [0, 0, 0], [0, 0, 0], [3, 3, 3], [0, 0, 0])
    busy = table[table["cvegeo"].isin(["25006", "25001", "25002"])]

    found = scan(table, model="permutation", max_shares=[0.9])

    assert found.scanned == 3
    same(found, scan(busy, model="permutation", max_shares=[0.9]))


@functools.cache
def sample():
    found, table = study_part(
        "sample", lambda found, days: measured(found, days, "municipality"), period="month"
    )
    assert found.made_up
    return table


# --- laws -------------------------------------------------------------------------------------

counts = st.lists(
    st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=6, max_size=6
).filter(lambda rows: sum(map(sum, rows)) > 0)


def same(one, other):
    pd.testing.assert_frame_equal(one.clusters, other.clusters)
    pd.testing.assert_frame_equal(one.areas, other.areas)


@given(counts, st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_result_does_not_depend_on_the_order_of_rows(rows, random):
    table = row_of_places(*rows)
    shuffled = table.sample(frac=1, random_state=random.randrange(2**31))
    towns = places().sample(frac=1, random_state=random.randrange(2**31))

    same(
        scan(table, max_shares=(0.5, 0.3), replicates=9),
        scan(shuffled, max_shares=(0.5, 0.3), replicates=9, places=towns),
    )


@given(counts, st.permutations(CODES))
@settings(max_examples=12, deadline=None)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_likelihood_ratio_does_not_depend_on_the_names_of_the_areas(rows, names):
    renamed = dict(zip(CODES, names, strict=True))
    table = row_of_places(*rows)
    found = scan(table)

    again = scan(
        table.assign(cvegeo=table["cvegeo"].map(renamed).astype("str")),
        places=places(codes=names),
    )

    # Where two cylinders are as likely, the lower code goes first, so only the first is compared.
    highest = [float(one.clusters["llr"].max()) for one in (found, again) if len(one.clusters)]
    assert len(highest) in (0, 2)
    if highest:
        assert highest[0] == pytest.approx(highest[1])


@given(counts)
@settings(max_examples=12, deadline=None)
@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_areas_of_a_cluster_add_up_to_it_and_belong_to_no_other(rows):
    found = scan(row_of_places(*rows), max_shares=(0.5, 0.2))

    schema.SCAN_CLUSTERS.check(found.clusters)
    schema.SCAN_AREAS.check(found.areas)
    keys = ["share_limit", "rank"]
    summed = found.areas.groupby(keys)[["observed", "expected"]].sum()
    whole = found.clusters.set_index(keys)
    assert (summed["observed"] == whole["observed"].reindex(summed.index)).all()
    assert np.allclose(summed["expected"], whole["expected"].reindex(summed.index))
    assert not found.areas.duplicated(["share_limit", "cvegeo"]).any()
    # Six places of as many people: a fifth of them is one, half of them three.
    assert whole["areas"].max() <= 3 if len(whole) else True
    assert (whole.loc[whole.index.get_level_values(0) == 0.2, "areas"] == 1).all()


def test_threads_and_seed_leave_the_clusters_alone_and_the_seed_sets_p():
    table = row_of_places([2, 1], [3, 1], [1, 2], [1, 3], [1, 1], [2, 1])
    one = scan(table, over="space", replicates=199)

    same(one, scan(table, over="space", replicates=199, workers=2))
    other = scan(table, over="space", replicates=199, seed=7)
    drop = ["p_value", "p_dispersed"]
    pd.testing.assert_frame_equal(
        one.clusters.drop(columns=drop), other.clusters.drop(columns=drop)
    )


def test_p_of_a_plain_map_is_like_any_other_number():
    # Under chance p is uniform: of 40 maps 2 have one up to 0.05; 8 or more are rare.
    rng = np.random.default_rng(20240909)
    found = []
    for _ in range(40):
        drawn = rng.multinomial(60, np.full(6, 1 / 6))
        clusters = scan(row_of_places(*[[n] for n in drawn]), over="space", replicates=39).clusters
        found.append(clusters["p_value"].iloc[0] if len(clusters) else 1.0)

    assert sum(p <= 0.05 for p in found) <= 7
    assert 0.35 < np.mean(found) < 0.75


# --- dispersion -------------------------------------------------------------------------------


def test_counts_in_bursts_are_said_and_make_p_larger():
    rng = np.random.default_rng(3)
    burst = [list(5 * rng.poisson(0.6, 12)) for _ in CODES]

    with pytest.warns(DataWarning, match=r"vary 4\.\d times as much as independent events"):
        found = scan(row_of_places(*burst), replicates=99)

    assert found.dispersion == pytest.approx(found.clusters["dispersion"].iloc[0])
    assert (found.clusters["p_dispersed"] >= found.clusters["p_value"]).all()
    assert first(found)["p_value"] == 0.01
    assert first(found)["p_dispersed"] > 0.03


def test_single_period_has_no_dispersion_and_no_p_as_dispersed():
    found = scan(row_of_places([8], [6], [3], [1], [1], [1]), over="space", replicates=9)

    assert np.isnan(found.dispersion)
    assert found.clusters["p_dispersed"].isna().all()
    assert found.clusters["p_value"].notna().all()


# --- nothing, and what is refused -------------------------------------------------------------


def test_no_rows_give_empty_tables_with_their_types():
    found = find_clusters(schema.MEASURES.empty())

    assert (found.scanned, found.events, found.first) == (0, 0, "")
    assert found.clusters.dtypes.equals(schema.SCAN_CLUSTERS.empty().dtypes)
    assert found.areas.dtypes.equals(schema.SCAN_AREAS.empty().dtypes)


@pytest.mark.parametrize("over", ["space", "space-time", "prospective"])
@pytest.mark.parametrize("n", [0, 2])
def test_equal_counts_everywhere_have_no_cluster(over, n):
    found = scan(row_of_places(*[[n, n]] * 6), over=over, replicates=9)

    assert found.clusters.empty
    assert found.events == 12 * n


def test_incomplete_periods_are_not_scanned():
    table = row_of_places(*[[1, 1, 40]] * 6, incomplete=1)

    assert (scan(table).last, scan(table).events) == ("2022-02", 12)


def test_areas_without_people_are_left_out_and_said():
    table = row_of_places([8, 1], [6, 1], [3, 1], [1, 1], [1, 1], [1, 1])
    table.loc[(table["cvegeo"] == "25006") & (table["period"] == "2022-02"), "exposure"] = np.nan
    table.loc[table["cvegeo"] == "25001", "exposure"] = 0.0

    with pytest.warns(ExposureWarning, match="2 areas with 16 events are not scanned.*25001"):
        found = scan(table)

    assert (found.scanned, found.events) == (4, 10)
    assert scan(table, model="permutation").events == 26


def test_months_that_do_not_follow_one_another_are_refused():
    table = row_of_places(*[[1, 1, 1]] * 6)

    with pytest.raises(PeriodError, match="after 2022-01 a complete period is missing"):
        scan(table[table["period"] != "2022-02"])


def test_missing_row_is_refused():
    table = row_of_places(*[[1, 1]] * 6)

    with pytest.raises(SettingsError, match="1 of 12 areas x periods are missing"):
        scan(table.iloc[1:])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        pytest.param({"over": "time"}, "'time' is no scan", id="over"),
        pytest.param({"model": "bernoulli"}, "'bernoulli' is no model", id="model"),
        pytest.param({"model": "permutation", "over": "space"}, "cannot scan space", id="both"),
        pytest.param({"max_shares": []}, "one or several different shares", id="no share"),
        pytest.param({"max_shares": [0.5, 0.5]}, "different shares", id="same share twice"),
        pytest.param({"max_shares": [2]}, "max_share must lie in", id="share above 1"),
        pytest.param({"most_minutes": 0}, "most_minutes must be above 0", id="no time"),
        pytest.param({"places": places().drop(columns="lat")}, "no 'lat'", id="no latitude"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(how, said):
    with pytest.raises(SettingsError, match=said):
        scan(row_of_places(*[[1, 2]] * 6), **how)


def test_one_period_has_no_runs_of_periods():
    with pytest.raises(PeriodError, match=r"needs two complete periods, and there is one"):
        scan(row_of_places(*[[1]] * 6))


def test_period_that_is_not_complete_leaves_nothing_to_scan():
    with pytest.raises(PeriodError, match="no period is complete"):
        scan(row_of_places(*[[1]] * 6, incomplete=1))


def test_category_is_refused():
    with pytest.raises(SettingsError, match="one category at a time"):
        scan(row_of_places(*[[1, 2]] * 6).assign(category="Battles"))


def test_poisson_model_without_exposure_is_refused():
    panel = row_of_places(*[[1, 2]] * 6)[list(schema.PANEL.dtypes)]

    with pytest.raises(SettingsError, match="no column 'exposure'"):
        scan(panel)


def test_area_without_a_point_is_refused():
    with pytest.raises(AreaError, match="1 areas have no point, the first is '25006'"):
        scan(row_of_places(*[[1, 2]] * 6), places=places().iloc[1:])


def test_scan_that_would_take_hours_is_refused_before_it_begins_with_an_estimate():
    told = []

    with pytest.raises(
        SettingsError, match=r"2,465 areas x 36 periods .* about [\d,]+ minutes"
    ) as e:
        find_clusters(sample(), replicates=9_999, progress=lambda *a: told.append(a))

    assert "over='prospective'" in str(e.value)
    assert "max_areas" in str(e.value)
    assert told == []


def test_progress_reaches_its_end():
    told = []

    scan(
        row_of_places([8], [6], [3], [1], [1], [1]),
        over="space",
        replicates=19,
        progress=lambda *step: told.append(step),
    )

    assert {stage for stage, _, _ in told} == {"scan"}
    assert told[-1][1] == told[-1][2]
