"""Events whose place and day are known exactly: the only ones whose distances mean anything."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import crs
from geo.errors import PrecisionWarning, SettingsError, counted

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NO_PLACE = "place not exact"
NO_DAY = "day not known"

PILE = 5
"""Coordinates with so many events stand for a place's name."""


@dataclass(frozen=True, slots=True, eq=False)
class PrecisePoints:
    """The events with an exact place and day, in one plane.

    Attributes
    ----------
    used
        Which of all events these are.
    why_not
        Of all events: why it is not among them; missing where it is.
    easting, northing
        Meters in :data:`geo.crs.METRIC`, up to 0.7 % off.
    days
        Day of each, as a whole number.
    """

    used: BoolArray
    why_not: pd.Series
    easting: FloatArray
    northing: FloatArray
    days: FloatArray

    @classmethod
    def of(cls, located: pd.DataFrame, *, what: str) -> PrecisePoints:
        """Take the events with an exact place and day, and say how many are left out.

        Parameters
        ----------
        located
            An ``EVENTS`` or ``ASSIGNED`` table.
        what
            What they are taken for, as it stands in the messages.

        Raises
        ------
        SettingsError
            If there are events, and none has an exact place and day.

        Warns
        -----
        PrecisionWarning
            If events are left out.
        """
        points = located.geometry.to_numpy()
        lon, lat = shapely.get_x(points), shapely.get_y(points)
        exact = (located["geo_precision"] == "exact").to_numpy(dtype=bool)
        placed = exact & np.isfinite(lon) & np.isfinite(lat)
        dated = (located["time_precision"] == "day").to_numpy(dtype=bool)
        why = np.select([~placed, ~dated], [NO_PLACE, NO_DAY], default="")
        used = why == ""
        reasons = pd.Series(why, index=located.index, dtype="str").mask(used)
        _tell(reasons, what)
        easting, northing = crs.project(lon[used], lat[used])
        when = located["event_date"].to_numpy(dtype="datetime64[D]")[used]
        return cls(used, reasons, easting, northing, when.astype(np.int64).astype(np.float64))

    @property
    def piled(self) -> int:
        """Return how many of the events lie on coordinates that :data:`PILE` or more share."""
        points = np.column_stack([self.easting, self.northing])
        _, many = np.unique(points, axis=0, return_counts=True)
        return int(many[many >= PILE].sum())


def _tell(reasons: pd.Series, what: str) -> None:
    number_of = {reason: int((reasons == reason).sum()) for reason in _WORDS}
    if not (left_out := sum(number_of.values())):
        return
    said = ", ".join(f"{number:,} {_WORDS[why]}" for why, number in number_of.items() if number)
    if left_out == len(reasons):
        raise SettingsError(
            f"none of the {len(reasons):,} events can be used for {what}: {said}. Distances need "
            'exact places and days; if the source knows them, say so: geo_precision="exact", '
            'time_precision="day"'
        )
    warnings.warn(
        f"{left_out:,} of {counted(len(reasons), 'event')} {'is' if left_out == 1 else 'are'} left "
        f"out of {what}: {said}",
        PrecisionWarning,
        stacklevel=4,
    )


_WORDS = {
    NO_PLACE: "whose place is not known exactly",
    NO_DAY: "with an exact place whose day is not known",
}
