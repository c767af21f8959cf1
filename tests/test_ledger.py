"""The account of every record."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BalanceError
from geo.ledger import Ledger


def three() -> Ledger:
    return Ledger.of_used("a.csv", records=[1, 2, 3], lines=[2, 3, 5])


def test_record_set_aside_says_where_and_why():
    ledger = three().set_aside(
        [3], fate="quarantined", reason="bad_date", column="event_date", value=["31 Feb"]
    )

    assert ledger.left_out().to_dict("records") == [
        {
            "record": 3,
            "file": "a.csv",
            "line": 5,
            "reason": "bad_date",
            "column": "event_date",
            "value": "31 Feb",
        }
    ]
    assert ledger.counts() == {"used": 2, "filtered": 0, "quarantined": 1}
    assert ledger.reasons()["records"].tolist() == [1]


def test_first_fate_of_a_record_stays():
    ledger = three().set_aside([1], fate="quarantined", reason="bad_date")

    again = ledger.set_aside([1, 2], fate="filtered", reason=["since", "until"])

    assert again.counts() == {"used": 1, "filtered": 1, "quarantined": 1}
    assert again.left_out("filtered")["reason"].tolist() == ["until"]


def test_setting_aside_changes_no_other_ledger():
    before = three()
    snapshot = copy.deepcopy(before.records)

    before.set_aside([1], fate="filtered", reason="since")

    pd.testing.assert_frame_equal(before.records, snapshot)


def test_record_that_is_not_there_cannot_be_set_aside():
    with pytest.raises(BalanceError, match="1 records to be set aside are not in the ledger"):
        three().set_aside([9], fate="filtered", reason="since")


def test_record_that_is_lost_is_noticed():
    whole = three()

    with pytest.raises(BalanceError, match="hold 4 records, but 3 used"):
        Ledger(whole.records, physical=4).check()
    with pytest.raises(BalanceError, match="3 used records, but 2 events"):
        whole.check(used=2)


@given(st.lists(st.integers(0, 40), max_size=4), st.data())
def test_fates_add_up_to_the_physical_records_of_all_files(sizes, data):
    ledger = Ledger.join(
        [Ledger.of_used(f"{i}.csv", range(1, n + 1), range(2, n + 2)) for i, n in enumerate(sizes)]
        or [Ledger.of_used("none.csv", [], [])]
    )
    for fate in ("filtered", "quarantined"):
        some = data.draw(st.lists(st.integers(1, max(ledger.physical, 1)), unique=True))
        ledger = ledger.set_aside(some if ledger.physical else [], fate=fate, reason="drawn")

    ledger.check()

    assert sum(ledger.counts().values()) == sum(sizes)
    assert ledger.reasons()["records"].sum() == sum(sizes) - ledger.counts()["used"]


def test_long_value_is_cut_with_a_mark():
    ledger = three().set_aside(
        [1], fate="quarantined", reason="x", column="notes", value=["é" * 999]
    )

    assert ledger.left_out()["value"].iloc[0] == "é" * 199 + "…"
