"""Leave out events that a study is not about, and say of each why."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from geo import periods, schema
from geo.errors import PeriodError, SettingsError
from geo.periods import Day

REASONS: dict[str, str] = {
    "before_since": "event_date",
    "after_until": "event_date",
    "event_type": "event_type",
    "sub_event_type": "sub_event_type",
    "disorder_type": "disorder_type",
    "source": "source",
    "actor": "actor1",
    "geo_precision": "geo_precision",
    "time_precision": "time_precision",
    "not_civilian_targeting": "civilian_targeting",
    "fatalities_not_stated": "fatalities",
    "not_fatal": "fatalities",
}
"""Why an event was left out, and the column that decided; in the order they are applied."""

Words = str | Iterable[str]


class Filtered(NamedTuple):
    """What a filter kept, and why it left out the rest.

    ``left_out`` has one word of :data:`REASONS` for each event left out, indexed by its record
    number in the ledger (the column ``record``; the index of the events where they have none).
    """

    kept: gpd.GeoDataFrame
    left_out: pd.Series


def filter_events(  # noqa: PLR0913
    events: gpd.GeoDataFrame,
    *,
    since: Day | None = None,
    until: Day | None = None,
    event_types: Words | None = None,
    sub_event_types: Words | None = None,
    disorder_types: Words | None = None,
    sources: Words | None = None,
    actors: Words | None = None,
    civilian_targeting: bool = False,
    fatal_only: bool = False,
    geo_precisions: Words | None = None,
    time_precisions: Words | None = None,
) -> Filtered:
    """Keep the events that meet every condition given.

    Words are compared without regard to case. An event that does not state what a condition asks
    for does not meet it.

    Parameters
    ----------
    events
        An ``EVENTS`` table; an ``ASSIGNED`` table is one too.
    since, until
        First and last day, both kept.
    event_types, sub_event_types, disorder_types, sources
        One word or several, as they stand in the column of that name.
    actors
        Events in which one of these is ``actor1`` or ``actor2``.
    civilian_targeting
        Keep only events that targeted civilians.
    fatal_only
        Keep only events with at least one death.
    geo_precisions, time_precisions
        Words of :data:`geo.schema.GEO_PRECISION` and :data:`geo.schema.TIME_PRECISION`.

    Returns
    -------
    Filtered
        ``kept``: the rows that meet all conditions, same index and columns. ``left_out``: for
        every other event the first condition that it does not meet. Together they are `events`.

    Raises
    ------
    SettingsError
        If a word does not occur in the events (it would leave out everything, for a typo); the
        message lists those that do. Every fault is reported at once.
    PeriodError
        If `until` is before `since`.

    Examples
    --------
    >>> kept, left_out = filter_events(schema.EVENTS.empty(), since="2023-01-01")
    >>> len(kept), len(left_out)
    (0, 0)
    """
    schema.EVENTS.check(events)
    asked = _Words(events)
    keep = _conditions(
        events,
        asked,
        since=since,
        until=until,
        words=(
            event_types,
            sub_event_types,
            disorder_types,
            sources,
            actors,
            geo_precisions,
            time_precisions,
        ),
        civilian_targeting=civilian_targeting,
        fatal_only=fatal_only,
    )
    asked.refuse_unknown()
    return _split(events, keep)


def filter_part(
    events: gpd.GeoDataFrame, filters: Mapping[str, Any]
) -> tuple[Filtered, dict[str, Seen]]:
    """Filter a part of the events, in which a word need not occur.

    Parameters
    ----------
    events
        An ``EVENTS`` table.
    filters
        Arguments of :func:`filter_events`.

    Returns
    -------
    tuple
        What is kept and left out; and for each filter by words what occurs, to be added up and
        given to :func:`refuse_unseen` when every part was filtered.
    """
    given = {name: filters.get(name) for name in ("since", "until")}
    asked = _Words(events, is_part=True)
    keep = _conditions(
        events,
        asked,
        **given,
        words=tuple(filters.get(f"{reason}s") for reason, *_ in _BY_WORD),
        civilian_targeting=bool(filters.get("civilian_targeting")),
        fatal_only=bool(filters.get("fatal_only")),
    )
    asked.refuse_unknown()
    return _split(events, keep), asked.seen


def refuse_unseen(seen: Mapping[str, Seen]) -> None:
    """Raise :exc:`~geo.errors.SettingsError` where a word occurs in no part of the events."""
    faults = [
        _unknown(unknown, name, sorted(one.present))
        for name, one in seen.items()
        if one.rows
        and (unknown := [word for word in one.asked if word.casefold() not in one.folded])
    ]
    _refuse(faults)


class Seen(NamedTuple):
    """The words that a filter asks for, those that occur, and in how many events it looked."""

    asked: tuple[str, ...]
    present: frozenset[str]
    rows: int

    @property
    def folded(self) -> set[str]:
        """The words that occur, without regard to case."""
        return {word.casefold() for word in self.present}

    def and_also(self, other: Seen) -> Seen:
        """Return what occurs here or there."""
        return Seen(self.asked, self.present | other.present, self.rows + other.rows)


_BY_WORD: tuple[tuple[str, list[str], tuple[str, ...] | None], ...] = (
    ("event_type", ["event_type"], None),
    ("sub_event_type", ["sub_event_type"], None),
    ("disorder_type", ["disorder_type"], None),
    ("source", ["source"], None),
    ("actor", ["actor1", "actor2"], None),
    ("geo_precision", ["geo_precision"], schema.GEO_PRECISION),
    ("time_precision", ["time_precision"], schema.TIME_PRECISION),
)


def _conditions(
    events: gpd.GeoDataFrame,
    asked: _Words,
    *,
    since: Day | None,
    until: Day | None,
    words: tuple[Words | None, ...],
    civilian_targeting: bool,
    fatal_only: bool,
) -> dict[str, pd.Series]:
    """Return by reason which events meet the condition, in the order that they are applied."""
    first = periods.day(since) if since is not None else None
    last = periods.day(until) if until is not None else None
    if first is not None and last is not None and last < first:
        raise PeriodError(f"until ({last.date()}) is before since ({first.date()})")
    keep = _days(events, first, last)
    for (reason, columns, among), given in zip(_BY_WORD, words, strict=True):
        if given is not None:
            keep[reason] = asked.holds(given, f"{reason}s", columns, among=among)
    if civilian_targeting:
        keep["not_civilian_targeting"] = events["civilian_targeting"].fillna(value=False)
    if fatal_only:
        # Asked first, so that a number that is not stated is not told as "nobody died".
        keep["fatalities_not_stated"] = events["fatalities"].notna()
        keep["not_fatal"] = events["fatalities"] > 0
    return keep


def _days(
    events: pd.DataFrame, first: pd.Timestamp | None, last: pd.Timestamp | None
) -> dict[str, pd.Series]:
    keep: dict[str, pd.Series] = {}
    if first is not None:
        keep["before_since"] = events["event_date"] >= first
    if last is not None:
        keep["after_until"] = events["event_date"] <= last
    return keep


def _split(events: gpd.GeoDataFrame, keep: dict[str, pd.Series]) -> Filtered:
    number = events["record"] if "record" in events.columns else events.index.to_series()
    reason = pd.Series(pd.NA, index=events.index, dtype="str")
    for word, meets in keep.items():
        reason = reason.mask(reason.isna() & ~meets.astype(bool), word)
    left_out = pd.Series(
        reason.dropna().to_numpy(),
        index=pd.Index(number[reason.notna()].to_numpy(), name=number.name or "record"),
        name="reason",
        dtype="str",
    )
    return Filtered(events[reason.isna()], left_out)


class _Words:
    """Compares words with the events, and gathers those that do not occur in them."""

    def __init__(self, events: pd.DataFrame, *, is_part: bool = False) -> None:
        self._events = events
        self._is_part = is_part
        self.seen: dict[str, Seen] = {}
        self._faults: list[str] = []

    def holds(
        self, given: Words, name: str, columns: list[str], *, among: tuple[str, ...] | None = None
    ) -> pd.Series:
        """Return which events hold one of the words in one of the columns."""
        asked = [given] if isinstance(given, str) else [str(word) for word in given]
        folded = [self._events[column].str.casefold() for column in columns]
        present = among or sorted(
            set().union(*(self._events[column].dropna().unique() for column in columns))
        )
        known = {word.casefold() for word in present}
        if not asked:
            self._faults.append(f"{name} is empty; leave it out to keep every event")
        # Of a table without events nothing can be said to be a typo.
        unknown = [word for word in asked if word.casefold() not in known]
        if self._is_part and not among:
            self.seen[name] = Seen(tuple(asked), frozenset(present), len(self._events))
            unknown = []
        if unknown and (among or len(self._events)):
            self._faults.append(_unknown(unknown, name, list(present)))
        wanted = [word.casefold() for word in asked]
        meets = folded[0].isin(wanted)
        for other in folded[1:]:
            meets |= other.isin(wanted)
        return meets

    def refuse_unknown(self) -> None:
        """Raise :exc:`~geo.errors.SettingsError` if any word was not found."""
        _refuse(self._faults)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise SettingsError("These events cannot be filtered so:\n- " + "\n- ".join(faults))


def _unknown(words: list[str], name: str, present: list[str], most: int = 20) -> str:
    listed = present
    if len(present) > most:
        by_fold = {word.casefold(): word for word in present}
        near = [difflib.get_close_matches(w.casefold(), by_fold, n=5, cutoff=0.5) for w in words]
        # Where none is near, as to an acronym, some show how the source writes them.
        listed = [by_fold[match] for matches in near for match in matches] or present[:most]
    told = [*map(repr, listed), f"{len(present) - len(listed)} more"]
    if len(listed) == len(present):
        told = told[:-1] or ["no value at all"]
    asked = ", ".join(map(repr, words))
    return f"no event has {asked} ({name}); found: {', '.join(told)}"
