from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import BalanceError, ExposureError, PeriodError, PrecisionWarning, SettingsError
from geo.steps import explain
from geo.steps.explain import explain_change
from tests import studies, toy
from tests.toy import LEFT, MIDDLE, RIGHT

STATES = {"25": 100_000, "10": 50_000}


def explained(located, **arguments):
    given = {
        "base": "2023",
        "comparison": "2024",
        "focus": "25",
        "population": toy.population(STATES, [2023, 2024]),
        "data_from": "2023-01-01",
        "data_through": "2024-12-31",
        "draws": 99,
    }
    table = explain_change(located, **{**given, **arguments})
    schema.EXPLAINED.check(table)
    return table.set_index("category")


def by_type(*rows):
    """Return so many events (type, day, number) of the municipality on the left."""
    return toy.located(
        [
            {"code": LEFT, "event_date": day, "event_type": kind}
            for kind, day, number in rows
            for _ in range(number)
        ]
    )


TEN_TO_25 = by_type(
    ("Battles", "2023-03-01", 5), ("Riots", "2023-04-01", 5),
    ("Battles", "2024-03-01", 18), ("Riots", "2024-04-01", 7),
)  # fmt: skip


def test_parts_add_up_to_the_change():
    table = explained(TEN_TO_25)

    assert table.index.tolist() == ["Battles", "Riots"]
    assert table["base_events"].tolist() == [5, 5]
    assert table["comparison_rate"].tolist() == pytest.approx([18, 7])
    assert table["contribution"].tolist() == pytest.approx([1.3, 0.2])
    assert table["fold_contribution"].tolist() == pytest.approx([1.8, 0.7])
    assert table["share_of_change"].tolist() == pytest.approx([13 / 15, 2 / 15])


def test_events_of_other_areas_explain_nothing():
    elsewhere = toy.located([(MIDDLE, "2024-01-01")] * 3).assign(event_id=["X1", "X2", "X3"])
    located = pd.concat([TEN_TO_25, elsewhere], ignore_index=True)

    state = explained(located)
    country = explained(located, focus=None)

    assert state["comparison_events"].sum() == 25
    assert country["comparison_events"].sum() == 28
    assert country.loc["Battles", "comparison_rate"] == pytest.approx(21 / 1.5)


def test_categories_that_move_against_one_another_have_shares_beyond_one():
    table = explained(
        by_type(
            ("Battles", "2023-03-01", 50), ("Riots", "2023-04-01", 50),
            ("Battles", "2024-03-01", 90), ("Riots", "2024-04-01", 30),
        )
    )  # fmt: skip

    assert table["share_of_change"].tolist() == pytest.approx([2, -1])


def test_disproportion_is_against_the_rest_and_the_share_against_all():
    table = explained(
        by_type(
            ("Riots", "2023-03-01", 4), ("Battles", "2023-03-01", 21),
            ("Riots", "2024-03-01", 18), ("Battles", "2024-03-01", 40),
        )
    )  # fmt: skip

    # R: fisher.test(matrix(c(18, 4, 40, 21), 2)); p is twice the tail of 18 or more.
    riots = table.loc["Riots"]
    assert riots["ratio_of_ratios"] == pytest.approx(18 / 4 / (40 / 21))
    assert riots["fisher_p"] == pytest.approx(0.246233, abs=1e-6)
    assert riots[["ror_low", "ror_high"]].tolist() == pytest.approx([0.651374, 10.737588], rel=1e-3)
    assert riots[["base_share", "comparison_share"]].tolist() == pytest.approx([0.16, 0.3103448])
    assert riots["share_ratio"] == pytest.approx(1.9396552)
    assert riots["share_ratio_low"] == pytest.approx(0.7304006)


def test_e6_without_an_event_in_the_base_there_are_counts_and_no_parts():
    table = explained(by_type(("Battles", "2024-03-01", 3)))

    battles = table.loc["Battles"]
    assert (battles["comparison_events"], battles["rate_ratio"]) == (3, np.inf)
    assert battles[["contribution", "fold_contribution"]].isna().all()
    assert battles["share_of_change"] == 1


def test_new_dyad_has_a_contribution_and_no_ratio_of_its_own():
    rows = [("A", "B", "2023-01-01"), ("B", "A", "2024-01-01"), ("C", "A", "2024-01-01")]
    located = toy.located([
        {"code": LEFT, "event_date": day, "actor1": one, "actor2": two} for one, two, day in rows
    ])  # fmt: skip

    table = explained(located, by="dyad")

    assert table.index.tolist() == ["A / C", "A / B"]
    assert table["rate_ratio"].tolist() == [np.inf, 1]
    assert table["contribution"].tolist() == [1, 0]


def test_small_categories_are_joined_last_and_their_number_told():
    located = by_type(
        ("a", "2023-01-01", 3), ("b", "2023-01-01", 2), ("c", "2023-01-01", 1),
        ("d", "2024-01-01", 1), ("a", "2024-01-01", 2),
    )  # fmt: skip

    table = explained(located, top=1)

    assert table.index.tolist() == ["a", "all other"]
    assert table["joined"].tolist() == [1, 3]
    assert table["base_events"].tolist() == [3, 3]


def test_crossed_columns_sum_up_to_either_of_them():
    located = TEN_TO_25.assign(
        civilian_targeting=pd.array([True, False, None] * 11 + [True, False], dtype="boolean")
    )

    crossed = explained(located, by=("event_type", "civilian_targeting"))
    single = explained(located)

    kind = crossed.index.str.split(" | ", regex=False).str[0]
    for column in ("base_events", "comparison_events", "contribution", "fold_contribution"):
        assert crossed[column].groupby(kind).sum().to_dict() == pytest.approx(
            single[column].to_dict()
        )


def test_municipalities_of_a_state_and_its_unplaced_events_add_up_to_the_state():
    located = toy.located(
        [(LEFT, "2023-02-01"), (RIGHT, "2023-02-01"), ("25", "2024-02-01"), (LEFT, "2024-02-01")]
    )

    table = explained(located, by="municipality")

    assert table["comparison_events"].to_dict() == {
        "known only to the state": 1,
        "Badiraguato, Sinaloa (25003)": 1,
        "Angostura, Sinaloa (25002)": 0,
    }
    assert table["base_rate"].sum() == pytest.approx(2)


def test_municipality_in_focus_has_its_own_people():
    table = explained(TEN_TO_25, focus=LEFT, population=toy.population({LEFT: 1_000}, [2023, 2024]))

    assert table.loc["Battles", "base_rate"] == pytest.approx(500)


def test_weeks_that_are_all_alike_leave_no_doubt_about_the_parts():
    days = pd.date_range("2023-01-01", "2023-12-30", freq="7D").strftime("%Y-%m-%d")
    later = pd.date_range("2024-01-01", "2024-12-29", freq="7D").strftime("%Y-%m-%d")
    located = by_type(*(("Battles", day, 1) for day in days), *(("Riots", day, 1) for day in days),
                      *(("Battles", day, 4) for day in later[:52]),
                      *(("Riots", day, 2) for day in later[:52]))  # fmt: skip

    table = explained(located)

    for end in ("contribution", "contribution_low", "contribution_high"):
        assert table[end].tolist() == pytest.approx([1.5, 0.5])


def test_e10_windows_of_less_than_eight_weeks_have_parts_without_limits():
    table = explained(TEN_TO_25, base="2023-03-01/2023-04-24", comparison="2024")

    assert table["contribution_low"].isna().all()
    assert table["contribution"].notna().all()
    assert table["ror_quasi_low"].isna().all()


def test_e11_same_seed_same_limits_whatever_the_order_of_the_rows():
    shuffled = TEN_TO_25.sample(frac=1, random_state=3)

    first = explained(TEN_TO_25, rng=np.random.default_rng(5))
    second = explained(shuffled, rng=np.random.default_rng(5))

    pd.testing.assert_frame_equal(first, second)


def test_events_known_to_the_year_are_told_where_months_are_compared():
    rows = [{"code": LEFT, "event_date": "2024-01-01", "time_precision": "year"}] * 2
    rows += [{"code": LEFT, "event_date": "2023-05-01"}] * 4

    with pytest.warns(PrecisionWarning, match="2 events are known to the year only"):
        table = explained(toy.located(rows))

    assert table["comparison_events"].tolist() == [2]


def test_parts_that_do_not_add_up_are_never_returned(monkeypatch):
    right = explain.decomposition.contributions
    monkeypatch.setattr(
        explain.decomposition, "contributions", lambda **sides: right(**sides) * 1.001
    )

    with pytest.raises(BalanceError, match="the parts of contribution add up to"):
        explained(TEN_TO_25)


def test_category_that_loses_an_event_is_never_returned(monkeypatch):
    right = explain.WindowCounts.count
    monkeypatch.setattr(
        explain.WindowCounts, "count", lambda self, inside: np.maximum(right(self, inside) - 1, 0)
    )

    with pytest.raises(BalanceError, match="the parts of base_events add up to 8"):
        explained(TEN_TO_25)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"focus": "Sinaloa"}, SettingsError, "not a code of 2 or 5 digits"),
        ({"focus": "26"}, ExposureError, "no population is known for 26"),
        ({"by": "kind"}, SettingsError, "there is no column 'kind'"),
        ({"top": 0}, SettingsError, "give 1 or more"),
        ({"comparison": "2023-06"}, PeriodError, "overlap"),
        (
            {"base": "2022", "data_from": "2022-01-01"},
            ExposureError,
            "needs the population of 2022",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        explained(TEN_TO_25, **arguments)


def test_e10_more_categories_than_memory_allows_are_refused(monkeypatch):
    monkeypatch.setattr(explain, "MAX_CATEGORIES", 1)

    with pytest.raises(SettingsError, match="there are 2 categories; the limit is 1"):
        explained(TEN_TO_25)


events = st.lists(
    st.tuples(
        st.sampled_from(["Battles", "Riots", "Protests", None]),
        st.sampled_from(["2023-01-01", "2023-06-30", "2024-01-01", "2024-12-31"]),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, deadline=None)
@given(events)
def test_contributions_sum_to_the_change_for_any_data(rows):
    table = explained(by_type(*rows), draws=9)

    before = sum(n for _, day, n in rows if day < "2024")
    after = sum(n for _, day, n in rows if day > "2024")
    assert (table["base_events"].sum(), table["comparison_events"].sum()) == (before, after)
    if before:
        assert table["contribution"].sum() == pytest.approx(after / before - 1)
        assert table["fold_contribution"].sum() == pytest.approx(after / before)
    if before and after != before:
        assert table["share_of_change"].sum() == pytest.approx(1)


# --- the made-up sample, with what is planted in it --------------------------------------------


def of_sample(by):
    located = studies.sample().located
    return explain_change(
        located, base="2023", comparison="2024", by=by, focus="25", data_from="2022-01-01"
    ).set_index("category")


def test_planted_drivers_come_out_in_the_right_order():
    table = of_sample("actor_class")

    assert table.index[:3].tolist() == [
        "against civilians", "group against group", "security forces against group"
    ]  # fmt: skip
    assert table["comparison_events"].sum() == 600
    assert (table["contribution_low"].iloc[:3] > 0).all()
    assert table.loc[["protests and riots", "other"], "contribution"].abs().max() < 0.05


def test_planted_civilian_targeting_is_disproportionate():
    targeting = of_sample("civilian_targeting").loc["targeted"]

    # 84 of 240 events, then 280 of 600.
    assert targeting["ratio_of_ratios"] == pytest.approx(280 * 156 / (84 * 320))
    assert targeting["fisher_p"] < 0.01
    assert targeting["ror_quasi_low"] > 1


def test_planted_split_of_a_group_is_the_pair_that_adds_most():
    table = of_sample("dyad")

    first = table.iloc[0]
    assert table.index[0].count("Cartel del Ejemplo Norte: Faccion") == 2
    assert (first["base_events"], first["rate_ratio"]) == (0, np.inf)
    assert table.index[-1] == "all other"
