"""Month by month: how an area stands to others before and after a date that was known before."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
from geo.errors import ExposureWarning, PeriodError
from geo.periods import Day
from geo.stats import did, pre_trends
from geo.steps.donors import Cube, donor_sets, known_areas
from geo.steps.interrupted import sides_of
from geo.steps.series import table_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

LEAST_BEFORE = pre_trends.LEAST_PERIODS
"""Periods before the date, the reference included."""

SPARSE = 5
"""Fewer events a month than these before the date, and three months are taken together."""

TOGETHER = 3


class EventStudy(NamedTuple):
    """What :func:`study_event` finds: an ``EVENT_STUDY`` and a ``PRE_TRENDS`` table."""

    table: pd.DataFrame
    pre_trends: pd.DataFrame


def study_event(
    measures: pd.DataFrame,
    code: str,
    *,
    event_date: Day,
    transition_from: Day | None = None,
    donors: Iterable[str] | None = None,
    neighbors: pd.DataFrame | None = None,
    months: Literal[1, 3] | None = None,
    confidence: float = 0.95,
) -> EventStudy:
    """Return for each month how an area stands to others, against the last month before a date.

    The months before are shown too: there the ratios should lie about 1. That they do is no proof
    that they would have gone on so.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month.
    code
        The area in focus.
    event_date, transition_from
        As in :func:`geo.steps.interrupted.interrupt_series`; a month in which a date falls is part
        of the transition, unless the date is its first day.
    donors, neighbors
        As in :func:`geo.steps.elsewhere.compare_elsewhere`.
    months
        Months taken together. Unless given, 1, or 3 where the area has fewer than 5 events a month
        before the date. They are counted from the date, those at the edges that are left over are
        left out, and a transition stays one period.
    confidence
        Two-sided coverage of each interval by itself.

    Returns
    -------
    EventStudy
        The reference has the ratio 1 and no limits, for all others are held against it: a
        reference with few events makes all of them unsure together. Limits are quasi-Poisson,
        with the scatter of the donors. Before the date: ``slope`` (growth of focus / donors a
        period) and ``joint_f`` (whether its ratios differ more than the donors scatter).

    Raises
    ------
    AreaError, SettingsError, ExposureError
        As :func:`geo.steps.elsewhere.compare_elsewhere` does.
    PeriodError
        If fewer than 6 periods lie before the dates, or none after; if periods are no months.

    Warns
    -----
    ExposureWarning
        If early months are left out because the population is not known there, or donors are.

    Examples
    --------
    >>> study_event(schema.MEASURES.empty(), "25", event_date="2024-09-09")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: the measures have no area '25'; they have none at all
    """
    schema.MEASURES.check(measures)
    cube = _with_people(Cube.of(measures), code)
    row = cube.place(code)
    sides = sides_of(pd.DataFrame({"period": cube.labels}), event_date, transition_from)
    steps = _months_from(cube.labels, event_date)
    length = months or _length(cube.events[row], sides)
    group, kept = _groups(sides, length)
    before, after = (int(np.unique(group[kept & side]).size) for side in (group < 0, group > 0))
    if before < LEAST_BEFORE or not after:
        raise PeriodError(
            f"{before} complete periods of {length} months lie before the date and {after} after; "
            f"an event study needs {LEAST_BEFORE} and 1. Take in earlier months, or compare two "
            "windows (geo compare)"
        )
    rows: list[dict[str, object]] = []
    trends: list[dict[str, object]] = []
    for name, codes in donor_sets(cube, code, donors, neighbors).items():
        here = known_areas(cube.keep([code, *codes]).during(kept), name)
        found, trend = _studied(here, name, group[kept], steps[kept], confidence)
        rows += found
        trends.append({**trend, "months": length})
    return EventStudy(table_of(rows, schema.EVENT_STUDY), table_of(trends, schema.PRE_TRENDS))


def _with_people(cube: Cube, code: str) -> Cube:
    """Return the months from the first on for which the population of the area is known."""
    known = cube.exposure[cube.place(code)] > 0
    first = int(known.argmax()) if known.any() else 0
    if not first:
        return cube
    warnings.warn(
        f"{first} months before {cube.labels[first]} are left out of the event study: the "
        f"population of {code} is not known there",
        ExposureWarning,
        stacklevel=3,
    )
    return cube.during(np.arange(known.size) >= first)


def _months_from(labels: list[str], event_date: Day) -> IntArray:
    """Return how many months each lies from that of the event, and refuse other periods."""
    event = periods.day(event_date)
    starts = [periods.bounds(label)[0] for label in labels]
    steps = np.array(
        [12 * (start.year - event.year) + start.month - event.month for start in starts],
        dtype=np.int64,
    )
    if (np.diff(steps) != 1).any() or any(len(label) != 7 or "Q" in label for label in labels):
        raise PeriodError(
            "an event study is of complete months without a gap; count by month (period='month')"
        )
    return steps


def _length(events: FloatArray, sides: npt.NDArray[np.str_]) -> int:
    before = events[sides == "before"]
    return 1 if before.size and before.mean() >= SPARSE else TOGETHER


def _groups(sides: npt.NDArray[np.str_], length: int) -> tuple[IntArray, BoolArray]:
    """Return the period of each month, and which are in a whole one.

    Periods are ... -2, -1 before, 0 between, 1, 2 ... after the dates.
    """
    group = np.zeros(sides.size, dtype=np.int64)
    before, after = int((sides == "before").sum()), int((sides == "after").sum())
    group[sides == "before"] = -(np.arange(before)[::-1] // length + 1)
    group[sides == "after"] = np.arange(after) // length + 1
    at = np.arange(sides.size)
    kept: BoolArray = (at >= before % length) & (at < sides.size - after % length)
    return group, kept


def _studied(
    cube: Cube, name: str, group: IntArray, steps: IntArray, confidence: float
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Return the rows of a set of donors, and its pre-trend; the focus is the first area."""
    numbers, first, size = np.unique(group, return_index=True, return_counts=True)
    events, exposure = (
        np.add.reduceat(cells, first, axis=1) for cells in (cube.events, cube.exposure)
    )
    focus = np.arange(len(cube.codes)) == 0
    found = did.event_study(
        events, exposure, focus=focus, reference=numbers == -1, confidence=confidence
    )
    trend = pre_trends.relative_pre_trend(
        events[:, numbers < 0], exposure[:, numbers < 0], focus=focus, confidence=confidence
    )
    phases = np.select(
        [numbers == -1, numbers < 0, numbers == 0], ["reference", "before", "transition"], "after"
    )
    rows: list[dict[str, object]] = [
        {
            "cvegeo": cube.codes[0],
            "donors": name,
            "period": cube.labels[first[at]],
            "months": int(size[at]),
            "months_from_event": int(steps[first[at]]),
            "phase": phase,
            "events": int(events[0, at]),
            "donor_events": int(events[1:, at].sum()),
            "ratio": 1.0 if phase == "reference" else float(found.ratio[at]),
            "ratio_low": float(found.low[at]),
            "ratio_high": float(found.high[at]),
        }
        for at, phase in enumerate(phases)
    ]
    return rows, {
        "cvegeo": cube.codes[0],
        "donors": name,
        "donor_areas": len(cube.codes) - 1,
        "periods_before": int((numbers < 0).sum()),
        "periods_after": int((numbers > 0).sum()),
        "slope": float(trend.slope.ratio),
        "slope_low": float(trend.slope.low),
        "slope_high": float(trend.slope.high),
        "slope_p": float(trend.slope.p),
        "joint_f": trend.f,
        "joint_p": trend.p,
        "dispersion": trend.dispersion,
    }
