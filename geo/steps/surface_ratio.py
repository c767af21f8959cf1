"""From points to a surface: events relative to people, and of one window relative to another."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import schema
from geo.errors import SettingsError
from geo.periods import Day, Window
from geo.stats.density import KM2, Kernel, kernel_spread, log_density_ratio
from geo.steps import windows
from geo.steps.canvas import (
    NEAR_M,
    Canvas,
    FloatArray,
    people_points,
    plane_points_of,
    refuse_none,
)
from geo.steps.land import land_mask
from geo.steps.surface import (
    CELL_M,
    Surface,
    inside_window,
    method_of,
    tell_left_out,
    window_of,
)

ADDED = 0.5
"""Events added to either side of a ratio, within reach of the kernel."""

LEAST = 3.0
"""Where fewer events (of both sides) lie within reach of the kernel, there is no ratio."""


def relative_risk(
    located: gpd.GeoDataFrame,
    population: pd.DataFrame,
    *,
    window: str | int | Window | None = None,
    cell_m: float = CELL_M,
    bandwidth_m: float | None = None,
    kernel: Kernel = "gaussian",
    nearest_year: bool = False,
    areas: gpd.GeoDataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
) -> Surface:
    """Return how many events there are for the people who live there, as a surface.

    The logarithm of events over the events that people would have, were they spread as people
    are: 0 is as in the whole study area, 0.69 twice as many. The people of a municipality stand
    at one point of it, so a bandwidth is chosen with a floor of 25 km. Half an event is added to
    either side, which draws cells with few events toward 0, and where fewer than three events
    are observed and expected together within reach of the kernel there is no value. No test: a
    high value may be chance.

    Parameters
    ----------
    located, window, cell_m, kernel, areas, data_from, data_through
        As in :func:`geo.steps.surface.event_density`.
    population
        A ``POPULATION`` table of municipalities.
    bandwidth_m
        As there, one for events and people.
    nearest_year
        Let a year without population borrow the nearest.

    Raises
    ------
    ExposureError
        If the population of a year of the window is not known.
    GeoError
        As in :func:`geo.steps.surface.event_density`.

    References
    ----------
    Kelsall, J. E., and Diggle, P. J. (1995). Non-parametric estimation of spatial variation in
    relative risk. *Statistics in Medicine* 14, 2335-2342. For what is added: Davies, T. M.,
    Marshall, J. C., and Hazelton, M. L. (2018). Tutorial on kernel estimation of continuous
    spatial and spatiotemporal relative risk. *Statistics in Medicine* 37, 1191-1221.

    Examples
    --------
    >>> relative_risk(schema.ASSIGNED.empty(), schema.POPULATION.empty())
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: there is no event to make a surface of
    """
    schema.ASSIGNED.check(located)
    schema.POPULATION.check(population)
    when = window_of(located, window, data_from, data_through)
    canvas = Canvas.of(areas, cell_m, kernel)
    settled = canvas.settle(located, inside_window(located, when), bandwidth_m, NEAR_M)
    width = settled.width
    canvas.refuse(np.array([width]))
    people_at, people = people_points(population, when, canvas, nearest_year=nearest_year)
    points = plane_points_of(located, settled.used)
    mask = land_mask(canvas.land, canvas.grid)
    tell_left_out(settled.left_out, len(points))
    observed = canvas.smoothed(points, width, mask)
    expected = canvas.smoothed(people_at, width, mask, people) * (len(points) / people.sum())
    return Surface(
        kind="relative-risk",
        grid=canvas.grid,
        values=_log_ratio(observed, expected, kernel, width),
        unit="natural logarithm of observed / expected events",
        band=f"relative risk, {when.label}",
        kernel=kernel,
        bandwidth_m=width,
        chosen=settled.chosen,
        adaptive=False,
        window=when.label,
        years=when.years,
        events=len(points),
        base=None,
        base_events=None,
        people=float(people.sum() / when.years),
        left_out=settled.left_out,
        method=f"{method_of(kernel, settled)}, the same for events and "
        f"people at municipal points, {ADDED:g} events added to either side",
    )


def density_change(
    located: gpd.GeoDataFrame,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    cell_m: float = CELL_M,
    bandwidth_m: float | None = None,
    kernel: Kernel = "gaussian",
    areas: gpd.GeoDataFrame | None = None,
    data_from: Day | None = None,
    data_through: Day | None = None,
) -> Surface:
    """Return how many times as many events there are in one window as in another, as a surface.

    The logarithm of the density per year in the comparison over that in the base: 0 is no
    change, 0.69 twice as many, -0.69 half. Half an event is added to either side, which draws
    cells with few events toward the change of the whole study area, and where fewer than
    three events of both windows lie within reach of the kernel there is no value. No test: a high
    value may be chance.

    Parameters
    ----------
    located, cell_m, bandwidth_m, kernel, areas
        As in :func:`geo.steps.surface.event_density`; one bandwidth serves both windows.
    base, comparison, data_from, data_through
        As in :func:`geo.steps.compare.compare_windows`.

    Raises
    ------
    PeriodError
        If the windows overlap or one lies outside the data.
    GeoError
        As in :func:`geo.steps.surface.event_density`; also if a window has no event.

    References
    ----------
    As in :func:`relative_risk`.

    Examples
    --------
    >>> density_change(schema.ASSIGNED.empty(), base=2023, comparison=2024)
    Traceback (most recent call last):
    ...
    geo.errors.SettingsError: there is no event to make a surface of
    """
    schema.ASSIGNED.check(located)
    refuse_none(len(located))
    before, after = windows.settle_windows(
        located["event_date"], base, comparison, data_from=data_from, data_through=data_through
    )
    canvas = Canvas.of(areas, cell_m, kernel)
    in_base, in_comparison = inside_window(located, before), inside_window(located, after)
    settled = canvas.settle(located, in_base | in_comparison, bandwidth_m)
    width = settled.width
    sides = [in_base & settled.used, in_comparison & settled.used]
    numbers = [int(side.sum()) for side in sides]
    for number, one in zip(numbers, (before, after), strict=True):
        if not number:
            raise SettingsError(
                f"a ratio needs events in both windows; {one.label} has none whose place is known "
                "well enough"
            )
    canvas.refuse(np.array([width]))
    mask = land_mask(canvas.land, canvas.grid)
    tell_left_out(settled.left_out, sum(numbers))
    # Both as if they were of as many events as the smaller window has.
    lower, upper = (
        canvas.smoothed(plane_points_of(located, side), width, mask) * (min(numbers) / number)
        for side, number in zip(sides, numbers, strict=True)
    )
    overall = np.log(numbers[1] / after.years) - np.log(numbers[0] / before.years)
    return Surface(
        kind="change",
        grid=canvas.grid,
        values=_log_ratio(upper, lower, kernel, width) + overall,
        unit="natural logarithm of the ratio of events per km² per year",
        band=f"change of density, {after.label} / {before.label}",
        kernel=kernel,
        bandwidth_m=width,
        chosen=settled.chosen,
        adaptive=False,
        window=after.label,
        years=after.years,
        events=numbers[1],
        base=before.label,
        base_events=numbers[0],
        people=None,
        left_out=settled.left_out,
        method=f"{method_of(kernel, settled)}, the same for both windows, "
        f"{ADDED:g} events added to either side",
    )


def _log_ratio(upper: FloatArray, lower: FloatArray, kernel: Kernel, width: float) -> FloatArray:
    """Return the log ratio of two densities of as many events, drawn toward 0 where they are few.

    Within reach of the kernel means in the circle that one Gaussian of that spread averages over,
    4 pi spread².
    """
    reach_km2 = 4 * np.pi * kernel_spread(kernel, width) ** 2 / KM2
    added = ADDED / reach_km2
    ratio = log_density_ratio(upper + added, lower + added)
    few = ~((upper + lower) * reach_km2 >= LEAST)
    ratio[few] = np.nan
    return ratio
