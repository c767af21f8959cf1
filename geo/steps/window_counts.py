"""Count the events of windows by area and category, zeros included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.errors import AreaError, SettingsError
from geo.periods import Window
from geo.steps import windows
from geo.steps.count import MAX_ROWS
from geo.steps.windows import BoolArray, FloatArray

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class WindowCounts:
    """Events of two windows in rows: every area, in each of them every category.

    Attributes
    ----------
    codes, groups
        Areas and categories, in order; without categories there is one, the empty text.
    base, comparison
        The windows.
    in_base, in_comparison
        Which events count in each.
    """

    codes: pd.Index
    groups: pd.Index
    base: Window
    comparison: Window
    in_base: BoolArray
    in_comparison: BoolArray
    _located: pd.DataFrame
    _row: npt.NDArray[np.intp]

    @classmethod
    def of(
        cls,
        located: pd.DataFrame,
        places: pd.Series,
        codes: pd.Index,
        names: pd.Series,
        days: tuple[Window, Window],
    ) -> WindowCounts:
        """Find the row of each event.

        Parameters
        ----------
        located
            An ``ASSIGNED`` table.
        places, names
            Area and category of each event; an event without an area counts nowhere.
        codes
            All areas. Events of the windows in others are refused.
        days
            Base and comparison.
        """
        in_base, in_comparison = (
            windows.counted_in(located, window, concerned=places.notna()) for window in days
        )
        either = in_base | in_comparison
        place = codes.get_indexer(pd.Index(places))
        if (strange := either & (place < 0)).any():
            shown = sorted(set(places[strange]))
            raise AreaError(
                f"{int(strange.sum())} events lie in areas that are not compared: "
                f"{', '.join(shown[:10])}; give areas that cover every event"
            )
        groups = pd.Index(sorted(names[either].unique()), dtype="str")
        if not names.any():  # no categories, or none of the events has one
            groups = pd.Index([""], dtype="str")
        if len(codes) * len(groups) > MAX_ROWS:
            raise SettingsError(
                f"{len(codes):,} areas x {len(groups):,} categories are more than {MAX_ROWS:,} rows"
            )
        row = place * len(groups) + groups.get_indexer(pd.Index(names))
        return cls(codes, groups, *days, in_base, in_comparison, located, row)

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.codes) * len(self.groups)

    def inside(self, window: Window) -> BoolArray:
        """Return which events count in a window that lies inside one of the two."""
        found = self.in_base | self.in_comparison
        concerned = pd.Series(found, index=self._located.index)
        return windows.counted_in(self._located, window, concerned=concerned)

    def count(self, inside: BoolArray) -> IntArray:
        """Count events in each row."""
        return np.bincount(self._row[inside], minlength=self.size).astype(np.int64)

    def is_known_to_month(self) -> BoolArray:
        """Return which events have a date that is known to the month, or not said to be worse."""
        known: BoolArray = (self._located["time_precision"] != "year").to_numpy(dtype=bool)
        return known

    def by_month(self, months: list[Window]) -> FloatArray:
        """Count events in each row and month; those known only to the year are in none."""
        if self.size * len(months) > MAX_ROWS:
            raise SettingsError(
                f"{len(self.codes):,} areas x {len(self.groups):,} categories x {len(months)} "
                f"months are {self.size * len(months):,} counts; the limit is {MAX_ROWS:,}. Choose "
                "a column with fewer categories, or the state level"
            )
        inside = (self.in_base | self.in_comparison) & self.is_known_to_month()
        order = np.argsort([month.start for month in months])
        starts = np.array([month.start for month in months], dtype="datetime64[us]")
        days = self._located["event_date"].to_numpy(dtype="datetime64[us]")[inside]
        month = order[np.searchsorted(starts[order], days, side="right") - 1]
        cell = self._row[inside] * len(months) + month
        counts = np.bincount(cell, minlength=self.size * len(months)).astype(np.float64)
        return counts.reshape(self.size, len(months))

    def by_week(self, inside: BoolArray, window: Window) -> FloatArray:
        """Count events in weeks × rows; the days after the last whole week belong to it."""
        weeks = max(window.days // 7, 1)
        days = (self._located["event_date"] - window.start).dt.days.to_numpy()[inside]
        week = np.minimum(days // 7, weeks - 1).astype(np.intp)
        counts = np.bincount(week * self.size + self._row[inside], minlength=weeks * self.size)
        return counts.astype(np.float64).reshape(weeks, self.size)

    def spread(self, of_areas: FloatArray) -> FloatArray:
        """Return the value of each area in all of its rows."""
        return np.repeat(of_areas, len(self.groups), axis=0)

    def labels(self) -> dict[str, pd.Series]:
        """Return area and category of each row, as columns."""
        area = np.repeat(np.arange(len(self.codes)), len(self.groups))
        group = np.tile(np.arange(len(self.groups)), len(self.codes))
        return {
            "cvegeo": pd.Series(self.codes, dtype="str").take(area).reset_index(drop=True),
            "category": pd.Series(self.groups, dtype="str").take(group).reset_index(drop=True),
        }
