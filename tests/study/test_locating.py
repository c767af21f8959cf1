"""The first half of a study keeps what it needs, and no more."""

from __future__ import annotations

from geo.study.locating import locate_events


def test_events_that_are_let_go_of_hold_no_text():
    """A slice of no rows would keep the text of all of them in memory."""
    found = locate_events("sample", filters={"since": "2024-12-01"})

    left = found.source.events
    assert len(left) == 0
    assert len(found.located) > 100
    text = [left[name].array.__arrow_array__() for name in ("event_id", "actor1", "admin2")]
    assert sum(one.get_total_buffer_size() for one in text) < 1000
