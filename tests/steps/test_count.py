from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import periods, schema
from geo.errors import (
    AreaError,
    BalanceError,
    PeriodError,
    PeriodWarning,
    PrecisionWarning,
    SchemaError,
    SettingsError,
)
from geo.steps import count
from geo.steps.count import count_events
from geo.steps.levels import check_levels
from tests import toy
from tests.shared import oracle
from tests.toy import LEFT, MIDDLE, RIGHT


def events_of(panel):
    return panel.set_index(["cvegeo", "period"])["events"]


def test_area_and_period_without_events_are_rows_with_zero():
    located = toy.located([(LEFT, "2024-01-01"), (LEFT, "2024-01-31"), (MIDDLE, "2024-03-31")])

    panel = count_events(located, period="month", areas=toy.areas())

    schema.PANEL.check(panel)
    assert panel[["cvegeo", "period", "events"]].values.tolist() == [
        [MIDDLE, "2024-01", 0],
        [MIDDLE, "2024-02", 0],
        [MIDDLE, "2024-03", 1],
        [RIGHT, "2024-01", 0],
        [RIGHT, "2024-02", 0],
        [RIGHT, "2024-03", 0],
        [LEFT, "2024-01", 2],
        [LEFT, "2024-02", 0],
        [LEFT, "2024-03", 0],
    ]


def test_event_known_only_to_its_state_counts_for_the_state_and_no_municipality():
    located = toy.located([(LEFT, "2024-01-01"), ("25", "2024-12-31"), (None, "2024-12-31")])

    municipal = count_events(located, areas=toy.areas())
    states = count_events(located, level="state", areas=toy.states())

    assert events_of(municipal).to_dict() == {
        (MIDDLE, "2024"): 0,
        (RIGHT, "2024"): 0,
        (LEFT, "2024"): 1,
    }
    assert events_of(states).to_dict() == {("10", "2024"): 0, ("25", "2024"): 2}


def test_deaths_that_are_not_stated_are_counted_apart_and_never_as_zero():
    day = {"code": LEFT, "event_date": "2024-01-01"}
    located = toy.located([{**day, "fatalities": n} for n in (3.0, 0.0, None, 2.0, None)])

    [row] = count_events(located, areas=toy.areas()).query("cvegeo == @LEFT").to_dict("records")

    assert (row["events"], row["fatalities"], row["fatalities_unknown"]) == (5, 5, 2)


@pytest.mark.parametrize("deaths", [0.5, -1.0, np.inf])
def test_deaths_that_are_no_number_of_people_are_refused(deaths):
    located = toy.located([{"code": LEFT, "event_date": "2024-01-01", "fatalities": deaths}])

    with pytest.raises(SchemaError, match="whole numbers from 0"):
        count_events(located, areas=toy.areas())


def test_each_category_has_its_own_complete_grid_and_a_missing_one_is_kept():
    located = toy.located(
        [
            {"code": LEFT, "event_date": "2024-01-01", "event_type": "Riots"},
            {"code": LEFT, "event_date": "2024-01-01", "event_type": None},
            {"code": RIGHT, "event_date": "2024-01-01", "event_type": "Battles"},
        ]
    )

    panel = count_events(located, category="event_type", areas=toy.areas())

    schema.PANEL.check(panel)
    assert len(panel) == 9
    assert panel[panel["events"] > 0][["cvegeo", "category"]].values.tolist() == [
        [RIGHT, "Battles"],
        [LEFT, "Riots"],
        [LEFT, "not stated"],
    ]


def test_e5_last_period_is_cut_where_the_data_end_and_not_complete():
    located = toy.located([(LEFT, "2024-01-01"), (LEFT, "2024-09-01")])

    panel = count_events(located, period="month", data_through="2024-09-20", areas=toy.areas())

    by_period = panel.drop_duplicates("period").set_index("period")
    assert by_period["complete"].tolist() == [True] * 8 + [False]
    assert by_period.loc["2024-09", "years"] == pytest.approx(20 / 366)
    assert by_period.loc["2024-08", "years"] == pytest.approx(31 / 366)


def test_e5_without_a_stated_end_the_data_end_with_the_latest_event():
    located = toy.located([(LEFT, "2024-01-01"), (None, "2024-07-01")])

    panel = count_events(located, areas=toy.areas())

    assert panel["complete"].tolist() == [False] * 3
    assert panel["years"].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("kind", "date", "label"),
    [
        pytest.param("week", "2021-01-03", "2020-W53", id="week 53 reaches into January"),
        pytest.param("week", "2024-12-30", "2025-W01", id="week 1 begins in December"),
        pytest.param("acled-week", "2024-09-13", "2024-09-07", id="ACLED's Friday"),
        pytest.param("acled-week", "2024-09-14", "2024-09-14", id="ACLED's Saturday"),
        pytest.param("quarter", "2024-09-30", "2024-Q3", id="quarter"),
        pytest.param("month", "2024-02-29", "2024-02", id="leap day"),
    ],
)
def test_e14_event_counts_in_the_period_its_day_lies_in(kind, date, label):
    start = str(periods.bounds(label)[0].date())
    located = toy.located([(LEFT, date), (RIGHT, start)])

    panel = count_events(located, period=kind, areas=toy.areas(), data_through="2025-01-31")

    assert events_of(panel)[LEFT, label] == 1
    assert panel["events"].sum() == 2


def test_events_later_than_the_data_reach_are_refused_not_dropped():
    located = toy.located([(LEFT, "2024-01-01"), (LEFT, "2024-03-02"), (LEFT, "2024-03-01")])

    with pytest.raises(PeriodError, match=r"2 events are later than data_through \(2024-02-29\)"):
        count_events(located, data_through="2024-02-29", areas=toy.areas())


def test_event_later_than_the_data_reach_is_refused_also_in_the_last_period_asked_for():
    located = toy.located([(LEFT, "2024-01-01"), (LEFT, "2024-06-20")])

    with pytest.raises(PeriodError, match="1 events are later than data_through"):
        count_events(
            located, period="month", last="2024-06-15", data_through="2024-06-18", areas=toy.areas()
        )
    panel = count_events(
        located, period="month", last="2024-05", data_through="2024-06-18", areas=toy.areas()
    )
    assert panel["events"].sum() == 1


def test_events_outside_the_periods_asked_for_are_left_out():
    located = toy.located([(LEFT, f"{year}-06-01") for year in (2021, 2022, 2023, 2024)])

    panel = count_events(located, first="2022", last=2023, areas=toy.areas())

    assert events_of(panel)[LEFT].to_dict() == {"2022": 1, "2023": 1}
    assert panel["complete"].all()


def test_a_year_as_last_period_means_all_its_months():
    located = toy.located([(LEFT, "2023-01-01"), (LEFT, "2024-12-31")])

    panel = count_events(located, period="month", first="2024", last="2024", areas=toy.areas())

    assert sorted(set(panel["period"])) == [f"2024-{month:02}" for month in range(1, 13)]


def test_data_that_begin_inside_the_first_period_are_told():
    located = toy.located([(LEFT, str(d.date())) for d in pd.date_range("2022-09-09", periods=99)])

    with pytest.warns(PeriodWarning, match="first event is of 2022-09-09, well after"):
        count_events(located, areas=toy.areas())


@pytest.mark.parametrize(
    ("first_day", "step"),
    [
        pytest.param("2022-01-20", 1, id="only some days of a year are silent"),
        pytest.param("2022-05-01", 90, id="events are rare anyway"),
    ],
)
def test_a_silent_start_by_chance_is_not_told(first_day, step, recwarn):
    days = pd.date_range(first_day, "2023-12-31", freq=f"{step}D")
    count_events(toy.located([(LEFT, str(d.date())) for d in days]), areas=toy.areas())

    assert not recwarn.list


def test_periods_asked_for_beyond_the_data_are_told():
    located = toy.located([(LEFT, "2023-01-01"), (LEFT, "2023-12-31")])

    with pytest.warns(PeriodWarning, match="data end on 2023-12-31"):
        panel = count_events(located, last="2025", areas=toy.areas())

    assert set(panel["period"]) == {"2023"}


def test_e10_nothing_is_counted_where_the_data_end_before_the_first_period():
    located = toy.located([(LEFT, "2023-01-01")])

    with pytest.raises(PeriodError, match="before the first period"):
        count_events(located, first="2024", last="2024", areas=toy.areas())


@pytest.mark.parametrize(
    ("kind", "counted"),
    [("year", 5), ("quarter", 4), ("month", 4), ("week", 2), ("acled-week", 2)],
)
def test_b15_dates_known_less_well_than_the_period_are_left_out_and_told(kind, counted):
    located = toy.located(
        [
            {"code": LEFT, "event_date": "2024-01-01", "time_precision": word}
            for word in schema.TIME_PRECISION
        ]
    )
    if counted == 5:
        assert count_events(located, period=kind, areas=toy.areas())["events"].sum() == 5
        return

    left_out = {1: "1 of 5 events is", 2: "2 of 5 events are"}.get(5 - counted, "events are")
    with pytest.warns(PrecisionWarning, match=f"{left_out} not counted"):
        panel = count_events(located, period=kind, first="2024-01-01", areas=toy.areas())

    assert panel["events"].sum() == counted


def test_a_panel_without_any_usable_date_is_refused():
    row = {"code": LEFT, "event_date": "2024-01-01", "time_precision": "unknown"}

    with pytest.raises(PeriodError, match="the precision of all 2 is unknown"):
        count_events(toy.located([row, row]), period="week", areas=toy.areas())


def test_event_in_an_area_that_is_not_listed_is_refused():
    located = toy.located([(LEFT, "2024-01-01"), ("09015", "2024-01-01")])

    with pytest.raises(AreaError, match="1 event lies in 1 area that is not counted by: 09015"):
        count_events(located, areas=toy.areas())


@pytest.mark.parametrize(
    ("argument", "error", "message"),
    [
        ({"level": "region"}, SettingsError, "choose state, municipality"),
        ({"period": "decade"}, PeriodError, "choose year"),
        ({"category": "kind"}, SettingsError, "there is no column 'kind'"),
        ({"areas": pd.DataFrame({"code": ["01"]})}, SchemaError, "column 'cvegeo'"),
        ({"areas": pd.DataFrame({"cvegeo": [LEFT, LEFT]})}, SchemaError, "each code once"),
        ({"first": "yesterday"}, PeriodError, "not a period"),
    ],
)
def test_arguments_that_cannot_be_meant_are_refused(argument, error, message):
    with pytest.raises(error, match=message):
        count_events(toy.located([(LEFT, "2024-01-01")]), **{"areas": toy.areas(), **argument})


def test_e10_a_grid_too_large_is_refused_with_its_size(monkeypatch):
    monkeypatch.setattr(count, "MAX_ROWS", 100)
    located = toy.located([(LEFT, "2000-01-01"), (LEFT, "2024-12-31")])

    with pytest.raises(SettingsError, match=r"3 areas x 300 periods x 1 categories are 900 rows"):
        count_events(located, period="month", areas=toy.areas())


def test_empty_in_empty_out():
    empty = schema.ASSIGNED.empty()

    for category in (None, "event_type"):
        panel = count_events(empty, category=category, areas=toy.areas())
        schema.PANEL.check(panel)
        assert len(panel) == 0
        assert ("category" in panel) == (category is not None)


def test_input_is_not_changed_and_shipped_areas_are_the_default():
    located = toy.located([("25006", "2024-01-01")])
    before = located.copy(deep=True)

    panel = count_events(located)

    pd.testing.assert_frame_equal(located, before)
    assert len(panel) == 2_465
    assert panel[panel["events"] == 1]["cvegeo"].tolist() == ["25006"]


def test_e4_states_and_municipalities_agree_to_the_event():
    located = toy.located([(LEFT, "2024-01-01"), ("25", "2024-02-02"), (RIGHT, "2024-12-31")])
    states = count_events(located, level="state", areas=toy.states())
    municipal = count_events(located, areas=toy.areas())

    checked = check_levels(located, states, municipal)

    assert checked.values.tolist() == [["10", "2024", 0, 0, 0], ["25", "2024", 3, 2, 1]]


def test_e4_a_state_that_does_not_agree_with_its_municipalities_is_refused():
    located = toy.located([(LEFT, "2024-01-01"), ("25", "2024-02-02"), (RIGHT, "2024-12-31")])
    states = count_events(located, level="state", areas=toy.states())
    municipal = count_events(located.iloc[1:], areas=toy.areas(), first="2024", last="2024")

    with pytest.raises(BalanceError, match="25 in 2024: 3 events, but 1 in municipalities"):
        check_levels(located, states, municipal)


rows = st.lists(
    st.tuples(
        st.sampled_from([LEFT, MIDDLE, RIGHT, "25", "10", None]),
        st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2024-12-31").date()).map(str),
    ),
    max_size=12,
)
kinds = st.sampled_from(periods.KINDS)
law = settings(deadline=None, max_examples=25)  # a panel takes longer than a number
whole = {"first": "2023-01-01", "last": "2024-12-31", "data_through": "2024-12-31"}


@law
@given(rows, kinds)
def test_counted_events_are_the_assigned_events_at_both_levels(rows, kind):
    located = toy.located(rows)

    municipal = count_events(located, period=kind, areas=toy.areas(), **whole)
    states = count_events(located, level="state", period=kind, areas=toy.states(), **whole)

    assert municipal["events"].sum() == located["cvegeo"].notna().sum()
    assert states["events"].sum() == located["cve_ent"].notna().sum()
    assert len(municipal) == 3 * municipal["period"].nunique()
    check_levels(located, states, municipal, period=kind)


@law
@given(rows, kinds, st.randoms(use_true_random=False))
def test_order_of_events_and_areas_changes_nothing(rows, kind, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)

    panel = count_events(toy.located(rows), period=kind, areas=toy.areas(), **whole)

    pd.testing.assert_frame_equal(
        panel,
        count_events(toy.located(shuffled), period=kind, areas=toy.areas().iloc[::-1], **whole),
    )


@law
@given(rows)
def test_months_sum_to_their_years(rows):
    located = toy.located(rows)

    months = count_events(located, period="month", areas=toy.areas(), **whole)
    years = count_events(located, areas=toy.areas(), **whole)

    by_year = months.assign(period=months["period"].str[:4]).groupby(["cvegeo", "period"]).sum()
    assert by_year["events"].to_dict() == events_of(years).to_dict()
    assert by_year["years"].to_numpy() == pytest.approx(1.0)


def test_e15_a_million_events_are_counted_exactly():
    one = toy.located([{"code": LEFT, "event_date": "2024-01-01", "fatalities": 2.0**33 + 1}])
    many = pd.concat([one] * 1000, ignore_index=True)
    many["event_id"] = many.index.astype("str")

    panel = count_events(many, areas=toy.areas())

    assert panel["events"].sum() == 1000
    assert panel["fatalities"].sum() == 1000 * (2**33 + 1)


def test_e14_length_of_periods_agrees_with_the_oracle():
    checked = 0
    for row in oracle("person_time")["cases"]:
        kinds = [
            kind
            for kind in ("year", "quarter", "month")
            if periods.bounds(periods.labels(pd.Series([pd.Timestamp(row["start"])]), kind).iloc[0])
            == (pd.Timestamp(row["start"]), pd.Timestamp(row["end"]) + pd.Timedelta(days=1))
        ]
        for kind in kinds:
            panel = count_events(
                schema.ASSIGNED.empty(),
                period=kind,
                first=row["start"],
                last=row["start"],
                data_through=row["data_through"] or row["end"],
                areas=toy.areas(),
            )
            assert panel["years"].tolist() == pytest.approx([row["years"]] * 3, rel=1e-12)
            assert panel["complete"].tolist() == [row["complete"]] * 3
            checked += 1
    assert checked >= 6


def test_index_of_events_may_repeat():
    located = toy.located([(LEFT, "2024-01-05"), (RIGHT, "2024-02-05"), (RIGHT, "2024-03-05")])

    panel = count_events(located, period="year", areas=toy.areas())
    doubled = count_events(located.set_axis([7, 7, 7]), period="year", areas=toy.areas())

    pd.testing.assert_frame_equal(doubled, panel)
