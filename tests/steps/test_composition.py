from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import schema
from geo.errors import AreaError, ExposureError, ExposureWarning, PeriodError, PrecisionWarning
from geo.steps.composition import split_composition
from tests import toy
from tests.toy import LEFT, MIDDLE, RIGHT


def people(before, after):
    years = [toy.population(before, [2023]), toy.population(after, [2024])]
    return pd.concat(years, ignore_index=True)


BEFORE = {LEFT: 50_000, MIDDLE: 100_000, RIGHT: 50_000}
AFTER = {LEFT: 40_000, MIDDLE: 100_000, RIGHT: 60_000}


def events(*counts):
    return toy.located([(code, day) for code, day, number in counts for _ in range(number)])


# Left has 1 event per 1,000 people, right 3, in both years; the middle none.
MOVED = events(
    (LEFT, "2023-05-01", 50), (RIGHT, "2023-05-02", 150),
    (LEFT, "2024-05-01", 40), (RIGHT, "2024-05-02", 180),
)  # fmt: skip


def split(located, before=BEFORE, after=AFTER, **arguments):
    given = {
        "base": "2023", "comparison": "2024", "areas": toy.areas(), "draws": 99,
        "population": people(before, after), "data_from": "2023-01-01",
        "data_through": "2024-12-31",
    }  # fmt: skip
    found = split_composition(located, **{**given, **arguments})
    schema.COMPOSITION.check(found.table)
    return found.table.set_index("cvegeo"), found.whole


def test_rates_that_stay_add_nothing_and_people_that_move_add_all():
    table, whole = split(MOVED)

    assert table.index.tolist() == [MIDDLE, RIGHT, LEFT]
    # From 200 to 220 events among 200,000 people.
    assert (whole.base_rate, whole.comparison_rate) == pytest.approx((100, 110))
    assert whole.rate_effect == pytest.approx(0, abs=1e-9)
    assert whole.composition_effect == pytest.approx(10)
    # A twentieth of all people less at 100, more at 300 per 100,000.
    assert table.loc[[LEFT, RIGHT, MIDDLE], "composition_effect"].tolist() == (
        pytest.approx([-5, 15, 0])
    )
    assert table["effect"].sum() == pytest.approx(10)
    assert table.loc[LEFT, ["base_share", "comparison_share"]].tolist() == pytest.approx(
        [0.25, 0.2]
    )
    assert (whole.areas, whole.base_events, whole.comparison_events) == (3, 200, 220)
    assert whole.shows_moves


def test_people_that_stay_add_nothing_and_rates_add_all():
    with pytest.warns(ExposureWarning, match="grow by the same share"):
        table, whole = split(MOVED, BEFORE, {code: 2 * n for code, n in BEFORE.items()})

    # 40 among 100,000 people in place of 50 among 50,000.
    assert table.loc[LEFT, "rate_effect"] == pytest.approx(0.25 * (40 - 100))
    assert whole.composition_effect == pytest.approx(0, abs=1e-9)
    assert whole.rate_effect == pytest.approx(55 - 100)
    assert not whole.shows_moves


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.integers(0, 12), min_size=6, max_size=6),
    st.lists(st.integers(1, 90_000), min_size=6, max_size=6).filter(
        lambda n: n[0] * n[5] != n[3] * n[2]
    ),
)
def test_parts_add_up_to_the_change_whatever_the_data(counts, numbers):
    codes = (LEFT, MIDDLE, RIGHT)
    days = ["2023-03-01"] * 3 + ["2024-03-01"] * 3
    located = events(*zip(codes * 2, days, counts, strict=True))
    before, after = (dict(zip(codes, numbers[i : i + 3], strict=True)) for i in (0, 3))

    table, whole = split(located, before, after, draws=3)

    change = 1e5 * (sum(counts[3:]) / sum(numbers[3:]) - sum(counts[:3]) / sum(numbers[:3]))
    assert table["effect"].sum() == pytest.approx(change, rel=1e-6, abs=1e-3)
    assert whole.rate_effect + whole.composition_effect == (
        pytest.approx(change, rel=1e-6, abs=1e-3)
    )


def test_states_are_split_of_the_country_and_municipalities_of_a_state():
    elsewhere = events((MIDDLE, "2024-05-01", 7)).assign(event_id=[f"M{n}" for n in range(7)])
    of_state, whole = split(pd.concat([MOVED, elsewhere]), focus="25")

    assert of_state.index.tolist() == [RIGHT, LEFT]
    assert whole.base_rate == pytest.approx(200)
    states = {"25": 100_000, "10": 100_000}
    table, _ = split(
        MOVED, states, {"25": 100_000, "10": 120_000}, level="state", areas=toy.states()
    )
    assert table.loc["25", "base_events"] == 200


def test_limits_are_those_of_the_seed_and_are_missing_of_short_windows():
    spread = events(
        *[(RIGHT, f"202{y}-{m:02}-10", 1 + m * y % 5) for y in (3, 4) for m in range(1, 13)]
    )
    _, one = split(spread, rng=np.random.default_rng(1))
    _, same = split(spread.sample(frac=1, random_state=2), rng=np.random.default_rng(1))
    _, short = split(MOVED, base="2023-05-01/2023-05-31", comparison="2024-05-01/2024-05-31")

    assert one == same
    assert one.rate_effect_low < one.rate_effect < one.rate_effect_high
    assert np.isnan([short.rate_effect_low, short.composition_effect_high]).all()


def test_events_that_lie_in_no_municipality_are_said_to_be_left_out():
    located = pd.concat([MOVED, events(("25", "2024-02-01", 3)).assign(event_id=["a", "b", "c"])])

    with pytest.warns(PrecisionWarning, match="3 events are known to the state only"):
        _, whole = split(located)

    assert whole.comparison_events == 220


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({LEFT: 5, RIGHT: 5}, AFTER, id="not before"),
        pytest.param(BEFORE, {LEFT: 5, MIDDLE: 5}, id="not after"),
        pytest.param({LEFT: 5, MIDDLE: 5}, {LEFT: 5, MIDDLE: 5}, id="never, with events"),
    ],
)
def test_population_that_is_not_known_in_both_windows_is_refused(before, after):
    with pytest.raises(ExposureError, match=r"not known in both 2023 and 2024: (10001|25002)"):
        split(MOVED, before, after)


def test_area_without_people_and_events_is_left_out_and_named():
    with pytest.warns(ExposureWarning, match="no population is known for 1 of 3 areas.*10001"):
        table, whole = split(MOVED, {LEFT: 5, RIGHT: 5}, {LEFT: 6, RIGHT: 5})

    assert (table.index.tolist(), whole.areas) == ([RIGHT, LEFT], 2)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        pytest.param({"focus": "25003"}, AreaError, "what is split", id="municipality"),
        pytest.param({"focus": "25", "level": "state"}, AreaError, "what is split", id="level"),
        pytest.param({"focus": "31"}, AreaError, "no area in '31'", id="no part"),
        pytest.param({"base": "2024"}, PeriodError, "overlap", id="overlap"),
        pytest.param({"comparison": "2024", "population": people(BEFORE, {})}, ExposureError,
                     "needs the population of 2024", id="no year"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        split(MOVED, **arguments)
