"""Count events by area and period, zeros included.

A grouping by area and period has no row where nothing happened; every mean, variance and local
statistic of it is then wrong without any error. So the grid is made first and counted into.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.cvegeo import Level
from geo.errors import (
    AreaError,
    BalanceError,
    PeriodError,
    PrecisionWarning,
    SchemaError,
    SettingsError,
    counted,
)
from geo.periods import Day, PeriodKind
from geo.sources import boundaries
from geo.stats.cube import Cube
from geo.steps import span

CODE_COLUMN: dict[str, str] = {"state": "cve_ent", "municipality": "cvegeo"}
"""Column of an ``ASSIGNED`` table that holds the area of each level."""

NOT_STATED = "not stated"
"""The category of events that the source gives none."""

MAX_ROWS = 20_000_000
"""Largest panel: about 2 GB as a table."""

# A date is only known to an interval; periods shorter than that cannot count the event.
TOO_COARSE: dict[str, tuple[str, ...]] = {
    "year": (),
    "quarter": ("year",),
    "month": ("year",),
    "week": ("month", "year", "unknown"),
    "acled-week": ("month", "year", "unknown"),
}


def count_events(
    located: pd.DataFrame,
    *,
    level: Level = "municipality",
    period: PeriodKind = "year",
    category: str | None = None,
    first: Day | int | None = None,
    last: Day | int | None = None,
    data_through: Day | None = None,
    areas: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count the events of every area in every period.

    Events without an area at this `level` are not counted (their ``reason`` says why); the
    events counted and the sum of the panel are the same, or the step fails.

    Dates that are known less well than the period is long are left out, with a warning: to the
    month or worse in weeks, to the year in months and quarters. An event whose date precision is
    not stated counts by its date, but not in weeks.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    level
        Count by ``"state"`` or by ``"municipality"``. Events known only to their state are in
        the first and not in the second.
    period
        Kind of period. Weeks are ISO's (Monday) or ACLED's (``"acled-week"``, Saturday).
    category
        A column of `located`; events are counted for each of its values. Events without a value
        are the category ``"not stated"``.
    first, last
        Days, or labels of periods (``"2022"``, ``"2024-03"``). The periods that they fall in are
        the first and the last of the panel and are counted whole; events outside are left out by
        the caller's wish. Without them the panel goes from the earliest event to `data_through`.
    data_through
        Last day that the source covers; the day of the latest event unless given. The period it
        falls in is cut there and marked as not complete.
    areas
        A table with a column ``cvegeo`` of all areas to count by; the shipped ones unless given.

    Returns
    -------
    DataFrame
        A ``PANEL`` table in order of code, time and category, with a column ``category`` if
        asked for. ``fatalities`` sums the stated numbers; ``fatalities_unknown`` counts events
        without one.

    Raises
    ------
    PeriodError
        If events are later than `data_through`, no period is left, or no date is known well
        enough for the period.
    AreaError
        If events lie in an area that is not in `areas`.
    SchemaError
        If `located` breaks its contract.
    SettingsError
        If an argument cannot be meant, or the panel would be larger than :data:`MAX_ROWS`.

    Warns
    -----
    PeriodWarning
        If the earliest event is so long after the start of its period that the data probably
        begin there, or the data end before `last`.
    PrecisionWarning
        If events are left out for the precision of their date.

    Examples
    --------
    >>> areas = pd.DataFrame({"cvegeo": ["25006", "25012"]})
    >>> panel = count_events(
    ...     schema.ASSIGNED.empty(), first="2023", last="2024", data_through="2024-07-01",
    ...     areas=areas,
    ... )
    >>> panel[["cvegeo", "period", "events", "complete", "years"]].values.tolist()
    [['25006', '2023', 0, True, 1.0], ['25006', '2024', 0, False, 0.5],
     ['25012', '2023', 0, True, 1.0], ['25012', '2024', 0, False, 0.5]]
    """
    schema.ASSIGNED.check(located)
    kind = periods.check_kind(period)
    column = code_column(level)
    codes = sorted_codes(boundaries.area_codes(level) if areas is None else areas)
    names = category_of(located, category)
    dates = span.DayCounts.of(located["event_date"])
    grid = grid_of(dates, kind, first=first, last=last, data_through=data_through)
    if grid is None:
        return empty_panel(category)

    # Numbers of periods, and places of codes, not their text: a hundredth of the memory.
    time = pd.Index(_numbers(grid["start"], kind)).get_indexer(
        pd.Index(_numbers(located["event_date"], kind))
    )
    within = pd.Series(time >= 0, index=located.index) & located[column].notna()
    chosen = (within & known_to(located, kind, concerned=within)).to_numpy()
    place = places_in(codes, located[column])[chosen]
    if (place < 0).any():
        strange = sorted(set(located[column][chosen][place < 0]))
        raise AreaError(
            f"{counted(int((place < 0).sum()), 'event lies', 'events lie')} in "
            f"{counted(len(strange), 'area that is', 'areas that are')} not counted "
            f"by: {_some(strange)}; give areas that cover every event, or assign with these areas"
        )
    groups = pd.Index(sorted(names.unique())) if category else pd.Index([""])

    refuse_large(len(codes), len(grid), len(groups))
    cube = Cube.of(
        place,
        time[chosen].astype(np.int64),
        places_in(groups, names)[chosen],
        list(groups),
        whole_deaths(located["fatalities"][chosen]),
        areas=len(codes),
    )
    panel = panel_of(cube.taken(np.arange(len(grid)), list(groups)), codes, grid, groups)
    if int(panel["events"].sum()) != int(chosen.sum()):
        raise BalanceError(
            f"{int(chosen.sum())} events were to be counted, but the panel holds "
            f"{int(panel['events'].sum())}"
        )
    return panel if category else panel.drop(columns="category")


def places_in(words: pd.Index, values: pd.Series) -> npt.NDArray[np.intp]:
    """Return the place of each value among words, -1 where it is none of them or missing.

    Each distinct value is looked up once, so it costs little for many events of few areas.

    Examples
    --------
    >>> places_in(pd.Index(["25006", "25012"]), pd.Series(["25012", None, "1"], dtype="str"))
    array([ 1, -1, -1])
    """
    number, distinct = pd.factorize(values)
    place = np.append(words.get_indexer(pd.Index(distinct)), -1)
    found: npt.NDArray[np.intp] = place[number]
    return found


def _numbers(dates: pd.Series, kind: PeriodKind) -> npt.NDArray[np.int64]:
    return periods.ordinals(dates.to_numpy(dtype="datetime64[D]"), kind)


def code_column(level: str) -> str:
    """Return the column of an ``ASSIGNED`` table that holds the areas of a level."""
    if level not in CODE_COLUMN:
        raise SettingsError(f"{level!r} is not a level; choose {', '.join(CODE_COLUMN)}")
    return CODE_COLUMN[level]


def sorted_codes(areas: pd.DataFrame) -> pd.Index:
    """Return the codes of a table of areas, in order; each must be there once."""
    if "cvegeo" not in areas.columns:
        raise SchemaError("areas must have a column 'cvegeo' with the code of each area")
    codes = pd.Index(areas["cvegeo"].astype("str")).sort_values()
    if codes.hasnans or not codes.is_unique:
        raise SchemaError("areas must list each code once, and none may be empty")
    return codes


def known_to(
    located: pd.DataFrame, kind: PeriodKind, *, concerned: pd.Series
) -> npt.NDArray[np.bool_]:
    """Return which events have a date known well enough for a kind of period.

    Warns of the others, as far as they are `concerned`.
    """
    coarse = located["time_precision"].isin(TOO_COARSE[kind])
    warn_of_coarse(
        int((coarse & concerned).sum()),
        int(concerned.sum()),
        lambda: set(located["time_precision"][concerned]),
        kind,
    )
    fine: npt.NDArray[np.bool_] = (~coarse).to_numpy(dtype=bool)
    return fine


def warn_of_coarse(
    left_out: int, concerned: int, words: Callable[[], set[str]], kind: PeriodKind
) -> None:
    """Warn of events whose date is not known well enough; refuse where it is of none."""
    if left_out and left_out == concerned:
        raise PeriodError(
            f"no event has a date that is known to the {kind}: the precision of all {left_out} is "
            f"{_some(sorted(words()))}; count by a longer "
            "period, or state how well the dates are known"
        )
    if left_out:
        warnings.warn(
            f"{left_out} of {counted(concerned, 'event')} {'is' if left_out == 1 else 'are'} not "
            f"counted: {'its' if left_out == 1 else 'their'} date is not known to the {kind}",
            PrecisionWarning,
            stacklevel=4,
        )


def category_of(located: pd.DataFrame, category: str | None) -> pd.Series:
    """Return the category of each event, :data:`NOT_STATED` where the source gives none."""
    if category is None:
        return pd.Series("", index=located.index, dtype="str")
    if category not in located.columns:
        raise SettingsError(
            f"there is no column {category!r} to count by; the events have "
            f"{', '.join(map(str, located.columns))}"
        )
    return located[category].astype("str").fillna(NOT_STATED)


def grid_of(
    dates: span.DayCounts,
    kind: PeriodKind,
    *,
    first: Day | int | None,
    last: Day | int | None,
    data_through: Day | None,
) -> pd.DataFrame | None:
    """Return the periods of a panel; None where neither events nor days say which they are."""
    days = span.settle(dates, first, last, data_through, kind)
    if days is None:
        return None
    grid = periods.calendar(kind, days.first, days.last, data_through=days.through)
    if first is None:
        span.warn_of_late_start(dates, grid["start"].iloc[0], grid["end"].iloc[0])
    return grid


def refuse_large(areas: int, times: int, groups: int) -> None:
    """Refuse a panel that would not fit into memory."""
    size = areas * times * groups
    if size > MAX_ROWS:
        raise SettingsError(
            f"{areas:,} areas x {times:,} periods x {groups:,} categories are "
            f"{size:,} rows, about {size / 1e7:.0f} GB; the limit is {MAX_ROWS:,}. "
            "Choose longer periods, fewer categories or the state level"
        )


def whole_deaths(fatalities: pd.Series) -> npt.NDArray[np.float64]:
    """Return numbers of deaths, which must be whole, NaN where none is stated."""
    deaths: npt.NDArray[np.float64] = fatalities.to_numpy(dtype=np.float64)
    stated = ~np.isnan(deaths)
    if (odd := stated & ((deaths < 0) | (deaths != np.round(deaths)) | np.isinf(deaths))).any():
        raise SchemaError(
            f"'fatalities' must be whole numbers from 0 or missing; {int(odd.sum())} are not, the "
            f"first is {deaths[odd][0]:g}"
        )
    return deaths


def panel_of(
    counts: npt.NDArray[np.int64], codes: pd.Index, grid: pd.DataFrame, groups: pd.Index
) -> pd.DataFrame:
    """Return a panel from counts by measure, area, time and group."""
    _, areas, times, categories = counts.shape
    time = np.tile(np.repeat(np.arange(times), categories), areas)
    events, fatalities, unknown = counts.reshape(3, -1)
    return pd.DataFrame(
        {
            "cvegeo": _text(codes, np.repeat(np.arange(areas), times * categories)),
            "period": _text(pd.Index(grid["period"]), time),
            "category": _text(groups, np.tile(np.arange(categories), areas * times)),
            "events": events,
            "fatalities": fatalities,
            "fatalities_unknown": unknown,
            "complete": grid["complete"].astype("boolean").array.take(time),
            "years": grid["years"].to_numpy(dtype=np.float64)[time],
        }
    )


def _text(words: pd.Index, where: npt.NDArray[np.intp]) -> pd.Series:
    return pd.Series(words, dtype="str").take(where).reset_index(drop=True)


def empty_panel(category: str | None) -> pd.DataFrame:
    """Return a panel without rows."""
    panel = schema.PANEL.empty()
    if category is not None:
        panel.insert(2, "category", pd.Series(dtype="str"))
    return panel


def _some(words: list[str], most: int = 10) -> str:
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return ", ".join(map(str, words[:most])) + more
