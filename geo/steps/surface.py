"""From points to a surface: how many events there are per km² and year."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from geo import periods, schema
from geo.errors import DataWarning, PeriodError, PeriodWarning, PrecisionWarning, counted
from geo.periods import Day, Window
from geo.stats.bandwidth import FLOOR_M, Bandwidth
from geo.stats.density import MIN_MASS, Kernel
from geo.stats.grid import Grid
from geo.stats.surface import density_surface
from geo.steps import windows
from geo.steps.canvas import (
    BoolArray,
    Canvas,
    FloatArray,
    Settled,
    counted_out,
    plane_points_of,
    refuse_none,
)
from geo.steps.land import land_mask

Kind = Literal["density", "relative-risk", "change"]

CELL_M = 2_000.0
FEW = 20
"""Fewer events show the kernel rather than a pattern."""

AT_SEA = "nearly all of the kernel at sea"

_KERNEL_NAME = {"gaussian": "Gaussian", "quartic": "quartic", "epanechnikov": "Epanechnikov"}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Surface:
    """Values on a grid of square cells in :data:`geo.crs.METRIC`.

    Attributes
    ----------
    kind
        What it shows.
    grid
        Where the cells lie.
    values
        Rows from north to south; NaN outside the study area and where nothing can be said.
    unit, band
        Of the values, and what they are, in words.
    kernel, bandwidth_m
        The kernel, and its bandwidth: the standard deviation of a Gaussian one, the radius of
        the others. Of adaptive bandwidths the middle one.
    chosen
        How the bandwidth was chosen; None where it was given.
    adaptive
        Whether each event has a bandwidth of its own.
    window, years
        The window of the events (the comparison, of a change), and its length.
    events
        Events of that window that are in the surface.
    base, base_events
        The other window of a change, and its events.
    people
        People of a relative risk.
    left_out
        Events of the windows that are not in the surface, by why.
    method
        How it was made, as one sentence.
    """

    kind: Kind
    grid: Grid
    values: FloatArray
    unit: str
    band: str
    kernel: Kernel
    bandwidth_m: float
    chosen: Bandwidth | None
    adaptive: bool
    window: str
    years: float
    events: int
    base: str | None
    base_events: int | None
    people: float | None
    left_out: Mapping[str, int]
    method: str


def event_density(
    located: gpd.GeoDataFrame,
    *,
    window: str | int | Window | None = None,
    cell_m: float = CELL_M,
    bandwidth_m: float | None = None,
    kernel: Kernel = "gaussian",
    adaptive: bool = False,
    areas: gpd.GeoDataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
) -> Surface:
    """Return how many events there are per km² and year, as a surface.

    Edge-corrected on the land (Jones and Diggle): what a kernel has at sea, or abroad, is put on
    this side, so that the surface adds up to the events. Square kilometers are those of the plane
    (:data:`geo.crs.METRIC`), up to 1.4 % off.

    Only events whose place is known exactly are in it and, where the kernel spreads over 25 km or
    more and is not adaptive, those known to be near a place. States with poor coordinates
    therefore look too calm.

    Parameters
    ----------
    located
        An ``ASSIGNED`` table.
    window
        Days whose events count (``2024``, ``2024-09-09/2024-12-31``); all that the data cover
        unless given.
    cell_m
        Length of a cell.
    bandwidth_m
        Standard deviation of the Gaussian kernel, radius of the others. Unless given it is
        chosen by the criterion of Cronie and van Lieshout, with a floor of 10 km: events are
        placed at a named town.
    kernel
        ``"gaussian"``, ``"quartic"`` or ``"epanechnikov"``.
    adaptive
        Spread each event by its own bandwidth (Abramson): farther where events are few, and
        nowhere less than 10 km, or than a shorter bandwidth that is given.
    areas
        An ``AREAS`` table, the study area; the country unless given. Events outside are left
        out.
    data_from, data_through
        First and last day that the source covers; the window is cut to them. The last is the day
        of the latest event unless given.

    Returns
    -------
    Surface

    Raises
    ------
    SchemaError
        If `located` breaks its contract.
    PeriodError
        If the window lies outside the data.
    SettingsError
        If an argument cannot be meant, no event is left, the kernel is too narrow for the cells,
        or the grid would take more memory than :data:`geo.stats.grid.MEMORY_LIMIT`: all before
        the work begins.

    Warns
    -----
    PeriodWarning
        If the window reaches past the data.
    PrecisionWarning
        If events are left out for how well their place is known, or the bandwidth is shorter
        than that.
    DataWarning
        If there are fewer than 20 events, or nearly all of a kernel lies at sea.

    Examples
    --------
    >>> event_density(schema.ASSIGNED.empty())
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: there is no event to make a surface of
    """
    schema.ASSIGNED.check(located)
    when = window_of(located, window, data_from, data_through)
    canvas = Canvas.of(areas, cell_m, kernel)
    inside = inside_window(located, when)
    settled = canvas.settle(located, inside, bandwidth_m, FLOOR_M, adaptive=adaptive)
    points = plane_points_of(located, settled.used)
    each = canvas.widths(points, settled.width, adaptive=adaptive)
    canvas.refuse(each)
    mask = land_mask(canvas.land, canvas.grid)
    share = mask.mass(points, each, kernel)
    kept = share >= MIN_MASS
    left_out = _with_sea(settled.left_out, int((~kept).sum()))
    tell_left_out(left_out, int(kept.sum()))
    easting, northing = points[kept].T
    # The edge correction of Jones and Diggle; asked for by name, it would work the shares out anew.
    values = density_surface(
        easting,
        northing,
        canvas.grid,
        bandwidth_m=each[kept],
        kernel=kernel,
        weights=1 / share[kept],
        area=mask,
    )
    return Surface(
        kind="density",
        grid=canvas.grid,
        values=values / when.years,
        unit="events per km² per year",
        band=f"density of events, {when.label}",
        kernel=kernel,
        bandwidth_m=settled.width,
        chosen=settled.chosen,
        adaptive=adaptive,
        window=when.label,
        years=when.years,
        events=int(kept.sum()),
        base=None,
        base_events=None,
        people=None,
        left_out=left_out,
        method=f"{method_of(kernel, settled, adaptive=adaptive)}, Jones-Diggle edge "
        "correction on land",
    )


def window_of(
    located: pd.DataFrame,
    window: str | int | Window | None,
    data_from: Day | None,
    data_through: Day | None,
) -> Window:
    """Return the window that is meant, cut to what the data cover; all of it unless given."""
    refuse_none(len(located))
    dates = located["event_date"]
    begin = None if data_from is None else periods.day(data_from)
    through = dates.max() if data_through is None else periods.day(data_through)
    after = through + pd.Timedelta(days=1)
    if window is None:
        return Window(dates.min() if begin is None else begin, after)
    asked = Window.parse(window)
    start = asked.start if begin is None else max(asked.start, begin)
    end = min(asked.end, after)
    if start >= end:
        raise PeriodError(
            f"the window {asked.label} lies outside the data, which "
            f"{f'begin on {begin.date()} and ' if begin is not None else ''}end on "
            f"{through.date()}; nothing can be said of it"
        )
    covered = Window(start, end)
    if covered != asked:
        warnings.warn(
            f"the window {asked.label} reaches past the data and is cut to {covered.label}; the "
            "density is of the days covered",
            PeriodWarning,
            stacklevel=3,
        )
    return covered


def inside_window(located: pd.DataFrame, window: Window) -> BoolArray:
    """Return which events lie in a window for certain."""
    everything = pd.Series(data=True, index=located.index)
    return windows.counted_in(located, window, concerned=everything)


def _with_sea(left_out: dict[str, int], number: int) -> dict[str, int]:
    return {**left_out, AT_SEA: number} if number else left_out


def tell_left_out(left_out: Mapping[str, int], kept: int) -> None:
    """Warn of events that are not in a surface, and of a surface of few events."""
    if left_out:
        total = kept + sum(left_out.values())
        warnings.warn(
            f"{total - kept:,} of {counted(total, 'event')} "
            f"{'is' if total - kept == 1 else 'are'} left out of the surface "
            f"({counted_out(left_out)})",
            PrecisionWarning,
            stacklevel=3,
        )
    if kept < FEW:
        warnings.warn(
            f"a surface of {counted(kept, 'event')} shows the kernel rather than a pattern; {FEW} "
            "or more are wanted",
            DataWarning,
            stacklevel=3,
        )


def method_of(kernel: Kernel, settled: Settled, *, adaptive: bool = False) -> str:
    """Say which kernel, how far it reaches, and who chose that."""
    word = "bandwidth" if kernel == "gaussian" else "radius"
    chosen = settled.chosen
    how = (
        "as given"
        if chosen is None
        else "the floor of the criterion of Cronie and van Lieshout, "
        f"{chosen.found_m / 1_000:.1f} km without it"
        if chosen.at_floor
        else "by the criterion of Cronie and van Lieshout"
    )
    own = "adaptive (Abramson) around the " if adaptive else ""
    return f"{_KERNEL_NAME[kernel]} kernel, {own}{word} {settled.width / 1_000:.1f} km ({how})"
