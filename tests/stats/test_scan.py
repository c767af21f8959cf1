from __future__ import annotations

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import SettingsError
from geo.stats import scan_search
from geo.stats.scan import ScanSettings, scan_permutation, scan_poisson
from geo.stats.scan_cylinders import Windows, log_likelihood_ratio
from geo.stats.scan_peaks import Peaks
from geo.stats.scan_search import Search, Zones
from tests import shared

NO_CHANCE = ScanSettings(replicates=0)


def rng(seed=20240909):
    return np.random.default_rng(seed)


def table(name, area):
    """Return the rows of a shared CSV file and the names of its areas in their order."""
    with shared.path(f"oracles/{name}").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return rows, list(dict.fromkeys(row[area] for row in rows))


def cube(rows, names, area, period, value):
    """Return a column of a long table as (area, period)."""
    periods = sorted({int(row[period]) for row in rows})
    filled = np.full((len(names), len(periods)), np.nan)
    for row in rows:
        filled[names.index(row[area]), periods.index(int(row[period]))] = float(row[value])
    return filled


def places(rows, names, area, x, y):
    """Return a point of each area in meters, from kilometers or from any other unit."""
    found = {row[area]: (1000 * float(row[x]), 1000 * float(row[y])) for row in rows}
    return np.array([found[name] for name in names]).T


def check_cluster(cluster, known, names, nsim):
    """Compare a cluster with a published or independently made one."""
    allowed = shared.oracle("kulldorff_scan")["tolerance"]
    assert {names[place] for place in cluster.areas} == set(known["areas"])
    assert cluster.observed == known["observed"]
    assert cluster.expected == pytest.approx(known["expected"], rel=allowed["expected_rel"])
    assert cluster.llr == pytest.approx(known["llr"], rel=allowed["llr_rel"])
    if "center" in known:
        assert names[cluster.center] == known["center"]
    if "relative_risk_inside_outside" in known:
        assert cluster.relative_risk == pytest.approx(
            known["relative_risk_inside_outside"], rel=1e-9
        )
    p = known["p_approx"]
    # Two simulations are compared: theirs of nsim, and ours.
    both = 3 * math.sqrt(p * (1 - p) * (1 / nsim + 1 / 199)) + 1 / nsim + 1 / 199
    assert cluster.p_value == pytest.approx(p, abs=both)


def check_scan(found, known, names):
    assert found.total == known["total_cases"]
    check_cluster(found.clusters[0], known["most_likely"], names, known["nsim"])
    for cluster, secondary in zip(found.clusters[1:], known["secondary"], strict=False):
        check_cluster(cluster, secondary, names, known["nsim"])
    assert len(found.clusters) > len(known["secondary"])


def test_likelihood_ratio_agrees_with_the_table():
    oracle = shared.oracle("kulldorff_scan")
    for row in oracle["llr_table"]:
        found = log_likelihood_ratio(row["c"], row["e"], row["C"])
        assert found == pytest.approx(row["llr"], rel=oracle["tolerance"]["llr_rel"])


def test_scan_of_six_areas_agrees_with_the_exhaustive_one():
    tiny = shared.oracle("kulldorff_scan")["tiny"]
    x, y = np.array(tiny["x"]) * 1000, np.array(tiny["y"])

    found = scan_poisson(
        tiny["cases"], tiny["pop"], x, y, rng=rng(), settings=ScanSettings(replicates=199)
    )

    check_scan(found, tiny["result"], tiny["ids"])
    assert len(found.clusters) == 1


@pytest.mark.parametrize(
    ("name", "share", "expected"),
    [
        pytest.param("unadjusted", 0.5, "population", id="unadjusted"),
        pytest.param("adjusted", 0.5, "expected_adjusted", id="adjusted"),
        pytest.param("unadjusted_max10pct", 0.1, "population", id="at most a tenth"),
    ],
)
def test_lung_cancer_of_pennsylvania_has_the_clusters_of_spatialepi(name, share, expected):
    known = shared.oracle("kulldorff_scan")["pennlc"][name]
    rows, names = table("scan_pennlc.csv", "county")
    column = {
        key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "county"
    }

    found = scan_poisson(
        column["cases"],
        column[expected],
        column["x_km"] * 1000,
        column["y_km"] * 1000,
        population=column["population"],
        settings=ScanSettings(max_share=share, replicates=199),
        rng=rng(),
    )

    check_scan(found, known, names)


@pytest.mark.parametrize(
    ("name", "csv_name", "area", "period"),
    [
        pytest.param("new_mexico", "scan_new_mexico.csv", "county", "year", id="New Mexico"),
        pytest.param("space_time_made_up", "scan_spacetime_s.csv", "area", "period", id="made up"),
    ],
)
def test_scans_in_space_and_time_find_the_published_clusters(name, csv_name, area, period):
    known = shared.oracle("kulldorff_scan")[name]
    rows, names = table(csv_name, area)
    cases = cube(rows, names, area, period, "cases")
    people = cube(rows, names, area, period, "population")
    x, y = places(rows, names, area, "x", "y")
    small = ScanSettings(replicates=199)

    flat = scan_poisson(cases.sum(axis=1), people.sum(axis=1), x, y, settings=small, rng=rng())
    check_scan(flat, known["purely_spatial"], names)

    whole = scan_poisson(cases, people, x, y, settings=small, rng=rng()).clusters[0]
    check_cluster(whole, known["space_time"], names, known["space_time"]["nsim"])
    # The oracle counts periods from 1.
    assert whole.first + 1 == known["space_time"]["start_index"]
    assert whole.last + 1 == known["space_time"]["end_index"]

    if "prospective" in known:
        alive = scan_poisson(
            cases, people, x, y, settings=ScanSettings(replicates=199, prospective=True), rng=rng()
        ).clusters[0]
        check_cluster(alive, known["prospective"], names, known["prospective"]["nsim"])
        assert alive.last == cases.shape[1] - 1


def test_prospective_scan_does_not_see_what_is_over():
    cases = np.array([[1, 9, 1, 1], [1, 1, 1, 3], [1, 1, 1, 1]])
    where = [0, 10_000, 20_000], [0, 0, 0]

    past = scan_poisson(cases, np.ones((3, 4)), *where, settings=NO_CHANCE, rng=rng())
    now = scan_poisson(
        cases, np.ones((3, 4)), *where, rng=rng(),
        settings=ScanSettings(replicates=0, prospective=True),
    )  # fmt: skip

    assert (past.clusters[0].areas.tolist(), past.clusters[0].first) == ([0], 1)
    assert (now.clusters[0].areas.tolist(), now.clusters[0].first) == ([1], 3)
    assert np.isnan(now.clusters[0].p_value)


def test_permutation_model_is_blind_to_what_is_always_so():
    # The first area has ten times the cases, the third month twice; the second area flares up.
    steady = np.array([[40, 40, 80, 40], [4, 4, 8, 4], [4, 4, 8, 4]])
    flare = steady.copy()
    flare[1, 3] += 12
    where = [0, 10_000, 30_000], [0, 0, 0]

    assert scan_permutation(steady, *where, rng=rng(), settings=NO_CHANCE).clusters == ()
    found = scan_permutation(flare, *where, rng=rng(), settings=ScanSettings(replicates=99))
    first = found.clusters[0]
    assert (first.areas.tolist(), first.first, first.last) == ([1], 3, 3)
    # 32 cases of the area times 60 of the month, of 252.
    assert (first.observed, first.expected) == (16, pytest.approx(32 * 60 / 252))
    assert first.p_value == 0.01


def test_a_circle_takes_areas_in_order_of_distance_up_to_the_share():
    line = np.array([[0.0, 0], [0, 0], [3, 0], [4, 0], [50, 0]])

    zones = Zones.around(line, np.array([1.0, 1, 2, 2, 4]), max_share=0.5)

    assert zones.order[0, : zones.size[0]].tolist() == [0, 1, 2]
    # On the same spot, each area is its own center.
    assert zones.order[1, : zones.size[1]].tolist() == [1, 0, 2]
    assert zones.order[4, : zones.size[4]].tolist() == [4]
    few = Zones.around(line, np.ones(5), max_share=1, max_areas=2)
    assert few.order.shape == (5, 2)


def test_equally_far_areas_are_taken_in_their_order():
    # Forty areas of one town and one outside of it, which has all of them at one distance.
    points = np.array([[0.0, 0.0]] * 40 + [[500.0, 0.0]])

    zones = Zones.around(points, np.ones(41), max_share=1)

    assert zones.order[40].tolist() == [40, *range(40)]
    assert zones.order[7].tolist() == [7, *range(7), *range(8, 41)]


def test_an_area_above_the_share_is_the_center_of_no_circle():
    found = scan_poisson(
        [90, 1, 1], [60, 20, 20], [0, 1_000, 2_000], [0, 0, 0], settings=NO_CHANCE, rng=rng()
    )

    assert found.clusters == ()


def test_clusters_share_no_area_and_fall_in_order():
    random = rng()
    cases = random.poisson(5, 40) + np.array([25] * 3 + [0] * 34 + [20] * 3)
    x = np.arange(40.0) * 1_000

    found = scan_poisson(cases, np.ones(40), x, x * 0, rng=random, settings=NO_CHANCE)

    used = np.concatenate([cluster.areas for cluster in found.clusters])
    assert len(used) == len(set(used.tolist()))
    heights = [cluster.llr for cluster in found.clusters]
    assert heights == sorted(heights, reverse=True)
    assert set(found.clusters[0].areas.tolist()) == {0, 1, 2}
    assert set(found.clusters[1].areas.tolist()) == {37, 38, 39}


def test_all_cases_inside_have_an_infinite_relative_risk():
    found = scan_poisson(
        [9, 0, 0], [1, 1, 1], [0, 1_000, 9_000], [0, 0, 0], settings=NO_CHANCE, rng=rng()
    )

    first = found.clusters[0]
    assert (first.observed, first.relative_risk) == (9, math.inf)
    assert first.llr == pytest.approx(9 * math.log(3))


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        pytest.param([0, 0, 0], [1, 1, 1], id="no cases"),
        pytest.param([2, 2, 2], [1, 1, 1], id="nowhere more than expected"),
        pytest.param([[0, 0], [0, 0], [0, 0]], np.ones((3, 2)), id="no cases in time"),
        pytest.param([2], [1], id="one area"),
    ],
)
def test_e8_where_nothing_stands_out_there_is_no_cluster(cases, expected):
    n = len(cases)

    found = scan_poisson(
        cases, expected, np.arange(n), np.zeros(n), rng=rng(), settings=ScanSettings(replicates=9)
    )

    assert found.clusters == ()


def test_areas_without_people_and_cases_change_nothing():
    where = np.array([0, 1_000, 2_000, 3_500, 7_000, 8_000.0])
    cases, people = np.array([8, 6, 3, 1, 1, 1]), np.full(6, 1000.0)

    plain = scan_poisson(cases, people, where, where * 0, rng=rng(), settings=NO_CHANCE)
    more = scan_poisson(
        np.append(cases, 0),
        np.append(people, 0),
        np.append(where, 90_000),
        np.zeros(7),
        rng=rng(),
        settings=NO_CHANCE,
    )

    assert more.clusters[0].llr == pytest.approx(plain.clusters[0].llr)
    assert more.clusters[0].areas.tolist() == plain.clusters[0].areas.tolist()


def test_early_stopping_tells_how_many_replicates_were_made():
    random = rng()
    cases, x = random.poisson(8, 20), np.arange(20.0) * 1_000
    settings_ = ScanSettings(replicates=999, stop_after=5)

    chance = scan_poisson(cases, np.ones(20), x, x * 0, rng=random, settings=settings_)

    first = chance.clusters[0]
    assert chance.stopped_early
    assert (chance.maxima >= first.llr - 1e-9).sum() == 5
    assert chance.maxima[-1] >= first.llr - 1e-9
    assert first.p_value == 5 / len(chance.maxima)
    assert len(chance.maxima) < 999

    cases[:3] += 40
    clear = scan_poisson(cases, np.ones(20), x, x * 0, rng=random, settings=settings_)
    assert (clear.stopped_early, len(clear.maxima)) == (False, 999)
    assert clear.clusters[0].p_value == 0.001


def test_e11_batches_threads_and_early_stopping_leave_the_replicates_as_they_are(monkeypatch):
    random = rng()
    cases = random.poisson(3, (15, 6))
    x, y = random.uniform(0, 50_000, (2, 15))

    def maxima(**change):
        found = scan_poisson(
            cases, np.ones((15, 6)), x, y, rng=rng(7),
            settings=ScanSettings(replicates=60, **change),
        )  # fmt: skip
        return found.maxima

    plain = maxima()
    np.testing.assert_allclose(maxima(workers=2), plain, rtol=1e-12)
    stopped = maxima(stop_after=3)
    np.testing.assert_allclose(stopped, plain[: len(stopped)], rtol=1e-12)
    monkeypatch.setattr(scan_search, "_BATCH", 7)
    monkeypatch.setattr(scan_search, "_CACHE", 50)
    monkeypatch.setattr(scan_search, "_BLOCK", 2)
    np.testing.assert_allclose(maxima(), plain, rtol=1e-12)


def test_the_scan_tells_how_far_it_is():
    told = []

    scan_poisson(
        [3, 1, 2], [1, 1, 1], [0, 1_000, 5_000], [0, 0, 0], rng=rng(),
        settings=ScanSettings(replicates=9), progress=lambda *said: told.append(said),
    )  # fmt: skip

    assert told[-1] == ("scan", 27, 27)


@pytest.mark.parametrize(
    ("cases", "expected", "message"),
    [
        pytest.param([1.5, 1], [1, 1], "no whole numbers", id="E15 fractional"),
        pytest.param([1, np.nan], [1, 1], "1 of 2 counts", id="missing"),
        pytest.param([1, -1], [1, 1], "negative", id="negative"),
        pytest.param([1, 1], [1, np.nan], "1 of 2 expected", id="E1 exposure missing"),
        pytest.param([1, 1], [1, 0], "1 of 2 counts are above zero where", id="E2 exposure zero"),
        pytest.param([1, 1], [1], "must agree", id="shapes"),
        pytest.param([1, 1, 1], [1, 1, 1], "of 3 areas, 2 points", id="points"),
        pytest.param(np.ones((2, 2, 2)), np.ones((2, 2, 2)), "3 axes", id="axes"),
        pytest.param([2**31, 1], [1, 1], "more than a scan can count", id="E15 too many"),
    ],
)
def test_cases_that_cannot_be_scanned_are_refused(cases, expected, message):
    with pytest.raises(SettingsError, match=message):
        scan_poisson(cases, expected, [0, 1_000], [0, 0], rng=rng())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"max_share": 0}, r"\(0, 1\]", id="no share"),
        pytest.param({"max_areas": 0}, "max_areas must be 1", id="no area"),
        pytest.param({"stop_after": 0}, "stop_after must be 1", id="stop at once"),
        pytest.param({"replicates": -1}, "0 or more", id="fewer than none"),
    ],
)
def test_scan_settings_that_mean_nothing_are_refused(change, message):
    with pytest.raises(SettingsError, match=message):
        ScanSettings(**change)


def test_the_permutation_model_needs_periods():
    with pytest.raises(SettingsError, match="area, period"):
        scan_permutation([1, 2], [0, 1], [0, 0], rng=rng())


def test_e10_circles_and_replicates_above_the_memory_limit_are_refused(monkeypatch):
    monkeypatch.setattr(scan_search, "MEMORY_LIMIT", 1_500)
    ten = np.arange(10.0) * 1_000

    with pytest.raises(SettingsError, match="set max_areas"):
        scan_poisson(np.ones(10), np.ones(10), ten, ten, rng=rng())
    with pytest.raises(SettingsError, match="one replicate of 10 areas and 90 periods"):
        scan_poisson(
            np.ones((10, 90)), np.ones((10, 90)), ten, ten, rng=rng(),
            settings=ScanSettings(max_areas=2),
        )  # fmt: skip


patterns = st.tuples(st.integers(2, 7), st.integers(1, 6), st.booleans(), st.integers(0, 2**32 - 1))


@settings(max_examples=40)
@given(patterns)
def test_the_fast_search_finds_the_maximum_that_looking_at_every_cylinder_finds(pattern):
    n, periods, ending, seed = pattern
    random = rng(seed)
    points = random.uniform(0, 1e5, (n, 2))
    expected = random.lognormal(0, 1, (n, 1)) * random.uniform(0.5, 1, (n, periods))
    total = int(random.integers(1, 300))
    expected *= total / expected.sum()
    zones = Zones.around(points, expected.sum(axis=1), max_share=0.6)
    longest = max(periods // 2, 1)
    search = Search(zones, Windows(periods, longest, ending or periods == 1), expected, total)
    chance = expected.ravel() / expected.sum()
    replicates = [random.multinomial(total, chance).reshape(n, periods) for _ in range(5)]

    *_, (_, best) = search.maxima(search.store(replicates))

    is_open = np.arange(zones.order.shape[1]) < zones.size[:, np.newaxis]
    for cases, found in zip(replicates, best, strict=True):
        highest = 0.0
        for center in range(n):
            for size in range(1, zones.size[center] + 1):
                here = zones.order[center, :size]
                for first in range(periods):
                    for last in range(first, min(first + longest, periods)):
                        if search.windows.ending and last != periods - 1:
                            continue
                        part = np.ix_(here, range(first, last + 1))
                        ratio = log_likelihood_ratio(cases[part].sum(), expected[part].sum(), total)
                        highest = max(highest, float(ratio))
        assert found == pytest.approx(highest, rel=1e-9, abs=1e-9)
        assert Peaks.of(search, cases).highest(is_open)[0] == pytest.approx(
            highest, rel=1e-9, abs=1e-9
        )


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.permutations(range(9)))
def test_names_and_order_of_areas_change_no_likelihood_ratio(seed, order):
    random, order = rng(seed), np.array(order)
    x, y = random.uniform(0, 1e5, (2, 9))
    people, cases = random.lognormal(0, 1, 9), random.poisson(4, 9)

    here = scan_poisson(cases, people, x, y, settings=NO_CHANCE, rng=rng())
    there = scan_poisson(
        cases[order], people[order], x[order], y[order], settings=NO_CHANCE, rng=rng()
    )

    assert [cluster.llr for cluster in there.clusters] == pytest.approx(
        [cluster.llr for cluster in here.clusters], rel=1e-9
    )
    for one, other in zip(here.clusters, there.clusters, strict=True):
        assert set(order[other.areas].tolist()) == set(one.areas.tolist())


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_p_values_of_the_scan_are_uniform_under_chance(model):
    random = rng()
    x, y = random.uniform(0, 1e5, (2, 12))
    people = random.lognormal(0, 0.7, 12)[:, np.newaxis] * np.ones(6)
    chance = (people / people.sum()).ravel()
    p = []
    for _ in range(120):
        cases = random.multinomial(240, chance).reshape(12, 6)
        small = ScanSettings(replicates=39, clusters=1)
        if model == "poisson":
            found = scan_poisson(cases, people, x, y, settings=small, rng=random)
        else:
            found = scan_permutation(cases, x, y, settings=small, rng=random)
        p.append(found.clusters[0].p_value)

    # Of 120 uniform ones, 12 +- 3.3 lie at or below 0.1 and 60 +- 5.5 at or below 0.5.
    assert 3 <= sum(value <= 0.1 for value in p) <= 22
    assert 43 <= sum(value <= 0.5 for value in p) <= 77
    assert 0.42 <= np.mean(p) <= 0.59


def test_a_planted_cluster_is_found_where_and_when_it_is():
    random = rng()
    x, y = random.uniform(0, 1e6, (2, 120))
    people = random.lognormal(9, 1, 120)[:, np.newaxis] * np.ones(12)
    here = np.argsort(np.hypot(x - x[5], y - y[5]))[:6]
    risk = np.ones((120, 12))
    risk[np.ix_(here, range(4, 8))] = 3
    cases = random.poisson(40_000 * people / people.sum() * risk)

    found = scan_poisson(
        cases, people, x, y, settings=ScanSettings(replicates=99, max_areas=40), rng=random
    )

    first = found.clusters[0]
    assert set(first.areas.tolist()) == set(here.tolist())
    assert (first.first, first.last, first.p_value) == (4, 7, 0.01)
