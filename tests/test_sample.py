from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from geo.errors import OutputError, SettingsError
from geo.sample import COLUMNS, MARK, SOURCE, as_csv, is_made_up, make_sample, write_sample
from geo.sample.calm import draw_calm_events
from geo.sample.places import as_ascii
from geo.sample.story import draw_events, shared
from geo.sample.words import SCENES
from geo.sources.events import read_events_with_ledger
from geo.steps.assign import assign_areas

# ACLED's pairs, written out from its codebook.
PAIRS = {
    "Battles": {
        "Armed clash",
        "Government regains territory",
        "Non-state actor overtakes territory",
    },
    "Explosions/Remote violence": {
        "Chemical weapon",
        "Air/drone strike",
        "Suicide bomb",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Grenade",
    },
    "Violence against civilians": {
        "Sexual violence",
        "Attack",
        "Abduction/forced disappearance",
    },
    "Protests": {
        "Peaceful protest",
        "Protest with intervention",
        "Excessive force against protesters",
    },
    "Riots": {"Violent demonstration", "Mob violence"},
    "Strategic developments": {
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    },
}


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return make_sample()


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    path = write_sample(tmp_path_factory.mktemp("sample") / "made-up-sample.csv")
    return read_events_with_ledger(path)


@pytest.fixture(scope="module")
def located(read):
    return assign_areas(read.events)


@pytest.fixture(scope="module")
def sinaloa(located):
    here = located[located["cve_ent"] == "25"]
    return here.assign(year=here["event_date"].dt.year)


def test_sample_has_the_columns_of_acled_in_its_order(sample):
    assert len(COLUMNS) == 31
    assert tuple(sample.columns) == COLUMNS
    assert 12_000 <= len(sample) <= 12_400
    assert {str(kind) for kind in sample.dtypes} == {"str"}


def test_every_row_says_that_it_is_made_up(sample):
    assert sample["event_id_cnty"].str.startswith(MARK).all()
    assert (sample["source"] == SOURCE).all()
    assert sample["notes"].str.contains("MADE UP", regex=False).all()


def test_sample_has_every_pair_of_event_and_sub_event_type(sample):
    found = sample.groupby("event_type")["sub_event_type"].agg(set).to_dict()

    assert found == PAIRS
    assert sum(len(kinds) for kinds in PAIRS.values()) == 25


def test_sinaloa_has_two_and_a_half_times_the_events_of_the_year_before(sinaloa):
    by_year = sinaloa["year"].value_counts()

    assert by_year[2023] == 240
    assert by_year[2024] == 600


def test_sinaloa_is_like_the_year_before_until_the_ninth_of_september(sinaloa):
    calm = sinaloa[(sinaloa["year"] == 2024) & (sinaloa["event_date"] < "2024-09-09")]
    same_days = sinaloa[
        (sinaloa["event_date"] >= "2023-01-01") & (sinaloa["event_date"] < "2023-09-09")
    ]
    after = sinaloa[sinaloa["event_date"] >= "2024-09-09"]

    assert len(calm) == 165
    assert abs(len(same_days) - 165) < 30
    assert len(after) == 435
    assert after["event_date"].min() == pd.Timestamp("2024-09-09")


def test_clashes_and_civilian_targeting_rise_more_than_the_rest(sinaloa):
    targeted = sinaloa["civilian_targeting"].fillna(value=False).astype(bool)
    forces = sinaloa["actor1"].str.contains("Forces") | sinaloa["actor2"].fillna("").str.contains(
        "Forces"
    )
    battles = sinaloa["event_type"] == "Battles"
    strand = np.select(
        [targeted, battles & forces, battles], ["civilians", "forces", "groups"], "rest"
    )
    counts = pd.crosstab(strand, sinaloa["year"])

    assert counts[2023].to_dict() == {"civilians": 84, "forces": 24, "groups": 36, "rest": 96}
    assert counts[2024].to_dict() == {"civilians": 280, "forces": 84, "groups": 130, "rest": 106}


def test_counts_spread_far_more_than_chance_and_follow_the_population(located):
    by_state = located.groupby("cve_ent").size().drop("25")
    by_area = located["cvegeo"].value_counts().to_numpy()

    assert len(by_state) == 31
    assert by_state["15"] > by_state["29"]
    # Poisson counts have a variance near their mean.
    assert by_area.var() > 10 * by_area.mean()


def test_three_precisions_and_the_loose_ones_are_parked_at_capitals(located):
    share = located["geo_precision"].value_counts(normalize=True)
    loose = located[located["geo_precision"] == "state"]

    assert 0.86 < share["exact"] < 0.90
    assert 0.10 < share["near"] < 0.12
    assert 0.010 < share["state"] < 0.020
    assert set(loose.loc[loose["cve_ent"] == "25", "point_cvegeo"]) == {"25006"}
    assert loose["cvegeo"].isna().all()


def test_b4_b8_b9_c1_c3_odd_rows_are_accounted_for(read):
    reasons = read.ledger.reasons().groupby("reason")["records"].sum()

    assert sum(read.ledger.counts().values()) == read.ledger.physical == 12_000 + 61 + 100
    assert reasons["duplicate"] == 60
    assert reasons["superseded"] == 40
    assert reasons["other_country"] == 4
    assert reasons["impossible_date"] == 4
    assert reasons["no_coordinates"] == 12 + 2
    assert reasons["swapped_coordinates"] == 2


def test_c5_c6_points_on_borders_near_the_shore_and_at_sea(located):
    boats = located[located["admin2"].notna() & located["record"].notna()]
    how = boats["assigned_by"].value_counts()

    assert how["nearest"] == 6
    assert how["border"] == 8
    assert (located["reason"] == "offshore").sum() == 6
    assert located.loc[located["assigned_by"] == "nearest", "distance_m"].between(250, 600).all()


def test_c8_source_and_point_disagree_in_three_events(located):
    assert located["conflict"].sum() == 3


def test_f1_hostile_notes_are_there_to_be_survived(sample):
    notes = "\n".join(sample["notes"])

    for text in ("<script>", "${window.hit=1}", "{{ 7*7 }}", "\x1b[31m", "niño"):
        assert text in notes
    assert sample["notes"].str.startswith("=CMD").sum() == 1


def test_j9_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    digests = [
        hashlib.sha256(
            write_sample(tmp_path / name, seed=seed, events=1_000).read_bytes()
        ).hexdigest()
        for name, seed in (("a.csv", 1), ("b.csv", 1), ("c.csv", 2))
    ]

    assert digests[0] == digests[1] != digests[2]


def test_j9_sample_of_the_default_seed_stays_what_it_is(sample):
    # Numbers of the documentation rest on it. Coordinates are left out: they are cut by GEOS.
    drawn = sample[["event_date", "admin2", "sub_event_type", "actor1", "actor2", "fatalities"]]
    digest = hashlib.sha256(as_csv(drawn)).hexdigest()

    assert digest == "dbec42379bd3c2f529bbdc6660075f323914f8f2c9a06bd217c743cd468ffa36"


def test_smaller_sample_keeps_the_planted_ratio():
    small = make_sample(events=1_000)
    sinaloa = small[small["admin1"] == "Sinaloa"].drop_duplicates("event_id_cnty")

    assert sinaloa["year"].value_counts()[["2023", "2024"]].tolist() == [20, 50]


# --- without a story -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    path = write_sample(tmp_path_factory.mktemp("calm") / "calm.csv", story=False)
    return read_events_with_ledger(path)


def test_sample_without_a_story_looks_like_the_other(sample):
    calm = make_sample(story=False)

    assert tuple(calm.columns) == COLUMNS
    assert len(calm) == len(sample)
    assert calm["event_id_cnty"].str.startswith(MARK).all()
    assert calm["notes"].str.contains("MADE UP", regex=False).all()
    assert calm.groupby("event_type")["sub_event_type"].agg(set).to_dict() == PAIRS
    assert not calm.equals(sample)


def test_j9_same_seed_gives_the_same_sample_without_a_story():
    first, again, other = (make_sample(seed=s, events=1_000, story=False) for s in (1, 1, 2))

    assert first.equals(again)
    assert not first.equals(other)


def test_b4_b8_odd_rows_are_in_the_sample_without_a_story_too(calm):
    reasons = calm.ledger.reasons().groupby("reason")["records"].sum()

    assert sum(calm.ledger.counts().values()) == calm.ledger.physical == 12_000 + 61 + 100
    assert reasons["duplicate"] == 60
    assert reasons["impossible_date"] == 4


def test_without_a_story_no_group_splits_and_sinaloa_gets_odd_rows_too(calm):
    actors = pd.concat([calm.events["actor1"], calm.events["actor2"]]).dropna()
    odd = [
        make_sample(seed=seed, events=1_000, story=False)
        .query("admin1 == 'Sinaloa'")["event_id_cnty"]
        .str.startswith(f"{MARK}9")
        .any()
        for seed in range(8)
    ]

    assert not actors.str.contains("Faccion").any()
    assert any(odd)


def _people(*, years=(100_000.0, 100_000.0, 100_000.0), places=200):
    """Return towns of two states, Sinaloa one of them, that are all alike."""
    codes = [f"{state}{n:03d}" for state in ("25", "02") for n in range(1, places // 2 + 1)]
    return pd.DataFrame([years] * places, index=codes, columns=[2022, 2023, 2024])


def test_without_a_story_all_days_and_both_states_are_alike():
    drawn = draw_calm_events(_people(), 600_000, np.random.default_rng(1))
    by_day = drawn["event_date"].value_counts()
    by_month = drawn.groupby(drawn["event_date"].dt.to_period("M")).size()
    per_day = by_month / by_month.index.days_in_month
    share = (drawn["cvegeo"].str[:2] == "25").mean()

    assert len(by_day) == 365 + 365 + 366
    # 200 towns with levels of variance 1 / 0.7 and months of variance 1 / 2: a month has
    # sqrt(1.5 * (1 + 1 / 0.7) / 200) = 13 % of scatter, a third of it in a mean over nine.
    assert per_day.std() / per_day.mean() < 0.13 * 1.3
    assert abs(per_day["2024-04":].mean() / per_day[:"2024-03"].mean() - 1) < 3 * 0.13 / 3 * 1.2
    # Each half has sqrt(1 / 0.7 / 100) = 12 %, the share of one half 0.5 * 12 % / sqrt(2) = 0.042.
    assert abs(share - 0.5) < 3 * 0.043


def test_without_a_story_people_who_double_have_twice_the_events():
    drawn = draw_calm_events(
        _people(years=(100.0, 100.0, 200.0), places=2_000), 600_000, np.random.default_rng(1)
    )
    by_year = drawn["event_date"].dt.year.value_counts()

    # 12 months of 2,000 towns: sqrt(0.5 * (1 + 1 / 0.7) / 24,000) is below 1 %.
    assert by_year[2024] / by_year[2023] == pytest.approx(2 * 366 / 365, rel=0.04)
    assert by_year[2023] / by_year[2022] == pytest.approx(1, rel=0.04)


def test_without_a_story_a_short_month_has_fewer_events():
    drawn = draw_calm_events(_people(places=2_000), 600_000, np.random.default_rng(1))
    in_february = (drawn["event_date"].dt.month == 2).mean()

    # 85 of 1,096 days; 7.76 %, where a twelfth is 8.33 %. Three months of 2,000 towns scatter by
    # sqrt(0.5 * (1 + 1 / 0.7) / 6,000), 1.4 % of it.
    assert in_february == pytest.approx(85 / 1_096, rel=0.035)


def test_without_a_story_places_and_kinds_have_nothing_to_do_with_each_other():
    drawn = draw_calm_events(_people(), 200_000, np.random.default_rng(1))
    late = drawn["event_date"] >= "2024-09-09"
    targeted = np.array([scene.targeting for scene in SCENES])[drawn["scene"]]
    here = drawn["cvegeo"].str.startswith("25")
    shares = [targeted[rows].mean() for rows in (here & late, here & ~late, ~here)]

    # About 10,000 events in the smallest of them: a standard error of 0.005.
    assert np.ptp(shares) < 0.025


def test_without_a_story_levels_of_neighbors_are_independent_and_states_have_no_factor():
    # With a story Colima (06) is drawn 2.6 times as often as its people would make it.
    people = pd.DataFrame(
        1_000.0,
        index=[f"{s}{n:03d}" for s in ("06", "01") for n in range(1, 3_001)],
        columns=[2022, 2023, 2024],
    )
    calm = draw_calm_events(people, 300_000, np.random.default_rng(1))
    told = draw_events(
        pd.concat([people[2023], pd.Series({"25006": 1_000.0})]), 300_000, np.random.default_rng(1)
    )
    ratio = {
        name: (drawn["cvegeo"].str[:2] == "06").sum() / (drawn["cvegeo"].str[:2] == "01").sum()
        for name, drawn in {"calm": calm, "told": told}.items()
    }

    # 3,000 towns a side: sqrt(2 / 0.7 / 3,000) is 3 %.
    assert ratio["calm"] == pytest.approx(1, abs=0.1)
    assert ratio["told"] == pytest.approx(2.6, abs=0.26)


def test_sample_too_small_for_its_story_is_refused():
    with pytest.raises(SettingsError, match="at least 1,000 events, not 999"):
        make_sample(events=999)
    with pytest.raises(SettingsError, match="at least 1,000 events, not 999"):
        make_sample(events=999, story=False)


def test_i3_sample_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path):
    taken = tmp_path / "file"
    taken.write_text("x")

    with pytest.raises(OutputError, match="cannot be written"):
        write_sample(taken / "sample.csv", events=1_000)
    assert taken.read_text() == "x"


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        pytest.param(["MEX1", "MEX2"], False, id="real"),
        pytest.param(["MEX1", "MADEUP000001"], True, id="one made-up row makes all made up"),
        pytest.param([], False, id="empty"),
    ],
)
def test_made_up_events_are_recognized(ids, expected):
    assert is_made_up(pd.Series(ids, dtype="str")) is expected


def test_scenes_are_the_pairs_and_one_more_kind_of_clash():
    assert len(SCENES) == 26
    assert {(s.event_type, s.sub_event_type) for s in SCENES} == {
        (kind, sub) for kind, subs in PAIRS.items() for sub in subs
    }


def test_names_are_written_without_accents():
    assert as_ascii("Michoacán de Ocampo, Ñuu Savi") == "Michoacan de Ocampo, Nuu Savi"


def test_shares_add_up_to_the_total():
    assert shared({"a": 36, "b": 24, "c": 84, "d": 96}, 165) == {"a": 25, "b": 16, "c": 58, "d": 66}
