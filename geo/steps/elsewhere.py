"""How a state changed compared with other states: higher or lower than expected from them.

That rests on the others showing how it would have changed. It says nothing of why it did not, and
nothing at all where what happened spread to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.periods import Window
from geo.stats import did, placebos, ratios
from geo.steps.donors import Cube, donor_sets, known_areas, sides_of_windows
from geo.steps.series import table_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_BEFORE_DATE = 6
"""Months of the base window on either side of a placebo date."""


LEAST_PLACEBOS = 19
"""With fewer, no rank has a p of 0.05."""

ABOVE, BELOW = "higher than expected", "lower than expected"
NOT_TOLD_APART = "not told apart from what is expected"


class Elsewhere(NamedTuple):
    """What :func:`compare_elsewhere` finds: an ``ELSEWHERE`` and a ``PLACEBOS`` table."""

    table: pd.DataFrame
    placebos: pd.DataFrame


def compare_elsewhere(
    measures: pd.DataFrame,
    code: str,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    donors: Iterable[str] | None = None,
    neighbors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> Elsewhere:
    """Divide the growth of an area by that of others, and say how rare that is.

    A difference in differences on the scale of ratios: (after / before in focus) / (after / before
    of the donors). With one area in focus no standard error tells how sure that is, because areas
    drift apart without any event. So the same is asked of every donor, and of every earlier date,
    and the answers are ranked (placebos); the quasi-Poisson limits stand beside.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month. Months count that are complete and lie wholly in one of the
        windows.
    code
        The area in focus.
    base, comparison
        Windows, as in :func:`geo.steps.compare.compare_windows`.
    donors
        Codes of the areas that it is compared with. Unless given, the answer is there twice: with
        all other areas, and without the neighbors, to which what happened may have spread.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the states unless given.
    confidence
        Two-sided coverage of the limits.

    Returns
    -------
    Elsewhere
        ``ratio`` is that of the sums, ``two_way_ratio`` that of a model with an effect of each
        area and month; they differ where populations grow at different speed. ``expected`` is how
        many events the area in focus would have, had its rate changed as that of the donors. Ranks
        are two-sided: 2 times is as far from 1 as half. p in space is never below
        1 / (donors + 1). Ranks in time are missing where the base window has fewer than 12 months.

    Raises
    ------
    AreaError
        If the area in focus or a donor is not in the table, or none is left.
    PeriodError
        If the windows overlap, or no whole month lies in one of them.
    ExposureError
        If the population of the area in focus is not known in both windows.
    SettingsError
        If there are more than 200 donors, or the area in focus is one.

    Warns
    -----
    PeriodWarning
        If days of a window are left out because their month is not wholly in it.
    ExposureWarning
        If donors are left out because their population is not known.

    Examples
    --------
    >>> compare_elsewhere(schema.MEASURES.empty(), "25", base="2023", comparison="2024")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: the measures have no area '25'; they have none at all
    """
    schema.MEASURES.check(measures)
    cube = Cube.of(measures)
    cube.place(code)
    side = sides_of_windows(cube, base, comparison)
    used = ~np.isnan(side)
    rows: list[dict[str, object]] = []
    shown: list[dict[str, object]] = []
    for name, codes in donor_sets(cube, code, donors, neighbors).items():
        here = known_areas(cube.keep([code, *codes]).during(used), name)
        row, more = _compared(here, name, side[used] == 1, confidence)
        rows.append(row)
        shown += more
    return Elsewhere(table_of(rows, schema.ELSEWHERE), table_of(shown, schema.PLACEBOS))


def verdict_of(row: pd.Series) -> str:
    """Return which way an area differs from others, from a row of an ``ELSEWHERE`` table.

    It is told apart only where the quasi-Poisson interval leaves out 1 *and* no more than one in
    twenty areas (itself included) is as far from 1.

    Examples
    --------
    >>> row = pd.Series({"ratio": 2.5, "ratio_low": 2.0, "ratio_high": 3.1,
    ...     "placebos_in_space": 31, "p_in_space": 1 / 32})
    >>> verdict_of(row), verdict_of(row.replace(1 / 32, 4 / 32))
    ('higher than expected', 'not told apart from what is expected')
    """
    outside = row["ratio_low"] > 1 or row["ratio_high"] < 1
    ranked = row["placebos_in_space"] >= LEAST_PLACEBOS
    rare = row["p_in_space"] <= 1 / (LEAST_PLACEBOS + 1)
    if not (outside and ranked and rare):
        return NOT_TOLD_APART
    return ABOVE if row["ratio"] > 1 else BELOW


def _compared(
    cube: Cube, name: str, after: BoolArray, confidence: float
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the row of a set of donors, and its placebos; the focus is the first area."""
    events, exposure = cube.events, cube.exposure
    focus = np.arange(len(events)) == 0
    donors = ~focus
    given = {"focus": focus, "after": after, "donors": donors}
    model = did.two_way_did(events, exposure, **given, confidence=confidence).estimate
    space = placebos.placebos_in_space(events, exposure, **given)
    long = int((~after).sum()) >= 2 * LEAST_BEFORE_DATE
    time = (
        placebos.placebos_in_time(events, exposure, **given, least_months=LEAST_BEFORE_DATE)
        if long
        else None
    )
    sums = {
        (who, when): (float(events[rows][:, months].sum()), float(exposure[rows][:, months].sum()))
        for who, rows in (("focus", focus), ("donors", donors))
        for when, months in (("base", ~after), ("comparison", after))
    }
    growth = {
        who: float(
            ratios.rate_ratio(
                base_events=sums[who, "base"][0],
                base_exposure=sums[who, "base"][1],
                comparison_events=sums[who, "comparison"][0],
                comparison_exposure=sums[who, "comparison"][1],
            )
        )
        for who in ("focus", "donors")
    }
    before_n, before_t = sums["focus", "base"]
    row = {
        "cvegeo": cube.codes[0],
        "donors": name,
        "donor_areas": int(donors.sum()),
        "months_base": int((~after).sum()),
        "months_comparison": int(after.sum()),
        "base_events": before_n,
        "comparison_events": sums["focus", "comparison"][0],
        "donor_base_events": sums["donors", "base"][0],
        "donor_comparison_events": sums["donors", "comparison"][0],
        "focus_ratio": growth["focus"],
        "donor_ratio": growth["donors"],
        "expected": growth["donors"] * before_n / before_t * sums["focus", "comparison"][1],
        "ratio": space.ratio,
        "two_way_ratio": float(model.ratio),
        "ratio_low": float(model.low),
        "ratio_high": float(model.high),
        "p_value": float(model.p),
        "dispersion": float(model.dispersion),
        **_ranked("space", space),
        **_ranked("time", time),
    }
    months = np.array(cube.labels)
    shown = _shown(name, "space", np.array(cube.codes), space)
    return row, shown + ([] if time is None else _shown(name, "time", months, time))


def _ranked(kind: str, found: placebos.Placebos | None) -> dict[str, object]:
    if found is None:
        return {f"rank_in_{kind}": pd.NA, f"placebos_in_{kind}": 0, f"p_in_{kind}": np.nan}
    return {
        f"rank_in_{kind}": pd.NA if np.isnan(found.p) else found.rank,
        f"placebos_in_{kind}": int((~np.isnan(found.ratios)).sum()),
        f"p_in_{kind}": found.p,
    }


def _shown(
    name: str, kind: str, labels: npt.NDArray[np.str_], found: placebos.Placebos
) -> list[dict[str, object]]:
    there = np.flatnonzero(~np.isnan(found.ratios))
    return [
        {"donors": name, "kind": kind, "placebo": str(labels[i]), "ratio": float(found.ratios[i])}
        for i in there
    ]
