"""What a map says, before anything is drawn: tables of one period, and the words around them.

A :class:`MapData` is finished and frozen. It can be made from the results of a study with
:func:`~geo.render.describe.describe`, or by hand from tables of one's own; the map, and later any
static picture, is painted from it and from nothing else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from geo.attribution import Credit
from geo.errors import SchemaError, SettingsError
from geo.render.text import Text
from geo.render.timed import Timed
from geo.stats.breaks import ClassBreaks
from geo.steps.reach import EVERYWHERE, Reach

Level: TypeAlias = Literal["state", "municipality"]
LEVELS: tuple[Level, ...] = ("state", "municipality")

CODE = {"state": re.compile(r"\d{2}\Z"), "municipality": re.compile(r"\d{5}\Z")}
"""What a CVEGEO of each level looks like."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something a map can be colored by."""

    key: str
    column: str
    kind: Literal["count", "rate", "bins"]
    levels: tuple[Level, ...] = LEVELS
    marks_few_events: bool = False


MEASURES: tuple[Measure, ...] = (
    Measure("count", "events", "count"),
    Measure("rate", "crude_rate", "rate", marks_few_events=True),
    Measure("smoothed", "eb_rate", "rate"),
    Measure("hotspots", "gi_bin", "bins", levels=("municipality",)),
)
"""The measures, in the order of the switch."""

NUMBERS = ("population", "exposure", "crude_rate", "rate_low", "rate_high", "eb_rate")
HOTSPOT_COLUMNS = ("gi_bin", "gi_star", "q_value")


@dataclass(frozen=True, slots=True)
class Period:
    """The period that a map shows: its label, its first day and the first day after it."""

    label: str
    start: dt.date
    end: dt.date
    complete: bool = True

    def __post_init__(self) -> None:
        """Refuse a period without days."""
        if self.end <= self.start:
            raise SettingsError(f"the period {self.label} ends ({self.end}) before it begins")


@dataclass(frozen=True, slots=True, eq=False)
class LevelData:
    """One row an area: what is known of it in the period.

    Attributes
    ----------
    areas
        Columns cvegeo, name, state_name, events, population, exposure, crude_rate, rate_low,
        rate_high, eb_rate, reliable; and gi_bin, gi_star, q_value where hotspots were looked for.
    breaks
        The classes of each measure: ``count``, ``rate``, ``smoothed``.
    """

    areas: pd.DataFrame
    breaks: Mapping[str, ClassBreaks]

    @property
    def has_hotspots(self) -> bool:
        """Whether hotspots were looked for at this level."""
        return "gi_bin" in self.areas.columns

    @property
    def names(self) -> dict[str, str]:
        """Name of each area, by code."""
        return dict(zip(self.areas["cvegeo"], self.areas["name"], strict=True))

    def measures(self, level: Level) -> tuple[Measure, ...]:
        """Return the measures that can be shown at this level."""
        return tuple(
            measure
            for measure in MEASURES
            if level in measure.levels
            and (measure.key in self.breaks or (measure.kind == "bins" and self.has_hotspots))
        )

    def check(self, level: Level, reach: Reach = EVERYWHERE) -> None:
        """Raise :exc:`~geo.errors.SchemaError` unless the table can be drawn.

        Areas outside of `reach` have no number of events; all others have.
        """
        wanted = ["cvegeo", "name", "state_name", "events", *NUMBERS, "reliable"]
        missing = [name for name in wanted if name not in self.areas.columns]
        if missing:
            raise SchemaError(f"the {level} table of a map lacks: {', '.join(missing)}")
        faults = list(self._faults(level, reach))
        if faults:
            raise SchemaError(f"Not a valid {level} table of a map:\n- " + "\n- ".join(faults))
        for measure in self.measures(level):
            if measure.key in self.breaks:
                # Refuses a value outside the classes: it would be drawn in no color of the legend.
                self.breaks[measure.key].classify(self.areas[measure.column])

    def _faults(self, level: Level, reach: Reach) -> list[str]:
        faults = []
        codes = self.areas["cvegeo"].astype("str")
        if strange := [code for code in codes if not CODE[level].match(code)]:
            digits = 2 if level == "state" else 5
            found = ", ".join(map(repr, strange[:5]))
            faults.append(f"'cvegeo' must hold codes of {digits} digits, not {found}")
        if repeated := int(codes.duplicated().sum()):
            faults.append(f"{repeated} rows repeat a cvegeo")
        numbers = [*NUMBERS, *(HOTSPOT_COLUMNS[1:] if self.has_hotspots else ())]
        for name in numbers:
            values = self.areas[name].to_numpy(dtype=np.float64, na_value=np.nan)
            if bad := int(np.isinf(values).sum()):
                faults.append(f"'{name}' is infinite in {bad} rows")
        counts, outside = self.areas["events"], codes.isin(reach.outside)
        if counts[~outside].isna().any() or (counts.dropna() < 0).any():
            faults.append("'events' must be a whole number from 0 in every row")
        if counts[outside].notna().any():
            faults.append("'events' must be empty in areas of which nothing was asked")
        return faults


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Events or records that are not counted, with the reason word and their number."""

    reason: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where every record of the input went.

    ``used`` records became events; of these so many count for a state and so many for a
    municipality, all periods together. The reasons of the others are listed, and add up.
    """

    physical: int
    used: int
    filtered: int
    quarantined: int
    for_state: int
    for_municipality: int
    filtered_reasons: tuple[LeftOut, ...] = ()
    quarantined_reasons: tuple[LeftOut, ...] = ()
    state_left_out: tuple[LeftOut, ...] = ()
    municipality_left_out: tuple[LeftOut, ...] = ()

    def check(self) -> None:
        """Raise :exc:`~geo.errors.SettingsError` unless everything adds up."""
        sums = [
            ("records", self.physical, self.used + self.filtered + self.quarantined),
            ("filtered records", self.filtered, _total(self.filtered_reasons)),
            ("quarantined records", self.quarantined, _total(self.quarantined_reasons)),
            ("states", self.used, self.for_state + _total(self.state_left_out)),
            (
                "municipalities",
                self.used,
                self.for_municipality + _total(self.municipality_left_out),
            ),
        ]
        for what, expected, found in sums:
            if expected != found:
                raise SettingsError(
                    f"the account of {what} does not add up: {expected} expected, {found} found"
                )


def _total(left_out: tuple[LeftOut, ...]) -> int:
    return sum(item.number for item in left_out)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapData:
    """Everything that one map says.

    Attributes
    ----------
    title, subtitle
        Heading; text of the user.
    made_up
        The data are invented; the page says so where nobody can miss it.
    period
        The period shown.
    levels
        The tables, by level; at least one.
    account
        Where every record went.
    permutations
        Number of permutations that the q-values of hotspots rest on; 0 for the normal tail. Must
        be given where hotspots are shown.
    source
        Name of the data, as it stands in the caption.
    accessed
        Day on which the data were fetched, as text, or None.
    filters
        The wishes of the user that set events aside, one each.
    method
        How the numbers were made, one sentence each.
    credits
        Who must be named.
    manifest
        Hashes, versions and settings; kept in the page for whoever checks it later.
    timed
        Counts by month and what goes with them; without it the page shows one period.
    focus
        Code of the area that the map is about, if any.
    reach
        Which areas a query asked for in part, and which not at all: these have no number of
        events, not even zero.
    """

    title: Text
    subtitle: Text
    period: Period
    levels: Mapping[Level, LevelData]
    account: Account
    source: str
    permutations: int | None = None
    accessed: str | None = None
    made_up: bool = False
    filters: tuple[Text, ...] = ()
    method: tuple[Text, ...] = ()
    credits: tuple[Credit, ...] = ()
    manifest: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    timed: Timed | None = None
    focus: str | None = None
    reach: Reach = EVERYWHERE

    @property
    def partial(self) -> bool:
        """Whether a query kept events to a part of the country."""
        return bool(self.reach)

    def check(self) -> None:
        """Raise unless the description can be drawn.

        Raises
        ------
        SchemaError
            A table lacks a column, repeats a code or holds an infinite number.
        SettingsError
            There is no table, the account does not add up, or hotspots are shown and it is not
            said what their p-values rest on.
        """
        if not self.levels:
            raise SettingsError("a map needs the table of at least one level")
        if strange := [level for level in self.levels if level not in LEVELS]:
            raise SettingsError(
                f"unknown level {strange[0]!r}; expected one of {', '.join(LEVELS)}"
            )
        for level, data in self.levels.items():
            data.check(level, self.reach)
            if data.has_hotspots and self.permutations is None:
                raise SettingsError(
                    f"the {level} table has hotspots; say how many permutations their q-values "
                    "rest on (permutations=, 0 for the normal tail)"
                )
        self.account.check()
