"""An area and the areas that it is held against: their months, windows and choice."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods
from geo.cvegeo import Level
from geo.errors import (
    AreaError,
    ExposureError,
    ExposureWarning,
    PeriodError,
    PeriodWarning,
    SettingsError,
)
from geo.periods import Window
from geo.sources import boundaries
from geo.steps.series import in_time

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

ALL_OTHERS = "all others"
NOT_NEIGHBORS = "without neighbors"
CHOSEN = "chosen"

LEAST_DONORS = 2
MOST_DONORS = 200
"""With more, a model with an effect of each area and month takes too long and too much memory."""


@dataclass(frozen=True, slots=True)
class Cube:
    """Events and person-years of areas × months; incomplete months have none.

    Attributes
    ----------
    codes, labels
        Areas in order of code, and months in the order of time.
    events, exposure
        Areas × months.
    """

    codes: list[str]
    labels: list[str]
    events: FloatArray
    exposure: FloatArray

    @classmethod
    def of(cls, measures: pd.DataFrame) -> Cube:
        """Lay out the complete periods of a ``MEASURES`` table."""
        used = measures[measures["complete"].astype(bool)]
        labels = [str(label) for label in in_time(used)["period"].unique()]
        wide = {
            name: used.pivot_table(
                index="cvegeo", columns="period", values=name, aggfunc="sum", min_count=1
            )
            for name in ("events", "exposure")
        }
        events = wide["events"].sort_index(axis=0).reindex(columns=labels)
        exposure = wide["exposure"].reindex_like(events)
        return cls(
            codes=[str(code) for code in events.index],
            labels=labels,
            events=events.to_numpy(dtype=np.float64),
            exposure=exposure.to_numpy(dtype=np.float64),
        )

    def place(self, code: str) -> int:
        """Return the row of an area, and refuse one that is not there."""
        if code in self.codes:
            return self.codes.index(code)
        known = (
            f"they have {', '.join(self.codes[:5])} ..." if self.codes else "they have none at all"
        )
        raise AreaError(f"the measures have no area {code!r}; {known}")

    def keep(self, codes: list[str]) -> Cube:
        """Return these areas alone, in this order."""
        rows = [self.place(code) for code in codes]
        return Cube(codes, self.labels, self.events[rows], self.exposure[rows])

    def during(self, months: BoolArray) -> Cube:
        """Return these months alone."""
        labels = [label for label, kept in zip(self.labels, months, strict=True) if kept]
        return Cube(self.codes, labels, self.events[:, months], self.exposure[:, months])


def sides_of_windows(
    cube: Cube, base: str | int | Window, comparison: str | int | Window
) -> FloatArray:
    """Return of each month 0 in the base, 1 in the comparison window and NaN in neither.

    Raises
    ------
    PeriodError
        If the windows overlap or are out of order, or no complete month lies in one of them.

    Warns
    -----
    PeriodWarning
        If days of a window are left out because their month is not wholly in it.
    """
    before, after = Window.parse(base), Window.parse(comparison)
    if before.start < after.end and after.start < before.end:
        raise PeriodError(f"the windows {before.label} and {after.label} overlap")
    if after.start < before.start:
        raise PeriodError(
            f"the comparison window {after.label} lies before the base window {before.label}"
        )
    side = np.full(len(cube.labels), np.nan)
    bounds = [periods.bounds(label) for label in cube.labels]
    for value, window in enumerate((before, after)):
        within = [window.start <= start and end <= window.end for start, end in bounds]
        side[within] = value
        covered = sum((end - start).days for start, end in np.array(bounds, dtype=object)[within])
        if not any(within):
            span = f"{cube.labels[0]} to {cube.labels[-1]}" if cube.labels else "none"
            raise PeriodError(
                f"no complete month lies wholly in the window {window.label}; the data have {span}"
            )
        if covered < window.days:
            warnings.warn(
                f"{window.days - covered} of {window.days} days of the window {window.label} do "
                "not count in the comparison with other areas: their month lies only partly in "
                "it, or is not complete",
                PeriodWarning,
                stacklevel=3,
            )
    return side


def donor_sets(
    cube: Cube,
    code: str,
    donors: Iterable[str] | None,
    neighbors: pd.DataFrame | None,
    *,
    least: int = LEAST_DONORS,
) -> Mapping[str, list[str]]:
    """Return the sets of areas that one is held against, by name.

    Parameters
    ----------
    cube
        All areas.
    code
        The area in focus.
    donors
        Codes of the chosen ones; all others, and those that are no neighbors, unless given.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the level unless given.
    least
        How many a set must have.

    Raises
    ------
    AreaError
        If a donor is not there, or a set has too few.
    SettingsError
        If the area in focus is a donor, or a set has more than :data:`MOST_DONORS`.
    """
    others = [other for other in cube.codes if other != code]
    if donors is not None:
        wanted = list(dict.fromkeys(donors))
        if code in wanted:
            raise SettingsError(f"{code} is in focus and a donor; an area is not its own measure")
        for one in wanted:
            cube.place(one)
        sets = {CHOSEN: wanted}
    else:
        level: Level = "state" if len(code) == 2 else "municipality"
        table = boundaries.load_neighbors(level) if neighbors is None else neighbors
        near = set(table.loc[table["focal"] == code, "neighbor"])
        sets = {ALL_OTHERS: others, NOT_NEIGHBORS: [c for c in others if c not in near]}
    for name, codes in sets.items():
        if len(codes) < least:
            raise AreaError(
                f"{len(codes)} donors ({name}) for {code}; a comparison needs {least}, so "
                "that one can be held against the other"
            )
        if len(codes) > MOST_DONORS:
            raise SettingsError(
                f"{len(codes):,} donors ({name}) for {code}; the limit is {MOST_DONORS}. Look at a "
                "state, or choose the donors yourself (donors, --donor)"
            )
    return sets


def known_areas(cube: Cube, name: str, *, least: int = LEAST_DONORS) -> Cube:
    """Return the areas whose population is known in every month; the focus is the first.

    Raises
    ------
    ExposureError
        If that of the area in focus is not, or too few donors are left.

    Warns
    -----
    ExposureWarning
        If donors are left out.
    """
    if not (cube.exposure[0] > 0).all():
        raise ExposureError(
            f"the population of {cube.codes[0]} is not known in every month of the windows; growth "
            "is compared of rates. Give a population table, or allow the nearest year"
        )
    known: BoolArray = np.all(cube.exposure > 0, axis=1)
    if known.sum() - 1 < least:
        raise ExposureError(
            f"{int(known.sum()) - 1} donors ({name}) have a known population in every month; a "
            f"comparison needs {least}"
        )
    if known.all():
        return cube
    lost = [one for one, has in zip(cube.codes, known, strict=True) if not has]
    warnings.warn(
        f"{len(lost)} of {len(known) - 1} donors ({name}) have no known population in every "
        f"month and are left out: {', '.join(lost[:10])}{' ...' if len(lost) > 10 else ''}",
        ExposureWarning,
        stacklevel=3,
    )
    return cube.keep([one for one, has in zip(cube.codes, known, strict=True) if has])
