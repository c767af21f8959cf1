"""How the areas around one changed, against those farther off.

Where the neighbors of an area change more than the areas beyond, that is what there is to see; it
does not say that anything moved there.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import schema
from geo.cvegeo import Level
from geo.errors import AreaError, ExposureError, ExposureWarning
from geo.periods import Window
from geo.schema import ZONES
from geo.sources import boundaries
from geo.stats import did, dispersion, log_ratio, rates, ratios
from geo.steps.donors import Cube, sides_of_windows
from geo.steps.series import table_of

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LEAST_MONTHS = 12
"""Months on either side from which on a quasi-Poisson interval is given."""

FOCUS, RING_1, RING_2, BEYOND = ZONES


def compare_ring(
    measures: pd.DataFrame,
    code: str,
    *,
    base: str | int | Window,
    comparison: str | int | Window,
    orders: Literal[1, 2] = 2,
    neighbors: pd.DataFrame | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Compare the neighbors of an area, and theirs, with the areas beyond.

    Parameters
    ----------
    measures
        A ``MEASURES`` table by month, of states or of municipalities. Months count that are
        complete and lie wholly in one of the windows.
    code
        The area in focus.
    base, comparison
        Windows, as in :func:`geo.steps.compare.compare_windows`.
    orders
        With 1, the neighbors of neighbors are among the areas beyond.
    neighbors
        A ``NEIGHBORS`` table; the shipped one of the level unless given.
    confidence
        Two-sided coverage of the limits.

    Returns
    -------
    DataFrame
        A ``RING`` table: the focus, ring 1, ring 2 and the areas beyond; a ring may be without
        areas. The exact interval holds for independent events; the quasi-Poisson one is from how
        much months differ, where both windows have at least 12. ``relative_ratio`` divides by the
        change of the areas beyond, with limits of a quasi-Poisson model of the two series and an
        effect of each month. ``more`` is how many events the zone has beyond ``expected``, which
        is had its rate changed as that of the areas beyond.

    Raises
    ------
    AreaError
        If the area is not in the table, or no area lies beyond the rings.
    PeriodError
        If the windows overlap, or no whole month lies in one of them.
    ExposureError
        If the population of the area in focus, or of all beyond, is not known.

    Warns
    -----
    PeriodWarning
        If days of a window are left out because their month is not wholly in it.
    ExposureWarning
        If areas are left out because their population is not known in every month.

    Examples
    --------
    >>> compare_ring(schema.MEASURES.empty(), "25", base="2023", comparison="2024")
    Traceback (most recent call last):
    ...
    geo.errors.AreaError: the measures have no area '25'; they have none at all
    """
    schema.MEASURES.check(measures)
    cube = Cube.of(measures)
    cube.place(code)
    side = sides_of_windows(cube, base, comparison)
    used: BoolArray = ~np.isnan(side)
    after: BoolArray = side[used] == 1
    here = _known(cube.during(used), code)
    zones = _zones(here.codes, code, neighbors, orders)
    if not zones[BEYOND].any():
        raise AreaError(
            f"no area with a known population lies beyond the rings around {code}; there is "
            "nothing to hold them against. Take one ring (orders=1), or measures of more areas"
        )
    sums = {
        zone: (here.events[rows].sum(axis=0), here.exposure[rows].sum(axis=0))
        for zone, rows in zones.items()
    }
    found = [
        {
            "cvegeo": code,
            "zone": zone,
            "areas": int(zones[zone].sum()),
            **_changed(*sums[zone], after, confidence),
            **_against(zone, sums, after, confidence),
        }
        for zone in zones
    ]
    return table_of(found, schema.RING)


def _known(cube: Cube, code: str) -> Cube:
    """Return the areas whose population is known in every month."""
    known: BoolArray = np.all(cube.exposure > 0, axis=1)
    if not known[cube.place(code)]:
        raise ExposureError(
            f"the population of {code} is not known in every month of the windows; growth is "
            "compared of rates. Give a population table, or allow the nearest year"
        )
    if known.all():
        return cube
    lost = [one for one, has in zip(cube.codes, known, strict=True) if not has]
    warnings.warn(
        f"{len(lost)} of {len(known)} areas have no known population in every month and are left "
        f"out: {', '.join(lost[:10])}{' ...' if len(lost) > 10 else ''}",
        ExposureWarning,
        stacklevel=3,
    )
    return cube.keep([one for one, has in zip(cube.codes, known, strict=True) if has])


def _zones(
    codes: list[str], code: str, neighbors: pd.DataFrame | None, orders: int
) -> dict[str, BoolArray]:
    """Return which areas each zone has; every area is in one."""
    level: Level = "state" if len(code) == 2 else "municipality"
    table = boundaries.load_neighbors(level) if neighbors is None else neighbors
    inside = {code}
    rings = []
    for _ in range(orders):
        ring = set(table.loc[table["focal"].isin(inside), "neighbor"]) - inside
        rings.append(ring)
        inside |= ring
    sets = dict(zip((FOCUS, RING_1, RING_2), [{code}, *rings], strict=False))
    index = pd.Index(codes)
    zones = {zone: np.asarray(index.isin(list(members))) for zone, members in sets.items()}
    zones[BEYOND] = ~index.isin(list(inside))
    return zones


def _changed(
    events: FloatArray, exposure: FloatArray, after: BoolArray, confidence: float
) -> dict[str, object]:
    """Return counts, rates and ratio of a zone, with both intervals."""
    sides = {
        "base_events": events[~after].sum(),
        "base_exposure": exposure[~after].sum(),
        "comparison_events": events[after].sum(),
        "comparison_exposure": exposure[after].sum(),
    }
    low, high = ratios.exact_ratio_interval(**sides, confidence=confidence)
    months = int((~after).sum()), int(after.sum())
    row: dict[str, object] = {
        "months_base": months[0],
        "months_comparison": months[1],
        "base_events": int(sides["base_events"]),
        "comparison_events": int(sides["comparison_events"]),
        "base_rate": float(rates.crude_rate(sides["base_events"], sides["base_exposure"])),
        "comparison_rate": float(
            rates.crude_rate(sides["comparison_events"], sides["comparison_exposure"])
        ),
        "ratio": float(ratios.rate_ratio(**sides)),
        "ratio_low": float(low),
        "ratio_high": float(high),
        "quasi_low": np.nan,
        "quasi_high": np.nan,
        "dispersion": np.nan,
    }
    if min(months) >= LEAST_MONTHS:
        quasi = dispersion.quasi_poisson_ratio(events, exposure, after=after, confidence=confidence)
        row |= {
            "quasi_low": float(quasi.low),
            "quasi_high": float(quasi.high),
            "dispersion": float(quasi.dispersion),
        }
    return row


def _against(
    zone: str,
    sums: dict[str, tuple[FloatArray, FloatArray]],
    after: BoolArray,
    confidence: float,
) -> dict[str, object]:
    """Return how a zone changed against the areas beyond; nothing for these themselves."""
    (events, exposure), (beyond, people_beyond) = sums[zone], sums[BEYOND]
    if zone == BEYOND or not exposure.any():
        return {}
    given: dict[str, Any] = {
        "events": np.stack([events, beyond]),
        "exposure": np.stack([exposure, people_beyond]),
        "focus": [True, False],
        "after": after,
        "confidence": confidence,
    }
    ratio = float(did.did_ratio(**given).ratio)
    model = did.two_way_did(**given).estimate
    # The ratio is that of the sums, so that it and the expected events are the same statement.
    found = log_ratio.ratio_estimate(ratio, model.log_se, model.df, confidence=confidence)
    observed = float(events[after].sum())
    expected = float(
        ratios.rate_ratio(
            base_events=beyond[~after].sum(),
            base_exposure=people_beyond[~after].sum(),
            comparison_events=beyond[after].sum(),
            comparison_exposure=people_beyond[after].sum(),
        )
        * rates.divide(events[~after].sum(), exposure[~after].sum())
        * exposure[after].sum()
    )
    fewest, most = (float(rates.divide(observed, limit)) for limit in (found.high, found.low))
    return {
        "relative_ratio": ratio,
        "relative_low": float(found.low),
        "relative_high": float(found.high),
        "relative_p": float(found.p),
        "expected": expected,
        "more": observed - expected,
        "more_low": observed - most,
        "more_high": observed - fewest,
    }
