"""Which events go into a surface, on which grid, and how far each is spread."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo import crs
from geo.errors import DataWarning, ExposureError, PrecisionWarning, SettingsError
from geo.periods import Window
from geo.sources import boundaries
from geo.stats.bandwidth import FLOOR_M, Bandwidth, adaptive_bandwidths, choose_bandwidth
from geo.stats.density import KM2, Kernel, check_kernel, kernel_spread
from geo.stats.grid import Grid, Plan
from geo.stats.surface import Mask, density_surface
from geo.steps.land import covering_grid, plane_areas
from geo.steps.windows import check_years, person_years, population_by_year

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

NEAR_M = 25_000.0
"""From this spread on, events known only to be near a place count; so far off may they lie."""

WIDEST = 5.0
"""An adaptive bandwidth is at most so many times the middle one."""

OUTSIDE = "outside the study area"

PLACE_KNOWN_TO = "place known to: "
"""What stands before the precision of events that are left out for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """The events of a surface and their bandwidth.

    Attributes
    ----------
    used
        Which of all events are in it.
    width, chosen
        The bandwidth of the kernel, and how it was chosen; None where it was given.
    left_out
        The others, by why.
    """

    used: BoolArray
    width: float
    chosen: Bandwidth | None
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """The study area, its grid, and the kernel that is laid over it."""

    land: gpd.GeoDataFrame
    grid: Grid
    kernel: Kernel

    @classmethod
    def of(cls, areas: gpd.GeoDataFrame | None, cell_m: float, kernel: Kernel) -> Canvas:
        """Return the canvas of an ``AREAS`` table; of the country unless given."""
        check_kernel(kernel, "none")
        land = plane_areas(areas)
        return cls(land, covering_grid(land, cell_m), kernel)

    def settle(
        self,
        located: gpd.GeoDataFrame,
        inside: BoolArray,
        given_m: float | None,
        floor_m: float = FLOOR_M,
        *,
        adaptive: bool = False,
    ) -> Settled:
        """Return which of the events `inside` the windows are used, and their bandwidth.

        The bandwidth is chosen for the exact places; whether others may join depends on it.
        """
        refuse_none(int(inside.sum()))
        factor = kernel_spread(self.kernel, 1.0)
        chosen = None
        if given_m is None:
            exact = self.usable(located, inside, 0.0)
            self._refuse_empty(exact, located, inside)
            easting, northing = plane_points_of(located, exact).T
            area_km2 = float(self.land.area.sum()) / KM2
            chosen = choose_bandwidth(easting, northing, area_km2, floor_m=floor_m)
            width = chosen.bandwidth_m / factor
        else:
            width = float(given_m)
            if not (np.isfinite(width) and width > 0):
                raise SettingsError(f"a bandwidth must be longer than 0 m, not {width:g}")
            _warn_of_short(factor * width)
        used = self.usable(located, inside, 0.0 if adaptive else width)
        self._refuse_empty(used, located, inside)
        return Settled(used, width, chosen, self._left_out(located, inside & ~used))

    def usable(self, located: gpd.GeoDataFrame, inside: BoolArray, width: float) -> BoolArray:
        """Return which events are in the study area at a place known well enough."""
        spread = kernel_spread(self.kernel, width)
        words = ["exact", "near"] if spread >= NEAR_M * (1 - 1e-9) else ["exact"]
        known = located["geo_precision"].isin(words).to_numpy(dtype=bool)
        used: BoolArray = inside & known & self._holds(located)
        return used

    def _holds(self, located: gpd.GeoDataFrame) -> BoolArray:
        codes = located["point_cvegeo"].astype("str")
        digits = len(str(self.land["cvegeo"].iloc[0]))
        held: BoolArray = codes.str[:digits].isin(self.land["cvegeo"]).to_numpy(dtype=bool)
        return held

    def _left_out(self, located: gpd.GeoDataFrame, out: BoolArray) -> dict[str, int]:
        held = self._holds(located)
        words = located["geo_precision"][out & held].value_counts().sort_index()
        reasons = {f"{PLACE_KNOWN_TO}{word}": int(n) for word, n in words.items()}
        outside = int((out & ~held).sum())
        return {**reasons, OUTSIDE: outside} if outside else reasons

    def _refuse_empty(self, used: BoolArray, located: gpd.GeoDataFrame, inside: BoolArray) -> None:
        if used.any():
            return
        out = self._left_out(located, inside)
        raise SettingsError(
            f"none of {int(inside.sum()):,} events can be in a surface ({counted_out(out)}). "
            "Places must be known exactly; if the source knows them so, say "
            'geo_precision="exact", or choose a bandwidth of 25 km for places that are near'
        )

    def widths(self, points: FloatArray, width: float, *, adaptive: bool) -> FloatArray:
        """Return the bandwidth of each event."""
        if not adaptive:
            return np.full(len(points), width)
        factor = kernel_spread(self.kernel, 1.0)
        spread = factor * width
        easting, northing = points.T
        found = adaptive_bandwidths(easting, northing, pilot_m=spread, at_most_m=WIDEST * spread)
        each: FloatArray = np.maximum(found, min(FLOOR_M, spread)) / factor
        return each

    def refuse(self, widths: FloatArray) -> None:
        """Refuse a grid too large, or a kernel too narrow, before any work."""
        Plan.of(self.grid, widths, self.kernel)

    def smoothed(
        self, points: FloatArray, width: float, mask: Mask, weights: FloatArray | None = None
    ) -> FloatArray:
        """Return the density for a ratio, without an edge correction: it would cancel out.

        And near a coast it would make one event look like several.
        """
        easting, northing = points.T
        return density_surface(
            easting,
            northing,
            self.grid,
            bandwidth_m=width,
            kernel=self.kernel,
            weights=weights,
            area=mask,
        )


def people_points(
    population: pd.DataFrame, when: Window, canvas: Canvas, *, nearest_year: bool
) -> tuple[FloatArray, FloatArray]:
    """Return the point and the person-years of each municipality of the study area."""
    labels = boundaries.load_labels("municipality")
    digits = len(str(canvas.land["cvegeo"].iloc[0]))
    labels = labels[labels["cvegeo"].str[:digits].isin(canvas.land["cvegeo"])]
    by_year = population_by_year(population, pd.Index(labels["cvegeo"]))
    check_years(by_year, when, nearest_year=nearest_year)
    people = person_years(by_year, when)
    known = np.isfinite(people)
    if not people[known].sum() > 0:
        raise ExposureError(
            "nobody is known to live in the study area; give a population of its municipalities"
        )
    if not known.all():
        warnings.warn(
            f"the population of {int((~known).sum())} of {len(known)} municipalities is not known; "
            "they count as empty, and the relative risk there is too high",
            DataWarning,
            stacklevel=3,
        )
    east, north = crs.project(labels["lon"].to_numpy()[known], labels["lat"].to_numpy()[known])
    return np.column_stack([east, north]), people[known]


def plane_points_of(located: gpd.GeoDataFrame, used: BoolArray) -> FloatArray:
    """Return points in meters, sorted, so that sums do not depend on the order of the rows."""
    points = located.geometry.to_numpy()[used]
    east, north = crs.project(shapely.get_x(points), shapely.get_y(points))
    order = np.lexsort([north, east])
    return np.column_stack([east, north])[order]


def refuse_none(events: int) -> None:
    """Refuse to make a surface of nothing."""
    if not events:
        raise SettingsError("there is no event to make a surface of")


def counted_out(left_out: Mapping[str, int]) -> str:
    """Return who is left out and why, as words.

    Examples
    --------
    >>> counted_out({"place known to: near": 1_200, OUTSIDE: 3})
    'place known to: near: 1,200, outside the study area: 3'
    """
    return ", ".join(f"{why}: {number:,}" for why, number in left_out.items())


def _warn_of_short(spread: float) -> None:
    if spread < FLOOR_M * (1 - 1e-9):
        warnings.warn(
            f"the kernel spreads over {spread / 1_000:.3g} km, and places known by their town are "
            f"not known better than {FLOOR_M / 1_000:g} km: the surface may show the gazetteer",
            PrecisionWarning,
            stacklevel=4,
        )
