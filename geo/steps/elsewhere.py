"""How a state changed compared with other states: higher or lower than expected from them.

That rests on the others showing how it would have changed. It says nothing of why it did not, and
nothing at all where what happened spread to them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo import periods, schema
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
from geo.stats import did, placebos, ratios
from geo.steps.series import table_of

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

ALL_OTHERS = "all others"
NOT_NEIGHBORS = "without neighbors"
CHOSEN = "chosen"

LEAST_DONORS = 2
MOST_DONORS = 200
"""With more, a model with an effect of each area and month takes too long and too much memory."""

LEAST_BEFORE_DATE = 6
"""Months of the base window on either side of a placebo date."""


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
    cube = _Cube.of(measures)
    cube.place(code)
    after = _windows(cube, base, comparison)
    chosen = _donor_sets(cube, code, donors, neighbors)
    rows: list[dict[str, object]] = []
    shown: list[dict[str, object]] = []
    for name, codes in chosen.items():
        row, more = _compared(cube.keep([code, *codes]), code, name, after, confidence)
        rows.append(row)
        shown += more
    return Elsewhere(table_of(rows, schema.ELSEWHERE), table_of(shown, schema.PLACEBOS))


@dataclass(frozen=True, slots=True)
class _Cube:
    """Events and person-years of areas × months; incomplete months have none."""

    codes: list[str]
    labels: list[str]
    events: FloatArray
    exposure: FloatArray

    @classmethod
    def of(cls, measures: pd.DataFrame) -> _Cube:
        used = measures[measures["complete"].astype(bool)]
        wide = {
            name: used.pivot_table(
                index="cvegeo", columns="period", values=name, aggfunc="sum", min_count=1
            )
            for name in ("events", "exposure")
        }
        events = wide["events"].sort_index(axis=0).sort_index(axis=1)
        exposure = wide["exposure"].reindex_like(events)
        return cls(
            codes=[str(code) for code in events.index],
            labels=[str(label) for label in events.columns],
            events=events.to_numpy(dtype=np.float64),
            exposure=exposure.to_numpy(dtype=np.float64),
        )

    def place(self, code: str) -> int:
        if code in self.codes:
            return self.codes.index(code)
        known = (
            f"they have {', '.join(self.codes[:5])} ..." if self.codes else "they have none at all"
        )
        raise AreaError(f"the measures have no area {code!r}; {known}")

    def keep(self, codes: list[str]) -> _Cube:
        rows = [self.place(code) for code in codes]
        return _Cube(codes, self.labels, self.events[rows], self.exposure[rows])


def _windows(cube: _Cube, base: str | int | Window, comparison: str | int | Window) -> FloatArray:
    """Return of each month 0 in the base, 1 in the comparison window and NaN in neither."""
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
            raise PeriodError(
                f"no complete month lies wholly in the window {window.label}; the data have "
                f"{cube.labels[0]} to {cube.labels[-1]}"
            )
        if covered < window.days:
            warnings.warn(
                f"{window.days - covered} of {window.days} days of the window {window.label} do "
                "not count in the comparison with other states: their month lies only partly in "
                "it, or is not complete",
                PeriodWarning,
                stacklevel=3,
            )
    return side


def _donor_sets(
    cube: _Cube, code: str, donors: Iterable[str] | None, neighbors: pd.DataFrame | None
) -> Mapping[str, list[str]]:
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
        if len(codes) < LEAST_DONORS:
            raise AreaError(
                f"{len(codes)} donors ({name}) for {code}; a comparison needs {LEAST_DONORS}, so "
                "that one can be held against the other"
            )
        if len(codes) > MOST_DONORS:
            raise SettingsError(
                f"{len(codes):,} donors ({name}) for {code}; the limit is {MOST_DONORS}. Look at a "
                "state, or choose the donors yourself (donors, --donor)"
            )
    return sets


def _compared(
    cube: _Cube, code: str, name: str, side: FloatArray, confidence: float
) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Return the row of a set of donors, and its placebos; the focus is the first area."""
    used = ~np.isnan(side)
    after: BoolArray = side[used] == 1
    events, exposure = cube.events[:, used], cube.exposure[:, used]
    if not (exposure[0] > 0).all():
        raise ExposureError(
            f"the population of {code} is not known in every month of the windows; growth is "
            "compared of rates. Give a population table, or allow the nearest year"
        )
    known: BoolArray = np.all(exposure > 0, axis=1)
    focus = np.arange(len(events)) == 0
    donors = known & ~focus
    if donors.sum() < LEAST_DONORS:
        raise ExposureError(
            f"{int(donors.sum())} donors ({name}) have a known population in every month; a "
            f"comparison needs {LEAST_DONORS}"
        )
    if not known.all():
        lost = [one for one, has in zip(cube.codes, known, strict=True) if not has]
        warnings.warn(
            f"{len(lost)} of {len(known) - 1} donors ({name}) have no known population in every "
            f"month and are left out: {', '.join(lost[:10])}{' ...' if len(lost) > 10 else ''}",
            ExposureWarning,
            stacklevel=3,
        )
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
        "cvegeo": code,
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
    months = np.array(cube.labels)[used]
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
