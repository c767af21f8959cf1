"""An area against a mixture of other areas that resembled it before (synthetic control).

It says whether the area lies higher than that mixture afterwards, never why; and where the mixture
did not resemble it before, it says so and little else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.errors import PeriodError
from geo.periods import Window
from geo.stats import rates, synthetic
from geo.steps.donors import Cube, donor_sets, known_areas, sides_of_windows
from geo.steps.series import table_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_DONORS = 3
"""Each donor must be mixed from two others, to rank the area in focus among them."""

LEAST_BEFORE = 12
"""Months that a mixture is fitted to; with fewer, some mixture of many areas fits by chance."""

POOR_ERROR = 0.5
"""A mixture whose error before is more than this share of the area's rate does not fit."""

POOR_LEVEL = 1.25
"""Nor does one whose mean rate before is this many times the area's, or less than 1 by that."""

LEAST_WEIGHT = 0.001


class Synthetic(NamedTuple):
    """What :func:`synthetic_area` finds.

    A ``SYNTHETIC``, a ``SYNTHETIC_WEIGHTS`` and a ``SYNTHETIC_SERIES`` table.
    """

    table: pd.DataFrame
    weights: pd.DataFrame
    series: pd.DataFrame


def synthetic_area(
    measures: pd.DataFrame,
    code: str,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    donors: Iterable[str] | None = None,
    neighbors: pd.DataFrame | None = None,
) -> Synthetic:
    """Mix other areas so that they resemble one before, and compare it with the mixture after.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month. The mixture is fitted to the rates of the complete months
        that lie wholly in the base window.
    code
        The area in focus.
    base, comparison, donors, neighbors
        As in :func:`geo.steps.elsewhere.compare_elsewhere`; at least 12 months before and three
        donors.

    Returns
    -------
    Synthetic
        ``ratio`` is the mean rate after over that of the mixture, ``pre_ratio`` the same before,
        which should be near 1. ``fits`` is false where the error before is more than half of the
        area's rate, or its mean lies more than 1.25 times off; then the rest means little. There
        is no interval: each donor is mixed from the other donors and its ``error_ratio`` (error
        after / before) ranked with that of the area; p is never below 1 / (donors + 1). A donor
        without events before fits perfectly and has the highest ratio with a single event after:
        where many areas are sparse, ranks say little. The series has every complete month for which
        all populations are known, also those that lie in neither window.

    Raises
    ------
    AreaError, SettingsError, ExposureError
        As :func:`geo.steps.elsewhere.compare_elsewhere` does.
    PeriodError
        If fewer than 12 complete months lie in the base window, or none in the comparison.

    Warns
    -----
    PeriodWarning, ExposureWarning
        As :func:`geo.steps.elsewhere.compare_elsewhere` does.

    References
    ----------
    Abadie, A., Diamond, A., and Hainmueller, J. (2010). Synthetic control methods for comparative
    case studies. *Journal of the American Statistical Association* 105, 493-505.

    Examples
    --------
    >>> synthetic_area(schema.MEASURES.empty(), "25", base="2023", comparison="2024")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: the measures have no area '25'; they have none at all
    """
    schema.MEASURES.check(measures)
    cube = Cube.of(measures)
    cube.place(code)
    side = sides_of_windows(cube, base, comparison)
    if (months := int((side == 0).sum())) < LEAST_BEFORE:
        raise PeriodError(
            f"{months} complete months lie in the base window; a mixture of areas is fitted to at "
            f"least {LEAST_BEFORE}. Let it begin earlier, or compare without a mixture"
        )
    rows: list[dict[str, object]] = []
    weights: list[dict[str, object]] = []
    series: list[dict[str, object]] = []
    for name, codes in donor_sets(cube, code, donors, neighbors, least=LEAST_DONORS).items():
        here = cube.keep([code, *codes])
        within = known_areas(here.during(~np.isnan(side)), name, least=LEAST_DONORS)
        row, mixture, ratios = _mixed(within, name, side[~np.isnan(side)] == 1)
        rows.append(row)
        weights += [
            {"cvegeo": code, "donors": name, "donor": one, "weight": weight, "error_ratio": ratio}
            for one, weight, ratio in zip(within.codes[1:], mixture, ratios, strict=True)
        ]
        series += _months(here.keep(within.codes), name, side, mixture)
    weighed = table_of(weights, schema.SYNTHETIC_WEIGHTS).sort_values(
        ["donors", "weight", "donor"], ascending=[True, False, True], ignore_index=True
    )
    return Synthetic(
        table_of(rows, schema.SYNTHETIC), weighed, table_of(series, schema.SYNTHETIC_SERIES)
    )


def _mixed(
    cube: Cube, name: str, after: BoolArray
) -> tuple[dict[str, object], FloatArray, FloatArray]:
    """Return the row of a set of donors, the weight of each, and its placebo."""
    rate = rates.crude_rate(cube.events, cube.exposure)
    found = synthetic.synthetic_control(rate[0], rate[1:], after=after)
    placebos = synthetic.synthetic_placebos(rate[0], rate[1:], after=after)
    means = {
        (who, when): float(series[months].mean())
        for who, series in (("focus", rate[0]), ("mixture", found.expected))
        for when, months in (("base", ~after), ("comparison", after))
    }
    share = float(rates.divide(found.pre_error, means["focus", "base"]))
    level = float(rates.divide(means["focus", "base"], means["mixture", "base"]))
    row = {
        "cvegeo": cube.codes[0],
        "donors": name,
        "donor_areas": len(cube.codes) - 1,
        "mixed_areas": int((found.weights >= LEAST_WEIGHT).sum()),
        "months_base": int((~after).sum()),
        "months_comparison": int(after.sum()),
        "base_events": int(cube.events[0][~after].sum()),
        "comparison_events": int(cube.events[0][after].sum()),
        "base_rate": means["focus", "base"],
        "synthetic_base_rate": means["mixture", "base"],
        "comparison_rate": means["focus", "comparison"],
        "synthetic_comparison_rate": means["mixture", "comparison"],
        "pre_error": found.pre_error,
        "pre_error_share": share,
        "pre_ratio": level,
        "fits": bool(share <= POOR_ERROR and 1 / POOR_LEVEL <= level <= POOR_LEVEL),
        "post_error": found.post_error,
        "error_ratio": found.error_ratio,
        "ratio": found.ratio,
        "rank": pd.NA if np.isnan(placebos.p) else placebos.rank,
        "placebos": int((~np.isnan(placebos.error_ratios)).sum()),
        "p_value": placebos.p,
    }
    return row, found.weights, placebos.error_ratios


def _months(
    cube: Cube, name: str, side: FloatArray, weights: FloatArray
) -> list[dict[str, object]]:
    rate = rates.crude_rate(cube.events, cube.exposure)
    mixture = weights @ rate[1:]
    phases = np.select([side == 0, side == 1], ["before", "after"], default="neither")
    return [
        {
            "cvegeo": cube.codes[0],
            "donors": name,
            "period": label,
            "phase": phase,
            "rate": own,
            "synthetic_rate": mixed,
            "gap": own - mixed,
        }
        for label, phase, own, mixed in zip(cube.labels, phases, rate[0], mixture, strict=True)
    ]
