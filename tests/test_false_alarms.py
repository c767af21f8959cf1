"""How often each default test claims something where nothing is: as often as its level says.

200 samples without a story, seeds 1 to 200, all of them for every test. The states of all samples
are areas of one long table, so that a step is called once for twenty samples. The tests that take
minutes are in ``benchmarks/false_alarms.py``, with what they gave.

Bands are those of the binomial law for 200 samples: 10 alarms are expected at 5 %, and 3 to 18 are
found with a probability of 0.992 (:func:`test_band_has_the_probability_that_is_stated`). Seeds are
fixed, so that a test fails because the code changed and not by bad luck. Local tests, which take
longer, are asked about the first 100 samples, emerging labels about four.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import geo
from benchmarks.false_alarms import FOCUS, calm_events, measure_sample
from geo import schema
from geo.stats.disproportion import overdispersed_disproportion
from geo.stats.eb_moran import eb_moran
from geo.stats.fisher import fisher_p
from geo.stats.multiple import benjamini_hochberg
from geo.stats.placebos import placebos_in_space, placebos_in_time
from geo.steps.neighborhood import links_of

SAMPLES = 200
BATCH = 20
STATES = [f"{number:02}" for number in range(1, 33)]
FEW = 3
MANY = 18
PLACES = 100
MANY_PLACES = 11
DAYS = {"data_from": "2022-01-01", "data_through": "2024-12-31"}
AFTER = np.arange(36) >= 24


class Samples(NamedTuple):
    """What 200 samples give; states lie in the order of samples and then of codes."""

    change: pd.DataFrame
    measures: pd.DataFrame
    targeted: np.ndarray
    by_town: np.ndarray


@pytest.fixture(scope="module")
def samples():
    towns = geo.load_population("municipality")["cvegeo"].drop_duplicates().sort_values()
    places = pd.Index(towns)
    people = geo.load_population("state")
    people = people[people["year"].between(2022, 2024)]
    exposure = geo.load_exposure("state", period="month", first="2022-01-01", last="2024-12-31")
    span = {"first": "2022", "last": "2024", "data_through": "2024-12-31"}
    changes, measured, targeted, by_town = [], [], [], []
    for start in range(1, SAMPLES + 1, BATCH):
        seeds = range(start, start + BATCH)
        parts = []
        for seed in seeds:
            part = calm_events(seed)
            late = part.loc[part["event_date"].dt.year == 2024, "cvegeo"]
            by_town.append(np.bincount(places.get_indexer(late), minlength=len(places)))
            parts.append(part.assign(cve_ent=of_sample(seed, part["cve_ent"])))
        located = pd.concat(parts, ignore_index=True)
        located["event_id"] = located.index.astype("str")
        codes = pd.DataFrame({"cvegeo": [f"{s:03}-{c}" for s in seeds for c in STATES]})
        repeated = [
            pd.concat([t.assign(cvegeo=of_sample(seed, t["cvegeo"])) for seed in seeds])
            for t in (people, exposure)
        ]
        changes.append(
            geo.compare_windows(
                located, base=2023, comparison=2024, areas=codes, population=repeated[0], **DAYS
            )
        )
        panel = geo.count_events(located, level="state", period="month", areas=codes, **span)
        measured.append(geo.add_rates(panel, repeated[1]))
        kinds = geo.count_events(
            located, level="state", period="month", areas=codes, category="civilian_targeting",
            **span,
        )  # fmt: skip
        targeted.append(
            kinds.loc[kinds["category"] == "True", "events"].to_numpy().reshape(len(codes), 36)
        )
    return Samples(
        pd.concat(changes, ignore_index=True),
        pd.concat(measured, ignore_index=True),
        np.concatenate(targeted),
        np.array(by_town),
    )


def of_sample(seed, codes):
    return (f"{seed:03}-" + codes).astype("str")


def of_focus(table):
    return table[table["cvegeo"].str.endswith(f"-{FOCUS}")]


def by_sample(values):
    """Return the values of states, samples x states."""
    return np.reshape(np.asarray(values, dtype=float), (SAMPLES, len(STATES)))


def events_of(samples):
    return samples.measures["events"].to_numpy(dtype=float).reshape(SAMPLES, len(STATES), 36)


def alarms(p):
    return int(np.sum(np.asarray(p, dtype=float) <= 0.05))


def test_band_has_the_probability_that_is_stated():
    ten = stats.binom(SAMPLES, 0.05)

    assert ten.cdf(MANY) - ten.cdf(FEW - 1) == pytest.approx(0.992, abs=0.001)


def test_change_of_a_state_is_claimed_as_often_as_its_level_says(samples):
    p = by_sample(samples.change["quasi_p"])
    q = benjamini_hochberg(p)

    assert FEW <= alarms(of_focus(samples.change)["quasi_p"]) <= MANY
    # 6,400 states: a standard error of 0.3 %. A little cautious, as months that happen to be
    # alike do not make a change surer (least_dispersion).
    assert 0.038 < alarms(p) / p.size < 0.055
    # At most 5 % of samples with any: 10, and 18 with a probability of 0.995.
    assert np.sum((q <= 0.05).any(axis=1)) <= MANY


def test_exact_p_alone_would_claim_far_too_much(samples):
    p = by_sample(samples.change["p_value"])

    # Counts have more than twice the variance of independent events here: why the other is first.
    assert alarms(p) / p.size > 0.10
    assert np.mean((benjamini_hochberg(p) <= 0.05).any(axis=1)) > 0.4


def test_disproportion_is_claimed_as_often_as_its_level_says(samples):
    events = events_of(samples).reshape(-1, 36)[:, 12:]
    targeted = samples.targeted[:, 12:]
    after = AFTER[12:]

    quasi = overdispersed_disproportion(targeted, events - targeted, after=after).p
    exact = fisher_p(
        category_base=targeted[:, ~after].sum(axis=1),
        category_comparison=targeted[:, after].sum(axis=1),
        rest_base=(events - targeted)[:, ~after].sum(axis=1),
        rest_comparison=(events - targeted)[:, after].sum(axis=1),
    )

    # Shares of independent events vary as chance has it, and the floor of the dispersion makes
    # the first cautious: 3 % as in quasi_poisson_ratio. The second is exact, hence below 5 %.
    assert 0.025 < alarms(quasi) / np.sum(~np.isnan(quasi)) < 0.045
    assert 0.03 < alarms(exact) / exact.size <= 0.05
    assert alarms(by_sample(quasi)[:, STATES.index(FOCUS)]) <= MANY


def test_break_is_found_in_few_series_that_have_none(samples):
    focus = of_focus(samples.measures)

    breaks = geo.find_breaks(focus, rng=np.random.default_rng(1))

    # No level is promised, the price of a break (3 log 36) has none; it works out at 3 to 5 %.
    assert breaks["cvegeo"].nunique() <= MANY


def test_trend_is_claimed_as_often_as_its_level_says(samples):
    trends = geo.find_trends(of_focus(samples.measures))

    assert FEW <= alarms(trends["p_value"]) <= MANY
    assert stats.kstest(trends["p_value"], "uniform").pvalue > 0.01


@pytest.mark.parametrize("term", ["level", "slope", "pre-trend"])
def test_date_that_is_none_is_claimed_as_often_as_its_level_says(terms, term):
    assert len(terms) == SAMPLES * 3
    p = terms.loc[terms["term"] == term, "p_value"]

    assert FEW <= alarms(p) <= MANY
    assert stats.kstest(p, "uniform").pvalue > 0.01


@pytest.fixture(scope="module")
def terms(samples):
    focus = of_focus(samples.measures)
    found = [
        geo.interrupt_series(rows, code, event_date="2024-01-01").terms
        for code, rows in focus.groupby("cvegeo")
    ]
    whole = pd.concat(found)
    return whole[whole["term"].isin(["level", "slope", "pre-trend"])]


def test_sinaloa_is_first_of_the_placebos_as_often_as_any_state(samples):
    events = events_of(samples)
    exposure = samples.measures["exposure"].to_numpy(dtype=float).reshape(events.shape)
    given = {"focus": np.array(STATES) == FOCUS, "after": AFTER}

    space = [placebos_in_space(n, t, **given) for n, t in zip(events, exposure, strict=True)]
    time = [placebos_in_time(n, t, **given) for n, t in zip(events, exposure, strict=True)]

    # 31 placebos: p up to 0.05 is the first rank alone, 1 / 32 of 200 = 6; 0 to 14 in 0.998.
    assert alarms([found.p for found in space]) <= 14
    assert stats.kstest([found.p for found in space], "uniform").statistic < 0.12
    # 13 dates: no p below 1 / 14, so never a claim at 5 %; the first rank in 1 of 14 to 1 of 7.
    assert alarms([found.p for found in time]) == 0
    assert 5 <= sum(found.rank == 1 for found in time) <= 28


def test_clustering_of_the_map_is_claimed_as_often_as_its_level_says(samples):
    people = geo.load_population("municipality")
    people = people[people["year"] == 2024].sort_values("cvegeo")
    links = links_of(pd.Index(people["cvegeo"]), None)

    found = eb_moran(
        samples.by_town,
        np.broadcast_to(people["population"].to_numpy(), samples.by_town.shape),
        links,
        permutations=199,
        rng=np.random.default_rng(1),
    )

    assert FEW <= alarms(found.p_value) <= MANY
    assert stats.kstest(found.p_value, "uniform").pvalue > 0.01


@pytest.fixture(scope="module")
def places(samples):
    """Measures of the municipalities in 2024: each of the first 100 samples is a period."""
    people = geo.load_population("municipality")
    people = people[people["year"] == 2024].sort_values("cvegeo")
    labels = [str(1800 + number) for number in range(PLACES)]
    table = pd.DataFrame(
        {
            "cvegeo": np.tile(people["cvegeo"].to_numpy(), PLACES),
            "period": np.repeat(labels, len(people)),
            "events": samples.by_town[:PLACES].ravel(),
            "fatalities": 0,
            "fatalities_unknown": 0,
            "complete": True,
            "years": 1.0,
        }
    ).astype({**schema.PANEL.dtypes})
    lived = np.tile(people["population"].to_numpy(dtype=float), PLACES)
    exposure = table[["cvegeo", "period", "years"]].assign(
        population=lived, exposure=lived, origin="given"
    )
    return geo.add_rates(table, exposure)


def test_second_band_has_the_probability_that_is_stated():
    five = stats.binom(PLACES, 0.05)

    assert five.cdf(MANY_PLACES) == pytest.approx(0.996, abs=0.001)


@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_hotspots_and_outliers_are_claimed_no_oftener_than_their_level_says(places):
    hotspots = geo.find_hotspots(places)
    outliers = geo.find_outliers(places)

    # 246,500 tests of neighborhoods that overlap: 4.95 % were found of twice as many.
    assert 0.046 < alarms(hotspots["p_value"]) / len(hotspots) < 0.053
    found = (hotspots["q_value"] <= 0.05).groupby(hotspots["period"]).any()
    odd = outliers["is_outlier"].groupby(outliers["period"]).any()
    assert found.sum() <= MANY_PLACES
    assert odd.sum() <= MANY_PLACES


@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_counts_of_populous_places_are_no_hotspots_of_their_people(places):
    part = places[places["period"] < "1840"]

    volume = geo.find_hotspots(part, value="events")

    # Counts have many ties, which make p larger. Of 40 maps 2 are expected; 6 with 0.986.
    assert alarms(volume["p_value"]) / len(volume) < 0.05
    assert (volume["q_value"] <= 0.05).groupby(volume["period"]).any().sum() <= 6


@pytest.mark.filterwarnings("ignore::geo.errors.DataWarning")
def test_emerging_labels_are_claimed_in_few_samples():
    tables = [
        geo.find_emerging(
            measure_sample(calm_events(seed), "municipality", "month"), permutations=9_999
        )
        for seed in (1, 2, 3, 4)
    ]

    # At most 5 % of samples have any: two or more of four have a probability of 0.014. With draws
    # from all areas 86 % have.
    assert sum((table["pattern"] != "no pattern").any() for table in tables) <= 1


def test_samples_are_counted_completely(samples):
    schema.CHANGE.check(samples.change)
    assert len(samples.change) == SAMPLES * len(STATES)
    assert samples.measures["events"].sum() == SAMPLES * 12_000
    assert (samples.targeted <= events_of(samples).reshape(-1, 36)).all()
